//! `GET /dossiers` and `/dossiers/{id}`: 用户档案, the customers with their sites, contacts,
//! equipment and jobs. Edited in place by those whose role allows it, like a job's fields.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::edit::Edit;
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::dossier::DossierContent;
use docket_protocol::record::path::Path;
use serde::Deserialize;

use super::address;
use super::asset_card::AssetCard;
use super::edits;
use super::history::{self, HistoryEntry};
use super::job::{PageQuery, View};
use super::job_head::JobLine;
use super::page::{Page, Place, html};
use super::promise_card::{OpenPromise, open_promises};
use super::reader;
use super::request::{Asked, Form, Ids};
use super::section::{Section, Source, Table};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::auth::scope::Scope;
use crate::desk::{self, DeskError};
use crate::limits::{CUSTOMERS_OFFERED, DOSSIER_PAGE_ROWS, PAGE_ROWS_MAX};
use crate::read_model::dossiers::{self, DossierRow};
use crate::read_model::jobs::{self, JobFilter};
use crate::store::documents;
use crate::timeline;

struct Line {
    record: RecordId,
    name: String,
    address: String,
    sites: usize,
    equipment: usize,
    contacts: String,
    updated: String,
}

#[derive(Template)]
#[template(path = "dossiers.html")]
struct DossiersPage {
    page: Page,
    query: String,
    count: String,
    lines: Vec<Line>,
    /// Windows beside this one, in words.
    before: Option<(String, String)>,
    more: Option<(String, String)>,
    may_open: bool,
}

/// The filter, as the address has it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct DossiersQuery {
    query: String,
    /// How many customers come before the window.
    from: usize,
}

impl DossiersQuery {
    fn address(&self, from: usize) -> String {
        let from = if from == 0 { String::new() } else { from.to_string() };
        address::filtered("/dossiers", &[("query", &self.query), ("from", &from)])
    }
}

/// The list: of all customers only the names are read, and the dossiers of one window.
pub(crate) async fn list(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<DossiersQuery>,
) -> Result<Response, Trouble> {
    let (scope, asked, from) = (signed_in.scope.clone(), query.query.clone(), query.from);
    let (rows, found) = app
        .store
        .read(move |sql| {
            let found = dossiers::find(sql, &scope, &asked)?;
            let window = found.iter().skip(from).take(DOSSIER_PAGE_ROWS);
            let rows =
                window.filter_map(|(record, _)| dossiers::get(sql, &scope, *record).transpose());
            Ok((rows.collect::<rusqlite::Result<Vec<_>>>()?, found.len()))
        })
        .await?;
    let words = signed_in.visitor.words;
    let label = |id: &str| words.count(id, DOSSIER_PAGE_ROWS);
    let next = from + DOSSIER_PAGE_ROWS;
    let template = DossiersPage {
        page: Page::signed_in(&signed_in, Place::Dossiers, words.get("dossiers")),
        count: words.count("dossiers-count", found),
        lines: rows.into_iter().map(|row| line(&signed_in, row)).collect(),
        before: (from > 0).then(|| {
            (query.address(from.saturating_sub(DOSSIER_PAGE_ROWS)), label("dossiers-before"))
        }),
        more: (next < found).then(|| (query.address(next), label("dossiers-next"))),
        may_open: desk::may_open(signed_in.scope.role, RecordKind::Dossier),
        query: query.query,
    };
    Ok(html(StatusCode::OK, &template))
}

/// `GET /dossiers/names`: the first names that contain what was typed, for the field that is
/// typed into.
pub(crate) async fn names(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<DossiersQuery>,
) -> Result<Json<Vec<String>>, Trouble> {
    let found =
        app.store.read(move |sql| dossiers::find(sql, &signed_in.scope, &query.query)).await?;
    Ok(Json(found.into_iter().map(|(_, name)| name).take(CUSTOMERS_OFFERED).collect()))
}

fn line(signed_in: &SignedIn, row: DossierRow) -> Line {
    let contacts: Vec<_> =
        row.content.contacts.values().map(|contact| contact.name.clone()).collect();
    Line {
        record: row.record,
        sites: row.content.sites.len(),
        equipment: row.content.equipment.len(),
        contacts: contacts.join(" · "),
        updated: signed_in.visitor.moments.short(row.updated_at),
        name: row.content.name,
        address: row.content.address,
    }
}

#[derive(Deserialize)]
pub(crate) struct NewDossier {
    name: String,
}

/// `POST /dossiers`
pub(crate) async fn open(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(NewDossier { name }): Form<NewDossier>,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope;
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err(Trouble::Refused("bad-value".to_owned()));
    }
    let fields = [(Path::new("name"), name.into())].into();
    let create = Edit::Create { fields, entries: Vec::new() };
    let opened = app
        .store
        .write(move |tx| desk::create(tx, &scope, RecordKind::Dossier, &create))
        .await
        .map_err(|error: DeskError| Trouble::from(error))?;
    Ok(Redirect::to(&format!("/dossiers/{opened}")).into_response())
}

