//! Service levels at the office: the clocks of jobs, from narrow facts and the contracts as they
//! stand now.
//!
//! No state of a clock is stored: it follows from [`docket_protocol::clocks`] whenever it is
//! asked for, so that late work, a pause or another contract need nothing to be brought up to
//! date. [`escalation`] tells people of missed ones, [`notices`] keeps whom, [`courier`] sends.

pub mod courier;
pub mod escalation;
pub mod mail;
pub mod notices;
pub mod outbox;
pub mod webhook;

use std::collections::BTreeMap;

use docket_protocol::calendar::{Span, Zone};
use docket_protocol::clocks::{Clock, ClockKind, ClockState, Progress, Terms, clocks};
use docket_protocol::ids::{RecordId, TenantId};
use docket_protocol::record::catalog::CatalogContent;
use docket_protocol::record::dossier::DossierContent;
use docket_protocol::stage::hand_over_within_ms;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::read_model::{catalog, dossiers};
use crate::store::StoreError;
use crate::store::cells::Cells;

/// A time zone as the calendar asks for it.
struct Local(TimeZone);

impl Zone for Local {
    fn offset_ms(&self, at: i64) -> i64 {
        let at = Timestamp::from_millisecond(at);
        at.map_or(0, |at| i64::from(self.0.to_offset(at).seconds()) * 1_000)
    }
}

/// The zone of that name; UTC where there is none.
pub(crate) fn zone_named(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The zone that an organisation tells its day in.
pub(crate) fn zone_of(sql: &Connection, tenant: TenantId) -> Result<TimeZone, StoreError> {
    Ok(zone_named(&catalog::get(sql, tenant)?.service.zone))
}

/// Everything that is promised: the catalog of an organisation and the terms of its customers.
#[derive(Debug, Clone, Default)]
pub struct Book {
    catalog: CatalogContent,
    contracts: BTreeMap<RecordId, DossierContent>,
}

impl Book {
    /// Reads it.
    pub fn load(sql: &Connection, tenant: TenantId) -> Result<Self, StoreError> {
        let contracts = dossiers::with_terms(sql, tenant)?.into_iter().collect();
        Ok(Self { catalog: catalog::get(sql, tenant)?, contracts })
    }

    /// The catalog.
    pub fn catalog(&self) -> &CatalogContent {
        &self.catalog
    }

    /// What is promised for a call.
    pub fn terms(&self, dossier: Option<RecordId>, level: &str, opened_at: i64) -> Terms {
        let contract = dossier.and_then(|dossier| self.contracts.get(&dossier));
        Terms::of(&self.catalog, contract, level, opened_at)
    }

    /// The clocks of a job, as far as its record says.
    pub fn clocks(
        &self,
        dossier: Option<RecordId>,
        level: &str,
        progress: &Progress,
        now: i64,
    ) -> Vec<Clock> {
        let terms = self.terms(dossier, level, progress.opened_at);
        clocks(progress, &terms, &Local(zone_named(&terms.zone)), now)
    }

    /// The clocks of a job with what the office knows beyond its record.
    pub fn judged(
        &self,
        sql: &Connection,
        tenant: TenantId,
        case: &Case,
        now: i64,
    ) -> rusqlite::Result<Vec<Clock>> {
        let clocks = self.clocks(case.dossier, &case.level, &case.progress, now);
        let silent = |clock: &Clock| clock.state == ClockState::Missed && clock.met_at.is_none();
        let heard_at = match clocks.iter().any(silent) {
            true => heard_at(sql, tenant, case.record)?,
            false => None,
        };
        let judged = |clock: Clock| clock.judged(case.learned_at(clock.kind), heard_at);
        Ok(clocks.into_iter().map(judged).collect())
    }
}

/// A job as its clocks see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The job.
    pub record: RecordId,
    /// Fault level.
    pub level: String,
    /// The customer's dossier.
    pub dossier: Option<RecordId>,
    /// Whether somebody leads it.
    pub led: bool,
    /// What has happened.
    pub progress: Progress,
    learned_at: [Option<i64>; 3],
}

impl Case {
    /// By when somebody must have the call, while nobody has.
    pub fn hand_over_by(&self) -> Option<i64> {
        let Progress { opened_at, responded_at, recovered_at, closed_at, .. } = self.progress;
        let over = [responded_at, recovered_at, closed_at].iter().any(Option::is_some);
        (!self.led && !over).then(|| opened_at + hand_over_within_ms(&self.level))
    }

