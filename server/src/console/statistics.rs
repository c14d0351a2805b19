//! `GET /statistics?quarter=2026Q3`: the statistics of a quarter (D2, E7), with how complete they
//! can be by now, or with `&version=1` as they were issued; the same under `/statistics.csv` and
//! `/statistics.xlsx` as files. For those who see all jobs.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rusqlite::Connection;
use serde::Deserialize;

use super::chart::{self, WeekChart};
use super::download;
use super::issued::{self, IssuesCard};
use super::moments::Moments;
use super::page::{Notice, Page, Place, html};
use super::request::Asked;
use super::session::SignedIn;
use super::statistics_words::{self, Breakdown, Figure};
use super::trouble::Trouble;
use crate::app::App;
use crate::audit::Deed;
use crate::auth::scope::Scope;
use crate::reports::completeness::Completeness;
use crate::reports::issues::{self, Issue, Report};
use crate::reports::period::Quarter;
use crate::reports::quarterly::Counted;
use crate::reports::statistics::{Statistics, Week};
use crate::words::Words;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StatisticsQuery {
    quarter: String,
    /// As it was issued; as it stands where none is named.
    version: Option<u32>,
    notice: String,
}

impl StatisticsQuery {
    /// What just happened, as the redirect after it says.
    fn notice(&self, words: Words) -> Option<Notice> {
        match self.notice.as_str() {
            "issued" => Some(Notice::good(words.get("issue-done"))),
            "nothing-new" => Some(Notice::alarm(words.get("issue-nothing-new"))),
            _ => None,
        }
    }
}

/// A quarter as it is shown: as it stands, or as a version said.
pub(crate) struct Shown {
    pub(crate) quarter: Quarter,
    /// The reader's moments, on the days that the quarter has.
    pub(crate) moments: Moments,
    /// Every version so far.
    pub(crate) issues: Vec<Issue>,
    /// The version that is shown; none for what stands now.
    pub(crate) issue: Option<Issue>,
    pub(crate) report: Report,
    /// What was said before that: the version before, or the latest one.
    pub(crate) said: Option<Report>,
}

struct WeekLine {
    day: String,
    received: usize,
    solved: usize,
}

#[derive(Template)]
#[template(path = "statistics.html")]
struct StatisticsPage {
    page: Page,
    quarter: String,
    previous: String,
    /// None after the present one.
    next: Option<String>,
    days: String,
    figures: Vec<Figure>,
    as_of: String,
    complete: bool,
    completeness: String,
    changed: Option<String>,
    carried: Option<String>,
    chart: WeekChart,
    weeks: Vec<WeekLine>,
    breakdowns: Vec<Breakdown>,
    open_label: String,
    /// The same as files, as the end of their addresses.
    files: String,
    issues: IssuesCard,
    /// Whether it is a version, and not what stands now.
    shows_version: bool,
}

/// Shows the page.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<StatisticsQuery>,
) -> Result<Response, Trouble> {
    let shown = shown(&app, &signed_in, &query).await?;
    let words = signed_in.visitor.words;
    let title = words.get("statistics-title");
    let page = Page::signed_in(&signed_in, Place::Statistics, title);
    let page = page.with_notice(query.notice(words));
    Ok(html(StatusCode::OK, &build(page, &signed_in, &shown)))
}

/// Reads what is asked for; for those who see all jobs.
pub(crate) async fn shown(
    app: &App,
    signed_in: &SignedIn,
    query: &StatisticsQuery,
) -> Result<Shown, Trouble> {
    let scope = signed_in.scope.clone();
    if !scope.role.sees_all_jobs() {
        return Err(Trouble::NotFound);
    }
    let moments = signed_in.visitor.moments.clone();
    let quarter = Quarter::parse(&query.quarter).unwrap_or(Quarter::of(moments.today()));
    let version = query.version;
    app.store.try_read(move |sql| read(sql, &scope, &moments, quarter, version)).await
}

fn read(
    sql: &Connection,
    scope: &Scope,
    moments: &Moments,
    quarter: Quarter,
    version: Option<u32>,
) -> Result<Shown, Trouble> {
    let issues = issues::list(sql, scope, quarter)?;
    let zone = issues::zone_of(&issues).unwrap_or_else(|| moments.zone().clone());
    let moments = moments.in_zone(zone);
    let said = |version: u32| issues::get(sql, scope, quarter, version);
    let Some(version) = version else {
        let report = issues::report(sql, scope, quarter, moments.zone(), moments.now_ms())?;
        let latest = issues.last().map(|issue| said(issue.version)).transpose()?.flatten();
        let said = latest.map(|(_, report)| report);
        return Ok(Shown { quarter, moments, issues, issue: None, report, said });
    };
    let (issue, report) = said(version)?.ok_or(Trouble::NotFound)?;
    let said = said(version.saturating_sub(1))?.map(|(_, report)| report);
    Ok(Shown { quarter, moments, issues, issue: Some(issue), report, said })
}

