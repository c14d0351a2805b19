//! How complete the figures of a span can be: work may still lie on phones that the office has
//! not heard of since.
//!
//! A phone sends everything it has whenever it is in contact. So what was done in a span is here
//! once everybody who had work then has been in contact after it, and what a phone itself says it
//! still keeps is not.

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::ids::UserId;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::facts::Fact;
use super::period::Span;
use crate::auth::scope::Scope;

/// In a span that still runs, a silence as long as a working day is worth a note.
const SILENCE_MS: i64 = 12 * 3_600_000;

/// What may be missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    /// Jobs with work that may not be here.
    pub jobs: usize,
    /// On how many people's phones.
    pub phones: usize,
}

/// One person's phones together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// Whose.
    pub user: UserId,
    /// The latest contact of any of them.
    pub seen_at: i64,
    /// Jobs with unsent work, as last reported.
    pub unsent_jobs: usize,
}

/// Everybody with a phone that may sync.
pub fn contacts(sql: &Connection, scope: &Scope) -> rusqlite::Result<Vec<Contact>> {
    sql.prepare_cached(
        "select d.user, max(d.last_seen_at), coalesce(sum(r.unsent_jobs), 0)
         from devices d join users u on u.id = d.user
         left join device_reports r on r.device = d.id
         where d.tenant = ?1 and d.revoked_at is null and u.active = 1
         group by d.user",
    )?
    .query_map([scope.tenant.0], |row| {
        Ok(Contact { user: UserId(row.get(0)?), seen_at: row.get(1)?, unsent_jobs: row.get(2)? })
    })?
    .collect()
}

/// Judges the facts of a span by who has been heard of since.
pub fn judge(facts: &[Fact], span: Span, contacts: &[Contact], now: i64) -> Completeness {
    let heard_by = span.until.min(now - SILENCE_MS);
    let mut open: BTreeMap<UserId, usize> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.opened_at < span.until) {
        if let (Some(lead), i64::MAX) = (fact.lead, fact.open_until) {
            *open.entry(lead).or_default() += 1;
        }
    }
    let mut missing = Completeness::default();
    let mut people = BTreeSet::new();
    for contact in contacts {
        let silent = contact.seen_at < heard_by;
        let unheard = if silent { open.get(&contact.user).copied().unwrap_or(0) } else { 0 };
        let jobs = unheard.max(contact.unsent_jobs);
        if jobs > 0 && people.insert(contact.user) {
            missing.jobs += jobs;
            missing.phones += 1;
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Span = Span { from: 0, until: 1_000 };

    fn judged(seen_at: i64, unsent_jobs: usize, open_until: i64, now: i64) -> (usize, usize) {
        let user = UserId::new(1, [1; 10]);
        let fact = Fact { lead: Some(user), open_until, ..Fact::default() };
        let contact = Contact { user, seen_at, unsent_jobs };
        let missing = judge(&[fact], SPAN, &[contact], now);
        (missing.jobs, missing.phones)
    }

    #[test]
    fn a_span_is_complete_when_everybody_with_work_was_heard_of_after_it() {
        let long_after = 100 * SILENCE_MS;
        assert_eq!(judged(999, 0, i64::MAX, long_after), (1, 1));
        assert_eq!(judged(1_000, 0, i64::MAX, long_after), (0, 0));
        assert_eq!(judged(999, 0, 500, long_after), (0, 0), "nothing of theirs is open");
        assert_eq!(judged(1_000, 3, 500, long_after), (3, 1), "the phone itself says so");
    }

    #[test]
    fn while_a_span_runs_a_working_day_of_silence_counts() {
        let now = 900;
        assert_eq!(judged(now - SILENCE_MS - 1, 0, i64::MAX, now), (1, 1));
        assert_eq!(judged(now - SILENCE_MS, 0, i64::MAX, now), (0, 0));
    }
}
