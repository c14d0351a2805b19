//! Opening the database: the folder's lock, SQLite's settings, the schema's version.

use docket_protocol::planted;
use std::fs::{self, File, TryLockError};
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::OpenError;
use super::storage::Storage;

/// Append only: a released migration is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_spine.sql"),
    include_str!("../../migrations/0002_repair.sql"),
    include_str!("../../migrations/0003_held.sql"),
    include_str!("../../migrations/0004_signoff.sql"),
    include_str!("../../migrations/0005_blobs.sql"),
    include_str!("../../migrations/0006_due.sql"),
    include_str!("../../migrations/0007_articles.sql"),
    include_str!("../../migrations/0008_reports.sql"),
    include_str!("../../migrations/0009_held_files.sql"),
    include_str!("../../migrations/0010_papers.sql"),
    include_str!("../../migrations/0011_scale.sql"),
    include_str!("../../migrations/0012_levels.sql"),
    include_str!("../../migrations/0013_people.sql"),
    include_str!("../../migrations/0014_assets.sql"),
    include_str!("../../migrations/0015_scale.sql"),
    include_str!("../../migrations/0016_records.sql"),
];
/// 3.51.3 repaired a rare loss in the write-ahead log.
const SQLITE_VERSION_MIN: i32 = 3_051_003;

/// Takes the folder for this process, creating it when missing.
pub(super) fn lock(folder: &Path) -> Result<File, OpenError> {
    let named = |error| OpenError::Folder(folder.display().to_string(), error);
    fs::create_dir_all(folder).map_err(named)?;
    let file = File::create(folder.join("docket.lock")).map_err(named)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.display().to_string())),
        Err(TryLockError::Error(error)) => Err(named(error)),
    }
}

fn check_version(version: i32) -> Result<(), OpenError> {
    if version < SQLITE_VERSION_MIN {
        return Err(OpenError::OldSqlite(version));
    }
    Ok(())
}

/// The one connection that writes; migrates first.
pub(super) fn writer(folder: &Path, storage: &Storage) -> Result<Connection, OpenError> {
    check_version(rusqlite::version_number())?;
    let named = |error| OpenError::Folder(folder.display().to_string(), error);
    storage.renew_log(folder).map_err(named)?;
    let mut connection = storage.connect(folder, OpenFlags::default())?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // An acknowledged change must survive a power cut, so every commit waits for the disk.
    let synchronous = if planted::is("server-without-sync") { "off" } else { "full" };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    keep_statements(&connection)?;
    migrate(&mut connection)?;
    #[cfg(test)]
    super::heard::listen(&mut connection, super::heard::From::Writer, folder)?;
    Ok(connection)
}

/// One of the connections that read.
pub(super) fn reader(folder: &Path, storage: &Storage) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    #[cfg_attr(not(test), allow(unused_mut, reason = "tests listen to what is asked"))]
    let mut connection = storage.connect(folder, flags)?;
    #[cfg(test)]
    super::heard::listen(&mut connection, super::heard::From::Readers, folder)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    keep_statements(&connection)?;
    Ok(connection)
}

/// Every question is prepared once. Without the guarantee that a plan does not depend on what is
/// asked for, SQLite prepares many of them anew each time: that was a third of its work.
fn keep_statements(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(128);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let version: i64 = connection.query_row("pragma user_version", [], |row| row.get(0))?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    if done > MIGRATIONS.len() {
        return Err(OpenError::NewerDatabase(version));
    }
    for (number, migration) in MIGRATIONS.iter().enumerate().skip(done) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", number as i64 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use docket_protocol::ids::TenantId;
    use rusqlite::params;

    use super::*;
    use crate::read_model::dossiers;

    /// The version before dossiers had their terms apart.
    const WITHOUT_TERMS: usize = 14;

    #[test]
    fn terms_from_before_they_stood_apart_are_read_whatever_else_a_dossier_says() {
        let mut sql = Connection::open_in_memory().unwrap();
        for migration in &MIGRATIONS[..WITHOUT_TERMS] {
            sql.execute_batch(migration).unwrap();
        }
        sql.pragma_update(None, "user_version", WITHOUT_TERMS as i64).unwrap();
        sql.pragma_update(None, "foreign_keys", false).unwrap();
        let level = r#"{"levels": {"01900000-0000-7000-8000-000000000000": {"level": "major"}}}"#;
        for (record, content) in [(1_u8, level), (2, r#"{"notes": "no terms"}"#)] {
            let row = params![[0_u8; 16], [record; 16], "Mill", content];
            sql.execute("insert into dossiers values (?1, ?2, ?3, '', 0, ?4)", row).unwrap();
        }
        migrate(&mut sql).unwrap();
        let found = dossiers::with_terms(&sql, TenantId::default()).unwrap();
        let levels: Vec<_> = found.iter().map(|(_, dossier)| dossier.levels.len()).collect();
        assert_eq!((levels, found[0].1.name.as_str()), (vec![1], "Mill"));
    }

    /// FAULTS row 12: the server does not open with a SQLite whose write-ahead log is unsound.
    #[test]
    fn an_old_sqlite_is_refused() {
        assert!(matches!(check_version(3_051_002), Err(OpenError::OldSqlite(3_051_002))));
        assert!(check_version(rusqlite::version_number()).is_ok());
    }
}
