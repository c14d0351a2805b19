//! E1: a contract promises, clocks run and can be paused with a reason, and late evidence is taken
//! for what it is.

use docket_protocol::ids::RecordId;
use docket_protocol::record::value::FieldValue;
use jiff::tz::TimeZone;

use crate::browser::{Browser, Page};
use crate::records::{job, window};
use crate::support::{Office, Phone};

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;

/// Adds a level: what is promised in minutes.
pub(crate) fn promise(browser: &Browser<'_>, page: &str, level: &str, minutes: [&str; 3]) -> Page {
    let names = ["response_minutes", "on_site_minutes", "recovery_minutes"];
    let mut fields = vec![
        ("target".to_owned(), "levels".to_owned()),
        ("was:levels/level".to_owned(), String::new()),
        ("value:levels/level".to_owned(), level.to_owned()),
    ];
    for (name, minutes) in names.into_iter().zip(minutes) {
        fields.push((format!("was:levels/{name}"), String::new()));
        fields.push((format!("value:levels/{name}"), minutes.to_owned()));
    }
    let fields: Vec<_> = fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    browser.post(&format!("{page}/add"), &fields)
}

/// A customer of Dora's; returns its page.
fn customer(dora: &Browser<'_>) -> (String, String) {
    let page = dora.post("/dossiers", &[("name", "Harbour Water")]).location;
    let id = page.rsplit('/').next().unwrap_or_default().to_owned();
    (page, id)
}

/// A call of a moment ago that Ada is sent to.
pub(crate) fn call(office: &Office, level: &str, dossier: &str, ago: i64) -> RecordId {
    let at = office.app.clock.now_ms() - ago;
    let mut fields: Vec<(&str, FieldValue)> = vec![
        ("intake/opened_at", at.into()),
        ("intake/title", "Pump drips".into()),
        ("intake/customer", "Harbour Water".into()),
        ("intake/level", level.into()),
        ("intake/mode", "on_site".into()),
        ("assignment/lead", office.user("ada").to_string().into()),
        ("assignment/assigned_at", at.into()),
    ];
    if !dossier.is_empty() {
        fields.push(("intake/dossier", dossier.into()));
    }
    job(office, &fields)
}

/// A phone is in coverage again after so long that its token is over.
pub(crate) fn is_back(phone: &mut Phone<'_>) {
    let answer = phone.refresh_with(&phone.refresh_token, &phone.key).json();
    for (field, kept) in
        [("access_token", &mut phone.access_token), ("refresh_token", &mut phone.refresh_token)]
    {
        answer[field].as_str().expect("a token").clone_into(kept);
    }
    phone.sync();
}

/// One clock on the page of a job.
fn clock(browser: &Browser<'_>, job: RecordId, kind: &str) -> String {
    let card = browser.get(&format!("/jobs/{job}")).part("clocks");
    let marked = format!("data-clock=\"{kind}\"");
    let Some(from) = card.find(&marked) else { return String::new() };
    let rest = &card[from..];
    rest[..rest.find("</li>").unwrap_or(rest.len())].to_owned()
}

#[test]
fn e1_a_contract_sets_the_clocks_and_the_organisation_the_rest() {
    let office = Office::open();
    let dora = window(&office, "dora");
    let (page, id) = customer(&dora);
    assert_eq!(promise(&dora, "/levels", "major", ["60", "240", "1440"]).status, 303);
    assert_eq!(promise(&dora, &page, "major", ["", "120", ""]).status, 303);
    let others = call(&office, "major", "", MINUTE);
    let theirs = call(&office, "major", &id, MINUTE);
    assert!(clock(&dora, others, "on_site").contains("4.0 h"));
    assert!(clock(&dora, theirs, "on_site").contains("2.0 h"));
    assert!(clock(&dora, theirs, "recovery").contains("24.0 h"), "the organisation's");
    let card = dora.get(&format!("/jobs/{theirs}")).part("clocks");
    assert!(card.contains("By contract") && card.contains("7x24"), "{card}");
    let minor = call(&office, "minor", &id, MINUTE);
    assert!(dora.get(&format!("/jobs/{minor}")).part("clocks").contains("Nothing is promised"));
    let contracts = dora.get("/levels").part("contracts");
    assert!(contracts.contains("Harbour Water") && contracts.contains("Major"), "{contracts}");
}

