//! The same work for other systems (`tests/peers`), in the same run and through the same proxy.
//!
//! Their servers and phones are programs that are told what to do a line at a time: for Node, or
//! samod's own in Rust. A measure ends when the wire, both processes and both folders have been
//! still for a while; what counts is the last byte or the last write, not the stillness after it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use docket_tests::process::{cpu_s, forget_peak, peak_mb};
use docket_tests::{Job, Proxy, Workload};
use serde_json::{Value as Json, json};

use crate::figure::Figure;

/// Systems that can be measured beside Docket.
pub(crate) const SYSTEMS: [&str; 4] = ["automerge-repo", "pouchdb", SAMOD, "yjs"];

/// The one in Rust.
const SAMOD: &str = "samod";

const JOBS: usize = 500;
const EDITED: usize = 100;
const SHARED: usize = 10;
const EDITS: usize = 20;
const PHONES: usize = 50;
/// Stillness that ends a measure; one of them stores two seconds after it has answered.
const STILL: Duration = Duration::from_millis(3_000);
/// The part of a core that programs with nothing to do may take: those that look around several
/// times a second, for each of fifty phones, are never quite still.
const IDLE: f64 = 0.25;
/// How long that is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// W1, W2 and W3: one person's phones, as for Docket.
pub(crate) fn one_phone(system: &'static str, seed: u64) -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let mut work = Workload::new(seed);
    let jobs: Vec<_> = (0..JOBS).map(|at| work.job(&format!("Job {at}"))).collect();
    let mut server = Program::server(system, &folder.join("server"));
    let ids = server.filled(folder, &jobs.iter().map(Job::json).collect::<Vec<_>>());
    let edited: Vec<usize> = (0..EDITED).map(|at| at * JOBS / EDITED).collect();
    let (mut ada_edits, mut lin_edits) = (Vec::new(), Vec::new());
    for (place, at) in edited.iter().enumerate() {
        let mut edits = |of: &mut Vec<Json>| {
            let made = work.edits(&jobs[*at], EDITS).into_iter();
            of.extend(made.map(|edit| json!({"id": ids[*at], "edit": edit})));
        };
        edits(&mut ada_edits);
        if place < SHARED {
            edits(&mut lin_edits);
        }
    }
    let shared: Vec<_> = edited[..SHARED].iter().map(|at| ids[*at].clone()).collect();
    let everything = json!([{"phone": 0, "ids": ids}]);
    let mut ada = Program::phones(system, &folder.join("ada"));
    server.synced(&mut ada, &everything, true);
    ada.ask(&json!({"do": "offline", "phones": [{"phone": 0}]}));
    ada.edit(&folder.join("ada-edits"), 0, &ada_edits);
    ada.stop();
    let mut lin = Program::phones(system, &folder.join("lin"));
    server.synced(&mut lin, &json!([{"phone": 0, "ids": shared}]), false);
    lin.edit(&folder.join("lin-edits"), 0, &lin_edits);
    server.synced(&mut lin, &json!([{"phone": 0, "ids": shared}]), false);
    lin.stop();

    server.restart();
    let back = |server: &Program, bench| {
        let mut ada = Program::phones(system, &folder.join("ada"));
        ada.ask(&json!({"do": "load", "phones": everything}));
        let figure = server.measured(system, bench, &mut ada, &everything, true);
        ada.stop();
        figure
    };
    let mut figures = vec![back(&server, "W1 back to coverage")];
    server.restart();
    let mut new = Program::phones(system, &folder.join("new"));
    let bench = "W2 first sync of 500 jobs";
    figures.push(server.measured(system, bench, &mut new, &everything, true));
    new.stop();
    server.restart();
    figures.push(back(&server, "W3 nothing new, server just up"));
    figures
}

