//! What was signed stays what was signed, and anybody can check it.

use automerge::ActorId;
use automerge::transaction::Transactable;
use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::write::{create_entry, find, set_bytes};
use docket_protocol::signoff::{Outcome, Purpose, Signed, Statement, verify_proof};
use docket_protocol::wire::Verdict;
use docket_server::random::random;

use crate::support::{Office, Phone, change_with};

/// Ada has done a job and shows the report to the customer.
fn reported(office: &Office) -> (Phone<'_>, RecordId) {
    let mut ada = Phone::of(office, "ada");
    let job = office.job_for("ada", "Flow meter reads high");
    ada.sync();
    let fields = [("text".to_owned(), "换了传感器 and calibrated".into())];
    ada.edit(
        job,
        &Edit::AddEntry(NewEntry {
            collection: Path::new("steps"),
            id: ItemId::new(ada.clock_ms, random()),
            fields: fields.into(),
        }),
    );
    ada.set(job, "report/cause", "Sensor aged");
    ada.set(job, "report/finished_at", ada.clock_ms);
    (ada, job)
}

fn proof_path(job: RecordId, signoff: ItemId) -> String {
    format!("/v1/docs/{job}/signoffs/{signoff}/proof")
}

#[test]
fn a_signature_given_without_coverage_becomes_a_proof_anyone_can_check() {
    let office = Office::open();
    let (mut ada, job) = reported(&office);
    let signed_content = ada.content(job);
    let signoff = ada.sign_off(job, Purpose::Report);
    // Meanwhile the desk writes into the same job.
    let edit = Edit::SetField { path: "intake/priority".into(), value: "urgent".into() };
    office.desk_edit("dora", job, edit).unwrap();
    let verdicts = ada.sync().verdicts.remove(0).verdicts;
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Accepted(_))), "{verdicts:?}");

    let file = office.get(&proof_path(job, signoff), Some(&ada.access_token));
    assert_eq!(file.status, 200);
    let proof = verify_proof(&file.body).expect("the proof holds");
    assert_eq!(proof.content, signed_content, "the content is what the customer saw");
    assert_eq!(proof.receipt.engineer_name, "Ada Novak");
    assert_eq!(proof.receipt.organisation, "Northwind Instruments");
    assert_eq!(proof.receipt.device, ada.device);
    assert_eq!(proof.server_key, office.app.keys.server_key());
    let Verdict::Accepted(seq) = verdicts[verdicts.len() - 1] else { unreachable!() };
    assert_eq!(proof.receipt.seq, seq);
    let chain = office.count(&format!(
        "select count(*) from log where seq = {} and lower(hex(chain)) = '{}'",
        seq.0, proof.receipt.chain
    ));
    assert_eq!(chain, 1, "the receipt names the log's own chain hash");

    let said = office.post("/v1/verify", None, "application/json", &file.body).json();
    assert_eq!((said["valid"].as_bool(), said["ours"].as_bool()), (Some(true), Some(true)));
    let job_page = office.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token)).json();
    assert_eq!(job_page["stage"], "signed");
    assert_eq!(job_page["signoffs"][0]["statement"]["signatory"]["name"], "Wang Min");
}

/// FAULTS row 56: what the server holds or hands out cannot be altered unseen.
#[test]
fn every_altered_byte_of_a_proof_shows() {
    let office = Office::open();
    let (mut ada, job) = reported(&office);
    let signoff = ada.sign_off(job, Purpose::Report);
    ada.sync();
    let file = office.get(&proof_path(job, signoff), Some(&ada.access_token)).body;
    assert!(verify_proof(&file).is_ok());
    for at in 0..file.len() {
        let mut altered = file.clone();
        altered[at] ^= 1;
        assert!(verify_proof(&altered).is_err(), "byte {at}");
    }
    let mut altered = file.clone();
    altered[100] ^= 1;
    let said = office.post("/v1/verify", None, "application/json", &altered).json();
    assert_eq!(said["valid"], false);
}

/// A colleague's work that arrived meanwhile stands on the engineer's own last change, which the
/// change that carries the sign-off names among its parents all the same.
#[test]
fn a_sign_off_on_top_of_a_colleagues_work_holds() {
    let office = Office::open();
    let (mut ada, mut ben, job) = shared(&office);
    ben.set(job, "report/advice", "Grease it");
    ben.sync();
    ada.sync();
    let signoff = ada.sign_off(job, Purpose::Report);
    let verdicts = ada.sync().verdicts.remove(0).verdicts;
    assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{verdicts:?}");
    let file = office.get(&proof_path(job, signoff), Some(&ada.access_token)).body;
    assert_eq!(verify_proof(&file).unwrap().content["report"]["advice"], "Grease it");
}

