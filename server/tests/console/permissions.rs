//! Who may open which page of the console: every address that is read, for every kind of person.
//! The list of addresses comes from the table that builds the router; one without a row here
//! fails. What forms do, and for whom, stands in `deeds.rs`.

use std::collections::BTreeSet;

use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::signoff::Purpose;
use docket_server::desk::{self, DeskError};
use docket_server::router::{Who, routes};

use crate::browser::Browser;
use crate::support::{Office, Phone, Photo};

/// Ada, who leads the job; Ben, who has nothing to do with it; and one of each other role.
const PERSONS: [&str; 6] = ["ada", "ben", "dora", "max", "eve", "adam"];

type Expected = [u16; 6];
const ALL: Expected = [200; 6];
/// One job's: not for the engineer who has nothing to do with it.
const OF_JOB: Expected = [200, 404, 200, 200, 200, 200];
/// For those who see all jobs.
const OFFICE: Expected = [404, 404, 200, 200, 200, 200];

/// For those in charge of people, and whoever they answer to.
const CHARGE: Expected = [404, 404, 404, 200, 200, 200];

const ROWS: [(&str, Expected); 40] = [
    ("/", ALL),
    ("/held", OFFICE),
    ("/notices", OFFICE),
    ("/levels", ALL),
    ("/password", ALL),
    ("/audit", CHARGE),
    ("/audit.csv", CHARGE),
    ("/audit.xlsx", CHARGE),
    ("/people", ALL),
    ("/duty", ALL),
    ("/fleet", OFFICE),
    ("/hand-in", ALL),
    ("/assets", ALL),
    ("/assets.csv", ALL),
    ("/assets.xlsx", ALL),
    ("/dossiers", ALL),
    ("/dossiers/names", ALL),
    ("/dossiers/{record}", ALL),
    ("/articles", ALL),
    ("/articles/{record}", ALL),
    ("/records", ALL),
    ("/records.csv", ALL),
    ("/records.xlsx", ALL),
    ("/statistics", OFFICE),
    ("/statistics.csv", OFFICE),
    ("/statistics.xlsx", OFFICE),
    ("/statistics.pdf", OFFICE),
    ("/follow-ups", ALL),
    ("/backups", OFFICE),
    ("/jobs/new", [200, 200, 200, 200, 403, 403]),
    ("/jobs/{record}", OF_JOB),
    ("/jobs/{record}/attachments/{attachment}", OF_JOB),
    ("/jobs/{record}/signoffs/{signoff}", OF_JOB),
    ("/jobs/{record}/signoffs/{signoff}/proof", OF_JOB),
    ("/jobs/{record}/signoffs/{signoff}/document.pdf", OF_JOB),
    ("/jobs/{record}/report.pdf", OF_JOB),
    ("/jobs/{record}/plan.pdf", OF_JOB),
    ("/jobs/{record}/analysis.pdf", OF_JOB),
    ("/jobs/{record}/signoffs/{signoff}/drawing.png", OF_JOB),
    // A stream without an end; `live.rs` listens to it.
    ("/live", ALL),
];

fn opened(office: &Office, kind: RecordKind, field: &'static str) -> RecordId {
    let dora = office.scope("dora");
    let create = Edit::Create {
        fields: [(Path::new(field), "Harbour Water".into())].into(),
        entries: Vec::new(),
    };
    let opened = office.app.store.write_blocking(move |tx| desk::create(tx, &dora, kind, &create));
    opened.map_err(|error: DeskError| error.to_string()).unwrap()
}

#[test]
fn everybody_reads_just_what_the_table_says() {
    let office = Office::open();
    let job = office.job_for("ada", "Flow meter reads high");
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    let photo = Photo::of(b"\xff\xd8\xff a photo".to_vec());
    photo.attach(&mut ada, job);
    let signoff = ada.sign_off(job, Purpose::Plan);
    ada.sync();
    photo.bring(&ada);
    let attachment = ada.content(job)["attachments"].as_object().unwrap().keys().next().cloned();
    let dossier = opened(&office, RecordKind::Dossier, "name").to_string();
    let article = opened(&office, RecordKind::Article, "title").to_string();
    for (at, person) in PERSONS.iter().enumerate() {
        let browser = Browser::signed_in(&office, person);
        for (path, expected) in ROWS.iter().filter(|(path, _)| *path != "/live") {
            let record = match path.split('/').nth(1) {
                Some("dossiers") => dossier.clone(),
                Some("articles") => article.clone(),
                _ => job.to_string(),
            };
            let address = path
                .replace("{record}", &record)
                .replace("{signoff}", &signoff.to_string())
                .replace("{attachment}", attachment.as_deref().unwrap_or_default());
            assert_eq!(browser.get(&address).status, expected[at], "{path} as {person}");
        }
    }
}

#[test]
fn every_address_of_the_console_that_is_read_has_its_row() {
    let wanted: BTreeSet<&str> = routes()
        .into_iter()
        .filter(|route| route.who == Who::Console && route.method == "GET")
        .map(|route| route.path)
        .collect();
    let tested: BTreeSet<&str> = ROWS.iter().map(|(path, _)| *path).collect();
    assert_eq!(wanted, tested);
}
