//! The clocks of a job: what a contract promises against what happened, whatever is learned when.

use docket_protocol::calendar::{Hours, Utc};
use docket_protocol::clocks::{Clock, ClockKind, ClockState, Progress, Terms, clocks, evidence};
use docket_protocol::ids::ItemId;
use docket_protocol::record::catalog::CatalogContent;
use docket_protocol::record::dossier::DossierContent;
use docket_protocol::record::job::{JobContent, Pause, Step};
use docket_protocol::record::service::ServiceLevel;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// 2026-11-02 00:00 UTC, a Monday.
const MONDAY: i64 = 1_793_577_600_000;

fn id(number: u8) -> ItemId {
    ItemId::new(i64::from(number), [number; 10])
}

fn level(word: &str, minutes: [Option<i64>; 3]) -> ServiceLevel {
    let [response_minutes, on_site_minutes, recovery_minutes] = minutes;
    ServiceLevel {
        level: word.to_owned(),
        response_minutes,
        on_site_minutes,
        recovery_minutes,
        ..ServiceLevel::default()
    }
}

/// An organisation that promises a response in an hour, and recovery in a day.
fn catalog() -> CatalogContent {
    let normal = level("normal", [Some(60), None, Some(24 * 60)]);
    CatalogContent { levels: [(id(1), normal)].into(), ..CatalogContent::default() }
}

fn job() -> JobContent {
    let mut job = JobContent::default();
    job.intake.opened_at = Some(MONDAY);
    job.intake.mode = "on_site".to_owned();
    job
}

fn at(job: &JobContent, terms: &Terms, now: i64) -> Vec<Clock> {
    clocks(&Progress::of(job).unwrap(), terms, &Utc, now)
}

fn state(job: &JobContent, terms: &Terms, now: i64, kind: ClockKind) -> Option<ClockState> {
    at(job, terms, now).into_iter().find(|clock| clock.kind == kind).map(|clock| clock.state)
}

#[test]
fn a_contract_says_what_it_says_and_the_organisation_the_rest() {
    let own = level("critical", [Some(15), Some(120), None]);
    let mut dossier = DossierContent { levels: [(id(1), own)].into(), ..Default::default() };
    let mut catalog = catalog();
    catalog.levels.insert(id(2), level("critical", [Some(30), None, Some(240)]));
    let of = |dossier: &DossierContent, level: &str| {
        let terms = Terms::of(&catalog, Some(dossier), level, MONDAY);
        (terms.by_contract, ClockKind::ALL.map(|kind| terms.minutes(kind)))
    };
    assert_eq!(of(&dossier, "critical"), (true, [Some(15), Some(120), Some(240)]));
    assert_eq!(of(&dossier, "normal"), (false, [Some(60), None, Some(24 * 60)]));
    assert_eq!(of(&dossier, ""), of(&dossier, "normal"), "nobody has chosen a level");
    assert_eq!(of(&dossier, "minor"), (false, [None; 3]));
    dossier.contract_until = Some(MONDAY - 1);
    assert_eq!(of(&dossier, "critical"), (false, [Some(30), None, Some(240)]), "it has run out");
}

#[test]
fn calls_from_before_keep_what_was_promised_then() {
    let mut catalog = catalog();
    let since = Some(MONDAY + HOUR);
    let faster = ServiceLevel { since, ..level("normal", [Some(10), None, None]) };
    catalog.levels.insert(id(2), faster);
    let response =
        |opened_at| Terms::of(&catalog, None, "normal", opened_at).minutes(ClockKind::Response);
    assert_eq!((response(MONDAY), response(MONDAY + HOUR)), (Some(60), Some(10)));
}

#[test]
fn a_contract_has_hours_of_its_own_and_shares_the_holidays() {
    let mut catalog = catalog();
    catalog.service.zone = "Asia/Shanghai".to_owned();
    let mut dossier = DossierContent::default();
    assert_eq!(Terms::of(&catalog, Some(&dossier), "", MONDAY).hours, Hours::Always);
    dossier.service.hours = "working".to_owned();
    dossier.service.opens = "08:00".to_owned();
    let holiday = docket_protocol::record::service::Holiday {
        from: "2026-11-02".to_owned(),
        ..Default::default()
    };
    catalog.holidays.insert(id(1), holiday);
    let terms = Terms::of(&catalog, Some(&dossier), "", MONDAY);
    assert_eq!((terms.zone.as_str(), terms.by_contract), ("Asia/Shanghai", true));
    let Hours::Working(calendar) = terms.hours else { panic!("working hours") };
    assert_eq!((calendar.opens, calendar.closes), (480, 18 * 60));
    assert!(!calendar.works(MONDAY / (24 * HOUR)) && calendar.works(MONDAY / (24 * HOUR) + 1));
}

