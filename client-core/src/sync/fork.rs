//! This database has a twin: it was copied, or put back from a backup, and both write.
//!
//! Two changes then claim the same actor and number. Neither is lost: the one the server has
//! stays, and ours is made again as another actor's. From then on this phone is a new
//! incarnation with new actors everywhere, so that it happens once and not in every record.

use docket_protocol::change::read_head;
use docket_protocol::ids::{ChangeHash, IncarnationId, RecordId};
use rusqlite::{Connection, params};

use super::push;
use crate::env::Env;
use crate::error::Result;
use crate::store::{documents, meta, quarantine};
use crate::view::Person;

/// A change of ours that waits, whose place the server has given to another.
struct Clash {
    hash: ChangeHash,
    state: String,
}

/// Looks for changes of ours that cannot stand beside what just came in, and makes them again.
pub(super) fn resolve(
    sql: &Connection,
    me: &Person,
    record: RecordId,
    env: &mut Env<'_>,
) -> Result<()> {
    let clashes = clashes(sql, record)?;
    if clashes.is_empty() || quarantine::is_set_aside(sql, record)? {
        return Ok(());
    }
    for clash in clashes.iter().filter(|clash| clash.state != "unsent") {
        // It has no meaning left that could be made again: the office gets it as it is.
        sql.prepare_cached("update changes set state = 'aside' where record = ? and hash = ?")?
            .execute(params![record.as_bytes(), clash.hash.0])?;
    }
    begin_new_incarnation(sql, env)?;
    push::rebuild(sql, me, record, &[], env)
}

/// From now on nothing this phone writes can be mistaken for what its twin writes.
pub(super) fn begin_new_incarnation(sql: &Connection, env: &mut Env<'_>) -> Result<()> {
    let incarnation: IncarnationId = env.incarnation_id();
    meta::set(sql, "incarnation", &incarnation)?;
    for record in documents::all(sql)? {
        documents::renew_actor(sql, record, env)?;
    }
    Ok(())
}

fn clashes(sql: &Connection, record: RecordId) -> Result<Vec<Clash>> {
    let mut statement = sql.prepare_cached(
        "select hash, bytes, state from changes
         where record = ? and state in ('unsent', 'held', 'lost') order by id",
    )?;
    let waiting = statement
        .query_map([record.as_bytes()], |row| {
            Ok((ChangeHash(row.get(0)?), row.get::<_, Vec<u8>>(1)?, row.get::<_, String>(2)?))
        })?
        .collect::<std::result::Result<Vec<_>, _>>()?;
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let confirmed = documents::confirmed_places(sql, record)?;
    let mut clashes: Vec<Clash> = Vec::new();
    for (hash, bytes, state) in waiting {
        // A damaged row shows when the record is loaded.
        let Ok(head) = read_head(&bytes) else { continue };
        let taken = confirmed.get(&head.actor).is_some_and(|last| head.actor_seq <= *last);
        // What stands on a change that cannot stay cannot stay either.
        let stands_on_one =
            head.deps.iter().any(|dep| clashes.iter().any(|clash| clash.hash == *dep));
        if taken || stands_on_one {
            clashes.push(Clash { hash, state });
        }
    }
    Ok(clashes)
}
