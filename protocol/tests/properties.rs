//! Properties that hold for any edits and any bytes: order of arrival does not matter, the
//! wire reads back what was written, damaged input is an error and never a panic.

use std::collections::BTreeMap;

use docket_protocol::automerge::{ActorId, Automerge};
use docket_protocol::change::read_head;
use docket_protocol::edit::{Author, Edit, NewEntry, apply};
use docket_protocol::ids::{DeviceId, IncarnationId, ItemId, RecordId, Seq, UserId};
use docket_protocol::ops::locate;
use docket_protocol::record::conflict::conflicts;
use docket_protocol::record::glance::{Glance, glance};
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{JOB_RULES, ValueRule};
use docket_protocol::record::value::FieldValue;
use docket_protocol::record::{self, RecordKind, read};
use docket_protocol::role::Role;
use docket_protocol::wire::{
    Cursor, RecordPush, SyncEnvelope, SyncRequest, SyncResponse, VERSION, pack, unpack,
};
use minicbor::bytes::ByteVec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn item(byte: u8) -> ItemId {
    ItemId(uuid::Uuid::from_bytes([byte; 16]))
}

fn author(byte: u8) -> Author {
    Author { user: UserId(uuid::Uuid::from_bytes([byte; 16])), role: Role::Manager, now: 1_000 }
}

/// All changes of a record, one behind the other, which Automerge loads like a document.
fn seen_by_changes(doc: &Automerge) -> Option<Glance> {
    let changes: Vec<u8> =
        doc.get_changes(&[]).iter().flat_map(|one| one.raw_bytes().to_vec()).collect();
    let loaded = record::load(&changes, ActorId::from([9; 16])).unwrap();
    assert_eq!(loaded.get_heads(), doc.get_heads());
    glance(&changes)
}

/// What its reader shows.
fn shown(doc: &Automerge) -> Glance {
    let heads = doc.get_heads().into_iter().map(Into::into).collect();
    Glance { heads, content: read::content(doc, RecordKind::Job) }
}

/// A value that the rule takes.
fn value_for(rule: ValueRule) -> BoxedStrategy<FieldValue> {
    match rule {
        ValueRule::Line | ValueRule::Phone => {
            "[a-z流量计 ]{0,8}".prop_map(FieldValue::Text).boxed()
        }
        ValueRule::Prose => "[a-z\n轴承磨损🔧]{0,12}".prop_map(FieldValue::Text).boxed(),
        ValueRule::Count { max } => (0..=max.min(9)).prop_map(FieldValue::Int).boxed(),
        ValueRule::Time => (0..5_000_i64).prop_map(FieldValue::Int).boxed(),
        ValueRule::TimeOfDay => "[01][0-9]:[0-5][0-9]".prop_map(FieldValue::Text).boxed(),
        ValueRule::Date => "2026-1[0-2]-[0-2][1-9]".prop_map(FieldValue::Text).boxed(),
        ValueRule::Zone => "[A-Z][a-z]{1,8}".prop_map(FieldValue::Text).boxed(),
        ValueRule::Bool => any::<bool>().prop_map(FieldValue::Bool).boxed(),
        ValueRule::Choice { words } => {
            proptest::sample::select(words).prop_map(FieldValue::from).boxed()
        }
        ValueRule::Digest => "[0-9a-f]{64}".prop_map(FieldValue::Text).boxed(),
        ValueRule::Person | ValueRule::Record | ValueRule::Bytes { .. } => {
            (1..4_u8).prop_map(|byte| FieldValue::Text(item(byte).to_string())).boxed()
        }
    }
}

/// Any edit of a field, a tick or a new entry; some of them do not apply, and that is fine.
fn edit() -> impl Strategy<Value = Edit> {
    let set = (proptest::sample::select(JOB_RULES), 1..4_u8).prop_flat_map(|(rule, entry)| {
        let path = Path::new(rule.path.replace('*', &item(entry).to_string()));
        value_for(rule.value).prop_map(move |value| Edit::SetField { path: path.clone(), value })
    });
    let tick = (1..4_u8, any::<bool>()).prop_map(|(entry, done)| Edit::tick(item(entry), done));
    let collections = proptest::sample::select(vec!["steps", "parts", "plan/items"]);
    let add = (collections, any::<u8>()).prop_map(|(collection, entry)| {
        Edit::AddEntry(NewEntry {
            collection: Path::new(collection),
            id: item(entry),
            fields: BTreeMap::new(),
        })
    });
    prop_oneof![4 => set, 1 => tick, 1 => add]
}

