//! Whether a proof holds, in plain words: the one answer behind the verify page and
//! `docket verify`. Needs no account and no database; the caller says which server key to expect.

use docket_protocol::signoff::{Proof, ProofError, verify_proof};

use crate::words::Words;

/// What the check found.
#[derive(Debug)]
pub enum Verdict {
    /// Every byte is covered by a signature that fits, and the server is the expected one.
    Valid(Box<Proof>),
    /// Intact, but countersigned by a key that the caller has not named.
    OtherServer(Box<Proof>),
    /// It does not hold.
    Broken(ProofError),
}

/// Checks a proof file; `server_key` is the key to expect, in hex, where the caller knows it.
pub fn check(file: &[u8], server_key: Option<&str>) -> Verdict {
    match verify_proof(file) {
        Err(error) => Verdict::Broken(error),
        Ok(proof) => match server_key {
            Some(key) if !key.eq_ignore_ascii_case(&proof.server_key) => {
                Verdict::OtherServer(Box::new(proof))
            }
            _ => Verdict::Valid(Box::new(proof)),
        },
    }
}

/// What is wrong, in a person's words.
pub fn explain(words: Words, error: ProofError) -> String {
    match error {
        ProofError::Malformed => words.get("proof-malformed"),
        ProofError::Statement => words.get("proof-statement"),
        ProofError::DeviceSignature => words.get("proof-device-signature"),
        ProofError::Drawing => words.get("proof-drawing"),
        ProofError::Content => words.get("proof-content"),
        ProofError::Receipt => words.get("proof-receipt"),
        ProofError::ServerSignature => words.get("proof-server-signature"),
    }
}
