//! Honest bodies lose everything that follows from what was said and come back byte for byte;
//! others come back as well, and hostile ones are errors.

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ObjType, ROOT};

use super::*;
use crate::record::empty;
use crate::wire::to_cbor;
use minicbor::bytes::ByteVec;

/// A person's day in one record: fields, a new entry with prose, a tick, letters put in and out.
fn day(actor: u8) -> Automerge {
    let mut doc = empty(ActorId::from([actor; 16]));
    let mut now = 1_795_000_000_000 + i64::from(actor);
    let mut commit = |doc: &mut Automerge, write: &dyn Fn(&mut dyn Writes)| {
        let mut tx = doc.transaction();
        write(&mut tx);
        now += 60_000;
        tx.commit_with(automerge::transaction::CommitOptions::default().with_time(now));
    };
    commit(&mut doc, &|tx| {
        tx.map("steps");
        tx.map("checklist");
        tx.text("treatment", "流量计 reads high, 更换后正常");
    });
    for (number, id) in ["01a1ee56-5e00-7b0b-8b0b-0b0b0b0b0b0b", "plain"].iter().enumerate() {
        commit(&mut doc, &|tx| tx.entry("steps", id, now_of(number), "replaced 轴承 🔧 twice"));
        commit(&mut doc, &|tx| tx.field("caller", &format!("Ada {number}")));
        commit(&mut doc, &|tx| tx.letters("treatment", 3 + number, 2, "abc"));
    }
    doc
}

fn now_of(number: usize) -> i64 {
    1_795_000_000_000 + number as i64
}

/// What a day is made of.
trait Writes {
    fn map(&mut self, name: &str);
    fn text(&mut self, name: &str, letters: &str);
    fn field(&mut self, name: &str, value: &str);
    fn entry(&mut self, map: &str, id: &str, at: i64, text: &str);
    fn letters(&mut self, name: &str, at: usize, out: isize, text: &str);
}

impl<T: Transactable> Writes for T {
    fn map(&mut self, name: &str) {
        self.put_object(ROOT, name, ObjType::Map).unwrap();
    }

    fn text(&mut self, name: &str, letters: &str) {
        let text = self.put_object(ROOT, name, ObjType::Text).unwrap();
        self.splice_text(&text, 0, 0, letters).unwrap();
    }

    fn field(&mut self, name: &str, value: &str) {
        self.put(ROOT, name, value).unwrap();
        self.put(ROOT, "flag", true).unwrap();
        self.put(ROOT, "none", automerge::ScalarValue::Null).unwrap();
        self.put(ROOT, "bytes", vec![1_u8, 2, 3]).unwrap();
        self.put(ROOT, "schema", 1_u64).unwrap();
    }

    fn entry(&mut self, map: &str, id: &str, at: i64, text: &str) {
        let (_, map) = self.get(ROOT, map).unwrap().unwrap();
        let entry = self.put_object(&map, id, ObjType::Map).unwrap();
        self.put(&entry, "at", at).unwrap();
        self.put(&entry, "by", "01a1ee56-5e00-7dad-adad-adadadadadad").unwrap();
        let prose = self.put_object(&entry, "text", ObjType::Text).unwrap();
        self.splice_text(&prose, 0, 0, text).unwrap();
    }

    fn letters(&mut self, name: &str, at: usize, out: isize, text: &str) {
        let (_, prose) = self.get(ROOT, name).unwrap().unwrap();
        self.splice_text(&prose, at, out, text).unwrap();
    }
}

fn changes(doc: &Automerge) -> Vec<ByteVec> {
    doc.get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec().into()).collect()
}

/// Two people in one record, their changes in one row, and the whole records behind them.
fn body() -> Vec<u8> {
    let mut both = day(1);
    let mut other = both.fork().with_actor(ActorId::from([9; 16]));
    other.transaction().put(ROOT, "caller", "Lin").unwrap();
    let mut tx = other.transaction();
    tx.put(ROOT, "caller", "Lin").unwrap();
    tx.commit();
    let mut tx = both.transaction();
    tx.put(ROOT, "caller", "Ada").unwrap();
    tx.commit();
    both.merge(&mut other).unwrap();
    let mut tx = both.transaction();
    tx.put(ROOT, "caller", "both").unwrap();
    tx.commit();
    let records: Vec<(Vec<u8>, Vec<ByteVec>)> =
        vec![(vec![7; 16], changes(&both)), (vec![8; 16], changes(&day(2)))];
    let documents: Vec<ByteVec> =
        [both, day(3), day(4)].iter().map(|doc| doc.save_nocompress().into()).collect();
    to_cbor(&(records, documents))
}

fn fits(plain: &[u8]) -> Lanes {
    let lanes = written(plain, &chunks(plain), &BTreeSet::new());
    lanes.unwrap_or_else(|place| panic!("chunk {place} does not fit"))
}

