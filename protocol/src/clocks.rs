//! The clocks of a job: what was promised ([`Terms`]), what has happened ([`Progress`]), and how
//! the two compare at a moment ([`clocks`]).
//!
//! Nothing of it is stored. Late evidence, a pause or another contract change the answer by being
//! there, so phone and office always agree on what both know. What only one of them can know, when
//! it learned of something and whom it has not heard of, is added by [`Clock::judged`].

use serde::Serialize;

use crate::calendar::{Calendar, Exception, Hours, Span, Zone, day, time_of_day};
use crate::ids::ItemId;
use crate::record::catalog::CatalogContent;
use crate::record::dossier::DossierContent;
use crate::record::job::JobContent;
use crate::record::path::Path;
use crate::record::service::{Service, ServiceLevel};

const MINUTE_MS: i64 = 60_000;
/// A clock is close to its end in the last quarter of its time.
const SOON_SHARE: i64 = 4;
/// Hours of those who have written none: an office day.
const OFFICE_DAY: (i64, i64) = (9 * 60, 18 * 60);

/// What a clock measures, from the call on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// Until somebody is at work on it.
    Response,
    /// Until somebody is there.
    OnSite,
    /// Until the fault is gone.
    Recovery,
}

impl ClockKind {
    /// Every clock, in the order in which they end.
    pub const ALL: [Self; 3] = [Self::Response, Self::OnSite, Self::Recovery];

    /// The word used in SQL, JSON and message ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::OnSite => "on_site",
            Self::Recovery => "recovery",
        }
    }
}

/// What a contract, or else the organisation, promises for one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// When the clocks run.
    pub hours: Hours,
    /// The name of the hours' time zone.
    pub zone: String,
    /// Whether the customer's own contract says something.
    pub by_contract: bool,
    minutes: [Option<i64>; 3],
}

impl Terms {
    /// The terms of a call: the customer's contract if it was in force, and the organisation's
    /// default wherever it says nothing.
    pub fn of(
        catalog: &CatalogContent,
        dossier: Option<&DossierContent>,
        level: &str,
        opened_at: i64,
    ) -> Self {
        let in_force = |it: &&DossierContent| it.contract_until.is_none_or(|end| opened_at <= end);
        let contract = dossier.filter(in_force);
        let own = contract.and_then(|it| in_force_then(it.levels.iter(), level, opened_at));
        let default = in_force_then(catalog.levels.iter(), level, opened_at);
        let minutes = ClockKind::ALL.map(|kind| {
            let said = own.and_then(|it| it.minutes(kind));
            said.or_else(|| default.and_then(|it| it.minutes(kind)))
        });
        let service = contract.map(|it| &it.service).filter(|it| !it.hours.is_empty());
        let by_contract = own.is_some() || service.is_some();
        let hours = hours(service, catalog);
        let named = |it: &Service| (!it.zone.is_empty()).then(|| it.zone.clone());
        let zone = service.and_then(named).or_else(|| named(&catalog.service));
        Self { hours, zone: zone.unwrap_or_else(|| "UTC".to_owned()), by_contract, minutes }
    }

    /// The promised time of a clock, in minutes of service.
    pub fn minutes(&self, kind: ClockKind) -> Option<i64> {
        self.minutes[kind as usize]
    }
}

/// The entry for a fault level that was in force: of several the latest. A level that nobody has
/// chosen is a normal one.
fn in_force_then<'l>(
    levels: impl Iterator<Item = (&'l ItemId, &'l ServiceLevel)>,
    level: &str,
    opened_at: i64,
) -> Option<&'l ServiceLevel> {
    let level = if level.is_empty() { "normal" } else { level };
    levels
        .filter(|(_, it)| it.level == level && !it.removed)
        .filter(|(_, it)| it.since.is_none_or(|since| since <= opened_at))
        .max_by_key(|(id, it)| (it.since, **id))
        .map(|(_, it)| it)
}

