//! The requests a phone makes, as method, path, headers and bytes.

use ed25519_dalek::Signer;
use serde_json::{Value as Json, json};

use crate::session::{Credentials, Session, SignedIn, Tokens};

/// A request for someone else to carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Names the request in the answer.
    pub id: u64,
    /// What it is for.
    pub kind: RequestKind,
    /// Path on the server; the method is always POST.
    pub path: &'static str,
    /// Content type of the body.
    pub content_type: &'static str,
    /// `authorization` header.
    pub authorization: Option<String>,
    /// Body.
    pub body: Vec<u8>,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// Sign in and enrol this device.
    Login,
    /// A new access token.
    Refresh,
    /// End the session on the server.
    Logout,
    /// Push and pull.
    Sync,
    /// Push at the door for phones that may not sync any more.
    HandIn,
    /// Compare everything both sides hold.
    Reconcile,
}

const JSON: &str = "application/json";

pub(super) fn bearer(tokens: &Tokens) -> String {
    format!("Bearer {}", tokens.access)
}

pub(super) fn login(credentials: &Credentials, session: &Session) -> Request {
    let key = session.device_key.verifying_key();
    let proof =
        [b"docket-device-1\0", credentials.login.as_bytes(), b"\0", key.as_bytes()].concat();
    let body = json!({
        "login": credentials.login,
        "password": credentials.password,
        "device": {
            "public_key": session.device_key_hex(),
            "name": credentials.device_name,
            "signature": sign_hex(session, &proof),
        },
    });
    json_request(RequestKind::Login, "/v1/login", None, &body)
}

pub(super) fn refresh(signed_in: &SignedIn, session: &Session) -> Request {
    let token = &signed_in.tokens.refresh;
    let proof = [b"docket-refresh-1\0", token.as_bytes()].concat();
    let body = json!({
        "refresh_token": token,
        "device": signed_in.device,
        "signature": sign_hex(session, &proof),
    });
    json_request(RequestKind::Refresh, "/v1/refresh", None, &body)
}

pub(super) fn logout(signed_in: &SignedIn) -> Request {
    let authorization = Some(bearer(&signed_in.tokens));
    json_request(RequestKind::Logout, "/v1/logout", authorization, &json!({}))
}

fn json_request(
    kind: RequestKind,
    path: &'static str,
    authorization: Option<String>,
    body: &Json,
) -> Request {
    let body = body.to_string().into_bytes();
    Request { id: 0, kind, path, content_type: JSON, authorization, body }
}

fn sign_hex(session: &Session, bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&session.device_key.sign(bytes).to_bytes())
}
