//! The types that travel, read from the sources as rustfmt lays them out. A line that is not
//! understood fails, so that no field can hide.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Files and folders all of whose encoded types travel.
const PLACES: [&str; 5] = [
    "protocol/src/wire.rs",
    "protocol/src/wire",
    "protocol/src/signoff.rs",
    "server/src/api/sessions.rs",
    "server/src/error.rs",
];

/// One field of a struct, or one variant of an enum.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// Its number in CBOR; none in JSON.
    pub(crate) number: Option<u32>,
    pub(crate) name: String,
    /// Its type as the document writes it; of a variant, what it holds.
    pub(crate) kind: String,
}

impl Field {
    /// The named types in it.
    pub(crate) fn types(&self) -> Vec<String> {
        let words = self.kind.split(|c: char| !c.is_ascii_alphanumeric());
        words.filter(|word| word.starts_with(char::is_uppercase)).map(str::to_owned).collect()
    }
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number.iter().try_for_each(|number| write!(formatter, "| {number} "))?;
        write!(formatter, "| `{}` | {} |", self.name, self.kind)
    }
}

/// Every type that travels, with its fields.
pub(crate) fn types() -> BTreeMap<String, Vec<Field>> {
    let texts = PLACES.iter().flat_map(|place| texts(place));
    texts.flat_map(|text| types_in(&text)).collect()
}

/// The text of a file, or of all files in a folder.
pub(crate) fn texts(place: &str) -> Vec<String> {
    let path = root().join(place);
    let mut paths: Vec<PathBuf> = match fs::read_dir(&path) {
        Ok(entries) => entries.map(|entry| entry.expect("an entry").path()).collect(),
        Err(_) => vec![path],
    };
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    assert!(!paths.is_empty(), "nothing at {place}");
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("a source")).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn types_in(text: &str) -> Vec<(String, Vec<Field>)> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut attributes = String::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let words: Vec<&str> = line.split(' ').filter(|word| !word.starts_with("pub")).collect();
        let ["struct" | "enum", name, rest @ ..] = words.as_slice() else {
            // Attributes stand right above; any line at the margin but a comment ends them.
            if line.starts_with("#[") || line.starts_with("    ") {
                attributes += line;
            } else if !line.starts_with("//") && line != ")]" {
                attributes.clear();
            }
            continue;
        };
        let in_cbor = attributes.contains("Encode");
        let in_json = ["Serialize", "Deserialize"].iter().any(|it| attributes.contains(it));
        let travels = in_cbor || in_json;
        if travels {
            assert_eq!(rest, ["{"], "not understood: {line}");
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "}").collect();
            let is_enum = words[0] == "enum";
            let fields = if is_enum { variants(&body, in_cbor) } else { fields(&body) };
            found.push(((*name).to_owned(), fields));
        }
        attributes.clear();
    }
    found
}

fn fields(body: &[&str]) -> Vec<Field> {
    let mut number = None;
    let mut fields = Vec::new();
    for line in body.iter().map(|line| line.trim()) {
        if is_said(line, &mut number) {
            continue;
        }
        let field = line.trim_start_matches("pub ").trim_end_matches(',').split_once(": ");
        let (name, kind) = field.unwrap_or_else(|| panic!("not understood: {line}"));
        fields.push(Field { number: number.take(), name: name.to_owned(), kind: kind_of(kind) });
    }
    fields
}

fn variants(body: &[&str], in_cbor: bool) -> Vec<Field> {
    let mut number = None;
    let mut found: Vec<Field> = Vec::new();
    let mut lines = body.iter().map(|line| line.trim());
    while let Some(line) = lines.next() {
        if is_said(line, &mut number) {
            continue;
        }
        let number = number.take();
        let (name, kind) = if let Some(name) = line.strip_suffix(" {") {
            let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != "},").collect();
            let held = fields(&inside).into_iter().map(|it| format!("{} {}", it.name, it.kind));
            (name, held.collect::<Vec<_>>().join(", "))
        } else if let Some((name, held)) = line.trim_end_matches("),").split_once('(') {
            let held = held.split(", ").map(|it| kind_of(it.split("] ").last().unwrap_or(it)));
            (name, held.collect::<Vec<_>>().join(", "))
        } else {
            (line.trim_end_matches(','), String::new())
        };
        let name = if in_cbor { name.to_owned() } else { snake_case(name) };
        assert!(name.chars().all(|c| c.is_alphanumeric() || c == '_'), "not understood: {line}");
        found.push(Field { number, name, kind });
    }
    found
}

/// Comments and attributes; of these only the number is kept.
fn is_said(line: &str, number: &mut Option<u32>) -> bool {
    if let Some((_, rest)) = line.split_once("n(").filter(|_| line.starts_with("#[")) {
        *number = rest.split(')').next().and_then(|digits| digits.parse().ok());
    }
    line.starts_with("//") || line.starts_with("#[")
}

/// A type of Rust in the document's words.
fn kind_of(rust: &str) -> String {
    let inside = |before: &str| rust.strip_prefix(before).and_then(|it| it.strip_suffix('>'));
    if let Some(inner) = inside("Option<") {
        return format!("{}?", kind_of(inner));
    }
    if let Some(inner) = inside("Vec<").filter(|inner| *inner != "u8") {
        return format!("[{}]", kind_of(inner));
    }
    if let Some(length) = rust.strip_prefix("[u8; ").and_then(|it| it.strip_suffix(']')) {
        return format!("bytes {length}");
    }
    match rust {
        "ByteVec" | "Vec<u8>" => "bytes",
        "u8" | "u32" | "u64" => "uint",
        "i64" => "int",
        "String" => "text",
        "Json" => "json",
        other => other,
    }
    .to_owned()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
