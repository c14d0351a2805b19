//! The gate: nothing a phone sends reaches the log without passing here.
//!
//! Reading order is the order of the checks: [`decode`] (form), [`authorise`] (whose),
//! [`rules`] (what), [`trial`] (does the record survive it). The types in [`stages`] make the
//! order compulsory. All of it only looks; [`ahead`] does it before it is the writer's turn. One
//! bad change never harms its neighbours, unless they stand on it.

pub mod ahead;
mod authorise;
mod decode;
mod exact;
mod growth;
mod hand_back;
mod isolate;
pub mod preview;
mod rules;
mod sign_off;
pub mod stages;
pub mod trial;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use automerge::{ActorId, Automerge};
use docket_protocol::ids::{ChangeHash, ItemId, RecordId, TenantId};
use docket_protocol::record::path::Path;
use docket_protocol::record::{self, RecordKind};
use docket_protocol::wire::Verdict;
use rusqlite::{Connection, OptionalExtension, params};

use crate::auth::scope::{Access, Scope};
use crate::held::{self, Holding, Reason};
use crate::limits::VERSIONS_REBUILT_MAX;
use crate::log;
use crate::merge::Authorship;
use crate::recover;
use crate::store::documents::{Cache, Document};
use crate::store::{StoreError, WriteTx};
use authorise::Places;
pub use decode::{Budget, decode_push, decode_pushes, shares};
use growth::Size;
pub use hand_back::{DecodedHandBack, hand_back};
use rules::{Seen, exists};
use stages::{
    AuthorisedChange, DecodedChange, DecodedPush, Merged, Refusal, Sender, Slot, Stopped,
    ValidChange,
};

/// Judges the changes pushed to one record and writes those that pass: one verdict each.
pub fn push(
    tx: &mut WriteTx<'_>,
    sender: &Sender<'_>,
    push: DecodedPush,
) -> Result<Vec<Verdict>, StoreError> {
    let judgement = judge(tx.sql, tx.documents.cache(), sender, push)?;
    write(tx, sender, judgement)
}

/// What the gate says of a push to one record. Nothing of it is written yet.
enum Judgement {
    /// The same word on every change.
    Said(Vec<Verdict>),
    /// All of it waits for a decision.
    Waits(DecodedPush),
    /// Each change was judged.
    Judged(Box<Judged>),
}

/// The changes of one record, each with its word or on its way into the log.
struct Judged {
    record: RecordId,
    words: Vec<Word>,
    to_hold: Vec<(DecodedChange, Reason)>,
    finished: Option<(Merged, Unsound)>,
}

/// Looks and writes nothing: the same for a reader, before it is the writer's turn.
fn judge(
    sql: &Connection,
    documents: &Cache,
    sender: &Sender<'_>,
    push: DecodedPush,
) -> Result<Judgement, StoreError> {
    let (scope, record) = (sender.scope, push.record);
    let document = documents.get(sql, scope.tenant, record)?;
    match scope.access(sql, record)? {
        Access::Once => return Ok(Judgement::Waits(push)),
        Access::Never if document.is_some() => {
            let theirs = was_theirs(sql, scope, &push)?;
            return Ok(if theirs {
                Judgement::Waits(push)
            } else {
                Judgement::Said(unknown(&push))
            });
        }
        Access::Never if !push.begins() && !held::waits_for(sql, scope, record)? => {
            return Ok(Judgement::Said(unknown(&push)));
        }
        Access::Never | Access::Now => {}
    }
    let judged = judge_changes(sql, document, sender, push, MayWait::Yes)?;
    Ok(Judgement::Judged(Box::new(judged)))
}

fn write(
    tx: &mut WriteTx<'_>,
    sender: &Sender<'_>,
    judgement: Judgement,
) -> Result<Vec<Verdict>, StoreError> {
    match judgement {
        Judgement::Said(verdicts) => Ok(verdicts),
        Judgement::Waits(push) => {
            hold_all(tx, sender.scope, &holding(sender, Reason::NoLongerAssigned), push)
        }
        Judgement::Judged(judged) => write_judged(tx, sender, *judged),
    }
}

