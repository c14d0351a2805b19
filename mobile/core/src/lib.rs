//! client-core as one class for the phone app's worker.
//!
//! Thin on purpose: it lends the core what a browser has instead of an operating system
//! (`storage` and `beside`: SQLite on the origin-private file system, sealed; `pin`: what unseals
//! it; `entropy`: the browser's randomness; `zones`: its time zones; `failure`: errors and panics
//! as JavaScript errors) and passes everything else through. It decides nothing and sends nothing.
//! Must run in a dedicated worker, one at a time; `mobile/app/src/worker` sees to that and is the
//! only caller.

#[cfg(target_family = "wasm")]
mod beside;
mod entropy;
mod failure;
mod pin;
#[cfg(target_family = "wasm")]
mod storage;
mod zones;

use docket_client_core::{Client, Env, FileAnswer, FileBody};
use entropy::BrowserEntropy;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// One phone's record keeper.
#[wasm_bindgen]
pub struct Core {
    client: Client,
}

/// A request for the worker to carry. Whatever becomes of it is told to [`Core::respond`] or
/// [`Core::failed`].
#[wasm_bindgen(getter_with_clone)]
pub struct Request {
    /// Names the request in the answer.
    #[wasm_bindgen(readonly)]
    pub id: f64,
    /// HTTP method.
    #[wasm_bindgen(readonly)]
    pub method: String,
    /// Path on the app's own server.
    #[wasm_bindgen(readonly)]
    pub path: String,
    /// Headers, as a JSON object of strings.
    #[wasm_bindgen(readonly)]
    pub headers_json: String,
    /// Body.
    #[wasm_bindgen(readonly)]
    pub body: Vec<u8>,
}

/// A request about a photo or file, for the worker to carry. Whatever becomes of it is told to
/// [`Core::file_answered`], [`Core::file_failed`] or [`Core::file_unreadable`].
#[wasm_bindgen(getter_with_clone)]
pub struct FileRequest {
    /// Names the request in the answer.
    #[wasm_bindgen(readonly)]
    pub id: f64,
    /// HTTP method.
    #[wasm_bindgen(readonly)]
    pub method: String,
    /// Path on the app's own server.
    #[wasm_bindgen(readonly)]
    pub path: String,
    /// Headers, as a JSON object of strings.
    #[wasm_bindgen(readonly)]
    pub headers_json: String,
    /// Body, unless a piece of a file goes with it.
    #[wasm_bindgen(readonly)]
    pub body: Vec<u8>,
    /// The name of the file a piece of which goes with it; empty for none.
    #[wasm_bindgen(readonly)]
    pub piece_of: String,
    /// Whether the piece has to be sealed first, by `sealed_piece`.
    #[wasm_bindgen(readonly)]
    pub seal: bool,
    /// First byte of the piece.
    #[wasm_bindgen(readonly)]
    pub from: f64,
    /// Behind its last byte.
    #[wasm_bindgen(readonly)]
    pub to: f64,
}

/// The 32 bytes that a PIN stands for, slow on purpose.
///
/// # Errors
/// The salt is too short.
#[wasm_bindgen]
pub fn stretch(pin: &str, salt: &[u8]) -> Result<Vec<u8>, JsValue> {
    pin::stretch(pin, salt).map_err(|error| failure::coded("broken", &error.to_string()))
}

/// Whether a picture is too large to be drawn, by its first bytes.
#[wasm_bindgen]
pub fn is_too_large(first: &[u8]) -> bool {
    docket_client_core::is_too_large(first)
}

/// Runs once, when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(failure::throw_panic));
}

#[wasm_bindgen]
impl Core {
    /// Opens the database of this name, creating it when it is not there; `key` are the 32 bytes
    /// that seal it.
    ///
    /// # Errors
    /// A JavaScript `Error` with a `code`: `storage-busy` while another tab holds the files,
    /// `storage-sealed` when the key is not the one it was sealed with.
    #[cfg(target_family = "wasm")]
    pub async fn open(name: String, key: Vec<u8>) -> Result<Core, JsValue> {
        let key = key.try_into().map_err(|_| failure::coded("storage-sealed", "key"))?;
        let connection = storage::open(&name, &key).await.map_err(failure::of_storage)?;
        let medium = docket_client_core::Medium::Opfs;
        let now_ms = js_sys::Date::now();
        let client = with_env(now_ms, |env| Client::open(connection, medium, env));
        Ok(Self { client: client.map_err(|error| failure::of_client(&error))? })
    }

    /// Lends the rules of time zones: a function of a zone's name and a moment (Unix ms) that
    /// answers how far that zone is ahead of UTC, in ms.
    pub fn set_zones(&mut self, zones: js_sys::Function) {
        zones::lend(zones);
        self.client.set_zone_offset(zones::offset_ms);
    }

    /// Carries out a command given as JSON; answers `{"ok": …}` or `{"error": …}`.
    pub fn call(&mut self, now_ms: f64, command: &str) -> String {
        with_env(now_ms, |env| self.client.call(env, command))
    }

