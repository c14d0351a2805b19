//! D4: the backup check names what is missing, and an inspector ticks it off in the record.

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_server::desk::{self, DeskError};

use crate::browser::Browser;
use crate::records::job;
use crate::support::Office;

fn dossier(office: &Office) -> RecordId {
    let dora = office.scope("dora");
    let fields = [(Path::new("name"), "Harbour Water".into())].into();
    let create = Edit::Create { fields, entries: Vec::new() };
    let opened = office
        .app
        .store
        .write_blocking(move |tx| desk::create(tx, &dora, RecordKind::Dossier, &create));
    opened.map_err(|error: DeskError| error.to_string()).unwrap()
}

/// A job that is done and changed something.
fn changed(office: &Office, title: &str, dossier: RecordId) -> RecordId {
    job(
        office,
        &[
            ("intake/title", title.into()),
            ("intake/dossier", dossier.to_string().into()),
            ("report/modifications", "Raised the limit to 40 bar".into()),
            ("report/outcome", "solved".into()),
        ],
    )
}

fn backup(office: &Office, dossier: RecordId, fields: &[(&str, FieldValue)]) -> ItemId {
    let id = ItemId::new(office.app.clock.now_ms(), [7; 10]);
    let fields = fields.iter().map(|(field, value)| ((*field).to_owned(), value.clone()));
    let collection = Path::new("backups");
    let entry = NewEntry { collection, id, fields: fields.collect() };
    office.desk_edit("dora", dossier, Edit::AddEntry(entry)).unwrap();
    id
}

#[test]
fn d4_a_job_that_changed_something_is_listed_until_it_has_a_backup() {
    let office = Office::open();
    let customer = dossier(&office);
    let first = changed(&office, "Tuned the pump control", customer);
    changed(&office, "Replaced the program", customer);
    job(&office, &[("intake/title", "Looked at it".into()), ("report/outcome", "solved".into())]);
    let max = Browser::signed_in(&office, "max");
    let missing = max.get("/backups").part("missing");
    assert!(missing.contains("Tuned the pump control") && missing.contains("Raised the limit"));
    assert!(missing.contains("Replaced the program") && !missing.contains("Looked at it"));
    backup(
        &office,
        customer,
        &[
            ("job", first.to_string().into()),
            ("system", "Pump control".into()),
            ("version", "4.2".into()),
        ],
    );
    let missing = max.get("/backups").part("missing");
    assert!(!missing.contains("Tuned the pump control"), "{missing}");
    assert!(missing.contains("Replaced the program"));
}

#[test]
fn d4_backups_without_version_or_approval_are_listed_and_approved_here() {
    let office = Office::open();
    let customer = dossier(&office);
    let id = backup(&office, customer, &[("system", "Pump control".into())]);
    let max = Browser::signed_in(&office, "max");
    let listed = max.get("/backups").part("incomplete");
    assert!(listed.contains("Pump control") && listed.contains("No version"), "{listed}");
    assert!(!listed.contains("/approve"), "without a version there is nothing to approve");
    let version = Path::new("backups").child(id).child("version");
    let edit = Edit::SetField { path: version, value: "4.2".into() };
    office.desk_edit("dora", customer, edit).unwrap();
    let address = format!("/backups/{customer}/approve");
    let entry = Path::new("backups").child(id).to_string();
    let fields = [("entry", entry.as_str())];
    assert!(!Browser::signed_in(&office, "dora").get("/backups").says("/approve\""));
    assert_eq!(Browser::signed_in(&office, "dora").post(&address, &fields).status, 403);
    assert!(max.get("/backups").says("/approve\""));
    assert_eq!(max.post(&address, &fields).location, "/backups?notice=approved");
    assert!(max.get("/backups").says("Every backup has a version and is approved."));
}

#[test]
fn d4_an_inspector_ticks_a_job_off_with_the_reason_in_the_record() {
    let office = Office::open();
    let customer = dossier(&office);
    let record = changed(&office, "Tuned the pump control", customer);
    let address = format!("/backups/{record}/tick");
    let dora = Browser::signed_in(&office, "dora");
    assert_eq!(dora.post(&address, &[("note", " ")]).status, 403, "a reason is needed");
    let ticked = dora.post(&address, &[("note", "Only the display was turned")]);
    assert_eq!(ticked.location, "/backups?notice=ticked");
    let page = dora.get("/backups");
    assert!(page.says("Every job that changed something has a backup."));
    let ticked = page.part("ticked");
    assert!(ticked.contains("Only the display was turned") && ticked.contains("Dora Lin"));
    let history = dora.get(&format!("/jobs/{record}")).part("history");
    assert!(history.contains("Only the display was turned"), "{history}");
}

#[test]
fn the_check_is_for_those_who_see_all_jobs_and_readers_change_nothing() {
    let office = Office::open();
    let customer = dossier(&office);
    let record = changed(&office, "Tuned the pump control", customer);
    let address = format!("/backups/{record}/tick");
    let ada = Browser::signed_in(&office, "ada");
    assert_eq!(ada.get("/backups").status, 404);
    assert_eq!(ada.post(&address, &[("note", "no")]).status, 404);
    for reader in ["eve", "adam"] {
        let reader = Browser::signed_in(&office, reader);
        assert!(reader.get("/backups").says("Tuned the pump control"));
        assert!(!reader.get("/backups").says("/tick\""));
        assert_eq!(reader.post(&address, &[("note", "no")]).status, 403);
    }
}
