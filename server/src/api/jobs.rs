//! Jobs over the JSON API: list, read, open, edit. Engineers see theirs, the office sees all.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{RecordId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::path::Path as FieldPath;
use docket_protocol::record::value::FieldValue;
use docket_protocol::signoff::{Receipt, Statement};
use docket_protocol::stage::Stage;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

use crate::api::body::JsonBody;
use crate::app::App;
use crate::auth::caller::Caller;
use crate::auth::scope::Scope;
use crate::desk;
use crate::error::{ApiError, ErrorAnswer};
use crate::held::inbox::{self, DecisionEntry};
use crate::read_model::beside::{self, Beside};
use crate::read_model::conflicts::{self, ConflictRow, SettlementRow};
use crate::read_model::jobs::{self, JobFilter, JobRow};
use crate::read_model::signoffs;
use crate::store::documents;
use crate::timeline::{self, TimelineEntry};

/// Which jobs to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListParameters {
    /// Words that must appear.
    #[serde(default)]
    query: String,
    /// Only this stage.
    stage: Option<String>,
    /// Only this lead.
    #[param(value_type = Option<String>)]
    lead: Option<UserId>,
    /// Only this fault level.
    level: Option<String>,
    /// Rows to skip.
    #[serde(default)]
    offset: u32,
    /// Rows at most.
    limit: Option<u32>,
}

/// A page of jobs, latest change first.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobList {
    jobs: Vec<JobRow>,
}

/// One job, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobAnswer {
    #[serde(flatten)]
    row: JobRow,
    /// The merged content.
    #[schema(value_type = Object)]
    content: JobContent,
    /// What two people wrote at once.
    conflicts: Vec<ConflictRow>,
    /// What a person has chosen among it, latest first.
    settlements: Vec<SettlementRow>,
    /// Sign-offs with the server's receipt, in log order.
    signoffs: Vec<SignOffAnswer>,
    /// Who wrote what and when, latest first.
    timeline: Vec<TimelineEntry>,
    /// What was decided about work that was held, latest first.
    decisions: Vec<DecisionEntry>,
}

/// A sign-off.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignOffAnswer {
    /// What was signed.
    #[schema(value_type = Object)]
    statement: Statement,
    /// What the server countersigned.
    #[schema(value_type = Object)]
    receipt: Receipt,
    #[serde(flatten)]
    beside: Beside,
}

/// What a new job starts with.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewJob {
    /// Values by path, such as `intake/title`.
    #[serde(default)]
    #[schema(value_type = Object)]
    fields: BTreeMap<FieldPath, FieldValue>,
    /// First entries, such as the checklist. An id left out is made here.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    entries: Vec<NewEntry>,
}

/// List the jobs the caller may see.
#[utoipa::path(get, path = "/v1/jobs", params(ListParameters), responses(
    (status = 200, body = JobList), (status = 401, body = ErrorAnswer)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<ListParameters>,
) -> Result<Json<JobList>, ApiError> {
    let stage = match wanted.stage {
        Some(word) => Some(Stage::parse(&word).ok_or(ApiError::Malformed)?),
        None => None,
    };
    let filter = JobFilter {
        query: wanted.query,
        stage,
        lead: wanted.lead,
        level: wanted.level,
        offset: wanted.offset,
        limit: wanted.limit,
        ..JobFilter::default()
    };
    let scope = caller.scope();
    let jobs = app.store.read(move |sql| jobs::list(sql, &scope, &filter)).await?;
    Ok(Json(JobList { jobs }))
}

/// Read one job.
#[utoipa::path(get, path = "/v1/jobs/{record}", params(("record" = String, Path)), responses(
    (status = 200, body = JobAnswer), (status = 404, body = ErrorAnswer)))]
pub async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(record): Path<String>,
) -> Result<Json<JobAnswer>, ApiError> {
    answer(&app, caller.scope(), id(&record)?).await
}

/// Open a job at the desk.
#[utoipa::path(post, path = "/v1/jobs", request_body = NewJob, responses(
    (status = 201, body = JobAnswer), (status = 422, body = ErrorAnswer)))]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    JsonBody(job): JsonBody<NewJob>,
) -> Result<(StatusCode, Json<JobAnswer>), ApiError> {
    let scope = caller.scope();
    let creator = scope.clone();
    let edit = Edit::Create { fields: job.fields, entries: job.entries };
    let record = app
        .store
        .write(move |tx| {
            let edit = desk::with_fresh_ids(edit, tx.now);
            desk::create(tx, &creator, RecordKind::Job, &edit)
        })
        .await?;
    Ok((StatusCode::CREATED, answer(&app, scope, record).await?))
}

/// Edit a job at the desk.
#[utoipa::path(post, path = "/v1/jobs/{record}/edits", params(("record" = String, Path)),
    request_body = Object, responses(
    (status = 200, body = JobAnswer), (status = 404, body = ErrorAnswer),
    (status = 422, body = ErrorAnswer)))]
pub async fn edit(
    State(app): State<App>,
    caller: Caller,
    Path(record): Path<String>,
    JsonBody(edit): JsonBody<Edit>,
) -> Result<Json<JobAnswer>, ApiError> {
    let record = id(&record)?;
    let scope = caller.scope();
    let editor = scope.clone();
    app.store
        .write(move |tx| {
            // A dossier is no job, even to those who may write into it.
            jobs::get(tx.sql, &editor, record)?.ok_or(ApiError::NotFound)?;
            let edit = desk::with_fresh_ids(edit, tx.now);
            desk::edit(tx, &editor, record, &edit).map_err(ApiError::from)
        })
        .await?;
    answer(&app, scope, record).await
}

async fn answer(app: &App, scope: Scope, record: RecordId) -> Result<Json<JobAnswer>, ApiError> {
    app.store
        .try_read(move |sql| {
            let (row, content) = jobs::get(sql, &scope, record)?.ok_or(ApiError::NotFound)?;
            let document = documents::load(sql, scope.tenant, record)?.ok_or(ApiError::NotFound)?;
            let rows = signoffs::list(sql, &scope, record)?;
            let beside = beside::beside(sql, &scope, record, &document.automerge, &rows)?;
            let signoffs = rows.into_iter().zip(beside);
            Ok(Json(JobAnswer {
                row,
                content,
                conflicts: conflicts::list(sql, &scope, record)?,
                settlements: conflicts::settled(sql, &scope, record)?,
                signoffs: signoffs
                    .map(|(row, beside)| SignOffAnswer {
                        statement: row.statement,
                        receipt: row.receipt,
                        beside,
                    })
                    .collect(),
                timeline: timeline::of(sql, &scope, record)?,
                decisions: inbox::decisions_of(sql, &scope, record)?,
            }))
        })
        .await
}

/// An id that cannot be one is an id of nothing.
pub(crate) fn id(text: &str) -> Result<RecordId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound)
}
