//! `GET /articles` and `/articles/{id}`: 知识库, what solved problems taught. Written at the desk,
//! often from a job; read on every phone.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use serde::Deserialize;

use super::history::{self, HistoryEntry};
use super::job::{self, PageQuery, View};
use super::page::{Page, Place, html};
use super::reader;
use super::request::{Asked, Form, Ids};
use super::section::{Section, Source};
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::desk::{self, DeskError};
use crate::read_model::articles::{self, ArticleRow};
use crate::store::documents;
use crate::timeline;

struct Line {
    record: RecordId,
    title: String,
    category: String,
    equipment: String,
    withdrawn: bool,
    updated: String,
}

#[derive(Template)]
#[template(path = "articles.html")]
struct ArticlesPage {
    page: Page,
    count: String,
    lines: Vec<Line>,
    may_open: bool,
}

/// The list.
pub(crate) async fn list(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Trouble> {
    let scope = signed_in.scope.clone();
    let rows = app.store.read(move |sql| articles::list(sql, &scope)).await?;
    let words = signed_in.visitor.words;
    let template = ArticlesPage {
        page: Page::signed_in(&signed_in, Place::Articles, words.get("articles")),
        count: words.count("articles-count", rows.len()),
        lines: rows.into_iter().map(|row| line(&signed_in, row)).collect(),
        may_open: desk::may_open(signed_in.scope.role, RecordKind::Article),
    };
    Ok(html(StatusCode::OK, &template))
}

fn line(signed_in: &SignedIn, row: ArticleRow) -> Line {
    Line {
        record: row.record,
        updated: signed_in.visitor.moments.short(row.updated_at),
        title: row.content.title,
        category: row.content.category,
        equipment: row.content.equipment,
        withdrawn: row.content.withdrawn,
    }
}

#[derive(Deserialize)]
pub(crate) struct NewArticle {
    title: String,
}

/// `POST /articles`
pub(crate) async fn open(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(NewArticle { title }): Form<NewArticle>,
) -> Result<Response, Trouble> {
    let title = title.trim();
    if title.is_empty() {
        return Err(Trouble::Refused("bad-value".to_owned()));
    }
    write(&app, signed_in, vec![("title", title.into())]).await
}

/// `POST /jobs/{id}/article`: what this job taught, to be rounded off.
pub(crate) async fn open_from_job(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope.clone();
    let content = app.store.try_read(move |sql| job::visible(sql, &scope, record)).await?;
    let symptom = [&content.report.symptom, &content.intake.symptom];
    let symptom = symptom.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default();
    let fields = [
        ("title", content.intake.title),
        ("category", content.intake.category),
        ("equipment", content.intake.equipment),
        ("symptom", symptom),
        ("cause", content.report.cause),
        ("solution", content.report.treatment),
        ("job", record.to_string()),
    ];
    let written = fields.into_iter().filter(|(_, text)| !text.is_empty());
    write(&app, signed_in, written.map(|(field, text)| (field, text.into())).collect()).await
}

async fn write(
    app: &App,
    signed_in: SignedIn,
    fields: Vec<(&'static str, FieldValue)>,
) -> Result<Response, Trouble> {
    let fields = fields.into_iter().map(|(field, value)| (Path::new(field), value)).collect();
    let create = Edit::Create { fields, entries: Vec::new() };
    let scope = signed_in.scope;
    let opened = app
        .store
        .write(move |tx| desk::create(tx, &scope, RecordKind::Article, &create))
        .await
        .map_err(|error: DeskError| Trouble::from(error))?;
    Ok(Redirect::to(&format!("/articles/{opened}")).into_response())
}

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage {
    page: Page,
    address: String,
    about: Section,
    job: Option<RecordId>,
    history: Vec<HistoryEntry>,
}

/// One article.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids(record): Ids<RecordId>,
    Asked(query): Asked<PageQuery>,
) -> Result<Response, Trouble> {
    let notice = query.notice(signed_in.visitor.words);
    let view = View { editing: query.editing(), notice, ..View::default() };
    draw(&app, signed_in, record, view).await
}

/// Draws the page as `view` says; after a refused edit with what was typed.
pub(crate) async fn draw(
    app: &App,
    signed_in: SignedIn,
    record: RecordId,
    view: View,
) -> Result<Response, Trouble> {
    let status = view.status;
    let template = app
        .store
        .try_read(move |sql| {
            let row = articles::get(sql, &signed_in.scope, record)?.ok_or(Trouble::NotFound)?;
            build(sql, &signed_in, &row, view)
        })
        .await?;
    Ok(html(status, &template))
}

fn build(
    sql: &rusqlite::Connection,
    signed_in: &SignedIn,
    row: &ArticleRow,
    view: View,
) -> Result<ArticlePage, Trouble> {
    let SignedIn { scope, visitor, .. } = signed_in;
    let reader = reader::load(sql, scope, visitor)?;
    let words = reader.words;
    let content = serde_json::to_value(&row.content).unwrap_or_default();
    let document = documents::load(sql, scope.tenant, row.record)?.ok_or(Trouble::NotFound)?;
    let changes = timeline::of(sql, scope, row.record)?;
    let source = Source {
        reader: &reader,
        kind: RecordKind::Article,
        content: &content,
        disputed: &[],
        role: Some(scope.role),
        frozen: false,
        editing: &view.editing,
        typed: &view.typed,
    };
    Ok(ArticlePage {
        page: Page::signed_in(signed_in, Place::Articles, row.content.title.clone())
            .with_notice(view.notice)
            .live(),
        address: format!("/articles/{}", row.record),
        about: source.section("", words.get("article")),
        job: row.content.job.filter(|job| job::visible(sql, scope, *job).is_ok()),
        history: history::entries(&reader, &document.automerge, document.kind, &content, changes),
    })
}
