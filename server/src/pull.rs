//! What a phone lacks: records that entered its sight, changes of those it has, records that
//! left. Costs what changed for that person, not what the organisation holds.
//!
//! Read-only; the same query serves a pull alone (on a reader) and one after a push (inside the
//! writer's transaction, so that the answer to one request speaks of one moment).

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::ids::{DeviceId, RecordId, Seq, UserId};
use docket_protocol::limits::PULL_BYTES_TARGET;
use docket_protocol::record::RecordKind;
use docket_protocol::wire::{ActorAuthor, Cursor, Item, RecordChanges, RecordSnapshot};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::auth::scope::Scope;
use crate::held;
use crate::log::{self, CHAIN_START};
use crate::store::StoreError;

/// One page of news.
#[derive(Debug)]
pub struct Page {
    /// In log order.
    pub items: Vec<Item>,
    /// Where the phone stands after them.
    pub cursor: Cursor,
    /// Whether there is more.
    pub more: bool,
    /// The phone's cursor is not of this log: the server was restored from a backup.
    pub rewound: bool,
}

/// Rows that the sender has just pushed and need not get back, by record.
pub type OwnRows = BTreeMap<RecordId, BTreeSet<Seq>>;

/// Everything after `cursor` that this person may see, up to a page.
pub fn page(
    sql: &Connection,
    scope: &Scope,
    cursor: Option<Cursor>,
    own: &OwnRows,
) -> Result<Page, StoreError> {
    let known = cursor.map(|cursor| is_known(sql, scope, &cursor)).transpose()?;
    let rewound = known == Some(false);
    let from = if rewound { Seq(0) } else { cursor.map_or(Seq(0), |cursor| cursor.seq) };
    let (end, chain) = log::end(sql, scope.tenant)?;
    let whole = Cursor { seq: end, tag: tag(&chain) };
    if from == end {
        return Ok(Page { items: Vec::new(), cursor: whole, more: false, rewound });
    }
    let events = events(sql, scope, from)?;
    let mut basket = Basket::new(sql, scope, own);
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
    let mut items = basket.items;
    for decided in held::decided_between(sql, scope, from, cursor.seq)? {
        let held::Decided { record, hash, accepted, note } = decided;
        items.push(Item::Decided { record, hash, accepted, note });
    }
    Ok(Page { items, cursor, more, rewound })
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
        join records r on r.tenant = ?1 and r.record = m.record and r.last_seq > ?3
        join log l on l.tenant = ?1 and l.record = m.record and l.seq > ?3 and l.kind = 'change'
        where m.left_seq is null and m.entered_seq <= ?3
    order by seq";

fn events(sql: &Connection, scope: &Scope, from: Seq) -> rusqlite::Result<Vec<Event>> {
    sql.prepare_cached(EVENTS)?
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
    bytes: usize,
}

impl<'a> Basket<'a> {
    fn new(sql: &'a Connection, scope: &'a Scope, own: &'a OwnRows) -> Self {
        let (items, collecting) = (Vec::new(), BTreeMap::new());
        Self { sql, scope, own, items, collecting, bytes: 0 }
    }

    fn add(&mut self, event: &Event) -> Result<(), StoreError> {
        match event.kind {
            EventKind::Leave => self.items.push(Item::Leave(event.record)),
            EventKind::Enter if self.is_all_own(event.record)? => {}
            EventKind::Enter => {
                let snapshot_seq = self.enter(event.record)?;
                // The snapshot may be a little older than the log; the rest follows as changes.
                for row in self.changes(event.record, snapshot_seq + 1, i64::MAX)? {
                    self.change(event.record, row);
                }
            }
            EventKind::Change => {
                let own = self.own.get(&event.record);
                if !own.is_some_and(|rows| rows.contains(&event.seq)) {
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
        let logged: usize = self
            .sql
            .prepare_cached(
                "select count(*) from log where tenant = ?1 and record = ?2 and kind = 'change'",
            )?
            .query_row(params![self.scope.tenant.0, record.0], |row| row.get(0))?;
        Ok(logged == own.len())
    }

    fn enter(&mut self, record: RecordId) -> Result<i64, StoreError> {
        let (kind, document, snapshot_seq): (String, Vec<u8>, i64) = self
            .sql
            .prepare_cached(
                "select kind, snapshot, snapshot_seq from records
                 where tenant = ?1 and record = ?2",
            )?
            .query_row(params![self.scope.tenant.0, record.0], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let authors = self
            .sql
            .prepare_cached(
                "select actor, user, device from actors where tenant = ?1 and record = ?2",
            )?
            .query_map(params![self.scope.tenant.0, record.0], |row| {
                Ok(author(row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        self.bytes += document.len();
        let kind = RecordKind::parse(&kind).ok_or(StoreError::Damaged(record))?;
        let document = document.into();
        self.items.push(Item::Enter(RecordSnapshot {
            record,
            kind,
            document,
            authors,
            attest: None,
        }));
        Ok(snapshot_seq)
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
            if !item.authors.contains(&author) {
                item.authors.push(author);
            }
        }
    }
}

fn author(actor: [u8; 16], user: Uuid, device: Option<Uuid>) -> ActorAuthor {
    ActorAuthor { actor: actor.to_vec().into(), user: UserId(user), device: device.map(DeviceId) }
}
