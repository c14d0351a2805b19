//! What people write: edits of every kind, at every field and in every collection of a record,
//! drawn from the seed and from what the record holds.
//!
//! Half of them go to a few fields that everybody writes, so that conflicts are common.

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{FieldRule, MergeKind, ValueRule, rules_of, tick_of};
use docket_protocol::record::value::FieldValue;
use docket_protocol::role::Role;
use docket_protocol::signoff::hex_digest;
use serde_json::Value as Json;

use crate::Random;
use crate::sim::time::{HOUR, START};

/// Fields that several people have something to say about.
const HOT: [&str; 5] =
    ["intake/title", "intake/level", "intake/priority", "report/outcome", "plan/start_at"];

/// Where edits are drawn from.
pub struct Drawer<'a> {
    /// What kind of record it is.
    pub kind: RecordKind,
    /// What it holds now, as JSON.
    pub content: &'a Json,
    /// What the writer may do, as far as the writer knows.
    pub role: Role,
    /// Everybody.
    pub people: &'a [UserId],
    /// Makes texts different from each other.
    pub number: u64,
}

impl Drawer<'_> {
    /// An edit that the writer may make; signing and opening are other acts.
    pub fn edit(&self, random: &mut Random) -> Edit {
        match random.below(10) {
            0 if self.may("checklist/*/done") => self.tick(random),
            1 if self.may("assignment/lead") => self.assign(random),
            2..=4 => self.add_entry(random),
            _ => self.set_field(random),
        }
    }

    /// The first content of a new record.
    pub fn create(&self, random: &mut Random) -> Edit {
        let mut fields = BTreeMap::new();
        for rule in self.writable().filter(|rule| !rule.path.contains('*')) {
            if HOT.contains(&rule.path) || random.chance(100) {
                fields.insert(Path::new(rule.path), self.value(rule, random));
            }
        }
        let entries = (0..random.below(3)).filter_map(|_| self.new_entry(random)).collect();
        Edit::Create { fields, entries }
    }

    fn may(&self, path: &str) -> bool {
        self.writable().any(|rule| rule.path == path)
    }

    fn writable(&self) -> impl Iterator<Item = &'static FieldRule> {
        let role = self.role;
        rules_of(self.kind)
            .iter()
            .filter(move |rule| rule.merge != MergeKind::Entry && rule.writable_by(role))
    }

    fn tick(&self, random: &mut Random) -> Edit {
        let lists = collections_of(self.kind).into_iter().map(Path::new);
        let lists: Vec<Path> = lists.filter(|list| tick_of(self.kind, list).is_some()).collect();
        let Some(collection) = random.pick(&lists).cloned() else { return self.add_entry(random) };
        match self.entry_of(collection.as_str(), random) {
            Some(item) => Edit::TickItem { collection, item, done: random.chance(700) },
            None => self.add_entry(random),
        }
    }

    fn assign(&self, random: &mut Random) -> Edit {
        Edit::Assign { lead: self.person(random) }
    }

    fn add_entry(&self, random: &mut Random) -> Edit {
        self.new_entry(random).map_or_else(|| self.set_field(random), Edit::AddEntry)
    }

    /// Where a person may write entries only, there is always another one to add.
    fn add_or_nothing(&self, random: &mut Random) -> Edit {
        self.new_entry(random).map(Edit::AddEntry).expect("everybody may write somewhere")
    }

    fn new_entry(&self, random: &mut Random) -> Option<NewEntry> {
        let mut collections: Vec<_> = collections_of(self.kind).into_iter().collect();
        collections.retain(|collection| {
            self.writable().any(|rule| rule.path.starts_with(&format!("{collection}/*/")))
        });
        let collection = random.pick(&collections)?.clone();
        let prefix = format!("{collection}/*/");
        let mut fields = BTreeMap::new();
        for rule in rules_of(self.kind).iter().filter(|rule| rule.writable_by(self.role)) {
            let Some(field) = rule.path.strip_prefix(&prefix) else { continue };
            // Who and when are stamped by the writing itself.
            if !matches!(field, "at" | "by") && random.chance(700) {
                fields.insert(field.to_owned(), self.value(rule, random));
            }
        }
        Some(NewEntry { collection: Path::new(collection), id: ItemId::default(), fields })
    }

    fn set_field(&self, random: &mut Random) -> Edit {
        let hot = random.chance(500);
        let rules: Vec<_> =
            self.writable().filter(|rule| !hot || HOT.contains(&rule.path)).collect();
        let drawn = random.pick(&rules).and_then(|rule| Some((*rule, self.path(rule, random)?)));
        let first = || self.writable().find(|rule| !rule.path.contains('*'));
        let drawn = drawn.or_else(|| first().map(|rule| (rule, Path::new(rule.path))));
        let Some((rule, path)) = drawn else { return self.add_or_nothing(random) };
        Edit::SetField { path, value: self.value(rule, random) }
    }

    /// A path of the record for the rule's; none where the record has no such entry.
    fn path(&self, rule: &FieldRule, random: &mut Random) -> Option<Path> {
        let Some((collection, field)) = rule.path.split_once("/*") else {
            return Some(Path::new(rule.path));
        };
        let id = match field {
            "" => ItemId(self.person(random).0),
            _ => self.entry_of(collection, random)?,
        };
        Some(Path::new(format!("{collection}/{id}{field}")))
    }

    fn entry_of(&self, collection: &str, random: &mut Random) -> Option<ItemId> {
        let entries = self.content.pointer(&format!("/{collection}"))?.as_object()?;
        let ids: Vec<&String> = entries.keys().collect();
        random.pick(&ids)?.parse().ok()
    }

    fn person(&self, random: &mut Random) -> UserId {
        random.pick(self.people).copied().unwrap_or_default()
    }

    fn value(&self, rule: &FieldRule, random: &mut Random) -> FieldValue {
        if rule.merge != MergeKind::Entry && random.chance(40) {
            return FieldValue::Nothing;
        }
        match rule.value {
            ValueRule::Line | ValueRule::Phone => format!("{} 号", self.number).into(),
            ValueRule::Prose => self.prose(rule, random).into(),
            ValueRule::Count { max } => random.between(0, max).into(),
            ValueRule::Time => (START + random.between(0, 1_000) * HOUR).into(),
            ValueRule::TimeOfDay => format!("{:02}:30", random.below(24)).into(),
            ValueRule::Date => format!("2026-10-{:02}", 1 + random.below(31)).into(),
            ValueRule::Zone => "Asia/Shanghai".into(),
            ValueRule::Bool => random.chance(500).into(),
            ValueRule::Choice { words } => (*random.pick(words).unwrap_or(&"")).into(),
            ValueRule::Person => self.person(random).to_string().into(),
            ValueRule::Digest => hex_digest(&self.number.to_be_bytes()).into(),
            ValueRule::Record | ValueRule::Bytes { .. } => "".into(),
        }
    }

    /// What stands there with a few words more, before or after.
    fn prose(&self, rule: &FieldRule, random: &mut Random) -> String {
        let now = self.content.pointer(&format!("/{}", rule.path)).and_then(Json::as_str);
        let (now, number) = (now.unwrap_or(""), self.number);
        match random.below(3) {
            0 => format!("字{number} {now}"),
            1 => format!("{now} n{number}"),
            _ => format!("new {number}"),
        }
    }
}

/// The collections of a kind of record that entries are added to.
pub fn collections_of(kind: RecordKind) -> BTreeSet<String> {
    let entries = rules_of(kind).iter().filter_map(|rule| rule.path.split_once("/*/"));
    // Sign-offs are added by signing, amendments by amending.
    let own = |collection: &String| !matches!(collection.as_str(), "signoffs" | "amendments");
    entries.map(|(collection, _)| collection.to_owned()).filter(own).collect()
}

/// The name of an edit's kind. A new kind does not compile until it is named here, and the test
/// of this file fails until it is drawn somewhere.
pub fn kind_of(edit: &Edit) -> &'static str {
    match edit {
        Edit::Create { .. } => "create",
        Edit::SetField { .. } => "set_field",
        Edit::TickItem { .. } => "tick_item",
        Edit::AddEntry(_) => "add_entry",
        Edit::Assign { .. } => "assign",
        Edit::SignOff { .. } => "sign_off",
        Edit::Amend { .. } => "amend",
    }
}
