//! Changes that the log has lost and a phone brings back, its own and other people's.
//!
//! What the server's own word ([`crate::attest`]) proves to have been in the log goes back into
//! it as it was: same authors, rules not asked again, only that the record survives it. What it
//! does not prove was perhaps never here: the sender's own work is judged like any push, and the
//! rest waits for a supervisor. Nothing is dropped, and nothing is merged blindly.

use std::collections::BTreeMap;
use std::sync::Arc;

use automerge::{ActorId, Automerge, ReadDoc};
use docket_protocol::change::ChangeHead;
use docket_protocol::ids::{ChangeHash, RecordId, Seq, TenantId};
use docket_protocol::ops::locate;
use docket_protocol::record::{self, RecordKind};
use docket_protocol::wire::{ActorAuthor, HandBack, Verdict};
use rusqlite::params;

use super::stages::{DecodedChange, DecodedPush, Sender, ValidChange};
use super::{holding, push, sign_off, trial};
use crate::attest::Version;
use crate::auth::scope::Access;
use crate::held::{self, Reason};
use crate::limits::HELD_BYTES_PER_DEVICE_MAX;
use crate::log;
use crate::merge::{self, Authorship};
use crate::recover;
use crate::store::documents::Document;
use crate::store::{StoreError, WriteTx};

/// What a phone handed back of one record, read.
#[derive(Debug)]
pub struct DecodedHandBack {
    push: DecodedPush,
    heads: Vec<ChangeHash>,
    authors: Vec<ActorAuthor>,
    attest: Option<[u8; 16]>,
}

impl DecodedHandBack {
    /// Puts the decoded changes and the proof that came with them together.
    pub fn new(push: DecodedPush, back: HandBack) -> Self {
        Self { push, heads: back.heads, authors: back.authors, attest: back.attest }
    }

    /// The record.
    pub fn record(&self) -> RecordId {
        self.push.record
    }
}

/// Takes back what is proved, and has the rest judged or held: one verdict each.
pub fn hand_back(
    tx: &mut WriteTx<'_>,
    sender: &Sender<'_>,
    back: DecodedHandBack,
) -> Result<Vec<Verdict>, StoreError> {
    let (tenant, record) = (sender.scope.tenant, back.push.record);
    let authors = proved(tx, tenant, &back);
    let document = tx.documents.get(tx.sql, tenant, record)?;
    let mut returning = Returning::new(tenant, record, document);
    let mut fates = Vec::with_capacity(back.push.slots.len());
    for slot in back.push.slots {
        fates.push(match slot {
            Err(stopped) => Fate::Said(stopped.verdict),
            Ok(decoded) if log::has(tx.sql, tenant, record, decoded.head.hash)? => {
                Fate::Said(Verdict::Duplicate)
            }
            Ok(decoded) => match authors.get(&decoded.head.hash) {
                Some(author) => match returning.take(tx, &decoded, *author)? {
                    Ok(()) => Fate::Taken(decoded),
                    Err(reason) => Fate::Waits(decoded, reason),
                },
                None => Fate::Waits(decoded, Reason::HandedBackUnproved),
            },
        });
    }
    let seqs = returning.commit(tx, sender)?;
    let mut words = Vec::with_capacity(fates.len());
    let mut waiting = Vec::new();
    for fate in fates {
        words.push(match fate {
            Fate::Said(verdict) => Some(verdict),
            Fate::Taken(decoded) => match seqs.get(&decoded.head.hash) {
                Some(seq) => Some(Verdict::Accepted(*seq)),
                None => wait(&mut waiting, words.len(), decoded, Reason::HandedBackUnproved),
            },
            Fate::Waits(decoded, reason) => wait(&mut waiting, words.len(), decoded, reason),
        });
    }
    let own = |actor: &[u8]| {
        back.authors.iter().any(|author| {
            author.actor.as_slice() == actor
                && (author.user, author.device) == (sender.scope.user, Some(sender.device))
        })
    };
    let (own, others): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|waits| {
        waits.reason == Reason::HandedBackUnproved && own(&waits.decoded.head.actor)
    });
    for waits in judge(tx, sender, record, own, &mut words)?.into_iter().chain(others) {
        let place = waits.place;
        words[place] = Some(hold(tx, sender, record, waits)?);
    }
    Ok(words.into_iter().map(|word| word.unwrap_or(Verdict::Need(Vec::new()))).collect())
}

