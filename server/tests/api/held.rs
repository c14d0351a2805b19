//! Held work: nobody's work is dropped because they could not know, nothing of it reaches a
//! record without a decision, and the decision is seen by all and told to its author.

use docket_protocol::change::read_head;
use docket_protocol::edit::Edit;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::record::path::Path;
use docket_protocol::role::Role;
use docket_protocol::signoff::Purpose;
use docket_protocol::wire::{Item, Verdict};
use docket_server::people;
use serde_json::{Value as Json, json};

use crate::support::{Answer, Office, Phone};

/// Ada's phone with a job that was handed to Ben before she came back into coverage.
struct Late<'o> {
    office: &'o Office,
    ada: Phone<'o>,
    max: String,
    job: RecordId,
}

impl<'o> Late<'o> {
    fn new(office: &'o Office) -> Self {
        let job = office.job_for("ada", "Boiler trips");
        let mut ada = Phone::of(office, "ada");
        ada.sync();
        Self { office, ada, max: Phone::of(office, "max").access_token, job }
    }

    fn hand_over(&self) {
        let edit = Edit::Assign { lead: self.office.user("ben") };
        self.office.desk_edit("dora", self.job, edit).unwrap();
    }

    fn hashes(&self) -> Vec<ChangeHash> {
        hashes(&self.ada.unsent[&self.job])
    }

    fn held(&self) -> Json {
        self.office.get("/v1/held", Some(&self.max)).json()
    }

    fn decide(&self, changes: &[ChangeHash], accepted: bool, note: &str) -> Answer {
        let body = json!({"changes": changes, "accepted": accepted, "note": note});
        let path = format!("/v1/held/{}/decision", self.job);
        self.office.post_json(&path, Some(&self.max), &body)
    }

    fn content(&self) -> Json {
        self.job()["content"].clone()
    }

    fn job(&self) -> Json {
        self.office.get(&format!("/v1/jobs/{}", self.job), Some(&self.max)).json()
    }
}

fn hashes(changes: &[Vec<u8>]) -> Vec<ChangeHash> {
    changes.iter().map(|change| read_head(change).unwrap().hash).collect()
}

fn held(reason: &str) -> Verdict {
    Verdict::Held(reason.to_owned())
}

#[test]
fn accepted_work_enters_the_record_as_its_authors_and_its_author_is_told() {
    let office = Office::open();
    let mut late = Late::new(&office);
    late.ada.set(late.job, "visit/arrived_at", 5_000);
    late.ada.set(late.job, "report/cause", "Worn bearing");
    late.hand_over();
    let changes = late.hashes();
    late.ada.sync();

    let waiting = &late.held()["waiting"];
    assert_eq!(waiting.as_array().unwrap().len(), 1, "one piece of work: {waiting}");
    let piece = &waiting[0];
    assert_eq!(piece["author_name"], "Ada Novak");
    assert_eq!(
        (&piece["device_name"], &piece["title"]),
        (&json!("ada's phone"), &json!("Boiler trips"))
    );
    assert_eq!(piece["changes"].as_array().unwrap().len(), 2);
    assert_eq!(piece["changes"][1]["paths"], json!(["report/cause"]));
    assert_eq!(piece["changes"][0]["reason"], "no-longer-assigned");
    assert_eq!(piece["changes"][0]["refusal"], Json::Null);
    assert_eq!(late.content()["report"]["cause"], "");

    let answer = late.decide(&changes, true, "She was there");
    assert_eq!(answer.status, 200, "{}", answer.json());
    let job = late.job();
    assert_eq!(job["content"]["report"]["cause"], "Worn bearing");
    assert_eq!(job["timeline"][0]["author"], "Ada Novak");
    assert_eq!(job["timeline"][0]["device"], "ada's phone");
    let decision = &job["decisions"][0];
    assert_eq!((&decision["by"], &decision["author"]), (&json!("Max Weber"), &json!("Ada Novak")));
    assert_eq!((&decision["accepted"], &decision["changes"]), (&json!(true), &json!(2)));
    assert_eq!(decision["note"], "She was there");
    assert_eq!(decision["seq"], answer.json()["seq"]);
    assert_eq!(late.held()["waiting"], json!([]));

    late.ada.sync();
    let told: Vec<_> = changes.iter().map(|hash| (*hash, true, "She was there".into())).collect();
    assert_eq!(late.ada.decided, told);
    late.ada.sync();
    assert_eq!(late.ada.decided.len(), 2, "told once");
    assert_eq!(late.decide(&changes, false, "no").status, 404, "what is in the record stays");
    let sound = office.app.store.read_blocking(|sql| {
        docket_server::log::verify(sql, office.tenant)
            .map_err(docket_server::store::StoreError::from)
    });
    assert!(sound.unwrap().is_ok(), "the chain covers held work and decisions");
}

