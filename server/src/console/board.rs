//! `GET /`: the live board. Every open job by stage, the most urgent first; the filter is the
//! address, so that it can be kept, sent and gone back to.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use docket_protocol::clocks::{Clock, ClockState};
use docket_protocol::record::RecordKind;
use docket_protocol::record::rules::LEVELS;
use docket_protocol::stage::Stage;
use rusqlite::Connection;
use serde::Deserialize;

use super::clock_card::pressing;
use super::field::{Choice, Reader};
use super::job_head::{JobLine, StageMark};
use super::page::{Page, Place, html};
use super::reader;
use super::request::Asked;
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::auth::scope::Scope;
use crate::desk::may_open;
use crate::levels::{self, Book};
use crate::limits::PAGE_ROWS_MAX;
use crate::read_model::jobs::{self, JobFilter, JobRow};
use crate::store::StoreError;

/// The filter, as the address has it; unknown words filter nothing.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct BoardFilter {
    #[serde(default)]
    pub(crate) stage: String,
    #[serde(default)]
    pub(crate) level: String,
    #[serde(default)]
    pub(crate) lead: String,
    #[serde(default)]
    pub(crate) query: String,
    /// `follow_up`: only jobs whose customer should be called again by now, filed ones too.
    #[serde(default)]
    pub(crate) due: String,
    /// How the most pressing clock stands: `over`, `soon` or `paused`.
    #[serde(default)]
    pub(crate) clock: String,
}

/// The one word of [`BoardFilter::due`].
const FOLLOW_UP: &str = "follow_up";

impl BoardFilter {
    pub(crate) fn is_narrow(&self) -> bool {
        [&self.level, &self.lead, &self.clock, &self.query].iter().any(|part| !part.is_empty())
    }

    fn wants_follow_up(&self) -> bool {
        self.due == FOLLOW_UP
    }

    fn job_filter(&self, now: i64) -> JobFilter {
        JobFilter {
            follow_up_by: self.wants_follow_up().then_some(now),
            query: self.query.clone(),
            lead: self.lead.parse().ok(),
            level: LEVELS.contains(&self.level.as_str()).then(|| self.level.clone()),
            limit: Some(PAGE_ROWS_MAX),
            ..JobFilter::default()
        }
    }

    /// The address of this filter with another stage.
    fn address(&self, stage: &str) -> String {
        let pairs = [
            ("stage", stage),
            ("level", &self.level),
            ("lead", &self.lead),
            ("clock", &self.clock),
            ("query", &self.query),
        ];
        let filled: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let query = serde_urlencoded::to_string(filled).unwrap_or_default();
        if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }
    }
}

/// The words of [`BoardFilter::clock`], with what each lets through.
const CLOCKS: [(&str, &[ClockState]); 3] = [
    ("over", &[ClockState::Missed, ClockState::Unknown]),
    ("soon", &[ClockState::Soon]),
    ("paused", &[ClockState::Paused]),
];

/// A job of the board with the clock that its row shows.
type Row = (JobRow, Option<Clock>);

struct Tab {
    label: String,
    count: usize,
    address: String,
    here: bool,
}

struct Group {
    stage: StageMark,
    rows: Vec<JobLine>,
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    page: Page,
    filter: BoardFilter,
    tabs: Vec<Tab>,
    levels: Vec<Choice>,
    leads: Vec<Choice>,
    clocks: Vec<Choice>,
    groups: Vec<Group>,
    count: String,
    cut: bool,
    shown_max: usize,
    may_open: bool,
}

/// Shows the board.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(filter): Asked<BoardFilter>,
) -> Result<Response, Trouble> {
    let SignedIn { scope, visitor, .. } = signed_in.clone();
    let wanted = filter.clone();
    let now = app.clock.now_ms();
    let (reader, stages, calls_due) = app
        .store
        .try_read(move |sql| {
            let calls_due = JobFilter { follow_up_by: Some(now), ..JobFilter::default() };
            Ok::<_, StoreError>((
                reader::load(sql, &scope, &visitor)?,
                by_stage(sql, &scope, &wanted, now)?,
                jobs::list(sql, &scope, &calls_due)?.len(),
            ))
        })
        .await?;
    let title = reader.words.get("board-title");
    let mut page = Page::signed_in(&signed_in, Place::Board, title).live();
    page.query.clone_from(&filter.query);
    let may_open = may_open(signed_in.scope.role, RecordKind::Job);
    Ok(html(StatusCode::OK, &board(page, &reader, filter, &stages, calls_due, may_open)))
}

