//! The door for work of phones that may not sync any more: revoked ones, those of people who
//! have left, those with an app that is too old.
//!
//! It takes a signed batch and nothing else: no token, and nothing comes back but verdicts.
//! Everything well-formed is held for a decision; nothing reaches a record from here. Whoever
//! can sync is sent back to do so.

use docket_protocol::ids::{DeviceId, RecordId, TenantId, UserId};
use docket_protocol::items;
use docket_protocol::limits::{INFLATED_BYTES_MAX, REQUEST_ITEMS_MAX};
use docket_protocol::role::Role;
use docket_protocol::wire::{
    self, HandInAnswer, RecordPush, RecordVerdicts, SyncEnvelope, SyncRequest, VERSION, Verdict,
};
use ed25519_dalek::{Signature, VerifyingKey};
use rusqlite::{Connection, OptionalExtension};

use crate::app::App;
use crate::auth::scope::Scope;
use crate::error::ApiError;
use crate::held::{self, Holding, Reason};
use crate::ingest::{self, decode_pushes};
use crate::limits::{HAND_IN_WINDOW_MS, HELD_BYTES_PER_DEVICE_MAX};
use crate::sync;

/// Takes one packed request; answers with packed verdicts.
pub async fn take(app: &App, address: &str, packed: Vec<u8>) -> Result<Vec<u8>, ApiError> {
    let now = app.clock.now_ms();
    let (envelope, request) = sync::off_thread(move || open(&packed)).await??;
    app.throttle.count_hand_in(request.device, address, now)?;
    let phone = sender(app, &envelope, &request).await?;
    let reason = phone.reason(&request, now)?;
    let verdicts = hold(app, phone, reason, request.pushes).await?;
    let answer = HandInAnswer { verdicts, server_time: app.clock.now_ms() };
    sync::off_thread(move || wire::pack(&answer)).await
}

/// The phone that signed a request, whatever became of it.
pub(crate) async fn sender(
    app: &App,
    envelope: &SyncEnvelope,
    request: &SyncRequest,
) -> Result<Phone, ApiError> {
    let device = request.device;
    let phone = app.store.try_read(move |sql| Phone::find(sql, device)).await?;
    let signature = Signature::from_bytes(&envelope.signature);
    phone
        .key
        .verify_strict(&wire::signed_bytes(&envelope.body), &signature)
        .map_err(|_| ApiError::BadSignature)?;
    sync::within_limits(request)?;
    Ok(phone)
}

/// Holds everything well-formed for a decision.
pub(crate) async fn hold(
    app: &App,
    phone: Phone,
    reason: Reason,
    pushes: Vec<RecordPush>,
) -> Result<Vec<RecordVerdicts>, ApiError> {
    let pushes = sync::off_thread(move || decode_pushes(&pushes)).await?;
    app.store
        .write(move |tx| {
            let room = HELD_BYTES_PER_DEVICE_MAX
                .saturating_sub(held::bytes_waiting(tx.sql, phone.device)?);
            if pushes.iter().map(ingest::stages::DecodedPush::bytes).sum::<u64>() > room {
                return Err(ApiError::TooLarge);
            }
            let scope = phone.scope();
            let Phone { user, device, role, .. } = phone;
            let holding = Holding { user, device, role, reason };
            let mut answered = Vec::with_capacity(pushes.len());
            for push in pushes {
                let record: RecordId = push.record;
                let verdicts: Vec<Verdict> = ingest::hand_in(tx, &scope, &holding, push)?;
                answered.push(RecordVerdicts { record, verdicts, attest: None });
            }
            Ok::<_, ApiError>(answered)
        })
        .await
}

fn open(packed: &[u8]) -> Result<(SyncEnvelope, SyncRequest), ApiError> {
    let envelope: SyncEnvelope = wire::unpack(packed, INFLATED_BYTES_MAX)?;
    let request = read(&envelope)?;
    Ok((envelope, request))
}

/// The request inside an envelope whose signature nobody has looked at yet.
pub(crate) fn read(envelope: &SyncEnvelope) -> Result<SyncRequest, ApiError> {
    items::at_most(&envelope.body, REQUEST_ITEMS_MAX)?;
    Ok(wire::from_cbor(&envelope.body)?)
}

/// A phone as it was enrolled, whatever became of it.
pub(crate) struct Phone {
    pub(crate) device: DeviceId,
    pub(crate) key: VerifyingKey,
    user: UserId,
    pub(crate) tenant: TenantId,
    role: Role,
    revoked_at: Option<i64>,
    left_at: Option<i64>,
}

impl Phone {
    pub(crate) fn find(sql: &Connection, device: DeviceId) -> Result<Self, ApiError> {
        let row = sql
            .prepare_cached(
                "select d.public_key, d.user, d.tenant, u.role, d.revoked_at,
                        case when u.active then null else coalesce(u.left_at, 0) end
                 from devices d join users u on u.id = d.user where d.id = ?1",
            )?
            .query_row([device.0], |row| {
                Ok((
                    row.get::<_, [u8; 32]>(0)?,
                    UserId(row.get(1)?),
                    TenantId(row.get(2)?),
                    row.get::<_, String>(3)?,
                    row.get(4)?,
                    row.get(5)?,
                ))
            })
            .optional()?;
        // An unknown phone and a wrong signature are the same answer.
        let (key, user, tenant, role, revoked_at, left_at) = row.ok_or(ApiError::BadSignature)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| ApiError::BadSignature)?;
        let role = Role::parse(&role).ok_or(ApiError::BadSignature)?;
        Ok(Self { device, key, user, tenant, role, revoked_at, left_at })
    }

    /// Why this phone hands in instead of syncing.
    pub(crate) fn reason(&self, request: &SyncRequest, now: i64) -> Result<Reason, ApiError> {
        self.in_time(now)?;
        match self.withdrawn_at() {
            Some(_) if self.revoked_at.is_some() => Ok(Reason::DeviceRevoked),
            Some(_) => Ok(Reason::PersonLeft),
            None if sync::is_too_old(request.version) => Ok(Reason::VersionTooOld),
            None if request.version > VERSION => Err(ApiError::VersionTooOld),
            None => Err(ApiError::HandInNotNeeded),
        }
    }

    /// Whether its work is still taken in.
    pub(crate) fn in_time(&self, now: i64) -> Result<(), ApiError> {
        match self.withdrawn_at() {
            // An account closed before closings were dated has no window that could end.
            Some(at) if at > 0 && now - at > HAND_IN_WINDOW_MS => Err(ApiError::HandInTooLate),
            _ => Ok(()),
        }
    }

    fn withdrawn_at(&self) -> Option<i64> {
        match (self.revoked_at, self.left_at) {
            (Some(revoked), Some(left)) => Some(revoked.min(left)),
            (revoked, left) => revoked.or(left),
        }
    }

    pub(crate) fn scope(&self) -> Scope {
        let (tenant, user, role, device) = (self.tenant, self.user, self.role, Some(self.device));
        Scope { tenant, user, role, name: String::new(), device, browser: None }
    }
}
