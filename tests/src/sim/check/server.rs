//! I2, I4, I6, I8, I10 and the server's half of I3: what the server says, and what its log and
//! tables say, is one and the same, and is only for those it is for.

use std::collections::BTreeSet;

use docket_protocol::automerge::ActorId;
use docket_protocol::change::read_head;
use docket_protocol::edit::report_signed;
use docket_protocol::ids::{ChangeHash, RecordId, UserId};
use docket_protocol::limits::{PULL_BYTES_TARGET, REQUEST_BYTES_MAX};
use docket_protocol::record::job::JobContent;
use docket_protocol::record::{self, RecordKind, read};
use docket_protocol::stage::stage_of;
use docket_protocol::wire::{CONTENT_TYPE, Item, RecordVerdicts, Verdict};
use docket_server::log;
use serde_json::Value as Json;

use crate::Answer;
use crate::sim::invariant::{Invariant, Violation};
use crate::sim::logbook::Logbook;
use crate::sim::organisation::Organisation;
use crate::sim::phone::Flight;
use crate::sim::world::World;

/// Stands for bytes that are no change; no log has it.
const NO_CHANGE: ChangeHash = ChangeHash([0; 32]);

/// Why an edit of an honest phone may be refused; anything else is a quarrel about bytes.
const HONEST: [&str; 3] = ["not-allowed", "unknown-record", "depends-on-refused"];

/// An answer to a sync, as the server gave it.
pub(crate) fn answer(
    world: &mut World,
    flight: &Flight,
    answer: &Answer,
    whole: bool,
) -> Result<(), Violation> {
    let bounded = answer.body.len() <= 2 * PULL_BYTES_TARGET
        && flight.request.body.len() <= REQUEST_BYTES_MAX;
    Invariant::I10.hold(bounded, || format!("{} bytes in an answer", answer.body.len()))?;
    let Some((answered, items)) = super::read(flight, answer) else {
        let ours = answer.status == 200 && answer.content_type == CONTENT_TYPE;
        return Invariant::I3.hold(!ours, || "the server's own answer cannot be read".to_owned());
    };
    verdicts(world, flight, &answered, whole)?;
    let user = world.people[flight.person].id;
    items.iter().try_for_each(|item| shown(&world.log, user, item))
}

/// I2, I6: what is acknowledged is in the log already; what is refused is not.
fn verdicts(
    world: &mut World,
    flight: &Flight,
    answered: &[RecordVerdicts],
    whole: bool,
) -> Result<(), Violation> {
    for ((record, pushed), answered) in flight.pushes.iter().zip(answered) {
        for (change, verdict) in pushed.iter().zip(&answered.verdicts) {
            let name = (*record, change.hash);
            let logged = world.log.by_hash.get(&name).copied();
            let says = || format!("{verdict:?} for {}, logged at {logged:?}", change.hash);
            match verdict {
                Verdict::Accepted(seq) => {
                    Invariant::I2.hold(logged == Some(seq.0), says)?;
                    world.acknowledged.insert(name);
                    world.refused.remove(&change.hash);
                }
                Verdict::Duplicate => {
                    Invariant::I2.hold(logged.is_some(), says)?;
                    world.acknowledged.insert(name);
                }
                Verdict::Held(_) => {
                    let kept = world.log.held.contains(&change.at);
                    Invariant::I2.hold(kept, || format!("{} is held nowhere", change.hash))?;
                }
                Verdict::Refused(code, path) => {
                    Invariant::I6.hold(logged.is_none(), says)?;
                    // A twin has sent the very same edit.
                    let known =
                        code == "already-there" && world.log.by_edit.contains_key(&change.at);
                    Invariant::I12.hold(known || HONEST.contains(&code.as_str()), || {
                        let edit = &world.saved.get(&change.at);
                        format!("an honest edit was refused: {code} at {path}: {edit:?}")
                    })?;
                    // A restored server has lost the record: it comes back, and this after it.
                    if !(world.restored && code == "unknown-record") {
                        world.refused.insert(change.hash);
                    }
                }
                Verdict::Need(_) | Verdict::Fork => {}
            }
        }
    }
    // A spoilt request is either answered as if it were whole, or not at all.
    let complete = answered.len() == flight.pushes.len();
    Invariant::I2.hold(complete, || format!("verdicts are missing; request whole: {whole}"))
}

