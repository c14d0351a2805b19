//! Edits beside a signature: all of them are listed, none of them touches what was signed.

use std::collections::BTreeSet;

use docket_protocol::automerge::{ActorId, Automerge};
use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::ItemId;
use docket_protocol::record::late::{LateEdit, late_edits};
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_protocol::record::{RecordKind, read};
use docket_protocol::signoff::{Purpose, Statement};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::support::{ENTRY, amend, edit, item, job, merge, phone, put, set, sign, statement};

fn listed(doc: &Automerge, statement: &Statement) -> Vec<LateEdit> {
    late_edits(doc, statement).unwrap()
}

fn paths(late: &[LateEdit]) -> Vec<&str> {
    late.iter().map(|late| late.path.as_str()).collect()
}

#[test]
fn a_late_edit_is_listed_with_the_signed_value_and_its_own() {
    let base = job();
    let (mut ada, mut lin) = (phone(&base, 2), phone(&base, 3));
    let signed = sign(&mut ada, 2, item(50));
    edit(&mut lin, 3, &set("report/cause", "Worn bearing")).unwrap();
    edit(&mut lin, 3, &set("intake/priority", "urgent")).unwrap();
    merge(&mut ada, &lin);
    let late = listed(&ada, &signed);
    assert_eq!(paths(&late), ["report/cause"], "the priority is not the customer's affair");
    assert_eq!((&late[0].signed, &late[0].later), (&"Dirt".into(), &"Worn bearing".into()));
    assert_eq!((late[0].at, late[0].actor.as_str()), (3_000, "03".repeat(16).as_str()));
}

#[test]
fn each_author_has_one_entry_a_field_with_what_they_left_there() {
    let base = job();
    let (mut ada, mut lin, mut max) = (phone(&base, 2), phone(&base, 3), phone(&base, 4));
    let signed = sign(&mut ada, 2, item(50));
    for (doc, byte, words) in
        [(&mut lin, 3, ["First thought", "Second thought"]), (&mut max, 4, ["Something", "Else"])]
    {
        for word in words {
            edit(doc, byte, &set("report/outcome", FieldValue::Nothing)).unwrap();
            edit(doc, byte, &set("report/next_plan", word)).unwrap();
        }
    }
    merge(&mut ada, &lin);
    merge(&mut ada, &max);
    let late = listed(&ada, &signed);
    let later: Vec<_> = late.iter().map(|late| late.later.clone()).collect();
    assert_eq!(later, ["Second thought".into(), "Else".into()]);
}

#[test]
fn a_step_written_beside_the_signature_is_listed() {
    let base = job();
    let (mut ada, mut lin) = (phone(&base, 2), phone(&base, 3));
    let signed = sign(&mut ada, 2, item(50));
    let fields = [("text".to_owned(), "Cleaned the rotor".into())].into();
    let step = NewEntry { collection: Path::new("steps"), id: item(20), fields };
    edit(&mut lin, 3, &Edit::AddEntry(step)).unwrap();
    edit(&mut lin, 3, &Edit::tick(item(ENTRY), true)).unwrap();
    merge(&mut ada, &lin);
    let late = listed(&ada, &signed);
    let text = late.iter().find(|late| late.path.as_str().starts_with("steps/")).unwrap();
    assert_eq!((&text.signed, &text.later), (&FieldValue::Nothing, &"Cleaned the rotor".into()));
    assert!(late.iter().any(|late| late.path.as_str().ends_with("/done")));
}

#[test]
fn a_plan_is_only_about_what_is_planned() {
    let base = job();
    let (mut ada, mut lin) = (phone(&base, 2), phone(&base, 3));
    let plan = statement(&ada, 2, Purpose::Plan, item(50));
    put(&mut ada, 2, &plan);
    edit(&mut lin, 3, &set("report/cause", "Worn bearing")).unwrap();
    edit(&mut lin, 3, &set("plan/safety", "Lock out the pump")).unwrap();
    merge(&mut ada, &lin);
    assert_eq!(paths(&listed(&ada, &plan)), ["plan/safety"]);
}

#[test]
fn what_follows_an_amendment_is_not_late() {
    let base = job();
    let (mut ada, mut lin) = (phone(&base, 2), phone(&base, 3));
    let first = sign(&mut ada, 2, item(50));
    edit(&mut lin, 3, &set("report/advice", "Grease it")).unwrap();
    amend(&mut ada, 2, item(60), &[first.signoff]).unwrap();
    edit(&mut ada, 2, &set("report/cause", "Worn bearing")).unwrap();
    merge(&mut ada, &lin);
    let second = sign(&mut ada, 2, item(51));
    assert_eq!(paths(&listed(&ada, &first)), ["report/advice"], "only Lin did not know");
    assert_eq!(paths(&listed(&ada, &second)), [""; 0], "the second customer saw all of it");
}

#[test]
fn versions_that_are_not_there_are_an_error() {
    let mut ada = phone(&job(), 2);
    let signed = sign(&mut ada, 2, item(50));
    assert!(late_edits(&job(), &signed).is_ok(), "the version itself is there");
    edit(&mut ada, 2, &set("intake/priority", "high")).unwrap();
    let newer = statement(&ada, 2, Purpose::Report, item(51));
    assert!(late_edits(&job(), &newer).is_err());
}

