//! The crash matrix of the server's store: a working day of desk and phones, and the power failing
//! after every single operation of it, in every way; then a disk that fails, and one that is full.
//!
//! What counts is what was acknowledged. After any crash the log holds together and reaches at
//! least as far as the last acknowledgement and at most to the end of the step under way, never
//! half of one; and everything derived is just what a rebuild from the log makes.

mod office;

use std::collections::BTreeSet;

use docket_protocol::ids::TenantId;
use docket_protocol::record::RecordKind;
use docket_server::log;
use docket_server::read_model::rebuild::rebuild;
use docket_server::store::StoreError;
use docket_tests::Random;
use docket_tests::disk::{Disk, Fault, Image, Outcome, Recording, Semantics};
use docket_tests::dump::rows;
use office::{Office, Phone};
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

/// A day that was played.
struct Played {
    folder: TempDir,
    recording: Recording,
    tenant: TenantId,
    /// After how many operations each step was acknowledged, and the log's length and chain then.
    acknowledged: Vec<(usize, u64)>,
    /// The chain hash of every row in the end.
    chain: Vec<String>,
}

fn play() -> Played {
    let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::new(1));
    disk.record();
    let mut acknowledged = vec![(0, 0)];
    let office = Office::open(&folder, &disk);
    let tenant = office.people();
    let mut shown = |disk: &Disk| {
        let sql = disk.connection(&database(&folder)).unwrap();
        let length = sql.query_row("select count(*) from log", [], |row| row.get(0)).unwrap();
        acknowledged.push((disk.steps() as usize, length));
    };
    shown(&disk);
    story(&office, &mut || shown(&disk));
    let sql = disk.connection(&database(&folder)).unwrap();
    let chain = rows(&sql, "select printf('%06d', seq), chain from log").unwrap();
    let empty = derived(&sql).iter().position(Vec::is_empty);
    assert_eq!(empty, None, "the day fills every table that is derived");
    drop((sql, office));
    shown(&disk);
    Played { folder, recording: disk.recorded(), tenant, acknowledged, chain }
}

fn database(folder: &TempDir) -> String {
    folder.path().join("docket.db").display().to_string()
}

/// The desk opens and assigns, two phones pull, write, push and sign, a job changes hands, and
/// late work is held. `shown` is called when somebody was told that a step is done.
fn story(office: &Office, shown: &mut dyn FnMut()) {
    let customer = json!({"edit": "create", "fields": {"name": "Harbour Water"}});
    office.opens(RecordKind::Dossier, &customer).unwrap();
    shown();
    let create = json!({"edit": "create", "fields": {"intake/title": "Boiler loses pressure"}});
    let boiler = office.opens(RecordKind::Job, &create).unwrap();
    shown();
    let (ada, lin) = (office.scope("ada").user, office.scope("lin").user);
    office.edits(boiler, &json!({"edit": "assign", "lead": ada})).unwrap();
    shown();
    let mut phone = Phone::new(1);
    phone.sign_in("ada");
    assert!(phone.sync(office));
    shown();
    let boiler_id = boiler.to_string();
    let step = json!({"edit": "add_entry", "collection": "steps", "fields": {"text": "Drained"}});
    phone.edit(&boiler_id, &step);
    let field =
        |path: &str, value: &str| json!({"edit": "set_field", "path": path, "value": value});
    phone.edit(&boiler_id, &field("report/cause", "膨胀罐"));
    // Two write the same fields, and one of them chooses in one of these.
    for path in ["intake/caller", "intake/customer"] {
        office.edits(boiler, &field(path, "Li Qiang")).unwrap();
        shown();
        phone.edit(&boiler_id, &field(path, "Wang Fang"));
    }
    assert!(phone.sync(office));
    shown();
    phone.edit(&boiler_id, &field("intake/caller", "Wang Fang, line 2"));
    let pump = phone.ok(&json!({"do": "open_job", "fields": {"intake/title": "Pump is loud"}}));
    let pump = pump["record"].as_str().unwrap().to_owned();
    for number in 0..30 {
        phone
            .edit(&pump, &field("report/treatment", &format!("Turn {number}: {}", "x".repeat(90))));
    }
    assert!(phone.sync(office));
    shown();
    phone.sign(&pump);
    assert!(phone.sync(office));
    shown();
    office.edits(boiler, &json!({"edit": "assign", "lead": lin})).unwrap();
    shown();
    phone.edit(&boiler_id, &field("report/advice", "Mind the valve"));
    assert!(phone.sync(office));
    shown();
    let mut other = Phone::new(2);
    other.sign_in("lin");
    assert!(other.sync(office));
    shown();
    other.edit(&boiler_id, &field("report/outcome", "solved"));
    assert!(other.sync(office));
    shown();
    assert_eq!((phone.unsent(), other.unsent()), (0, 0));
}

