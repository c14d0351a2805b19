//! A refused edit that is made again on a disk that fails: refused or made again, never both and
//! never neither.

use docket_client_core::Medium;
use docket_protocol::record::path::Path;
use docket_protocol::wire::Verdict;
use docket_tests::disk::{Disk, Fault, Image};
use docket_tests::pocket::Pocket;
use serde_json::json;

use crate::semantics;

/// A phone on which one edit was refused.
fn refused(medium: Medium) -> (Image, String) {
    let disk = Disk::with(semantics(medium), 1, Image::default());
    let mut phone = Pocket::open(&disk, medium, 1).unwrap();
    phone.sign_in().unwrap();
    let record = phone.open_job("Pump is loud");
    phone.sync_all(Vec::new());
    phone.set(&record, "report/cause", "Worn bearing");
    let no = || Verdict::Refused("not-allowed".to_owned(), Path::new("report/cause"));
    phone.sync(Vec::new(), |_, _| no()).unwrap();
    drop(phone);
    (disk.snapshot(), record)
}

/// What the person finds when the app is opened on what the disk holds: how many edits are
/// refused, and what the job says.
fn found(disk: &Disk, medium: Medium, record: &str) -> (u64, String) {
    let disk = Disk::with(disk.semantics(), 1, disk.snapshot());
    let mut phone = Pocket::open(&disk, medium, 1).unwrap();
    let refused = phone.ok(&json!({"do": "status"}))["refused"].as_u64().unwrap();
    let cause = phone.job(record)["content"]["report"]["cause"].as_str().unwrap().to_owned();
    (refused, cause)
}

fn through_failures(medium: Medium, fault: Fault) {
    let (image, record) = refused(medium);
    let waits = (1, String::new());
    let made_again = (0, "Worn bearing".to_owned());
    for after in 0..1_000 {
        let disk = Disk::with(semantics(medium), 1, image.clone());
        let mut phone = Pocket::open(&disk, medium, 2).unwrap();
        assert_eq!(found(&disk, medium, &record), waits);
        let id = phone.ok(&json!({"do": "refused"}))[0]["id"].clone();
        let from = disk.steps() + after;
        disk.fail_during(from..from + 1, fault);
        let done = phone.attempt(&json!({"do": "retry_refused", "id": id}));
        disk.mend();
        let context = format!("{medium:?} {fault:?} at operation {after}: {done:?}");
        let found = found(&disk, medium, &record);
        if disk.steps() <= from {
            assert!(done.is_ok() && found == made_again && after > 1, "{context}: {found:?}");
            return;
        }
        let allowed = if done.is_ok() { vec![&made_again] } else { vec![&waits, &made_again] };
        assert!(allowed.contains(&&found), "{context}: {found:?}");
    }
    panic!("the disk has no end");
}

/// FAULTS rows 5, 6: the words are in one place, whichever operation fails.
#[test]
fn an_edit_that_is_made_again_is_refused_or_made_whatever_the_disk_does() {
    for medium in [Medium::File, Medium::Opfs] {
        for fault in [Fault::Io, Fault::Sync, Fault::Full] {
            through_failures(medium, fault);
        }
    }
}
