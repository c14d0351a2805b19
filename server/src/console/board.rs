//! `GET /`: the live board. The most urgent open jobs of every stage, and all of one stage a page
//! at a time; the filter is the address, so that it can be kept, sent and gone back to.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use docket_protocol::clocks::ClockState;
use docket_protocol::ids::RecordId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::rules::LEVELS;
use docket_protocol::stage::Stage;
use rusqlite::Connection;
use serde::Deserialize;

use super::address;
use super::clock_card::{Pressing, pressing};
use super::duty::OnCall;
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
use crate::limits::{BOARD_ROWS, BOARD_STAGE_ROWS, HITS_MAX};
use crate::read_model::board::{self, Board, BoardFilter, Count, Window};
use crate::store::StoreError;
use crate::words::Words;

/// The filter, as the address has it; unknown words filter nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BoardQuery {
    pub(crate) stage: String,
    pub(crate) level: String,
    pub(crate) lead: String,
    pub(crate) query: String,
    /// `follow_up`: only jobs whose customer should be called again by now, filed ones too.
    pub(crate) due: String,
    /// How the most pressing clock stands: a word of [`CLOCKS`].
    pub(crate) clock: String,
    /// Where the page begins among the jobs of its stage.
    pub(crate) after: String,
}

/// The one word of [`BoardQuery::due`].
const FOLLOW_UP: &str = "follow_up";

impl BoardQuery {
    pub(crate) fn is_narrow(&self) -> bool {
        [&self.level, &self.lead, &self.clock, &self.query].iter().any(|part| !part.is_empty())
    }

    fn wants_follow_up(&self) -> bool {
        self.due == FOLLOW_UP
    }

    fn one_stage(&self) -> Option<Stage> {
        Stage::parse(&self.stage)
    }

    /// What is filed is out of the way until somebody asks for it, by its stage or by a word.
    fn shows(&self, stage: Stage) -> bool {
        match self.one_stage() {
            Some(only) => stage == only,
            None => stage != Stage::Archived || !self.query.is_empty() || self.wants_follow_up(),
        }
    }

    fn filter(&self, now: i64) -> BoardFilter {
        BoardFilter {
            query: self.query.clone(),
            lead: self.lead.parse().ok(),
            level: LEVELS.contains(&self.level.as_str()).then(|| self.level.clone()),
            follow_up_by: self.wants_follow_up().then_some(now),
            among: None,
        }
    }

    /// The states of a clock that it lets through; none where any will do.
    fn clocks(&self) -> Option<&'static [ClockState]> {
        CLOCKS.iter().find(|(word, _)| *word == self.clock).map(|(_, states)| *states)
    }

    /// The address of this filter with another stage, from its beginning or from a place on.
    fn address(&self, stage: &str, after: &str) -> String {
        let filter = [
            ("stage", stage),
            ("level", &self.level),
            ("lead", &self.lead),
            ("clock", &self.clock),
            ("query", &self.query),
            ("after", after),
        ];
        address::filtered("/", &filter)
    }
}

/// The words of [`BoardQuery::clock`], with what each lets through.
const CLOCKS: [(&str, &[ClockState]); 3] = [
    ("over", &[ClockState::Missed, ClockState::Unknown]),
    ("soon", &[ClockState::Soon]),
    ("paused", &[ClockState::Paused]),
];

struct Tab {
    label: String,
    count: String,
    address: String,
    here: bool,
}

struct Group {
    stage: StageMark,
    count: String,
    rows: Vec<JobLine>,
    /// Where its other jobs are, in words.
    more: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    page: Page,
    filter: BoardQuery,
    tabs: Vec<Tab>,
    levels: Vec<Choice>,
    leads: Vec<Choice>,
    clocks: Vec<Choice>,
    groups: Vec<Group>,
    count: String,
    /// More jobs contain the words than were looked at.
    cut: bool,
    hits_max: usize,
    /// Back to the most urgent of the stage, on later pages.
    first: Option<String>,
    on_call: Vec<OnCall>,
    may_open: bool,
}

