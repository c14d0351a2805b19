//! Records as two phones write them: what an edit does, what it refuses, what a merge keeps.

use std::collections::BTreeMap;

use docket_protocol::automerge::{ActorId, Automerge};
use docket_protocol::edit::{Author, Edit, EditError, NewEntry, apply};
use docket_protocol::ids::{ItemId, UserId};
use docket_protocol::ops::{Effect, locate};
use docket_protocol::record::conflict::conflicts;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{FieldRule, MergeKind, ValueRule, rules_of};
use docket_protocol::record::value::FieldValue;
use docket_protocol::record::{self, RecordKind, read};
use docket_protocol::role::Role;

const DESK: Author = Author { user: UserId(uuid_of(1)), role: Role::Desk, now: 1_000 };
const ADA: Author = Author { user: UserId(uuid_of(2)), role: Role::Engineer, now: 2_000 };
const LIN: Author = Author { user: UserId(uuid_of(3)), role: Role::Engineer, now: 3_000 };

const fn uuid_of(byte: u8) -> uuid::Uuid {
    uuid::Uuid::from_bytes([byte; 16])
}

fn new_job() -> Automerge {
    let mut doc = record::empty(ActorId::from([1; 16]));
    let entry = NewEntry {
        collection: Path::new("checklist"),
        id: item(9),
        fields: BTreeMap::from([
            ("position".to_owned(), 1.into()),
            ("text".to_owned(), "Isolate the supply".into()),
        ]),
    };
    let fields = BTreeMap::from([
        (Path::new("intake/title"), "Flow meter reads high".into()),
        (Path::new("intake/symptom"), "流量计读数偏高".into()),
        (Path::new("intake/level"), "normal".into()),
        (Path::new("intake/priority"), "normal".into()),
    ]);
    edit(&mut doc, &Edit::Create { fields, entries: vec![entry] }, &DESK).unwrap();
    doc
}

fn item(byte: u8) -> ItemId {
    ItemId(uuid_of(byte))
}

fn edit(doc: &mut Automerge, edit: &Edit, author: &Author) -> Result<(), EditError> {
    apply(doc, RecordKind::Job, edit, author).map(drop)
}

fn set(path: &str, value: impl Into<FieldValue>) -> Edit {
    Edit::SetField { path: Path::new(path), value: value.into() }
}

fn phone(doc: &Automerge, actor: u8) -> Automerge {
    doc.fork().with_actor(ActorId::from([actor; 16]))
}

fn content(doc: &Automerge) -> JobContent {
    JobContent::from_json(read::content(doc, RecordKind::Job))
}

fn merged(left: &Automerge, right: &Automerge) -> Automerge {
    let mut both = left.fork();
    both.merge(&mut right.fork()).unwrap();
    both
}

#[test]
fn a_new_job_reads_back_what_was_written() {
    let job = content(&new_job());
    assert_eq!(job.intake.title, "Flow meter reads high");
    assert_eq!(job.intake.symptom, "流量计读数偏高");
    assert_eq!(job.intake.opened_by, Some(DESK.user));
    assert_eq!(job.checklist[&item(9)].text, "Isolate the supply");
}

#[test]
fn one_edit_is_one_change() {
    let mut doc = new_job();
    edit(&mut doc, &Edit::tick(item(9), true), &ADA).unwrap();
    assert_eq!(doc.get_changes(&[]).len(), 2);
    let ticked = &content(&doc).checklist[&item(9)];
    assert_eq!((ticked.done, ticked.done_at, ticked.done_by), (true, Some(2_000), Some(ADA.user)));
}

#[test]
fn an_edit_that_changes_nothing_makes_no_change() {
    let mut doc = new_job();
    edit(&mut doc, &set("intake/priority", "normal"), &ADA).unwrap();
    edit(&mut doc, &set("intake/symptom", "流量计读数偏高"), &ADA).unwrap();
    assert_eq!(doc.get_changes(&[]).len(), 1);
}

#[test]
fn refused_edits_leave_the_record_alone() {
    let mut doc = new_job();
    let heads = doc.get_heads();
    let cases = [
        (set("assignment/lead", UserId(uuid_of(2)).to_string()), "not-allowed"),
        (set("intake/nothing", "x"), "unknown-field"),
        (set("intake/level", "terrible"), "bad-value"),
        (set("intake/opened_at", 5), "written-once"),
        (set(&format!("steps/{}/text", item(7)), "x"), "no-such-field"),
        (Edit::tick(item(7), true), "no-such-field"),
    ];
    for (refused, code) in cases {
        assert_eq!(edit(&mut doc, &refused, &ADA).unwrap_err().code, code, "{refused:?}");
        assert_eq!(doc.get_heads(), heads, "{refused:?}");
    }
}

