//! One page: every address, and who may call it.
//!
//! The router is built from [`routes`] and from nothing else, so an address that is not in it
//! does not exist, and the permission matrix test, which walks it, misses none. Who may see or
//! do what with a particular record is asked below, through the caller's scope.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{self, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, head, patch, post};
use axum::{Router, middleware};
use docket_protocol::limits::{DOCUMENT_BYTES_MAX, REQUEST_BYTES_MAX};
use docket_protocol::wire;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::api::{
    blobs, documents, hand_in, health, held, jobs, openapi, people, sessions, unlock, verify,
};
use crate::app::App;
use crate::auth::caller::{Caller, Phone};
use crate::error::ApiError;
use crate::limits::{
    BODY_SILENCE, EVACUATION_BYTES_MAX, JSON_BYTES_MAX, PDF_BYTES_MAX, PIECE_BYTES_MAX,
    REQUEST_TIMEOUT,
};
use crate::packed::{self, Packed};
use crate::{assets, console, live, parcel, piece, reconcile, sync, unread};

const SEALED_PIECE_MAX: usize = wire::SEALED_PIECE_BYTES_MAX as usize;

/// Who may call an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anyone, without an account.
    Anyone,
    /// A person with an access token.
    Token,
    /// A person with an access token that was given to an enrolled phone.
    Phone,
    /// A person signed in to the console.
    Console,
}

/// One address.
#[derive(Debug, Clone)]
pub struct Route {
    /// What is done.
    pub method: Method,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// Who may call it.
    pub who: Who,
    /// Largest body, in bytes.
    pub body_bytes_max: usize,
    handler: MethodRouter<App>,
}

impl Route {
    /// Something to read.
    pub(crate) fn get(path: &'static str, who: Who, handler: MethodRouter<App>) -> Self {
        Self { method: Method::GET, path, who, body_bytes_max: 0, handler }
    }

    /// How far something is.
    pub(crate) fn head(path: &'static str, who: Who, handler: MethodRouter<App>) -> Self {
        Self { method: Method::HEAD, path, who, body_bytes_max: 0, handler }
    }

    /// A piece of something.
    pub(crate) fn patch(path: &'static str, who: Who, handler: MethodRouter<App>) -> Self {
        Self { method: Method::PATCH, path, who, body_bytes_max: 0, handler }
    }

    /// Something to do, with a body of at most [`JSON_BYTES_MAX`].
    pub(crate) fn post(path: &'static str, who: Who, handler: MethodRouter<App>) -> Self {
        Self { method: Method::POST, path, who, body_bytes_max: JSON_BYTES_MAX, handler }
    }

    /// The same with another bound on its body.
    pub(crate) fn body_max(self, body_bytes_max: usize) -> Self {
        Self { body_bytes_max, ..self }
    }
}

