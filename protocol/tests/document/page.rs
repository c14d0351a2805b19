//! The documents, taken apart: what is made by code, the tables of types, and the words in
//! backticks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::source::Field;

const BEGIN: &str = "<!-- made: ";
const END: &str = "<!-- /made -->";

/// One for phones and servers, one for whoever checks a proof.
const PLACES: [&str; 2] = ["PROTOCOL.md", "SIGNOFF.md"];

/// The documents as they are on disk.
pub(crate) struct Page {
    texts: Vec<String>,
}

impl Page {
    pub(crate) fn read() -> Self {
        let read = |name| fs::read_to_string(place(name)).unwrap_or_else(|_| panic!("{name}"));
        Self { texts: PLACES.map(read).into() }
    }

    /// What stands between the marks, by name.
    pub(crate) fn made(&self) -> BTreeMap<String, String> {
        let parts = self.texts.iter().flat_map(|text| text.split(BEGIN).skip(1));
        let named = parts.map(|part| {
            let (name, rest) = part.split_once(" -->\n").expect("a mark ends its line");
            let (made, _) = rest.split_once(END).unwrap_or_else(|| panic!("{name} has no end"));
            (name.to_owned(), made.to_owned())
        });
        named.collect()
    }

    /// Puts what is made between the marks of its name, here and on disk.
    pub(crate) fn write(&mut self, made: &BTreeMap<String, String>) {
        for (name, said) in self.made() {
            let begin = format!("{BEGIN}{name} -->\n");
            let new = made.get(&name).unwrap_or(&said);
            let (old, new) = (format!("{begin}{said}{END}"), format!("{begin}{new}{END}"));
            self.texts.iter_mut().for_each(|text| *text = text.replace(&old, &new));
        }
        for (name, text) in PLACES.iter().zip(&self.texts) {
            fs::write(place(name), text).expect("a document is written");
        }
    }

    /// The example files on disk.
    pub(crate) fn files() -> BTreeMap<String, Vec<u8>> {
        // A folder that is not there holds nothing.
        let entries = fs::read_dir(place("examples")).into_iter().flatten();
        let read = |entry: std::io::Result<fs::DirEntry>| {
            let entry = entry.expect("an example");
            let name = entry.file_name().into_string().expect("a plain name");
            (name, fs::read(entry.path()).expect("an example"))
        };
        entries.map(read).collect()
    }

    /// Puts the example files on disk.
    pub(crate) fn write_files(files: &BTreeMap<String, Vec<u8>>) {
        fs::create_dir_all(place("examples")).expect("the folder of examples");
        for (name, bytes) in files {
            fs::write(place("examples").join(name), bytes).expect("an example is written");
        }
    }

    /// The tables whose head names a type: ``| n | **`Cursor`** | type | … |``, or without `n`
    /// for what travels as JSON.
    pub(crate) fn tables(&self) -> BTreeMap<String, Vec<Field>> {
        let mut tables = BTreeMap::new();
        let mut lines = self.lines();
        while let Some(line) = lines.next() {
            let head = cells(line);
            let place = head.iter().position(|cell| cell.starts_with("**`"));
            let Some(place) = place else { continue };
            let name = head[place].trim_matches(['*', '`']).to_owned();
            let rows = lines.by_ref().skip(1).take_while(|line| line.starts_with('|'));
            let fields = rows.map(|row| field(&cells(row), place)).collect();
            assert!(tables.insert(name.clone(), fields).is_none(), "{name} has two tables");
        }
        tables
    }

    /// What stands in backticks in the first cell of a row.
    pub(crate) fn explained(&self) -> BTreeSet<String> {
        let rows = self.lines().filter(|line| line.starts_with("| `"));
        rows.filter_map(|row| row.split('`').nth(1)).map(str::to_owned).collect()
    }

    /// Whether a word stands in backticks.
    pub(crate) fn has_word(&self, word: &str) -> bool {
        self.texts.iter().any(|text| text.contains(&format!("`{word}`")))
    }

    fn lines(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().flat_map(|text| text.lines())
    }
}

fn field(row: &[&str], place: usize) -> Field {
    Field {
        number: (place > 0).then(|| row[0].parse().expect("a field's number")),
        name: row[place].trim_matches('`').to_owned(),
        kind: row[place + 1].trim_matches('`').to_owned(),
    }
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
