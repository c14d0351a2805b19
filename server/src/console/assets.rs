//! `GET /assets`: the equipment of all customers (信息资产, E4), counted by kind, found by serial
//! number, model or name, a window at a time. The filter is the address; the same address under
//! `/assets.csv` and `/assets.xlsx` is the file of all that it lets through, which
//! [`super::asset_import`] takes back.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::rule_of;
use docket_protocol::role::Role;
use rusqlite::Connection;
use serde::Deserialize;

use super::address;
use super::download;
use super::field::Choice;
use super::job_head::Mark;
use super::moments::Moments;
use super::page::{Page, Place, html};
use super::request::Asked;
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::asset_table;
use crate::audit::Deed;
use crate::auth::scope::Scope;
use crate::limits::{ASSET_PAGE_ROWS, EXPORT_ROWS_MAX};
use crate::read_model::assets::{self, AssetFilter, AssetRow};
use crate::words::Words;

/// How long before its end a warranty is said to run out: time to offer another contract.
const SOON_MS: i64 = 90 * 86_400_000;
/// Kinds that stand above the list; the select has all of them.
const KINDS_SHOWN: usize = 12;
/// What stands in the address for equipment without a kind.
const NO_KIND: &str = "-";

/// The filter, as the address has it; unknown words filter nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AssetsQuery {
    query: String,
    customer: String,
    kind: String,
    site: String,
    /// How the warranty stands: a word of [`WARRANTIES`].
    warranty: String,
    /// Behind which piece of equipment the page begins.
    after: String,
}

/// The words of [`AssetsQuery::warranty`].
const WARRANTIES: [&str; 3] = ["soon", "over", "running"];

impl AssetsQuery {
    fn is_narrow(&self) -> bool {
        let parts = [&self.query, &self.customer, &self.kind, &self.site, &self.warranty];
        parts.iter().any(|part| !part.is_empty())
    }

    fn filter(&self, now: i64) -> AssetFilter {
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        AssetFilter {
            query: self.query.clone(),
            customer: self.customer.clone(),
            kind: filled(&self.kind).map(|kind| if kind == NO_KIND { String::new() } else { kind }),
            site: filled(&self.site),
            warranty: match self.warranty.as_str() {
                "soon" => Some((now, now + SOON_MS)),
                "over" => Some((0, now)),
                "running" => Some((now, i64::MAX)),
                _ => None,
            },
        }
    }

    fn place(&self) -> Option<assets::Place> {
        let (dossier, item) = self.after.split_once('.')?;
        Some((dossier.parse().ok()?, item.parse().ok()?))
    }

    /// The address of this filter with another kind, from its beginning or from a place on.
    fn address(&self, page: &str, kind: &str, after: &str) -> String {
        let filter = [
            ("query", self.query.as_str()),
            ("customer", &self.customer),
            ("kind", kind),
            ("site", &self.site),
            ("warranty", &self.warranty),
            ("after", after),
        ];
        address::filtered(page, &filter)
    }
}

/// A kind, with how much there is of it.
struct Tab {
    label: String,
    count: usize,
    address: String,
    here: bool,
}

struct Line {
    dossier: RecordId,
    item: ItemId,
    customer: String,
    name: String,
    kind: String,
    model: String,
    serial: String,
    site: String,
    place: String,
    versions: String,
    warranty: String,
    /// What is to be said of its warranty; nothing while it runs.
    standing: Mark,
}

#[derive(Template)]
#[template(path = "assets.html")]
struct AssetsPage {
    page: Page,
    query: AssetsQuery,
    tabs: Vec<Tab>,
    kinds: Vec<Choice>,
    sites: Vec<Choice>,
    warranties: Vec<Choice>,
    lines: Vec<Line>,
    count: String,
    narrow: bool,
    /// Where the next window is, in words.
    more: Option<(String, String)>,
    /// Back to the beginning, on later pages.
    first: Option<String>,
    csv: String,
    xlsx: String,
    may_import: bool,
}