/// W4: fifty phones at once, in one program, without disks of their own.
pub(crate) fn fleet(system: &'static str, seed: u64) -> Figure {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let mut work = Workload::new(seed);
    let of_phone = JOBS * 2 / PHONES;
    let jobs: Vec<_> = (0..2 * JOBS).map(|at| work.job(&format!("Job {at}"))).collect();
    let mut server = Program::server(system, &folder.join("server"));
    let ids = server.filled(folder, &jobs.iter().map(Job::json).collect::<Vec<_>>());
    let mut phones = Program::start("phones", system, None, "-");
    let place = |(phone, ids): (usize, &[String])| json!({"phone": phone, "ids": ids});
    let everyone: Json = ids.chunks(of_phone).enumerate().map(place).collect();
    server.synced(&mut phones, &everyone, false);
    phones.ask(&json!({"do": "offline", "phones": everyone}));
    for (phone, places) in ids.chunks(of_phone).enumerate() {
        let first = phone * of_phone;
        let edits = places.iter().enumerate().flat_map(|(at, id)| {
            let made = work.edits(&jobs[first + at], EDITS).into_iter();
            made.map(|edit| json!({"id": id, "edit": edit})).collect::<Vec<_>>()
        });
        phones.edit(&folder.join("edits"), phone, &edits.collect::<Vec<_>>());
    }
    server.restart();
    server.measured(system, "W4 fleet of 50 phones", &mut phones, &everyone, false)
}

/// One program, with the folder it writes to.
struct Program {
    role: &'static str,
    system: &'static str,
    folder: PathBuf,
    port: Option<u16>,
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Program {
    fn server(system: &'static str, folder: &Path) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("its address").port();
        drop(free);
        Self::start("server", system, Some(port), &folder.display().to_string())
    }

    fn phones(system: &'static str, folder: &Path) -> Self {
        Self::start("phones", system, None, &folder.display().to_string())
    }

    fn start(role: &'static str, system: &'static str, port: Option<u16>, at: &str) -> Self {
        let folder = PathBuf::from(at);
        if at != "-" {
            fs::create_dir_all(&folder).expect("a folder");
        }
        let mut program = command(role, system);
        program.args(port.map(|port| port.to_string())).arg(at);
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = program.spawn().expect("a program, as tests/peers/README.md says");
        let answers = BufReader::new(child.stdout.take().expect("its output"));
        let mut started = Self { role, system, folder, port, child, answers };
        while started.line() != "READY" {}
        started
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line).expect("a line");
        assert!(read > 0, "{} {} has ended", self.role, self.system);
        line.trim().to_owned()
    }

    /// Has phones do something.
    fn ask(&mut self, task: &Json) -> Json {
        let stdin = self.child.stdin.as_mut().expect("its input");
        writeln!(stdin, "{task}").expect("the task is read");
        loop {
            let Ok(answer) = serde_json::from_str::<Json>(&self.line()) else { continue };
            assert!(answer["error"].is_null(), "{}: {}", self.system, answer["error"]);
            return answer["ok"].clone();
        }
    }

    fn edit(&mut self, file: &Path, phone: usize, edits: &[Json]) {
        write_lines(file, edits);
        self.ask(&json!({"do": "edit", "phone": phone, "file": file}));
    }

