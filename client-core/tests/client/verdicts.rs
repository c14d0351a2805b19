//! What becomes of work that is not simply merged: held, decided on, refused, handed in. Every
//! word of it stays with the person who wrote it.

use docket_client_core::RequestKind;
use docket_protocol::automerge::ActorId;
use docket_protocol::change::read_head;
use docket_protocol::edit::{self, Author, Edit, NewEntry};
use docket_protocol::ids::{ChangeHash, ItemId, RecordId, Seq, UserId};
use docket_protocol::record::path::Path;
use docket_protocol::record::{self, RecordKind};
use docket_protocol::role::Role;
use docket_protocol::wire::{
    Item, RecordSnapshot, RecordVerdicts, SyncRequest, SyncResponse, Verdict,
};
use serde_json::{Value as Json, json};

use crate::support::{NOW, Phone, request_of};

fn held(reason: &str) -> Verdict {
    Verdict::Held(reason.to_owned())
}

fn refused(code: &str) -> Verdict {
    Verdict::Refused(code.to_owned(), Path::new("report/cause"))
}

fn id(record: &str) -> RecordId {
    record.parse().unwrap()
}

fn last_hash(asked: &SyncRequest) -> ChangeHash {
    let push = asked.pushes.last().unwrap();
    read_head(push.changes.last().unwrap()).unwrap().hash
}

fn decided(record: &str, hash: ChangeHash, accepted: bool, note: &str) -> Item {
    Item::Decided { record: id(record), hash, accepted, note: note.to_owned() }
}

fn news(items: Vec<Item>) -> SyncResponse {
    SyncResponse { items, ..SyncResponse::default() }
}

/// A phone with a job that is at the office.
fn with_job() -> (Phone, String) {
    let mut phone = Phone::signed_in();
    let record = phone.open_job("Pump is loud");
    let request = phone.next().unwrap();
    phone.answer(&request, &request_of(&request), vec![Verdict::Accepted(Seq(1))]);
    (phone, record)
}

/// Writes a field and has the answer to it; what was asked comes back.
fn write(phone: &mut Phone, record: &str, path: &str, text: &str, verdict: Verdict) -> SyncRequest {
    phone.set(record, path, text);
    let request = phone.next().unwrap();
    let asked = request_of(&request);
    phone.answer(&request, &asked, vec![verdict]);
    asked
}

fn sync(phone: &mut Phone, response: SyncResponse) {
    phone.ok(&json!({"do": "sync_now"}));
    let request = phone.next().unwrap();
    phone.answer_with(&request, response);
}

fn cause(phone: &mut Phone, record: &str) -> Json {
    phone.ok(&json!({"do": "job", "record": record}))["content"]["report"]["cause"].clone()
}

#[test]
fn held_work_is_sent_not_merged_and_says_why_until_it_is_accepted() {
    let (mut phone, record) = with_job();
    let asked = write(&mut phone, &record, "report/cause", "Worn bearing", held("role-changed"));
    let job = phone.ok(&json!({"do": "job", "record": record}));
    assert_eq!((&job["sync"], &job["unsent_edits"]), (&json!("sent"), &json!(0)));
    let status = phone.status();
    assert_eq!((&status["held"], &status["unsent_edits"]), (&json!(1), &json!(0)));
    let mut phone = phone.reopened();
    let waiting = phone.ok(&json!({"do": "held"}));
    assert_eq!(waiting[0]["reason"], "role-changed");
    assert_eq!(waiting[0]["title"], "Pump is loud");
    assert_eq!(waiting[0]["edit"]["value"], "Worn bearing");

    for _ in 0..2 {
        let item = decided(&record, last_hash(&asked), true, "");
        sync(&mut phone, news(vec![item]));
        let job = phone.ok(&json!({"do": "job", "record": record}));
        assert_eq!(job["sync"], "merged");
        assert_eq!(job["content"]["report"]["cause"], "Worn bearing");
        assert_eq!(phone.status()["held"], 0);
    }
    assert!(phone.next().is_none(), "nothing more to say");
}

