//! `docket demo`: the whole server over a believable organisation, and how to look at it.

use std::io::IsTerminal;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use super::serve::Telling;
use super::terminal::{open, table, words};
use crate::demo::large::{self, Size};
use crate::demo::{self, Account, PASSWORD};
use crate::words::Words;

/// Jobs between two lines that say how far it is.
const PROGRESS_JOBS: usize = 10_000;

/// How large an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scale {
    /// Thirty jobs of a month, to look around in
    Small,
    /// 100,000 jobs of three years, to see how the office bears it; takes some minutes
    Large,
}

/// Fills the folder when it is empty, then serves until stopped; `fonts` as for `docket serve`.
pub fn run(
    data: &Path,
    listen: &str,
    fonts: Option<PathBuf>,
    telling: &Telling,
    scale: Scale,
) -> Result<()> {
    let words = words();
    let folder = data.display().to_string();
    let app = open(words, data)?;
    println!("{}", words.with("demo-seeding", &[("folder", folder.as_str().into())]));
    let filled = match scale {
        Scale::Small => demo::seed(&app)?,
        Scale::Large => large::seed(&app, &Size::LARGE, progress(words))?,
    };
    if !filled {
        println!("{}", words.with("demo-kept", &[("folder", folder.into())]));
    }
    // The server opens the folder for itself.
    drop(app);
    let accounts = demo::accounts()?;
    let ready = |_: &_, url: &str| print!("{}", welcome(words, url, &accounts));
    super::serve::run(data, listen, fonts, telling, ready).context("the demo cannot be served")
}

/// Says every ten thousand jobs how far it is.
fn progress(words: Words) -> impl FnMut(usize) {
    let mut opened = 0;
    move |more| {
        let before = opened / PROGRESS_JOBS;
        opened += more;
        if opened / PROGRESS_JOBS > before {
            println!("{}", words.count("demo-opened", opened / PROGRESS_JOBS * PROGRESS_JOBS));
        }
    }
}

/// Everything a newcomer needs, in one block.
fn welcome(words: Words, url: &str, accounts: &[Account]) -> String {
    let port = url.rsplit(':').next().unwrap_or_default();
    let everywhere = url.contains("//0.0.0.0:") || url.contains("//[::]:");
    let here = if everywhere { format!("http://localhost:{port}") } else { url.to_owned() };
    let away = everywhere.then(address_in_network).flatten();
    let away =
        away.map(|address| format!("http://{}/app/", SocketAddr::new(address, number(port))));
    let mut places = vec![
        vec![words.get("demo-console"), format!("{here}/")],
        vec![words.get("demo-phone"), format!("{here}/app/")],
    ];
    places.extend(away.iter().map(|url| vec![words.get("demo-phone-network"), url.clone()]));
    let people = accounts.iter().map(|person| {
        vec![person.login.clone(), person.name.clone(), words.of("role", &person.role)]
    });
    let colours = std::io::stdout().is_terminal();
    let code = away.as_deref().map(|url| square(url, colours)).unwrap_or_default();
    format!(
        "\n{}{code}\n  {}\n\n{}\n{}\n  {} {PASSWORD}\n\n{}\n",
        table(&places),
        words.get("demo-phone-note"),
        words.get("demo-accounts"),
        table(&people.collect::<Vec<_>>()),
        words.get("demo-password"),
        words.get("demo-stop"),
    )
}

fn number(port: &str) -> u16 {
    port.parse().unwrap_or_default()
}

/// This machine's address as phones of the network see it. Nothing is sent: connecting a
/// datagram socket only asks the system which way it would go.
fn address_in_network() -> Option<IpAddr> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect(("192.0.2.1", 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// Black on white whatever the terminal's colours are, because cameras expect that; without
/// colours the light modules are drawn, as most terminals are dark.
fn square(url: &str, colours: bool) -> String {
    let Ok(code) = QrCode::new(url.as_bytes()) else { return String::new() };
    let (dark, light) =
        if colours { (Dense1x2::Dark, Dense1x2::Light) } else { (Dense1x2::Light, Dense1x2::Dark) };
    let drawn = code.render::<Dense1x2>().dark_color(dark).light_color(light).build();
    let line = |line: &str| {
        if colours { format!("  \u{1b}[30;107m{line}\u{1b}[0m\n") } else { format!("  {line}\n") }
    };
    format!("\n{}", drawn.lines().map(line).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn the_welcome_names_the_address_and_everybody() {
        let accounts =
            [Account { login: "lina".into(), name: "李娜".into(), role: "engineer".into() }];
        let text = welcome(Words(Language::Chinese), "http://127.0.0.1:8080", &accounts);
        assert!(text.contains("http://127.0.0.1:8080/app/"));
        assert!(text.contains("lina  李娜  工程师") && text.contains(PASSWORD));
        assert!(!text.contains('█'), "nobody else can reach this address");
    }

    #[test]
    fn a_phone_of_the_network_gets_a_square_to_scan() {
        for colours in [true, false] {
            let code = square("http://192.168.1.20:8080/app/", colours);
            assert!(code.lines().count() > 10 && code.contains('█'));
            assert_eq!(code.contains('\u{1b}'), colours);
        }
    }
}
