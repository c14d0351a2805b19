//! The console beside a signature: what was written late, by whom and when; the amendment that
//! opens the report again; both signed versions, to read and to print; the memory of conflicts.

use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::record::path::Path;
use docket_protocol::signoff::Purpose;

use crate::browser::Browser;
use crate::support::{Office, Phone};

fn set(path: &str, value: &str) -> Edit {
    Edit::SetField { path: Path::new(path), value: value.into() }
}

/// Ada leads, Ben helps; both have the job.
fn shared(office: &Office) -> (Phone<'_>, Phone<'_>, RecordId) {
    let job = office.job_for("ada", "Flow meter reads high");
    let path = Path::new("assignment/helpers").child(office.user("ben"));
    office.desk_edit("dora", job, Edit::SetField { path, value: true.into() }).unwrap();
    let (mut ada, mut ben) = (Phone::of(office, "ada"), Phone::of(office, "ben"));
    ada.sync();
    ben.sync();
    (ada, ben, job)
}

#[test]
fn a_late_edit_stands_beside_the_signature_and_an_amendment_opens_the_report() {
    let office = Office::open();
    let (mut ada, mut ben, job) = shared(&office);
    ada.set(job, "report/cause", "Sensor aged");
    ada.set(job, "report/finished_at", ada.clock_ms);
    let first = ada.sign_off(job, Purpose::Report);
    ben.set(job, "report/advice", "Clean it yearly");
    ada.sync();
    ben.sync();
    let dora = Browser::signed_in(&office, "dora");
    let address = format!("/jobs/{job}");
    let card = dora.get(&address).part("signoffs");
    for said in ["Clean it yearly", "Ben Okafor", "ben&#39;s phone", "arrived after"] {
        assert!(card.contains(said), "{said} in {card}");
    }
    assert!(dora.get("/").says("1 field changed beside the signature"));

    let refused = dora.post(&format!("{address}/amend"), &[("reason", " ")]);
    assert!(refused.status == 403 && refused.says("An amendment needs a reason"));
    let amended = dora.post(&format!("{address}/amend"), &[("reason", "Wrong serial number")]);
    assert_eq!(amended.location, format!("{address}?notice=amended"));
    office.desk_edit("dora", job, set("report/cause", "Sensor swapped")).unwrap();
    ada.sync();
    let second = ada.sign_off(job, Purpose::Report);
    ada.sync();
    let page = dora.get(&address);
    let card = page.part("signoffs");
    for said in ["Amended", "Wrong serial number", "Changed since the amendment"] {
        assert!(card.contains(said), "{said} in {card}");
    }
    assert!(page.part("history").contains("Amendment: Wrong serial number"));
    for (signoff, cause, not) in
        [(first, "Sensor aged", "Sensor swapped"), (second, "Sensor swapped", "Sensor aged")]
    {
        let version = dora.get(&format!("{address}/signoffs/{signoff}"));
        assert_eq!(version.status, 200);
        assert!(version.says(cause) && !version.says(not), "{cause}");
        assert!(version.says("This proof is valid."));
    }
    let max = Browser::signed_in(&office, "max").speaking("zh");
    assert!(max.get(&address).says("已修订"));
}

#[test]
fn a_signed_version_is_shown_only_to_those_who_see_the_job() {
    let office = Office::open();
    let (mut ada, _, job) = shared(&office);
    let signoff = ada.sign_off(job, Purpose::Plan);
    ada.sync();
    let other = office.job_for("ben", "Another");
    let eve = Browser::signed_in(&office, "eve");
    assert_eq!(eve.get(&format!("/jobs/{job}/signoffs/{signoff}")).status, 200);
    assert_eq!(eve.get(&format!("/jobs/{other}/signoffs/{signoff}")).status, 404);
    let ada = Browser::signed_in(&office, "ada");
    assert_eq!(ada.get(&format!("/jobs/{other}/signoffs/{signoff}")).status, 404);
}

#[test]
fn the_desk_sees_that_its_value_lost_and_what_was_chosen() {
    let office = Office::open();
    let (mut ada, mut ben, job) = shared(&office);
    // The desk and two phones write one line at once.
    office.desk_edit("dora", job, set("intake/caller", "Mr Li")).unwrap();
    ada.set(job, "intake/caller", "Ms Wang");
    ben.set(job, "intake/caller", "Front desk");
    ada.sync();
    ben.sync();
    let dora = Browser::signed_in(&office, "dora");
    let address = format!("/jobs/{job}");
    let card = dora.get(&address).part("conflicts");
    for said in ["Mr Li", "Ms Wang", "Front desk", "Dora Lin (you)", "Write this instead"] {
        assert!(card.contains(said), "{said} in {card}");
    }
    let both = dora.get(&address).field("value:intake/caller").expect("a third can be written");
    assert!(both.contains("Mr Li") && both.contains(" / "), "{both}");
    let third = [("was:intake/caller", ""), ("value:intake/caller", "Mr Li or Ms Wang")];
    assert_eq!(dora.post(&format!("{address}/edit"), &third).status, 303);
    let card = dora.get(&address).part("conflicts");
    for said in ["Settled by people", "Mr Li or Ms Wang", "Front desk", "Shown until then"] {
        assert!(card.contains(said), "{said} in {card}");
    }
    assert!(!card.contains("Use this value"), "nothing is open any more");
}
