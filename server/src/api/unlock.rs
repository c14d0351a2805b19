//! The office's part in unlocking a phone whose PIN was forgotten.
//!
//! A locked phone keeps the key of its record sealed twice: under the PIN, and under a key that
//! only the office can tell. That key is derived for each person, so that nothing is stored and
//! nobody's key opens anybody else's phone. A phone asks for it once, while it is signed in, to
//! seal with, and forgets it; later its person gets it for their password.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;

use super::sessions::{Try, check_password};
use crate::api::body::JsonBody;
use crate::app::App;
use crate::audit::{self, Deed, Tool};
use crate::auth::caller::Caller;
use crate::auth::scope::Scope;
use crate::error::{ApiError, ErrorAnswer};

/// A name and a password.
#[derive(Deserialize, ToSchema)]
pub struct UnlockRequest {
    login: String,
    password: String,
}

/// The office's key for this person's phones.
#[derive(Serialize, ToSchema)]
pub struct UnlockAnswer {
    /// 32 bytes, lower-case hex.
    unlock_key: String,
}

/// The key to seal with, for a phone that is signed in.
#[utoipa::path(get, path = "/v1/unlock", responses(
    (status = 200, body = UnlockAnswer), (status = 401, body = ErrorAnswer)))]
pub async fn key_to_seal(State(app): State<App>, caller: Caller) -> Json<UnlockAnswer> {
    Json(answer(&app, &caller.session.scope))
}

/// The same key for a name and a password, to open with. Tries are counted like sign-ins.
#[utoipa::path(post, path = "/v1/unlock", request_body = UnlockRequest, responses(
    (status = 200, body = UnlockAnswer), (status = 401, body = ErrorAnswer),
    (status = 429, body = ErrorAnswer)))]
pub async fn key_to_open(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    JsonBody(request): JsonBody<UnlockRequest>,
) -> Result<Json<UnlockAnswer>, ApiError> {
    let UnlockRequest { login, password } = request;
    let tool = Tool::plain("phone");
    let tried = Try { login, password, address, tool: tool.clone(), refused: Deed::SignInRefused };
    let account = check_password(&app, tried).await?;
    let (tenant, user) = (account.scope.tenant, account.scope.user);
    let noted = app.store.write(move |tx| {
        let deed = Deed::PhoneUnlocked;
        audit::write_with(tx, (tenant, user), &tool, deed, user, "").map_err(ApiError::from)
    });
    noted.await?;
    Ok(Json(answer(&app, &account.scope)))
}

fn answer(app: &App, scope: &Scope) -> UnlockAnswer {
    // HMAC takes keys of any length, so this never panics.
    let mut mac = Hmac::<Sha256>::new_from_slice(&app.keys.unlock).expect("any key length");
    mac.update(b"docket-unlock-1\0");
    mac.update(scope.tenant.as_bytes());
    mac.update(scope.user.as_bytes());
    UnlockAnswer { unlock_key: HEXLOWER.encode(&mac.finalize().into_bytes()) }
}
