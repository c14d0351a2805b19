//! Some maps and prose came after the first records were born: whoever writes there first makes
//! them, and when two people do so at once nothing of either is lost.

use docket_protocol::automerge::transaction::Transactable;
use docket_protocol::automerge::{self, ActorId, Automerge};
use docket_protocol::edit::{Author, Edit, NewEntry, apply};
use docket_protocol::ids::{ItemId, UserId};
use docket_protocol::record::conflict::{conflicts, standing};
use docket_protocol::record::job::JobContent;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{LATER_CONTAINERS, LATER_PROSE};
use docket_protocol::record::settlement::settlements;
use docket_protocol::record::value::FieldValue;
use docket_protocol::record::write::find;
use docket_protocol::record::{self, RecordKind, read};
use docket_protocol::role::Role;

fn item(byte: u8) -> ItemId {
    ItemId(uuid::Uuid::from_bytes([byte; 16]))
}

fn edit(doc: &mut Automerge, byte: u8, edit: &Edit) {
    let user = UserId(uuid::Uuid::from_bytes([byte; 16]));
    let author = Author { user, role: Role::Engineer, now: 1_000 * i64::from(byte) };
    apply(doc, RecordKind::Job, edit, &author).unwrap();
}

/// A job as a phone of the version before opens it.
fn older_job() -> Automerge {
    let mut doc = record::empty(ActorId::from([1; 16]));
    edit(&mut doc, 1, &Edit::Create { fields: [].into(), entries: Vec::new() });
    let mut tx = doc.transaction();
    for map in LATER_CONTAINERS.iter().filter(|map| **map != "backups") {
        tx.delete(automerge::ROOT, *map).unwrap();
    }
    let report = find(&tx, &Path::new("report")).unwrap();
    tx.delete(report, "analysis").unwrap();
    tx.commit();
    doc
}

fn set(path: &str, value: &str) -> Edit {
    Edit::SetField { path: Path::new(path), value: value.into() }
}

/// An older job that two people have at once, each of whom makes one edit.
fn at_once(one: &Edit, other: &Edit) -> Automerge {
    let mut ada = older_job();
    let mut lin = ada.fork().with_actor(ActorId::from([3; 16]));
    edit(&mut ada, 2, one);
    edit(&mut lin, 3, other);
    ada.merge(&mut lin).unwrap();
    ada
}

fn promise(byte: u8) -> Edit {
    let fields = [("text".to_owned(), FieldValue::from(format!("Promise {byte}")))].into();
    Edit::AddEntry(NewEntry { collection: Path::new("promises"), id: item(byte), fields })
}

fn keep(byte: u8, at: i64) -> Edit {
    let path = Path::new("promises").child(item(byte)).child("kept_at");
    Edit::SetField { path, value: at.into() }
}

fn content(doc: &Automerge) -> JobContent {
    JobContent::from_json(read::content(doc, RecordKind::Job))
}

#[test]
fn first_promises_made_at_once_are_both_kept_and_both_can_be_written_to() {
    let mut ada = older_job();
    let mut lin = ada.fork().with_actor(ActorId::from([3; 16]));
    edit(&mut ada, 2, &promise(2));
    edit(&mut lin, 3, &promise(3));
    ada.merge(&mut lin).unwrap();
    let promises = content(&ada).promises;
    assert_eq!(promises[&item(2)].text, "Promise 2");
    assert_eq!((promises[&item(3)].at, promises[&item(3)].text.as_str()), (3_000, "Promise 3"));

    for byte in [2, 3] {
        edit(&mut ada, 2, &keep(byte, 9_000));
    }
    assert_eq!(content(&ada).open_promises().count(), 0);
    lin.merge(&mut ada).unwrap();
    assert_eq!(content(&lin), content(&ada));
}

#[test]
fn what_two_people_wrote_in_either_map_is_a_conflict_like_any_other() {
    let mut ada = older_job();
    let mut lin = ada.fork().with_actor(ActorId::from([3; 16]));
    edit(&mut ada, 2, &promise(2));
    edit(&mut lin, 3, &promise(3));
    ada.merge(&mut lin).unwrap();
    lin.merge(&mut ada).unwrap();
    for byte in [2, 3] {
        edit(&mut ada, 2, &keep(byte, 8_000));
        edit(&mut lin, 3, &keep(byte, 9_000));
    }
    ada.merge(&mut lin).unwrap();
    assert_eq!(conflicts(&ada, RecordKind::Job).len(), 2);
}

#[test]
fn a_field_that_two_people_wrote_in_maps_of_their_own_is_a_conflict_until_one_chooses() {
    let path = Path::new("preparation/transport");
    let mut doc = at_once(&set(path.as_str(), "train"), &set(path.as_str(), "plane"));
    let found = conflicts(&doc, RecordKind::Job);
    let values: Vec<_> = found.iter().flat_map(|one| &one.values).map(|one| &one.value).collect();
    assert_eq!(values, [&"train".into(), &"plane".into()]);
    assert_eq!(content(&doc).preparation.transport, "plane");
    assert_eq!(standing(&doc, RecordKind::Job, &path).unwrap().value, "plane".into());

    edit(&mut doc, 2, &set(path.as_str(), "train"));
    assert_eq!(content(&doc).preparation.transport, "train");
    assert_eq!(conflicts(&doc, RecordKind::Job), []);
    let settled = settlements(&doc, RecordKind::Job);
    assert_eq!(settled.len(), 1);
    assert_eq!((settled[0].conflict.values.len(), &settled[0].value), (2, &"train".into()));
}

#[test]
fn different_fields_of_such_maps_are_both_there() {
    let doc = at_once(
        &set("preparation/lodging", "Station hotel"),
        &set("preparation/backup", "V2.3 of May"),
    );
    let preparation = content(&doc).preparation;
    assert_eq!(
        (preparation.lodging.as_str(), preparation.backup.as_str()),
        ("Station hotel", "V2.3 of May")
    );
    assert_eq!(conflicts(&doc, RecordKind::Job), []);
}

#[test]
fn prose_that_two_people_began_at_once_has_the_words_of_both_and_can_be_rewritten() {
    for path in LATER_PROSE {
        let mut doc = at_once(&set(path, "Worn bearing."), &set(path, "Dry seal."));
        let read = |doc: &Automerge| {
            let pointer = format!("/{path}");
            let content = read::content(doc, RecordKind::Job);
            content.pointer(&pointer).and_then(|text| text.as_str()).map(str::to_owned)
        };
        assert_eq!(read(&doc).as_deref(), Some("Worn bearing.\nDry seal."), "{path}");
        edit(&mut doc, 2, &set(path, "Worn bearing, dry seal."));
        assert_eq!(read(&doc).as_deref(), Some("Worn bearing, dry seal."), "{path}");
    }
}