#[test]
fn set_aside_work_leaves_the_record_and_stays_with_its_author_word_for_word() {
    let (mut phone, record) = with_job();
    let asked = write(&mut phone, &record, "report/cause", "Worn bearing", held("role-changed"));
    phone.set(&record, "report/treatment", "Replaced it");
    let request = phone.next().unwrap();
    let item = decided(&record, last_hash(&asked), false, "Ben did it");
    // The later edit stands on the held one and waits, in the same answer as the decision.
    let later = RecordVerdicts {
        record: id(&record),
        verdicts: vec![held("depends-on-held")],
        attest: None,
    };
    phone.set(&record, "report/advice", "Grease it");
    phone.answer_with(&request, SyncResponse { verdicts: vec![later], ..news(vec![item]) });

    assert_eq!(cause(&mut phone, &record), "", "out of the record");
    let kept = phone.ok(&json!({"do": "refused"}));
    assert_eq!((&kept[0]["code"], &kept[0]["note"]), (&json!("set-aside"), &json!("Ben did it")));
    assert_eq!(kept[0]["edit"]["value"], "Worn bearing");
    let waiting = phone.ok(&json!({"do": "held"}));
    assert_eq!(waiting.as_array().unwrap().len(), 1, "the later one still waits");
    // What was written meanwhile is made again on the record without it, and sent.
    let job = phone.ok(&json!({"do": "job", "record": record}));
    assert_eq!(job["content"]["report"]["advice"], "Grease it");
    let again = request_of(&phone.next().unwrap());
    assert_eq!(again.pushes[0].changes.len(), 1);
    let head = read_head(&again.pushes[0].changes[0]).unwrap();
    assert!(!head.deps.contains(&last_hash(&asked)), "it stands on nothing that was set aside");
}

#[test]
fn edits_on_top_of_held_work_are_sent_and_wait_with_it() {
    let (mut phone, record) = with_job();
    let first = write(&mut phone, &record, "report/cause", "a", held("no-longer-assigned"));
    let second = write(&mut phone, &record, "report/advice", "b", held("depends-on-held"));
    let head = read_head(&second.pushes[0].changes[0]).unwrap();
    assert_eq!(head.deps, [last_hash(&first)]);
    assert!(phone.next().is_none(), "no question is asked twice");
    assert_eq!(phone.status()["held"], 2);
}

#[test]
fn a_refused_edit_beside_held_work_takes_only_itself_out() {
    let (mut phone, record) = with_job();
    write(&mut phone, &record, "report/cause", "held words", held("role-changed"));
    phone.set(&record, "report/treatment", "refused words");
    phone.set(&record, "report/advice", "good words");
    let request = phone.next().unwrap();
    let verdicts = vec![refused("not-allowed"), refused("depends-on-refused")];
    phone.answer(&request, &request_of(&request), verdicts);
    let job = phone.ok(&json!({"do": "job", "record": record}));
    let report = &job["content"]["report"];
    assert_eq!((&report["cause"], &report["advice"]), (&json!("held words"), &json!("good words")));
    assert_eq!(report["treatment"], "");
    assert_eq!(phone.status()["held"], 1);
    assert_eq!(phone.status()["refused"], 1);
}

#[test]
fn a_record_that_leaves_goes_only_after_every_edit_in_it_has_its_verdict() {
    // The leave arrives a page before, in the same answer as, and after the verdict.
    for order in ["before", "with", "after"] {
        let (mut phone, record) = with_job();
        let leave = || news(vec![Item::Leave(id(&record))]);
        phone.set(&record, "report/cause", "Worn bearing");
        if order == "before" {
            let request = phone.next().unwrap();
            phone.answer_with(&request, SyncResponse { more: true, ..leave() });
        }
        if order == "before" {
            let jobs = phone.ok(&json!({"do": "jobs"}));
            assert_eq!(jobs[0]["has_left"], true, "still here, and marked");
            let edit = json!({"edit": "set_field", "path": "report/cause", "value": "x"});
            let sealed = json!({"do": "edit", "record": record, "edit": edit});
            assert_eq!(phone.error(&sealed), "no-longer-assigned");
        }
        let request = phone.next().unwrap();
        let asked = request_of(&request);
        assert_eq!(asked.pushes[0].changes.len(), 1, "{order}: sent all the same");
        let verdicts = vec![RecordVerdicts {
            record: id(&record),
            verdicts: vec![held("no-longer-assigned")],
            attest: None,
        }];
        let items = if order == "with" { leave().items } else { Vec::new() };
        phone.answer_with(&request, SyncResponse { verdicts, items, ..news(Vec::new()) });
        if order == "after" {
            assert_eq!(phone.ok(&json!({"do": "jobs"})).as_array().unwrap().len(), 1);
            sync(&mut phone, leave());
        }
        assert_eq!(phone.ok(&json!({"do": "jobs"})), json!([]), "{order}");
        let waiting = phone.ok(&json!({"do": "held"}));
        assert_eq!(waiting[0]["edit"]["value"], "Worn bearing", "{order}: every word is kept");
        assert_eq!(
            (&waiting[0]["here"], &waiting[0]["title"]),
            (&json!(false), &json!("Pump is loud"))
        );

        let item = decided(&record, last_hash(&asked), false, "Ben did it");
        sync(&mut phone, news(vec![item]));
        let kept = phone.ok(&json!({"do": "refused"}));
        assert_eq!(kept[0]["note"], "Ben did it", "{order}");
        assert_eq!(kept[0]["title"], "Pump is loud", "{order}: though the job is gone");
        assert_eq!(kept[0]["retry"], false, "there is no record to make it again on");
    }
}

