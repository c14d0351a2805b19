//! Sign in (and enrol the phone in the same request), renew, sign out.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use docket_protocol::ids::{DeviceId, TenantId, UserId};
use docket_protocol::role::Role;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::body::JsonBody;
use crate::app::App;
use crate::audit::{self, Deed, Tool};
use crate::auth::caller::Caller;
use crate::auth::devices::{self, Enrolment};
use crate::auth::scope::Scope;
use crate::auth::sessions::{self, Session, SessionKind};
use crate::auth::together;
use crate::auth::tokens::{self, AccessToken, Subject};
use crate::error::{ApiError, ErrorAnswer};
use crate::store::WriteTx;

const PHONE: SessionKind = SessionKind::Phone;

/// A name, a password, and on a phone its key.
#[derive(Deserialize, ToSchema)]
pub struct LoginRequest {
    login: String,
    password: String,
    device: Option<DeviceRequest>,
}

/// A phone that asks to be enrolled.
#[derive(Deserialize, ToSchema)]
pub struct DeviceRequest {
    /// Ed25519, lower-case hex.
    public_key: String,
    /// What people call it.
    name: String,
    /// Over `"docket-device-1\0" + login + "\0" + public key`, lower-case hex.
    signature: String,
}

/// What a sign-in gives.
#[derive(Serialize, ToSchema)]
pub struct LoginAnswer {
    access_token: String,
    /// Unix ms, server clock.
    access_expires_at: i64,
    refresh_token: String,
    #[schema(value_type = Option<String>)]
    device: Option<DeviceId>,
    person: PersonAnswer,
    organisation: OrganisationAnswer,
    /// Public key of sign-off receipts, lower-case hex.
    server_key: String,
    /// Unix ms.
    server_time: i64,
}

/// The person who signed in.
#[derive(Serialize, ToSchema)]
pub struct PersonAnswer {
    #[schema(value_type = String)]
    id: UserId,
    name: String,
    #[schema(value_type = String)]
    role: Role,
}

/// Their organisation.
#[derive(Serialize, ToSchema)]
pub struct OrganisationAnswer {
    #[schema(value_type = String)]
    id: TenantId,
    name: String,
}

/// A refresh token; a phone proves that it is the one the token was given to.
#[derive(Deserialize, ToSchema)]
pub struct RefreshRequest {
    refresh_token: String,
    /// Needed where the session began on a phone.
    #[schema(value_type = Option<String>)]
    device: Option<DeviceId>,
    /// By the phone over `"docket-refresh-1\0" + refresh_token`, lower-case hex.
    signature: Option<String>,
}

/// New tokens.
#[derive(Serialize, ToSchema)]
pub struct RefreshAnswer {
    access_token: String,
    /// Unix ms, server clock.
    access_expires_at: i64,
    refresh_token: String,
    /// Unix ms.
    server_time: i64,
}

/// An account as a sign-in finds it.
pub(crate) struct Account {
    /// The person.
    pub(crate) scope: Scope,
    organisation: String,
    password_hash: String,
}

/// Somebody who says who they are.
pub(crate) struct Try {
    /// The name that was typed.
    pub(crate) login: String,
    /// The password.
    pub(crate) password: String,
    /// Where it comes from.
    pub(crate) address: SocketAddr,
    /// With what.
    pub(crate) tool: Tool,
    /// What it is called in the audit log when it does not fit.
    pub(crate) refused: Deed,
}

/// Sign in; on a phone this enrols it, too.
#[utoipa::path(post, path = "/v1/login", request_body = LoginRequest, responses(
    (status = 200, body = LoginAnswer), (status = 401, body = ErrorAnswer),
    (status = 429, body = ErrorAnswer)))]
