//! What a job still lacks before it can be filed: computed from facts in the record, so that
//! phone and console say the same.

use serde::Serialize;

use crate::record::job::JobContent;

/// Something that is missing, in the order in which people get it done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// The service report is not finished, or not whole.
    Report,
    /// A planned risky operation was not ticked.
    Risky,
    /// No signature of the report binds.
    Signature,
    /// After work by telephone the customer's manager was not told the result.
    Telling,
    /// A promise is neither kept nor withdrawn.
    Promises,
}

impl Lack {
    /// The word used in message ids (`lack-{word}`).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Risky => "risky",
            Self::Signature => "signature",
            Self::Telling => "telling",
            Self::Promises => "promises",
        }
    }
}

/// Everything that is missing; `signed` says whether a sign-off of the report binds.
pub fn lacks(job: &JobContent, signed: bool) -> Vec<Lack> {
    let found = [
        (Lack::Report, !report_is_whole(job)),
        (Lack::Risky, risky_is_open(job)),
        (Lack::Signature, !signed),
        (Lack::Telling, job.intake.mode == "phone" && !result_was_told(job)),
        (Lack::Promises, job.open_promises().next().is_some()),
    ];
    found.into_iter().filter(|(_, missing)| *missing).map(|(lack, _)| lack).collect()
}

fn report_is_whole(job: &JobContent) -> bool {
    let report = &job.report;
    let said = [&report.cause, &report.treatment, &report.outcome];
    let explained = report.outcome == "solved"
        || [&report.open_reason, &report.next_plan].iter().all(|text| !text.is_empty());
    let analysed = !report.doubted || !report.analysis.is_empty();
    let finished = report.finished_at.is_some();
    finished && said.iter().all(|text| !text.is_empty()) && explained && analysed
}

fn risky_is_open(job: &JobContent) -> bool {
    job.plan.items.values().any(|item| item.risky && !item.done && !item.removed)
}

fn result_was_told(job: &JobContent) -> bool {
    let finished_at = job.report.finished_at.unwrap_or(i64::MAX);
    let managers = job.reports.values().filter(|told| told.to == "customer_manager");
    managers.map(|told| told.at).any(|at| at >= finished_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ItemId;
    use crate::record::job::{PlanItem, Promise, Report, Told};

    fn done() -> JobContent {
        let text = || "said".to_owned();
        let report = Report {
            cause: text(),
            treatment: text(),
            outcome: "solved".to_owned(),
            finished_at: Some(10),
            ..Report::default()
        };
        JobContent { report, ..JobContent::default() }
    }

    #[test]
    fn a_job_is_filed_when_reported_signed_and_every_promise_is_settled() {
        let mut job = done();
        assert_eq!(lacks(&JobContent::default(), false), [Lack::Report, Lack::Signature]);
        assert_eq!(lacks(&job, false), [Lack::Signature]);
        assert_eq!(lacks(&job, true), []);
        job.promises.insert(ItemId::default(), Promise::default());
        assert_eq!(lacks(&job, true), [Lack::Promises]);
    }

    #[test]
    fn an_unsolved_or_doubted_report_has_to_say_more() {
        let mut job = done();
        job.report.outcome = "unsolved".to_owned();
        assert_eq!(lacks(&job, true), [Lack::Report]);
        job.report.open_reason = "no part".to_owned();
        job.report.next_plan = "Wednesday".to_owned();
        assert_eq!(lacks(&job, true), []);
        job.report.doubted = true;
        assert_eq!(lacks(&job, true), [Lack::Report]);
        job.report.analysis = "measured twice".to_owned();
        assert_eq!(lacks(&job, true), []);
    }

    #[test]
    fn risky_work_is_ticked_and_after_a_call_the_manager_is_told() {
        let mut job = done();
        let risky = PlanItem { risky: true, ..PlanItem::default() };
        job.plan.items.insert(ItemId::default(), risky.clone());
        assert_eq!(lacks(&job, true), [Lack::Risky]);
        job.plan.items.insert(ItemId::default(), PlanItem { done: true, ..risky });
        job.intake.mode = "phone".to_owned();
        assert_eq!(lacks(&job, true), [Lack::Telling]);
        let told = Told { to: "customer_manager".to_owned(), at: 9, ..Told::default() };
        job.reports.insert(ItemId::default(), told.clone());
        assert_eq!(lacks(&job, true), [Lack::Telling], "before the report was finished");
        job.reports.insert(ItemId::default(), Told { at: 10, ..told });
        assert_eq!(lacks(&job, true), []);
    }
}
