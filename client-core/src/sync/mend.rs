//! Damaged records made sound again: on top of the office's copy where it has one, otherwise from
//! what the person meant by each edit.

use docket_protocol::ids::RecordId;
use rusqlite::Connection;

use crate::client::Client;
use crate::env::Env;
use crate::error::Result;
use crate::store::documents::{self, DAMAGED};
use crate::store::quarantine;
use crate::sync::push;
use crate::view::Person;

/// Mends a record onto what the office has of it, all of which is stored: what is unsent goes on
/// top, as the changes it was where those are sound, otherwise made again. A record that cannot
/// be mended stays set aside as it was, and holds up nobody.
pub(super) fn onto_copy(
    sql: &Connection,
    me: &Person,
    record: RecordId,
    env: &mut Env<'_>,
) -> Result<bool> {
    sql.execute_batch("savepoint mend")?;
    let mended = mend(sql, me, record, env);
    let end = if mended.is_ok() { "release mend" } else { "rollback to mend; release mend" };
    sql.execute_batch(end)?;
    match mended {
        Err(error) if error.code == DAMAGED => Ok(false),
        mended => mended.map(|()| true),
    }
}

fn mend(sql: &Connection, me: &Person, record: RecordId, env: &mut Env<'_>) -> Result<()> {
    quarantine::take_back(sql, record)?;
    match documents::load(sql, record) {
        Err(error) if error.code == DAMAGED => push::rebuild(sql, me, record, &[], env),
        loaded => loaded.map(drop),
    }
}

/// Makes records again that only this phone has; true when there were any.
pub(super) fn only_here(sql: &Connection, me: &Person, env: &mut Env<'_>) -> Result<bool> {
    let mut mended = false;
    for record in quarantine::only_here(sql)? {
        mended |= onto_copy(sql, me, record, env)?;
    }
    Ok(mended)
}

/// [`only_here`] without a sync: no coverage is needed for what the office does not know.
pub(crate) fn without_coverage(client: &mut Client, env: &mut Env<'_>) -> Result<bool> {
    let me = crate::editing::me(client)?.clone();
    let sql = client.store.transaction()?;
    let mended = only_here(&sql, &me, env)?;
    sql.commit()?;
    client.documents.clear();
    Ok(mended)
}
