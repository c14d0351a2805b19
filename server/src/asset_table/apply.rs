//! A plan is carried out through the desk, one edit after the other as by hand: it passes the field
//! rules, is in the log under its person's name, and comes to phones with their next sync. A few
//! edits share a commit, so that others can write in between; what was broken off half-way goes on
//! when the same table is imported again.

use std::collections::BTreeMap;

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;

use super::plan::Plan;
use super::row::{Fault, Problem};
use crate::auth::scope::Scope;
use crate::desk::{self, DeskError};
use crate::random::random;
use crate::store::{Store, StoreError, WriteTx};

/// Rows in one commit: few waits for the disk, and no other writer waits long.
const BATCH_ROWS: usize = 50;

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// Pieces of equipment that are new.
    pub added: usize,
    /// Pieces of equipment that were changed.
    pub changed: usize,
    /// Rows that said what was there already.
    pub same: usize,
    /// Lines that could not be used.
    pub faults: Vec<Fault>,
}

/// One row's part of a plan.
#[derive(Clone)]
struct Task {
    line: u64,
    dossier: RecordId,
    /// None for what is new.
    item: Option<ItemId>,
    fields: BTreeMap<String, FieldValue>,
}

/// Carries a plan out.
pub async fn apply(store: &Store, scope: &Scope, plan: Plan) -> Result<Done, StoreError> {
    let new = plan.additions.into_iter().map(|new| Task {
        line: new.line,
        dossier: new.dossier,
        item: None,
        fields: new.fields,
    });
    let other = plan.alterations.into_iter().map(|other| Task {
        line: other.line,
        dossier: other.dossier,
        item: Some(other.item),
        fields: other.fields,
    });
    let mut tasks: Vec<Task> = new.chain(other).collect();
    // Neighbours share a dossier, which is then loaded once.
    tasks.sort_by_key(|task| (task.dossier, task.line));
    let mut done = Done { same: plan.same, faults: plan.faults, ..Done::default() };
    for batch in tasks.chunks(BATCH_ROWS) {
        let (scope, batch) = (scope.clone(), batch.to_vec());
        let (added, changed, faults) = store.write(move |tx| carry_out(tx, &scope, &batch)).await?;
        done.added += added;
        done.changed += changed;
        done.faults.extend(faults);
    }
    done.faults.sort_by_key(|fault| fault.line);
    Ok(done)
}

/// What is refused has written nothing, so the others of its batch stay.
fn carry_out(
    tx: &mut WriteTx<'_>,
    scope: &Scope,
    batch: &[Task],
) -> Result<(usize, usize, Vec<Fault>), StoreError> {
    let (mut added, mut changed, mut faults) = (0, 0, Vec::new());
    for task in batch {
        let refused = match write(tx, scope, task) {
            Ok(()) => {
                *(if task.item.is_none() { &mut added } else { &mut changed }) += 1;
                continue;
            }
            Err(DeskError::Store(error)) => return Err(error),
            Err(DeskError::Refused(error)) => error.code.to_owned(),
            Err(DeskError::NotFound) => "no-such-field".to_owned(),
        };
        faults.push(Fault { line: task.line, column: None, problem: Problem::Refused(refused) });
    }
    Ok((added, changed, faults))
}

fn write(tx: &mut WriteTx<'_>, scope: &Scope, task: &Task) -> Result<(), DeskError> {
    let collection = Path::new("equipment");
    let Some(item) = task.item else {
        let (id, fields) = (ItemId::new(tx.now, random()), task.fields.clone());
        let entry = NewEntry { collection, id, fields };
        desk::edit(tx, scope, task.dossier, &Edit::AddEntry(entry))?;
        return Ok(());
    };
    for (field, value) in &task.fields {
        let path = collection.child(item).child(field);
        let edit = Edit::SetField { path, value: value.clone() };
        desk::edit(tx, scope, task.dossier, &edit)?;
    }
    Ok(())
}
