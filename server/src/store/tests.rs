//! What the store promises: all or nothing per job, answers only after the commit, one owner.

use std::collections::BTreeMap;

use docket_protocol::edit::Edit;
use docket_protocol::ids::{TenantId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path as FieldPath;
use docket_protocol::role::Role;
use tempfile::TempDir;

use super::*;
use crate::auth::scope::Scope;
use crate::desk::{self, DeskError};
use crate::log::CHAIN_START;

fn open(folder: &TempDir) -> Result<Store, OpenError> {
    let keys = Keys::open(folder.path()).expect("keys");
    Store::open(folder.path(), &Storage::Files, Arc::new(keys), Clock::default())
}

fn opened() -> (TempDir, Store) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = open(&folder).expect("the store opens");
    (folder, store)
}

fn insert(tx: &WriteTx<'_>, number: u8) -> Result<(), StoreError> {
    let id = TenantId::new(i64::from(number), [number; 10]);
    let query = "insert into tenants (id, name, chain) values (?1, ?2, ?3)";
    tx.sql.execute(query, rusqlite::params![id.0, number.to_string(), CHAIN_START])?;
    Ok(())
}

fn names(store: &Store) -> Vec<String> {
    let read = store.read_blocking(|sql| {
        let mut statement = sql.prepare("select name from tenants order by id")?;
        let names = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok::<_, StoreError>(names)
    });
    read.expect("the query is right")
}

#[test]
fn a_job_that_fails_or_panics_leaves_nothing_and_harms_nobody() {
    let (_folder, store) = opened();
    store.write_blocking(|tx| insert(tx, 1)).unwrap();
    let failed: Result<(), StoreError> = store.write_blocking(|tx| {
        insert(tx, 2)?;
        Err(StoreError::Busy)
    });
    assert!(matches!(failed, Err(StoreError::Busy)));
    let panicked: Result<(), StoreError> = store.write_blocking(|tx| {
        insert(tx, 3)?;
        panic!("as a test");
    });
    assert!(panicked.is_err());
    store.write_blocking(|tx| insert(tx, 4)).unwrap();
    assert_eq!(names(&store), ["1", "4"]);
    assert!(store.is_writable());
}

#[test]
fn jobs_that_wait_together_are_committed_together_and_each_gets_its_own_answer() {
    let (_folder, store) = opened();
    // The first job holds the writer until all others are queued behind it.
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let first = store.submit(move |_| {
        let _done = wait.recv();
        Ok::<_, StoreError>(())
    });
    let rest: Vec<_> = (1..=40_u8)
        .map(|number| {
            store.submit(move |tx| {
                insert(tx, number)?;
                if number % 10 == 0 { Err(StoreError::Busy) } else { Ok(number) }
            })
        })
        .collect();
    go.send(()).unwrap();
    first.unwrap().blocking_recv().unwrap().unwrap().unwrap();
    let mut kept = 0;
    for (number, answer) in (1..=40_u8).zip(rest) {
        let answer = answer.unwrap().blocking_recv().unwrap().unwrap();
        match answer {
            Ok(answered) => {
                assert_eq!(answered, number);
                kept += 1;
            }
            Err(error) => assert!(number % 10 == 0, "{error}"),
        }
    }
    assert_eq!((kept, names(&store).len()), (36, 36));
}

#[test]
fn what_was_answered_is_there_after_reopening() {
    let (folder, store) = opened();
    store.write_blocking(|tx| insert(tx, 1)).unwrap();
    assert!(matches!(open(&folder), Err(OpenError::InUse(_))), "two owners");
    drop(store);
    let store = open(&folder).expect("free again");
    assert_eq!(names(&store), ["1"]);
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let (folder, store) = opened();
    drop(store);
    let sql = Connection::open(folder.path().join("docket.db")).unwrap();
    sql.pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(open(&folder), Err(OpenError::NewerDatabase(99))));
}

#[test]
fn news_come_after_the_commit_only() {
    let (_folder, store) = opened();
    let mut news = store.news();
    let ada = UserId::new(1, [2; 10]);
    let tenant = TenantId::new(1, [1; 10]);
    let failed: Result<(), StoreError> = store.write_blocking(move |tx| {
        tx.log_moved(tenant, Seq(5), []);
        Err(StoreError::Busy)
    });
    assert!(failed.is_err() && news.try_recv().is_err());
    store
        .write_blocking(move |tx| {
            tx.log_moved(tenant, Seq(6), [ada]);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let concerned = Arc::new(BTreeSet::from([ada]));
    assert_eq!(news.blocking_recv().unwrap(), News { tenant, seq: Seq(6), concerned });
}

#[test]
fn a_record_loads_the_same_from_memory_from_its_snapshot_and_after_a_failed_edit() {
    let (folder, store) = opened();
    let tenant = TenantId::new(1, [1; 10]);
    let scope = Scope {
        tenant,
        user: UserId::new(1, [2; 10]),
        role: Role::Desk,
        name: String::new(),
        device: None,
        browser: None,
    };
    let creator = scope.clone();
    let job = store
        .write_blocking(move |tx| {
            insert(tx, 1)?;
            let edit = Edit::Create { fields: BTreeMap::new(), entries: Vec::new() };
            desk::create(tx, &creator, RecordKind::Job, &edit)
        })
        .unwrap();
    let heads = |store: &Store| {
        let loaded = store.read_blocking(|sql| documents::load(sql, tenant, job));
        loaded.unwrap().expect("the record is there").automerge.get_heads()
    };
    let set = |number: usize, fail: bool| {
        let scope = scope.clone();
        move |tx: &mut WriteTx<'_>| {
            let path = FieldPath::new("intake/title");
            let edit = Edit::SetField { path, value: format!("Title {number}").into() };
            desk::edit(tx, &scope, job, &edit)?;
            let cached = tx.documents.get(tx.sql, tenant, job)?.expect("the record is there");
            let heads = cached.automerge.get_heads();
            if fail { Err(DeskError::NotFound) } else { Ok(heads) }
        }
    };
    // Enough edits for the snapshot to be rewritten several times in between.
    for number in 0..100 {
        let cached = store.write_blocking(set(number, false)).unwrap();
        assert_eq!(heads(&store), cached, "after edit {number}");
        assert!(store.write_blocking(set(number + 1_000, true)).is_err());
        assert_eq!(heads(&store), cached, "after a failed edit");
    }
    let before = heads(&store);
    drop(store);
    assert_eq!(heads(&open(&folder).unwrap()), before);
}
