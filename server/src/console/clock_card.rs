//! The clocks of a job on its page: what was promised, how it stands and how certain that is, the
//! pause that holds them, and who was told.

use docket_protocol::calendar::Hours;
use docket_protocol::clocks::{Clock, ClockState, Terms};
use docket_protocol::ids::RecordId;
use docket_protocol::record::job::JobContent;
use docket_protocol::role::Role;
use rusqlite::Connection;

use super::field::Reader;
use super::job::may;
use super::job_head::Mark;
use super::moments::Moments;
use super::notices::{NoticeLine, line};
use super::statistics_words::lasting;
use crate::auth::scope::Scope;
use crate::levels::notices;
use crate::levels::{self, Book, Case};
use crate::store::StoreError;
use crate::words::Words;

const MINUTE_MS: i64 = 60_000;
/// The clock of a call that nobody has, beside those of [`docket_protocol::clocks::ClockKind`].
const HAND_OVER: &str = "hand_over";
/// A call that nobody has is close to its end in the last quarter of a day.
const HAND_OVER_SOON_MS: i64 = 6 * 60 * MINUTE_MS;

/// One clock in words.
pub(crate) struct ClockLine {
    pub(crate) kind: &'static str,
    pub(crate) label: String,
    /// The promised time; empty for the hand-over, which everybody is promised.
    pub(crate) promised: String,
    pub(crate) state: Mark,
    pub(crate) due: String,
    pub(crate) met: String,
    /// How the office knows; empty where that goes without saying.
    pub(crate) certainty: String,
}

/// The pause that holds the clocks now.
pub(crate) struct PauseLine {
    pub(crate) reason: String,
    pub(crate) since: String,
}

/// The card.
pub(crate) struct ClockCard {
    pub(crate) lines: Vec<ClockLine>,
    /// Whose terms, and when the clocks run.
    pub(crate) terms: String,
    pub(crate) paused: Option<PauseLine>,
    pub(crate) may_pause: bool,
    pub(crate) told: Vec<NoticeLine>,
}

/// What the card is made of.
pub(crate) struct ClockFacts {
    clocks: Vec<Clock>,
    terms: Terms,
    case: Option<Case>,
    heard_at: Option<i64>,
    told: Vec<notices::Notice>,
}

/// Reads it in the page's snapshot.
pub(crate) fn load(
    sql: &Connection,
    scope: &Scope,
    record: RecordId,
    now: i64,
) -> Result<ClockFacts, StoreError> {
    let book = Book::load(sql, scope.tenant)?;
    let case = levels::case(sql, scope.tenant, record)?;
    let clocks = match &case {
        Some(case) => book.judged(sql, scope.tenant, case, now)?,
        None => Vec::new(),
    };
    let (dossier, level, opened_at) = case
        .as_ref()
        .map_or((None, "", 0), |case| (case.dossier, case.level.as_str(), case.progress.opened_at));
    Ok(ClockFacts {
        terms: book.terms(dossier, level, opened_at),
        heard_at: levels::heard_at(sql, scope.tenant, record)?,
        told: match scope.role.sees_all_jobs() {
            true => notices::of_job(sql, scope.tenant, record)?,
            false => Vec::new(),
        },
        clocks,
        case,
    })
}

/// Puts it into words.
pub(crate) fn card(reader: &Reader, facts: ClockFacts, job: &JobContent, role: Role) -> ClockCard {
    let (words, moments) = (reader.words, &reader.moments);
    let hand_over = facts.case.as_ref().and_then(Case::hand_over_by);
    let hand_over = hand_over.map(|by| hand_over_line(by, moments, words));
    let clocks = facts.clocks.iter().map(|clock| clock_line(clock, &facts, moments, words));
    ClockCard {
        lines: hand_over.into_iter().chain(clocks).collect(),
        terms: terms_in_words(&facts.terms, words),
        paused: pause_now(job, moments),
        may_pause: may(role, "pauses/*/reason"),
        told: facts.told.into_iter().map(|notice| line(words, moments, notice)).collect(),
    }
}

/// The pause that holds the clocks at the moment, if one does.
fn pause_now(job: &JobContent, moments: &Moments) -> Option<PauseLine> {
    let now = moments.now_ms();
    let running = job.pauses.values().filter(|pause| !pause.removed);
    let running = running.filter(|pause| pause.until.is_none_or(|until| now < until));
    let begun = running.map(|pause| (pause.from.unwrap_or(pause.at), pause));
    let (since, pause) = begun.filter(|(from, _)| *from <= now).min_by_key(|(from, _)| *from)?;
    Some(PauseLine { reason: pause.reason.clone(), since: moments.short(since) })
}

