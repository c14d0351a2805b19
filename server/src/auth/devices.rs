//! Phones: enrolled with their own Ed25519 key, known by it ever after, revoked at once.

use docket_protocol::ids::{DeviceId, TenantId, UserId};
use docket_protocol::role::Role;
use ed25519_dalek::{Signature, VerifyingKey};
use rusqlite::{Connection, OptionalExtension, params};

use crate::audit::{self, Deed, Tool};
use crate::auth::scope::Scope;
use crate::error::ApiError;
use crate::limits::LAST_SEEN_STEP_MS;
use crate::random::random;
use crate::store::WriteTx;

/// A phone that asks to be enrolled, and has proved that it holds its key.
#[derive(Debug, Clone)]
pub struct Enrolment {
    key: VerifyingKey,
    /// What people call it.
    pub name: String,
}

/// Longest name of a phone, in characters; longer ones are cut.
const NAME_CHARS_MAX: usize = 60;

impl Enrolment {
    /// Checks the proof: a signature over login name and key, by that key.
    pub fn prove(
        login: &str,
        public_key: &str,
        name: &str,
        signature: &str,
    ) -> Result<Self, ApiError> {
        let key = docket_protocol::signoff::key_from_hex(public_key).ok_or(ApiError::Malformed)?;
        let proof = [b"docket-device-1\0", login.as_bytes(), b"\0", key.as_bytes()].concat();
        verify_hex(&key, &proof, signature)?;
        let name = name.chars().filter(|letter| !letter.is_control()).take(NAME_CHARS_MAX);
        Ok(Self { key, name: name.collect() })
    }

    /// The device's id: the one it has had since its first sign-in, or a new one.
    pub fn enrol(
        &self,
        tx: &WriteTx<'_>,
        tenant: TenantId,
        user: UserId,
    ) -> Result<DeviceId, ApiError> {
        let (sql, now) = (tx.sql, tx.now);
        let key = self.key.as_bytes();
        let known = sql
            .prepare_cached(
                "select id, revoked_at is not null from devices
                 where user = ?1 and public_key = ?2",
            )?
            .query_row(params![user.0, key], |row| Ok((DeviceId(row.get(0)?), row.get(1)?)))
            .optional()?;
        match known {
            Some((_, true)) => Err(ApiError::DeviceRevoked),
            Some((device, false)) => Ok(device),
            None => {
                let device = DeviceId::new(now, random());
                sql.prepare_cached(
                    "insert into devices (id, tenant, user, public_key, name, enrolled_at,
                                          last_seen_at)
                     values (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
                )?
                .execute(params![device.0, tenant.0, user.0, key, self.name, now])?;
                let tool = Tool { word: "phone", id: device.0, name: self.name.clone() };
                let deed = Deed::DeviceEnrolled;
                audit::write_with(tx, (tenant, user), &tool, deed, user, &self.name)?;
                Ok(device)
            }
        }
    }
}

/// The public key of an enrolled device that is not revoked.
pub fn key_of(sql: &Connection, device: DeviceId) -> Result<VerifyingKey, ApiError> {
    let row = sql
        .prepare_cached("select public_key, revoked_at is not null from devices where id = ?1")?
        .query_row([device.0], |row| Ok((row.get::<_, [u8; 32]>(0)?, row.get(1)?)))
        .optional()?;
    match row {
        None => Err(ApiError::UnknownDevice),
        Some((_, true)) => Err(ApiError::DeviceRevoked),
        Some((key, false)) => VerifyingKey::from_bytes(&key).map_err(|_| ApiError::UnknownDevice),
    }
}

/// The public key a device was enrolled with, whatever became of it since.
pub fn enrolled_key(
    sql: &Connection,
    tenant: TenantId,
    device: DeviceId,
) -> rusqlite::Result<Option<VerifyingKey>> {
    let key: Option<[u8; 32]> = sql
        .prepare_cached("select public_key from devices where tenant = ?1 and id = ?2")?
        .query_row(params![tenant.0, device.0], |row| row.get(0))
        .optional()?;
    Ok(key.and_then(|key| VerifyingKey::from_bytes(&key).ok()))
}

/// Withdraws a phone: its very next request is refused. What is unsent on it can be handed in.
pub fn revoke(tx: &WriteTx<'_>, scope: &Scope, device: DeviceId) -> Result<(), ApiError> {
    switch(tx, scope, device, Some(tx.now), Deed::DeviceRevoked)
}

/// Lets a phone be used again; a mistake is not for ever.
pub fn restore(tx: &WriteTx<'_>, scope: &Scope, device: DeviceId) -> Result<(), ApiError> {
    switch(tx, scope, device, None, Deed::DeviceRestored)
}

fn switch(
    tx: &WriteTx<'_>,
    scope: &Scope,
    device: DeviceId,
    revoked_at: Option<i64>,
    deed: Deed,
) -> Result<(), ApiError> {
    if !may_manage(scope.role) {
        return Err(ApiError::NotAllowed);
    }
    let switched = tx
        .sql
        .prepare_cached(
            "update devices set revoked_at = ?3
             where tenant = ?1 and id = ?2 and (revoked_at is null) <> (?3 is null)
             returning user, name",
        )?
        .query_row(params![scope.tenant.0, device.0, revoked_at], |row| {
            Ok((UserId(row.get(0)?), row.get::<_, String>(1)?))
        })
        .optional()?;
    let Some((user, name)) = switched else {
        // Done before is as good as done now; a foreign phone does not exist.
        let known = "select 1 from devices where tenant = ?1 and id = ?2";
        let known = tx.sql.prepare_cached(known)?.exists(params![scope.tenant.0, device.0])?;
        return if known { Ok(()) } else { Err(ApiError::NotFound) };
    };
    audit::write(tx, scope, deed, user, &name)?;
    Ok(())
}

/// Who withdraws phones and closes accounts.
pub fn may_manage(role: Role) -> bool {
    matches!(role, Role::Manager | Role::Administrator)
}

/// Whether `last_seen_at` is old enough to be worth a write. Since the server was started it is
/// always: after a restore it matters who has been in contact since.
pub fn seen_is_old(sql: &Connection, device: DeviceId, now: i64) -> rusqlite::Result<bool> {
    let seen: Option<(i64, i64)> = sql
        .prepare_cached(
            "select last_seen_at, (select coalesce(max(began_at), 0) from incarnations)
             from devices where id = ?1",
        )?
        .query_row([device.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(seen.is_some_and(|(seen, began)| now - seen >= LAST_SEEN_STEP_MS || seen < began))
}

/// Notes that a phone was in contact.
pub fn seen(sql: &Connection, device: DeviceId, now: i64) -> rusqlite::Result<()> {
    sql.prepare_cached("update devices set last_seen_at = ?2 where id = ?1")?
        .execute(params![device.0, now])?;
    Ok(())
}

/// Checks a hex signature by a device's key.
pub fn verify_hex(key: &VerifyingKey, message: &[u8], signature: &str) -> Result<(), ApiError> {
    let bytes = data_encoding::HEXLOWER.decode(signature.as_bytes());
    let signature = bytes.ok().and_then(|bytes| Signature::from_slice(&bytes).ok());
    let signature = signature.ok_or(ApiError::Malformed)?;
    key.verify_strict(message, &signature).map_err(|_| ApiError::BadSignature)
}
