//! Promise: nothing recorded is ever lost, photos included. Uploads are cut at random points and
//! the server is killed among them; they go on where the server says, no byte is wrong, and
//! little is sent twice.

use std::collections::BTreeMap;

use docket_protocol::limits::ATTACHMENT_CHUNK_BYTES;
use docket_protocol::signoff::hex_digest;
use docket_tests::{Courier, Phone, Random, Server};
use serde_json::json;

const SEED: u64 = 20_261_126;
const CUTS: u32 = 100;
/// From less than a piece to dozens of them, one of them just as long as pieces are.
const LENGTHS: [u64; 4] = [90_000, 2 * ATTACHMENT_CHUNK_BYTES, 1_500_001, 6_000_000];

/// FAULTS row 24: a hundred cuts, a kill among them.
#[test]
fn a_hundred_cuts_lose_no_byte_and_send_at_most_a_piece_twice() {
    println!("seed {SEED}");
    let mut server = Server::start();
    let desk = server.desk();
    let record = desk.open_job(&json!({"intake/title": "流量计读数偏高"}));
    desk.assign(&record, "Ada Novak");
    let folder = tempfile::tempdir().unwrap();
    let mut phone = Phone::new(folder.path(), "ada", SEED);
    let mut link = server.link();
    phone.sign_in(&mut link, "ada", server.password());

    let mut random = Random::new(SEED);
    let files: BTreeMap<String, Vec<u8>> = LENGTHS
        .map(|length| (0..length).map(|_| random.bits() as u8).collect())
        .map(|bytes: Vec<u8>| (hex_digest(&bytes), bytes))
        .into();
    for (sha256, bytes) in &files {
        phone.attach(&record, sha256, bytes.len() as u64);
    }
    assert_eq!(phone.status()["files_waiting"], 4);
    assert_eq!(phone.error(&json!({"do": "sign_out"})), "unsent-work", "seed {SEED}");

    let mut courier = Courier::new(&server.url(), SEED, CUTS);
    while phone.status()["files_waiting"] != 0 {
        // Whoever waits for a photo taps: a cut link is not waited for here.
        phone.ok(&json!({"do": "send_files_now"}));
        phone.sync(&mut link);
        phone.carry_files(&mut courier, |sha256| files[sha256].clone());
        if courier.cuts_left == CUTS / 2 {
            server.kill();
            server.restart();
        }
    }
    assert_eq!(courier.cuts_left, 0, "seed {SEED}: all cuts fell on uploads");
    let length: u64 = LENGTHS.iter().sum();
    let most = length + u64::from(CUTS) * ATTACHMENT_CHUNK_BYTES;
    assert!(courier.file_bytes_sent <= most, "seed {SEED}: {} sent", courier.file_bytes_sent);
    for (sha256, bytes) in &files {
        let stored = desk.file(sha256);
        assert_eq!(hex_digest(&stored), *sha256, "seed {SEED}");
        assert_eq!(stored.len(), bytes.len(), "seed {SEED}");
    }
    phone.ok(&json!({"do": "sign_out"}));
}
