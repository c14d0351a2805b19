//! Nothing hostile or broken reaches the log: one line an attack, with the word it gets.
//!
//! Every attack goes through the real server; afterwards the record must be as it was and an
//! honest change must still be accepted.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ActorId, Automerge, Change, ExpandedChange, ObjType, ROOT, ScalarValue};
use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::limits::{ITEMS_MAX, LINE_CHARS_MAX, PROSE_CHARS_MAX};
use docket_protocol::record::path::Path;
use docket_protocol::record::write::find;
use docket_protocol::record::{self, RecordKind, write};
use docket_protocol::signoff::Purpose;
use docket_protocol::wire::Verdict;
use docket_server::random::random;
use sha2::{Digest, Sha256};

use crate::support::{Office, Phone, change_with};

/// The refusal code and path of the only verdict.
fn refusal(verdicts: &[Verdict]) -> (String, String) {
    match verdicts {
        [Verdict::Refused(code, path)] => (code.clone(), path.to_string()),
        other => panic!("not refused: {other:?}"),
    }
}

/// A job on Ada's phone that the server knows, with one step and one ticked item.
struct Scene<'o> {
    office: &'o Office,
    ada: Phone<'o>,
    job: RecordId,
    step: ItemId,
}

impl<'o> Scene<'o> {
    fn open(office: &'o Office) -> Self {
        let mut ada = Phone::of(office, "ada");
        let job = ada.open_job("Flow meter reads high");
        let step = add(&mut ada, job, "steps", &[("text", "Cleaned the sensor")]);
        add(&mut ada, job, "checklist", &[("text", "Power is off")]);
        ada.sync();
        Self { office, ada, job, step }
    }

    fn doc(&self) -> Automerge {
        self.ada.records[&self.job].1.clone()
    }

    /// Pushes chunks of the job and checks that nothing was written.
    fn refused(&self, name: &str, chunks: Vec<Vec<u8>>) -> (String, String) {
        let rows = self.office.log_rows();
        let verdicts = self.ada.push(self.job, chunks);
        assert_eq!(self.office.log_rows(), rows, "{name} reached the log");
        refusal(&verdicts)
    }

