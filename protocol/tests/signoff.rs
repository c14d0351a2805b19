//! Sign-off statements and exported proofs: what holds, and that every altered byte shows.

use docket_protocol::ids::{ChangeHash, DeviceId, ItemId, RecordId, Seq, TenantId, UserId};
use docket_protocol::signoff::{
    Outcome, PROOF_FORMAT, Proof, ProofError, Purpose, RECEIPT_DOMAIN, Receipt, STATEMENT_DOMAIN,
    Signatory, Signed, Statement, canonical, content_digest, countersign, hex_digest, verify_proof,
};
use ed25519_dalek::SigningKey;
use serde_json::json;

fn device_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn hex_key(key: &SigningKey) -> String {
    data_encoding::HEXLOWER.encode(key.verifying_key().as_bytes())
}

fn statement(drawing: &[u8]) -> Statement {
    Statement {
        domain: STATEMENT_DOMAIN.to_owned(),
        tenant: TenantId::new(1, [1; 10]),
        record: RecordId::new(2, [2; 10]),
        signoff: ItemId::new(3, [3; 10]),
        purpose: Purpose::Report,
        heads: vec![ChangeHash([4; 32])],
        schema: 1,
        content_digest: content_digest(&json!({"report": {"cause": "轴承磨损"}})),
        attachment_digests: Vec::new(),
        outcome: Outcome::AcceptedWithReservations,
        reservations: "Noise remains".to_owned(),
        signatory: Signatory {
            name: "王芳".to_owned(),
            title: "Plant manager".to_owned(),
            deputy_reason: String::new(),
        },
        satisfaction: Some(4),
        remarks: String::new(),
        drawing_digest: hex_digest(drawing),
        engineer: UserId::new(5, [5; 10]),
        device_key: hex_key(&device_key()),
        signed_at: 1_795_000_000_000,
        server_seen_at: 1_794_999_000_000,
    }
}

fn proof() -> Vec<u8> {
    let drawing = b"a drawing".to_vec();
    let statement = statement(&drawing);
    let signed = statement.sign(&device_key(), drawing.clone());
    let server = SigningKey::from_bytes(&[8; 32]);
    let receipt = Receipt {
        domain: RECEIPT_DOMAIN.to_owned(),
        statement_digest: hex_digest(&signed.statement),
        signature: data_encoding::HEXLOWER.encode(&signed.signature),
        change: ChangeHash([6; 32]),
        device: DeviceId::new(6, [6; 10]),
        engineer: statement.engineer,
        engineer_name: "Ada".to_owned(),
        organisation: "Docket".to_owned(),
        received_at: 1_795_000_100_000,
        seq: Seq(42),
        chain: "00".repeat(32),
    };
    canonical(&Proof {
        format: PROOF_FORMAT.to_owned(),
        statement,
        drawing: data_encoding::BASE64.encode(&drawing),
        content: json!({"report": {"cause": "轴承磨损"}}),
        server_signature: countersign(&receipt, &server),
        receipt,
        server_key: hex_key(&server),
    })
}

#[test]
fn a_signed_statement_verifies() {
    let signed = statement(b"drawing").sign(&device_key(), b"drawing".to_vec());
    assert_eq!(signed.verify(), Ok(statement(b"drawing")));
}

/// FAULTS row 57: the drawing is inside the signed bytes.
#[test]
fn swapped_drawing_signature_or_statement_shows() {
    let signed = statement(b"drawing").sign(&device_key(), b"drawing".to_vec());
    let check = |altered: Signed, expected| assert_eq!(altered.verify(), Err(expected));
    check(Signed { drawing: b"another".to_vec(), ..signed.clone() }, ProofError::Drawing);
    check(Signed { signature: vec![0; 64], ..signed.clone() }, ProofError::DeviceSignature);
    let other = Statement { record: RecordId::new(9, [9; 10]), ..statement(b"drawing") };
    check(Signed { statement: canonical(&other), ..signed.clone() }, ProofError::DeviceSignature);
    let spaced = [b" ".as_slice(), &signed.statement].concat();
    check(Signed { statement: spaced, ..signed }, ProofError::Statement);
}

/// FAULTS row 54: swap any word of a signed statement, and its signature holds no longer.
#[test]
fn every_swapped_field_of_a_statement_shows() {
    type Swap = fn(&mut Statement);
    let swaps: [(&str, Swap); 21] = [
        ("domain", |said| RECEIPT_DOMAIN.clone_into(&mut said.domain)),
        ("tenant", |said| said.tenant = TenantId::new(1, [9; 10])),
        ("record", |said| said.record = RecordId::new(2, [9; 10])),
        ("signoff", |said| said.signoff = ItemId::new(3, [9; 10])),
        ("purpose", |said| said.purpose = Purpose::Plan),
        ("heads", |said| said.heads = vec![ChangeHash([9; 32])]),
        ("one head more", |said| said.heads.push(ChangeHash([9; 32]))),
        ("schema", |said| said.schema = 2),
        ("content digest", |said| said.content_digest = "00".repeat(32)),
        ("attachments", |said| said.attachment_digests.push("00".repeat(32))),
        ("outcome", |said| said.outcome = Outcome::Accepted),
        ("reservations", |said| said.reservations.clear()),
        ("name", |said| "李强".clone_into(&mut said.signatory.name)),
        ("title", |said| said.signatory.title.clear()),
        ("deputy", |said| "On leave".clone_into(&mut said.signatory.deputy_reason)),
        ("satisfaction", |said| said.satisfaction = None),
        ("remarks", |said| "Splendid".clone_into(&mut said.remarks)),
        ("drawing", |said| said.drawing_digest = hex_digest(b"another")),
        ("engineer", |said| said.engineer = UserId::new(5, [9; 10])),
        ("signed at", |said| said.signed_at += 1),
        ("server seen at", |said| said.server_seen_at += 1),
    ];
    let signed = statement(b"drawing").sign(&device_key(), b"drawing".to_vec());
    for (name, swap) in swaps {
        let mut said = statement(b"drawing");
        swap(&mut said);
        let error = Signed { statement: canonical(&said), ..signed.clone() }.verify().unwrap_err();
        let expected = match name {
            "domain" => ProofError::Statement,
            "drawing" => ProofError::Drawing,
            _ => ProofError::DeviceSignature,
        };
        assert_eq!(error, expected, "{name}");
    }
    // Another phone's key in the statement is another phone's signature.
    let mut said = statement(b"drawing");
    said.device_key = hex_key(&SigningKey::from_bytes(&[9; 32]));
    let altered = Signed { statement: canonical(&said), ..signed };
    assert_eq!(altered.verify().unwrap_err(), ProofError::DeviceSignature);
}

#[test]
fn an_exported_proof_verifies() {
    let proof = verify_proof(&proof()).unwrap();
    assert_eq!(proof.statement.signatory.name, "王芳");
}

/// FAULTS row 56: every altered byte shows.
#[test]
fn every_single_altered_byte_of_a_proof_shows() {
    let file = proof();
    for at in 0..file.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut altered = file.clone();
            altered[at] ^= flip;
            assert!(verify_proof(&altered).is_err(), "byte {at} xor {flip:#x}");
        }
    }
    for altered in [&file[1..], &file[..file.len() - 1], &[&file[..], b"\n"].concat()] {
        assert_eq!(verify_proof(altered).unwrap_err(), ProofError::Malformed);
    }
}
