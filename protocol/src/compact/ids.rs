//! Ids as people never see them: 36 letters of text that are 16 bytes.

const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// The id that a text spells, in just the spelling of [`text_of_id`].
pub(super) fn id_of_text(text: &[u8]) -> Option<[u8; 16]> {
    if text.len() != 36 {
        return None;
    }
    let (mut id, mut halves) = ([0_u8; 16], 0);
    for (at, letter) in text.iter().enumerate() {
        let half = match letter {
            b'-' if HYPHENS.contains(&at) => continue,
            _ if HYPHENS.contains(&at) => return None,
            b'0'..=b'9' => letter - b'0',
            b'a'..=b'f' => letter - b'a' + 10,
            _ => return None,
        };
        id[halves / 2] = id[halves / 2] << 4 | half;
        halves += 1;
    }
    Some(id)
}

/// An id in lower-case hexadecimal with its hyphens.
pub(super) fn text_of_id(id: &[u8; 16]) -> [u8; 36] {
    let mut text = [b'-'; 36];
    let mut halves = id.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    for (at, letter) in text.iter_mut().enumerate() {
        if !HYPHENS.contains(&at) {
            let half = halves.next().unwrap_or(0);
            *letter = if half < 10 { b'0' + half } else { b'a' + half - 10 };
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_spelling_is_an_id() {
        let id: [u8; 16] = std::array::from_fn(|at| at as u8 * 17);
        let text = text_of_id(&id);
        assert_eq!(text, *uuid::Uuid::from_bytes(id).hyphenated().to_string().as_bytes());
        assert_eq!(id_of_text(&text), Some(id));
        for other in [&text[1..], &text.to_ascii_uppercase(), &[b'-'; 36], &[b'0'; 36]] {
            assert_eq!(id_of_text(other), None);
        }
    }
}
