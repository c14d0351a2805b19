//! One phone by itself: what it keeps, and what each answer of a server does to it.

use docket_client_core::RequestKind;
use docket_client_core::command::Command;
use docket_protocol::ids::{RecordId, Seq};
use docket_protocol::record::path::Path;
use docket_protocol::wire::{CONTENT_TYPE, Verdict};
use serde_json::json;

use crate::support::{NOW, Phone, hashes, login_answer, request_of};

#[test]
fn what_was_saved_is_there_after_a_restart() {
    let mut phone = Phone::signed_in();
    let record = phone.open_job("Pump is loud");
    phone.set(&record, "report/cause", "轴承磨损");
    let mut phone = phone.reopened();
    let job = phone.ok(&json!({"do": "job", "record": record}));
    assert_eq!(job["content"]["report"]["cause"], "轴承磨损");
    assert_eq!(job["sync"], "on_this_phone");
    assert_eq!(phone.status()["unsent_edits"], 2);
}

/// FAULTS row 15: the answer is lost, the same bytes go again.
#[test]
fn a_lost_answer_sends_the_same_bytes_again() {
    let mut phone = Phone::signed_in();
    phone.open_job("Pump is loud");
    let first = phone.next().unwrap();
    assert!(phone.next().is_none(), "one request at a time");
    phone.fail(&first);
    assert_eq!(phone.status()["problem"], "offline");
    assert!(phone.next().is_none(), "waits before it tries again");
    phone.now += 300_000;
    let again = phone.next().unwrap();
    let (first, again) = (request_of(&first), request_of(&again));
    assert_eq!(hashes(&first.pushes[0]), hashes(&again.pushes[0]));
}

#[test]
fn accepted_and_duplicate_both_mean_merged() {
    let mut phone = Phone::signed_in();
    let record = phone.open_job("Pump is loud");
    phone.set(&record, "report/cause", "Worn bearing");
    let request = phone.next().unwrap();
    let asked = request_of(&request);
    phone.answer(&request, &asked, vec![Verdict::Duplicate, Verdict::Accepted(Seq(2))]);
    let job = phone.ok(&json!({"do": "job", "record": record}));
    assert_eq!((&job["sync"], &job["unsent_edits"]), (&json!("merged"), &json!(0)));
    assert!(phone.next().is_none(), "nothing more to say");
}

#[test]
fn an_edit_made_while_a_request_is_under_way_is_sent_next() {
    let mut phone = Phone::signed_in();
    let record = phone.open_job("Pump is loud");
    let request = phone.next().unwrap();
    phone.set(&record, "report/cause", "Worn bearing");
    phone.answer(&request, &request_of(&request), vec![Verdict::Accepted(Seq(1))]);
    let next = request_of(&phone.next().unwrap());
    assert_eq!(next.pushes[0].changes.len(), 1);
}

#[test]
fn a_refused_edit_is_kept_aside_and_the_others_are_made_again() {
    let mut phone = Phone::signed_in();
    let record = phone.open_job("Pump is loud");
    phone.set(&record, "report/cause", "refused words");
    phone.set(&record, "report/treatment", "good words");
    let request = phone.next().unwrap();
    let asked = request_of(&request);
    let refused = |code: &str| Verdict::Refused(code.to_owned(), Path::new("report/cause"));
    let verdicts =
        vec![Verdict::Accepted(Seq(1)), refused("not-allowed"), refused("depends-on-refused")];
    phone.answer(&request, &asked, verdicts);
    let job = phone.ok(&json!({"do": "job", "record": record}));
    assert_eq!(job["content"]["report"]["treatment"], "good words");
    assert_ne!(job["content"]["report"]["cause"], "refused words");
    let kept = phone.ok(&json!({"do": "refused"}));
    assert_eq!(kept[0]["code"], "not-allowed");
    assert_eq!(kept[0]["edit"]["value"], "refused words");
    let next = request_of(&phone.next().unwrap());
    assert_eq!(next.pushes[0].changes.len(), 1, "the good edit goes again");
}

