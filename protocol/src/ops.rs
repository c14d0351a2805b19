//! What a change does, operation by operation, in the words of the record: path and effect.
//!
//! The gate judges these against the field rules before the change is applied; the timeline
//! shows them to people. The document must hold the change's parents; it may or may not hold
//! the change itself.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use automerge::legacy::{Key, ObjectId, OpId, OpType};
use automerge::{ActorId, Automerge, ExpandedChange, ObjId, ObjType, ReadDoc, ScalarValue};
use smol_str::SmolStr;

use crate::limits::{KEY_BYTES_MAX, PATH_DEPTH_MAX};
use crate::record::path::Path;

/// One operation, located.
#[derive(Debug, Clone, PartialEq)]
pub struct LocatedOp {
    /// The field written, or the prose whose letters change: all of them share one path.
    pub path: Arc<Path>,
    /// What happens there.
    pub effect: Effect,
}

/// What an operation does.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// A scalar is written.
    Put(ScalarValue),
    /// A map or a prose field is made.
    Make(ObjType),
    /// A letter is inserted into prose.
    Insert(SmolStr),
    /// A letter is taken out of prose.
    Remove,
    /// A whole field or entry is deleted.
    Delete,
    /// Anything Docket does not use: counters, marks, lists.
    Foreign,
}

impl Effect {
    /// Whether a letter of prose comes or goes.
    pub fn is_letter(&self) -> bool {
        matches!(self, Self::Insert(_) | Self::Remove)
    }
}

/// An operation refers to something that does not exist or does not fit; the text is a
/// refusal code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpsError {
    /// The object written to is unknown.
    #[error("unknown-object")]
    UnknownObject,
    /// No record has a field of this name, or this deep.
    #[error("unknown-field")]
    NoSuchField,
    /// A map is addressed like a text, or the reverse.
    #[error("key-mismatch")]
    KeyMismatch,
    /// An operation it replaces is unknown.
    #[error("unknown-predecessor")]
    UnknownPredecessor,
}

/// Locates every operation of `change`.
pub fn locate(doc: &Automerge, change: &ExpandedChange) -> Result<Vec<LocatedOp>, OpsError> {
    let mut locator = Locator { doc, change, made: HashMap::new(), known: HashMap::new() };
    let counters = u64::from(change.start_op)..;
    change.operations.iter().zip(counters).map(|(op, at)| locator.operation(op, at)).collect()
}

/// The fields that operations write, each once.
pub fn paths_of(ops: &[LocatedOp]) -> Vec<Path> {
    let paths: BTreeSet<&Path> = ops.iter().map(|op| &*op.path).collect();
    paths.into_iter().cloned().collect()
}

struct Locator<'doc> {
    doc: &'doc Automerge,
    change: &'doc ExpandedChange,
    made: HashMap<u64, (Arc<Path>, ObjType)>,
    known: HashMap<OpId, (Arc<Path>, ObjType)>,
}

impl Locator<'_> {
    fn operation(
        &mut self,
        op: &automerge::legacy::Op,
        counter: u64,
    ) -> Result<LocatedOp, OpsError> {
        let (object, kind) = self.object(&op.obj)?;
        for predecessor in op.pred.iter() {
            if predecessor.counter() >= counter || !self.exists(predecessor) {
                return Err(OpsError::UnknownPredecessor);
            }
        }
        match (kind, &op.key) {
            (ObjType::Map, Key::Map(key)) if !op.insert => {
                let path = Arc::new(field(&object, key)?);
                if let OpType::Make(made) = op.action {
                    self.made.insert(counter, (path.clone(), made));
                }
                Ok(LocatedOp { path, effect: map_effect(&op.action) })
            }
            (ObjType::Text, Key::Seq(element)) => {
                if let Some(anchor) = element.as_opid()
                    && (anchor.counter() >= counter || !self.exists(anchor))
                {
                    return Err(OpsError::UnknownObject);
                }
                Ok(LocatedOp { path: object, effect: text_effect(&op.action, op.insert) })
            }
            _ => Err(OpsError::KeyMismatch),
        }
    }

    fn object(&mut self, id: &ObjectId) -> Result<(Arc<Path>, ObjType), OpsError> {
        let ObjectId::Id(id) = id else {
            return Ok((Arc::default(), ObjType::Map));
        };
        if *id.actor() == self.change.actor_id
            && let Some(found) = self.made.get(&id.counter())
        {
            return Ok(found.clone());
        }
        if let Some(found) = self.known.get(id) {
            return Ok(found.clone());
        }
        let (path, kind) = in_document(self.doc, id).ok_or(OpsError::UnknownObject)?;
        let found = (Arc::new(path), kind);
        self.known.insert(id.clone(), found.clone());
        Ok(found)
    }

    /// Whether an operation is in the document or earlier in this change.
    fn exists(&self, id: &OpId) -> bool {
        let own =
            *id.actor() == self.change.actor_id && id.counter() >= u64::from(self.change.start_op);
        own || exid(self.doc, id).is_some_and(|id| self.doc.hash_for_opid(&id).is_some())
    }
}

/// The path of a field. A key with a slash in it would look like a field of another map, and
/// paths without end would be made for every operation below them.
fn field(object: &Path, key: &str) -> Result<Path, OpsError> {
    let sound = !key.is_empty() && !key.contains('/') && key.len() <= KEY_BYTES_MAX;
    if sound && object.segments().count() < PATH_DEPTH_MAX {
        Ok(object.child(key))
    } else {
        Err(OpsError::NoSuchField)
    }
}

fn map_effect(action: &OpType) -> Effect {
    match action {
        OpType::Put(value) => Effect::Put(value.clone()),
        OpType::Make(kind) => Effect::Make(*kind),
        OpType::Delete => Effect::Delete,
        OpType::Increment(_) | OpType::MarkBegin(_) | OpType::MarkEnd(_) => Effect::Foreign,
    }
}

fn text_effect(action: &OpType, insert: bool) -> Effect {
    match action {
        OpType::Put(ScalarValue::Str(letter)) if insert => Effect::Insert(letter.clone()),
        OpType::Delete if !insert => Effect::Remove,
        _ => Effect::Foreign,
    }
}

fn exid(doc: &Automerge, id: &OpId) -> Option<ObjId> {
    doc.import_obj(&format!("{}@{}", id.counter(), id.actor().to_hex_string())).ok()
}

fn in_document(doc: &Automerge, id: &OpId) -> Option<(Path, ObjType)> {
    let object = exid(doc, id)?;
    let kind = doc.object_type(&object).ok()?;
    let keys: Vec<_> = doc.parents(&object).ok()?.map(|parent| parent.prop).collect();
    let path = keys.iter().rev().fold(Path::default(), |path, key| path.child(key));
    Some((path, kind))
}

/// Whether an actor id has the length Docket's writers use.
pub fn actor_is_well_formed(actor: &ActorId) -> bool {
    actor.to_bytes().len() == crate::limits::ACTOR_BYTES
}
