//! A store that an older app left: it opens, nothing of it is lost, and a phone that dies in the
//! middle of the change has either the old store or the new one.

use docket_client_core::Medium;
use docket_tests::Random;
use docket_tests::disk::{Disk, Outcome};
use docket_tests::dump::rows;
use docket_tests::pocket::Pocket;
use serde_json::json;

const V1: &str = include_str!("../vectors/phone-v1.db.sql");

fn old_store(disk: &Disk) {
    let sql = Pocket::database(disk);
    // As the app did before it kept a log.
    sql.pragma_update(None, "journal_mode", "persist").unwrap();
    sql.execute_batch(V1).unwrap();
}

fn facts(disk: &Disk) -> Vec<Vec<String>> {
    let sql = Pocket::database(disk);
    ["select id, record, hash, bytes, state from changes", "select * from outbox"]
        .into_iter()
        .chain(["select record, kind, actor, base from records", "select * from meta"])
        .chain(["select record, edit, code, path, made_at from refused"])
        .map(|query| rows(&sql, query).unwrap())
        .collect()
}

/// FAULTS row 92: version 1 of the phone's store still opens, and everything in it is there.
#[test]
fn a_store_of_version_one_opens_with_everything_in_it() {
    for (disk, medium) in [(Disk::new(1), Medium::File), (Disk::opfs(1), Medium::Opfs)] {
        old_store(&disk);
        let before = facts(&disk);
        let mut phone = Pocket::open(&disk, medium, 1).unwrap();
        let status = phone.ok(&json!({"do": "status"}));
        assert_eq!((&status["unsent_edits"], &status["refused"]), (&json!(5), &json!(1)));
        let jobs = phone.ok(&json!({"do": "jobs"}));
        assert_eq!(jobs.as_array().unwrap().len(), 4);
        for job in jobs.as_array().unwrap() {
            let page = phone.job(job["record"].as_str().unwrap());
            assert_eq!(page["content"]["intake"]["title"], job["title"]);
        }
        let pushed = phone.sync_all(Vec::new()).pushes;
        assert_eq!(pushed.iter().map(|push| push.changes.len()).sum::<usize>(), 5);
        drop(phone);
        let disk = Disk::new(1);
        old_store(&disk);
        drop(Pocket::open(&disk, Medium::File, 1).unwrap());
        assert_eq!(facts(&disk), before);
        let strays = rows(&Pocket::database(&disk), "select * from pragma_foreign_key_check");
        assert!(strays.unwrap().is_empty(), "every change has its record");
    }
}

/// FAULTS row 93: the power fails after every operation of a migration.
#[test]
fn a_migration_cut_short_anywhere_goes_on_or_has_not_begun() {
    for (disk, medium) in [(Disk::new(1), Medium::File), (Disk::opfs(1), Medium::Opfs)] {
        old_store(&disk);
        let before = facts(&disk);
        disk.record();
        drop(Pocket::open(&disk, medium, 1).unwrap());
        let recording = disk.recorded();
        assert!(recording.steps() > 5, "the migration writes");
        let again = Disk::with(disk.semantics(), 1, disk.snapshot());
        let mut chance = Random::new(1);
        recording.each_moment(|steps, platter| {
            for outcome in Outcome::ALL {
                again.restore(&platter.after_power_cut(outcome, &mut chance));
                let version: i64 = Pocket::database(&again)
                    .query_row("pragma user_version", [], |row| row.get(0))
                    .unwrap();
                assert!(version >= 1, "{outcome:?} after {steps} steps");
                drop(Pocket::open(&again, medium, 1).unwrap());
                assert_eq!(facts(&again), before, "{outcome:?} after {steps} steps");
            }
        });
    }
}
