//! The evacuation file: everything a phone has not sent, for anybody to carry.
//!
//! Its batches are signed by the phone like those it sends itself, so that whoever carries them
//! can neither read themselves into them nor change them, and the office takes them as often as
//! they come. What stands beside the batches only tells the carrier what they have in hand.

use minicbor::{Decode, Encode};

use super::{SyncEnvelope, WireError, pack, unpack};
use crate::limits::INFLATED_BYTES_MAX;

/// How such a file begins.
const MAGIC: &[u8] = b"docket-parcel-1\n";

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
}

impl Parcel {
    /// The bytes of the file.
    pub fn to_file(&self) -> Vec<u8> {
        [MAGIC, &pack(self)].concat()
    }

    /// Reads a file.
    pub fn from_file(file: &[u8]) -> Result<Self, WireError> {
        let packed = file.strip_prefix(MAGIC).ok_or(WireError::Codec)?;
        unpack(packed, INFLATED_BYTES_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_back_and_anything_else_is_not_one() {
        let parcel = Parcel { person: "林涛".to_owned(), edits: 3, ..Parcel::default() };
        let file = parcel.to_file();
        assert_eq!(Parcel::from_file(&file).unwrap(), parcel);
        assert!(Parcel::from_file(&file[1..]).is_err());
        assert!(Parcel::from_file(b"").is_err());
    }
}