fn job() -> Automerge {
    let mut doc = record::empty(ActorId::from([1; 16]));
    let entries = ["checklist", "steps", "parts", "plan/items"]
        .into_iter()
        .flat_map(|collection| (1..4).map(move |byte| (collection, byte)))
        .map(|(collection, byte)| NewEntry {
            collection: Path::new(collection),
            id: item(byte),
            fields: BTreeMap::new(),
        })
        .collect();
    let create = Edit::Create { fields: BTreeMap::new(), entries };
    apply(&mut doc, RecordKind::Job, &create, &author(1)).unwrap();
    doc
}

/// One edit that opens a job with the fields and entries of these. Who opened it is written by
/// every such edit.
fn opened_with(edits: &[Edit]) -> Edit {
    let (mut fields, mut entries) = (BTreeMap::new(), BTreeMap::new());
    let is_field =
        |path: &Path| path.as_str().split('/').count() == 2 && path.as_str() != "intake/opened_by";
    for edit in edits {
        match edit {
            Edit::SetField { path, value } if is_field(path) => {
                fields.insert(path.clone(), value.clone());
            }
            Edit::AddEntry(entry) => {
                entries.insert((entry.collection.clone(), entry.id), entry.clone());
            }
            _ => {}
        }
    }
    Edit::Create { fields, entries: entries.into_values().collect() }
}

/// The job as one phone leaves it after these edits.
fn edited(base: &Automerge, phone: u8, edits: &[Edit]) -> Automerge {
    let mut doc = base.fork().with_actor(ActorId::from([phone; 16]));
    for edit in edits {
        let _some_do_not_apply = apply(&mut doc, RecordKind::Job, edit, &author(phone));
    }
    doc
}

fn merged(docs: [&Automerge; 3]) -> Automerge {
    let mut all = docs[0].fork();
    for other in &docs[1..] {
        all.merge(&mut other.fork()).unwrap();
    }
    all
}