#[test]
fn a_clock_runs_warns_and_is_missed_until_evidence_says_otherwise() {
    use ClockKind::{OnSite, Recovery, Response};
    let mut terms = catalog();
    terms.levels.insert(id(2), level("major", [Some(60), Some(120), Some(480)]));
    let terms = Terms::of(&terms, None, "major", MONDAY);
    let mut job = job();
    assert_eq!(state(&job, &terms, MONDAY + 44 * MINUTE, Response), Some(ClockState::Running));
    assert_eq!(state(&job, &terms, MONDAY + 45 * MINUTE, Response), Some(ClockState::Soon));
    assert_eq!(state(&job, &terms, MONDAY + HOUR, Response), Some(ClockState::Soon));
    assert_eq!(state(&job, &terms, MONDAY + HOUR + 1, Response), Some(ClockState::Missed));
    // A step written without coverage arrives.
    let step = Step { at: MONDAY + 20 * MINUTE, ..Step::default() };
    job.steps.insert(id(7), step);
    assert_eq!(state(&job, &terms, MONDAY + 9 * HOUR, Response), Some(ClockState::Kept));
    let path = format!("steps/{}/at", id(7));
    assert_eq!(evidence(&job, Response).unwrap().1.as_str(), path);
    // Solved by telephone: nobody has to go there any more.
    job.report.solved_at = Some(MONDAY + HOUR);
    assert_eq!(state(&job, &terms, MONDAY + 9 * HOUR, OnSite), None);
    assert_eq!(state(&job, &terms, MONDAY + 9 * HOUR, Recovery), Some(ClockState::Kept));
    job.report.solved_at = Some(MONDAY + 9 * HOUR);
    assert_eq!(state(&job, &terms, MONDAY + 9 * HOUR, OnSite), Some(ClockState::Missed));
    assert_eq!(state(&job, &terms, MONDAY + 9 * HOUR, Recovery), Some(ClockState::Missed));
    job.intake.mode = "phone".to_owned();
    assert_eq!(state(&job, &terms, MONDAY + 9 * HOUR, OnSite), None);
}

#[test]
fn the_first_sign_of_work_is_the_response() {
    let mut job = JobContent::default();
    let responded = |job: &JobContent| evidence(job, ClockKind::Response).map(|(at, _)| at);
    assert_eq!(responded(&job), None);
    job.report.solved_at = Some(90);
    assert_eq!(responded(&job), Some(90), "who solved it has responded");
    job.visit.arrived_at = Some(50);
    job.assignment.assigned_at = Some(1);
    assert_eq!(responded(&job), Some(50), "being given work is not doing it");
    job.steps.insert(id(1), Step { at: 10, removed: true, ..Step::default() });
    assert_eq!(responded(&job), Some(50));
    job.assignment.accepted_at = Some(20);
    assert_eq!(responded(&job), Some(20));
}

#[test]
fn what_was_filed_unsolved_is_missed_or_asks_for_nothing() {
    let terms = Terms::of(&catalog(), None, "", MONDAY);
    let mut job = job();
    job.archive.archived_at = Some(MONDAY + 2 * HOUR);
    let now = MONDAY + 90 * HOUR;
    assert_eq!(state(&job, &terms, now, ClockKind::Response), Some(ClockState::Missed));
    assert_eq!(state(&job, &terms, now, ClockKind::Recovery), None);
}

#[test]
fn in_a_pause_the_clock_stands_still() {
    let terms = Terms::of(&catalog(), None, "", MONDAY);
    let mut job = job();
    let pause = Pause { at: MONDAY + 30 * MINUTE, ..Pause::default() };
    job.pauses.insert(id(1), pause.clone());
    let now = MONDAY + 5 * HOUR;
    let response = at(&job, &terms, now)[0];
    assert_eq!((response.state, response.due_at), (ClockState::Paused, None));
    let over = Pause { until: Some(now), ..pause };
    job.pauses.insert(id(1), over.clone());
    assert_eq!(at(&job, &terms, now)[0].due_at, Some(now + 30 * MINUTE));
    job.pauses.insert(id(1), Pause { removed: true, ..over });
    assert_eq!(at(&job, &terms, now)[0].state, ClockState::Missed);
}

#[test]
fn what_is_known_when_decides_how_certain_a_clock_is() {
    let clock = |state, met_at| Clock {
        kind: ClockKind::OnSite,
        minutes: 60,
        due_at: Some(HOUR),
        met_at,
        state,
    };
    let kept = clock(ClockState::Kept, Some(HOUR));
    assert_eq!(kept.judged(Some(HOUR), None).state, ClockState::Kept);
    assert_eq!(kept.judged(Some(HOUR + 1), None).state, ClockState::KeptLearnedLate);
    let silent = clock(ClockState::Missed, None);
    assert_eq!(silent.judged(None, Some(HOUR - 1)).state, ClockState::Unknown);
    assert_eq!(silent.judged(None, Some(HOUR)).state, ClockState::Missed, "heard of since");
    assert_eq!(silent.judged(None, None).state, ClockState::Missed, "nobody can hold it");
    let late = clock(ClockState::Missed, Some(2 * HOUR));
    assert_eq!(late.judged(Some(3 * HOUR), Some(0)).state, ClockState::Missed);
}
