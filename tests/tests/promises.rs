//! The promises that a phone and a server keep together, each as a small story with the real
//! client core, the real server process and real HTTP between them.

use docket_protocol::signoff::verify_proof;
use docket_tests::{Link, Phone, Server};
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
            "intake/priority": "normal", "intake/level": "normal",
        }));
        desk.assign(&record, "Ada Novak");
        desk.add_helper(&record, "Lin Tao");
        Self { server, folder: tempfile::tempdir().unwrap(), record }
    }

    fn phone(&self, login: &str, seed: u64) -> (Phone, Link) {
        let mut phone = Phone::new(self.folder.path(), login, seed);
        let mut link = self.server.link();
        phone.sign_in(&mut link, login, self.server.password());
        link.requests = 0;
        (phone, link)
    }

    fn office(&self) -> Json {
        self.server.desk().job(&self.record)
    }
}

#[test]
fn nothing_recorded_is_ever_lost() {
    let mut site = Site::new();
    let (mut ada, mut link) = site.phone("ada", 1);
    site.server.kill();
    ada.add_step(&site.record, "Cleaned the rotor");
    ada.restart();
    ada.sync(&mut link);
    assert_eq!(ada.status()["unsent_edits"], 1, "no answer, nothing given up");
    ada.restart();
    site.server.restart();
    ada.sync(&mut link);
    assert_eq!(ada.status()["unsent_edits"], 0);
    assert_eq!(site.office()["content"]["steps"], ada.job(&site.record)["content"]["steps"]);
}

#[test]
fn one_round_trip_brings_everything_both_ways() {
    let site = Site::new();
    let (mut ada, mut link) = site.phone("ada", 1);
    site.server.desk().edit(
        &site.record,
        &json!({"edit": "set_field", "path": "intake/caller", "value": "王芳"}),
    );
    for step in 0..40 {
        ada.add_step(&site.record, &format!("step {step}"));
    }
    ada.sync(&mut link);
    assert_eq!(link.requests, 1);
    let job = ada.job(&site.record);
    assert_eq!(
        (&job["sync"], &job["content"]["intake"]["caller"]),
        (&json!("merged"), &json!("王芳"))
    );
    assert_eq!(site.office()["content"]["steps"].as_object().unwrap().len(), 40);
}

#[test]
fn nothing_new_costs_one_small_request() {
    let site = Site::new();
    let (mut ada, mut link) = site.phone("ada", 1);
    ada.ok(&json!({"do": "sync_now"}));
    let request = ada.next_request().unwrap();
    let answer = link.carry(&request).unwrap();
    assert!(request.body.len() < 300, "{} bytes up", request.body.len());
    assert!(answer.body.len() < 300, "{} bytes down", answer.body.len());
    ada.answered(&request, Some(&answer));
    assert!(ada.next_request().is_none());
}

