//! 签字确认: the exact bytes a customer's sign-off covers, and the proof anyone can check.
//!
//! A [`Statement`] names the version that was seen (heads and digest), who signed and how. The
//! phone's device key signs its canonical JSON (RFC 8785); the server countersigns with the
//! receipt. A [`Proof`] carries all of it with the content, and [`verify_proof`] needs nothing
//! else. The drawing is evidence of agreement, not a qualified electronic signature.

use automerge::{Automerge, ObjId, ReadDoc};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::ids::{ChangeHash, DeviceId, ItemId, RecordId, Seq, TenantId, UserId};
use crate::record::RecordKind;
use crate::record::path::Path;
use crate::record::rules::{MergeKind, rule_of};
use crate::record::write::find;

/// First field of every statement, so that its bytes can mean nothing else.
pub const STATEMENT_DOMAIN: &str = "docket-signoff-1";
/// First field of every countersigned receipt.
pub const RECEIPT_DOMAIN: &str = "docket-receipt-1";
/// Format of the exported proof.
pub const PROOF_FORMAT: &str = "docket-proof-1";

/// What is being signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The maintenance plan, before work starts.
    Plan,
    /// The service report, after the work.
    Report,
}

impl Purpose {
    /// Whether a sign-off of this kind speaks of a field: the report of all that it freezes, the
    /// plan of what is planned.
    pub fn covers(self, path: &Path) -> bool {
        let rule = rule_of(RecordKind::Job, path).filter(|rule| rule.locked);
        rule.is_some_and(|rule| match self {
            Self::Report => true,
            // That planned work gets done is no change of the plan.
            Self::Plan => rule.path.starts_with("plan/") && rule.merge != MergeKind::Tick,
        })
    }
}

/// What the customer said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 同意.
    Accepted,
    /// 有保留地同意: the reservations are in the statement.
    AcceptedWithReservations,
    /// 不同意: a refusal is a signed statement too.
    Refused,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    /// Full name.
    pub name: String,
    /// Position at the customer's.
    pub title: String,
    /// Why a deputy signs; empty when the person in charge signs.
    pub deputy_reason: String,
}

/// The signed bytes, as fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Always [`STATEMENT_DOMAIN`].
    pub domain: String,
    /// The organisation.
    pub tenant: TenantId,
    /// The job.
    pub record: RecordId,
    /// This sign-off; unique, so that a statement cannot be replayed.
    pub signoff: ItemId,
    /// What is being signed.
    pub purpose: Purpose,
    /// The version that was seen: sorted change hashes.
    pub heads: Vec<ChangeHash>,
    /// Shape version of the record.
    pub schema: u64,
    /// SHA-256 of the content at `heads`, lower-case hex; see [`content_digest`].
    pub content_digest: String,
    /// SHA-256 of every attachment, lower-case hex, sorted.
    pub attachment_digests: Vec<String>,
    /// What the customer said.
    pub outcome: Outcome,
    /// What the customer does not accept; empty otherwise.
    pub reservations: String,
    /// Who signed.
    pub signatory: Signatory,
    /// 1 (poor) to 5 (excellent); none when not asked.
    pub satisfaction: Option<u8>,
    /// The customer's words.
    pub remarks: String,
    /// SHA-256 of the drawn signature, lower-case hex.
    pub drawing_digest: String,
    /// The person whose phone was signed on.
    pub engineer: UserId,
    /// Public key of that phone, lower-case hex.
    pub device_key: String,
    /// Device clock, Unix ms.
    pub signed_at: i64,
    /// Last server time the phone had seen, Unix ms; 0 when never.
    pub server_seen_at: i64,
}

/// A sign-off as it stands in the record. As JSON, its bytes are base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Canonical JSON of the [`Statement`].
    #[serde(with = "base64_bytes")]
    pub statement: Vec<u8>,
    /// Ed25519 over `statement`.
    #[serde(with = "base64_bytes")]
    pub signature: Vec<u8>,
    /// The drawing, PNG.
    #[serde(with = "base64_bytes")]
    pub drawing: Vec<u8>,
}

mod base64_bytes {
    use data_encoding::BASE64;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64.decode(text.as_bytes()).map_err(serde::de::Error::custom)
    }
}

/// What the server adds when a sign-off reaches its log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Always [`RECEIPT_DOMAIN`].
    pub domain: String,
    /// SHA-256 of the statement's bytes, lower-case hex.
    pub statement_digest: String,
    /// The device's signature, lower-case hex.
    pub signature: String,
    /// The change that carries the sign-off.
    pub change: ChangeHash,
    /// The phone, as enrolled.
    pub device: DeviceId,
    /// The person the phone is enrolled for.
    pub engineer: UserId,
    /// That person's name then.
    pub engineer_name: String,
    /// The organisation's name then.
    pub organisation: String,
    /// Server clock when it arrived, Unix ms.
    pub received_at: i64,
    /// Position in the log.
    pub seq: Seq,
    /// Chain hash of that log row, lower-case hex.
    pub chain: String,
}

/// The exported, self-contained proof. Its file is canonical JSON, so that no byte is free.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Always [`PROOF_FORMAT`].
    pub format: String,
    /// What was signed.
    pub statement: Statement,
    /// The drawing, base64.
    pub drawing: String,
    /// The content at the statement's heads.
    pub content: Json,
    /// The server's word; holds the device's signature.
    pub receipt: Receipt,
    /// The server's public key, lower-case hex.
    pub server_key: String,
    /// Ed25519 over the canonical JSON of `receipt`, lower-case hex.
    pub server_signature: String,
}

