//! Networks that cut, flip and repeat: nothing half or altered is ever accepted.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use docket_protocol::limits::INFLATED_BYTES_MAX;
use docket_protocol::wire::{self, SyncEnvelope};
use ed25519_dalek::Signer;

use crate::support::{Office, Phone};

/// A phone's whole sync, packed, with one new job in it.
fn packed(ada: &mut Phone<'_>) -> Vec<u8> {
    let job = ada.open_job("Flow meter reads high");
    ada.set(job, "intake/symptom", "Reads 12 % above the reference");
    let changes = ada.unsent[&job].iter().map(|change| change.clone().into()).collect();
    let request = ada.request(vec![wire::RecordPush { record: job, changes }]);
    let body = wire::to_cbor(&request);
    let signature = ada.key.sign(&wire::signed_bytes(&body)).to_bytes();
    wire::pack(&SyncEnvelope { body: body.into(), signature })
}

/// FAULTS row 18: the request breaks off after every single byte, or a proxy shortens it.
#[test]
fn a_request_cut_at_any_byte_is_not_accepted_in_part() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let whole = packed(&mut ada);
    let rows = office.log_rows();
    for length in 0..whole.len() {
        broken_off(&office, &ada, &whole, length);
        let answer = ada.send_bytes(&whole[..length]);
        assert!((400..500).contains(&answer.status), "cut at {length}: {}", answer.status);
        assert_eq!(office.log_rows(), rows, "cut at {length}");
    }
    assert_eq!(ada.send_bytes(&whole).status, 200);
    let logged = office.log_rows();
    assert!(logged > rows);
    assert_eq!(ada.send_bytes(&whole).status, 200, "and once more");
    assert_eq!(office.log_rows(), logged);
}

/// Promises the whole body, sends a part of it, and hangs up.
fn broken_off(office: &Office, ada: &Phone<'_>, whole: &[u8], length: usize) {
    let url = office.url("");
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).expect("a connection");
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nhost: docket\r\nauthorization: Bearer {}\r\n\
         content-type: {}\r\ncontent-length: {}\r\n\r\n",
        ada.access_token,
        wire::CONTENT_TYPE,
        whole.len()
    );
    stream.write_all(head.as_bytes()).expect("a head");
    stream.write_all(&whole[..length]).expect("a part of the body");
    stream.shutdown(Shutdown::Write).expect("a farewell");
    let mut answer = Vec::new();
    // Whatever it says, and if it only hangs up: what counts is what it has kept.
    let _said = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "cut at {length}");
}

/// FAULTS row 19: whichever byte is flipped on the way, nothing altered is accepted.
#[test]
fn a_flipped_byte_is_never_accepted() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let whole = packed(&mut ada);
    let rows = office.log_rows();
    let read = |packed: &[u8]| wire::unpack::<SyncEnvelope>(packed, INFLATED_BYTES_MAX).ok();
    let sent = read(&whole);
    for at in 0..whole.len() {
        for mask in [0x01, 0x80, 0xff] {
            let mut flipped = whole.clone();
            flipped[at] ^= mask;
            // The last bits of a deflated body may mean nothing at all.
            if read(&flipped) == sent {
                continue;
            }
            let answer = ada.send_bytes(&flipped);
            assert!((400..500).contains(&answer.status), "byte {at}: {}", answer.status);
        }
    }
    assert_eq!(office.log_rows(), rows);
    assert_eq!(ada.send_bytes(&whole).status, 200);
}