/// Shows a window of the list.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<AssetsQuery>,
) -> Result<Response, Trouble> {
    let (scope, wanted) = (signed_in.scope.clone(), query.clone());
    let now = signed_in.visitor.moments.now_ms();
    let found = app.store.read(move |sql| find(sql, &scope, &wanted, now)).await?;
    Ok(html(StatusCode::OK, &draw(&signed_in, query, found)))
}

/// What the page is drawn from.
struct Found {
    rows: Vec<AssetRow>,
    kinds: Vec<(String, usize)>,
    sites: Vec<String>,
}

fn find(sql: &Connection, scope: &Scope, query: &AssetsQuery, now: i64) -> rusqlite::Result<Found> {
    let filter = query.filter(now);
    Ok(Found {
        rows: assets::list(sql, scope, &filter, query.place(), ASSET_PAGE_ROWS + 1)?,
        kinds: assets::count_by_kind(sql, scope, &filter)?,
        sites: assets::sites(sql, scope, query.customer.trim())?,
    })
}

fn draw(signed_in: &SignedIn, query: AssetsQuery, found: Found) -> AssetsPage {
    let words = signed_in.visitor.words;
    let moments = &signed_in.visitor.moments;
    let Found { mut rows, mut kinds, sites } = found;
    let more = rows.len() > ASSET_PAGE_ROWS;
    rows.truncate(ASSET_PAGE_ROWS);
    let next = rows.last().filter(|_| more).map(|last| {
        let after = format!("{}.{}", last.dossier, last.item);
        let address = query.address("/assets", &query.kind, &after);
        (address, words.count("assets-next", ASSET_PAGE_ROWS))
    });
    kinds.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let shown = match query.kind.as_str() {
        "" => kinds.iter().map(|(_, count)| count).sum(),
        kind => of_kind(&kinds, kind),
    };
    AssetsPage {
        page: Page::signed_in(signed_in, Place::Assets, words.get("assets-title")),
        tabs: tabs(words, &query, &kinds),
        kinds: kind_choices(words, &query.kind, &kinds),
        sites: site_choices(sites, &query.site),
        warranties: WARRANTIES
            .into_iter()
            .map(|word| {
                let label = words.of("warranty-filter", word);
                Choice::new(word.to_owned(), label, &query.warranty)
            })
            .collect(),
        lines: rows.into_iter().map(|row| line(words, moments, row)).collect(),
        count: words.count("assets-count", shown),
        narrow: query.is_narrow(),
        more: next,
        first: (!query.after.is_empty()).then(|| query.address("/assets", &query.kind, "")),
        csv: query.address("/assets.csv", &query.kind, ""),
        xlsx: query.address("/assets.xlsx", &query.kind, ""),
        may_import: may_import(signed_in.scope.role),
        query,
    }
}

/// The stored kind for the one of the address.
fn of_kind(kinds: &[(String, usize)], kind: &str) -> usize {
    let stored = if kind == NO_KIND { "" } else { kind };
    kinds.iter().find(|(one, _)| one == stored).map_or(0, |(_, count)| *count)
}

/// How a kind is written in the address, and what it is called.
fn named(words: Words, kind: &str) -> (String, String) {
    match kind {
        "" => (NO_KIND.to_owned(), words.get("assets-no-kind")),
        kind => (kind.to_owned(), kind.to_owned()),
    }
}

fn tabs(words: Words, query: &AssetsQuery, kinds: &[(String, usize)]) -> Vec<Tab> {
    let all = Tab {
        label: words.get("assets-all-kinds"),
        count: kinds.iter().map(|(_, count)| count).sum(),
        address: query.address("/assets", "", ""),
        here: query.kind.is_empty(),
    };
    let each = kinds.iter().take(KINDS_SHOWN).map(|(kind, count)| {
        let (word, label) = named(words, kind);
        let address = query.address("/assets", &word, "");
        Tab { label, count: *count, address, here: query.kind == word }
    });
    std::iter::once(all).chain(each).collect()
}