pub async fn login(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    JsonBody(request): JsonBody<LoginRequest>,
) -> Result<Json<LoginAnswer>, ApiError> {
    let now = app.clock.now_ms();
    let LoginRequest { login, password, device } = request;
    let tool = match &device {
        Some(device) => Tool { name: device.name.clone(), ..Tool::plain("phone") },
        None => Tool::plain("program"),
    };
    let refused = Deed::SignInRefused;
    let tried = Try { login: login.clone(), password, address, tool: tool.clone(), refused };
    let account = check_password(&app, tried).await?;
    let enrolment = device
        .map(|device| {
            let DeviceRequest { public_key, name, signature } = device;
            Enrolment::prove(&login, &public_key, &name, &signature)
        })
        .transpose()?;
    let Account { mut scope, organisation, .. } = account;
    let started = app.store.write(move |tx| {
        if let Some(enrolment) = enrolment {
            let device = enrolment.enrol(tx, scope.tenant, scope.user)?;
            devices::seen(tx.sql, device, now)?;
            scope.device = Some(device);
        }
        audit::note(tx, &scope, Deed::SignedIn, "")?;
        together::notice(tx, &scope)?;
        Ok::<_, ApiError>(sessions::start(tx.sql, tx.keys, scope, PHONE, now)?)
    });
    let (session, refresh_token) = match started.await {
        Err(ApiError::DeviceRevoked) => {
            // The password was right, and the phone is one that may not be used any more.
            app.store.write(move |tx| note_refused(tx, &login, &tool, refused)).await?;
            return Err(ApiError::DeviceRevoked);
        }
        started => started?,
    };
    let access = access_token(&app, &session, now)?;
    let scope = session.scope;
    Ok(Json(LoginAnswer {
        access_token: access.token,
        access_expires_at: access.expires_at,
        refresh_token,
        device: scope.device,
        person: PersonAnswer { id: scope.user, name: scope.name, role: scope.role },
        organisation: OrganisationAnswer { id: scope.tenant, name: organisation },
        server_key: app.keys.server_key(),
        server_time: now,
    }))
}

/// The account a name and a password open, for phones and consoles alike. Counts the try; one
/// that does not fit is written down, whatever was wrong.
pub(crate) async fn check_password(app: &App, tried: Try) -> Result<Account, ApiError> {
    let Try { login, password, address, tool, refused } = tried;
    let now = app.clock.now_ms();
    app.throttle.count(&login, &address.ip().to_string(), now)?;
    let name = login.clone();
    let account = app.store.try_read(move |sql| find_account(sql, &name, now)).await?;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let fits = app.passwords.fits(password, stored).await?;
    if let Some(account) = account.filter(|_| fits) {
        return Ok(account);
    }
    app.store.write(move |tx| note_refused(tx, &login, &tool, refused)).await?;
    Err(ApiError::WrongPassword)
}

/// A name that nobody has is written down where its typist most likely belongs: the organisation
/// that was first here.
fn note_refused(tx: &WriteTx<'_>, login: &str, tool: &Tool, deed: Deed) -> Result<(), ApiError> {
    let read = |row: &rusqlite::Row<'_>| Ok((TenantId(row.get(0)?), UserId(row.get(1)?)));
    let known = "select tenant, id from users where login = ?1";
    let known = tx.sql.prepare_cached(known)?.query_row([login], read).optional()?;
    let first = "select id, zeroblob(16) from tenants order by id limit 1";
    let found = match known {
        Some(known) => Some(known),
        None => tx.sql.prepare_cached(first)?.query_row([], read).optional()?,
    };
    let Some((tenant, about)) = found else { return Ok(()) };
    let nobody = (tenant, UserId::default());
    Ok(audit::write_with(tx, nobody, tool, deed, about, login)?)
}

