//! What the manager approves and what is overdue: the preparation of a journey, a backup in a
//! dossier, a report that was missed, a follow-up call.

use std::collections::BTreeMap;

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_protocol::signoff::Purpose;
use docket_server::desk::{self, DeskError};
use docket_server::random::random;

use crate::browser::Browser;
use crate::support::{Office, Phone};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

#[test]
fn the_manager_approves_a_preparation_and_nobody_else_is_offered_to() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let address = format!("/jobs/{job}");
    let approve = format!("{address}/approve");
    let max = Browser::signed_in(&office, "max");
    assert!(!max.get(&address).says("Approve the preparation"), "nobody has asked");
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    ada.set(job, "preparation/asked_at", ada.clock_ms);
    ada.sync();
    let dora = Browser::signed_in(&office, "dora");
    assert!(!dora.get(&address).says("Approve the preparation"));
    assert_eq!(dora.post(&approve, &[]).status, 403);
    assert!(max.get(&address).says("Approve the preparation"));
    assert_eq!(max.post(&approve, &[]).status, 303);
    assert!(max.get(&address).part("preparation").contains("Max Weber"));
    assert!(!max.get(&address).says("Approve the preparation"));
    ada.sync();
    let max = office.user("max").to_string();
    assert_eq!(ada.content(job)["preparation"]["approved_by"], max.as_str());
}

fn dossier(office: &Office) -> RecordId {
    let dora = office.scope("dora");
    let fields = [(Path::new("name"), "River Mill".into())].into();
    let edit = Edit::Create { fields, entries: Vec::new() };
    let opened = office
        .app
        .store
        .write_blocking(move |tx| desk::create(tx, &dora, RecordKind::Dossier, &edit));
    opened.map_err(|error: DeskError| error.to_string()).expect("the dossier is opened")
}

fn backup(version: &str, tested: bool) -> Edit {
    let fields: BTreeMap<String, FieldValue> = [
        ("system".to_owned(), "Press PLC".into()),
        ("version".to_owned(), version.into()),
        ("tested".to_owned(), tested.into()),
    ]
    .into();
    let id = ItemId::new(1, random());
    Edit::AddEntry(NewEntry { collection: Path::new("backups"), id, fields })
}

#[test]
fn backups_come_from_phones_and_the_newest_good_one_is_marked_and_approved() {
    let office = Office::open();
    let dossier = dossier(&office);
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    ada.edit(dossier, &backup("V2.3", true));
    ada.clock_ms += 1;
    ada.edit(dossier, &backup("V2.4", false));
    ada.sync();
    let address = format!("/dossiers/{dossier}");
    let max = Browser::signed_in(&office, "max");
    let shown = max.get(&address).part("backups");
    let marked = shown.find("Newest good version").expect("a mark");
    assert!(shown[..marked].contains("V2.4") || shown[marked..].contains("V2.3"), "{shown}");
    assert_eq!(shown.matches("Newest good version").count(), 1);

    let entry = max.get(&address).field("entry").expect("one to approve");
    let approve = format!("{address}/approve");
    let dora = Browser::signed_in(&office, "dora");
    assert_eq!(dora.post(&approve, &[("entry", &entry)]).status, 403);
    assert_eq!(max.post(&approve, &[("entry", &entry)]).status, 303);
    assert!(max.get(&address).part("backups").contains("Max Weber"));
    let elsewhere = [("entry", "sites/0193")];
    assert_ne!(max.post(&approve, &elsewhere).status, 303, "nothing else is approved");
}

#[test]
fn a_report_that_was_missed_shows_on_the_board_until_somebody_is_told() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    ada.set(job, "intake/mode", "on_site");
    ada.set(job, "intake/level", "critical");
    ada.set(job, "visit/arrived_at", ada.clock_ms - 20 * MINUTE_MS);
    ada.sync();
    let board = Browser::signed_in(&office, "dora");
    assert!(!board.get("/").says("Report missed since"));
    ada.set(job, "visit/arrived_at", ada.clock_ms - 40 * MINUTE_MS);
    ada.sync();
    assert!(board.get("/").says("Report missed since"));
    assert!(board.get(&format!("/jobs/{job}")).part("job-head").contains("Report missed since"));
    let fields = [("to".to_owned(), "customer".into()), ("text".to_owned(), "Soon".into())].into();
    let id = ItemId::new(1, random());
    ada.edit(job, &Edit::AddEntry(NewEntry { collection: Path::new("reports"), id, fields }));
    ada.sync();
    assert!(!board.get("/").says("Report missed since"));
}

#[test]
fn a_follow_up_call_is_listed_a_week_after_the_signature() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    ada.clock_ms -= 8 * DAY_MS;
    ada.sign_off(job, Purpose::Report);
    ada.sync();
    let board = Browser::signed_in(&office, "dora");
    let due = board.get("/?due=follow_up");
    assert!(due.says("Pump noise") && due.says("Follow-up call due <b>1</b>"), "{}", due.html());
    ada.clock_ms += 8 * DAY_MS;
    let fields = [("result".to_owned(), "All well".into()), ("solved".to_owned(), true.into())];
    let entry = NewEntry {
        collection: Path::new("follow_ups"),
        id: ItemId::new(1, random()),
        fields: fields.into(),
    };
    ada.edit(job, &Edit::AddEntry(entry));
    ada.sync();
    assert!(!board.get("/?due=follow_up").says("Pump noise"));
}
