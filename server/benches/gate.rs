//! What each stage of the gate costs: `cargo bench --workspace --bench gate`.
//!
//! One push of twenty edits on a job of usual size, stage by stage as `sync` takes them, through
//! the same functions. Throughput counts changes. What readers do needs no lock; what the writer
//! does is what bounds a tenant.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use automerge::{ActorId, Automerge, Change};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use docket_protocol::edit::{self, Author, Edit, NewEntry};
use docket_protocol::ids::{DeviceId, ItemId, RecordId};
use docket_protocol::limits::INFLATED_BYTES_MAX;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_protocol::record::{self, RecordKind};
use docket_protocol::role::Role;
use docket_protocol::wire::{self, RecordPush, SyncEnvelope, SyncRequest};
use docket_server::app::App;
use docket_server::auth::scope::Scope;
use docket_server::clock::Clock;
use docket_server::ingest::ahead::{Ahead, judge_ahead};
use docket_server::ingest::stages::Sender;
use docket_server::ingest::{Budget, decode_push};
use docket_server::people::{self, NewPerson, PeopleError};
use docket_server::store::{StoreError, WriteTx};
use ed25519_dalek::{Signature, Signer, SigningKey};
use tempfile::TempDir;

const NOW: i64 = 1_795_392_000_000;
const EDITS: usize = 20;

/// An office with one engineer, and what her phone has to say about one job.
struct Office {
    app: App,
    scope: Scope,
    key: SigningKey,
    opening: Vec<u8>,
    edits: Vec<Vec<u8>>,
    records: u64,
    _folder: TempDir,
}

impl Office {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let app = App::open(folder.path(), Clock::default()).expect("the data folder opens");
        let ada = NewPerson {
            login: "ada".to_owned(),
            name: "Ada Novak".to_owned(),
            role: Role::Engineer,
            phone: String::new(),
            password: "correct horse battery".to_owned(),
        };
        let scope = app.store.write_blocking(move |tx| {
            let tenant = people::organisation(tx, "Northwind Instruments")?;
            let user = people::add(tx, tenant, &ada)?;
            let (role, name) = (ada.role, ada.name.clone());
            Ok::<_, PeopleError>(Scope { tenant, user, role, name, device: None, browser: None })
        });
        let scope = scope.expect("Ada gets her account");
        let (opening, edits) = job(&scope.author(NOW));
        let key = SigningKey::from_bytes(&[7; 32]);
        Self { app, scope, key, opening, edits, records: 0, _folder: folder }
    }

    /// The push of all edits, for a job that is in the office as it was opened.
    fn push(&mut self) -> RecordPush {
        self.records += 1;
        let mut end = [0; 10];
        end[2..].copy_from_slice(&self.records.to_be_bytes());
        let record = RecordId::new(NOW, end);
        let push = |changes: &[Vec<u8>]| {
            let changes = changes.iter().cloned().map(Into::into).collect();
            RecordPush { record, changes }
        };
        let opening = push(std::slice::from_ref(&self.opening));
        let judged = self.judge(&opening);
        self.write(judged, opening);
        push(&self.edits)
    }

    /// What a reader does.
    fn judge(&self, push: &RecordPush) -> Ahead {
        let (store, key) = (&self.app.store, self.key.verifying_key());
        let sender =
            Sender { scope: &self.scope, device: device(), device_key: &key, former_role: None };
        let judge = |sql: &_| judge_ahead(sql, store.documents(), &sender, push, Budget::default());
        store.read_blocking(judge).expect("a judgement")
    }

    /// What the writer does, until it is on disk; says how long the writing alone took.
    fn write(&self, judged: Ahead, push: RecordPush) -> Duration {
        let (scope, key, count) =
            (self.scope.clone(), self.key.verifying_key(), push.changes.len());
        let write = move |tx: &mut WriteTx<'_>| {
            let sender =
                Sender { scope: &scope, device: device(), device_key: &key, former_role: None };
            let begun = Instant::now();
            let verdicts = judged.write(tx, &sender, &push)?;
            Ok::<_, StoreError>((begun.elapsed(), verdicts))
        };
        let (took, verdicts) = self.app.store.write_blocking(write).expect("it is written");
        let accepted = |word: &wire::Verdict| matches!(word, wire::Verdict::Accepted(_));
        assert!(verdicts.len() == count && verdicts.iter().all(accepted), "{verdicts:?}");
        took
    }
}

fn device() -> DeviceId {
    DeviceId::new(1, [1; 10])
}

