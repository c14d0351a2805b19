//! What people may do at the desk: every form of the console for every kind of person. The list
//! of addresses comes from the table that builds the router; one without a row here fails.

use std::collections::BTreeSet;

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::ItemId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::signoff::Purpose;
use docket_server::desk::{self, DeskError};
use docket_server::router::{Who, routes};

use crate::browser::Browser;
use crate::support::{Office, PASSWORD, Phone};

/// Ada, who leads the job; Ben, who has nothing to do with it; and one of each other role.
const PERSONS: [&str; 6] = ["ada", "ben", "dora", "max", "eve", "adam"];

type Expected = [u16; 6];
type Fields = &'static [(&'static str, &'static str)];

/// Those who see all jobs.
const OFFICE: Expected = [404, 404, 303, 303, 303, 303];
/// What all work with: dossiers, articles, settings. Whoever may not gets the form back.
const MASTER: Expected = [422, 422, 303, 303, 422, 303];
/// The same, opened.
const OPENS: Expected = [403, 403, 303, 303, 403, 303];
/// Those in charge of people.
const CHARGE: Expected = [403, 403, 403, 303, 403, 303];
/// A job's, for the desk and the manager.
const DESK: Expected = [403, 404, 303, 303, 403, 403];
/// A job's, for its engineer, too.
const HANDS: Expected = [303, 404, 303, 303, 403, 403];
/// The same; whoever may not gets the form back.
const WRITES: Expected = [303, 404, 303, 303, 422, 422];
/// For the manager alone.
const MANAGER: Expected = [403, 403, 403, 303, 403, 403];

/// An address, what its form says, and what becomes of it: 303 and 200 are done, 403 is not
/// allowed, 404 nothing that this person may see, 422 the form again with what is wrong with it.
/// A conflict to choose in, a file to hand in and a browser to sign out are not there: who may
/// gets as far as being told so.
const ROWS: &[(&str, Fields, Expected)] = &[
    (
        "/held/{record}/decide",
        &[("changes", ""), ("accepted", "true")],
        [404, 404, 303, 303, 403, 403],
    ),
    ("/notices/seen", &[], OFFICE),
    (
        "/levels/edit",
        &[("target", "service"), ("was:service/opens", ""), ("value:service/opens", "08:30")],
        MASTER,
    ),
    (
        "/levels/add",
        &[
            ("target", "holidays"),
            ("was:holidays/name", ""),
            ("value:holidays/name", "National Day"),
        ],
        MASTER,
    ),
    (
        "/duty/edit",
        &[("target", "service"), ("was:service/closes", ""), ("value:service/closes", "17:30")],
        MASTER,
    ),
    (
        "/duty/add",
        &[("target", "duty"), ("was:duty/note", ""), ("value:duty/note", "Weekend")],
        MASTER,
    ),
    ("/password", &[("old", ""), ("new", "one thing"), ("again", "another")], [422; 6]),
    (
        "/people",
        &[("name", "Nia Berg"), ("login", "nia"), ("role", "engineer")],
        [403, 403, 403, 403, 403, 200],
    ),
    ("/people/devices/{device}", &[("on", "true")], CHARGE),
    ("/people/{person}/account", &[("on", "true")], CHARGE),
    ("/people/{person}/role", &[("role", "engineer")], [403, 403, 403, 403, 403, 303]),
    (
        "/people/{person}/contact",
        &[("mail", ""), ("language", "en")],
        [403, 303, 403, 403, 403, 303],
    ),
    ("/people/{person}/password", &[], [403, 403, 403, 403, 403, 200]),
    ("/people/{person}/browsers/{browser}", &[], [403, 404, 403, 404, 403, 404]),
    ("/hand-in", &[], [400; 6]),
    ("/assets/check", &[], [400; 6]),
    ("/assets/import", &[("file", ""), ("plan", "")], [403, 403, 400, 400, 403, 400]),
    ("/dossiers", &[("name", "Harbour Water")], OPENS),
    (
        "/dossiers/{record}/edit",
        &[("target", "about"), ("was:address", ""), ("value:address", "Quay 3")],
        MASTER,
    ),
    (
        "/dossiers/{record}/add",
        &[("target", "sites"), ("was:sites/name", ""), ("value:sites/name", "Quay 3")],
        MASTER,
    ),
    ("/dossiers/{record}/approve", &[("entry", "backups/{backup}")], MANAGER),
    ("/articles", &[("title", "Pumps")], OPENS),
    (
        "/articles/{record}/edit",
        &[("target", "about"), ("was:cause", ""), ("value:cause", "Worn")],
        MASTER,
    ),
    ("/jobs/{record}/article", &[], [403, 404, 303, 303, 403, 303]),
    ("/statistics/issue", &[("quarter", "2026Q3"), ("after", "0")], [404, 404, 403, 303, 303, 403]),
    ("/follow-ups/{record}", &[("result", "Works"), ("solved", "yes")], HANDS),
    ("/follow-ups/{record}/reopen", &[], HANDS),
    ("/backups/{record}/tick", &[("note", "None needed")], DESK),
    ("/backups/{record}/approve", &[("entry", "backups/{backup}")], MANAGER),
    (
        "/jobs/new",
        &[("target", "intake"), ("was:intake/title", ""), ("value:intake/title", "Pump noise")],
        [303, 303, 303, 303, 422, 422],
    ),
    (
        "/jobs/{record}/edit",
        &[("target", "intake"), ("was:intake/symptom", ""), ("value:intake/symptom", "Loud")],
        WRITES,
    ),
    (
        "/jobs/{record}/add",
        &[("target", "steps"), ("was:steps/text", ""), ("value:steps/text", "Looked at it")],
        WRITES,
    ),
    ("/jobs/{record}/choose", &[("path", "intake/priority"), ("change", "")], [404; 6]),
    ("/jobs/{record}/assign", &[("lead", "{ada}")], DESK),
    ("/jobs/{record}/helpers", &[("helper", "{ben}")], HANDS),
    ("/jobs/{record}/archive", &[("archived", "true")], [403, 404, 422, 422, 403, 403]),
    ("/jobs/{record}/approve", &[], [403, 404, 403, 303, 403, 403]),
    ("/jobs/{record}/pause", &[("reason", "Waits for a part")], DESK),
    ("/jobs/{record}/resume", &[], DESK),
    ("/jobs/{record}/amend", &[("reason", "A slip")], HANDS),
];

