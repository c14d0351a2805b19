//! A job that comes by hand: what the phone shows of it, what it keeps, and what it never says.

use docket_client_core::RequestKind;
use docket_protocol::automerge::ActorId;
use docket_protocol::digest;
use docket_protocol::edit::{self, Author, Edit, NewEntry};
use docket_protocol::ids::{ChangeHash, ItemId, RecordId, Seq, TenantId, UserId};
use docket_protocol::record::path::Path;
use docket_protocol::record::{self, RecordKind};
use docket_protocol::role::Role;
use docket_protocol::wire::{
    self, CONTENT_TYPE, HandInAnswer, HandOver, Item, Parcel, ReconcileRequest, RecordSnapshot,
    RecordVerdicts, SyncEnvelope, SyncResponse, Verdict,
};
use serde_json::{Value as Json, json};

use crate::support::{NOW, Phone, login_answer, request_of};

const EMMA: u8 = 7;

fn person(number: u8) -> UserId {
    UserId::new(2, [number; 10])
}

/// The organisation, Ada and Emma in it; and the digest over that alone.
fn catalog() -> (Item, [u8; 16]) {
    let mut doc = record::empty(ActorId::from([9; 16]));
    let author = Author { user: person(1), role: Role::Administrator, now: NOW };
    let people = [(2, "Ada"), (EMMA, "Emma"), (8, "Ben")];
    let entries = people.map(|(number, name)| NewEntry {
        collection: Path::new("people"),
        id: ItemId(person(number).0),
        fields: [("name", name), ("role", "engineer")]
            .map(|(field, value)| (field.to_owned(), value.into()))
            .into(),
    });
    let create = Edit::Create { fields: Default::default(), entries: entries.into() };
    edit::apply(&mut doc, RecordKind::Catalog, &create, &author).unwrap();
    let heads: Vec<_> = doc.get_heads().into_iter().map(Into::into).collect();
    let (tenant, record) = (TenantId::new(3, [3; 10]), RecordId::new(1, [4; 10]));
    let item = Item::Enter(RecordSnapshot {
        record,
        kind: RecordKind::Catalog,
        document: doc.save_nocompress().into(),
        authors: Vec::new(),
        attest: None,
    });
    (item, digest::sum([digest::of_record(tenant, record, &heads)]))
}

fn phone_of(number: u8, name: &str) -> Phone {
    let mut phone = Phone::new();
    phone.ok(&json!({"do": "sign_in", "login": name, "password": "x", "device_name": name}));
    let request = phone.next().unwrap();
    let answer = login_answer(number, name).to_string();
    phone.respond(&request, 200, "application/json", answer.as_bytes()).unwrap();
    let request = phone.next().unwrap();
    let response = SyncResponse { items: vec![catalog().0], ..SyncResponse::default() };
    phone.answer_with(&request, response);
    phone
}

/// Emma's phone with a job that nobody else has, and the file for Ada.
fn given() -> (Phone, String, String) {
    let mut emma = phone_of(EMMA, "Emma");
    // Otherwise both phones would draw the same ids.
    emma.open_job("Something else");
    let record = emma.open_job("Pump is loud");
    emma.set(&record, "report/cause", "轴承磨损");
    let file = give(&mut emma, &record, 2);
    (emma, record, file)
}

fn give(phone: &mut Phone, record: &str, to: u8) -> String {
    let to = person(to);
    let given = phone.ok(&json!({"do": "hand_over", "record": record, "to": to}));
    given["file"].as_str().unwrap().to_owned()
}

fn take(file: &str) -> Json {
    json!({"do": "take_over", "file": file})
}

fn altered(file: &str, alter: impl FnOnce(HandOver) -> HandOver) -> String {
    let bytes = data_encoding::BASE64.decode(file.as_bytes()).unwrap();
    let file = alter(HandOver::from_file(&bytes).unwrap());
    data_encoding::BASE64.encode(&file.to_file())
}

/// Ada's phone with that job on it.
fn taken() -> (Phone, String) {
    let (_, record, file) = given();
    let mut ada = phone_of(2, "Ada");
    ada.ok(&take(&file));
    (ada, record)
}

/// The same with work of her own, and coverage again: the parcel is what goes next.
fn at_work() -> (Phone, String) {
    let (mut ada, record) = taken();
    ada.set(&record, "report/treatment", "New bearing");
    contact(&mut ada, Vec::new());
    (ada, record)
}

/// Answers a sync in which nothing is pushed.
fn contact(phone: &mut Phone, items: Vec<Item>) {
    let request = phone.next().unwrap();
    assert_eq!(request_of(&request).pushes, [], "what stands on Emma's work waits");
    phone.answer_with(&request, SyncResponse { items, ..SyncResponse::default() });
}

/// The parcel goes to the office, which gives each change in it this word.
fn carry(phone: &mut Phone, record: &str, verdicts: Vec<Verdict>) {
    let request = phone.next().unwrap();
    assert_eq!((request.kind, request.path), (RequestKind::HandIn, "/v1/parcels"));
    let record = record.parse().unwrap();
    let verdicts = vec![RecordVerdicts { record, verdicts, attest: None }];
    let answer = wire::pack(&HandInAnswer { verdicts, server_time: NOW + 5 });
    phone.respond(&request, 200, CONTENT_TYPE, &answer).unwrap();
}