/// Why a sign-off or a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Not a proof file, or some byte of it is not as the exporter wrote it.
    #[error("the file is not an unaltered proof")]
    Malformed,
    /// The statement is not canonical or not of this kind.
    #[error("the statement is not well-formed")]
    Statement,
    /// The device's signature does not fit the statement.
    #[error("the phone's signature does not fit the statement")]
    DeviceSignature,
    /// The drawing is not the one that was signed.
    #[error("the drawn signature is not the one that was signed")]
    Drawing,
    /// The content is not the one that was signed.
    #[error("the content is not the one that was signed")]
    Content,
    /// The receipt speaks of another statement.
    #[error("the receipt belongs to another sign-off")]
    Receipt,
    /// The server's signature does not fit the receipt.
    #[error("the server's signature does not fit the receipt")]
    ServerSignature,
}

/// SHA-256 of the canonical JSON of a record's content, lower-case hex.
pub fn content_digest(content: &Json) -> String {
    hex_digest(&canonical(content))
}

/// SHA-256, lower-case hex.
pub fn hex_digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Canonical JSON (RFC 8785) of a value without floating-point numbers.
pub fn canonical<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).unwrap_or_default()
}

impl Statement {
    /// Signs the statement with the phone's key.
    pub fn sign(&self, key: &SigningKey, drawing: Vec<u8>) -> Signed {
        let statement = canonical(self);
        let signature = key.sign(&statement).to_bytes().to_vec();
        Signed { statement, signature, drawing }
    }
}

impl Signed {
    /// Checks the form, the drawing and the device's signature; the content is checked apart.
    pub fn verify(&self) -> Result<Statement, ProofError> {
        let statement: Statement =
            serde_json::from_slice(&self.statement).map_err(|_| ProofError::Statement)?;
        let well_formed = canonical(&statement) == self.statement
            && statement.domain == STATEMENT_DOMAIN
            && statement.heads.is_sorted()
            && statement.satisfaction.is_none_or(|stars| (1..=5).contains(&stars));
        if !well_formed {
            return Err(ProofError::Statement);
        }
        if hex_digest(&self.drawing) != statement.drawing_digest {
            return Err(ProofError::Drawing);
        }
        let signature = Signature::from_slice(&self.signature);
        let signature = signature.map_err(|_| ProofError::DeviceSignature)?;
        key_from_hex(&statement.device_key)
            .and_then(|key| key.verify_strict(&self.statement, &signature).ok())
            .ok_or(ProofError::DeviceSignature)?;
        Ok(statement)
    }

    /// The sign-offs in a record, by id, as stored and not yet verified.
    pub fn all_in(doc: &Automerge) -> Vec<(ItemId, Self)> {
        let Some(map) = find(doc, &Path::new("signoffs")) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for key in doc.keys(&map) {
            let Ok(id) = key.parse() else { continue };
            // All of them, should two carry one id: neither may hide the other.
            for (_, entry) in doc.get_all(&map, key.as_str()).unwrap_or_default() {
                found.extend(Self::read(doc, &entry).map(|signed| (id, signed)));
            }
        }
        found
    }

    fn read(doc: &Automerge, entry: &ObjId) -> Option<Self> {
        let bytes = |field: &str| {
            let (value, _) = doc.get(entry, field).ok()??;
            value.as_bytes().map(<[u8]>::to_vec)
        };
        let (statement, signature) = (bytes("statement")?, bytes("signature")?);
        Some(Self { statement, signature, drawing: bytes("drawing")? })
    }
}

/// Countersigns a sign-off that is in the log.
pub fn countersign(receipt: &Receipt, key: &SigningKey) -> String {
    data_encoding::HEXLOWER.encode(&key.sign(&canonical(receipt)).to_bytes())
}

/// Checks every byte of an exported proof against every signature in it.
///
/// The caller decides whether to trust `server_key`: compare it with the one the organisation
/// publishes.
pub fn verify_proof(file: &[u8]) -> Result<Proof, ProofError> {
    let proof: Proof = serde_json::from_slice(file).map_err(|_| ProofError::Malformed)?;
    if canonical(&proof) != file || proof.format != PROOF_FORMAT {
        return Err(ProofError::Malformed);
    }
    let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes());
    let drawing = data_encoding::BASE64.decode(proof.drawing.as_bytes());
    let signed = Signed {
        statement: canonical(&proof.statement),
        signature: hex(&proof.receipt.signature).map_err(|_| ProofError::DeviceSignature)?,
        drawing: drawing.map_err(|_| ProofError::Drawing)?,
    };
    signed.verify()?;
    if content_digest(&proof.content) != proof.statement.content_digest {
        return Err(ProofError::Content);
    }
    let fits = proof.receipt.domain == RECEIPT_DOMAIN
        && proof.receipt.statement_digest == hex_digest(&signed.statement)
        && proof.receipt.engineer == proof.statement.engineer;
    if !fits {
        return Err(ProofError::Receipt);
    }
    let countersigned = hex(&proof.server_signature).ok().and_then(|bytes| {
        let signature = Signature::from_slice(&bytes).ok()?;
        let key = key_from_hex(&proof.server_key)?;
        key.verify_strict(&canonical(&proof.receipt), &signature).ok()
    });
    countersigned.ok_or(ProofError::ServerSignature)?;
    Ok(proof)
}

/// Reads a public key.
pub fn key_from_hex(text: &str) -> Option<VerifyingKey> {
    let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?;
    VerifyingKey::from_bytes(bytes.as_slice().try_into().ok()?).ok()
}
