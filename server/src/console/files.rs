//! What pages load beside their HTML: a sign-off's proof file and drawing, and the hints that
//! there is something new.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::number::job_number;

use super::download;
use super::request::Ids;
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::audit::Deed;
use crate::auth::scope::Access;
use crate::live;
use crate::read_model::signoffs;

/// `GET /live`
pub(crate) async fn live(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Trouble> {
    Ok(live::stream(&app, signed_in.scope).await?.into_response())
}

/// `GET /jobs/{id}/signoffs/{id}/proof`
pub(crate) async fn proof(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids((record, signoff)): Ids<(RecordId, ItemId)>,
) -> Result<Response, Trouble> {
    let keys = std::sync::Arc::clone(&app.keys);
    let scope = signed_in.scope.clone();
    let file = app
        .store
        .try_read(move |sql| crate::proof::export(sql, &scope, &keys, record, signoff))
        .await?;
    let name = format!("{}.docket-proof.json", job_number(record));
    download::note(&app, &signed_in.scope, Deed::DocumentTaken, &name).await?;
    let name = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, file).into_response())
}

/// `GET /jobs/{id}/signoffs/{id}/drawing.png`
pub(crate) async fn drawing(
    State(app): State<App>,
    signed_in: SignedIn,
    Ids((record, signoff)): Ids<(RecordId, ItemId)>,
) -> Result<Response, Trouble> {
    let row = app
        .store
        .try_read(move |sql| {
            if signed_in.scope.access(sql, record)? != Access::Now {
                return Err(Trouble::NotFound);
            }
            Ok(signoffs::get(sql, &signed_in.scope, record, signoff)?)
        })
        .await?;
    let drawing = row.ok_or(Trouble::NotFound)?.signed.drawing;
    // What a phone sent is shown as a picture and as nothing else.
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
    ];
    Ok((headers, drawing).into_response())
}