fn accepted(count: u64) -> Vec<Verdict> {
    (1..=count).map(|seq| Verdict::Accepted(Seq(seq))).collect()
}

#[test]
fn a_hand_over_is_one_edit_and_written_again_none() {
    let (mut emma, record, file) = given();
    assert_eq!(emma.status()["unsent_edits"], 4);
    let again = give(&mut emma, &record, 2);
    assert_eq!(emma.status()["unsent_edits"], 4);
    assert_eq!(again, file);
    let to = json!({"do": "hand_over", "record": record, "to": person(99)});
    assert_eq!(emma.error(&to), "not-found");
}

#[test]
fn a_job_taken_over_is_there_whole_and_is_nobodys_unsent_work() {
    let (mut emma, record, file) = given();
    let mut ada = phone_of(2, "Ada");
    let job = ada.ok(&take(&file));
    assert_eq!(job["content"], emma.ok(&json!({"do": "job", "record": record}))["content"]);
    assert_eq!((&job["sync"], &job["taken_from"]), (&json!("carried"), &json!("Emma")));
    assert_eq!(ada.status()["unsent_edits"], 0);
    assert_eq!(ada.error(&json!({"do": "sign_out"})), "unsent-work", "the file is only here");
    // Taken twice, and after a restart, it is the same.
    let mut ada = ada.reopened();
    assert_eq!(ada.ok(&take(&file)), job);
    assert_eq!(ada.ok(&json!({"do": "parcels"})).as_array().map(Vec::len), Some(1));
}

