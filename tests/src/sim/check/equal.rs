//! I9, and the phones' half of I3: after healing, a phone holds exactly what its person may see,
//! change by change, and shows the same as the log's changes give.

use std::collections::BTreeSet;

use docket_client_core::command::Command;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::record::job::JobContent;
use docket_protocol::record::{RecordKind, read};
use docket_protocol::signoff::Signed;
use serde_json::{Value as Json, json};

use super::conflicts;
use crate::sim::invariant::{Invariant, Violation};
use crate::sim::world::World;

/// One phone against the log.
pub(crate) fn phone_has_all(world: &mut World, number: usize) -> Result<(), Violation> {
    if world.phones[number].revoked {
        return Ok(());
    }
    let status = world.status(number)?;
    Invariant::I9.hold(status["problem"].is_null(), || format!("phone {number}: {status}"))?;
    let unsent = &world.phones[number].kept.pending;
    Invariant::I9.hold(unsent.is_empty() && status["unsent_edits"] == 0, || {
        format!("phone {number} still keeps {unsent:?}")
    })?;
    let user = world.people[world.phones[number].person].id;
    let expected = world.log.jobs_of(user);
    let found: BTreeSet<RecordId> = world.jobs_on(number).into_iter().collect();
    Invariant::I9.hold(found == expected, || {
        format!("phone {number} lists {found:?}; for {user} there are {expected:?}")
    })?;
    expected.into_iter().try_for_each(|record| same_job(world, number, record))
}

fn same_job(world: &mut World, number: usize, record: RecordId) -> Result<(), Violation> {
    let now = world.phone_now(number);
    let phone = &mut world.phones[number];
    let history = phone.run(now, Command::History { record }).unwrap_or_default();
    let view = phone.run(now, Command::Job { record }).unwrap_or_default();
    let built = &world.log.records[&record];
    let found: BTreeSet<ChangeHash> = hashes(&history);
    let expected = built.hashes();
    Invariant::I3.hold(found == expected, || {
        let missing: Vec<_> = expected.difference(&found).collect();
        let strange: Vec<_> = found.difference(&expected).collect();
        format!("phone {number}, {record}: {missing:?} missing, {strange:?} not in the log")
    })?;
    let job = JobContent::from_json(read::content(&built.doc, RecordKind::Job));
    let expected = json!(job);
    Invariant::I3.hold(view["content"] == expected, || {
        format!("phone {number} shows {}, not {expected}", view["content"])
    })?;
    Invariant::I9.hold(view["sync"] == "merged", || {
        format!("phone {number} shows {record} as {}", view["sync"])
    })?;
    conflicts::listed(number, &view, &conflicts::of(&built.doc, RecordKind::Job))?;
    let signed: BTreeSet<String> =
        Signed::all_in(&built.doc).iter().map(|(id, _)| json!(id).to_string()).collect();
    let shown = view["signoffs"].as_array().into_iter().flatten();
    let shown: BTreeSet<String> = shown
        .filter(|signoff| signoff["valid"] == true)
        .map(|signoff| signoff["id"].to_string())
        .collect();
    Invariant::I7.hold(shown == signed, || {
        format!("phone {number} shows {shown:?} as valid; there are {signed:?}")
    })
}

/// Every change of every job that a phone shows, and that it has from the server or its person.
pub(super) fn all_on(world: &mut World, number: usize) -> BTreeSet<(RecordId, ChangeHash)> {
    let now = world.phone_now(number);
    let mut all = BTreeSet::new();
    for record in world.jobs_on(number) {
        let history = world.phones[number].run(now, Command::History { record });
        let mut history = history.unwrap_or_default();
        if let Some(entries) = history.as_array_mut() {
            entries.retain(|entry| entry["sync"] != "carried");
        }
        all.extend(hashes(&history).into_iter().map(|hash| (record, hash)));
    }
    all
}

/// Every change of a job that a phone shows.
pub(crate) fn changes_on(
    world: &mut World,
    number: usize,
    record: RecordId,
) -> BTreeSet<ChangeHash> {
    let now = world.phone_now(number);
    let history = world.phones[number].run(now, Command::History { record });
    hashes(&history.unwrap_or_default())
}

fn hashes(history: &Json) -> BTreeSet<ChangeHash> {
    let entries = history.as_array().into_iter().flatten();
    entries.filter_map(|entry| entry["change"].as_str()?.parse().ok()).collect()
}
