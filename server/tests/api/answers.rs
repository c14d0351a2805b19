//! Requests that are too large, of the wrong type, damaged or forged: a clear answer each,
//! nothing kept, nothing of the inside shown.

use docket_protocol::limits::{INFLATED_BYTES_MAX, REQUEST_BYTES_MAX};
use docket_protocol::wire::{self, RecordPush, SyncEnvelope};
use docket_server::limits::JSON_BYTES_MAX;
use ed25519_dalek::Signer;
use minicbor::bytes::ByteVec;
use serde_json::json;

use crate::support::{Answer, Office, Phone};

fn said(answer: &Answer) -> (u16, String) {
    let text = String::from_utf8_lossy(&answer.body).to_lowercase();
    for inside in ["sql", "panicked", "src/", "minicbor", "serde", "at line"] {
        assert!(!text.contains(inside), "the answer shows {inside}: {text}");
    }
    assert!(answer.content_type.starts_with("application/json"), "{}", answer.content_type);
    (answer.status, answer.code())
}

fn error(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// FAULTS rows 41, 83: as it comes and as it unfolds.
#[test]
fn a_body_too_large_is_refused_as_it_comes_and_as_it_unfolds() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let rows = office.log_rows();
    let huge = vec![0_u8; REQUEST_BYTES_MAX + 1];
    assert_eq!(said(&ada.send_bytes(&huge)), error(413, "too-large"));

    // 34 MB of zeros travel as a few ten kB.
    let bomb = wire::pack(&ByteVec::from(vec![0_u8; INFLATED_BYTES_MAX + 1]));
    assert!(bomb.len() < 100_000);
    assert_eq!(said(&ada.send_bytes(&bomb)), error(413, "too-large"));

    let pushes = (0..1_001)
        .map(|n| RecordPush {
            record: docket_protocol::ids::RecordId::new(n, [0; 10]),
            changes: Vec::new(),
        })
        .collect();
    assert_eq!(said(&ada.send(&ada.request(pushes))), error(413, "too-large"));

    let text = "x".repeat(JSON_BYTES_MAX);
    let job = json!({"fields": {"intake/title": text}});
    let answer = office.post_json("/v1/jobs", Some(&ada.access_token), &job);
    assert_eq!(said(&answer), error(413, "too-large"));
    assert_eq!(office.log_rows(), rows);
}

#[test]
fn the_wrong_content_type_is_named() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let token = Some(ada.access_token.as_str());
    for content_type in ["application/json", "text/plain", "application/cbor"] {
        let answer = office.post("/v1/sync", token, content_type, b"\0");
        assert_eq!(said(&answer), error(415, "wrong-content-type"), "{content_type}");
    }
    let answer = office.post("/v1/login", None, "text/plain", b"{}");
    assert_eq!(said(&answer), error(415, "wrong-content-type"));
}

#[test]
fn damaged_bodies_are_malformed() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let envelope = |body: Vec<u8>| {
        let signature = ada.key.sign(&wire::signed_bytes(&body)).to_bytes();
        wire::pack(&SyncEnvelope { body: body.into(), signature })
    };
    let whole = wire::pack(&SyncEnvelope { body: vec![0x80].into(), signature: [0; 64] });
    for (name, body) in [
        ("nothing", Vec::new()),
        ("an unknown codec", vec![7, 1, 2]),
        ("cut short", whole[..whole.len() - 1].to_vec()),
        ("broken deflate", vec![1, 0xff, 0xff]),
        ("text", b"hello".to_vec()),
        ("a well-signed nonsense", envelope(vec![0x83, 1, 2, 3])),
        ("a well-signed nothing", envelope(Vec::new())),
    ] {
        assert_eq!(said(&ada.send_bytes(&body)), error(400, "malformed"), "{name}");
    }
    for body in ["", "{", "[]", "{\"login\": 5}", "null", "\u{0}"] {
        let answer = office.post("/v1/login", None, "application/json", body.as_bytes());
        assert_eq!(said(&answer), error(400, "malformed"), "{body:?}");
    }
}

#[test]
fn a_batch_not_signed_by_the_phone_is_refused() {
    let office = Office::open();
    let (ada, ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    let body = wire::to_cbor(&ada.request(Vec::new()));
    let signed = |by: &Phone<'_>, bytes: &[u8]| by.key.sign(bytes).to_bytes();
    let good = signed(&ada, &wire::signed_bytes(&body));
    let mut flipped = good;
    flipped[10] ^= 1;
    for (name, signature) in [
        ("another phone's", signed(&ben, &wire::signed_bytes(&body))),
        ("one of other bytes", signed(&ada, &body)),
        ("a flipped one", flipped),
        ("none", [0; 64]),
    ] {
        let packed = wire::pack(&SyncEnvelope { body: body.clone().into(), signature });
        assert_eq!(said(&ada.send_bytes(&packed)), error(403, "bad-signature"), "{name}");
    }
    let mut as_ben = ada.request(Vec::new());
    as_ben.device = ben.device;
    assert_eq!(said(&ada.send(&as_ben)), error(403, "unknown-device"));
    let mut old = ada.request(Vec::new());
    old.version = 99;
    assert_eq!(said(&ada.send(&old)), error(501, "server-too-old"));
    old.version = 0;
    assert_eq!(said(&ada.send(&old)), error(426, "version-too-old"));
}

#[test]
fn addresses_and_ids_that_mean_nothing_are_not_found() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let token = Some(ada.access_token.as_str());
    for path in [
        "/v1/nothing",
        "/v1/jobs/not-an-id",
        "/v1/jobs/00000000-0000-7000-8000-000000000000",
        "/v1/docs/x.automerge",
        "/v1/docs/00000000-0000-7000-8000-000000000000/signoffs/x/proof",
    ] {
        assert_eq!(said(&office.get(path, token)), error(404, "not-found"), "{path}");
    }
}

/// FAULTS row 74: search words are no query language.
#[test]
fn what_people_search_for_is_never_taken_for_a_query_language() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    ada.open_job("Robert'); drop table jobs;-- 100% \"sure\"");
    ada.open_job("流量计读数偏高");
    ada.sync();
    let token = Some(ada.access_token.as_str());
    let found = |words: &str| {
        let encoded: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let answer = office.get(&format!("/v1/jobs?query={encoded}"), token);
        assert_eq!(answer.status, 200, "{words}: {}", answer.code());
        answer.json()["jobs"].as_array().unwrap().len()
    };
    for words in ["robert", "drop table", "100%", "\"sure\"", "');", "流量计", "偏高", "%"] {
        assert_eq!(found(words), 1, "{words}");
    }
    assert_eq!((found(""), found("\0")), (2, 2));
    for words in ["' or 1=1", "NEAR(a b)", "a* OR b", "__", "nothing like it"] {
        assert_eq!(found(words), 0, "{words}");
    }
}

#[test]
fn every_answer_carries_the_headers_that_protect_browsers() {
    let office = Office::open();
    for path in ["/healthz", "/v1/jobs", "/nothing"] {
        let response =
            ureq::Agent::from(ureq::Agent::config_builder().http_status_as_error(false).build())
                .get(office.url(path))
                .call()
                .unwrap();
        let header = |name: &str| {
            let value = response.headers().get(name);
            value.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        assert!(header("content-security-policy").contains("default-src 'self'"), "{path}");
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
    }
}