/// What a colleague does: a field, signed or not, or an entry.
#[derive(Debug, Clone)]
enum Deed {
    Set(&'static str, String),
    Tick(bool),
    Step(u8),
}

const SIGNED: [&str; 4] = ["report/cause", "report/next_plan", "intake/title", "visit/met"];
const FREE: [&str; 2] = ["intake/caller", "intake/demand"];

fn deed() -> impl Strategy<Value = Deed> {
    let fields = proptest::sample::select([SIGNED.as_slice(), FREE.as_slice()].concat());
    prop_oneof![
        5 => (fields, "[a-z轴承]{1,6}").prop_map(|(path, text)| Deed::Set(path, text)),
        1 => any::<bool>().prop_map(Deed::Tick),
        1 => (10..40_u8).prop_map(Deed::Step),
    ]
}

/// Does it and says which signed fields it wrote.
fn act(doc: &mut Automerge, byte: u8, deed: &Deed) -> Vec<Path> {
    let made = match deed {
        Deed::Set(path, text) => edit(doc, byte, &set(path, text.as_str())),
        Deed::Tick(done) => edit(doc, byte, &Edit::tick(item(ENTRY), *done)),
        Deed::Step(id) => {
            let fields = [("text".to_owned(), "A step".into())].into();
            let id = ItemId(uuid::Uuid::from_u128((u128::from(byte) << 120) | u128::from(*id)));
            let step = NewEntry { collection: Path::new("steps"), id, fields };
            edit(doc, byte, &Edit::AddEntry(step))
        }
    };
    // Some deeds change nothing, or add a step twice.
    let Ok(Some(_)) = made else { return Vec::new() };
    match deed {
        Deed::Set(path, _) if SIGNED.contains(path) => vec![Path::new(*path)],
        Deed::Set(..) => Vec::new(),
        Deed::Tick(_) => vec![Path::new("checklist").child(item(ENTRY))],
        Deed::Step(_) => doc_steps(doc, byte),
    }
}

/// A tick writes up to three fields of its item; which of them depends on what stood there.
fn subject(path: &Path) -> Path {
    match path.split_last() {
        Some((entry, _)) if path.as_str().starts_with("checklist/") => entry,
        _ => path.clone(),
    }
}

/// The text of this author's steps.
fn doc_steps(doc: &Automerge, byte: u8) -> Vec<Path> {
    let content = read::content(doc, RecordKind::Job);
    let steps = content["steps"].as_object().unwrap().keys();
    let own = steps.filter(|id| id.parse::<ItemId>().unwrap().0.as_bytes()[0] == byte);
    own.map(|id| Path::new("steps").child(id).child("text")).collect()
}

proptest! {
    // A fixed seed: the same cases in every run.
    #![proptest_config(ProptestConfig {
        cases: 96,
        rng_seed: RngSeed::Fixed(20_261_124),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// FAULTS row 55: whatever is written beside a signature, in whatever order it arrives, what
    /// was signed reads the same, and everything beside it is listed.
    #[test]
    fn every_late_edit_is_flagged_and_none_touches_what_was_signed(
        before in proptest::collection::vec(deed(), 0..5),
        beside in proptest::collection::vec(proptest::collection::vec(deed(), 0..6), 3),
        after in proptest::collection::vec(deed(), 0..4),
    ) {
        let mut ada = phone(&job(), 2);
        before.iter().for_each(|deed| drop(act(&mut ada, 2, deed)));
        // The colleagues start from what Ada had, one of them from before that.
        let starts = [job(), ada.fork(), ada.fork()];
        let mut wanted = BTreeSet::new();
        let colleagues: Vec<_> = (0..3_u8).map(|at| {
            let (byte, start) = (at + 3, &starts[usize::from(at)]);
            let mut doc = phone(start, byte);
            for deed in &beside[usize::from(at)] {
                wanted.extend(act(&mut doc, byte, deed).into_iter().map(|path| (path, byte)));
            }
            doc
        }).collect();
        let signed_content = read::content(&ada, RecordKind::Job);
        let signed = sign(&mut ada, 2, item(50));
        let heads: Vec<_> = signed.heads.iter().map(|head| (*head).into()).collect();
        for deed in &after {
            prop_assert!(act(&mut ada, 2, deed).is_empty(), "what descends is refused: {:?}", deed);
        }

        let mut first: Option<Vec<LateEdit>> = None;
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            // Once the signature is there first, once it comes last.
            let mut there = ada.fork();
            let mut last = job().fork().with_actor(ActorId::from([9; 16]));
            for at in order {
                merge(&mut there, &colleagues[at]);
                merge(&mut last, &colleagues[at]);
            }
            merge(&mut last, &ada);
            for doc in [&there, &last] {
                let then = read::content_at(doc, RecordKind::Job, &heads).unwrap();
                prop_assert_eq!(&then, &signed_content);
                let late = listed(doc, &signed);
                let flagged: BTreeSet<_> = late
                    .iter()
                    .map(|late| (subject(&late.path), late.actor.clone()))
                    .collect();
                let wanted: BTreeSet<_> = wanted
                    .iter()
                    .map(|(path, byte)| (path.clone(), format!("{byte:02x}").repeat(16)))
                    .collect();
                prop_assert_eq!(&flagged, &wanted);
                prop_assert_eq!(first.get_or_insert(late.clone()), &late);
            }
        }
    }
}
