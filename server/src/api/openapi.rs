//! The API's own description, at `/openapi.json`.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Description;

/// Every address of the JSON API. Sync itself speaks CBOR and is described in `protocol`.
#[derive(OpenApi)]
#[openapi(
    info(title = "Docket", description = "Offline-first field-service records"),
    paths(
        super::sessions::login,
        super::sessions::refresh,
        super::sessions::logout,
        super::unlock::key_to_seal,
        super::unlock::key_to_open,
        super::jobs::list,
        super::jobs::get,
        super::jobs::create,
        super::jobs::edit,
        super::held::list,
        super::held::decide,
        super::people::list,
        super::blobs::begin,
        super::blobs::progress,
        super::blobs::add,
        super::blobs::get,
        super::blobs::receipts,
        super::documents::document,
        super::documents::take_in,
        super::documents::proof,
        super::verify::verify,
        super::health::alive,
        super::health::ready,
    )
)]
struct Api;

/// The description.
pub async fn describe() -> Json<Description> {
    Json(Api::openapi())
}
