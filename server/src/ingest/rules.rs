//! Third check, what: every operation against the one table of field rules.
//!
//! A change is judged against exactly the version its author saw, never a later one, so that
//! what a phone could rightly store offline is still right when it arrives weeks later. What
//! was written meanwhile by others is a matter of merging, not of permission.

use std::collections::BTreeSet;
use std::sync::Arc;

use automerge::{Automerge, ObjType, ReadDoc, ScalarValue};
use docket_protocol::amendment;
use docket_protocol::change::ChangeHead;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::limits::{ITEMS_MAX, PROSE_CHARS_MAX};
use docket_protocol::ops::{Effect, LocatedOp, locate};
use docket_protocol::record::path::Path;
use docket_protocol::record::rules::{
    FieldRule, MergeKind, ValueRule, containers_of, is_later, rule_of, rules_of,
};
use docket_protocol::record::value::FieldValue;
use docket_protocol::record::write::find;
use docket_protocol::record::{RecordKind, read};
use docket_protocol::role::Role;

use super::growth::{self, Size};
use super::stages::{AuthorisedChange, Refusal, Sender, ValidChange};
use super::trial;
use super::{exact, heads_of, sign_off};
use crate::desk::may_open;

/// The version a change's author saw.
pub(super) struct Seen<'a> {
    /// The document at exactly the change's parents; the change is applied to it.
    pub(super) version: &'a mut Automerge,
    /// The record's kind; none when the change is to bring the record into being.
    pub(super) kind: Option<RecordKind>,
    /// The record as it is now, which the author may not have seen in full.
    pub(super) logged: Option<&'a Automerge>,
    /// How large it is now.
    pub(super) size: Size,
}

/// Judges a change and applies it to the seen version. After a refusal that version may hold
/// the refused change and must not be used again.
pub(super) fn judge(
    sender: &Sender<'_>,
    record: RecordId,
    seen: Seen<'_>,
    authorised: AuthorisedChange,
) -> Result<(RecordKind, ValidChange), Refusal> {
    let AuthorisedChange { decoded, previous } = authorised;
    let Seen { version, kind, logged, size } = seen;
    let parents = follows(version, &decoded.head, previous)?;
    let ops =
        locate(version, &decoded.expanded).map_err(|error| Refusal::whole(error.to_string()))?;
    if !exact::replaces_what_it_saw(version, &decoded.expanded) {
        return Err(Refusal::whole("unknown-predecessor"));
    }
    size.admits(&ops)?;
    let creating = kind.is_none();
    let kind = kind.map_or_else(|| kind_to_open(&ops, sender.scope.role), Ok)?;
    let binding = amendment::binding(version);
    let binding: Vec<_> = binding.into_iter().map(|statement| statement.signoff).collect();
    let mut judge = Judge {
        version,
        logged,
        kind,
        role: sender.scope.role,
        frozen: !binding.is_empty(),
        creating,
        written: BTreeSet::new(),
        typing: None,
    };
    ops.iter().try_for_each(|op| judge.operation(op))?;
    let mut valid = ValidChange { head: decoded.head, change: decoded.change, signed: None };
    trial::apply(version, std::iter::once(&valid)).map_err(|_| Refusal::whole("change-unsound"))?;
    sizes(version, &ops)?;
    if let Some(path) = amendment::unsound(&ops, &binding) {
        return Err(Refusal::at("bad-amendment", &path));
    }
    growth::signatures(version)?;
    entries_whole(version, kind, &ops)?;
    if creating {
        born_whole(version, kind)?;
    }
    valid.signed = sign_off::verified(sender, record, version, &parents, &ops)?.map(Box::new);
    Ok((kind, valid))
}

/// A change starts counting right after its parents: a higher number would win every later
/// conflict, a lower one cannot be stored. And it stands on its actor's previous change, because
/// Automerge takes each actor for a single thread. Returns the heads its author saw.
fn follows(
    version: &Automerge,
    head: &ChangeHead,
    previous: Option<ChangeHash>,
) -> Result<Vec<ChangeHash>, Refusal> {
    let parents = head.deps.iter().filter_map(|dep| {
        let parent = version.get_change_meta_by_hash(&(*dep).into())?;
        Some(parent.max_op)
    });
    if head.start_op != parents.max().unwrap_or(0) + 1 {
        return Err(Refusal::whole("start-op"));
    }
    let stands_on_own =
        previous.is_none_or(|own| version.get_change_meta_by_hash(&own.into()).is_some());
    if !stands_on_own {
        return Err(Refusal::whole("actor-seq-gap"));
    }
    let heads: Vec<ChangeHash> = heads_of(version).into_iter().map(Into::into).collect();
    // Automerge names the actor's previous change as well; any other parent of a parent is none.
    let redundant = head.deps.iter().find(|dep| !heads.contains(dep) && previous != Some(**dep));
    if redundant.is_some() { Err(Refusal::whole("change-parents")) } else { Ok(heads) }
}