fn find_account(
    sql: &rusqlite::Connection,
    login: &str,
    now: i64,
) -> Result<Option<Account>, ApiError> {
    let row = sql
        .prepare_cached(
            "select u.id, u.tenant, u.role, u.name, t.name, u.password_hash
             from users u join tenants t on t.id = u.tenant
             where u.login = ?1 and u.active = 1
               and (u.one_time_until is null or u.one_time_until >= ?2)",
        )?
        .query_row(params![login, now], |row| {
            Ok((
                UserId(row.get(0)?),
                TenantId(row.get(1)?),
                row.get::<_, String>(2)?,
                row.get::<_, String>(3)?,
                row.get::<_, String>(4)?,
                row.get::<_, String>(5)?,
            ))
        })
        .optional()?;
    Ok(row.and_then(|(user, tenant, role, name, organisation, password_hash)| {
        let scope =
            Scope { tenant, user, role: Role::parse(&role)?, name, device: None, browser: None };
        Some(Account { scope, organisation, password_hash })
    }))
}

/// Renew the tokens. The old refresh token works until the new one has been used.
#[utoipa::path(post, path = "/v1/refresh", request_body = RefreshRequest, responses(
    (status = 200, body = RefreshAnswer), (status = 401, body = ErrorAnswer),
    (status = 403, body = ErrorAnswer)))]
pub async fn refresh(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    JsonBody(request): JsonBody<RefreshRequest>,
) -> Result<Json<RefreshAnswer>, ApiError> {
    let now = app.clock.now_ms();
    let throttle = app.throttle.clone();
    let outcome = app
        .store
        .write(move |tx| {
            let token = &request.refresh_token;
            let session = sessions::session_of_token(tx.sql, tx.keys, token, PHONE, now)?;
            if let Err(foreign) = prove_possession(tx.sql, &session.scope, &request) {
                let owner = session.scope.user;
                throttle.count(&format!("refresh {owner}"), &address.ip().to_string(), now)?;
                note_foreign(tx, &session.scope)?;
                return Ok(Err(foreign));
            }
            // A replayed token revokes the session, and that has to be committed although the
            // answer is an error.
            Ok::<_, ApiError>(sessions::refresh(tx, token, PHONE, now))
        })
        .await?;
    let (session, refresh_token) = outcome?;
    let access = access_token(&app, &session, now)?;
    Ok(Json(RefreshAnswer {
        access_token: access.token,
        access_expires_at: access.expires_at,
        refresh_token,
        server_time: now,
    }))
}

/// Somebody has a token without the phone that it belongs to.
fn note_foreign(tx: &WriteTx<'_>, owner: &Scope) -> rusqlite::Result<()> {
    let nobody = (owner.tenant, UserId::default());
    audit::write_with(tx, nobody, &Tool::plain("program"), Deed::SignInForeign, owner.user, "")
}

/// A session that began on a phone is continued only by that phone's key.
fn prove_possession(
    sql: &rusqlite::Connection,
    owner: &Scope,
    request: &RefreshRequest,
) -> Result<(), ApiError> {
    let Some(device) = owner.device else { return Ok(()) };
    if request.device != Some(device) {
        return Err(ApiError::UnknownDevice);
    }
    let key = devices::key_of(sql, device)?;
    let proof = [b"docket-refresh-1\0", request.refresh_token.as_bytes()].concat();
    devices::verify_hex(&key, &proof, request.signature.as_deref().unwrap_or_default())
}

/// End this session.
#[utoipa::path(post, path = "/v1/logout", responses(
    (status = 200), (status = 401, body = ErrorAnswer)))]
pub async fn logout(State(app): State<App>, caller: Caller) -> Result<(), ApiError> {
    let (session, now) = (caller.session, app.clock.now_ms());
    let ended = app.store.write(move |tx| {
        sessions::revoke(tx.sql, session.id, now)?;
        audit::note(tx, &session.scope, Deed::SignedOut, "").map_err(ApiError::from)
    });
    ended.await
}

fn access_token(app: &App, session: &Session, now: i64) -> Result<AccessToken, ApiError> {
    let scope = &session.scope;
    let subject = Subject { user: scope.user, role: scope.role, session: session.id };
    tokens::issue(&app.keys.token, &subject, now)
}