/// What becomes of one change.
enum Fate {
    /// The word on it is known.
    Said(Verdict),
    /// It is on its way into the log.
    Taken(DecodedChange),
    /// The server's word does not cover it.
    Waits(DecodedChange, Reason),
}

/// A change without a word yet, and where its word will stand.
struct Waits {
    place: usize,
    decoded: DecodedChange,
    reason: Reason,
}

fn wait(
    waiting: &mut Vec<Waits>,
    place: usize,
    decoded: DecodedChange,
    reason: Reason,
) -> Option<Verdict> {
    waiting.push(Waits { place, decoded, reason });
    None
}

/// The changes that the server's word covers, each with its author.
fn proved(
    tx: &WriteTx<'_>,
    tenant: TenantId,
    back: &DecodedHandBack,
) -> BTreeMap<ChangeHash, Authorship> {
    let DecodedHandBack { push, heads, authors, attest } = back;
    let (heads, authors) = (heads.clone(), authors.clone());
    let version = Version { tenant, record: push.record, heads, authors };
    if !attest.is_some_and(|word| version.is_attested(&tx.keys.attest, &word)) {
        return BTreeMap::new();
    }
    let decoded = push.slots.iter().filter_map(|slot| slot.as_ref().ok());
    let offered: BTreeMap<_, _> = decoded.map(|decoded| (decoded.head.hash, decoded)).collect();
    let authors: BTreeMap<_, _> =
        version.authors.iter().map(|author| (author.actor.as_slice(), author)).collect();
    let mut proved = BTreeMap::new();
    let mut to_see = version.heads.clone();
    while let Some(hash) = to_see.pop() {
        // A hash that was not offered is in the log with everything before it, or missing.
        let Some(decoded) = offered.get(&hash) else { continue };
        let Some(author) = authors.get(decoded.head.actor.as_slice()) else { continue };
        let author = Authorship { tenant, user: author.user, device: author.device };
        if proved.insert(hash, author).is_none() {
            to_see.extend(&decoded.head.deps);
        }
    }
    proved
}

/// The sender's own changes without proof: judged as if they came for the first time. What the
/// gate refuses, or finds its place taken, was perhaps accepted once, so it comes back here to be
/// held.
fn judge(
    tx: &mut WriteTx<'_>,
    sender: &Sender<'_>,
    record: RecordId,
    own: Vec<Waits>,
    words: &mut [Option<Verdict>],
) -> Result<Vec<Waits>, StoreError> {
    let known = tx.documents.get(tx.sql, sender.scope.tenant, record)?.is_some();
    let access = sender.scope.access(tx.sql, record)?;
    if own.is_empty() || (known && access == Access::Never) {
        return Ok(own);
    }
    let slots = own.iter().map(|waits| Ok(waits.decoded.clone())).collect();
    let judged = push(tx, sender, DecodedPush { record, slots })?;
    let mut refused = Vec::new();
    for (waits, verdict) in own.into_iter().zip(judged) {
        match verdict {
            Verdict::Refused(..) => refused.push(waits),
            Verdict::Fork => refused.push(Waits { reason: Reason::HandedBackForked, ..waits }),
            verdict => words[waits.place] = Some(verdict),
        }
    }
    Ok(refused)
}

fn hold(
    tx: &mut WriteTx<'_>,
    sender: &Sender<'_>,
    record: RecordId,
    waits: Waits,
) -> Result<Verdict, StoreError> {
    let Waits { decoded: DecodedChange { head, change, .. }, reason, .. } = waits;
    let body = change.raw_bytes();
    let waiting_bytes = held::bytes_waiting(tx.sql, sender.device)? + body.len() as u64;
    if waiting_bytes > HELD_BYTES_PER_DEVICE_MAX {
        return Ok(Verdict::Need(Vec::new()));
    }
    // Whoever wrote it, it is only the sender's word: they answer for it.
    let holding = holding(sender, reason);
    let tenant = sender.scope.tenant;
    Ok(Verdict::Held(held::keep(tx, tenant, record, &holding, &head, body)?))
}

