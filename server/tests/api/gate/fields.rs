//! Fields: what may stand where, and what may never be done to them.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ObjType, ROOT, ScalarValue};
use docket_protocol::limits::{LINE_CHARS_MAX, PROSE_CHARS_MAX};

use super::{Scene, object};
use crate::support::Office;

/// An attack's name, what it puts where, the word it gets and the path that is named.
type Put = (&'static str, &'static str, &'static str, ScalarValue, &'static str);

fn text(text: &str) -> ScalarValue {
    ScalarValue::Str(text.into())
}

/// Puts each value into `section/key` and expects the code.
fn puts(table: Vec<Put>) {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    for (name, section, key, value, code) in table {
        let (got, at) = scene.hack(name, |tx| {
            let section = if section.is_empty() { ROOT } else { object(tx, section) };
            tx.put(section, key, value).unwrap();
        });
        let path = if section.is_empty() { key.to_owned() } else { format!("{section}/{key}") };
        assert_eq!((got.as_str(), at), (code, path), "{name}");
    }
    scene.is_sound();
}

#[test]
fn values_fit_their_fields() {
    use ScalarValue::{Bytes, F64, Int, Uint};
    let long_line = "x".repeat(LINE_CHARS_MAX + 1);
    puts(vec![
        ("a word that is no choice", "intake", "level", text("awful"), "bad-value"),
        ("a line too long", "intake", "title", text(&long_line), "bad-value"),
        ("a line break in a line", "intake", "title", text("a\nb"), "bad-value"),
        ("a number for a line", "intake", "title", Int(5), "bad-value"),
        ("bytes for a line", "intake", "title", Bytes(vec![1]), "bad-value"),
        ("a fraction of a moment", "visit", "arrived_at", F64(1.5), "bad-value"),
        ("an unsigned moment", "visit", "arrived_at", Uint(1), "bad-value"),
        ("a moment before time", "visit", "arrived_at", Int(-1), "bad-value"),
        ("a counter", "visit", "arrived_at", ScalarValue::counter(1), "bad-value"),
        ("a value over prose", "intake", "symptom", text("gone"), "bad-value"),
    ]);
}

#[test]
fn fields_are_written_by_those_who_may_and_once_where_once() {
    use ScalarValue::{Int, Uint};
    puts(vec![
        ("an unknown field", "", "boss", text("ada"), "unknown-field"),
        ("an unknown field in a section", "intake", "x", text(""), "unknown-field"),
        ("a value over a section", "", "steps", text("gone"), "unknown-field"),
        ("assigning", "assignment", "lead", text(""), "not-allowed"),
        ("archiving", "archive", "archived_at", Int(1), "not-allowed"),
        ("another kind", "", "kind", text("dossier"), "written-once"),
        ("another shape", "", "schema", Uint(2), "written-once"),
        ("another opener", "intake", "opened_by", text(""), "written-once"),
    ]);
}

#[test]
fn nothing_is_deleted_replaced_or_made_up() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let step = scene.step.to_string();
    let step = step.as_str();
    let act = |name: &str, code: &str, path: &str, act: &dyn Fn(&mut Transaction<'_>)| {
        let (got, at) = scene.hack(name, act);
        assert_eq!((got.as_str(), at.as_str()), (code, path), "{name}");
    };
    let in_steps = format!("steps/{step}");
    act("a value over an entry", "unknown-field", &in_steps, &|tx| {
        tx.put(object(tx, "steps"), step, "gone").unwrap();
    });
    act("a deleted entry", "no-delete", &in_steps, &|tx| {
        tx.delete(object(tx, "steps"), step).unwrap();
    });
    act("a deleted section", "no-delete", "report", &|tx| tx.delete(ROOT, "report").unwrap());
    let make = |name: &str, code: &str, section: &str, key: &str, made: ObjType| {
        let path = if section.is_empty() { key.to_owned() } else { format!("{section}/{key}") };
        act(name, code, &path, &|tx| {
            let section = if section.is_empty() { ROOT } else { object(tx, section) };
            tx.put_object(section, key, made).unwrap();
        });
    };
    make("a section made again", "already-there", "", "steps", ObjType::Map);
    make("an entry made again", "already-there", "steps", step, ObjType::Map);
    make("prose made again", "already-there", "report", "cause", ObjType::Text);
    make("a section nobody knows", "unknown-field", "", "secret", ObjType::Map);
    make("an entry without an id", "unknown-field", "steps", "mine", ObjType::Map);
    make("a list", "foreign-operation", "", "list", ObjType::List);
    act("prose without end", "bad-value", "report/cause", &|tx| {
        let endless = "长".repeat(PROSE_CHARS_MAX + 1);
        tx.splice_text(object(tx, "report/cause"), 0, 0, &endless).unwrap();
    });
    scene.is_sound();
}