#[test]
fn a_job_whose_beginning_is_refused_keeps_everything_aside_with_the_true_reason() {
    let mut phone = Phone::signed_in();
    let record = phone.open_job("Pump is loud");
    phone.set(&record, "report/cause", "Worn bearing");
    let request = phone.next().unwrap();
    let verdicts = vec![refused("not-allowed"), refused("depends-on-refused")];
    phone.answer(&request, &request_of(&request), verdicts);
    assert_eq!(phone.ok(&json!({"do": "jobs"})), json!([]));
    let kept = phone.ok(&json!({"do": "refused"}));
    assert_eq!(kept[0]["code"], "not-allowed");
    assert_eq!(
        (&kept[1]["code"], &kept[1]["edit"]["value"]),
        (&json!("depends-on-refused"), &json!("Worn bearing"))
    );
    assert_eq!(kept[1]["title"], "Pump is loud");

    // Opened again, what followed can follow again.
    assert_eq!((&kept[0]["retry"], &kept[1]["retry"]), (&json!(true), &json!(false)));
    phone.ok(&json!({"do": "retry_refused", "id": kept[0]["id"]}));
    let job = phone.ok(&json!({"do": "retry_refused", "id": kept[1]["id"]}));
    assert_eq!(
        (&job["record"], &job["content"]["report"]["cause"]),
        (&json!(record), &json!("Worn bearing"))
    );
    assert_eq!(phone.ok(&json!({"do": "refused"})), json!([]));
}

#[test]
fn a_refused_edit_is_made_again_on_the_record_as_it_is_now_or_taken_along_as_a_file() {
    let (mut phone, record) = with_job();
    write(&mut phone, &record, "report/cause", "Worn bearing", refused("not-allowed"));
    let kept = phone.ok(&json!({"do": "refused"}));
    let file = phone.ok(&json!({"do": "export_refused"}));
    assert_eq!(file["format"], "docket-not-accepted-1");
    assert_eq!(file["entries"][0]["edit"]["value"], "Worn bearing");
    assert_eq!(file["entries"][0]["reason"]["code"], "not-allowed");
    assert_eq!(
        (&file["person"], &file["entries"][0]["title"]),
        (&json!("Ada"), &json!("Pump is loud"))
    );
    assert_eq!(phone.ok(&json!({"do": "export_refused", "id": 999}))["entries"], json!([]));

    assert_eq!(kept[0]["retry"], true);
    phone.ok(&json!({"do": "retry_refused", "id": kept[0]["id"]}));
    assert_eq!(cause(&mut phone, &record), "Worn bearing");
    assert_eq!(phone.status()["unsent_edits"], 1);
    assert_eq!(phone.ok(&json!({"do": "refused"})), json!([]));
    assert_eq!(phone.error(&json!({"do": "retry_refused", "id": kept[0]["id"]})), "not-found");
}

/// Answers a request with an error of the server's.
/// FAULTS rows 36, 38: told that it is withdrawn, the phone hands in by itself what it has not
/// sent, and only then can be left.
#[test]
fn a_withdrawn_phone_hands_in_its_work_by_itself() {
    for (status, code) in
        [(403, "device-revoked"), (403, "account-closed"), (426, "version-too-old")]
    {
        let (mut phone, record) = with_job();
        phone.set(&record, "report/cause", "Worn bearing");
        let request = phone.next().unwrap();
        phone.deny(&request, status, code);
        let said = phone.status();
        assert_eq!((&said["withdrawn"], &said["unsent_edits"]), (&json!(code), &json!(1)));
        assert_eq!(phone.ok(&json!({"do": "live"})), Json::Null, "{code}: nothing to listen to");
        assert_eq!(phone.error(&json!({"do": "sign_out"})), "unsent-work");

        let mut phone = phone.reopened();
        phone.ok(&json!({"do": "sync_now"}));
        // Asked by a person, it tries once more to sync; by itself it goes straight to the door.
        let request = phone.next().unwrap();
        phone.deny(&request, status, code);
        phone.now += 300_000;
        let request = phone.next().unwrap();
        assert_eq!((request.kind, request.path), (RequestKind::HandIn, "/v1/hand-in"));
        assert_eq!(request.authorization, None);
        phone.fail(&request);
        phone.now += 300_000;
        let request = phone.next().unwrap();
        phone.hold(&request, "device-revoked");
        let said = phone.status();
        assert_eq!((&said["unsent_edits"], &said["held"]), (&json!(0), &json!(1)), "{code}");
        assert_eq!(said["withdrawn"], code);
        assert!(phone.next().is_none(), "{code}: nothing more to say");
        phone.ok(&json!({"do": "sign_out"}));
    }
}

