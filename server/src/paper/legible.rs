//! What can be printed with the fonts at hand, and breaks where a line ends. A letter that no
//! font has would come out as an empty box, or as nothing, and nobody could tell what had stood
//! there.

use serde_json::Value as Json;

use super::fonts::Fonts;
use super::press::PaperError;

/// What stands for a letter that cannot be printed.
const UNPRINTABLE: char = '□';
/// Where a word may break, without a sign.
const BREAK: char = '\u{200b}';
/// Letters in a row with and without a digit among them that fit into the narrowest column.
const NUMBER_LETTERS_MAX: usize = 14;
const WORD_LETTERS_MAX: usize = 24;

/// Puts a mark where a letter cannot be printed, and takes out what has no shape.
///
/// # Errors
/// Chinese letters without any Chinese font: then nothing is printed at all, because a document
/// full of marks says nothing.
pub(super) fn make_legible(fonts: &Fonts, data: &mut Json) -> Result<(), PaperError> {
    match data {
        Json::String(text) => *text = legible(fonts, text)?,
        Json::Array(values) => values.iter_mut().try_for_each(|one| make_legible(fonts, one))?,
        Json::Object(fields) => fields.values_mut().try_for_each(|one| make_legible(fonts, one))?,
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
    Ok(())
}

fn legible(fonts: &Fonts, text: &str) -> Result<String, PaperError> {
    let mut printed = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | ' ' => printed.push(letter),
            '\t' => printed.push(' '),
            letter if has_no_shape(letter) => {}
            letter if fonts.covers(letter) => printed.push(letter),
            letter if is_chinese(letter) => return Err(PaperError::NoChineseFont),
            _ => printed.push(UNPRINTABLE),
        }
    }
    Ok(breakable(&printed))
}

/// Lets words break that are longer than a column: serial numbers and digests sooner than others.
/// Chinese breaks anywhere by itself.
fn breakable(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    for word in text.split_inclusive([' ', '\n']) {
        let run_max = if word.contains(|letter: char| letter.is_ascii_digit()) {
            NUMBER_LETTERS_MAX
        } else {
            WORD_LETTERS_MAX
        };
        let mut run = 0;
        for letter in word.chars() {
            run = if is_chinese(letter) || letter.is_whitespace() { 0 } else { run + 1 };
            if run > run_max {
                broken.push(BREAK);
                run = 1;
            }
            broken.push(letter);
        }
    }
    broken
}

/// Control characters, and those that turn or join what stands beside them: on paper they could
/// only make a text read differently from what was signed.
fn has_no_shape(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(letter, '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
        || matches!(letter, '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(text: &str) -> Result<Json, PaperError> {
        let empty = tempfile::tempdir().unwrap();
        let mut data = json!({"a": [text]});
        make_legible(&Fonts::find(Some(empty.path())), &mut data)?;
        Ok(data["a"][0].take())
    }

    #[test]
    fn what_no_font_has_is_marked_and_what_has_no_shape_is_left_out() {
        assert_eq!(printed("Pump 3\tok\n").unwrap(), "Pump 3 ok\n");
        assert_eq!(printed("a\u{202e}b\u{0}c\u{200d}").unwrap(), "abc");
        assert_eq!(printed("ok 🦀").unwrap(), "ok □");
    }

    #[test]
    fn what_is_longer_than_a_column_may_break() {
        assert_eq!(printed("SN-0123456789-AB").unwrap(), "SN-0123456789-\u{200b}AB");
        assert_eq!(printed("self-explanatory words\nok").unwrap(), "self-explanatory words\nok");
        let endless = printed(&"x".repeat(60)).unwrap();
        assert_eq!(endless.as_str().unwrap().matches(BREAK).count(), 2);
    }

    #[test]
    fn chinese_without_a_chinese_font_is_said_and_not_printed_as_boxes() {
        assert!(matches!(printed("泵"), Err(PaperError::NoChineseFont)));
        assert!(matches!(printed("ok，"), Err(PaperError::NoChineseFont)));
    }
}
