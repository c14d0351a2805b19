//! What a phone lacks: records that entered its sight, changes of those it has, records that
//! left. Costs what changed for that person, not what the organisation holds.
//!
//! Read-only; the same query serves a pull alone (on a reader) and one after a push (inside the
//! writer's transaction, so that the answer to one request speaks of one moment).

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::digest::{self, of_record};
use docket_protocol::ids::{ChangeHash, RecordId, Seq};
use docket_protocol::limits::PULL_BYTES_TARGET;
use docket_protocol::planted;
use docket_protocol::record::RecordKind;
use docket_protocol::wire::{ActorAuthor, Cursor, Item, RecordChanges, RecordSnapshot};
use rusqlite::{Connection, OptionalExtension, params};

use crate::attest::{self, Version, author};
use crate::auth::scope::Scope;
use crate::held;
use crate::limits::ENTER_CHANGES_MAX;
use crate::log::{self, CHAIN_START};
use crate::store::StoreError;

/// One page of news.
#[derive(Debug, Default)]
pub struct Page {
    /// In log order.
    pub items: Vec<Item>,
    /// Where the phone stands after them.
    pub cursor: Cursor,
    /// Whether there is more.
    pub more: bool,
    /// The phone's cursor is not of this log: the server was restored from a backup. Nothing
    /// comes but where the log stands; the phone finds out by reconciling what it lacks.
    pub rewound: bool,
    /// Sum over what the person sees, when nothing more follows.
    pub digest: Option<[u8; 16]>,
    /// The server's word on each record that the phone has more of now.
    pub words: Words,
}

/// The server's word ([`crate::attest`]) on records, each as a phone has it after an answer.
pub type Words = BTreeMap<RecordId, [u8; 16]>;

/// Rows that the sender has just pushed and need not get back, by record.
pub type OwnRows = BTreeMap<RecordId, BTreeSet<Seq>>;

/// Everything after `cursor` that this person may see, up to a page.
pub fn page(
    sql: &Connection,
    attest_key: &[u8; 32],
    scope: &Scope,
    cursor: Option<Cursor>,
    own: &OwnRows,
) -> Result<Page, StoreError> {
    let known = cursor.map(|cursor| is_known(sql, scope, &cursor)).transpose()?;
    let rewound = known == Some(false);
    let from = if rewound { Seq(0) } else { cursor.map_or(Seq(0), |cursor| cursor.seq) };
    let (end, chain) = log::end(sql, scope.tenant)?;
    let whole = Cursor { seq: end, tag: tag(&chain) };
    let mut basket = Basket::new(sql, scope, own);
    let events = if rewound || from == end { Vec::new() } else { events(sql, scope, from)? };
    let mut packed = 0;
    for event in &events {
        if basket.bytes >= PULL_BYTES_TARGET {
            break;
        }
        basket.add(event)?;
        packed += 1;
    }
    let more = packed < events.len();
    let cursor = match events[..packed].last() {
        Some(event) if more => {
            Cursor { seq: event.seq, tag: tag_at(sql, scope, event.seq)?.unwrap_or_default() }
        }
        _ => whole,
    };
    let (mut items, words) = basket.attested(attest_key, cursor.seq)?;
    for decided in held::decided_between(sql, scope, from, cursor.seq)? {
        let held::Decided { record, hash, accepted, note } = decided;
        items.push(Item::Decided { record, hash, accepted, note });
    }
    let digest = if more { None } else { Some(digest_of(sql, scope)?) };
    Ok(Page { items, cursor, more, rewound, digest, words })
}

/// The records a person's phone should have, each with its heads.
pub fn visible(
    sql: &Connection,
    scope: &Scope,
) -> rusqlite::Result<BTreeMap<RecordId, Vec<ChangeHash>>> {
    sql.prepare_cached(
        "select r.record, r.heads from visibility v
         join records r on r.tenant = ?1 and r.record = v.record
         where v.tenant = ?1 and v.user in (?2, zeroblob(16)) and v.left_seq is null",
    )?
    .query_map(params![scope.tenant.0, scope.user.0], |row| {
        Ok((RecordId(row.get(0)?), attest::split(&row.get::<_, Vec<u8>>(1)?)))
    })?
    .collect()
}

fn digest_of(sql: &Connection, scope: &Scope) -> rusqlite::Result<[u8; 16]> {
    let records = visible(sql, scope)?;
    let each = records.iter().map(|(record, heads)| of_record(scope.tenant, *record, heads));
    Ok(digest::sum(each))
}

