//! `GET /statistics?quarter=2026Q3`: the statistics of a quarter (D2, E7), with how complete they
//! can be by now; the same under `/statistics.csv` and `/statistics.xlsx` as files. For those who
//! see all jobs.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Weekday;
use rusqlite::Connection;
use serde::Deserialize;

use super::chart::{self, WeekChart};
use super::download;
use super::moments::Moments;
use super::page::{Page, Place, html};
use super::request::Asked;
use super::session::SignedIn;
use super::statistics_words::{self, Breakdown, Figure};
use super::trouble::Trouble;
use crate::app::App;
use crate::auth::scope::Scope;
use crate::levels::Book;
use crate::reports::completeness::{self, Completeness};
use crate::reports::facts::{self, Fact};
use crate::reports::period::{Quarter, Span};
use crate::reports::sheet::Kind;
use crate::reports::statistics::{REPEAT_WITHIN_MS, Statistics, Week, count};
use crate::store::StoreError;
use crate::words::Words;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StatisticsQuery {
    quarter: String,
}

/// A quarter and the one before it, counted at one moment.
pub(crate) struct Counted {
    pub(crate) quarter: Quarter,
    pub(crate) here: Statistics,
    pub(crate) before: Statistics,
    missing: Completeness,
    pub(crate) running: bool,
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
}

/// Shows the page.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<StatisticsQuery>,
) -> Result<Response, Trouble> {
    let counted = counted(&app, &signed_in, &query).await?;
    let words = signed_in.visitor.words;
    let title = words.get("statistics-title");
    let page = Page::signed_in(&signed_in, Place::Statistics, title);
    Ok(html(StatusCode::OK, &build(page, &signed_in.visitor.moments, &counted)))
}

async fn counted(
    app: &App,
    signed_in: &SignedIn,
    query: &StatisticsQuery,
) -> Result<Counted, Trouble> {
    let scope = signed_in.scope.clone();
    if !scope.role.sees_all_jobs() {
        return Err(Trouble::NotFound);
    }
    let moments = signed_in.visitor.moments.clone();
    let quarter = Quarter::parse(&query.quarter).unwrap_or(Quarter::of(moments.today()));
    Ok(app.store.try_read(move |sql| read(sql, &scope, &moments, quarter)).await?)
}

fn read(
    sql: &Connection,
    scope: &Scope,
    moments: &Moments,
    quarter: Quarter,
) -> Result<Counted, StoreError> {
    let (zone, now) = (moments.zone(), moments.now_ms());
    let (here, before) = (quarter.days().span(zone), quarter.previous().days().span(zone));
    let reach = Span { from: before.from - REPEAT_WITHIN_MS, until: here.until };
    let mut facts: Vec<Fact> = facts::between(sql, scope, reach)?;
    let book = Book::load(sql, scope.tenant)?;
    facts.iter_mut().for_each(|fact| fact.judge(&book, now));
    let contacts = completeness::contacts(sql, scope)?;
    Ok(Counted {
        quarter,
        here: count(&facts, here, &weeks(quarter, moments), now),
        before: count(&facts, before, &[], now),
        missing: completeness::judge(&facts, here, &contacts, now),
        running: now < here.until,
    })
}

/// The weeks of a quarter, from Monday; the first and the last may be short.
fn weeks(quarter: Quarter, moments: &Moments) -> Vec<Span> {
    let days = quarter.days();
    let mut weeks = Vec::new();
    let mut from = days.from;
    while from <= days.to {
        let monday = from.nth_weekday(1, Weekday::Monday).unwrap_or(days.to);
        let to = monday.yesterday().unwrap_or(days.to).min(days.to);
        weeks.push(crate::reports::period::Days { from, to }.span(moments.zone()));
        let Ok(next) = to.checked_add(1.day()) else { break };
        from = next;
    }
    weeks
}

fn build(page: Page, moments: &Moments, counted: &Counted) -> StatisticsPage {
    let words = page.words;
    let quarter = counted.quarter;
    let present = Quarter::of(moments.today());
    let days = quarter.days();
    let address = |quarter: Quarter| format!("/statistics?quarter={quarter}");
    let day = |week: &Week| moments.date(week.span.from).unwrap_or(days.from);
    StatisticsPage {
        quarter: quarter.to_string(),
        previous: address(quarter.previous()),
        next: (quarter < present).then(|| address(quarter.next())),
        days: format!("{} – {}", days.from, days.to),
        figures: statistics_words::figures(counted, words),
        as_of: words
            .with("statistics-as-of", &[("moment", moments.short(moments.now_ms()).into())]),
        complete: counted.missing == Completeness::default(),
        completeness: completeness_in_words(counted, words),
        changed: said(words, "statistics-changed-since", counted.here.changed_since),
        carried: carried_in_words(counted, words),
        chart: chart::weeks(&counted.here.weeks, |at| {
            moments.date(at).map_or_else(String::new, |day| day.strftime("%m-%d").to_string())
        }),
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

/// A sentence about some, and none about none.
fn said(words: Words, id: &str, count: usize) -> Option<String> {
    (count > 0).then(|| words.count(id, count))
}

fn completeness_in_words(counted: &Counted, words: Words) -> String {
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

/// `GET /statistics.csv`
pub(crate) async fn csv(
    app: State<App>,
    signed_in: SignedIn,
    query: Asked<StatisticsQuery>,
) -> Result<Response, Trouble> {
    save(Kind::Csv, app, signed_in, query).await
}

/// `GET /statistics.xlsx`
pub(crate) async fn xlsx(
    app: State<App>,
    signed_in: SignedIn,
    query: Asked<StatisticsQuery>,
) -> Result<Response, Trouble> {
    save(Kind::Xlsx, app, signed_in, query).await
}

async fn save(
    kind: Kind,
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<StatisticsQuery>,
) -> Result<Response, Trouble> {
    let counted = counted(&app, &signed_in, &query).await?;
    let moments = &signed_in.visitor.moments;
    let note = completeness_in_words(&counted, signed_in.visitor.words);
    let sheets = statistics_words::sheets(&counted, &note, moments, signed_in.visitor.words);
    let name = format!("statistics-{}.{}", counted.quarter, kind.ending());
    download::file(kind, &name, &sheets, moments.now_ms())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::words::Language;

    #[test]
    fn weeks_divide_a_quarter_and_begin_on_mondays() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let moments = Moments::new(Words(Language::English), zone.clone(), 0);
        for text in ["2026Q1", "2026Q3", "2026Q4", "2024Q1"] {
            let quarter = Quarter::parse(text).unwrap();
            let weeks = weeks(quarter, &moments);
            let span = quarter.days().span(&zone);
            assert_eq!((weeks[0].from, weeks[weeks.len() - 1].until), (span.from, span.until));
            assert!(weeks.windows(2).all(|pair| pair[0].until == pair[1].from), "{text}");
            let monday = |week: &Span| moments.date(week.from).unwrap().weekday();
            assert!(weeks[1..].iter().all(|week| monday(week) == Weekday::Monday), "{text}");
            assert!((13..=15).contains(&weeks.len()), "{text}");
        }
    }
}
