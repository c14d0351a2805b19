//! Who wrote what, when, and on which phone: a record's changes in the order they arrived.
//!
//! What a change did is read from its operations; who made it is the log's word, which no
//! document can forge. One change is one entry, with a line per field.

use std::collections::BTreeMap;
use std::sync::Arc;

use automerge::{Automerge, ObjType, ReadDoc, ScalarValue};
use docket_protocol::ids::UserId;
use docket_protocol::ops::{Effect, LocatedOp, locate};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{ValueRule, rule_of};
use docket_protocol::record::value::FieldValue;
use docket_protocol::signoff::Signed;
use serde_json::Value as Json;

use super::field::{Reader, value_at};
use crate::held::inbox::DecisionEntry;
use crate::timeline::TimelineEntry;
use crate::words::Words;

/// Text quoted from a change, in characters; the rest is in the record.
const QUOTE_CHARS_MAX: usize = 90;

/// One change.
#[derive(Debug, Clone)]
pub(crate) struct HistoryEntry {
    /// Positions in the log: `#219`, `#212–219`.
    pub(crate) seq: String,
    pub(crate) author: String,
    pub(crate) device: String,
    pub(crate) device_icon: &'static str,
    pub(crate) when: String,
    pub(crate) lines: Vec<String>,
    /// The last of its positions, by which the list is ordered.
    last_seq: i64,
}

/// Changes of one hand this close together are one entry: a form saves field by field.
const TOGETHER_MS: i64 = 90_000;

/// The changes in words, latest first as the log gives them.
pub(crate) fn entries(
    reader: &Reader,
    doc: &Automerge,
    kind: RecordKind,
    content: &Json,
    changes: Vec<TimelineEntry>,
) -> Vec<HistoryEntry> {
    let teller = Teller { reader, kind, content, signatories: signatories(doc) };
    let lines = |change: &TimelineEntry| {
        let made = doc.get_change_by_hash(&change.change.into());
        let ops = made.and_then(|made| locate(doc, &made.decode()).ok()).unwrap_or_default();
        teller.lines(&ops)
    };
    // The log gives the latest first; a group is read in the order it was written.
    let mut groups: Vec<Vec<TimelineEntry>> = Vec::new();
    for change in changes {
        match groups.last_mut() {
            Some(group) if belongs(group, &change) => group.insert(0, change),
            _ => groups.push(vec![change]),
        }
    }
    groups.iter().filter_map(|group| entry(reader, group, &lines)).collect()
}

/// What operations do, in words: for work that is not in the record yet.
pub(crate) fn told(
    reader: &Reader,
    doc: &Automerge,
    kind: RecordKind,
    content: &Json,
    ops: &[LocatedOp],
) -> Vec<String> {
    Teller { reader, kind, content, signatories: signatories(doc) }.lines(ops)
}

/// Puts the decisions on held work where they belong among the changes, latest first.
pub(crate) fn with_decisions(
    reader: &Reader,
    mut entries: Vec<HistoryEntry>,
    decisions: Vec<DecisionEntry>,
) -> Vec<HistoryEntry> {
    entries.extend(decisions.into_iter().map(|decision| decided(reader, decision)));
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.last_seq));
    entries
}

fn decided(reader: &Reader, decision: DecisionEntry) -> HistoryEntry {
    let words = reader.words;
    let variables = [("name", decision.author.into()), ("count", decision.changes.into())];
    let accepted = decision.accepted;
    let id = if accepted { "history-held-accepted" } else { "history-held-set-aside" };
    let mut lines = vec![words.with(id, &variables)];
    lines.extend(Some(decision.note).filter(|note| !note.is_empty()));
    HistoryEntry {
        seq: format!("#{}", decision.seq),
        author: decision.by,
        device: words.get("at-the-desk"),
        device_icon: "desk",
        when: reader.moments.exact(decision.at),
        lines,
        last_seq: decision.seq,
    }
}

fn belongs(group: &[TimelineEntry], earlier: &TimelineEntry) -> bool {
    group.first().is_some_and(|later| {
        (&later.author, &later.device) == (&earlier.author, &earlier.device)
            && (later.written_at - earlier.written_at).abs() <= TOGETHER_MS
            && later.received_at - earlier.received_at <= TOGETHER_MS
    })
}

