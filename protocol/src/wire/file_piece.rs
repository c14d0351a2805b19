//! A piece of a photo or file that leaves its phone by hand, or from a phone that may not sync any
//! more: signed by that phone and sealed to the office, so that anybody may bring it.
//!
//! Sealed is a signature of 64 bytes, and behind it the CBOR of a [`FilePiece`].

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hpke::rand_core::CryptoRng;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{from_cbor, to_cbor};
use crate::ids::DeviceId;
use crate::limits::ATTACHMENT_CHUNK_BYTES;
use crate::seal::{self, NotOurs};

/// What is sealed and signed, by which version of it.
const DOMAIN: &str = "docket-piece-1";
const SIGNATURE_BYTES: usize = 64;
/// Room for the signature, the seal, and what stands beside the bytes in a piece.
const BESIDE_BYTES_MAX: u64 = 512;
/// The longest sealed piece.
pub const SEALED_PIECE_BYTES_MAX: u64 = ATTACHMENT_CHUNK_BYTES + BESIDE_BYTES_MAX;

/// Some bytes of a file that a record names.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FilePiece {
    /// The phone it comes from.
    #[n(0)]
    pub device: DeviceId,
    /// SHA-256 of the whole file, lower-case hex.
    #[n(1)]
    pub sha256: String,
    /// Length of the whole file.
    #[n(2)]
    pub bytes: u64,
    /// Where this piece begins in it.
    #[n(3)]
    pub from: u64,
    /// At most [`ATTACHMENT_CHUNK_BYTES`] of it.
    #[n(4)]
    pub piece: ByteVec,
}

/// A piece whose signature nobody has looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedPiece {
    /// What it says.
    pub piece: FilePiece,
    body: Vec<u8>,
    signature: [u8; SIGNATURE_BYTES],
}

impl FilePiece {
    /// Signs it with the phone's key and seals it to the office.
    ///
    /// # Errors
    /// The office's key is none that anything can be sealed to.
    pub fn seal(
        &self,
        phone: &SigningKey,
        office: &VerifyingKey,
        random: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, NotOurs> {
        let body = to_cbor(self);
        let signature = phone.sign(&signed_bytes(&body)).to_bytes();
        seal::seal(office, DOMAIN, &[], &[&signature[..], &body].concat(), random)
    }
}

impl OpenedPiece {
    /// Opens a sealed piece.
    ///
    /// # Errors
    /// It was sealed to another office, was changed on its way, or holds something else.
    pub fn open(sealed: &[u8], office: &SigningKey) -> Result<Self, NotOurs> {
        let plain = seal::open(office, DOMAIN, &[], sealed)?;
        let (signature, body) = plain.split_first_chunk().ok_or(NotOurs)?;
        let piece = from_cbor(body).map_err(|_| NotOurs)?;
        Ok(Self { piece, body: body.to_vec(), signature: *signature })
    }

    /// Whether the phone with this key signed it.
    pub fn is_signed_by(&self, phone: &VerifyingKey) -> bool {
        let signature = Signature::from_bytes(&self.signature);
        phone.verify_strict(&signed_bytes(&self.body), &signature).is_ok()
    }
}

fn signed_bytes(body: &[u8]) -> Vec<u8> {
    [DOMAIN.as_bytes(), b"\0", body].concat()
}
