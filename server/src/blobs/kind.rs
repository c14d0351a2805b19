//! What a file is, by its own first bytes: what somebody says it is decides nothing.
//!
//! A picture of these kinds may be shown; everything else is only ever saved, and so is a picture
//! that is too large to be drawn.

use docket_protocol::picture::is_too_large;

/// How many bytes it takes to tell; what a camera writes about itself comes first.
pub const FIRST_BYTES: u64 = 64 * 1024;

/// The media type of a picture that browsers may show; none for everything else.
pub fn picture(first: &[u8]) -> Option<&'static str> {
    let kind = match first {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    };
    kind.filter(|_| !is_too_large(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_drawings_that_can_run_are_no_pictures() {
        for text in ["<!doctype html>", "<svg xmlns=", "GIF89", "%PDF-1.7", "RIFF....WAVE", ""] {
            assert_eq!(picture(text.as_bytes()), None, "{text}");
        }
        assert_eq!(picture(b"\xff\xd8\xff\xe0<script>"), Some("image/jpeg"));
        let flood = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x06";
        assert_eq!(picture(flood), None, "too large to be drawn");
    }
}