    fn hack(&self, name: &str, act: impl FnOnce(&mut Transaction<'_>)) -> (String, String) {
        let mut doc = self.doc();
        self.refused(name, vec![change_with(&mut doc, act)])
    }

    /// The job still takes an honest change, and still loads.
    fn is_sound(&mut self) {
        self.ada.set(self.job, "intake/caller", "Mr Haas");
        let response = self.ada.sync();
        assert!(matches!(response.verdicts[0].verdicts[..], [Verdict::Accepted(_)]));
        let path = format!("/v1/docs/{}/document.automerge", self.job);
        let saved = self.office.get(&path, Some(&self.ada.access_token)).body;
        let loaded = record::load(&saved, ActorId::from([0; 16])).unwrap();
        let mut heads = loaded.get_heads();
        let mut own = self.doc().get_heads();
        heads.sort_unstable();
        own.sort_unstable();
        assert_eq!(heads, own);
    }
}

fn add(phone: &mut Phone<'_>, job: RecordId, to: &str, fields: &[(&str, &str)]) -> ItemId {
    let id = ItemId::new(phone.clock_ms, random());
    let fields = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
    phone.edit(job, &Edit::AddEntry(NewEntry { collection: Path::new(to), id, fields }));
    id
}

fn object(tx: &Transaction<'_>, path: &str) -> automerge::ObjId {
    find(tx, &Path::new(path)).unwrap_or_else(|| panic!("{path} is there"))
}

/// Rebuilds the last change of a document with something in it altered, checksum and all.
fn forged(doc: &Automerge, alter: impl FnOnce(&mut ExpandedChange)) -> Vec<u8> {
    let mut expanded = doc.get_last_local_change().unwrap().decode();
    alter(&mut expanded);
    Change::from(expanded).raw_bytes().to_vec()
}

#[test]
fn fields_are_written_only_as_the_rules_say() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let step = scene.step;
    type Act = Box<dyn Fn(&mut Transaction<'_>)>;
    let put = |path: &'static str, key: &'static str, value: ScalarValue| -> Act {
        Box::new(move |tx: &mut Transaction<'_>| {
            let object = if path.is_empty() { ROOT } else { object(tx, path) };
            tx.put(object, key, value.clone()).unwrap();
        })
    };
    let text = |text: &str| ScalarValue::Str(text.into());
    let long_line = "x".repeat(LINE_CHARS_MAX + 1);
    let table: Vec<(&str, Act, &str, &str)> = vec![
        ("an unknown field", put("", "boss", text("ada")), "unknown-field", "boss"),
        (
            "an unknown field in a section",
            put("intake", "x", text("")),
            "unknown-field",
            "intake/x",
        ),
        (
            "somebody else's field",
            put("assignment", "lead", text("")),
            "not-allowed",
            "assignment/lead",
        ),
        (
            "archiving",
            put("archive", "archived_at", ScalarValue::Int(1)),
            "not-allowed",
            "archive/archived_at",
        ),
        (
            "a word that is no choice",
            put("intake", "level", text("awful")),
            "bad-value",
            "intake/level",
        ),
        ("a line too long", put("intake", "title", text(&long_line)), "bad-value", "intake/title"),
        (
            "a line break in a line",
            put("intake", "title", text("a\nb")),
            "bad-value",
            "intake/title",
        ),
        (
            "a number for a line",
            put("intake", "title", ScalarValue::Int(5)),
            "bad-value",
            "intake/title",
        ),
        (
            "a float",
            put("visit", "arrived_at", ScalarValue::F64(1.5)),
            "bad-value",
            "visit/arrived_at",
        ),
        (
            "an unsigned time",
            put("visit", "arrived_at", ScalarValue::Uint(1)),
            "bad-value",
            "visit/arrived_at",
        ),
        (
            "a time before time",
            put("visit", "arrived_at", ScalarValue::Int(-1)),
            "bad-value",
            "visit/arrived_at",
        ),
        (
            "a counter",
            put("visit", "arrived_at", ScalarValue::counter(1)),
            "bad-value",
            "visit/arrived_at",
        ),
        ("bytes", put("intake", "title", ScalarValue::Bytes(vec![1])), "bad-value", "intake/title"),
        ("another kind", put("", "kind", text("dossier")), "written-once", "kind"),
        ("another schema", put("", "schema", ScalarValue::Uint(2)), "written-once", "schema"),
        (
            "another opener",
            put("intake", "opened_by", text("")),
            "written-once",
            "intake/opened_by",
        ),
        (
            "a scalar over prose",
            put("intake", "symptom", text("gone")),
            "bad-value",
            "intake/symptom",
        ),
        ("a scalar over a section", put("", "steps", text("gone")), "unknown-field", "steps"),
        (
            "a scalar over an entry",
            Box::new(move |tx| {
                let steps = object(tx, "steps");
                tx.put(steps, step.to_string(), "gone").unwrap();
            }),
            "unknown-field",
            "steps/",
        ),
        (
            "a section made again",
            Box::new(|tx| {
                tx.put_object(ROOT, "steps", ObjType::Map).unwrap();
            }),
            "already-there",
            "steps",
        ),
        (
            "an entry made again",
            Box::new(move |tx| {
                let steps = object(tx, "steps");
                tx.put_object(steps, step.to_string(), ObjType::Map).unwrap();
            }),
            "already-there",
            "steps/",
        ),
        (
            "prose made again",
            Box::new(|tx| {
                let report = object(tx, "report");
                tx.put_object(report, "cause", ObjType::Text).unwrap();
            }),
            "already-there",
            "report/cause",
        ),
        (
            "a section nobody knows",
            Box::new(|tx| {
                tx.put_object(ROOT, "secret", ObjType::Map).unwrap();
            }),
            "unknown-field",
            "secret",
        ),
        (
            "an entry without an id",
            Box::new(|tx| {
                let steps = object(tx, "steps");
                tx.put_object(steps, "mine", ObjType::Map).unwrap();
            }),
            "unknown-field",
            "steps/mine",
        ),
        (
            "a list",
            Box::new(|tx| {
                tx.put_object(ROOT, "list", ObjType::List).unwrap();
            }),
            "foreign-operation",
            "list",
        ),
        (
            "a deleted entry",
            Box::new(move |tx| {
                let steps = object(tx, "steps");
                tx.delete(steps, step.to_string()).unwrap();
            }),
            "no-delete",
            "steps/",
        ),
        (
            "a deleted section",
            Box::new(|tx| tx.delete(ROOT, "report").unwrap()),
            "no-delete",
            "report",
        ),
        (
            "prose without end",
            Box::new(|tx| {
                let cause = object(tx, "report/cause");
                tx.splice_text(cause, 0, 0, &"长".repeat(PROSE_CHARS_MAX + 1)).unwrap();
            }),
            "bad-value",
            "report/cause",
        ),
    ];
    for (name, act, code, path) in table {
        let (got, at) = scene.hack(name, act);
        assert_eq!((got.as_str(), at.starts_with(path)), (code, true), "{name}: {got} at {at}");
    }
    scene.is_sound();
}

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
    for (name, chunk) in [
        ("an unknown object", unknown_object),
        ("an unknown predecessor", unknown_predecessor),
        ("a map written like a text", letter_of_a_map),
    ] {
        assert_eq!(scene.refused(name, vec![chunk]).0, "change-unsound", "{name}");
    }
    scene.is_sound();
}

