//! Work that leaves a phone as a file, and a colleague's file on its way to the office.

use docket_client_core::RequestKind;
use docket_protocol::wire::{
    self, CONTENT_TYPE, HandInAnswer, Parcel, RecordVerdicts, SyncRequest, Verdict,
};
use serde_json::{Value as Json, json};

use crate::support::{NOW, Phone, office, request_of};

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
