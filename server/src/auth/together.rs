//! Accounts that several people share show: two phones of one account, or two browsers, that are
//! in use within [`TOGETHER_MS`] are noted, once for each pair.
//!
//! A phone and a browser are what one person has in their hands, so they are no pair; nor does
//! anything stop working. Somebody in charge reads it, asks, and withdraws one.

use docket_protocol::ids::{TenantId, UserId};
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::auth::scope::Scope;
use crate::limits::TOGETHER_MS;
use crate::store::WriteTx;

/// The other phones or browsers of a person that are in use, and the own one.
const PHONES: &str = "select id, name from devices
     where tenant = ?1 and user = ?2 and id <> ?3 and revoked_at is null
       and last_seen_at >= ?4";
const BROWSERS: &str = "select b.id, b.name from browsers b
     where b.tenant = ?1 and b.user = ?2 and b.id <> ?3 and b.last_seen_at >= ?4
       and exists (select 1 from sessions s
                   where s.user = ?2 and s.browser = b.id and s.revoked_at is null)";

/// Notes with whom this phone or browser is in use together. Called whenever it is heard of.
pub fn notice(tx: &WriteTx<'_>, scope: &Scope) -> rusqlite::Result<()> {
    let since = tx.now - TOGETHER_MS;
    let (tenant, user) = (scope.tenant.0, scope.user.0);
    let (query, own) = match (scope.device, scope.browser) {
        (Some(device), _) => (PHONES, device.0),
        (None, Some(browser)) => (BROWSERS, browser),
        (None, None) => return Ok(()),
    };
    let others = tx
        .sql
        .prepare_cached(query)?
        .query_map(params![tenant, user, own, since], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(Uuid, String)>>>()?;
    for (other, name) in others {
        let noted = tx
            .sql
            .prepare_cached(
                "insert into used_together (tenant, user, one, other, noticed_at)
                 values (?1, ?2, min(?3, ?4), max(?3, ?4), ?5) on conflict do nothing",
            )?
            .execute(params![tenant, user, own, other, tx.now])?;
        if noted > 0 {
            audit::note(tx, scope, Deed::UsedTogether, &name)?;
        }
    }
    Ok(())
}

/// Two phones or two browsers of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Whose account.
    pub user: UserId,
    /// The names of both.
    pub names: [String; 2],
    /// Whether they are browsers.
    pub browsers: bool,
    /// When it was noticed.
    pub at: i64,
}

/// Pairs of which both can still be used: a withdrawn phone, or a browser that is signed out,
/// has been dealt with.
pub fn pairs(sql: &Connection, tenant: TenantId) -> rusqlite::Result<Vec<Pair>> {
    let phones = "select t.user, a.name, b.name, t.noticed_at
         from used_together t
         join devices a on a.id = t.one and a.revoked_at is null
         join devices b on b.id = t.other and b.revoked_at is null
         where t.tenant = ?1 and t.user > ?2 order by t.noticed_at desc";
    let signed_in = |id: &str| {
        format!(
            "exists (select 1 from sessions s
                     where s.user = t.user and s.browser = {id} and s.revoked_at is null)"
        )
    };
    let browsers = format!(
        "select t.user, a.name, b.name, t.noticed_at
         from used_together t
         join browsers a on a.tenant = t.tenant and a.user = t.user and a.id = t.one
         join browsers b on b.tenant = t.tenant and b.user = t.user and b.id = t.other
         where t.tenant = ?1 and t.user > ?2 and {} and {} order by t.noticed_at desc",
        signed_in("t.one"),
        signed_in("t.other")
    );
    let read = |browsers: bool, query: &str| -> rusqlite::Result<Vec<Pair>> {
        sql.prepare_cached(query)?
            .query_map(params![tenant.0, UserId::default().0], |row| {
                Ok(Pair {
                    user: UserId(row.get(0)?),
                    names: [row.get(1)?, row.get(2)?],
                    browsers,
                    at: row.get(3)?,
                })
            })?
            .collect()
    };
    Ok([read(false, phones)?, read(true, &browsers)?].concat())
}