/// What the board is drawn from.
struct Found {
    book: Book,
    counts: Vec<(Stage, Count)>,
    windows: Vec<Window>,
    /// The most pressing clock of each job that is shown.
    clocks: BTreeMap<RecordId, Pressing>,
    calls_due: Count,
    cut: bool,
}

/// Shows the board.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(filter): Asked<BoardQuery>,
) -> Result<Response, Trouble> {
    let SignedIn { scope, visitor, .. } = signed_in.clone();
    let (wanted, now) = (filter.clone(), app.clock.now_ms());
    let read = move |sql: &Connection| {
        Ok::<_, StoreError>((
            reader::load(sql, &scope, &visitor)?,
            find(sql, &scope, &wanted, now)?,
        ))
    };
    let (reader, found) = app.store.try_read(read).await?;
    let title = reader.words.get("board-title");
    let mut page = Page::signed_in(&signed_in, Place::Board, title).live();
    page.query.clone_from(&filter.query);
    let may_open = may_open(signed_in.scope.role, RecordKind::Job);
    Ok(html(StatusCode::OK, &draw(page, &reader, filter, &found, may_open)))
}

fn find(
    sql: &Connection,
    scope: &Scope,
    query: &BoardQuery,
    now: i64,
) -> Result<Found, StoreError> {
    let book = Book::load(sql, scope.tenant)?;
    let mut filter = query.filter(now);
    if let Some(states) = query.clocks() {
        filter.among = Some(standing(sql, scope, &book, states, now)?);
    }
    let board = Board::of(sql, scope, &filter)?;
    let counts = Stage::ALL.into_iter().map(|stage| Ok((stage, board.count(sql, Some(stage))?)));
    let counts: Vec<(Stage, Count)> = counts.collect::<rusqlite::Result<_>>()?;
    let rows = if query.one_stage().is_some() { BOARD_ROWS } else { BOARD_STAGE_ROWS };
    let after = query.one_stage().and_then(|_| board::Place::parse(&query.after));
    let shown = counts.iter().filter(|(stage, count)| query.shows(*stage) && count.jobs > 0);
    let windows = shown.map(|(stage, _)| board.window(sql, *stage, after, rows));
    let windows: Vec<Window> = windows.collect::<rusqlite::Result<_>>()?;
    let mut clocks = BTreeMap::new();
    for job in windows.iter().flat_map(|window| &window.rows) {
        let Some(case) = levels::case(sql, scope.tenant, job.record)? else { continue };
        let judged = book.judged(sql, scope.tenant, &case, now)?;
        clocks.extend(pressing(&case, &judged, now).map(|clock| (job.record, clock)));
    }
    let due = BoardFilter { follow_up_by: Some(now), ..BoardFilter::default() };
    Ok(Found {
        book,
        windows,
        clocks,
        calls_due: Board::of(sql, scope, &due)?.count(sql, None)?,
        cut: board.cut,
        counts,
    })
}

/// The jobs whose most pressing clock stands like that. Asked of every job that is not solved,
/// because no state of a clock is stored anywhere.
fn standing(
    sql: &Connection,
    scope: &Scope,
    book: &Book,
    states: &[ClockState],
    now: i64,
) -> Result<Vec<RecordId>, StoreError> {
    let mut records = Vec::new();
    for case in levels::open_cases(sql, scope.tenant)? {
        let clocks = book.judged(sql, scope.tenant, &case, now)?;
        if pressing(&case, &clocks, now).is_some_and(|clock| states.contains(&clock.state)) {
            records.push(case.record);
        }
    }
    Ok(records)
}

