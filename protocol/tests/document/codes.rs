//! Every code that an answer can carry, read from the places that make them: a new one is found
//! because it is there, not because somebody has listed it.

use std::collections::BTreeSet;

use crate::source::texts;

/// Where any word with a hyphen is a code.
const PLACES: [&str; 9] = [
    "protocol/src/amendment.rs",
    "protocol/src/change.rs",
    "protocol/src/edit.rs",
    "protocol/src/ops.rs",
    "protocol/src/record/write.rs",
    "server/src/error.rs",
    "server/src/held",
    "server/src/ingest",
    "server/src/desk.rs",
];
/// What comes before a code of one word.
const BEFORE_CODES: [&str; 2] = ["Self::Malformed => ", "Self::Internal => "];

pub(crate) fn all() -> BTreeSet<String> {
    let texts: Vec<String> = PLACES.iter().flat_map(|place| texts(place)).collect();
    let mut codes = BTreeSet::new();
    for text in &texts {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            codes.extend(codes_in(line));
        }
    }
    codes
}

/// Words in quotes, joined by hyphens; what a mistake is planted by is no code.
fn codes_in(line: &str) -> impl Iterator<Item = String> + '_ {
    let quoted = line.split('"').enumerate().filter(|(at, _)| at % 2 == 1);
    quoted.filter_map(move |(at, word)| {
        let before = line.split('"').nth(at - 1).unwrap_or_default();
        let letters = word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let hyphens = word.contains('-') && !word.starts_with('-') && !word.ends_with('-');
        let one_word = BEFORE_CODES.iter().any(|code| before.ends_with(code));
        let is_code = letters && (hyphens || one_word) && !before.ends_with("planted::is(");
        is_code.then(|| word.to_owned())
    })
}
