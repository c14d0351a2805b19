//! Words that code asks for are in the catalog: a missing one would show as its id.
//!
//! Sees ids written out in one piece; those made of a prefix and a stored word are tested where
//! they are made.

use std::collections::BTreeSet;

use crate::check;
use crate::tree::{TextFile, file, files};

const PHONE: &[&str] = &["common.ftl", "phone.ftl"];
const OFFICE: &[&str] =
    &["common.ftl", "console.ftl", "levels.ftl", "paper.ftl", "reports.ftl", "terminal.ftl"];

/// How code asks for words: where, the text before the id, what the id begins with in the
/// catalog, and which catalogs are read there.
const ASKING: [(&str, &str, &str, &[&str]); 8] = [
    ("mobile/app/src/", "t('", "", PHONE),
    ("server/", "words.get(\"", "", OFFICE),
    ("client-core/src/", "ClientError::new(\"", "error-", PHONE),
    ("client-core/src/", "ClientError::with_detail(\"", "error-", PHONE),
    ("mobile/core/src/", "=> \"storage-", "error-storage-", PHONE),
    ("protocol/src/", "EditError::new(\"", "error-", PHONE),
    ("protocol/src/", "EditError::new(\"", "error-", OFFICE),
    ("server/src/ingest/", "refused(\"", "error-", PHONE),
];

#[test]
fn words_that_are_asked_for_exist() {
    let sources = files(&[".rs", ".ts", ".svelte", ".html"]);
    let mut offenders = BTreeSet::new();
    for (folder, before, prefix, catalogs) in ASKING {
        let known = ids(catalogs);
        for source in sources.iter().filter(|source| source.place.starts_with(folder)) {
            let asked = asked_for(source, before).map(|id| format!("{prefix}{id}"));
            let missing = asked.filter(|id| !known.contains(id));
            offenders.extend(missing.map(|id| format!("{}: {id}", source.place)));
        }
    }
    let offenders: Vec<String> = offenders.into_iter().collect();
    check("every message that code asks for is in its catalog:", &offenders);
}

fn asked_for<'a>(source: &'a TextFile, before: &'a str) -> impl Iterator<Item = &'a str> {
    source.text.match_indices(before).filter_map(|(at, _)| {
        let (head, rest) = (&source.text[..at], &source.text[at + before.len()..]);
        // `t('` is the function `t`, not the end of a longer name.
        let whole_name = !head.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
        let whole_id = end > 0 && rest[end..].starts_with(['\'', '"']);
        (whole_name && whole_id).then(|| &rest[..end])
    })
}

fn ids(catalogs: &[&str]) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for name in catalogs {
        let text = file(&format!("words/en/{name}")).map_or_else(String::new, |file| file.text);
        let heads = text.lines().filter_map(|line| line.split_once('=')).map(|(head, _)| head);
        ids.extend(heads.filter(|head| !head.starts_with(' ')).map(|head| head.trim().to_owned()));
    }
    ids
}
