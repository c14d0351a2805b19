//! The server's word on every byte of a document: whether a PDF is still the file that was
//! printed.
//!
//! The signature stands in the file it covers, among its keywords, in a place of fixed length;
//! it is made and checked with zeros there. So it needs no file beside the PDF and survives mail
//! and memory sticks, and nothing has to be kept of what was printed.

use ed25519_dalek::{Signature, Signer, SigningKey};
use sha2::{Digest, Sha256};

/// What stands before every seal.
const NAME: &[u8] = b"docket-seal-1:";
/// Letters of a signature in hex.
const HEX: usize = 128;
/// Where a seal will stand.
pub const PLACE: &str = "docket-seal-1:00000000000000000000000000000000\
    000000000000000000000000000000000000000000000000\
    000000000000000000000000000000000000000000000000";
/// First bytes of what is signed, so that the signature can mean nothing else.
const DOMAIN: &[u8] = b"docket-paper-1\0";

/// What a seal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// The file is as it was printed.
    Whole,
    /// Something in it was changed since, or another server printed it.
    Broken,
    /// There is none: no Docket printed this.
    None,
}

/// Seals a file that has the place for it; a file without it stays as it is.
pub fn put(pdf: &mut [u8], key: &SigningKey) {
    let signature = data_encoding::HEXLOWER.encode(&key.sign(&signed(pdf)).to_bytes());
    for place in places(pdf, PLACE.as_bytes()) {
        pdf[place + NAME.len()..place + NAME.len() + HEX].copy_from_slice(signature.as_bytes());
    }
}

/// What the seal of a file says, with the server's public key in hex.
pub fn check(pdf: &[u8], server_key: &str) -> Seal {
    let Some(first) = places(pdf, NAME).into_iter().next() else { return Seal::None };
    let Some(seal) = pdf.get(first..first + NAME.len() + HEX).map(<[u8]>::to_vec) else {
        return Seal::Broken;
    };
    let mut open = pdf.to_vec();
    for place in places(pdf, &seal) {
        open[place + NAME.len()..place + seal.len()].fill(b'0');
    }
    let fits = || {
        let bytes = data_encoding::HEXLOWER.decode(&seal[NAME.len()..]).ok()?;
        let signature = Signature::from_slice(&bytes).ok()?;
        let key = docket_protocol::signoff::key_from_hex(server_key)?;
        key.verify_strict(&signed(&open), &signature).ok()
    };
    if fits().is_some() { Seal::Whole } else { Seal::Broken }
}

fn signed(pdf: &[u8]) -> Vec<u8> {
    [DOMAIN, Sha256::digest(pdf).as_slice()].concat()
}

fn places(pdf: &[u8], sought: &[u8]) -> Vec<usize> {
    let starts = pdf.windows(sought.len()).enumerate();
    starts.filter(|(_, window)| *window == sought).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(key: &SigningKey) -> String {
        data_encoding::HEXLOWER.encode(key.verifying_key().as_bytes())
    }

    #[test]
    fn every_changed_byte_breaks_the_seal() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let mut pdf = format!("%PDF {PLACE} words {PLACE} end").into_bytes();
        put(&mut pdf, &key);
        assert_eq!(check(&pdf, &key_of(&key)), Seal::Whole);
        for at in 0..pdf.len() {
            let mut other = pdf.clone();
            other[at] ^= 1;
            assert_ne!(check(&other, &key_of(&key)), Seal::Whole, "byte {at}");
        }
        assert_eq!(check(&pdf, &key_of(&SigningKey::from_bytes(&[8; 32]))), Seal::Broken);
        assert_eq!(check(&pdf[..40], &key_of(&key)), Seal::Broken, "cut within the seal");
        assert_eq!(PLACE.len(), NAME.len() + HEX);
        assert_eq!(check(b"%PDF", &key_of(&key)), Seal::None);
        assert_eq!(check(PLACE.as_bytes(), &key_of(&key)), Seal::Broken, "never sealed");
    }
}
