//! What a phone says it has in common with the office is what it has: the heads it keeps up to
//! date step by step are those of its confirmed changes, whatever was edited, pulled and judged.
//!
//! The office is the test: it gives every verdict there is, loses answers, changes its mind about
//! held work and who sees what, and is put back to an older state.

mod office;

use std::collections::{BTreeMap, BTreeSet};

use docket_client_core::{Medium, Request, RequestKind};
use docket_protocol::automerge::ActorId;
use docket_protocol::change::read_head;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::record;
use docket_protocol::wire::{self, CONTENT_TYPE, SyncEnvelope};
use docket_tests::Random;
use docket_tests::disk::Disk;
use docket_tests::pocket::Pocket;
use office::Office;
use serde_json::{Value as Json, json};

const FIELDS: [&str; 3] = ["report/cause", "intake/caller", "report/treatment"];

/// A phone, its disk and its office.
struct Life {
    disk: Disk,
    phone: Option<Pocket>,
    office: Office,
    random: Random,
}

impl Life {
    fn new(seed: u64) -> Self {
        println!("seed {seed}");
        let disk = Disk::new(seed);
        let mut phone = Pocket::open(&disk, Medium::File, seed).expect("a phone");
        phone.sign_in().expect("signed in");
        Self { disk, phone: Some(phone), office: Office::new(seed), random: Random::new(!seed) }
    }

    fn phone(&mut self) -> &mut Pocket {
        self.phone.as_mut().expect("the app is open")
    }

    fn step(&mut self) {
        match self.random.below(16) {
            0..5 => self.phone_writes(),
            5..8 => self.office.writes(),
            8 => drop(self.phone().open_job("A noise")),
            9 => self.office.changes_who_sees(),
            10 => self.office.decides(),
            11 if self.random.below(4) == 0 => self.office.is_put_back(),
            11 => self.office.is_backed_up(),
            12 => self.dies_waiting(),
            _ => self.syncs(),
        }
    }

    fn phone_writes(&mut self) {
        let jobs = self.phone().ok(&json!({"do": "jobs"}));
        let here = |job: &&Json| job["has_left"] != true;
        let jobs: Vec<String> = jobs
            .as_array()
            .into_iter()
            .flatten()
            .filter(here)
            .map(|job| job["record"].as_str().expect("an id").to_owned())
            .collect();
        let Some(record) = self.random.pick(&jobs).cloned() else { return };
        let path = self.random.pick(&FIELDS).expect("fields");
        let value = format!("phone {}", self.random.below(1_000));
        self.phone().set(&record, path, &value);
    }

    /// Records that wait for a last verdict before they go.
    fn leaving(&mut self) -> BTreeSet<Vec<u8>> {
        let jobs = self.phone().ok(&json!({"do": "jobs"}));
        let leaving = jobs.as_array().into_iter().flatten().filter(|job| job["has_left"] == true);
        let id = |job: &Json| job["record"].as_str().and_then(|id| id.parse::<RecordId>().ok());
        leaving.filter_map(id).map(|id| id.as_bytes().to_vec()).collect()
    }

    /// Talks until neither side has anything to say.
    fn syncs(&mut self) {
        self.phone().ok(&json!({"do": "sync_now"}));
        for _ in 0..50 {
            let Some(request) = self.phone().next_request() else { return };
            let answer = self.carried(&request);
            self.phone().respond(&request, CONTENT_TYPE, &answer).expect("a good answer");
        }
        panic!("they never stop talking");
    }

    /// The office has answered, and the phone never hears of it.
    fn dies_waiting(&mut self) {
        self.phone().ok(&json!({"do": "sync_now"}));
        let told = self.office.told.clone();
        if let Some(request) = self.phone().next_request() {
            drop(self.carried(&request));
        }
        self.phone = None;
        self.office.told = told;
        let phone = Pocket::open(&self.disk, Medium::File, self.random.bits());
        self.phone = Some(phone.expect("the app opens again"));
    }

    fn carried(&mut self, request: &Request) -> Vec<u8> {
        let envelope: SyncEnvelope = wire::unpack(&request.body, 1 << 24).expect("an envelope");
        match request.kind {
            RequestKind::Sync => {
                let asked = wire::from_cbor(&envelope.body).expect("a sync");
                wire::pack(&self.office.answers(&asked))
            }
            RequestKind::Reconcile => {
                let asked = wire::from_cbor(&envelope.body).expect("a comparison");
                wire::pack(&self.office.compares(&asked))
            }
            other => panic!("nobody asked for {other:?}"),
        }
    }

