//! Photos and files over HTTP: brought in pieces (tus 1.0, core and creation), handed out whole,
//! and what became of them. Which address does what for whom is written down in
//! `protocol/PROTOCOL.md`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use docket_protocol::limits::ATTACHMENT_BYTES_MAX;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::app::App;
use crate::auth::caller::Caller;
use crate::auth::scope::Scope;
use crate::blobs::catalog::{self, Arrival};
use crate::blobs::{self, BlobHash, kind};
use crate::bring::{self, Come};
use crate::error::{ApiError, ErrorAnswer};
use crate::limits::PAGE_ROWS_MAX;

const TUS_VERSION: &str = "1.0.0";
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const VERSION: HeaderName = HeaderName::from_static("tus-version");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const PIECE_TYPE: &str = "application/offset+octet-stream";

/// A request that speaks tus, or the answer to one that does not.
struct Tus<'h>(&'h HeaderMap);

impl<'h> Tus<'h> {
    fn speaks(headers: &'h HeaderMap) -> Result<Self, ApiError> {
        let version = headers.get(RESUMABLE);
        if version.is_some_and(|version| version == TUS_VERSION) {
            Ok(Self(headers))
        } else {
            Err(ApiError::UploadVersion)
        }
    }

    fn number(&self, name: HeaderName) -> Result<u64, ApiError> {
        let text = self.0.get(name).and_then(|value| value.to_str().ok());
        text.and_then(|text| text.parse().ok()).ok_or(ApiError::Malformed)
    }

    /// The value under `sha256` in the metadata: base64, as all of them are.
    fn hash(&self) -> Result<BlobHash, ApiError> {
        let metadata = self.0.get(METADATA).and_then(|value| value.to_str().ok());
        let pairs = metadata.unwrap_or_default().split(',').map(str::trim);
        let value = pairs.filter_map(|pair| pair.split_once(' ')).find(|(key, _)| *key == "sha256");
        let decoded = value.and_then(|(_, text)| {
            String::from_utf8(data_encoding::BASE64.decode(text.trim().as_bytes()).ok()?).ok()
        });
        decoded.and_then(|hash| BlobHash::parse(&hash)).ok_or(ApiError::Malformed)
    }
}

/// Headers of every answer about an upload, and how much of it is here.
pub(crate) fn at(status: StatusCode, offset: u64) -> Response {
    let headers =
        [(RESUMABLE, HeaderValue::from_static(TUS_VERSION)), (OFFSET, HeaderValue::from(offset))];
    (status, headers).into_response()
}

/// Begin to bring a file that a record names; says how much of it is here already.
#[utoipa::path(post, path = "/v1/blobs",
    params(("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Length" = u64, Header),
        ("Upload-Metadata" = String, Header, description = "`sha256` and the hex hash in base64")),
    responses((status = 201, description = "`Location` and `Upload-Offset`"),
        (status = 404, body = ErrorAnswer), (status = 413, body = ErrorAnswer)))]
pub async fn begin(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let tus = Tus::speaks(&headers)?;
    let (hash, bytes) = (tus.hash()?, tus.number(LENGTH)?);
    if bytes > ATTACHMENT_BYTES_MAX {
        return Err(ApiError::TooLarge);
    }
    let scope = caller.scope();
    let location = HeaderValue::from_str(&format!("/v1/blobs/{}", hash.as_str()));
    let offset = bring::begun(&app, scope, hash, bytes).await?.1;
    let mut answer = at(StatusCode::CREATED, offset);
    answer.headers_mut().insert(header::LOCATION, location.map_err(|_| ApiError::Malformed)?);
    Ok(answer)
}

/// How much of a file is here.
#[utoipa::path(head, path = "/v1/blobs/{sha256}", params(("sha256" = String, Path)),
    responses((status = 200, description = "`Upload-Offset` and `Upload-Length`"),
        (status = 404, description = "nothing that the caller brings")))]
