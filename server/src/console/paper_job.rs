//! What the documents of a job say, block by block.

use docket_protocol::ids::UserId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::compare::differences;
use docket_protocol::signoff::{canonical, content_digest};
use serde_json::Value as Json;

use super::field::Reader;
use super::job_head::{Mark as ScreenMark, title_of};
use super::paper_blocks::{lines, mark, section, table};
use super::section::{Editing, Source, Typed};
use super::session::SignedIn;
use super::signoff_card::{self, ChangedField};
use super::statistics_words::NOTHING;
use crate::paper::attached::{CONTENT, PROOF};
use crate::paper::{Attachment, Block, Column, Sheet, Signature, Tone};
use crate::read_model::beside::Beside;
use crate::read_model::jobs::JobRow;
use crate::read_model::signoffs::SignOffRow;
use crate::words::Words;

/// The drawn signature, as the template knows it.
const DRAWING: &str = "drawing.png";
/// Most bytes a drawing may have as pixels: a screen full, four times over.
const DRAWING_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 维修服务报告.
    Report,
    /// 维修计划书.
    Plan,
    /// 故障分析报告.
    Analysis,
}

impl Kind {
    /// The word in addresses and file names.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Plan => "plan",
            Self::Analysis => "analysis",
        }
    }

    /// What it is called.
    pub(crate) fn title(self, words: Words) -> String {
        match self {
            Self::Report => words.get("service-report"),
            Self::Plan => words.get("maintenance-plan"),
            Self::Analysis => words.get("purpose-analysis"),
        }
    }
}

/// What a document is about.
pub(crate) struct Subject {
    /// With moments that read the same on any day.
    pub(crate) reader: Reader,
    pub(crate) row: JobRow,
    /// As it is now.
    pub(crate) content: Json,
    /// What was signed; none for a draft.
    pub(crate) signed: Option<SignedVersion>,
}

/// A version that somebody signed.
pub(crate) struct SignedVersion {
    pub(crate) row: SignOffRow,
    pub(crate) beside: Beside,
    pub(crate) content: Json,
    /// The proof, as exported.
    pub(crate) file: Vec<u8>,
}

/// The document.
pub(crate) fn sheet(kind: Kind, signed_in: &SignedIn, subject: Subject) -> Sheet {
    let Subject { reader, row, content, signed } = subject;
    let words = reader.words;
    let organisation = match &signed {
        Some(signed) => &signed.row.receipt.organisation,
        None => &signed_in.organisation,
    };
    let at = signed.as_ref().map_or(row.updated_at, |signed| signed.row.statement.signed_at);
    let mut sheet = Sheet::new(words, organisation, kind.title(words), at);
    sheet.number.clone_from(&row.number);
    sheet.subject = title_of(&row.title, &row.number);
    let shown = signed.as_ref().map_or(&content, |signed| &signed.content);
    let (editing, typed) = (Editing::Nothing, Typed::default());
    let source = |content| Source {
        reader: &reader,
        kind: RecordKind::Job,
        content,
        disputed: &[],
        role: None,
        frozen: true,
        editing: &editing,
        typed: &typed,
    };
    match &signed {
        Some(signed) => signed_head(&mut sheet, &reader, &signed_in.visitor.origin, signed),
        None => draft_head(&mut sheet, &reader, at),
    }
    body(&mut sheet, kind, &source(shown));
    if let Some(signed) = &signed {
        signature(&mut sheet, &reader, signed);
        later(&mut sheet, &source(&content), signed_in.scope.user, signed);
        proof(&mut sheet, &reader, signed);
    }
    sheet
}

fn draft_head(sheet: &mut Sheet, reader: &Reader, at: i64) {
    let words = reader.words;
    let moment = [("moment", reader.moments.exact(at).into())];
    sheet.version = words.with("paper-draft", &moment);
    let word = words.get("paper-not-signed");
    sheet.mark = Some(mark(ScreenMark { icon: "", word, tone: "warn" }));
    let text = words.with("paper-draft-explained", &moment);
    sheet.blocks.push(Block::Note { tone: Tone::Warn, text });
}