fn hours(service: Option<&Service>, catalog: &CatalogContent) -> Hours {
    let own = service.unwrap_or(&catalog.service);
    if own.hours != "working" {
        return Hours::Always;
    }
    let said = |field: fn(&Service) -> &str| match field(own) {
        "" => field(&catalog.service),
        said => said,
    };
    let minutes = |text: &str, default| time_of_day(text).unwrap_or(default);
    let holidays = catalog.holidays.values().filter(|it| !it.removed).filter_map(|it| {
        let from = day(&it.from)?;
        Some(Exception { from, until: day(&it.until).unwrap_or(from), worked: it.worked })
    });
    let weekend = match said(|it| &it.days) {
        "every_day" => [true, true],
        "mon_sat" => [true, false],
        _ => [false, false],
    };
    Hours::Working(Calendar {
        opens: minutes(said(|it| &it.opens), OFFICE_DAY.0),
        closes: minutes(said(|it| &it.closes), OFFICE_DAY.1),
        weekdays: [true, true, true, true, true, weekend[0], weekend[1]],
        exceptions: holidays.collect(),
    })
}

/// What has happened to a job, as far as its clocks ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// When the call came.
    pub opened_at: i64,
    /// Whether somebody is to go there.
    pub on_site: bool,
    /// The first sign of somebody at work on it.
    pub responded_at: Option<i64>,
    /// When somebody was there.
    pub arrived_at: Option<i64>,
    /// When the fault was gone.
    pub recovered_at: Option<i64>,
    /// When it was filed.
    pub closed_at: Option<i64>,
    /// When its clocks stand still.
    pub pauses: Vec<Span>,
}

impl Progress {
    /// Reads it out of a job; none before the call has a time.
    pub fn of(job: &JobContent) -> Option<Self> {
        let at = |kind| evidence(job, kind).map(|(at, _)| at);
        Some(Self {
            opened_at: job.intake.opened_at?,
            on_site: job.intake.mode == "on_site",
            responded_at: at(ClockKind::Response),
            arrived_at: at(ClockKind::OnSite),
            recovered_at: at(ClockKind::Recovery),
            closed_at: job.archive.archived_at,
            pauses: job.pauses().collect(),
        })
    }

    fn met_at(&self, kind: ClockKind) -> Option<i64> {
        match kind {
            ClockKind::Response => self.responded_at,
            ClockKind::OnSite => self.arrived_at,
            ClockKind::Recovery => self.recovered_at,
        }
    }

    /// When a clock ended without its end having come: the job was filed, or nobody had to go there
    /// any more.
    fn given_up_at(&self, kind: ClockKind) -> Option<i64> {
        let gone = self.recovered_at.filter(|_| kind == ClockKind::OnSite);
        gone.into_iter().chain(self.closed_at).min()
    }
}

/// The moment that ends a clock, and the field that says so.
pub fn evidence(job: &JobContent, kind: ClockKind) -> Option<(i64, Path)> {
    let named = |at: Option<i64>, path: &str| at.map(|at| (at, Path::new(path)));
    let (visit, report) = (&job.visit, &job.report);
    let there = [named(visit.arrived_at, "visit/arrived_at"), named(visit.met_at, "visit/met_at")];
    let solved = report.finished_at.filter(|_| report.outcome == "solved");
    let gone =
        named(report.solved_at, "report/solved_at").or_else(|| named(solved, "report/finished_at"));
    let of_entry = |list: &str, id: &ItemId| Path::new(list).child(id).child("at");
    match kind {
        ClockKind::OnSite => there.into_iter().flatten().min(),
        ClockKind::Recovery => gone,
        ClockKind::Response => {
            let steps = job.steps.iter().filter(|(_, step)| !step.removed);
            let steps = steps.map(|(id, step)| (step.at, of_entry("steps", id)));
            let told = job.reports.iter().map(|(id, told)| (told.at, of_entry("reports", id)));
            let taken = [
                named(job.assignment.accepted_at, "assignment/accepted_at"),
                named(visit.departed_at, "visit/departed_at"),
                gone,
            ];
            let moments = there.into_iter().chain(taken).flatten();
            moments.chain(steps).chain(told).min()
        }
    }
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// There is time.
    Running,
    /// There is little time left.
    Soon,
    /// It stands still.
    Paused,
    /// It was met in time.
    Kept,
    /// It was met in time, and the office learned of it after that time.
    KeptLearnedLate,
    /// Its time is over; a phone that has not been heard of since may know better.
    Unknown,
    /// It was not met in time.
    Missed,
}

