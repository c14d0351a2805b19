//! A file that carries all unsent work of a phone: a parcel, and behind it the photos and files
//! that it names, in sealed pieces. It may be far longer than anything else that is read here, so
//! it is read as it comes, a part at a time.

use super::WireError;
use super::file_piece::SEALED_PIECE_BYTES_MAX;
use crate::limits::REQUEST_BYTES_MAX;

/// How such a file begins; then each part follows its length, four bytes, most significant first.
pub const EVACUATION_MAGIC: &[u8] = b"docket-evacuation-1\n";
const LENGTH_BYTES: usize = 4;

/// Takes such a file apart. The first part is the parcel, the others are sealed pieces. A file of
/// nothing but a parcel, as older phones wrote it, is its own only part.
#[derive(Debug, Default)]
pub struct EvacuationReader {
    /// What has come and is no whole part yet.
    waiting: Vec<u8>,
    form: Option<Form>,
    parts: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Parts,
    Parcel,
}

impl EvacuationReader {
    /// Takes the next bytes of the file; [`EvacuationReader::next_part`] must be asked until it has
    /// none before there are more.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
        let magic = EVACUATION_MAGIC;
        if self.form.is_none() && self.waiting.len() >= magic.len() {
            let begins = self.waiting.starts_with(magic);
            self.form = Some(if begins { Form::Parts } else { Form::Parcel });
            if begins {
                self.waiting.drain(..magic.len());
            }
        }
    }

    /// The next whole part, once all of it has come.
    ///
    /// # Errors
    /// It is longer than any part can be.
    pub fn next_part(&mut self) -> Result<Option<Vec<u8>>, WireError> {
        let longest = if self.parts == 0 {
            REQUEST_BYTES_MAX
        } else {
            usize::try_from(SEALED_PIECE_BYTES_MAX).unwrap_or(usize::MAX)
        };
        if self.form != Some(Form::Parts) {
            let fits = self.waiting.len() <= longest;
            return if fits { Ok(None) } else { Err(WireError::TooLarge(longest)) };
        }
        let Some((length, rest)) = self.waiting.split_first_chunk::<LENGTH_BYTES>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*length) as usize;
        if length > longest {
            return Err(WireError::TooLarge(longest));
        }
        let Some(part) = rest.get(..length) else { return Ok(None) };
        let part = part.to_vec();
        self.waiting.drain(..LENGTH_BYTES + length);
        self.parts += 1;
        Ok(Some(part))
    }

    /// The file has ended: the parcel that is all of it, if it is one.
    ///
    /// # Errors
    /// It ends within a part, or has none.
    pub fn finish(self) -> Result<Option<Vec<u8>>, WireError> {
        match self.form {
            Some(Form::Parts) if self.waiting.is_empty() && self.parts > 0 => Ok(None),
            Some(Form::Parts) => Err(WireError::Codec),
            _ => Ok(Some(self.waiting)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(parts: &[&[u8]]) -> Vec<u8> {
        let mut file = EVACUATION_MAGIC.to_vec();
        for part in parts {
            file.extend_from_slice(&u32::try_from(part.len()).unwrap().to_be_bytes());
            file.extend_from_slice(part);
        }
        file
    }

    /// All parts, when the file comes so many bytes at a time.
    fn read(file: &[u8], at_a_time: usize) -> Result<Vec<Vec<u8>>, WireError> {
        let (mut reader, mut parts) = (EvacuationReader::default(), Vec::new());
        for bytes in file.chunks(at_a_time) {
            reader.feed(bytes);
            while let Some(part) = reader.next_part()? {
                parts.push(part);
            }
        }
        parts.extend(reader.finish()?);
        Ok(parts)
    }

    #[test]
    fn parts_are_the_same_however_the_file_comes() {
        let parts: [&[u8]; 4] = [b"the parcel", b"", b"a piece", b"another"];
        for at_a_time in [1, 3, 20, 23, 24, 25, 1_000] {
            assert_eq!(read(&file(&parts), at_a_time).unwrap(), parts, "{at_a_time}");
            assert_eq!(
                read(b"an old parcel, alone", at_a_time).unwrap(),
                [b"an old parcel, alone"]
            );
        }
    }

    #[test]
    fn a_file_that_ends_within_a_part_or_has_none_says_so() {
        let whole = file(&[b"the parcel", b"a piece"]);
        for end in 0..whole.len() {
            let ended = read(&whole[..end], 7);
            let at_a_part = end == EVACUATION_MAGIC.len() + 14;
            // Cut within its first bytes it is none of ours, which whoever opens the parcel finds.
            let is_other = end < EVACUATION_MAGIC.len();
            assert_eq!(ended.is_ok(), at_a_part || is_other, "{end}");
        }
    }

    #[test]
    fn a_part_longer_than_any_is_refused_before_it_comes() {
        let claims = |length: u32| [EVACUATION_MAGIC, &length.to_be_bytes()].concat();
        assert!(read(&claims(u32::MAX), 100).is_err());
        let mut piece = file(&[b"the parcel"]);
        let too_long = u32::try_from(SEALED_PIECE_BYTES_MAX).unwrap() + 1;
        piece.extend_from_slice(&too_long.to_be_bytes());
        assert!(read(&piece, 100).is_err());
        assert!(read(&vec![b'x'; REQUEST_BYTES_MAX + 1], 1 << 20).is_err(), "an endless parcel");
    }
}
