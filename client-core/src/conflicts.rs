//! Who wrote what when two people wrote at once, as the screens show it: the open conflicts, the
//! settled ones, and the news that a value of ours no longer counts.
//!
//! All of it is read from the record. Only the news is kept in rows, because it has to survive
//! until the person has dealt with it, whatever happens to the record meanwhile.

use std::collections::BTreeMap;

use docket_protocol::automerge::{Automerge, ReadDoc};
use docket_protocol::edit::report_signed;
use docket_protocol::ids::{ChangeHash, RecordId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::conflict::{Conflict, ConflictValue, conflicts, standing};
use docket_protocol::record::rules::{FieldRule, rule_of};
use docket_protocol::record::settlement::{Settlement, settled_by, settlements};
use rusqlite::Connection;

use crate::client::Client;
use crate::editing::{author_of, me};
use crate::error::Result;
use crate::store::lists;
use crate::store::overruled::{self, Overruled, Written};
use crate::view::{ConflictValueView, ConflictView, OverruledValue, SettlementView};

/// Names by person.
pub(crate) type Names = BTreeMap<UserId, String>;

/// Whose changes are ours, and what the others are called, in one record.
pub(crate) struct Authors<'a> {
    pub(crate) sql: &'a Connection,
    pub(crate) record: RecordId,
    pub(crate) me: UserId,
    pub(crate) people: &'a Names,
}

impl Authors<'_> {
    /// The person an actor belongs to, by its hex.
    pub(crate) fn user(&self, actor: &str) -> Result<Option<UserId>> {
        let actor = data_encoding::HEXLOWER.decode(actor.as_bytes()).unwrap_or_default();
        author_of(self.sql, self.record, &actor, self.me)
    }

    /// That person's name, and whether it is the one who holds the phone.
    pub(crate) fn name(&self, actor: &str) -> Result<(String, bool)> {
        let user = self.user(actor)?;
        let name = user.and_then(|user| self.people.get(&user).cloned()).unwrap_or_default();
        Ok((name, user == Some(self.me)))
    }

    /// A conflict with its authors.
    pub(crate) fn conflict(&self, conflict: Conflict) -> Result<ConflictView> {
        let values = conflict.values.into_iter().map(|value| {
            let (author, mine) = self.name(&value.actor)?;
            let ConflictValue { value, at, chosen, .. } = value;
            Ok(ConflictValueView { value, author, at, mine, chosen })
        });
        let values = values.collect::<Result<_>>()?;
        Ok(ConflictView { path: conflict.path, rule: conflict.rule, values })
    }

    fn settlement(&self, settlement: Settlement) -> Result<SettlementView> {
        let (author, mine) = self.name(&settlement.actor)?;
        Ok(SettlementView {
            conflict: self.conflict(settlement.conflict)?,
            value: settlement.value,
            author,
            mine,
            at: settlement.at,
        })
    }
}

/// What people have settled in a job, latest first.
pub(crate) fn settled(client: &mut Client, record: RecordId) -> Result<Vec<SettlementView>> {
    let me = me(client)?.id;
    let sql = client.store.read();
    let people = lists::people(sql)?;
    let authors = Authors { sql, record, me, people: &people };
    let doc = &client.documents.get(sql, record)?.doc;
    let all = settlements(doc, RecordKind::Job).into_iter().rev();
    all.map(|settlement| authors.settlement(settlement)).collect()
}

/// What is new in a record after an answer: some changes, or perhaps everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Arrived {
    Changes(Vec<ChangeHash>),
    Whole,
}

/// Notes which values of ours lost by what has arrived.
pub(crate) fn note_overruled(
    sql: &Connection,
    record: RecordId,
    me: UserId,
    doc: &Automerge,
    arrived: &Arrived,
) -> Result<()> {
    let authors = Authors { sql, record, me, people: &Names::new() };
    for conflict in conflicts(doc, RecordKind::Job) {
        let Some(winner) = conflict.values.iter().find(|value| value.chosen) else { continue };
        let rule = serde_json::to_value(conflict.rule).unwrap_or_default();
        let rule = rule.as_str().unwrap_or_default();
        note_lost(&authors, &conflict, rule, winner)?;
    }
    for settlement in new_settlements(doc, arrived) {
        let Settlement { conflict, value, change, actor, at } = settlement;
        let winner = ConflictValue { value, change, actor, at, chosen: true };
        note_lost(&authors, &conflict, "person", &winner)?;
    }
    refresh_overruled(sql, record, me, doc)
}

fn new_settlements(doc: &Automerge, arrived: &Arrived) -> Vec<Settlement> {
    match arrived {
        Arrived::Whole => settlements(doc, RecordKind::Job),
        Arrived::Changes(hashes) => hashes
            .iter()
            .filter_map(|hash| doc.get_change_by_hash(&(*hash).into()))
            .flat_map(|change| settled_by(doc, RecordKind::Job, &change))
            .collect(),
    }
}

fn note_lost(
    authors: &Authors<'_>,
    conflict: &Conflict,
    rule: &str,
    winner: &ConflictValue,
) -> Result<()> {
    // When and by whom an item was ticked goes with the tick.
    let follows = rule_of(RecordKind::Job, &conflict.path).is_some_and(FieldRule::follows_tick);
    let winner_user = authors.user(&winner.actor)?;
    if follows || winner_user == Some(authors.me) {
        return Ok(());
    }
    for mine in &conflict.values {
        let lost = mine.value != winner.value && mine.change != winner.change;
        if lost && authors.user(&mine.actor)? == Some(authors.me) {
            let lost = Overruled {
                path: conflict.path.clone(),
                rule: rule.to_owned(),
                mine: written(mine),
                winner: written(winner),
                winner_user,
            };
            overruled::note(authors.sql, authors.record, &lost)?;
        }
    }
    Ok(())
}

fn written(value: &ConflictValue) -> Written {
    Written { change: value.change, value: value.value.clone(), at: value.at }
}

/// Drops the news that is none any more: our value counts again, or we wrote another one since.
pub(crate) fn refresh_overruled(
    sql: &Connection,
    record: RecordId,
    me: UserId,
    doc: &Automerge,
) -> Result<()> {
    let authors = Authors { sql, record, me, people: &Names::new() };
    for (id, path, mine) in overruled::waiting(sql, record)? {
        let counts = standing(doc, RecordKind::Job, &path);
        let again = match counts {
            Some(counts) => counts.value == mine || authors.user(&counts.actor)? == Some(me),
            None => false,
        };
        if again {
            overruled::drop_row(sql, id)?;
        }
    }
    Ok(())
}

/// The values of ours that no longer count, with what can be done about each.
pub(crate) fn overruled(client: &mut Client) -> Result<Vec<OverruledValue>> {
    let role = me(client)?.role;
    let sql = client.store.read();
    let mut waiting = overruled::list(sql)?;
    for one in &mut waiting {
        // Without the record here there is nothing to write into.
        let Ok(document) = client.documents.get(sql, one.record) else { continue };
        let Some(rule) = rule_of(RecordKind::Job, &one.path) else { continue };
        let locked = rule.locked && report_signed(&document.doc);
        one.may_choose = rule.writable_by(role) && !locked;
    }
    Ok(waiting)
}
