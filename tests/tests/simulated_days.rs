//! Simulated days, each with its own faults: whatever happens, what was promised
//! holds. What a seed found once is kept here by name.

use std::collections::BTreeSet;

use docket_protocol::automerge::{ActorId, Automerge};
use docket_protocol::edit::{Author, Edit, apply};
use docket_protocol::ids::UserId;
use docket_protocol::record::{RecordKind, empty, read};
use docket_protocol::role::Role;
use docket_server::desk::with_fresh_ids;
use docket_tests::Random;
use docket_tests::sim::edits::{Drawer, collections_of, kind_of};
use docket_tests::sim::fleet::{self, Plan};
use docket_tests::sim::{Host, run};

const SEEDS: u64 = 1_000;

/// FAULTS rows 15, 16, 18, 19, 20: whatever the network does, nothing is lost, doubled or
/// believed that is not ours.
#[test]
fn many_days_with_everything_going_wrong_break_no_promise() {
    let plan = Plan { first_seed: 1, count: SEEDS, broken_max: 10, until: None };
    let account = fleet::play(plan, |_| {});
    let told: Vec<_> = account
        .broken
        .iter()
        .map(|run| format!("seed {}: {}", run.seed, run.violation.as_ref().unwrap()))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert_eq!(account.seeds, SEEDS);
    for fault in [
        "answer lost",
        "answer cut",
        "cut",
        "flip",
        "portal",
        "phone dies",
        "server dies",
        "second tab",
        "phone copied",
        "phone put back",
        "server put back",
        "revoked",
        "hand over",
        "take over",
    ] {
        assert!(account.counts.contains_key(fault), "{fault} never happened");
    }
}

#[test]
fn the_same_seed_is_the_same_day_byte_for_byte() {
    let host = Host::new();
    for seed in 1..=8 {
        let (once, again) = (run(&host, seed, false), run(&host, seed, false));
        assert_eq!(once, again, "seed {seed}");
    }
}

#[test]
fn edits_of_every_kind_in_every_collection_are_drawn() {
    let mut random = Random::new(7);
    let mut kinds = BTreeSet::new();
    for kind in [RecordKind::Job, RecordKind::Dossier, RecordKind::Catalog] {
        let mut collections = BTreeSet::new();
        let mut doc = empty(ActorId::from([7; 16]));
        for number in 0..150 {
            let edit = drawn(&doc, kind, number, &mut random);
            kinds.insert(kind_of(&edit));
            if let Edit::AddEntry(entry) = &edit {
                collections.insert(entry.collection.to_string());
            }
            let author = Author { user: UserId::default(), role: Role::Manager, now: 1 };
            apply(&mut doc, kind, &edit, &author)
                .unwrap_or_else(|error| panic!("{error}: {edit:?}"));
        }
        assert_eq!(collections, collections_of(kind), "{kind:?}");
    }
    // Signing is drawn as an act of its own; see the sign-offs in the counts of any run.
    let drawn = BTreeSet::from(["create", "set_field", "tick_item", "add_entry", "assign"]);
    assert_eq!(kinds, drawn);
}

fn drawn(doc: &Automerge, kind: RecordKind, number: u64, random: &mut Random) -> Edit {
    let content = read::content(doc, kind);
    let people = [UserId::new(1, [1; 10])];
    let drawer = Drawer { kind, content: &content, role: Role::Manager, people: &people, number };
    let edit = if number == 0 { drawer.create(random) } else { drawer.edit(random) };
    with_fresh_ids(edit, 1)
}