fn build(page: Page, signed_in: &SignedIn, shown: &Shown) -> StatisticsPage {
    let words = page.words;
    let Shown { quarter, moments, report: Report { counted, .. }, .. } = shown;
    let quarter = *quarter;
    let present = Quarter::of(moments.today());
    let days = quarter.days();
    let address = |quarter: Quarter| format!("/statistics?quarter={quarter}");
    let day = |week: &Week| moments.date(week.span.from).unwrap_or(days.from);
    StatisticsPage {
        quarter: quarter.to_string(),
        previous: address(quarter.previous()),
        next: (quarter < present).then(|| address(quarter.next())),
        days: format!("{} – {}", days.from, days.to),
        figures: statistics_words::figures(counted, quarter, words),
        as_of: words.with("statistics-as-of", &[("moment", moments.short(at(shown)).into())]),
        files: format!("quarter={quarter}{}", version_part(shown)),
        shows_version: shown.issue.is_some(),
        issues: issued::card(words, signed_in.scope.role, shown),
        complete: counted.missing == Completeness::default(),
        completeness: completeness_in_words(counted, words),
        changed: said(words, "statistics-changed-since", counted.here.changed_since),
        carried: carried_in_words(counted, words),
        chart: week_chart(counted, moments),
        weeks: counted
            .here
            .weeks
            .iter()
            .map(|week| WeekLine {
                day: day(week).to_string(),
                received: week.received,
                solved: week.solved,
            })
            .collect(),
        open_label: statistics_words::open_label(counted.running, words),
        breakdowns: statistics_words::breakdowns(&counted.here, days, words),
        page,
    }
}

/// Columns for the weeks.
pub(crate) fn week_chart(counted: &Counted, moments: &Moments) -> WeekChart {
    chart::weeks(&counted.here.weeks, |at| {
        moments.date(at).map_or_else(String::new, |day| day.strftime("%m-%d").to_string())
    })
}

/// When it was counted.
fn at(shown: &Shown) -> i64 {
    shown.issue.as_ref().map_or(shown.moments.now_ms(), |issue| issue.issued_at)
}

/// A version as the end of an address.
fn version_part(shown: &Shown) -> String {
    shown.issue.as_ref().map_or_else(String::new, |issue| format!("&version={}", issue.version))
}

/// A sentence about some, and none about none.
fn said(words: Words, id: &str, count: usize) -> Option<String> {
    (count > 0).then(|| words.count(id, count))
}

pub(crate) fn completeness_in_words(counted: &Counted, words: Words) -> String {
    let Completeness { jobs, phones } = counted.missing;
    if jobs > 0 {
        let variables = [("jobs", jobs.into()), ("phones", phones.into())];
        return words.with("statistics-incomplete", &variables);
    }
    words.get(if counted.running { "statistics-running" } else { "statistics-complete" })
}

fn carried_in_words(counted: &Counted, words: Words) -> Option<String> {
    let Statistics { carried_in, carried_closed, .. } = counted.here;
    let variables = [("count", carried_in.into()), ("closed", carried_closed.into())];
    (carried_in > 0).then(|| words.with("statistics-carried", &variables))
}

/// `GET /statistics.csv`, `GET /statistics.xlsx`
pub(crate) async fn save(
    download::Ending(kind): download::Ending,
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<StatisticsQuery>,
) -> Result<Response, Trouble> {
    let shown = shown(&app, &signed_in, &query).await?;
    let (counted, moments) = (&shown.report.counted, &shown.moments);
    let note = completeness_in_words(counted, signed_in.visitor.words);
    let words = signed_in.visitor.words;
    let sheets = statistics_words::sheets(counted, shown.quarter, &note, moments, words);
    let version = version_part(&shown).replace("&version=", "-v");
    let name = format!("statistics-{}{version}.{}", shown.quarter, kind.ending());
    download::note(&app, &signed_in.scope, Deed::TableTaken, &name).await?;
    download::file(kind, &name, &sheets, at(&shown))
}
