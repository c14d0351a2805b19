//! Signing in, staying in, being shut out at once.

use data_encoding::HEXLOWER;
use docket_server::limits::{ACCESS_TOKEN_MS, LOGIN_PER_ACCOUNT, PHONE_SESSION_MS};
use docket_server::random::random;
use docket_server::store::StoreError;
use ed25519_dalek::SigningKey;
use serde_json::{Value as Json, json};

use crate::support::{Answer, Office, PASSWORD, Phone, login_body};

fn said(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

fn error(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// What the server says to this phone's access token.
fn access(phone: &Phone<'_>) -> (u16, String) {
    said(&phone.office.get("/v1/jobs", Some(&phone.access_token)))
}

fn alter(office: &Office, statement: &'static str) {
    let done = office.app.store.write_blocking(move |tx| {
        tx.sql.execute_batch(statement)?;
        Ok::<_, StoreError>(())
    });
    done.expect("the statement is right");
}

#[test]
fn signing_in_enrols_the_phone_once() {
    let office = Office::open();
    let key = SigningKey::from_bytes(&random());
    let first = office.post_json("/v1/login", None, &login_body("ada", PASSWORD, &key)).json();
    let again = office.post_json("/v1/login", None, &login_body("ada", PASSWORD, &key)).json();
    assert_eq!(first["device"], again["device"], "the same phone is the same device");
    assert_eq!(first["person"]["name"], "Ada Novak");
    assert_eq!(first["organisation"]["name"], "Northwind Instruments");
    assert_eq!(first["server_key"], office.app.keys.server_key().as_str());
    let ben = office.post_json("/v1/login", None, &login_body("ben", PASSWORD, &key)).json();
    assert_ne!(first["device"], ben["device"], "another person on it is another device");
}

#[test]
fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let office = Office::open();
    let key = SigningKey::from_bytes(&random());
    let wrong = office.post_json("/v1/login", None, &login_body("ada", "guess", &key));
    let unknown = office.post_json("/v1/login", None, &login_body("nobody", PASSWORD, &key));
    assert_eq!(said(&wrong), error(401, "wrong-password"));
    assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
}

/// FAULTS row 66: guessing is slowed down.
#[test]
fn guessing_is_slowed_down() {
    let office = Office::open();
    let key = SigningKey::from_bytes(&random());
    let guess = || office.post_json("/v1/login", None, &login_body("ada", "guess", &key));
    for _ in 0..LOGIN_PER_ACCOUNT {
        assert_eq!(said(&guess()), error(401, "wrong-password"));
    }
    assert_eq!(said(&guess()), error(429, "too-many-requests"));
    office.app.clock.advance_ms(61_000);
    assert_eq!(said(&guess()), error(401, "wrong-password"));
}

#[test]
fn a_phone_proves_that_it_holds_its_key() {
    let office = Office::open();
    let key = SigningKey::from_bytes(&random());
    let try_with = |change: &dyn Fn(&mut Json)| {
        let mut body = login_body("ada", PASSWORD, &key);
        change(&mut body["device"]);
        said(&office.post_json("/v1/login", None, &body))
    };
    let other = SigningKey::from_bytes(&random());
    let of_ben = login_body("ben", PASSWORD, &key)["device"]["signature"].clone();
    let foreign = HEXLOWER.encode(other.verifying_key().as_bytes());
    assert_eq!(
        try_with(&|device| device["signature"] = of_ben.clone()),
        error(403, "bad-signature")
    );
    assert_eq!(
        try_with(&|device| device["public_key"] = json!(foreign)),
        error(403, "bad-signature")
    );
    assert_eq!(try_with(&|device| device["signature"] = json!("zz")), error(400, "malformed"));
    assert_eq!(try_with(&|device| device["public_key"] = json!("00")), error(400, "malformed"));
}

/// FAULTS rows 61, 62: the old token is good until the new one is used.
#[test]
fn a_refresh_token_is_good_until_its_successor_is_used() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let next = |token: &str| {
        let answer = ada.refresh_with(token, &ada.key);
        assert_eq!(answer.status, 200, "{}", answer.code());
        answer.json()["refresh_token"].as_str().unwrap().to_owned()
    };
    let first = ada.refresh_token.clone();
    let second = next(&first);
    assert_eq!(next(&first), second, "the answer was lost; asking again gives the same");
    let third = next(&second);
    assert_eq!(access(&ada).0, 200);

    // The first one comes back after the second was used: somebody has a copy.
    assert_eq!(said(&ada.refresh_with(&first, &ada.key)), error(401, "token-invalid"));
    assert_eq!(said(&ada.refresh_with(&third, &ada.key)), error(401, "token-invalid"));
    assert_eq!(access(&ada), error(401, "token-invalid"), "the whole session has ended");
    assert_eq!(access(&Phone::of(&office, "ada")).0, 200, "signing in starts a new one");
}

