//! A signed report is opened again only by an amendment that says why, and only for those who
//! know of it; both signatures stay provable for ever.

use automerge::transaction::Transactable;
use automerge::{ActorId, ObjType};
use docket_protocol::edit::Edit;
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::write::{create_entry, find};
use docket_protocol::signoff::{Purpose, verify_proof};
use docket_protocol::wire::Verdict;
use docket_server::random::random;

use crate::support::{Office, Phone, change_with};

fn all_accepted(verdicts: &[Verdict]) -> bool {
    verdicts.iter().all(|verdict| matches!(verdict, Verdict::Accepted(_)))
}

fn refusals(verdicts: &[Verdict]) -> Vec<&str> {
    let codes = verdicts.iter().map(|verdict| match verdict {
        Verdict::Refused(code, _) => code.as_str(),
        _ => "accepted",
    });
    codes.collect()
}

/// Ada has had the report signed and sent it.
fn signed(office: &Office) -> (Phone<'_>, RecordId, ItemId) {
    let mut ada = Phone::of(office, "ada");
    let job = office.job_for("ada", "Flow meter reads high");
    ada.sync();
    ada.set(job, "report/cause", "Sensor aged");
    ada.set(job, "report/finished_at", ada.clock_ms);
    let signoff = ada.sign_off(job, Purpose::Report);
    assert!(all_accepted(&ada.sync().verdicts[0].verdicts));
    (ada, job, signoff)
}

fn amend(signoff: ItemId) -> Edit {
    let reason = "The serial number was wrong".to_owned();
    Edit::Amend { amendment: ItemId::new(1, random()), signoffs: vec![signoff], reason }
}

#[test]
fn an_amended_report_is_signed_anew_and_both_signatures_are_proved() {
    let office = Office::open();
    let (mut ada, job, first) = signed(&office);
    ada.edit(job, &amend(first));
    ada.set(job, "report/cause", "Sensor swapped by mistake");
    assert!(all_accepted(&ada.sync().verdicts[0].verdicts));
    let page = office.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token)).json();
    assert_eq!(page["stage"], "reported");
    let second = ada.sign_off(job, Purpose::Report);
    assert!(all_accepted(&ada.sync().verdicts[0].verdicts));
    let page = office.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token)).json();
    assert_eq!(page["stage"], "signed");
    for (signoff, cause) in [(first, "Sensor aged"), (second, "Sensor swapped by mistake")] {
        let path = format!("/v1/docs/{job}/signoffs/{signoff}/proof");
        let file = office.get(&path, Some(&ada.access_token)).body;
        let proof = verify_proof(&file).expect("the proof holds");
        assert_eq!(proof.content["report"]["cause"], cause);
    }
}

#[test]
fn the_desk_may_amend_too_but_nobody_signs_there() {
    let office = Office::open();
    let (_, job, signoff) = signed(&office);
    let cause = Edit::SetField { path: "report/cause".into(), value: "Another".into() };
    assert!(office.desk_edit("dora", job, cause.clone()).is_err());
    assert!(office.desk_edit("eve", job, amend(signoff)).is_err(), "executives only read");
    office.desk_edit("dora", job, amend(signoff)).unwrap();
    office.desk_edit("dora", job, cause).unwrap();
}

/// FAULTS row 55: every order of arrival of a signature, an amendment and what others wrote
/// without knowing of either.
#[test]
fn what_an_author_could_know_decides_in_every_order_of_arrival() {
    let office = Office::open();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut ada = Phone::of(&office, "ada");
        let job = office.job_for("ada", "Flow meter reads high");
        let helper = Path::new("assignment/helpers").child(office.user("ben"));
        let helps = Edit::SetField { path: helper, value: true.into() };
        office.desk_edit("dora", job, helps).unwrap();
        ada.sync();
        let mut ben = Phone::of(&office, "ben");
        ben.sync();
        // Ada: signs. Ben: writes without coverage. The desk: writes, if nothing stops it.
        let mut desk_wrote = false;
        ada.set(job, "report/cause", "Sensor aged");
        let first = ada.sign_off(job, Purpose::Report);
        ben.set(job, "report/advice", "Clean it yearly");
        for step in order {
            match step {
                0 => assert!(all_accepted(&ada.sync().verdicts[0].verdicts)),
                1 => assert!(all_accepted(&ben.sync().verdicts[0].verdicts)),
                _ => {
                    let title = Edit::SetField { path: "intake/title".into(), value: "New".into() };
                    desk_wrote = office.desk_edit("dora", job, title).is_ok();
                }
            }
        }
        let before = order.iter().position(|step| *step == 2) < order.iter().position(|s| *s == 0);
        assert_eq!(desk_wrote, before, "{order:?}: the desk knows what has arrived");
        // Ben learns of the signature; what he writes from now on is refused, by his own phone
        // and, were it not, by the gate.
        ben.sync();
        ben.hack(job, |tx| {
            let report = find(tx, &Path::new("report")).unwrap();
            tx.put(report, "outcome", "solved").unwrap();
        });
        let verdicts = ben.sync().verdicts.remove(0).verdicts;
        assert_eq!(refusals(&verdicts), ["locked-by-signoff"], "{order:?}");
        let path = format!("/v1/docs/{job}/signoffs/{first}/proof");
        let proof = verify_proof(&office.get(&path, Some(&ada.access_token)).body).unwrap();
        assert_eq!(proof.content["report"].get("advice"), Some(&"".into()), "{order:?}");
        let now = office.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token)).json();
        assert_eq!(now["content"]["report"]["advice"], "Clean it yearly", "{order:?}: kept");
    }
}