fn by_stage(
    sql: &Connection,
    scope: &Scope,
    filter: &BoardFilter,
    now: i64,
) -> Result<Vec<(Stage, Vec<Row>)>, StoreError> {
    let book = Book::load(sql, scope.tenant)?;
    let clock_of = |job: &JobRow| -> rusqlite::Result<Option<Clock>> {
        let Some(case) = levels::case(sql, scope.tenant, job.record)? else { return Ok(None) };
        Ok(pressing(&book.judged(sql, scope.tenant, &case, now)?).copied())
    };
    let wanted = CLOCKS.iter().find(|(word, _)| *word == filter.clock).map(|(_, states)| *states);
    let lets_through = |clock: &Option<Clock>| {
        wanted.is_none_or(|states| clock.is_some_and(|clock| states.contains(&clock.state)))
    };
    let of_stage = |stage| {
        let filter = JobFilter { stage: Some(stage), ..filter.job_filter(now) };
        let mut rows = Vec::new();
        for job in jobs::list(sql, scope, &filter)? {
            let clock = clock_of(&job)?;
            if lets_through(&clock) {
                rows.push((job, clock));
            }
        }
        Ok((stage, rows))
    };
    Stage::ALL.into_iter().map(of_stage).collect()
}

fn board(
    page: Page,
    reader: &Reader,
    filter: BoardFilter,
    stages: &[(Stage, Vec<Row>)],
    calls_due: usize,
    may_open: bool,
) -> BoardPage {
    let words = reader.words;
    let only = Stage::parse(&filter.stage);
    // What is filed is out of the way until somebody asks for it, by its stage or by a word.
    let shown = |stage: Stage| match only {
        Some(only) => stage == only,
        None => stage != Stage::Archived || !filter.query.is_empty() || filter.wants_follow_up(),
    };
    let groups: Vec<Group> = stages
        .iter()
        .filter(|(stage, rows)| shown(*stage) && !rows.is_empty())
        .map(|(stage, rows)| Group {
            stage: StageMark::new(words, *stage),
            rows: most_urgent_first(rows)
                .map(|(row, clock)| JobLine::with_clock(reader, row, clock.as_ref()))
                .collect(),
        })
        .collect();
    let shown_max = usize::try_from(PAGE_ROWS_MAX).unwrap_or(usize::MAX);
    let level = filter.level.as_str();
    let levels = LEVELS
        .iter()
        .rev()
        .map(|word| Choice::new((*word).to_owned(), words.of("level", word), level));
    BoardPage {
        count: words.count("board-count", groups.iter().map(|group| group.rows.len()).sum()),
        cut: groups.iter().any(|group| group.rows.len() == shown_max),
        tabs: tabs(reader, &filter, stages, calls_due),
        levels: levels.collect(),
        leads: reader.engineers(&filter.lead),
        clocks: CLOCKS
            .iter()
            .map(|(word, _)| {
                let label = words.of("clock-filter", word);
                Choice::new((*word).to_owned(), label, &filter.clock)
            })
            .collect(),
        page,
        filter,
        groups,
        shown_max,
        may_open,
    }
}

fn tabs(
    reader: &Reader,
    filter: &BoardFilter,
    stages: &[(Stage, Vec<Row>)],
    calls_due: usize,
) -> Vec<Tab> {
    let words = reader.words;
    let open = stages.iter().filter(|(stage, _)| *stage != Stage::Archived);
    let all = Tab {
        label: words.get("all-open"),
        count: open.map(|(_, rows)| rows.len()).sum(),
        address: filter.address(""),
        here: Stage::parse(&filter.stage).is_none() && !filter.wants_follow_up(),
    };
    let due = (calls_due > 0 || filter.wants_follow_up()).then(|| Tab {
        label: words.get("follow-up-due"),
        count: calls_due,
        address: format!("/?due={FOLLOW_UP}"),
        here: filter.wants_follow_up(),
    });
    let each = stages.iter().map(|(stage, rows)| Tab {
        label: words.of("stage", stage.as_str()),
        count: rows.len(),
        address: filter.address(stage.as_str()),
        here: filter.stage == stage.as_str(),
    });
    [all].into_iter().chain(each).chain(due).collect()
}

fn most_urgent_first(rows: &[Row]) -> impl Iterator<Item = &Row> {
    let severity = |row: &JobRow| LEVELS.iter().position(|level| *level == row.level);
    let mut rows: Vec<&Row> = rows.iter().collect();
    // Without a promised time, the oldest waits longest.
    rows.sort_by_key(|(row, _)| {
        (std::cmp::Reverse(severity(row)), row.due_at.unwrap_or(i64::MAX), row.opened_at)
    });
    rows.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_the_address() {
        let filter = BoardFilter {
            stage: "on_site".to_owned(),
            query: "打印机 & co".to_owned(),
            ..BoardFilter::default()
        };
        let address = filter.address("planned");
        assert_eq!(address, "/?stage=planned&query=%E6%89%93%E5%8D%B0%E6%9C%BA+%26+co");
        assert_eq!(BoardFilter::default().address(""), "/");
    }

    #[test]
    fn unknown_words_filter_nothing() {
        let filter = BoardFilter {
            level: "terrible".to_owned(),
            lead: "nobody".to_owned(),
            ..BoardFilter::default()
        };
        let wanted = filter.job_filter(0);
        assert_eq!((wanted.level, wanted.lead), (None, None));
    }
}