#[test]
fn honest_bodies_come_back_and_nothing_of_a_chunk_stays_in_them() {
    let plain = body();
    let mut lanes = fits(&plain);
    assert_eq!(first_difference(&plain, &lanes), None);
    let holds_a_chunk = lanes.of(Lane::Plain).windows(4).any(|window| window == MAGIC);
    assert!(!holds_a_chunk, "every chunk was taken apart");
    for density in [Density::Deflated, Density::Loose] {
        let packed = taken_apart(&plain, density).unwrap();
        assert_eq!(put_together(&packed, plain.len()).as_ref(), Ok(&plain), "{density:?}");
    }
}

#[test]
fn nothing_is_said_of_changes_in_a_row_but_what_they_write() {
    let one = to_cbor(&changes(&day(1)));
    let mut lanes = fits(&one);
    assert_eq!(lanes.of(Lane::Raw).len(), 16 + 10 + 16, "an actor, an entry, a person");
    // How many parents, how long ago, whose, number, start, and no other actors.
    assert_eq!(lanes.of(Lane::Head)[..5], [0, 0, 0, 2, 0]);
    assert!(lanes.of(Lane::Head)[5..].chunks(6).all(|head| head == [1, 1, 1, 0, 0, 0]));
}

#[test]
fn what_does_not_fit_stays_as_it_is() {
    let mut list = changes(&day(1));
    list[2][20] ^= 1;
    list[4] = [&list[4][..], b"behind"].concat().into();
    let plain = to_cbor(&list);
    let packed = taken_apart(&plain, Density::Deflated).unwrap();
    assert_eq!(put_together(&packed, plain.len()), Ok(plain));
    assert_eq!(taken_apart(b"no chunk at all", Density::Deflated), None);
}

#[test]
fn a_body_of_more_bytes_than_allowed_is_not_made() {
    let plain = body();
    let packed = taken_apart(&plain, Density::Deflated).unwrap();
    assert_eq!(put_together(&packed, plain.len() - 1), Err(Failure::TooLarge));
}

#[test]
fn counters_that_overflow_stay_as_they_are() {
    let mut doc = empty(ActorId::from([7; 16]));
    let mut tx = doc.transaction();
    tx.put(ROOT, "name", "Ada").unwrap();
    tx.put(ROOT, "other", "Lin").unwrap();
    tx.commit();
    let chunk = doc.get_last_local_change().unwrap().raw_bytes().to_vec();
    let (_, reader) = change::opened_as(CHANGE, &chunk).unwrap();
    let body = reader.bytes;
    // No parents, an actor of 16 bytes, number 1: then the first operation's.
    let mut far = body[..19].to_vec();
    write_number(&mut far, u64::MAX);
    far.extend(&body[20..]);
    let mut plain = vec![0x81];
    change::closed(CHANGE, &far, &mut plain);
    assert!(written(&plain, &chunks(&plain), &BTreeSet::new()).is_err(), "it does not fit");
    let packed = taken_apart(&plain, Density::Deflated);
    assert!(packed.is_none_or(|packed| put_together(&packed, plain.len()) == Ok(plain.clone())));
}

/// A key is said once and named by a byte each time.
#[test]
fn a_body_that_would_be_made_of_one_long_key_is_an_error() {
    let mut lanes = Lanes::new();
    for number in [1, 0] {
        lanes.number(Lane::Script, number);
    }
    for number in [0, 0, 1 << 13, 1] {
        lanes.number(Lane::Document, number);
    }
    let keys = 20_000;
    columns::write_signed(lanes.column(13), -keys);
    lanes.column(13).extend([0, 64]);
    lanes.column(13).extend([b'k'; 64]);
    for _ in 1..keys {
        write_number(lanes.column(13), keys::KEYS.len() as u64 + 2);
    }
    let mut made = Vec::new();
    assert_eq!(read_into(lanes.readers(), 100_000, &mut made), Err(Unfit));
    assert!(made.len() <= 200_000, "{} bytes", made.len());
}

#[test]
fn altered_bodies_are_errors() {
    let plain = body();
    let packed = taken_apart(&plain, Density::Deflated).unwrap();
    for at in 0..packed.len() {
        let mut altered = packed.clone();
        altered[at] ^= 0x11;
        assert_ne!(put_together(&altered, 2 * plain.len()).as_ref(), Ok(&plain), "{at}");
        assert!(put_together(&packed[..at], 2 * plain.len()).is_err(), "{at}");
    }
}

#[test]
fn altered_lanes_never_panic_and_never_make_too_much() {
    let plain = body();
    let mut lanes = fits(&plain);
    let all: Vec<Lane> = vec![
        Lane::Script,
        Lane::Plain,
        Lane::Head,
        Lane::Time,
        Lane::Recipe,
        Lane::Count,
        Lane::Owner,
        Lane::Object,
        Lane::Letter,
        Lane::Replaced,
        Lane::Key,
        Lane::Stamp,
        Lane::Length,
        Lane::Number,
        Lane::Person,
        Lane::Words,
        Lane::Raw,
        Lane::Document,
        Lane::Column,
    ];
    for lane in all {
        for at in 0..lanes.of(lane).len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let before = std::mem::replace(&mut lanes.of(lane)[at], value);
                let made = read(lanes.readers(), 2 * plain.len());
                assert!(made.is_err() || made.is_ok_and(|made| made.len() <= 2 * plain.len()));
                lanes.of(lane)[at] = before;
            }
        }
    }
}
