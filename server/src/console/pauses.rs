//! The clocks of a job are stopped with a reason, and go on: both are edits of the job like any
//! other, so that phones learn of them and its history tells.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::path::Path;
use serde::Deserialize;

use super::edits::apply_all;
use super::job;
use super::request::{Form, Ids};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::random::random;

#[derive(Deserialize)]
pub(crate) struct Pausing {
    reason: String,
}

/// `POST /jobs/{id}/pause`
pub(crate) async fn pause(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Form(Pausing { reason }): Form<Pausing>,
) -> Result<Response, Trouble> {
    let reason = reason.trim().to_owned();
    let id = ItemId::new(app.clock.now_ms(), random());
    change(&app, signed_in, record, "paused", move |_, now| {
        if reason.is_empty() {
            return Err(Trouble::Refused("bad-value".to_owned()));
        }
        let fields = [("from".to_owned(), now.into()), ("reason".to_owned(), reason.into())];
        let entry = NewEntry { collection: Path::new("pauses"), id, fields: fields.into() };
        Ok(vec![Edit::AddEntry(entry)])
    })
    .await
}

/// `POST /jobs/{id}/resume`: ends every pause that holds the clocks now.
pub(crate) async fn resume(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
) -> Result<Response, Trouble> {
    change(&app, signed_in, record, "resumed", |content, now| {
        let standing = content.pauses.iter().filter(|(_, pause)| !pause.removed);
        let running = standing.filter(|(_, pause)| {
            pause.from.unwrap_or(pause.at) <= now && pause.until.is_none_or(|until| now < until)
        });
        let end = |(id, _): (&ItemId, _)| {
            let path = Path::new("pauses").child(id).child("until");
            Edit::SetField { path, value: now.into() }
        };
        Ok(running.map(end).collect())
    })
    .await
}

/// Edits that are made from what the job holds at that very moment.
async fn change(
    app: &App,
    signed_in: SignedIn,
    record: RecordId,
    notice: &str,
    edits: impl FnOnce(&docket_protocol::record::job::JobContent, i64) -> Result<Vec<Edit>, Trouble>
    + Send
    + 'static,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope;
    app.store
        .write(move |tx| {
            let content = job::visible(tx.sql, &scope, record)?;
            if !job::may(scope.role, "pauses/*/reason") {
                return Err(Trouble::Refused("not-allowed".to_owned()));
            }
            let edits = edits(&content, tx.now)?;
            apply_all(tx, &scope, record, &edits).map_err(Trouble::from)
        })
        .await?;
    Ok(Redirect::to(&format!("/jobs/{record}?notice={notice}#clocks")).into_response())
}
