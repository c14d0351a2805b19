//! Changes that would take something away, shadow a colleague's work, or rewrite what a record is.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ActorId, ObjType, ROOT, ScalarValue};
use docket_protocol::ids::ItemId;

use super::base::Base;
use super::{Case, refused};
use crate::gate::object;
use crate::support::change_with;

pub(super) fn cases(base: &Base) -> Vec<Case> {
    let step = base.step.to_string();
    let change = |act: &dyn Fn(&mut Transaction<'_>)| base.change(act);
    let delete = |section: &str, key: &str| {
        change(&|tx| {
            let section = if section.is_empty() { ROOT } else { object(tx, section) };
            tx.delete(section, key).expect("a deletion");
        })
    };
    let make = |section: &str, key: &str| {
        change(&|tx| {
            let section = if section.is_empty() { ROOT } else { object(tx, section) };
            drop(tx.put_object(section, key, ObjType::Map).expect("a map"));
        })
    };
    let root = |key: &str, value: ScalarValue| {
        change(&|tx| tx.put(ROOT, key, value.clone()).expect("a put"))
    };
    let entry = ItemId::new(1, [0xab; 10]).to_string();
    vec![
        refused("deletes-an-entry", "no-delete", delete("steps", &step)),
        refused("deletes-a-field", "no-delete", delete("intake", "title")),
        refused("deletes-a-section", "no-delete", delete("", "report")),
        refused("deletes-the-schema", "no-delete", delete("", "schema")),
        refused("rewrites-the-schema", "written-once", root("schema", ScalarValue::Uint(2))),
        refused("rewrites-the-kind", "written-once", root("kind", "dossier".into())),
        refused("value-over-a-section", "unknown-field", root("steps", "gone".into())),
        refused("rewrites-who-did-a-step", "written-once", {
            change(&|tx| {
                let entry = object(tx, &format!("steps/{step}"));
                tx.put(entry, "by", "0193e7a0-0000-7000-8000-000000000000").expect("a put");
            })
        }),
        refused("makes-a-section-again", "already-there", make("", "steps")),
        refused("makes-an-entry-again", "already-there", make("steps", &step)),
        refused("makes-an-entry-beside", "already-there", beside(base, &step)),
        refused("entry-without-its-prose", "not-a-beginning", make("steps", &entry)),
        refused("entry-of-an-id-in-capitals", "unknown-field", {
            make("steps", &entry.to_uppercase())
        }),
        refused("writes-the-archive", "not-allowed", {
            change(&|tx| {
                let archive = object(tx, "archive");
                tx.put(archive, "archived_at", 5).expect("a put");
            })
        }),
    ]
}

/// From a version before the step was there, with so many operations that it would win.
fn beside(base: &Base, step: &str) -> Vec<u8> {
    let mut doc = base.before_the_step();
    doc.set_actor(ActorId::from([0xee; 16]));
    change_with(&mut doc, |tx| {
        let intake = object(tx, "intake");
        for number in 0..200 {
            tx.put(&intake, "caller", format!("caller {number}")).expect("a put");
        }
        let steps = object(tx, "steps");
        let entry = tx.put_object(steps, step, ObjType::Map).expect("a map");
        tx.put_object(entry, "text", ObjType::Text).expect("prose");
    })
}
