//! Tables as files that a browser saves: what a page lists, for a spreadsheet.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::trouble::Trouble;
use crate::app::App;
use crate::audit::{self, Deed};
use crate::auth::scope::Scope;
use crate::reports::sheet::{Kind, Sheet, to_csv, to_xlsx};
use crate::store::StoreError;

/// The kind of file that the end of the address asks for.
pub(crate) struct Ending(pub(crate) Kind);

impl FromRequestParts<App> for Ending {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Trouble> {
        let path = parts.uri.path();
        let ending = path.rsplit('.').next();
        let kind = [Kind::Csv, Kind::Xlsx].into_iter().find(|kind| ending == Some(kind.ending()));
        kind.map(Self).ok_or(Trouble::NotFound)
    }
}

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
