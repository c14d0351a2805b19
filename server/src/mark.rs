//! The mark beside the database: which run of the server wrote last, and how far the logs went.
//!
//! It is written after each commit and never waited for, so it can lag behind the database but
//! not lead it. A mark that leads therefore means that the database was put back: from then on
//! nothing may be concluded from what is *not* in the log. Each opening is an incarnation of its
//! own, known to the database before it is known to the mark.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use docket_protocol::ids::IncarnationId;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use crate::random::random;

/// The open mark of this run.
pub struct Mark {
    incarnation: IncarnationId,
    /// None once writing it has failed: a mark that lags is safe.
    file: Option<File>,
}

/// What the mark of an earlier run says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    incarnation: IncarnationId,
    rows: u64,
}

impl Mark {
    /// Begins a new incarnation: compares the mark with the database, notes a restore where they
    /// disagree, and starts a new mark.
    pub fn begin(sql: &Connection, folder: &Path, now: i64) -> Result<Self, MarkError> {
        let path = folder.join("docket.mark");
        let incarnation = IncarnationId::new(now, random());
        let found = read(&path)?;
        let transaction = sql.unchecked_transaction()?;
        let rows = rows_of_logs(&transaction)?;
        let noticed_by = restored(&transaction, found, rows)?;
        transaction.execute(
            "insert into incarnations (id, began_at) values (?1, ?2)",
            params![incarnation.0, now],
        )?;
        if let Some(noticed_by) = noticed_by {
            let before = found.map(|found| found.rows);
            tracing::warn!(
                noticed_by,
                rows_before = before,
                rows_found = rows,
                "the database was restored; phones will hand back what it lost"
            );
            note_restore(&transaction, incarnation, now, noticed_by, before, rows)?;
        }
        transaction.commit()?;
        let file = start(&path, Found { incarnation, rows })?;
        Ok(Self { incarnation, file: Some(file) })
    }

    /// This run.
    pub fn incarnation(&self) -> IncarnationId {
        self.incarnation
    }

    /// The logs have moved, on disk.
    pub fn moved(&mut self, sql: &Connection) {
        let Some(file) = &mut self.file else { return };
        let written = rows_of_logs(sql).map_err(io::Error::other).and_then(|rows| {
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&line(Found { incarnation: self.incarnation, rows }))
        });
        if let Err(error) = written {
            tracing::warn!(%error, "the mark beside the database cannot be written any more");
            self.file = None;
        }
    }
}

/// The mark cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MarkError {
    /// The file system refuses.
    #[error("docket.mark: {0}")]
    File(#[from] io::Error),
    /// SQLite refuses.
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
}

/// Notes that the database is older than what was acknowledged.
pub fn note_restore(
    sql: &Connection,
    incarnation: IncarnationId,
    now: i64,
    noticed_by: &str,
    rows_before: Option<u64>,
    rows_found: u64,
) -> rusqlite::Result<()> {
    sql.prepare_cached(
        "insert into restores (incarnation, noticed_at, noticed_by, rows_before, rows_found)
         values (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![incarnation.0, now, noticed_by, rows_before, rows_found])?;
    Ok(())
}

/// Rows of all logs together.
pub fn rows_of_logs(sql: &Connection) -> rusqlite::Result<u64> {
    sql.prepare_cached("select coalesce(sum(last_seq), 0) from tenants")?
        .query_row([], |row| row.get(0))
}

/// How a restore shows; none when mark and database agree.
fn restored(
    sql: &Connection,
    found: Option<Found>,
    rows: u64,
) -> rusqlite::Result<Option<&'static str>> {
    let Some(found) = found else {
        // A database that has never had a mark is new, or older than marks are.
        let had_one = sql.prepare("select 1 from incarnations")?.exists([])?;
        return Ok(had_one.then_some("mark-missing"));
    };
    let known = "select 1 from incarnations where id = ?1";
    let known = sql.prepare(known)?.exists([found.incarnation.0])?;
    Ok(match known {
        false => Some("mark-unknown"),
        true if found.rows > rows => Some("mark-ahead"),
        true => None,
    })
}

/// Reads a mark; a missing or damaged one is none.
fn read(path: &Path) -> io::Result<Option<Found>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(parse(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(None),
        Err(error) => Err(error),
    }
}