/// What a rebuild must not change.
fn derived(sql: &Connection) -> Vec<Vec<String>> {
    [
        "select tenant, record, kind, opened_by, last_seq, heads from records",
        "select * from jobs",
        "select rowid, words from job_search",
        "select * from dossiers",
        "select * from conflicts",
        "select * from settlements",
        "select * from visibility",
        "select * from signoffs",
    ]
    .map(|query| rows(sql, query).unwrap())
    .to_vec()
}

impl Played {
    fn survives(&self, outcome: Outcome) {
        let disk = Disk::with(Semantics::File, 1, Image::default());
        let mut chance = Random::new(outcome as u64);
        let (mut seen, mut rebuilt) = (None, BTreeSet::new());
        self.recording.each_moment(|steps, platter| {
            let done = self.acknowledged.iter().rposition(|(at, _)| *at <= steps).unwrap();
            let flushes =
                if outcome == Outcome::Dropped { platter.flushes() } else { steps as u64 };
            if seen.replace((done, flushes)) == Some((done, flushes)) {
                return;
            }
            let context = format!("{outcome:?} after {steps} operations");
            disk.restore(&platter.after_power_cut(outcome, &mut chance));
            if done == 0 {
                // Nothing was promised yet, but the next start must do.
                drop(Office::open(&self.folder, &disk));
                return;
            }
            let sql = disk.connection(&database(&self.folder)).unwrap();
            let length = self.holds_together(&sql, done, &context);
            let state = derived(&sql);
            drop(sql);
            if rebuilt.insert((length, state.clone())) {
                self.opens_and_rebuilds(&disk, &state, &context);
            }
        });
        assert!(rebuilt.len() > 5, "{} states", rebuilt.len());
    }

    /// The log is sound, a prefix of what it became, and reaches as far as it must and may.
    fn holds_together(&self, sql: &Connection, done: usize, context: &str) -> u64 {
        let sound: String = sql.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok", "{context}");
        let length = log::verify(sql, self.tenant).unwrap().unwrap_or_else(|error| {
            panic!("{context}: {error}");
        });
        let next = (done + 1).min(self.acknowledged.len() - 1);
        let allowed = [self.acknowledged[done].1, self.acknowledged[next].1];
        assert!(allowed.contains(&length), "{context}: {length} rows, not one of {allowed:?}");
        let chain = rows(sql, "select printf('%06d', seq), chain from log").unwrap();
        assert_eq!(chain, self.chain[..chain.len()], "{context}");
        length
    }

    fn opens_and_rebuilds(&self, disk: &Disk, state: &[Vec<String>], context: &str) {
        let office = Office::open(&self.folder, disk);
        office.app.store.write_blocking(rebuild).unwrap();
        let after = office.app.store.read_blocking(|sql| Ok::<_, StoreError>(derived(sql)));
        assert_eq!(after.unwrap(), state, "{context}");
    }
}

/// FAULTS rows 2, 9, 10: what was acknowledged is in the log, and everything derived follows it.
#[test]
fn a_server_loses_nothing_acknowledged_whenever_the_power_fails() {
    let played = play();
    [Outcome::Dropped, Outcome::Kept].into_iter().for_each(|outcome| played.survives(outcome));
}

/// FAULTS rows 2, 3, 4, 9: the same with torn and reordered writes.
#[test]
fn a_server_loses_nothing_acknowledged_to_torn_or_reordered_writes() {
    let played = play();
    [Outcome::Torn, Outcome::Mixed].into_iter().for_each(|outcome| played.survives(outcome));
}

/// An office with a phone that has something to push.
struct Push {
    folder: TempDir,
    disk: Disk,
    office: Option<Office>,
    phone: Phone,
    job: String,
    edits: u32,
}

