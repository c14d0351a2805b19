//! The simulator's own reading of the server's log: every row as it appears, and every record
//! built again from nothing but the changes in it.
//!
//! What the product's tables say is compared with this; it is made by Automerge alone, from
//! bytes, and by a second, simpler statement of who may see what.

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::automerge::{ActorId, Automerge, Change};
use docket_protocol::change::read_head;
use docket_protocol::ids::{ChangeHash, RecordId, UserId};
use docket_protocol::record::job::JobContent;
use docket_protocol::record::{RecordKind, empty, read};
use rusqlite::Connection;

use crate::sim::invariant::{Invariant, Violation};
use crate::sim::organisation::MADE_AT;

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// Its position.
    pub(crate) seq: u64,
    /// What happened.
    pub(crate) kind: String,
    /// To which record.
    pub(crate) record: RecordId,
    /// By whom, or to whom.
    pub(crate) user: UserId,
    /// On a phone, or at the desk.
    pub(crate) on_phone: bool,
    /// The change's name.
    pub(crate) hash: Option<ChangeHash>,
    /// The edit it carries.
    pub(crate) at: i64,
    /// The chain up to here.
    pub(crate) chain: Vec<u8>,
    body: Option<Vec<u8>>,
}

/// A record made of the log's changes.
pub(crate) struct Built {
    /// What it describes.
    pub(crate) kind: RecordKind,
    /// All changes, applied in log order.
    pub(crate) doc: Automerge,
    /// Who wrote the first change, and whether on a phone.
    pub(crate) opened_by: UserId,
    opened_on_phone: bool,
    /// Who should see it; for jobs.
    pub(crate) viewers: BTreeSet<UserId>,
    /// Who sees it, as enter and leave rows tell.
    pub(crate) told: BTreeSet<UserId>,
}

/// The log as read so far.
#[derive(Default)]
pub(crate) struct Logbook {
    /// All rows; the first is 1.
    pub(crate) rows: Vec<Row>,
    /// Every change by name.
    pub(crate) by_hash: BTreeMap<(RecordId, ChangeHash), u64>,
    /// Every edit by its time.
    pub(crate) by_edit: BTreeMap<i64, u64>,
    /// Edits that are, or were, held for a decision.
    pub(crate) held: BTreeSet<i64>,
    /// The changes that carry them.
    pub(crate) held_changes: BTreeSet<(RecordId, ChangeHash)>,
    /// Changes that were in the log before somebody restored an older one.
    pub(crate) once: BTreeSet<(RecordId, ChangeHash)>,
    /// A phone was copied, or put back to what it was.
    pub(crate) twins: bool,
    /// Every record.
    pub(crate) records: BTreeMap<RecordId, Built>,
}

/// Who may do more than the engineers, by account.
pub(crate) type Roles = BTreeMap<UserId, docket_protocol::role::Role>;

impl Logbook {
    /// Reads what was added; who wrote it must have been allowed to.
    pub(crate) fn read_on(&mut self, sql: &Connection, roles: &Roles) -> Result<(), Violation> {
        let rows = rows_after(sql, self.rows.len() as u64).expect("the checkers' SQL");
        let mut touched = BTreeSet::new();
        for row in rows {
            let next = self.rows.len() as u64 + 1;
            Invariant::I2.hold(row.seq == next, || {
                format!("the log goes on with row {}, not {next}", row.seq)
            })?;
            self.take(&row, roles)?;
            touched.insert(row.record);
            self.rows.push(row);
        }
        for record in touched {
            self.look_who_sees(record, roles)?;
        }
        Ok(())
    }

    /// Reads the whole log after a restart. It may have lost nothing that was seen in it.
    pub(crate) fn read_again(
        &mut self,
        sql: &Connection,
        before: &Self,
        roles: &Roles,
    ) -> Result<(), Violation> {
        self.once.extend(before.once.iter().copied());
        self.twins = before.twins;
        for row in rows_after(sql, 0).expect("the checkers' SQL") {
            let same = before.rows.get(self.rows.len()).is_none_or(|seen| *seen == row);
            Invariant::I2.hold(same, || format!("row {} is another one now", row.seq))?;
            self.take(&row, &Roles::new())?;
            self.rows.push(row);
        }
        Invariant::I2.hold(self.rows.len() >= before.rows.len(), || {
            format!("the log had {} rows and has {}", before.rows.len(), self.rows.len())
        })?;
        let records: Vec<_> = self.records.keys().copied().collect();
        records.into_iter().try_for_each(|record| self.look_who_sees(record, roles))
    }

    fn take(&mut self, row: &Row, roles: &Roles) -> Result<(), Violation> {
        match row.kind.as_str() {
            "change" => self.take_change(row, roles),
            "enter" => {
                self.built(row)?.told.insert(row.user);
                Ok(())
            }
            "leave" => {
                self.built(row)?.told.remove(&row.user);
                Ok(())
            }
            "hold" => {
                self.held.insert(row.at);
                let head = row.body.as_deref().map(read_head);
                self.held_changes.extend(head.and_then(Result::ok).map(|it| (row.record, it.hash)));
                Ok(())
            }
            // A decision: what it lets in follows, or came before, as a change.
            _ => Ok(()),
        }
    }