/// FAULTS row 20: a portal's page is no answer.
#[test]
fn answers_that_are_not_the_servers_change_nothing() {
    let mut phone = Phone::signed_in();
    phone.open_job("Pump is loud");
    let cases: [(u16, &str, &[u8], &str); 5] = [
        (200, "text/html", b"<html>Sign in to Wi-Fi</html>", "not-our-server"),
        (200, CONTENT_TYPE, b"", "answer-damaged"),
        (200, CONTENT_TYPE, &[1, 2, 3], "answer-damaged"),
        (502, "text/html", b"bad gateway", "not-our-server"),
        (503, "application/json", b"{}", "server-unavailable"),
    ];
    for (status, content_type, body, code) in cases {
        phone.ok(&json!({"do": "sync_now"}));
        let request = phone.next().unwrap();
        assert_eq!(phone.respond(&request, status, content_type, body), Err(code.to_owned()));
        let status = phone.status();
        assert_eq!((&status["unsent_edits"], &status["problem"]), (&json!(1), &json!(code)));
    }
}

/// FAULTS row 39: nobody signs out over unsent work.
#[test]
fn signing_out_with_unsent_work_is_refused() {
    let mut phone = Phone::signed_in();
    phone.open_job("Pump is loud");
    assert_eq!(phone.error(&json!({"do": "sign_out"})), "unsent-work");
    let request = phone.next().unwrap();
    phone.answer(&request, &request_of(&request), vec![Verdict::Accepted(Seq(1))]);
    phone.ok(&json!({"do": "sign_out"}));
    assert_eq!(phone.status()["sync"], "signed_out");
    assert_eq!(phone.next().unwrap().kind, RequestKind::Logout);
    assert_eq!(phone.error(&json!({"do": "job", "record": RecordId::default()})), "not-signed-in");
}

/// FAULTS row 31: the session has ended, work goes on.
#[test]
fn an_expired_session_blocks_sending_but_never_work() {
    let mut phone = Phone::signed_in();
    phone.now += 3 * 24 * 3_600_000;
    let record = phone.open_job("Pump is loud");
    let request = phone.next().unwrap();
    assert_eq!(request.kind, RequestKind::Refresh);
    let body = br#"{"error": {"code": "token-expired"}}"#;
    assert!(phone.respond(&request, 401, "application/json", body).is_err());
    assert_eq!(phone.status()["sync"], "sign_in_needed");
    assert!(phone.next().is_none());
    phone.set(&record, "report/cause", "Worn bearing");
    assert_eq!(phone.status()["unsent_edits"], 2);
}

#[test]
fn a_signature_covers_the_version_that_was_shown() {
    let mut phone = Phone::signed_in();
    let record = phone.open_job("Pump is loud");
    phone.set(&record, "report/cause", "Worn bearing");
    let draft = phone.ok(&json!({"do": "prepare_signoff", "record": record}));
    let signing = json!({
        "purpose": "report", "content_digest": draft["content_digest"], "outcome": "accepted",
        "signatory": {"name": "王芳", "title": "厂长", "deputy_reason": ""}, "drawing": "aGVsbG8=",
    });
    phone.set(&record, "report/treatment", "Replaced it");
    let sign = json!({"do": "sign", "record": record, "signing": signing});
    assert_eq!(phone.error(&sign), "changed-while-signing");
    let draft = phone.ok(&json!({"do": "prepare_signoff", "record": record}));
    let mut sign = sign;
    sign["signing"]["content_digest"] = draft["content_digest"].clone();
    let job = phone.ok(&sign);
    assert_eq!((&job["stage"], &job["frozen"]), (&json!("signed"), &json!(true)));
    assert_eq!(job["signoffs"][0]["valid"], true);
    assert_eq!(job["signoffs"][0]["changed_since"], false);
    let edit = json!({"edit": "set_field", "path": "report/cause", "value": "x"});
    let late = json!({"do": "edit", "record": record, "edit": edit});
    assert_eq!(phone.error(&late), "locked-by-signoff");
}

