//! `GET` and `POST /hand-in`: the desk takes in an evacuation file that a phone wrote, and reads
//! what became of every edit in it. The same file may be brought any number of times; who brings
//! it gains nothing by it, because every batch counts as its author's.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use docket_protocol::number::job_number;
use docket_protocol::wire::{RecordVerdicts, Verdict};
use rusqlite::Connection;

use super::job_head::title_of;
use super::page::{Notice, Page, Place, html};
use super::request::Upload;
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::auth::scope::Scope;
use crate::error::ApiError;
use crate::held::inbox;
use crate::parcel::{self, Taken};
use crate::read_model::jobs;
use crate::words::Words;

/// What became of the edits of one record.
struct Line {
    number: String,
    title: String,
    /// The job, for those who may see it.
    address: Option<String>,
    taken: usize,
    known: usize,
    waiting: usize,
    refused: usize,
    /// Why some wait or were refused, each reason once.
    reasons: Vec<String>,
}

/// A file that was taken.
struct Shown {
    from: String,
    lines: Vec<Line>,
    /// What became of the photos and files in it; none where none came.
    files: Option<String>,
}

#[derive(Template)]
#[template(path = "hand_in.html")]
struct HandInPage {
    page: Page,
    shown: Option<Shown>,
}

/// Shows the form.
pub(crate) async fn show(signed_in: SignedIn) -> Response {
    html(StatusCode::OK, &HandInPage { page: frame(&signed_in, None), shown: None })
}

/// Takes a file.
pub(crate) async fn take(
    State(app): State<App>,
    signed_in: SignedIn,
    mut form: Upload,
) -> Result<Response, Trouble> {
    let words = signed_in.visitor.words;
    let taken = match form.only_file().await? {
        None => Err(words.get("verify-no-file")),
        Some(file) => parcel::take_file(&app, signed_in.scope.tenant, file)
            .await
            .map_err(|error| why_not(words, &error)),
    };
    let taken = match taken {
        Ok(taken) => taken,
        Err(why) => {
            let page = frame(&signed_in, Some(Notice::alarm(why)));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(html(status, &HandInPage { page, shown: None }));
        }
    };
    let scope = signed_in.scope.clone();
    let from = from_whom(&signed_in, &taken);
    let files = files_of(words, &taken);
    let (lines, waiting) = app
        .store
        .read(move |sql| {
            let lines = taken.verdicts.iter().map(|record| line(sql, &scope, words, record));
            let lines = lines.collect::<rusqlite::Result<Vec<Line>>>()?;
            Ok((lines, inbox::count_waiting(sql, &scope)?))
        })
        .await?;
    // What waits for a decision by now, this file's included.
    let signed_in = SignedIn { waiting, ..signed_in };
    let page = frame(&signed_in, Some(verdict(words, &lines)));
    let shown = Some(Shown { from, lines, files });
    Ok(html(StatusCode::OK, &HandInPage { page, shown }))
}

fn frame(signed_in: &SignedIn, notice: Option<Notice>) -> Page {
    let title = signed_in.visitor.words.get("hand-in-title");
    Page::signed_in(signed_in, Place::HandIn, title).with_notice(notice)
}

/// Why a file was not taken, for the person who brings it.
fn why_not(words: Words, error: &ApiError) -> String {
    match error {
        ApiError::Malformed => words.get("error-not-a-parcel"),
        ApiError::BadSignature => words.get("hand-in-bad-signature"),
        ApiError::HandInTooLate => words.get("hand-in-too-late"),
        ApiError::TooLarge => words.get("hand-in-too-large"),
        ApiError::VersionTooOld | ApiError::ServerTooOld => words.get("hand-in-too-new"),
        _ => words.get("trouble-unavailable"),
    }
}

fn from_whom(signed_in: &SignedIn, taken: &Taken) -> String {
    let moment = signed_in.visitor.moments.short(taken.made_at);
    let variables = [("name", taken.person.as_str().into()), ("moment", moment.into())];
    signed_in.visitor.words.with("hand-in-from", &variables)
}

/// What became of the photos and files, where any came with it.
fn files_of(words: Words, taken: &Taken) -> Option<String> {
    let said = match (taken.files, taken.pieces_left) {
        (0, 0) => return None,
        (files, 0) => words.with("hand-in-files", &[("count", files.into())]),
        (files, _) => words.with("hand-in-files-left", &[("count", files.into())]),
    };
    Some(said)
}

fn line(
    sql: &Connection,
    scope: &Scope,
    words: Words,
    record: &RecordVerdicts,
) -> rusqlite::Result<Line> {
    let number = job_number(record.record);
    let job = jobs::get(sql, scope, record.record)?;
    let count = |wanted: fn(&Verdict) -> bool| {
        record.verdicts.iter().filter(|verdict| wanted(verdict)).count()
    };
    let reasons: BTreeSet<String> =
        record.verdicts.iter().filter_map(|verdict| reason(words, verdict)).collect();
    Ok(Line {
        title: job.as_ref().map_or_else(
            || words.get("hand-in-not-yours"),
            |(row, _)| title_of(&row.title, &number),
        ),
        address: job.map(|_| format!("/jobs/{}", record.record)),
        number,
        taken: count(|verdict| matches!(verdict, Verdict::Accepted(_))),
        known: count(|verdict| matches!(verdict, Verdict::Duplicate)),
        waiting: count(|verdict| matches!(verdict, Verdict::Held(_))),
        refused: count(|verdict| {
            matches!(verdict, Verdict::Refused(..) | Verdict::Need(_) | Verdict::Fork)
        }),
        reasons: reasons.into_iter().collect(),
    })
}

fn reason(words: Words, verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::Accepted(_) | Verdict::Duplicate => None,
        Verdict::Held(code) => Some(words.of("held", code)),
        Verdict::Need(_) => Some(words.get("error-needs-missing")),
        Verdict::Refused(code, _) => Some(words.of("error", code)),
        Verdict::Fork => Some(words.get("error-place-taken")),
    }
}

/// All of it in one sentence.
fn verdict(words: Words, lines: &[Line]) -> Notice {
    let sum = |part: fn(&Line) -> usize| lines.iter().map(part).sum::<usize>();
    let (waiting, refused) = (sum(|line| line.waiting), sum(|line| line.refused));
    let said = words.with(
        "hand-in-verdict",
        &[
            ("taken", sum(|line| line.taken).into()),
            ("known", sum(|line| line.known).into()),
            ("waiting", waiting.into()),
            ("refused", refused.into()),
        ],
    );
    if refused > 0 { Notice::alarm(said) } else { Notice::good(said) }
}