/// A job with thirty fields' worth of words and a checklist, and a shift's edits on it.
fn job(author: &Author) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut job = record::empty(ActorId::from([9; 16]));
    let mut change = |edit: &Edit| {
        edit::apply(&mut job, RecordKind::Job, edit, author).expect("allowed").expect("a change");
        job.get_last_local_change().expect("a change was made").raw_bytes().to_vec()
    };
    let texts = ["title", "customer", "site", "equipment", "caller", "phone", "symptom", "demand"];
    let words = |field: &str| FieldValue::from(format!("{field} as it was told").as_str());
    let intake = texts.map(|field| (Path::new("intake").child(field), words(field)));
    let prose = (Path::new("report/treatment"), "Cleaned the sensor. ".repeat(25).as_str().into());
    let fields: BTreeMap<_, _> = intake.into_iter().chain([prose]).collect();
    let item = |number| entry("checklist", number, "Check the seal of the second valve");
    let opening = change(&Edit::Create { fields, entries: (0..12).map(item).collect() });
    let edits = (0..EDITS as u8).map(|number| match number % 3 {
        0 => change(&Edit::tick(item_id(number / 3), true)),
        1 => change(&Edit::AddEntry(entry(
            "steps",
            100 + number,
            "Opened the housing, replaced the gasket, closed it and watched it for ten minutes.",
        ))),
        _ => {
            let (path, value) = (Path::new("intake/caller"), format!("Caller {number}"));
            change(&Edit::SetField { path, value: value.as_str().into() })
        }
    });
    (opening, edits.collect())
}

fn item_id(number: u8) -> ItemId {
    ItemId::new(NOW, [number; 10])
}

fn entry(collection: &str, number: u8, text: &str) -> NewEntry {
    let fields = BTreeMap::from([("text".to_owned(), text.into())]);
    NewEntry { collection: Path::new(collection), id: item_id(number), fields }
}

fn stages(criterion: &mut Criterion) {
    let mut office = Office::open();
    let push = office.push();
    let mut group = criterion.benchmark_group("gate");
    group.throughput(Throughput::Elements(EDITS as u64));
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));

    let request = SyncRequest {
        version: wire::VERSION,
        device: device(),
        sent_at: NOW,
        pushes: vec![push.clone()],
        ..SyncRequest::default()
    };
    let body = wire::to_cbor(&request);
    let signed = wire::signed_bytes(&body);
    let signature: Signature = office.key.sign(&signed);
    let packed = wire::pack(&SyncEnvelope { body: body.into(), signature: signature.to_bytes() });
    group.bench_function("1 unpack", |bench| {
        bench.iter(|| {
            let envelope: SyncEnvelope = wire::unpack(&packed, INFLATED_BYTES_MAX).expect("packed");
            wire::from_cbor::<SyncRequest>(&envelope.body).expect("a request")
        });
    });
    let key = office.key.verifying_key();
    group.bench_function("2 check the signature", |bench| {
        bench.iter(|| key.verify_strict(black_box(&signed), &signature).expect("it holds"));
    });
    group.bench_function("3 decode", |bench| bench.iter(|| decode_push(&push)));
    let opened = Automerge::load(&opened(&office)).expect("a document");
    group.bench_function("4 merge, save and load", |bench| {
        bench.iter_batched(|| changes(&push), |all| trial(&opened, all), BatchSize::SmallInput);
    });
    group.bench_function("3 to 4 judge: all a reader does", |bench| {
        bench.iter(|| office.judge(&push));
    });
    group.bench_function("5 write: log, record, read model", |bench| {
        bench.iter_custom(|times| (0..times).map(|_| written(&mut office).0).sum());
    });
    group.bench_function("5 to 6 write and commit to disk", |bench| {
        bench.iter_custom(|times| (0..times).map(|_| written(&mut office).1).sum());
    });
    group.finish();
}

/// How long a judged push takes the writer, without and with the commit.
fn written(office: &mut Office) -> (Duration, Duration) {
    let push = office.push();
    let judged = office.judge(&push);
    let begun = Instant::now();
    let writing = office.write(judged, push);
    (writing, begun.elapsed())
}

/// The job as it was opened.
fn opened(office: &Office) -> Vec<u8> {
    let mut job = record::empty(ActorId::from([0; 16]));
    let opening = Change::from_bytes(office.opening.clone()).expect("a change");
    job.apply_changes([opening]).expect("it merges");
    job.save()
}

fn changes(push: &RecordPush) -> Vec<Change> {
    push.changes.iter().map(|change| Change::from_bytes(change.to_vec()).expect("sound")).collect()
}

/// What the trial does, which takes only what has passed the checks before it.
fn trial(document: &Automerge, changes: Vec<Change>) -> Automerge {
    let mut merged = document.clone();
    merged.apply_changes(changes).expect("it merges");
    record::load(&merged.save_nocompress(), ActorId::from([0; 16])).expect("it loads")
}

criterion_group!(gate, stages);
criterion_main!(gate);