#[test]
fn a_refusal_is_signed_too_and_the_work_goes_on() {
    let mut phone = Phone::signed_in();
    let record = phone.open_job("Pump is loud");
    let draft = phone.ok(&json!({"do": "prepare_signoff", "record": record}));
    let signing = json!({
        "purpose": "report", "content_digest": draft["content_digest"], "outcome": "refused",
        "signatory": {"name": "王芳", "title": "厂长", "deputy_reason": ""}, "drawing": "aGVsbG8=",
    });
    let job = phone.ok(&json!({"do": "sign", "record": record, "signing": signing}));
    assert_eq!(job["signoffs"][0]["valid"], true);
    assert_eq!((&job["stage"], &job["frozen"]), (&json!("received"), &json!(false)));
    phone.set(&record, "report/cause", "Worn bearing");
}

#[test]
fn search_finds_long_words_short_chinese_words_and_nothing_else() {
    let mut phone = Phone::signed_in();
    phone.open_job("Flow meter reads high");
    phone.open_job("流量计读数偏高");
    let mut found = |query: &str| {
        let jobs = phone.ok(&json!({"do": "find", "query": query}));
        jobs.as_array().unwrap().len()
    };
    assert_eq!(found(""), 0);
    assert_eq!(found("METER high"), 1);
    assert_eq!(found("读数"), 1);
    assert_eq!(found("流量计"), 1);
    assert_eq!(found("\"; drop"), 0);
}

#[test]
fn commands_read_as_documented() {
    let command: Command = serde_json::from_str(r#"{"do": "jobs"}"#).unwrap();
    assert_eq!(command, Command::Jobs);
}

#[test]
fn only_news_makes_the_phone_ask() {
    let mut phone = Phone::signed_in();
    phone.ok(&json!({"do": "hint", "seq": 5}));
    assert!(phone.next().is_none(), "the cursor is at 5 already");
    phone.ok(&json!({"do": "hint", "seq": 6}));
    assert_eq!(phone.next().unwrap().kind, RequestKind::Sync);
}

/// FAULTS row 30: no login loop.
#[test]
fn a_token_that_is_never_taken_does_not_go_round_in_circles() {
    let mut phone = Phone::signed_in();
    phone.open_job("Pump is loud");
    let unauthorised = br#"{"error": {"code": "token-invalid"}}"#;
    let request = phone.next().unwrap();
    phone.respond(&request, 401, "application/json", unauthorised).unwrap();
    let refresh = phone.next().unwrap();
    assert_eq!(refresh.kind, RequestKind::Refresh);
    let renewed = json!({
        "access_token": "new", "access_expires_at": NOW + 600_000, "refresh_token": "again",
        "server_time": NOW,
    });
    phone.respond(&refresh, 200, "application/json", renewed.to_string().as_bytes()).unwrap();
    let request = phone.next().unwrap();
    assert_eq!(request.authorization.as_deref(), Some("Bearer new"));
    assert!(phone.respond(&request, 401, "application/json", unauthorised).is_err());
    assert!(phone.next().is_none(), "waits");
    assert_eq!(phone.status()["unsent_edits"], 1);
}

#[test]
fn another_person_signs_in_only_after_the_first_signed_out() {
    let mut phone = Phone::signed_in();
    phone.ok(&json!({"do": "sign_in", "login": "lin", "password": "x", "device_name": "A"}));
    let request = phone.next().unwrap();
    let answer = login_answer(9, "Lin");
    let body = answer.to_string();
    let refused = phone.respond(&request, 200, "application/json", body.as_bytes());
    assert_eq!(refused, Err("sign-out-first".to_owned()));
    assert_eq!(phone.status()["person"]["name"], "Ada");
}