/// The kind a first change declares, if this person may open such records.
fn kind_to_open(ops: &[LocatedOp], role: Role) -> Result<RecordKind, Refusal> {
    let at = Path::new("kind");
    let declared = ops.iter().find_map(|op| match &op.effect {
        Effect::Put(ScalarValue::Str(word)) if *op.path == at => RecordKind::parse(word),
        _ => None,
    });
    let kind = declared.ok_or_else(|| Refusal::whole("not-a-beginning"))?;
    if may_open(role, kind) { Ok(kind) } else { Err(Refusal::at("not-allowed", &at)) }
}

struct Judge<'a> {
    version: &'a Automerge,
    logged: Option<&'a Automerge>,
    kind: RecordKind,
    role: Role,
    /// Whether the author saw a signed service report.
    frozen: bool,
    creating: bool,
    /// What this change has already written where only one write is allowed.
    written: BTreeSet<Path>,
    /// The prose whose letters were judged last: what holds for one holds for those behind it.
    typing: Option<Arc<Path>>,
}

impl Judge<'_> {
    fn operation(&mut self, op: &LocatedOp) -> Result<(), Refusal> {
        match &op.effect {
            Effect::Put(value) => self.put(&op.path, value),
            Effect::Make(ObjType::Map) => self.make_map(&op.path),
            Effect::Make(ObjType::Text) => {
                let rule = self.writable(&op.path)?;
                self.newly_made(&op.path)?;
                prose_only(rule, &op.path)
            }
            // Letters come one by one; empty or longer ones are none that a keyboard makes.
            Effect::Insert(letter) if letter.chars().count() != 1 => {
                Err(Refusal::at("bad-value", &op.path))
            }
            Effect::Insert(_) | Effect::Remove if self.typing.as_ref() == Some(&op.path) => Ok(()),
            Effect::Insert(_) | Effect::Remove => {
                prose_only(self.writable(&op.path)?, &op.path)?;
                self.typing = Some(op.path.clone());
                Ok(())
            }
            Effect::Delete => Err(Refusal::at("no-delete", &op.path)),
            Effect::Make(_) | Effect::Foreign => Err(Refusal::at("foreign-operation", &op.path)),
        }
    }

    fn put(&mut self, path: &Path, value: &ScalarValue) -> Result<(), Refusal> {
        let rule = self.writable(path)?;
        if rule.merge == MergeKind::Entry {
            self.first_write(path, "written-once")?;
        }
        if fits(rule, value) { Ok(()) } else { Err(Refusal::at("bad-value", path)) }
    }

    /// A map is one of those a record is born with, a new entry of a collection, or the
    /// collection inside such an entry.
    fn make_map(&mut self, path: &Path) -> Result<(), Refusal> {
        self.newly_made(path)?;
        let prefix = format!("{}/", path.pattern());
        let below = || rules_of(self.kind).iter().filter(|rule| rule.path.starts_with(&prefix));
        let inner = format!("{prefix}*");
        let is_fixed = containers_of(self.kind).contains(&path.as_str());
        let is_entry = prefix.ends_with("*/") || below().any(|rule| rule.path == inner);
        let own: Vec<_> = below().filter(|rule| rule.writable_by(self.role)).collect();
        match below().next() {
            Some(_) if is_fixed && (self.creating || !own.is_empty()) => Ok(()),
            Some(foreign) if own.is_empty() && is_entry => self.allowed(foreign, path),
            // Some of an entry's fields are its writer's; its approval may be another's.
            Some(_) if is_entry => own.into_iter().try_for_each(|rule| self.allowed(rule, path)),
            Some(_) if is_fixed => Err(Refusal::at("not-allowed", path)),
            _ => Err(Refusal::at("unknown-field", path)),
        }
    }

    /// A map or prose is absent only while its record is born, or from records that older phones
    /// have opened: whoever needs it then makes it, and a colleague who did so meanwhile has made
    /// its twin.
    fn newly_made(&mut self, path: &Path) -> Result<(), Refusal> {
        if self.creating || !is_later(path) {
            self.first_write(path, "already-there")
        } else if exists(self.version, path) || !self.written.insert(path.clone()) {
            Err(Refusal::at("already-there", path))
        } else {
            Ok(())
        }
    }

    fn writable(&self, path: &Path) -> Result<&'static FieldRule, Refusal> {
        let rule = rule_of(self.kind, path).ok_or_else(|| Refusal::at("unknown-field", path))?;
        self.allowed(rule, path)?;
        Ok(rule)
    }

    fn allowed(&self, rule: &FieldRule, path: &Path) -> Result<(), Refusal> {
        // Every record says its schema and kind, whoever is allowed to open it.
        let beginning = self.creating && matches!(rule.path, "schema" | "kind");
        if !beginning && !rule.writable_by(self.role) {
            return Err(Refusal::at("not-allowed", path));
        }
        if rule.locked && self.frozen {
            return Err(Refusal::at("locked-by-signoff", path));
        }
        Ok(())
    }

    /// Nobody has written here: not in what the author saw, not in this change, and not in
    /// what arrived meanwhile. Ids of entries are random; who hits one has copied it, and would
    /// shadow a colleague's whole entry.
    fn first_write(&mut self, path: &Path, code: &'static str) -> Result<(), Refusal> {
        let taken = exists(self.version, path) || self.logged.is_some_and(|doc| exists(doc, path));
        if taken || !self.written.insert(path.clone()) {
            return Err(Refusal::at(code, path));
        }
        Ok(())
    }
}