    /// Each record's heads as the phone keeps them, and as they follow from what is confirmed.
    fn heads(&self) -> BTreeMap<Vec<u8>, [BTreeSet<ChangeHash>; 2]> {
        let disk = Disk::with(self.disk.semantics(), 1, self.disk.snapshot());
        let sql = Pocket::database(&disk);
        let mut records = sql.prepare("select record, heads, base from records").expect("SQL");
        let rows = records.query_map([], |row| {
            let (record, heads): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let base: Option<Vec<u8>> = row.get(2)?;
            Ok((record, heads, base))
        });
        let rows = rows.expect("rows").map(|row| row.expect("a row"));
        rows.map(|(record, kept, base)| {
            let kept = kept.chunks_exact(32).map(|head| ChangeHash::from_bytes(head).expect("32"));
            let recomputed = recomputed(&sql, &record, base.as_deref());
            (record, [kept.collect(), recomputed])
        })
        .collect()
    }
}

/// Of all confirmed changes, those that no other one stands on.
fn recomputed(
    sql: &rusqlite::Connection,
    record: &[u8],
    base: Option<&[u8]>,
) -> BTreeSet<ChangeHash> {
    let confirmed = "select bytes from changes where record = ? and state = 'confirmed'";
    let mut statement = sql.prepare(confirmed).expect("SQL");
    let rows = statement.query_map([record], |row| row.get::<_, Vec<u8>>(0)).expect("rows");
    let heads = rows.map(|bytes| read_head(&bytes.expect("a row")).expect("a change"));
    let mut changes: Vec<(ChangeHash, Vec<ChangeHash>)> =
        heads.map(|head| (head.hash, head.deps)).collect();
    if let Some(base) = base {
        let doc = record::load(base, ActorId::from([0; 16])).expect("a base");
        changes.extend(
            doc.get_changes_meta(&[]).into_iter().map(|change| {
                (change.hash.into(), change.deps.into_iter().map(Into::into).collect())
            }),
        );
    }
    let parents: BTreeSet<ChangeHash> = changes.iter().flat_map(|(_, deps)| deps.clone()).collect();
    changes.into_iter().map(|(hash, _)| hash).filter(|hash| !parents.contains(hash)).collect()
}

#[test]
fn the_heads_a_phone_keeps_are_those_of_its_confirmed_changes() {
    let (mut compared, mut most_heads) = (0, 0);
    for seed in 0..25 {
        let mut life = Life::new(seed);
        for step in 0..60 {
            life.step();
            for (record, [kept, recomputed]) in life.heads() {
                assert_eq!(kept, recomputed, "seed {seed}, step {step}, record {record:02x?}");
                most_heads = most_heads.max(kept.len());
                compared += 1;
            }
        }
    }
    assert!(compared > 3_000 && most_heads > 1, "{compared} compared, {most_heads} heads at most");
}

#[test]
fn when_all_is_said_both_sides_have_the_same_confirmed_heads() {
    for seed in 100..120 {
        let mut life = Life::new(seed);
        for _ in 0..60 {
            life.step();
        }
        // A restore is found out by the first exchange and mended by the second.
        (0..3).for_each(|_| life.syncs());
        let leaving = life.leaving();
        let kept: BTreeMap<Vec<u8>, BTreeSet<ChangeHash>> = life
            .heads()
            .into_iter()
            .map(|(record, [kept, _])| (record, kept))
            .filter(|(record, kept)| !kept.is_empty() && !leaving.contains(record))
            .collect();
        let visible = life.office.jobs.iter().filter(|(_, job)| job.is_visible);
        let office: BTreeMap<Vec<u8>, BTreeSet<ChangeHash>> = visible
            .map(|(record, job)| (record.as_bytes().to_vec(), job.heads().into_iter().collect()))
            .filter(|(_, heads): &(_, BTreeSet<_>)| !heads.is_empty())
            .collect();
        assert!(kept.len() > 1, "seed {seed}: {kept:?}");
        assert_eq!(kept, office, "seed {seed}");
    }
}
