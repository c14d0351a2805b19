//! Bytes that are no plain change, or not in the one encoding a change has.

use docket_protocol::limits::{CHANGE_BYTES_MAX, CHANGE_OPS_MAX};
use docket_protocol::wire;
use minicbor::bytes::ByteVec;

use super::base::Base;
use super::chunk::{column, leb128, sealed, unsigned};
use super::{Case, refused};

/// More than any record will ever have.
const BILLION: u64 = 1_000_000_000;

pub(super) fn cases(base: &Base) -> Vec<Case> {
    let mut cases = not_plain(base);
    cases.extend(bombs(base));
    cases.extend(spelled_otherwise(base));
    cases
}

fn not_plain(base: &Base) -> Vec<Case> {
    // 64 MiB of zeros behind 64 kB: Automerge would inflate them before it looks.
    let zeros = wire::pack(&ByteVec::from(vec![0; 64 << 20])).split_off(1);
    let document = |deflated: &[u8]| {
        // No actors, no heads, one change column that is deflated, no operation columns.
        let columns = [&[0, 0, 1, 0x23 | 8][..], &unsigned(deflated.len() as u64), &[0]].concat();
        sealed(0, &[&columns, deflated].concat())
    };
    let long = base.put("intake", "caller", &"Sand ".repeat(60));
    let deflated = automerge::Change::from_bytes(long).expect("honest").bytes().to_vec();
    let column_deflated = base.chunk().with(|chunk| chunk.columns.push((0xa5 | 8, vec![3, 0])));
    vec![
        refused("nothing", "change-damaged", Vec::new()),
        refused("noise", "not-a-change", (1..=200).map(|byte| byte ^ 0x5a).collect()),
        refused("document", "not-a-change", base.doc.save()),
        refused("document-deflate-bomb", "not-a-change", document(&zeros)),
        refused("deflated-change", "not-a-change", deflated),
        refused("deflated-change-bomb", "not-a-change", sealed(2, &zeros)),
        refused("bundle-bomb", "not-a-change", sealed(3, &zeros)),
        refused("deflated-column", "not-a-change", column_deflated),
        refused("too-large", "change-too-large", vec![0x85; CHANGE_BYTES_MAX + 1]),
    ]
}

/// A few bytes that claim to be a billion values.
fn bombs(base: &Base) -> Vec<Case> {
    let chunk = base.typing();
    let mut cases = Vec::new();
    for (name, number, value) in column::RUNS {
        let run = match value {
            // Booleans have no value, only lengths.
            [] => [unsigned(0), unsigned(BILLION)].concat(),
            value => [leb128(BILLION as i64), value.to_vec()].concat(),
        };
        let bomb = chunk.with_column(number, run);
        cases.push(refused(format!("bomb-run-{name}"), "change-too-many", bomb));
    }
    let nulls = chunk.with_column(column::KEY_STRING, [vec![0], unsigned(BILLION)].concat());
    let literals = chunk.with_column(column::ACTION, leb128(-(BILLION as i64)));
    let just_above = [leb128(CHANGE_OPS_MAX as i64 + 1), vec![1]].concat();
    let just_above = chunk.with_column(column::ACTION, just_above);
    let key = [leb128(50_000), unsigned(100_000), vec![b'k'; 100_000]].concat();
    let long_keys = chunk.with_column(column::KEY_STRING, key);
    cases.extend([
        refused("bomb-run-of-nulls", "change-too-many", nulls),
        refused("bomb-literals", "change-too-many", literals),
        refused("bomb-just-above", "change-too-many", just_above),
        refused("bomb-long-key-in-a-run", "change-too-large", long_keys),
    ]);
    cases
}

/// The same change in other words: Automerge would keep it under another hash.
fn spelled_otherwise(base: &Base) -> Vec<Case> {
    let good = base.good();
    let chunk = base.chunk();
    let mut zeroed = good.clone();
    zeroed[4..8].fill(0);
    let mut flipped = good;
    flipped.iter_mut().last().into_iter().for_each(|byte| *byte ^= 1);
    let action = chunk.column(column::ACTION);
    assert_eq!(action, [0x7f, 1], "one literal: a put");
    let typing = base.typing();
    let inserts = typing.column(column::ACTION);
    assert_eq!(inserts[0], 5, "five insertions in a run");
    let split = [&[2, inserts[1], 3, inserts[1]], &inserts[2..]].concat();
    let damaged = |name: &str, chunk: Vec<u8>| refused(name, "change-damaged", chunk);
    vec![
        refused("zeroed-checksum", "change-checksum", zeroed),
        refused("flipped-bit", "change-checksum", flipped),
        damaged("run-of-one", chunk.with_column(column::ACTION, vec![1, 1])),
        damaged("run-split-in-two", typing.with_column(column::ACTION, split)),
        damaged("long-way-to-write-one", chunk.with_column(column::ACTION, vec![0xff, 0x7f, 1])),
        damaged(
            "column-twice",
            chunk.with(|chunk| {
                let first = chunk.columns[0].clone();
                chunk.columns.insert(0, first);
            }),
        ),
        damaged("columns-swapped", chunk.with(|chunk| chunk.columns.swap(0, 1))),
        damaged("column-nobody-knows", chunk.with_column(0x105, vec![0x7f, 1, b'x'])),
        damaged("fewer-values-than-operations", chunk.with_column(column::VALUE, Vec::new())),
        damaged("bytes-behind-the-end", chunk.with(|chunk| chunk.extra = vec![0; 1_000])),
        damaged("actor-nobody-needs", chunk.with(|chunk| chunk.actors.push(vec![0x77; 16]))),
        damaged("insert-column-of-one", chunk.with_column(column::INSERT, vec![1, 0])),
    ]
}
