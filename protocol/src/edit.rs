//! What a person can do to a record: typed intents, each of which becomes exactly one change.
//!
//! The same code runs on the phone and, for work done at the desk, on the server. Every edit is
//! checked against the field rules before anything is written, so that what a phone keeps is
//! what the server's gate will accept.

use std::collections::BTreeMap;

use automerge::transaction::{CommitOptions, Transaction};
use automerge::{Automerge, AutomergeError};
use serde::{Deserialize, Serialize};

use crate::amendment::{AMENDMENTS, binding, is_reason};
use crate::ids::{ChangeHash, ItemId, UserId};
use crate::limits::ITEMS_MAX;
use crate::planted;
use crate::record::RecordKind;
use crate::record::path::Path;
use crate::record::rules::{FieldRule, MergeKind, ValueRule, rule_of, rules_of, tick_of, ticks_of};
use crate::record::size::{Room, room};
use crate::record::value::FieldValue;
use crate::record::write;
use crate::role::Role;
use crate::signoff::Signed;

/// One intent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum Edit {
    /// Opens a new record with its first content.
    Create {
        /// Scalars and prose by path.
        #[serde(default)]
        fields: BTreeMap<Path, FieldValue>,
        /// First entries, such as the checklist a job starts with.
        #[serde(default)]
        entries: Vec<NewEntry>,
    },
    /// Writes one field: a scalar, or the whole new text of a prose field. Also how a person
    /// settles a conflict: it replaces every value seen.
    SetField {
        /// Which field.
        path: Path,
        /// Its new value.
        value: FieldValue,
    },
    /// Ticks an entry of a list, or opens it again; when and by whom goes with it.
    TickItem {
        /// The list: the checklist where none is named, `packing`, `plan/items`.
        #[serde(default = "checklist")]
        collection: Path,
        /// The item.
        item: ItemId,
        /// Done or open.
        done: bool,
    },
    /// Adds a step, a part, a checklist item, a site, …
    AddEntry(NewEntry),
    /// Hands the job to an engineer.
    Assign {
        /// The new lead.
        lead: UserId,
    },
    /// Puts a signed statement into the record, alone in its change.
    SignOff {
        /// The id named in the statement.
        signoff: ItemId,
        /// Statement, signature and drawing.
        signed: Signed,
    },
    /// Opens a signed report again: its fields may be written until it is signed anew. What was
    /// signed stays what it is.
    Amend {
        /// Made by the writer; nil asks the phone to make one.
        #[serde(default)]
        amendment: ItemId,
        /// The sign-offs that bind and shall no longer.
        signoffs: Vec<ItemId>,
        /// Why, in the person's words.
        reason: String,
    },
}

/// Edits of phones that could tick nothing else name no list.
fn checklist() -> Path {
    Path::new("checklist")
}

impl Edit {
    /// Ticks a line of the checklist.
    pub fn tick(item: ItemId, done: bool) -> Self {
        Self::TickItem { collection: checklist(), item, done }
    }

    /// The same with an id of its own for everything new that came without one. They count on
    /// from the first: what is random about them travels once an edit.
    pub fn with_fresh_ids(mut self, fresh: impl FnOnce() -> ItemId) -> Self {
        let mut fresh = Some(fresh);
        let mut last = ItemId::default();
        let mut freshen = |id: &mut ItemId| {
            if id.is_nil() {
                last = fresh.take().map_or_else(|| last.following(), |fresh| fresh());
                *id = last;
            }
        };
        match &mut self {
            Self::AddEntry(entry) => freshen(&mut entry.id),
            Self::Create { entries, .. } => {
                entries.iter_mut().for_each(|entry| freshen(&mut entry.id));
            }
            Self::Amend { amendment, .. } => freshen(amendment),
            Self::SetField { .. }
            | Self::TickItem { .. }
            | Self::Assign { .. }
            | Self::SignOff { .. } => {}
        }
        self
    }
}

/// An entry of a collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewEntry {
    /// The collection, such as `steps` or `plan/items`.
    pub collection: Path,
    /// Made by the writer; nil asks the phone to make one.
    #[serde(default)]
    pub id: ItemId,
    /// Values by field name.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldValue>,
}

/// Who edits, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author {
    /// The person.
    pub user: UserId,
    /// That person's role.
    pub role: Role,
    /// The writer's clock, Unix ms.
    pub now: i64,
}

/// Why an edit was not made. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code} at {path}")]
pub struct EditError {
    /// What is wrong, as a message id (`error-{code}`).
    pub code: &'static str,
    /// Where.
    pub path: Path,
}

impl EditError {
    /// An error at a path.
    pub fn new(code: &'static str, path: Path) -> Self {
        Self { code, path }
    }
}

