//! Photos and files on a job's page: what the record names, and whether its bytes have come.
//!
//! The record is here before its files. What has not arrived says so instead of showing a broken
//! picture, and what is shown to the office is noted, so that the phone can tell its person.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::job::{Attachment, JobContent};
use docket_protocol::role::Role;
use rusqlite::Connection;

use super::field::Reader;
use super::job::visible;
use super::job_head::Mark;
use super::request::Ids;
use super::section::{Form, Source};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::api::blobs::handed_out;
use crate::app::App;
use crate::auth::scope::Scope;
use crate::blobs::catalog::{self, Arrival};
use crate::blobs::{BlobHash, Blobs};
use crate::store::StoreError;
use crate::words::Words;

/// A photo or file.
pub(crate) struct AttachmentCard {
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) removed: bool,
    /// Where its bytes are, once they are here.
    pub(crate) href: Option<String>,
    pub(crate) picture: bool,
    pub(crate) name: String,
    pub(crate) caption: String,
    pub(crate) purpose: String,
    pub(crate) step: String,
    /// Who, when, how much.
    pub(crate) about: String,
    pub(crate) state: Mark,
    /// What it must be, byte for byte.
    pub(crate) sha256: String,
    pub(crate) form: Option<Form>,
    pub(crate) may_edit: bool,
}

/// What has arrived, by hash.
pub(crate) type Arrivals = BTreeMap<String, Arrival>;

/// What has arrived of a job's photos and files.
pub(crate) fn arrivals(
    sql: &Connection,
    blobs: &Blobs,
    scope: &Scope,
    job: &JobContent,
) -> rusqlite::Result<Arrivals> {
    let mut arrivals = Arrivals::new();
    for attachment in job.attachments.values() {
        let Some(hash) = BlobHash::parse(&attachment.sha256) else { continue };
        let arrival = catalog::arrival(sql, scope.tenant, &hash)?;
        let whole = arrival.filter(|arrival| blobs.holds(scope.tenant, &hash, arrival.bytes));
        arrivals.extend(whole.map(|arrival| (attachment.sha256.clone(), arrival)));
    }
    Ok(arrivals)
}

/// Notes that the office had these on a page; an engineer who looks is not the office.
pub(crate) async fn note_seen(
    app: &App,
    scope: &Scope,
    arrivals: &Arrivals,
) -> Result<(), StoreError> {
    let unseen = arrivals.iter().filter(|(_, arrival)| arrival.seen_at.is_none());
    let hashes: Vec<_> = unseen.filter_map(|(hash, _)| BlobHash::parse(hash)).collect();
    if hashes.is_empty() || scope.role == Role::Engineer {
        return Ok(());
    }
    let tenant = scope.tenant;
    app.store
        .write(move |tx| {
            hashes.iter().try_for_each(|hash| catalog::seen(tx, tenant, hash))?;
            Ok::<_, StoreError>(())
        })
        .await
}

/// The cards, in the order of time.
pub(crate) fn cards(
    source: &Source<'_>,
    address: &str,
    job: &JobContent,
    arrivals: &Arrivals,
) -> Vec<AttachmentCard> {
    let rows = source.table("attachments", String::new()).rows.into_iter();
    let cards = rows.filter_map(|row| {
        let id = row.path.rsplit('/').next()?.to_owned();
        let attachment = job.attachments.get(&id.parse().ok()?)?;
        let arrival = arrivals.get(&attachment.sha256);
        Some(AttachmentCard {
            path: row.path,
            id: row.id,
            removed: row.removed,
            href: arrival.map(|_| format!("{address}/attachments/{id}")),
            // What it says it is decides only how it is shown, never how it is sent.
            picture: attachment.media_type.starts_with("image/"),
            name: attachment.name.clone(),
            caption: attachment.caption.clone(),
            purpose: match attachment.purpose.as_str() {
                "" => String::new(),
                purpose => source.reader.words.of("purpose", purpose),
            },
            step: step_of(job, attachment),
            about: about(source.reader, attachment),
            state: match arrival {
                // Taken out before it was sent: it will not come.
                None if row.removed => Mark::default(),
                arrival => state(source.reader, arrival),
            },
            sha256: attachment.sha256.clone(),
            form: row.form,
            may_edit: row.may_edit,
        })
    });
    cards.collect()
}

/// The words of the step it belongs to, cut short.
fn step_of(job: &JobContent, attachment: &Attachment) -> String {
    const LETTERS: usize = 80;
    let step = attachment.step.parse().ok().and_then(|id: ItemId| job.steps.get(&id));
    step.map(|step| step.text.chars().take(LETTERS).collect()).unwrap_or_default()
}

fn about(reader: &Reader, attachment: &Attachment) -> String {
    let by = attachment.by.map(|by| reader.person(&by.to_string()));
    let at = reader.moments.short(attachment.at);
    let parts = [by.unwrap_or_default(), at, size(attachment.bytes)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// `340 kB`, `2.1 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

fn state(reader: &Reader, arrival: Option<&Arrival>) -> Mark {
    let words: Words = reader.words;
    match arrival {
        None => Mark { icon: "phone", word: words.get("attachment-pending"), tone: "warn" },
        Some(arrival) => {
            let when = reader.moments.short(arrival.received_at);
            let word = words.with("attachment-received", &[("when", when.into())]);
            Mark { icon: "check", word, tone: "" }
        }
    }
}

/// `GET /jobs/{id}/attachments/{id}`
pub(crate) async fn file(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids((record, attachment)): Ids<(RecordId, ItemId)>,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope;
    let tenant = scope.tenant;
    let job = app.store.try_read(move |sql| visible(sql, &scope, record)).await?;
    let attachment = job.attachments.get(&attachment).ok_or(Trouble::NotFound)?;
    let hash = BlobHash::parse(&attachment.sha256).ok_or(Trouble::NotFound)?;
    let blobs = app.blobs.clone();
    let opened = tokio::task::spawn_blocking(move || blobs.open(tenant, &hash)).await;
    let opened = opened.map_err(|_| Trouble::Unavailable)?.map_err(|_| Trouble::Unavailable)?;
    let (file, first) = opened.ok_or(Trouble::NotFound)?;
    Ok(handed_out(file, &first, &attachment.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(0), "0 kB");
        assert_eq!(size(340_100), "341 kB");
        assert_eq!(size(2_150_000), "2.1 MB");
    }
}