fn hand_over_line(by: i64, moments: &Moments, words: Words) -> ClockLine {
    ClockLine {
        kind: HAND_OVER,
        label: words.of("clock", HAND_OVER),
        promised: String::new(),
        state: state_mark(words, hand_over_state(by, moments.now_ms())),
        due: moments.short(by),
        met: String::new(),
        certainty: String::new(),
    }
}

fn hand_over_state(by: i64, now: i64) -> ClockState {
    match by - now {
        ..=0 => ClockState::Missed,
        1..=HAND_OVER_SOON_MS => ClockState::Soon,
        _ => ClockState::Running,
    }
}

fn clock_line(clock: &Clock, facts: &ClockFacts, moments: &Moments, words: Words) -> ClockLine {
    let said = |id: &str, at: Option<i64>| {
        let moment = at.map(|at| moments.short(at));
        moment.map_or_else(String::new, |moment| words.with(id, &[("moment", moment.into())]))
    };
    let learned_at = facts.case.as_ref().and_then(|case| case.learned_at(clock.kind));
    let certainty = match clock.state {
        ClockState::KeptLearnedLate => said("clock-learned", learned_at),
        ClockState::Unknown => said("clock-last-heard", facts.heard_at),
        _ => String::new(),
    };
    ClockLine {
        kind: clock.kind.as_str(),
        label: words.of("clock", clock.kind.as_str()),
        promised: lasting(clock.minutes * MINUTE_MS, words),
        state: state_mark(words, clock.state),
        due: clock.due_at.map_or_else(String::new, |at| moments.short(at)),
        met: clock.met_at.map_or_else(String::new, |at| moments.short(at)),
        certainty,
    }
}

/// How a clock stands: a shape and a word; the tone only repeats them.
pub(crate) fn state_mark(words: Words, state: ClockState) -> Mark {
    let (icon, tone) = match state {
        ClockState::Running => ("clock", ""),
        ClockState::Soon => ("clock", "warn"),
        ClockState::Paused => ("pause", ""),
        ClockState::Kept | ClockState::KeptLearnedLate => ("check", "good"),
        ClockState::Unknown => ("unknown", "warn"),
        ClockState::Missed => ("warning", "alarm"),
    };
    Mark { icon, tone, word: words.of("clock-state", state.as_str()) }
}

/// Whose terms count, and when the clocks run.
pub(crate) fn terms_in_words(terms: &Terms, words: Words) -> String {
    let whose = words.get(if terms.by_contract { "terms-contract" } else { "terms-default" });
    format!("{whose} · {}", hours_in_words(&terms.hours, &terms.zone, words))
}

fn hours_in_words(hours: &Hours, zone: &str, words: Words) -> String {
    let Hours::Working(calendar) = hours else { return words.of("hours", "always") };
    let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let days = match calendar.weekdays[5..] {
        [true, true] => "every_day",
        [true, _] => "mon_sat",
        _ => "mon_fri",
    };
    let span = format!("{}–{}", clock(calendar.opens), clock(calendar.closes));
    format!("{} {span} ({zone})", words.of("days", days))
}

/// A clock as a list shows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pressing {
    pub(crate) kind: &'static str,
    pub(crate) state: ClockState,
    pub(crate) due_at: Option<i64>,
}

/// The clock that a list shows: of those that have not ended the most pressing.
pub(crate) fn pressing(case: &Case, clocks: &[Clock], now: i64) -> Option<Pressing> {
    let hand_over = case.hand_over_by().map(|by| Pressing {
        kind: HAND_OVER,
        state: hand_over_state(by, now),
        due_at: Some(by),
    });
    let open = clocks.iter().filter(|clock| clock.met_at.is_none());
    let open = open.map(|Clock { kind, state, due_at, .. }| Pressing {
        kind: kind.as_str(),
        state: *state,
        due_at: *due_at,
    });
    let rank = |state: ClockState| match state {
        ClockState::Missed => 0,
        ClockState::Unknown => 1,
        ClockState::Soon => 2,
        ClockState::Running => 3,
        _ => 4,
    };
    let of_both = open.chain(hand_over);
    of_both.min_by_key(|clock| (rank(clock.state), clock.due_at.unwrap_or(i64::MAX)))
}