#[test]
fn priorities_written_at_once_are_both_kept_and_listed() {
    let base = new_job();
    let (mut ada, mut lin) = (phone(&base, 2), phone(&base, 3));
    edit(&mut ada, &set("intake/priority", "urgent"), &ADA).unwrap();
    edit(&mut lin, &set("intake/priority", "low"), &LIN).unwrap();
    let (one, other) = (merged(&ada, &lin), merged(&lin, &ada));
    assert_eq!(content(&one), content(&other));
    let found = conflicts(&one, RecordKind::Job);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path.as_str(), "intake/priority");
    let mut kept: Vec<_> = found[0].values.iter().map(|value| value.value.clone()).collect();
    kept.sort();
    assert_eq!(kept, ["low".into(), "urgent".into()]);
}

#[test]
fn choosing_a_value_settles_the_conflict() {
    let base = new_job();
    let (mut ada, mut lin) = (phone(&base, 2), phone(&base, 3));
    edit(&mut ada, &set("intake/priority", "urgent"), &ADA).unwrap();
    edit(&mut lin, &set("intake/priority", "low"), &LIN).unwrap();
    for chosen in ["low", "urgent", "high"] {
        let mut both = phone(&merged(&ada, &lin), 1);
        edit(&mut both, &set("intake/priority", chosen), &DESK).unwrap();
        assert!(conflicts(&both, RecordKind::Job).is_empty());
        assert_eq!(content(&both).intake.priority, chosen);
        let change = both.get_last_local_change().unwrap().decode();
        let mut effects = locate(&both, &change).unwrap().into_iter().map(|op| op.effect);
        assert!(effects.all(|effect| matches!(effect, Effect::Put(_))), "a choice is a value");
    }
}

/// Found by the simulator: the choice left the value that counted in place beside itself, and
/// the gate refused it.
#[test]
fn a_choice_replaces_every_value_even_when_nothing_is_chosen_and_counts_already() {
    for (mine, theirs) in [(5.into(), FieldValue::Nothing), (FieldValue::Nothing, 5.into())] {
        let mut base = new_job();
        edit(&mut base, &set("plan/start_at", 1), &DESK).unwrap();
        let (mut one, mut two) = (phone(&base, 2), phone(&base, 3));
        edit(&mut one, &set("plan/start_at", mine), &ADA).unwrap();
        edit(&mut two, &set("plan/start_at", theirs), &LIN).unwrap();
        for value in [FieldValue::Nothing, 5.into(), 6.into()] {
            let mut both = merged(&one, &two);
            edit(&mut both, &set("plan/start_at", value.clone()), &ADA).unwrap();
            let choice = both.get_last_local_change().unwrap().decode();
            let replaced: Vec<_> = choice.operations.iter().map(|op| op.pred.len()).collect();
            assert!(replaced == [2] || replaced == [2, 1], "{value:?}: {replaced:?}");
            let start_at = content(&both).plan.start_at;
            assert_eq!(start_at.map_or(FieldValue::Nothing, Into::into), value);
            assert!(conflicts(&both, RecordKind::Job).is_empty());
        }
    }
}

#[test]
fn writing_what_two_people_have_written_alike_makes_no_change() {
    let base = new_job();
    let (mut one, mut two) = (phone(&base, 2), phone(&base, 3));
    edit(&mut one, &set("intake/priority", "high"), &ADA).unwrap();
    edit(&mut two, &set("intake/priority", "high"), &LIN).unwrap();
    let mut both = merged(&one, &two);
    let before = both.get_heads();
    edit(&mut both, &set("intake/priority", "high"), &ADA).unwrap();
    assert_eq!(both.get_heads(), before);
}

#[test]
fn the_more_severe_level_and_the_done_tick_win() {
    let base = new_job();
    let (mut ada, mut lin) = (phone(&base, 2), phone(&base, 3));
    edit(&mut ada, &set("intake/level", "critical"), &ADA).unwrap();
    edit(&mut ada, &Edit::tick(item(9), true), &ADA).unwrap();
    edit(&mut lin, &set("intake/level", "minor"), &LIN).unwrap();
    edit(&mut lin, &Edit::tick(item(9), true), &LIN).unwrap();
    edit(&mut lin, &Edit::tick(item(9), false), &LIN).unwrap();
    let both = merged(&lin, &ada);
    assert_eq!(content(&both).intake.level, "critical");
    assert!(content(&both).checklist[&item(9)].done);
    let level = &conflicts(&both, RecordKind::Job);
    let level = level.iter().find(|conflict| conflict.path.as_str() == "intake/level").unwrap();
    assert_eq!(level.rule, MergeKind::Worst);
    assert!(level.values.iter().any(|value| value.chosen && value.value == "critical".into()));
}

