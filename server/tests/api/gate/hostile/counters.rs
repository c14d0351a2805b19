//! Heads of changes that lie: counters, clocks, parents, actors.

use automerge::ActorId;
use docket_protocol::limits::{CHANGE_ACTORS_MAX, CHANGE_DEPS_MAX};

use super::base::{Base, forged};
use super::{Case, Word, refused};

pub(super) fn cases(base: &Base) -> Vec<Case> {
    let mut cases = counting(base);
    cases.extend(parents(base));
    cases.extend(actors(base));
    cases
}

fn counting(base: &Base) -> Vec<Case> {
    let chunk = base.chunk();
    let start = |start_op: u64| chunk.with(|chunk| chunk.start_op = start_op);
    let seq = |seq: u64| chunk.with(|chunk| chunk.seq = seq);
    let time = |time: i64| chunk.with(|chunk| chunk.time = time);
    let own = chunk.seq;
    vec![
        refused("start-op-half-of-all", "start-op", start(1 << 31)),
        refused("start-op-last-of-all", "start-op", start(u64::from(u32::MAX))),
        refused("start-op-beyond-all", "start-op", start(u64::MAX)),
        refused("start-op-none", "start-op", start(0)),
        refused("start-op-too-low", "start-op", start(1)),
        refused("start-op-one-ahead", "start-op", start(chunk.start_op + 1)),
        refused("start-op-far-ahead", "start-op", start(1 << 30)),
        refused("seq-gap", "actor-seq-gap", seq(own + 1)),
        refused("seq-without-end", "actor-seq-gap", seq(u64::MAX)),
        refused("seq-none", "change-damaged", seq(0)),
        // Another change of the same actor has this number: the database was copied.
        Case { name: "seq-taken".into(), word: Word::Fork, chunk: seq(own - 1) },
        refused("time-before-all-calendars", "change-time", time(i64::MIN)),
        refused("time-after-all-calendars", "change-time", time(i64::MAX)),
        refused("message", "change-message", chunk.with(|chunk| chunk.message = b"psst".to_vec())),
        refused("no-operations", "change-empty", chunk.with(|chunk| chunk.columns.clear())),
    ]
}

fn parents(base: &Base) -> Vec<Case> {
    let chunk = base.chunk();
    let deps = |deps: &[[u8; 32]]| {
        let deps = deps.to_vec();
        chunk.with(|chunk| chunk.deps = deps)
    };
    let own = chunk.deps[0];
    let grandparent = {
        let before = automerge::Change::from_bytes(base.changes[2].clone()).expect("honest");
        before.hash().0
    };
    let mut family = [own, grandparent];
    family.sort_unstable();
    let mut unsorted = family;
    unsorted.reverse();
    let crowd: Vec<[u8; 32]> = (0..=CHANGE_DEPS_MAX)
        .map(|number| {
            std::array::from_fn(|at| if at < 2 { (number >> (8 - 8 * at)) as u8 } else { 7 })
        })
        .collect();
    // No two changes can name each other: a hash covers the parents. What can be sent is a
    // change whose parent is nowhere.
    let nowhere = Case { name: "parent-nowhere".into(), word: Word::Need, chunk: deps(&[[7; 32]]) };
    vec![
        nowhere,
        refused("parent-twice", "change-parents", deps(&[own, own])),
        refused("parents-unsorted", "change-parents", deps(&unsorted)),
        refused("parent-of-a-parent", "change-parents", deps(&family)),
        refused("parents-without-end", "change-too-many", deps(&crowd)),
        refused("second-beginning", "already-there", deps(&[])),
    ]
}

fn actors(base: &Base) -> Vec<Case> {
    let chunk = base.chunk();
    let actor = |length: usize| chunk.with(|chunk| chunk.actor = vec![0xad; length]);
    let crowd =
        chunk.with(|chunk| chunk.actors = vec![vec![1; 16]; CHANGE_ACTORS_MAX as usize + 1]);
    let new = forged(&base.good(), |change| change.actor_id = ActorId::from([9; 16]));
    vec![
        refused("actor-of-four-bytes", "change-actor", actor(4)),
        refused("actor-of-no-bytes", "change-actor", actor(0)),
        refused("actor-of-a-kilobyte", "change-actor", actor(1_024)),
        refused("actors-without-end", "change-too-many", crowd),
        refused("new-actor-not-from-one", "actor-seq-gap", new),
        refused("operation-of-an-actor-not-listed", "change-damaged", {
            let mut typing = base.typing();
            typing.columns.iter_mut().filter(|(number, _)| *number == 0x11).for_each(
                |(_, actors)| actors.iter_mut().last().into_iter().for_each(|last| *last = 9),
            );
            typing.with(|_| {})
        }),
    ]
}
