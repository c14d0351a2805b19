//! The desk's forms: what is typed is saved as typed edits, what nobody touched is left alone,
//! what is refused comes back with its text.

use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::record::path::Path;
use docket_protocol::signoff::Purpose;

use crate::browser::Browser;
use crate::support::{Office, Phone};

#[test]
fn a_call_becomes_a_job_in_one_form() {
    let office = Office::open();
    let browser = Browser::signed_in(&office, "dora");
    let lead = office.user("ada").to_string();
    let page = browser.post(
        "/jobs/new",
        &[
            ("dossier", ""),
            ("value:intake/title", "泵房积水"),
            ("value:intake/customer", "Harbour Water"),
            ("value:intake/symptom", "Water on the floor\r\nsince noon"),
            ("value:intake/level", "major"),
            ("value:intake/due_at", "2026-12-01T09:30"),
            ("lead", &lead),
        ],
    );
    assert_eq!(page.status, 303, "{}", page.html());
    let job = browser.get(&page.location);
    assert!(job.says("泵房积水") && job.says("Water on the floor\nsince noon"));
    assert!(job.part("assignment").contains("Ada Novak"));
    assert!(job.says("Assigned") && job.says("Major"));

    let empty = browser.post("/jobs/new", &[("value:intake/symptom", "no title yet")]);
    assert_eq!(empty.status, 422);
    assert!(empty.says("no title yet"), "what was typed is kept");
    assert_eq!(office.count("select count(*) from jobs"), 1);
}

#[test]
fn only_what_was_typed_is_written() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let browser = Browser::signed_in(&office, "dora");
    let form = browser.get(&format!("/jobs/{job}?edit=intake"));
    assert_eq!(form.field("was:intake/title").as_deref(), Some("Pump noise"));
    // Meanwhile somebody else writes another field of the same section.
    let edit = Edit::SetField { path: Path::new("intake/site"), value: "Dock 4".into() };
    office.desk_edit("max", job, edit).unwrap();
    let page = browser.post(
        &format!("/jobs/{job}/edit"),
        &[
            ("target", "intake"),
            ("was:intake/title", "Pump noise"),
            ("value:intake/title", "Pump noise at night"),
            ("was:intake/site", ""),
            ("value:intake/site", ""),
        ],
    );
    assert_eq!(page.location, format!("/jobs/{job}?notice=saved#intake"));
    let shown = browser.get(&format!("/jobs/{job}"));
    assert!(shown.says("Pump noise at night") && shown.says("Dock 4"));
    let rows = office.log_rows();
    let fields = [("target", "intake"), ("was:intake/site", "x"), ("value:intake/site", "x")];
    let again = browser.post(&format!("/jobs/{job}/edit"), &fields);
    assert!(again.location.contains("notice=unchanged"));
    assert_eq!(office.log_rows(), rows);
}

#[test]
fn what_does_not_fit_comes_back_with_its_text() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let browser = Browser::signed_in(&office, "dora");
    let long = "x".repeat(301);
    let page = browser.post(
        &format!("/jobs/{job}/edit"),
        &[
            ("target", "intake"),
            ("was:intake/title", "Pump noise"),
            ("value:intake/title", &long),
            ("was:intake/site", ""),
            ("value:intake/site", "Dock 4"),
        ],
    );
    assert_eq!(page.status, 422);
    assert_eq!(page.field("value:intake/title"), Some(long));
    assert_eq!(page.field("value:intake/site").as_deref(), Some("Dock 4"));
    assert!(page.says("Your text is kept"));
    assert!(!browser.get(&format!("/jobs/{job}")).says("Dock 4"), "all or nothing");
}

#[test]
fn entries_are_added_and_changed() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let browser = Browser::signed_in(&office, "dora");
    for text in ["Drained the pit", "Changed the seal"] {
        let fields = [("target", "steps"), ("was:steps/text", ""), ("value:steps/text", text)];
        let page = browser.post(&format!("/jobs/{job}/add"), &fields);
        assert_eq!(page.location, format!("/jobs/{job}?notice=saved#steps"), "{}", page.html());
    }
    let list =
        [("target", "checklist"), ("was:checklist/text", ""), ("value:checklist/text", "Gloves")];
    assert_eq!(browser.post(&format!("/jobs/{job}/add"), &list).status, 303);
    let page = browser.get(&format!("/jobs/{job}"));
    let steps = page.part("steps");
    assert!(steps.find("Drained").unwrap() < steps.find("Changed").unwrap(), "in order");
    assert!(page.part("checklist").contains("Gloves"));
    let nothing = browser.post(&format!("/jobs/{job}/add"), &[("target", "steps")]);
    assert_eq!(nothing.status, 422);
}

#[test]
fn a_conflict_shows_both_values_and_one_is_chosen() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let mut phone = Phone::of(&office, "ada");
    phone.sync();
    phone.set(job, "intake/priority", "low");
    let urgent = Edit::SetField { path: Path::new("intake/priority"), value: "urgent".into() };
    office.desk_edit("max", job, urgent).unwrap();
    phone.sync();

    let browser = Browser::signed_in(&office, "dora");
    assert!(browser.get("/").says("1 conflict waits for a decision"));
    let page = browser.get(&format!("/jobs/{job}"));
    let conflicts = page.part("conflicts");
    for said in ["Low", "Urgent", "Ada Novak", "Max Weber", "At the desk", "Shown now"] {
        assert!(conflicts.contains(said), "{said} in {conflicts}");
    }
    let low = conflicts.split("<li").find(|value| value.contains("Ada Novak")).unwrap();
    let change = low.split("name=\"change\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let choose = format!("/jobs/{job}/choose");
    let chosen = browser.post(&choose, &[("path", "intake/priority"), ("change", change)]);
    assert_eq!(chosen.location, format!("/jobs/{job}?notice=chosen"));
    let page = browser.get(&format!("/jobs/{job}"));
    assert!(!page.says("Use this value"));
    assert!(page.part("history").contains("Priority: Low"));
    let late = browser.post(&choose, &[("path", "intake/priority"), ("change", change)]);
    assert_eq!(late.status, 404, "somebody else was faster");
}

