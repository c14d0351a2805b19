//! A sign-off as a page shows it: who, what they said, and everything that proves it.
//!
//! "Valid" is said only after the exported proof itself was verified, byte for byte, at this
//! very request; nothing stored is believed. What differs from the signed version by now is
//! listed field by field, because a later merge must never pass for what was signed.

use docket_protocol::ids::RecordId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{FieldRule, rule_of};
use docket_protocol::signoff::{Outcome, Proof, ProofError, hex_digest, verify_proof};
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value as Json;

use super::field::Reader;
use super::job_head::Mark;
use crate::auth::scope::Scope;
use crate::keys::Keys;
use crate::proof;
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

/// A field that is no longer what was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChangedField {
    pub(crate) label: String,
    pub(crate) signed: String,
    pub(crate) now: String,
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
    pub(crate) changed: Vec<ChangedField>,
    pub(crate) proof: Vec<Line>,
}

/// A sign-off with its verified proof, before it is put into words.
pub(crate) struct CheckedSignOff {
    id: String,
    proof: Result<Proof, ProofError>,
    row: SignOffRow,
    device_name: String,
}

/// Exports the proof of one sign-off and verifies the export.
pub(crate) fn check(
    sql: &Connection,
    scope: &Scope,
    keys: &Keys,
    record: RecordId,
    row: SignOffRow,
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
    Ok(CheckedSignOff { id: row.signoff.to_string(), proof, row, device_name })
}

/// Puts a checked sign-off into words; `content` is the record as it is now.
pub(crate) fn card(reader: &Reader, checked: CheckedSignOff, content: &Json) -> SignOffCard {
    let words = reader.words;
    let CheckedSignOff { id, proof, row, device_name } = checked;
    let statement = &row.statement;
    let changed = proof.as_ref().map(|proof| changed_fields(reader, &proof.content, content));
    SignOffCard {
        id,
        purpose: words.of("purpose", purpose_word(statement.purpose)),
        outcome: outcome_mark(words, statement.outcome),
        valid: valid_mark(words, proof.as_ref().err().copied()),
        name: statement.signatory.name.clone(),
        position: statement.signatory.title.clone(),
        said: said(words, &row),
        changed: changed.unwrap_or_default(),
        proof: proof_lines(reader, &row, &device_name),
    }
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

fn said(words: Words, row: &SignOffRow) -> Vec<Line> {
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

fn proof_lines(reader: &Reader, row: &SignOffRow, device_name: &str) -> Vec<Line> {
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

/// Locked fields whose value is not the signed one any more.
fn changed_fields(reader: &Reader, signed: &Json, now: &Json) -> Vec<ChangedField> {
    let (before, after) = (leaves(signed), leaves(now));
    let mut paths: Vec<&Path> = before.iter().chain(&after).map(|(path, _)| path).collect();
    paths.sort_unstable();
    paths.dedup();
    let value = |leaves: &[(Path, Json)], path: &Path| {
        let found = leaves.iter().find(|(one, _)| one == path);
        found.map_or(Json::Null, |(_, value)| value.clone())
    };
    let changed = paths.into_iter().filter_map(|path| {
        let rule: &FieldRule = rule_of(RecordKind::Job, path).filter(|rule| rule.locked)?;
        let (signed, now) = (value(&before, path), value(&after, path));
        (signed != now).then(|| ChangedField {
            label: reader.words.field(path),
            signed: reader.display(rule, &signed),
            now: reader.display(rule, &now),
        })
    });
    // A field that was empty and is "no" now, or the other way round, has not changed.
    changed.filter(|change| change.signed != change.now).collect()
}

/// Every value with its path. Empty text reads like nothing, as it does in a form.
fn leaves(content: &Json) -> Vec<(Path, Json)> {
    fn walk(value: &Json, path: &Path, found: &mut Vec<(Path, Json)>) {
        match value {
            Json::Object(fields) => {
                fields.iter().for_each(|(key, value)| walk(value, &path.child(key), found));
            }
            Json::Null | Json::Bool(false) => {}
            Json::String(text) if text.is_empty() => {}
            value => found.push((path.clone(), value.clone())),
        }
    }
    let mut found = Vec::new();
    walk(content, &Path::default(), &mut found);
    found
}
