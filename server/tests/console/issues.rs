//! D2, D3: a quarterly report is issued in somebody's name and stays as it was said; late work
//! changes what stands now, and a new version says what is different.

use docket_protocol::ids::RecordId;
use docket_protocol::record::value::FieldValue;
use docket_server::limits::PDF_BYTES_MAX;
use docket_server::paper::seal::{Seal, check};
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::browser::{Browser, Page};
use crate::papers::text;
use crate::records::{job, window};
use crate::support::{Office, Phone};

fn at(month: i8, day: i8) -> i64 {
    let noon = date(2026, month, day).at(12, 0, 0, 0);
    TimeZone::UTC.to_timestamp(noon).unwrap().as_millisecond()
}

/// A call to Ada.
fn call(office: &Office, symptom: &str, opened_at: i64) -> RecordId {
    let fields: Vec<(&str, FieldValue)> = vec![
        ("intake/opened_at", opened_at.into()),
        ("intake/symptom", symptom.into()),
        ("intake/customer", "Harbour Water".into()),
        ("assignment/lead", office.user("ada").to_string().into()),
        ("assignment/assigned_at", opened_at.into()),
    ];
    job(office, &fields)
}

fn solve(phone: &mut Phone<'_>, record: RecordId, at: i64) {
    phone.clock_ms = at;
    phone.set(record, "report/outcome", "solved");
    phone.set(record, "report/finished_at", at);
}

const SUMMER: &str = "/statistics?quarter=2026Q3";

fn issue(browser: &Browser<'_>, after: &str) -> Page {
    browser.post("/statistics/issue", &[("quarter", "2026Q3"), ("after", after)])
}

#[test]
fn d2_what_was_issued_stays_and_late_work_makes_a_new_version() {
    let office = Office::open();
    let late = call(&office, "Pump drips", at(7, 10));
    call(&office, "Pump hums", at(8, 20));
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    let max = window(&office, "max");
    assert!(max.get(SUMMER).part("issues").contains("No report of this quarter was issued yet"));
    assert!(issue(&max, "0").location.contains("notice=issued"));
    let page = max.get(SUMMER).part("issues");
    for said in ["Version 1", "by Max Weber", "Nothing has changed against version 1"] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(issue(&max, "1").location.contains("notice=nothing-new"), "there is nothing new");
    solve(&mut ada, late, at(7, 12));
    ada.sync();
    let page = max.get(SUMMER).part("issues");
    for said in
        ["because work arrived later", "Solved</th><td>0 (0%)</td><td>1 (50%)", "Pump drips"]
    {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(issue(&max, "0").location.contains("notice=nothing-new"), "that page was too old");
    assert!(issue(&max, "1").location.contains("notice=issued"));
    let first = max.get(&format!("{SUMMER}&version=1"));
    assert!(first.part("figures").contains("<dt>Solved</dt><dd><b>0</b>"), "{}", first.html());
    let second = max.get(&format!("{SUMMER}&version=2"));
    assert!(second.part("figures").contains("<dt>Solved</dt><dd><b>1</b>"));
    assert!(second.part("issues").contains("Solved</th><td>0 (0%)</td><td>1 (50%)"));
    assert_eq!(max.get(&format!("{SUMMER}&version=3")).status, 404);
    assert_ne!(
        max.get("/statistics.csv?quarter=2026Q3&version=1").bytes,
        max.get("/statistics.csv?quarter=2026Q3&version=2").bytes
    );
}

#[test]
fn d2_d3_a_report_is_a_document_with_what_it_leaves_open_and_how_earlier_points_stand() {
    let office = Office::open();
    let solved = call(&office, "Valve sticks", at(6, 28));
    call(&office, "Meter jumps", at(6, 29));
    call(&office, "Pump hums", at(8, 20));
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    solve(&mut ada, solved, at(7, 3));
    ada.sync();
    let max = window(&office, "max");
    let draft = text(&max.get("/statistics.pdf?quarter=2026Q3").bytes);
    assert!(draft.contains("Not issued"), "{draft}");
    issue(&max, "0");
    let pdf = max.get("/statistics.pdf?quarter=2026Q3&version=1");
    assert_eq!(pdf.content_type, "application/pdf");
    assert_eq!(max.get("/statistics.pdf?quarter=2026Q3&version=1").bytes, pdf.bytes);
    assert_eq!(check(&pdf.bytes, &office.app.keys.server_key()), Seal::Whole);
    assert!(pdf.bytes.len() < PDF_BYTES_MAX);
    let words = text(&pdf.bytes);
    for said in ["Quarterly report", "Version 1", "Max Weber", "By customer", "Harbour Water"] {
        assert!(words.contains(said), "{said} in {words}");
    }
    let carried = words.find("Open points of earlier quarters").expect("earlier points");
    let open = words.find("Open points of this quarter").expect("this quarter's");
    let place = |what: &str| words.find(what).expect(what);
    assert!((carried..open).contains(&place("Valve sticks")));
    assert!((carried..open).contains(&place("solved 3 Jul 2026")), "{words}");
    assert!(place("Pump hums") > open && words.matches("Meter jumps").count() == 2, "{words}");
    let stranger = Browser::new(&office).upload("/verify", "proof", &pdf.bytes);
    assert!(stranger.says("This document is as it was printed."));
}

#[test]
fn a_report_is_issued_by_those_in_charge_and_once_its_quarter_has_ended() {
    let office = Office::open();
    for (login, status) in [("ada", 404), ("dora", 403), ("adam", 403)] {
        let page = issue(&Browser::signed_in(&office, login), "0");
        assert_eq!(page.status, status, "{login}");
        assert!(!window(&office, login).get(SUMMER).says("/statistics/issue"), "{login}");
    }
    assert_eq!(office.count("select count(*) from report_issues"), 0);
    let eve = window(&office, "eve");
    let running = [("quarter", "2199Q1"), ("after", "0")];
    assert_eq!(eve.post("/statistics/issue", &running).status, 400);
    assert!(eve.get("/statistics?quarter=2199Q1").part("issues").contains("still running"));
    assert!(issue(&eve, "0").location.contains("notice=issued"));
    assert_eq!(office.count("select count(*) from report_issues"), 1);
}
