//! The board of phones: last contact, and what each phone said of itself with its last request.

use docket_protocol::wire::DeviceReport;

use crate::browser::Browser;
use crate::support::{Office, Phone};

const MINUTE: i64 = 60_000;

/// A request with nothing but what the phone says of itself.
fn say(phone: &Phone<'_>, ahead_ms: i64, report: Option<DeviceReport>) -> u16 {
    let mut request = phone.request(Vec::new());
    request.sent_at = phone.office.app.clock.now_ms() + ahead_ms;
    request.report = report;
    phone.send(&request).status
}

#[test]
fn the_board_shows_what_every_phone_said_last() {
    let office = Office::open();
    office.job_for("ada", "Pump noise");
    let ada = Phone::of(&office, "ada");
    let long_ago = office.app.clock.now_ms() - 2 * 24 * 60 * MINUTE;
    let report = DeviceReport {
        app_version: "<b>1.2.3</b>".to_owned(),
        unsent_changes: 7,
        unsent_jobs: 2,
        unsent_files: 4,
        unsent_signature_at: Some(long_ago),
        storage_free_bytes: Some(50_000_000),
    };
    assert_eq!(say(&ada, 5 * MINUTE, Some(report.clone())), 200);
    let max = Browser::signed_in(&office, "max");
    let page = max.get("/fleet");
    for said in ["Ada Novak", "ada&#39;s phone", "7 in 2 jobs", "5 min ahead", "0.1 GB"] {
        assert!(page.says(said), "{said} in {}", page.html());
    }
    assert!(page.says("&#60;b&#62;1.2.3") && !page.says("<b>1.2.3"), "a phone’s words are words");
    assert!(page.says("no phone yet"), "Ben has none");

    let sent = DeviceReport { unsent_changes: 0, unsent_jobs: 0, ..report };
    say(&ada, 0, Some(DeviceReport { unsent_signature_at: None, ..sent }));
    let page = max.get("/fleet");
    assert!(!page.says("7 in 2 jobs") && !page.says("5 min ahead"), "{}", page.html());
}

/// An app from before reports says only what its clock shows.
#[test]
fn an_older_app_is_taken_as_it_is() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    assert_eq!(say(&ada, -10 * MINUTE, None), 200);
    ada.sync();
    say(&ada, -10 * MINUTE, None);
    let page = Browser::signed_in(&office, "max").get("/fleet");
    assert!(page.says("Ada Novak") && page.says("–"), "{}", page.html());
}

/// What is said again is not written again: a phone that asks every second costs no writes.
#[test]
fn a_report_that_says_nothing_new_is_not_written() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let report = DeviceReport { app_version: "1".to_owned(), ..DeviceReport::default() };
    let reported = || office.count("select max(reported_at) from device_reports");
    say(&ada, 0, Some(report.clone()));
    let first = reported();
    office.app.clock.advance_ms(5);
    say(&ada, 0, Some(report.clone()));
    assert_eq!(reported(), first);
    say(&ada, 0, Some(DeviceReport { unsent_files: 1, ..report }));
    assert!(reported() > first);
}

/// Numbers that no database counts to, and a version that is a novel.
#[test]
fn a_phone_may_say_anything_and_breaks_nothing() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let report = DeviceReport {
        app_version: "x".repeat(10_000),
        unsent_changes: u64::MAX,
        unsent_jobs: u64::MAX,
        unsent_files: u64::MAX,
        unsent_signature_at: Some(i64::MIN),
        storage_free_bytes: Some(u64::MAX),
    };
    assert_eq!(say(&ada, i64::MIN / 2, Some(report)), 200);
    for page in ["/fleet", "/statistics"] {
        assert_eq!(Browser::signed_in(&office, "max").get(page).status, 200, "{page}");
    }
}
