//! Whether a proof, or a document with one inside, holds, in plain words: the one answer behind
//! the verify page, the API and `docket verify`. Needs no account and no database; the caller
//! says which server key to expect.

use docket_protocol::record::compare::differences;
use docket_protocol::record::path::Path;
use docket_protocol::signoff::{Proof, ProofError, content_digest, verify_proof};
use serde_json::Value as Json;

use crate::limits::PROOF_BYTES_MAX;
use crate::paper::attached::{self, CONTENT, PROOF};
use crate::paper::seal::{self, Seal};
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

/// What the check of a file found.
#[derive(Debug)]
pub struct Finding {
    /// What its proof says; none for a PDF without one.
    pub verdict: Option<Verdict>,
    /// For a PDF: whether it is the file that was printed.
    pub seal: Option<Seal>,
    /// The proof as it reads, whether or not it holds: nothing in it is to be believed.
    pub claimed: Option<Box<Proof>>,
    /// Where its content is not what was signed, as far as the file itself shows.
    pub changed: Vec<Path>,
}

/// Checks a proof file, or a PDF with one inside; `server_key` is the key to expect, in hex,
/// where the caller knows it.
pub fn examine(file: &[u8], server_key: Option<&str>) -> Finding {
    if !attached::is_pdf(file) {
        let file = if file.len() > PROOF_BYTES_MAX { &[] } else { file };
        let verdict = check(file, server_key);
        let claimed = serde_json::from_slice(file).ok();
        return Finding { verdict: Some(verdict), seal: None, claimed, changed: Vec::new() };
    }
    let Some(proof) = attached::file(file, PROOF) else {
        let seal = Some(seal::check(file, server_key.unwrap_or_default()));
        return Finding { verdict: None, seal, claimed: None, changed: Vec::new() };
    };
    let claimed: Option<Box<Proof>> = serde_json::from_slice(&proof).ok();
    let printed_by = claimed.as_ref().map_or("", |proof| proof.server_key.as_str());
    let signed = claimed.as_ref().and_then(|proof| signed_content(file, proof));
    let changed = claimed.as_ref().zip(signed);
    Finding {
        seal: Some(seal::check(file, printed_by)),
        verdict: Some(check(&proof, server_key)),
        changed: changed.map_or_else(Vec::new, |(claimed, signed)| changes(claimed, &signed)),
        claimed,
    }
}

/// The fields in which a proof's content is not what was signed.
pub fn changes(claimed: &Proof, signed: &Json) -> Vec<Path> {
    let all = differences(signed, &claimed.content, |_| true);
    all.into_iter().map(|one| one.path).collect()
}

/// A PDF has what was signed a second time; the digest shows whether that one is untouched.
fn signed_content(pdf: &[u8], claimed: &Proof) -> Option<Json> {
    let content: Json = serde_json::from_slice(&attached::file(pdf, CONTENT)?).ok()?;
    (content_digest(&content) == claimed.statement.content_digest).then_some(content)
}

fn check(file: &[u8], server_key: Option<&str>) -> Verdict {
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

/// Names of fields, each once.
pub fn named(words: Words, paths: &[Path]) -> Vec<String> {
    let mut names: Vec<String> = paths.iter().map(|path| words.field(path)).collect();
    names.dedup();
    names
}
