//! The shape of a record: how it begins, how long its lists get, what a signature freezes.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ActorId, ObjType, ROOT, ScalarValue};
use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::limits::ITEMS_MAX;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{ValueRule, containers_of, is_later, rules_of};
use docket_protocol::record::{self, RecordKind, SCHEMA, write};
use docket_protocol::signoff::Purpose;
use docket_protocol::wire::Verdict;
use docket_server::random::random;

use super::{Scene, object, refusal};
use crate::support::{Office, Phone, change_with};

#[test]
fn an_entry_keeps_what_it_was_born_with() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let step = scene.step;
    let (code, at) = scene.hack("another author of a step", |tx| {
        let entry = object(tx, &format!("steps/{step}"));
        tx.put(entry, "by", "somebody").unwrap();
    });
    assert_eq!((code.as_str(), at), ("written-once", format!("steps/{step}/by")));
    scene.is_sound();
}

#[test]
fn a_record_begins_whole_or_not_at_all() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let record = || RecordId::new(ada.clock_ms, random());
    let begin = |act: &dyn Fn(&mut Transaction<'_>)| {
        let mut doc = record::empty(ActorId::from(random::<16>()));
        change_with(&mut doc, act)
    };
    let said = |chunk: Vec<u8>| refusal(&ada.push(record(), vec![chunk])).0;
    assert_eq!(
        said(begin(&|tx| tx.put(ROOT, "schema", ScalarValue::Uint(1)).unwrap())),
        "not-a-beginning"
    );
    assert_eq!(
        said(begin(&|tx| {
            tx.put(ROOT, "schema", ScalarValue::Uint(1)).unwrap();
            tx.put(ROOT, "kind", "job").unwrap();
            tx.put_object(ROOT, "steps", ObjType::Map).unwrap();
        })),
        "not-a-beginning"
    );
    assert_eq!(said(begin(&|tx| tx.put(ROOT, "kind", "galaxy").unwrap())), "not-a-beginning");
    for kind in [RecordKind::Dossier, RecordKind::Catalog] {
        assert_eq!(said(begin(&|tx| write::create(tx, kind).unwrap())), "not-allowed", "{kind:?}");
    }
    let whole = begin(&|tx| write::create(tx, RecordKind::Job).unwrap());
    let verdicts = ada.push(record(), vec![whole]);
    assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{verdicts:?}");
}

/// As a phone of the first version opens a job: without what came later.
fn begin_as_first_version(tx: &mut Transaction<'_>) {
    tx.put(ROOT, "schema", ScalarValue::Uint(SCHEMA)).unwrap();
    tx.put(ROOT, "kind", "job").unwrap();
    let maps = containers_of(RecordKind::Job).into_iter();
    let prose = rules_of(RecordKind::Job).iter().filter(|rule| rule.value == ValueRule::Prose);
    let prose = prose.map(|rule| rule.path).filter(|path| !path.contains('*'));
    let all = maps.map(|map| (map, ObjType::Map)).chain(prose.map(|text| (text, ObjType::Text)));
    for (path, kind) in all.filter(|(path, _)| !is_later(&Path::new(*path))) {
        let (above, key) = Path::new(path).split_last().map(|(a, k)| (a, k.to_owned())).unwrap();
        let above = write::find(tx, &above).unwrap();
        tx.put_object(above, key, kind).unwrap();
    }
}

