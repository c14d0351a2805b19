//! Who sees what, and what becomes of work by someone who no longer does.

use docket_protocol::edit::Edit;
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::wire::{Item, Verdict};

use crate::support::{Office, Phone};

fn entered(items: &[Item], kind: RecordKind) -> usize {
    items.iter().filter(|item| matches!(item, Item::Enter(got) if got.kind == kind)).count()
}

#[test]
fn an_engineer_sees_the_catalog_and_the_jobs_they_work_on() {
    let office = Office::open();
    let mine = office.job_for("ada", "Mine");
    let other = office.job_for("ben", "Not mine");
    let mut ada = Phone::of(&office, "ada");
    let response = ada.sync();
    assert_eq!(entered(&response.items, RecordKind::Catalog), 1);
    assert_eq!(entered(&response.items, RecordKind::Job), 1);
    assert!(ada.records.contains_key(&mine) && !ada.records.contains_key(&other));
    let people = ada.records.values().find(|(kind, _)| *kind == RecordKind::Catalog).unwrap();
    let content = docket_protocol::record::read::content(&people.1, RecordKind::Catalog);
    assert_eq!(content["people"].as_object().unwrap().len(), 6);
}

/// FAULTS row 72: a job handed on leaves.
#[test]
fn a_job_comes_and_goes_with_its_assignment() {
    let office = Office::open();
    let (mut ada, mut ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    let job = office.job_for("ada", "Pump does not start");
    ada.sync();
    ben.sync();
    assert!(ada.records.contains_key(&job) && !ben.records.contains_key(&job));

    office.desk_edit("dora", job, Edit::Assign { lead: office.user("ben") }).unwrap();
    assert!(ada.sync().items.contains(&Item::Leave(job)));
    assert_eq!(entered(&ben.sync().items, RecordKind::Job), 1);
    assert_eq!(ada.sync().items, [], "it leaves once");

    let helper = Path::new(format!("assignment/helpers/{}", office.user("ada")));
    let edit = |active: bool| Edit::SetField { path: helper.clone(), value: active.into() };
    office.desk_edit("dora", job, edit(true)).unwrap();
    ada.sync();
    assert_eq!(ada.content(job), ben.records.get(&job).map(|_| ada.content(job)).unwrap());
    office.desk_edit("dora", job, edit(false)).unwrap();
    assert!(ada.sync().items.contains(&Item::Leave(job)));
}

#[test]
fn whoever_opens_a_job_keeps_it_until_somebody_leads() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = ada.open_job("Found a leak on the way");
    ada.sync();
    ada.set(job, "intake/priority", "high");
    ada.sync();
    office.desk_edit("dora", job, Edit::Assign { lead: office.user("ben") }).unwrap();
    assert!(ada.sync().items.contains(&Item::Leave(job)));
}

#[test]
fn late_work_of_somebody_who_lost_the_job_is_held_for_a_decision() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = office.job_for("ada", "Boiler trips");
    ada.sync();
    ada.set(job, "visit/arrived_at", 5_000);
    office.desk_edit("dora", job, Edit::Assign { lead: office.user("ben") }).unwrap();
    let changes = "select count(*) from log where kind = 'change'";
    let before = office.count(changes);
    let change = ada.unsent[&job].clone();
    for _ in 0..2 {
        let verdicts = ada.push(job, change.clone());
        assert_eq!(verdicts, [Verdict::Held("no-longer-assigned".into())]);
    }
    assert_eq!(office.count("select count(*) from log where kind = 'hold'"), 1);
    assert_eq!(office.count(changes), before, "nothing of it is in the record yet");
    assert!(ada.sync().items.contains(&Item::Leave(job)));
}

#[test]
fn another_organisation_does_not_exist() {
    let (here, there) = (Office::open(), Office::open());
    let job = there.job_for("ada", "Theirs");
    let mut ada = Phone::of(&here, "ada");
    let response = ada.sync();
    assert_eq!(entered(&response.items, RecordKind::Job), 0);
    let answer = here.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token));
    assert_eq!(answer.status, 404);
}
