//! The last net: a change that passes every check and still makes what is derived from the
//! record fail, by a panic or by a row that SQLite will not take, stays out alone.
//!
//! Without it, the whole request would fail, come again and fail again, and nothing of that
//! phone would ever arrive. Every part of a push is written inside a savepoint; when the whole
//! does not work, its changes go in one by one. Trouble with the disk is not caught here.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use automerge::ActorId;
use docket_protocol::ids::RecordId;
use docket_protocol::record;
use rusqlite::ErrorCode;

use super::stages::{LoggedChange, Merged, ValidChange};
use super::{Unsound, trial};
use crate::merge::{self, Authorship};
use crate::store::documents::Document;
use crate::store::{StoreError, WriteTx};

/// What the author of such a change is told.
const CODE: &str = "change-unreadable";

/// Writes merged changes; those that cannot be shown are named in `unsound`.
pub(super) fn commit(
    tx: &mut WriteTx<'_>,
    author: &Authorship,
    record: RecordId,
    merged: Merged,
    unsound: &mut Unsound,
) -> Result<Vec<LoggedChange>, StoreError> {
    let (kind, changes) = (merged.document.kind, merged.changes.clone());
    if let Some(logged) = attempt(tx, |tx| merge::commit(tx, author, record, merged))? {
        return Ok(logged);
    }
    let mut logged = Vec::with_capacity(changes.len());
    for valid in changes {
        let hash = valid.head.hash;
        if valid.head.deps.iter().any(|dep| unsound.contains_key(dep)) {
            unsound.insert(hash, "depends-on-refused");
            continue;
        }
        let known = tx.documents.get(tx.sql, author.tenant, record)?;
        let empty =
            || Arc::new(Document { kind, automerge: record::empty(ActorId::from([0; 16])) });
        match alone(tx, author, record, &known.unwrap_or_else(empty), valid)? {
            Some(one) => logged.extend(one),
            None => {
                tracing::error!(%record, change = %hash, user = %author.user,
                    "a valid change cannot be shown; it was left out");
                unsound.insert(hash, CODE);
            }
        }
    }
    Ok(logged)
}

fn alone(
    tx: &mut WriteTx<'_>,
    author: &Authorship,
    record: RecordId,
    document: &Document,
    valid: ValidChange,
) -> Result<Option<Vec<LoggedChange>>, StoreError> {
    match trial::merge(document, vec![valid]) {
        Ok(merged) => attempt(tx, |tx| merge::commit(tx, author, record, merged)),
        Err(_) => Ok(None),
    }
}

/// Does some work inside a savepoint; none when it failed for a reason of its own.
fn attempt<T>(
    tx: &mut WriteTx<'_>,
    work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    tx.sql.execute_batch("savepoint part")?;
    let outcome = catch_unwind(AssertUnwindSafe(|| work(tx)));
    match outcome {
        Ok(Ok(done)) => {
            tx.sql.execute_batch("release part")?;
            return Ok(Some(done));
        }
        Ok(Err(error)) if !is_its_own(&error) => return Err(error),
        Ok(Err(_)) | Err(_) => {}
    }
    tx.sql.execute_batch("rollback to part; release part")?;
    Ok(None)
}

/// Whether an error is about what was written, not about where.
fn is_its_own(error: &StoreError) -> bool {
    match error {
        StoreError::Sql(error) => matches!(
            error.sqlite_error_code(),
            None | Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch)
        ),
        StoreError::Damaged(_) | StoreError::Panicked => true,
        StoreError::Busy | StoreError::Full | StoreError::Stopped => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::Clock;
    use crate::keys::Keys;
    use crate::store::{Storage, Store};

    /// FAULTS row 51: a panic takes back its own rows and nothing else.
    #[test]
    fn a_panic_takes_back_its_own_part_only() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Arc::new(Keys::open(folder.path()).unwrap());
        let store = Store::open(folder.path(), &Storage::Files, keys, Clock::default()).unwrap();
        let count = store.write_blocking(|tx| {
            tx.sql.execute_batch("create table t (x); insert into t values (1)")?;
            let failed: Option<()> = attempt(tx, |tx| {
                tx.sql.execute_batch("insert into t values (2)")?;
                panic!("a projection that cannot cope")
            })?;
            assert!(failed.is_none());
            let kept = attempt(tx, |tx| Ok(tx.sql.execute_batch("insert into t values (3)")?))?;
            assert!(kept.is_some());
            let sum = tx.sql.query_row("select sum(x) from t", [], |row| row.get::<_, i64>(0))?;
            Ok::<_, StoreError>(sum)
        });
        assert_eq!(count.unwrap(), 4);
    }
}
