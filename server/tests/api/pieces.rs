//! Photos and files that their own phone cannot bring: carried by somebody else behind its records,
//! or from a phone that may not sync any more. They count as that phone's person's, and only what
//! a record or held work names is taken.

use docket_protocol::ids::RecordId;
use docket_protocol::wire::{self, EVACUATION_MAGIC};
use docket_server::auth::devices;
use docket_server::limits::PIECES_PER_ADDRESS;
use docket_server::random::random;
use ed25519_dalek::SigningKey;
use getrandom::SysRng;
use rand_core::UnwrapErr;
use serde_json::json;

use crate::support::{Answer, Office, Phone, Photo};

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 the pump, from the left";

/// Ada's job, with a photo of which nobody has heard.
fn photographed(office: &Office) -> (Phone<'_>, RecordId, Photo) {
    let job = office.job_for("ada", "Flow meter reads high");
    let mut ada = Phone::of(office, "ada");
    ada.sync();
    let photo = Photo::of(JPEG.to_vec());
    photo.attach(&mut ada, job);
    (ada, job, photo)
}

fn revoke(office: &Office, phone: &Phone<'_>) {
    let (adam, device) = (office.scope("adam"), phone.device);
    office.app.store.write_blocking(move |tx| devices::revoke(tx, &adam, device)).unwrap();
}

/// Brings a piece without any token; answers with how much of its file is there.
fn bring(office: &Office, sealed: &[u8]) -> (Answer, Option<u64>) {
    office.tus("POST", "/v1/pieces", None, &[("content-type", "application/octet-stream")], sealed)
}

/// Everything unsent, and these pieces behind it.
fn evacuation(phone: &Phone<'_>, pieces: &[Vec<u8>]) -> Vec<u8> {
    let parcel = phone.parcel_signed_by(&phone.key).to_file();
    let mut file = EVACUATION_MAGIC.to_vec();
    for part in std::iter::once(&parcel).chain(pieces) {
        file.extend_from_slice(&(part.len() as u32).to_be_bytes());
        file.extend_from_slice(part);
    }
    file
}

fn carry(carrier: &Phone<'_>, file: &[u8]) -> Answer {
    let token = Some(carrier.access_token.as_str());
    carrier.office.post("/v1/parcels", token, wire::CONTENT_TYPE, file)
}

#[test]
fn photos_come_behind_the_records_that_name_them_whoever_carries_them_and_once() {
    let office = Office::open();
    let (ada, _, photo) = photographed(&office);
    let pieces = [photo.sealed(&ada, 0, 9), photo.sealed(&ada, 9, JPEG.len())];
    let file = evacuation(&ada, &pieces);
    // Ben has nothing to do with this job, and does not see it or its photo for having carried it.
    let ben = Phone::of(&office, "ben");
    for _ in 0..3 {
        assert_eq!(carry(&ben, &file).status, 200);
    }
    assert_eq!(office.get(&photo.path(), Some(&ben.access_token)).status, 404);
    assert_eq!(office.get(&photo.path(), Some(&ada.access_token)).body, JPEG);
    assert_eq!(office.count("select count(*) from blobs"), 1);
    assert_eq!(office.count("select count(*) from uploads"), 0, "nothing is left half brought");
}

#[test]
fn a_file_that_ends_in_the_middle_of_a_photo_goes_on_where_it_was() {
    let office = Office::open();
    let (ada, _, photo) = photographed(&office);
    let pieces = [photo.sealed(&ada, 0, 9), photo.sealed(&ada, 9, JPEG.len())];
    let file = evacuation(&ada, &pieces);
    assert_eq!(
        carry(&ada, &file[..file.len() - 5]).status,
        400,
        "it says that something is missing"
    );
    assert_eq!(office.count("select count(*) from attachments"), 1, "and keeps what came");
    assert_eq!(bring(&office, &pieces[1]).0.status, 204);
    assert_eq!(office.get(&photo.path(), Some(&ada.access_token)).body, JPEG);
}

