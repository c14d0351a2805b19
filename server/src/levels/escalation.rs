//! Who is to be told of a missed clock, and when: the manager once it is missed, the executive when
//! as long again has passed; both at once where production stands.
//!
//! [`steps`] decides, [`tell`] writes down what is new. A step is told once; a clock that is missed
//! again at another time is another cause.

use docket_protocol::clocks::{Clock, ClockState};
use docket_protocol::ids::{RecordId, TenantId, UserId};
use docket_protocol::record::rules::LEVELS;
use docket_protocol::role::Role;
use docket_protocol::stage::hand_over_within_ms;
use rusqlite::{Connection, params};

use super::notices::{self, NoticeClock, Way};
use super::{Book, Case, open_cases};
use crate::app::App;
use crate::store::StoreError;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// However much was promised, an executive hears of it a day later.
const EXECUTIVE_AFTER_MAX_MS: i64 = DAY_MS;

/// What was missed longer ago was dealt with in another way: a table of old records that somebody
/// takes in tells nobody anything.
const STALE_MS: i64 = 30 * DAY_MS;

/// One person's turn to be told of one missed clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The job.
    pub record: RecordId,
    /// Which clock.
    pub clock: NoticeClock,
    /// When it was to end.
    pub due_at: i64,
    /// Whether a phone that has not been heard of since may know better.
    pub uncertain: bool,
    /// Who.
    pub role: Role,
}

/// Ways there are beside the console.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ways {
    /// Mail can be sent.
    pub mail: bool,
    /// Another system is told, too.
    pub webhook: bool,
}

/// Everybody who should have been told about a job by now.
pub fn steps(case: &Case, clocks: &[Clock], now: i64) -> Vec<Step> {
    let at_once = LEVELS.last() == Some(&case.level.as_str());
    let missed = clocks.iter().filter(|clock| clock.state.is_over() && clock.met_at.is_none());
    let missed = missed.filter_map(|clock| {
        let uncertain = clock.state == ClockState::Unknown;
        Some((NoticeClock::Of(clock.kind), clock.due_at?, clock.minutes * MINUTE_MS, uncertain))
    });
    let hand_over = hand_over(case, now).into_iter();
    hand_over
        .chain(missed)
        .flat_map(|(clock, due_at, promised_ms, uncertain)| {
            let later = if at_once { 0 } else { promised_ms.min(EXECUTIVE_AFTER_MAX_MS) };
            let turns = [(Role::Manager, due_at), (Role::Executive, due_at + later)];
            let due = turns.into_iter().filter(move |(_, at)| (*at..*at + STALE_MS).contains(&now));
            due.map(move |(role, _)| Step { record: case.record, clock, due_at, uncertain, role })
        })
        .collect()
}

/// A call that nobody has after its time: clock, end, promised time, certainty.
fn hand_over(case: &Case, now: i64) -> Option<(NoticeClock, i64, i64, bool)> {
    let due_at = case.hand_over_by().filter(|due_at| *due_at <= now)?;
    Some((NoticeClock::HandOver, due_at, hand_over_within_ms(&case.level), false))
}

/// What is new and whom it is told, in one organisation.
struct Telling {
    tenant: TenantId,
    steps: Vec<Step>,
    people: Vec<(UserId, Role, bool)>,
}

