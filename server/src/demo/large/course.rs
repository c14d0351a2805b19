//! What becomes of one job: pure, from the seed and the job's number alone.

use docket_protocol::ids::RecordId;
use docket_protocol::stage::Stage;

use super::super::world::Story;
use super::chance::Chance;
use super::{DAY_MS, Size};

pub(super) const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// The course of a job. Moments are Unix ms.
#[derive(Debug, Clone)]
pub(super) struct Course {
    pub(super) record: RecordId,
    pub(super) opened_at: i64,
    pub(super) assigned_at: i64,
    /// When the engineer is done, and in coverage again.
    pub(super) worked_at: i64,
    pub(super) filed_at: i64,
    /// How far it comes.
    pub(super) reach: Stage,
    /// Places among the customers, the told stories, the engineers.
    pub(super) customer: usize,
    pub(super) story: usize,
    pub(super) lead: usize,
    pub(super) level: &'static str,
    pub(super) due_at: i64,
    pub(super) satisfaction: u8,
    /// Desk and phone change the same field, neither knowing of the other.
    pub(super) disputed: bool,
    /// The desk gives it to somebody else while the lead is at work without coverage.
    pub(super) handed_on: bool,
    /// A call some days later.
    pub(super) called: bool,
    /// It was done before the organisation had phones, and came here as a whole.
    pub(super) taken_over: bool,
    /// For the ids of its entries, and everything else it has of its own.
    pub(super) chance: Chance,
}

/// What happens to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    /// The desk takes the call.
    Open,
    /// The desk gives it to somebody.
    Assign,
    /// What was written without coverage arrives.
    Work,
    /// The desk files it.
    File,
    /// The desk writes all of it down at once.
    TakeOver,
}

/// How long the organisation has had phones, in days. A job that was lived through costs the
/// server ten times what one costs that was written down at once.
const WITH_PHONES_DAYS: i64 = 200;

impl Course {
    /// The course of the job of this number; they are opened one after the other.
    pub(super) fn of(size: &Size, stories: usize, number: usize, now: i64) -> Self {
        let mut chance = Chance::of(size.seed, number as u64);
        let each_ms = size.days * DAY_MS / size.jobs as i64;
        let first_at = now - size.days * DAY_MS;
        let opened_at = first_at + each_ms * number as i64 + chance.between(0, each_ms);
        let assigned_at = opened_at + chance.between(5, 180) * MINUTE_MS;
        let worked_at = assigned_at + chance.between(2, 60) * HOUR_MS;
        let age_days = (now - opened_at) / DAY_MS;
        let reach = reach(&mut chance, age_days);
        Self {
            record: RecordId::new(opened_at, chance.id()),
            opened_at,
            assigned_at,
            worked_at,
            filed_at: worked_at + chance.between(1, 9) * DAY_MS,
            reach,
            // A signature needs the phone it was made on.
            taken_over: age_days > WITH_PHONES_DAYS && reach != Stage::Signed,
            customer: chance.below(size.customers),
            story: chance.below(stories),
            lead: chance.below(size.engineers),
            level: level(&mut chance),
            due_at: opened_at + chance.between(4, 96) * HOUR_MS,
            satisfaction: [5, 5, 5, 4, 4, 3][chance.below(6)],
            disputed: chance.below(400) == 0,
            handed_on: chance.below(2_000) == 0,
            called: chance.percent(95),
            chance,
        }
    }

    /// What happens, and when.
    pub(super) fn acts(&self) -> impl Iterator<Item = (i64, Act)> + use<> {
        let lived = [
            (Stage::Received, self.opened_at, Act::Open),
            (Stage::Assigned, self.assigned_at, Act::Assign),
            (Stage::Preparing, self.worked_at, Act::Work),
            (Stage::Archived, self.filed_at, Act::File),
        ];
        let (reach, taken_over) = (self.reach, self.taken_over);
        let lived = lived.into_iter().filter(move |(from, ..)| reach >= *from && !taken_over);
        let whole = taken_over.then_some((self.filed_at, Act::TakeOver));
        lived.map(|(_, at, act)| (at, act)).chain(whole)
    }

    /// Whether the customer signs the report: on site they do.
    pub(super) fn is_signed(&self, story: &Story) -> bool {
        self.reach >= Stage::Signed && story.mode == "on_site"
    }
}

/// Most of what is old is filed; of what is new most is under way.
fn reach(chance: &mut Chance, age_days: i64) -> Stage {
    let (open_percent, open) = match age_days {
        0..20 => (80, &Stage::ALL[..7]),
        20..90 => (50, &Stage::ALL[1..7]),
        _ => (6, &Stage::ALL[4..7]),
    };
    if chance.percent(open_percent) { *chance.pick(open) } else { Stage::Archived }
}

fn level(chance: &mut Chance) -> &'static str {
    match chance.below(100) {
        0..4 => "critical",
        4..20 => "major",
        20..35 => "minor",
        _ => "normal",
    }
}
