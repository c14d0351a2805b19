//! Operations on things that are not there, not theirs to replace, or not of a record.

use automerge::legacy::{Key, ObjectId, OpId, OpType, SortedVec};
use automerge::transaction::Transactable;
use automerge::{ActorId, ObjType, ROOT, ReadDoc, ScalarValue};
use docket_protocol::limits::PROSE_CHARS_MAX;

use super::base::{ADA, Base, forged};
use super::chunk::{column, leb128};
use super::{Case, refused};
use crate::gate::object;
use crate::support::change_with;

pub(super) fn cases(base: &Base) -> Vec<Case> {
    let mut cases = nowhere(base);
    cases.extend(replacing(base));
    cases.extend(foreign(base));
    cases.extend(endless(base));
    cases
}

fn op(counter: u64) -> OpId {
    OpId::new(counter, &ActorId::from(ADA))
}

fn nowhere(base: &Base) -> Vec<Case> {
    let good = base.good();
    let typing = base.typing().with(|_| {});
    let unknown = || OpId::new(900, &ActorId::from([5; 16]));
    let object = |id: OpId| forged(&good, |change| change.operations[0].obj = ObjectId::Id(id));
    let anchor = |id: OpId| {
        forged(&typing, |change| {
            let first = change.operations.iter_mut().find(|op| op.insert).expect("an insertion");
            first.key = Key::from(id);
        })
    };
    vec![
        refused("object-unknown", "unknown-object", object(unknown())),
        refused("object-that-is-a-value", "unknown-object", object(op(1))),
        refused("object-of-the-future", "unknown-object", object(op(1 << 20))),
        refused("insert-after-unknown", "unknown-object", anchor(unknown())),
        refused("insert-after-itself", "unknown-object", anchor(op(base.typing().start_op))),
        // The id of the record's kind: an operation that exists, but no letter of this prose.
        refused("insert-after-a-field", "unknown-predecessor", anchor(op(2))),
        refused("letter-of-a-map", "key-mismatch", {
            forged(&good, |change| change.operations[0].key = Key::head())
        }),
        refused("field-of-a-prose", "key-mismatch", {
            forged(&typing, |change| change.operations[0].key = Key::Map("x".into()))
        }),
        refused("insert-into-a-map", "key-mismatch", {
            forged(&good, |change| change.operations[0].insert = true)
        }),
    ]
}

/// What an operation says it replaces is believed by Automerge; it must be what stood there.
fn replacing(base: &Base) -> Vec<Case> {
    let good = base.good();
    let instead = |replaced: Vec<OpId>| {
        forged(&good, |change| change.operations[0].pred = SortedVec::from(replaced))
    };
    let value_of = |section: &str, key: &str| {
        let (_, id) = base.doc.get(base.object(section), key).expect("a field").expect("a value");
        let automerge::ObjId::Id(counter, ..) = id else { panic!("a value has an id") };
        op(counter)
    };
    let (own, title) = (value_of("intake", "caller"), value_of("intake", "title"));
    let typing = base.typing().with(|_| {});
    let delete_elsewhere = forged(&typing, |change| {
        let first = change.operations.iter_mut().find(|op| op.action == OpType::Delete);
        first.expect("a deletion").pred = SortedVec::from(vec![title.clone()]);
    });
    vec![
        refused("replaces-unknown", "unknown-predecessor", {
            instead(vec![OpId::new(900, &ActorId::from([5; 16]))])
        }),
        refused("replaces-nothing", "unknown-predecessor", instead(Vec::new())),
        refused("replaces-another-field", "unknown-predecessor", instead(vec![title.clone()])),
        refused("replaces-one-field-more", "unknown-predecessor", instead(vec![own, title])),
        refused("replaces-itself", "unknown-predecessor", {
            instead(vec![op(base.chunk().start_op)])
        }),
        refused("deletes-a-value-as-a-letter", "unknown-predecessor", delete_elsewhere),
    ]
}

