//! `cargo xtask bench office`: what the office waits for among 100,000 jobs.
//!
//! The real server process over the large demo organisation, which is made on the first run and
//! kept; each page asked for again and again over real HTTP, as a browser asks for it, while the
//! server's processor time and memory are read from the system. Judges nothing.

mod pages;
mod window;

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use docket_tests::docket;
use docket_tests::process::{cpu_s, resident_mb};
use serde_json::{Value as Json, json};

use window::Window;

/// What to measure.
#[derive(Parser)]
struct Options {
    /// Print one JSON line a page instead of a table
    #[arg(long)]
    json: bool,
    /// How often each page is asked for
    #[arg(long, default_value_t = 100)]
    repeat: usize,
    /// Data folder of the large organisation; made when missing
    #[arg(long)]
    data: PathBuf,
    /// Cargo says so when it runs benchmarks
    #[arg(long, hide = true)]
    bench: bool,
}

/// What one page costs.
struct Figure {
    page: &'static str,
    waits: Vec<Duration>,
    cpu_s: f64,
    bytes: usize,
}

impl Figure {
    fn of(
        window: &Window,
        process: u32,
        page: &'static str,
        addresses: &[String],
        repeat: usize,
    ) -> Self {
        let asked = addresses.iter().cycle();
        // Once before it counts: a server that runs for days has answered before.
        addresses.iter().for_each(|address| drop(window.get(address)));
        let cpu_before = cpu_s(process);
        let (mut waits, mut bytes) = (Vec::with_capacity(repeat), 0);
        for address in asked.take(repeat.max(addresses.len())) {
            let begun = Instant::now();
            bytes += window.get(address).len();
            waits.push(begun.elapsed());
        }
        waits.sort_unstable();
        Self { page, bytes: bytes / waits.len(), cpu_s: cpu_s(process) - cpu_before, waits }
    }

    /// The wait that so many of a hundred stay below, ms.
    fn percentile_ms(&self, percent: usize) -> f64 {
        let place = (self.waits.len() * percent).div_ceil(100).saturating_sub(1);
        self.waits[place].as_secs_f64() * 1_000.0
    }

    fn cpu_ms(&self) -> f64 {
        self.cpu_s * 1_000.0 / self.waits.len() as f64
    }

    fn json(&self) -> Json {
        let round = |number: f64| (number * 10.0).round() / 10.0;
        json!({
            "page": self.page, "asked": self.waits.len(),
            "p50_ms": round(self.percentile_ms(50)), "p99_ms": round(self.percentile_ms(99)),
            "server_cpu_ms": round(self.cpu_ms()), "bytes": self.bytes,
        })
    }
}

/// The server over the large organisation.
struct Served {
    process: Child,
    url: String,
}

impl Served {
    fn start(options: &Options) -> Self {
        let mut process = docket()
            .args(["demo", "--scale", "large", "--listen", "127.0.0.1:0", "--data"])
            .arg(&options.data)
            .env("LANG", "en_GB.UTF-8")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the docket process");
        let mut output = BufReader::new(process.stdout.take().expect("its output"));
        let mut line = String::new();
        let url = loop {
            line.clear();
            assert!(output.read_line(&mut line).expect("text") > 0, "docket says where it listens");
            if let Some(at) = line.find("http://") {
                break line[at..].trim().trim_end_matches('/').to_owned();
            }
            if !options.json {
                print!("{line}");
            }
        };
        // What else it says is let go, so that it never waits for somebody to read it.
        std::thread::spawn(move || std::io::copy(&mut output.by_ref(), &mut std::io::sink()));
        Self { process, url }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn main() {
    let options = Options::parse();
    let served = Served::start(&options);
    let process = served.process.id();
    let window = Window::sign_in(&served.url, "liuqiang", "docket-demo");
    let before_mb = resident_mb(process);
    let mut figures = Vec::new();
    let pages = pages::all(&window);
    for (page, addresses) in &pages {
        let figure = Figure::of(&window, process, page, addresses, options.repeat);
        if options.json {
            println!("{}", figure.json());
        }
        figures.push(figure);
    }
    let after_mb = resident_mb(process);
    // What is kept for the next time is kept once.
    for (page, addresses) in &pages {
        Figure::of(&window, process, page, addresses, options.repeat);
    }
    let again_mb = resident_mb(process);
    if options.json {
        let memory = json!({"memory_before_mb": before_mb, "memory_after_mb": after_mb,
                            "memory_after_again_mb": again_mb});
        println!("{memory}");
        return;
    }
    println!("\n{:<24}{:>10}{:>10}{:>14}{:>10}", "", "p50 ms", "p99 ms", "server CPU ms", "kB");
    for figure in figures {
        println!(
            "{:<24}{:>10.1}{:>10.1}{:>14.1}{:>10.0}",
            figure.page,
            figure.percentile_ms(50),
            figure.percentile_ms(99),
            figure.cpu_ms(),
            figure.bytes as f64 / 1_000.0,
        );
    }
    println!(
        "\nserver memory: {before_mb:.0} MB before, {after_mb:.0} MB after, {again_mb:.0} MB after \
         the same once more"
    );
}
