//! The server is put back from an older backup: everything that any phone still holds returns,
//! other people's work included, and nothing is there twice.

use docket_client_core::{Medium, RequestKind};
use docket_protocol::change::read_head;
use docket_protocol::limits::{INFLATED_BYTES_MAX, PROSE_CHARS_MAX, PULL_BYTES_TARGET};
use docket_protocol::signoff::verify_proof;
use docket_protocol::wire::{self, Item, SyncResponse, Verdict};
use docket_tests::disk::Disk;
use docket_tests::pocket::{OfficeJob, Pocket};
use docket_tests::{Answer, Backup, Image, Link, Phone, Server};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

struct Site {
    server: Server,
    folder: TempDir,
    record: String,
}

impl Site {
    /// A job that Ada leads and Lin helps with.
    fn new() -> Self {
        let server = Server::start();
        let desk = server.desk();
        let record = desk.open_job(&json!({
            "intake/title": "Flow meter reads high", "intake/customer": "华东水务",
        }));
        desk.assign(&record, "Ada Novak");
        desk.add_helper(&record, "Lin Tao");
        Self { server, folder: tempfile::tempdir().unwrap(), record }
    }

    fn phone(&self, login: &str, seed: u64) -> Phone {
        let mut phone = Phone::new(self.folder.path(), login, seed);
        phone.sign_in(&mut self.link(), login, self.server.password());
        phone
    }

    fn link(&self) -> Link {
        self.server.link()
    }

    fn backup(&mut self, what: Backup) -> Image {
        self.server.kill();
        let image = self.server.image(what);
        self.server.restart();
        image
    }

    fn put_back(&mut self, image: &Image) {
        self.server.kill();
        self.server.restore(image);
        self.server.restart();
    }

    fn office(&self, record: &str) -> Json {
        self.server.desk().job(record)
    }

    /// What `docket recover` says to a person; the server stays stopped.
    fn said(&mut self) -> String {
        self.server.kill();
        self.server.recover(&[])
    }

    fn recovered(&mut self) -> Json {
        self.server.kill();
        let report = self.server.recover(&["--json"]);
        self.server.restart();
        serde_json::from_str(&report).expect("JSON")
    }
}

/// Who wrote what, whatever its place in the log.
fn written(job: &Json) -> Vec<String> {
    let mut written: Vec<_> = job["timeline"]
        .as_array()
        .unwrap_or_else(|| panic!("{job}"))
        .iter()
        .map(|entry| format!("{} {} {}", entry["change"], entry["author"], entry["device"]))
        .collect();
    written.sort();
    written
}

/// FAULTS row 32: work of two phones and the desk, of which one phone is left.
#[test]
fn one_phone_brings_back_what_everybody_wrote() {
    for what in [Backup::Database, Backup::Folder] {
        let mut site = Site::new();
        let (mut ada, mut lin) = (site.phone("ada", 1), site.phone("lin", 2));
        ada.add_step(&site.record, "Cleaned the rotor");
        ada.sync(&mut site.link());
        let image = site.backup(what);

        ada.set(&site.record, "report/cause", "Worn bearing");
        ada.sync(&mut site.link());
        lin.add_step(&site.record, "校准零点");
        lin.sync(&mut site.link());
        let desk = site.server.desk();
        let caller = json!({"edit": "set_field", "path": "intake/caller", "value": "王芳"});
        desk.edit(&site.record, &caller);
        let late = desk.open_job(&json!({"intake/title": "Valve leaks"}));
        desk.assign(&late, "Ada Novak");
        ada.sync(&mut site.link());
        let before = [site.office(&site.record), site.office(&late)];

        site.put_back(&image);
        // Lin's phone is gone for good; on Ada's, work goes on upon what was lost.
        drop(lin);
        assert_eq!(ada.job(&site.record)["sync"], "merged", "nobody has told the phone yet");
        ada.sync(&mut site.link());
        for (record, before) in [&site.record, &late].into_iter().zip(&before) {
            let after = site.office(record);
            assert_eq!(after["content"], before["content"], "{what:?}");
            assert_eq!(written(&after), written(before), "{what:?}: same authors, nothing twice");
            assert_eq!(ada.job(record)["content"], after["content"], "{what:?}");
            assert_eq!(ada.job(record)["sync"], "merged", "{what:?}");
        }
        assert_eq!(ada.status()["unsent_edits"], 0, "{what:?}");
        let mut link = site.link();
        ada.sync(&mut link);
        assert_eq!(link.requests, 1, "{what:?}: both sides agree again");

        let report = site.recovered();
        assert_eq!(report["restores"].as_array().unwrap().len(), 1, "{report}");
        assert_eq!(report["changes_returned"], 5, "{what:?}: {report}");
        assert_eq!(report["records_returned"], 2, "{what:?}: {report}");
        assert_eq!(report["waiting"], 0, "{what:?}: {report}");
        let noticed_by = if what == Backup::Database { "mark-unknown" } else { "phone" };
        assert_eq!(report["restores"][0]["noticed_by"], noticed_by, "{report}");
    }
}

