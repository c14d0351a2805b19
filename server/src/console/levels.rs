//! `GET /levels`: what the organisation promises where a contract says nothing, its hours and
//! holidays, and which customers have terms of their own. Edited in place, like a dossier.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use docket_protocol::clocks::Terms;
use docket_protocol::ids::RecordId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::dossier::DossierContent;
use docket_protocol::record::rules::LEVELS;
use docket_protocol::role::Role;
use serde_json::Value as Json;

use super::clock_card::terms_in_words;
use super::edits::{self, Pairs};
use super::field::Reader;
use super::job::{PageQuery, View};
use super::page::{Page, Place, html};
use super::reader;
use super::request::{Asked, Form, Ids};
use super::section::{Section, Source, Table};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::people::catalog_of;
use crate::read_model::{catalog, dossiers};

/// A customer with terms of their own.
struct Contract {
    record: RecordId,
    customer: String,
    contract: String,
    until: String,
    over: bool,
    hours: String,
    /// Fault levels that it speaks of.
    levels: String,
    inspections: String,
}

#[derive(Template)]
#[template(path = "levels.html")]
struct LevelsPage {
    page: Page,
    address: &'static str,
    service: Section,
    levels: Table,
    holidays: Table,
    contracts: Vec<Contract>,
}

/// Shows the page.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<PageQuery>,
) -> Result<Response, Trouble> {
    let notice = query.notice(signed_in.visitor.words);
    let view = View { editing: query.editing(), notice, ..View::default() };
    draw(&app, signed_in, view).await
}

/// Draws the page as `view` says; after a refused edit with what was typed.
pub(crate) async fn draw(app: &App, signed_in: SignedIn, view: View) -> Result<Response, Trouble> {
    let status = view.status;
    let template = app.store.try_read(move |sql| build(sql, &signed_in, view)).await?;
    Ok(html(status, &template))
}

fn build(
    sql: &rusqlite::Connection,
    signed_in: &SignedIn,
    view: View,
) -> Result<LevelsPage, Trouble> {
    let SignedIn { scope, visitor, .. } = signed_in;
    let reader = reader::load(sql, scope, visitor)?;
    let words = reader.words;
    let catalog = catalog::get(sql, scope.tenant)?;
    let content = serde_json::to_value(&catalog).unwrap_or_default();
    let source = source(&reader, &content, scope.role, &view);
    let own = |(_, dossier): &(RecordId, DossierContent)| {
        let standing = dossier.levels.values().any(|level| !level.removed);
        standing || !dossier.service.hours.is_empty()
    };
    let contract = |(record, dossier): (RecordId, DossierContent)| {
        let now = visitor.moments.now_ms();
        let said = dossier.levels.values().filter(|level| !level.removed);
        let said: Vec<&str> = said.map(|level| level.level.as_str()).collect();
        let levels = LEVELS.iter().rev().filter(|level| said.contains(level));
        let levels: Vec<String> = levels.map(|level| words.of("level", level)).collect();
        let terms = Terms::of(&catalog, Some(&dossier), "", i64::MIN);
        let until = dossier.contract_until;
        Contract {
            record,
            hours: terms_in_words(&terms, words),
            levels: levels.join(" · "),
            until: until.map_or_else(String::new, |at| visitor.moments.day(at)),
            over: until.is_some_and(|at| at < now),
            inspections: dossier.service.inspection_days.map_or_else(String::new, |days| {
                words.with("every-days", &[("days", days.into())])
            }),
            customer: dossier.name,
            contract: dossier.contract,
        }
    };
    let contracts = dossiers::with_terms(sql, scope.tenant)?.into_iter().filter(own).map(contract);
    Ok(LevelsPage {
        address: "/levels",
        service: source.section("service", words.get("section-service-default")),
        levels: source.table("levels", words.get("section-levels-default")),
        holidays: source.table("holidays", words.get("section-holidays")),
        contracts: contracts.collect(),
        page: Page::signed_in(signed_in, Place::Levels, words.get("levels-title"))
            .with_notice(view.notice)
            .live(),
    })
}

/// The catalog, to be shown and edited in parts.
pub(super) fn source<'a>(
    reader: &'a Reader,
    content: &'a Json,
    role: Role,
    view: &'a View,
) -> Source<'a> {
    Source {
        reader,
        kind: RecordKind::Catalog,
        content,
        disputed: &[],
        role: Some(role),
        frozen: false,
        editing: &view.editing,
        typed: &view.typed,
    }
}

/// `POST /levels/edit`, `POST /duty/edit`
pub(crate) async fn save(
    State(app): State<App>,
    signed_in: SignedIn,
    pairs: Form<Pairs>,
) -> Result<Response, Trouble> {
    let record = of(&app, &signed_in).await?;
    edits::save(State(app), signed_in, RecordKind::Catalog, Ids(record), pairs).await
}

/// `POST /levels/add`, `POST /duty/add`
pub(crate) async fn add(
    State(app): State<App>,
    signed_in: SignedIn,
    pairs: Form<Pairs>,
) -> Result<Response, Trouble> {
    let record = of(&app, &signed_in).await?;
    edits::add(State(app), signed_in, RecordKind::Catalog, Ids(record), pairs).await
}

/// The record that holds them.
async fn of(app: &App, signed_in: &SignedIn) -> Result<RecordId, Trouble> {
    let tenant = signed_in.scope.tenant;
    Ok(app.store.read(move |sql| catalog_of(sql, tenant)).await?)
}
