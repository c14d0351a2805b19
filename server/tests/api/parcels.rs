//! Evacuation files: signed by the phone they come from, brought by anybody of the organisation,
//! as often as they like.

use docket_protocol::ids::RecordId;
use docket_protocol::limits::INFLATED_BYTES_MAX;
use docket_protocol::signoff::Purpose;
use docket_protocol::wire::{self, HandInAnswer, Parcel, Verdict};
use docket_server::auth::devices;
use docket_server::random::random;
use ed25519_dalek::{SigningKey, VerifyingKey};
use getrandom::SysRng;
use rand_core::UnwrapErr;

use crate::support::{Answer, Office, Phone};

/// Everything unsent of a phone, signed with this key.
fn file_of(phone: &Phone<'_>, key: &SigningKey) -> Vec<u8> {
    phone.parcel_signed_by(key).to_file()
}

fn bring(carrier: &Phone<'_>, file: &[u8]) -> Answer {
    let token = Some(carrier.access_token.as_str());
    carrier.office.post("/v1/parcels", token, wire::CONTENT_TYPE, file)
}

fn verdicts(answer: &Answer) -> Vec<Verdict> {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let answer: HandInAnswer = wire::unpack(&answer.body, INFLATED_BYTES_MAX).unwrap();
    answer.verdicts.into_iter().flat_map(|record| record.verdicts).collect()
}

/// Ada has written and signed something that nobody has yet.
fn written(office: &Office) -> (Phone<'_>, RecordId) {
    let mut ada = Phone::of(office, "ada");
    let job = office.job_for("ada", "Flow meter reads high");
    ada.sync();
    ada.set(job, "report/cause", "Worn bearing");
    ada.sign_off(job, Purpose::Plan);
    (ada, job)
}

#[test]
fn a_file_counts_as_its_authors_whoever_brings_it_and_once() {
    let office = Office::open();
    let (mut ada, job) = written(&office);
    let file = file_of(&ada, &ada.key);
    // Ben has nothing to do with this job, and does not see it for having carried it.
    let ben = Phone::of(&office, "ben");
    let first = verdicts(&bring(&ben, &file));
    assert!(matches!(first[..], [Verdict::Accepted(_), Verdict::Accepted(_)]), "{first:?}");
    let rows = office.log_rows();
    assert_eq!(verdicts(&bring(&ben, &file)), [Verdict::Duplicate, Verdict::Duplicate]);
    assert_eq!(office.log_rows(), rows);
    let seen =
        |phone: &Phone<'_>| office.get(&format!("/v1/jobs/{job}"), Some(&phone.access_token));
    assert_eq!(seen(&ben).status, 404);
    let page = seen(&ada).json();
    assert_eq!(page["content"]["report"]["cause"], "Worn bearing");
    assert_eq!(page["signoffs"][0]["receipt"]["engineer_name"], "Ada Novak");
    let own = ada.sync().verdicts.remove(0).verdicts;
    assert_eq!(own, [Verdict::Duplicate, Verdict::Duplicate], "her own sync adds nothing either");
}

#[test]
fn a_sealed_file_is_opened_by_this_office_and_by_no_other() {
    let office = Office::open();
    let (ada, _) = written(&office);
    let sealed_to = |key: VerifyingKey| {
        let parcel = Parcel::from_file(&file_of(&ada, &ada.key)).unwrap();
        parcel.seal(&key, &mut UnwrapErr(SysRng)).unwrap().to_file()
    };
    let strange = SigningKey::from_bytes(&random()).verifying_key();
    assert_eq!(bring(&ada, &sealed_to(strange)).code(), "bad-signature");
    let file = sealed_to(office.app.keys.countersign.verifying_key());
    let first = verdicts(&bring(&ada, &file));
    assert!(matches!(first[..], [Verdict::Accepted(_), Verdict::Accepted(_)]), "{first:?}");
    assert_eq!(verdicts(&bring(&ada, &file)), [Verdict::Duplicate, Verdict::Duplicate]);
}

#[test]
fn what_another_key_signed_or_somebody_changed_is_not_taken() {
    let office = Office::open();
    let (ada, _) = written(&office);
    let rows = office.log_rows();
    let strange = file_of(&ada, &SigningKey::from_bytes(&random()));
    assert_eq!(bring(&ada, &strange).code(), "bad-signature");
    let mut parcel = Parcel::from_file(&file_of(&ada, &ada.key)).unwrap();
    parcel.batches[0].signature[7] ^= 1;
    assert_eq!(bring(&ada, &parcel.to_file()).code(), "bad-signature");
    assert_eq!(bring(&ada, b"none of ours").status, 400);
    assert_eq!(office.log_rows(), rows);
}

#[test]
fn the_work_of_a_withdrawn_phone_is_held() {
    let office = Office::open();
    let (ada, _) = written(&office);
    let file = file_of(&ada, &ada.key);
    let (adam, device) = (office.scope("adam"), ada.device);
    office.app.store.write_blocking(move |tx| devices::revoke(tx, &adam, device)).unwrap();
    let ben = Phone::of(&office, "ben");
    let held = Verdict::Held("device-revoked".to_owned());
    assert_eq!(verdicts(&bring(&ben, &file)), [held.clone(), held]);
}