    fn built(&mut self, row: &Row) -> Result<&mut Built, Violation> {
        let found = self.records.get_mut(&row.record);
        found.map_or_else(|| Invariant::I8.broken("somebody sees a record without changes"), Ok)
    }

    fn take_change(&mut self, row: &Row, roles: &Roles) -> Result<(), Violation> {
        let (record, seq) = (row.record, row.seq);
        let Some(hash) = row.hash else { return Invariant::I2.broken("a change without a hash") };
        let before = self.by_hash.insert((record, hash), seq);
        Invariant::I4.hold(before.is_none(), || format!("{hash} is in the log twice, at {seq}"))?;
        let before = self.by_edit.insert(row.at, seq);
        // Twins make what both had not sent again, each as its own.
        Invariant::I4.hold(before.is_none() || row.at == MADE_AT || self.twins, || {
            format!("the edit of {} is in the log at {before:?} and again at {seq}", row.at)
        })?;
        let change = row.body.clone().and_then(|body| Change::from_bytes(body).ok());
        let Some(change) = change.filter(|change| change.hash().0 == hash.0) else {
            return Invariant::I2.broken(format!("the change in row {seq} is damaged"));
        };
        let built = self.records.entry(record).or_insert_with(|| Built::new(row));
        let may = roles.get(&row.user).is_none_or(|role| role.sees_all_jobs())
            || built.kind != RecordKind::Job
            || built.viewers.contains(&row.user)
            || built.viewers_now(roles).contains(&row.user)
            || self.held.contains(&row.at)
            || self.once.contains(&(record, hash));
        Invariant::I8.hold(may, || format!("{} wrote {record} at {seq} unseen", row.user))?;
        let applied = built.doc.apply_changes([change]);
        Invariant::I3.hold(applied.is_ok(), || format!("row {seq} cannot be applied"))?;
        built.kind = read::kind_of(&built.doc).unwrap_or(built.kind);
        Ok(())
    }

    fn look_who_sees(&mut self, record: RecordId, roles: &Roles) -> Result<(), Violation> {
        let Some(built) = self.records.get_mut(&record) else { return Ok(()) };
        if built.kind != RecordKind::Job {
            return Ok(());
        }
        built.viewers = built.viewers_now(roles);
        let (viewers, told) = (&built.viewers, &built.told);
        Invariant::I8
            .hold(viewers == told, || format!("{record} is for {viewers:?}, the log says {told:?}"))
    }

    /// Whether this person may get this record.
    pub(crate) fn may_see(&self, record: RecordId, user: UserId) -> bool {
        self.records
            .get(&record)
            .is_some_and(|built| built.kind != RecordKind::Job || built.viewers.contains(&user))
    }

    /// The jobs this person should find on a phone.
    pub(crate) fn jobs_of(&self, user: UserId) -> BTreeSet<RecordId> {
        let jobs = self.records.iter().filter(|(_, built)| built.kind == RecordKind::Job);
        jobs.filter(|(_, built)| built.viewers.contains(&user)).map(|(record, _)| *record).collect()
    }
}

impl Built {
    fn new(first: &Row) -> Self {
        Self {
            kind: RecordKind::Job,
            doc: empty(ActorId::from([0; 16])),
            opened_by: first.user,
            opened_on_phone: first.on_phone,
            // Until it is known who sees it: whoever opened it may go on in the same breath.
            viewers: BTreeSet::from([first.user]),
            told: BTreeSet::new(),
        }
    }

    /// A job belongs to its lead and active helpers, and until somebody leads to the engineer who
    /// opened it, or whoever opened it on a phone.
    fn viewers_now(&self, roles: &Roles) -> BTreeSet<UserId> {
        let job = JobContent::from_json(read::content(&self.doc, self.kind));
        let mut viewers: BTreeSet<UserId> = job.engineers().into_iter().collect();
        let engineer = |user| roles.get(user).is_some_and(|role| !role.sees_all_jobs());
        let theirs = self.opened_on_phone || engineer(&self.opened_by);
        if job.assignment.lead.is_none() && theirs {
            viewers.insert(self.opened_by);
        }
        viewers
    }

    /// The names of all its changes.
    pub(crate) fn hashes(&self) -> BTreeSet<ChangeHash> {
        self.doc.get_changes(&[]).iter().map(|change| change.hash().into()).collect()
    }
}

fn rows_after(sql: &Connection, seq: u64) -> rusqlite::Result<Vec<Row>> {
    sql.prepare_cached(
        "select seq, kind, record, user, device, hash, written_at, body, chain from log
         where seq > ? order by seq",
    )?
    .query_map([seq.cast_signed()], |row| {
        let id = |bytes: Vec<u8>| RecordId::from_bytes(&bytes).unwrap_or_default();
        let user = |bytes: Vec<u8>| UserId::from_bytes(&bytes).unwrap_or_default();
        Ok(Row {
            seq: row.get::<_, i64>(0)?.cast_unsigned(),
            kind: row.get(1)?,
            record: id(row.get(2)?),
            user: user(row.get(3)?),
            on_phone: row.get::<_, Option<Vec<u8>>>(4)?.is_some(),
            hash: row.get::<_, Option<[u8; 32]>>(5)?.map(ChangeHash),
            at: row.get(6)?,
            body: row.get(7)?,
            chain: row.get(8)?,
        })
    })?
    .collect()
}
