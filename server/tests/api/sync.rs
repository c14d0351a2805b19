//! Push and pull: one round trip, once and only once, both sides' work kept.

use docket_protocol::edit::Edit;
use docket_protocol::ids::Seq;
use docket_protocol::limits::INFLATED_BYTES_MAX;
use docket_protocol::record::path::Path;
use docket_protocol::wire::{self, Cursor, Item, SyncResponse, Verdict};

use crate::support::{Office, Phone};

/// FAULTS row 16: delivered four times, logged once.
#[test]
fn what_is_pushed_once_is_logged_once() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = ada.open_job("Flow meter reads high");
    ada.set(job, "intake/symptom", "Reads 12 % above the reference");
    let changes = ada.unsent[&job].clone();

    let first = ada.sync();
    let accepted: Vec<_> = first.verdicts[0].verdicts.iter().collect();
    assert!(matches!(accepted[..], [Verdict::Accepted(_), Verdict::Accepted(_)]), "{first:?}");
    let rows = office.log_rows();

    for _ in 0..3 {
        assert_eq!(ada.push(job, changes.clone()), [Verdict::Duplicate, Verdict::Duplicate]);
    }
    assert_eq!(office.log_rows(), rows);
}

#[test]
fn a_phone_gets_nothing_back_of_what_it_has_just_sent() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    let job = ada.open_job("Valve leaks");
    let response = ada.sync();
    assert_eq!(response.items, [], "its own record does not come back");
    ada.set(job, "intake/priority", "high");
    let response = ada.sync();
    assert_eq!(response.items, []);
    assert!(!response.more);
    assert_eq!(ada.sync().items, [], "and later neither");
}

/// FAULTS row 15: the answer is lost.
#[test]
fn a_lost_answer_is_made_good_by_asking_again() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    let job = office.job_for("ada", "Pump does not start");
    let from_desk = ada.sync();
    assert!(matches!(from_desk.items[..], [Item::Enter(_), ..]));
    ada.set(job, "visit/arrived_at", 1_000);
    let unsent = ada.unsent.clone();
    ada.push(job, unsent[&job].clone());
    // The answer never arrived: the phone sends the same again, from the same cursor.
    let again = ada.sync();
    assert_eq!(again.verdicts[0].verdicts, [Verdict::Duplicate]);
    assert_eq!(ada.content(job)["visit"]["arrived_at"], 1_000);
}

/// FAULTS row 53: both values are kept and listed until somebody chooses.
#[test]
fn two_phones_edit_one_field_and_both_values_are_listed_with_their_authors() {
    let office = Office::open();
    let (mut ada, mut ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    let job = office.job_for("ada", "Boiler trips");
    let helper = Path::new(format!("assignment/helpers/{}", office.user("ben")));
    let edit = Edit::SetField { path: helper, value: true.into() };
    office.desk_edit("dora", job, edit).unwrap();
    ada.sync();
    ben.sync();

    ada.set(job, "intake/priority", "high");
    ben.set(job, "intake/priority", "urgent");
    ada.sync();
    ben.sync();
    ada.sync();
    assert_eq!(ada.content(job), ben.content(job), "both phones show the same");

    let answer = office.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token)).json();
    let conflict = &answer["conflicts"][0];
    assert_eq!(conflict["path"], "intake/priority");
    assert_eq!(conflict["open"], true);
    let mut values: Vec<_> = conflict["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| (value["value"].as_str().unwrap(), value["user_name"].as_str().unwrap()))
        .collect();
    values.sort_unstable();
    assert_eq!(values, [("high", "Ada Novak"), ("urgent", "Ben Okafor")]);
    assert_eq!(answer["open_conflicts"], 1);

    // Choosing is an edit like any other, and settles it for everyone.
    let choice = Edit::SetField { path: "intake/priority".into(), value: "high".into() };
    office.desk_edit("dora", job, choice).unwrap();
    ben.sync();
    assert_eq!(ben.content(job)["intake"]["priority"], "high");
    let answer = office.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token)).json();
    assert_eq!(answer["conflicts"].as_array().unwrap().len(), 0);
}

