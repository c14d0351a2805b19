//! 修订: a signed report is opened again, with a reason, for a new signature.
//!
//! A sign-off of the report *binds*: it freezes the locked fields until an amendment names it.
//! Nothing about the sign-off itself changes; its version stays readable, printable and provable
//! for ever. Phone and gate judge with these same functions, at the version the author saw, so
//! an edit made before its author could know of a signature or of an amendment stays right.

use std::collections::BTreeSet;

use automerge::{Automerge, ChangeHash, ObjId, ReadDoc};

use crate::ids::ItemId;
use crate::ops::{Effect, LocatedOp};
use crate::record::path::Path;
use crate::record::value::FieldValue;
use crate::signoff::{Outcome, Purpose, Signed, Statement};

/// The collection of amendments in a job.
pub const AMENDMENTS: &str = "amendments";

/// An amendment as it stands in the record, without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amending {
    /// Its id.
    pub amendment: ItemId,
    /// The change that made it: what descends from it knows that the fields are open again.
    pub change: ChangeHash,
    /// The sign-offs it names.
    pub signoffs: Vec<ItemId>,
}

/// The sign-offs that freeze the locked fields: of the report, valid, not amended. A customer
/// who signed that the report is refused freezes nothing: the work goes on.
pub fn binding(doc: &Automerge) -> Vec<Statement> {
    let amended: BTreeSet<ItemId> =
        amendings(doc).into_iter().flat_map(|amending| amending.signoffs).collect();
    Signed::all_in(doc)
        .into_iter()
        .filter(|(id, _)| !amended.contains(id))
        .filter_map(|(_, signed)| signed.verify().ok())
        .filter(|said| said.purpose == Purpose::Report && said.outcome != Outcome::Refused)
        .collect()
}

/// The amendments in a record, by id.
pub fn amendings(doc: &Automerge) -> Vec<Amending> {
    let mut found = Vec::new();
    // All of them, should two carry one id or two phones have made the map: none hides another.
    for (_, map) in doc.get_all(automerge::ROOT, AMENDMENTS).unwrap_or_default() {
        for key in doc.keys(&map) {
            let Ok(amendment) = key.parse() else { continue };
            for (_, entry) in doc.get_all(&map, key.as_str()).unwrap_or_default() {
                found.extend(read(doc, amendment, &entry));
            }
        }
    }
    found
}

fn read(doc: &Automerge, amendment: ItemId, entry: &ObjId) -> Option<Amending> {
    let (_, named) = doc.get(entry, "signoffs").ok()??;
    let signoffs = doc.keys(&named).filter_map(|id| id.parse().ok()).collect();
    Some(Amending { amendment, change: doc.hash_for_opid(entry)?, signoffs })
}

/// Whether the amendments in a change are whole: each with a reason, each naming sign-offs that
/// bind, none written to afterwards. Gives the path of one that is not.
pub fn unsound(ops: &[LocatedOp], binding: &[ItemId]) -> Option<Path> {
    let entries: BTreeSet<Path> = ops.iter().filter_map(|op| entry_of(&op.path)).collect();
    entries.into_iter().find(|entry| !is_whole(entry, ops, binding))
}

fn is_whole(entry: &Path, ops: &[LocatedOp], binding: &[ItemId]) -> bool {
    let made = ops.iter().any(|op| *op.path == *entry && matches!(op.effect, Effect::Make(_)));
    let reason = entry.child("reason");
    let has_reason = ops.iter().any(|op| match &op.effect {
        Effect::Put(value) if *op.path == reason => is_reason(&FieldValue::from_scalar(value)),
        _ => false,
    });
    let prefix = format!("{}/", entry.child("signoffs"));
    let named: Vec<_> =
        ops.iter().filter_map(|op| op.path.as_str().strip_prefix(&prefix)).collect();
    let all_bind = named.iter().all(|id| id.parse().is_ok_and(|id| binding.contains(&id)));
    made && has_reason && !named.is_empty() && all_bind
}

/// Whether this says anything.
pub(crate) fn is_reason(value: &FieldValue) -> bool {
    matches!(value, FieldValue::Text(text) if !text.trim().is_empty())
}

fn entry_of(path: &Path) -> Option<Path> {
    let mut segments = path.segments();
    let (collection, id) = (segments.next()?, segments.next()?);
    (collection == AMENDMENTS).then(|| Path::new(collection).child(id))
}
