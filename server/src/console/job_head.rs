//! What stands over a job, and in its row of the board: number, stage, level, priority, due.
//!
//! Stage and urgency are always a shape and a word; the tone only repeats them.

use docket_protocol::ids::RecordId;
use docket_protocol::stage::Stage;

use super::clock_card::{Pressing, state_mark};
use super::field::Reader;
use crate::read_model::jobs::JobRow;
use crate::words::Words;

/// An icon and a word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) icon: &'static str,
    pub(crate) word: String,
    pub(crate) tone: &'static str,
}

/// A stage as eight marks, filled up to where the job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StageMark {
    pub(crate) name: &'static str,
    pub(crate) word: String,
    reached: usize,
}

/// One of the eight.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bar {
    pub(crate) x: f32,
    pub(crate) y: u8,
    pub(crate) height: u8,
    pub(crate) done: bool,
}

impl StageMark {
    pub(crate) fn new(words: Words, stage: Stage) -> Self {
        let name = stage.as_str();
        Self { name, word: words.of("stage", name), reached: place(stage) }
    }

    /// What to draw.
    pub(crate) fn bars(&self) -> Vec<Bar> {
        let bar = |at: usize| {
            let done = at <= self.reached;
            let x = f32::from(u8::try_from(at).unwrap_or_default()) * 5.6;
            Bar { x, y: if done { 0 } else { 4 }, height: if done { 12 } else { 4 }, done }
        };
        (0..Stage::ALL.len()).map(bar).collect()
    }
}

/// One step of the way from call to archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WayStep {
    pub(crate) word: String,
    pub(crate) reached: bool,
    pub(crate) here: bool,
}

/// The whole way, with where the job is on it.
pub(crate) fn way(words: Words, stage: Stage) -> Vec<WayStep> {
    let reached = place(stage);
    Stage::ALL
        .into_iter()
        .enumerate()
        .map(|(at, step)| WayStep {
            word: words.of("stage", step.as_str()),
            reached: at <= reached,
            here: at == reached,
        })
        .collect()
}

fn place(stage: Stage) -> usize {
    Stage::ALL.iter().position(|one| *one == stage).unwrap_or(0)
}

/// How a fault level is drawn.
pub(crate) fn level_mark(words: Words, level: &str) -> Mark {
    let (icon, tone) = match level {
        "critical" => ("critical", "alarm"),
        "major" => ("warning", "warn"),
        "minor" => ("level-mild", ""),
        _ => ("level", ""),
    };
    Mark { icon, tone, word: words.of("level", level) }
}

/// How a priority is drawn.
pub(crate) fn priority_mark(words: Words, priority: &str) -> Mark {
    let (icon, tone) = match priority {
        "urgent" => ("up-twice", "alarm"),
        "high" => ("up", "warn"),
        "low" => ("down", ""),
        _ => ("even", ""),
    };
    Mark { icon, tone, word: words.of("priority", priority) }
}

/// A job in a list.
#[derive(Debug, Clone)]
pub(crate) struct JobLine {
    pub(crate) record: RecordId,
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) customer: String,
    pub(crate) site: String,
    pub(crate) lead: String,
    pub(crate) level: Mark,
    pub(crate) priority: Mark,
    pub(crate) stage: StageMark,
    pub(crate) due: String,
    pub(crate) overdue: bool,
    pub(crate) opened: String,
    pub(crate) updated: String,
    pub(crate) conflicts: usize,
    pub(crate) late: usize,
    pub(crate) signed: bool,
    /// A report during the work was missed: since when.
    pub(crate) report_missed: Option<String>,
    /// The follow-up call is due: since when.
    pub(crate) follow_up_due: Option<String>,
    /// The most pressing clock, with its name and end.
    pub(crate) clock: Option<ClockMark>,
}

/// A clock in a list.
#[derive(Debug, Clone)]
pub(crate) struct ClockMark {
    pub(crate) state: Mark,
    pub(crate) label: String,
    pub(crate) due: String,
}

impl JobLine {
    /// The same with a clock.
    pub(crate) fn with_clock(reader: &Reader, job: &JobRow, clock: Option<&Pressing>) -> Self {
        let words = reader.words;
        let clock = clock.map(|clock| ClockMark {
            state: state_mark(words, clock.state),
            label: words.of("clock", clock.kind),
            due: clock.due_at.map_or_else(String::new, |at| reader.moments.short(at)),
        });
        Self { clock, ..Self::new(reader, job) }
    }

    pub(crate) fn new(reader: &Reader, job: &JobRow) -> Self {
        let words = reader.words;
        // An ordinary priority says nothing that a list needs to repeat in every row.
        let priority = match job.priority.as_str() {
            "normal" => Mark::default(),
            priority => priority_mark(words, priority),
        };
        Self {
            record: job.record,
            number: job.number.clone(),
            title: title_of(&job.title, &job.number),
            customer: job.customer.clone(),
            site: job.site.clone(),
            lead: job.lead_name.clone(),
            level: level_mark(words, &job.level),
            priority,
            stage: StageMark::new(words, job.stage),
            due: job.due_at.map_or_else(String::new, |at| reader.moments.short(at)),
            overdue: is_overdue(reader, job),
            opened: reader.moments.day(job.opened_at),
            updated: reader.moments.short(job.updated_at),
            conflicts: usize::try_from(job.open_conflicts).unwrap_or_default(),
            late: usize::try_from(job.late_edits).unwrap_or_default(),
            signed: job.signed_at.is_some(),
            report_missed: passed(reader, job.report_due_at),
            follow_up_due: passed(reader, job.follow_up_due_at),
            clock: None,
        }
    }
}

/// A moment in words, once it has passed.
pub(crate) fn passed(reader: &Reader, due_at: Option<i64>) -> Option<String> {
    due_at.filter(|at| reader.moments.is_past(*at)).map(|at| reader.moments.short(at))
}

/// Whether the promised time has passed with the work not reported done.
pub(crate) fn is_overdue(reader: &Reader, job: &JobRow) -> bool {
    let open = place(job.stage) < place(Stage::Reported);
    open && job.due_at.is_some_and(|at| reader.moments.is_past(at))
}

/// A job that somebody has not named yet is still a link.
pub(crate) fn title_of(title: &str, number: &str) -> String {
    if title.is_empty() { number.to_owned() } else { title.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn eight_marks_fill_up_to_the_stage() {
        let words = Words(Language::Chinese);
        let filled =
            |stage| StageMark::new(words, stage).bars().iter().filter(|bar| bar.done).count();
        assert_eq!(filled(Stage::Received), 1);
        assert_eq!(filled(Stage::Archived), 8);
        let way = way(words, Stage::OnSite);
        assert_eq!(way.iter().filter(|step| step.here).count(), 1);
        assert_eq!(
            way.iter().find(|step| step.here).map(|step| step.word.as_str()),
            Some("现场处理")
        );
    }

    #[test]
    fn what_is_urgent_has_its_own_shape() {
        let words = Words(Language::English);
        let icons = ["minor", "normal", "major", "critical"].map(|l| level_mark(words, l).icon);
        assert_eq!(icons.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
    }
}