/// FAULTS row 36, F2: what was photographed on a phone before it was revoked is not lost for it.
#[test]
fn a_withdrawn_phone_brings_its_photos_before_anybody_has_decided() {
    let office = Office::open();
    let (ada, job, photo) = photographed(&office);
    let sealed = photo.sealed(&ada, 0, JPEG.len());
    assert_eq!(bring(&office, &sealed).0.status, 404, "no record names it, and no held work");
    revoke(&office, &ada);
    assert_eq!(ada.hand_in().status, 200);
    let whole = Some(JPEG.len() as u64);
    for _ in 0..2 {
        let (answer, here) = bring(&office, &sealed);
        assert_eq!((answer.status, here), (204, whole));
    }
    let max = Phone::of(&office, "max").access_token;
    assert_eq!(office.get(&photo.path(), Some(&max)).status, 404, "nobody decided yet");
    let waiting = office.get("/v1/held", Some(&max)).json()["waiting"][0].clone();
    let body = json!({"changes": [waiting["changes"][0]["change"]], "accepted": true});
    let path = format!("/v1/held/{job}/decision");
    assert_eq!(office.post_json(&path, Some(&max), &body).status, 200);
    assert_eq!(office.get(&photo.path(), Some(&max)).body, JPEG);
}

#[test]
fn a_piece_that_does_not_go_on_is_told_where_the_file_does() {
    let office = Office::open();
    let (mut ada, _, photo) = photographed(&office);
    ada.sync();
    let (answer, here) = bring(&office, &photo.sealed(&ada, 9, JPEG.len()));
    assert_eq!((answer.status, here), (409, Some(0)));
    assert_eq!(bring(&office, &photo.sealed(&ada, 0, 12)).1, Some(12));
    let (answer, here) = bring(&office, &photo.sealed(&ada, 3, 20));
    assert_eq!((answer.status, here), (204, Some(20)), "what is new of it is added");
    assert_eq!(bring(&office, &photo.sealed(&ada, 3, 12)).1, Some(20));
    assert_eq!(bring(&office, &photo.sealed(&ada, 20, JPEG.len())).0.status, 204);
    assert_eq!(office.get(&photo.path(), Some(&ada.access_token)).body, JPEG);
}

#[test]
fn only_the_phone_itself_speaks_for_its_person_and_only_to_this_office() {
    let office = Office::open();
    let (mut ada, _, photo) = photographed(&office);
    ada.sync();
    let (ours, strange) = (&office.app.keys.countersign, SigningKey::from_bytes(&random()));
    let piece = photo.as_piece(&ada, 0, JPEG.len());
    let sealed = |key: &SigningKey, to: &SigningKey| {
        piece.seal(key, &to.verifying_key(), &mut UnwrapErr(SysRng)).unwrap()
    };
    let mut changed = sealed(&ada.key, ours);
    changed[60] ^= 1;
    let whole = sealed(&ada.key, ours);
    for wrong in
        [sealed(&strange, ours), sealed(&ada.key, &strange), changed, whole[..50].to_vec(), vec![]]
    {
        let (answer, _) = bring(&office, &wrong);
        assert_eq!((answer.status, answer.code().as_str()), (403, "bad-signature"));
    }
    // Ben's phone is known, and has never added this photo.
    let ben = Phone::of(&office, "ben");
    assert_eq!(bring(&office, &photo.sealed(&ben, 0, JPEG.len())).0.status, 404);
    assert_eq!(office.count("select count(*) from uploads"), 0);
    assert_eq!(bring(&office, &whole).0.status, 204);
}

#[test]
fn pieces_that_are_none_are_refused_and_too_many_wait() {
    let office = Office::open();
    let (mut ada, _, photo) = photographed(&office);
    ada.sync();
    let ours = office.app.keys.countersign.verifying_key();
    let good = || photo.as_piece(&ada, 0, JPEG.len());
    let all = JPEG.len() as u64;
    for wrong in [
        wire::FilePiece { from: all, ..good() },
        wire::FilePiece { from: u64::MAX, ..good() },
        wire::FilePiece { bytes: all - 1, ..good() },
        wire::FilePiece { bytes: u64::MAX, ..good() },
        wire::FilePiece { piece: Vec::new().into(), ..good() },
        wire::FilePiece { sha256: "../../docket.db".to_owned(), ..good() },
    ] {
        let sealed = wrong.seal(&ada.key, &ours, &mut UnwrapErr(SysRng)).unwrap();
        assert_eq!(bring(&office, &sealed).0.code(), "malformed", "{wrong:?}");
    }
    let mut last = 0;
    for _ in 0..=PIECES_PER_ADDRESS {
        last = bring(&office, b"none").0.status;
    }
    assert_eq!(last, 429);
}
