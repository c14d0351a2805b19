//! Who sent this request: the bearer token, checked whole, against the database as it is now.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use docket_protocol::ids::DeviceId;
use ed25519_dalek::VerifyingKey;

use crate::app::App;
use crate::auth::devices;
use crate::auth::scope::Scope;
use crate::auth::sessions::{self, Session, SessionKind};
use crate::auth::{together, tokens};
use crate::error::ApiError;

/// A person calling the JSON API or syncing. A handler that takes this cannot be reached
/// without a token.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The live session; its scope says who they are and what they may do.
    pub session: Session,
}

impl Caller {
    /// The person.
    pub fn scope(&self) -> Scope {
        self.session.scope.clone()
    }
}

/// A phone that syncs: a person on an enrolled device that is not revoked.
#[derive(Debug, Clone)]
pub struct Phone {
    /// The person.
    pub scope: Scope,
    /// The device the session began on.
    pub device: DeviceId,
    /// Its public key, which signs every batch.
    pub key: VerifyingKey,
}

impl FromRequestParts<App> for Phone {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let scope = Caller::from_request_parts(parts, app).await?.scope();
        let device = scope.device.ok_or(ApiError::UnknownDevice)?;
        let now = app.clock.now_ms();
        let (key, seen_is_old) = app
            .store
            .try_read(move |sql| {
                let key = devices::key_of(sql, device)?;
                Ok::<_, ApiError>((key, devices::seen_is_old(sql, device, now)?))
            })
            .await?;
        if seen_is_old {
            app.store
                .write({
                    let scope = scope.clone();
                    move |tx| {
                        devices::seen(tx.sql, device, now)?;
                        together::notice(tx, &scope).map_err(ApiError::from)
                    }
                })
                .await?;
        }
        Ok(Self { scope, device, key })
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer "));
        let token = token.ok_or(ApiError::TokenInvalid)?;
        let now = app.clock.now_ms();
        let claims = tokens::read(&app.keys.token.verifying_key(), token, now)?;
        let id = claims.sid;
        let session =
            app.store.try_read(move |sql| sessions::live(sql, id, SessionKind::Phone, now)).await?;
        let scope = &session.scope;
        if (scope.user, scope.role) == (claims.sub, claims.role) {
            Ok(Self { session })
        } else {
            Err(ApiError::TokenInvalid)
        }
    }
}
