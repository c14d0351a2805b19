//! What a document says, in words and in order. Serialised, it is the data that
//! `documents/document.typ` reads; names here are the names there.

use serde::Serialize;

use crate::words::Words;

/// A document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sheet {
    /// `en` or `zh`, for hyphens, glyphs and whoever has it read aloud.
    pub lang: &'static str,
    /// What it is.
    pub title: String,
    /// What it is about, below the title; empty for nothing.
    pub subject: String,
    /// Who made it out.
    pub organisation: String,
    /// What it is filed by: a job's number, a quarter.
    pub number: String,
    /// What it shows: a draft, a signed version, an issue.
    pub version: String,
    /// A mark beside the title; none for a document without a standing.
    pub mark: Option<Mark>,
    /// Where anyone can check it, drawn as a QR code; empty for nowhere.
    pub address: String,
    /// "Page {page} of {pages}", with these two still in it.
    pub pages: String,
    /// What stands beside the QR code.
    pub check: String,
    /// Unix ms of what it shows, never of the printing: the same version is the same file.
    pub at: i64,
    /// What it says.
    pub blocks: Vec<Block>,
    /// Files that travel in it; the world hands them out, the data does not carry them.
    #[serde(skip)]
    pub files: Vec<Attachment>,
}

/// One part of a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// A heading over what follows.
    Heading {
        /// Its words.
        text: String,
    },
    /// Labels with what stands beside them, two in a line where they are short.
    Fields {
        /// In order.
        fields: Vec<Field>,
    },
    /// Somebody's words under a label.
    Prose {
        /// What they are about; empty where the heading says it.
        label: String,
        /// The words; line breaks are kept.
        text: String,
    },
    /// Entries.
    Table {
        /// What the columns are.
        columns: Vec<Column>,
        /// Each as long as `columns`.
        rows: Vec<Vec<String>>,
    },
    /// A sentence of ours that must not be missed.
    Note {
        /// How it stands out.
        tone: Tone,
        /// The sentence.
        text: String,
    },
    /// Who signed.
    Signature(Signature),
    /// Numbers with what they mean.
    Figures {
        /// In order.
        figures: Vec<Figure>,
    },
    /// Columns for weeks.
    Chart(Chart),
}

/// A label and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// What it is.
    pub label: String,
    /// What stands there.
    pub text: String,
    /// Set in figures of one width, over the whole line: digests and keys.
    pub figures: bool,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its heading.
    pub label: String,
    /// How much of the width it takes, against the others; 0 for just what it needs.
    pub share: u8,
    /// Numbers stand at the right.
    pub number: bool,
}

/// How something stands out; always beside a word that says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing to do.
    Good,
    /// To be read.
    Warn,
    /// Something is wrong.
    Alarm,
}

/// A word with its tone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The word.
    pub word: String,
    /// Its tone.
    pub tone: Tone,
}

/// A signature as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// What the customer said.
    pub outcome: Mark,
    /// Who signed.
    pub name: String,
    /// Position.
    pub position: String,
    /// When, by the phone's clock.
    pub when: String,
    /// Which of the sheet's files is the drawing; none where it cannot be shown.
    pub drawing: Option<String>,
    /// What stands in its place then.
    pub no_drawing: String,
    /// What the customer added.
    pub said: Vec<Field>,
}

/// One number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// What it counts.
    pub label: String,
    /// The number.
    pub value: String,
    /// What it is made of.
    pub detail: String,
    /// The same of the period before.
    pub before: String,
}

/// Columns on lines, in the shares of 1 that `console::chart` computes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chart {
    /// The words for the two kinds of column.
    pub legend: [String; 2],
    /// What it shows, for whoever has it read aloud.
    pub alt: String,
    /// Height against width.
    pub height: f64,
    /// Lines across: height, number.
    pub lines: Vec<(f64, String)>,
    /// Columns: left, top, width, height, value; which of the two kinds.
    pub columns: Vec<(f64, f64, f64, f64, usize, u8)>,
    /// Days below: middle, word.
    pub days: Vec<(f64, String)>,
}

/// A file that travels in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, plain ASCII.
    pub name: &'static str,
    /// What it is, for whoever lists the files; none for a picture that is only drawn.
    pub description: Option<String>,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Sheet {
    /// A sheet of an organisation without anything on it yet.
    pub fn new(words: Words, organisation: &str, title: String, at: i64) -> Self {
        let keep = [("page", "{page}".into()), ("pages", "{pages}".into())];
        Self {
            lang: words.0.as_str(),
            title,
            subject: String::new(),
            organisation: organisation.to_owned(),
            number: String::new(),
            version: String::new(),
            mark: None,
            address: String::new(),
            pages: words.with("paper-page", &keep),
            check: String::new(),
            at,
            blocks: Vec::new(),
            files: Vec::new(),
        }
    }

    /// A heading with what stands under it; nothing at all where that is nothing.
    pub fn part(&mut self, heading: String, blocks: Vec<Block>) {
        if !blocks.is_empty() {
            self.blocks.push(Block::Heading { text: heading });
            self.blocks.extend(blocks);
        }
    }
}
