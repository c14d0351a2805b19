//! Pages show what is recorded, all of it and nothing else: in two languages, with every word
//! of people's as words, and only to those who may see it.

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::ItemId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::signoff::Purpose;
use docket_server::desk::{self, DeskError};

use crate::browser::Browser;
use crate::support::{Office, Phone};

const HOSTILE: &str = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>";

/// FAULTS row 75: what people write is text.
#[test]
fn what_people_write_is_never_markup() {
    let office = Office::open();
    let job = office.job_for("ada", HOSTILE);
    for (path, value) in [
        ("intake/customer", HOSTILE),
        ("intake/symptom", HOSTILE),
        ("report/cause", HOSTILE),
        ("intake/category", HOSTILE),
    ] {
        let edit = Edit::SetField { path: Path::new(path), value: value.into() };
        office.desk_edit("dora", job, edit).unwrap();
    }
    let step = NewEntry {
        collection: Path::new("steps"),
        id: ItemId::new(1, [1; 10]),
        fields: [("text".to_owned(), HOSTILE.into())].into(),
    };
    office.desk_edit("dora", job, Edit::AddEntry(step)).unwrap();
    let browser = Browser::signed_in(&office, "max");
    for path in [
        "/".to_owned(),
        format!("/?query={}", "%3Cscript%3E"),
        format!("/jobs/{job}"),
        format!("/jobs/{job}?edit=intake"),
        "/records?group=customer&query=%3Cscript%3E&customer=%22%3E%3Cscript%3E".to_owned(),
        "/records?from=%3Cscript%3E&group=%3Cscript%3E".to_owned(),
        "/statistics?quarter=%3Cscript%3E".to_owned(),
        "/follow-ups?notice=%3Cscript%3E".to_owned(),
        "/backups".to_owned(),
        format!("/jobs/{job}?edit=%3Cscript%3E&add=%22%3E&notice=%3Cb%3E"),
    ] {
        let page = browser.get(&path);
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.says("<script>alert") && !page.says("<img src=x"), "{path}");
        assert!(!page.says("<script>\"") && !page.says("value=\"<"), "{path}");
    }
}

#[test]
fn a_foreign_job_looks_like_no_job() {
    let office = Office::open();
    let bens = office.job_for("ben", "Crane stuck");
    let ada = Browser::signed_in(&office, "ada");
    let unknown = "0193e6b0-0000-7000-8000-000000000000";
    for verb in ["", "/edit", "/add", "/assign", "/helpers", "/archive", "/choose"] {
        let answer = |job: &str| {
            let path = format!("/jobs/{job}{verb}");
            let fields = [
                ("target", "intake"),
                ("was:intake/title", "Crane stuck"),
                ("value:intake/title", "Mine now"),
                ("lead", unknown),
                ("helper", unknown),
                ("archived", "true"),
                ("path", "intake/priority"),
                ("change", "x"),
            ];
            let page = if verb.is_empty() { ada.get(&path) } else { ada.post(&path, &fields) };
            (page.status, page.html().replace(job, "ID"))
        };
        assert_eq!(answer(&bens.to_string()), answer(unknown), "{verb}");
    }
    assert!(!ada.get("/").says("Crane stuck"));
    assert!(!ada.get("/?query=Crane").says("Crane stuck"));
    let signoff = format!("/jobs/{bens}/signoffs/{unknown}");
    assert_eq!(ada.get(&format!("{signoff}/proof")).status, 404);
    assert_eq!(ada.get(&format!("{signoff}/drawing.png")).status, 404);
    assert_eq!(ada.get("/jobs/not-an-id").status, 404);
}

#[test]
fn an_engineer_sees_here_what_is_on_the_phone() {
    let office = Office::open();
    office.job_for("ada", "Pump noise");
    let ada = Browser::signed_in(&office, "ada");
    let board = ada.get("/");
    assert!(board.says("Pump noise"));
    let job = office.job_for("ada", "Valve leak");
    let page = ada.get(&format!("/jobs/{job}"));
    assert_eq!(page.status, 200);
    assert!(!page.says("/assign\""), "engineers do not assign");
}

#[test]
fn no_page_shows_a_word_that_was_not_translated() {
    let office = Office::open();
    docket_on_site(&office);
    let dossier = dossier(&office);
    for language in ["en", "zh"] {
        let browser = Browser::signed_in(&office, "dora").speaking(language);
        let job = office.job_for("ben", "Second");
        for path in [
            "/".to_owned(),
            "/people".to_owned(),
            "/held".to_owned(),
            "/dossiers".to_owned(),
            format!("/dossiers/{dossier}"),
            format!("/dossiers/{dossier}?edit=about"),
            "/assets".to_owned(),
            "/assets?warranty=soon&customer=Harbour".to_owned(),
            "/dossiers?query=nobody".to_owned(),
            "/jobs/new?customer=nobody".to_owned(),
            "/jobs/new".to_owned(),
            "/records?group=category".to_owned(),
            "/records?from=2020-01-01&to=2020-01-02".to_owned(),
            "/statistics".to_owned(),
            "/statistics?quarter=2020Q1".to_owned(),
            "/follow-ups".to_owned(),
            "/backups".to_owned(),
            "/hand-in".to_owned(),
            "/fleet".to_owned(),
            format!("/jobs/new?dossier={dossier}"),
            "/verify".to_owned(),
            "/sign-in".to_owned(),
            format!("/jobs/{job}"),
            format!("/jobs/{job}?edit=report"),
            format!("/jobs/{job}?add=steps"),
            "/jobs/nothing".to_owned(),
        ] {
            let html = browser.get(&path).html();
            let ids =
                [">field-", ">section-", ">history-", ">stage-", ">error-", ">nav-", ">rule-"];
            for id in ids {
                assert!(!html.contains(id), "{language} {path} shows {id}…");
            }
            assert!(html.contains(&format!("lang=\"{language}")), "{path}");
        }
    }
}