/// I8: nobody is shown what is not theirs, nor anything that is not in the log.
fn shown(log: &Logbook, user: UserId, item: &Item) -> Result<(), Violation> {
    let (record, hashes) = match item {
        Item::Leave(_) | Item::Decided { .. } => return Ok(()),
        Item::Enter(snapshot) => {
            let doc = record::load(&snapshot.document, ActorId::from([0; 16]));
            let Ok(doc) = doc else {
                return Invariant::I3.broken(format!("{} does not load", snapshot.record));
            };
            let heads: Vec<ChangeHash> = doc.get_heads().into_iter().map(Into::into).collect();
            (snapshot.record, heads)
        }
        Item::Changes(changes) => {
            let hash = |bytes: &[u8]| read_head(bytes).map_or(NO_CHANGE, |head| head.hash);
            (changes.record, changes.changes.iter().map(|bytes| hash(bytes)).collect())
        }
    };
    Invariant::I8.hold(log.may_see(record, user), || format!("{user} is shown {record}"))?;
    let stranger = hashes.iter().find(|hash| !log.by_hash.contains_key(&(record, **hash)));
    Invariant::I6.hold(stranger.is_none(), || format!("{stranger:?} is not in the log"))
}

/// I2: after a restart, everything that was acknowledged or seen is still there.
pub(crate) fn server_started(world: &mut World) -> Result<(), Violation> {
    let before = std::mem::take(&mut world.log);
    let roles = world.roles();
    let log = &mut world.log;
    // Whether each row was allowed was judged when it was written, by the roles of that time.
    let read = world.server.read(|sql| Ok(log.read_again(sql, &before, &roles)));
    read.unwrap_or(Ok(()))?;
    acknowledged_is_there(world)
}

/// After somebody put an older database into its place: what phones still hold has to return.
pub(crate) fn server_restored(world: &mut World) -> Result<(), Violation> {
    let before = std::mem::take(&mut world.log);
    let twins = before.twins;
    world.log.once = before.by_hash.into_keys().chain(before.once).collect();
    let nothing = Logbook { twins, ..Logbook::default() };
    let roles = world.roles();
    let log = &mut world.log;
    let read = world.server.read(|sql| Ok(log.read_again(sql, &nothing, &roles)));
    read.unwrap_or(Ok(()))?;
    let lost: BTreeSet<(RecordId, ChangeHash)> = world
        .acknowledged
        .iter()
        .filter(|name| !world.log.by_hash.contains_key(name))
        .copied()
        .collect();
    world.acknowledged.retain(|name| !lost.contains(name));
    for number in 0..world.phones.len() {
        for name in super::equal::all_on(world, number).intersection(&lost) {
            world.phones[number].returns.insert(*name);
        }
    }
    Ok(())
}

/// A record leaves a phone by an answer from before the restore: what it held was safe then, and
/// does not come back from this phone.
pub(crate) fn let_go(world: &mut World, phone: usize, flight: &Flight, answer: &Answer) {
    let Some((_, items)) = super::read(flight, answer) else { return };
    for item in items {
        let Item::Leave(left) = item else { continue };
        world.phones[phone].returns.retain(|(record, _)| *record != left);
    }
}