/// FAULTS row 64: worthless without the phone.
#[test]
fn a_stolen_refresh_token_is_worthless_without_the_phone() {
    let office = Office::open();
    let (ada, ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    let token = ada.refresh_token.clone();
    let thief = SigningKey::from_bytes(&random());
    assert_eq!(said(&ada.refresh_with(&token, &thief)), error(403, "bad-signature"));
    assert_eq!(said(&ben.refresh_with(&token, &ben.key)), error(403, "unknown-device"));
    assert_eq!(said(&ada.refresh_with("", &ada.key)), error(401, "token-invalid"));
    assert_eq!(said(&ada.refresh_with(&ada.access_token, &ada.key)), error(401, "token-invalid"));
    assert_eq!(ada.refresh_with(&token, &ada.key).status, 200, "its owner goes on");
}

/// FAULTS rows 23, 30: a token ends and is renewed, after months too.
#[test]
fn an_access_token_ends_and_is_renewed() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    office.app.clock.advance_ms(ACCESS_TOKEN_MS + 1_000);
    assert_eq!(access(&ada), error(401, "token-expired"));
    assert_eq!(said(&ada.send(&ada.request(Vec::new()))), error(401, "token-expired"));
    let renewed = ada.refresh_with(&ada.refresh_token, &ada.key).json();
    ada.access_token = renewed["access_token"].as_str().unwrap().to_owned();
    assert_eq!(access(&ada).0, 200);
    // Three months without coverage are no reason to lose the way back.
    office.app.clock.advance_ms(PHONE_SESSION_MS / 2);
    let token = renewed["refresh_token"].as_str().unwrap();
    assert_eq!(ada.refresh_with(token, &ada.key).status, 200);
    office.app.clock.advance_ms(PHONE_SESSION_MS + 1_000);
    assert_eq!(said(&ada.refresh_with(token, &ada.key)), error(401, "token-invalid"));
}

/// FAULTS row 60: one kind of token is no other.
#[test]
fn tokens_are_not_exchangeable() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    for token in [ada.refresh_token.as_str(), "", "x.y.z", "null"] {
        let answer = office.get("/v1/jobs", Some(token));
        assert_eq!(said(&answer), error(401, "token-invalid"), "{token}");
    }
    assert_eq!(said(&office.get("/v1/jobs", None)), error(401, "token-invalid"));
}

/// FAULTS row 65: out at the next request.
#[test]
fn whoever_is_shut_out_is_out_at_the_next_request() {
    type Cause = (&'static str, u16, &'static str);
    let causes: [Cause; 4] = [
        ("update devices set revoked_at = 1", 403, "device-revoked"),
        ("update users set active = 0", 403, "account-closed"),
        ("update users set role = 'executive'", 401, "token-invalid"),
        ("update sessions set revoked_at = 1", 401, "token-invalid"),
    ];
    for (cause, status, code) in causes {
        let office = Office::open();
        let mut ada = Phone::of(&office, "ada");
        ada.open_job("Written before");
        assert_eq!(access(&ada).0, 200);
        let rows = office.log_rows();
        alter(&office, cause);
        assert_eq!(access(&ada), error(status, code), "{cause}");
        let push = ada.unsent.iter().map(|(record, changes)| docket_protocol::wire::RecordPush {
            record: *record,
            changes: changes.iter().map(|change| change.clone().into()).collect(),
        });
        let sent = ada.send(&ada.request(push.collect()));
        assert_eq!(said(&sent), error(status, code), "{cause}");
        assert_eq!(office.log_rows(), rows, "{cause}");
    }
}

#[test]
fn a_revoked_phone_does_not_sign_in_again() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    alter(&office, "update devices set revoked_at = 1");
    let again = office.post_json("/v1/login", None, &login_body("ada", PASSWORD, &ada.key));
    assert_eq!(said(&again), error(403, "device-revoked"));
    let refreshed = ada.refresh_with(&ada.refresh_token, &ada.key);
    assert_eq!(said(&refreshed), error(403, "device-revoked"));
}

#[test]
fn signing_out_ends_the_session_on_the_server() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let out = office.post_json("/v1/logout", Some(&ada.access_token), &json!({}));
    assert_eq!(out.status, 200);
    assert_eq!(access(&ada), error(401, "token-invalid"));
    let refreshed = ada.refresh_with(&ada.refresh_token, &ada.key);
    assert_eq!(said(&refreshed), error(401, "token-invalid"));
}

/// FAULTS row 37: who forgot the PIN opens the phone with their password, and nobody else's.
#[test]
fn the_offices_key_for_a_locked_phone_is_for_its_person_alone() {
    let office = Office::open();
    let (ada, ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    let sealed = office.get("/v1/unlock", Some(&ada.access_token)).json();
    let ask = |login: &str, password: &str| {
        office.post_json("/v1/unlock", None, &json!({ "login": login, "password": password }))
    };
    let opened = ask("ada", PASSWORD).json();
    assert_eq!(sealed["unlock_key"].as_str().map(str::len), Some(64));
    assert_eq!(sealed, opened);
    assert_ne!(opened, office.get("/v1/unlock", Some(&ben.access_token)).json());
    assert_eq!(said(&ask("ada", "guess")), error(401, "wrong-password"));
    alter(&office, "update users set active = 0 where login = 'ada'");
    assert_eq!(said(&ask("ada", PASSWORD)), error(401, "wrong-password"));
}
