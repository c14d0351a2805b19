//! An answer on its way to a phone: packed by the wire, and a large one compressed by Zstandard
//! where the phone's browser opens that. Its window holds a whole first sync, that of DEFLATE a
//! fiftieth of one.

use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use docket_protocol::wire;
use minicbor::Encode;

/// Higher ones take longer than the bytes that they save do on a phone's way.
const LEVEL: i32 = 9;
const ZSTD: &str = "zstd";

/// A packed answer.
pub(crate) struct Packed {
    bytes: Vec<u8>,
    is_zstd: bool,
}

impl Packed {
    /// Packs an answer the smallest way that its reader opens.
    pub(crate) fn new<T: Encode<()>>(answer: &T, takes_zstd: bool) -> Self {
        let loose = if takes_zstd { wire::pack_loosely(answer) } else { None };
        match loose.and_then(|loose| zstd::bulk::compress(&loose, LEVEL).ok()) {
            Some(bytes) => Self { bytes, is_zstd: true },
            None => Self { bytes: wire::pack(answer), is_zstd: false },
        }
    }
}

impl IntoResponse for Packed {
    fn into_response(self) -> Response {
        let mut response = ([(CONTENT_TYPE, wire::CONTENT_TYPE)], self.bytes).into_response();
        if self.is_zstd {
            let zstd = HeaderValue::from_static(ZSTD);
            response.headers_mut().insert(CONTENT_ENCODING, zstd);
        }
        response
    }
}

/// Whether a request's sender says so, without reservations.
pub(crate) fn takes_zstd(headers: &HeaderMap) -> bool {
    let names = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    names.flat_map(|names| names.split(',')).any(|name| name.trim() == ZSTD)
}