fn parse(text: &str) -> Option<Found> {
    let (said, check) = text.trim_end().rsplit_once(' ')?;
    let mut words = said.split(' ');
    let (name, incarnation, rows) = (words.next()?, words.next()?, words.next()?);
    let found = Found { incarnation: incarnation.parse().ok()?, rows: rows.parse().ok()? };
    (name == "docket-mark-1" && check == checksum(said)).then_some(found)
}

/// Always as long, so that it can be written over in place.
fn line(found: Found) -> Vec<u8> {
    let said = format!("docket-mark-1 {} {:020}", found.incarnation, found.rows);
    format!("{said} {}\n", checksum(&said)).into_bytes()
}

fn checksum(said: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(said.as_bytes())[..4])
}

/// Written beside and renamed, so that a crash leaves the old mark or the new one.
fn start(path: &Path, found: Found) -> io::Result<File> {
    let beside: PathBuf = path.with_extension("mark-new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&beside)?;
    file.write_all(&line(found))?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_back_and_a_damaged_one_is_none() {
        let found = Found { incarnation: IncarnationId::new(7, [8; 10]), rows: 4711 };
        let text = String::from_utf8(line(found)).unwrap();
        assert_eq!(parse(&text), Some(found));
        assert_eq!(parse(&text.replace("4711", "4712")), None);
        assert_eq!(parse(&text[..40]), None);
        assert_eq!(parse(""), None);
    }

    const NOW: i64 = 1_795_000_000_000;

    /// A database with logs of so many rows.
    fn database(rows: u64) -> Connection {
        let sql = Connection::open_in_memory().unwrap();
        sql.execute_batch(
            "create table tenants (last_seq integer not null);
             create table incarnations (id blob primary key, began_at integer not null) strict;
             create table restores (id integer primary key, incarnation blob, noticed_at integer,
                noticed_by text, rows_before integer, rows_found integer) strict;",
        )
        .unwrap();
        sql.execute("insert into tenants values (?1)", [rows]).unwrap();
        sql
    }

    fn grow(sql: &Connection, rows: u64) {
        sql.execute("update tenants set last_seq = ?1", [rows]).unwrap();
    }

    /// How the restores so far were noticed.
    fn noticed(sql: &Connection) -> Vec<(String, Option<u64>, u64)> {
        let mut statement =
            sql.prepare("select noticed_by, rows_before, rows_found from restores").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// A copy of a database, as a backup holds it.
    fn copied(sql: &Connection, file: &Path) -> Connection {
        sql.execute("vacuum into ?1", [file.to_str()]).unwrap();
        Connection::open(file).unwrap()
    }

    #[test]
    fn a_mark_that_leads_means_a_restore() {
        let folder = tempfile::tempdir().unwrap();
        let sql = database(0);
        for rows in [3, 7] {
            let mut mark = Mark::begin(&sql, folder.path(), NOW).unwrap();
            grow(&sql, rows);
            mark.moved(&sql);
        }
        assert_eq!(noticed(&sql), [], "an ordinary start is none");
        // The commit was on disk and the mark was not yet written when the power went.
        grow(&sql, 9);
        let mut mark = Mark::begin(&sql, folder.path(), NOW).unwrap();
        assert_eq!(noticed(&sql), [], "a mark may lag");

        let of_this_run = copied(&sql, &folder.path().join("one.db"));
        grow(&sql, 12);
        mark.moved(&sql);
        drop(Mark::begin(&of_this_run, folder.path(), NOW).unwrap());
        assert_eq!(noticed(&of_this_run), [("mark-ahead".to_owned(), Some(12), 9)]);

        let later = copied(&of_this_run, &folder.path().join("two.db"));
        drop(Mark::begin(&of_this_run, folder.path(), NOW).unwrap());
        drop(Mark::begin(&later, folder.path(), NOW).unwrap());
        assert_eq!(noticed(&later).last().unwrap().0, "mark-unknown", "an older run's database");

        fs::remove_file(folder.path().join("docket.mark")).unwrap();
        drop(Mark::begin(&later, folder.path(), NOW).unwrap());
        assert_eq!(noticed(&later).last().unwrap().0, "mark-missing");
        drop(Mark::begin(&later, folder.path(), NOW).unwrap());
        assert_eq!(noticed(&later).len(), 3, "said once");
    }
}
