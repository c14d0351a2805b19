//! `GET /records`: the plain technical-support record of a period (A6), by date, customer or
//! problem type (D1), with what earlier periods left open (D3). The filter is the address; the
//! same address under `/records.csv` and `/records.xlsx` is the file of just what is shown.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use docket_protocol::ids::UserId;
use jiff::civil::Date;
use serde::Deserialize;

use super::address;
use super::download;
use super::field::Choice;
use super::page::{Page, Place, html};
use super::record_list::{Grouping, Part, parts, sheets};
use super::request::Asked;
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::audit::Deed;
use crate::limits::{EXPORT_ROWS_MAX, PAGE_ROWS_MAX};
use crate::records_csv::parse_date;
use crate::reports::period::{Days, Quarter};
use crate::reports::records::{self, Choices, Listed, RecordFilter};
use crate::words::Words;

/// The filter, as the address has it; unknown words filter nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RecordsQuery {
    from: String,
    to: String,
    query: String,
    customer: String,
    category: String,
    lead: String,
    open: String,
    group: String,
}

impl RecordsQuery {
    /// The days asked for; without any, those of the present quarter.
    fn days(&self, today: Date) -> Days {
        let quarter = Quarter::of(today).days();
        let from = parse_date(&self.from);
        let to = parse_date(&self.to);
        match (from, to) {
            (Some(from), Some(to)) => Days { from: from.min(to), to: from.max(to) },
            (Some(from), None) => Days { from, to: today.max(from) },
            (None, Some(to)) => Days { from: Quarter::of(to).days().from, to },
            (None, None) => quarter,
        }
    }

    fn filter(&self, days: Days, signed_in: &SignedIn) -> RecordFilter {
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        RecordFilter {
            span: days.span(signed_in.visitor.moments.zone()),
            query: self.query.clone(),
            customer: filled(&self.customer),
            category: filled(&self.category),
            lead: self.lead.parse().ok(),
            open_only: !self.open.is_empty(),
        }
    }

    fn grouping(&self) -> Grouping {
        Grouping::parse(&self.group)
    }

    fn is_narrow(&self) -> bool {
        let parts = [&self.query, &self.customer, &self.category, &self.lead, &self.open];
        parts.iter().any(|part| !part.is_empty())
    }

    /// The address of this filter, with other days and another grouping.
    fn address(&self, page: &str, days: Days, group: &str) -> String {
        let (from, to) = (days.from.to_string(), days.to.to_string());
        let filter = [
            ("from", from.as_str()),
            ("to", &to),
            ("query", &self.query),
            ("customer", &self.customer),
            ("category", &self.category),
            ("lead", &self.lead),
            ("open", &self.open),
            ("group", group),
        ];
        address::filtered(page, &filter)
    }
}

/// A link that shows the list in another way.
struct Way {
    label: String,
    address: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "records.html")]
struct RecordsPage {
    page: Page,
    query: RecordsQuery,
    from: String,
    to: String,
    periods: Vec<Way>,
    groupings: Vec<Way>,
    customers: Vec<Choice>,
    categories: Vec<Choice>,
    leads: Vec<Choice>,
    parts: Vec<Part>,
    count: String,
    open_count: String,
    cut: bool,
    shown_max: usize,
    narrow: bool,
    clear: String,
    csv: String,
    xlsx: String,
}

/// Shows the list.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<RecordsQuery>,
) -> Result<Response, Trouble> {
    let moments = &signed_in.visitor.moments;
    let days = query.days(moments.today());
    let filter = query.filter(days, &signed_in);
    let (scope, zone, wanted) = (signed_in.scope.clone(), moments.zone().clone(), filter.clone());
    let (listed, choices) = app
        .store
        .read(move |sql| {
            let listed = records::list(sql, &scope, &wanted, &zone, PAGE_ROWS_MAX)?;
            Ok((listed, records::choices(sql, &scope, wanted.span)?))
        })
        .await?;
    let words = signed_in.visitor.words;
    let page = Page::signed_in(&signed_in, Place::Records, words.get("records-title"));
    Ok(html(StatusCode::OK, &build(page, &signed_in, query, (days, filter), &listed, choices)))
}

fn build(
    page: Page,
    signed_in: &SignedIn,
    query: RecordsQuery,
    (days, filter): (Days, RecordFilter),
    listed: &Listed,
    choices: Choices,
) -> RecordsPage {
    let moments = &signed_in.visitor.moments;
    let words = page.words;
    let all = || listed.carried.iter().chain(&listed.opened);
    let open = all().filter(|line| line.is_open_point(filter.span)).count();
    let shown_max = usize::try_from(PAGE_ROWS_MAX).unwrap_or(usize::MAX);
    let bare = RecordsQuery { group: query.group.clone(), ..RecordsQuery::default() };
    RecordsPage {
        from: days.from.to_string(),
        to: days.to.to_string(),
        periods: periods(&query, days, moments.today(), words),
        groupings: groupings(&query, days, words),
        customers: named(choices.customers.into_keys(), &query.customer),
        categories: named(choices.categories.into_keys(), &query.category),
        leads: leads(choices.leads, &query.lead),
        parts: parts(listed, filter.span, query.grouping(), moments, words),
        count: words.count("records-count", all().count()),
        open_count: words.count("records-open-count", open),
        cut: [&listed.carried, &listed.opened].iter().any(|part| part.len() == shown_max),
        shown_max,
        narrow: query.is_narrow(),
        clear: bare.address("/records", days, &query.group),
        csv: query.address("/records.csv", days, &query.group),
        xlsx: query.address("/records.xlsx", days, &query.group),
        page,
        query,
    }
}

