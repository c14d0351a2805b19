//! What two people wrote at once: every value with its author, both clocks and its device, and
//! the ways to settle it: choose one, keep both in one line, write a third.
//!
//! A field that a rule settles (done beats open, the more severe counts) is shown apart: nobody
//! has to decide there, but nothing is hidden either. What a person has settled stays on the
//! page too, with every value there was.

use docket_protocol::ids::UserId;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{ValueRule, rule_of};
use docket_protocol::record::value::FieldValue;

use super::section::Source;
use crate::read_model::conflicts::{AuthoredValue, ConflictRow, SettlementRow};

/// One field.
#[derive(Debug, Clone)]
pub(crate) struct ConflictCard {
    pub(crate) path: String,
    pub(crate) label: String,
    pub(crate) rule: String,
    pub(crate) values: Vec<ValueLine>,
    pub(crate) may_choose: bool,
    /// For a line of text: both values in one, to start a third from.
    pub(crate) both: Option<String>,
    /// The customer has signed this field.
    pub(crate) locked: bool,
    /// What a person wrote instead; none while it is open.
    pub(crate) settled: Option<ValueLine>,
}

/// One value.
#[derive(Debug, Clone)]
pub(crate) struct ValueLine {
    pub(crate) text: String,
    pub(crate) author: String,
    pub(crate) device: String,
    pub(crate) device_icon: &'static str,
    /// The phone's clock; at the desk there is only one.
    pub(crate) written_at: String,
    pub(crate) received_at: String,
    pub(crate) change: String,
    pub(crate) chosen: bool,
    /// Whether the reader wrote it.
    pub(crate) mine: bool,
}

/// The conflicts that wait for a person, and those that a rule settled.
pub(crate) fn cards(
    source: &Source<'_>,
    me: UserId,
    conflicts: Vec<ConflictRow>,
) -> (Vec<ConflictCard>, Vec<ConflictCard>) {
    let (open, settled): (Vec<_>, Vec<_>) = conflicts.into_iter().partition(|one| one.open);
    let card = |conflict| open_card(source, me, conflict);
    (open.into_iter().map(card).collect(), settled.into_iter().map(card).collect())
}

/// The conflicts that people settled, latest first.
pub(crate) fn memory(
    source: &Source<'_>,
    me: UserId,
    settlements: Vec<SettlementRow>,
) -> Vec<ConflictCard> {
    let card = |row: SettlementRow| {
        let path = Path::new(row.path);
        let settled = line(source, me, &path, &row.settled);
        ConflictCard { settled: Some(settled), ..card(source, me, &path, &row.rule, &row.values) }
    };
    settlements.into_iter().map(card).collect()
}

fn open_card(source: &Source<'_>, me: UserId, conflict: ConflictRow) -> ConflictCard {
    let path = Path::new(conflict.path);
    let card = card(source, me, &path, &conflict.rule, &conflict.values);
    let rule = rule_of(source.kind, &path);
    let may_choose = rule.is_some_and(|rule| source.may_set(rule));
    let both = rule.filter(|rule| may_choose && rule.value == ValueRule::Line).and_then(|rule| {
        let texts: Vec<_> = card.values.iter().map(|value| value.text.as_str()).collect();
        let both = texts.join(" / ");
        rule.accepts(&both.as_str().into()).then_some(both)
    });
    let locked = source.frozen && rule.is_some_and(|rule| rule.locked);
    ConflictCard { may_choose, both, locked, ..card }
}

fn card(
    source: &Source<'_>,
    me: UserId,
    path: &Path,
    rule: &str,
    values: &[AuthoredValue],
) -> ConflictCard {
    let words = source.reader.words;
    ConflictCard {
        path: path.to_string(),
        label: words.field(path),
        rule: words.of("rule", rule),
        values: values.iter().map(|value| line(source, me, path, value)).collect(),
        may_choose: false,
        both: None,
        locked: false,
        settled: None,
    }
}

/// One value in words; also how late edits are shown.
pub(super) fn line(
    source: &Source<'_>,
    me: UserId,
    path: &Path,
    value: &AuthoredValue,
) -> ValueLine {
    let reader = source.reader;
    ValueLine {
        text: text(source, path, &value.value),
        author: value.user_name.clone(),
        device_icon: if value.device.is_some() { "phone" } else { "desk" },
        device: match value.device {
            Some(_) => value.device_name.clone(),
            None => reader.words.get("at-the-desk"),
        },
        written_at: match value.device {
            Some(_) => reader.moments.exact(value.written_at),
            None => String::new(),
        },
        received_at: reader.moments.exact(value.received_at),
        change: value.change.to_string(),
        chosen: value.chosen,
        mine: value.user == Some(me),
    }
}

/// A field's value in words.
pub(super) fn text(source: &Source<'_>, path: &Path, value: &FieldValue) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    let rule = rule_of(source.kind, path);
    rule.map_or_else(String::new, |rule| source.reader.display(rule, &json))
}