/// FAULTS row 32: the server has lost a record, and later edits of it arrive before the record
/// itself is handed back. They wait for it instead of being refused.
#[test]
fn edits_of_a_record_that_the_server_has_lost_wait_until_it_is_back() {
    let mut site = Site::new();
    let mut ada = site.phone("ada", 1);
    let image = site.backup(Backup::Database);
    let fields = json!({"intake/title": "Valve leaks"});
    let job = ada.ok(&json!({"do": "open_job", "fields": fields}))["record"].clone();
    let job = job.as_str().unwrap();
    ada.sync(&mut site.link());
    ada.add_step(job, "Turned it by hand");
    site.put_back(&image);
    ada.sync(&mut site.link());
    assert_eq!(ada.ok(&json!({"do": "refused"})), json!([]));
    assert_eq!(ada.job(job)["sync"], "merged");
    assert_eq!(site.office(job)["content"], ada.job(job)["content"]);
}

/// FAULTS row 32: the server has lost that a job went to somebody else, and goes on sending it.
#[test]
fn a_job_that_left_and_comes_back_without_a_word_is_on_the_list_again() {
    let mut phone = Pocket::open(&Disk::new(1), Medium::File, 1).unwrap();
    phone.sign_in().unwrap();
    let mut job = OfficeJob::new(1, "Valve leaks");
    let record = job.record.to_string();
    phone.sync_all(vec![job.enters()]);
    phone.set(&record, "report/cause", "grit");
    let need = |_: &_, _| Verdict::Need(Vec::new());
    phone.sync(vec![Item::Leave(job.record)], need).unwrap();
    job.set("intake/priority", "high");
    phone.sync_all(vec![job.changes()]);
    let jobs = phone.ok(&json!({"do": "jobs"}));
    assert_eq!((&jobs[0]["record"], &jobs[0]["sync"]), (&json!(record), &json!("merged")));
    phone.set(&record, "report/cause", "rust");
}

/// FAULTS row 32: the server has lost that a job was somebody's, and meanwhile gives it to another.
#[test]
fn edits_of_a_job_that_the_server_forgot_to_be_theirs_wait_for_the_office() {
    let mut site = Site::new();
    let mut ada = site.phone("ada", 1);
    let desk = site.server.desk();
    let job = desk.open_job(&json!({"intake/title": "Valve leaks"}));
    let image = site.backup(Backup::Database);
    site.server.desk().assign(&job, "Ada Novak");
    ada.sync(&mut site.link());
    ada.add_step(&job, "Turned it by hand");
    site.put_back(&image);
    let desk = site.server.desk();
    for lead in ["Lin Tao", "Lin Tao", "Lin Tao"] {
        let caller = json!({"edit": "set_field", "path": "intake/caller", "value": lead});
        desk.edit(&job, &caller);
        desk.assign(&job, lead);
    }
    ada.sync(&mut site.link());
    ada.sync(&mut site.link());
    let status = ada.status();
    assert_eq!((&status["held"], &status["unsent_edits"]), (&json!(1), &json!(0)), "{status}");
    assert_eq!(ada.ok(&json!({"do": "refused"})), json!([]));
}

