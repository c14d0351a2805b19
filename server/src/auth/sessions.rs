//! Sessions: what a sign-in starts, a refresh token continues, and a revocation ends at once.
//!
//! A refresh token is derived, not stored: session id, generation, and a MAC under the server's
//! refresh key. The stored generation is that of the token last used. Its successor is handed
//! out as often as it is asked for, so a lost answer locks nobody out; once the successor has
//! been used, the predecessor coming back means that it was copied, and the session ends.

use docket_protocol::ids::{DeviceId, TenantId, UserId};
use docket_protocol::role::Role;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::Sha256;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::auth::scope::Scope;
use crate::error::ApiError;
use crate::keys::Keys;
use crate::limits::{CONSOLE_SESSION_MS, PHONE_SESSION_MS};
use crate::random::random;
use crate::store::WriteTx;

/// What kind of caller a session belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// A phone, or a program using the JSON API.
    Phone,
    /// A browser at a desk; its cookie carries the token.
    Console,
}

impl SessionKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Console => "console",
        }
    }

    fn silence_ms(self) -> i64 {
        match self {
            Self::Phone => PHONE_SESSION_MS,
            Self::Console => CONSOLE_SESSION_MS,
        }
    }
}

/// A live session with its person as the database has them now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// The person.
    pub scope: Scope,
    generation: i64,
    last_used_at: i64,
    one_time: bool,
}

/// Starts a session; returns it with its first refresh token.
pub fn start(
    sql: &Connection,
    keys: &Keys,
    scope: Scope,
    kind: SessionKind,
    now: i64,
) -> rusqlite::Result<(Session, String)> {
    let id = uuid::Builder::from_random_bytes(random()).into_uuid();
    sql.prepare_cached(
        "insert into sessions (id, tenant, user, device, kind, created_at, last_used_at, browser)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)",
    )?
    .execute(params![
        id,
        scope.tenant.0,
        scope.user.0,
        scope.device.map(|device| device.0),
        kind.as_str(),
        now,
        scope.browser,
    ])?;
    let session = Session { id, scope, generation: 0, last_used_at: now, one_time: false };
    Ok((session, token(keys, id, 0)))
}

/// The session with this id, if it, its person and its phone may still be used.
///
/// Asked at every request, so that a revocation holds from the very next one.
pub fn live(sql: &Connection, id: Uuid, kind: SessionKind, now: i64) -> Result<Session, ApiError> {
    let row = sql
        .prepare_cached(
            "select s.user, s.device, s.tenant, u.role, u.name, s.generation, s.last_used_at,
                    u.active, s.revoked_at is not null, d.revoked_at is not null, s.browser,
                    u.one_time_until is not null
             from sessions s join users u on u.id = s.user left join devices d on d.id = s.device
             where s.id = ?1 and s.kind = ?2",
        )
        .and_then(|mut statement| {
            statement
                .query_row(params![id, kind.as_str()], |row| {
                    let ended: (bool, bool, bool) = (row.get(7)?, row.get(8)?, row.get(9)?);
                    let session = (
                        UserId(row.get(0)?),
                        row.get::<_, Option<Uuid>>(1)?.map(DeviceId),
                        TenantId(row.get(2)?),
                        row.get::<_, String>(3)?,
                        row.get::<_, String>(4)?,
                        row.get::<_, i64>(5)?,
                        row.get::<_, i64>(6)?,
                        row.get::<_, Option<Uuid>>(10)?,
                        row.get::<_, bool>(11)?,
                    );
                    Ok((session, ended))
                })
                .optional()
        })?
        .ok_or(ApiError::TokenInvalid)?;
    let (session, ended) = row;
    let (user, device, tenant, role, name, generation, last_used_at, browser, one_time) = session;
    let (active, session_revoked, device_revoked) = ended;
    if device_revoked {
        return Err(ApiError::DeviceRevoked);
    }
    if !active {
        return Err(ApiError::AccountClosed);
    }
    let role = Role::parse(&role).ok_or(ApiError::TokenInvalid)?;
    if session_revoked || now - last_used_at > kind.silence_ms() {
        return Err(ApiError::TokenInvalid);
    }
    let scope = Scope { tenant, user, role, name, device, browser };
    Ok(Session { id, scope, generation, last_used_at, one_time })
}

