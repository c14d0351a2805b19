//! The gate: nothing a phone sends reaches the log without passing here.
//!
//! Reading order is the order of the checks: [`decode`] (form), [`authorise`] (whose),
//! [`rules`] (what), [`trial`] (does the record survive it). The types in [`stages`] make the
//! order compulsory. One bad change never harms its neighbours, unless they stand on it.

mod authorise;
mod decode;
mod exact;
mod growth;
mod rules;
mod sign_off;
pub mod stages;
pub mod trial;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{ActorId, Automerge};
use docket_protocol::ids::{ChangeHash, ItemId, RecordId, TenantId};
use docket_protocol::record::path::Path;
use docket_protocol::record::{self, RecordKind};
use docket_protocol::wire::Verdict;
use rusqlite::{Connection, OptionalExtension, params};

use crate::auth::scope::Access;
use crate::limits::VERSIONS_REBUILT_MAX;
use crate::merge::{self, Authorship};
use crate::store::documents::Document;
use crate::store::{StoreError, WriteTx};
use authorise::Places;
pub use decode::{decode_push, decode_pushes};
use growth::Size;
use rules::{Seen, exists};
use stages::{AuthorisedChange, DecodedPush, Merged, Refusal, Sender, Slot, Stopped, ValidChange};

/// Judges the changes pushed to one record and writes those that pass: one verdict each.
pub fn push(
    tx: &mut WriteTx<'_>,
    sender: &Sender<'_>,
    push: DecodedPush,
) -> Result<Vec<Verdict>, StoreError> {
    let tenant = sender.scope.tenant;
    let record = push.record;
    let document = tx.documents.get(tx.sql, tenant, record)?.cloned();
    match sender.scope.access(tx.sql, record)? {
        Access::Once => return hold(tx, sender, push),
        Access::Never if document.is_some() || !push.begins() => return Ok(unknown(&push)),
        Access::Never | Access::Now => {}
    }
    let mut bench = Bench::new(document, stored_bytes(tx.sql, tenant, record)?);
    let mut places = Places::new(tx.sql, sender, record);
    let mut judged = Vec::with_capacity(push.slots.len());
    for slot in push.slots {
        judged.push(bench.judge(sender, record, &mut places, slot)?);
    }
    let Some((merged, unsound)) = bench.finish() else {
        return Ok(judged.into_iter().map(|judged| judged.unwrap_or_else(lost)).collect());
    };
    let author = Authorship { tenant, user: sender.scope.user, device: Some(sender.device) };
    let logged = merge::commit(tx, &author, record, merged)?;
    let seqs: BTreeMap<_, _> = logged.iter().map(|change| (change.hash(), change.seq())).collect();
    let passed = |hash: ChangeHash| match (seqs.get(&hash), unsound.get(&hash)) {
        (Some(seq), _) => Verdict::Accepted(*seq),
        (None, Some(code)) => Refusal::whole(*code).into(),
        (None, None) => lost(hash),
    };
    Ok(judged.into_iter().map(|judged| judged.unwrap_or_else(passed)).collect())
}

/// A change that passed every check but could not be merged.
fn lost(_: ChangeHash) -> Verdict {
    Refusal::whole("change-unsound").into()
}

/// Either the word on a change, or the hash of one that passed and waits for its position.
type Judged = Result<Verdict, ChangeHash>;

/// Changes that the record did not survive after all, with the reason.
type Unsound = BTreeMap<ChangeHash, &'static str>;

/// Where one record's push is judged: what the log holds, plus what has passed so far.
struct Bench {
    document: Option<Document>,
    passed: Vec<ValidChange>,
    kind: Option<RecordKind>,
    /// The version the last change produced; the next one usually stands on just that.
    version: Option<Automerge>,
    /// How often that was not so and may still not be so.
    rebuilds_left: u32,
    /// What the record takes on disk, with what has passed.
    bytes: u64,
}

impl Bench {
    fn new(document: Option<Document>, bytes: u64) -> Self {
        let kind = document.as_ref().map(|document| document.kind);
        let rebuilds_left = VERSIONS_REBUILT_MAX;
        Self { document, passed: Vec::new(), kind, version: None, rebuilds_left, bytes }
    }