#[test]
fn e1_working_hours_run_only_on_working_days_of_their_own_time_zone() {
    let office = Office::open();
    let max = window(&office, "max");
    promise(&max, "/levels", "normal", ["60", "", ""]);
    let set = |path: &str, value: &str| {
        let (was, now) = (format!("was:service/{path}"), format!("value:service/{path}"));
        let fields = [("target", "service"), (was.as_str(), ""), (now.as_str(), value)];
        max.post("/levels/edit", &fields).status
    };
    assert_eq!(set("zone", "Europe/Atlantis"), 422, "nobody knows that zone");
    for (path, value) in [("hours", "working"), ("opens", "09:00"), ("closes", "18:00")] {
        assert_eq!(set(path, value), 303, "{path}");
    }
    assert_eq!(set("zone", "Asia/Shanghai"), 303);
    let holiday =
        [("target", "holidays"), ("was:holidays/from", ""), ("value:holidays/from", "2026-11-23")];
    assert_eq!(max.post("/levels/add", &holiday).status, 303);
    // Friday 20 November 2026, half past five in Shanghai; Monday is a holiday.
    let friday = 1_795_167_000_000;
    let office_job = job(
        &office,
        &[
            ("intake/opened_at", friday.into()),
            ("intake/level", "normal".into()),
            ("assignment/lead", office.user("ada").to_string().into()),
        ],
    );
    let response = clock(&max, office_job, "response");
    assert!(response.contains("24 Nov") && response.contains("01:30"), "{response}");
}

#[test]
fn e1_late_evidence_turns_a_missed_clock_into_one_that_was_kept_and_learned_late() {
    let office = Office::open();
    let max = window(&office, "max");
    promise(&max, "/levels", "major", ["60", "120", "480"]);
    let job = call(&office, "major", "", 30 * MINUTE);
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    ada.set(job, "visit/arrived_at", ada.clock_ms);
    assert!(clock(&max, job, "on_site").contains("In time"));
    // Without coverage nobody knows, until her phone is heard of.
    office.app.clock.advance_ms(2 * HOUR);
    let unknown = clock(&max, job, "on_site");
    assert!(unknown.contains("Not known yet") && unknown.contains("last heard of"), "{unknown}");
    assert!(max.get("/?clock=over").part("board").contains("Pump drips"));
    is_back(&mut ada);
    let kept = clock(&max, job, "on_site");
    assert!(kept.contains("Kept, learned late") && kept.contains("learned of it"), "{kept}");
    assert!(clock(&max, job, "response").contains("Kept, learned late"));
    assert!(clock(&max, job, "recovery").contains("In time"));
    assert!(!max.get("/?clock=over").part("board").contains("Pump drips"));
    // Made again from the log, it is told the same way.
    let app = office.app.clone();
    app.store.write_blocking(docket_server::read_model::rebuild::rebuild).unwrap();
    assert!(clock(&max, job, "on_site").contains("Kept, learned late"));
}

#[test]
fn e1_a_phone_that_was_heard_of_and_holds_nothing_means_missed() {
    let office = Office::open();
    let max = window(&office, "max");
    promise(&max, "/levels", "major", ["60", "120", "480"]);
    let job = call(&office, "major", "", 0);
    let mut ada = Phone::of(&office, "ada");
    office.app.clock.advance_ms(3 * HOUR);
    is_back(&mut ada);
    let missed = clock(&max, job, "on_site");
    assert!(missed.contains("Missed") && !missed.contains("last heard"), "{missed}");
    ada.clock_ms = office.app.clock.now_ms();
    ada.set(job, "visit/arrived_at", ada.clock_ms);
    ada.sync();
    assert!(clock(&max, job, "on_site").contains("Missed"), "met, and too late");
}

