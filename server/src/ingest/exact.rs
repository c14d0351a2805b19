//! Third check, first half: an operation stands where it says, and replaces exactly the values
//! its author saw there.
//!
//! Automerge believes a change about what it replaces. One that names a value of another field
//! would take that value away without a right to it; one that names less would leave a conflict
//! between a person and themselves. Works on the version at the change's parents.

use std::collections::{HashMap, HashSet};

use automerge::legacy::{Key, ObjectId, Op, OpId};
use automerge::{ActorId, Automerge, ExpandedChange, ObjId, ReadDoc};

/// Whether every operation replaces what stood in its place, no more and no less. The objects
/// themselves are known to exist: [`docket_protocol::ops::locate`] has found them.
pub(super) fn replaces_what_it_saw(version: &Automerge, change: &ExpandedChange) -> bool {
    let own = HashMap::new();
    let mut seen = Seen { version, change, values: own, letters: HashMap::new() };
    let counters = u64::from(change.start_op)..;
    change.operations.iter().zip(counters).all(|(op, at)| seen.holds(op, at))
}

struct Seen<'a> {
    version: &'a Automerge,
    change: &'a ExpandedChange,
    /// The last value this change itself has written, by field.
    values: HashMap<(ObjectId, String), OpId>,
    /// The letters of each prose, those this change inserts included.
    letters: HashMap<ObjectId, HashSet<OpId>>,
}

impl Seen<'_> {
    fn holds(&mut self, op: &Op, counter: u64) -> bool {
        let replaced: HashSet<OpId> = op.pred.iter().cloned().collect();
        match &op.key {
            Key::Map(key) => {
                let field = (op.obj.clone(), key.to_string());
                let stood = match self.values.get(&field) {
                    Some(own) => HashSet::from([own.clone()]),
                    None => self.stored(&op.obj, key),
                };
                self.values.insert(field, OpId::new(counter, &self.change.actor_id));
                replaced == stood
            }
            Key::Seq(element) if op.insert => {
                let own = OpId::new(counter, &self.change.actor_id);
                let letters = self.letters(&op.obj);
                let anchored = element.as_opid().is_none_or(|id| letters.contains(id));
                letters.insert(own);
                anchored && replaced.is_empty()
            }
            Key::Seq(element) => element.as_opid().is_some_and(|id| {
                replaced == HashSet::from([id.clone()]) && self.letters(&op.obj).remove(id)
            }),
        }
    }

    /// The values of a field in the version; none in a map that this change makes.
    fn stored(&self, object: &ObjectId, key: &str) -> HashSet<OpId> {
        let values = in_document(self.version, object)
            .and_then(|object| self.version.get_all(&object, key).ok());
        values.into_iter().flatten().filter_map(|(_, id)| op_id(&id)).collect()
    }

    fn letters(&mut self, object: &ObjectId) -> &mut HashSet<OpId> {
        let version = self.version;
        self.letters.entry(object.clone()).or_insert_with(|| {
            let prose = in_document(version, object);
            let letters = prose.iter().flat_map(|prose| version.list_range(prose, ..));
            letters.filter_map(|letter| op_id(&letter.id())).collect()
        })
    }
}

fn in_document(version: &Automerge, object: &ObjectId) -> Option<ObjId> {
    match object {
        ObjectId::Root => Some(ObjId::Root),
        ObjectId::Id(id) => {
            version.import_obj(&format!("{}@{}", id.counter(), id.actor().to_hex_string())).ok()
        }
    }
}

fn op_id(id: &ObjId) -> Option<OpId> {
    match id {
        ObjId::Root => None,
        ObjId::Id(counter, actor, _) => Some(OpId::new(*counter, &ActorId::from(actor.to_bytes()))),
    }
}
