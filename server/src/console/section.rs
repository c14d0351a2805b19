//! A record's content as sections of fields and tables of entries, to read and to edit.
//!
//! Built from the rules and the content's JSON, so that a job and a dossier share one way of
//! being shown. Which part is open for typing comes from the address (`?edit=report`,
//! `?add=steps`), so that it works without scripts and the back button means "never mind".

use std::collections::BTreeMap;

use docket_protocol::ids::ItemId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{FieldRule, MergeKind, ValueRule, rules_of};
use docket_protocol::role::Role;
use serde_json::Value as Json;

use super::field::{Control, Field, Reader, value_at};

/// Which part of the page is a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Editing {
    /// None of it.
    #[default]
    Nothing,
    /// A section's fields, or one entry's: `report`, `steps/0193…`.
    Fields(Path),
    /// A new entry of a collection.
    NewEntry(Path),
}

impl Editing {
    /// What is edited; empty where nothing is.
    pub(crate) fn target(&self) -> &str {
        match self {
            Self::Nothing => "",
            Self::Fields(path) | Self::NewEntry(path) => path.as_str(),
        }
    }
}

/// What was typed and could not be saved; kept in the form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    pub(crate) values: BTreeMap<String, String>,
    /// The fields that do not fit.
    pub(crate) wrong: Vec<String>,
}

/// A record to show.
pub(crate) struct Source<'a> {
    pub(crate) reader: &'a Reader,
    pub(crate) kind: RecordKind,
    pub(crate) content: &'a Json,
    /// Paths with more than one value.
    pub(crate) disputed: &'a [String],
    /// Who reads; none on the verify page, where nothing can be edited.
    pub(crate) role: Option<Role>,
    /// A report sign-off freezes the locked fields.
    pub(crate) frozen: bool,
    pub(crate) editing: &'a Editing,
    pub(crate) typed: &'a Typed,
}

/// Fields under one heading.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) fields: Vec<Field>,
    /// Nothing is written in any of them.
    pub(crate) blank: bool,
    pub(crate) form: Option<Form>,
    pub(crate) may_edit: bool,
}

/// Entries under one heading.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) id: String,
    pub(crate) collection: String,
    pub(crate) title: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    pub(crate) new_entry: Option<Form>,
    pub(crate) may_add: bool,
}

/// One column of a table.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) label: String,
    pub(crate) name: &'static str,
}

/// One entry.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) removed: bool,
    pub(crate) cells: Vec<Cell>,
    pub(crate) form: Option<Form>,
    pub(crate) may_edit: bool,
    /// It waits for an approval that the reader may give.
    pub(crate) may_approve: bool,
    /// What stands out about it; empty for nothing.
    pub(crate) mark: String,
}

/// One value of an entry.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) text: String,
    pub(crate) prose: bool,
    /// For yes and no: which of the two.
    pub(crate) tick: Option<bool>,
    pub(crate) disputed: bool,
}

/// A part of the page that is open for typing.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    /// What is edited: a section, an entry, or the collection a new entry goes into.
    pub(crate) target: String,
    pub(crate) controls: Vec<Control>,
}

