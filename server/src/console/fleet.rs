//! `GET /fleet`: how fresh the office's picture is. For every phone its last contact, what was
//! still unsent then, the oldest signature among it, room, clock and app version. For those who
//! see all jobs.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use docket_protocol::wire::DeviceReport;

use super::moments::Moments;
use super::page::{Page, Place, html};
use super::session::SignedIn;
use super::statistics_words::lasting;
use super::trouble::Trouble;
use crate::app::App;
use crate::reports::fleet::{self, FleetLine, FleetPhone};
use crate::words::Words;

const DAY_MS: i64 = 86_400_000;
/// A phone that was silent this long has probably no coverage, or nobody carries it.
const SILENT_MS: i64 = 3 * DAY_MS;
/// A signature that is not here a day later is worth a call.
const SIGNATURE_MS: i64 = DAY_MS;
/// Clocks this far apart put entries of two people into the wrong order.
const CLOCK_MS: i64 = 2 * 60_000;
/// Room for some photos, not for many.
const ROOM_BYTES: u64 = 200 * 1024 * 1024;

/// A word, and whether somebody should look at it.
#[derive(Default)]
struct Said {
    text: String,
    alarming: bool,
}

struct Line {
    person: String,
    open_jobs: usize,
    /// None for somebody without a phone.
    phone: Option<PhoneLine>,
}

struct PhoneLine {
    name: String,
    version: String,
    seen: Said,
    unsent: Said,
    files: Said,
    signature: Said,
    room: Said,
    clock: Said,
}

#[derive(Template)]
#[template(path = "fleet.html")]
struct FleetPage {
    page: Page,
    lines: Vec<Line>,
    phones: usize,
    silent: usize,
}

/// Shows the board.
pub(crate) async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Trouble> {
    let scope = signed_in.scope.clone();
    if !scope.role.sees_all_jobs() {
        return Err(Trouble::NotFound);
    }
    let lines = app.store.read(move |sql| fleet::list(sql, &scope)).await?;
    let words = signed_in.visitor.words;
    let moments = &signed_in.visitor.moments;
    let lines: Vec<Line> = lines.into_iter().map(|line| shown(line, moments, words)).collect();
    let phones = || lines.iter().filter_map(|line| line.phone.as_ref());
    let template = FleetPage {
        page: Page::signed_in(&signed_in, Place::Fleet, words.get("fleet-title")).live(),
        phones: phones().count(),
        silent: phones().filter(|phone| phone.seen.alarming).count(),
        lines,
    };
    Ok(html(StatusCode::OK, &template))
}

fn shown(line: FleetLine, moments: &Moments, words: Words) -> Line {
    let FleetLine { person, open_jobs, phone, .. } = line;
    Line { person, open_jobs, phone: phone.map(|phone| phone_line(phone, moments, words)) }
}

fn phone_line(phone: FleetPhone, moments: &Moments, words: Words) -> PhoneLine {
    let now = moments.now_ms();
    let said = phone.report.as_ref().and_then(|report| report.said.clone());
    let clock = phone.report.map(|report| clock(report.clock_ahead_ms, words));
    let Some(said) = said else {
        return PhoneLine {
            name: phone.name,
            version: String::new(),
            seen: seen(phone.seen_at, moments),
            unsent: Said::default(),
            files: Said::default(),
            signature: Said::default(),
            room: Said::default(),
            clock: clock.unwrap_or_default(),
        };
    };
    let signature = said.unsent_signature_at.map(|at| Said {
        text: moments.short(at),
        alarming: now.saturating_sub(at) > SIGNATURE_MS,
    });
    PhoneLine {
        name: phone.name,
        seen: seen(phone.seen_at, moments),
        unsent: unsent(&said, words),
        files: Said { text: said.unsent_files.to_string(), alarming: false },
        signature: signature.unwrap_or_default(),
        room: said.storage_free_bytes.map(room).unwrap_or_default(),
        clock: clock.unwrap_or_default(),
        version: said.app_version,
    }
}

fn seen(at: i64, moments: &Moments) -> Said {
    Said { text: moments.short(at), alarming: moments.now_ms() - at > SILENT_MS }
}

fn unsent(said: &DeviceReport, words: Words) -> Said {
    let text = words.with(
        "fleet-unsent-in",
        &[("changes", said.unsent_changes.into()), ("jobs", said.unsent_jobs.into())],
    );
    match said.unsent_changes {
        0 => Said { text: "0".to_owned(), alarming: false },
        _ => Said { text, alarming: true },
    }
}

fn clock(ahead_ms: i64, words: Words) -> Said {
    let alarming = ahead_ms.unsigned_abs() > CLOCK_MS.unsigned_abs();
    let apart = lasting(ahead_ms.saturating_abs(), words);
    let id = match ahead_ms {
        _ if !alarming => return Said { text: words.get("fleet-clock-right"), alarming },
        ahead if ahead > 0 => "fleet-clock-ahead",
        _ => "fleet-clock-behind",
    };
    Said { text: words.with(id, &[("time", apart.into())]), alarming }
}

fn room(bytes: u64) -> Said {
    const GIGABYTE: f64 = 1_000_000_000.0;
    Said { text: format!("{:.1} GB", bytes as f64 / GIGABYTE), alarming: bytes < ROOM_BYTES }
}
