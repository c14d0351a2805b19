//! What browsers load: the phone app at `/app/`, the console's files at `/assets/`, and the
//! headers that keep both safe.
//!
//! Files are inside the binary in a release build and read from disk in a development build. Beside
//! each file of the app that shrinks lies the same one packed (`.br`), made once when the app is
//! built: better packed than a server could do it for every phone.

use axum::extract::{Path, Request};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::error::ApiError;

/// The phone app as `cargo xtask app` builds it.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../mobile/app/dist"]
#[allow_missing = true]
struct PhoneApp;

/// The console's style sheets and script.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/assets"]
#[exclude = "*.md"]
struct ConsoleAssets;

/// Names of these carry a hash of their content.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Kept, but asked for again every time.
const REVALIDATE: &str = "no-cache";
/// The service worker decides what is cached, so it must never be old itself.
const NEVER: &str = "no-store";

/// `GET /app`
pub(crate) async fn to_phone_app() -> Redirect {
    Redirect::permanent("/app/")
}

/// `GET /app/`
pub(crate) async fn phone_app_start(request: HeaderMap) -> Response {
    app_file("index.html", &request, REVALIDATE).unwrap_or_else(|| {
        (StatusCode::SERVICE_UNAVAILABLE, "The phone app is not built. Run: cargo xtask app\n")
            .into_response()
    })
}

/// `GET /app/{file}`
pub(crate) async fn phone_app(Path(file): Path<String>, request: HeaderMap) -> Response {
    let cache = match file.as_str() {
        "sw.js" => NEVER,
        name if name.starts_with("assets/") => FOREVER,
        _ => REVALIDATE,
    };
    app_file(&file, &request, cache).unwrap_or_else(not_found)
}

/// A file of the app, packed where it lies packed and the browser takes it so.
fn app_file(name: &str, request: &HeaderMap, cache: &'static str) -> Option<Response> {
    let plain = PhoneApp::get(name)?;
    let packed = takes_brotli(request).then(|| PhoneApp::get(&format!("{name}.br"))).flatten();
    let vary = [(header::VARY, "accept-encoding")];
    Some(match packed {
        Some(packed) => {
            let packed = EmbeddedFile { data: packed.data, ..plain };
            (vary, [(header::CONTENT_ENCODING, "br")], answer(packed, cache)).into_response()
        }
        None => (vary, answer(plain, cache)).into_response(),
    })
}

/// Browsers list what they take; those that refuse something by `q=0` are not browsers.
fn takes_brotli(request: &HeaderMap) -> bool {
    let listed =
        request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    listed.flat_map(|list| list.split(',')).any(|coding| coding.trim() == "br")
}

/// `GET /assets/{file}`
pub(crate) async fn console_file(Path(file): Path<String>) -> Response {
    ConsoleAssets::get(&file).map_or_else(not_found, |found| answer(found, REVALIDATE))
}

fn answer(file: EmbeddedFile, cache: &'static str) -> Response {
    let kind = file.metadata.mimetype().to_owned();
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache.to_owned())];
    (headers, file.data).into_response()
}

fn not_found() -> Response {
    ApiError::NotFound.into_response()
}

const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const SECURITY: [(HeaderName, HeaderValue); 5] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // Not `no-referrer`: browsers would then send `Origin: null` with the console's own forms,
    // and the console takes forms from its own pages only.
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// Headers of every answer.
pub(crate) async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in SECURITY {
        // A file that somebody brought has a stricter policy of its own.
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}
