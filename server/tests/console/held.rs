//! Held work in the console: seen with everything needed to decide, decided with one click, and
//! told in the job's history; and the deeds that make work held.

use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;

use crate::browser::{Browser, Page};
use crate::support::{Office, Phone};

/// Work of Ada's on a job that Ben has by now.
fn late_work(office: &Office) -> (Phone<'_>, RecordId) {
    let job = office.job_for("ada", "Boiler trips");
    let mut ada = Phone::of(office, "ada");
    ada.sync();
    ada.set(job, "report/cause", "Worn bearing");
    ada.set(job, "intake/priority", "urgent");
    office.desk_edit("dora", job, Edit::Assign { lead: office.user("ben") }).unwrap();
    ada.sync();
    (ada, job)
}

fn decide(browser: &Browser<'_>, page: &Page, job: RecordId, accepted: &str, note: &str) -> Page {
    let changes = page.field("changes").expect("a piece to decide on");
    let fields = [("changes", changes.as_str()), ("accepted", accepted), ("note", note)];
    browser.post(&format!("/held/{job}/decide"), &fields)
}

#[test]
fn held_work_is_shown_with_all_that_is_needed_to_decide_and_accepted_with_one_click() {
    let office = Office::open();
    let (_ada, job) = late_work(&office);
    let max = Browser::signed_in(&office, "max");
    assert!(max.get("/").says("To decide <span class=\"count\">1</span>"));
    assert!(max.get(&format!("/jobs/{job}")).says("Work on this job waits for a decision."));
    let page = max.get("/held");
    for said in [
        "Boiler trips",
        &format!("/jobs/{job}"),
        "Ada Novak",
        "ada&#39;s phone",
        "given to somebody else",
        "Cause: “Worn bearing”",
        "Priority: Urgent",
        "Phone clock",
        "Arrived",
    ] {
        assert!(page.says(said), "{said} in {}", page.html());
    }
    let done = decide(&max, &page, job, "true", "She was there");
    assert_eq!((done.status, done.location.as_str()), (303, "/held?notice=accepted"));
    assert!(max.get("/held").says("Nothing waits for a decision."));
    let history = max.get(&format!("/jobs/{job}")).part("history");
    assert!(history.contains("Accepted held work of Ada Novak (2 entries)"), "{history}");
    assert!(history.contains("She was there") && history.contains("Max Weber"));
    assert!(history.contains("Cause: “Worn bearing”"));
    let again = decide(&max, &page, job, "false", "no");
    assert_eq!(again.location, "/held?notice=gone", "somebody was quicker");
}

#[test]
fn setting_aside_needs_a_reason_and_can_be_taken_back() {
    let office = Office::open();
    let (_ada, job) = late_work(&office);
    let dora = Browser::signed_in(&office, "dora");
    let page = dora.get("/held");
    let refused = decide(&dora, &page, job, "false", "");
    assert_eq!(refused.status, 422);
    assert!(refused.says("Please write a reason") && refused.says("Worn bearing"));
    decide(&dora, &page, job, "false", "Ben did it");
    let page = dora.get("/held");
    assert!(page.says("Set aside by Dora Lin, Today") && page.says("Ben did it"));
    assert_eq!(decide(&dora, &page, job, "true", "").location, "/held?notice=accepted");
    assert!(dora.get(&format!("/jobs/{job}")).part("report").contains("Worn bearing"));
}

#[test]
fn engineers_do_not_see_the_inbox_and_readers_do_not_decide() {
    let office = Office::open();
    let (_ada, job) = late_work(&office);
    let ada = Browser::signed_in(&office, "ada");
    assert_eq!(ada.get("/held").status, 404);
    assert!(!ada.get("/").says("To decide"));
    let page = Browser::signed_in(&office, "max").get("/held");
    assert_eq!(decide(&ada, &page, job, "true", "").status, 404);
    let eve = Browser::signed_in(&office, "eve");
    let seen = eve.get("/held");
    assert!(seen.says("Worn bearing") && !seen.says("name=\"accepted\""));
    assert_eq!(decide(&eve, &page, job, "true", "").status, 403);
    assert_eq!(office.count("select count(*) from decisions"), 0);
}

/// FAULTS row 75: held work was judged by nobody yet, and is words all the same.
#[test]
fn hostile_held_work_is_shown_as_words() {
    let office = Office::open();
    let job = office.job_for("ada", "Boiler trips");
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    ada.set(job, "report/cause", "<script>alert(1)</script>");
    ada.hack(job, |tx| {
        use automerge::transaction::Transactable;
        tx.put(automerge::ROOT, "<img src=x onerror=alert(2)>", "<b>").unwrap();
    });
    office.desk_edit("dora", job, Edit::Assign { lead: office.user("ben") }).unwrap();
    ada.sync();
    for language in ["en", "zh"] {
        let page = Browser::signed_in(&office, "max").speaking(language).get("/held");
        assert_eq!(page.status, 200);
        assert!(!page.says("<script>alert") && !page.says("<img src=x"), "{}", page.html());
        assert!(!page.says(">held-") && !page.says(">error-"), "{}", page.html());
    }
}

#[test]
fn phones_and_accounts_are_withdrawn_with_confirmation_and_it_is_written_down() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let max = Browser::signed_in(&office, "max");
    let page = max.get("/people");
    assert!(page.says("Withdraw ada&#39;s phone") && page.says("Close the account of Ada Novak"));
    assert!(!page.says("Close the account of Max Weber"), "nobody themselves");
    assert!(!page.says("Close the account of Adam Roy"), "nor the administrator");
    let phone = format!("/people/devices/{}", ada.device);
    assert_eq!(max.post(&phone, &[("on", "false")]).location, "/people?notice=done");
    assert_eq!(ada.send(&ada.request(Vec::new())).code(), "device-revoked");
    assert!(max.get("/audit").says("Withdrew the phone ada&#39;s phone of Ada Novak"));
    max.post(&phone, &[("on", "true")]);
    assert_eq!(ada.send(&ada.request(Vec::new())).status, 200);

    let account = format!("/people/{}/account", office.user("ada"));
    max.post(&account, &[("on", "false")]);
    assert_eq!(ada.send(&ada.request(Vec::new())).code(), "account-closed");
    max.post(&account, &[("on", "true")]);

    let role = format!("/people/{}/role", office.user("ada"));
    assert_eq!(max.post(&role, &[("role", "administrator")]).status, 403);
    let adam = Browser::signed_in(&office, "adam");
    assert_eq!(adam.post(&role, &[("role", "desk")]).location, "/people?notice=done");
    assert!(adam.get("/audit").says("Ada Novak is now: Service desk"));
    let ben = Browser::signed_in(&office, "ben");
    assert!(!ben.get("/people").says("Withdraw"));
    assert_eq!(ben.post(&phone, &[("on", "false")]).status, 403);
}