fn draw(
    page: Page,
    reader: &Reader,
    filter: BoardQuery,
    found: &Found,
    may_open: bool,
) -> BoardPage {
    let words = reader.words;
    let levels = LEVELS.iter().rev();
    let levels =
        levels.map(|word| Choice::new((*word).to_owned(), words.of("level", word), &filter.level));
    let shown = found.counts.iter().filter(|(stage, _)| filter.shows(*stage));
    let first = filter.one_stage().filter(|_| !filter.after.is_empty());
    let clock =
        |word: &str| Choice::new(word.to_owned(), words.of("clock-filter", word), &filter.clock);
    BoardPage {
        clocks: CLOCKS.iter().map(|(word, _)| clock(word)).collect(),
        count: count_in_words(words, sum(shown.map(|(_, count)| *count))),
        cut: found.cut,
        hits_max: HITS_MAX,
        on_call: OnCall::now(found.book.catalog(), &reader.moments),
        first: first.map(|stage| filter.address(stage.as_str(), "")),
        tabs: tabs(words, &filter, found),
        levels: levels.collect(),
        leads: reader.engineers(&filter.lead),
        groups: found.windows.iter().map(|one| group(reader, &filter, found, one)).collect(),
        page,
        filter,
        may_open,
    }
}
fn group(reader: &Reader, filter: &BoardQuery, found: &Found, window: &Window) -> Group {
    let words = reader.words;
    let stage = window.stage;
    let count = found.counts.iter().find(|(one, _)| *one == stage);
    let count = figure(count.map(|(_, count)| *count).unwrap_or_default());
    let more = window.next.map(|next| match filter.one_stage() {
        None => (
            filter.address(stage.as_str(), ""),
            words.with("board-all-of-stage", &[("count", count.as_str().into())]),
        ),
        Some(_) => {
            (filter.address(stage.as_str(), &next.to_text()), words.count("board-next", BOARD_ROWS))
        }
    });
    Group {
        stage: StageMark::new(words, stage),
        rows: window
            .rows
            .iter()
            .map(|row| JobLine::with_clock(reader, row, found.clocks.get(&row.record)))
            .collect(),
        count,
        more,
    }
}

fn tabs(words: Words, filter: &BoardQuery, found: &Found) -> Vec<Tab> {
    let open = found.counts.iter().filter(|(stage, _)| *stage != Stage::Archived);
    let all = Tab {
        label: words.get("all-open"),
        count: figure(sum(open.map(|(_, count)| *count))),
        address: filter.address("", ""),
        here: filter.one_stage().is_none() && !filter.wants_follow_up(),
    };
    let due = (found.calls_due.jobs > 0 || filter.wants_follow_up()).then(|| Tab {
        label: words.get("follow-up-due"),
        count: figure(found.calls_due),
        address: format!("/?due={FOLLOW_UP}"),
        here: filter.wants_follow_up(),
    });
    let each = found.counts.iter().map(|(stage, count)| Tab {
        label: words.of("stage", stage.as_str()),
        count: figure(*count),
        address: filter.address(stage.as_str(), ""),
        here: filter.stage == stage.as_str(),
    });
    [all].into_iter().chain(each).chain(due).collect()
}

fn sum(counts: impl Iterator<Item = Count>) -> Count {
    counts.fold(Count::default(), |all, one| Count {
        jobs: all.jobs + one.jobs,
        more: all.more || one.more,
    })
}

fn figure(Count { jobs, more }: Count) -> String {
    if more { format!("{jobs}+") } else { jobs.to_string() }
}

fn count_in_words(words: Words, Count { jobs, more }: Count) -> String {
    words.count(if more { "board-count-more" } else { "board-count" }, jobs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_the_address() {
        let filter = BoardQuery {
            stage: "on_site".to_owned(),
            query: "打印机 & co".to_owned(),
            ..BoardQuery::default()
        };
        let address = filter.address("planned", "");
        assert_eq!(address, "/?stage=planned&query=%E6%89%93%E5%8D%B0%E6%9C%BA+%26+co");
        assert_eq!(BoardQuery::default().address("", ""), "/");
    }

    #[test]
    fn unknown_words_filter_nothing() {
        let filter = BoardQuery {
            level: "terrible".to_owned(),
            lead: "nobody".to_owned(),
            ..BoardQuery::default()
        };
        assert_eq!(filter.filter(0), BoardFilter::default());
    }
}