/// FAULTS row 32: the server has lost what it held, and asks for it by name.
#[test]
fn held_work_that_the_server_has_lost_is_sent_again_when_it_is_asked_for() {
    let mut phone = Pocket::open(&Disk::new(1), Medium::File, 1).unwrap();
    phone.sign_in().unwrap();
    let job = phone.open_job("Valve leaks");
    phone.sync_all(Vec::new());
    phone.set(&job, "report/cause", "grit");
    let held = |_: &_, _| Verdict::Held("device-revoked".into());
    let asked = phone.sync(Vec::new(), held).unwrap();
    let held = asked.pushes[0].changes[0].clone();
    phone.set(&job, "report/outcome", "solved");
    let lost = read_head(&held).unwrap().hash;
    let asked = phone.sync(Vec::new(), |_, _| Verdict::Need(vec![lost])).unwrap();
    assert_eq!(asked.pushes[0].changes.len(), 1);
    let asked = phone.sync_all(Vec::new());
    assert_eq!(asked.pushes[0].changes[0], held);
    assert_eq!(asked.pushes[0].changes.len(), 2);
    assert_eq!(phone.job(&job)["sync"], "merged");
}

/// FAULTS row 32: several phones hand back the same, and new work stands on what was lost.
#[test]
fn everybody_hands_back_and_nothing_is_there_twice() {
    let mut site = Site::new();
    let (mut ada, mut lin) = (site.phone("ada", 1), site.phone("lin", 2));
    let image = site.backup(Backup::Database);
    for step in ["one", "two"] {
        ada.add_step(&site.record, step);
        ada.sync(&mut site.link());
        lin.add_step(&site.record, &format!("{step}, too"));
        lin.sync(&mut site.link());
    }
    ada.sync(&mut site.link());
    let before = site.office(&site.record);

    site.put_back(&image);
    ada.set(&site.record, "report/cause", "Worn bearing");
    lin.set(&site.record, "report/treatment", "更换轴承");
    // The desk writes before any phone is back.
    let desk = site.server.desk();
    desk.edit(
        &site.record,
        &json!({"edit": "set_field", "path": "intake/caller", "value": "王芳"}),
    );
    for _ in 0..2 {
        lin.sync(&mut site.link());
        ada.sync(&mut site.link());
    }
    let after = site.office(&site.record);
    assert_eq!(after["content"]["steps"], before["content"]["steps"]);
    assert_eq!(after["content"]["report"]["cause"], "Worn bearing");
    assert_eq!(after["content"]["report"]["treatment"], "更换轴承");
    assert_eq!(after["content"]["intake"]["caller"], "王芳");
    assert_eq!(written(&after).len(), written(&before).len() + 3);
    for phone in [&mut ada, &mut lin] {
        assert_eq!(phone.job(&site.record)["content"], after["content"]);
        assert_eq!(phone.status()["unsent_edits"], 0);
    }
}

/// FAULTS row 32: what the customer signed comes back with a receipt of its own.
#[test]
fn a_lost_signature_comes_back_and_is_countersigned_again() {
    let mut site = Site::new();
    let mut ada = site.phone("ada", 1);
    let image = site.backup(Backup::Database);
    ada.set(&site.record, "report/cause", "Worn bearing");
    let job = ada.sign(&site.record, "王芳");
    let signoff = job["signoffs"][0]["id"].as_str().unwrap().to_owned();
    ada.sync(&mut site.link());
    let before = verify_proof(&site.server.desk().proof(&site.record, &signoff)).unwrap();

    site.put_back(&image);
    ada.sync(&mut site.link());
    let after = verify_proof(&site.server.desk().proof(&site.record, &signoff)).unwrap();
    assert_eq!(after.statement, before.statement);
    assert_eq!(after.content, before.content);
    assert_eq!(after.receipt.engineer, before.receipt.engineer);
    assert_ne!(after.receipt.chain, before.receipt.chain, "another place in another log");
}

