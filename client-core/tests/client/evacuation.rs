//! Work that leaves a phone as a file, and a colleague's file on its way to the office.

use docket_client_core::{FileAnswer, FileBody, RequestKind};
use docket_protocol::ids::Seq;
use docket_protocol::wire::{
    self, CONTENT_TYPE, HandInAnswer, Parcel, RecordVerdicts, SyncRequest, Verdict,
};
use serde_json::{Value as Json, json};

use crate::support::{NOW, Phone, office, request_of};

const HASH: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";

fn exported(phone: &mut Phone) -> (String, Parcel) {
    let file = phone.ok(&json!({"do": "evacuate"}))["file"].as_str().unwrap().to_owned();
    let bytes = data_encoding::BASE64.decode(file.as_bytes()).unwrap();
    (file, Parcel::from_file(&bytes).unwrap())
}

fn take(phone: &mut Phone, file: &str) -> Json {
    phone.ok(&json!({"do": "take_parcel", "file": file}))
}

#[test]
fn a_file_holds_what_the_next_sync_would_send_and_sends_nothing() {
    let mut phone = Phone::signed_in();
    assert_eq!(phone.error(&json!({"do": "evacuate"})), "nothing-unsent");
    let record = phone.open_job("Pump is loud");
    phone.set(&record, "report/cause", "轴承磨损");
    let (_, parcel) = exported(&mut phone);
    assert_eq!((parcel.person.as_str(), parcel.edits, parcel.made_at), ("Ada", 2, NOW));
    assert!(parcel.batches.is_empty(), "whoever finds the file reads nothing in it");
    let batches = parcel.open(&office()).unwrap().batches;
    let [batch] = &batches[..] else { panic!("{} batches", batches.len()) };
    let written: SyncRequest = wire::from_cbor(&batch.body).unwrap();
    let sent = request_of(&phone.next().unwrap());
    assert_eq!((written.device, written.pushes), (sent.device, sent.pushes));
    assert_eq!(phone.status()["unsent_edits"], 2);
}

#[test]
fn a_file_taken_in_twice_is_carried_once_after_the_next_contact() {
    let mut ada = Phone::signed_in();
    ada.open_job("Pump is loud");
    let (file, parcel) = exported(&mut ada);
    let mut lin = Phone::signed_in();
    let taken = take(&mut lin, &file);
    assert_eq!(take(&mut lin, &file), taken);
    assert_eq!(lin.ok(&json!({"do": "parcels"})), json!([taken]));
    assert_eq!(lin.error(&json!({"do": "sign_out"})), "unsent-work");
    let mut lin = lin.reopened();

    let contact = lin.next().unwrap();
    lin.answer(&contact, &request_of(&contact), Vec::new());
    let carried = lin.next().unwrap();
    assert_eq!((carried.kind, carried.path), (RequestKind::HandIn, "/v1/parcels"));
    assert_eq!(Parcel::from_file(&carried.body).unwrap(), parcel);
    assert!(lin.next().is_none(), "one request at a time");
    lin.fail(&carried);
    assert!(lin.next().is_none(), "again only once the office has been reached again");

    lin.ok(&json!({"do": "sync_now"}));
    lin.now += 1_000;
    let contact = lin.next().unwrap();
    lin.answer(&contact, &request_of(&contact), Vec::new());
    let rows = lin.ok(&json!({"do": "parcels"}));
    assert_eq!(rows[0]["delivered_at"], Json::Null);
}

#[test]
fn what_the_office_took_is_told_and_no_longer_kept() {
    let mut ada = Phone::signed_in();
    let record = ada.open_job("Pump is loud");
    let (file, _) = exported(&mut ada);
    let mut lin = Phone::signed_in();
    take(&mut lin, &file);
    let contact = lin.next().unwrap();
    lin.answer(&contact, &request_of(&contact), Vec::new());
    let carried = lin.next().unwrap();
    let verdicts = vec![Verdict::Refused("not-allowed".to_owned(), Default::default())];
    let record = record.parse().unwrap();
    let verdicts = vec![RecordVerdicts { record, verdicts, attest: None }];
    let answer = wire::pack(&HandInAnswer { verdicts, server_time: NOW + 5 });
    lin.respond(&carried, 200, CONTENT_TYPE, &answer).unwrap();
    let rows = lin.ok(&json!({"do": "parcels"}));
    assert_eq!((&rows[0]["delivered_at"], &rows[0]["refused"]), (&json!(NOW + 5), &json!(1)));
}