    fn judge(
        &mut self,
        sender: &Sender<'_>,
        record: RecordId,
        places: &mut Places<'_>,
        slot: Slot,
    ) -> Result<Judged, StoreError> {
        let decoded = match slot {
            Ok(decoded) => decoded,
            Err(Stopped { hash, verdict }) => {
                // Its hash still names it, so that what stands on it can be told apart.
                let fallen = hash.filter(|_| matches!(verdict, Verdict::Refused(..)));
                fallen.into_iter().for_each(|hash| places.fall(hash));
                return Ok(Ok(verdict));
            }
        };
        let hash = decoded.head.hash;
        let authorised = match places.authorise(decoded)? {
            Ok(authorised) => authorised,
            Err(verdict) => {
                if matches!(verdict, Verdict::Refused(..) | Verdict::Fork) {
                    places.fall(hash);
                }
                return Ok(Ok(verdict));
            }
        };
        match self.apply_rules(sender, record, authorised) {
            Ok(valid) => {
                places.accept(valid.head());
                self.bytes += valid.change().raw_bytes().len() as u64;
                self.passed.push(valid);
                Ok(Err(hash))
            }
            Err(verdict) => {
                if matches!(verdict, Verdict::Refused(..)) {
                    places.fall(hash);
                }
                Ok(Ok(verdict))
            }
        }
    }

    fn apply_rules(
        &mut self,
        sender: &Sender<'_>,
        record: RecordId,
        authorised: AuthorisedChange,
    ) -> Result<ValidChange, Verdict> {
        let deps = &authorised.decoded.head.deps;
        let previous = authorised.previous;
        if deps.is_empty() != self.kind.is_none() {
            // Unknown records have no history to stand on; known ones have begun already.
            let code = if self.kind.is_none() { "unknown-record" } else { "already-there" };
            return Err(Refusal::whole(code).into());
        }
        // Put back only when the change passes: after a refusal the version may be spoilt.
        let mut version = self.version_at(deps, previous)?;
        let logged = self.document.as_ref().map(|document| &document.automerge);
        let size = Size::of(logged.unwrap_or(&version), self.bytes);
        let seen = Seen { version: &mut version, kind: self.kind, logged, size };
        let (kind, valid) = rules::judge(sender, record, seen, authorised)?;
        if let Some(signed) = &valid.signed {
            self.new_to_record(signed.signoff)?;
        }
        self.version = Some(version);
        self.kind = Some(kind);
        Ok(valid)
    }

    /// A sign-off's id is its own for ever. Its author may not have seen another one under the
    /// same id, so the versions on both sides of the merge are asked.
    fn new_to_record(&self, signoff: ItemId) -> Result<(), Refusal> {
        let path = Path::new("signoffs").child(signoff);
        let logged = self.document.as_ref().is_some_and(|known| exists(&known.automerge, &path));
        let mut passed = self.passed.iter().filter_map(|valid| valid.signed.as_ref());
        if logged || passed.any(|signed| signed.signoff == signoff) {
            return Err(Refusal::at("already-there", &path));
        }
        Ok(())
    }

    /// The document at exactly these parents; `need` when making it has cost enough already.
    fn version_at(
        &mut self,
        deps: &[ChangeHash],
        previous: Option<ChangeHash>,
    ) -> Result<Automerge, Verdict> {
        let deps: Vec<automerge::ChangeHash> = deps.iter().map(|dep| (*dep).into()).collect();
        let stands_on = |version: &mut Automerge| {
            let heads = heads_of(version);
            let own = previous.map(automerge::ChangeHash::from);
            heads == deps || deps.iter().filter(|dep| Some(**dep) != own).eq(&heads)
        };
        if let Some(version) = self.version.take_if(stands_on) {
            return Ok(version);
        }
        let left = self.rebuilds_left.checked_sub(1).ok_or_else(|| Verdict::Need(Vec::new()))?;
        self.rebuilds_left = left;
        self.rebuilt(&deps).ok_or_else(|| Refusal::whole("change-unsound").into())
    }

    fn rebuilt(&self, deps: &[automerge::ChangeHash]) -> Option<Automerge> {
        let mut whole = match &self.document {
            Some(document) => document.automerge.clone(),
            None => record::empty(ActorId::from([0; 16])),
        };
        trial::apply(&mut whole, self.passed.iter()).ok()?;
        if heads_of(&whole) == deps {
            return Some(whole);
        }
        catch_unwind(AssertUnwindSafe(|| whole.fork_at(deps).ok())).ok().flatten()
    }

