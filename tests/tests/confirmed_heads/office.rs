//! An office that says everything an office can honestly say: every verdict, news and whole
//! records, decisions on held work, and after it was put back what it has lost.

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::automerge::{ActorId, Automerge, Change};
use docket_protocol::change::{ChangeHead, read_head};
use docket_protocol::digest;
use docket_protocol::edit::{self, Author, Edit};
use docket_protocol::ids::{ChangeHash, RecordId, Seq, TenantId, UserId};
use docket_protocol::record::path::Path;
use docket_protocol::record::{self, RecordKind};
use docket_protocol::role::Role;
use docket_protocol::wire::{
    ActorAuthor, Cursor, HandBack, Item, ReconcileRequest, ReconcileResponse, RecordChanges,
    RecordPush, RecordSnapshot, RecordVerdicts, SyncRequest, SyncResponse, Verdict,
};
use docket_tests::Random;
use docket_tests::pocket::NOW;

use crate::FIELDS;

/// A record as the office has it.
#[derive(Clone)]
pub(crate) struct Job {
    doc: Automerge,
    pub(crate) is_visible: bool,
    held: BTreeMap<ChangeHash, Vec<u8>>,
}

impl Job {
    fn new(run: u8) -> Self {
        let doc = record::empty(Self::desk(run));
        Self { doc, is_visible: true, held: BTreeMap::new() }
    }

    /// The office's actor; none outlives its run of the server.
    fn desk(run: u8) -> ActorId {
        ActorId::from([&[0xee; 15], [run].as_slice()].concat())
    }

    pub(crate) fn heads(&self) -> Vec<ChangeHash> {
        self.doc.get_heads().into_iter().map(Into::into).collect()
    }

    fn knows(&self, hash: ChangeHash) -> bool {
        self.doc.get_change_meta_by_hash(&hash.into()).is_some()
    }

    fn apply(&mut self, bytes: &[u8]) {
        let change = Change::from_bytes(bytes.to_vec()).expect("a change");
        self.doc.apply_changes([change]).expect("its parents are known");
    }

    fn edit(&mut self, edit: &Edit) {
        let author = Author { user: UserId::new(2, [9; 10]), role: Role::Manager, now: NOW };
        edit::apply(&mut self.doc, RecordKind::Job, edit, &author).expect("allowed");
    }

    fn authors(&self) -> Vec<ActorAuthor> {
        let changes = self.doc.get_changes_meta(&[]);
        let actors: BTreeSet<Vec<u8>> =
            changes.iter().map(|change| change.actor.to_bytes().to_vec()).collect();
        let author = |actor: Vec<u8>| {
            let user = UserId::new(2, [if actor.starts_with(&[0xee; 15]) { 9 } else { 2 }; 10]);
            ActorAuthor { actor: actor.into(), user, device: None }
        };
        actors.into_iter().map(author).collect()
    }

    fn enters(&self, record: RecordId) -> Item {
        Item::Enter(RecordSnapshot {
            record,
            kind: RecordKind::Job,
            document: self.doc.save_nocompress().into(),
            authors: self.authors(),
            attest: None,
        })
    }
}

/// What the phone has been told, or is to be told with the next answer.
#[derive(Clone, Default)]
pub(crate) struct Told {
    /// Of which records, and up to where.
    heads: BTreeMap<RecordId, Vec<ChangeHash>>,
    decided: Vec<Item>,
    is_rewound: bool,
}

pub(crate) struct Office {
    pub(crate) jobs: BTreeMap<RecordId, Job>,
    backup: BTreeMap<RecordId, Job>,
    pub(crate) told: Told,
    seq: u64,
    run: u8,
    random: Random,
    tenant: TenantId,
}

impl Office {
    pub(crate) fn new(seed: u64) -> Self {
        let mut office = Self {
            jobs: BTreeMap::new(),
            backup: BTreeMap::new(),
            told: Told::default(),
            seq: 0,
            run: 0,
            random: Random::new(seed),
            tenant: TenantId::new(3, [3; 10]),
        };
        for number in 1..=3 {
            let fields = [(Path::new("intake/title"), "Pump is loud".into())].into();
            let mut job = Job::new(0);
            job.edit(&Edit::Create { fields, entries: Vec::new() });
            office.jobs.insert(RecordId::new(NOW, [number; 10]), job);
        }
        office.backup = office.jobs.clone();
        office
    }

    /// What can be brought back later is what there is now.
    pub(crate) fn is_backed_up(&mut self) {
        self.backup = self.jobs.clone();
    }