/// A photo that is still on Ada's phone, and the two pieces of it that Lin took in with her file.
fn with_pieces() -> (Phone, Phone, String) {
    let mut ada = Phone::signed_in();
    let record = ada.open_job("Pump is loud");
    ada.ok(&json!({"do": "keep_file", "sha256": HASH, "bytes": 300_000}));
    let fields = json!({"name": "pump.jpg", "sha256": HASH, "bytes": 300_000});
    let edit = json!({"edit": "add_entry", "collection": "attachments", "fields": fields});
    ada.ok(&json!({"do": "edit", "record": record, "edit": edit}));
    let written = ada.ok(&json!({"do": "evacuate"}));
    assert_eq!(written["files"], json!([{"sha256": HASH, "bytes": 300_000}]));
    let mut lin = Phone::signed_in();
    let parcel = take(&mut lin, written["file"].as_str().unwrap())["id"].clone();
    for (place, bytes) in [(0, 262_300), (1, 38_000)] {
        for _ in 0..2 {
            let piece =
                json!({"do": "keep_piece", "parcel": parcel, "place": place, "bytes": bytes});
            lin.ok(&piece);
        }
    }
    (ada, lin, record)
}

/// The office takes the parcel.
fn delivered(lin: &mut Phone, record: &str) {
    let contact = lin.next().unwrap();
    lin.answer(&contact, &request_of(&contact), Vec::new());
    assert!(lin.next_file(Some(false)).is_none(), "its records come first");
    let carried = lin.next().unwrap();
    let verdicts = vec![Verdict::Accepted(Seq(1)), Verdict::Accepted(Seq(2))];
    let verdicts = vec![RecordVerdicts { record: record.parse().unwrap(), verdicts, attest: None }];
    let answer = wire::pack(&HandInAnswer { verdicts, server_time: NOW + 5 });
    lin.respond(&carried, 200, CONTENT_TYPE, &answer).unwrap();
    let contact = lin.next().unwrap();
    lin.answer(&contact, &request_of(&contact), Vec::new());
}

fn parcel(phone: &mut Phone) -> Json {
    phone.ok(&json!({"do": "parcels"}))[0].clone()
}

#[test]
fn photos_of_a_colleague_follow_their_records_piece_by_piece_and_are_then_let_go() {
    let (_, lin, record) = with_pieces();
    let mut lin = lin.reopened();
    delivered(&mut lin, &record);
    assert_eq!(lin.error(&json!({"do": "sign_out"})), "unsent-work");
    let id = parcel(&mut lin)["id"].clone();
    for (place, bytes) in [(0, 262_300), (1, 38_000)] {
        let request = lin.next_file(Some(false)).expect("a piece");
        assert_eq!((request.method, request.path.as_str()), ("POST", "/v1/pieces"));
        let name = format!("piece-{id}-{place}");
        assert_eq!(request.body, FileBody::Piece { name, from: 0, to: bytes });
        lin.file_answered(request.id, &FileAnswer { status: 204, ..FileAnswer::default() });
    }
    assert!(lin.next_file(Some(false)).is_none());
    assert_eq!(
        (&parcel(&mut lin)["pieces"], &parcel(&mut lin)["pieces_left"]),
        (&json!(2), &json!(0))
    );
    for name in lin.ok(&json!({"do": "files_not_needed"})).as_array().unwrap().clone() {
        lin.ok(&json!({"do": "file_dropped", "name": name}));
    }
    assert_eq!(lin.ok(&json!({"do": "files_not_needed"})), json!([]));
    lin.ok(&json!({"do": "sign_out"}));
}

#[test]
fn a_piece_that_the_office_does_not_want_waits_and_keeps_nobody_from_leaving() {
    let (_, mut lin, record) = with_pieces();
    delivered(&mut lin, &record);
    let first = lin.next_file(Some(false)).expect("a piece");
    lin.file_failed(first.id);
    assert!(lin.next_file(Some(false)).is_none(), "it waits a little");
    lin.now += 60_000;
    for _ in 0..2 {
        let request = lin.next_file(Some(false)).expect("each is offered");
        lin.file_answered(request.id, &FileAnswer { status: 404, ..FileAnswer::default() });
    }
    assert!(lin.next_file(Some(false)).is_none());
    assert_eq!(parcel(&mut lin)["pieces_left"], 2);
    lin.ok(&json!({"do": "sign_out"}));
}
