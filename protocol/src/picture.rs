//! How large a picture says it is, asked before anybody draws it: a file of some bytes can claim to
//! be a picture that fills all memory.

use crate::limits::PICTURE_PIXELS_MAX;

/// Whether a picture is too large to be drawn, by its first bytes. What does not say how large it
/// is, or is no picture, is not.
pub fn is_too_large(first: &[u8]) -> bool {
    imagesize::blob_size(first).is_ok_and(|size| {
        let pixels = (size.width as u64).checked_mul(size.height as u64);
        pixels.is_none_or(|pixels| pixels > PICTURE_PIXELS_MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR";
        [head.as_slice(), &width.to_be_bytes(), &height.to_be_bytes(), b"\x08\x06"].concat()
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let before = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08";
        let after = b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01";
        [before.as_slice(), &height.to_be_bytes(), &width.to_be_bytes(), after].concat()
    }

    /// FAULTS row 79: 50,000 by 50,000 points in some bytes.
    #[test]
    fn a_picture_that_claims_to_be_enormous_is_known_by_its_first_bytes() {
        for flood in [png(50_000, 50_000), jpeg(50_000, 50_000), png(u32::MAX, u32::MAX)] {
            assert!(is_too_large(&flood));
        }
        for photo in [png(16_320, 12_240), jpeg(16_320, 12_240), jpeg(1, 1)] {
            assert!(!is_too_large(&photo));
        }
        for other in [b"%PDF-1.7".as_slice(), b"", b"\xff\xd8\xff\xe0 the pump, from the left"] {
            assert!(!is_too_large(other));
        }
    }
}
