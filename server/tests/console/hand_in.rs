//! A phone's file is brought to the desk: what became of every edit stands there in words, and
//! bringing it again changes nothing.

use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::wire::Parcel;
use docket_server::random::random;
use ed25519_dalek::SigningKey;

use crate::browser::{Browser, Page};
use crate::support::{Office, Phone};

/// Everything unsent of a phone, as it saves it, signed with this key.
fn file_of(phone: &Phone<'_>, key: &SigningKey) -> Vec<u8> {
    let person = "Ada <b>Novak</b>".to_owned();
    let parcel = phone.parcel_signed_by(key);
    Parcel { person, made_at: phone.clock_ms, edits: 2, ..parcel }.to_file()
}

fn written(office: &Office) -> (Phone<'_>, RecordId) {
    let job = office.job_for("ada", "Flow meter reads high");
    let mut ada = Phone::of(office, "ada");
    ada.sync();
    ada.set(job, "report/cause", "Worn bearing");
    ada.set(job, "intake/priority", "urgent");
    (ada, job)
}

fn bring(office: &Office, login: &str, file: &[u8]) -> Page {
    Browser::signed_in(office, login).upload("/hand-in", "parcel", file)
}

#[test]
fn the_desk_brings_a_file_once_and_again() {
    let office = Office::open();
    let (ada, job) = written(&office);
    let file = file_of(&ada, &ada.key);
    let page = bring(&office, "dora", &file);
    assert_eq!(page.status, 200);
    assert!(page.says("2 taken in, 0 here already"), "{}", page.html());
    assert!(page.says("Flow meter reads high") && page.says(&format!("/jobs/{job}")));
    assert!(page.says("Ada &#60;b&#62;Novak") && !page.says("Ada <b>"), "a file’s words are words");
    let rows = office.log_rows();
    let again = bring(&office, "max", &file);
    assert!(again.says("0 taken in, 2 here already"), "{}", again.html());
    assert_eq!(office.log_rows(), rows);
    let dora = Browser::signed_in(&office, "dora");
    assert!(dora.get(&format!("/jobs/{job}")).part("history").contains("Ada Novak"));
}

#[test]
fn what_waits_for_a_decision_is_said_with_its_reason() {
    let office = Office::open();
    let (ada, job) = written(&office);
    let file = file_of(&ada, &ada.key);
    office.desk_edit("dora", job, Edit::Assign { lead: office.user("ben") }).unwrap();
    let page = bring(&office, "dora", &file);
    assert!(page.says("2 waiting for a decision"), "{}", page.html());
    assert!(page.says("The job had been given to somebody else"));
    assert!(page.says("To decide <span class=\"count\">"), "and stands in the inbox");
}

#[test]
fn a_file_that_is_none_or_was_changed_is_not_taken_and_that_is_explained() {
    let office = Office::open();
    let (ada, _) = written(&office);
    let (rows, file) = (office.log_rows(), file_of(&ada, &ada.key));
    let forged = file_of(&ada, &SigningKey::from_bytes(&random()));
    for (file, why) in [
        (&b""[..], "Choose a file first"),
        (b"not a file of ours", "not a file that Docket wrote"),
        (&file[..file.len() / 2], "not a file that Docket wrote"),
        (&forged, "somebody has changed it"),
    ] {
        let page = bring(&office, "dora", file);
        assert!(page.status == 422 && page.says(why), "{why}: {}", page.html());
    }
    assert_eq!(office.log_rows(), rows);
}

#[test]
fn a_carrier_does_not_see_what_was_carried() {
    let office = Office::open();
    let (ada, job) = written(&office);
    let page = bring(&office, "ben", &file_of(&ada, &ada.key));
    assert!(page.says("2 taken in") && !page.says("Flow meter"), "{}", page.html());
    assert!(!page.says(&format!("/jobs/{job}")));
}