fn entry(
    reader: &Reader,
    group: &[TimelineEntry],
    lines: &impl Fn(&TimelineEntry) -> Vec<String>,
) -> Option<HistoryEntry> {
    let (first, last) = (group.first()?, group.last()?);
    let (words, at_desk) = (reader.words, last.device.is_empty());
    let arrived = reader.moments.exact(last.received_at);
    let when = if at_desk {
        arrived
    } else {
        let written = reader.moments.exact(last.written_at);
        let day = written.split(' ').next().unwrap_or_default();
        let arrived = arrived.strip_prefix(day).map_or(arrived.as_str(), str::trim);
        format!("{} {written} · {} {arrived}", words.get("device-time"), words.get("server-time"))
    };
    Some(HistoryEntry {
        seq: match first.seq {
            seq if seq == last.seq => format!("#{seq}"),
            seq => format!("#{seq}–{}", last.seq),
        },
        author: match last.author.as_str() {
            "" => words.get("at-setup"),
            author => author.to_owned(),
        },
        device_icon: if at_desk { "desk" } else { "phone" },
        device: if at_desk { words.get("at-the-desk") } else { last.device.clone() },
        when,
        lines: group.iter().flat_map(lines).collect(),
        last_seq: last.seq,
    })
}

fn signatories(doc: &Automerge) -> BTreeMap<String, (String, &'static str)> {
    Signed::all_in(doc)
        .into_iter()
        .filter_map(|(id, signed)| {
            let statement = signed.verify().ok()?;
            let purpose = crate::read_model::signoffs::purpose_word(statement.purpose);
            Some((id.to_string(), (statement.signatory.name, purpose)))
        })
        .collect()
}

struct Teller<'a> {
    reader: &'a Reader,
    kind: RecordKind,
    content: &'a Json,
    signatories: BTreeMap<String, (String, &'static str)>,
}

impl Teller<'_> {
    fn lines(&self, ops: &[LocatedOp]) -> Vec<String> {
        let words = self.words();
        let opens = ops.iter().any(|op| op.path.as_str() == "kind");
        let made = entries_made(ops);
        let mut lines = Vec::new();
        if opens {
            let job = self.kind == RecordKind::Job;
            lines.push(words.get(if job { "history-opened" } else { "history-opened-record" }));
        }
        for entry in &made {
            lines.extend(self.added(entry, ops));
        }
        let inside =
            |path: &Path| made.iter().any(|entry| path.as_str().starts_with(&format!("{entry}/")));
        for (path, written) in written(ops) {
            // What a record is born with stands in its sections; the history names the birth.
            if !opens && !inside(&path) {
                lines.extend(self.wrote(&path, &written));
            }
        }
        if lines.is_empty() {
            lines.push(words.get("history-nothing"));
        }
        lines
    }

    fn added(&self, entry: &Path, ops: &[LocatedOp]) -> Option<String> {
        let (collection, id) = entry.split_last()?;
        if collection.as_str() == "signoffs" {
            let (name, purpose) = self.signatories.get(id)?;
            let purpose = self.words().of("purpose", purpose);
            let variables = [("purpose", purpose.into()), ("name", name.as_str().into())];
            return Some(self.words().with("history-signed", &variables));
        }
        if collection.as_str() == "amendments" {
            let reason = text_of(ops, &entry.child("reason"))?;
            return Some(
                self.words().with("history-amended", &[("reason", quote(&reason).into())]),
            );
        }
        let what = match collection.as_str() {
            "checklist" => self.words().get("field-checklist-text"),
            "plan/items" => self.words().get("field-plan-items-text"),
            "steps" => self.words().get("step"),
            "parts" => self.words().get("part"),
            "sites" => self.words().get("field-sites-name"),
            "contacts" => self.words().get("section-contacts"),
            _ => self.words().get("field-equipment-name"),
        };
        let named =
            ["text", "name"].into_iter().find_map(|field| text_of(ops, &entry.child(field)));
        Some(match named.filter(|text| !text.is_empty()) {
            Some(text) => {
                let variables = [("what", what.into()), ("text", quote(&text).into())];
                self.words().with("history-added-text", &variables)
            }
            None => self.words().with("history-added", &[("what", what.into())]),
        })
    }

    fn wrote(&self, path: &Path, written: &Written) -> Option<String> {
        let words = self.words();
        let pattern = path.pattern();
        if let Some(user) = path.as_str().strip_prefix("assignment/helpers/") {
            let on = *written == Written::Value(FieldValue::Bool(true));
            let name = [("name", self.reader.person(user).into())];
            let id = if on { "history-helper-on" } else { "history-helper-off" };
            return Some(words.with(id, &name));
        }
        match (pattern.as_str(), written) {
            // Said by the lead and by the tick.
            ("assignment/assigned_at" | "checklist/*/done_at" | "checklist/*/done_by", _) => None,
            ("assignment/lead", Written::Value(FieldValue::Text(user))) => {
                let name = [("name", self.reader.person(user).into())];
                Some(words.with("history-assigned", &name))
            }
            ("checklist/*/done", Written::Value(FieldValue::Bool(done))) => {
                let (entry, _) = path.split_last()?;
                let text = value_at(self.content, &entry.child("text"));
                let text = [("text", quote(text.as_str().unwrap_or_default()).into())];
                let id = if *done { "history-ticked" } else { "history-unticked" };
                Some(words.with(id, &text))
            }
            _ => Some(self.field(path, written)),
        }
    }

    fn field(&self, path: &Path, written: &Written) -> String {
        let words = self.words();
        let field = ("field", words.field(path).into());
        match written {
            Written::Value(FieldValue::Nothing) => words.with("history-emptied", &[field]),
            Written::Value(value) => {
                let json = serde_json::to_value(value).unwrap_or_default();
                let rule = rule_of(self.kind, path);
                let shown = rule.map_or_else(String::new, |rule| self.reader.display(rule, &json));
                words.with("history-set", &[field, ("value", quote(&shown).into())])
            }
            Written::Typed(text) if text.trim().is_empty() => {
                words.with("history-rewrote", &[field])
            }
            Written::Typed(text) => {
                words.with("history-wrote", &[field, ("text", quote(text).into())])
            }
        }
    }

    fn words(&self) -> Words {
        self.reader.words
    }
}