    /// What to send now, if anything.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn next_request(&mut self, now_ms: f64) -> Result<Option<Request>, JsValue> {
        let next = with_env(now_ms, |env| self.client.next_request(env));
        Ok(next.map_err(|error| failure::of_client(&error))?.map(Request::from))
    }

    /// The answer to a request arrived.
    ///
    /// # Errors
    /// The answer could not be kept; nothing of it was, and it will be asked for again.
    pub fn respond(
        &mut self,
        now_ms: f64,
        request: f64,
        status: u16,
        content_type: &str,
        body: &[u8],
    ) -> Result<(), JsValue> {
        with_env(now_ms, |env| self.client.respond(env, request as u64, status, content_type, body))
            .map_err(|error| failure::of_client(&error))
    }

    /// A request got no answer.
    pub fn failed(&mut self, now_ms: f64, request: f64) {
        with_env(now_ms, |env| self.client.failed(env, request as u64));
    }

    /// What to send now of photos and files, if anything. `metered` says whether the network may
    /// cost money, where the browser tells.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn next_file_request(
        &mut self,
        now_ms: f64,
        metered: Option<bool>,
    ) -> Result<Option<FileRequest>, JsValue> {
        let next = with_env(now_ms, |env| self.client.next_file_request(env, metered));
        Ok(next.map_err(|error| failure::of_client(&error))?.map(FileRequest::from))
    }

    /// A piece of this phone's own file that begins at `from`, sealed to the office and signed.
    ///
    /// # Errors
    /// Nobody is signed in, or no such file is kept here.
    pub fn sealed_piece(
        &mut self,
        now_ms: f64,
        sha256: &str,
        from: f64,
        piece: &[u8],
    ) -> Result<Vec<u8>, JsValue> {
        with_env(now_ms, |env| self.client.sealed_piece(env, sha256, from as u64, piece))
            .map_err(|error| failure::of_client(&error))
    }

    /// The answer to such a request arrived; `offset` is its `upload-offset`.
    ///
    /// # Errors
    /// The answer could not be kept, and will be asked for again.
    pub fn file_answered(
        &mut self,
        now_ms: f64,
        request: f64,
        status: u16,
        offset: Option<f64>,
        body: Vec<u8>,
    ) -> Result<(), JsValue> {
        let answer = FileAnswer { status, offset: offset.map(|offset| offset as u64), body };
        with_env(now_ms, |env| self.client.file_answered(env, request as u64, &answer))
            .map_err(|error| failure::of_client(&error))
    }

    /// Such a request got no answer.
    pub fn file_failed(&mut self, now_ms: f64, request: f64) {
        with_env(now_ms, |env| self.client.file_failed(env, request as u64));
    }

    /// The bytes that such a request names are not where they should be.
    ///
    /// # Errors
    /// That could not be kept.
    pub fn file_unreadable(&mut self, now_ms: f64, request: f64) -> Result<(), JsValue> {
        with_env(now_ms, |env| self.client.file_unreadable(env, request as u64))
            .map_err(|error| failure::of_client(&error))
    }
}

impl From<docket_client_core::Request> for Request {
    fn from(request: docket_client_core::Request) -> Self {
        let mut headers = serde_json::Map::new();
        headers.insert("content-type".to_owned(), request.content_type.into());
        if let Some(authorization) = request.authorization {
            headers.insert("authorization".to_owned(), authorization.into());
        }
        Self {
            // Counted from one in memory: exact in a double for longer than any phone lives.
            id: request.id as f64,
            method: "POST".to_owned(),
            path: request.path.to_owned(),
            headers_json: serde_json::Value::Object(headers).to_string(),
            body: request.body,
        }
    }
}

impl From<docket_client_core::FileRequest> for FileRequest {
    fn from(request: docket_client_core::FileRequest) -> Self {
        let headers = request.headers.into_iter();
        let headers: serde_json::Map<_, _> =
            headers.map(|(name, value)| (name.to_owned(), value.into())).collect();
        let seal = matches!(request.body, FileBody::SealedPiece { .. });
        let (body, piece_of, from, to) = match request.body {
            FileBody::Bytes(body) => (body, String::new(), 0, 0),
            FileBody::Piece { name, from, to }
            | FileBody::SealedPiece { sha256: name, from, to } => (Vec::new(), name, from, to),
        };
        Self {
            id: request.id as f64,
            method: request.method.to_owned(),
            path: request.path,
            headers_json: serde_json::Value::Object(headers).to_string(),
            body,
            piece_of,
            seal,
            // Files are far shorter than what a double counts exactly.
            from: from as f64,
            to: to as f64,
        }
    }
}

fn with_env<T>(now_ms: f64, work: impl FnOnce(&mut Env<'_>) -> T) -> T {
    work(&mut Env { now: now_ms as i64, entropy: &mut BrowserEntropy })
}
