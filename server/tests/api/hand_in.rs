//! Withdrawn phones: nothing goes in or out any more from the very next request, and what was
//! recorded on them is not lost for it.

use docket_protocol::limits::INFLATED_BYTES_MAX;
use docket_protocol::wire::{self, HandInAnswer, Verdict};
use docket_server::auth::devices;
use docket_server::error::ApiError;
use docket_server::limits::HAND_IN_PER_DEVICE;
use docket_server::people;
use docket_server::random::random;
use docket_server::store::{StoreError, WriteTx};
use ed25519_dalek::SigningKey;
use serde_json::json;

use crate::support::{Answer, Office, PASSWORD, Phone, login_body};

/// What an administrator does to phones and accounts.
fn administer(
    office: &Office,
    deed: impl FnOnce(&mut WriteTx<'_>, &docket_server::auth::scope::Scope) -> Result<(), ApiError>
    + Send
    + 'static,
) {
    let adam = office.scope("adam");
    office.app.store.write_blocking(move |tx| deed(tx, &adam)).unwrap();
}

fn revoke(office: &Office, phone: &Phone<'_>) {
    let device = phone.device;
    administer(office, move |tx, adam| devices::revoke(tx, adam, device));
}

fn close(office: &Office, login: &str) {
    let user = office.user(login);
    administer(office, move |tx, adam| people::close(tx, adam, user));
}

fn verdicts(answer: &Answer) -> Vec<Verdict> {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let answer: HandInAnswer = wire::unpack(&answer.body, INFLATED_BYTES_MAX).unwrap();
    answer.verdicts.into_iter().flat_map(|record| record.verdicts).collect()
}

fn held(reason: &str) -> Verdict {
    Verdict::Held(reason.to_owned())
}

/// FAULTS rows 36, 65: a revoked phone is refused from the very next request, whatever it asks.
#[test]
fn a_revoked_phone_is_refused_at_once_everywhere() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = office.job_for("ada", "Pump noise");
    ada.sync();
    ada.set(job, "report/cause", "Worn bearing");
    revoke(&office, &ada);
    let rows = office.log_rows();
    let pushes = ada.request(Vec::new());
    let token = Some(ada.access_token.as_str());
    let refresh = ada.refresh_with(&ada.refresh_token, &ada.key);
    let sign_in = office.post_json("/v1/login", None, &login_body("ada", PASSWORD, &ada.key));
    for answer in [
        ada.send(&pushes),
        office.get("/v1/jobs", token),
        office.get(&format!("/v1/docs/{job}.automerge"), token),
        office.get_head("/v1/live", token),
        refresh,
        sign_in,
    ] {
        assert_eq!(answer.status, 403, "{}", String::from_utf8_lossy(&answer.body));
    }
    assert_eq!(office.log_rows(), rows);
    let other = Phone::of(&office, "ada");
    assert_eq!(other.send(&other.request(Vec::new())).status, 200, "another phone of hers is fine");
}

/// FAULTS row 36: work recorded on a stolen phone before it was revoked is kept for review, and
/// merged by nobody but a person who decides.
#[test]
fn work_of_a_revoked_phone_is_handed_in_and_waits_for_a_decision() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = office.job_for("ada", "Pump noise");
    ada.sync();
    ada.set(job, "report/cause", "Worn bearing");
    let opened = ada.open_job("Found a leak on the way");
    assert_eq!(ada.hand_in().code(), "hand-in-not-needed", "while it can sync");
    revoke(&office, &ada);
    let changes = office.count("select count(*) from log where kind = 'change'");
    let answer = ada.hand_in();
    assert_eq!(verdicts(&answer), [held("device-revoked"), held("device-revoked")]);
    assert_eq!(verdicts(&ada.hand_in()), verdicts(&answer), "again is the same");
    assert_eq!(office.count("select count(*) from held"), 2);
    assert_eq!(office.count("select count(*) from log where kind = 'change'"), changes);

    let max = Phone::of(&office, "max").access_token;
    let waiting = office.get("/v1/held", Some(&max)).json()["waiting"].clone();
    for piece in waiting.as_array().unwrap() {
        let record = piece["record"].as_str().unwrap();
        let change = &piece["changes"][0]["change"];
        let body = json!({"changes": [change], "accepted": true});
        let path = format!("/v1/held/{record}/decision");
        assert_eq!(office.post_json(&path, Some(&max), &body).status, 200);
    }
    let read = |record| office.get(&format!("/v1/jobs/{record}"), Some(&max)).json();
    assert_eq!(read(job)["content"]["report"]["cause"], "Worn bearing");
    assert_eq!(read(opened)["title"], "Found a leak on the way", "a held job comes into being");
    assert_eq!(verdicts(&ada.hand_in()), [Verdict::Duplicate, Verdict::Duplicate]);
}