/// Writes down everybody who is to be told now and was not; returns how many steps that were.
pub async fn tell(app: &App, ways: Ways) -> Result<usize, StoreError> {
    let now = app.clock.now_ms();
    let tellings = app.store.try_read(move |sql| tellings(sql, ways, now)).await?;
    let count = tellings.iter().map(|telling| telling.steps.len()).sum();
    if count == 0 {
        return Ok(0);
    }
    app.store
        .write(move |tx| {
            for Telling { tenant, steps, people } in &tellings {
                for step in steps {
                    let told = people.iter().filter(|(_, role, _)| *role == step.role);
                    for (user, _, has_mail) in told {
                        notices::write(tx, *tenant, step, Way::Console, Some(*user))?;
                        if ways.mail && *has_mail {
                            notices::write(tx, *tenant, step, Way::Mail, Some(*user))?;
                        }
                    }
                    if ways.webhook {
                        notices::write(tx, *tenant, step, Way::Webhook, None)?;
                    }
                }
            }
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok(count)
}

fn tellings(sql: &Connection, ways: Ways, now: i64) -> Result<Vec<Telling>, StoreError> {
    let tenants: Vec<TenantId> = sql
        .prepare_cached("select id from tenants")?
        .query_map([], |row| row.get(0).map(TenantId))?
        .collect::<rusqlite::Result<_>>()?;
    tenants.into_iter().map(|tenant| telling(sql, tenant, ways, now)).collect()
}

fn telling(
    sql: &Connection,
    tenant: TenantId,
    ways: Ways,
    now: i64,
) -> Result<Telling, StoreError> {
    let book = Book::load(sql, tenant)?;
    let people = people(sql, tenant)?;
    let hears = |step: &Step| ways.webhook || people.iter().any(|(_, role, _)| *role == step.role);
    let mut new = Vec::new();
    for case in open_cases(sql, tenant)? {
        let clocks = book.judged(sql, tenant, &case, now)?;
        for step in steps(&case, &clocks, now).into_iter().filter(hears) {
            if !notices::is_told(sql, tenant, &step)? {
                new.push(step);
            }
        }
    }
    Ok(Telling { tenant, steps: new, people })
}

/// Managers and executives, and whether they have a mail address.
fn people(sql: &Connection, tenant: TenantId) -> rusqlite::Result<Vec<(UserId, Role, bool)>> {
    sql.prepare_cached(
        "select id, role, mail <> '' from users
         where tenant = ?1 and active = 1 and role in ('manager', 'executive') order by id",
    )?
    .query_map(params![tenant.0], |row| {
        let role = Role::parse(&row.get::<_, String>(1)?).unwrap_or(Role::Manager);
        Ok((UserId(row.get(0)?), role, row.get(2)?))
    })?
    .collect()
}

#[cfg(test)]
mod tests {
    use docket_protocol::clocks::{ClockKind, Progress};

    use super::*;

    const HOUR_MS: i64 = 60 * MINUTE_MS;

    fn case(level: &str, led: bool) -> Case {
        let progress = Progress { opened_at: 0, ..Progress::default() };
        Case {
            record: RecordId::default(),
            level: level.to_owned(),
            dossier: None,
            led,
            progress,
            learned_at: [None; 3],
        }
    }

    fn told(case: &Case, clocks: &[Clock], now: i64) -> Vec<(NoticeClock, Role)> {
        steps(case, clocks, now).into_iter().map(|step| (step.clock, step.role)).collect()
    }

    #[test]
    fn a_call_with_nobody_goes_to_the_manager_after_a_day_and_to_the_executive_after_two() {
        use NoticeClock::HandOver;
        let nobody = case("normal", false);
        assert_eq!(told(&nobody, &[], DAY_MS - 1), []);
        assert_eq!(told(&nobody, &[], DAY_MS), [(HandOver, Role::Manager)]);
        let both = [(HandOver, Role::Manager), (HandOver, Role::Executive)];
        assert_eq!(told(&nobody, &[], 2 * DAY_MS), both);
        assert_eq!(told(&case("critical", false), &[], 0), both, "important levels at once");
        assert_eq!(told(&case("critical", true), &[], 5 * DAY_MS), []);
        assert_eq!(told(&nobody, &[], 40 * DAY_MS), [], "an old record that was taken in");
    }

    #[test]
    fn a_missed_clock_goes_up_when_as_long_again_has_passed() {
        let late = NoticeClock::Of(ClockKind::OnSite);
        let clock = |state, met_at| Clock {
            kind: ClockKind::OnSite,
            minutes: 120,
            due_at: Some(2 * HOUR_MS),
            met_at,
            state,
        };
        let missed = [clock(ClockState::Missed, None)];
        let normal = case("normal", true);
        assert_eq!(told(&normal, &missed, 3 * HOUR_MS), [(late, Role::Manager)]);
        let both = [(late, Role::Manager), (late, Role::Executive)];
        assert_eq!(told(&normal, &missed, 4 * HOUR_MS), both);
        assert_eq!(told(&case("critical", true), &missed, 2 * HOUR_MS), both);
        let unknown = [clock(ClockState::Unknown, None)];
        assert!(steps(&normal, &unknown, 3 * HOUR_MS)[0].uncertain);
        for quiet in [ClockState::Running, ClockState::Paused, ClockState::Kept] {
            assert_eq!(told(&normal, &[clock(quiet, None)], 9 * HOUR_MS), []);
        }
        let over = [clock(ClockState::Missed, Some(3 * HOUR_MS))];
        assert_eq!(told(&normal, &over, 9 * HOUR_MS), [], "somebody is there now");
    }
}
