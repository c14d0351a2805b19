//! The crash disk itself: that it loses what a disk may lose, keeps what it must, and never lets
//! the dead write. Everything else in `crash_*.rs` stands on this.

use std::time::Duration;

use docket_protocol::ids::TenantId;
use docket_server::app::App;
use docket_server::clock::Clock;
use docket_server::people;
use docket_server::store::StoreError;
use docket_tests::Random;
use docket_tests::disk::{Disk, Fault, Image, Outcome, Platter, Semantics};
use rusqlite::Connection;

/// A database with its journal kept this way, and nobody else on it.
fn with_journal(disk: &Disk, mode: &str) -> Connection {
    let settings = Settings { mode, locking: "exclusive", synchronous: "full" };
    settings.open(disk).unwrap()
}

fn insert(sql: &Connection, number: i64) -> rusqlite::Result<usize> {
    sql.execute("insert into t values (?1, randomblob(3000))", [number])
}

fn numbers(sql: &Connection) -> Vec<i64> {
    sound_numbers(sql).unwrap().expect("a sound database")
}

fn sound_numbers(sql: &Connection) -> rusqlite::Result<Option<Vec<i64>>> {
    let check: String = sql.query_row("pragma integrity_check", [], |row| row.get(0))?;
    let mut statement = sql.prepare("select n from t order by rowid")?;
    let numbers = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    Ok((check == "ok").then_some(numbers))
}

#[derive(Clone, Copy)]
struct Settings<'a> {
    mode: &'a str,
    locking: &'a str,
    synchronous: &'a str,
}

impl Settings<'_> {
    fn open(self, disk: &Disk) -> rusqlite::Result<Connection> {
        let sql = disk.connection("a.db")?;
        sql.pragma_update(None, "locking_mode", self.locking)?;
        sql.pragma_update(None, "journal_mode", self.mode)?;
        sql.pragma_update(None, "synchronous", self.synchronous)?;
        // So that a log is written back, and begun again, among a few commits.
        sql.pragma_update(None, "wal_autocheckpoint", 4)?;
        sql.execute_batch("create table if not exists t (n integer, filler blob)")?;
        Ok(sql)
    }

    /// Ten commits, then the power fails after every operation in every way: how often less was
    /// found than had been committed, or something broken.
    fn losses(self, semantics: Semantics) -> usize {
        let disk = Disk::with(semantics, 1, Image::default());
        let sql = self.open(&disk).unwrap();
        disk.record();
        let start = disk.steps();
        let mut committed = Vec::new();
        for number in 1..=10 {
            insert(&sql, number).unwrap();
            committed.push(disk.steps() - start);
        }
        drop(sql);
        let again = Disk::with(semantics, 1, Image::default());
        let mut chance = Random::new(1);
        let mut losses = 0;
        disk.recorded().each_moment(|steps, platter| {
            let done = committed.iter().filter(|at| **at <= steps as u64).count();
            for outcome in Outcome::ALL {
                again.restore(&platter.after_power_cut(outcome, &mut chance));
                let found = self.open(&again).and_then(|sql| sound_numbers(&sql));
                let sound = found.ok().flatten().filter(|found| {
                    found.len() >= done && found.iter().zip(1..).all(|(is, want)| *is == want)
                });
                losses += usize::from(sound.is_none());
            }
        });
        losses
    }
}

/// FAULTS rows 3, 4: torn, dropped, kept and mixed writes at every operation.
#[test]
fn journals_that_are_synced_lose_no_commit_on_an_ordinary_file_system() {
    for mode in ["wal", "truncate", "persist"] {
        for locking in ["exclusive", "normal"] {
            let settings = Settings { mode, locking, synchronous: "full" };
            assert_eq!(settings.losses(Semantics::File), 0, "{mode} {locking}");
        }
    }
    // The delete is the commit, and only this setting waits until it is safe.
    let deleting = Settings { mode: "delete", locking: "normal", synchronous: "extra" };
    assert_eq!(deleting.losses(Semantics::File), 0);
}