impl Push {
    fn new() -> Self {
        let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::new(1));
        let office = Office::open(&folder, &disk);
        office.people();
        let mut phone = Phone::new(1);
        phone.sign_in("ada");
        assert!(phone.sync(&office));
        let fields = json!({"intake/title": "Pump is loud"});
        let job = phone.ok(&json!({"do": "open_job", "fields": fields}));
        let job = job["record"].as_str().unwrap().to_owned();
        assert!(phone.sync(&office));
        Self { folder, disk, office: Some(office), phone, job, edits: 0 }
    }

    fn office(&self) -> &Office {
        self.office.as_ref().expect("it runs")
    }

    /// Writes something, and has the disk fail from some operation of the push on; true when the
    /// push was acknowledged all the same.
    fn push(&mut self, after: u64, fault: Fault, operations: u64) -> bool {
        self.edits += 1;
        let value = format!("Cause {}", self.edits);
        self.phone.edit(
            &self.job,
            &json!({
                "edit": "set_field", "path": "report/cause", "value": value,
            }),
        );
        self.push_again(after, fault, operations)
    }

    fn push_again(&mut self, after: u64, fault: Fault, operations: u64) -> bool {
        self.phone.ok(&json!({"do": "sync_now"}));
        let request = self.phone.request().expect("a push");
        let from = self.disk.steps() + after;
        self.disk.fail_during(from..from.saturating_add(operations), fault);
        let answer = self.office().carry(&request);
        self.disk.mend();
        let taken = self.phone.answered(&request, &answer);
        assert_eq!(taken, answer.status == 200);
        assert!(taken || answer.status >= 500, "{}", answer.status);
        taken
    }

    /// Dies with everything that was not safe, and starts again.
    fn restart(&mut self) {
        self.disk.power_cut(Outcome::Dropped);
        self.office = None;
        self.office = Some(Office::open(&self.folder, &self.disk));
    }

    /// Edits of the job in the log, which must hold together.
    fn logged(&self) -> u32 {
        let tenant = self.office().scope("ada").tenant;
        let read = self.office().app.store.read_blocking(|sql| {
            log::verify(sql, tenant)?.expect("a sound log");
            let changes = "select count(*) - 1 from log
                           where kind = 'change' and device is not null";
            Ok::<_, StoreError>(sql.query_row(changes, [], |row| row.get(0))?)
        });
        read.unwrap()
    }
}

/// FAULTS row 5: after a sync that failed nothing is acknowledged any more, and a restart finds
/// everything that was.
#[test]
fn after_a_failed_sync_the_server_takes_no_more_and_recovers_on_restart() {
    let mut push = Push::new();
    assert!(!push.push(0, Fault::Sync, u64::MAX));
    assert!(!push.office().app.store.is_writable());
    assert!(!push.push_again(0, Fault::Sync, 0), "the disk works again, the process does not");
    assert_eq!(push.logged(), 0, "reading goes on");
    push.restart();
    assert!(push.push_again(0, Fault::Sync, 0));
    assert_eq!((push.logged(), push.phone.unsent()), (1, 0));
}

/// FAULTS row 5: what a failed sync left in the system's memory is there for the next process to
/// read, but not on the disk; nothing may be acknowledged on top of it.
#[test]
fn after_a_failed_sync_and_a_mere_restart_what_is_acknowledged_survives_a_power_cut() {
    let mut push = Push::new();
    assert!(!push.push(0, Fault::Sync, u64::MAX));
    push.disk.fail_during(0..u64::MAX, Fault::Sync);
    push.office = None;
    push.disk.mend();
    push.office = Some(Office::open(&push.folder, &push.disk));
    assert!(push.push_again(0, Fault::Sync, 0));
    push.restart();
    assert_eq!((push.logged(), push.phone.unsent()), (1, 0));
}

/// FAULTS row 5: an error at any operation of a push, then a power cut: acknowledged is there.
#[test]
fn an_error_at_any_operation_of_a_push_loses_nothing_acknowledged() {
    let mut push = Push::new();
    for after in 0..1_000 {
        let acknowledged = push.push(after, Fault::Io, 1);
        let edits = push.edits;
        push.restart();
        assert!(push.logged() == edits || !acknowledged, "operation {after}");
        if acknowledged {
            assert!(after > 3, "the push writes");
            return;
        }
        assert!(push.push_again(0, Fault::Io, 0), "operation {after}");
        assert_eq!((push.logged(), push.phone.unsent()), (edits, 0), "operation {after}");
    }
    panic!("the push never comes through");
}

/// FAULTS row 6: a full disk refuses pushes for now, goes on reading, and takes them by itself
/// once there is room.
#[test]
fn a_full_disk_refuses_pushes_and_takes_them_once_there_is_room() {
    let mut push = Push::new();
    for after in 0..1_000 {
        if push.push(after, Fault::Full, u64::MAX) {
            assert!(after > 3, "the push writes");
            assert_eq!(push.logged(), push.edits);
            return;
        }
        assert_eq!(push.logged(), push.edits - 1, "nothing half-written, operation {after}");
        assert!(push.office().app.store.is_writable(), "operation {after}");
        assert!(push.push_again(0, Fault::Full, 0), "operation {after}");
        assert_eq!((push.logged(), push.phone.unsent()), (push.edits, 0), "operation {after}");
    }
    panic!("the push never comes through");
}
