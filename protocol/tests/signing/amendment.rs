//! A signed report is opened again, with a reason, and signed anew; nothing signed is lost.

use crate::support::{amend, author, edit, item, job, merge, phone, put, set, sign, statement};
use docket_protocol::amendment::binding;
use docket_protocol::automerge::transaction::Transactable;
use docket_protocol::automerge::{self, Automerge};
use docket_protocol::edit::{Edit, NewEntry, report_signed};
use docket_protocol::ids::ItemId;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::path::Path;
use docket_protocol::record::{RecordKind, read};
use docket_protocol::signoff::{Outcome, Purpose, Signed};
use docket_protocol::stage::{Stage, stage_of};

fn content(doc: &Automerge) -> JobContent {
    JobContent::from_json(read::content(doc, RecordKind::Job))
}

fn stage(doc: &Automerge) -> Stage {
    stage_of(&content(doc), report_signed(doc))
}

fn binds(doc: &Automerge) -> Vec<ItemId> {
    let mut ids: Vec<_> = binding(doc).into_iter().map(|statement| statement.signoff).collect();
    ids.sort_unstable();
    ids
}

fn reported() -> Automerge {
    let mut doc = phone(&job(), 2);
    edit(&mut doc, 2, &set("report/finished_at", 5_000)).unwrap();
    doc
}

#[test]
fn an_amendment_opens_what_was_signed_until_it_is_signed_anew() {
    let mut ada = reported();
    let first = sign(&mut ada, 2, item(50));
    assert_eq!(stage(&ada), Stage::Signed);
    let cause = set("report/cause", "Worn bearing");
    assert_eq!(edit(&mut ada, 2, &cause).unwrap_err().code, "locked-by-signoff");

    let amendment = amend(&mut ada, 2, item(60), &[first.signoff]).unwrap();
    assert_eq!(stage(&ada), Stage::Reported, "the signature is still to come");
    edit(&mut ada, 2, &cause).unwrap();
    let kept = &content(&ada).amendments[&amendment];
    assert_eq!(kept.reason, "The serial number was wrong");
    assert_eq!((kept.at, kept.by), (2_000, Some(author(2).user)));

    let second = sign(&mut ada, 2, item(51));
    assert_eq!(stage(&ada), Stage::Signed);
    assert_eq!(edit(&mut ada, 2, &cause).unwrap_err().code, "locked-by-signoff");
    assert_eq!(binds(&ada), [second.signoff]);

    // The old signature still holds, for the version it was given on.
    let signed = Signed::all_in(&ada);
    assert_eq!(signed.len(), 2);
    let heads: Vec<_> = first.heads.iter().map(|head| (*head).into()).collect();
    let then = read::content_at(&ada, RecordKind::Job, &heads).unwrap();
    assert_eq!(JobContent::from_json(then).report.cause, "Dirt");
    assert!(signed.iter().all(|(_, signed)| signed.verify().is_ok()));
}

#[test]
fn an_amendment_is_one_change_and_names_signatures_that_bind() {
    let mut ada = reported();
    let refused = |doc: &mut Automerge, signoffs: &[ItemId], reason: &str| {
        let edits = Edit::Amend {
            amendment: item(99),
            signoffs: signoffs.to_vec(),
            reason: reason.to_owned(),
        };
        let before = doc.get_heads();
        let code = edit(doc, 2, &edits).unwrap_err().code;
        assert_eq!(doc.get_heads(), before, "nothing was written");
        code
    };
    assert_eq!(refused(&mut ada, &[item(50)], "Why not"), "bad-amendment", "nothing is signed");
    let plan = statement(&ada, 2, Purpose::Plan, item(40));
    put(&mut ada, 2, &plan);
    let mut no = statement(&ada, 2, Purpose::Report, item(41));
    no.outcome = Outcome::Refused;
    put(&mut ada, 2, &no);
    let report = sign(&mut ada, 2, item(50));
    for (signoffs, reason) in [
        (vec![], "No signature named"),
        (vec![report.signoff], " \n"),
        (vec![report.signoff, item(77)], "One of them unknown"),
        (vec![plan.signoff], "A plan freezes nothing"),
        (vec![no.signoff], "A refusal freezes nothing"),
    ] {
        assert_eq!(refused(&mut ada, &signoffs, reason), "bad-amendment", "{reason}");
    }
    let changes = ada.get_changes(&[]).len();
    amend(&mut ada, 2, item(60), &[report.signoff]).unwrap();
    assert_eq!(ada.get_changes(&[]).len(), changes + 1);
    assert_eq!(refused(&mut ada, &[report.signoff], "Again"), "bad-amendment", "it is open");
}

