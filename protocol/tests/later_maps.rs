//! Promises to the caller live in a map that the first records were born without: whoever makes
//! the first promise makes it, and when two people do so at once nothing of either is lost.

use docket_protocol::automerge::transaction::Transactable;
use docket_protocol::automerge::{self, ActorId, Automerge};
use docket_protocol::edit::{Author, Edit, NewEntry, apply};
use docket_protocol::ids::{ItemId, UserId};
use docket_protocol::record::conflict::conflicts;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
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
    tx.delete(automerge::ROOT, "promises").unwrap();
    tx.commit();
    doc
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
