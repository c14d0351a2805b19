//! Bytes that rot on the phone: noticed when they are read, never shown as if they were right,
//! one record's affair, and mended from the office's copy and from what the person meant.

use docket_client_core::Medium;
use docket_protocol::ids::Seq;
use docket_protocol::wire::Verdict;
use docket_tests::disk::{Disk, Image};
use docket_tests::pocket::{OfficeJob, Pocket};
use serde_json::{Value as Json, json};

/// A phone with a pulled job that was edited here, and one opened here; both with unsent work.
struct Store {
    image: Image,
    office: OfficeJob,
    theirs: String,
    ours: String,
}

impl Store {
    fn new() -> Self {
        let disk = Disk::new(1);
        let mut phone = Pocket::open(&disk, Medium::File, 1).unwrap();
        phone.sign_in().unwrap();
        let mut office = OfficeJob::new(7, "Boiler loses pressure");
        phone.sync_all(vec![office.enters()]);
        office.set("report/cause", "膨胀罐");
        phone.sync_all(vec![office.changes()]);
        let theirs = office.record.to_string();
        phone.set(&theirs, "report/treatment", "Replaced the tank");
        let ours = phone.open_job("Pump is loud");
        phone.set(&ours, "report/cause", "Worn bearing");
        drop(phone);
        Self { image: disk.snapshot(), office, theirs, ours }
    }

    fn disk(&self) -> Disk {
        Disk::with(docket_tests::disk::Semantics::File, 1, self.image.clone())
    }

    /// The phone on this store after somebody has changed it.
    fn opened(&self, change: &str) -> (Disk, Pocket) {
        let disk = self.disk();
        let changed = Pocket::database(&disk).execute(change, []).unwrap();
        assert_eq!(changed, 1, "{change}");
        let phone = Pocket::open(&disk, Medium::File, 2).unwrap();
        (disk, phone)
    }
}

fn content(phone: &mut Pocket, record: &str) -> Result<Json, String> {
    let answer = phone.call(&json!({"do": "job", "record": record}));
    match answer["error"]["code"].as_str() {
        Some(code) => Err(code.to_owned()),
        None => Ok(answer["ok"]["content"].clone()),
    }
}

/// FAULTS row 8: every byte of every stored change and base, flipped one at a time.
#[test]
fn every_flipped_byte_is_noticed_and_harms_one_record_only() {
    let store = Store::new();
    let mut sound = Pocket::open(&store.disk(), Medium::File, 2).unwrap();
    let right = [&store.theirs, &store.ours].map(|record| content(&mut sound, record).unwrap());
    let columns = [("changes", "bytes"), ("changes", "hash"), ("records", "base")];
    let mut flipped = 0;
    for (table, column) in columns {
        for (rowid, record, bytes) in blobs(&store, table, column) {
            for at in 0..bytes.len() {
                let mut broken = bytes.clone();
                broken[at] ^= 1 << (at % 8);
                let disk = store.disk();
                let update = format!("update {table} set {column} = ?1 where {rowid}");
                Pocket::database(&disk).execute(&update, [&broken]).unwrap();
                let mut phone = Pocket::open(&disk, Medium::File, 2).unwrap();
                for (other, right) in [&store.theirs, &store.ours].into_iter().zip(&right) {
                    let shown = content(&mut phone, other);
                    let harmed = *other == record;
                    // What only this phone has is made again from what the person meant.
                    let mended = harmed && *other == store.ours && shown.is_ok();
                    if harmed && !mended {
                        let what = format!("{table}.{column} {rowid} byte {at}");
                        assert_eq!(shown, Err("record-damaged".to_owned()), "{what}");
                    } else {
                        assert_eq!(shown.as_ref(), Ok(right), "{table}.{column} byte {at}");
                    }
                }
                flipped += 1;
            }
        }
    }
    assert!(flipped > 1_000, "{flipped} bytes");
}