#[test]
fn nobody_writes_in_another_ones_name() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let helper = Path::new(format!("assignment/helpers/{}", office.user("ben")));
    let edit = Edit::SetField { path: helper, value: true.into() };
    office.desk_edit("dora", scene.job, edit).unwrap();
    let lead = Edit::Assign { lead: office.user("ada") };
    office.desk_edit("dora", scene.job, lead).unwrap();
    let mut ben = Phone::of(&office, "ben");
    ben.sync();
    scene.ada.sync();

    // Ben's phone claims to be the actor of Ada's phone, whose row it knows.
    let (_, mut doc) = ben.records[&scene.job].clone();
    doc.set_actor(scene.doc().get_actor().clone());
    let stolen = change_with(&mut doc, |tx| {
        let intake = object(tx, "intake");
        tx.put(intake, "caller", "forged").unwrap();
    });
    let verdicts = ben.push(scene.job, vec![stolen.clone()]);
    assert_eq!(refusal(&verdicts).0, "foreign-actor");
    // Ada's second phone is not her first one either, but it may write again as itself.
    let second = Phone::of(&office, "ada");
    assert_eq!(second.push(scene.job, vec![stolen]), [Verdict::Fork]);
    scene.is_sound();
}

#[test]
fn one_bad_change_takes_down_only_what_stands_on_it() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let other = scene.ada.open_job("Valve leaks");
    scene.ada.set(scene.job, "intake/priority", "high");
    scene.ada.hack(scene.job, |tx| {
        let archive = object(tx, "archive");
        tx.put(archive, "archived_at", 5).unwrap();
    });
    scene.ada.set(scene.job, "intake/mode", "phone");
    let response = scene.ada.sync();
    let of = |record: RecordId| {
        let found = response.verdicts.iter().find(|verdicts| verdicts.record == record);
        found.unwrap().verdicts.clone()
    };
    let verdicts = of(scene.job);
    assert!(matches!(verdicts[0], Verdict::Accepted(_)), "{verdicts:?}");
    assert_eq!(refusal(&verdicts[1..2]), ("not-allowed".into(), "archive/archived_at".into()));
    assert_eq!(refusal(&verdicts[2..]).0, "depends-on-refused");
    assert!(matches!(of(other)[..], [Verdict::Accepted(_)]));
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
fn nobody_pushes_into_records_that_are_not_theirs() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let ben = Phone::of(&office, "ben");
    let mut doc = scene.doc();
    doc.set_actor(ActorId::from(random::<16>()));
    let chunk = change_with(&mut doc, |tx| {
        let intake = object(tx, "intake");
        tx.put(intake, "caller", "Ben").unwrap();
    });
    let rows = office.log_rows();
    let foreign = ben.push(scene.job, vec![chunk.clone()]);
    let unknown = ben.push(RecordId::new(1, random()), vec![chunk]);
    assert_eq!(foreign, unknown, "a foreign record looks like one that does not exist");
    assert_eq!(refusal(&foreign).0, "unknown-record");
    assert_eq!(office.log_rows(), rows);
    scene.is_sound();
}
