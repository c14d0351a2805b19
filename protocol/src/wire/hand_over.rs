//! The hand-over file: one job as it is on one phone, for a colleague's phone beside it.
//!
//! The colleague's phone shows the job at once and sends the parcel on, because the office
//! believes nobody but the phone that wrote something. The digest tells a damaged file from a
//! whole one; it proves nothing about who made it.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use super::{ActorAuthor, Parcel, WireError, pack, unpack};
use crate::ids::{RecordId, TenantId, UserId};
use crate::limits::INFLATED_BYTES_MAX;

/// How such a file begins.
const MAGIC: &[u8] = b"docket-hand-over-1\n";
const DIGEST_BYTES: usize = 32;

/// What is in the file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HandOver {
    /// Whose job it is.
    #[n(0)]
    pub tenant: TenantId,
    /// The job.
    #[n(1)]
    pub record: RecordId,
    /// Who takes it over.
    #[n(2)]
    pub to: UserId,
    /// Automerge document: all of the job that the giver's phone has.
    #[n(3)]
    pub document: ByteVec,
    /// Who wrote, as far as the giver's phone knows: every actor in the document.
    #[n(4)]
    pub authors: Vec<ActorAuthor>,
    /// What of it the office may not have: no batches when it has everything.
    #[n(5)]
    pub parcel: Parcel,
}

/// Why something is not a file to take a job over from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HandOverError {
    /// It begins as no such file does.
    #[error("no hand-over file")]
    NotOne,
    /// It begins like one, and has been cut or altered.
    #[error("a damaged hand-over file")]
    Damaged,
}

impl From<WireError> for HandOverError {
    fn from(_: WireError) -> Self {
        Self::Damaged
    }
}

impl HandOver {
    /// The bytes of the file.
    pub fn to_file(&self) -> Vec<u8> {
        let packed = pack(self);
        [MAGIC, &Sha256::digest(&packed), &packed].concat()
    }

    /// Reads a file, if every byte of it is as it was written.
    pub fn from_file(file: &[u8]) -> Result<Self, HandOverError> {
        let rest = file.strip_prefix(MAGIC).ok_or(HandOverError::NotOne)?;
        let (digest, packed) = rest.split_at_checked(DIGEST_BYTES).ok_or(HandOverError::Damaged)?;
        if Sha256::digest(packed)[..] != *digest {
            return Err(HandOverError::Damaged);
        }
        Ok(unpack(packed, INFLATED_BYTES_MAX)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let (tenant, record) = (TenantId::new(1, [1; 10]), RecordId::new(1, [2; 10]));
        let (to, document) = (UserId::new(1, [3; 10]), vec![7; 300].into());
        let (authors, parcel) = (Vec::new(), Parcel::default());
        HandOver { tenant, record, to, document, authors, parcel }.to_file()
    }

    #[test]
    fn every_cut_and_every_flipped_bit_is_noticed() {
        let file = file();
        assert!(HandOver::from_file(&file).is_ok());
        for length in 0..file.len() {
            assert!(HandOver::from_file(&file[..length]).is_err(), "{length}");
        }
        for at in 0..file.len() * 8 {
            let mut flipped = file.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            assert!(HandOver::from_file(&flipped).is_err(), "{at}");
        }
    }

    #[test]
    fn a_damaged_file_is_told_from_one_that_is_something_else() {
        assert_eq!(HandOver::from_file(b"%PDF-1.7"), Err(HandOverError::NotOne));
        let parcel = Parcel::default().to_file();
        assert_eq!(HandOver::from_file(&parcel), Err(HandOverError::NotOne));
        let file = file();
        let cut = HandOver::from_file(&file[..file.len() - 1]);
        assert_eq!(cut, Err(HandOverError::Damaged));
    }
}
