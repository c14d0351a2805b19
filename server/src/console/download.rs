//! Tables as files that a browser saves: what a page lists, for a spreadsheet.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::trouble::Trouble;
use crate::app::App;
use crate::audit::{self, Deed};
use crate::auth::scope::Scope;
use crate::reports::sheet::{Kind, Sheet, to_csv, to_xlsx};
use crate::store::StoreError;

/// The answer that a browser saves under `name`, which is plain ASCII.
pub(crate) fn file(
    kind: Kind,
    name: &str,
    sheets: &[Sheet],
    now: i64,
) -> Result<Response, Trouble> {
    let bytes = match kind {
        Kind::Csv => to_csv(sheets),
        Kind::Xlsx => to_xlsx(sheets, now).map_err(|error| {
            tracing::error!(%error, "a table could not be written");
            Trouble::Unavailable
        })?,
    };
    let headers = [
        (header::CONTENT_TYPE, kind.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// Writes down that data leaves, before it does.
pub(crate) async fn note(
    app: &App,
    scope: &Scope,
    deed: Deed,
    name: &str,
) -> Result<(), StoreError> {
    let (scope, name) = (scope.clone(), name.to_owned());
    app.store.write(move |tx| Ok(audit::note(tx, &scope, deed, &name)?)).await
}