fn periods(query: &RecordsQuery, days: Days, today: Date, words: Words) -> Vec<Way> {
    let last_month = today.first_of_month().yesterday().unwrap_or(today);
    let quarter = Quarter::of(today);
    let periods = [
        ("records-this-month", Days::month_of(today)),
        ("records-last-month", Days::month_of(last_month)),
        ("records-this-quarter", quarter.days()),
        ("records-last-quarter", quarter.previous().days()),
        ("records-this-year", Days::year_of(today)),
    ];
    let way = |(label, period): (&str, Days)| Way {
        label: words.get(label),
        address: query.address("/records", period, &query.group),
        here: period == days,
    };
    periods.into_iter().map(way).collect()
}

fn groupings(query: &RecordsQuery, days: Days, words: Words) -> Vec<Way> {
    let way = |grouping: Grouping| Way {
        label: words.get(grouping.label()),
        address: query.address("/records", days, grouping.as_str()),
        here: grouping == query.grouping(),
    };
    Grouping::ALL.into_iter().map(way).collect()
}

/// What is chosen stays among the choices, even where nothing has it any more.
fn named(names: impl Iterator<Item = String>, current: &str) -> Vec<Choice> {
    let mut names: Vec<String> = names.collect();
    if !current.is_empty() && !names.iter().any(|name| name == current) {
        names.push(current.to_owned());
    }
    names.into_iter().map(|name| Choice::new(name.clone(), name, current)).collect()
}

fn leads(leads: std::collections::BTreeMap<UserId, String>, current: &str) -> Vec<Choice> {
    let mut leads: Vec<_> =
        leads.into_iter().map(|(id, name)| Choice::new(id.to_string(), name, current)).collect();
    leads.sort_by(|one, other| one.label.cmp(&other.label));
    leads
}

/// `GET /records.csv`, `GET /records.xlsx`
pub(crate) async fn save(
    download::Ending(kind): download::Ending,
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<RecordsQuery>,
) -> Result<Response, Trouble> {
    let moments = signed_in.visitor.moments.clone();
    let days = query.days(moments.today());
    let filter = query.filter(days, &signed_in);
    let name = format!("records-{}-{}.{}", days.from, days.to, kind.ending());
    download::note(&app, &signed_in.scope, Deed::TableTaken, &name).await?;
    let (scope, span, words) = (signed_in.scope, filter.span, signed_in.visitor.words);
    app.store
        .try_read(move |sql| {
            let listed = records::list(sql, &scope, &filter, moments.zone(), EXPORT_ROWS_MAX)?;
            let sheets = sheets(kind, &listed, span, words);
            download::file(kind, &name, &sheets, moments.now_ms())
        })
        .await
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn asked(from: &str, to: &str) -> Days {
        let query =
            RecordsQuery { from: from.to_owned(), to: to.to_owned(), ..RecordsQuery::default() };
        query.days(date(2026, 11, 26))
    }

    #[test]
    fn the_period_is_the_quarter_until_somebody_says_otherwise() {
        let days = |from, to| Days { from, to };
        let quarter = days(date(2026, 10, 1), date(2026, 12, 31));
        assert_eq!(asked("", ""), quarter);
        assert_eq!(asked("soon", "<script>"), quarter);
        let july = days(date(2026, 7, 1), date(2026, 7, 31));
        assert_eq!(asked("2026-07-01", "2026-07-31"), july);
        assert_eq!(asked("2026-07-31", "2026-07-01"), july, "either way round");
        assert_eq!(asked("2026-11-01", ""), days(date(2026, 11, 1), date(2026, 11, 26)));
        assert_eq!(asked("", "2026-08-15"), days(date(2026, 7, 1), date(2026, 8, 15)));
    }

    #[test]
    fn the_filter_is_the_address() {
        let query = RecordsQuery {
            query: "打印机 & co".to_owned(),
            open: "yes".to_owned(),
            ..RecordsQuery::default()
        };
        let days = Days { from: date(2026, 7, 1), to: date(2026, 9, 30) };
        assert_eq!(
            query.address("/records", days, "customer"),
            "/records?from=2026-07-01&to=2026-09-30&query=%E6%89%93%E5%8D%B0%E6%9C%BA+%26+co\
             &open=yes&group=customer"
        );
    }
}