    fn some_job(&mut self) -> (RecordId, &mut Job) {
        let place = self.random.below(self.jobs.len() as u64) as usize;
        let (record, job) = self.jobs.iter_mut().nth(place).expect("a job");
        (*record, job)
    }

    pub(crate) fn writes(&mut self) {
        let path = Path::new(*self.random.pick(&FIELDS).expect("fields"));
        let value = format!("office {}", self.random.below(1_000)).into();
        let job = self.some_job().1;
        // Of some jobs only held work has arrived.
        if !job.heads().is_empty() {
            job.edit(&Edit::SetField { path, value });
        }
    }

    pub(crate) fn changes_who_sees(&mut self) {
        let job = self.some_job().1;
        job.is_visible = !job.is_visible;
    }

    /// Lets held work in, or sets it aside.
    pub(crate) fn decides(&mut self) {
        let accepted = self.random.below(2) == 0;
        let (record, job) = self.some_job();
        let Some((hash, bytes)) = job.held.clone().into_iter().next() else { return };
        let head = read_head(&bytes).expect("a change");
        let can_enter = head.deps.iter().all(|dep| job.knows(*dep));
        if accepted && can_enter {
            job.apply(&bytes);
        } else if accepted {
            return;
        }
        job.held.remove(&hash);
        self.told.decided.push(Item::Decided { record, hash, accepted, note: String::new() });
    }

    /// The server is put back; the phone's cursor means nothing to it any more, and what the
    /// phone has been told counts from there.
    pub(crate) fn is_put_back(&mut self) {
        self.jobs = self.backup.clone();
        self.run += 1;
        for job in self.jobs.values_mut() {
            job.doc.set_actor(Job::desk(self.run));
        }
        let visible = self.jobs.iter().filter(|(_, job)| job.is_visible);
        let heads = visible.map(|(record, job)| (*record, job.heads())).collect();
        self.told = Told { heads, decided: Vec::new(), is_rewound: true };
    }

    pub(crate) fn answers(&mut self, asked: &SyncRequest) -> SyncResponse {
        let rewound = std::mem::take(&mut self.told.is_rewound) && asked.cursor.is_some();
        if asked.cursor.is_none() {
            self.told.heads.clear();
        }
        let mut own = BTreeSet::new();
        let handed_back = asked.hand_backs.iter().map(|back| self.takes_back(back)).collect();
        let verdicts = asked.pushes.iter().map(|push| self.judges(push, &mut own)).collect();
        let items = if rewound { Vec::new() } else { self.news(&own) };
        self.seq += 1;
        SyncResponse {
            verdicts,
            items,
            cursor: Cursor { seq: Seq(self.seq), tag: self.seq.to_be_bytes() },
            server_time: NOW,
            rewound,
            digest: Some(self.digest()),
            handed_back,
            more: false,
        }
    }

    fn digest(&self) -> [u8; 16] {
        let visible = self.jobs.iter().filter(|(_, job)| job.is_visible);
        digest::sum(visible.map(|(id, job)| digest::of_record(self.tenant, *id, &job.heads())))
    }

    fn takes_back(&mut self, back: &HandBack) -> RecordVerdicts {
        let record = back.record;
        let job = self.jobs.entry(record).or_insert_with(|| Job::new(self.run));
        let take = |bytes: &[u8]| {
            let head = read_head(bytes).expect("a change");
            if job.knows(head.hash) {
                return Verdict::Duplicate;
            }
            let missing: Vec<_> = head.deps.into_iter().filter(|dep| !job.knows(*dep)).collect();
            if !missing.is_empty() {
                return Verdict::Need(missing);
            }
            job.apply(bytes);
            Verdict::Accepted(Seq(self.seq))
        };
        let verdicts = back.changes.iter().map(|bytes| bytes.as_slice()).map(take).collect();
        let heads = job.heads();
        self.told.heads.entry(record).and_modify(|told| *told = heads);
        RecordVerdicts { record, verdicts, attest: None }
    }