/// Why `Medium::Opfs` deletes neither journal nor log: where nobody flushes a delete, whatever
/// SQLite asks for, a deleted journal comes back and takes back what was committed.
#[test]
fn a_deleted_journal_loses_a_commit_on_browser_files_and_one_that_stays_does_not() {
    let deleting = Settings { mode: "delete", locking: "normal", synchronous: "extra" };
    assert_ne!(deleting.losses(Semantics::Opfs), 0);
    for mode in ["truncate", "persist"] {
        for locking in ["exclusive", "normal"] {
            let staying = Settings { mode, locking, synchronous: "full" };
            assert_eq!(staying.losses(Semantics::Opfs), 0, "{mode} {locking}");
        }
    }
    let logging = Settings { mode: "wal", locking: "exclusive", synchronous: "full" };
    assert_eq!(logging.losses(Semantics::Opfs), 0);
}

/// A disk that finds nothing to complain about would prove nothing.
#[test]
fn without_sync_commits_are_lost_or_the_database_is_damaged() {
    let disk = Disk::new(1);
    let sql = with_journal(&disk, "wal");
    sql.pragma_update(None, "synchronous", "off").unwrap();
    insert(&sql, 1).unwrap();
    disk.power_cut(Outcome::Dropped);
    let sql = with_journal(&disk, "wal");
    assert_eq!(numbers(&sql), [0_i64; 0]);
}

#[test]
fn several_connections_share_one_log_and_see_each_other() {
    let disk = Disk::new(1);
    let writer = disk.connection("a.db").unwrap();
    writer.pragma_update(None, "journal_mode", "wal").unwrap();
    writer.execute_batch("create table t (n integer, filler blob)").unwrap();
    let reader = disk.connection("a.db").unwrap();
    insert(&writer, 1).unwrap();
    assert_eq!(numbers(&reader), [1]);
    let snapshot = reader.unchecked_transaction().unwrap();
    assert_eq!(numbers(&snapshot), [1]);
    insert(&writer, 2).unwrap();
    assert_eq!(numbers(&snapshot), [1], "one state for as long as it reads");
    drop(snapshot);
    assert_eq!(numbers(&reader), [1, 2]);
    let other = disk.connection("a.db").unwrap();
    other.busy_timeout(Duration::ZERO).unwrap();
    writer.execute_batch("begin immediate").unwrap();
    assert!(other.execute_batch("begin immediate").is_err(), "one writer");
    writer.execute_batch("commit").unwrap();
    drop((writer, reader));
    assert_eq!(numbers(&other), [1, 2]);
}

#[test]
fn threads_write_and_read_at_once() {
    let disk = Disk::new(1);
    drop(with_shared(&disk));
    std::thread::scope(|threads| {
        for base in [0, 1_000] {
            let sql = with_shared(&disk);
            threads.spawn(move || {
                for number in 0..100 {
                    while insert(&sql, base + number).is_err() {}
                }
            });
        }
        let sql = with_shared(&disk);
        threads.spawn(move || {
            let mut seen = 0;
            while seen < 200 {
                let now = numbers(&sql).len();
                assert!(now >= seen);
                seen = now;
            }
        });
    });
}

#[test]
fn whoever_waits_for_a_lock_waits_until_it_is_free() {
    let disk = Disk::new(1);
    let (holder, waiting) = (with_shared(&disk), with_shared(&disk));
    holder.execute_batch("begin immediate").unwrap();
    std::thread::scope(|threads| {
        let (tell, begun) = std::sync::mpsc::channel();
        let waited = threads.spawn(move || {
            waiting.busy_timeout(Duration::from_secs(60)).unwrap();
            tell.send(()).unwrap();
            insert(&waiting, 0)
        });
        begun.recv().unwrap();
        (1..=500).for_each(|number| assert_eq!(insert(&holder, number), Ok(1)));
        holder.execute_batch("commit").unwrap();
        assert_eq!(waited.join().unwrap(), Ok(1));
    });
}

fn with_shared(disk: &Disk) -> Connection {
    let sql = disk.connection("a.db").unwrap();
    sql.pragma_update(None, "journal_mode", "wal").unwrap();
    sql.execute_batch("create table if not exists t (n integer, filler blob)").unwrap();
    sql
}