/// Whether a log that was put back may have forgotten that a record was this person's: whoever
/// names versions of it has seen it.
fn was_theirs(sql: &Connection, scope: &Scope, push: &DecodedPush) -> Result<bool, StoreError> {
    let Some(first) = push.slots.first().and_then(|slot| slot.as_ref().ok()) else {
        return Ok(false);
    };
    if first.head.deps.is_empty() || !recover::was_restored(sql)? {
        return Ok(false);
    }
    for dep in &first.head.deps {
        let logged = log::has(sql, scope.tenant, push.record, *dep)?;
        if !logged && held::reason_of(sql, scope.tenant, push.record, *dep)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The same for held work that a supervisor accepts: nobody asks any more whether its author may
/// see the record, and nothing of it is held again.
pub fn admit(
    tx: &mut WriteTx<'_>,
    sender: &Sender<'_>,
    push: DecodedPush,
) -> Result<Vec<Verdict>, StoreError> {
    let document = tx.documents.get(tx.sql, sender.scope.tenant, push.record)?;
    let judged = judge_changes(tx.sql, document, sender, push, MayWait::No)?;
    write_judged(tx, sender, judged)
}

/// Holds everything well-formed that a phone hands in which may not sync any more.
pub fn hand_in(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    holding: &Holding,
    push: DecodedPush,
) -> Result<Vec<Verdict>, StoreError> {
    let known = tx.documents.get(tx.sql, scope.tenant, push.record)?.is_some();
    if known && scope.access(tx.sql, push.record)? == Access::Never {
        return Ok(unknown(&push));
    }
    hold_all(tx, scope, holding, push)
}

/// What becomes of a change that its author could not know to be no longer theirs to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MayWait {
    /// It is held.
    Yes,
    /// It was held, and is judged now.
    No,
}

fn judge_changes(
    sql: &Connection,
    document: Option<Arc<Document>>,
    sender: &Sender<'_>,
    push: DecodedPush,
    may_wait: MayWait,
) -> Result<Judged, StoreError> {
    let record = push.record;
    let mut bench = Bench::new(document, stored_bytes(sql, sender.scope.tenant, record)?, may_wait);
    let mut places = Places::new(sql, sender, record);
    let mut words = Vec::with_capacity(push.slots.len());
    for slot in push.slots {
        words.push(bench.judge(sender, record, &mut places, slot)?);
    }
    let to_hold = std::mem::take(&mut bench.to_hold);
    Ok(Judged { record, words, to_hold, finished: bench.finish() })
}

fn write_judged(
    tx: &mut WriteTx<'_>,
    sender: &Sender<'_>,
    judged: Judged,
) -> Result<Vec<Verdict>, StoreError> {
    let Judged { record, words, to_hold, finished } = judged;
    let tenant = sender.scope.tenant;
    for (decoded, reason) in to_hold {
        let holding = holding(sender, reason);
        let body = decoded.change.raw_bytes();
        held::keep(tx, tenant, record, &holding, &decoded.head, body)?;
    }
    let Some((merged, mut unsound)) = finished else {
        return Ok(words.into_iter().map(|word| word.unwrap_or_else(lost)).collect());
    };
    let author = Authorship { tenant, user: sender.scope.user, device: Some(sender.device) };
    let logged = isolate::commit(tx, &author, record, merged, &mut unsound)?;
    let seqs: BTreeMap<_, _> = logged.iter().map(|change| (change.hash(), change.seq())).collect();
    let passed = |hash: ChangeHash| match (seqs.get(&hash), unsound.get(&hash)) {
        (Some(seq), _) => Verdict::Accepted(*seq),
        (None, Some(code)) => Refusal::whole(*code).into(),
        (None, None) => lost(hash),
    };
    Ok(words.into_iter().map(|word| word.unwrap_or_else(passed)).collect())
}

/// A change that passed every check but could not be merged.
fn lost(_: ChangeHash) -> Verdict {
    Refusal::whole("change-unsound").into()
}

/// Either the word on a change, or the hash of one that passed and waits for its position.
type Word = Result<Verdict, ChangeHash>;

/// Changes that the record did not survive after all, with the reason.
type Unsound = BTreeMap<ChangeHash, &'static str>;

/// Where one record's push is judged: what the log holds, plus what has passed so far.
struct Bench {
    document: Option<Arc<Document>>,
    passed: Vec<ValidChange>,
    kind: Option<RecordKind>,
    /// The version the last change produced; the next one usually stands on just that.
    version: Option<Automerge>,
    /// How often that was not so and may still not be so.
    rebuilds_left: u32,
    /// What the record takes on disk, with what has passed.
    bytes: u64,
    may_wait: MayWait,
    /// Changes that wait for a decision, in order.
    to_hold: Vec<(DecodedChange, Reason)>,
}

impl Bench {
    fn new(document: Option<Arc<Document>>, bytes: u64, may_wait: MayWait) -> Self {
        Self {
            kind: document.as_ref().map(|document| document.kind),
            document,
            passed: Vec::new(),
            version: None,
            rebuilds_left: VERSIONS_REBUILT_MAX,
            bytes,
            may_wait,
            to_hold: Vec::new(),
        }
    }

    fn judge(
        &mut self,
        sender: &Sender<'_>,
        record: RecordId,
        places: &mut Places<'_>,
        slot: Slot,
    ) -> Result<Word, StoreError> {
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
        if self.may_wait == MayWait::Yes
            && let Some(reason) = places.must_wait(&decoded.head)?
        {
            places.hold(hash);
            self.to_hold.push((decoded, Reason::DependsOnHeld));
            return Ok(Ok(Verdict::Held(reason)));
        }
        // Kept only where the author's former role may still speak for the change.
        let kept = (self.may_wait == MayWait::Yes && sender.former_role.is_some())
            .then(|| decoded.clone());
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
                if let Some(decoded) = kept
                    && self.was_allowed(sender, record, places, decoded.clone(), &verdict)?
                {
                    places.hold(hash);
                    self.to_hold.push((decoded, Reason::RoleChanged));
                    return Ok(Ok(Verdict::Held(Reason::RoleChanged.as_str().to_owned())));
                }
                if matches!(verdict, Verdict::Refused(..)) {
                    places.fall(hash);
                }
                Ok(Ok(verdict))
            }
        }
    }

    /// Whether a change that is refused for its author's role would have passed under the role
    /// they had when they could last have known.
    fn was_allowed(
        &mut self,
        sender: &Sender<'_>,
        record: RecordId,
        places: &mut Places<'_>,
        decoded: DecodedChange,
        verdict: &Verdict,
    ) -> Result<bool, StoreError> {
        let forbidden = matches!(verdict, Verdict::Refused(code, _) if code == "not-allowed");
        let Some(role) = sender.former_role.filter(|_| forbidden) else {
            return Ok(false);
        };
        let Ok(authorised) = places.authorise(decoded)? else {
            return Ok(false);
        };
        let scope = Scope { role, ..sender.scope.clone() };
        let (kind, version) = (self.kind, self.version.take());
        let passed = self.apply_rules(&Sender { scope: &scope, ..*sender }, record, authorised);
        // It is only a question: nothing of this change is in the record.
        (self.kind, self.version) = (kind, version);
        Ok(passed.is_ok())
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
        let empty =
            || Arc::new(Document { kind, automerge: record::empty(ActorId::from([0; 16])) });
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

/// The sender's work, held for a reason, with the rights they had when they could last know.
fn holding(sender: &Sender<'_>, reason: Reason) -> Holding {
    let role = sender.former_role.unwrap_or(sender.scope.role);
    Holding { user: sender.scope.user, device: sender.device, role, reason }
}

/// Keeps every well-formed change of a push for a decision.
fn hold_all(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    holding: &Holding,
    push: DecodedPush,
) -> Result<Vec<Verdict>, StoreError> {
    let record = push.record;
    let mut verdicts = Vec::with_capacity(push.slots.len());
    for slot in push.slots {
        let decoded = match slot {
            Ok(decoded) => decoded,
            Err(Stopped { verdict, .. }) => {
                verdicts.push(verdict);
                continue;
            }
        };
        let DecodedChange { head, change, .. } = decoded;
        if log::has(tx.sql, scope.tenant, record, head.hash)? {
            verdicts.push(Verdict::Duplicate);
            continue;
        }
        let reason = held::keep(tx, scope.tenant, record, holding, &head, change.raw_bytes())?;
        verdicts.push(Verdict::Held(reason));
    }
    Ok(verdicts)
}
