//! Whose work it is: actors of others, records of others, changes that stand on refused ones.

use automerge::ActorId;
use automerge::transaction::Transactable;
use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::record::path::Path;
use docket_protocol::wire::Verdict;
use docket_server::random::random;

use super::{Scene, object, refusal};
use crate::support::{Office, Phone, change_with};

/// FAULTS rows 45, 48: an actor belongs to one person on one phone.
#[test]
fn nobody_writes_in_another_ones_name() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let helper = Path::new(format!("assignment/helpers/{}", office.user("ben")));
    let edit = Edit::SetField { path: helper, value: true.into() };
    office.desk_edit("dora", scene.job, edit).unwrap();
    let lead = Edit::Assign { lead: office.user("ada") };
    office.desk_edit("dora", scene.job, lead).unwrap();
    let mut ben = Phone::of(&office, "ben");
    ben.sync();
    scene.ada.sync();

    // Ben's phone claims to be the actor of Ada's phone, whose row it knows.
    let (_, mut doc) = ben.records[&scene.job].clone();
    doc.set_actor(scene.doc().get_actor().clone());
    let stolen = change_with(&mut doc, |tx| {
        let intake = object(tx, "intake");
        tx.put(intake, "caller", "forged").unwrap();
    });
    let verdicts = ben.push(scene.job, vec![stolen.clone()]);
    assert_eq!(refusal(&verdicts).0, "foreign-actor");
    // Ada's second phone is not her first one either, but it may write again as itself.
    let second = Phone::of(&office, "ada");
    assert_eq!(second.push(scene.job, vec![stolen]), [Verdict::Fork]);
    scene.is_sound();
}

#[test]
fn one_bad_change_takes_down_only_what_stands_on_it() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let other = scene.ada.open_job("Valve leaks");
    scene.ada.set(scene.job, "intake/priority", "high");
    scene.ada.hack(scene.job, |tx| {
        let archive = object(tx, "archive");
        tx.put(archive, "archived_at", 5).unwrap();
    });
    scene.ada.set(scene.job, "intake/mode", "phone");
    let response = scene.ada.sync();
    let of = |record: RecordId| {
        let found = response.verdicts.iter().find(|verdicts| verdicts.record == record);
        found.unwrap().verdicts.clone()
    };
    let verdicts = of(scene.job);
    assert!(matches!(verdicts[0], Verdict::Accepted(_)), "{verdicts:?}");
    assert_eq!(refusal(&verdicts[1..2]), ("not-allowed".into(), "archive/archived_at".into()));
    assert_eq!(refusal(&verdicts[2..]).0, "depends-on-refused");
    assert!(matches!(of(other)[..], [Verdict::Accepted(_)]));
}

/// FAULTS row 69: a foreign record looks like none.
#[test]
fn nobody_pushes_into_records_that_are_not_theirs() {
    let office = Office::open();
    let mut scene = Scene::open(&office);
    let ben = Phone::of(&office, "ben");
    let mut doc = scene.doc();
    doc.set_actor(ActorId::from(random::<16>()));
    let chunk = change_with(&mut doc, |tx| {
        let intake = object(tx, "intake");
        tx.put(intake, "caller", "Ben").unwrap();
    });
    let rows = office.log_rows();
    let foreign = ben.push(scene.job, vec![chunk.clone()]);
    let unknown = ben.push(RecordId::new(1, random()), vec![chunk]);
    assert_eq!(foreign, unknown, "a foreign record looks like one that does not exist");
    assert_eq!(refusal(&foreign).0, "unknown-record");
    assert_eq!(office.log_rows(), rows);
    scene.is_sound();
}
