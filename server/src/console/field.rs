//! One field of a record, as a page shows it and as a form asks for it.
//!
//! Everything follows from the field's row in the one table of rules: the control, the check,
//! the words. A new row in that table needs no line here. Used by sections and tables.

use std::collections::BTreeMap;

use docket_protocol::ids::UserId;
use docket_protocol::number::job_number;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{FieldRule, ValueRule};
use docket_protocol::record::value::FieldValue;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::moments::Moments;
use crate::words::Words;

/// What is needed to put values into words.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    pub(crate) words: Words,
    pub(crate) moments: Moments,
    /// Names of everybody in the organisation.
    pub(crate) people: BTreeMap<UserId, String>,
    /// Names of the customers, by record id.
    pub(crate) dossiers: BTreeMap<String, String>,
    /// What stands for a person who is not among them.
    pub(crate) unknown_person: String,
    /// People a job can be given to.
    pub(crate) engineers: Vec<(UserId, String)>,
}

/// A field on a page.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) path: String,
    pub(crate) label: String,
    /// Empty when nothing is written.
    pub(crate) text: String,
    pub(crate) prose: bool,
    /// Whether two people wrote different things here.
    pub(crate) disputed: bool,
}

/// A field in a form.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    pub(crate) path: String,
    pub(crate) label: String,
    pub(crate) kind: ControlKind,
    /// What the record holds, in the control's own spelling; sent along, so that a field nobody
    /// touched is not written back over what a phone has changed meanwhile.
    pub(crate) was: String,
    /// What stands in the control.
    pub(crate) value: String,
    pub(crate) wrong: bool,
}

/// How it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ControlKind {
    Line,
    Phone,
    Prose,
    Count { max: i64 },
    Time,
    TimeOfDay,
    Date,
    Tick,
    Select(Vec<Choice>),
}

/// One choice of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

impl Choice {
    pub(crate) fn new(value: String, label: String, current: &str) -> Self {
        let chosen = value == current;
        Self { value, label, chosen }
    }
}

impl Reader {
    /// A value in words; empty for nothing.
    pub(crate) fn display(&self, rule: &FieldRule, value: &Json) -> String {
        match (rule.value, value) {
            (_, Json::Null) => String::new(),
            (ValueRule::Time, value) => {
                value.as_i64().map_or_else(String::new, |at| self.moments.short(at))
            }
            (ValueRule::Bool, value) => {
                let yes = value.as_bool() == Some(true);
                self.words.get(if yes { "yes" } else { "no" })
            }
            (ValueRule::Choice { .. }, Json::String(word)) => {
                self.words.of(last_of(rule.path), word)
            }
            (ValueRule::Person, Json::String(id)) => self.person(id),
            (ValueRule::Record, Json::String(id)) => self.record(id),
            (_, Json::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        }
    }

    /// A customer's name, or a job's number.
    fn record(&self, id: &str) -> String {
        let job = || id.parse().map(job_number).unwrap_or_default();
        self.dossiers.get(id).cloned().unwrap_or_else(job)
    }

    /// A person's name.
    pub(crate) fn person(&self, id: &str) -> String {
        let id = id.parse::<UserId>().ok();
        let name = id.and_then(|id| self.people.get(&id).cloned());
        name.unwrap_or_else(|| self.unknown_person.clone())
    }

    /// A field to show.
    pub(crate) fn field(&self, rule: &FieldRule, path: &Path, value: &Json) -> Field {
        Field {
            path: path.to_string(),
            label: self.words.field(path),
            text: self.display(rule, value),
            prose: rule.value == ValueRule::Prose,
            disputed: false,
        }
    }

    /// A field to type into.
    pub(crate) fn control(&self, rule: &FieldRule, path: &Path, value: &Json) -> Control {
        let was = self.spelling(rule, value);
        let kind = match rule.value {
            ValueRule::Phone => ControlKind::Phone,
            ValueRule::Prose => ControlKind::Prose,
            ValueRule::Count { max } => ControlKind::Count { max },
            ValueRule::Time => ControlKind::Time,
            ValueRule::TimeOfDay => ControlKind::TimeOfDay,
            ValueRule::Date => ControlKind::Date,
            ValueRule::Bool => ControlKind::Tick,
            ValueRule::Choice { words } => ControlKind::Select(self.words_of(rule, words, &was)),
            ValueRule::Person => ControlKind::Select(self.engineers(&was)),
            ValueRule::Record => ControlKind::Select(self.customers(&was)),
            ValueRule::Line | ValueRule::Zone | ValueRule::Digest | ValueRule::Bytes { .. } => {
                ControlKind::Line
            }
        };
        let label = self.words.field(path);
        Control { path: path.to_string(), label, kind, value: was.clone(), was, wrong: false }
    }

    /// Reads what was typed; none when it cannot stand in this field.
    pub(crate) fn parse(&self, rule: &FieldRule, text: &str) -> Option<FieldValue> {
        let text = text.trim();
        let value = match rule.value {
            ValueRule::Prose => FieldValue::Text(text.replace("\r\n", "\n")),
            ValueRule::Bool => FieldValue::Bool(text == "true"),
            _ if text.is_empty() => FieldValue::Nothing,
            ValueRule::Time => FieldValue::Int(self.moments.parse_input(text)?),
            ValueRule::Count { .. } => FieldValue::Int(text.parse().ok()?),
            // A zone that nobody knows would run clocks by another one.
            ValueRule::Zone => FieldValue::Text(TimeZone::get(text).ok()?.iana_name()?.to_owned()),
            _ => FieldValue::Text(text.to_owned()),
        };
        rule.accepts(&value).then_some(value)
    }

    /// Engineers to choose from.
    pub(crate) fn engineers(&self, current: &str) -> Vec<Choice> {
        let engineers = self.engineers.iter();
        engineers.map(|(id, name)| Choice::new(id.to_string(), name.clone(), current)).collect()
    }

    /// A choice's words, in the table's order.
    pub(crate) fn words_of(&self, rule: &FieldRule, words: &[&str], current: &str) -> Vec<Choice> {
        let label = |word: &str| self.words.of(last_of(rule.path), word);
        words.iter().map(|word| Choice::new((*word).to_owned(), label(word), current)).collect()
    }

    fn customers(&self, current: &str) -> Vec<Choice> {
        let customers = self.dossiers.iter();
        let mut customers: Vec<_> =
            customers.map(|(id, name)| Choice::new(id.clone(), name.clone(), current)).collect();
        customers.sort_by(|one, other| one.label.cmp(&other.label));
        customers
    }

    fn spelling(&self, rule: &FieldRule, value: &Json) -> String {
        match (rule.value, value) {
            (_, Json::Null) => String::new(),
            (ValueRule::Time, value) => {
                value.as_i64().map_or_else(String::new, |at| self.moments.input(at))
            }
            (_, Json::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        }
    }
}

/// The last part of a rule's path, which names its words.
pub(crate) fn last_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The value at a path of a record's content.
pub(crate) fn value_at<'json>(content: &'json Json, path: &Path) -> &'json Json {
    path.segments().fold(content, |value, key| value.get(key).unwrap_or(&Json::Null))
}

