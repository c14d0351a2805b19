//! The promises to one customer that nobody has kept or withdrawn yet, from all its jobs: what one
//! has to know before calling there (B1).

use docket_protocol::ids::RecordId;
use docket_protocol::record::job::Promise;
use docket_protocol::stage::Stage;
use rusqlite::Connection;

use super::field::Reader;
use crate::auth::scope::Scope;
use crate::read_model::jobs::{self, JobRow};

/// Jobs whose promises are read: the newest, and a job is filed only without open promises.
const JOBS_READ: usize = 100;

/// An open promise.
pub(crate) struct OpenPromise {
    pub(crate) job: RecordId,
    pub(crate) text: String,
    /// By when, and whether that has passed.
    pub(crate) due: String,
    pub(crate) overdue: bool,
    pub(crate) owner: String,
}

/// Reads them from the customer's jobs, the most urgent first.
pub(crate) fn open_promises(
    sql: &Connection,
    scope: &Scope,
    reader: &Reader,
    jobs: &[JobRow],
) -> rusqlite::Result<Vec<OpenPromise>> {
    let mut found = Vec::new();
    let at_work = jobs.iter().filter(|job| job.stage != Stage::Archived).take(JOBS_READ);
    for job in at_work {
        let Some((_, content)) = jobs::get(sql, scope, job.record)? else { continue };
        let promises = content.promises.into_values();
        let open = promises.filter(|one| one.kept_at.is_none() && one.withdrawn.is_empty());
        found.extend(open.map(|promise| (promise.due_at.unwrap_or(i64::MAX), job.record, promise)));
    }
    found.sort_by_key(|(due_at, job, promise)| (*due_at, *job, promise.at));
    let moments = &reader.moments;
    let line = |(_, job, promise): (i64, RecordId, Promise)| OpenPromise {
        job,
        text: promise.text,
        due: promise.due_at.map_or_else(String::new, |at| moments.short(at)),
        overdue: promise.due_at.is_some_and(|at| moments.is_past(at)),
        owner: promise.owner.map_or_else(String::new, |who| reader.person(&who.to_string())),
    };
    Ok(found.into_iter().map(line).collect())
}