fn signed_head(sheet: &mut Sheet, reader: &Reader, origin: &str, signed: &SignedVersion) {
    let words = reader.words;
    let statement = &signed.row.statement;
    let variables = [
        ("moment", reader.moments.exact(statement.signed_at).into()),
        ("seq", signed.row.receipt.seq.0.to_string().into()),
    ];
    sheet.version = words.with("paper-signed", &variables);
    sheet.mark = Some(mark(signoff_card::outcome_mark(words, statement.outcome)));
    if !origin.is_empty() {
        sheet.check = words.get("paper-check");
        let digest = super::verify::short_digest(&statement.content_digest);
        sheet.address = format!("{origin}/verify?signoff={}&digest={digest}", statement.signoff);
    }
    if !signed.beside.amended_by.is_empty() {
        let text = words.get("paper-amended-explained");
        sheet.blocks.push(Block::Note { tone: Tone::Warn, text });
    }
}

fn body(sheet: &mut Sheet, kind: Kind, source: &Source<'_>) {
    let words = source.reader.words;
    let fields = |prefix: &str| section(source.section(prefix, String::new()));
    let entries = |collection: &str, columns: &[&str]| {
        table(&source.table(collection, String::new()), columns)
    };
    sheet.part(words.get("section-intake"), intake(source));
    if kind == Kind::Plan {
        sheet.part(words.get("section-plan"), fields("plan"));
        sheet.part(words.get("plan-items"), entries("plan/items", &["text", "minutes", "risky"]));
        sheet.part(words.get("section-remote"), fields("remote"));
        return;
    }
    sheet.part(words.get("section-visit"), fields("visit"));
    if kind == Kind::Analysis {
        sheet.part(words.get("purpose-analysis"), analysis(source));
    } else {
        sheet.part(words.get("section-report"), fields("report"));
    }
    sheet.part(words.get("section-steps"), entries("steps", &STEPS));
    let columns = ["at", "action", "name", "model", "serial", "quantity"];
    sheet.part(words.get("section-parts"), entries("parts", &columns));
    if kind == Kind::Report {
        let columns = ["text", "done", "note"];
        sheet.part(words.get("section-checklist"), entries("checklist", &columns));
    }
    let columns = ["name", "purpose", "caption", "bytes", "sha256"];
    sheet.part(words.get("section-attachments"), entries("attachments", &columns));
}

const STEPS: [&str; 6] = ["at", "text", "by", "actor", "minutes", "risky"];

/// The call, without what the head of the document says, and what only the office files by.
fn intake(source: &Source<'_>) -> Vec<Block> {
    let mut intake = source.section("intake", String::new());
    let left_out = ["intake/title", "intake/dossier", "intake/source", "intake/follows"];
    intake.fields.retain(|field| !left_out.contains(&field.path.as_str()));
    section(intake)
}

/// What an analysis is about: what was found, why, and what follows from it.
fn analysis(source: &Source<'_>) -> Vec<Block> {
    let mut report = source.section("report", String::new());
    let about = |path: &str| {
        let wanted = ["symptom", "cause", "analysis", "treatment", "modifications", "advice"];
        wanted.iter().any(|name| path.strip_prefix("report/") == Some(name))
    };
    report.fields.retain(|field| about(&field.path));
    section(report)
}

fn signature(sheet: &mut Sheet, reader: &Reader, signed: &SignedVersion) {
    let words = reader.words;
    let statement = &signed.row.statement;
    let drawing = can_be_drawn(&signed.row.signed.drawing).then(|| DRAWING.to_owned());
    if drawing.is_some() {
        let bytes = signed.row.signed.drawing.clone();
        sheet.files.push(Attachment { name: DRAWING, description: None, bytes });
    }
    let block = Block::Signature(Signature {
        outcome: mark(signoff_card::outcome_mark(words, statement.outcome)),
        name: statement.signatory.name.clone(),
        position: statement.signatory.title.clone(),
        when: reader.moments.exact(statement.signed_at),
        drawing,
        no_drawing: words.get("paper-no-drawing"),
        said: lines(signoff_card::said(words, &signed.row)),
    });
    sheet.part(words.get("section-signoffs"), vec![block]);
}