#[cfg(test)]
mod tests {
    use docket_protocol::record::RecordKind;
    use docket_protocol::record::rules::rule_of;
    use serde_json::json;

    use super::*;
    use crate::words::Language;

    fn reader() -> Reader {
        let words = Words(Language::English);
        Reader {
            words,
            moments: Moments::new(words, TimeZone::UTC, 1_795_435_200_000),
            people: BTreeMap::from([(UserId::new(1, [1; 10]), "Li Na".to_owned())]),
            dossiers: BTreeMap::new(),
            unknown_person: String::new(),
            engineers: Vec::new(),
        }
    }

    #[test]
    fn values_are_shown_in_words() {
        let check = |path: &str, value: Json, shown: &str| {
            let rule = rule_of(RecordKind::Job, &Path::new(path)).unwrap();
            assert_eq!(reader().display(rule, &value), shown);
        };
        check("intake/level", json!("critical"), "Critical");
        check("intake/due_at", json!(1_795_435_200_000_i64), "Today 12:00");
        check("assignment/lead", json!(UserId::new(1, [1; 10])), "Li Na");
        check("intake/title", json!("<b>"), "<b>");
        check("intake/title", Json::Null, "");
    }

    #[test]
    fn what_is_typed_is_what_was_shown() {
        for (path, value) in [
            ("intake/title", json!("Paper jam")),
            ("intake/level", json!("major")),
            ("intake/due_at", json!(1_795_435_200_000_i64)),
            ("report/cause", json!("Worn wheel\nand dust")),
        ] {
            let path = Path::new(path);
            let rule = rule_of(RecordKind::Job, &path).unwrap();
            let control = reader().control(rule, &path, &value);
            let typed = reader().parse(rule, &control.was).unwrap();
            assert_eq!(serde_json::to_value(typed).unwrap(), value);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_and_nothing_empties() {
        let rule = |path: &str| rule_of(RecordKind::Job, &Path::new(path)).unwrap();
        assert_eq!(reader().parse(rule("intake/due_at"), "soon"), None);
        let zone = rule_of(RecordKind::Catalog, &Path::new("service/zone")).unwrap();
        assert_eq!(reader().parse(zone, "Europe/Atlantis"), None);
        assert_eq!(reader().parse(zone, "asia/shanghai"), Some("Asia/Shanghai".into()));
        assert_eq!(reader().parse(rule("intake/level"), "terrible"), None);
        assert_eq!(reader().parse(rule("intake/due_at"), " "), Some(FieldValue::Nothing));
        assert_eq!(reader().parse(rule("report/cause"), ""), Some(FieldValue::Text("".into())));
    }
}
