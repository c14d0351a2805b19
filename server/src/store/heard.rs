//! Every statement that the connections to a data folder have run, for tests that ask SQLite how
//! it would find the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

/// Whose statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum From {
    Readers,
    Writer,
}

type Heard = BTreeMap<(From, PathBuf), BTreeSet<String>>;

static HEARD: Mutex<Heard> = Mutex::new(BTreeMap::new());

/// Listens to a connection for as long as it is open.
pub(super) fn listen(
    connection: &mut Connection,
    from: From,
    folder: &Path,
) -> rusqlite::Result<()> {
    let key = (from, folder.to_owned());
    let hear = move |event: TraceEvent<'_>| {
        if let TraceEvent::Stmt(statement, _) = event {
            let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
            heard.entry(key.clone()).or_default().insert(statement.sql().into_owned());
        }
    };
    connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(hear))
}

/// What was heard so far.
pub(crate) fn heard(from: From, folder: &Path) -> BTreeSet<String> {
    let heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    heard.get(&(from, folder.to_owned())).cloned().unwrap_or_default()
}