#[test]
fn e1_the_desk_pauses_the_clocks_with_a_reason_and_lets_them_go_on() {
    let office = Office::open();
    let dora = window(&office, "dora");
    promise(&dora, "/levels", "normal", ["60", "", "480"]);
    let job = call(&office, "normal", "", 10 * MINUTE);
    let pause = format!("/jobs/{job}/pause");
    assert_eq!(dora.post(&pause, &[("reason", " ")]).status, 403);
    assert_eq!(dora.post(&pause, &[("reason", "The customer has no key")]).status, 303);
    office.app.clock.advance_ms(5 * HOUR);
    let card = dora.get(&format!("/jobs/{job}")).part("clocks");
    assert!(card.contains("The customer has no key") && card.contains("Go on"), "{card}");
    assert!(clock(&dora, job, "response").contains("Paused"));
    assert!(dora.get("/?clock=paused").part("board").contains("Pump drips"));
    for login in ["ada", "eve"] {
        let browser = Browser::signed_in(&office, login);
        assert_eq!(browser.post(&pause, &[("reason", "No")]).status, 403, "{login}");
        assert_eq!(browser.post(&format!("/jobs/{job}/resume"), &[]).status, 403, "{login}");
    }
    let ben = Browser::signed_in(&office, "ben");
    assert_eq!(ben.post(&pause, &[("reason", "No")]).status, 404, "a job of Ada's");
    assert_eq!(dora.post(&format!("/jobs/{job}/resume"), &[]).status, 303);
    let response = clock(&dora, job, "response");
    assert!(response.contains("In time"), "fifty minutes are left: {response}");
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    assert_eq!(ada.content(job)["pauses"].as_object().map(serde_json::Map::len), Some(1));
}

#[test]
fn e1_a_call_that_nobody_has_stands_on_the_board_with_its_hand_over() {
    let office = Office::open();
    let max = window(&office, "max");
    let opened_at = office.app.clock.now_ms();
    job(&office, &[("intake/opened_at", opened_at.into()), ("intake/title", "Pump drips".into())]);
    let board = |filter: &str| max.get(&format!("/{filter}")).part("board");
    assert!(board("").contains("Hand-over"));
    let stands = |filter: &str| board(filter).contains("Pump drips");
    assert!(!stands("?clock=soon") && !stands("?clock=over"));
    office.app.clock.advance_ms(23 * HOUR);
    let max = window(&office, "max");
    let stands = |filter: &str| max.get(&format!("/{filter}")).part("board").contains("Pump drips");
    assert!(stands("?clock=soon") && !stands("?clock=over"));
    office.app.clock.advance_ms(HOUR);
    assert!(stands("?clock=over") && !stands("?clock=soon"));
}

#[test]
fn e5_who_is_on_call_is_said_by_turns_and_shows_here_and_on_the_phone() {
    let office = Office::open();
    let max = window(&office, "max");
    let (now, ada) = (office.app.clock.now_ms(), office.user("ada").to_string());
    let at = |ms: i64| {
        let at =
            jiff::Timestamp::from_millisecond(ms).unwrap().to_zoned_datetime(TimeZone::system());
        at.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let turn = |from: i64, until: i64| {
        let values = [("person", ada.clone()), ("from", at(from)), ("until", at(until))];
        let mut fields = vec![("target".to_owned(), "duty".to_owned())];
        for (name, value) in values {
            fields.push((format!("was:duty/{name}"), String::new()));
            fields.push((format!("value:duty/{name}"), value));
        }
        let fields = fields.iter().map(|(name, said)| (name.as_str(), said.as_str()));
        max.post("/duty/add", &fields.collect::<Vec<_>>())
    };
    assert!(max.get("/duty").part("on-call").contains("Nobody is on call"));
    let added = turn(now - HOUR, now + HOUR);
    assert_eq!((added.status, added.location.split('?').next()), (303, Some("/duty")));
    let on_call = || max.get("/duty").part("on-call");
    assert!(on_call().contains("Ada Novak") && on_call().contains("until"), "{}", on_call());
    office.app.clock.advance_ms(HOUR);
    assert!(on_call().contains("Nobody is on call"), "her turn is over");
    for end in [now + 2 * HOUR, now + 3 * HOUR] {
        let refused = turn(now + 3 * HOUR, end);
        assert_eq!(refused.status, 422);
        assert!(refused.says("The end has to come after the beginning"));
        let kept = format!("value=\"{}\"", at(end));
        assert!(refused.part("duty").contains(&kept), "what was typed stays in the form");
    }
}

#[test]
fn what_is_promised_is_for_the_office_to_say() {
    let office = Office::open();
    for (login, status) in [("ada", 422), ("eve", 422), ("adam", 303), ("max", 303)] {
        let browser = Browser::signed_in(&office, login);
        let answered = promise(&browser, "/levels", "critical", ["15", "", ""]);
        assert_eq!(answered.status, status, "{login}");
    }
}
