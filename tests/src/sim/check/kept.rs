//! I1, I5, I12: every edit that was shown as saved is accounted for, at every moment: unsent on
//! the phone, or settled by a verdict that reached it, or under "not accepted".

use std::collections::BTreeSet;

use docket_client_core::command::Command;
use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::rules::{FieldRule, tick_of};
use docket_protocol::record::value::FieldValue;
use docket_protocol::wire::{Item, Verdict};
use serde_json::{Value as Json, json};

use crate::Answer;
use crate::sim::invariant::{Invariant, Violation};
use crate::sim::phone::Flight;
use crate::sim::world::World;

/// The phone's own counts are the model's.
pub(crate) fn accounted(world: &mut World, number: usize, by: Invariant) -> Result<(), Violation> {
    let status = world.status(number)?;
    let counts = ["unsent_edits", "held", "refused"];
    let found = counts.map(|name| count(&status[name]));
    let kept = &world.phones[number].kept;
    let expected = [kept.pending.len(), kept.held.len(), kept.refused.len()];
    // What a restored server lost is work on this phone again, whoever did it.
    let again = world.restored && found[0] >= expected[0] && found[2] == expected[2];
    by.hold(found == expected || again, || {
        format!("phone {number} shows {counts:?} as {found:?}; it was told to keep {kept:?}")
    })
}

/// A phone with work to send that has nothing to send waits for a reason, and knows until when.
pub(crate) fn not_stuck(world: &mut World, number: usize) -> Result<(), Violation> {
    let phone = &world.phones[number];
    if phone.kept.pending.is_empty() || phone.asked_in_vain || phone.revoked {
        return Ok(());
    }
    let status = world.status(number)?;
    let waits = !status["next_attempt_at"].is_null() || !status["withdrawn"].is_null();
    let at_rest = matches!(status["sync"].as_str(), Some("idle" | "waiting"));
    Invariant::I9.hold(waits || !at_rest, || format!("phone {number} is silent: {status}"))
}

/// What an answer that the phone took must have done: `meant` is none for one that it could not
/// take, or that it no longer waited for.
pub(crate) fn delivered(
    world: &mut World,
    number: usize,
    flight: &Flight,
    meant: Option<&Answer>,
) -> Result<(), Violation> {
    let Some((verdicts, items)) = meant.and_then(|answer| super::read(flight, answer)) else {
        return accounted(world, number, Invariant::I5);
    };
    let mut all = verdicts.iter().flat_map(|answered| &answered.verdicts);
    world.phones[number].asked_in_vain = all.any(|verdict| matches!(verdict, Verdict::Need(_)));
    // What a twin has written may take the place of what is not sent, which is made again.
    let mut rebuilt = world.may_differ && !items.is_empty();
    let mut unsure = BTreeSet::new();
    // What is not accepted of a colleague's goes from here, and what stands on it is made again.
    let falls = |verdict: &Verdict| matches!(verdict, Verdict::Refused(..) | Verdict::Fork);
    let mut all = verdicts.iter().flat_map(|answered| &answered.verdicts);
    rebuilt |= flight.is_parcel() && all.any(falls);
    come_back(world, number, &items);
    let kept = &mut world.phones[number].kept;
    let own = flight.pushes.iter().filter(|_| !flight.is_parcel());
    for ((record, pushed), answered) in own.zip(&verdicts) {
        for (change, verdict) in pushed.iter().zip(&answered.verdicts) {
            match verdict {
                Verdict::Accepted(_) | Verdict::Duplicate => {
                    kept.pending.remove(&change.at);
                    kept.held.remove(&change.at);
                }
                Verdict::Held(_) => {
                    if kept.pending.remove(&change.at).is_some() {
                        kept.held.insert(change.at);
                    }
                }
                Verdict::Need(_) => {}
                // The phone knows better and keeps it, if it ever had the record.
                Verdict::Refused(code, _) if code == "unknown-record" && world.restored => {
                    unsure.insert(change.at);
                    rebuilt = true;
                }
                Verdict::Refused(..) | Verdict::Fork => {
                    // Held once, lost by a restored server, and judged now.
                    if kept.held.remove(&change.at) {
                        kept.refused.insert(change.at);
                    } else {
                        // Its twin may have come back with the same answer; this one is ours still.
                        kept.pending.insert(change.at, *record);
                    }
                    rebuilt = true;
                }
            }
        }
    }
    if !unsure.is_empty() {
        let refused = refused_edits(world, number)?;
        let kept = &mut world.phones[number].kept;
        for at in unsure.intersection(&refused).filter(|at| kept.held.remove(at)) {
            kept.refused.insert(*at);
        }
    }
    rebuilt |= decided(world, number, &items);
    match rebuilt {
        true => recounted(world, number, Invariant::I12),
        false => accounted(world, number, Invariant::I5),
    }
}

/// What a colleague has brought to the office comes back as news before it has a verdict.
fn come_back(world: &mut World, number: usize, items: &[Item]) {
    for hash in super::changes_in(items) {
        let at = world.names.get(&hash);
        at.and_then(|at| world.phones[number].kept.pending.remove(at));
    }
}

