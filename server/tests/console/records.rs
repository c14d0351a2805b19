//! The plain record of a period: listed, searched, grouped, carried on and saved as a file.

use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_server::desk::{self, DeskError};
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::browser::{Browser, Page};
use crate::support::{Office, Phone};

/// Noon of a day, in the zone of [`window`].
fn noon(year: i16, month: i8, day: i8) -> i64 {
    let noon = date(year, month, day).at(12, 0, 0, 0);
    TimeZone::UTC.to_timestamp(noon).unwrap().as_millisecond()
}

/// A job as it would be after its calls, with these fields.
pub(crate) fn job(office: &Office, fields: &[(&str, FieldValue)]) -> RecordId {
    let dora = office.scope("dora");
    let fields = fields.iter().map(|(path, value)| (Path::new(*path), value.clone())).collect();
    let create = Edit::Create { fields, entries: Vec::new() };
    let opened = office
        .app
        .store
        .write_blocking(move |tx| desk::create(tx, &dora, RecordKind::Job, &create));
    opened.map_err(|error: DeskError| error.to_string()).unwrap()
}

fn called(office: &Office, symptom: &str, at: i64, more: &[(&str, FieldValue)]) -> RecordId {
    let mut fields: Vec<(&str, FieldValue)> = vec![
        ("intake/opened_at", at.into()),
        ("intake/symptom", symptom.into()),
        ("intake/customer", "Harbour Water".into()),
        ("intake/category", "Pumps".into()),
    ];
    for (path, value) in more {
        fields.retain(|(known, _)| known != path);
        fields.push((*path, value.clone()));
    }
    job(office, &fields)
}

/// A window whose days are those of UTC.
pub(crate) fn window<'o>(office: &'o Office, login: &str) -> Browser<'o> {
    let browser = Browser::signed_in(office, login);
    browser.set_cookie("docket_zone", "UTC");
    browser
}

const SUMMER: &str = "/records?from=2026-07-01&to=2026-09-30";
const AUTUMN: &str = "/records?from=2026-10-01&to=2026-12-31";

/// Four records: solved in summer, left open by it and solved in autumn, open for ever, autumn's.
fn two_seasons(office: &Office) {
    let solved = |at: i64| {
        vec![
            ("report/outcome", FieldValue::from("solved")),
            ("report/treatment", "Replaced the seal".into()),
            ("report/solved_at", at.into()),
        ]
    };
    called(office, "Pump drips", noon(2026, 7, 3), &solved(noon(2026, 7, 4)));
    called(office, "Pump hums", noon(2026, 9, 20), &solved(noon(2026, 10, 2)));
    let waiting = [
        ("intake/customer", FieldValue::from("Mill")),
        ("intake/category", "Valves".into()),
        ("report/outcome", "unsolved".into()),
        ("report/open_reason", "The part is on its way".into()),
        ("report/next_plan", "Fit it in October".into()),
    ];
    called(office, "Valve sticks", noon(2026, 9, 30), &waiting);
    called(office, "Meter jumps", noon(2026, 10, 1), &[]);
}

fn part(page: &Page, id: &str) -> String {
    if page.says(&format!("id=\"{id}\"")) { page.part(id) } else { String::new() }
}

#[test]
fn a6_a_period_lists_what_was_opened_in_it_and_how_it_stands() {
    let office = Office::open();
    two_seasons(&office);
    let page = window(&office, "max").get(SUMMER);
    assert_eq!(page.status, 200);
    let opened = part(&page, "opened");
    for said in ["Pump drips", "Pump hums", "Valve sticks", "Replaced the seal", "2026-07-03"] {
        assert!(opened.contains(said), "{said} in {opened}");
    }
    assert!(!page.says("Meter jumps") && part(&page, "carried").is_empty());
    assert!(page.says("3 records, 2 open"), "{}", page.html());
    assert!(opened.contains("Open at the end") && opened.contains("2 Oct"));
    assert!(opened.contains("The part is on its way") && opened.contains("Fit it in October"));
}

#[test]
fn d3_what_one_period_leaves_open_is_tracked_in_the_next() {
    let office = Office::open();
    two_seasons(&office);
    let page = window(&office, "max").get(AUTUMN);
    let carried = part(&page, "carried");
    assert!(carried.contains("Pump hums") && carried.contains("Valve sticks"), "{carried}");
    assert!(!carried.contains("Pump drips"), "solved before");
    assert!(carried.contains("Solved") && carried.contains("Replaced the seal"));
    assert!(part(&page, "opened").contains("Meter jumps"));
    let open = window(&office, "max").get(&format!("{AUTUMN}&open=yes"));
    assert!(open.says("Valve sticks") && open.says("Meter jumps") && !open.says("Pump hums"));
    let year_after = window(&office, "max").get("/records?from=2027-10-01&to=2027-12-31");
    assert!(part(&year_after, "carried").contains("Valve sticks"), "until it is solved");
}

