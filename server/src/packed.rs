//! Answers on the wire, packed the smallest way that the asking side reads.
//!
//! DEFLATE sees 32 kB at a time, and five hundred jobs say much of the same much further apart.
//! Browsers undo Zstandard (RFC 8878) by themselves where the server says that it was done, so
//! large answers go that way to whoever accepts it, and the app carries no decoder for it.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use docket_protocol::wire;
use minicbor::Encode;

use crate::error::ApiError;
use crate::sync::off_thread;

const ZSTD: &str = "zstd";
/// What repeats within one such piece, DEFLATE finds as well, and costs less.
const ZSTD_FROM_BYTES: usize = 32 * 1024;
/// Measured over 500 jobs: higher levels take much longer for a few percent.
const ZSTD_LEVEL: i32 = 3;

/// What the HTTP of the asking side undoes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accepts {
    zstd: bool,
}

/// Named, and not with a weight of nothing.
fn is_zstd(coding: &str) -> bool {
    let mut parts = coding.split(';').map(str::trim);
    let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(ZSTD));
    let weight = parts.find_map(|part| part.strip_prefix("q=")).map(str::parse::<f32>);
    named && weight.is_none_or(|weight| weight.is_ok_and(|weight| weight > 0.0))
}

/// An answer's bytes.
#[derive(Debug)]
pub(crate) struct Packed {
    bytes: Vec<u8>,
    is_zstd: bool,
}

impl Accepts {
    /// Reads it off a request.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get_all(ACCEPT_ENCODING).iter();
        let accepted = accepted.filter_map(|value| value.to_str().ok());
        Self { zstd: accepted.flat_map(|value| value.split(',')).any(is_zstd) }
    }

    /// Packs an answer away from the threads that serve.
    pub(crate) async fn pack<T>(self, answer: T) -> Result<Packed, ApiError>
    where
        T: Encode<()> + Send + 'static,
    {
        off_thread(move || self.pack_here(&answer)).await
    }

    fn pack_here<T: Encode<()>>(self, answer: &T) -> Packed {
        if self.zstd {
            let plain = wire::plain(answer);
            if plain.len() >= ZSTD_FROM_BYTES
                && let Ok(bytes) = zstd::bulk::compress(&plain, ZSTD_LEVEL)
            {
                return Packed { bytes, is_zstd: true };
            }
        }
        Packed { bytes: wire::pack(answer), is_zstd: false }
    }
}

impl IntoResponse for Packed {
    fn into_response(self) -> Response {
        let kind = [(CONTENT_TYPE, wire::CONTENT_TYPE)];
        match self.is_zstd {
            true => (kind, [(CONTENT_ENCODING, ZSTD)], self.bytes).into_response(),
            false => (kind, self.bytes).into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use docket_protocol::limits::INFLATED_BYTES_MAX;

    use super::*;

    fn asking(accepts: &str) -> Accepts {
        Accepts::of(&HeaderMap::from_iter([(ACCEPT_ENCODING, accepts.parse().unwrap())]))
    }

    /// Much of the same, further apart than DEFLATE looks back.
    fn answer() -> Vec<u32> {
        (0..80_000_u32).map(|at| (at % 20_000).wrapping_mul(2_654_435_761)).collect()
    }

    #[test]
    fn large_answers_are_smaller_for_whoever_reads_zstandard_and_say_the_same() {
        let (large, small) = (asking("gzip"), asking("gzip, deflate, br, zstd"));
        let (large, small) = (large.pack_here(&answer()), small.pack_here(&answer()));
        assert_eq!((large.is_zstd, small.is_zstd), (false, true));
        assert!(small.bytes.len() * 3 < large.bytes.len());
        let small = zstd::decode_all(small.bytes.as_slice()).unwrap();
        for bytes in [large.bytes, small] {
            assert_eq!(wire::unpack::<Vec<u32>>(&bytes, INFLATED_BYTES_MAX).unwrap(), answer());
        }
        assert!(
            !asking("zstd").pack_here(&vec![1_u32; 100]).is_zstd,
            "small ones stay as they were"
        );
    }

    #[test]
    fn only_who_names_it_with_some_weight_gets_it() {
        for yes in ["zstd", "ZSTD;q=0.5", "br , zstd", "zstd; q=1"] {
            assert!(asking(yes).zstd, "{yes}");
        }
        for no in ["", "*", "gzip, br", "zstd;q=0", "zstd; q=0.0", "zstdx"] {
            assert!(!asking(no).zstd, "{no}");
        }
    }
}