#[test]
fn an_amendment_that_is_not_whole_is_refused() {
    type Hack = fn(&mut automerge::transaction::Transaction<'_>, &Path, ItemId);
    let office = Office::open();
    let (ada, job, signoff) = signed(&office);
    let whole: Hack = |tx, path, signoff| {
        let entry = find(tx, path).unwrap();
        tx.put(&entry, "reason", "Because").unwrap();
        let named = find(tx, &path.child("signoffs")).unwrap();
        tx.put(&named, signoff.to_string(), true).unwrap();
    };
    let hacks: [(&str, &str, Hack); 6] = [
        ("a collection of its own", "unknown-field", |tx, path, _| {
            tx.put_object(find(tx, path).unwrap(), "more", ObjType::Map).unwrap();
        }),
        ("no reason", "bad-amendment", |tx, path, signoff| {
            let named = find(tx, &path.child("signoffs")).unwrap();
            tx.put(&named, signoff.to_string(), true).unwrap();
        }),
        ("a blank reason", "bad-amendment", |tx, path, signoff| {
            let entry = find(tx, path).unwrap();
            tx.put(&entry, "reason", "  ").unwrap();
            let named = find(tx, &path.child("signoffs")).unwrap();
            tx.put(&named, signoff.to_string(), true).unwrap();
        }),
        ("no signature", "bad-amendment", |tx, path, _| {
            let entry = find(tx, path).unwrap();
            tx.put(&entry, "reason", "Because").unwrap();
        }),
        ("a signature yet to be given", "bad-amendment", |tx, path, _| {
            let entry = find(tx, path).unwrap();
            tx.put(&entry, "reason", "Because").unwrap();
            let named = find(tx, &path.child("signoffs")).unwrap();
            tx.put(&named, ItemId::new(2, [2; 10]).to_string(), true).unwrap();
        }),
        ("and the edit in one", "locked-by-signoff", |tx, path, signoff| {
            let entry = find(tx, path).unwrap();
            tx.put(&entry, "reason", "Because").unwrap();
            let named = find(tx, &path.child("signoffs")).unwrap();
            tx.put(&named, signoff.to_string(), true).unwrap();
            let report = find(tx, &Path::new("report")).unwrap();
            tx.put(report, "outcome", "solved").unwrap();
        }),
    ];
    let rows = office.log_rows();
    let path = Path::new("amendments").child(ItemId::new(1, random()));
    let attempt = |hack: Hack| {
        let mut doc = ada.records[&job].1.clone();
        doc.set_actor(ActorId::from(random::<16>()));
        let chunk = change_with(&mut doc, |tx| {
            create_entry(tx, RecordKind::Job, &path).unwrap();
            hack(tx, &path, signoff);
        });
        ada.push(job, vec![chunk])
    };
    for (name, code, hack) in hacks {
        assert_eq!(refusals(&attempt(hack)), [code], "{name}");
    }
    assert_eq!(office.log_rows(), rows);
    assert_eq!(refusals(&attempt(whole)), ["accepted"], "the same, whole");
}

#[test]
fn a_signature_cannot_be_added_to_an_amendment_afterwards() {
    let office = Office::open();
    let (mut ada, job, first) = signed(&office);
    let edit = amend(first);
    ada.edit(job, &edit);
    let second = ada.sign_off(job, Purpose::Report);
    assert!(all_accepted(&ada.sync().verdicts[0].verdicts));
    let Edit::Amend { amendment, .. } = edit else { unreachable!() };
    ada.hack(job, |tx| {
        let path = Path::new("amendments").child(amendment).child("signoffs");
        let named = find(tx, &path).unwrap();
        tx.put(named, second.to_string(), true).unwrap();
    });
    let verdicts = ada.sync().verdicts.remove(0).verdicts;
    assert_eq!(refusals(&verdicts), ["bad-amendment"]);
}
