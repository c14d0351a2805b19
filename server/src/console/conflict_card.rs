//! What two people wrote at once: every value with its author, both clocks and its device, and
//! the way to choose another one.
//!
//! A field that a rule settles (done beats open, the more severe counts) is shown apart: nobody
//! has to decide there, but nothing is hidden either.

use docket_protocol::record::path::Path;
use docket_protocol::record::rules::rule_of;

use super::section::Source;
use crate::read_model::conflicts::{AuthoredValue, ConflictRow};

/// One field.
#[derive(Debug, Clone)]
pub(crate) struct ConflictCard {
    pub(crate) path: String,
    pub(crate) label: String,
    pub(crate) rule: String,
    pub(crate) values: Vec<ValueLine>,
    pub(crate) may_choose: bool,
    /// The customer has signed this field.
    pub(crate) locked: bool,
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
}

/// The conflicts that wait for a person, and those that a rule settled.
pub(crate) fn cards(
    source: &Source<'_>,
    conflicts: Vec<ConflictRow>,
) -> (Vec<ConflictCard>, Vec<ConflictCard>) {
    let (open, settled): (Vec<_>, Vec<_>) = conflicts.into_iter().partition(|one| one.open);
    let card = |conflict| card(source, conflict);
    (open.into_iter().map(card).collect(), settled.into_iter().map(card).collect())
}

fn card(source: &Source<'_>, conflict: ConflictRow) -> ConflictCard {
    let words = source.reader.words;
    let path = Path::new(conflict.path.clone());
    let rule = rule_of(source.kind, &path);
    ConflictCard {
        label: words.field(&path),
        rule: words.of("rule", &conflict.rule),
        values: conflict.values.iter().map(|value| line(source, &path, value)).collect(),
        may_choose: rule.is_some_and(|rule| source.may_set(rule)),
        locked: source.frozen && rule.is_some_and(|rule| rule.locked),
        path: conflict.path,
    }
}

fn line(source: &Source<'_>, path: &Path, value: &AuthoredValue) -> ValueLine {
    let reader = source.reader;
    let json = serde_json::to_value(&value.value).unwrap_or_default();
    let rule = rule_of(source.kind, path);
    ValueLine {
        text: rule.map_or_else(String::new, |rule| reader.display(rule, &json)),
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
    }
}
