//! `GET /notices`: who was told of a missed clock, when, by which way, and whether it arrived. For
//! those who see all jobs; what was meant for the reader stands out until they have seen it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::ids::RecordId;

use super::job_head::{Mark, title_of};
use super::moments::Moments;
use super::page::{Page, Place, html};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::levels::notices::{self, Notice, Way};
use crate::words::Words;

/// One line of the log in words.
pub(crate) struct NoticeLine {
    pub(crate) record: RecordId,
    pub(crate) number: String,
    pub(crate) title: String,
    /// What was missed, by when.
    pub(crate) what: String,
    pub(crate) uncertain: bool,
    pub(crate) who: String,
    pub(crate) role: String,
    pub(crate) way: String,
    pub(crate) told: String,
    pub(crate) arrival: Mark,
    /// Why the last attempt failed.
    pub(crate) failure: String,
    pub(crate) fresh: bool,
}

#[derive(Template)]
#[template(path = "notices.html")]
struct NoticesPage {
    page: Page,
    lines: Vec<NoticeLine>,
    /// Of the reader's own, how many are unseen.
    fresh: usize,
}

/// Shows the page.
pub(crate) async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Trouble> {
    let scope = signed_in.scope.clone();
    if !scope.role.sees_all_jobs() {
        return Err(Trouble::NotFound);
    }
    let found = app.store.read(move |sql| notices::latest(sql, &scope)).await?;
    let (words, moments) = (signed_in.visitor.words, &signed_in.visitor.moments);
    let mine = |notice: &Notice| {
        notice.user == Some(signed_in.scope.user)
            && notice.way == Way::Console
            && notice.arrived_at.is_none()
    };
    let lines = found.into_iter().map(|notice| {
        let fresh = mine(&notice);
        NoticeLine { fresh, ..line(words, moments, notice) }
    });
    let template = NoticesPage {
        lines: lines.collect(),
        fresh: signed_in.unseen,
        page: Page::signed_in(&signed_in, Place::Notices, words.get("notices-title")).live(),
    };
    Ok(html(StatusCode::OK, &template))
}

/// `POST /notices/seen`: the reader has seen all of theirs.
pub(crate) async fn seen(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Trouble> {
    let scope = signed_in.scope;
    if !scope.role.sees_all_jobs() {
        return Err(Trouble::NotFound);
    }
    app.store.write(move |tx| notices::note_seen(tx, &scope).map_err(Trouble::from)).await?;
    Ok(Redirect::to("/notices").into_response())
}

/// A notice in words.
pub(crate) fn line(words: Words, moments: &Moments, notice: Notice) -> NoticeLine {
    let missed = format!("notice-missed-{}", notice.clock.as_str().replace('_', "-"));
    let due = [("moment", moments.short(notice.due_at).into())];
    let arrival = arrival(words, moments, &notice);
    NoticeLine {
        record: notice.record,
        title: title_of(&notice.title, &notice.number),
        number: notice.number,
        what: words.with(&missed, &due),
        uncertain: notice.uncertain,
        who: notice.name,
        role: words.of("role", notice.role.as_str()),
        way: words.of("way", notice.way.as_str()),
        told: moments.short(notice.told_at),
        arrival,
        failure: notice.failure,
        fresh: false,
    }
}

/// Whether it arrived, and what happens if it has not.
fn arrival(words: Words, moments: &Moments, notice: &Notice) -> Mark {
    let at = |id: &str, at: i64| words.with(id, &[("moment", moments.short(at).into())]);
    match (notice.way, notice.arrived_at, notice.next_at) {
        (Way::Console, Some(seen), _) => mark("check", "", at("notice-seen", seen)),
        (Way::Console, None, _) => mark("open", "", words.get("notice-unseen")),
        (_, Some(taken), _) => mark("check", "", at("notice-taken", taken)),
        (_, None, Some(_)) if notice.attempts == 0 => mark("clock", "", words.get("notice-waits")),
        (_, None, Some(next)) => mark("clock", "warn", at("notice-again", next)),
        (_, None, None) => mark("warning", "alarm", words.get("notice-given-up")),
    }
}

fn mark(icon: &'static str, tone: &'static str, word: String) -> Mark {
    Mark { icon, tone, word }
}