/// Continues a session with a refresh token; returns it with the token's successor.
///
/// A token from before the last used one ends the session: somebody has a copy.
pub fn refresh(
    tx: &WriteTx<'_>,
    presented: &str,
    kind: SessionKind,
    now: i64,
) -> Result<(Session, String), ApiError> {
    let (sql, keys) = (tx.sql, tx.keys);
    let (id, generation) = read_token(keys, presented).ok_or(ApiError::TokenInvalid)?;
    let session = live(sql, id, kind, now)?;
    if generation < session.generation {
        revoke(sql, id, now)?;
        audit::note(tx, &session.scope, Deed::SignInCopied, "")?;
        return Err(ApiError::TokenInvalid);
    }
    sql.prepare_cached("update sessions set generation = ?2, last_used_at = ?3 where id = ?1")?
        .execute(params![id, generation, now])?;
    Ok((Session { generation, ..session }, token(keys, id, generation + 1)))
}

/// Reads a token without using it up, as a console's cookie is read at every request.
pub fn session_of_token(
    sql: &Connection,
    keys: &Keys,
    presented: &str,
    kind: SessionKind,
    now: i64,
) -> Result<Session, ApiError> {
    let (id, _) = read_token(keys, presented).ok_or(ApiError::TokenInvalid)?;
    live(sql, id, kind, now)
}

/// Notes that a session is in use, so that silence counts from now.
pub fn touch(sql: &Connection, session: &Session, now: i64) -> rusqlite::Result<()> {
    sql.prepare_cached("update sessions set last_used_at = max(last_used_at, ?2) where id = ?1")?
        .execute(params![session.id, now])?;
    Ok(())
}

impl Session {
    /// When it was last used, Unix ms.
    pub fn last_used_at(&self) -> i64 {
        self.last_used_at
    }

    /// Whether its person signed in with a password that was given to them for once.
    pub fn is_one_time(&self) -> bool {
        self.one_time
    }
}

/// Ends a session.
pub fn revoke(sql: &Connection, id: Uuid, now: i64) -> rusqlite::Result<()> {
    sql.prepare_cached("update sessions set revoked_at = ?2 where id = ?1 and revoked_at is null")?
        .execute(params![id, now])?;
    Ok(())
}

/// Ends all sessions of a person, but for one; says how many there were.
pub fn revoke_all(
    sql: &Connection,
    user: UserId,
    except: Option<Uuid>,
    now: i64,
) -> rusqlite::Result<usize> {
    sql.prepare_cached(
        "update sessions set revoked_at = ?3
         where user = ?1 and id is not ?2 and revoked_at is null",
    )?
    .execute(params![user.0, except, now])
}

/// Ends the sessions of a person in one browser; says how many there were.
pub fn revoke_in_browser(
    sql: &Connection,
    user: UserId,
    browser: Uuid,
    now: i64,
) -> rusqlite::Result<usize> {
    sql.prepare_cached(
        "update sessions set revoked_at = ?3
         where user = ?1 and browser = ?2 and revoked_at is null",
    )?
    .execute(params![user.0, browser, now])
}

const MAC_BYTES: usize = 32;
const TOKEN_BYTES: usize = 16 + 8 + MAC_BYTES;

fn token(keys: &Keys, id: Uuid, generation: i64) -> String {
    let named = [id.as_bytes().as_slice(), &generation.to_be_bytes()].concat();
    let mac = mac(keys, &named).finalize().into_bytes();
    data_encoding::BASE64URL_NOPAD.encode(&[named.as_slice(), mac.as_slice()].concat())
}

fn read_token(keys: &Keys, presented: &str) -> Option<(Uuid, i64)> {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(presented.as_bytes()).ok()?;
    if bytes.len() != TOKEN_BYTES {
        return None;
    }
    let (named, presented_mac) = bytes.split_at(TOKEN_BYTES - MAC_BYTES);
    // Compared in constant time by the library.
    mac(keys, named).verify_slice(presented_mac).ok()?;
    let generation = i64::from_be_bytes(named[16..].try_into().ok()?);
    Some((Uuid::from_slice(&named[..16]).ok()?, generation))
}

fn mac(keys: &Keys, named: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of any length, so this never panics.
    let mut mac = Hmac::<Sha256>::new_from_slice(&keys.refresh).expect("any key length");
    mac.update(b"docket-session-1\0");
    mac.update(named);
    mac
}
