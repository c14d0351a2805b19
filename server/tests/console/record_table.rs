//! 技术支持记录表: a table that goes in comes out the same, and going in twice adds nothing.

use docket_protocol::record::value::FieldValue;
use docket_protocol::{edit::Edit, record::path::Path};
use docket_server::records_csv::{
    ImportReport, Period, RowProblem, export_jobs, import_jobs, parse_date, read_file,
};
use docket_server::words::Language;
use jiff::tz::TimeZone;

use crate::browser::Browser;
use crate::support::Office;

const TABLE: &str = "date,description,category,solution,handler,\
    solved,solved_at,reason,next_plan\r\n\
    2026-11-03,Paper jam,Printing,Cleaned the rollers,Ada Novak,yes,2026-11-04,,\r\n\
    2026-11-03,\"Line one\nline two, with a comma\",Network,,Somebody Else,,,,\r\n\
    2026-11-05,'=cmd(),Printing,,ada novak,no,,'+no part,Order it\r\n\
    2026-11-05,水泵异响,设备,更换轴承,王建国,,,,\r\n";

fn import(office: &Office, bytes: &[u8]) -> ImportReport {
    let file = read_file(bytes).unwrap();
    import_jobs(&office.app, &office.scope("dora"), file, &TimeZone::UTC).unwrap()
}

fn export(office: &Office, period: Period) -> String {
    let scope = office.scope("dora");
    let (csv, _) =
        export_jobs(&office.app, &scope, period, Language::English, &TimeZone::UTC).unwrap();
    String::from_utf8(csv).unwrap().trim_start_matches('\u{feff}').to_owned()
}

#[test]
fn a_table_comes_back_as_it_went_in() {
    let office = Office::open();
    let report = import(&office, TABLE.as_bytes());
    assert_eq!((report.added, report.known, report.bad_rows.len()), (4, 0, 0));
    assert_eq!(report.strangers, ["Somebody Else", "王建国"]);
    let csv = export(&office, Period::default());
    // The person is written as the account has them; everything else is letter by letter.
    assert_eq!(csv, TABLE.replace("ada novak", "Ada Novak"));
}

#[test]
fn importing_twice_adds_nothing_in_any_encoding() {
    let office = Office::open();
    import(&office, TABLE.as_bytes());
    let rows = office.log_rows();
    let (gb18030, _, _) = encoding_rs::GB18030.encode(TABLE);
    for again in [TABLE.as_bytes(), &gb18030, export(&office, Period::default()).as_bytes()] {
        let report = import(&office, again);
        assert_eq!((report.added, report.known), (0, 4));
    }
    assert_eq!(office.log_rows(), rows);
}

#[test]
fn edited_jobs_are_still_known_and_new_lines_still_go_in() {
    let office = Office::open();
    import(&office, TABLE.as_bytes());
    let job = office.app.store.read_blocking(|sql| {
        sql.query_row("select record from jobs where title = 'Paper jam'", [], |row| {
            Ok(docket_protocol::ids::RecordId(row.get(0)?))
        })
        .map_err(docket_server::store::StoreError::from)
    });
    let path = Path::new("intake/category");
    let edit = Edit::SetField { path, value: FieldValue::from("Printers") };
    office.desk_edit("dora", job.unwrap(), edit).unwrap();
    assert_eq!(import(&office, TABLE.as_bytes()).added, 0, "the original table");
    let longer = export(&office, Period::default()) + "2026-11-06,New,,,,,,,\r\n";
    assert_eq!(import(&office, longer.as_bytes()).added, 1, "an export with one more line");
}

#[test]
fn equal_lines_are_separate_events() {
    let office = Office::open();
    let twice = "date,description\n2026-11-03,Alarm again\n2026-11-03,Alarm again\n";
    assert_eq!(import(&office, twice.as_bytes()).added, 2);
    assert_eq!(import(&office, twice.as_bytes()).added, 0);
}

#[test]
fn bad_rows_are_named_and_the_rest_goes_in() {
    let office = Office::open();
    let long = "x".repeat(400);
    let table = format!(
        "date,description,category,solved\n\
         2026-11-03,fine,,\n\
         soon,no date,,\n\
         2026-11-03,,,\n\
         2026-11-03,long,{long},\n\
         2026-11-03,unsure,,perhaps\n\
         2026-11-03,stray,,yes,comma\n\
         \n\
         2026-11-04,fine too,,no\n"
    );
    let report = import(&office, table.as_bytes());
    assert_eq!(report.added, 2);
    let bad: Vec<_> = report.bad_rows.iter().map(|row| (row.line, &row.problem)).collect();
    assert_eq!(
        bad,
        [
            (3, &RowProblem::DateUnclear("soon".into())),
            (4, &RowProblem::DescriptionMissing),
            (5, &RowProblem::TooLong { heading: "category", characters_max: 300 }),
            (6, &RowProblem::SolvedUnclear("perhaps".into())),
            (7, &RowProblem::TooManyCells),
        ]
    );
}

#[test]
fn a_period_has_both_its_ends() {
    let office = Office::open();
    import(&office, TABLE.as_bytes());
    let lines = |from: Option<&str>, to: Option<&str>| {
        let day = |text: Option<&str>| text.map(|text| parse_date(text).unwrap());
        let csv = export(&office, Period { from: day(from), to: day(to) });
        csv.lines().filter(|line| line.starts_with("2026-")).count()
    };
    assert_eq!(lines(None, None), 4);
    assert_eq!(lines(Some("2026-11-03"), Some("2026-11-03")), 2);
    assert_eq!(lines(Some("2026-11-04"), None), 2);
    assert_eq!(lines(None, Some("2026-11-02")), 0);
}

#[test]
fn imported_jobs_are_jobs_like_any_other() {
    let office = Office::open();
    import(&office, TABLE.as_bytes());
    let browser = Browser::signed_in(&office, "ada");
    let board = browser.get("/");
    assert!(board.says("=cmd()") && !board.says("Paper jam"), "open work shows, solved is filed");
    assert!(browser.get("/?stage=archived").says("Paper jam"));
    let open = office.count("select count(*) from jobs where stage <> 'archived'");
    assert_eq!(open, 2);
    let numbers = office.count("select count(*) from jobs where number like 'D26110%'");
    assert_eq!(numbers, 4, "the number says the day of the record");
}
