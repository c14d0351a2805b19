//! Who is signed in on this phone, with which device key and tokens.
//!
//! The device key is made at the first sign-in and stays with the database. An expired session
//! never blocks work: it only means that sending waits for a sign-in.

use docket_protocol::ids::{DeviceId, IncarnationId, TenantId};
use docket_protocol::signoff::key_from_hex;
use docket_protocol::wire;
use ed25519_dalek::{SigningKey, VerifyingKey};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::store::meta;
use crate::view::Person;

/// What a sign-in gave us.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SignedIn {
    pub(crate) person: Person,
    pub(crate) tenant: TenantId,
    pub(crate) organisation: String,
    pub(crate) device: DeviceId,
    pub(crate) server_key: String,
    pub(crate) tokens: Tokens,
}

impl SignedIn {
    /// What only the office may read is sealed to this key. One that is none came with no sign-in
    /// of ours.
    pub(crate) fn office(&self) -> Result<VerifyingKey> {
        key_from_hex(&self.server_key).ok_or(ClientError::new("not-signed-in"))
    }
}

/// The two tokens; the access token's end is by the server's clock.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) access_expires_at: i64,
    pub(crate) refresh: String,
}

/// A name and password, kept in memory only until the server has answered.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) login: String,
    pub(crate) password: String,
    pub(crate) device_name: String,
}

/// The session as a whole.
pub(crate) struct Session {
    pub(crate) incarnation: IncarnationId,
    pub(crate) device_key: SigningKey,
    pub(crate) signed_in: Option<SignedIn>,
    /// The refresh token no longer works.
    pub(crate) ended: bool,
    /// Why this phone may not sync any more, as a message id.
    pub(crate) withdrawn: Option<String>,
    pub(crate) pending: Option<Credentials>,
    /// Refresh token to revoke on the server after a sign-out.
    pub(crate) leaving: Option<SignedIn>,
}

impl Session {
    /// Reads the session, making the identity of a new database; part of the caller's transaction.
    pub(crate) fn load(sql: &Connection, env: &mut Env<'_>) -> Result<Self> {
        let incarnation = match meta::get(sql, "incarnation")? {
            Some(incarnation) => incarnation,
            None => {
                let incarnation = env.incarnation_id();
                meta::set(sql, "incarnation", &incarnation)?;
                incarnation
            }
        };
        let device_key = match meta::get::<[u8; 32]>(sql, "device_key")? {
            Some(secret) => SigningKey::from_bytes(&secret),
            None => {
                let key = SigningKey::from_bytes(&env.bytes());
                meta::set(sql, "device_key", &key.to_bytes())?;
                key
            }
        };
        let signed_in = meta::get(sql, "session")?;
        let ended = meta::get(sql, "session_ended")?.unwrap_or(false);
        let withdrawn: Option<(String, u32)> = meta::get(sql, "withdrawn")?;
        // A newer app is not too old any more.
        let withdrawn = withdrawn
            .filter(|(code, version)| code != "version-too-old" || *version == wire::VERSION)
            .map(|(code, _)| code);
        let (pending, leaving) = (None, None);
        Ok(Self { incarnation, device_key, signed_in, ended, withdrawn, pending, leaving })
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        self.signed_in.is_some()
    }

    /// Stores a session; part of the caller's transaction.
    pub(crate) fn store(sql: &Connection, signed_in: &SignedIn) -> Result<()> {
        meta::set(sql, "session", signed_in)?;
        meta::set(sql, "session_ended", &false)
    }

    /// Public half of the device key, lower-case hex.
    pub(crate) fn device_key_hex(&self) -> String {
        data_encoding::HEXLOWER.encode(self.device_key.verifying_key().as_bytes())
    }
}