fn prose_only(rule: &FieldRule, path: &Path) -> Result<(), Refusal> {
    match rule.value {
        ValueRule::Prose => Ok(()),
        _ => Err(Refusal::at("bad-value", path)),
    }
}

fn fits(rule: &FieldRule, value: &ScalarValue) -> bool {
    match (rule.value, value) {
        (ValueRule::Prose, _) => false,
        (ValueRule::Bytes { max }, ScalarValue::Bytes(bytes)) => bytes.len() <= max,
        (ValueRule::Bytes { .. }, _) => false,
        // The shape's version is the one number stored without a sign.
        (_, ScalarValue::Uint(number)) => {
            rule.path == "schema"
                && i64::try_from(*number).is_ok_and(|number| rule.accepts(&number.into()))
        }
        (
            _,
            ScalarValue::Null | ScalarValue::Boolean(_) | ScalarValue::Int(_) | ScalarValue::Str(_),
        ) => rule.accepts(&FieldValue::from_scalar(value)),
        _ => false,
    }
}

/// Whether anything, even an emptied field, stands at a path.
pub(super) fn exists(version: &Automerge, path: &Path) -> bool {
    let written = |(above, key): (Path, &str)| {
        find(version, &above)
            .is_some_and(|object| version.get(&object, key).is_ok_and(|value| value.is_some()))
    };
    // An entry may also stand in the twin of its map.
    path.split_last().is_some_and(written) || find(version, path).is_some()
}

/// Bounds that show only once the change is applied.
fn sizes(version: &Automerge, ops: &[LocatedOp]) -> Result<(), Refusal> {
    let too_long =
        |path: &Path, max| find(version, path).is_some_and(|object| version.length(&object) > max);
    let grown: BTreeSet<&Path> = ops
        .iter()
        .filter(|op| matches!(op.effect, Effect::Insert(_)))
        .map(|op| &*op.path)
        .collect();
    if let Some(prose) = grown.into_iter().find(|path| too_long(path, PROSE_CHARS_MAX)) {
        return Err(Refusal::at("bad-value", prose));
    }
    let collections: BTreeSet<Path> = ops
        .iter()
        .filter(|op| !op.effect.is_letter() && op.path.pattern().ends_with("/*"))
        .filter_map(|op| op.path.split_last().map(|(above, _)| above))
        .collect();
    match collections.iter().find(|path| too_long(path, ITEMS_MAX)) {
        Some(full) => Err(Refusal::at("too-many", full)),
        None => Ok(()),
    }
}

/// A record must be born with all its maps and prose: whoever made one later would shadow the
/// one a colleague has made meanwhile.
fn born_whole(version: &Automerge, kind: RecordKind) -> Result<(), Refusal> {
    let maps = containers_of(kind).into_iter();
    let prose = rules_of(kind)
        .iter()
        .filter(|rule| rule.value == ValueRule::Prose && !rule.path.contains('*'))
        .map(|rule| rule.path);
    let mut needed = maps.chain(prose).map(Path::new).filter(|path| !is_later(path));
    let missing = needed.find(|path| find(version, path).is_none());
    if read::kind_of(version) != Some(kind) || !exists(version, &Path::new("schema")) {
        return Err(Refusal::whole("not-a-beginning"));
    }
    missing.map_or(Ok(()), |path| Err(Refusal::at("not-a-beginning", &path)))
}

/// An entry must be born with its prose, for the same reason.
fn entries_whole(version: &Automerge, kind: RecordKind, ops: &[LocatedOp]) -> Result<(), Refusal> {
    let made = ops.iter().filter(|op| matches!(op.effect, Effect::Make(ObjType::Map)));
    for entry in made.map(|op| &op.path) {
        let prefix = format!("{}/", entry.pattern());
        let fields = rules_of(kind).iter().filter(|rule| rule.value == ValueRule::Prose);
        let mut missing = fields
            .filter_map(|rule| rule.path.strip_prefix(&prefix))
            .filter(|field| prefix.ends_with("*/") && !field.contains('/'))
            .map(|field| entry.child(field))
            .filter(|prose| find(version, prose).is_none());
        if let Some(prose) = missing.next() {
            return Err(Refusal::at("not-a-beginning", &prose));
        }
    }
    Ok(())
}
