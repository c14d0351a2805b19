//! The examples of the document: fixed people, keys and times, so that they change only when the
//! wire does.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::{BASE64, HEXLOWER};
use docket_protocol::automerge::{ActorId, Automerge};
use docket_protocol::change::read_head;
use docket_protocol::digest;
use docket_protocol::edit::{Author, Edit, apply};
use docket_protocol::ids::{
    ChangeHash, DeviceId, IncarnationId, ItemId, RecordId, Seq, TenantId, UserId,
};
use docket_protocol::record::path::Path;
use docket_protocol::record::{self, RecordKind, SCHEMA, read};
use docket_protocol::role::Role;
use docket_protocol::signoff::{
    Outcome, PROOF_FORMAT, Proof, Purpose, RECEIPT_DOMAIN, Receipt, STATEMENT_DOMAIN, Signatory,
    Signed, Statement, canonical, content_digest, countersign, hex_digest, verify_proof,
};
use docket_protocol::wire::{
    self, ActorAuthor, Cursor, DeviceReport, FilePiece, HandBack, HandInAnswer, HandOver, Item,
    Parcel, ReconcileRequest, ReconcileResponse, RecordChanges, RecordHeads, RecordPush,
    RecordSnapshot, RecordVerdicts, SyncEnvelope, SyncRequest, SyncResponse, VERSION, Verdict,
};
use ed25519_dalek::{Signer, SigningKey};
use minicbor::bytes::ByteVec;
use serde_json::{Value as Json, json};

use crate::notation::{Scribe, fenced, hex};
use crate::source;

const NOW: i64 = 1_795_000_000_000;
const DRAWING: &[u8] = b"a drawn name, as PNG";