pub async fn progress(
    State(app): State<App>,
    caller: Caller,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Tus::speaks(&headers)?;
    let (hash, scope, blobs) = (parse(&hash)?, caller.scope(), app.blobs.clone());
    let (upload, arrival) = app
        .store
        .try_read(move |sql| {
            let upload = catalog::upload(sql, &scope, &hash)?;
            Ok::<_, ApiError>((upload, here(sql, &blobs, &scope, &hash)?))
        })
        .await?;
    let (offset, bytes) = match (upload, arrival) {
        (Some(upload), _) if bring::is_whole(&app, &upload).await? => (upload.bytes, upload.bytes),
        (Some(upload), _) => (app.blobs.offset(&upload)?, upload.bytes),
        (None, Some(arrival)) => (arrival.bytes, arrival.bytes),
        (None, None) => return Err(ApiError::NotFound),
    };
    let mut answer = at(StatusCode::OK, offset);
    answer.headers_mut().insert(LENGTH, HeaderValue::from(bytes));
    Ok(answer)
}

/// Bring a piece of a file.
#[utoipa::path(patch, path = "/v1/blobs/{sha256}", params(("sha256" = String, Path),
        ("Upload-Offset" = u64, Header, description = "where this piece begins")),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses((status = 204, description = "on the disk; `Upload-Offset`"),
        (status = 404, body = ErrorAnswer),
        (status = 409, description = "it goes on elsewhere: `Upload-Offset`"),
        (status = 422, body = ErrorAnswer, description = "the whole file is another one")))]
pub async fn add(
    State(app): State<App>,
    caller: Caller,
    Path(hash): Path<String>,
    headers: HeaderMap,
    piece: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let tus = Tus::speaks(&headers)?;
    if headers.get(header::CONTENT_TYPE).is_none_or(|value| value != PIECE_TYPE) {
        return Err(ApiError::WrongContentType);
    }
    let (hash, scope, offset) = (parse(&hash)?, caller.scope(), tus.number(OFFSET)?);
    // A piece that was cut on its way is not written at all: it comes again, whole.
    let piece = piece?;
    let upload = app
        .store
        .try_read(move |sql| {
            let upload = catalog::upload(sql, &scope, &hash)?.ok_or(ApiError::NotFound)?;
            let may = catalog::may_bring(sql, &scope, &hash, upload.bytes)?;
            if may { Ok(upload) } else { Err(ApiError::NotFound) }
        })
        .await?;
    // A phone that is cut off does not stop what its last piece has begun.
    let adding = tokio::spawn(async move { bring::keep(&app, upload, offset, piece).await });
    Ok(answered(adding.await.map_err(|_| ApiError::Internal)??))
}

fn answered(come: Come) -> Response {
    match come {
        Come::Upto(here) => at(StatusCode::NO_CONTENT, here),
        Come::Elsewhere(here) => at(StatusCode::CONFLICT, here),
    }
}

/// A photo or file that a record in the caller's sight names.
#[utoipa::path(get, path = "/v1/blobs/{sha256}", params(("sha256" = String, Path)), responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 404, body = ErrorAnswer)))]
pub async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(hash): Path<String>,
) -> Result<Response, ApiError> {
    let (hash, scope) = (parse(&hash)?, caller.scope());
    let (tenant, asked) = (scope.tenant, hash.clone());
    let may = app.store.read(move |sql| catalog::may_see(sql, &scope, &asked)).await?;
    let blobs = app.blobs.clone();
    let open = move || if may { blobs.open(tenant, &hash) } else { Ok(None) };
    let opened = tokio::task::spawn_blocking(open).await.map_err(|_| ApiError::Internal)?;
    let (file, first) = opened?.ok_or(ApiError::NotFound)?;
    Ok(handed_out(file, &first, ""))
}

