//! The schema's versions, one step at a time: each in one transaction that also counts it, so
//! that a phone that dies in between has either the old store or the new one, and goes on.
//!
//! Append only: a released step is never edited (`tests/vectors/phone-v1.db.sql` would show it).

use rusqlite::{Connection, TransactionBehavior};

use super::{confirmed, documents};
use crate::error::{ClientError, Result};

struct Step {
    sql: &'static str,
    /// What SQL cannot say, in the same transaction.
    then: fn(&Connection) -> Result<()>,
}

const STEPS: &[Step] = &[
    Step { sql: include_str!("schema/0001_spine.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("schema/0002_held.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("schema/0003_quarantine.sql"), then: documents::seal_bases },
    Step { sql: include_str!("schema/0004_repair.sql"), then: confirmed::begin },
    Step { sql: include_str!("schema/0005_overruled.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("schema/0006_promises_and_search.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("schema/0007_parcels.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("schema/0008_lists.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("schema/0009_hand_over.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("schema/0010_files.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("schema/0011_articles.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("schema/0012_drafts.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("schema/0013_one_search.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("schema/0014_pieces.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("schema/0015_records.sql"), then: |_| Ok(()) },
];

/// Brings a store of any earlier version, or none, up to date. Foreign keys are off until then:
/// a step that builds a table anew drops the old one beneath its children.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    let version: usize = connection.query_row("pragma user_version", [], |row| row.get(0))?;
    if version > STEPS.len() {
        return Err(ClientError::with_detail("store-too-new", &version));
    }
    for (number, step) in STEPS.iter().enumerate().skip(version) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step.sql)?;
        (step.then)(&transaction)?;
        transaction.pragma_update(None, "user_version", number as i64 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}