/// What a job needs to be filed, done by its lead.
fn report_and_sign(office: &Office, lead: &str, job: RecordId) {
    let mut phone = Phone::of(office, lead);
    phone.sync();
    for (field, word) in [("cause", "Dirt"), ("treatment", "Cleaned"), ("outcome", "solved")] {
        phone.set(job, &format!("report/{field}"), word);
    }
    phone.set(job, "report/finished_at", phone.clock_ms);
    phone.sign_off(job, Purpose::Report);
    phone.sync();
}

#[test]
fn the_desk_assigns_lends_help_and_files() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let browser = Browser::signed_in(&office, "dora");
    let ben = office.user("ben").to_string();
    let at = |verb: &str| format!("/jobs/{job}/{verb}");
    assert_eq!(browser.post(&at("helpers"), &[("helper", &ben)]).status, 303);
    assert!(browser.get(&format!("/jobs/{job}")).part("assignment").contains("<dd>Ben Okafor"));
    assert_eq!(browser.post(&at("helpers"), &[("helper", &ben)]).status, 303);
    assert!(!browser.get(&format!("/jobs/{job}")).part("assignment").contains("<dd>Ben Okafor"));
    assert_eq!(browser.post(&at("assign"), &[("lead", &ben)]).status, 303);
    assert!(browser.get(&format!("/jobs/{job}")).part("assignment").contains("<dd>Ben Okafor"));
    let early = browser.post(&at("archive"), &[("archived", "true")]);
    assert_eq!(early.status, 422);
    assert!(early.says("a finished service report") && early.says("customer’s signature"));
    report_and_sign(&office, "ben", job);
    assert_eq!(browser.post(&at("archive"), &[("archived", "true")]).status, 303);
    assert!(!browser.get("/").says("Pump noise"), "filed jobs are out of the way");
    assert!(browser.get("/?stage=archived").says("Pump noise"));
    assert_eq!(browser.post(&at("archive"), &[("archived", "false")]).status, 303);
    assert!(browser.get("/").says("Pump noise"));
    let max = office.user("max").to_string();
    assert_eq!(browser.post(&at("assign"), &[("lead", &max)]).status, 403, "not an engineer");
    let nobody = browser.post(&at("assign"), &[("lead", "nobody")]);
    assert_eq!(nobody.status, 400);
    assert!(nobody.says("The form could not be read") && !nobody.says("deserialize"));
}

#[test]
fn what_is_signed_cannot_be_typed_over() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let mut phone = Phone::of(&office, "ada");
    phone.sync();
    phone.sign_off(job, Purpose::Report);
    phone.sync();
    let browser = Browser::signed_in(&office, "max");
    let form = browser.get(&format!("/jobs/{job}?edit=intake"));
    assert_eq!(form.field("value:intake/title"), None, "the title was signed");
    assert!(form.field("value:intake/phone").is_some(), "the caller's number was not");
    let fields =
        [("target", "intake"), ("was:intake/title", "Pump noise"), ("value:intake/title", "Other")];
    let page = browser.post(&format!("/jobs/{job}/edit"), &fields);
    assert_eq!(page.status, 422);
    assert!(page.says("The customer has signed this"));
}

#[test]
fn those_who_only_read_write_nothing() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let eve = Browser::signed_in(&office, "eve");
    let page = eve.get(&format!("/jobs/{job}"));
    assert!(page.says("Pump noise") && !page.says("?edit=") && !page.says("/assign\""));
    let ben = office.user("ben").to_string();
    assert_eq!(eve.post(&format!("/jobs/{job}/assign"), &[("lead", &ben)]).status, 403);
    assert_eq!(eve.get("/jobs/new").status, 403);
    assert_eq!(eve.post("/dossiers", &[("name", "Mine")]).status, 403);
    let fields = [("value:intake/title", "Mine")];
    assert_eq!(eve.post("/jobs/new", &fields).status, 422);
    assert_eq!(office.count("select count(*) from jobs"), 1);
}

#[test]
fn a_customer_is_opened_and_filled_in() {
    let office = Office::open();
    let browser = Browser::signed_in(&office, "dora");
    let page = browser.post("/dossiers", &[("name", "Harbour Water")]);
    let dossier = page.location.clone();
    let site = [("target", "sites"), ("was:sites/name", ""), ("value:sites/name", "Dock 4")];
    assert_eq!(browser.post(&format!("{dossier}/add"), &site).status, 303);
    let about = [("target", ""), ("was:address", ""), ("value:address", "1 Quay Road")];
    let saved = browser.post(&format!("{dossier}/edit"), &about);
    assert_eq!(saved.location, format!("{dossier}?notice=saved#about"));
    let page = browser.get(&dossier);
    assert!(page.says("Dock 4") && page.says("1 Quay Road"));
    let id = dossier.trim_start_matches("/dossiers/");
    let form = browser.get(&format!("/jobs/new?dossier={id}"));
    assert!(form.says("<option value=\"Dock 4\">"), "the form knows the customer's sites");
    assert!(browser.get("/dossiers").says("Harbour Water"));
}