/// What a change left in one field.
#[derive(Debug, Clone, PartialEq)]
enum Written {
    Value(FieldValue),
    /// The letters typed into prose, without those taken out.
    Typed(String),
}

/// The text a change left in one field.
fn text_of(ops: &[LocatedOp], path: &Path) -> Option<String> {
    match written(ops).into_iter().find(|(one, _)| **one == *path)?.1 {
        Written::Value(FieldValue::Text(text)) | Written::Typed(text) => Some(text),
        Written::Value(_) => None,
    }
}

fn entries_made(ops: &[LocatedOp]) -> Vec<Path> {
    let made = ops.iter().filter(|op| {
        op.effect == Effect::Make(ObjType::Map)
            && op.path.split_last().is_some_and(|(_, key)| key.parse::<UserId>().is_ok())
    });
    made.map(|op| Path::clone(&op.path)).collect()
}

/// The fields a change wrote, in its order, each with its last value.
fn written(ops: &[LocatedOp]) -> Vec<(Arc<Path>, Written)> {
    let mut found: Vec<(Arc<Path>, Written)> = Vec::new();
    for op in ops {
        let at = found.iter().position(|(path, _)| *path == op.path);
        match &op.effect {
            Effect::Put(ScalarValue::Bytes(_)) | Effect::Make(_) | Effect::Foreign => {}
            Effect::Put(value) => {
                let value = Written::Value(FieldValue::from_scalar(value));
                match at {
                    Some(at) => found[at].1 = value,
                    None => found.push((op.path.clone(), value)),
                }
            }
            Effect::Insert(letters) => match at {
                Some(at) => {
                    if let Written::Typed(text) = &mut found[at].1 {
                        text.push_str(letters);
                    }
                }
                None => found.push((op.path.clone(), Written::Typed(letters.to_string()))),
            },
            Effect::Remove if at.is_none() => {
                found.push((op.path.clone(), Written::Typed(String::new())));
            }
            Effect::Remove => {}
            Effect::Delete => found.push((op.path.clone(), Written::Value(FieldValue::Nothing))),
        }
    }
    found.retain(|(path, _)| {
        rule_of_any(path).is_some_and(|rule| !matches!(rule, ValueRule::Bytes { .. }))
    });
    found
}

fn rule_of_any(path: &Path) -> Option<ValueRule> {
    RecordKind::ALL.into_iter().find_map(|kind| rule_of(kind, path)).map(|rule| rule.value)
}

fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= QUOTE_CHARS_MAX {
        return line;
    }
    line.chars().take(QUOTE_CHARS_MAX - 1).chain(['…']).collect()
}
