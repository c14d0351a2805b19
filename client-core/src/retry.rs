//! Edits that were not accepted, in the person's hands: made again on the record as it is now,
//! or taken along as a file that explains itself.

use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::editing;
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::store::{files, refused};
use crate::view::RefusedEdit;

/// Makes a refused edit again as a new one and lets go of the old, in one transaction, so that a
/// disk that fails leaves the one or the other; answers with its job.
pub(crate) fn retry(client: &mut Client, env: &mut Env<'_>, id: i64) -> Result<RecordId> {
    let kept = refused::get(client.store.read(), id)?.ok_or(ClientError::new("not-found"))?;
    let edit: Edit = serde_json::from_value(kept.edit)
        .map_err(|error| ClientError::with_detail("storage-failed", &error))?;
    let forget = |sql: &Connection| refused::forget(sql, id);
    match edit {
        Edit::SignOff { .. } => return Err(ClientError::new("signed-version-changed")),
        // Under its old id, so that what was written after it can follow.
        Edit::Create { .. } => editing::open_job_and(client, env, kept.record, edit, forget)?,
        _ => editing::edit_and(client, env, kept.record, edit, forget)?,
    }
    Ok(kept.record)
}

/// The person has dealt with a refused edit; a photo it would have added is let go of, too.
pub(crate) fn forget(client: &mut Client, id: i64) -> Result<()> {
    let sql = client.store.transaction()?;
    if let Some(kept) = refused::get(&sql, id)? {
        files::let_go(&sql, &kept.edit)?;
        refused::forget(&sql, id)?;
    }
    Ok(sql.commit()?)
}

/// What was not accepted, as the content of a file: all of it, or one entry.
pub(crate) fn export(client: &Client, env: &Env<'_>, one: Option<i64>) -> Result<Json> {
    let mut entries = refused::list(client.store.read())?;
    entries.retain(|entry| one.is_none_or(|id| entry.id == id));
    let signed_in = client.session.signed_in.as_ref();
    Ok(json!({
        "format": "docket-not-accepted-1",
        "about": "Edits made on a phone that are not in the record they were made for. \
                  `edit` is what was done, `reason` why it was not accepted; \
                  times are milliseconds since 1970-01-01 UTC, by the phone's clock.",
        "exported_at": env.now,
        "organisation": signed_in.map(|session| &session.organisation),
        "person": signed_in.map(|session| &session.person.name),
        "device": signed_in.map(|session| session.device),
        "entries": entries.iter().map(entry).collect::<Vec<_>>(),
    }))
}

fn entry(kept: &RefusedEdit) -> Json {
    json!({
        "record": kept.record,
        "number": kept.number,
        "title": kept.title,
        "made_at": kept.made_at,
        "reason": { "code": kept.code, "path": kept.path, "note": kept.note },
        "edit": kept.edit,
    })
}