/// A record that gets back what it lost, in memory.
struct Returning {
    tenant: TenantId,
    record: RecordId,
    before: Option<Arc<Document>>,
    version: Automerge,
    taken: Vec<(ValidChange, Authorship)>,
}

impl Returning {
    fn new(tenant: TenantId, record: RecordId, before: Option<Arc<Document>>) -> Self {
        let version = whole(before.as_deref());
        Self { tenant, record, before, version, taken: Vec::new() }
    }

    /// Applies a proved change, or says why it must wait.
    fn take(
        &mut self,
        tx: &WriteTx<'_>,
        decoded: &DecodedChange,
        author: Authorship,
    ) -> rusqlite::Result<Result<(), Reason>> {
        let head = &decoded.head;
        let known = |dep: &ChangeHash| self.version.get_change_meta_by_hash(&(*dep).into());
        if !head.deps.iter().all(|dep| known(dep).is_some()) {
            return Ok(Err(Reason::HandedBackUnproved));
        }
        if !self.has_place_for(tx, head)? {
            return Ok(Err(Reason::HandedBackForked));
        }
        let change = decoded.change.clone();
        let mut valid = ValidChange { head: head.clone(), change, signed: None };
        let ops = locate(&self.version, &decoded.expanded);
        let applied = trial::apply(&mut self.version, std::iter::once(&valid));
        let (Ok(ops), Ok(())) = (ops, applied) else {
            // The version may be spoilt: back to what is known to be sound.
            self.version = whole(self.before.as_deref());
            let sound = self.taken.iter().map(|(valid, _)| valid);
            return Ok(trial::apply(&mut self.version, sound)
                .map_err(|_| Reason::HandedBackUnproved)
                .and(Err(Reason::HandedBackUnproved)));
        };
        valid.signed = sign_off::carried(&self.version, &ops).map(Box::new);
        self.taken.push((valid, author));
        Ok(Ok(()))
    }

    /// Whether this change is the next one of its actor.
    fn has_place_for(&self, tx: &WriteTx<'_>, head: &ChangeHead) -> rusqlite::Result<bool> {
        let logged: Option<u64> = tx
            .sql
            .prepare_cached(
                "select max(actor_seq) from log
                 where tenant = ?1 and record = ?2 and actor = ?3 and hash is not null",
            )?
            .query_row(params![self.tenant.0, self.record.0, head.actor], |row| row.get(0))?;
        let taken = self.taken.iter().filter(|(valid, _)| valid.head.actor == head.actor);
        let last = taken.map(|(valid, _)| valid.head.actor_seq).max().max(logged);
        Ok(head.actor_seq == last.unwrap_or(0) + 1)
    }

    /// Writes what was taken and says where it landed: nothing, if the record as a whole does
    /// not survive it.
    fn commit(
        self,
        tx: &mut WriteTx<'_>,
        sender: &Sender<'_>,
    ) -> Result<BTreeMap<ChangeHash, Seq>, StoreError> {
        let Self { tenant, record, before, version, taken } = self;
        let kind = before.map(|document| document.kind).or_else(|| kind_of(&version));
        let (changes, authors): (Vec<_>, Vec<_>) = taken.into_iter().unzip();
        let Some(kind) = kind.filter(|_| !changes.is_empty()) else {
            return Ok(BTreeMap::new());
        };
        let Ok(merged) = trial::prove(Document { kind, automerge: version }, changes) else {
            return Ok(BTreeMap::new());
        };
        let logged = merge::commit_each(tx, &authors, record, merged, None)?;
        recover::note_return(tx, tenant, record, sender.device, &logged)?;
        Ok(logged.iter().map(|change| (change.hash(), change.seq())).collect())
    }
}

fn whole(document: Option<&Document>) -> Automerge {
    match document {
        Some(document) => document.automerge.clone(),
        None => record::empty(ActorId::from([0; 16])),
    }
}

/// What a record says it is.
fn kind_of(version: &Automerge) -> Option<RecordKind> {
    let (value, _) = version.get(automerge::ROOT, "kind").ok()??;
    RecordKind::parse(value.as_str()?)
}
