//! The honest job that every hostile change is aimed at: stored, so that its hashes never move.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ActorId, Automerge, Change, ExpandedChange, ObjId};
use docket_protocol::edit::{self, Author, Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId, UserId};
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_protocol::record::{self, RecordKind};
use docket_protocol::role::Role;

use super::chunk::Chunk;
use crate::gate::object;
use crate::support::{change_with, vectors};

/// Ada's actor, whose next change is forged again and again.
pub(super) const ADA: [u8; 16] = [0xad; 16];
/// When the job was opened.
const NOW: i64 = 1_795_000_000_000;

pub(super) struct Base {
    pub(super) record: RecordId,
    pub(super) step: ItemId,
    /// Opening the job, a step, a checklist item, a caller.
    pub(super) changes: Vec<Vec<u8>>,
    /// The job after them, on Ada's phone.
    pub(super) doc: Automerge,
}

impl Base {
    pub(super) fn load() -> Self {
        let stored = vectors::kept("v1/job.changes", || vectors::joined(&opened()));
        let changes = vectors::split(&stored);
        let doc = grown(&changes);
        Self { record: RecordId::new(NOW, [1; 10]), step: ItemId::new(NOW, [2; 10]), changes, doc }
    }

    /// The job before its step was added.
    pub(super) fn before_the_step(&self) -> Automerge {
        grown(&self.changes[..1])
    }

    /// Ada's next change, whatever it does.
    pub(super) fn change(&self, act: impl FnOnce(&mut Transaction<'_>)) -> Vec<u8> {
        change_with(&mut self.doc.clone(), act)
    }

    /// Ada's next change, and it is a good one: the caller has another name.
    pub(super) fn good(&self) -> Vec<u8> {
        self.put("intake", "caller", "Mrs Sand")
    }

    pub(super) fn put(&self, section: &str, key: &str, value: &str) -> Vec<u8> {
        self.change(|tx| {
            let section = object(tx, section);
            tx.put(section, key, value).expect("a put");
        })
    }

    /// The good change taken apart.
    pub(super) fn chunk(&self) -> Chunk {
        Chunk::of(&self.good())
    }

    /// A change that types and deletes letters, taken apart: it fills more columns.
    pub(super) fn typing(&self) -> Chunk {
        Chunk::of(&self.change(|tx| {
            let prose = object(tx, "intake/symptom");
            tx.splice_text(&prose, 0, 3, "reads").expect("a splice");
        }))
    }

    /// The object at a path, for use inside [`Base::change`].
    pub(super) fn object(&self, path: &str) -> ObjId {
        record::write::find(&self.doc, &Path::new(path)).expect("an object")
    }
}

/// A change with its decoded form altered and encoded again, checksum and all.
pub(super) fn forged(chunk: &[u8], alter: impl FnOnce(&mut ExpandedChange)) -> Vec<u8> {
    let mut expanded = Change::from_bytes(chunk.to_vec()).expect("an honest change").decode();
    alter(&mut expanded);
    Change::from(expanded).raw_bytes().to_vec()
}

fn grown(changes: &[Vec<u8>]) -> Automerge {
    let mut doc = record::empty(ActorId::from(ADA));
    let read = |chunk: &Vec<u8>| Change::from_bytes(chunk.clone()).expect("a stored change");
    doc.apply_changes(changes.iter().map(read)).expect("changes that fit");
    doc
}

fn opened() -> Vec<Vec<u8>> {
    let mut doc = record::empty(ActorId::from(ADA));
    let author = Author { user: UserId::new(NOW, [9; 10]), role: Role::Engineer, now: NOW };
    let text = |pairs: &[(&str, &str)]| -> Vec<(String, FieldValue)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect()
    };
    let entry = |collection: &str, id: u8, fields: &[(&str, &str)]| {
        let id = ItemId::new(NOW, [id; 10]);
        let fields = text(fields).into_iter().collect();
        Edit::AddEntry(NewEntry { collection: Path::new(collection), id, fields })
    };
    let fields = text(&[
        ("intake/title", "Flow meter reads high"),
        ("intake/symptom", "流量计读数偏高"),
        ("intake/level", "major"),
    ]);
    let fields = fields.into_iter().map(|(path, value)| (Path::new(path), value)).collect();
    let caller = Edit::SetField { path: Path::new("intake/caller"), value: "Mr Haas".into() };
    let edits = [
        Edit::Create { fields, entries: Vec::new() },
        entry("steps", 2, &[("text", "Cleaned the sensor")]),
        entry("checklist", 3, &[("text", "Power is off")]),
        caller,
    ];
    let made = edits.iter().map(|edit| {
        edit::apply(&mut doc, RecordKind::Job, edit, &author).expect("allowed").expect("a change");
        doc.get_last_local_change().expect("a change").raw_bytes().to_vec()
    });
    made.collect()
}
