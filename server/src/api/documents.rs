//! A record's exact document and the proofs of its sign-offs, as files.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use docket_protocol::ids::ItemId;
use docket_protocol::number::job_number;

use crate::api::jobs::id;
use crate::app::App;
use crate::auth::caller::Caller;
use crate::auth::scope::Access;
use crate::error::{ApiError, ErrorAnswer};
use crate::proof;
use crate::store::documents;

/// The document as any Automerge of the same format reads it.
#[utoipa::path(get, path = "/v1/docs/{record}/document.automerge",
    params(("record" = String, Path)), responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 404, body = ErrorAnswer)))]
pub async fn document(
    State(app): State<App>,
    caller: Caller,
    Path(record): Path<String>,
) -> Result<impl IntoResponse, ApiError> {
    let (record, scope) = (id(&record)?, caller.scope());
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
    let name = format!("attachment; filename=\"{}.automerge\"", job_number(record));
    Ok((
        [(CONTENT_TYPE, "application/octet-stream".to_owned()), (CONTENT_DISPOSITION, name)],
        saved,
    ))
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
    let keys = app.keys.clone();
    let file =
        app.store.try_read(move |sql| proof::export(sql, &scope, &keys, record, signoff)).await?;
    let name = format!("attachment; filename=\"{}-proof.json\"", job_number(record));
    Ok(([(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, name)], file))
}
