//! Lists that are ticked, and entries that one person makes and another approves.

use std::collections::BTreeMap;

use docket_protocol::automerge::{ActorId, Automerge};
use docket_protocol::edit::{Author, Edit, EditError, NewEntry, apply};
use docket_protocol::ids::{ItemId, UserId};
use docket_protocol::record::dossier::{Backup, DossierContent};
use docket_protocol::record::job::JobContent;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_protocol::record::{self, RecordKind, read};
use docket_protocol::role::Role;
use docket_protocol::signoff::Purpose;

const ADA: Author = Author { user: UserId(uuid_of(2)), role: Role::Engineer, now: 2_000 };
const DESK: Author = Author { user: UserId(uuid_of(3)), role: Role::Desk, now: 3_000 };
const MAX: Author = Author { user: UserId(uuid_of(4)), role: Role::Manager, now: 4_000 };
const EVE: Author = Author { user: UserId(uuid_of(5)), role: Role::Executive, now: 5_000 };

const fn uuid_of(byte: u8) -> uuid::Uuid {
    uuid::Uuid::from_bytes([byte; 16])
}

fn item(byte: u8) -> ItemId {
    ItemId(uuid_of(byte))
}

fn new_record(kind: RecordKind) -> Automerge {
    let mut doc = record::empty(ActorId::from([1; 16]));
    let create = Edit::Create { fields: BTreeMap::new(), entries: Vec::new() };
    apply(&mut doc, kind, &create, &MAX).unwrap();
    doc
}

fn add<const N: usize>(collection: &str, id: ItemId, fields: [(&str, FieldValue); N]) -> Edit {
    let fields = fields.map(|(field, value)| (field.to_owned(), value)).into();
    Edit::AddEntry(NewEntry { collection: Path::new(collection), id, fields })
}

fn set(path: String, value: impl Into<FieldValue>) -> Edit {
    Edit::SetField { path: Path::new(path), value: value.into() }
}

#[test]
fn packing_and_planned_work_are_ticked_with_time_and_person() {
    let mut doc = new_record(RecordKind::Job);
    let mut edit = |edit: &Edit| apply(&mut doc, RecordKind::Job, edit, &ADA).map(drop);
    let tick = |collection: &str, done| Edit::TickItem {
        collection: Path::new(collection),
        item: item(9),
        done,
    };
    for collection in ["packing", "plan/items"] {
        edit(&add(collection, item(9), [("text", "Multimeter".into())])).unwrap();
        edit(&tick(collection, true)).unwrap();
    }
    edit(&tick("plan/items", false)).unwrap();
    edit(&add("steps", item(9), [])).unwrap();
    assert_eq!(edit(&tick("steps", true)).unwrap_err().code, "unknown-field");

    let job = JobContent::from_json(read::content(&doc, RecordKind::Job));
    let packed = &job.packing[&item(9)];
    assert_eq!(
        (packed.packed, packed.packed_at, packed.packed_by),
        (true, Some(2_000), Some(ADA.user))
    );
    let planned = &job.plan.items[&item(9)];
    assert_eq!((planned.done, planned.done_at, planned.done_by), (false, None, None));
}

#[test]
fn a_tick_that_names_no_list_is_of_the_checklist() {
    let stored = format!(r#"{{"edit":"tick_item","item":"{}","done":true}}"#, item(9));
    let edit: Edit = serde_json::from_str(&stored).unwrap();
    assert_eq!(edit, Edit::tick(item(9), true));
}

#[test]
fn planned_work_that_gets_done_is_no_change_of_the_plan() {
    let path = |field: &str| Path::new("plan/items").child(item(9)).child(field);
    assert!(Purpose::Plan.covers(&path("text")) && Purpose::Plan.covers(&path("risky")));
    assert!(!Purpose::Plan.covers(&path("done")) && Purpose::Report.covers(&path("done")));
}

#[test]
fn an_engineer_enters_a_backup_and_the_manager_alone_approves_it() {
    let mut doc = new_record(RecordKind::Dossier);
    let backup = |number| add("backups", item(number), [("system", "PLC".into())]);
    let approve = set(format!("backups/{}/approved_at", item(6)), 4_000);
    let mut edit = |edit: &Edit, author: &Author| -> Result<(), EditError> {
        apply(&mut doc, RecordKind::Dossier, edit, author).map(drop)
    };
    edit(&backup(6), &ADA).unwrap();
    for author in [&ADA, &DESK, &EVE] {
        assert_eq!(edit(&approve, author).unwrap_err().code, "not-allowed");
    }
    edit(&approve, &MAX).unwrap();
    // Nothing else of a dossier is an engineer's to write, nor a backup an executive's.
    let name = set("name".to_owned(), "Another company");
    for foreign in [&name, &add("sites", item(7), []), &add("contacts", item(7), [])] {
        assert_eq!(edit(foreign, &ADA).unwrap_err().code, "not-allowed");
    }
    assert_eq!(edit(&backup(8), &EVE).unwrap_err().code, "not-allowed");

    let backups = DossierContent::from_json(read::content(&doc, RecordKind::Dossier)).backups;
    let entered = &backups[&item(6)];
    assert_eq!((entered.at, entered.by), (2_000, Some(ADA.user)));
    assert_eq!((backups.len(), entered.approved_at), (1, Some(4_000)));
}

#[test]
fn the_newest_good_backup_of_a_system_is_the_last_one_that_was_tested() {
    let backup = |at, system: &str, tested| Backup {
        at,
        system: system.to_owned(),
        tested,
        ..Backup::default()
    };
    let mut dossier = DossierContent::default();
    dossier.backups.insert(item(1), backup(10, "PLC", true));
    dossier.backups.insert(item(2), backup(20, "plc ", true));
    dossier.backups.insert(item(3), backup(30, "PLC", false));
    dossier.backups.insert(item(4), backup(5, "HMI", true));
    dossier.backups.insert(item(5), Backup { removed: true, ..backup(40, "PLC", true) });
    assert_eq!(dossier.newest_good(), [item(2), item(4)].into());
    let order: Vec<_> = dossier.backups().into_iter().map(|(id, _)| id).collect();
    assert_eq!(order, [item(3), item(2), item(1), item(4)]);
}
