//! Records that grow without end by legal changes, and changes nobody can show.

use automerge::transaction::Transactable;
use docket_protocol::edit::{self, Author, Edit, NewEntry};
use docket_protocol::ids::ItemId;
use docket_protocol::limits::{RECORD_OPS_MAX, RECORD_OPS_SOFT};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::size::{Room, room};
use docket_protocol::role::Role;
use docket_protocol::signoff::Purpose;
use docket_protocol::wire::Verdict;
use docket_server::random::random;

use super::{Scene, object, refusal};
use crate::support::Office;

/// FAULTS row 44: many legal changes fill a record; it says so in time, takes nothing that makes
/// it longer, and is still finished, signed and filed.
#[test]
fn a_full_record_takes_no_more_and_is_still_signed_and_closed() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let page = "长".repeat(48_000);
    for prose in ["report/cause", "report/treatment", "report/advice", "report/symptom"] {
        write(&mut scene, prose, &page);
        let ops = automerge::ReadDoc::stats(&scene.doc()).num_ops;
        assert_eq!(room(&scene.doc()) == Room::Little, ops >= RECORD_OPS_SOFT, "{ops}");
    }
    write(&mut scene, "report/modifications", &"长".repeat(12_000));
    assert!(automerge::ReadDoc::stats(&scene.doc()).num_ops >= RECORD_OPS_MAX);

    let step = ItemId::new(1, random());
    let (code, _) = scene.hack("one more step", |tx| {
        let steps = object(tx, "steps");
        tx.put_object(steps, step.to_string(), automerge::ObjType::Map).expect("a map");
    });
    assert_eq!(code, "record-full");
    let (code, at) = scene.hack("one more letter", |tx| {
        let cause = object(tx, "intake/demand");
        tx.splice_text(&cause, 0, 0, "x").expect("a splice");
    });
    assert_eq!((code.as_str(), at.as_str()), ("record-full", "intake/demand"));
    let author = Author { user: scene.ada.user, role: Role::Engineer, now: scene.ada.clock_ms };
    let entry = NewEntry { collection: Path::new("steps"), id: step, fields: Default::default() };
    let refused = edit::apply(&mut scene.doc(), RecordKind::Job, &Edit::AddEntry(entry), &author);
    assert_eq!(refused.unwrap_err().code, "record-full", "the phone says so by itself");

    scene.ada.set(scene.job, "report/outcome", "solved");
    scene.ada.sign_off(scene.job, Purpose::Report);
    let verdicts = scene.ada.sync().verdicts.remove(0).verdicts;
    assert!(verdicts.iter().all(|word| matches!(word, Verdict::Accepted(_))), "{verdicts:?}");
    let filed = Edit::SetField { path: Path::new("archive/archived_at"), value: 5.into() };
    office.desk_edit("dora", scene.job, filed).expect("the job is filed");
}

fn write(scene: &mut Scene<'_>, prose: &str, text: &str) {
    scene.ada.hack(scene.job, |tx| {
        let prose = object(tx, prose);
        tx.splice_text(&prose, 0, 0, text).expect("a splice");
    });
    let verdicts = scene.ada.sync().verdicts.remove(0).verdicts;
    assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{prose}: {verdicts:?}");
}

/// FAULTS row 51: a change that passes every check and cannot be shown stays out alone; the
/// other changes of its push, other records and later work go in.
#[test]
fn a_change_nobody_can_show_is_isolated() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let other = scene.ada.open_job("Valve leaks");
    let poisoned = office.app.store.write_blocking(|tx| {
        let trigger = "create trigger poison before update on jobs when new.title = 'poison'
                       begin select raise(abort, 'this cannot be shown'); end";
        tx.sql.execute_batch(&format!(
            "{trigger};{}",
            trigger.replace("poison before update", "p2 before insert")
        ))?;
        Ok::<_, docket_server::store::StoreError>(())
    });
    poisoned.expect("a projection that fails");
    scene.ada.set(scene.job, "intake/priority", "high");
    scene.ada.set(scene.job, "intake/title", "poison");
    scene.ada.set(scene.job, "intake/mode", "phone");
    let changes = scene.ada.unsent[&scene.job].clone();
    let response = scene.ada.sync();
    let of = |record| {
        let found = response.verdicts.iter().find(|verdicts| verdicts.record == record);
        found.expect("verdicts").verdicts.clone()
    };
    let verdicts = of(scene.job);
    assert!(matches!(verdicts[0], Verdict::Accepted(_)), "{verdicts:?}");
    assert_eq!(refusal(&verdicts[1..2]).0, "change-unreadable");
    assert_eq!(refusal(&verdicts[2..]).0, "depends-on-refused");
    assert!(matches!(of(other)[..], [Verdict::Accepted(_)]));
    // The next push is judged as if nothing had happened.
    let again = scene.ada.push(scene.job, changes[..1].to_vec());
    assert_eq!(again, [Verdict::Duplicate]);
}