#[test]
fn what_is_written_on_it_goes_to_the_office_after_it() {
    let (mut ada, record) = at_work();
    carry(&mut ada, &record, accepted(3));
    let pushed = request_of(&ada.next().unwrap()).pushes;
    assert_eq!(pushed.iter().map(|push| push.changes.len()).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_parcel_that_gets_no_answer_is_sent_again_by_itself() {
    let (mut ada, record) = taken();
    contact(&mut ada, Vec::new());
    let request = ada.next().unwrap();
    ada.fail(&request);
    assert!(ada.next().is_none(), "waits before it tries again");
    ada.now += 300_000;
    contact(&mut ada, Vec::new());
    carry(&mut ada, &record, accepted(3));
}

#[test]
fn a_parcel_that_the_office_cannot_place_holds_up_nobody() {
    let (mut ada, _) = at_work();
    let request = ada.next().unwrap();
    let unknown = br#"{"error": {"code": "bad-signature"}}"#;
    ada.respond(&request, 403, "application/json", unknown).unwrap();
    let pushed = request_of(&ada.next().unwrap()).pushes;
    assert_eq!(pushed.iter().map(|push| push.changes.len()).collect::<Vec<_>>(), [1]);
    let parcels = ada.ok(&json!({"do": "parcels"}));
    let waits = (&parcels[0]["delivered_at"], &parcels[0]["problem"]);
    assert_eq!(waits, (&Json::Null, &Json::Null), "it is tried again");
}

/// The office has the first change of a job that was handed over, and nothing else of it.
fn only_the_beginning(file: &str) -> (ChangeHash, Item) {
    let bytes = data_encoding::BASE64.decode(file.as_bytes()).unwrap();
    let file = HandOver::from_file(&bytes).unwrap();
    let nobody = ActorId::from([0; 16]);
    let first = record::load(&file.document, nobody.clone()).unwrap().get_changes(&[]).remove(0);
    let hash = first.hash().into();
    let mut doc = record::empty(nobody);
    doc.apply_changes([first]).unwrap();
    let document = doc.save_nocompress().into();
    let (record, authors) = (file.record, file.authors);
    let kind = RecordKind::Job;
    (hash, Item::Enter(RecordSnapshot { record, kind, document, authors, attest: None }))
}

#[test]
fn what_is_carried_is_not_said_to_be_confirmed() {
    let (_, record, file) = given();
    let mut ada = phone_of(2, "Ada");
    ada.ok(&take(&file));
    let (first, enters) = only_the_beginning(&file);
    let request = ada.next().unwrap();
    let items = vec![enters];
    let differs = SyncResponse { items, digest: Some([9; 16]), ..SyncResponse::default() };
    ada.answer_with(&request, differs);
    let job = ada.ok(&json!({"do": "job", "record": record}));
    assert_eq!(job["content"]["report"]["cause"], "轴承磨损");
    assert_eq!(job["sync"], "carried");
    let request = ada.next().unwrap();
    assert_eq!(request.kind, RequestKind::Reconcile);
    let envelope: SyncEnvelope = wire::unpack(&request.body, 1 << 20).unwrap();
    let asked: ReconcileRequest = wire::from_cbor(&envelope.body).unwrap();
    let held = asked.records.iter().find(|held| held.record.to_string() == record).unwrap();
    assert_eq!(held.heads, [first]);
}

#[test]
fn what_the_office_refuses_goes_and_what_stood_on_it_is_made_again() {
    let (mut ada, record) = at_work();
    let refused = |code: &str| Verdict::Refused(code.to_owned(), Path::default());
    let verdicts =
        vec![Verdict::Accepted(Seq(1)), refused("not-allowed"), refused("depends-on-refused")];
    carry(&mut ada, &record, verdicts);
    let job = ada.ok(&json!({"do": "job", "record": record}));
    assert_eq!(job["content"]["report"]["cause"], "");
    assert_eq!(job["content"]["report"]["treatment"], "New bearing");
    assert_eq!((&job["sync"], &job["unsent_edits"]), (&json!("on_this_phone"), &json!(1)));
    assert_eq!(ada.status()["refused"], 0, "nothing of Ada's was refused");
}

#[test]
fn what_nobody_else_can_bring_is_handed_back() {
    let (mut ada, record) = at_work();
    carry(&mut ada, &record, accepted(3));
    let request = ada.next().unwrap();
    let asked = request_of(&request);
    let on = docket_protocol::change::read_head(&asked.pushes[0].changes[0]).unwrap().deps;
    ada.answer(&request, &asked, vec![Verdict::Need(on)]);
    let asked = request_of(&ada.next().unwrap());
    assert_eq!(asked.hand_backs.iter().map(|back| back.changes.len()).collect::<Vec<_>>(), [3]);
}

#[test]
fn what_the_office_has_is_kept_though_it_never_came_from_there() {
    let (_, record, file) = given();
    let mut ada = phone_of(2, "Ada");
    ada.ok(&take(&file));
    contact(&mut ada, vec![only_the_beginning(&file).1]);
    ada.set(&record, "report/treatment", "New bearing");
    contact(&mut ada, Vec::new());
    carry(&mut ada, &record, accepted(3));
    let request = ada.next().unwrap();
    let asked = request_of(&request);
    let own = docket_protocol::change::read_head(&asked.pushes[0].changes[0]).unwrap().hash;
    // It takes Ada's change, and needs not send what that stands on: her heads say she has it.
    let (tenant, id) = (TenantId::new(3, [3; 10]), record.parse().unwrap());
    let verdicts = vec![Verdict::Accepted(Seq(4))];
    let verdicts = vec![RecordVerdicts { record: id, verdicts, attest: None }];
    let others = u128::from_be_bytes(catalog().1);
    let digest = Some(digest::sum([others, digest::of_record(tenant, id, &[own])]));
    ada.answer_with(&request, SyncResponse { verdicts, digest, ..SyncResponse::default() });
    assert_eq!(ada.status()["problem"], Json::Null);
    let mut ada = ada.reopened();
    let job = ada.ok(&json!({"do": "job", "record": record}));
    let report = &job["content"]["report"];
    assert_eq!(
        (&report["cause"], &report["treatment"]),
        (&json!("轴承磨损"), &json!("New bearing"))
    );
    assert_eq!((&job["sync"], &job["taken_from"]), (&json!("merged"), &Json::Null));
}

#[test]
fn files_that_are_not_for_this_phone_change_nothing() {
    let (_, _, file) = given();
    let mut ada = phone_of(2, "Ada");
    let elsewhere = altered(&file, |file| HandOver { tenant: Default::default(), ..file });
    let bens = altered(&file, |file| HandOver { to: person(8), ..file });
    let hollow = altered(&file, |file| HandOver { document: vec![1, 2, 3].into(), ..file });
    let mut bytes = data_encoding::BASE64.decode(file.as_bytes()).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let flipped = data_encoding::BASE64.encode(&bytes);
    let parcel = data_encoding::BASE64.encode(&Parcel::default().to_file());
    for (file, code) in [
        (elsewhere, "hand-over-elsewhere"),
        (bens, "hand-over-not-yours"),
        (hollow, "hand-over-damaged"),
        (flipped, "hand-over-damaged"),
        (parcel, "not-a-hand-over"),
        ("###".to_owned(), "not-a-hand-over"),
    ] {
        assert_eq!(ada.error(&take(&file)), code);
        assert_eq!(ada.ok(&json!({"do": "jobs"})), json!([]));
        assert_eq!(ada.ok(&json!({"do": "parcels"})), json!([]));
    }
}

#[test]
fn a_job_that_the_office_does_not_show_leaves_once_its_parcel_is_there() {
    let (mut ada, record) = taken();
    contact(&mut ada, vec![Item::Leave(record.parse().unwrap())]);
    let listed = ada.ok(&json!({"do": "jobs"}));
    assert_eq!(listed[0]["taken_from"], "Emma", "it stays until the office has judged");
    let held = Verdict::Held("no-longer-assigned".to_owned());
    carry(&mut ada, &record, vec![held; 3]);
    let request = ada.next().unwrap();
    let digest = Some(catalog().1);
    ada.answer_with(&request, SyncResponse { digest, ..SyncResponse::default() });
    assert_eq!(ada.ok(&json!({"do": "jobs"})), json!([]));
    assert_eq!(ada.status()["problem"], Json::Null);
}
