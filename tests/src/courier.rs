//! Carries a phone's photos and files over real HTTP, and breaks the connection wherever the seed
//! says: while a request is on its way, or before its answer is read.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use docket_client_core::{FileAnswer, FileBody, FileRequest};

use crate::random::Random;

/// The way of files to a server.
pub struct Courier {
    address: String,
    random: Random,
    /// Connections still to be cut.
    pub cuts_left: u32,
    /// Bytes of files that left the phone.
    pub file_bytes_sent: u64,
}

impl Courier {
    /// To a server at `http://host:port`, with this many connections cut on the way.
    pub fn new(url: &str, seed: u64, cuts: u32) -> Self {
        let address = url.trim_start_matches("http://").to_owned();
        Self { address, random: Random::new(seed), cuts_left: cuts, file_bytes_sent: 0 }
    }

    /// Carries one request; none when the connection was cut. `read` has the files' bytes.
    pub fn carry(
        &mut self,
        request: &FileRequest,
        read: impl Fn(&str) -> Vec<u8>,
    ) -> Option<FileAnswer> {
        let piece = match &request.body {
            FileBody::Bytes(bytes) => bytes.clone(),
            FileBody::Piece { name, from, to }
            | FileBody::SealedPiece { sha256: name, from, to } => {
                read(name)[*from as usize..*to as usize].to_vec()
            }
        };
        let is_piece = matches!(request.body, FileBody::Piece { .. });
        let head = head_of(request, &self.address, piece.len());
        let bytes = [head.as_bytes(), &piece].concat();
        let cut = self.cuts_left > 0 && self.random.chance(700);
        let upto = if cut { self.cut_at(bytes.len()) } else { bytes.len() };
        let mut server = TcpStream::connect(&self.address).ok()?;
        server.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        server.write_all(&bytes[..upto]).ok()?;
        if is_piece {
            self.file_bytes_sent += upto.saturating_sub(head.len()) as u64;
        }
        // Without waiting for the answer the server may or may not have had all of it.
        if cut {
            self.cuts_left -= 1;
            return None;
        }
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).ok()?;
        read_answer(&answer)
    }

    /// Half of the cuts fall behind the last byte: the request arrives, its answer is lost.
    fn cut_at(&mut self, length: usize) -> usize {
        if self.random.chance(500) { length } else { self.random.position(length).unwrap_or(0) }
    }
}

fn head_of(request: &FileRequest, host: &str, length: usize) -> String {
    let headers = request.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    format!(
        "{} {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {length}\r\n{}\r\n",
        request.method,
        request.path,
        headers.collect::<String>(),
    )
}

fn read_answer(bytes: &[u8]) -> Option<FileAnswer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let header = |wanted: &str| {
        let named = head.split("\r\n").filter_map(|line| line.split_once(": "));
        named.filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value).next()
    };
    let offset = header("upload-offset").and_then(|value| value.parse().ok());
    let body = &bytes[end + 4..];
    let body = match header("transfer-encoding") {
        Some("chunked") => unchunked(body)?,
        _ => body.to_vec(),
    };
    Some(FileAnswer { status, offset, body })
}

fn unchunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = body.windows(2).position(|window| window == b"\r\n")?;
        let length = std::str::from_utf8(&body[..end]).ok()?;
        let length = usize::from_str_radix(length, 16).ok()?;
        if length == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(body.get(end + 2..end + 2 + length)?);
        body = body.get(end + 4 + length..)?;
    }
}
