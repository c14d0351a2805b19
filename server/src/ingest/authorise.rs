//! Second check, whose: the actor belongs to this person's phone, and the change takes the next
//! free place in that actor's row.

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::change::ChangeHead;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::planted;
use docket_protocol::wire::Verdict;
use rusqlite::{Connection, OptionalExtension, params};

use super::stages::{AuthorisedChange, DecodedChange, Refusal, Sender};
use crate::held::{self, Reason};
use crate::limits::NEEDED_NAMED_MAX;
use crate::log;
use crate::store::StoreError;

/// What is known of a record while one push is judged: the log, and what was judged before.
pub(super) struct Places<'a> {
    sql: &'a Connection,
    sender: &'a Sender<'a>,
    record: RecordId,
    /// Last place taken, by actor; filled from the log on demand.
    taken: BTreeMap<[u8; 16], Place>,
    accepted: BTreeSet<ChangeHash>,
    fallen: BTreeSet<ChangeHash>,
    held: BTreeSet<ChangeHash>,
}

/// An actor's latest change.
#[derive(Clone, Copy, Default)]
struct Place {
    seq: u64,
    hash: Option<ChangeHash>,
}

enum Owner {
    Sender,
    SamePersonElsewhere,
    SomebodyElse,
}

impl<'a> Places<'a> {
    pub(super) fn new(sql: &'a Connection, sender: &'a Sender<'a>, record: RecordId) -> Self {
        Self {
            sql,
            sender,
            record,
            taken: BTreeMap::new(),
            accepted: BTreeSet::new(),
            fallen: BTreeSet::new(),
            held: BTreeSet::new(),
        }
    }

    /// Lets a change through to the rules, or says why not.
    pub(super) fn authorise(
        &mut self,
        decoded: DecodedChange,
    ) -> Result<Result<AuthorisedChange, Verdict>, StoreError> {
        if let Some(verdict) = self.verdict(&decoded.head)? {
            return Ok(Err(verdict));
        }
        let previous = self.last_place(decoded.head.actor)?.hash;
        Ok(Ok(AuthorisedChange { decoded, previous }))
    }

    /// A change passed all checks: those that follow may stand on it.
    pub(super) fn accept(&mut self, head: &ChangeHead) {
        self.accepted.insert(head.hash);
        self.taken.insert(head.actor, Place { seq: head.actor_seq, hash: Some(head.hash) });
    }

    /// A change was refused: those that stand on it fall with it.
    pub(super) fn fall(&mut self, hash: ChangeHash) {
        self.fallen.insert(hash);
    }

    /// A change waits for a decision: those that stand on it wait with it.
    pub(super) fn hold(&mut self, hash: ChangeHash) {
        self.held.insert(hash);
    }

    /// Why a change must wait: it is held already, or it stands on held work and lacks nothing
    /// else. What was set aside stays so, however often it is sent.
    pub(super) fn must_wait(&self, head: &ChangeHead) -> rusqlite::Result<Option<String>> {
        let held = |hash| held::reason_of(self.sql, self.sender.scope.tenant, self.record, hash);
        if let Some(reason) = held(head.hash)? {
            return Ok(Some(reason));
        }
        let mut on_held = false;
        for dep in &head.deps {
            if self.held.contains(dep) || held(*dep)?.is_some() {
                on_held = true;
            } else if !self.accepted.contains(dep) && !self.is_logged(*dep)? {
                return Ok(None);
            }
        }
        Ok(on_held.then(|| Reason::DependsOnHeld.as_str().to_owned()))
    }

    fn verdict(&mut self, head: &ChangeHead) -> Result<Option<Verdict>, StoreError> {
        let refused = |code| Ok(Some(Verdict::from(Refusal::whole(code))));
        let logged = self.is_logged(head.hash)? && !planted::is("duplicates-forgotten");
        if self.accepted.contains(&head.hash) || logged {
            return Ok(Some(Verdict::Duplicate));
        }
        match self.owner(&head.actor)? {
            Owner::Sender => {}
            // Their database came from that phone: it takes a new actor and writes again.
            Owner::SamePersonElsewhere => return Ok(Some(Verdict::Fork)),
            Owner::SomebodyElse => return refused("foreign-actor"),
        }
        let mut missing = Vec::new();
        for dep in &head.deps {
            if self.fallen.contains(dep) {
                return refused("depends-on-refused");
            }
            let known = self.accepted.contains(dep) || self.is_logged(*dep)?;
            if !known && missing.len() < NEEDED_NAMED_MAX {
                missing.push(*dep);
            }
        }
        if !missing.is_empty() {
            return Ok(Some(Verdict::Need(missing)));
        }
        let last = self.last_place(head.actor)?.seq;
        match head.actor_seq {
            seq if seq == last + 1 => Ok(None),
            seq if seq <= last => Ok(Some(Verdict::Fork)),
            _ => refused("actor-seq-gap"),
        }
    }

    fn is_logged(&self, hash: ChangeHash) -> rusqlite::Result<bool> {
        log::has(self.sql, self.sender.scope.tenant, self.record, hash)
    }

    /// Whom an actor belongs to; one that nobody has used becomes the sender's.
    fn owner(&self, actor: &[u8; 16]) -> rusqlite::Result<Owner> {
        let Sender { scope, device, .. } = self.sender;
        let owner = self
            .sql
            .prepare_cached(
                "select user = ?4, device is ?5 from actors
                 where tenant = ?1 and record = ?2 and actor = ?3",
            )?
            .query_row(
                params![scope.tenant.0, self.record.0, actor, scope.user.0, device.0],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        Ok(match owner {
            None | Some((true, true)) => Owner::Sender,
            Some((true, false)) => Owner::SamePersonElsewhere,
            Some((false, _)) => Owner::SomebodyElse,
        })
    }

    fn last_place(&mut self, actor: [u8; 16]) -> rusqlite::Result<Place> {
        if let Some(place) = self.taken.get(&actor) {
            return Ok(*place);
        }
        let logged = self
            .sql
            .prepare_cached(
                "select actor_seq, hash from log
                 where tenant = ?1 and record = ?2 and actor = ?3 and hash is not null
                 order by actor_seq desc limit 1",
            )?
            .query_row(params![self.sender.scope.tenant.0, self.record.0, actor], |row| {
                Ok(Place { seq: row.get(0)?, hash: Some(ChangeHash(row.get(1)?)) })
            })
            .optional()?;
        let place = logged.unwrap_or_default();
        self.taken.insert(actor, place);
        Ok(place)
    }
}