/// Every address: for everyone, for programs and phones, the phone app, the console.
pub fn routes() -> Vec<Route> {
    use Who::{Anyone, Phone, Token};
    let mut routes = vec![
        Route::get("/healthz", Anyone, get(health::alive)),
        Route::get("/readyz", Anyone, get(health::ready)),
        Route::get("/openapi.json", Anyone, get(openapi::describe)),
        Route::post("/v1/login", Anyone, post(sessions::login)),
        Route::post("/v1/refresh", Anyone, post(sessions::refresh)),
        Route::post("/v1/verify", Anyone, post(verify::verify)).body_max(PDF_BYTES_MAX),
        Route::post("/v1/logout", Token, post(sessions::logout)),
        Route::get("/v1/unlock", Token, get(unlock::key_to_seal)),
        Route::post("/v1/unlock", Anyone, post(unlock::key_to_open)),
        Route::post("/v1/sync", Phone, post(exchange)).body_max(REQUEST_BYTES_MAX),
        Route::post("/v1/reconcile", Phone, post(reconciled)).body_max(REQUEST_BYTES_MAX),
        Route::post("/v1/hand-in", Anyone, post(hand_in::take)).body_max(REQUEST_BYTES_MAX),
        Route::post("/v1/parcels", Token, post(parcel::take)).body_max(EVACUATION_BYTES_MAX),
        Route::post("/v1/pieces", Anyone, post(piece::take)).body_max(SEALED_PIECE_MAX),
        Route::get("/v1/live", Token, get(listen)),
        Route::get("/v1/jobs", Token, get(jobs::list)),
        Route::post("/v1/jobs", Token, post(jobs::create)),
        Route::get("/v1/jobs/{record}", Token, get(jobs::get)),
        Route::post("/v1/jobs/{record}/edits", Token, post(jobs::edit)),
        Route::get("/v1/held", Token, get(held::list)),
        Route::post("/v1/held/{record}/decision", Token, post(held::decide)),
        Route::post("/v1/blobs", Token, post(blobs::begin)).body_max(0),
        Route::post("/v1/blobs/receipts", Token, post(blobs::receipts)),
        Route::get("/v1/blobs/{sha256}", Token, get(blobs::get)),
        Route::head("/v1/blobs/{sha256}", Token, head(blobs::progress)),
        Route::patch("/v1/blobs/{sha256}", Token, patch(blobs::add)).body_max(PIECE_BYTES_MAX),
        Route::get("/v1/people", Token, get(people::list)),
        Route::get("/v1/docs/{record}", Token, get(documents::document)),
        Route::post("/v1/docs", Token, post(documents::take_in)).body_max(DOCUMENT_BYTES_MAX),
        Route::get("/v1/docs/{record}/signoffs/{signoff}/proof", Token, get(documents::proof)),
        Route::get("/app", Anyone, get(assets::to_phone_app)),
        Route::get("/app/", Anyone, get(assets::phone_app_start)),
        Route::get("/app/{*file}", Anyone, get(assets::phone_app)),
    ];
    routes.extend(console::routes());
    routes
}

/// The whole server as a service.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in routes() {
        let handler = route.handler.layer(DefaultBodyLimit::max(route.body_bytes_max));
        router = router.route(route.path, handler);
    }
    router
        .fallback(|| async { ApiError::NotFound })
        .layer(middleware::from_fn(assets::security_headers))
        .layer(no_store_by_default())
        .layer(CompressionLayer::new().compress_when(what_is_not_packed()))
        .layer(RequestBodyTimeoutLayer::new(BODY_SILENCE))
        .layer(middleware::from_fn(within_deadline))
        .layer(middleware::from_fn(unread::answer_after))
        .layer(CatchPanicLayer::custom(|_| ApiError::Internal.into_response()))
        .with_state(app)
}

/// The wire packs its bodies itself; compressing them again would only cost time.
fn what_is_not_packed() -> impl Predicate {
    DefaultPredicate::new().and(NotForContentType::const_new(wire::CONTENT_TYPE))
}

/// A peer that sends a byte now and then is never silent, and is cut off all the same.
async fn within_deadline(request: Request, next: Next) -> Response {
    let answered = tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await;
    answered.unwrap_or_else(|_| ApiError::Unavailable.into_response())
}

/// Answers belong to one person at one moment; what may be kept says so itself.
fn no_store_by_default() -> SetResponseHeaderLayer<HeaderValue> {
    let name: HeaderName = header::CACHE_CONTROL;
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static("no-store"))
}

/// `POST /v1/sync`
async fn exchange(
    State(app): State<App>,
    phone: Phone,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let answer = sync::exchange(&app, phone, wire_body(&headers, body)?).await?;
    let takes_zstd = packed::takes_zstd(&headers);
    sync::off_thread(move || Packed::new(&answer, takes_zstd)).await
}

/// `POST /v1/reconcile`
async fn reconciled(
    State(app): State<App>,
    phone: Phone,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let answer = reconcile::exchange(&app, phone, wire_body(&headers, body)?).await?;
    Ok(([(CONTENT_TYPE, wire::CONTENT_TYPE)], answer))
}

fn wire_body(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Vec<u8>, ApiError> {
    if headers.get(CONTENT_TYPE).is_none_or(|value| value != wire::CONTENT_TYPE) {
        return Err(ApiError::WrongContentType);
    }
    Ok(body?.into())
}

/// `GET /v1/live`
async fn listen(State(app): State<App>, caller: Caller) -> Result<impl IntoResponse, ApiError> {
    live::stream(&app, caller.session.scope).await
}