#[test]
fn d1_records_stand_together_by_customer_and_by_problem_type_and_the_filter_is_the_address() {
    let office = Office::open();
    two_seasons(&office);
    let max = window(&office, "max");
    let by_customer = max.get(&format!("{SUMMER}&group=customer")).html();
    let place = |text: &str| by_customer.find(text).unwrap_or_else(|| panic!("{text}"));
    assert!(place("scope=\"rowgroup\">Harbour Water") < place("scope=\"rowgroup\">Mill"));
    assert!(max.get(&format!("{SUMMER}&group=category")).says("scope=\"rowgroup\">Valves"));
    for (narrower, shown, hidden) in [
        ("customer=Mill", "Valve sticks", "Pump drips"),
        ("category=Pumps", "Pump drips", "Valve sticks"),
        ("query=drips", "Pump drips", "Pump hums"),
        ("query=%22%20or%20*", "No record matches", "Pump drips"),
    ] {
        let page = max.get(&format!("{SUMMER}&{narrower}"));
        assert!(page.says(shown) && !page.part("content").contains(hidden), "{narrower}");
    }
    let page = max.get(&format!("{SUMMER}&customer=Mill"));
    assert!(page.says("customer=Mill&#38;group=category") || page.says("customer=Mill&amp;group="));
}

#[test]
fn a6_a_file_holds_just_what_is_shown_and_no_formula() {
    let office = Office::open();
    two_seasons(&office);
    let hostile = "=HYPERLINK(\"http://evil.test\")";
    let more = [("intake/customer", FieldValue::from("+Mill")), ("intake/category", "@x".into())];
    called(&office, hostile, noon(2026, 8, 1), &more);
    let max = window(&office, "max");
    let csv = max.get("/records.csv?from=2026-07-01&to=2026-09-30");
    assert!(csv.content_type.starts_with("text/csv"));
    let text = csv.html();
    assert!(text.starts_with('\u{feff}') && text.lines().count() == 5, "{text}");
    assert!(text.contains("\"'=HYPERLINK(") && text.contains(",'@x,") && text.contains(",'+Mill,"));
    assert!(
        !text
            .lines()
            .skip(1)
            .flat_map(|line| line.split(','))
            .any(|cell| { cell.trim_matches('"').starts_with(['=', '+', '@']) })
    );
    let narrow = max.get("/records.csv?from=2026-07-01&to=2026-09-30&query=drips").html();
    assert!(narrow.contains("Pump drips") && !narrow.contains("Pump hums"));
    let xlsx = max.get("/records.xlsx?from=2026-07-01&to=2026-09-30");
    assert!(xlsx.content_type.contains("spreadsheetml") && xlsx.bytes.starts_with(b"PK"));
}

#[test]
fn a_saved_table_is_known_when_it_is_imported_again() {
    let office = Office::open();
    two_seasons(&office);
    let csv = window(&office, "max").get("/records.csv?from=2026-01-01&to=2026-12-31");
    let file = docket_server::records_csv::read_file(&csv.bytes).unwrap();
    let scope = office.scope("dora");
    let report = docket_server::records_csv::import_jobs(&office.app, &scope, file, &TimeZone::UTC);
    let report = report.unwrap();
    assert_eq!((report.added, report.known, report.bad_rows.len()), (0, 4, 0));
}

#[test]
fn engineers_see_the_records_of_their_own_jobs_only() {
    let office = Office::open();
    let adas = office.job_for("ada", "Pump noise");
    office.job_for("ben", "Crane stuck");
    // A record has a description; these two have their title for it.
    let ada = window(&office, "ada").get("/records");
    assert!(ada.says("Pump noise") && !ada.says("Crane stuck"), "{adas}");
    assert!(!window(&office, "ada").get("/records.csv").says("Crane stuck"));
    assert!(window(&office, "eve").get("/records").says("Crane stuck"));
}

/// The row follows the job, whoever writes it and whenever it arrives.
#[test]
fn work_that_arrives_late_changes_the_period_it_belongs_to() {
    let office = Office::open();
    let record = called(&office, "Pump drips", noon(2026, 7, 3), &[]);
    office.desk_edit("dora", record, Edit::Assign { lead: office.user("ada") }).unwrap();
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    ada.clock_ms = noon(2026, 7, 5);
    ada.set(record, "report/outcome", "solved");
    ada.set(record, "report/solved_at", noon(2026, 7, 5));
    let max = window(&office, "max");
    assert!(max.get(SUMMER).says("1 record, 1 open"));
    ada.sync();
    assert!(max.get(SUMMER).says("1 record, none open"), "{}", max.get(SUMMER).html());
}