/// Everything that is shown.
pub(crate) struct Examples {
    /// Blocks of text by their names; those of types are called as the types are.
    pub(crate) blocks: BTreeMap<String, String>,
    /// Of which types and variants there is one.
    pub(crate) shown: BTreeSet<String>,
    /// What is too long for a block, by file name.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// Makes all of them.
pub(crate) fn all() -> Examples {
    let types = source::types();
    let mut scribe = Scribe::new(&types);
    let in_cbor = [
        ("SyncEnvelope", wire::to_cbor(&envelope())),
        ("SyncRequest", wire::to_cbor(&request())),
        ("SyncResponse", wire::to_cbor(&response())),
        ("ReconcileRequest", wire::to_cbor(&reconcile())),
        ("ReconcileResponse", wire::to_cbor(&reconciled())),
        ("HandInAnswer", wire::to_cbor(&handed_in())),
        ("Parcel", wire::to_cbor(&parcel())),
        ("FilePiece", wire::to_cbor(&file_piece())),
        ("HandOver", wire::to_cbor(&hand_over())),
    ];
    let in_cbor = in_cbor.map(|(name, cbor)| (name, scribe.example(name, &cbor)));
    let others = [
        ("a change", a_change()),
        ("a packed body", a_packed_body()),
        ("a body taken apart", a_body_taken_apart()),
        ("a digest", a_digest()),
        ("LoginRequest", json_example(&login())),
        ("Statement", json_example(&statement())),
        ("signed bytes of a statement", signed_statement()),
        ("Receipt", json_example(&receipt())),
        ("Proof", json_example(&proof())),
    ];
    let all = in_cbor.into_iter().chain(others);
    let blocks = all.map(|(name, made)| (name.to_owned(), made)).collect();
    let Scribe { shown, files, .. } = scribe;
    Examples { blocks, shown, files }
}

// People and things.

fn tenant() -> TenantId {
    TenantId::new(NOW, [0x10; 10])
}

fn ada() -> UserId {
    UserId::new(NOW, [0xad; 10])
}

fn phone() -> DeviceId {
    DeviceId::new(NOW, [0xde; 10])
}

fn job() -> RecordId {
    RecordId::new(NOW, [0x0b; 10])
}

fn phone_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn server_key() -> SigningKey {
    SigningKey::from_bytes(&[8; 32])
}

fn public(key: &SigningKey) -> String {
    HEXLOWER.encode(key.verifying_key().as_bytes())
}

/// A job, and how it solved itself.
fn written() -> Automerge {
    let mut doc = record::empty(ActorId::from([0xac; 16]));
    let author = Author { user: ada(), role: Role::Engineer, now: NOW };
    let fields = [(Path::new("intake/title"), "Pump is loud".into())].into();
    let outcome = Edit::SetField { path: Path::new("report/outcome"), value: "solved".into() };
    for edit in [Edit::Create { fields, entries: Vec::new() }, outcome] {
        apply(&mut doc, RecordKind::Job, &edit, &author).expect("Ada may");
    }
    doc
}

/// The bytes of the job's second change.
fn change() -> Vec<u8> {
    written().get_last_local_change().expect("an edit").raw_bytes().to_vec()
}

fn heads() -> Vec<ChangeHash> {
    written().get_heads().into_iter().map(Into::into).collect()
}

// What travels.

fn cursor() -> Cursor {
    Cursor { seq: Seq(4_711), tag: *b"\x01\x02\x03\x04\x05\x06\x07\x08" }
}

fn push() -> RecordPush {
    RecordPush { record: job(), changes: vec![change().into()] }
}

fn request() -> SyncRequest {
    SyncRequest {
        version: VERSION,
        device: phone(),
        incarnation: IncarnationId::new(NOW, [0x1c; 10]),
        cursor: Some(cursor()),
        sent_at: NOW,
        pushes: vec![push()],
        hand_backs: vec![hand_back()],
        report: Some(device_report()),
    }
}

fn device_report() -> DeviceReport {
    DeviceReport {
        app_version: "0.1.0".to_owned(),
        unsent_changes: 3,
        unsent_jobs: 1,
        unsent_files: 2,
        unsent_signature_at: Some(NOW),
        storage_free_bytes: Some(2_000_000_000),
    }
}

fn envelope() -> SyncEnvelope {
    let nothing_new = SyncRequest { pushes: Vec::new(), hand_backs: Vec::new(), ..request() };
    let body = wire::to_cbor(&nothing_new);
    let signature = phone_key().sign(&wire::signed_bytes(&body)).to_bytes();
    SyncEnvelope { body: body.into(), signature }
}

fn record_verdicts() -> RecordVerdicts {
    let verdicts = vec![
        Verdict::Accepted(Seq(4_712)),
        Verdict::Duplicate,
        Verdict::Held("no-longer-assigned".to_owned()),
        Verdict::Need(heads()),
        Verdict::Refused("locked-by-signoff".to_owned(), Path::new("report/outcome")),
        Verdict::Fork,
    ];
    RecordVerdicts { record: job(), verdicts, attest: Some([0xa7; 16]) }
}

fn response() -> SyncResponse {
    SyncResponse {
        verdicts: vec![record_verdicts()],
        items: items(),
        cursor: Cursor { seq: Seq(4_712), ..cursor() },
        more: false,
        server_time: NOW + 70,
        rewound: false,
        digest: Some(digest::sum([digest::of_record(tenant(), job(), &heads())])),
        handed_back: vec![RecordVerdicts {
            record: job(),
            verdicts: vec![Verdict::Duplicate],
            attest: None,
        }],
    }
}

fn author() -> ActorAuthor {
    ActorAuthor { actor: vec![0xac; 16].into(), user: ada(), device: Some(phone()) }
}

fn snapshot() -> RecordSnapshot {
    RecordSnapshot {
        record: job(),
        kind: RecordKind::Job,
        document: written().save_nocompress().into(),
        authors: vec![author()],
        attest: Some([0xa7; 16]),
    }
}

fn changes() -> RecordChanges {
    RecordChanges {
        record: job(),
        changes: vec![change().into()],
        authors: vec![author()],
        attest: Some([0xa7; 16]),
    }
}

fn hand_back() -> HandBack {
    HandBack {
        record: job(),
        changes: vec![change().into()],
        heads: heads(),
        authors: vec![author()],
        attest: Some([0xa7; 16]),
    }
}

fn held_heads() -> RecordHeads {
    RecordHeads { record: job(), heads: heads() }
}

fn reconcile() -> ReconcileRequest {
    let SyncRequest { version, device, incarnation, sent_at, .. } = request();
    ReconcileRequest { version, device, incarnation, sent_at, records: vec![held_heads()] }
}

fn reconciled() -> ReconcileResponse {
    ReconcileResponse { items: Vec::new(), lost: vec![job()], more: false, server_time: NOW + 70 }
}

fn handed_in() -> HandInAnswer {
    let held = Verdict::Held("device-revoked".to_owned());
    let verdicts = RecordVerdicts { record: job(), verdicts: vec![held], attest: None };
    HandInAnswer { verdicts: vec![verdicts], server_time: NOW + 70 }
}

fn file_piece() -> FilePiece {
    FilePiece {
        device: request().device,
        sha256: hex_digest(DRAWING),
        bytes: DRAWING.len() as u64,
        from: 0,
        piece: DRAWING.to_vec().into(),
    }
}

fn parcel() -> Parcel {
    let sealed = Some(vec![7; 48].into());
    Parcel { person: "Ada Novak".to_owned(), made_at: NOW, edits: 2, sealed, batches: Vec::new() }
}

fn hand_over() -> HandOver {
    HandOver {
        tenant: tenant(),
        record: job(),
        to: ada(),
        document: snapshot().document,
        authors: vec![author()],
        parcel: parcel(),
    }
}

fn items() -> Vec<Item> {
    let (hash, note) = (heads()[0], "Ben did it".to_owned());
    vec![
        Item::Enter(snapshot()),
        Item::Changes(changes()),
        Item::Leave(job()),
        Item::Decided { record: job(), hash, accepted: false, note },
    ]
}

// Bytes with a meaning of their own.

fn a_change() -> String {
    let bytes = change();
    let head = read_head(&bytes).expect("a change");
    let parents: Vec<String> = head.deps.iter().map(ToString::to_string).collect();
    fenced(&format!(
        "{}\n\nhash      {}\nparents   {}\nactor     {}\nnumber    {}\nstart op  {}\n\
         time      {}\nops       {}",
        hex(&bytes),
        head.hash,
        parents.join(" "),
        HEXLOWER.encode(&head.actor),
        head.actor_seq,
        head.start_op,
        head.time,
        head.ops
    ))
}

fn a_packed_body() -> String {
    let small = wire::pack(&cursor());
    let large = wire::pack(&vec![job(); 40]);
    let plain = wire::to_cbor(&vec![job(); 40]).len();
    fenced(&format!(
        "a cursor, as it is:\n{}\n\nan array of 40 equal ids, {plain} bytes of CBOR, deflated:\n{}",
        hex(&small),
        hex(&large)
    ))
}

/// A beginning and what follows on it: little of the second is left.
fn a_body_taken_apart() -> String {
    let mut doc = written();
    let outcome = Edit::SetField { path: Path::new("report/outcome"), value: "unsolved".into() };
    let author = Author { user: ada(), role: Role::Engineer, now: NOW + 60_000 };
    apply(&mut doc, RecordKind::Job, &outcome, &author).expect("an edit");
    let all = doc.get_changes(&[]);
    let changes: Vec<ByteVec> =
        all[1..].iter().map(|change| change.raw_bytes().to_vec().into()).collect();
    let plain = wire::to_cbor(&changes);
    let packed = wire::pack(&changes);
    fenced(&format!(
        "an array of two changes, {} bytes of CBOR:\n{}\n\ntaken apart:\n{}",
        plain.len(),
        hex(&plain),
        hex(&packed)
    ))
}

fn a_digest() -> String {
    let one = digest::of_record(tenant(), job(), &heads());
    let heads: Vec<String> = heads().iter().map(ToString::to_string).collect();
    fenced(&format!(
        "tenant    {}\nrecord    {}\nheads     {}\nrecord's  {one:032x}\nof two    {}",
        HEXLOWER.encode(tenant().as_bytes()),
        HEXLOWER.encode(job().as_bytes()),
        heads.join(" "),
        HEXLOWER.encode(&digest::sum([one, one]))
    ))
}

// Bodies in JSON.

fn json_example<T: serde::Serialize>(value: &T) -> String {
    let pretty = serde_json::to_string_pretty(value).expect("JSON");
    format!("```json\n{pretty}\n```\n")
}

fn signed_hex(message: &[u8]) -> String {
    HEXLOWER.encode(&phone_key().sign(message).to_bytes())
}

fn login() -> Json {
    let key = phone_key().verifying_key();
    let proof = [b"docket-device-1\0ada\0".as_slice(), key.as_bytes()].concat();
    json!({
        "login": "ada",
        "password": "correct horse battery staple",
        "device": {
            "public_key": public(&phone_key()),
            "name": "Ada's phone",
            "signature": signed_hex(&proof),
        },
    })
}

fn statement() -> Statement {
    Statement {
        domain: STATEMENT_DOMAIN.to_owned(),
        tenant: tenant(),
        record: job(),
        signoff: ItemId::new(NOW, [0x50; 10]),
        purpose: Purpose::Report,
        heads: heads(),
        schema: SCHEMA,
        content_digest: content_digest(&content()),
        attachment_digests: Vec::new(),
        outcome: Outcome::AcceptedWithReservations,
        reservations: "It still hums".to_owned(),
        signatory: Signatory {
            name: "王芳".to_owned(),
            title: "厂长".to_owned(),
            ..Signatory::default()
        },
        satisfaction: Some(4),
        remarks: String::new(),
        drawing_digest: hex_digest(DRAWING),
        engineer: ada(),
        device_key: public(&phone_key()),
        signed_at: NOW,
        server_seen_at: NOW - 60_000,
    }
}

fn content() -> Json {
    read::content(&written(), RecordKind::Job)
}

fn signed() -> Signed {
    statement().sign(&phone_key(), DRAWING.to_vec())
}

fn signed_statement() -> String {
    let Signed { statement, signature, .. } = signed();
    let text = String::from_utf8(statement.clone()).expect("JSON is UTF-8");
    let (begin, end) = (&text[..70], &text[text.len() - 60..]);
    fenced(&format!(
        "{begin}…\n…{end}\n\nbytes      {}\nSHA-256    {}\nsignature  {}\n           {}",
        statement.len(),
        hex_digest(&statement),
        HEXLOWER.encode(&signature[..32]),
        HEXLOWER.encode(&signature[32..])
    ))
}

fn receipt() -> Receipt {
    let Signed { statement: bytes, signature, .. } = signed();
    Receipt {
        domain: RECEIPT_DOMAIN.to_owned(),
        statement_digest: hex_digest(&bytes),
        signature: HEXLOWER.encode(&signature),
        change: ChangeHash([0xc5; 32]),
        device: phone(),
        engineer: ada(),
        engineer_name: "Ada Novak".to_owned(),
        organisation: "Northwind Instruments".to_owned(),
        received_at: NOW + 3_600_000,
        seq: Seq(4_713),
        chain: HEXLOWER.encode(&[0xca; 32]),
    }
}

/// A proof that holds; what is long in it is shown elsewhere.
fn proof() -> Json {
    let proof = Proof {
        format: PROOF_FORMAT.to_owned(),
        statement: statement(),
        drawing: BASE64.encode(DRAWING),
        content: content(),
        server_signature: countersign(&receipt(), &server_key()),
        receipt: receipt(),
        server_key: public(&server_key()),
    };
    verify_proof(&canonical(&proof)).expect("the example holds");
    let mut shown = serde_json::to_value(&proof).expect("JSON");
    for long in ["statement", "content", "receipt"] {
        shown[long] = "…".into();
    }
    shown
}