/// A file as an answer: a picture to be shown, anything else to be saved and never run.
pub(crate) fn handed_out(file: std::fs::File, first: &[u8], name: &str) -> Response {
    let picture = kind::picture(first);
    let place = if picture.is_some() { "inline" } else { "attachment" };
    let disposition = match name {
        "" => place.to_owned(),
        name => format!("{place}; filename*=UTF-8''{}", percent_encoded(name)),
    };
    let length = file.metadata().map(|metadata| metadata.len());
    let body = blobs::body(file);
    let mut answer = body.into_response();
    let headers = answer.headers_mut();
    let kind = HeaderValue::from_static(picture.unwrap_or("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, kind);
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    if let Ok(length) = length {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    let apart = HeaderValue::from_static("default-src 'none'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, apart);
    // Named by its hash, it never changes; only its person's browser may keep it.
    let forever = HeaderValue::from_static("private, max-age=31536000, immutable");
    headers.insert(header::CACHE_CONTROL, forever);
    answer
}

/// RFC 8187: what is not plainly harmless is written as bytes.
fn percent_encoded(name: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => (byte as char).to_string(),
        _ => format!("%{byte:02X}"),
    };
    name.bytes().map(letter).collect()
}

/// The files somebody asks about.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReceiptsQuestion {
    /// Their hashes, at most 500.
    hashes: Vec<String>,
}

/// What became of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptsAnswer {
    /// One for each, in the order they were asked.
    receipts: Vec<ReceiptAnswer>,
}

/// What became of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptAnswer {
    /// Its hash.
    sha256: String,
    /// When all of it was on the server's disk, its hash found right: server clock, Unix ms. None
    /// when it is not, or when the caller may not know.
    received_at: Option<i64>,
    /// When the office first had it on a job's page.
    seen_at: Option<i64>,
}

/// Ask what became of files.
#[utoipa::path(post, path = "/v1/blobs/receipts", request_body = ReceiptsQuestion, responses(
    (status = 200, body = ReceiptsAnswer), (status = 400, body = ErrorAnswer)))]
pub async fn receipts(
    State(app): State<App>,
    caller: Caller,
    JsonBody(question): JsonBody<ReceiptsQuestion>,
) -> Result<Json<ReceiptsAnswer>, ApiError> {
    if question.hashes.len() > PAGE_ROWS_MAX as usize {
        return Err(ApiError::TooLarge);
    }
    let (scope, blobs) = (caller.scope(), app.blobs.clone());
    app.store
        .try_read(move |sql| {
            let receipt = |sha256: String| {
                let hash = BlobHash::parse(&sha256).ok_or(ApiError::Malformed)?;
                let arrival = here(sql, &blobs, &scope, &hash)?;
                Ok(ReceiptAnswer {
                    sha256,
                    received_at: arrival.map(|arrival| arrival.received_at),
                    seen_at: arrival.and_then(|arrival| arrival.seen_at),
                })
            };
            let receipts = question.hashes.into_iter().map(receipt);
            Ok(Json(ReceiptsAnswer { receipts: receipts.collect::<Result<_, ApiError>>()? }))
        })
        .await
}

/// What became of a file, where this person may know and its bytes are really here.
fn here(
    sql: &rusqlite::Connection,
    blobs: &blobs::Blobs,
    scope: &Scope,
    hash: &BlobHash,
) -> rusqlite::Result<Option<Arrival>> {
    if !catalog::may_ask(sql, scope, hash)? {
        return Ok(None);
    }
    let arrival = catalog::arrival(sql, scope.tenant, hash)?;
    Ok(arrival.filter(|arrival| blobs.holds(scope.tenant, hash, arrival.bytes)))
}

fn parse(hash: &str) -> Result<BlobHash, ApiError> {
    BlobHash::parse(hash).ok_or(ApiError::NotFound)
}

/// What a caller of another version is told besides.
pub(crate) fn supported() -> [(HeaderName, HeaderValue); 1] {
    [(VERSION, HeaderValue::from_static(TUS_VERSION))]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FAULTS row 77: whatever somebody calls a file, its name ends no header and opens no folder.
    #[test]
    fn a_name_is_written_so_that_it_can_end_nothing() {
        assert_eq!(percent_encoded("图 1.jpg"), "%E5%9B%BE%201.jpg");
        for name in ["a\r\nset-cookie: x", "../../x", "a\";b", "a\0", "\u{202e}gpj.exe"] {
            let written = percent_encoded(name);
            let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"%-_.".contains(&byte);
            assert!(written.bytes().all(harmless), "{written}");
        }
    }
}