#[test]
fn set_aside_work_is_kept_for_ever_and_can_be_taken_back() {
    let office = Office::open();
    let mut late = Late::new(&office);
    late.ada.set(late.job, "report/cause", "Worn bearing");
    late.hand_over();
    let changes = late.hashes();
    let bytes = late.ada.unsent[&late.job].clone();
    late.ada.sync();

    assert_eq!(late.decide(&changes, false, " ").code(), "bad-note", "without a reason");
    assert_eq!(late.decide(&changes, false, "Ben did it").status, 200);
    assert_eq!(late.content()["report"]["cause"], "");
    let aside = &late.held()["set_aside"][0];
    assert_eq!(aside["decision"]["note"], "Ben did it");
    assert_eq!(aside["decision"]["by"], "Max Weber");
    late.ada.sync();
    assert_eq!(late.ada.decided, [(changes[0], false, "Ben did it".into())]);

    // Sending it again, even with the job back in her hands, does not get round the decision.
    let back = Edit::Assign { lead: office.user("ada") };
    office.desk_edit("dora", late.job, back).unwrap();
    assert_eq!(late.ada.push(late.job, bytes), [held("no-longer-assigned")]);
    assert_eq!(late.content()["report"]["cause"], "");

    assert_eq!(late.decide(&changes, true, "").status, 200, "taken back");
    assert_eq!(late.content()["report"]["cause"], "Worn bearing");
    late.ada.sync();
    assert_eq!(late.ada.decided[1], (changes[0], true, String::new()));
    assert_eq!(late.job()["decisions"].as_array().unwrap().len(), 2);
}

#[test]
fn what_the_gate_refuses_cannot_be_accepted_and_stays_held() {
    let office = Office::open();
    let mut late = Late::new(&office);
    late.ada.set(late.job, "report/cause", "good words");
    late.ada.hack(late.job, |tx| {
        use automerge::transaction::Transactable;
        tx.put(automerge::ROOT, "smuggled", true).unwrap();
    });
    late.hand_over();
    let changes = late.hashes();
    late.ada.sync();
    assert_eq!(late.held()["waiting"][0]["changes"][1]["refusal"], "unknown-field");
    let rows = office.log_rows();
    let answer = late.decide(&changes, true, "");
    assert_eq!((answer.status, answer.code()), (422, "unknown-field".to_owned()));
    assert_eq!(office.log_rows(), rows, "all or nothing");
    assert_eq!(late.content()["report"]["cause"], "");
    assert_eq!(late.held()["waiting"][0]["changes"].as_array().unwrap().len(), 2);
    // The good one alone is fine.
    assert_eq!(late.decide(&changes[..1], true, "").status, 200);
    assert_eq!(late.content()["report"]["cause"], "good words");
}

#[test]
fn later_edits_on_held_work_wait_with_it_and_nothing_is_asked_for_again_and_again() {
    let office = Office::open();
    let mut late = Late::new(&office);
    late.ada.set(late.job, "report/cause", "first");
    late.hand_over();
    let first = late.ada.unsent.remove(&late.job).unwrap();
    assert_eq!(late.ada.push(late.job, first.clone()), [held("no-longer-assigned")]);
    let back = Edit::Assign { lead: office.user("ada") };
    office.desk_edit("dora", late.job, back).unwrap();
    late.ada.set(late.job, "report/treatment", "second");
    let second = late.ada.unsent.remove(&late.job).unwrap();
    for _ in 0..2 {
        assert_eq!(late.ada.push(late.job, second.clone()), [held("depends-on-held")]);
    }
    // Accepting the later one brings what it stands on.
    let answer = late.decide(&hashes(&second), true, "");
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(late.content()["report"]["cause"], "first");
    assert_eq!(late.content()["report"]["treatment"], "second");
    assert_eq!(late.held()["waiting"], json!([]));
}

#[test]
fn a_signature_given_before_anyone_could_know_is_accepted_with_its_receipt() {
    let office = Office::open();
    let mut late = Late::new(&office);
    let signoff = late.ada.sign_off(late.job, Purpose::Report);
    late.hand_over();
    let changes = late.hashes();
    late.ada.sync();
    assert_eq!(late.decide(&changes, true, "").status, 200);
    let proof = format!("/v1/docs/{}/signoffs/{signoff}/proof", late.job);
    let proof = office.get(&proof, Some(&late.max));
    docket_protocol::signoff::verify_proof(&proof.body).unwrap();
}