#[test]
fn a_proof_is_shown_only_to_those_who_see_the_job() {
    let office = Office::open();
    let (mut ada, job) = reported(&office);
    let signoff = ada.sign_off(job, Purpose::Report);
    ada.sync();
    let ben = Phone::of(&office, "ben");
    let dora = Phone::of(&office, "dora");
    assert_eq!(office.get(&proof_path(job, signoff), Some(&ben.access_token)).status, 404);
    assert_eq!(office.get(&proof_path(job, signoff), Some(&dora.access_token)).status, 200);
    let unknown = ItemId::new(1, random());
    assert_eq!(office.get(&proof_path(job, unknown), Some(&ada.access_token)).status, 404);
}

/// FAULTS rows 54, 57: a statement signed anew about something that is not so.
#[test]
fn a_statement_that_is_not_true_in_every_word_is_refused() {
    let office = Office::open();
    let (mut ada, job) = reported(&office);
    ada.sync();
    let other_job = office.job_for("ada", "Another job");
    type Lie = Box<dyn Fn(&mut Statement)>;
    let lies: Vec<(&str, Lie)> = vec![
        ("another job", Box::new(move |statement| statement.record = other_job)),
        (
            "another organisation",
            Box::new(|s| s.tenant = docket_protocol::ids::TenantId::new(1, [1; 10])),
        ),
        ("another engineer", Box::new(|s| s.engineer = UserId::new(1, [1; 10]))),
        ("other photos", Box::new(|s| s.attachment_digests = vec!["00".repeat(32)])),
        ("other content", Box::new(|s| s.content_digest = "00".repeat(32))),
        ("another version", Box::new(|s| s.heads.clear())),
        ("another shape", Box::new(|s| s.schema = 2)),
        ("another drawing", Box::new(|s| s.drawing_digest = "00".repeat(32))),
        ("another id", Box::new(|s| s.signoff = ItemId::new(1, [1; 10]))),
        ("six stars", Box::new(|s| s.satisfaction = Some(6))),
        ("another meaning", Box::new(|s| s.domain = "docket-receipt-1".into())),
    ];
    let rows = office.log_rows();
    for (name, lie) in lies {
        let truth = ada.statement(job, Purpose::Report);
        let mut statement = truth.clone();
        lie(&mut statement);
        let verdicts =
            ada.push(job, vec![carrying(&ada, job, truth.signoff, &ada.sign(&statement))]);
        assert!(is_refused(&verdicts, "bad-signoff"), "{name}: {verdicts:?}");
    }
    // Signed by another key, though it names the right one.
    let ben = Phone::of(&office, "ben");
    let statement = ada.statement(job, Purpose::Report);
    let chunk = carrying(&ada, job, statement.signoff, &ben.sign(&statement));
    assert!(is_refused(&ada.push(job, vec![chunk]), "bad-signoff"));
    assert_eq!(office.log_rows(), rows);
    assert_eq!(office.count("select count(*) from signoffs"), 0);
    // A refusal by the customer is a statement, too.
    let mut statement = ada.statement(job, Purpose::Report);
    statement.outcome = Outcome::Refused;
    statement.reservations = "Still leaks".into();
    let chunk = carrying(&ada, job, statement.signoff, &ada.sign(&statement));
    assert!(matches!(ada.push(job, vec![chunk])[..], [Verdict::Accepted(_)]));
}

#[test]
fn a_sign_off_stands_alone_in_its_change() {
    let office = Office::open();
    let (mut ada, job) = reported(&office);
    ada.sync();
    let statement = ada.statement(job, Purpose::Report);
    let signed = ada.sign(&statement);
    let mut doc = ada.records[&job].1.clone();
    let chunk = change_with(&mut doc, |tx| {
        put_signoff(tx, statement.signoff, &signed);
        let report = find(tx, &Path::new("report")).unwrap();
        tx.put(report, "outcome", "solved").unwrap();
    });
    let verdicts = ada.push(job, vec![chunk]);
    assert!(is_refused(&verdicts, "signoff-not-alone"), "{verdicts:?}");
}