#[test]
fn a_phone_that_is_let_in_again_syncs_as_before_and_one_that_comes_too_late_keeps_its_work() {
    let (mut phone, record) = with_job();
    phone.set(&record, "report/cause", "Worn bearing");
    let request = phone.next().unwrap();
    phone.deny(&request, 403, "device-revoked");
    phone.now += 300_000;
    let request = phone.next().unwrap();
    phone.deny(&request, 409, "hand-in-not-needed");
    let request = phone.next().unwrap();
    assert_eq!(request.kind, RequestKind::Sync);
    phone.deny(&request, 403, "device-revoked");
    phone.now += 300_000;
    let request = phone.next().unwrap();
    phone.deny(&request, 403, "hand-in-too-late");
    phone.now += 300_000;
    assert!(phone.next().is_none(), "it does not knock for ever");
    let status = phone.status();
    assert_eq!(
        (&status["unsent_edits"], &status["withdrawn"]),
        (&json!(1), &json!("hand-in-too-late"))
    );
}

/// FAULTS row 32: what a restored server has forgotten of held work comes back to it.
#[test]
fn held_work_is_offered_again_to_a_restored_server() {
    let (mut phone, record) = with_job();
    let asked = write(&mut phone, &record, "report/cause", "Worn bearing", held("role-changed"));
    sync(&mut phone, news(vec![Item::Leave(id(&record))]));
    sync(&mut phone, SyncResponse { rewound: true, ..news(Vec::new()) });
    let request = phone.next().unwrap();
    let again = request_of(&request);
    assert_eq!(last_hash(&again), last_hash(&asked), "the same bytes, though the record is gone");
    phone.answer(&request, &again, vec![held("no-longer-assigned")]);
    let next = phone.next().expect("the two sides compare what they hold");
    assert_eq!(next.kind, RequestKind::Reconcile);
    let waiting = phone.ok(&json!({"do": "held"}));
    assert_eq!(waiting.as_array().unwrap().len(), 1);
    assert_eq!(waiting[0]["reason"], "no-longer-assigned");
}

/// The organisation's catalog, in which Ada has this role.
fn catalog(role: &str) -> Item {
    let author = Author { user: UserId::default(), role: Role::Administrator, now: NOW };
    let mut doc = record::empty(ActorId::from([7; 16]));
    let ada = NewEntry {
        collection: Path::new("people"),
        id: ItemId::new(2, [2; 10]),
        fields: [("name".to_owned(), "Ada".into()), ("role".to_owned(), role.into())].into(),
    };
    let create = Edit::Create { fields: [].into(), entries: vec![ada] };
    edit::apply(&mut doc, RecordKind::Catalog, &create, &author).unwrap();
    Item::Enter(RecordSnapshot {
        record: RecordId::new(9, [9; 10]),
        kind: RecordKind::Catalog,
        document: doc.save_nocompress().into(),
        authors: Vec::new(),
        attest: None,
    })
}

/// What the phone lets a person write is what the office lets them write, from the moment it can
/// know; what was written before waits for a decision.
#[test]
fn a_new_role_counts_from_the_moment_the_phone_hears_of_it() {
    let (mut phone, record) = with_job();
    sync(&mut phone, news(vec![catalog("engineer")]));
    assert_eq!(phone.status()["person"]["role"], "engineer");
    sync(&mut phone, news(vec![catalog("executive")]));
    assert_eq!(phone.status()["person"]["role"], "executive");
    let edit = json!({"edit": "set_field", "path": "report/cause", "value": "x"});
    let write = json!({"do": "edit", "record": record, "edit": edit});
    assert_eq!(phone.error(&write), "not-allowed");
    let mut phone = phone.reopened();
    assert_eq!(phone.status()["person"]["role"], "executive", "after a restart too");
}
