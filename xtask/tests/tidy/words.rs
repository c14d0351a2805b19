//! Both languages are complete: the same messages with the same variables in the same files,
//! and no message twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::check;
use crate::tree::{file, root};

const LANGUAGES: [&str; 2] = ["en", "zh"];

/// Message id (with attribute) to the variables it uses.
type Catalog = BTreeMap<String, BTreeSet<String>>;

#[test]
fn both_languages_say_the_same_things() {
    let mut offenders = Vec::new();
    for name in names() {
        let [english, chinese] = LANGUAGES.map(|language| read(language, &name).0);
        for (here, there, language) in [(&english, &chinese, "zh"), (&chinese, &english, "en")] {
            for id in here.keys().filter(|id| !there.contains_key(*id)) {
                offenders.push(format!("words/{language}/{name}: {id} is missing"));
            }
        }
        for (id, variables) in &english {
            if chinese.get(id).is_some_and(|others| others != variables) {
                offenders.push(format!("words/*/{name}: {id} uses different variables"));
            }
        }
    }
    check("every message is there in every language:", &offenders);
}

/// A bundle refuses the second one, and the first may be the wrong one.
#[test]
fn no_message_is_written_twice() {
    let mut offenders = Vec::new();
    for language in LANGUAGES {
        let common = read(language, "common.ftl").0;
        for name in names() {
            let (catalog, twice) = read(language, &name);
            offenders.extend(twice.iter().map(|id| format!("words/{language}/{name}: {id}")));
            if name != "common.ftl" {
                let again = catalog.keys().filter(|id| common.contains_key(*id));
                offenders.extend(again.map(|id| format!("words/{language}/{name}: {id}")));
            }
        }
    }
    check("every message is written once; common.ftl is part of every place:", &offenders);
}

fn names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for language in LANGUAGES {
        let folder = root().join("words").join(language);
        for entry in fs::read_dir(folder).expect("the words").flatten() {
            names.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names
}

/// Reads a catalog by its layout: an id begins a line, what belongs to it is indented.
fn read(language: &str, name: &str) -> (Catalog, Vec<String>) {
    let mut catalog = Catalog::new();
    let mut twice = Vec::new();
    let mut message = String::new();
    let mut current = String::new();
    let text = file(&format!("words/{language}/{name}")).map_or_else(String::new, |it| it.text);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((head, _)) = line.split_once('=') {
            let head = head.trim_end();
            let starts_message = head.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
            if starts_message && !head.contains(' ') {
                message = head.to_owned();
                current.clone_from(&message);
            } else if let Some(attribute) = head.trim_start().strip_prefix('.') {
                current = format!("{message}.{attribute}");
            }
            let is_new = starts_message || head.trim_start().starts_with('.');
            if is_new && catalog.insert(current.clone(), BTreeSet::new()).is_some() {
                twice.push(current.clone());
            }
        }
        if let Some(used) = catalog.get_mut(&current) {
            used.extend(variables(line));
        }
    }
    (catalog, twice)
}

fn variables(line: &str) -> impl Iterator<Item = String> + '_ {
    line.split('$').skip(1).map(|rest| {
        rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-')).collect()
    })
}
