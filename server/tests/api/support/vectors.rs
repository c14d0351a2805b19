//! Bytes that are kept for ever: `tests/vectors/v1` must always load, `tests/vectors/crashers`
//! must always be refused.
//!
//! A stored file is never written again. A new one is written once, by running its test with
//! `DOCKET_VECTORS=write`, and then belongs to the repository.

use std::fs;
use std::path::{Path, PathBuf};

use docket_protocol::wire;
use minicbor::bytes::ByteVec;

/// Larger ones are stored deflated.
const PLAIN_BYTES_MAX: usize = 4_096;

/// The stored bytes of this name; what `make` makes is kept the first time.
pub(crate) fn kept(name: &str, make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    let plain = folder().join(name);
    let packed = folder().join(format!("{name}.packed"));
    if plain.exists() {
        return fs::read(plain).expect("a readable vector");
    }
    if packed.exists() {
        let stored = fs::read(packed).expect("a readable vector");
        return wire::unpack::<ByteVec>(&stored, 128 << 20).expect("a packed vector").into();
    }
    assert_eq!(
        std::env::var("DOCKET_VECTORS").as_deref(),
        Ok("write"),
        "tests/vectors/{name} is missing; write it once with DOCKET_VECTORS=write"
    );
    let made = make();
    let large = made.len() > PLAIN_BYTES_MAX;
    let (path, bytes) = if large {
        (packed, wire::pack(&ByteVec::from(made.clone())))
    } else {
        (plain, made.clone())
    };
    fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of vectors");
    fs::write(path, bytes).expect("a new vector");
    made
}

/// Names of all vectors in a folder, as [`kept`] takes them.
pub(crate) fn names(folder_name: &str) -> Vec<String> {
    let entries = fs::read_dir(folder().join(folder_name)).expect("the folder of vectors");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().into_string().expect("a plain name"))
        .map(|name| format!("{folder_name}/{}", name.trim_end_matches(".packed")))
        .collect();
    names.sort_unstable();
    names
}

/// Change chunks one after the other; each says itself how long it is.
pub(crate) fn joined(chunks: &[Vec<u8>]) -> Vec<u8> {
    chunks.concat()
}

/// Takes [`joined`] chunks apart.
pub(crate) fn split(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut chunks = Vec::new();
    while !bytes.is_empty() {
        let (mut at, mut length, mut shift) = (9, 0_usize, 0);
        loop {
            length |= usize::from(bytes[at] & 0x7f) << shift;
            shift += 7;
            at += 1;
            if bytes[at - 1] & 0x80 == 0 {
                break;
            }
        }
        let (chunk, rest) = bytes.split_at(at + length);
        chunks.push(chunk.to_vec());
        bytes = rest;
    }
    chunks
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}
