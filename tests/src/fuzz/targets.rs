//! The targets: everything the server reads that a stranger may have written.

use docket_protocol::document;
use docket_protocol::items;
use docket_protocol::limits::{INFLATED_BYTES_MAX, REQUEST_ITEMS_MAX};
use docket_protocol::signoff::{Statement, canonical, verify_proof};
use docket_protocol::wire::{self, Cursor, HandOver, SyncEnvelope, SyncRequest, SyncResponse};
use docket_server::import;
use docket_server::records_csv::read_file;
use minicbor::{Decode, Encode};

use super::gate;

/// One thing that reads bytes.
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Panics when the input breaks a promise.
    pub try_input: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 6] = [
    Target { name: "change", try_input: change },
    Target { name: "batch", try_input: batch },
    Target { name: "cursor", try_input: cursor },
    Target { name: "signoff", try_input: signoff },
    Target { name: "document", try_input: import_document },
    Target { name: "csv", try_input: csv },
];

/// The body of a change, its header made to fit, through the whole gate.
fn change(body: &[u8]) {
    gate::judge(&gate::sealed(gate::CHANGE, body));
}

/// A packed request, a packed answer, or what one phone hands another.
fn batch(packed: &[u8]) {
    if let Ok(envelope) = wire::unpack::<SyncEnvelope>(packed, INFLATED_BYTES_MAX)
        && items::at_most(&envelope.body, REQUEST_ITEMS_MAX).is_ok()
        && let Ok(request) = wire::from_cbor::<SyncRequest>(&envelope.body)
    {
        reads_back(&request);
    }
    if let Ok(file) = wire::unpack::<HandOver>(packed, INFLATED_BYTES_MAX) {
        reads_back(&file);
    }
    if let Ok(response) = wire::unpack::<SyncResponse>(packed, INFLATED_BYTES_MAX) {
        reads_back(&response);
    }
}

fn cursor(cbor: &[u8]) {
    if let Ok(cursor) = wire::from_cbor::<Cursor>(cbor) {
        reads_back(&cursor);
    }
}

/// A value is the same after a round trip.
fn reads_back<T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + std::fmt::Debug>(value: &T) {
    let again: T = wire::from_cbor(&wire::to_cbor(value)).expect("what we write we can read");
    assert_eq!(*value, again);
    let packed = wire::pack(value);
    let again: T = wire::unpack(&packed, 2 * INFLATED_BYTES_MAX).expect("what we pack we unpack");
    assert_eq!(*value, again);
}

/// A proof, or the statement in it. Whatever verifies is canonical, byte for byte.
fn signoff(file: &[u8]) {
    if let Ok(proof) = verify_proof(file) {
        assert_eq!(canonical(&proof), file, "an altered proof verifies");
    }
    if let Ok(statement) = serde_json::from_slice::<Statement>(file) {
        let bytes = canonical(&statement);
        let again: Statement = serde_json::from_slice(&bytes).expect("canonical is readable");
        assert_eq!(canonical(&again), bytes);
    }
}

/// The body of a document that somebody brings, its header made to fit.
fn import_document(body: &[u8]) {
    let file = gate::sealed(gate::DOCUMENT, body);
    if let Ok(changes) = import::read(&file) {
        assert!(document::look(&file).is_ok());
        changes.iter().for_each(|change| drop(gate::judge(change)));
    }
}

/// A table of records.
fn csv(file: &[u8]) {
    if let Ok(read) = read_file(file) {
        assert!(read.rows.len() + read.bad_rows.len() <= file.len(), "more rows than bytes");
    }
}