/// Two phones that have a job of the first version.
fn two_phones(office: &Office) -> ([Phone<'_>; 2], RecordId) {
    let mut phones = [Phone::of(office, "ada"), Phone::of(office, "ada")];
    let record = RecordId::new(phones[0].clock_ms, random());
    let mut doc = record::empty(ActorId::from(random::<16>()));
    let verdicts = phones[0].push(record, vec![change_with(&mut doc, begin_as_first_version)]);
    assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{verdicts:?}");
    phones.iter_mut().for_each(|phone| drop(phone.sync()));
    (phones, record)
}

fn all_accepted(phone: &mut Phone) {
    let verdicts = &phone.sync().verdicts[0].verdicts;
    let accepted = |verdict: &Verdict| matches!(verdict, Verdict::Accepted(_));
    assert!(!verdicts.is_empty() && verdicts.iter().all(accepted), "{verdicts:?}");
}

#[test]
fn fields_and_prose_that_came_later_are_taken_from_two_phones_at_once() {
    let office = Office::open();
    let (mut phones, record) = two_phones(&office);
    for (phone, word) in phones.iter_mut().zip(["train", "plane"]) {
        phone.set(record, "preparation/transport", word);
        phone.set(record, "report/analysis", word);
    }
    phones.iter_mut().for_each(all_accepted);
    // Whoever has seen both chooses, and rewrites the words of both.
    phones[0].sync();
    phones[0].set(record, "preparation/transport", "car");
    phones[0].set(record, "report/analysis", "neither");
    all_accepted(&mut phones[0]);
    phones[1].sync();
    let content = phones[1].content(record);
    assert_eq!(content["preparation"]["transport"], "car");
    assert_eq!(content["report"]["analysis"], "neither");
}

#[test]
fn first_promises_made_on_two_phones_at_once_are_both_taken() {
    let office = Office::open();
    let (mut phones, record) = two_phones(&office);
    for phone in &mut phones {
        let id = ItemId::new(1, random());
        let fields = [("text".to_owned(), "A call back".into())].into();
        let collection = Path::new("promises");
        phone.edit(record, &Edit::AddEntry(NewEntry { collection, id, fields }));
        phone.set(record, &format!("promises/{id}/due_at"), 1_i64);
    }
    phones.iter_mut().for_each(all_accepted);
    phones[0].sync();
    let promises = &phones[0].content(record)["promises"];
    assert_eq!(promises.as_object().map(serde_json::Map::len), Some(2), "{promises}");
}

#[test]
fn lists_end_somewhere() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let fill = |count: usize| {
        move |tx: &mut Transaction<'_>| {
            for number in 0..count {
                let helpers = object(tx, "parts");
                let id = ItemId::new(number as i64, random());
                let entry = tx.put_object(helpers, id.to_string(), ObjType::Map).unwrap();
                tx.put(entry, "at", 1_i64).unwrap();
            }
        }
    };
    let (code, at) = scene.hack("too many parts", fill(ITEMS_MAX + 1));
    assert_eq!((code.as_str(), at.as_str()), ("too-many", "parts"));
    scene.is_sound();
}

#[test]
fn what_the_customer_signed_is_not_changed_afterwards() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    // Written before the author could see the signature, and arriving after it: kept.
    let mut late = scene.doc();
    late.set_actor(ActorId::from(random::<16>()));
    let beside = change_with(&mut late, |tx| {
        let visit = object(tx, "visit");
        tx.put(visit, "met", "the caretaker").unwrap();
    });
    scene.ada.sign_off(scene.job, Purpose::Report);
    let verdicts = scene.ada.sync().verdicts.remove(0).verdicts;
    assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{verdicts:?}");
    assert!(matches!(scene.ada.push(scene.job, vec![beside])[..], [Verdict::Accepted(_)]));

    let (code, at) = scene.hack("a signed field", |tx| {
        let visit = object(tx, "visit");
        tx.put(visit, "met", "somebody else").unwrap();
    });
    assert_eq!((code.as_str(), at.as_str()), ("locked-by-signoff", "visit/met"));
    let (code, _) = scene.hack("one more step", |tx| {
        let steps = object(tx, "steps");
        let id = ItemId::new(1, random());
        tx.put_object(steps, id.to_string(), ObjType::Map).unwrap();
    });
    assert_eq!(code, "locked-by-signoff");
}

#[test]
fn a_later_map_is_made_once_and_by_those_who_may_write_in_it() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let (code, at) = scene.hack("a second packing list", |tx| {
        tx.put_object(ROOT, "packing", ObjType::Map).unwrap();
    });
    assert_eq!((code.as_str(), at.as_str()), ("already-there", "packing"));
    scene.is_sound();

    let (phones, record) = two_phones(&office);
    let eve = Phone::of(&office, "eve");
    let mut doc = phones[0].records[&record].1.clone();
    doc.set_actor(ActorId::from(random::<16>()));
    let chunk = change_with(&mut doc, |tx| {
        tx.put_object(ROOT, "packing", ObjType::Map).unwrap();
    });
    let (code, at) = refusal(&eve.push(record, vec![chunk]));
    assert_eq!((code.as_str(), at.as_str()), ("not-allowed", "packing"));
}