fn foreign(base: &Base) -> Vec<Case> {
    let intake = |key: &str, value: ScalarValue| {
        base.change(|tx| {
            let intake = object(tx, "intake");
            tx.put(intake, key, value).expect("a put");
        })
    };
    let root = |key: &str, made: ObjType| {
        base.change(|tx| drop(tx.put_object(ROOT, key, made).expect("an object")))
    };
    let mark = base.change(|tx| {
        use automerge::marks::{ExpandMark, Mark};
        let prose = object(tx, "intake/symptom");
        let mark = Mark::new("bold".to_owned(), true, 0, 2);
        tx.mark(&prose, mark, ExpandMark::Both).expect("a mark");
    });
    let typing = base.typing().with(|_| {});
    let letter = |text: &str| {
        let text = ScalarValue::Str(text.into());
        forged(&typing, |change| {
            let first = change.operations.iter_mut().find(|op| op.insert);
            first.expect("an insertion").action = OpType::Put(text);
        })
    };
    vec![
        refused("list", "foreign-operation", root("list", ObjType::List)),
        refused("counter", "bad-value", intake("caller", ScalarValue::counter(1))),
        refused("mark", "foreign-operation", mark),
        refused("number-in-prose", "foreign-operation", {
            forged(&typing, |change| {
                let first = change.operations.iter_mut().find(|op| op.insert);
                first.expect("an insertion").action = OpType::Put(ScalarValue::Int(5));
            })
        }),
        refused("letter-of-no-width", "bad-value", letter("")),
        refused("letter-of-a-whole-page", "bad-value", letter(&"page ".repeat(400))),
        refused("key-with-a-slash", "unknown-field", {
            base.change(|tx| tx.put(ROOT, "intake/caller", "Eve").expect("a put"))
        }),
        refused("key-with-a-slash-behind", "unknown-field", intake("caller/", "Eve".into())),
        refused("key-of-nothing", "unknown-field", intake("", "Eve".into())),
    ]
}

fn endless(base: &Base) -> Vec<Case> {
    let mut deep = base.doc.clone();
    let deep = change_with(&mut deep, |tx| {
        let mut map = ROOT;
        for _ in 0..10_000 {
            map = tx.put_object(&map, "x", ObjType::Map).expect("a map");
        }
    });
    let keys = |count: usize| {
        base.change(|tx| {
            for number in 0..count {
                tx.put(ROOT, format!("{:04}", number % 1_000), 1).expect("a put");
            }
        })
    };
    let prose = |letters: usize| {
        base.change(|tx| {
            let cause = object(tx, "report/cause");
            tx.splice_text(&cause, 0, 0, &"长".repeat(letters)).expect("a splice");
        })
    };
    vec![
        refused("nesting-without-end", "unknown-field", deep),
        refused("keys-a-million", "change-too-large", million_keys(base)),
        refused("keys-fifty-thousand", "unknown-field", keys(50_000)),
        refused("text-of-ten-megabytes", "change-too-large", ten_megabytes(base)),
        refused("text-of-seventy-thousand", "change-too-many", prose(70_000)),
        refused("text-a-little-too-long", "bad-value", prose(PROSE_CHARS_MAX + 1)),
    ]
}

/// Written by hand: Automerge itself would take a while.
fn million_keys(base: &Base) -> Vec<u8> {
    let keys = (0..1_000_000)
        .flat_map(|number| [&[4][..], format!("{:04}", number % 1_000).as_bytes()].concat());
    let keys = [leb128(-1_000_000), keys.collect()].concat();
    let puts = [leb128(1_000_000), vec![1]].concat();
    let mut chunk = base.chunk();
    chunk.columns = vec![(column::KEY_STRING, keys), (column::ACTION, puts)];
    chunk.with(|_| {})
}

fn ten_megabytes(base: &Base) -> Vec<u8> {
    base.typing().with_column(column::VALUE, vec![b'x'; 10 << 20])
}