/// Fills in the ids of one office.
struct Scene {
    office: Office,
    job: String,
    /// Another one of Ada's.
    signed: String,
    dossier: String,
    backup: String,
    article: String,
    device: String,
    ada: String,
    ben: String,
}

impl Scene {
    fn open() -> Self {
        let office = Office::open();
        let job = office.job_for("ada", "Flow meter reads high").to_string();
        let opened = |kind, field: &'static str| {
            let dora = office.scope("dora");
            let fields = [(Path::new(field), "Harbour Water".into())].into();
            let create = Edit::Create { fields, entries: Vec::new() };
            let opened =
                office.app.store.write_blocking(move |tx| desk::create(tx, &dora, kind, &create));
            opened.map_err(|error: DeskError| error.to_string()).unwrap().to_string()
        };
        let dossier = opened(RecordKind::Dossier, "name");
        let backup = ItemId::new(1, [7; 10]);
        let entry = NewEntry {
            collection: Path::new("backups"),
            id: backup,
            fields: [("system".to_owned(), "Scales".into())].into(),
        };
        let customer = dossier.parse().unwrap();
        office.desk_edit("dora", customer, Edit::AddEntry(entry)).unwrap();
        let signed = office.job_for("ada", "Signed");
        let mut ada = Phone::of(&office, "ada");
        ada.sync();
        ada.sign_off(signed, Purpose::Report);
        ada.sync();
        let article = opened(RecordKind::Article, "title");
        let device = Phone::of(&office, "ben").device.to_string();
        let [ada, ben] = ["ada", "ben"].map(|login| office.user(login).to_string());
        Self {
            job,
            signed: signed.to_string(),
            dossier,
            backup: backup.to_string(),
            article,
            device,
            ada,
            ben,
            office,
        }
    }

    fn fill(&self, text: &str) -> String {
        let record = match text.split('/').nth(1) {
            Some("dossiers") => &self.dossier,
            Some("backups") if text.ends_with("approve") => &self.dossier,
            Some("jobs") if text.ends_with("amend") => &self.signed,
            Some("articles") => &self.article,
            _ => &self.job,
        };
        text.replace("{record}", record)
            .replace("{device}", &self.device)
            .replace("{person}", &self.ben)
            .replace("{browser}", "01900000-0000-7000-8000-000000000000")
            .replace("{backup}", &self.backup)
            .replace("{ada}", &self.ada)
            .replace("{ben}", &self.ben)
    }

    fn post(&self, browser: &Browser<'_>, path: &str, fields: Fields) -> (u16, String) {
        let filled: Vec<_> = fields.iter().map(|(name, value)| (*name, self.fill(value))).collect();
        let fields: Vec<_> = filled.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = browser.post(&self.fill(path), &fields);
        (page.status, page.location)
    }
}

#[test]
fn everybody_does_just_what_the_table_says() {
    let mut wrong = Vec::new();
    for (at, person) in PERSONS.iter().enumerate() {
        let scene = Scene::open();
        let browser = Browser::signed_in(&scene.office, person);
        for (path, fields, expected) in ROWS {
            let (status, _) = scene.post(&browser, path, fields);
            if status != expected[at] {
                wrong.push(format!("{path} as {person}: {status}, not {}", expected[at]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_form_of_the_console_has_its_row() {
    let wanted: BTreeSet<&str> = routes()
        .into_iter()
        .filter(|route| route.who == Who::Console && route.method == "POST")
        .map(|route| route.path)
        .collect();
    let tested: BTreeSet<&str> = ROWS.iter().map(|(path, ..)| *path).collect();
    assert_eq!(wanted, tested);
}

#[test]
fn whoever_is_not_signed_in_is_sent_to_the_door_and_nothing_is_done() {
    let scene = Scene::open();
    let stranger = Browser::new(&scene.office);
    let before = [scene.office.log_rows(), scene.office.count("select count(*) from audit")];
    for (path, fields, _) in ROWS {
        let (status, location) = scene.post(&stranger, path, fields);
        assert_eq!((status, location.as_str()), (303, "/sign-in?reason="), "{path}");
    }
    let after = [scene.office.log_rows(), scene.office.count("select count(*) from audit")];
    assert_eq!(before, after);
    assert_eq!(stranger.sign_in("ada", PASSWORD).status, 303);
}