    fn judges(&mut self, push: &RecordPush, own: &mut BTreeSet<ChangeHash>) -> RecordVerdicts {
        let mut fallen = BTreeSet::new();
        let is_new = !self.jobs.contains_key(&push.record);
        let job = self.jobs.entry(push.record).or_insert_with(|| Job::new(self.run));
        let mut verdicts = Vec::new();
        for bytes in &push.changes {
            let head = read_head(bytes).expect("a change");
            let verdict = judge(job, &head, &fallen, self.random.below(100), self.seq);
            match verdict {
                Verdict::Accepted(_) => {
                    job.apply(bytes);
                    own.insert(head.hash);
                }
                Verdict::Held(_) => drop(job.held.insert(head.hash, bytes.to_vec())),
                Verdict::Refused(..) | Verdict::Fork => drop(fallen.insert(head.hash)),
                Verdict::Duplicate | Verdict::Need(_) => {}
            }
            verdicts.push(verdict);
        }
        if is_new && job.heads().is_empty() && job.held.is_empty() {
            self.jobs.remove(&push.record);
        } else if is_new {
            self.told.heads.insert(push.record, Vec::new());
        }
        RecordVerdicts { record: push.record, verdicts, attest: None }
    }

    fn news(&mut self, own: &BTreeSet<ChangeHash>) -> Vec<Item> {
        let mut items = Vec::new();
        for (record, job) in &self.jobs {
            let heads = job.heads();
            match self.told.heads.remove(record) {
                Some(_) if !job.is_visible => items.push(Item::Leave(*record)),
                _ if !job.is_visible || heads.is_empty() => {}
                None => items.push(job.enters(*record)),
                Some(told) if told == heads => {}
                Some(_) if self.random.below(5) == 0 => items.push(job.enters(*record)),
                Some(told) => {
                    let told: Vec<_> = told.into_iter().map(Into::into).collect();
                    let changes = job.doc.get_changes(&told);
                    let new = changes.iter().filter(|it| !own.contains(&it.hash().into()));
                    let changes: Vec<_> = new.map(|it| it.raw_bytes().to_vec().into()).collect();
                    let (record, authors, attest) = (*record, job.authors(), None);
                    if !changes.is_empty() {
                        let changes = RecordChanges { record, changes, authors, attest };
                        items.push(Item::Changes(changes));
                    }
                }
            }
            if job.is_visible {
                self.told.heads.insert(*record, heads);
            }
        }
        items.append(&mut self.told.decided);
        items
    }

    pub(crate) fn compares(&mut self, asked: &ReconcileRequest) -> ReconcileResponse {
        let (mut items, mut lost, mut same) = (Vec::new(), Vec::new(), BTreeSet::new());
        for theirs in &asked.records {
            let job = self.jobs.get(&theirs.record);
            let heads: BTreeSet<_> = theirs.heads.iter().copied().collect();
            let ours = |job: &&Job| job.is_visible && heads == job.heads().into_iter().collect();
            if job.filter(ours).is_some() {
                same.insert(theirs.record);
            } else if !job.is_some_and(|job| heads.iter().all(|head| job.knows(*head))) {
                lost.push(theirs.record);
            } else if !job.is_some_and(|job| job.is_visible) {
                items.push(Item::Leave(theirs.record));
            }
        }
        for (record, job) in &self.jobs {
            if job.is_visible && !same.contains(record) && !job.heads().is_empty() {
                items.push(job.enters(*record));
                self.told.heads.insert(*record, job.heads());
            }
        }
        ReconcileResponse { items, lost, more: false, server_time: NOW }
    }
}

/// The word on one change that the office may honestly say, drawn among those.
fn judge(
    job: &Job,
    head: &ChangeHead,
    fallen: &BTreeSet<ChangeHash>,
    drawn: u64,
    seq: u64,
) -> Verdict {
    let held = |reason: &str| Verdict::Held(reason.to_owned());
    if job.knows(head.hash) {
        return Verdict::Duplicate;
    }
    if job.held.contains_key(&head.hash) {
        return held("role-changed");
    }
    if head.deps.iter().any(|dep| fallen.contains(dep)) {
        return Verdict::Refused("depends-on-refused".to_owned(), Path::default());
    }
    if head.deps.iter().any(|dep| job.held.contains_key(dep)) {
        return held("depends-on-held");
    }
    let missing: Vec<_> = head.deps.iter().copied().filter(|dep| !job.knows(*dep)).collect();
    match drawn {
        _ if !missing.is_empty() => Verdict::Need(missing),
        _ if !job.is_visible => held("no-longer-assigned"),
        0..12 => held("role-changed"),
        12..24 => Verdict::Refused("not-allowed".to_owned(), Path::default()),
        24..28 => Verdict::Need(Vec::new()),
        28..31 => Verdict::Fork,
        _ => Verdict::Accepted(Seq(seq)),
    }
}
