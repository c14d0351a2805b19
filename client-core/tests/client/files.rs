//! Photos and files on the phone: behind everything else, as the person's own rule says, and
//! never let go of too early.

use docket_client_core::{FileAnswer, FileBody};
use docket_protocol::ids::Seq;
use docket_protocol::wire::{OpenedPiece, Verdict};
use serde_json::{Value as Json, json};

use crate::support::{NOW, Phone, office, request_of};

const HASH: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";
const BYTES: u64 = 600_000;
const PIECE: u64 = 256 * 1024;

/// A job with a photo, and everything but the photo sent.
fn with_a_photo() -> (Phone, String) {
    let mut phone = Phone::signed_in();
    let record = phone.open_job("Pump rattles");
    phone.ok(&json!({"do": "keep_file", "sha256": HASH, "bytes": BYTES}));
    let fields = json!({"name": "pump.jpg", "sha256": HASH, "bytes": BYTES});
    let edit = json!({"edit": "add_entry", "collection": "attachments", "fields": fields});
    phone.ok(&json!({"do": "edit", "record": record, "edit": edit}));
    (phone, record)
}

fn sent(phone: &mut Phone) {
    let request = phone.next().expect("the edits");
    let verdicts = (1..=2).map(|seq| Verdict::Accepted(Seq(seq))).collect();
    phone.answer(&request, &request_of(&request), verdicts);
    assert!(phone.next().is_none());
}

fn answer(status: u16, offset: u64) -> FileAnswer {
    FileAnswer { status, offset: Some(offset), body: Vec::new() }
}

/// Carries the whole photo.
fn brought(phone: &mut Phone) {
    let begin = phone.next_file(None).expect("it begins");
    phone.file_answered(begin.id, &answer(201, 0));
    while let Some(request) = phone.next_file(None) {
        let FileBody::Piece { to, .. } = request.body else { panic!("{request:?}") };
        phone.file_answered(request.id, &answer(204, to));
    }
}

fn row(phone: &mut Phone, record: &str) -> Json {
    phone.ok(&json!({"do": "files", "record": record}))[0].clone()
}

#[test]
fn a_photo_goes_after_the_edits_of_its_job() {
    let (mut phone, record) = with_a_photo();
    assert!(phone.next_file(None).is_none(), "its record is not there");
    assert_eq!(phone.status()["files_wait"], "records");
    sent(&mut phone);
    let begin = phone.next_file(None).expect("it begins");
    assert_eq!((begin.method, begin.path.as_str()), ("POST", "/v1/blobs"));
    assert!(phone.next_file(None).is_none(), "one at a time");
    phone.file_answered(begin.id, &answer(201, 0));
    let piece = phone.next_file(None).expect("a piece");
    assert_eq!(piece.body, FileBody::Piece { name: HASH.into(), from: 0, to: PIECE });

    phone.set(&record, "report/cause", "Worn seal");
    phone.file_answered(piece.id, &answer(204, PIECE));
    assert!(phone.next_file(None).is_none(), "words first");
    assert_eq!(row(&mut phone, &record)["sent"], PIECE);
}

#[test]
fn a_cut_photo_goes_on_where_the_office_says() {
    let (mut phone, record) = with_a_photo();
    sent(&mut phone);
    let begin = phone.next_file(None).expect("it begins");
    phone.file_answered(begin.id, &answer(201, 0));
    let piece = phone.next_file(None).expect("a piece");
    phone.file_failed(piece.id);
    assert!(phone.next_file(None).is_none(), "it waits a little");
    assert!(phone.status()["next_attempt_at"].is_i64());
    phone.now += 60_000;
    let ask = phone.next_file(None).expect("where it goes on");
    assert_eq!(ask.method, "HEAD");
    phone.file_answered(ask.id, &answer(200, PIECE));
    let piece = phone.next_file(None).expect("the next piece");
    let FileBody::Piece { from, to, .. } = piece.body else { panic!("{piece:?}") };
    assert_eq!((from, to), (PIECE, 2 * PIECE));
    phone.file_answered(piece.id, &answer(409, BYTES));
    assert!(row(&mut phone, &record)["received_at"].is_i64(), "all of it is there");
}