/// A job with a conflict and a sign-off, from a phone.
fn docket_on_site(office: &Office) -> docket_protocol::ids::RecordId {
    let job = office.job_for("ada", "Pump noise");
    let mut phone = Phone::of(office, "ada");
    phone.sync();
    phone.set(job, "report/cause", "Worn bearing");
    phone.sync();
    phone.sign_off(job, Purpose::Report);
    phone.sync();
    job
}

fn dossier(office: &Office) -> docket_protocol::ids::RecordId {
    let dora = office.scope("dora");
    let site = NewEntry {
        collection: Path::new("sites"),
        id: ItemId::new(1, [2; 10]),
        fields: [("name".to_owned(), "Dock 4".into())].into(),
    };
    let fields = [(Path::new("name"), "Harbour Water".into())].into();
    let create = Edit::Create { fields, entries: vec![site] };
    let store = &office.app.store;
    let opened =
        store.write_blocking(move |tx| desk::create(tx, &dora, RecordKind::Dossier, &create));
    opened.unwrap_or_else(|error: DeskError| panic!("{error}"))
}

#[test]
fn a_signed_job_shows_who_signed_what_and_that_it_holds() {
    let office = Office::open();
    let job = docket_on_site(&office);
    let browser = Browser::signed_in(&office, "max");
    let page = browser.get(&format!("/jobs/{job}"));
    let signoffs = page.part("signoffs");
    for said in ["Wang Min", "Valid", "Accepted", "★★★★★", "ada's phone", "Digest"] {
        assert!(signoffs.contains(&said.replace('\'', "&#39;")), "{said} in {signoffs}");
    }
    let history = page.part("history");
    assert!(history.contains("Service report: signature of Wang Min"), "{history}");
    assert!(history.contains("Cause: “Worn bearing”") && history.contains("Ada Novak"));
    assert!(history.contains("Opened the job") && history.contains("Dora Lin"));

    let proof = signoffs.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let file = browser.get(&proof);
    assert_eq!((file.status, file.content_type.as_str()), (200, "application/json"));
    docket_protocol::signoff::verify_proof(&file.bytes).unwrap();
    let drawing = browser.get(&proof.replace("/proof", "/drawing.png"));
    assert_eq!((drawing.status, drawing.content_type.as_str()), (200, "image/png"));
}

/// FAULTS row 55: listed field by field beside the signed version.
#[test]
fn work_beside_the_signature_is_listed_field_by_field() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let helper = office.user("ben");
    let path = Path::new("assignment/helpers").child(helper);
    office.desk_edit("dora", job, Edit::SetField { path, value: true.into() }).unwrap();
    let (mut ada, mut ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    ada.sync();
    ben.sync();
    ben.set(job, "report/advice", "Grease it monthly");
    ada.sign_off(job, Purpose::Report);
    ada.sync();
    ben.sync();
    let page = Browser::signed_in(&office, "max").get(&format!("/jobs/{job}"));
    let signoffs = page.part("signoffs");
    assert!(signoffs.contains("Changed beside the signed version"), "{signoffs}");
    assert!(signoffs.contains("Grease it monthly") && signoffs.contains("Valid"));
}

#[test]
fn the_board_is_filtered_by_its_address() {
    let office = Office::open();
    office.job_for("ada", "Pump noise");
    let other = office.job_for("ben", "水泵异响");
    let level = Edit::SetField { path: Path::new("intake/level"), value: "critical".into() };
    office.desk_edit("dora", other, level).unwrap();
    let browser = Browser::signed_in(&office, "dora");
    let shows = |address: &str| {
        let page = browser.get(address);
        (page.says(">Pump noise<"), page.says(">水泵异响<"))
    };
    assert_eq!(shows("/"), (true, true));
    assert_eq!(shows("/?level=critical"), (false, true));
    assert_eq!(shows(&format!("/?lead={}", office.user("ada"))), (true, false));
    assert_eq!(shows("/?stage=assigned"), (true, true));
    assert_eq!(shows("/?stage=signed"), (false, false));
    assert_eq!(shows("/?query=%E6%B0%B4%E6%B3%B5"), (false, true));
    assert_eq!(shows("/?stage=nonsense&level=nonsense&lead=nonsense"), (true, true));
}
