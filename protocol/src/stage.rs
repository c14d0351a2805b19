//! Where a job stands: computed from facts in the record, never stored.
//!
//! Two phones that hold the same record therefore always agree. The later fact wins: a job
//! that was signed is signed even when someone forgot to tap "arrived".

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::record::job::JobContent;
use crate::record::rules::LEVELS;

/// The stages in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Stage {
    /// The call is logged; nobody has it yet.
    #[n(0)]
    Received,
    /// Someone leads it.
    #[n(1)]
    Assigned,
    /// The lead has accepted it.
    #[n(2)]
    Preparing,
    /// The work has a time.
    #[n(3)]
    Planned,
    /// Someone has arrived, or a step is recorded.
    #[n(4)]
    OnSite,
    /// The service report is finished.
    #[n(5)]
    Reported,
    /// The customer has signed the service report.
    #[n(6)]
    Signed,
    /// Filed.
    #[n(7)]
    Archived,
}

impl Stage {
    /// Every stage in order.
    pub const ALL: [Self; 8] = [
        Self::Received,
        Self::Assigned,
        Self::Preparing,
        Self::Planned,
        Self::OnSite,
        Self::Reported,
        Self::Signed,
        Self::Archived,
    ];

    /// The word used in SQL, JSON and message ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Assigned => "assigned",
            Self::Preparing => "preparing",
            Self::Planned => "planned",
            Self::OnSite => "on_site",
            Self::Reported => "reported",
            Self::Signed => "signed",
            Self::Archived => "archived",
        }
    }

    /// Reads [`Stage::as_str`] back.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }
}

/// The stage of a job; `report_signed` says whether a valid report sign-off exists.
pub fn stage_of(job: &JobContent, report_signed: bool) -> Stage {
    let worked = job.visit.arrived_at.is_some() || job.steps.values().any(|step| !step.removed);
    if job.archive.archived_at.is_some() {
        Stage::Archived
    } else if report_signed {
        Stage::Signed
    } else if job.report.finished_at.is_some() {
        Stage::Reported
    } else if worked {
        Stage::OnSite
    } else if job.plan.start_at.is_some() {
        Stage::Planned
    } else if job.assignment.accepted_at.is_some() {
        Stage::Preparing
    } else if job.assignment.lead.is_some() {
        Stage::Assigned
    } else {
        Stage::Received
    }
}

/// A call must be with a responsible person within a day (24 小时内转交).
const HAND_OVER_WITHIN_MS: i64 = 24 * 60 * 60 * 1_000;

/// By when a call must be handed to somebody, while it has not been; a critical one at once.
pub fn hand_over_by(job: &JobContent, stage: Stage) -> Option<i64> {
    let opened_at = job.intake.opened_at.filter(|_| stage == Stage::Received)?;
    Some(opened_at + hand_over_within_ms(&job.intake.level))
}

/// How long a call may be with nobody: a critical one not at all.
pub fn hand_over_within_ms(level: &str) -> i64 {
    if LEVELS.last() == Some(&level) { 0 } else { HAND_OVER_WITHIN_MS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_handed_over_within_a_day_and_a_critical_one_at_once() {
        let mut job = JobContent::default();
        job.intake.opened_at = Some(1_000);
        assert_eq!(hand_over_by(&job, Stage::Received), Some(86_401_000));
        job.intake.level = "critical".to_owned();
        assert_eq!(hand_over_by(&job, Stage::Received), Some(1_000));
        assert_eq!(hand_over_by(&job, Stage::Assigned), None);
    }

    #[test]
    fn later_facts_win_over_missing_earlier_ones() {
        let mut job = JobContent::default();
        assert_eq!(stage_of(&job, false), Stage::Received);
        job.report.finished_at = Some(1);
        assert_eq!(stage_of(&job, false), Stage::Reported);
        assert_eq!(stage_of(&job, true), Stage::Signed);
        job.archive.archived_at = Some(2);
        assert_eq!(stage_of(&job, false), Stage::Archived);
    }
}
