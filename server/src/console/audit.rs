//! `GET /audit`: who did what to accounts, phones and data, newest first. The filter is the
//! address; the same address under `/audit.csv` and `/audit.xlsx` is the file of just that. Above
//! it stands whether the log's chain holds. For managers, executives and administrators.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::HEXLOWER;
use docket_protocol::ids::UserId;
use rusqlite::Connection;
use serde::Deserialize;

use super::address;
use super::download;
use super::field::Choice;
use super::page::{Page, Place, Visitor, html};
use super::request::Asked;
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::audit::chain::{self, AuditError, Whole};
use crate::audit::list::{self, AuditEntry, AuditFilter, Kind, Window};
use crate::audit::{self, Deed};
use crate::auth::scope::Scope;
use crate::limits::{AUDIT_CHECKED_MAX, AUDIT_SHOWN, EXPORT_ROWS_MAX};
use crate::records_csv::parse_date;
use crate::reports::period::Days;
use crate::reports::sheet::{Cell, Sheet};
use crate::words::Words;

/// Letters of a digest that people compare by eye.
const DIGEST_LETTERS: usize = 16;

/// The filter, as the address has it; unknown words filter nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AuditQuery {
    from: String,
    to: String,
    person: String,
    tool: String,
    kind: String,
    query: String,
    before: String,
}

impl AuditQuery {
    fn filter(&self, visitor: &Visitor) -> AuditFilter {
        let span = |text: &str| {
            let day = parse_date(text)?;
            Some(Days { from: day, to: day }.span(visitor.moments.zone()))
        };
        AuditFilter {
            person: self.person.parse().ok(),
            tool: self.tool.parse().ok(),
            kind: Kind::parse(&self.kind),
            from: span(&self.from).map(|span| span.from),
            until: span(&self.to).map(|span| span.until),
            before: self.before.parse().ok(),
        }
    }

    fn is_narrow(&self) -> bool {
        let parts = [&self.from, &self.to, &self.person, &self.tool, &self.kind, &self.query];
        parts.iter().any(|part| !part.is_empty())
    }

    /// The address of this filter, from one entry on.
    fn address(&self, page: &str, before: Option<i64>) -> String {
        let before = before.map(|number| number.to_string()).unwrap_or_default();
        let filter = [
            ("from", self.from.as_str()),
            ("to", &self.to),
            ("person", &self.person),
            ("tool", &self.tool),
            ("kind", &self.kind),
            ("query", &self.query),
            ("before", &before),
        ];
        address::filtered(page, &filter)
    }
}

/// One entry, in words.
struct Line {
    number: i64,
    when: String,
    who: String,
    deed: String,
    tool: String,
    icon: &'static str,
    digest: String,
    alarming: bool,
}

impl Line {
    fn of(visitor: &Visitor, entry: AuditEntry) -> Self {
        let words = visitor.words;
        let warn = Kind::Refused.deeds();
        Self {
            number: entry.number,
            when: visitor.moments.exact(entry.at),
            alarming: warn.iter().any(|deed| deed.as_str() == entry.what),
            deed: deed_in_words(words, &entry),
            tool: tool_in_words(words, &entry),
            icon: match entry.tool.as_str() {
                "phone" => "phone",
                "browser" => "desk",
                _ => "",
            },
            digest: HEXLOWER.encode(&entry.chain),
            who: match entry.tool.as_str() {
                _ if !entry.who.is_empty() => entry.who,
                "" | "command-line" => words.get("audit-operator"),
                _ => words.get("audit-nobody"),
            },
        }
    }