impl From<AutomergeError> for EditError {
    fn from(_: AutomergeError) -> Self {
        Self::new("record-damaged", Path::default())
    }
}

/// Applies an edit as one change and returns its hash; `None` when it changes nothing.
///
/// On an error the transaction is rolled back and the document is as before.
pub fn apply(
    doc: &mut Automerge,
    kind: RecordKind,
    edit: &Edit,
    author: &Author,
) -> Result<Option<ChangeHash>, EditError> {
    let binding = binding(doc).into_iter().map(|statement| statement.signoff).collect();
    let room = room(doc);
    let mut tx = doc.transaction();
    let mut writer = Writer { tx: &mut tx, kind, author, binding, room };
    if let Err(error) = writer.write(edit) {
        tx.rollback();
        return Err(error);
    }
    let (hash, _) = tx.commit_with(CommitOptions::default().with_time(author.now));
    Ok(hash.map(ChangeHash::from))
}

/// Whether a sign-off of the service report freezes the locked fields.
pub fn report_signed(doc: &Automerge) -> bool {
    !binding(doc).is_empty()
}

struct Writer<'tx, 'doc> {
    tx: &'tx mut Transaction<'doc>,
    kind: RecordKind,
    author: &'tx Author,
    /// The sign-offs that freeze the locked fields.
    binding: Vec<ItemId>,
    /// How much the record still takes.
    room: Room,
}