impl Source<'_> {
    /// The fields directly below `prefix`; the empty prefix is the record's root.
    pub(crate) fn section(&self, prefix: &str, title: String) -> Section {
        let here = Path::new(prefix);
        let rules = fields_below(self.kind, prefix);
        let fields = rules.iter().map(|(name, rule)| {
            let path = here.child(name);
            let field = self.reader.field(rule, &path, value_at(self.content, &path));
            (rule, Field { disputed: self.disputed.contains(&field.path), ..field })
        });
        // An empty field is shown where somebody may fill it, and left out everywhere else.
        let fields: Vec<Field> = fields
            .filter(|(rule, field)| !field.text.is_empty() || self.may_set(rule))
            .map(|(_, field)| field)
            .collect();
        let editing = *self.editing == Editing::Fields(here.clone());
        let id = if prefix.is_empty() { "about".to_owned() } else { prefix.to_owned() };
        Section {
            id,
            title,
            blank: fields.iter().all(|field| field.text.is_empty()),
            fields,
            form: editing.then(|| self.form(&here, &rules, false)),
            may_edit: rules.iter().any(|(_, rule)| self.may_set(rule)),
        }
    }

    /// The entries of a collection, in the order people put them.
    pub(crate) fn table(&self, collection: &str, title: String) -> Table {
        let here = Path::new(collection);
        let rules = fields_below(self.kind, &format!("{collection}/*"));
        let shown: Vec<_> = rules
            .iter()
            // An attachment's step is an id, which says nothing in a table.
            .filter(|(name, _)| !matches!(*name, "position" | "removed" | "step"))
            .copied()
            .collect();
        let columns = shown.iter().map(|(name, rule)| {
            let label = self.reader.words.field(&Path::new(rule.path));
            Column { label, name }
        });
        let rows = self.entries(&here);
        let adding = *self.editing == Editing::NewEntry(here.clone());
        Table {
            id: collection.replace('/', "-"),
            collection: collection.to_owned(),
            title,
            columns: columns.collect(),
            rows: rows.iter().map(|(id, entry)| self.row(&here, id, entry, &shown)).collect(),
            new_entry: adding.then(|| self.form(&here, &shown, true)),
            may_add: self.role.is_some_and(|role| {
                let locked = shown.iter().any(|(_, rule)| rule.locked);
                shown.iter().any(|(_, rule)| rule.writable_by(role)) && !(locked && self.frozen)
            }),
        }
    }

    /// Whether the reader's role may change a field now.
    pub(crate) fn may_set(&self, rule: &FieldRule) -> bool {
        self.role.is_some_and(|role| rule.writable_by(role))
            && rule.merge != MergeKind::Entry
            && !(rule.locked && self.frozen)
    }

    fn entries(&self, collection: &Path) -> Vec<(String, Json)> {
        let Json::Object(entries) = value_at(self.content, collection) else {
            return Vec::new();
        };
        let mut entries: Vec<_> =
            entries.iter().map(|(id, entry)| (id.clone(), entry.clone())).collect();
        // Ids are made in time order, which settles equal positions.
        let number = |entry: &Json, field: &str| entry.get(field).and_then(Json::as_i64);
        entries.sort_by_cached_key(|(id, entry)| {
            let turn = number(entry, "at").or_else(|| number(entry, "from"));
            (number(entry, "position"), turn, id.clone())
        });
        entries
    }

    fn row(
        &self,
        collection: &Path,
        id: &str,
        entry: &Json,
        rules: &[(&'static str, &'static FieldRule)],
    ) -> Row {
        let here = collection.child(id);
        let cells = rules.iter().map(|(name, rule)| {
            let value = entry.get(*name).unwrap_or(&Json::Null);
            let path = here.child(name);
            Cell {
                name,
                label: self.reader.words.field(&path),
                text: self.reader.display(rule, value),
                prose: rule.value == ValueRule::Prose,
                tick: (rule.value == ValueRule::Bool).then_some(value.as_bool() == Some(true)),
                disputed: self.disputed.contains(&path.to_string()),
            }
        });
        let own = fields_below(self.kind, &here.pattern());
        let editing = *self.editing == Editing::Fields(here.clone());
        Row {
            path: here.to_string(),
            id: format!("entry-{id}"),
            removed: entry.get("removed").and_then(Json::as_bool) == Some(true),
            cells: cells.collect(),
            form: editing.then(|| self.form(&here, &own, false)),
            may_edit: own.iter().any(|(_, rule)| self.may_set(rule) && !is_stamped(rule)),
            may_approve: entry.get("approved_at").is_none_or(Json::is_null)
                && own.iter().any(|(name, rule)| *name == "approved_at" && self.may_set(rule)),
            mark: String::new(),
        }
    }

    fn form(
        &self,
        here: &Path,
        rules: &[(&'static str, &'static FieldRule)],
        new_entry: bool,
    ) -> Form {
        let asked = rules.iter().filter(|(_, rule)| {
            let own = self.role.is_some_and(|role| rule.writable_by(role));
            !is_stamped(rule) && if new_entry { own } else { self.may_set(rule) }
        });
        let controls = asked.map(|(name, rule)| {
            let path = here.child(name);
            let value = if new_entry { &Json::Null } else { value_at(self.content, &path) };
            let mut control = self.reader.control(rule, &path, value);
            if let Some(typed) = self.typed.values.get(&control.path) {
                control.value.clone_from(typed);
            }
            control.wrong = self.typed.wrong.contains(&control.path);
            control
        });
        Form { target: here.to_string(), controls: controls.collect() }
    }
}

/// What is written by an act of its own and never typed: the time and author of an entry, of a
/// tick, of an approval, and the job that something belongs to.
fn is_stamped(rule: &FieldRule) -> bool {
    let by_act = matches!(rule.name(), "at" | "by" | "approved_at" | "approved_by");
    by_act || rule.follows_tick() || matches!(rule.name(), "follows" | "job")
}

/// The rules of the fields directly below a prefix, with their names, in the table's order.
pub(crate) fn fields_below(
    kind: RecordKind,
    prefix: &str,
) -> Vec<(&'static str, &'static FieldRule)> {
    let below = |rule: &'static FieldRule| {
        let name = if prefix.is_empty() {
            rule.path
        } else {
            rule.path.strip_prefix(prefix)?.strip_prefix('/')?
        };
        // What the record itself is, nobody types.
        let own = matches!(rule.path, "schema" | "kind");
        let plain = !name.contains('/') && name != "*" && !own;
        plain.then_some((name, rule))
    };
    rules_of(kind).iter().filter_map(below).collect()
}

impl Editing {
    /// Reads the address; anything that is not a part of such a record edits nothing.
    pub(crate) fn from_address(edit: Option<&str>, add: Option<&str>) -> Self {
        match (edit, add) {
            (Some("about"), _) => Self::Fields(Path::default()),
            (Some(edit), _) => Self::Fields(Path::new(edit)),
            (None, Some(add)) => Self::NewEntry(Path::new(add)),
            (None, None) => Self::Nothing,
        }
    }
}

/// The position for an entry that goes to the end, where entries have one.
pub(crate) fn next_position(kind: RecordKind, content: &Json, collection: &Path) -> Option<i64> {
    let rules = fields_below(kind, &collection.child(ItemId::default()).pattern());
    rules.iter().find(|(name, _)| *name == "position")?;
    let entries = value_at(content, collection).as_object();
    let positions = entries
        .into_iter()
        .flatten()
        .filter_map(|(_, entry)| entry.get("position").and_then(Json::as_i64));
    Some(positions.max().unwrap_or(0) + 1)
}