/// A picture of a size that a phone draws. What is none is still part of the proof.
fn can_be_drawn(drawing: &[u8]) -> bool {
    let limits = png::Limits { bytes: DRAWING_BYTES_MAX };
    let decoder = png::Decoder::new_with_limits(std::io::Cursor::new(drawing), limits);
    let Ok(mut reader) = decoder.read_info() else { return false };
    let Some(size) = reader.output_buffer_size().filter(|size| *size <= DRAWING_BYTES_MAX) else {
        return false;
    };
    reader.next_frame(&mut vec![0; size]).is_ok()
}

/// What was written without knowing of the signature, what opened the report again, and what has
/// changed since.
fn later(sheet: &mut Sheet, now: &Source<'_>, me: UserId, signed: &SignedVersion) {
    let words = now.reader.words;
    let mut blocks = Vec::new();
    let late: Vec<_> = signed.beside.late_edits.iter().collect();
    if !late.is_empty() {
        let late = late.into_iter().map(|late| signoff_card::late_line(now, me, late));
        let rows = late.map(|line| {
            let by = format!("{}, {}", line.later.author, line.later.received_at);
            vec![line.label, said(line.signed), said(line.later.text), by]
        });
        let headings = ["paper-field", "signed-value", "later-value", "paper-by"];
        blocks.push(compared(headings.map(|id| words.get(id)), rows.collect()));
    }
    if !signed.beside.amended_by.is_empty() {
        let amendments = signed.beside.amended_by.iter();
        let amendments = amendments.map(|id| signoff_card::amendment(now, *id));
        let rows = amendments.map(|one| vec![one.when, one.reason, one.who]).collect();
        let headings = ["field-amendments-at", "field-amendments-reason", "field-amendments-by"];
        blocks.push(compared(headings.map(|id| words.get(id)), rows));
        let purpose = signed.row.statement.purpose;
        let changed = differences(&signed.content, now.content, |path| purpose.covers(path));
        let changed = signoff_card::changed_fields(now, changed);
        if !changed.is_empty() {
            let row = |one: ChangedField| vec![one.label, said(one.signed), said(one.other)];
            let headings = ["paper-field", "signed-value", "value-now"];
            let rows = changed.into_iter().map(row).collect();
            blocks.push(compared(headings.map(|id| words.get(id)), rows));
        }
    }
    if !blocks.is_empty() {
        let text = words.get("paper-later-explained");
        blocks.insert(0, Block::Note { tone: Tone::Warn, text });
    }
    sheet.part(words.get("paper-later"), blocks);
}

/// A value, or a sign that there is none.
fn said(text: String) -> String {
    if text.is_empty() { NOTHING.to_owned() } else { text }
}

fn compared<const COLUMNS: usize>(headings: [String; COLUMNS], rows: Vec<Vec<String>>) -> Block {
    let column = |label| Column { label, share: 1, number: false };
    Block::Table { columns: headings.map(column).into(), rows }
}

fn proof(sheet: &mut Sheet, reader: &Reader, signed: &SignedVersion) {
    let words = reader.words;
    let mut fields = lines(signoff_card::proof_lines(reader, &signed.row, ""));
    // Names and times first, then what is compared digit by digit.
    fields.sort_by_key(|field| field.figures);
    let text = words.get("paper-proof-explained");
    let explained = Block::Note { tone: Tone::Good, text };
    sheet.part(words.get("paper-proof"), vec![explained, Block::Fields { fields }]);
    let file =
        |name, about: &str, bytes| Attachment { name, description: Some(words.get(about)), bytes };
    debug_assert_eq!(content_digest(&signed.content), signed.row.statement.content_digest);
    sheet.files.push(file(CONTENT, "paper-attached-content", canonical(&signed.content)));
    sheet.files.push(file(PROOF, "paper-attached-proof", signed.file.clone()));
}