#[test]
fn an_app_that_starts_again_asks_how_much_is_there() {
    let (mut phone, _) = with_a_photo();
    sent(&mut phone);
    let begin = phone.next_file(None).expect("it begins");
    phone.file_answered(begin.id, &answer(201, 0));
    phone.next_file(None).expect("a piece");
    let mut phone = phone.reopened();
    phone.ok(&json!({"do": "sync_now"}));
    let request = phone.next().expect("a sync");
    phone.answer(&request, &request_of(&request), Vec::new());
    let begin = phone.next_file(None).expect("it begins anew");
    assert_eq!(begin.method, "POST");
    phone.file_answered(begin.id, &answer(201, PIECE));
    let piece = phone.next_file(None).expect("the next piece");
    assert!(matches!(piece.body, FileBody::Piece { from: PIECE, .. }));
}

#[test]
fn a_photo_that_was_not_sent_is_unsent_work() {
    let (mut phone, record) = with_a_photo();
    sent(&mut phone);
    assert_eq!(phone.status()["files_waiting"], 1);
    assert_eq!(phone.status()["files_waiting_bytes"], BYTES);
    assert_eq!(phone.error(&json!({"do": "sign_out"})), "unsent-work");
    brought(&mut phone);
    assert_eq!(phone.status()["files_waiting"], 0);
    assert!(row(&mut phone, &record)["received_at"].is_i64());
    phone.ok(&json!({"do": "sign_out"}));
}

#[test]
fn a_photo_taken_out_before_it_went_stays_here_and_comes_back_with_undo() {
    let (mut phone, record) = with_a_photo();
    let attachment = row(&mut phone, &record)["attachment"].as_str().unwrap().to_owned();
    let mut removed = |value: bool| {
        let path = format!("attachments/{attachment}/removed");
        let edit = json!({"edit": "set_field", "path": path, "value": value});
        phone.ok(&json!({"do": "edit", "record": record, "edit": edit}));
        phone.status()["files_waiting"].clone()
    };
    assert_eq!((removed(true), removed(false)), (json!(0), json!(1)));
}

#[test]
fn the_persons_rule_is_kept_and_can_be_set_aside_once() {
    let (mut phone, _) = with_a_photo();
    sent(&mut phone);
    phone.ok(&json!({"do": "set_files_rule", "rule": {"when": "unmetered_only"}}));
    assert!(phone.next_file(Some(true)).is_none() && phone.next_file(None).is_none());
    assert_eq!(phone.status()["files_wait"], "network");
    let begin = phone.next_file(Some(false)).expect("Wi-Fi costs nothing");
    phone.file_answered(begin.id, &answer(201, 0));

    phone.ok(&json!({"do": "set_files_rule", "rule": {"when": "up_to", "megabytes": 0}}));
    assert!(phone.next_file(Some(true)).is_none());
    assert_eq!(phone.status()["files_wait"], "budget");
    phone.ok(&json!({"do": "send_files_now"}));
    let request = phone.next().expect("a sync");
    phone.answer(&request, &request_of(&request), Vec::new());
    let piece = phone.next_file(Some(true)).expect("asked for by the person");
    phone.file_answered(piece.id, &answer(204, PIECE));
    let used = phone.ok(&json!({"do": "files_plan"}))["used_bytes"].clone();
    assert_eq!(used, PIECE, "what Wi-Fi carried does not count");
}

#[test]
fn a_copy_goes_only_long_after_the_office_has_seen_it() {
    let (mut phone, record) = with_a_photo();
    sent(&mut phone);
    brought(&mut phone);
    let not_needed = json!({"do": "files_not_needed"});
    phone.now += 400 * 86_400_000;
    assert_eq!(phone.ok(&not_needed), json!([]), "nobody has seen it");
    phone.now = NOW;
    let seen_at = NOW + 5;
    let asks = phone.next_file(None);
    assert!(asks.is_none(), "receipts are asked for after each contact, once");
    phone.ok(&json!({"do": "sync_now"}));
    let request = phone.next().expect("a sync");
    let response = docket_protocol::wire::SyncResponse::default();
    phone.now += 1;
    phone.answer_at(&request, response, NOW + 1);
    let asks = phone.next_file(None).expect("receipts");
    assert_eq!(asks.path, "/v1/blobs/receipts");
    let receipt = json!({"sha256": HASH, "received_at": NOW, "seen_at": seen_at});
    let body = json!({"receipts": [receipt]}).to_string().into_bytes();
    phone.file_answered(asks.id, &FileAnswer { status: 200, offset: None, body });
    assert_eq!(row(&mut phone, &record)["seen_at"], seen_at);
    assert_eq!(phone.ok(&not_needed), json!([]));
    phone.now += 31 * 86_400_000;
    assert_eq!(phone.ok(&not_needed), json!([HASH]));
    phone.ok(&json!({"do": "file_dropped", "name": HASH}));
    assert_eq!(phone.ok(&not_needed), json!([]));
}