/// Blobs with a condition that names their row, and their record.
fn blobs(store: &Store, table: &str, column: &str) -> Vec<(String, String, Vec<u8>)> {
    let sql = Pocket::database(&store.disk());
    let query = format!("select hex(record), {column} from {table} where {column} is not null");
    let mut statement = sql.prepare(&query).unwrap();
    let found = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))
        .unwrap()
        .map(Result::unwrap);
    found
        .map(|(record, bytes)| {
            let hex = data_encoding::HEXUPPER.encode(&bytes);
            let plain = |id: &&String| id.replace('-', "").eq_ignore_ascii_case(&record);
            let id = [&store.theirs, &store.ours].into_iter().find(plain).unwrap().clone();
            (format!("record = x'{record}' and {column} = x'{hex}'"), id, bytes)
        })
        .collect()
}

/// FAULTS row 8: the damaged record comes whole again, and unsent work stands on top of it.
#[test]
fn a_damaged_record_comes_whole_with_the_next_sync() {
    let mut store = Store::new();
    let broken = "update records set base = zeroblob(100) where base is not null";
    let (_disk, mut phone) = store.opened(broken);
    assert_eq!(content(&mut phone, &store.theirs), Err("record-damaged".to_owned()));
    let found = phone.ok(&json!({"do": "find", "query": "boiler"}));
    assert_eq!(found[0]["job"]["damaged"], true);
    assert_eq!(phone.ok(&json!({"do": "status"}))["unsent_edits"], 3);

    let asked = phone.sync_all(vec![store.office.enters()]);
    assert_eq!(asked.cursor, None, "asks for everything");
    let pushed: Vec<_> = asked.pushes.iter().map(|push| push.record.to_string()).collect();
    assert_eq!(pushed, [store.ours.clone()], "what is broken is not sent");

    let job = phone.job(&store.theirs);
    assert_eq!(job["content"]["report"]["cause"], "膨胀罐");
    assert_eq!(job["content"]["report"]["treatment"], "Replaced the tank");
    assert_eq!(job["unsent_edits"], 1, "the same change, still to be sent");
    let pushed = phone.sync_all(Vec::new()).pushes;
    assert_eq!(pushed[0].record, store.office.record);
    assert_eq!(phone.job(&store.theirs)["sync"], "merged");
}

/// FAULTS row 8: an unsent change that rotted is made again from what the person meant.
#[test]
fn an_unsent_change_that_rotted_is_made_again() {
    let mut store = Store::new();
    let broken = format!(
        "update changes set bytes = zeroblob(50) where state = 'unsent' and record = x'{}'",
        store.theirs.replace('-', "")
    );
    let (_disk, mut phone) = store.opened(&broken);
    phone.sync_all(vec![store.office.enters()]);
    let job = phone.job(&store.theirs);
    assert_eq!(job["content"]["report"]["treatment"], "Replaced the tank");
    let pushed = phone.sync_all(Vec::new()).pushes;
    assert_eq!((pushed.len(), pushed[0].changes.len()), (1, 1));
}

/// What the office has never seen is mended without it.
#[test]
fn a_job_only_this_phone_has_is_made_again_without_coverage() {
    let store = Store::new();
    let broken = format!(
        "update changes set bytes = zeroblob(50) where record = x'{}'
         and id = (select min(id) from changes where record = x'{0}')",
        store.ours.replace('-', "")
    );
    let (_disk, mut phone) = store.opened(&broken);
    let job = phone.job(&store.ours);
    assert_eq!(job["content"]["intake"]["title"], "Pump is loud");
    assert_eq!(job["content"]["report"]["cause"], "Worn bearing");
    assert_eq!(job["unsent_edits"], 2);
}

/// A record that cannot be mended, because the office does not show it any more, holds up nothing.
#[test]
fn a_record_that_stays_damaged_does_not_stop_the_others() {
    let store = Store::new();
    let broken = "update records set base = zeroblob(100) where base is not null";
    let (_disk, mut phone) = store.opened(broken);
    assert_eq!(content(&mut phone, &store.theirs), Err("record-damaged".to_owned()));
    phone.sync_all(Vec::new());
    let asked = phone.sync(Vec::new(), |_, _| Verdict::Accepted(Seq(1))).unwrap();
    assert!(asked.cursor.is_some(), "everything is asked for once");
    assert_eq!(phone.job(&store.ours)["sync"], "merged");
    assert_eq!(content(&mut phone, &store.theirs), Err("record-damaged".to_owned()));
    assert_eq!(phone.ok(&json!({"do": "status"}))["unsent_edits"], 1, "kept and counted");
}