impl Writer<'_, '_> {
    fn write(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::Create { fields, entries } => self.create(fields, entries),
            Edit::SetField { path, value } => self.set_field(path, value),
            Edit::TickItem { collection, item, done } => self.tick(collection, *item, *done),
            Edit::AddEntry(entry) => self.add_entry(entry),
            Edit::Assign { lead } => self.assign(*lead),
            Edit::SignOff { signoff, signed } => self.sign_off(*signoff, signed),
            Edit::Amend { amendment, signoffs, reason } => self.amend(*amendment, signoffs, reason),
        }
    }

    fn create(
        &mut self,
        fields: &BTreeMap<Path, FieldValue>,
        entries: &[NewEntry],
    ) -> Result<(), EditError> {
        write::create(self.tx, self.kind)?;
        if self.kind == RecordKind::Job {
            // An older record that is only typed in now brings its own day.
            let opened_at = Path::new("intake/opened_at");
            if !fields.contains_key(&opened_at) {
                self.set_new(&opened_at, &self.author.now.into())?;
            }
            self.set_new(&Path::new("intake/opened_by"), &self.author.user.to_string().into())?;
        }
        for (path, value) in fields {
            self.set_new(path, value)?;
        }
        entries.iter().try_for_each(|entry| self.add_entry(entry))
    }

    fn set_field(&mut self, path: &Path, value: &FieldValue) -> Result<(), EditError> {
        let rule = self.check(path, value)?;
        if rule.merge == MergeKind::Entry {
            return Err(EditError::new("written-once", path.clone()));
        }
        self.put(path, value)
    }

    fn tick(&mut self, collection: &Path, item: ItemId, done: bool) -> Result<(), EditError> {
        let entry = collection.child(item);
        if tick_of(self.kind, collection).is_none() {
            return Err(EditError::new("unknown-field", entry));
        }
        ticks_of(self.kind, collection).try_for_each(|rule| {
            let value = match rule.value {
                ValueRule::Bool => done.into(),
                _ if !done => FieldValue::Nothing,
                ValueRule::Time => self.author.now.into(),
                _ => self.author.user.to_string().into(),
            };
            self.set_field(&entry.child(rule.name()), &value)
        })
    }

    fn add_entry(&mut self, entry: &NewEntry) -> Result<(), EditError> {
        // Sign-offs and amendments have edits of their own, which check what they claim.
        if matches!(entry.collection.as_str(), "signoffs" | AMENDMENTS) {
            return Err(EditError::new("not-allowed", entry.collection.clone()));
        }
        if self.room >= Room::ToFinish {
            return Err(EditError::new("record-full", entry.collection.clone()));
        }
        self.new_entry(entry)
    }

    fn new_entry(&mut self, entry: &NewEntry) -> Result<(), EditError> {
        let path = entry.collection.child(entry.id);
        write::ensure(self.tx, &entry.collection)?;
        let collection = write::find(self.tx, &entry.collection)
            .ok_or_else(|| EditError::new("unknown-field", entry.collection.clone()))?;
        if automerge::ReadDoc::length(self.tx, &collection) >= ITEMS_MAX {
            return Err(EditError::new("too-many", entry.collection.clone()));
        }
        self.may_add(&path)?;
        write::create_entry(self.tx, self.kind, &path)?;
        for (field, value) in &entry.fields {
            self.set_new(&path.child(field), value)?;
        }
        let stamps = [("at", self.author.now.into()), ("by", self.author.user.to_string().into())];
        for (field, value) in stamps {
            let path = path.child(field);
            if rule_of(self.kind, &path).is_some() && !entry.fields.contains_key(field) {
                self.set_new(&path, &value)?;
            }
        }
        Ok(())
    }

    /// Whether this person may add such an entry: some of its fields are theirs to write (its
    /// approval may be another's), and no signature holds any of them.
    fn may_add(&self, entry: &Path) -> Result<(), EditError> {
        let prefix = format!("{}/", entry.pattern());
        let rules = || rules_of(self.kind).iter().filter(|rule| rule.path.starts_with(&prefix));
        let own: Vec<_> = rules().filter(|rule| rule.writable_by(self.author.role)).collect();
        match rules().next().filter(|_| own.is_empty()) {
            Some(foreign) => self.allowed(foreign, entry),
            None => own.into_iter().try_for_each(|rule| self.allowed(rule, entry)),
        }
    }

    fn assign(&mut self, lead: UserId) -> Result<(), EditError> {
        self.set_field(&Path::new("assignment/lead"), &lead.to_string().into())?;
        self.set_field(&Path::new("assignment/assigned_at"), &self.author.now.into())
    }

    fn sign_off(&mut self, signoff: ItemId, signed: &Signed) -> Result<(), EditError> {
        let path = Path::new("signoffs").child(signoff);
        let invalid = || EditError::new("bad-signoff", path.clone());
        let statement = signed.verify().map_err(|_| invalid())?;
        if statement.signoff != signoff {
            return Err(invalid());
        }
        write::create_entry(self.tx, self.kind, &path)?;
        write::set_bytes(self.tx, &path.child("statement"), &signed.statement)?;
        write::set_bytes(self.tx, &path.child("signature"), &signed.signature)?;
        write::set_bytes(self.tx, &path.child("drawing"), &signed.drawing)
    }

    fn amend(
        &mut self,
        amendment: ItemId,
        signoffs: &[ItemId],
        reason: &str,
    ) -> Result<(), EditError> {
        let path = Path::new(AMENDMENTS).child(amendment);
        let all_bind = signoffs.iter().all(|signoff| self.binding.contains(signoff));
        let reason = FieldValue::from(reason.trim());
        if signoffs.is_empty() || !all_bind || !is_reason(&reason) {
            return Err(EditError::new("bad-amendment", path));
        }
        let fields = BTreeMap::from([("reason".to_owned(), reason)]);
        let entry = NewEntry { collection: Path::new(AMENDMENTS), id: amendment, fields };
        self.new_entry(&entry)?;
        signoffs.iter().try_for_each(|signoff| {
            self.set_new(&path.child("signoffs").child(signoff), &true.into())
        })
    }

    fn set_new(&mut self, path: &Path, value: &FieldValue) -> Result<(), EditError> {
        self.check(path, value)?;
        self.put(path, value)
    }

    fn put(&mut self, path: &Path, value: &FieldValue) -> Result<(), EditError> {
        let prose = rule_of(self.kind, path).is_some_and(|rule| rule.value == ValueRule::Prose);
        let full = if prose { Room::ToFinish } else { Room::ToClose };
        let closing = matches!(path.segments().next(), Some("archive" | AMENDMENTS));
        if self.room >= full && !closing {
            return Err(EditError::new("record-full", path.clone()));
        }
        write::ensure(self.tx, path)?;
        match value {
            FieldValue::Text(text) if prose => write::set_prose(self.tx, path, text),
            FieldValue::Nothing if prose => write::set_prose(self.tx, path, ""),
            _ => write::set(self.tx, path, value),
        }
    }

    fn check(&self, path: &Path, value: &FieldValue) -> Result<&'static FieldRule, EditError> {
        let error = |code| EditError::new(code, path.clone());
        let rule = rule_of(self.kind, path).ok_or_else(|| error("unknown-field"))?;
        self.allowed(rule, path)?;
        if rule.accepts(value) { Ok(rule) } else { Err(error("bad-value")) }
    }

    fn allowed(&self, rule: &FieldRule, path: &Path) -> Result<(), EditError> {
        if !rule.writable_by(self.author.role) {
            Err(EditError::new("not-allowed", path.clone()))
        } else if rule.locked && !self.binding.is_empty() && !planted::is("lock-forgotten") {
            Err(EditError::new("locked-by-signoff", path.clone()))
        } else {
            Ok(())
        }
    }
}
