//! I7: a sign-off verifies against the exact version it names, what was signed is what the
//! customer saw, and nobody who knew of the signature wrote what it froze.

use std::collections::BTreeSet;

use docket_protocol::automerge::{Automerge, Change, ChangeHash as Hash};
use docket_protocol::ids::RecordId;
use docket_protocol::ops::locate;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::rules::rule_of;
use docket_protocol::record::{RecordKind, read};
use docket_protocol::signoff::{Outcome, Purpose, Signed, Statement, content_digest};

use crate::sim::invariant::{Invariant, Violation};
use crate::sim::world::World;

/// Every sign-off in the log stands.
pub(crate) fn stand(world: &mut World) -> Result<(), Violation> {
    for (record, built) in &world.log.records {
        for (id, signed) in Signed::all_in(&built.doc) {
            let Ok(statement) = signed.verify() else {
                return Invariant::I7.broken(format!("sign-off {id} of {record} does not verify"));
            };
            let heads: Vec<Hash> = statement.heads.iter().map(|head| (*head).into()).collect();
            let Ok(content) = read::content_at(&built.doc, RecordKind::Job, &heads) else {
                return Invariant::I7.broken(format!("{id} names a version nobody has"));
            };
            let same = content_digest(&content) == statement.content_digest;
            Invariant::I7.hold(same, || format!("{id} was given on another content"))?;
            if let Some(seen) = world.signed.get(&statement.signed_at) {
                let same = JobContent::from_json(content) == *seen;
                Invariant::I7.hold(same, || format!("{id}: the customer saw {seen:?}"))?;
            }
            if freezes(&statement) {
                nothing_frozen_written(*record, &built.doc, &heads, &statement)?;
            }
        }
    }
    Ok(())
}

fn freezes(statement: &Statement) -> bool {
    statement.purpose == Purpose::Report && statement.outcome != Outcome::Refused
}

/// Changes that stand on the sign-off leave locked fields alone, unless they also stand on an
/// amendment that opened them again.
fn nothing_frozen_written(
    record: RecordId,
    doc: &Automerge,
    signed_heads: &[Hash],
    statement: &Statement,
) -> Result<(), Violation> {
    let changes = doc.get_changes(&[]);
    let (mut after, mut opened) = (BTreeSet::new(), BTreeSet::new());
    let own = format!("signoffs/{}", statement.signoff);
    for change in &changes {
        let ops = locate(doc, &change.decode()).unwrap_or_default();
        let amends = |path: &str| path.starts_with("amendments/") && path.ends_with(&own);
        if stands_on(change, &opened) || ops.iter().any(|op| amends(op.path.as_str())) {
            opened.insert(change.hash());
            continue;
        }
        if ops.iter().any(|op| op.path.as_str().starts_with(&own)) {
            // Automerge also names the writer's own last change, which the others stand on.
            let seen = history_of(&changes, signed_heads);
            let parents: BTreeSet<Hash> = change.deps().iter().copied().collect();
            let named = signed_heads.iter().all(|head| parents.contains(head));
            Invariant::I7.hold(named && parents.is_subset(&seen), || {
                format!("the sign-off of {record} stands on {parents:?}, names {signed_heads:?}")
            })?;
            after.insert(change.hash());
        } else if stands_on(change, &after) {
            after.insert(change.hash());
            let locked = |path| rule_of(RecordKind::Job, path).is_some_and(|rule| rule.locked);
            let frozen = ops.iter().find(|op| locked(&op.path));
            Invariant::I7.hold(frozen.is_none(), || {
                format!("{record}: {frozen:?} was written by somebody who knew the signature")
            })?;
        }
    }
    Ok(())
}

/// These changes and all they stand on.
fn history_of(changes: &[Change], heads: &[Hash]) -> BTreeSet<Hash> {
    let mut seen: BTreeSet<Hash> = heads.iter().copied().collect();
    // Parents come first in the list.
    for change in changes.iter().rev() {
        if seen.contains(&change.hash()) {
            seen.extend(change.deps());
        }
    }
    seen
}

fn stands_on(change: &Change, after: &BTreeSet<Hash>) -> bool {
    change.deps().iter().any(|dep| after.contains(dep))
}