#[test]
fn steps_of_two_people_are_both_there() {
    let base = new_job();
    let (mut ada, mut lin) = (phone(&base, 2), phone(&base, 3));
    for (doc, author, id, text) in
        [(&mut ada, &ADA, 20, "Cleaned the rotor"), (&mut lin, &LIN, 21, "校准零点")]
    {
        let fields = BTreeMap::from([("text".to_owned(), text.into())]);
        let entry = NewEntry { collection: Path::new("steps"), id: item(id), fields };
        edit(doc, &Edit::AddEntry(entry), author).unwrap();
    }
    let job = content(&merged(&ada, &lin));
    assert_eq!(job.steps[&item(20)].text, "Cleaned the rotor");
    assert_eq!(job.steps[&item(21)].by, Some(LIN.user));
}

#[test]
fn an_earlier_version_stays_readable() {
    let mut doc = new_job();
    let seen = doc.get_heads();
    edit(&mut doc, &set("report/cause", "Worn bearing"), &ADA).unwrap();
    let then = read::content_at(&doc, RecordKind::Job, &seen).unwrap();
    assert_eq!(JobContent::from_json(then).report.cause, "");
    assert_eq!(content(&doc).report.cause, "Worn bearing");
    let unknown = docket_protocol::automerge::ChangeHash([9; 32]);
    assert!(read::content_at(&doc, RecordKind::Job, &[unknown]).is_err());
}

#[test]
fn operations_are_located_by_path() {
    let mut doc = new_job();
    let fields = BTreeMap::from([("text".to_owned(), "Hi".into())]);
    let entry = NewEntry { collection: Path::new("steps"), id: item(20), fields };
    edit(&mut doc, &Edit::AddEntry(entry), &ADA).unwrap();
    let change = doc.get_last_local_change().unwrap();
    let located = locate(&doc, &change.decode()).unwrap();
    let step = Path::new("steps").child(item(20));
    assert_eq!(*located[0].path, step);
    assert!(matches!(located[0].effect, Effect::Make(_)));
    let letters = located.iter().filter(|op| matches!(op.effect, Effect::Insert(_)));
    assert!(letters.clone().all(|op| *op.path == step.child("text")));
    assert_eq!(letters.count(), 2);
    let by = located.iter().find(|op| *op.path == step.child("by")).unwrap();
    assert!(matches!(by.effect, Effect::Put(_)));
}

/// Values at the edges of what a field may hold.
fn edge_values(rule: &FieldRule) -> Vec<FieldValue> {
    let count = if let ValueRule::Count { max } = rule.value { max } else { 1 };
    let word = if let ValueRule::Choice { words } = rule.value { words[0] } else { "x" };
    let values: [FieldValue; 8] = [
        FieldValue::Nothing,
        "".into(),
        word.into(),
        item(7).to_string().into(),
        0.into(),
        count.into(),
        true.into(),
        false.into(),
    ];
    values.into_iter().filter(|value| rule.accepts(value)).collect()
}

/// Found by the simulator: an emptied customer made the whole job read as blank, and so nobody's.
#[test]
fn no_value_that_a_field_may_hold_hides_the_rest_of_the_job() {
    let writable = rules_of(RecordKind::Job).iter().filter(|rule| !rule.writers.is_empty());
    for rule in writable.filter(|rule| rule.merge != MergeKind::Entry) {
        let author = Author { role: rule.writers[0], ..DESK };
        for value in edge_values(rule) {
            let mut doc = new_job();
            let written = match rule.path.split_once("/*/") {
                Some((collection, field)) => {
                    let fields = BTreeMap::from([(field.to_owned(), value.clone())]);
                    let collection = Path::new(collection);
                    Edit::AddEntry(NewEntry { collection, id: item(8), fields })
                }
                None => set(&rule.path.replace('*', &item(8).to_string()), value.clone()),
            };
            if rule.path == "intake/title" || edit(&mut doc, &written, &author).is_err() {
                continue;
            }
            assert_eq!(content(&doc).intake.title, "Flow meter reads high", "{written:?}");
        }
    }
}
