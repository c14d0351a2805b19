//! Bytes, counters, parents and operations that are not as Automerge itself would make them.

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, Change, ExpandedChange};
use docket_protocol::wire::Verdict;
use docket_server::random::random;
use sha2::{Digest, Sha256};

use super::{Scene, object};
use crate::support::{Office, change_with};

/// Rebuilds the last change of a document with something in it altered, checksum and all.
fn forged(doc: &Automerge, alter: impl FnOnce(&mut ExpandedChange)) -> Vec<u8> {
    let mut expanded = doc.get_last_local_change().unwrap().decode();
    alter(&mut expanded);
    Change::from(expanded).raw_bytes().to_vec()
}

#[test]
fn bytes_that_are_no_change_are_refused() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let good = {
        let mut doc = scene.doc();
        change_with(&mut doc, |tx| {
            let intake = object(tx, "intake");
            tx.put(intake, "caller", "Mr Haas").unwrap();
        })
    };
    let resealed = |at: usize, value: u8| {
        let mut body = good[8..].to_vec();
        body[at] = value;
        let checksum = Sha256::digest(&body);
        [&good[..4], &checksum[..4], &body].concat()
    };
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    assert_eq!(scene.refused("nothing", vec![Vec::new()]).0, "change-damaged");
    assert_eq!(scene.refused("noise", vec![random::<64>().to_vec()]).0, "not-a-change");
    assert_eq!(scene.refused("a document", vec![scene.doc().save()]).0, "not-a-change");
    assert_eq!(scene.refused("a flipped bit", vec![flipped]).0, "change-checksum");
    // Whatever one altered byte does to a change, with its checksum made to fit again, the
    // record survives it: refused, or harmless, but never stored half.
    for at in 0..good.len() - 8 {
        for value in [0x00, 0x01, 0x7e, 0x80, 0xff] {
            let verdicts = scene.ada.push(scene.job, vec![resealed(at, value)]);
            assert!(
                matches!(
                    verdicts[..],
                    [Verdict::Refused(..) | Verdict::Need(_) | Verdict::Fork]
                        | [Verdict::Accepted(_) | Verdict::Duplicate]
                ),
                "{at} {value}: {verdicts:?}"
            );
            if matches!(verdicts[..], [Verdict::Accepted(_)]) {
                // Another text in the caller's name is a change like any other; start anew.
                scene = Scene::open(&office);
            }
        }
    }
    scene.is_sound();
}

#[test]
fn counters_actors_and_parents_are_exact() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let mut doc = scene.doc();
    change_with(&mut doc, |tx| {
        let intake = object(tx, "intake");
        tx.put(intake, "caller", "Mr Haas").unwrap();
    });
    type Alter = fn(&mut ExpandedChange);
    let table: [(&str, Alter, &str); 6] = [
        ("a counter far ahead", |c| c.start_op = (1_u64 << 30).try_into().unwrap(), "start-op"),
        ("a counter one ahead", |c| c.start_op = c.start_op.checked_add(1).unwrap(), "start-op"),
        ("a counter behind", |c| c.start_op = 1.try_into().unwrap(), "start-op"),
        ("a gap in the actor's row", |c| c.seq += 1, "actor-seq-gap"),
        (
            "a new actor that does not start at one",
            |c| c.actor_id = ActorId::from([9; 16]),
            "actor-seq-gap",
        ),
        ("no parents", |c| c.deps.clear(), "already-there"),
    ];
    for (name, alter, code) in table {
        let (got, _) = scene.refused(name, vec![forged(&doc, alter)]);
        assert_eq!(got, code, "{name}");
    }
    let unknown = forged(&doc, |change| change.deps = vec![automerge::ChangeHash([7; 32])]);
    assert!(matches!(scene.ada.push(scene.job, vec![unknown])[..], [Verdict::Need(_)]));
    let short = forged(&doc, |change| change.actor_id = ActorId::from([9; 4]));
    assert_eq!(scene.refused("a short actor id", vec![short]).0, "change-actor");
    scene.is_sound();
}

#[test]
fn operations_on_things_that_do_not_exist_are_refused() {
    use automerge::legacy::{Key, ObjectId, OpId, SortedVec};
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let mut doc = scene.doc();
    change_with(&mut doc, |tx| {
        let intake = object(tx, "intake");
        tx.put(intake, "caller", "Mr Haas").unwrap();
    });
    let nowhere = || OpId::new(900, &ActorId::from([5; 16]));
    let unknown_object = forged(&doc, |change| change.operations[0].obj = ObjectId::Id(nowhere()));
    let unknown_predecessor =
        forged(&doc, |change| change.operations[0].pred = SortedVec::from(vec![nowhere()]));
    let letter_of_a_map = forged(&doc, |change| change.operations[0].key = Key::head());
    for (name, chunk, code) in [
        ("an unknown object", unknown_object, "unknown-object"),
        ("an unknown predecessor", unknown_predecessor, "unknown-predecessor"),
        ("a map written like a text", letter_of_a_map, "key-mismatch"),
    ] {
        assert_eq!(scene.refused(name, vec![chunk]).0, code, "{name}");
    }
    scene.is_sound();
}