    /// Merges what passed; also says which changes the record did not survive after all.
    fn finish(self) -> Option<(Merged, Unsound)> {
        let kind = self.kind?;
        if self.passed.is_empty() {
            return None;
        }
        let empty = || Document { kind, automerge: record::empty(ActorId::from([0; 16])) };
        let document = self.document.unwrap_or_else(empty);
        // Nobody else has written meanwhile: the last version seen is the merged one.
        let merged = match self.version.filter(|version| holds(version, &document, &self.passed)) {
            Some(automerge) => trial::prove(Document { kind, automerge }, self.passed.clone()),
            None => trial::merge(&document, self.passed.clone()),
        };
        match merged {
            Ok(merged) => Some((merged, Unsound::new())),
            Err(_) => one_by_one(&document, self.passed),
        }
    }
}

/// Whether a version contains the whole document and everything that passed.
fn holds(version: &Automerge, document: &Document, passed: &[ValidChange]) -> bool {
    let mut wanted = document.automerge.get_heads();
    wanted.extend(passed.iter().map(|valid| automerge::ChangeHash::from(valid.head().hash)));
    wanted.iter().all(|hash| version.get_change_meta_by_hash(hash).is_some())
}

/// The slow way, for a push that as a whole does not survive: keeps what does.
fn one_by_one(document: &Document, passed: Vec<ValidChange>) -> Option<(Merged, Unsound)> {
    let mut unsound = Unsound::new();
    let mut kept = Vec::new();
    let mut merged: Option<Merged> = None;
    for valid in passed {
        let hash = valid.head().hash;
        if valid.head().deps.iter().any(|dep| unsound.contains_key(dep)) {
            unsound.insert(hash, "depends-on-refused");
            continue;
        }
        let current = merged.as_ref().map_or(document, |merged| &merged.document);
        match trial::merge(current, vec![valid.clone()]) {
            Ok(next) => {
                kept.push(valid);
                merged = Some(next);
            }
            Err(_) => {
                unsound.insert(hash, "change-unsound");
            }
        }
    }
    merged.map(|merged| (Merged { changes: kept, ..merged }, unsound))
}

/// What the record takes on disk: its snapshot and the changes after it.
fn stored_bytes(sql: &Connection, tenant: TenantId, record: RecordId) -> rusqlite::Result<u64> {
    let bytes = sql
        .prepare_cached(
            "select length(snapshot) + tail_bytes from records where tenant = ?1 and record = ?2",
        )?
        .query_row(params![tenant.0, record.0], |row| row.get(0))
        .optional()?;
    Ok(bytes.unwrap_or(0))
}

fn heads_of(automerge: &Automerge) -> Vec<automerge::ChangeHash> {
    let mut heads = automerge.get_heads();
    heads.sort_unstable();
    heads
}

/// For this person the record does not exist, whether or not it does.
fn unknown(push: &DecodedPush) -> Vec<Verdict> {
    push.slots.iter().map(|_| Refusal::whole("unknown-record").into()).collect()
}

/// The author may no longer write here: their late work is kept for a supervisor's decision.
fn hold(
    tx: &WriteTx<'_>,
    sender: &Sender<'_>,
    push: DecodedPush,
) -> Result<Vec<Verdict>, StoreError> {
    const REASON: &str = "no-longer-assigned";
    let places = Places::new(tx.sql, sender, push.record);
    let mut verdicts = Vec::with_capacity(push.slots.len());
    for slot in push.slots {
        let decoded = match slot {
            Ok(decoded) => decoded,
            Err(Stopped { verdict, .. }) => {
                verdicts.push(verdict);
                continue;
            }
        };
        if places.is_logged(decoded.head.hash)? {
            verdicts.push(Verdict::Duplicate);
            continue;
        }
        tx.sql
            .prepare_cached(
                "insert into held (tenant, record, hash, body, user, device, reason, received_at)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict do nothing",
            )?
            .execute(params![
                sender.scope.tenant.0,
                push.record.0,
                decoded.head.hash.0,
                decoded.change.raw_bytes(),
                sender.scope.user.0,
                sender.device.0,
                REASON,
                tx.now
            ])?;
        verdicts.push(Verdict::Held(REASON.to_owned()));
    }
    Ok(verdicts)
}
