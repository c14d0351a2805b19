//! The evacuation file: everything a phone has not sent, for anybody to carry.
//!
//! Its batches are signed by the phone like those it sends itself, so that whoever carries them
//! cannot change them, and the office takes them as often as they come. They are sealed to the
//! office, so that whoever finds the file reads nothing in it; what stands beside them only tells
//! the carrier what they have in hand. A job that is handed over carries its batches open, because
//! the colleague's phone has to show them.

use ed25519_dalek::{SigningKey, VerifyingKey};
use hpke::rand_core::CryptoRng;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{SyncEnvelope, WireError, pack, to_cbor, unpack};
use crate::limits::INFLATED_BYTES_MAX;
use crate::seal::{self, NotOurs};

/// What is sealed, by which version of the file.
const DOMAIN: &str = "docket-parcel-2";
/// How such a file begins.
const MAGIC: &[u8] = b"docket-parcel-2\n";
/// The same with open batches, as it was written before there was a seal.
const OPEN_MAGIC: &[u8] = b"docket-parcel-1\n";

/// What is in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct Parcel {
    /// Whose phone it was.
    #[n(0)]
    pub person: String,
    /// When it was written, by the phone's clock.
    #[n(1)]
    pub made_at: i64,
    /// How many edits it holds.
    #[n(2)]
    pub edits: u64,
    /// Signed requests of which only the sender and the pushes are read.
    #[n(3)]
    pub batches: Vec<SyncEnvelope>,
    /// The same, packed and sealed to the office together with all that stands above.
    #[n(4)]
    pub sealed: Option<ByteVec>,
}

impl Parcel {
    /// Seals the batches, so that only the office with this key can read them.
    ///
    /// # Errors
    /// The key is none that anything can be sealed to.
    pub fn seal(
        mut self,
        office: &VerifyingKey,
        random: &mut impl CryptoRng,
    ) -> Result<Self, NotOurs> {
        let plain = pack(&std::mem::take(&mut self.batches));
        let sealed = seal::seal(office, DOMAIN, &self.beside(), &plain, random)?;
        self.sealed = Some(sealed.into());
        Ok(self)
    }

    /// The same with its batches open, for the office with this key.
    ///
    /// # Errors
    /// They are sealed to another office, or something in the file was changed.
    pub fn open(mut self, office: &SigningKey) -> Result<Self, NotOurs> {
        let Some(sealed) = self.sealed.take() else { return Ok(self) };
        let plain = seal::open(office, DOMAIN, &self.beside(), &sealed)?;
        self.batches = unpack(&plain, INFLATED_BYTES_MAX).map_err(|_| NotOurs)?;
        Ok(self)
    }

    /// What can be read beside the sealed batches.
    fn beside(&self) -> Vec<u8> {
        to_cbor(&(&self.person, self.made_at, self.edits))
    }

    /// The bytes of the file.
    pub fn to_file(&self) -> Vec<u8> {
        [MAGIC, &pack(self)].concat()
    }

    /// Reads a file.
    pub fn from_file(file: &[u8]) -> Result<Self, WireError> {
        let packed = file.strip_prefix(MAGIC).or_else(|| file.strip_prefix(OPEN_MAGIC));
        unpack(packed.ok_or(WireError::Codec)?, INFLATED_BYTES_MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use hpke::rand_core::{TryCryptoRng, TryRng};

    use super::*;

    /// Counts: nothing depends on it but that the same text is never sealed alike.
    struct Counting(u8);

    impl TryRng for Counting {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            self.0 = self.0.wrapping_add(1);
            Ok(u32::from_le_bytes([self.0; 4]))
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            self.0 = self.0.wrapping_add(1);
            Ok(u64::from_le_bytes([self.0; 8]))
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
            self.0 = self.0.wrapping_add(1);
            bytes.fill(self.0);
            Ok(())
        }
    }

    impl TryCryptoRng for Counting {}

    fn office() -> SigningKey {
        SigningKey::from_bytes(&[1; 32])
    }

    fn batches() -> Vec<SyncEnvelope> {
        vec![SyncEnvelope { body: b"the customer's telephone".to_vec().into(), signature: [7; 64] }]
    }

    fn open() -> Parcel {
        Parcel { person: "林涛".to_owned(), edits: 3, batches: batches(), ..Parcel::default() }
    }

    fn sealed() -> Parcel {
        open().seal(&office().verifying_key(), &mut Counting(0)).unwrap()
    }

    #[test]
    fn a_file_is_read_back_and_anything_else_is_not_one() {
        for parcel in [open(), sealed()] {
            let file = parcel.to_file();
            assert_eq!(Parcel::from_file(&file).unwrap(), parcel);
            assert!(Parcel::from_file(&file[1..]).is_err());
        }
        assert!(Parcel::from_file(b"").is_err());
    }

    #[test]
    fn only_the_office_reads_a_sealed_file_and_only_as_it_was_written() {
        let parcel = sealed();
        let shown = b"telephone";
        assert!(!parcel.to_file().windows(shown.len()).any(|bytes| bytes == shown));
        assert_eq!(parcel.clone().open(&office()).unwrap(), open());
        assert_eq!(parcel.clone().open(&SigningKey::from_bytes(&[2; 32])), Err(NotOurs));
        let bytes = parcel.sealed.clone().unwrap().to_vec();
        let with = |bytes: Vec<u8>| Parcel { sealed: Some(bytes.into()), ..parcel.clone() };
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(with(changed).open(&office()), Err(NotOurs), "{at}");
        }
        for changed in [
            Parcel { edits: 4, ..parcel.clone() },
            Parcel { person: "王".to_owned(), ..parcel.clone() },
            with(bytes[..40].to_vec()),
        ] {
            assert_eq!(changed.open(&office()), Err(NotOurs));
        }
    }

    #[test]
    fn open_batches_of_a_hand_over_and_of_older_files_are_read_as_they_are() {
        assert_eq!(open().open(&office()).unwrap(), open());
        let older = [OPEN_MAGIC, &pack(&open())].concat();
        assert_eq!(Parcel::from_file(&older).unwrap(), open());
    }
}