#[test]
fn work_under_a_role_that_ended_unnoticed_is_held_and_judged_by_that_role() {
    let office = Office::open();
    let adam = office.scope("adam");
    let mut late = Late::new(&office);
    late.ada.set(late.job, "report/cause", "Worn bearing");
    let user = office.user("ada");
    let store = &office.app.store;
    store.write_blocking(move |tx| people::set_role(tx, &adam, user, Role::Executive)).unwrap();
    let changes = late.hashes();
    // The old token says the old role; a new one costs a sign-in on this thin phone.
    assert_eq!(late.ada.send(&late.ada.request(Vec::new())).status, 401);
    let renewed = late.ada.refresh_with(&late.ada.refresh_token, &late.ada.key).json();
    late.ada.access_token = renewed["access_token"].as_str().unwrap().to_owned();
    let bytes = late.ada.unsent.remove(&late.job).unwrap();
    assert_eq!(late.ada.push(late.job, bytes), [held("role-changed")]);

    // What is written after the phone has heard of it is refused, like anything not allowed.
    late.ada.sync();
    late.ada.set(late.job, "report/advice", "Grease it");
    let knowing = late.ada.unsent.remove(&late.job).unwrap();
    assert_eq!(late.ada.push(late.job, knowing[..1].to_vec()), [held("depends-on-held")]);
    let mut fresh = Phone::of(&office, "ada");
    fresh.role = Role::Engineer;
    fresh.sync();
    fresh.set(late.job, "report/advice", "Grease it");
    let knowing = fresh.unsent.remove(&late.job).unwrap();
    let refused = Verdict::Refused("not-allowed".into(), Path::new("report/advice"));
    assert_eq!(fresh.push(late.job, knowing), [refused]);

    assert_eq!(late.decide(&changes, true, "").status, 200);
    assert_eq!(late.content()["report"]["cause"], "Worn bearing");
}

#[test]
fn decisions_are_made_by_desk_and_manager_about_one_persons_work_at_a_time() {
    let office = Office::open();
    let mut late = Late::new(&office);
    let helper = Path::new("assignment/helpers").child(office.user("ben"));
    let helps = |on: bool| Edit::SetField { path: helper.clone(), value: on.into() };
    office.desk_edit("dora", late.job, helps(true)).unwrap();
    let mut ben = Phone::of(&office, "ben");
    ben.sync();
    late.ada.sync();
    late.ada.set(late.job, "report/cause", "Ada's words");
    ben.set(late.job, "report/advice", "Ben's words");
    office.desk_edit("dora", late.job, helps(false)).unwrap();
    let edit = Edit::Assign { lead: office.user("dora") };
    office.desk_edit("dora", late.job, edit).unwrap();
    let both = [late.hashes(), hashes(&ben.unsent[&late.job])].concat();
    late.ada.sync();
    ben.sync();
    assert_eq!(late.held()["waiting"].as_array().unwrap().len(), 2);
    assert_eq!(late.decide(&both, true, "").status, 404);
    for (login, status) in [("ada", 404), ("eve", 403), ("adam", 403), ("dora", 200)] {
        let token = Phone::of(&office, login).access_token;
        let body = json!({"changes": [both[0]], "accepted": true});
        let path = format!("/v1/held/{}/decision", late.job);
        assert_eq!(office.post_json(&path, Some(&token), &body).status, status, "{login}");
    }
}

#[test]
fn a_page_of_news_tells_only_of_the_decisions_before_its_end() {
    let office = Office::open();
    let mut late = Late::new(&office);
    late.ada.set(late.job, "report/cause", "Worn bearing");
    late.hand_over();
    let changes = late.hashes();
    late.ada.sync();
    // More than a page of other news, then the decision.
    let prose = "流量计读数偏高，更换传感器后恢复正常。".repeat(2_000);
    for number in 0..44 {
        let job = office.job_for("ada", &format!("Job {number}"));
        let path = Path::new("intake/symptom");
        let edit = Edit::SetField { path, value: prose.as_str().into() };
        office.desk_edit("dora", job, edit).unwrap();
    }
    late.decide(&changes, true, "");
    let first = late.ada.sync();
    assert!(first.more);
    let tells = |items: &[Item]| items.iter().any(|item| matches!(item, Item::Decided { .. }));
    assert!(!tells(&first.items), "not yet: a broken download must not skip it");
    while late.ada.sync().more {}
    assert_eq!(late.ada.decided.len(), 1);
}