#[test]
fn conflicts_are_seen_never_swallowed() {
    let site = Site::new();
    let (mut ada, mut ada_link) = site.phone("ada", 1);
    let (mut lin, mut lin_link) = site.phone("lin", 2);
    ada.set(&site.record, "intake/priority", "urgent");
    lin.set(&site.record, "intake/priority", "low");
    lin.add_step(&site.record, "校准零点");
    ada.add_step(&site.record, "Cleaned the rotor");
    ada.sync(&mut ada_link);
    lin.sync(&mut lin_link);
    ada.sync(&mut ada_link);
    for job in [ada.job(&site.record), lin.job(&site.record), site.office()] {
        assert_eq!(job["content"]["steps"].as_object().unwrap().len(), 2);
        let conflicts = job["conflicts"].as_array().unwrap();
        assert_eq!(conflicts.len(), 1, "{conflicts:?}");
        let text = conflicts[0].to_string();
        for part in ["intake/priority", "urgent", "low", "Ada Novak", "Lin Tao"] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
    assert_eq!(ada.job(&site.record)["content"], lin.job(&site.record)["content"]);
    ada.set(&site.record, "intake/priority", "urgent");
    ada.sync(&mut ada_link);
    assert_eq!(site.office()["conflicts"], json!([]), "a person chose, and that is an edit");
}

#[test]
fn what_was_signed_stays_what_was_signed() {
    let site = Site::new();
    let (mut ada, mut ada_link) = site.phone("ada", 1);
    let (mut lin, mut lin_link) = site.phone("lin", 2);
    ada.set(&site.record, "report/cause", "Worn bearing");
    let job = ada.sign(&site.record, "王芳");
    let signoff = job["signoffs"][0]["id"].as_str().unwrap().to_owned();
    lin.set(&site.record, "report/advice", "Check every quarter");
    ada.sync(&mut ada_link);
    let before = site.server.desk().proof(&site.record, &signoff);
    lin.sync(&mut lin_link);
    let after = site.server.desk().proof(&site.record, &signoff);
    assert_eq!(before, after, "a later merge does not touch the proof");
    let proof = verify_proof(&after).unwrap();
    assert_eq!(proof.content["report"]["cause"], "Worn bearing");
    assert_eq!(proof.content["report"].get("advice"), Some(&json!("")));
    ada.sync(&mut ada_link);
    let job = ada.job(&site.record);
    assert_eq!(job["signoffs"][0]["valid"], true);
    assert_eq!(job["signoffs"][0]["changed_since"], true, "the late edit shows beside it");
}

#[test]
fn an_edit_after_the_signature_does_not_reach_the_record() {
    let site = Site::new();
    let (mut ada, mut link) = site.phone("ada", 1);
    ada.sign(&site.record, "王芳");
    ada.sync(&mut link);
    let desk = site.server.desk();
    let (mut lin, _) = site.phone("lin", 2);
    let edit = json!({"edit": "set_field", "path": "report/cause", "value": "something else"});
    let command = json!({"do": "edit", "record": site.record, "edit": edit});
    assert_eq!(lin.error(&command), "locked-by-signoff");
    assert_eq!(desk.job(&site.record)["content"]["report"]["cause"], "");
}

#[test]
fn a_job_handed_on_leaves_the_phone_and_late_work_is_kept() {
    let site = Site::new();
    let (mut lin, mut link) = site.phone("lin", 2);
    let desk = site.server.desk();
    let lin_id = lin.status()["person"]["id"].as_str().unwrap().to_owned();
    let path = format!("assignment/helpers/{lin_id}");
    lin.add_step(&site.record, "written before anyone told me");
    desk.edit(&site.record, &json!({"edit": "set_field", "path": path, "value": false}));
    lin.sync(&mut link);
    assert_eq!(lin.status()["unsent_edits"], 0, "the server keeps it for a supervisor");
    assert_eq!(lin.ok(&json!({"do": "jobs"})), json!([]));
    assert!(site.office()["content"]["steps"].as_object().unwrap().is_empty());
    assert_eq!(lin.ok(&json!({"do": "held"}))[0]["reason"], "no-longer-assigned");

    // Set aside, it comes back to its author with the reason; taken back, it is in the record.
    let piece = desk.held()[0].clone();
    desk.decide(&piece, false, "Ada wrote it down already");
    lin.sync(&mut link);
    assert_eq!(lin.status()["held"], 0);
    let kept = lin.ok(&json!({"do": "refused"}));
    assert_eq!(kept[0]["note"], "Ada wrote it down already");
    assert_eq!(kept[0]["edit"]["fields"]["text"], "written before anyone told me");
    desk.decide(&piece, true, "");
    assert_eq!(site.office()["content"]["steps"].as_object().unwrap().len(), 1);
    desk.add_helper(&site.record, "Lin Tao");
    lin.sync(&mut link);
    assert_eq!(lin.ok(&json!({"do": "refused"})), json!([]), "it is accepted now");
    let job = lin.job(&site.record);
    assert_eq!(job["sync"], "merged");
    assert_eq!(job["content"]["steps"].as_object().unwrap().len(), 1);
}

#[test]
fn a_phone_that_opens_a_job_offline_shows_it_to_the_office() {
    let site = Site::new();
    let (mut ada, mut link) = site.phone("ada", 1);
    let fields = json!({"intake/title": "水泵异响", "intake/customer": "华东水务"});
    let view = ada.ok(&json!({"do": "open_job", "fields": fields}));
    let record = view["record"].as_str().unwrap();
    ada.sync(&mut link);
    assert_eq!(site.server.desk().job(record)["content"]["intake"]["title"], "水泵异响");
    assert_eq!(ada.job(record)["sync"], "merged");
}

#[test]
fn the_document_is_open_to_any_automerge() {
    let site = Site::new();
    let (mut ada, mut link) = site.phone("ada", 1);
    ada.set(&site.record, "report/cause", "Worn bearing");
    ada.sync(&mut link);
    let bytes = site.server.desk().document(&site.record);
    let doc = docket_protocol::automerge::Automerge::load(&bytes).unwrap();
    let content =
        docket_protocol::record::read::content(&doc, docket_protocol::record::RecordKind::Job);
    assert_eq!(content["report"]["cause"], "Worn bearing");
}
