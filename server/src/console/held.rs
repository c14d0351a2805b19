//! `GET /held`: work that waits for a decision, and work that was set aside. Who wrote it, when
//! by both clocks, on which phone, why it waits, and what it says, field by field; one click
//! accepts it, one sets it aside.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::record::read;
use serde::Deserialize;

use super::field::Reader;
use super::history;
use super::page::{Notice, Page, Place, html};
use super::reader;
use super::request::{Asked, Form, Ids};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::error::ApiError;
use crate::held::decide::{self, DecideError, Decision};
use crate::held::inbox::{self, State as Waits};
use crate::held::shown::{self, Shown};
use crate::words::Words;

/// One change of a piece.
struct Entry {
    when: String,
    lines: Vec<String>,
    /// Why it could not be accepted as it is.
    refusal: Option<String>,
}

/// What is decided on together.
struct PieceCard {
    id: String,
    title: String,
    number: String,
    /// The job's page; none while the job itself waits.
    address: Option<String>,
    author: String,
    device: String,
    reasons: Vec<String>,
    entries: Vec<Entry>,
    /// Where the decision goes, and what it is about.
    decide: String,
    changes: String,
    /// "Set aside by Max Weber, Today 14:30: Ben did it".
    decided: Option<String>,
}

#[derive(Template)]
#[template(path = "held.html")]
struct HeldPage {
    page: Page,
    waiting: Vec<PieceCard>,
    set_aside: Vec<PieceCard>,
    may_decide: bool,
}

#[derive(Deserialize)]
pub(crate) struct HeldQuery {
    #[serde(default)]
    notice: String,
}

/// Shows the page.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<HeldQuery>,
) -> Result<Response, Trouble> {
    let words = signed_in.visitor.words;
    let notice = match query.notice.as_str() {
        "accepted" => Some(Notice::good(words.get("held-notice-accepted"))),
        "set-aside" => Some(Notice::good(words.get("held-notice-set-aside"))),
        "gone" => Some(Notice::alarm(words.get("held-notice-gone"))),
        _ => None,
    };
    draw(&app, signed_in, StatusCode::OK, notice).await
}

async fn draw(
    app: &App,
    signed_in: SignedIn,
    status: StatusCode,
    notice: Option<Notice>,
) -> Result<Response, Trouble> {
    let SignedIn { scope, visitor, .. } = signed_in.clone();
    if !inbox::may_see(&scope) {
        return Err(Trouble::NotFound);
    }
    let may_decide = inbox::may_decide(&scope);
    let (waiting, set_aside) = app
        .store
        .try_read(move |sql| {
            let reader = reader::load(sql, &scope, &visitor)?;
            let cards = |state| {
                let pieces = shown::pieces(sql, &scope, state)?;
                Ok::<_, Trouble>(pieces.into_iter().map(|piece| card(&reader, piece)).collect())
            };
            let waiting: Vec<PieceCard> = cards(Waits::Waiting)?;
            Ok::<_, Trouble>((waiting, cards(Waits::SetAside)?))
        })
        .await?;
    let title = signed_in.visitor.words.get("nav-held");
    let page = Page::signed_in(&signed_in, Place::Held, title).live().with_notice(notice);
    Ok(html(status, &HeldPage { page, waiting, set_aside, may_decide }))
}

fn card(reader: &Reader, shown: Shown) -> PieceCard {
    let Shown { piece, number, title, exists, preview } = shown;
    let words = reader.words;
    let mut reasons: Vec<_> = piece.changes.iter().map(|change| change.reason).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let content = preview.after.as_ref().map(|(kind, doc)| (*kind, doc, read::content(doc, *kind)));
    let entries = piece.changes.iter().zip(preview.changes).map(|(change, previewed)| {
        let told = content
            .as_ref()
            .filter(|_| !previewed.ops.is_empty())
            .map(|(kind, doc, content)| history::told(reader, doc, *kind, content, &previewed.ops));
        Entry {
            when: written_and_arrived(reader, change.written_at, change.received_at),
            lines: told.unwrap_or_else(|| vec![words.get("held-unreadable")]),
            refusal: previewed.refusal.map(|refusal| words.of("error", &refusal.code)),
        }
    });
    let hashes: Vec<_> = piece.changes.iter().map(|change| change.hash.to_string()).collect();
    PieceCard {
        id: hashes.first().map_or_else(String::new, |hash| hash[..16].to_owned()),
        title: if title.is_empty() { words.get("held-new-job") } else { title },
        number,
        address: exists.then(|| format!("/jobs/{}", piece.record)),
        author: piece.author_name,
        device: piece.device_name,
        reasons: reasons.into_iter().map(|reason| words.of("held", reason.as_str())).collect(),
        entries: entries.collect(),
        decide: format!("/held/{}/decide", piece.record),
        changes: hashes.join(" "),
        decided: piece.set_aside.map(|set_aside| {
            let variables = [
                ("name", set_aside.by.into()),
                ("moment", reader.moments.short(set_aside.at).into()),
                ("note", set_aside.note.into()),
            ];
            words.with("held-decided", &variables)
        }),
    }
}

fn written_and_arrived(reader: &Reader, written_at: i64, received_at: i64) -> String {
    let words = reader.words;
    let (written, arrived) = (reader.moments.exact(written_at), reader.moments.exact(received_at));
    format!("{} {written} · {} {arrived}", words.get("device-time"), words.get("server-time"))
}

#[derive(Deserialize)]
pub(crate) struct DecisionForm {
    /// Hashes, with spaces between them.
    changes: String,
    accepted: bool,
    #[serde(default)]
    note: String,
}

/// `POST /held/{record}/decide`
pub(crate) async fn decide(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Form(form): Form<DecisionForm>,
) -> Result<Response, Trouble> {
    let changes: Result<Vec<ChangeHash>, _> =
        form.changes.split_whitespace().map(str::parse).collect();
    let changes = changes.map_err(|_| Trouble::Malformed)?;
    let DecisionForm { accepted, note, .. } = form;
    let decision = Decision { record, changes, accepted, note };
    let scope = signed_in.scope.clone();
    let words = signed_in.visitor.words;
    match app.store.write(move |tx| decide::decide(tx, &scope, &decision)).await {
        Ok(_) => Ok(back(if accepted { "accepted" } else { "set-aside" })),
        // Somebody else was quicker.
        Err(DecideError::NotFound) if inbox::may_see(&signed_in.scope) => Ok(back("gone")),
        Err(error @ (DecideError::Note | DecideError::Refused(..))) => {
            let notice = Notice::alarm(refusal(words, error));
            draw(&app, signed_in, StatusCode::UNPROCESSABLE_ENTITY, Some(notice)).await
        }
        Err(error) => Err(ApiError::from(error).into()),
    }
}

fn refusal(words: Words, error: DecideError) -> String {
    match error {
        DecideError::Refused(code, _) => {
            words.with("held-not-acceptable", &[("reason", words.of("error", &code).into())])
        }
        error => words.of("error", ApiError::from(error).code()),
    }
}

fn back(notice: &str) -> Response {
    Redirect::to(&format!("/held?notice={notice}")).into_response()
}