/// Whole records, as they stand, up to a page; also how many did not fit.
pub fn whole_records(
    sql: &Connection,
    attest_key: &[u8; 32],
    scope: &Scope,
    records: &[RecordId],
) -> Result<(Vec<Item>, usize), StoreError> {
    let (end, _) = log::end(sql, scope.tenant)?;
    let own = OwnRows::new();
    let mut basket = Basket::new(sql, scope, &own);
    let mut packed = 0;
    for record in records {
        if basket.bytes >= PULL_BYTES_TARGET {
            break;
        }
        basket.add(&Event { seq: end, record: *record, kind: EventKind::Enter })?;
        packed += 1;
    }
    let (items, _) = basket.attested(attest_key, end)?;
    Ok((items, records.len() - packed))
}

fn is_known(sql: &Connection, scope: &Scope, cursor: &Cursor) -> rusqlite::Result<bool> {
    Ok(tag_at(sql, scope, cursor.seq)? == Some(cursor.tag))
}

fn tag_at(sql: &Connection, scope: &Scope, seq: Seq) -> rusqlite::Result<Option<[u8; 8]>> {
    if seq == Seq(0) {
        return Ok(Some(tag(&CHAIN_START)));
    }
    let chain: Option<[u8; 32]> = sql
        .prepare_cached("select chain from log where tenant = ?1 and seq = ?2")?
        .query_row(params![scope.tenant.0, i64::try_from(seq.0).unwrap_or(-1)], |row| row.get(0))
        .optional()?;
    Ok(chain.as_ref().map(tag))
}

fn tag(chain: &[u8; 32]) -> [u8; 8] {
    std::array::from_fn(|at| chain[at])
}

struct Event {
    seq: Seq,
    record: RecordId,
    kind: EventKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum EventKind {
    Enter,
    Leave,
    Change,
}

/// The joins keep their order: from what the person sees to its news. The rows since the cursor,
/// from which SQLite would rather begin, are everybody's.
const EVENTS: &str = "
    with mine as (select record, entered_seq, left_seq from visibility
                  where tenant = ?1 and user in (?2, zeroblob(16)))
    select entered_seq as seq, record, 0 as kind from mine
        where left_seq is null and entered_seq > ?3
    union all
    select left_seq, record, 1 from mine where left_seq > ?3
    union all
    select l.seq, l.record, 2
        from mine m
        cross join records r on r.tenant = ?1 and r.record = m.record and r.last_seq > ?3
        cross join log l on l.tenant = ?1 and l.record = m.record and l.seq > ?3
            and l.kind = 'change'
        where m.left_seq is null and m.entered_seq <= ?3
    order by seq";

fn events(sql: &Connection, scope: &Scope, from: Seq) -> rusqlite::Result<Vec<Event>> {
    let everyones = EVENTS.replace("user in (?2, zeroblob(16))", "?2 is not null");
    let asked = if planted::is("pull-without-scope") { &everyones } else { EVENTS };
    sql.prepare_cached(asked)?
        .query_map(params![scope.tenant.0, scope.user.0, from.0], |row| {
            let kind = match row.get(2)? {
                0 => EventKind::Enter,
                1 => EventKind::Leave,
                _ => EventKind::Change,
            };
            Ok(Event { seq: Seq(row.get(0)?), record: RecordId(row.get(1)?), kind })
        })?
        .collect()
}

/// The page while it fills.
struct Basket<'a> {
    sql: &'a Connection,
    scope: &'a Scope,
    own: &'a OwnRows,
    items: Vec<Item>,
    /// Where the changes of a record are collected, as index into `items`.
    collecting: BTreeMap<RecordId, usize>,
    /// Records whose authors, and the word on them, are in the item with which they enter.
    entered: BTreeSet<RecordId>,
    bytes: usize,
}

impl<'a> Basket<'a> {
    fn new(sql: &'a Connection, scope: &'a Scope, own: &'a OwnRows) -> Self {
        let (items, collecting, entered) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
        Self { sql, scope, own, items, collecting, entered, bytes: 0 }
    }

