//! Sealing to the office: what anybody may carry and only the server can read.
//!
//! HPKE (RFC 9180) in base mode: X25519, HKDF-SHA256, ChaCha20-Poly1305. The server's key is the
//! Ed25519 key that countersigns, which every phone knows from its sign-in, taken to X25519 (the
//! map of RFC 7748, section 4.1); one key for both uses is safe in that pairing
//! (ia.cr/2021/509). Who sealed something is not said here: the batches inside are signed.

use ed25519_dalek::{SigningKey, VerifyingKey};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::CryptoRng;
use hpke::{Deserializable, HpkeError, Kem, OpModeR, OpModeS, Serializable};

type Office = X25519HkdfSha256;

/// Length of the encapsulated key that a sealed text begins with.
const KEY_BYTES: usize = 32;

/// Not sealed to this office, or not as it was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sealed to another office, or damaged")]
pub struct NotOurs;

impl From<HpkeError> for NotOurs {
    fn from(_: HpkeError) -> Self {
        Self
    }
}

/// Seals `plain` to the office with this key; `domain` says what it is, and `beside` what stands
/// readable beside it. Both must be the same at the opening.
///
/// # Errors
/// The key is none that anything can be sealed to.
pub fn seal(
    office: &VerifyingKey,
    domain: &str,
    beside: &[u8],
    plain: &[u8],
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>, NotOurs> {
    let key = <Office as Kem>::PublicKey::from_bytes(office.to_montgomery().as_bytes())?;
    let (encapsulated, text) = hpke::single_shot_seal_with_rng::<
        ChaCha20Poly1305,
        HkdfSha256,
        Office,
    >(
        &OpModeS::Base, &key, domain.as_bytes(), plain, beside, random
    )?;
    Ok([&encapsulated.to_bytes()[..], &text].concat())
}

/// Opens what was sealed to us.
///
/// # Errors
/// It was sealed to somebody else, for something else, or was changed on its way.
pub fn open(
    office: &SigningKey,
    domain: &str,
    beside: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, NotOurs> {
    let (encapsulated, text) = sealed.split_at_checked(KEY_BYTES).ok_or(NotOurs)?;
    let key = <Office as Kem>::PrivateKey::from_bytes(&office.to_scalar_bytes())?;
    let plain = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Office>(
        &OpModeR::Base,
        &key,
        &<Office as Kem>::EncappedKey::from_bytes(encapsulated)?,
        domain.as_bytes(),
        text,
        beside,
    )?;
    Ok(plain)
}