/// FAULTS row 32: a restore in the middle of a first sync, and again before anybody was back.
#[test]
fn two_restores_in_a_row_lose_nothing_either() {
    let mut site = Site::new();
    let mut ada = site.phone("ada", 1);
    let first = site.backup(Backup::Database);
    ada.add_step(&site.record, "one");
    ada.sync(&mut site.link());
    let second = site.backup(Backup::Database);
    ada.add_step(&site.record, "two");
    ada.sync(&mut site.link());
    site.put_back(&second);
    site.put_back(&first);
    ada.restart();
    ada.sync(&mut site.link());
    let steps = site.office(&site.record)["content"]["steps"].clone();
    assert_eq!(steps.as_object().unwrap().len(), 2);
    assert_eq!(ada.job(&site.record)["content"]["steps"], steps);
}

/// Jobs for Ada that together are more than one answer carries.
fn more_than_a_page(site: &Site) {
    let prose = "🔧".repeat(PROSE_CHARS_MAX);
    let desk = site.server.desk();
    for number in 0..=PULL_BYTES_TARGET / prose.len() {
        let title = format!("Long story {number}");
        let job = desk.open_job(&json!({"intake/title": title, "intake/demand": prose}));
        desk.assign(&job, "Ada Novak");
    }
}

fn response(answer: &Answer) -> SyncResponse {
    wire::unpack(&answer.body, INFLATED_BYTES_MAX).expect("an answer to a sync")
}

/// FAULTS row 32: while pages follow, a phone's cursor is older than what it has pushed. Put back
/// to a moment in between, the server knows the cursor, and only the digest tells.
#[test]
fn a_quiet_restore_is_found_by_the_digest_and_the_change_comes_back() {
    let mut site = Site::new();
    let mut ada = site.phone("ada", 1);
    more_than_a_page(&site);
    let image = site.backup(Backup::Database);
    ada.set(&site.record, "report/cause", "Worn bearing");
    let (mut link, request) = (site.link(), ada.next_request().expect("a push"));
    let answer = link.carry(&request).expect("an answer");
    let said = response(&answer);
    let Verdict::Accepted(seq) = said.verdicts[0].verdicts[0] else { panic!("{said:?}") };
    assert!(said.more && said.cursor.seq < seq, "the cursor is older than the change");
    ada.answered(&request, Some(&answer));
    let before = site.office(&site.record);
    assert_eq!(before["content"]["report"]["cause"], "Worn bearing");

    site.put_back(&image);
    assert_eq!(site.office(&site.record)["content"]["report"]["cause"], "", "it is gone");
    let (mut link, mut kinds) = (site.link(), Vec::new());
    while let Some(request) = ada.next_request() {
        let answer = link.carry(&request).expect("an answer");
        let is_sync = request.kind == RequestKind::Sync;
        assert!(!is_sync || !response(&answer).rewound, "nobody says that it was put back");
        kinds.push(request.kind);
        ada.answered(&request, Some(&answer));
    }
    let comparisons = kinds.iter().filter(|kind| **kind == RequestKind::Reconcile).count();
    assert_eq!(comparisons, 1, "{kinds:?}");
    let after = site.office(&site.record);
    assert_eq!(after["content"], before["content"]);
    assert_eq!(written(&after), written(&before), "same authors, nothing twice");
    assert_eq!(ada.job(&site.record)["sync"], "merged");
    let mut link = site.link();
    ada.sync(&mut link);
    assert_eq!(link.requests, 1, "both sides agree again");
}

#[test]
fn recover_says_in_words_whom_to_wait_for() {
    let mut site = Site::new();
    let (mut ada, lin) = (site.phone("ada", 1), site.phone("lin", 2));
    let image = site.backup(Backup::Database);
    drop(lin);
    ada.add_step(&site.record, "Cleaned the rotor");
    ada.sync(&mut site.link());
    assert!(site.said().contains("never put back"));
    site.server.restore(&image);
    site.server.restart();
    ada.sync(&mut site.link());
    let said = site.said();
    for part in ["1 row of the log was lost", "1 change has come back"] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    let line = |name| said.lines().find(|line| line.contains(name)).unwrap_or(&said);
    assert!(line("Ada Novak").contains("in contact"), "{said}");
    assert!(line("Lin Tao").contains("not yet: work may still be on it"), "{said}");
}
