//! A change chunk taken apart, so that any part can be made wrong and the hash right again.
//!
//! Automerge's own encoder will not write most of this; an attacker's will.

use sha2::{Digest, Sha256};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// Column numbers, as in Automerge's format.
pub(super) mod column {
    pub(crate) const KEY_STRING: u64 = 0x15;
    pub(crate) const INSERT: u64 = 0x34;
    pub(crate) const ACTION: u64 = 0x42;
    pub(crate) const VALUE: u64 = 0x57;
    pub(crate) const PREDECESSOR_COUNTER: u64 = 0x73;
    /// Every column that repeats values by run lengths, with the bytes of one value.
    pub(crate) const RUNS: [(&str, u64, &[u8]); 12] = [
        ("object-actor", 0x01, &[1]),
        ("object-counter", 0x02, &[1]),
        ("key-actor", 0x11, &[1]),
        ("key-counter", 0x13, &[1]),
        ("key-string", KEY_STRING, &[1, b'a']),
        ("insert", INSERT, &[]),
        ("action", ACTION, &[1]),
        ("value-length", 0x56, &[0]),
        ("predecessor-count", 0x70, &[0]),
        ("predecessor-actor", 0x71, &[0]),
        ("predecessor-counter", PREDECESSOR_COUNTER, &[1]),
        ("mark-name", 0xa5, &[1, b'a']),
    ];
}

#[derive(Clone)]
pub(super) struct Chunk {
    pub(super) deps: Vec<[u8; 32]>,
    pub(super) actor: Vec<u8>,
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) time: i64,
    pub(super) message: Vec<u8>,
    pub(super) actors: Vec<Vec<u8>>,
    /// In file order, number and content.
    pub(super) columns: Vec<(u64, Vec<u8>)>,
    pub(super) extra: Vec<u8>,
}

impl Chunk {
    /// Takes an honest chunk apart.
    pub(super) fn of(chunk: &[u8]) -> Self {
        let mut bytes = &chunk[9..];
        number(&mut bytes);
        let deps = (0..number(&mut bytes))
            .map(|_| take(&mut bytes, 32).try_into().expect("32 bytes"))
            .collect();
        let actor = prefixed(&mut bytes);
        let (seq, start_op) = (number(&mut bytes), number(&mut bytes));
        let time = signed(&mut bytes);
        let message = prefixed(&mut bytes);
        let actors = (0..number(&mut bytes)).map(|_| prefixed(&mut bytes)).collect();
        let heads: Vec<_> =
            (0..number(&mut bytes)).map(|_| (number(&mut bytes), number(&mut bytes))).collect();
        let columns = heads
            .into_iter()
            .map(|(column, length)| (column, take(&mut bytes, length as usize)))
            .collect();
        assert!(bytes.is_empty(), "an honest chunk ends with its columns");
        Self { deps, actor, seq, start_op, time, message, actors, columns, extra: Vec::new() }
    }

    /// The same with something wrong.
    pub(super) fn with(&self, alter: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut altered = self.clone();
        alter(&mut altered);
        altered.sealed()
    }

    /// The same with another content of one column.
    pub(super) fn with_column(&self, number: u64, content: Vec<u8>) -> Vec<u8> {
        self.with(|chunk| {
            chunk.columns.retain(|(column, _)| *column != number);
            chunk.columns.push((number, content));
            chunk.columns.sort_by_key(|(column, _)| *column);
        })
    }

    pub(super) fn column(&self, number: u64) -> Vec<u8> {
        let found = self.columns.iter().find(|(column, _)| *column == number);
        found.unwrap_or_else(|| panic!("column {number:#x}")).1.clone()
    }

    fn sealed(&self) -> Vec<u8> {
        let mut body = unsigned(self.deps.len() as u64);
        body.extend(self.deps.concat());
        append(&mut body, &self.actor);
        body.extend(unsigned(self.seq));
        body.extend(unsigned(self.start_op));
        body.extend(leb128(self.time));
        append(&mut body, &self.message);
        body.extend(unsigned(self.actors.len() as u64));
        self.actors.iter().for_each(|actor| append(&mut body, actor));
        body.extend(unsigned(self.columns.len() as u64));
        for (number, content) in &self.columns {
            body.extend(unsigned(*number));
            body.extend(unsigned(content.len() as u64));
        }
        self.columns.iter().for_each(|(_, content)| body.extend(content));
        body.extend(&self.extra);
        sealed(1, &body)
    }
}

/// A chunk of any type, with the checksum that fits.
pub(super) fn sealed(kind: u8, body: &[u8]) -> Vec<u8> {
    let hashed = [&[kind][..], &unsigned(body.len() as u64), body].concat();
    let checksum = Sha256::digest(&hashed);
    [&MAGIC[..], &checksum[..4], &hashed].concat()
}

/// An unsigned LEB128 number.
pub(super) fn unsigned(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// A signed LEB128 number.
pub(super) fn leb128(mut number: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if matches!((number, byte & 0x40), (0, 0) | (-1, 0x40)) {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

fn append(body: &mut Vec<u8>, bytes: &[u8]) {
    body.extend(unsigned(bytes.len() as u64));
    body.extend(bytes);
}

fn take(bytes: &mut &[u8], length: usize) -> Vec<u8> {
    let (taken, rest) = bytes.split_at(length);
    *bytes = rest;
    taken.to_vec()
}

fn prefixed(bytes: &mut &[u8]) -> Vec<u8> {
    let length = number(bytes);
    take(bytes, length as usize)
}

fn number(bytes: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = take(bytes, 1)[0];
        number |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return number;
        }
    }
}

fn signed(bytes: &mut &[u8]) -> i64 {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = take(bytes, 1)[0];
        number |= i64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return if byte & 0x40 != 0 && shift < 64 { number | (-1 << shift) } else { number };
        }
    }
}
