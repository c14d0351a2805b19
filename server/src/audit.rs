//! Who did what to accounts and phones, and when: written with the deed, never changed.
//!
//! What was done to records is in the log; this is about people. Shown on the people page.

use docket_protocol::ids::{TenantId, UserId};
use rusqlite::{Connection, params};

use crate::auth::scope::Scope;
use crate::store::WriteTx;

/// What was done; each is a message id (`audit-{word}`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A phone may not be used any more.
    DeviceRevoked,
    /// A phone may be used again.
    DeviceRestored,
    /// An account was closed.
    AccountClosed,
    /// An account was opened again.
    AccountReopened,
    /// Somebody has another role.
    RoleChanged,
    /// Somebody is told of missed clocks elsewhere.
    ContactChanged,
}

impl Deed {
    fn as_str(self) -> &'static str {
        match self {
            Self::DeviceRevoked => "device-revoked",
            Self::DeviceRestored => "device-restored",
            Self::AccountClosed => "account-closed",
            Self::AccountReopened => "account-reopened",
            Self::RoleChanged => "role-changed",
            Self::ContactChanged => "contact-changed",
        }
    }
}

/// Writes down what somebody did to somebody's account, in the transaction of the deed.
pub fn write(
    tx: &WriteTx<'_>,
    scope: &Scope,
    deed: Deed,
    about: UserId,
    detail: &str,
) -> rusqlite::Result<()> {
    tx.sql
        .prepare_cached(
            "insert into audit (tenant, at, who, what, about, detail)
             values (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![scope.tenant.0, tx.now, scope.user.0, deed.as_str(), about.0, detail])?;
    Ok(())
}

/// One deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Server clock, Unix ms.
    pub at: i64,
    /// Who did it; empty at the command line.
    pub who: String,
    /// The deed's word.
    pub what: String,
    /// To whom.
    pub about: String,
    /// The phone's name, the new role, or the new mail address.
    pub detail: String,
}

/// The latest deeds.
pub fn latest(
    sql: &Connection,
    tenant: TenantId,
    most: usize,
) -> rusqlite::Result<Vec<AuditEntry>> {
    sql.prepare_cached(
        "select a.at, coalesce(w.name, ''), a.what, coalesce(u.name, ''), a.detail
         from audit a left join users w on w.id = a.who left join users u on u.id = a.about
         where a.tenant = ?1 order by a.id desc limit ?2",
    )?
    .query_map(params![tenant.0, most], |row| {
        Ok(AuditEntry {
            at: row.get(0)?,
            who: row.get(1)?,
            what: row.get(2)?,
            about: row.get(3)?,
            detail: row.get(4)?,
        })
    })?
    .collect()
}