/// I2: what a restored server had lost and phones still held has come back: into its record, or
/// to the office, where its author may not write there any more. One whose place a twin had taken
/// meanwhile is made again under another name.
pub(super) fn lost_has_returned(world: &World) -> Result<(), Violation> {
    let log = &world.log;
    let made_again = |name: &(_, ChangeHash)| {
        log.twins && world.names.get(&name.1).is_some_and(|at| log.by_edit.contains_key(at))
    };
    let is_back = |name| {
        log.by_hash.contains_key(name) || log.held_changes.contains(name) || made_again(name)
    };
    for (number, phone) in world.phones.iter().enumerate().filter(|(_, phone)| !phone.revoked) {
        let gone = phone.returns.iter().find(|name| !is_back(*name));
        Invariant::I2.hold(gone.is_none(), || {
            format!("{gone:?} was lost by the server, held by phone {number}, and is gone")
        })?;
    }
    Ok(())
}

fn acknowledged_is_there(world: &World) -> Result<(), Violation> {
    let lost = world.acknowledged.iter().find(|name| !world.log.by_hash.contains_key(name));
    Invariant::I2.hold(lost.is_none(), || format!("{lost:?} was acknowledged and is gone"))
}

/// I2, I4, I6: gapless, chained, nothing twice, nothing refused, nothing acknowledged missing.
pub(crate) fn log_holds_together(world: &mut World) -> Result<(), Violation> {
    world.read_log()?;
    let tenant = Organisation::get().tenant;
    let verified = world.server.read(|sql| log::verify(sql, tenant));
    Invariant::I2.hold(matches!(verified, Some(Ok(_))), || format!("{verified:?}"))?;
    acknowledged_is_there(world)?;
    let refused = world.log.by_hash.keys().find(|(_, hash)| world.refused.contains(hash));
    Invariant::I6.hold(refused.is_none(), || format!("{refused:?} was refused and is logged"))
}

/// What the server's tables say of one job.
#[derive(Debug)]
struct JobTables {
    heads: Vec<u8>,
    content: Json,
    stage: String,
    conflicts: BTreeSet<String>,
}

/// I3: heads, content, stage and conflicts in the tables are those of the log's changes.
pub(crate) fn read_model_follows(world: &mut World) -> Result<(), Violation> {
    for (record, built) in &world.log.records {
        if built.kind != RecordKind::Job {
            continue;
        }
        let found = world.server.read(|sql| job_tables(sql, *record)).expect("the server is up");
        let content = read::content(&built.doc, built.kind);
        let job = JobContent::from_json(content.clone());
        let mut heads = built.doc.get_heads();
        heads.sort_unstable();
        let heads: Vec<u8> = heads.iter().flat_map(|head| head.0).collect();
        Invariant::I3.hold(found.heads == heads, || format!("heads of {record} differ"))?;
        let same = found.content == content;
        Invariant::I3.hold(same, || format!("{record} is {content}, not {}", found.content))?;
        let stage = stage_of(&job, report_signed(&built.doc));
        let same = found.stage == stage.as_str();
        Invariant::I3.hold(same, || format!("{record} is {stage:?}, not {}", found.stage))?;
        let conflicts: BTreeSet<String> =
            super::conflicts::of(&built.doc, built.kind).into_keys().collect();
        let same = found.conflicts == conflicts;
        Invariant::I11.hold(same, || format!("{record}: {conflicts:?}, not {found:?}"))?;
    }
    Ok(())
}

fn job_tables(sql: &rusqlite::Connection, record: RecordId) -> rusqlite::Result<JobTables> {
    let mut conflicts = sql.prepare_cached("select path from conflicts where record = ?")?;
    let conflicts =
        conflicts.query_map([record.as_bytes()], |row| row.get(0))?.collect::<Result<_, _>>()?;
    sql.prepare_cached(
        "select r.heads, j.content, j.stage from records r join jobs j on j.record = r.record
         where r.record = ?",
    )?
    .query_row([record.as_bytes()], |row| {
        let content: String = row.get(1)?;
        let content = serde_json::from_str(&content).unwrap_or_default();
        Ok(JobTables { heads: row.get(0)?, content, stage: row.get(2)?, conflicts })
    })
}