#[test]
fn entries_of_signatures_and_amendments_are_made_only_by_their_own_edits() {
    let mut ada = reported();
    for collection in ["signoffs", "amendments"] {
        let entry = NewEntry {
            collection: Path::new(collection),
            id: item(70),
            fields: [("reason".to_owned(), "Sneaked in".into())].into(),
        };
        assert_eq!(edit(&mut ada, 2, &Edit::AddEntry(entry)).unwrap_err().code, "not-allowed");
    }
}

#[test]
fn two_people_who_amend_at_once_are_both_kept() {
    let mut ada = reported();
    let signed = sign(&mut ada, 2, item(50));
    let mut lin = phone(&ada, 3);
    let amendments = [
        amend(&mut ada, 2, item(60), &[signed.signoff]).unwrap(),
        amend(&mut lin, 3, item(61), &[signed.signoff]).unwrap(),
    ];
    edit(&mut ada, 2, &set("report/cause", "Worn bearing")).unwrap();
    edit(&mut lin, 3, &set("report/advice", "Grease it")).unwrap();
    let mut other = lin.fork();
    merge(&mut other, &ada);
    merge(&mut ada, &lin);
    for doc in [&ada, &other] {
        let job = content(doc);
        assert!(amendments.iter().all(|amendment| job.amendments.contains_key(amendment)));
        assert_eq!(
            (job.report.cause.as_str(), job.report.advice.as_str()),
            ("Worn bearing", "Grease it")
        );
        assert_eq!(stage(doc), Stage::Reported);
    }
}

#[test]
fn an_amendment_opens_only_the_signatures_its_author_knew() {
    // Ada amends while Lin, who does not know, has the customer sign once more.
    let mut ada = reported();
    let first = sign(&mut ada, 2, item(50));
    let mut lin = phone(&ada, 3);
    amend(&mut ada, 2, item(60), &[first.signoff]).unwrap();
    edit(&mut ada, 2, &set("report/cause", "Worn bearing")).unwrap();
    let second = sign(&mut lin, 3, item(51));
    merge(&mut ada, &lin);
    assert_eq!(binds(&ada), [second.signoff], "what Lin's customer signed still binds");
    assert_eq!(stage(&ada), Stage::Signed);
    let cause = set("report/cause", "Something else");
    assert_eq!(edit(&mut ada, 2, &cause).unwrap_err().code, "locked-by-signoff");
    amend(&mut ada, 2, item(62), &[second.signoff]).unwrap();
    edit(&mut ada, 2, &cause).unwrap();
}

/// FAULTS row 92: a job that a phone of the version before has opened can be amended, too.
#[test]
fn a_job_that_was_born_without_amendments_takes_them() {
    let mut ada = reported();
    let mut tx = ada.transaction();
    tx.delete(automerge::ROOT, "amendments").unwrap();
    tx.commit();
    let signed = sign(&mut ada, 2, item(50));
    let mut lin = phone(&ada, 3);
    amend(&mut ada, 2, item(60), &[signed.signoff]).unwrap();
    let other = sign(&mut lin, 3, item(51));
    amend(&mut lin, 3, item(61), &[signed.signoff, other.signoff]).unwrap();
    merge(&mut ada, &lin);
    assert_eq!(binds(&ada), [], "neither amendment hides the other");
}

#[test]
fn an_entry_that_says_nothing_yet_is_locked_like_any_other() {
    let mut ada = reported();
    sign(&mut ada, 2, item(50));
    let entry = NewEntry {
        collection: Path::new("steps"),
        id: item(70),
        fields: std::collections::BTreeMap::new(),
    };
    // The gate would refuse it, so the phone must not call it saved.
    let refused = edit(&mut ada, 2, &Edit::AddEntry(entry)).unwrap_err();
    assert_eq!(refused.code, "locked-by-signoff");
}
