//! The files of the repository, without what is made by tools.

use std::fs;
use std::path::{Path, PathBuf};

const MADE: [&str; 7] = [
    "demo-data",
    "dev-dist",
    "dist",
    "node_modules",
    "playwright-report",
    "target",
    "test-results",
];

/// A text file and its place below the root, with `/` on every system.
pub(crate) struct TextFile {
    pub(crate) place: String,
    pub(crate) text: String,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// One file, or nothing when it is not there.
pub(crate) fn file(place: &str) -> Option<TextFile> {
    let text = fs::read_to_string(root().join(place)).ok()?;
    Some(TextFile { place: place.to_owned(), text })
}

/// All files with one of these endings.
pub(crate) fn files(endings: &[&str]) -> Vec<TextFile> {
    let mut places = Vec::new();
    walk(&root(), "", &mut places);
    places.sort();
    let wanted = |place: &&String| endings.iter().any(|ending| place.ends_with(ending));
    places.iter().filter(wanted).filter_map(|place| file(place)).collect()
}

fn walk(folder: &Path, prefix: &str, places: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of the repository").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let place = format!("{prefix}{name}");
        if name.starts_with('.') || MADE.contains(&name.as_str()) || is_made(&place) {
            continue;
        }
        if entry.path().is_dir() {
            walk(&entry.path(), &format!("{place}/"), places);
        } else {
            places.push(place);
        }
    }
}

/// Made folders whose names mean something else elsewhere.
fn is_made(place: &str) -> bool {
    matches!(place, "mobile/app/src/core" | "shots")
}
