//! A record's exact document and the proofs of its sign-offs, as files; and records from files.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use docket_protocol::ids::{ChangeHash, ItemId, RecordId};
use docket_protocol::number::job_number;
use docket_protocol::role::Role;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::jobs::id;
use crate::app::App;
use crate::audit::{self, Deed};
use crate::auth::caller::Caller;
use crate::auth::scope::{Access, Scope};
use crate::error::{ApiError, ErrorAnswer};
use crate::import::{self, ImportError, Imported};
use crate::proof;
use crate::store::documents;

/// The document as any Automerge of the same format reads it, at `/v1/docs/{id}.automerge`.
#[utoipa::path(get, path = "/v1/docs/{record}",
    params(("record" = String, Path, description = "the record's id with `.automerge` behind it")),
    responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 404, body = ErrorAnswer)))]
pub async fn document(
    State(app): State<App>,
    caller: Caller,
    Path(record): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let record = record.strip_suffix(".automerge").ok_or(ApiError::NotFound)?;
    let (record, scope) = (id(record)?, caller.scope());
    let who = scope.clone();
    let saved = app
        .store
        .try_read(move |sql| {
            if scope.access(sql, record)? != Access::Now {
                return Err(ApiError::NotFound);
            }
            let document = documents::load(sql, scope.tenant, record)?;
            Ok(document.ok_or(ApiError::NotFound)?.automerge.save())
        })
        .await?;
    let name = format!("{}.automerge", job_number(record));
    taken(&app, who, &name).await?;
    let name = format!("attachment; filename=\"{name}\"");
    Ok((
        [(CONTENT_TYPE, "application/octet-stream".to_owned()), (CONTENT_DISPOSITION, name)],
        saved,
    ))
}

/// Writes down that a file leaves, before it does.
async fn taken(app: &App, scope: Scope, name: &str) -> Result<(), ApiError> {
    let name = name.to_owned();
    let noted = app.store.write(move |tx| {
        audit::note(tx, &scope, Deed::DocumentTaken, &name).map_err(ApiError::from)
    });
    noted.await
}

/// A record that went in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportAnswer {
    /// Its id here.
    #[schema(value_type = String)]
    record: RecordId,
    /// Its number, as people say it.
    number: String,
    /// How many changes it brought.
    changes: usize,
}

/// A record that did not go in, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportRefusal {
    error: &'static str,
    refused: Vec<RefusedChangeAnswer>,
}

/// A change that the gate refuses.
#[derive(Debug, Serialize, ToSchema)]
struct RefusedChangeAnswer {
    /// Its hash.
    #[schema(value_type = String)]
    change: ChangeHash,
    /// Stable code; the word catalog has `error-{code}`.
    code: String,
    /// The field, where it is about one.
    path: String,
}

/// Take a document in as a new record, change by change through the gate.
#[utoipa::path(post, path = "/v1/docs",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 201, body = ImportAnswer), (status = 400, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer), (status = 422, body = ImportRefusal)))]
pub async fn take_in(
    State(app): State<App>,
    caller: Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let scope = caller.scope();
    if !matches!(scope.role, Role::Desk | Role::Manager) {
        return Err(ApiError::NotAllowed);
    }
    let file = body?;
    let read = tokio::task::spawn_blocking(move || import::read(&file)).await;
    let imported = match read.map_err(|_| ApiError::Internal)? {
        Ok(changes) => app.store.write(move |tx| import::take_in(tx, &scope, &changes)).await,
        Err(error) => Err(error),
    };
    match imported {
        Ok(Imported { record, changes }) => {
            let answer = ImportAnswer { record, number: job_number(record), changes };
            Ok((StatusCode::CREATED, Json(answer)).into_response())
        }
        Err(ImportError::NotADocument) => Err(ApiError::Malformed),
        Err(ImportError::Store(error)) => Err(error.into()),
        Err(ImportError::Refused(refused)) => {
            let refused = refused.into_iter().map(|refused| RefusedChangeAnswer {
                change: refused.hash,
                code: refused.code,
                path: refused.path.to_string(),
            });
            let answer = ImportRefusal { error: "import-refused", refused: refused.collect() };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(answer)).into_response())
        }
    }
}

/// The proof of one sign-off; its bytes are exact.
#[utoipa::path(get, path = "/v1/docs/{record}/signoffs/{signoff}/proof",
    params(("record" = String, Path), ("signoff" = String, Path)), responses(
    (status = 200, body = Object), (status = 404, body = ErrorAnswer)))]
pub async fn proof(
    State(app): State<App>,
    caller: Caller,
    Path((record, signoff)): Path<(String, String)>,
) -> Result<impl IntoResponse, ApiError> {
    let (record, scope) = (id(&record)?, caller.scope());
    let signoff: ItemId = signoff.parse().map_err(|_| ApiError::NotFound)?;
    let (keys, who) = (app.keys.clone(), scope.clone());
    let file =
        app.store.try_read(move |sql| proof::export(sql, &scope, &keys, record, signoff)).await?;
    let name = format!("{}-proof.json", job_number(record));
    taken(&app, who, &name).await?;
    let name = format!("attachment; filename=\"{name}\"");
    Ok(([(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, name)], file))
}
