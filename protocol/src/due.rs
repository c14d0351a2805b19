//! When somebody has to be told or called again: computed from facts in the record, like the
//! stage, so that phone and console always agree. Times are Unix ms.

use crate::record::job::JobContent;
use crate::stage::Stage;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Longest silence during work on site, by fault level: the worse it is for the customer, the
/// more it matters to know how long it will still last.
const REPORT_EVERY_MS: &[(&str, i64)] = &[
    // Production stands: people decide by the half hour whether to send a shift home.
    ("critical", 30 * MINUTE_MS),
    // Work goes on, badly: an hour is what an improvised way around holds.
    ("major", 60 * MINUTE_MS),
    // A part is affected: at least twice in half a day.
    ("normal", 120 * MINUTE_MS),
    // Nobody waits for it, but nobody should have to ask either.
    ("minor", 240 * MINUTE_MS),
];

/// A fault that is not really mended is back within days; after a week people still remember
/// what it was like.
const FOLLOW_UP_AFTER_MS: i64 = 7 * DAY_MS;

/// By when the next report during the work is due (维修中汇报), while somebody is on site: counted
/// from the arrival, or from the last time anybody was told.
pub fn report_due_at(job: &JobContent, stage: Stage) -> Option<i64> {
    let arrived_at = job.visit.arrived_at.filter(|_| stage == Stage::OnSite)?;
    if job.visit.left_at.is_some() || job.intake.mode != "on_site" {
        return None;
    }
    let told_at = job.reports.values().map(|told| told.at).max();
    Some(told_at.map_or(arrived_at, |at| at.max(arrived_at)) + interval_ms(&job.intake.level))
}

/// By when the customer should be called again (回访), while nobody has; `signed_at` is when the
/// report was signed.
pub fn follow_up_due_at(job: &JobContent, signed_at: Option<i64>) -> Option<i64> {
    signed_at.filter(|_| job.follow_ups.is_empty()).map(|at| at + FOLLOW_UP_AFTER_MS)
}

/// A level that nobody has chosen is a normal one.
fn interval_ms(level: &str) -> i64 {
    let of = |wanted: &str| REPORT_EVERY_MS.iter().find(|(level, _)| *level == wanted);
    of(level).or_else(|| of("normal")).map_or(0, |(_, ms)| *ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ItemId;
    use crate::record::job::{FollowUp, Told};
    use crate::record::rules::LEVELS;

    fn on_site(level: &str) -> JobContent {
        let mut job = JobContent::default();
        job.intake.mode = "on_site".to_owned();
        job.intake.level = level.to_owned();
        job.visit.arrived_at = Some(0);
        job
    }

    #[test]
    fn the_higher_the_level_the_shorter_the_interval() {
        let due = |level: &&str| report_due_at(&on_site(level), Stage::OnSite);
        let due: Vec<_> = LEVELS.iter().map(due).collect();
        assert!(due.iter().all(Option::is_some) && due.is_sorted_by(|mild, bad| mild > bad));
        assert_eq!(due.last(), Some(&Some(30 * MINUTE_MS)));
        assert_eq!(due[1], report_due_at(&on_site(""), Stage::OnSite));
    }

    #[test]
    fn a_report_is_due_after_the_last_one_and_only_while_somebody_is_on_site() {
        let mut job = on_site("critical");
        job.reports.insert(ItemId::default(), Told { at: 50 * MINUTE_MS, ..Told::default() });
        assert_eq!(report_due_at(&job, Stage::OnSite), Some(80 * MINUTE_MS));
        assert_eq!(report_due_at(&job, Stage::Reported), None);
        job.visit.left_at = Some(60 * MINUTE_MS);
        assert_eq!(report_due_at(&job, Stage::OnSite), None);
        job.visit.left_at = None;
        job.intake.mode = "remote".to_owned();
        assert_eq!(report_due_at(&job, Stage::OnSite), None);
    }

    #[test]
    fn the_customer_is_called_again_a_week_after_signing_until_somebody_has() {
        let mut job = JobContent::default();
        assert_eq!(follow_up_due_at(&job, None), None);
        assert_eq!(follow_up_due_at(&job, Some(DAY_MS)), Some(8 * DAY_MS));
        job.follow_ups.insert(ItemId::default(), FollowUp::default());
        assert_eq!(follow_up_due_at(&job, Some(DAY_MS)), None);
    }
}
