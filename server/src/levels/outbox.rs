//! Notices on their way out: what is to be sent now, and what came of an attempt.
//!
//! A row waits until the other side has taken it, through restarts; who dies between that and
//! writing it down sends it again, under the same id.

use docket_protocol::ids::{ItemId, TenantId};
use jiff::tz::TimeZone;
use rusqlite::{Connection, Row, params};

use super::notices::{self, Notice, Way};
use crate::limits::{NOTICE_ATTEMPTS_MAX, NOTICE_FAILURE_CHARS_MAX};
use crate::store::WriteTx;
use crate::words::{Language, Words};

/// The first pause after a failure, and the longest.
const PAUSE_MS: (i64, i64) = (60_000, 3_600_000);

/// One to send, with what its text says.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The notice.
    pub notice: Notice,
    /// The organisation.
    pub tenant: TenantId,
    /// Its name.
    pub organisation: String,
    /// The customer's name.
    pub customer: String,
    /// Fault level.
    pub level: String,
    /// Who leads the job; empty for nobody.
    pub lead: String,
    /// The recipient's address; empty for a webhook.
    pub mail: String,
    /// The recipient's language.
    pub words: Words,
    /// The time zone of the organisation's day.
    pub zone: TimeZone,
}

/// What is to be sent by one way now, the oldest first.
pub fn waiting(
    sql: &Connection,
    way: Way,
    now: i64,
    limit: usize,
) -> rusqlite::Result<Vec<Outgoing>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    sql.prepare_cached(
        "select n.*, t.name as organisation, coalesce(u.name, '') as name,
                coalesce(u.mail, '') as mail, coalesce(u.language, 'en') as language,
                coalesce(j.title, '') as title, coalesce(j.customer, '') as customer,
                coalesce(j.level, '') as level, coalesce(j.lead_name, '') as lead_name
         from notices n join tenants t on t.id = n.tenant
         left join users u on u.id = n.user
         left join jobs j on j.tenant = n.tenant and j.record = n.record
         where n.next_at <= ?1 and n.way = ?2 order by n.next_at, n.id limit ?3",
    )?
    .query_map(params![now, way.as_str(), limit], read)?
    .collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Outgoing> {
    let language = Language::parse(&row.get::<_, String>("language")?);
    Ok(Outgoing {
        notice: notices::read(row)?,
        tenant: TenantId(row.get("tenant")?),
        organisation: row.get("organisation")?,
        customer: row.get("customer")?,
        level: row.get("level")?,
        lead: row.get("lead_name")?,
        mail: row.get("mail")?,
        words: Words(language.unwrap_or(Language::English)),
        zone: TimeZone::UTC,
    })
}

/// The other side has it.
pub fn note_taken(tx: &WriteTx<'_>, id: ItemId) -> rusqlite::Result<()> {
    tx.sql
        .prepare_cached(
            "update notices set arrived_at = ?2, attempts = attempts + 1, next_at = null,
                                failure = ''
             where id = ?1",
        )?
        .execute(params![id.0, tx.now])?;
    Ok(())
}

/// It did not arrive: when to try again, if ever.
pub fn note_failed(tx: &WriteTx<'_>, notice: &Notice, failure: &str) -> rusqlite::Result<()> {
    let attempts = notice.attempts + 1;
    let failure: String = failure.chars().take(NOTICE_FAILURE_CHARS_MAX).collect();
    let next_at = (attempts < NOTICE_ATTEMPTS_MAX).then(|| tx.now + pause_ms(attempts));
    tx.sql
        .prepare_cached(
            "update notices set attempts = ?2, next_at = ?3, failure = ?4 where id = ?1",
        )?
        .execute(params![notice.id.0, attempts, next_at, failure])?;
    Ok(())
}

/// Twice as long after each attempt.
fn pause_ms(attempts: u32) -> i64 {
    let (first, longest) = PAUSE_MS;
    let doubled = 1_i64.checked_shl(attempts.saturating_sub(1)).unwrap_or(i64::MAX);
    first.saturating_mul(doubled).clamp(first, longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let minutes: Vec<_> = (1..=8).map(|attempts| pause_ms(attempts) / 60_000).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause_ms(70), 3_600_000);
    }
}
