//! Conflicts with memory: what there was to choose from, who chose, and what.

use docket_protocol::automerge::Automerge;
use docket_protocol::edit::Edit;
use docket_protocol::record::RecordKind;
use docket_protocol::record::conflict::conflicts;
use docket_protocol::record::rules::MergeKind;
use docket_protocol::record::settlement::{Settlement, settlements};
use docket_protocol::record::value::FieldValue;

use crate::support::{ENTRY, edit, item, job, merge, phone, set};

const PRIORITY: &str = "intake/priority";

fn settled(doc: &Automerge) -> Vec<Settlement> {
    settlements(doc, RecordKind::Job)
}

fn values(settlement: &Settlement) -> Vec<FieldValue> {
    let mut values: Vec<_> =
        settlement.conflict.values.iter().map(|value| value.value.clone()).collect();
    values.sort();
    values
}

/// The job after these people wrote these priorities at once.
fn disputed(values: &[(u8, &str)]) -> Automerge {
    let base = job();
    let mut all = phone(&base, 1);
    for (byte, value) in values {
        let mut doc = phone(&base, *byte);
        edit(&mut doc, *byte, &set(PRIORITY, *value)).unwrap();
        merge(&mut all, &doc);
    }
    all
}

#[test]
fn a_settled_conflict_is_remembered_with_every_value() {
    for chosen in ["low", "urgent", "high"] {
        let mut desk = disputed(&[(2, "low"), (3, "urgent")]);
        assert_eq!(settled(&desk), [], "nobody has chosen yet");
        let choice = edit(&mut desk, 1, &set(PRIORITY, chosen)).unwrap();
        edit(&mut desk, 1, &set(PRIORITY, "normal")).unwrap();
        assert!(conflicts(&desk, RecordKind::Job).is_empty());
        let remembered = settled(&desk);
        assert_eq!(remembered.len(), 1, "the edit after the choice settles nothing");
        let settlement = &remembered[0];
        assert_eq!(values(settlement), ["low".into(), "urgent".into()]);
        assert_eq!(settlement.value, chosen.into());
        assert_eq!(settlement.conflict.rule, MergeKind::Register);
        assert_eq!(Some(settlement.change), choice);
        assert_eq!(settlement.actor, "01".repeat(16));
        assert_eq!(settlement.conflict.values.iter().filter(|value| value.chosen).count(), 1);
    }
}

#[test]
fn three_people_and_a_choice_that_saw_only_two() {
    let base = job();
    let mut desk = disputed(&[(2, "low"), (3, "urgent")]);
    let mut lin = phone(&base, 4);
    edit(&mut lin, 4, &set(PRIORITY, "high")).unwrap();
    edit(&mut desk, 1, &set(PRIORITY, "low")).unwrap();
    merge(&mut desk, &lin);
    let open = conflicts(&desk, RecordKind::Job);
    assert_eq!(open[0].values.len(), 2, "the choice and what it did not know");
    assert_eq!(values(&settled(&desk)[0]), ["low".into(), "urgent".into()]);
    edit(&mut desk, 1, &set(PRIORITY, "high")).unwrap();
    let remembered = settled(&desk);
    assert_eq!(remembered.len(), 2);
    assert!(remembered.iter().any(|one| values(one) == ["high".into(), "low".into()]));
    assert!(conflicts(&desk, RecordKind::Job).is_empty());
}

#[test]
fn two_people_who_settle_at_once_dispute_again() {
    let mut one = disputed(&[(2, "low"), (3, "urgent")]);
    let mut other = phone(&one, 3);
    edit(&mut one, 1, &set(PRIORITY, "low")).unwrap();
    edit(&mut other, 3, &set(PRIORITY, "urgent")).unwrap();
    let mut both = one.fork();
    merge(&mut both, &other);
    merge(&mut other, &one);
    assert_eq!(settled(&both), settled(&other), "the same list on every node");
    assert_eq!(settled(&both).len(), 2);
    assert_eq!(conflicts(&both, RecordKind::Job).len(), 1);
}

#[test]
fn equal_values_are_no_conflict_and_leave_no_memory() {
    let mut desk = disputed(&[(2, "low"), (3, "low")]);
    assert!(conflicts(&desk, RecordKind::Job).is_empty());
    edit(&mut desk, 1, &set(PRIORITY, "high")).unwrap();
    assert_eq!(settled(&desk), []);
}

#[test]
fn a_tick_that_two_people_made_is_no_conflict() {
    let base = job();
    let (mut ada, mut lin) = (phone(&base, 2), phone(&base, 3));
    let tick = |done| Edit::tick(item(ENTRY), done);
    edit(&mut ada, 2, &tick(true)).unwrap();
    edit(&mut lin, 3, &tick(true)).unwrap();
    merge(&mut ada, &lin);
    let open = conflicts(&ada, RecordKind::Job);
    assert!(open.iter().all(|conflict| conflict.rule == MergeKind::Tick), "nothing to decide");
    // Somebody opens the item again without having seen that it was done.
    let mut max = phone(&lin, 4);
    edit(&mut max, 4, &tick(false)).unwrap();
    edit(&mut ada, 2, &set("intake/caller", "Li")).unwrap();
    edit(&mut ada, 2, &tick(true)).unwrap();
    merge(&mut max, &ada);
    let content = docket_protocol::record::read::content(&max, RecordKind::Job);
    let entry = &content["checklist"][item(ENTRY).to_string()];
    assert_eq!(entry["done"], true);
    assert!(entry["done_at"].is_number() && entry["done_by"].is_string(), "{entry}");
}
