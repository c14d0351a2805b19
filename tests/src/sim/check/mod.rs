//! The checkers: what must hold at every moment of a run, and at its end.
//!
//! They compare what people and nodes were told with what the log and the stores say. The model
//! they go by is their own ([`super::phone::Kept`], [`super::logbook`]), never a product table.

mod conflicts;
mod equal;
mod kept;
mod server;
mod signoffs;

pub(crate) use equal::changes_on;
pub(crate) use kept::{
    accounted, count, delivered, not_stuck, perhaps_saved, recounted, tried_again,
};
pub(crate) use server::{answer, let_go, server_restored, server_started};

use std::collections::BTreeSet;

use docket_client_core::RequestKind;
use docket_protocol::automerge::ActorId;
use docket_protocol::change::read_head;
use docket_protocol::ids::ChangeHash;
use docket_protocol::limits::INFLATED_BYTES_MAX;
use docket_protocol::record;
use docket_protocol::wire::{
    self, CONTENT_TYPE, HandInAnswer, Item, ReconcileResponse, RecordVerdicts, SyncResponse,
};

use crate::Answer;
use crate::sim::invariant::Violation;
use crate::sim::phone::Flight;
use crate::sim::world::World;

/// Everything that must hold once all is healed.
pub(crate) fn at_the_end(world: &mut World) -> Result<(), Violation> {
    server::log_holds_together(world)?;
    server::lost_has_returned(world)?;
    server::read_model_follows(world)?;
    signoffs::stand(world)?;
    for number in 0..world.phones.len() {
        equal::phone_has_all(world, number)?;
    }
    Ok(())
}

/// An answer in one line: its verdicts and what it brings, or what went wrong.
pub(crate) fn summary(flight: &Flight, answer: &Answer) -> String {
    let Some((verdicts, items)) = read(flight, answer) else {
        let text = if answer.status == 200 { &[] } else { answer.body.as_slice() };
        return String::from_utf8_lossy(text).into_owned();
    };
    let verdicts: Vec<_> = verdicts.iter().flat_map(|record| &record.verdicts).collect();
    let items: Vec<_> = items.iter().map(item).collect();
    format!("{verdicts:?}, {items:?}{}", handed_back(flight, answer))
}

fn handed_back(flight: &Flight, answer: &Answer) -> String {
    if flight.request.kind != RequestKind::Sync {
        return String::new();
    }
    let response: Option<SyncResponse> = wire::unpack(&answer.body, INFLATED_BYTES_MAX).ok();
    let records = response.map_or(Vec::new(), |response| response.handed_back);
    let verdicts: Vec<_> = records.iter().flat_map(|record| &record.verdicts).collect();
    if verdicts.is_empty() { String::new() } else { format!(", handed back: {verdicts:?}") }
}

fn item(item: &Item) -> String {
    match item {
        Item::Enter(snapshot) => format!("{} enters", snapshot.record),
        Item::Leave(record) => format!("{record} leaves"),
        Item::Changes(changes) => format!("{} of {}", changes.changes.len(), changes.record),
        Item::Decided { hash, accepted, .. } => format!("{hash} accepted: {accepted}"),
    }
}

/// The changes that an answer brings, whole records included.
fn changes_in(items: &[Item]) -> BTreeSet<ChangeHash> {
    let mut changes = BTreeSet::new();
    for item in items {
        match item {
            Item::Enter(snapshot) => {
                let doc = record::load(&snapshot.document, ActorId::from([0; 16]));
                let all = doc.map(|doc| doc.get_changes(&[])).unwrap_or_default();
                changes.extend(all.iter().map(|change| ChangeHash::from(change.hash())));
            }
            Item::Changes(of) => {
                let heads = of.changes.iter().filter_map(|bytes| read_head(bytes).ok());
                changes.extend(heads.map(|head| head.hash));
            }
            Item::Leave(_) | Item::Decided { .. } => {}
        }
    }
    changes
}

/// What an answer says about pushed changes, and what it brings; none when it says nothing.
fn read(flight: &Flight, answer: &Answer) -> Option<(Vec<RecordVerdicts>, Vec<Item>)> {
    if answer.status != 200 || answer.content_type != CONTENT_TYPE {
        return None;
    }
    match flight.request.kind {
        RequestKind::Sync => {
            let response: SyncResponse = wire::unpack(&answer.body, INFLATED_BYTES_MAX).ok()?;
            Some((response.verdicts, response.items))
        }
        RequestKind::HandIn => {
            let response: HandInAnswer = wire::unpack(&answer.body, INFLATED_BYTES_MAX).ok()?;
            Some((response.verdicts, Vec::new()))
        }
        RequestKind::Reconcile => {
            let response: ReconcileResponse =
                wire::unpack(&answer.body, INFLATED_BYTES_MAX).ok()?;
            Some((Vec::new(), response.items))
        }
        RequestKind::Login | RequestKind::Refresh | RequestKind::Logout => None,
    }
}
