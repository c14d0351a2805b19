//! The open format: out as an ordinary Automerge document, in through the gate, and what was
//! stored by the first version still loads.

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ROOT};
use docket_protocol::ids::RecordId;
use docket_protocol::record::{self, RecordKind, read};
use docket_protocol::signoff::{Purpose, content_digest, verify_proof};
use docket_protocol::wire::Verdict;
use serde_json::Value as Json;

use crate::support::{Answer, Office, Phone, vectors};

const BINARY: &str = "application/octet-stream";

fn token(office: &Office, login: &str) -> String {
    Phone::of(office, login).access_token
}

fn bring(office: &Office, login: &str, file: &[u8]) -> Answer {
    office.post("/v1/docs", Some(&token(office, login)), BINARY, file)
}

/// A job with some content, exported.
fn exported(office: &Office) -> (RecordId, Vec<u8>) {
    let mut ada = Phone::of(office, "ada");
    let job = ada.open_job("Flow meter reads high");
    ada.set(job, "report/cause", "更换后正常");
    ada.sync();
    let file = office.get(&format!("/v1/docs/{job}.automerge"), Some(&ada.access_token));
    assert_eq!((file.status, file.content_type.as_str()), (200, BINARY));
    (job, file.body)
}

#[test]
fn a_record_goes_out_as_a_document_and_comes_in_through_the_gate() {
    let office = Office::open();
    let (job, file) = exported(&office);
    let answer = bring(&office, "dora", &file);
    assert_eq!(answer.status, 201, "{}", answer.json());
    let record = answer.json()["record"].as_str().expect("an id").to_owned();
    assert_ne!(record, job.to_string(), "a record of its own");
    let again = office.get(&format!("/v1/docs/{record}.automerge"), Some(&token(&office, "dora")));
    let heads = |file: &[u8]| Automerge::load(file).expect("a document").get_heads();
    assert_eq!(heads(&again.body), heads(&file), "the same history");
}

#[test]
fn what_the_gate_refuses_is_reported_and_nothing_goes_in() {
    let office = Office::open();
    let (_, file) = exported(&office);
    let rows = office.log_rows();
    let mut doc = record::load(&file, ActorId::from([5; 16])).expect("a document");
    let mut tx = doc.transaction();
    tx.put(ROOT, "secret", "a field nobody knows").expect("a put");
    tx.commit();
    let answer = bring(&office, "dora", &doc.save());
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["refused"][0]["code"], "unknown-field");
    assert_eq!(answer.json()["refused"][0]["path"], "secret");
    for (who, file, status) in [
        ("dora", b"no document".to_vec(), 400),
        ("dora", Automerge::new().save(), 400),
        ("dora", file[..file.len() - 1].to_vec(), 400),
        ("ada", file, 403),
    ] {
        assert_eq!(bring(&office, who, &file).status, status);
    }
    assert_eq!(office.log_rows(), rows);
}

/// FAULTS row 92: everything that the first version has written still loads and still holds.
#[test]
fn what_version_one_wrote_still_loads_and_holds() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let changes = vectors::split(&vectors::kept("v1/job.changes", || {
        unreachable!("the gate's tests keep it")
    }));
    let job = RecordId::new(1, [1; 10]);
    let verdicts = ada.push(job, changes);
    assert!(verdicts.iter().all(|word| matches!(word, Verdict::Accepted(_))), "{verdicts:?}");
    let stored = office.get(&format!("/v1/docs/{job}.automerge"), Some(&ada.access_token)).body;
    let content = read::content(&document(&stored), RecordKind::Job);
    let kept = vectors::kept("v1/job.content.json", || content.to_string().into_bytes());
    assert_eq!(content, serde_json::from_slice::<Json>(&kept).expect("JSON"));

    let signed = std::cell::OnceCell::new();
    let signed = || signed.get_or_init(|| signed_job(&office)).clone();
    let document_file = vectors::kept("v1/signed.automerge", || signed().0);
    let proof_file = vectors::kept("v1/signed.proof.json", || signed().1);
    let proof = verify_proof(&proof_file).expect("the proof holds");
    let doc = document(&document_file);
    let heads: Vec<_> = proof.statement.heads.iter().map(|head| (*head).into()).collect();
    let content = read::content_at(&doc, RecordKind::Job, &heads).expect("the signed version");
    assert_eq!(content_digest(&content), proof.statement.content_digest);
    let signatures = docket_protocol::signoff::Signed::all_in(&doc);
    assert!(signatures.iter().all(|(_, signed)| signed.verify().is_ok()) && !signatures.is_empty());
}

fn document(file: &[u8]) -> Automerge {
    record::load(file, ActorId::from([0; 16])).expect("a document")
}

/// A signed job: its document and the proof of its sign-off.
fn signed_job(office: &Office) -> (Vec<u8>, Vec<u8>) {
    let mut ada = Phone::of(office, "ada");
    let job = ada.open_job("水泵异响");
    ada.set(job, "report/cause", "Worn bearing");
    ada.sync();
    let signoff = ada.sign_off(job, Purpose::Report);
    ada.sync();
    let get = |path: &str| office.get(path, Some(&ada.access_token)).body;
    let proof = get(&format!("/v1/docs/{job}/signoffs/{signoff}/proof"));
    (get(&format!("/v1/docs/{job}.automerge")), proof)
}