    /// Whether the words that somebody looks for stand in it.
    fn has(&self, wanted: &str) -> bool {
        let text = format!("{} {} {}", self.who, self.deed, self.tool).to_lowercase();
        wanted.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

fn deed_in_words(words: Words, entry: &AuditEntry) -> String {
    let is = |deed: Deed| entry.what == deed.as_str();
    let detail = match entry.detail.as_str() {
        role if is(Deed::RoleChanged) || is(Deed::AccountOpened) => words.of("role", role),
        section if is(Deed::SettingsChanged) => words.of("section", section),
        family if is(Deed::BrowserSignedOut) => words.of("browser", family),
        family if is(Deed::UsedTogether) && entry.tool == "browser" => words.of("browser", family),
        other => other.to_owned(),
    };
    let variables = [("name", entry.about.clone().into()), ("detail", detail.into())];
    words.with(&format!("audit-{}", entry.what), &variables)
}

fn tool_in_words(words: Words, entry: &AuditEntry) -> String {
    match (entry.tool.as_str(), entry.tool_name.as_str()) {
        ("", _) => String::new(),
        ("browser", family) => words.of("browser", family),
        ("phone", name) if !name.is_empty() => name.to_owned(),
        (tool, _) => words.of("audit-tool", tool),
    }
}

/// Whether the chain holds.
struct Standing {
    whole: bool,
    text: String,
    digest: String,
}

impl Standing {
    fn of(words: Words, checked: Result<Whole, AuditError>) -> Self {
        let with = |id: &str, from: i64, to: i64| {
            words.with(id, &[("from", from.into()), ("to", to.into())])
        };
        match checked {
            Ok(Whole { from, to, chain }) => {
                let id = if from == 1 { "audit-whole" } else { "audit-whole-since" };
                let mut digest = HEXLOWER.encode(&chain);
                digest.truncate(DIGEST_LETTERS);
                Self { whole: true, text: with(id, from, to), digest }
            }
            Err(error) => {
                let id = match error {
                    AuditError::Missing(_) => "audit-missing",
                    AuditError::Altered(_) => "audit-altered",
                    AuditError::End(..) => "audit-cut",
                };
                let text = with(id, error.number(), error.number());
                Self { whole: false, text, digest: String::new() }
            }
        }
    }
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    page: Page,
    query: AuditQuery,
    standing: Standing,
    lines: Vec<Line>,
    people: Vec<Choice>,
    tools: Vec<Choice>,
    kinds: Vec<Choice>,
    narrow: bool,
    newest: Option<String>,
    rest: Option<String>,
    csv: String,
    xlsx: String,
}

/// Shows it.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<AuditQuery>,
) -> Result<Response, Trouble> {
    if !audit::may_read(signed_in.scope.role) {
        return Err(Trouble::NotFound);
    }
    let template = app.store.read(move |sql| build(sql, &signed_in, query)).await?;
    Ok(html(StatusCode::OK, &template))
}

fn build(sql: &Connection, signed_in: &SignedIn, query: AuditQuery) -> rusqlite::Result<AuditPage> {
    let SignedIn { scope, visitor, .. } = signed_in;
    let words = visitor.words;
    let found = lines(sql, scope, visitor, &query, AUDIT_SHOWN)?;
    let choice = |id: String, label: String, current: &str| Choice::new(id, label, current);
    let tools = list::tools(sql, scope.tenant)?.into_iter();
    let tool = |(id, name, owner): (uuid::Uuid, String, String)| {
        choice(id.to_string(), format!("{owner} · {name}"), &query.tool)
    };
    let kind = |kind: Kind| {
        let word = kind.as_str();
        choice(word.to_owned(), words.of("audit-kind", word), &query.kind)
    };
    Ok(AuditPage {
        page: Page::signed_in(signed_in, Place::Audit, words.get("audit-title")),
        standing: Standing::of(words, chain::verify(sql, scope.tenant, AUDIT_CHECKED_MAX)?),
        people: people(sql, scope)?
            .into_iter()
            .map(|(id, name)| choice(id.to_string(), name, &query.person))
            .collect(),
        tools: tools.map(tool).collect(),
        kinds: Kind::ALL.into_iter().map(kind).collect(),
        narrow: query.is_narrow(),
        newest: (!query.before.is_empty()).then(|| query.address("/audit", None)),
        rest: found.rest.map(|before| query.address("/audit", Some(before))),
        lines: found.entries,
        csv: query.address("/audit.csv", None),
        xlsx: query.address("/audit.xlsx", None),
        query,
    })
}

fn lines(
    sql: &Connection,
    scope: &Scope,
    visitor: &Visitor,
    query: &AuditQuery,
    most: usize,
) -> rusqlite::Result<Window<Line>> {
    let shown = |entry| Some(Line::of(visitor, entry)).filter(|line| line.has(&query.query));
    list::list(sql, scope.tenant, &query.filter(visitor), most, shown)
}

fn people(sql: &Connection, scope: &Scope) -> rusqlite::Result<Vec<(UserId, String)>> {
    sql.prepare_cached("select id, name from users where tenant = ?1 order by name")?
        .query_map([scope.tenant.0], |row| Ok((UserId(row.get(0)?), row.get(1)?)))?
        .collect()
}

/// `GET /audit.csv`, `GET /audit.xlsx`
pub(crate) async fn save(
    download::Ending(kind): download::Ending,
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<AuditQuery>,
) -> Result<Response, Trouble> {
    if !audit::may_read(signed_in.scope.role) {
        return Err(Trouble::NotFound);
    }
    let visitor = signed_in.visitor.clone();
    let name = format!("audit-{}.{}", visitor.moments.today(), kind.ending());
    download::note(&app, &signed_in.scope, Deed::TableTaken, &name).await?;
    let scope = signed_in.scope;
    let most = usize::try_from(EXPORT_ROWS_MAX).unwrap_or(usize::MAX);
    let whole = AuditQuery { before: String::new(), ..query };
    let read = app.store.read(move |sql| {
        let found = lines(sql, &scope, &visitor, &whole, most)?;
        Ok((sheet(visitor.words, found.entries), visitor.moments.now_ms()))
    });
    let (sheet, now) = read.await?;
    download::file(kind, &name, &[sheet], now)
}

/// Every entry with its digest: whoever keeps the file can later tell whether the log still says
/// the same.
fn sheet(words: Words, lines: Vec<Line>) -> Sheet {
    let headings = ["audit-number", "audit-when", "audit-who", "audit-deed", "audit-with"];
    let headings = headings.into_iter().chain(["audit-digest"]);
    let row = |line: Line| {
        let number = Cell::Number(line.number as f64);
        let texts = [line.when, line.who, line.deed, line.tool, line.digest];
        [number].into_iter().chain(texts.map(Cell::from)).collect()
    };
    Sheet {
        name: words.get("audit-title"),
        headings: headings.map(|id| words.get(id)).collect(),
        rows: lines.into_iter().map(row).collect(),
    }
}