    fn add(&mut self, event: &Event) -> Result<(), StoreError> {
        match event.kind {
            EventKind::Leave => self.items.push(Item::Leave(event.record)),
            EventKind::Enter if self.is_all_own(event.record)? => {}
            EventKind::Enter => self.enter(event.record)?,
            EventKind::Change => {
                let own = self.own.get(&event.record);
                let eager = planted::is("own-rows-over-eager");
                if !own.is_some_and(|rows| eager || rows.contains(&event.seq)) {
                    let seq = event.seq.0.cast_signed();
                    for row in self.changes(event.record, seq, seq)? {
                        self.change(event.record, row);
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether the sender wrote every change of this record in this very request.
    fn is_all_own(&self, record: RecordId) -> rusqlite::Result<bool> {
        let Some(own) = self.own.get(&record) else {
            return Ok(false);
        };
        Ok(log::count_changes(self.sql, self.scope.tenant, record)? == own.len())
    }

    /// A whole record: what it begins with, and what stands on that. A short history is all
    /// changes, which take less on the way than a document: most of one follows from the others.
    fn enter(&mut self, record: RecordId) -> Result<(), StoreError> {
        let tenant = self.scope.tenant;
        let (kind, snapshot, snapshot_seq): (String, Vec<u8>, i64) = self
            .sql
            .prepare_cached(
                "select kind, snapshot, snapshot_seq from records
                 where tenant = ?1 and record = ?2",
            )?
            .query_row(params![tenant.0, record.0], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let kind = RecordKind::parse(&kind).ok_or(StoreError::Damaged(record))?;
        let short = log::count_changes(self.sql, tenant, record)? <= ENTER_CHANGES_MAX;
        let from = if short { 0 } else { snapshot_seq + 1 };
        let mut changes = self.changes(record, from, i64::MAX)?.into_iter();
        let first = if short { changes.next() } else { None };
        let document = first.map_or(snapshot, |(body, _)| body);
        self.bytes += document.len();
        let authors = attest::authors_of(self.sql, tenant, record)?;
        let document = document.into();
        let entered = RecordSnapshot { record, kind, document, authors, attest: None };
        self.items.push(Item::Enter(entered));
        self.entered.insert(record);
        changes.for_each(|change| self.change(record, change));
        Ok(())
    }

    fn changes(
        &self,
        record: RecordId,
        from_seq: i64,
        to_seq: i64,
    ) -> rusqlite::Result<Vec<(Vec<u8>, ActorAuthor)>> {
        self.sql
            .prepare_cached(
                "select body, actor, user, device from log
                 where tenant = ?1 and record = ?2 and seq between ?3 and ?4 and kind = 'change'
                 order by seq",
            )?
            .query_map(params![self.scope.tenant.0, record.0, from_seq, to_seq], |row| {
                Ok((row.get(0)?, author(row.get(1)?, row.get(2)?, row.get(3)?)))
            })?
            .collect()
    }

    fn change(&mut self, record: RecordId, (body, author): (Vec<u8>, ActorAuthor)) {
        self.bytes += body.len();
        let at = *self.collecting.entry(record).or_insert_with(|| {
            let (changes, authors) = (Vec::new(), Vec::new());
            let changes = RecordChanges { record, changes, authors, attest: None };
            self.items.push(Item::Changes(changes));
            self.items.len() - 1
        });
        if let Some(Item::Changes(item)) = self.items.get_mut(at) {
            item.changes.push(body.into());
            if !self.entered.contains(&record) && !item.authors.contains(&author) {
                item.authors.push(author);
            }
        }
    }

    /// The items, each with the server's word on what the phone will then have; and its word on
    /// records of which the phone has everything already.
    fn attested(mut self, key: &[u8; 32], until: Seq) -> Result<(Vec<Item>, Words), StoreError> {
        let nothing = BTreeSet::new();
        let mut words = BTreeMap::new();
        let own = self.own.keys().copied();
        let records: BTreeSet<_> = self.items.iter().filter_map(record_of).chain(own).collect();
        for record in records {
            if !self.is_visible(record)? {
                continue;
            }
            let own = self.own.get(&record).unwrap_or(&nothing);
            let known = Version::known_to(self.sql, self.scope.tenant, record, until, own)?;
            words.extend(known.map(|version| (record, version.attest(key))));
        }
        for item in &mut self.items {
            match item {
                Item::Enter(entered) => entered.attest = words.get(&entered.record).copied(),
                Item::Changes(changes) if self.entered.contains(&changes.record) => {}
                Item::Changes(changes) => changes.attest = words.get(&changes.record).copied(),
                Item::Leave(_) | Item::Decided { .. } => {}
            }
        }
        Ok((self.items, words))
    }

    fn is_visible(&self, record: RecordId) -> rusqlite::Result<bool> {
        self.sql
            .prepare_cached(
                "select 1 from visibility where tenant = ?1 and user in (?2, zeroblob(16))
                 and record = ?3 and left_seq is null",
            )?
            .exists(params![self.scope.tenant.0, self.scope.user.0, record.0])
    }
}

fn record_of(item: &Item) -> Option<RecordId> {
    match item {
        Item::Enter(entered) => Some(entered.record),
        Item::Changes(changes) => Some(changes.record),
        Item::Leave(_) | Item::Decided { .. } => None,
    }
}
