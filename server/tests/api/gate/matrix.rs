//! Every field of every kind of record, written by every role: the gate says what the table says.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ActorId, Automerge, ROOT, ReadDoc, ScalarValue};
use docket_protocol::edit::Edit;
use docket_protocol::ids::{DeviceId, ItemId, RecordId};
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{FieldRule, MergeKind, ValueRule, rules_of};
use docket_protocol::record::write::{create_entry, find};
use docket_protocol::record::{RecordKind, read};
use docket_protocol::role::Role;
use docket_protocol::signoff::hex_digest;
use docket_protocol::wire::{RecordPush, Verdict};
use docket_server::auth::scope::Scope;
use docket_server::desk::{self, DeskError};
use docket_server::ingest::stages::Sender;
use docket_server::ingest::{decode_push, push};
use docket_server::random::random;
use docket_server::store::documents;
use ed25519_dalek::SigningKey;

use crate::support::{Office, change_with};

/// Their content must be true as well, which tests of their own try out.
const APART: [&str; 2] = ["signoffs/", "amendments/"];

/// FAULTS row 50: all fields times all roles, each accepted or refused as the table has it.
#[test]
fn every_role_writes_just_the_fields_it_may() {
    let office = Office::open();
    let mut tried = 0;
    for kind in [RecordKind::Job, RecordKind::Dossier, RecordKind::Catalog] {
        let rules = rules_of(kind).iter();
        for rule in rules.filter(|rule| !APART.iter().any(|apart| rule.path.starts_with(apart))) {
            let mut record = open(&office, kind);
            for (number, role) in Role::ALL.into_iter().enumerate() {
                // What is written once needs a record in which it is not written yet.
                if rule.merge == MergeKind::Entry {
                    record = open(&office, kind);
                }
                let got = written(&office, kind, record, rule, role, number);
                let place = format!("{} as {role:?}", rule.path);
                match (rule.writable_by(role), born_with(rule), got) {
                    (true, false, Verdict::Accepted(_)) => {}
                    (true, true, Verdict::Refused(code, _)) => {
                        assert_eq!(code, "written-once", "{place}");
                    }
                    (false, _, Verdict::Refused(code, _)) => {
                        assert_eq!(code, "not-allowed", "{place}");
                    }
                    (_, _, other) => panic!("{place}: {other:?}"),
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 450, "{tried} combinations");
}

/// Whether a record has this field from its first change and for ever.
fn born_with(rule: &FieldRule) -> bool {
    matches!(rule.path, "schema" | "kind" | "intake/opened_at" | "intake/opened_by")
}

fn open(office: &Office, kind: RecordKind) -> RecordId {
    if kind == RecordKind::Job {
        return office.job_for("ada", "Flow meter reads high");
    }
    let dora = office.scope("dora");
    let edit = Edit::Create { fields: Default::default(), entries: Vec::new() };
    let opened = office.app.store.write_blocking(move |tx| desk::create(tx, &dora, kind, &edit));
    opened.map_err(|error: DeskError| error.to_string()).expect("the record is opened")
}

/// Ada in another role writes one field through the gate.
fn written(
    office: &Office,
    kind: RecordKind,
    record: RecordId,
    rule: &FieldRule,
    role: Role,
    number: usize,
) -> Verdict {
    let tenant = office.tenant;
    let stored = office.app.store.read_blocking(|sql| documents::load(sql, tenant, record));
    let mut doc = stored.expect("a store").expect("the record").automerge;
    doc.set_actor(ActorId::from(random::<16>()));
    let before = doc.clone();
    let chunk = change_with(&mut doc, |tx| write(tx, &before, kind, rule, number));
    let scope = Scope { role, ..office.scope("ada") };
    let verdicts = office.app.store.write_blocking(move |tx| {
        let key = SigningKey::from_bytes(&random()).verifying_key();
        let sender = Sender {
            scope: &scope,
            device: DeviceId::new(1, random()),
            device_key: &key,
            former_role: None,
        };
        push(tx, &sender, decode_push(&RecordPush { record, changes: vec![chunk.into()] }))
    });
    verdicts.expect("a store").remove(0)
}

fn write(
    tx: &mut Transaction<'_>,
    before: &Automerge,
    kind: RecordKind,
    rule: &FieldRule,
    number: usize,
) {
    let entry = ItemId::new(number as i64, random());
    let path = Path::new(rule.path.replacen('*', &entry.to_string(), 1));
    let (above, key) = path.split_last().expect("a field");
    // A helper is a field under a person's id; everywhere else a star is an entry of its own.
    if rule.path.contains("/*/") {
        create_entry(tx, kind, &above).expect("a new entry");
    }
    let object = if above == Path::default() { ROOT } else { find(tx, &above).expect("a map") };
    if rule.value == ValueRule::Prose {
        let prose = find(tx, &path).expect("prose");
        tx.splice_text(&prose, 0, 0, "新").expect("a splice");
        return;
    }
    let held = before.get(&object, key).ok().flatten();
    let held = held.and_then(|(value, _)| value.into_scalar().ok());
    tx.put(&object, key, value(rule, number, held)).expect("a put");
}

/// A value that fits and is not there yet.
fn value(rule: &FieldRule, number: usize, held: Option<ScalarValue>) -> ScalarValue {
    match rule.value {
        ValueRule::Count { .. } if rule.path == "schema" => {
            ScalarValue::Uint(1 + number as u64 + 1)
        }
        ValueRule::Count { .. } | ValueRule::Time => ScalarValue::Int(number as i64 + 1),
        ValueRule::Bool => ScalarValue::Boolean(held != Some(ScalarValue::Boolean(true))),
        ValueRule::Choice { words } => {
            let held = held.and_then(|held| held.as_str().map(str::to_owned));
            let other = words.iter().find(|word| Some(**word) != held.as_deref());
            ScalarValue::Str((*other.expect("two words")).into())
        }
        ValueRule::Person | ValueRule::Record => {
            ScalarValue::Str(ItemId::new(number as i64, random()).to_string().into())
        }
        ValueRule::TimeOfDay => {
            ScalarValue::Str(format!("{:02}:{:02}", number / 60 % 24, number % 60).into())
        }
        ValueRule::Date => ScalarValue::Str(format!("{:04}-10-01", 2000 + number % 1000).into()),
        ValueRule::Zone => ScalarValue::Str(format!("Zone/{number}").into()),
        ValueRule::Digest => ScalarValue::Str(hex_digest(&[number as u8]).into()),
        ValueRule::Bytes { .. } => ScalarValue::Bytes(vec![1]),
        ValueRule::Line | ValueRule::Phone | ValueRule::Prose => {
            ScalarValue::Str(format!("value {number}").into())
        }
    }
}

/// FAULTS row 46: what a document says about its author is content; who wrote is the
/// envelope's to say.
#[test]
fn an_author_forged_inside_the_document_fools_nobody() {
    let office = Office::open();
    let mut scene = super::Scene::open(&office);
    let ben = office.user("ben").to_string();
    let step = ItemId::new(5, random());
    scene.ada.hack(scene.job, |tx| {
        let path = Path::new("steps").child(step);
        create_entry(tx, RecordKind::Job, &path).expect("a new entry");
        let entry = find(tx, &path).expect("the entry");
        tx.put(&entry, "by", ben.as_str()).expect("a put");
    });
    let verdicts = scene.ada.sync().verdicts.remove(0).verdicts;
    assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{verdicts:?}");
    let answer = office.get(&format!("/v1/jobs/{}", scene.job), Some(&scene.ada.access_token));
    let timeline = answer.json()["timeline"].as_array().expect("a timeline").clone();
    let touched = format!("steps/{step}");
    let entry = timeline
        .iter()
        .find(|entry| entry["paths"].to_string().contains(&touched))
        .expect("the step is in the timeline");
    assert_eq!(entry["author"], "Ada Novak");
    let (_, doc) = &scene.ada.records[&scene.job];
    assert_eq!(read::kind_of(doc), Some(RecordKind::Job));
    let ben_is = office.user("ben").0;
    let by_ben = office.app.store.read_blocking(|sql| {
        sql.query_row(
            "select count(*) from log where user = ?1 and hash is not null",
            [ben_is],
            |row| row.get::<_, i64>(0),
        )
        .map_err(docket_server::store::StoreError::from)
    });
    assert_eq!(by_ben.expect("a count"), 0, "the log names Ada");
}
