//! A sign-off as a page shows it: who, what they said, and everything that proves it.
//!
//! "Valid" is said only after the exported proof itself was verified, byte for byte, at this
//! very request; nothing stored is believed. What others wrote beside the signed version is
//! listed field by field, because a later merge must never pass for what was signed; so is what
//! an amendment changed, and how two signed versions differ.

use std::collections::BTreeMap;

use docket_protocol::amendment::AMENDMENTS;
use docket_protocol::ids::{ItemId, RecordId, UserId};
use docket_protocol::record::compare::{Difference, differences};
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_protocol::signoff::{Outcome, Proof, ProofError, hex_digest, verify_proof};
use rusqlite::{Connection, OptionalExtension};

use super::conflict_card::{ValueLine, line, text};
use super::field::{Reader, value_at};
use super::job_head::Mark;
use super::section::Source;
use crate::auth::scope::Scope;
use crate::keys::Keys;
use crate::proof;
use crate::read_model::beside::{Beside, LateRow};
use crate::read_model::signoffs::{SignOffRow, outcome_word, purpose_word};
use crate::words::Words;

/// A label and what stands beside it.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) label: String,
    pub(crate) text: String,
    /// Digests and keys are set in figures.
    pub(crate) figures: bool,
}

/// A field that does not read the same in two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChangedField {
    pub(crate) label: String,
    pub(crate) signed: String,
    pub(crate) other: String,
}

/// A field that somebody wrote without knowing of the sign-off.
#[derive(Debug, Clone)]
pub(crate) struct LateLine {
    pub(crate) label: String,
    pub(crate) signed: String,
    pub(crate) later: ValueLine,
    /// Whether it arrived before or after the sign-off.
    pub(crate) arrival: String,
}

/// Why it binds no longer.
#[derive(Debug, Clone)]
pub(crate) struct AmendmentLine {
    pub(crate) reason: String,
    pub(crate) who: String,
    pub(crate) when: String,
}

/// Another signed version that reads differently.
#[derive(Debug, Clone)]
pub(crate) struct OtherCard {
    pub(crate) heading: String,
    pub(crate) fields: Vec<ChangedField>,
}

/// One sign-off.
#[derive(Debug, Clone)]
pub(crate) struct SignOffCard {
    pub(crate) id: String,
    pub(crate) purpose: String,
    pub(crate) outcome: Mark,
    pub(crate) valid: Mark,
    pub(crate) name: String,
    pub(crate) position: String,
    /// What the customer said.
    pub(crate) said: Vec<Line>,
    pub(crate) late: Vec<LateLine>,
    /// Set once it binds no longer.
    pub(crate) amended: Option<Mark>,
    pub(crate) amendments: Vec<AmendmentLine>,
    /// What has changed since then.
    pub(crate) changed: Vec<ChangedField>,
    pub(crate) others: Vec<OtherCard>,
    pub(crate) proof: Vec<Line>,
}

/// A sign-off with its verified proof, before it is put into words.
pub(crate) struct CheckedSignOff {
    id: String,
    proof: Result<Proof, ProofError>,
    row: SignOffRow,
    beside: Beside,
    device_name: String,
}

impl CheckedSignOff {
    /// Whether an amendment can name it.
    pub(crate) fn binds(&self) -> bool {
        self.beside.binds
    }

    /// What others wrote beside it, if it still binds.
    pub(crate) fn late_edits(&self) -> usize {
        if self.beside.binds { self.beside.late_edits.len() } else { 0 }
    }
}

/// Exports the proof of one sign-off and verifies the export.
pub(crate) fn check(
    sql: &Connection,
    scope: &Scope,
    keys: &Keys,
    record: RecordId,
    (row, beside): (SignOffRow, Beside),
) -> rusqlite::Result<CheckedSignOff> {
    let exported = proof::export(sql, scope, keys, record, row.signoff);
    let proof = match exported {
        Ok(file) => verify_proof(&file),
        Err(_) => Err(ProofError::Content),
    };
    let device_name = sql
        .prepare_cached("select name from devices where id = ?1")?
        .query_row([row.receipt.device.0], |row| row.get(0))
        .optional()?;
    let device_name = device_name.unwrap_or_default();
    Ok(CheckedSignOff { id: row.signoff.to_string(), proof, row, beside, device_name })
}

/// Puts the checked sign-offs of a job into words.
pub(crate) fn cards(
    source: &Source<'_>,
    me: UserId,
    checked: Vec<CheckedSignOff>,
) -> Vec<SignOffCard> {
    let moments = &source.reader.moments;
    let headings: BTreeMap<ItemId, String> = checked
        .iter()
        .map(|one| {
            let said = &one.row.statement;
            let name = [("name", said.signatory.name.as_str().into())];
            let who = source.reader.words.with("signoff-other-version", &name);
            (one.row.signoff, format!("{who} · {}", moments.exact(said.signed_at)))
        })
        .collect();
    checked.into_iter().map(|one| card(source, me, one, &headings)).collect()
}

