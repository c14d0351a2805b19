//! D5: the customer is called again some days later: due list, result, satisfaction; a fault that
//! is back opens the next job.

use docket_protocol::ids::RecordId;
use docket_protocol::signoff::Purpose;

use crate::browser::Browser;
use crate::support::{Office, Phone};

const DAY: i64 = 86_400_000;

/// A job of Ada's that the customer signed so many days ago.
fn signed(office: &Office, title: &str, days_ago: i64) -> RecordId {
    let job = office.job_for("ada", title);
    let mut ada = Phone::of(office, "ada");
    ada.sync();
    ada.clock_ms -= days_ago * DAY;
    ada.set(job, "intake/equipment", "Pump 2");
    ada.set(job, "report/outcome", "solved");
    ada.set(job, "report/finished_at", ada.clock_ms);
    ada.sign_off(job, Purpose::Report);
    ada.sync();
    job
}

#[test]
fn d5_calls_stand_in_the_list_when_they_are_due_and_leave_it_when_they_are_made() {
    let office = Office::open();
    let long_ago = signed(&office, "Pump drips", 9);
    signed(&office, "Valve sticks", 2);
    let dora = Browser::signed_in(&office, "dora");
    let page = dora.get("/follow-ups");
    assert!(page.says("1 due"), "{}", page.html());
    let due = page.part("due");
    assert!(due.contains("Pump drips") && due.contains("Valve sticks") && due.contains("Overdue"));
    let said = [
        ("result", "Runs well"),
        ("solved", "yes"),
        ("satisfaction", "5"),
        ("opportunity", "Wants a yearly inspection"),
    ];
    let saved = dora.post(&format!("/follow-ups/{long_ago}"), &said);
    assert_eq!((saved.status, saved.location.as_str()), (303, "/follow-ups?notice=saved"));
    let page = dora.get("/follow-ups");
    assert!(page.says("none due") && !page.part("due").contains("Pump drips"));
    let made = page.part("made");
    for said in ["Runs well", "Excellent", "Wants a yearly inspection", "Fault stayed away"] {
        assert!(made.contains(said), "{said} in {made}");
    }
    assert!(!made.contains("/reopen"));
}

#[test]
fn d5_a_fault_that_is_back_opens_the_next_job_once() {
    let office = Office::open();
    let job = signed(&office, "Pump drips", 9);
    let dora = Browser::signed_in(&office, "dora");
    dora.post(&format!("/follow-ups/{job}"), &[("result", "Drips again"), ("solved", "no")]);
    assert!(dora.get("/follow-ups").part("made").contains("Fault is back"));
    let opened = dora.post(&format!("/follow-ups/{job}/reopen"), &[]);
    assert_eq!(opened.status, 303);
    let page = dora.get(&opened.location);
    for said in ["Pump drips", "Drips again", "Pump 2", "Harbour Water"] {
        assert!(page.says(said), "{said} in {}", page.html());
    }
    let list = dora.get("/follow-ups").part("made");
    assert!(list.contains("The job that follows") && !list.contains("/reopen"), "{list}");
}

#[test]
fn what_cannot_be_a_call_is_not_one_and_readers_do_not_call() {
    let office = Office::open();
    let job = signed(&office, "Pump drips", 9);
    let address = format!("/follow-ups/{job}");
    let dora = Browser::signed_in(&office, "dora");
    for wrong in [
        [("solved", ""), ("satisfaction", "5")],
        [("solved", "perhaps"), ("satisfaction", "5")],
        [("solved", "yes"), ("satisfaction", "6")],
        [("solved", "yes"), ("satisfaction", "good")],
    ] {
        assert_eq!(dora.post(&address, &wrong).status, 403, "{wrong:?}");
    }
    let eve = Browser::signed_in(&office, "eve");
    assert!(eve.get("/follow-ups").says("Pump drips") && !eve.get("/follow-ups").says("<textarea"));
    assert_eq!(eve.post(&address, &[("solved", "yes")]).status, 403);
    assert_eq!(eve.post(&format!("{address}/reopen"), &[]).status, 403);
    let ben = Browser::signed_in(&office, "ben");
    assert!(!ben.get("/follow-ups").says("Pump drips"), "a job of Ada's");
    assert_eq!(ben.post(&address, &[("solved", "yes")]).status, 404);
    assert_eq!(ben.post(&format!("{address}/reopen"), &[]).status, 404);
    assert_eq!(office.count("select count(*) from jobs"), 1);
}
