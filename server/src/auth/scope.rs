//! A person who has proved who they are. Handlers get a [`Scope`], never a bare connection:
//! whoever reads or writes says for whom.

use docket_protocol::edit::Author;
use docket_protocol::ids::{DeviceId, RecordId, TenantId, UserId};
use docket_protocol::role::Role;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// One signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The organisation; nothing outside it exists for this person.
    pub tenant: TenantId,
    /// The person.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// Their name as shown to others.
    pub name: String,
    /// Their phone; none at the desk.
    pub device: Option<DeviceId>,
    /// Their browser at the desk, as its cookie names it.
    pub browser: Option<Uuid>,
}

/// What a person may do with one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// See it and write it.
    Now,
    /// It was theirs once; late work is held for a decision.
    Once,
    /// For them it does not exist.
    Never,
}

impl Scope {
    /// This person as the author of an edit made now.
    pub fn author(&self, now: i64) -> Author {
        Author { user: self.user, role: self.role, now }
    }

    /// Whether this person may see and write a record of their tenant.
    pub fn access(&self, sql: &Connection, record: RecordId) -> rusqlite::Result<Access> {
        if self.role.sees_all_jobs() {
            let known = "select 1 from records where tenant = ?1 and record = ?2";
            let known = sql
                .prepare_cached(known)?
                .query_row(params![self.tenant.0, record.0], |_| Ok(()))
                .optional()?;
            return Ok(if known.is_some() { Access::Now } else { Access::Never });
        }
        let stays: Vec<Option<i64>> = sql
            .prepare_cached(
                "select left_seq from visibility
                 where tenant = ?1 and user in (?2, zeroblob(16)) and record = ?3",
            )?
            .query_map(params![self.tenant.0, self.user.0, record.0], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(match stays.as_slice() {
            [] => Access::Never,
            stays if stays.contains(&None) => Access::Now,
            _ => Access::Once,
        })
    }
}