/// FAULTS row 54: a sign-off as it was given, carried to where it was not given.
#[test]
fn a_sign_off_replayed_elsewhere_is_refused() {
    let office = Office::open();
    let (mut ada, job) = reported(&office);
    let statement = ada.statement(job, Purpose::Report);
    let signed = ada.sign(&statement);
    let other_job = office.job_for("ada", "Another job");
    ada.sync();
    let mut ben = Phone::of(&office, "ben");
    let bens = office.job_for("ben", "Ben's job");
    ben.sync();
    let changes = office.count("select count(*) from log where kind = 'change'");
    // Another job; the same job under another id; another phone.
    let elsewhere = carrying(&ada, other_job, statement.signoff, &signed);
    assert!(is_refused(&ada.push(other_job, vec![elsewhere]), "bad-signoff"));
    let under_another_id = carrying(&ada, job, ItemId::new(1, random()), &signed);
    assert!(is_refused(&ada.push(job, vec![under_another_id]), "bad-signoff"));
    let by_another = carrying(&ben, bens, statement.signoff, &signed);
    assert!(is_refused(&ben.push(bens, vec![by_another]), "bad-signoff"));
    assert_eq!(office.count("select count(*) from signoffs"), 0);
    assert_eq!(office.count("select count(*) from log where kind = 'change'"), changes);
    // Where it was given, it holds.
    ada.edit(job, &Edit::SignOff { signoff: statement.signoff, signed });
    let verdicts = ada.sync().verdicts.remove(0).verdicts;
    assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{verdicts:?}");
}

/// A second sign-off under the id of the first, by somebody who claims not to have seen it, must
/// not take its place.
#[test]
fn a_sign_off_cannot_be_shadowed_by_another_of_the_same_id() {
    let office = Office::open();
    let (mut ada, job) = reported(&office);
    ada.sync();
    let before = ada.records[&job].1.clone();
    let signoff = ada.sign_off(job, Purpose::Report);
    ada.sync();
    let after = std::mem::replace(&mut ada.records.get_mut(&job).unwrap().1, before);
    let mut statement = ada.statement(job, Purpose::Report);
    statement.signoff = signoff;
    statement.outcome = Outcome::Refused;
    let chunk = carrying(&ada, job, signoff, &ada.sign(&statement));
    assert!(is_refused(&ada.push(job, vec![chunk]), "already-there"));
    ada.records.get_mut(&job).unwrap().1 = after;
    let page = office.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token)).json();
    assert_eq!(page["stage"], "signed");
    assert_eq!(page["signoffs"].as_array().unwrap().len(), 1);
}

/// Ada and Ben work on one job; both have it on their phones.
fn shared(office: &Office) -> (Phone<'_>, Phone<'_>, RecordId) {
    let (mut ada, job) = reported(office);
    ada.sync();
    let path = Path::new("assignment/helpers").child(office.user("ben"));
    office.desk_edit("dora", job, Edit::SetField { path, value: true.into() }).unwrap();
    ada.sync();
    let mut ben = Phone::of(office, "ben");
    ben.sync();
    (ada, ben, job)
}

/// FAULTS row 55: kept, flagged in lists, listed field by field, and the proof is the same file.
#[test]
fn late_edits_are_listed_beside_the_sign_off_whichever_arrives_first() {
    for sign_off_first in [true, false] {
        let office = Office::open();
        let (mut ada, mut ben, job) = shared(&office);
        let signoff = ada.sign_off(job, Purpose::Report);
        ben.set(job, "report/cause", "Worn bearing");
        ben.set(job, "intake/caller", "Li");
        let file =
            |ada: &Phone<'_>| office.get(&proof_path(job, signoff), Some(&ada.access_token)).body;
        let proof_before = if sign_off_first {
            let verdicts = ada.sync().verdicts.remove(0).verdicts;
            assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{verdicts:?}");
            let before = file(&ada);
            ben.sync();
            Some(before)
        } else {
            ben.sync();
            ada.sync();
            None
        };
        let page = office.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token)).json();
        assert_eq!((&page["late_edits"], &page["stage"]), (&1.into(), &"signed".into()));
        let late = &page["signoffs"][0]["late_edits"];
        assert_eq!(late.as_array().unwrap().len(), 1, "the caller was not signed: {late}");
        let late = &late[0];
        assert_eq!(late["path"], "report/cause");
        assert_eq!(
            (&late["signed"], &late["later"]["value"]),
            (&"Sensor aged".into(), &"Worn bearing".into())
        );
        assert_eq!(late["later"]["user_name"], "Ben Okafor");
        assert_eq!(late["later"]["device_name"], "ben's phone");
        assert_eq!(late["later"]["written_at"], ben.clock_ms);
        assert!(late["later"]["received_at"].as_i64().unwrap() > 0);
        assert_eq!(late["arrived_before"], !sign_off_first);
        let list = office.get("/v1/jobs", Some(&ada.access_token)).json();
        assert_eq!(list["jobs"][0]["late_edits"], 1);
        let proof = verify_proof(&file(&ada)).unwrap();
        assert_eq!(proof.content["report"]["cause"], "Sensor aged");
        if let Some(before) = proof_before {
            assert_eq!(file(&ada), before, "the same bytes as before the late edit");
        }
    }
}