#[derive(Template)]
#[template(path = "dossier.html")]
struct DossierPage {
    page: Page,
    address: String,
    about: Section,
    sites: Table,
    contacts: Table,
    equipment: Table,
    service: Section,
    levels: Table,
    backups: Table,
    /// What became of the one piece of equipment that was asked for.
    asset: Option<AssetCard>,
    promises: Vec<OpenPromise>,
    jobs: Vec<JobLine>,
    history: Vec<HistoryEntry>,
}

#[derive(Deserialize)]
pub(crate) struct AssetQuery {
    asset: Option<String>,
}

/// One customer.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Asked(query): Asked<PageQuery>,
    Asked(AssetQuery { asset }): Asked<AssetQuery>,
) -> Result<Response, Trouble> {
    let notice = query.notice(signed_in.visitor.words);
    let view = View { editing: query.editing(), notice, ..View::default() };
    let asset = asset.and_then(|asset| asset.parse().ok());
    draw_with(&app, signed_in, record, view, asset).await
}

/// Draws the page as `view` says; after a refused edit with what was typed.
pub(crate) async fn draw(
    app: &App,
    signed_in: SignedIn,
    record: RecordId,
    view: View,
) -> Result<Response, Trouble> {
    draw_with(app, signed_in, record, view, None).await
}

async fn draw_with(
    app: &App,
    signed_in: SignedIn,
    record: RecordId,
    view: View,
    asset: Option<ItemId>,
) -> Result<Response, Trouble> {
    let status = view.status;
    let template = app
        .store
        .try_read(move |sql| {
            let row = dossiers::get(sql, &signed_in.scope, record)?.ok_or(Trouble::NotFound)?;
            build(sql, &signed_in, &row, view, asset)
        })
        .await?;
    Ok(html(status, &template))
}

fn build(
    sql: &rusqlite::Connection,
    signed_in: &SignedIn,
    row: &DossierRow,
    view: View,
    asset: Option<ItemId>,
) -> Result<DossierPage, Trouble> {
    let SignedIn { scope, visitor, .. } = signed_in;
    let reader = reader::load(sql, scope, visitor)?;
    let words = reader.words;
    let content = serde_json::to_value(&row.content).unwrap_or_default();
    let filter =
        JobFilter { dossier: Some(row.record), limit: Some(PAGE_ROWS_MAX), ..JobFilter::default() };
    let jobs = jobs::list(sql, scope, &filter)?;
    let asset = asset.and_then(|asset| row.content.equipment.get(&asset));
    let asset =
        asset.map(|thing| AssetCard::load(sql, scope, &reader, thing, &jobs)).transpose()?;
    let document = documents::load(sql, scope.tenant, row.record)?.ok_or(Trouble::NotFound)?;
    let changes = timeline::of(sql, scope, row.record)?;
    let source = Source {
        reader: &reader,
        kind: RecordKind::Dossier,
        content: &content,
        disputed: &[],
        role: Some(scope.role),
        frozen: false,
        editing: &view.editing,
        typed: &view.typed,
    };
    Ok(DossierPage {
        page: Page::signed_in(signed_in, Place::Dossiers, row.content.name.clone())
            .with_notice(view.notice)
            .live(),
        address: format!("/dossiers/{}", row.record),
        about: source.section("", words.get("dossier-about")),
        sites: source.table("sites", words.get("section-sites")),
        contacts: source.table("contacts", words.get("section-contacts")),
        equipment: source.table("equipment", words.get("section-equipment")),
        service: source.section("service", words.get("section-service")),
        levels: source.table("levels", words.get("section-levels")),
        backups: backups(&source, &row.content),
        asset,
        promises: open_promises(sql, scope, &reader, &jobs)?,
        jobs: jobs.iter().map(|job| JobLine::new(&reader, job)).collect(),
        history: history::entries(&reader, &document.automerge, document.kind, &content, changes),
    })
}

/// The backups, the newest good one of each system marked.
fn backups(source: &Source<'_>, content: &DossierContent) -> Table {
    let words = source.reader.words;
    let good = content.newest_good();
    let mut table = source.table("backups", words.get("section-backups"));
    for row in &mut table.rows {
        let id = row.path.rsplit('/').next().and_then(|id| id.parse().ok());
        if id.is_some_and(|id| good.contains(&id)) {
            row.mark = words.get("newest-good");
        }
    }
    table
}

#[derive(Deserialize)]
pub(crate) struct Approval {
    pub(super) entry: Path,
}

/// `POST /dossiers/{id}/approve`: the manager approves a backup.
pub(crate) async fn approve(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Form(approval): Form<Approval>,
) -> Result<Response, Trouble> {
    approve_backup(&app, signed_in.scope, record, approval).await?;
    Ok(Redirect::to(&format!("/dossiers/{record}?notice=approved#backups")).into_response())
}

/// Approves a backup of a customer's, wherever the manager stands.
pub(super) async fn approve_backup(
    app: &App,
    scope: Scope,
    record: RecordId,
    Approval { entry }: Approval,
) -> Result<(), Trouble> {
    app.store
        .write(move |tx| {
            dossiers::get(tx.sql, &scope, record)?.ok_or(Trouble::NotFound)?;
            let edits = edits::approval(&entry, &scope, tx.now);
            edits::apply_all(tx, &scope, record, &edits).map_err(Trouble::from)
        })
        .await?;
    Ok(())
}