    fn stop(&mut self) {
        // What is still on its way to the disk gets there.
        std::thread::sleep(Duration::from_millis(500));
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Killed and started again on the same folder.
    fn restart(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        let folder = self.folder.display().to_string();
        *self = Self::start(self.role, self.system, self.port, &folder);
    }

    fn port(&self) -> u16 {
        self.port.expect("a server has a port")
    }

    /// Brings the jobs to a server; returns their ids.
    fn filled(&mut self, folder: &Path, jobs: &[Json]) -> Vec<String> {
        let file = folder.join("jobs");
        write_lines(&file, jobs);
        let mut first = Self::phones(self.system, &folder.join("first"));
        let ids = first.ask(&json!({"do": "create", "phone": 0, "file": file}));
        let ids: Vec<String> = serde_json::from_value(ids).expect("ids");
        self.synced(&mut first, &json!([{"phone": 0, "ids": ids}]), true);
        first.stop();
        ids
    }

    /// Has phones sync with this server until all is still.
    fn synced(&self, phones: &mut Self, who: &Json, all: bool) {
        let proxy = Proxy::to(&format!("http://127.0.0.1:{}", self.port()), Duration::ZERO);
        self.sync(phones, who, all, &proxy);
    }

    /// When the last byte or write was.
    fn sync(&self, phones: &mut Self, who: &Json, all: bool, proxy: &Proxy) -> Instant {
        let port: u16 =
            proxy.url().rsplit(':').next().and_then(|it| it.parse().ok()).expect("a port");
        phones.ask(&json!({"do": "sync", "phones": who, "port": port, "all": all}));
        let mut watched = Watched::new([self, phones]);
        while watched.last_busy.elapsed() < STILL {
            std::thread::sleep(Duration::from_millis(20));
            watched.look(proxy);
        }
        watched.last_change.max(watched.begun)
    }

    fn measured(
        &self,
        system: &'static str,
        bench: &'static str,
        phones: &mut Self,
        who: &Json,
        all: bool,
    ) -> Figure {
        let proxy = Proxy::to(&format!("http://127.0.0.1:{}", self.port()), Duration::ZERO);
        let server = self.child.id();
        forget_peak(server);
        let (cpu_before, begun) = (cpu_s(server), Instant::now());
        let end = self.sync(phones, who, all, &proxy);
        let connections = proxy.connections();
        let (bytes_up, bytes_down) = proxy.take();
        Figure {
            system,
            bench,
            wall: end - begun,
            bytes_up,
            bytes_down,
            requests: connections,
            server_cpu_s: cpu_s(server) - cpu_before,
            server_rss_mb: peak_mb(server),
            disk_kb: None,
        }
    }
}

/// How a system's server or phones are started.
fn command(role: &str, system: &str) -> Command {
    if system == SAMOD {
        let mut command = Command::new(samod());
        command.arg(role);
        return command;
    }
    let mut command = Command::new("node");
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("peers"));
    command.args(["--max-old-space-size=8000", &format!("{role}.mjs"), system]);
    command
}

/// Where `cargo xtask bench sync` builds it: beside the folder that this bench was built in.
fn samod() -> PathBuf {
    let bench = std::env::current_exe().expect("this bench's path");
    let target = bench.ancestors().nth(3).expect("the folder of everything that is built");
    target.join("peers/release").join(format!("samod-peer{}", std::env::consts::EXE_SUFFIX))
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Two processes, their folders and the wire between them.
struct Watched<'a> {
    programs: [&'a Program; 2],
    begun: Instant,
    /// The last byte, or the last write of a file.
    last_change: Instant,
    /// That, or the last work of a process.
    last_busy: Instant,
    bytes: u64,
    written: SystemTime,
    /// Work of the processes so far, when it was last looked at.
    cpu: (Instant, f64),
}

impl<'a> Watched<'a> {
    fn new(programs: [&'a Program; 2]) -> Self {
        let now = Instant::now();
        Self {
            programs,
            begun: now,
            last_change: now,
            last_busy: now,
            bytes: 0,
            written: newest(&programs),
            cpu: (now, 0.0),
        }
    }

    fn look(&mut self, proxy: &Proxy) {
        let now = Instant::now();
        let (bytes, written) = (proxy.bytes(), newest(&self.programs));
        if bytes > self.bytes + 16 || written > self.written {
            (self.bytes, self.written, self.last_change, self.last_busy) =
                (bytes, written, now, now);
        }
        let cpu_s: f64 = self.programs.iter().map(|one| cpu_s(one.child.id())).sum();
        let passed = now - self.cpu.0;
        if passed < LOOK {
            return;
        }
        if cpu_s - self.cpu.1 > IDLE * passed.as_secs_f64() {
            self.last_busy = now;
        }
        self.cpu = (now, cpu_s);
    }
}

/// The last write in the folders, at any depth.
fn newest(programs: &[&Program; 2]) -> SystemTime {
    fn of(path: &Path) -> SystemTime {
        let own = fs::metadata(path).and_then(|file| file.modified());
        let inner = fs::read_dir(path).into_iter().flatten().flatten().map(|file| of(&file.path()));
        inner.fold(own.unwrap_or(SystemTime::UNIX_EPOCH), SystemTime::max)
    }
    of(&programs[0].folder).max(of(&programs[1].folder))
}

fn write_lines(file: &Path, lines: &[Json]) {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).expect("a folder");
    }
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    fs::write(file, text).expect("a file");
}