/// FAULTS rows 17, 47: what comes too early waits on the phone.
#[test]
fn changes_that_arrive_before_what_they_stand_on_wait_on_the_phone() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = ada.open_job("Sensor drifts");
    ada.set(job, "intake/priority", "low");
    ada.set(job, "intake/priority", "normal");
    let changes = ada.unsent[&job].clone();
    let head = |at: usize| docket_protocol::change::read_head(&changes[at]).unwrap();

    ada.push(job, vec![changes[0].clone()]);
    let verdicts = ada.push(job, vec![changes[2].clone()]);
    assert_eq!(verdicts, [Verdict::Need(vec![head(1).hash])]);
    let verdicts = ada.push(job, changes.clone());
    assert!(
        matches!(verdicts[..], [Verdict::Duplicate, Verdict::Accepted(_), Verdict::Accepted(_)]),
        "{verdicts:?}"
    );
}

/// FAULTS rows 33, 48: a copied database is told from its original.
#[test]
fn a_copied_database_is_told_from_its_original() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = ada.open_job("Display is dark");
    ada.sync();
    let (kind, doc) = &ada.records[&job];
    let copy = (*kind, doc.clone());
    ada.set(job, "intake/priority", "low");
    ada.sync();
    ada.records.insert(job, copy);
    ada.set(job, "intake/priority", "urgent");
    let forked = ada.unsent.remove(&job).unwrap();
    assert_eq!(ada.push(job, forked), [Verdict::Fork]);
}

#[test]
fn a_large_backlog_comes_in_pages_and_ends() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    let prose = "流量计读数偏高，更换传感器后恢复正常。".repeat(2_000);
    let jobs: Vec<_> = (0..44)
        .map(|number| {
            let job = office.job_for("ada", &format!("Job {number}"));
            let path = Path::new("intake/symptom");
            let edit = Edit::SetField { path, value: prose.as_str().into() };
            office.desk_edit("dora", job, edit).unwrap();
            job
        })
        .collect();
    let mut pages = 0;
    loop {
        pages += 1;
        assert!(pages < 20, "the pages end");
        if !ada.sync().more {
            break;
        }
    }
    assert!(pages > 1, "one page was enough");
    for job in jobs {
        assert_eq!(ada.content(job)["intake"]["symptom"], prose.as_str());
    }
    assert_eq!(ada.sync().items, []);
}

/// A browser below the phone's app opens it; what it gives to the app is what others get.
#[test]
fn large_answers_come_in_zstandard_to_whoever_takes_it() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    for number in 0..60 {
        office.job_for("ada", &format!("流量计 {number} 读数偏高"));
    }
    let plain = ada.send(&ada.request(Vec::new())).body;
    for (takes, is_zstd) in [("gzip, zstd", true), ("zstd;q=0", false), ("gzip, br", false)] {
        let (body, encoding) = ada.fetch(&ada.request(Vec::new()), takes);
        assert_eq!(encoding.as_deref(), is_zstd.then_some("zstd"), "{takes}");
        let packed = if is_zstd { zstd::decode_all(&body[..]).unwrap() } else { body.clone() };
        let items = |packed: &[u8]| {
            let response: SyncResponse = wire::unpack(packed, INFLATED_BYTES_MAX).unwrap();
            response.items
        };
        assert!(items(&packed) == items(&plain), "{takes}: the same comes");
        assert!(!is_zstd || body.len() < plain.len(), "{} of {}", body.len(), plain.len());
    }
}

#[test]
fn a_cursor_of_another_log_means_that_the_server_was_restored() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    office.job_for("ada", "Compressor is loud");
    ada.sync();
    for (seq, tag) in [(3, [9; 8]), (1_000_000, [0; 8]), (u64::MAX, [0; 8])] {
        ada.cursor = Some(Cursor { seq: Seq(seq), tag });
        let response = ada.exchange(Vec::new());
        assert!(response.rewound, "{seq}");
        assert_eq!(response.items, [], "the phone compares first, and asks for what differs");
        assert!(!response.more);
    }
}

#[test]
fn nothing_new_costs_one_small_round_trip() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    office.job_for("ada", "Filter is clogged");
    ada.sync();
    let answer = ada.send(&ada.request(Vec::new()));
    assert!(answer.body.len() < 300, "{} bytes", answer.body.len());
}
