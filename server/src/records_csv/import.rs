//! Rows become jobs, through the desk like any other edit, in the name of a person.
//!
//! A row is known by its fingerprint: one that a job came from, or one that a job would be
//! exported as. Known rows are passed over, so that the same file (or an export that somebody
//! added lines to) can be imported any number of times. Two equal rows in one file are two
//! events, and both go in.

use std::collections::HashMap;

use docket_protocol::edit::Edit;
use docket_protocol::ids::{RecordId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::job::JobContent;
use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::file::ReadFile;
use super::mapping;
use super::row::{BadRow, Row, RowProblem};
use crate::app::App;
use crate::auth::scope::Scope;
use crate::desk::{self, DeskError};
use crate::random::random;
use crate::store::{StoreError, WriteTx};

/// Rows in one commit: few waits for the disk, and no other writer waits long.
const BATCH_ROWS: usize = 200;

/// What became of the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Jobs opened.
    pub added: usize,
    /// Rows that were there before.
    pub known: usize,
    /// Rows set aside, in file order.
    pub bad_rows: Vec<BadRow>,
    /// Names without an account; they are kept in the description.
    pub strangers: Vec<String>,
}

/// Imports the good rows of a file.
pub fn import_jobs(
    app: &App,
    scope: &Scope,
    file: ReadFile,
    zone: &TimeZone,
) -> Result<ImportReport, StoreError> {
    let (mut known, people) = app.store.read_blocking(|sql| {
        let known = known_fingerprints(sql, scope, zone)?;
        Ok::<_, StoreError>((known, people(sql, scope)?))
    })?;
    let mut report = ImportReport { bad_rows: file.bad_rows, ..ImportReport::default() };
    let mut openings = Vec::new();
    for (line, row) in file.rows {
        match known.get_mut(&row.fingerprint()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                report.known += 1;
            }
            _ => openings.push(opening(line, &row, &people, zone, &mut report)),
        }
    }
    for batch in openings.chunks(BATCH_ROWS) {
        let (scope, batch) = (scope.clone(), batch.to_vec());
        let refused = app.store.write_blocking(move |tx| open_jobs(tx, &scope, &batch))?;
        report.bad_rows.extend(refused);
    }
    let refused = report.bad_rows.iter();
    let refused = refused.filter(|row| matches!(row.problem, RowProblem::Refused(_))).count();
    report.added = openings.len() - refused;
    report.bad_rows.sort_by_key(|row| row.line);
    Ok(report)
}

#[derive(Clone)]
struct Opening {
    line: u64,
    record: RecordId,
    edit: Edit,
}

fn opening(
    line: u64,
    row: &Row,
    people: &HashMap<String, UserId>,
    zone: &TimeZone,
    report: &mut ImportReport,
) -> Opening {
    let lead = people.get(&row.handler.to_lowercase()).copied();
    if lead.is_none() && !row.handler.is_empty() && !report.strangers.contains(&row.handler) {
        report.strangers.push(row.handler.clone());
    }
    // The id carries the day of the record, so that the job's number says that day and not
    // the day of the import.
    let record = RecordId::new(mapping::moment(row.date, zone), random());
    Opening { line, record, edit: mapping::edit_of(row, lead, zone) }
}

/// A refused row has written nothing, so the others of its batch stay.
fn open_jobs(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    batch: &[Opening],
) -> Result<Vec<BadRow>, StoreError> {
    let mut refused = Vec::new();
    for Opening { line, record, edit } in batch {
        let code = match desk::create_with_id(tx, scope, *record, RecordKind::Job, edit) {
            Ok(_) => continue,
            Err(DeskError::Store(error)) => return Err(error),
            Err(DeskError::Refused(error)) => error.code.to_owned(),
            Err(DeskError::NotFound) => "not-found".to_owned(),
        };
        refused.push(BadRow { line: *line, problem: RowProblem::Refused(code) });
    }
    Ok(refused)
}

/// How often each row is there already.
fn known_fingerprints(
    sql: &Connection,
    scope: &Scope,
    zone: &TimeZone,
) -> rusqlite::Result<HashMap<String, usize>> {
    let mut known = HashMap::new();
    let mut statement = sql.prepare("select content, lead_name from jobs where tenant = ?1")?;
    let mut rows = statement.query([scope.tenant.0])?;
    while let Some(row) = rows.next()? {
        let content: String = row.get(0)?;
        let job: JobContent = serde_json::from_str(&content).unwrap_or_default();
        let lead_name: String = row.get(1)?;
        let source = mapping::fingerprint_of(&job).map(str::to_owned);
        let now = mapping::row_of(&job, &lead_name, zone).map(|row| row.fingerprint());
        let same = source == now;
        for fingerprint in source.into_iter().chain(now.filter(|_| !same)) {
            *known.entry(fingerprint).or_default() += 1;
        }
    }
    Ok(known)
}

/// Everybody of the organisation by name and by login name.
fn people(sql: &Connection, scope: &Scope) -> rusqlite::Result<HashMap<String, UserId>> {
    let mut people = HashMap::new();
    let mut statement = sql.prepare("select id, name, login from users where tenant = ?1")?;
    let mut rows = statement.query([scope.tenant.0])?;
    while let Some(row) = rows.next()? {
        let id = UserId(row.get(0)?);
        people.insert(row.get::<_, String>(1)?.to_lowercase(), id);
        people.entry(row.get::<_, String>(2)?.to_lowercase()).or_insert(id);
    }
    Ok(people)
}