#[test]
fn the_dead_write_nothing() {
    for mode in ["wal", "truncate", "delete"] {
        let disk = Disk::new(1);
        let sql = with_journal(&disk, mode);
        insert(&sql, 1).unwrap();
        sql.execute_batch("begin immediate").unwrap();
        insert(&sql, 2).unwrap();
        disk.power_cut(Outcome::Kept);
        let (after, steps) = (disk.snapshot(), disk.steps());
        assert!(sql.execute_batch("commit").is_err(), "{mode}");
        assert!(insert(&sql, 3).is_err(), "{mode}");
        drop(sql);
        assert!(disk.snapshot() == after, "{mode}");
        assert_eq!(disk.steps(), steps, "{mode}");
        assert_eq!(numbers(&with_journal(&disk, mode)), [1], "{mode}");
    }
}

#[test]
fn a_full_disk_refuses_writes_and_works_again_when_there_is_room() {
    let disk = Disk::new(1);
    let sql = with_journal(&disk, "wal");
    insert(&sql, 1).unwrap();
    disk.fail_during(disk.steps()..u64::MAX, Fault::Full);
    let error = insert(&sql, 2).unwrap_err();
    assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::DiskFull));
    assert_eq!(numbers(&sql), [1]);
    disk.mend();
    insert(&sql, 3).unwrap();
    assert_eq!(numbers(&sql), [1, 3]);
}

/// What Linux does: after a failed sync the pages count as clean, and the next sync says yes
/// although they never reached the disk.
#[test]
fn what_a_failed_sync_did_not_save_is_gone() {
    let prepared = || {
        let disk = Disk::new(1);
        let sql = with_journal(&disk, "truncate");
        (disk, sql)
    };
    let (disk, sql) = prepared();
    disk.record();
    insert(&sql, 1).unwrap();
    let syncs = disk.recorded().syncs();
    assert!(syncs.len() > 2);
    for sync in syncs {
        let (disk, sql) = prepared();
        disk.fail_at(disk.steps() + sync, Fault::Io);
        assert!(insert(&sql, 1).is_err(), "no commit is reported after sync {sync} failed");
        disk.power_cut(Outcome::Kept);
        assert_eq!(numbers(&with_journal(&disk, "truncate")), [0_i64; 0]);
    }
}

#[test]
fn a_snapshot_is_a_whole_disk_to_go_back_to() {
    let disk = Disk::new(1);
    let sql = with_journal(&disk, "wal");
    insert(&sql, 1).unwrap();
    let backup = disk.snapshot();
    insert(&sql, 2).unwrap();
    disk.restore(&backup);
    assert!(insert(&sql, 3).is_err(), "connections of before are cut off");
    assert_eq!(numbers(&with_journal(&disk, "wal")), [1]);
    let copy = Disk::with(Semantics::File, 2, backup);
    assert_eq!(numbers(&with_journal(&copy, "wal")), [1]);
}

#[test]
fn the_same_seed_spares_the_same_bytes() {
    let disk = Disk::new(1);
    let sql = with_journal(&disk, "truncate");
    disk.record();
    insert(&sql, 1).unwrap();
    let mut platter = Platter::new(Semantics::File, Image::default());
    disk.recorded().each_moment(|_, now| {
        if now.pending() > platter.pending() {
            platter = now.clone();
        }
    });
    assert!(platter.pending() > 2);
    let left = |seed| platter.after_power_cut(Outcome::Torn, &mut Random::new(seed));
    assert!(left(3) == left(3));
    assert!(left(3) != left(4));
}

#[test]
fn the_server_opens_on_it_and_comes_back_after_a_power_cut() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::new(1));
    let storage = disk.storage();
    let open = || App::open_on(folder.path(), &storage, Clock::default());
    let app = open().unwrap();
    let organisation = app.store.write_blocking(|tx| people::organisation(tx, "Northwind"));
    disk.power_cut(Outcome::Dropped);
    drop(app);
    let app = open().unwrap();
    let found = app.store.read_blocking(|sql| {
        let found = sql.query_row("select id from tenants", [], |row| row.get(0));
        found.map(TenantId).map_err(StoreError::from)
    });
    assert_eq!(found.unwrap(), organisation.unwrap());
}