/// The office has decided; true when work on this phone is made again after that.
fn decided(world: &mut World, number: usize, items: &[Item]) -> bool {
    let kept = &mut world.phones[number].kept;
    let mut rebuilt = false;
    for item in items {
        let Item::Decided { hash, accepted, .. } = item else { continue };
        let Some(at) = world.names.get(hash) else { continue };
        if *accepted {
            // Set aside once, and accepted with later work that stands on it.
            kept.refused.remove(at);
        }
        if kept.held.remove(at) && !accepted {
            kept.refused.insert(*at);
            rebuilt = true;
        }
    }
    rebuilt
}

/// Looks at every edit by itself: after a crash, and when edits were made again. None may be
/// missing; those that could not be made again are under "not accepted", with every word.
pub(crate) fn recounted(world: &mut World, number: usize, by: Invariant) -> Result<(), Violation> {
    let pending = world.phones[number].kept.pending.clone();
    let unsent = unsent_edits(world, number, pending.values().copied().collect())?;
    let refused = refused_edits(world, number)?;
    for (at, record) in pending {
        let kept = &mut world.phones[number].kept;
        if unsent.contains(&at) {
            continue;
        }
        kept.pending.remove(&at);
        if refused.contains(&at) {
            kept.refused.insert(at);
        } else if !says_so_already(world, number, record, at) {
            let saved = &world.saved[&at];
            return by.broken(format!("phone {number} lost the edit of {at}: {saved:?}"));
        }
    }
    accounted(world, number, by)
}

/// After the app died of an edit that it had not called saved: it is there as a whole, or not.
pub(crate) fn perhaps_saved(
    world: &mut World,
    number: usize,
    at: i64,
    edit: Option<Edit>,
) -> Result<(), Violation> {
    for record in world.jobs_on(number) {
        if unsent_edits(world, number, BTreeSet::from([record]))?.contains(&at) {
            world.phones[number].kept.pending.insert(at, record);
            world.saved.insert(at, edit);
            break;
        }
    }
    recounted(world, number, Invariant::I1)
}

/// After an edit that was not accepted was tried again: it is in the record now, or as before
/// under "not accepted"; never both, and never nowhere.
pub(crate) fn tried_again(
    world: &mut World,
    number: usize,
    record: RecordId,
    made_at: i64,
    at: i64,
) -> Result<(), Violation> {
    let again = unsent_edits(world, number, BTreeSet::from([record]))?.contains(&at);
    let still_refused = refused_edits(world, number)?.contains(&made_at);
    let somewhere = again || still_refused || says_so_already(world, number, record, made_at);
    Invariant::I12.hold(somewhere && !(again && still_refused), || {
        format!("phone {number}, {made_at}: made again {again}, still refused {still_refused}")
    })?;
    let saved = world.saved[&made_at].clone();
    let kept = &mut world.phones[number].kept;
    if again {
        kept.pending.insert(at, record);
        world.saved.insert(at, saved);
    }
    if !still_refused {
        kept.refused.remove(&made_at);
    }
    accounted(world, number, Invariant::I12)
}

/// The edits of these records that the phone shows as only on it.
fn unsent_edits(
    world: &mut World,
    number: usize,
    records: BTreeSet<RecordId>,
) -> Result<BTreeSet<i64>, Violation> {
    let now = world.phone_now(number);
    let mut unsent = BTreeSet::new();
    for record in records {
        // A record whose first change was refused is gone, and all its edits are refused.
        let history = world.phones[number].run(now, Command::History { record });
        for entry in history.unwrap_or_default().as_array().into_iter().flatten() {
            if entry["sync"] == "on_this_phone" {
                unsent.extend(entry["at"].as_i64());
            }
        }
    }
    Ok(unsent)
}

fn refused_edits(world: &mut World, number: usize) -> Result<BTreeSet<i64>, Violation> {
    let now = world.phone_now(number);
    let list = world.phones[number].run(now, Command::Refused);
    let list = list.or_else(|error| Invariant::I1.broken(format!("phone {number}: {error}")))?;
    Ok(list.as_array().into_iter().flatten().filter_map(|it| it["made_at"].as_i64()).collect())
}

/// An edit that was made again and changed nothing, because somebody else had written the same,
/// or a twin of this phone has sent it.
fn says_so_already(world: &mut World, number: usize, record: RecordId, at: i64) -> bool {
    if world.log.by_edit.contains_key(&at) {
        return true;
    }
    let Some(view) = world.page_of(number, record) else { return false };
    let stands = |path: &str| view["content"].pointer(&format!("/{path}")).cloned();
    match &world.saved[&at] {
        Some(Edit::SetField { path, value }) => {
            let stands = stands(path.as_str()).unwrap_or(Json::Null);
            let empty = stands == Json::Null || stands == "";
            match value {
                FieldValue::Nothing => empty,
                value => stands == json!(value) || (empty && *value == "".into()),
            }
        }
        Some(Edit::TickItem { collection, item, done }) => {
            let tick = tick_of(RecordKind::Job, collection).map_or("", FieldRule::name);
            stands(&format!("{collection}/{item}/{tick}")) == Some(json!(done))
        }
        _ => false,
    }
}

/// A number on a screen.
pub(crate) fn count(number: &Json) -> usize {
    number.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0)
}
