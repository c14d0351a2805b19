//! Sizes and manners of source files: small enough to read at once, and each says what it is.

use crate::check;
use crate::tree::{TextFile, files};

const FILE_LINES_MAX: usize = 700;
const FUNCTION_LINES_MAX: usize = 70;
const LINE_CHARS_MAX: usize = 100;

/// Words that mean "not finished". Spelled in halves, so that this file does not name itself.
const UNFINISHED: [[&str; 2]; 5] =
    [["TO", "DO"], ["FIX", "ME"], ["XX", "X:"], ["#[ign", "ore"], [".on", "ly("]];

#[test]
fn files_are_short() {
    let long = |file: &TextFile| file.text.lines().count() > FILE_LINES_MAX;
    let endings = [".rs", ".ts", ".svelte", ".css", ".html", ".sql", ".ftl", ".js"];
    let offenders: Vec<String> = files(&endings)
        .iter()
        .filter(|file| long(file))
        .map(|file| format!("{}: {} lines", file.place, file.text.lines().count()))
        .collect();
    check("no source file is longer than 700 lines; 400 is the aim:", &offenders);
}

#[test]
fn lines_are_short() {
    let mut offenders = Vec::new();
    for file in files(&[".rs"]) {
        for (number, line) in file.text.lines().enumerate() {
            let chars = line.chars().count();
            if chars > LINE_CHARS_MAX {
                offenders.push(format!("{}:{}: {chars} characters", file.place, number + 1));
            }
        }
    }
    check("no line of Rust is longer than 100 characters:", &offenders);
}

#[test]
fn functions_are_short() {
    let mut offenders = Vec::new();
    for file in files(&[".rs"]) {
        for (name, first, lines) in functions(&file.text) {
            if lines > FUNCTION_LINES_MAX {
                offenders.push(format!("{}:{first}: {name}, {lines} lines", file.place));
            }
        }
    }
    check("no function is longer than 70 lines:", &offenders);
}

#[test]
fn every_rust_file_says_what_it_is() {
    let silent = |file: &TextFile| !file.text.starts_with("//!");
    let offenders: Vec<String> =
        files(&[".rs"]).into_iter().filter(silent).map(|file| file.place).collect();
    check("every .rs file opens with what it is (`//!`):", &offenders);
}

#[test]
fn nothing_is_unfinished() {
    let mut offenders = Vec::new();
    for file in files(&[".rs", ".ts", ".svelte", ".sql", ".html", ".css"]) {
        for (number, line) in file.text.lines().enumerate() {
            for word in UNFINISHED.map(|halves| halves.concat()) {
                if line.contains(&word) {
                    offenders.push(format!("{}:{}: {word}", file.place, number + 1));
                }
            }
        }
    }
    check("what is not finished is not committed; what is not run is no test:", &offenders);
}

/// Functions as rustfmt lays them out: from `fn` to the closing brace of the same indent.
fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (first, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let indent = line.len() - line.trim_start().len();
        let closing = format!("{}}}", " ".repeat(indent));
        let after = lines[first..].iter().position(|line| *line == closing);
        // A signature without a body (a trait's) ends before any brace of its own indent.
        let bodiless = lines[first..].iter().position(|line| line.trim_end().ends_with(';'));
        let opens = lines[first..].iter().position(|line| line.trim_end().ends_with('{'));
        if let (Some(last), Some(opens)) = (after, opens)
            && bodiless.is_none_or(|end| opens <= end)
        {
            found.push((name, first + 1, last + 1));
        }
    }
    found
}

fn function_name(line: &str) -> Option<String> {
    let (before, after) = line.split_once("fn ")?;
    let is_qualifier = |word: &str| {
        matches!(word, "pub" | "const" | "async" | "extern") || word.starts_with("pub(")
    };
    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (before.split_whitespace().all(is_qualifier) && !name.is_empty()).then_some(name)
}

#[test]
fn functions_are_found_as_written() {
    let text = "impl A {\n    pub(crate) async fn one(\n        a: u8,\n    ) -> u8 {\n        \
                a\n    }\n\n    fn none(&self);\n}\n\nfn two() {\n}\n";
    let found = functions(text);
    let expected = [("one".to_owned(), 2, 5), ("two".to_owned(), 11, 2)];
    assert_eq!(found, expected);
}