/// FAULTS row 38: somebody leaves with work unsent: it is taken in, marked, for as long as the
/// stated window lasts.
#[test]
fn work_of_somebody_who_left_is_taken_in_within_the_window() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = office.job_for("ada", "Pump noise");
    ada.sync();
    ada.set(job, "report/cause", "Worn bearing");
    close(&office, "ada");
    let refused = ada.send(&ada.request(Vec::new()));
    assert_eq!((refused.status, refused.code().as_str()), (403, "account-closed"));
    assert_eq!(ada.refresh_with(&ada.refresh_token, &ada.key).code(), "account-closed");
    assert_eq!(verdicts(&ada.hand_in()), [held("person-left")]);

    let long_ago = "update users set left_at = 1 where login = 'ada'";
    let store = &office.app.store;
    store.write_blocking(move |tx| Ok::<_, StoreError>(tx.sql.execute(long_ago, [])?)).unwrap();
    assert_eq!(ada.hand_in().code(), "hand-in-too-late");
}

#[test]
fn an_app_that_is_too_old_may_still_hand_in() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = office.job_for("ada", "Pump noise");
    ada.sync();
    ada.set(job, "report/cause", "Worn bearing");
    let changes = ada.unsent[&job].iter().map(|change| change.clone().into()).collect();
    let push = wire::RecordPush { record: job, changes };
    let old = wire::SyncRequest { version: 0, ..ada.request(vec![push]) };
    assert_eq!(ada.send(&old).code(), "version-too-old");
    assert_eq!(verdicts(&ada.hand_in_request(&old, &ada.key)), [held("version-too-old")]);
}

#[test]
fn the_door_opens_to_the_phones_own_key_only_and_shows_nothing() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let bens = office.job_for("ben", "Not hers");
    let job = office.job_for("ada", "Pump noise");
    ada.sync();
    ada.set(job, "report/cause", "Worn bearing");
    let change = ada.unsent[&job][0].clone();
    revoke(&office, &ada);
    let push = |record, bytes: Vec<u8>| wire::RecordPush { record, changes: vec![bytes.into()] };
    let request = ada.request(vec![push(job, change.clone())]);

    let other = SigningKey::from_bytes(&random());
    assert_eq!(ada.hand_in_request(&request, &other).code(), "bad-signature");
    let stranger = wire::SyncRequest { device: Default::default(), ..request.clone() };
    assert_eq!(ada.hand_in_request(&stranger, &ada.key).code(), "bad-signature");
    let garbage = office.post("/v1/hand-in", None, wire::CONTENT_TYPE, b"garbage");
    assert_eq!(garbage.status, 400);

    let refused = |code: &str| Verdict::Refused(code.to_owned(), Default::default());
    let foreign = ada.request(vec![push(bens, change.clone())]);
    let found = verdicts(&ada.hand_in_request(&foreign, &ada.key));
    assert_eq!(found, [refused("unknown-record")], "a record that was never hers");
    let broken = ada.request(vec![push(job, change[..20].to_vec())]);
    let found = verdicts(&ada.hand_in_request(&broken, &ada.key));
    assert!(matches!(found[..], [Verdict::Refused(..)]), "{found:?}");
}

#[test]
fn a_phone_that_knocks_too_often_waits() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    revoke(&office, &ada);
    for _ in 0..HAND_IN_PER_DEVICE {
        assert_eq!(ada.hand_in().status, 200);
    }
    assert_eq!(ada.hand_in().status, 429);
}

/// FAULTS row 65: every security event ends every session of its person at the next request.
#[test]
fn only_manager_and_administrator_withdraw_and_nobody_themselves() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let device = ada.device;
    let store = &office.app.store;
    for (login, allowed) in [("ada", false), ("dora", false), ("eve", false), ("max", true)] {
        let scope = office.scope(login);
        let outcome = store.write_blocking(move |tx| devices::revoke(tx, &scope, device));
        assert_eq!(outcome.is_ok(), allowed, "{login}");
    }
    for (login, whom) in [("max", "max"), ("adam", "adam"), ("max", "adam"), ("dora", "ada")] {
        let (scope, user) = (office.scope(login), office.user(whom));
        let outcome = store.write_blocking(move |tx| people::close(tx, &scope, user));
        assert_eq!(outcome, Err(ApiError::NotAllowed), "{login} closes {whom}");
    }
    let query = "select count(*) from audit where what in ('device-revoked', 'account-closed')";
    let rows = office.count(query);
    assert_eq!(rows, 1, "only what was done is written down");
    administer(&office, move |tx, adam| devices::restore(tx, adam, device));
    assert_eq!(ada.send(&ada.request(Vec::new())).status, 200, "and can be undone");
}