proptest! {
    // A fixed seed: the same cases in every run.
    #![proptest_config(ProptestConfig {
        cases: 128,
        rng_seed: RngSeed::Fixed(20_261_123),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_order_of_merging_gives_the_same_record(
        edits in proptest::collection::vec(proptest::collection::vec(edit(), 0..8), 3)
    ) {
        let base = job();
        let docs: Vec<_> = (0..3).map(|at| edited(&base, at as u8 + 2, &edits[at])).collect();
        let [a, b, c] = [&docs[0], &docs[1], &docs[2]];
        let first = merged([a, b, c]);
        for order in [[a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]] {
            let other = merged(order);
            prop_assert_eq!(first.get_heads(), other.get_heads());
            let content = |doc| read::content(doc, RecordKind::Job);
            prop_assert_eq!(content(&first), content(&other));
            let listed = |doc| conflicts(doc, RecordKind::Job);
            prop_assert_eq!(listed(&first), listed(&other));
        }
    }

    #[test]
    fn the_version_at_the_heads_is_the_content_now(
        edits in proptest::collection::vec(proptest::collection::vec(edit(), 0..8), 3)
    ) {
        let base = job();
        let docs: Vec<_> = (0..3).map(|at| edited(&base, at as u8 + 2, &edits[at])).collect();
        let doc = merged([&docs[0], &docs[1], &docs[2]]);
        let loaded = record::load(&doc.save_nocompress(), ActorId::from([9; 16])).unwrap();
        let mut later = loaded.fork().with_actor(ActorId::from([8; 16]));
        let archive =
            Edit::SetField { path: Path::new("archive/archived_at"), value: 9_999.into() };
        apply(&mut later, RecordKind::Job, &archive, &author(8)).unwrap();
        let now = read::content(&doc, RecordKind::Job);
        for doc in [&doc, &loaded, &later] {
            let then = read::content_at(doc, RecordKind::Job, &loaded.get_heads()).unwrap();
            prop_assert_eq!(&now, &then);
        }
    }

    #[test]
    fn what_is_seen_at_a_glance_is_the_content(
        edits in proptest::collection::vec(proptest::collection::vec(edit(), 0..8), 3)
    ) {
        let base = job();
        let docs: Vec<_> = (0..3).map(|at| edited(&base, at as u8 + 2, &edits[at])).collect();
        let all = merged([&docs[0], &docs[1], &docs[2]]);
        for doc in docs.iter().chain([&base, &all]) {
            let seen = glance(&doc.save_nocompress());
            let has_conflicts = !conflicts(doc, RecordKind::Job).is_empty();
            prop_assert!(seen.is_some() || has_conflicts || std::ptr::eq(doc, &all));
            if let Some(seen) = seen {
                prop_assert_eq!(seen.content, read::content(doc, RecordKind::Job));
                let heads: Vec<_> = doc.get_heads().into_iter().map(Into::into).collect();
                prop_assert_eq!(seen.heads, heads);
            }
        }
    }

    #[test]
    fn a_record_of_one_change_is_seen_at_a_glance(
        edits in proptest::collection::vec(edit(), 0..12)
    ) {
        let mut doc = record::empty(ActorId::from([1; 16]));
        apply(&mut doc, RecordKind::Job, &opened_with(&edits), &author(1)).unwrap();
        prop_assert_eq!(seen_by_changes(&doc).unwrap(), shown(&doc));
    }

    #[test]
    fn changes_in_a_row_are_seen_at_a_glance(
        edits in proptest::collection::vec(proptest::collection::vec(edit(), 0..16), 3)
    ) {
        let first = edited(&job(), 2, &edits[0]);
        let then = edited(&first, 3, &edits[1]);
        let elsewhere = edited(&first, 4, &edits[2]);
        prop_assert_eq!(seen_by_changes(&first).unwrap(), shown(&first));
        prop_assert_eq!(seen_by_changes(&then).unwrap(), shown(&then));
        let all = merged([&first, &then, &elsewhere]);
        let in_a_row = all.get_heads().len() == 1;
        let seen = seen_by_changes(&all);
        prop_assert_eq!(seen, in_a_row.then(|| shown(&all)));
    }

    #[test]
    fn every_change_an_edit_makes_passes_the_reader_and_is_located(
        edits in proptest::collection::vec(edit(), 1..12)
    ) {
        let doc = edited(&job(), 2, &edits);
        for change in doc.get_changes(&[]) {
            let head = read_head(change.raw_bytes()).unwrap();
            prop_assert_eq!(head.hash, change.hash().into());
            prop_assert_eq!(head.ops, change.len() as u64);
            prop_assert_eq!(locate(&doc, &change.decode()).unwrap().len() as u64, head.ops);
        }
    }

    #[test]
    fn requests_read_back_as_written(
        changes in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..5),
        sent_at in any::<i64>(),
        seq in any::<u64>(),
    ) {
        let record = RecordId::new(1, [1; 10]);
        let request = SyncRequest {
            version: VERSION,
            device: DeviceId::new(1, [2; 10]),
            incarnation: IncarnationId::new(1, [3; 10]),
            cursor: Some(Cursor { seq: Seq(seq), tag: [4; 8] }),
            sent_at,
            pushes: vec![RecordPush {
                record,
                changes: changes.into_iter().map(Into::into).collect(),
            }],
            hand_backs: Vec::new(),
            report: None,
        };
        prop_assert_eq!(&unpack::<SyncRequest>(&pack(&request), 1 << 20).unwrap(), &request);
    }

    #[test]
    fn any_edits_of_any_people_are_packed_small_and_read_back_byte_for_byte(
        edits in proptest::collection::vec(proptest::collection::vec(edit(), 0..8), 3)
    ) {
        let base = job();
        let docs: Vec<_> = (0..3).map(|at| edited(&base, at as u8 + 2, &edits[at])).collect();
        let all = merged([&docs[0], &docs[1], &docs[2]]);
        let changes = |doc: &Automerge| -> Vec<ByteVec> {
            doc.get_changes(&[]).iter().map(|one| one.raw_bytes().to_vec().into()).collect()
        };
        let snapshot = ByteVec::from(all.save_nocompress());
        let sent = (changes(&all), changes(&docs[1]), snapshot);
        let packed = pack(&sent);
        prop_assert_eq!(packed[0], 2, "taken apart");
        prop_assert_eq!(&unpack::<(Vec<ByteVec>, Vec<ByteVec>, ByteVec)>(&packed, 1 << 20).unwrap(),
            &sent);
    }

    #[test]
    fn arbitrary_bytes_are_errors_not_panics(
        bytes in proptest::collection::vec(any::<u8>(), 0..400)
    ) {
        prop_assert!(read_head(&bytes).is_err());
        prop_assert!(glance(&bytes).is_none());
        let _judged = unpack::<SyncEnvelope>(&[&[2], &bytes[..]].concat(), 1 << 16);
        let _judged = unpack::<SyncEnvelope>(&bytes, 1 << 16);
        let _judged = unpack::<SyncResponse>(&bytes, 1 << 16);
    }
}