/// FAULTS row 58: both stay, both verify, each for its version, and the difference is shown.
#[test]
fn two_sign_offs_at_once_are_both_kept() {
    let office = Office::open();
    let (mut ada, mut ben, job) = shared(&office);
    ben.set(job, "report/advice", "Grease it");
    let signoffs = [ada.sign_off(job, Purpose::Report), ben.sign_off(job, Purpose::Report)];
    ada.sync();
    let verdicts = ben.sync().verdicts.remove(0).verdicts;
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Accepted(_))), "{verdicts:?}");
    let page = office.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token)).json();
    let listed = page["signoffs"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    for (at, signoff) in signoffs.iter().enumerate() {
        let file = office.get(&proof_path(job, *signoff), Some(&ada.access_token)).body;
        let proof = verify_proof(&file).expect("the proof holds");
        assert_eq!(proof.statement.heads, heads(&listed[at]), "each names its own version");
        assert_eq!(listed[at]["binds"], true);
        let other = &listed[at]["other_versions"][0];
        assert_eq!(other["signoff"], signoffs[1 - at].to_string());
        assert_eq!(other["fields"][0]["path"], "report/advice");
    }
    let late = |at: usize| listed[at]["late_edits"].as_array().unwrap().len();
    assert_eq!((late(0), late(1)), (1, 0), "Ben's advice stands beside what Ada's customer signed");
}

fn heads(signoff: &serde_json::Value) -> Vec<docket_protocol::ids::ChangeHash> {
    serde_json::from_value(signoff["statement"]["heads"].clone()).unwrap()
}

#[test]
fn a_settled_conflict_is_remembered_with_both_clocks() {
    let office = Office::open();
    let (mut ada, mut ben, job) = shared(&office);
    ada.set(job, "intake/priority", "low");
    ben.set(job, "intake/priority", "urgent");
    ada.sync();
    ben.sync();
    let page = || office.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token)).json();
    assert_eq!(page()["conflicts"][0]["open"], true);
    assert!(page()["settlements"].as_array().unwrap().is_empty());
    let high = Edit::SetField { path: "intake/priority".into(), value: "high".into() };
    office.desk_edit("dora", job, high).unwrap();
    let page = page();
    assert!(page["conflicts"].as_array().unwrap().is_empty());
    let settlement = &page["settlements"][0];
    assert_eq!(
        (&settlement["path"], &settlement["rule"]),
        (&"intake/priority".into(), &"register".into())
    );
    assert_eq!(settlement["settled"]["value"], "high");
    assert_eq!(settlement["settled"]["user_name"], "Dora Lin");
    for value in settlement["values"].as_array().unwrap() {
        assert!(value["written_at"].as_i64() > Some(0) && value["received_at"].as_i64() > Some(0));
        assert!(value["device_name"].as_str().unwrap().ends_with("phone"), "{value}");
    }
    assert_eq!(settlement["values"].as_array().unwrap().len(), 2);
}

fn is_refused(verdicts: &[Verdict], wanted: &str) -> bool {
    matches!(verdicts, [Verdict::Refused(code, _)] if code == wanted)
}

/// A change that puts a signed statement into the job, true or not.
fn carrying(phone: &Phone<'_>, job: RecordId, signoff: ItemId, signed: &Signed) -> Vec<u8> {
    let mut doc = phone.records[&job].1.clone();
    doc.set_actor(ActorId::from(random::<16>()));
    change_with(&mut doc, |tx| put_signoff(tx, signoff, signed))
}

fn put_signoff(tx: &mut automerge::transaction::Transaction<'_>, signoff: ItemId, signed: &Signed) {
    let path = Path::new("signoffs").child(signoff);
    create_entry(tx, RecordKind::Job, &path).unwrap();
    set_bytes(tx, &path.child("statement"), &signed.statement).unwrap();
    set_bytes(tx, &path.child("signature"), &signed.signature).unwrap();
    set_bytes(tx, &path.child("drawing"), &signed.drawing).unwrap();
}