fn card(
    source: &Source<'_>,
    me: UserId,
    checked: CheckedSignOff,
    headings: &BTreeMap<ItemId, String>,
) -> SignOffCard {
    let words = source.reader.words;
    let CheckedSignOff { id, proof, row, beside, device_name } = checked;
    let statement = &row.statement;
    let is_amended = !beside.amended_by.is_empty();
    let changed = proof.as_ref().ok().filter(|_| is_amended).map(|proof| {
        let purpose = statement.purpose;
        changed_fields(
            source,
            differences(&proof.content, source.content, |path| purpose.covers(path)),
        )
    });
    let others = beside.other_versions.into_iter().map(|other| OtherCard {
        heading: headings.get(&other.signoff).cloned().unwrap_or_default(),
        fields: changed_fields(source, other.fields),
    });
    SignOffCard {
        id,
        purpose: words.of("purpose", purpose_word(statement.purpose)),
        outcome: outcome_mark(words, statement.outcome),
        valid: valid_mark(words, proof.as_ref().err().copied()),
        name: statement.signatory.name.clone(),
        position: statement.signatory.title.clone(),
        said: said(words, &row),
        late: beside.late_edits.iter().map(|late| late_line(source, me, late)).collect(),
        amended: is_amended.then(|| Mark {
            icon: "edit",
            tone: "warn",
            word: words.get("signoff-amended"),
        }),
        amendments: beside.amended_by.iter().map(|id| amendment(source, *id)).collect(),
        changed: changed.unwrap_or_default(),
        others: others.collect(),
        proof: proof_lines(source.reader, &row, &device_name),
    }
}

pub(crate) fn amendment(source: &Source<'_>, id: ItemId) -> AmendmentLine {
    let entry = Path::new(AMENDMENTS).child(id);
    let field = |name: &str| {
        let path = entry.child(name);
        text(source, &path, &FieldValue::from(value_at(source.content, &path).clone()))
    };
    AmendmentLine { reason: field("reason"), who: field("by"), when: field("at") }
}

pub(crate) fn late_line(source: &Source<'_>, me: UserId, late: &LateRow) -> LateLine {
    let words = source.reader.words;
    let path = Path::new(late.path.clone());
    LateLine {
        label: words.field(&path),
        signed: text(source, &path, &late.signed),
        later: line(source, me, &path, &late.later),
        arrival: words.get(if late.arrived_before { "late-before" } else { "late-after" }),
    }
}

pub(crate) fn changed_fields(
    source: &Source<'_>,
    differences: Vec<Difference>,
) -> Vec<ChangedField> {
    let field = |one: Difference| ChangedField {
        label: source.reader.words.field(&one.path),
        signed: text(source, &one.path, &one.before),
        other: text(source, &one.path, &one.after),
    };
    differences.into_iter().map(field).collect()
}

/// What the customer said, as icon and word.
pub(crate) fn outcome_mark(words: Words, outcome: Outcome) -> Mark {
    let (icon, tone) = match outcome {
        Outcome::Accepted => ("sign", "good"),
        Outcome::AcceptedWithReservations => ("sign", "warn"),
        Outcome::Refused => ("refused", "alarm"),
    };
    Mark { icon, tone, word: words.of("signoff", outcome_word(outcome)) }
}

fn valid_mark(words: Words, error: Option<ProofError>) -> Mark {
    match error {
        None => Mark { icon: "check", tone: "good", word: words.get("signoff-valid") },
        Some(_) => Mark { icon: "warning", tone: "alarm", word: words.get("signoff-invalid") },
    }
}

pub(crate) fn said(words: Words, row: &SignOffRow) -> Vec<Line> {
    let statement = &row.statement;
    let satisfaction = statement.satisfaction.map(|stars| {
        let word = words.of("satisfaction", &stars.to_string());
        let stars = usize::from(stars);
        format!("{}{} {word}", "★".repeat(stars), "☆".repeat(5_usize.saturating_sub(stars)))
    });
    let line = |label: &str, text: &str| Line {
        label: words.of("field-signoff", label),
        text: text.to_owned(),
        figures: false,
    };
    [
        line("reservations", &statement.reservations),
        line("deputy-reason", &statement.signatory.deputy_reason),
        line("satisfaction", &satisfaction.unwrap_or_default()),
        line("remarks", &statement.remarks),
    ]
    .into_iter()
    .filter(|line| !line.text.is_empty())
    .collect()
}

pub(crate) fn proof_lines(reader: &Reader, row: &SignOffRow, device_name: &str) -> Vec<Line> {
    let words = reader.words;
    let (statement, receipt) = (&row.statement, &row.receipt);
    let plain = |label: String, text: String| Line { label, text, figures: false };
    let figures = |label: String, text: &str| Line { label, text: grouped(text), figures: true };
    let heads: Vec<_> = statement.heads.iter().map(ToString::to_string).collect();
    vec![
        plain(words.get("proof-engineer"), receipt.engineer_name.clone()),
        plain(words.get("proof-device"), device_name.to_owned()),
        plain(words.get("proof-signed-at"), reader.moments.exact(statement.signed_at)),
        plain(words.get("proof-received-at"), reader.moments.exact(receipt.received_at)),
        figures(words.get("field-signoff-digest"), &statement.content_digest),
        figures(words.get("proof-version"), &heads.join(" ")),
        figures(words.get("proof-device-key"), &fingerprint(&statement.device_key)),
        plain(words.get("proof-seq"), format!("#{}", receipt.seq.0)),
        figures(words.get("proof-chain"), &receipt.chain),
    ]
}

/// Short enough to be read aloud: the first 16 bytes of the key's SHA-256.
pub(crate) fn fingerprint(key_hex: &str) -> String {
    let key = data_encoding::HEXLOWER.decode(key_hex.as_bytes()).unwrap_or_default();
    hex_digest(&key)[..32].to_owned()
}

/// Digits in groups of eight, which break across lines and can be compared by eye.
pub(crate) fn grouped(hex: &str) -> String {
    let words = hex.split(' ').map(|word| {
        let letters: Vec<char> = word.chars().collect();
        let groups: Vec<String> = letters.chunks(8).map(|group| group.iter().collect()).collect();
        groups.join(" ")
    });
    words.collect::<Vec<_>>().join(" · ")
}