fn kind_choices(words: Words, current: &str, kinds: &[(String, usize)]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = kinds
        .iter()
        .map(|(kind, count)| {
            let (word, label) = named(words, kind);
            Choice::new(word, format!("{label} · {count}"), current)
        })
        .collect();
    // What is chosen stays among the choices, even where nothing is of it.
    if !current.is_empty() && !choices.iter().any(|choice| choice.chosen) {
        choices.push(Choice::new(current.to_owned(), current.to_owned(), current));
    }
    choices
}

fn site_choices(mut sites: Vec<String>, current: &str) -> Vec<Choice> {
    if !current.is_empty() && !sites.iter().any(|site| site == current) {
        sites.push(current.to_owned());
    }
    sites.into_iter().map(|site| Choice::new(site.clone(), site, current)).collect()
}

fn line(words: Words, moments: &Moments, row: AssetRow) -> Line {
    let AssetRow { dossier, item, customer, thing } = row;
    let standing = match thing.warranty_until {
        Some(until) if moments.is_past(until) => {
            Mark { icon: "warning", word: words.get("warranty-ended"), tone: "alarm" }
        }
        Some(until) if until < moments.now_ms() + SOON_MS => {
            Mark { icon: "clock", word: words.get("warranty-soon"), tone: "warn" }
        }
        _ => Mark::default(),
    };
    Line {
        dossier,
        item,
        customer,
        name: if thing.name.is_empty() { words.get("assets-unnamed") } else { thing.name },
        kind: thing.kind,
        model: thing.model,
        serial: thing.serial,
        site: thing.site,
        place: thing.place,
        versions: thing.versions,
        warranty: thing.warranty_until.map_or_else(String::new, |until| moments.day(until)),
        standing,
    }
}

/// Whether this role writes equipment into dossiers.
pub(super) fn may_import(role: Role) -> bool {
    let path = Path::new("equipment").child(ItemId::default()).child("name");
    rule_of(RecordKind::Dossier, &path).is_some_and(|rule| rule.writable_by(role))
}

/// `GET /assets.csv`, `GET /assets.xlsx`
pub(crate) async fn save(
    download::Ending(kind): download::Ending,
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<AssetsQuery>,
) -> Result<Response, Trouble> {
    let moments = signed_in.visitor.moments.clone();
    let (scope, words) = (signed_in.scope, signed_in.visitor.words);
    let name = format!("assets-{}.{}", moments.today(), kind.ending());
    download::note(&app, &scope, Deed::TableTaken, &name).await?;
    app.store
        .try_read(move |sql| {
            let filter = query.filter(moments.now_ms());
            let most = usize::try_from(EXPORT_ROWS_MAX).unwrap_or(usize::MAX);
            let rows = assets::list(sql, &scope, &filter, None, most)?;
            let sheet = asset_table::sheet(&rows, words, moments.zone());
            download::file(kind, &name, &[sheet], moments.now_ms())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_the_address() {
        let query = AssetsQuery {
            query: "ZP 420".to_owned(),
            warranty: "soon".to_owned(),
            ..AssetsQuery::default()
        };
        let address = query.address("/assets", NO_KIND, "");
        assert_eq!(address, "/assets?query=ZP+420&kind=-&warranty=soon");
        assert_eq!(AssetsQuery::default().address("/assets", "", ""), "/assets");
    }

    #[test]
    fn unknown_words_filter_nothing() {
        let query = AssetsQuery {
            warranty: "never".to_owned(),
            after: "x.y".to_owned(),
            ..Default::default()
        };
        assert_eq!(query.filter(0), AssetFilter::default());
        assert_eq!(query.place(), None);
        let none = AssetsQuery { kind: NO_KIND.to_owned(), ..Default::default() };
        assert_eq!(none.filter(0).kind.as_deref(), Some(""));
    }
}