    /// When the office learned of the end of a clock, server clock.
    pub fn learned_at(&self, kind: ClockKind) -> Option<i64> {
        self.learned_at[kind as usize]
    }
}

/// What [`progress`] reads of a row of `service_facts f`.
pub(crate) const PROGRESS: &str =
    "f.opened_at, f.on_site, f.responded_at, f.arrived_at, f.recovered_at, f.closed_at, f.pauses";

/// Reads the columns of [`PROGRESS`].
pub(crate) fn progress(cells: &mut Cells<'_>) -> rusqlite::Result<Progress> {
    Ok(Progress {
        opened_at: cells.read()?,
        on_site: cells.read()?,
        responded_at: cells.read()?,
        arrived_at: cells.read()?,
        recovered_at: cells.read()?,
        closed_at: cells.read()?,
        pauses: pauses_from(&cells.read::<String>()?),
    })
}

/// Pauses as they stand in a row.
pub(crate) fn pauses_text(pauses: &[Span]) -> String {
    let pairs: Vec<_> = pauses.iter().map(|pause| (pause.from, pause.until)).collect();
    serde_json::to_string(&pairs).unwrap_or_default()
}

fn pauses_from(text: &str) -> Vec<Span> {
    let pairs: Vec<(i64, i64)> = serde_json::from_str(text).unwrap_or_default();
    pairs.into_iter().map(|(from, until)| Span { from, until }).collect()
}

/// One job.
pub fn case(
    sql: &Connection,
    tenant: TenantId,
    record: RecordId,
) -> rusqlite::Result<Option<Case>> {
    sql.prepare_cached(&query("facts_of_record", "f.record = ?2"))?
        .query_row(params![tenant.0, record.0], read_case)
        .optional()
}

/// Every job that is neither solved nor filed, the oldest first.
pub fn open_cases(sql: &Connection, tenant: TenantId) -> rusqlite::Result<Vec<Case>> {
    let open = "f.open_until = ?2 order by f.opened_at, f.record";
    sql.prepare_cached(&query("facts_by_end", open))?
        .query_map(params![tenant.0, i64::MAX], read_case)?
        .collect()
}

fn query(index: &str, condition: &str) -> String {
    format!(
        "select f.record, f.level, f.dossier, f.lead is not null,
                f.response_learned_at, f.on_site_learned_at, f.recovery_learned_at, {PROGRESS}
         from service_facts f indexed by {index} where f.tenant = ?1 and {condition}"
    )
}

fn read_case(row: &Row<'_>) -> rusqlite::Result<Case> {
    let mut cells = Cells::of(row);
    Ok(Case {
        record: RecordId(cells.read()?),
        level: cells.read()?,
        dossier: cells.read::<Option<_>>()?.map(RecordId),
        led: cells.read()?,
        learned_at: [cells.read()?, cells.read()?, cells.read()?],
        progress: progress(&mut cells)?,
    })
}

/// When the office last heard of whoever may have evidence: of several people the one who has been
/// silent longest. None where nobody has the job on a phone.
pub fn heard_at(
    sql: &Connection,
    tenant: TenantId,
    record: RecordId,
) -> rusqlite::Result<Option<i64>> {
    sql.prepare_cached(
        "select min(seen_at) from
             (select max(d.last_seen_at) as seen_at
              from visibility v indexed by visibility_of_record
              join devices d on d.user = v.user and d.revoked_at is null
              where v.tenant = ?1 and v.record = ?2 and v.left_seq is null group by v.user)",
    )?
    .query_row(params![tenant.0, record.0], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_read_back_as_they_were_written() {
        let pauses = [Span { from: 5, until: 9 }, Span { from: 20, until: i64::MAX }];
        assert_eq!(pauses_from(&pauses_text(&pauses)), pauses);
        assert_eq!(pauses_from("[]"), []);
    }

    #[test]
    fn the_zone_changes_its_clocks_where_the_law_says_so() {
        let berlin = Local(zone_named("Europe/Berlin"));
        let (winter, summer) = (1_795_435_200_000, 1_782_907_200_000);
        assert_eq!((berlin.offset_ms(winter), berlin.offset_ms(summer)), (3_600_000, 7_200_000));
        assert_eq!(Local(zone_named("Nowhere/At all")).offset_ms(summer), 0);
    }
}