/// A server that was put back from a backup has lost the photo: it goes again.
#[test]
fn what_the_office_has_lost_goes_again() {
    let (mut phone, _) = with_a_photo();
    sent(&mut phone);
    brought(&mut phone);
    phone.ok(&json!({"do": "sync_now"}));
    let request = phone.next().expect("a sync");
    phone.answer_at(&request, docket_protocol::wire::SyncResponse::default(), NOW + 1);
    let asks = phone.next_file(None).expect("receipts");
    let receipt = json!({"sha256": HASH, "received_at": null, "seen_at": null});
    let body = json!({"receipts": [receipt]}).to_string().into_bytes();
    phone.file_answered(asks.id, &FileAnswer { status: 200, offset: None, body });
    assert_eq!(phone.status()["files_waiting"], 1);
    assert_eq!(phone.next_file(None).expect("it begins").method, "POST");
}

#[test]
fn bytes_that_no_edit_names_do_not_stay() {
    let mut phone = Phone::signed_in();
    phone.ok(&json!({"do": "keep_file", "sha256": HASH, "bytes": BYTES}));
    assert_eq!(phone.status()["files_waiting"], 0);
    phone.now += 2 * 86_400_000;
    assert_eq!(phone.ok(&json!({"do": "files_not_needed"})), json!([HASH]));
}

/// Everything but the photo was handed in.
fn withdrawn_with_a_photo() -> (Phone, String) {
    let (mut phone, record) = with_a_photo();
    let request = phone.next().expect("the edits");
    phone.deny(&request, 403, "device-revoked");
    phone.now += 300_000;
    let request = phone.next().expect("a hand-in");
    assert!(phone.next_file(None).is_none(), "words first");
    phone.hold(&request, "device-revoked");
    (phone, record)
}

/// FAULTS row 36, F2: a phone that may not sync any more brings its photos at the same door as its
/// work, each piece sealed, and can then be left.
#[test]
fn a_withdrawn_phone_brings_its_photos_sealed_and_without_a_token() {
    let (mut phone, _) = withdrawn_with_a_photo();
    assert_eq!(phone.error(&json!({"do": "sign_out"})), "unsent-work");
    let mut from = 0;
    while let Some(request) = phone.next_file(None) {
        assert_eq!((request.method, request.path.as_str()), ("POST", "/v1/pieces"));
        assert!(request.headers.iter().all(|(name, _)| *name != "authorization"));
        let to = BYTES.min(from + PIECE);
        assert_eq!(request.body, FileBody::SealedPiece { sha256: HASH.into(), from, to });
        let piece = vec![7; (to - from) as usize];
        let sealed = OpenedPiece::open(&phone.sealed_piece(HASH, from, &piece), &office()).unwrap();
        let said = (sealed.piece.sha256.as_str(), sealed.piece.bytes, sealed.piece.from);
        assert_eq!(said, (HASH, BYTES, from));
        phone.file_answered(request.id, &answer(204, to));
        from = to;
    }
    assert_eq!(from, BYTES);
    phone.ok(&json!({"do": "sign_out"}));
}

#[test]
fn photos_of_a_withdrawn_phone_go_on_where_the_office_says_and_wait_when_it_wants_none() {
    let (mut phone, record) = withdrawn_with_a_photo();
    let piece = phone.next_file(None).expect("a piece");
    phone.file_answered(piece.id, &answer(409, PIECE));
    let piece = phone.next_file(None).expect("the next one");
    assert!(matches!(piece.body, FileBody::SealedPiece { from: PIECE, .. }));
    phone.file_answered(piece.id, &answer(404, 0));
    assert!(phone.next_file(None).is_none());
    assert_eq!(row(&mut phone, &record)["problem"], "file-not-wanted");
    phone.now += 3_600_000;
    assert!(phone.next_file(None).is_some(), "later it is tried again");
}
