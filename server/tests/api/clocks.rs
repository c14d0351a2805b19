//! Clocks that are wrong, jump, or stand still for months.

use docket_protocol::wire::Verdict;
use docket_server::limits::{ACCESS_TOKEN_MS, PHONE_SESSION_MS};
use docket_server::log;
use docket_server::store::StoreError;

use crate::support::{Office, PASSWORD, Phone, login_body};

const DAY_MS: i64 = 24 * 3_600 * 1_000;
const YEARS_MS: i64 = 3_650 * DAY_MS;

/// The last change of the log: device time, server time.
fn last_times(office: &Office) -> (i64, i64) {
    let query = |column: &str| {
        office.count(&format!(
            "select {column} from log where hash is not null order by seq desc limit 1"
        ))
    };
    (query("written_at"), query("received_at"))
}

/// FAULTS row 27: a phone ten years off, either way and jumping, changes nothing but its own
/// time beside the server's.
#[test]
fn a_phone_ten_years_off_is_believed_about_its_work_and_not_about_the_time() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let now = ada.clock_ms;
    let job = ada.open_job("Flow meter reads high");
    for (skew, priority) in [(YEARS_MS, "high"), (-YEARS_MS, "low"), (YEARS_MS, "urgent")] {
        ada.clock_ms = now + skew;
        ada.set(job, "intake/priority", priority);
        let verdicts = ada.sync().verdicts.remove(0).verdicts;
        assert!(verdicts.iter().all(|word| matches!(word, Verdict::Accepted(_))), "{verdicts:?}");
        assert_eq!(ada.content(job)["intake"]["priority"], priority, "the last word is the last");
        let (written, received) = last_times(&office);
        assert_eq!(written, now + skew, "the phone's own time is kept");
        assert!((received - now).abs() < DAY_MS, "the server stamps its own");
    }
    let answer = office.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token)).json();
    let last = answer["timeline"].as_array().and_then(|timeline| {
        timeline.iter().find(|entry| entry["written_at"] == now - YEARS_MS).cloned()
    });
    let last = last.expect("both times are in the timeline");
    assert!((last["received_at"].as_i64().expect("a time") - now).abs() < DAY_MS);
}

/// FAULTS row 28: the server's clock jumps back and ahead; the log's order is its sequence, and
/// a phone needs no more than a new token.
#[test]
fn a_server_whose_clock_jumps_keeps_its_order_and_its_people() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = ada.open_job("Flow meter reads high");
    ada.sync();
    for (jump, priority) in [(-DAY_MS, "low"), (2 * DAY_MS, "high"), (-DAY_MS, "urgent")] {
        office.app.clock.advance_ms(jump);
        let renewed = ada.refresh_with(&ada.refresh_token, &ada.key);
        assert_eq!(renewed.status, 200, "after {jump}: {}", renewed.json());
        let renewed = renewed.json();
        let text = |key: &str| renewed[key].as_str().expect("a token").to_owned();
        (ada.access_token, ada.refresh_token) = (text("access_token"), text("refresh_token"));
        ada.set(job, "intake/priority", priority);
        let verdicts = ada.sync().verdicts.remove(0).verdicts;
        assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{verdicts:?}");
    }
    let tenant = office.tenant;
    let chain =
        office.app.store.read_blocking(|sql| Ok::<_, StoreError>(log::verify(sql, tenant)?));
    assert!(chain.expect("a store").is_ok(), "gapless and chained");
    assert_eq!(ada.content(job)["intake"]["priority"], "urgent");
}

/// FAULTS rows 23, 31: ninety days without coverage, then two hundred: nothing written there
/// expires; at most the person signs in again, on the same phone.
#[test]
fn months_without_coverage_cost_a_sign_in_and_no_work() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = ada.open_job("Flow meter reads high");
    ada.sync();
    ada.set(job, "intake/priority", "high");
    office.app.clock.advance_ms(90 * DAY_MS);
    assert_eq!(ada.send(&ada.request(Vec::new())).code(), "token-expired");
    let renewed = ada.refresh_with(&ada.refresh_token, &ada.key).json();
    ada.access_token = renewed["access_token"].as_str().expect("a new token").to_owned();
    let verdicts = ada.sync().verdicts.remove(0).verdicts;
    assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{verdicts:?}");

    ada.set(job, "intake/mode", "phone");
    office.app.clock.advance_ms(PHONE_SESSION_MS + DAY_MS + ACCESS_TOKEN_MS);
    let refresh = renewed["refresh_token"].as_str().expect("a refresh token");
    assert_eq!(ada.refresh_with(refresh, &ada.key).status, 401);
    let again = office.post_json("/v1/login", None, &login_body("ada", PASSWORD, &ada.key)).json();
    assert_eq!(again["device"], ada.device.to_string(), "the same phone");
    ada.access_token = again["access_token"].as_str().expect("a new token").to_owned();
    let verdicts = ada.sync().verdicts.remove(0).verdicts;
    assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{verdicts:?}");
}
