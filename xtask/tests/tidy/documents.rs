//! Documents that are true: what they point at exists, and the README stays short.

use std::collections::BTreeSet;

use crate::check;
use crate::tree::{file, files, root};

const README_LINES_MAX: usize = 200;
const DOCUMENTS: [&str; 4] =
    ["README.md", "ARCHITECTURE.md", "protocol/PROTOCOL.md", "protocol/SIGNOFF.md"];

#[test]
fn readme_is_short() {
    let Some(readme) = file("README.md") else { return };
    let lines = readme.text.lines().count();
    assert!(lines < README_LINES_MAX, "README.md has {lines} lines");
}

#[test]
fn paths_in_documents_exist() {
    let mut offenders = Vec::new();
    for document in DOCUMENTS {
        let Some(document) = file(document) else { continue };
        for path in paths(&document.text).into_iter().filter(|path| !exists(path)) {
            offenders.push(format!("{}: {path}", document.place));
        }
    }
    check("documents point at files that exist:", &offenders);
}

#[test]
fn tests_in_documents_exist() {
    let sources: String = files(&[".rs", ".ts"]).into_iter().map(|file| file.text).collect();
    let mut offenders = Vec::new();
    for document in DOCUMENTS {
        let Some(document) = file(document) else { continue };
        for name in test_names(&document.text) {
            if !sources.contains(&format!("fn {name}(")) {
                offenders.push(format!("{}: {name}", document.place));
            }
        }
    }
    check("documents name tests that exist:", &offenders);
}

/// What stands in backticks and looks like a place in the tree: ours by its first folder.
fn paths(text: &str) -> BTreeSet<String> {
    let ours = |path: &&str| {
        let first = path.split('/').next().unwrap_or_default();
        path.contains('/') && !first.is_empty() && root().join(first).is_dir()
    };
    let plain = |path: &&str| !path.contains([' ', '*', '<', '{', '…']);
    let marked = in_backticks(text);
    let linked = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let linked = linked.filter(|path| !path.contains("://"));
    marked.into_iter().filter(ours).filter(plain).chain(linked).map(str::to_owned).collect()
}

/// What stands in backticks and can only be a test: long lower-case words joined by `_`.
fn test_names(text: &str) -> BTreeSet<String> {
    let name = |word: &&str| {
        word.matches('_').count() >= 3
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    in_backticks(text).into_iter().filter(name).map(str::to_owned).collect()
}

fn in_backticks(text: &str) -> Vec<&str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

/// `path/to/file.rs` or `path/to/file` for the module `file.rs`.
fn exists(path: &str) -> bool {
    let place = root().join(path.trim_end_matches('/'));
    place.exists() || place.with_extension("rs").exists()
}