impl ClockState {
    /// The word used in JSON and message ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Soon => "soon",
            Self::Paused => "paused",
            Self::Kept => "kept",
            Self::KeptLearnedLate => "kept_learned_late",
            Self::Unknown => "unknown",
            Self::Missed => "missed",
        }
    }

    /// Whether its time is over without its end being known.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Unknown | Self::Missed)
    }
}

/// One clock of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// What it measures.
    pub kind: ClockKind,
    /// The promised time, in minutes of service.
    pub minutes: i64,
    /// When that is over; none while it stands still and nobody knows until when.
    pub due_at: Option<i64>,
    /// When its end came.
    pub met_at: Option<i64>,
    /// How it stands.
    pub state: ClockState,
}

impl Clock {
    /// The same with what the office knows: `learned_at` is when it learned of the end, `heard_at`
    /// when it last heard of the phones that may hold it.
    pub fn judged(self, learned_at: Option<i64>, heard_at: Option<i64>) -> Self {
        let after = |at: Option<i64>| at.zip(self.due_at).is_some_and(|(at, due)| at > due);
        let silent = heard_at.zip(self.due_at).is_some_and(|(heard, due)| heard < due);
        let state = match self.state {
            ClockState::Kept if after(learned_at) => ClockState::KeptLearnedLate,
            ClockState::Missed if self.met_at.is_none() && silent => ClockState::Unknown,
            state => state,
        };
        Self { state, ..self }
    }
}

/// The clocks of a job that something is promised for, at a moment.
pub fn clocks(progress: &Progress, terms: &Terms, zone: &dyn Zone, now: i64) -> Vec<Clock> {
    let asked = ClockKind::ALL.into_iter().filter(|kind| match kind {
        ClockKind::OnSite => progress.on_site,
        _ => true,
    });
    asked.filter_map(|kind| clock(kind, progress, terms, zone, now)).collect()
}

fn clock(
    kind: ClockKind,
    progress: &Progress,
    terms: &Terms,
    zone: &dyn Zone,
    now: i64,
) -> Option<Clock> {
    let minutes = terms.minutes(kind)?;
    let Progress { opened_at, pauses, .. } = progress;
    let due_at = terms.hours.after(*opened_at, minutes * MINUTE_MS, pauses, zone);
    let met_at = progress.met_at(kind);
    let is_over = |at: i64| due_at.is_some_and(|due| due < at);
    let state = match (met_at, progress.given_up_at(kind)) {
        (Some(met), _) if is_over(met) => ClockState::Missed,
        (Some(_), _) => ClockState::Kept,
        (None, Some(given_up)) if is_over(given_up) => ClockState::Missed,
        (None, Some(_)) => return None,
        (None, None) if is_over(now) => ClockState::Missed,
        (None, None) if pauses.iter().any(|pause| pause.contains(now)) => ClockState::Paused,
        (None, None) => {
            let left = Span { from: now.max(*opened_at), until: due_at.unwrap_or(i64::MAX) };
            let left = terms.hours.within(left, pauses, zone);
            let soon = left.saturating_mul(SOON_SHARE) <= minutes * MINUTE_MS;
            if soon { ClockState::Soon } else { ClockState::Running }
        }
    };
    Some(Clock { kind, minutes, due_at, met_at, state })
}
