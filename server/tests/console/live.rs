//! A change is on every open board within moments: the stream says there is news, the same
//! address then shows it.

use std::io::{BufRead, BufReader};

use docket_protocol::edit::Edit;
use docket_protocol::record::path::Path;

use crate::browser::Browser;
use crate::support::{Office, Phone};

#[test]
fn the_board_hears_of_a_phones_work() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let browser = Browser::signed_in(&office, "max");
    let response =
        ureq::get(office.url("/live")).header("cookie", browser.cookie_header()).call().unwrap();
    let stream = BufReader::new(response.into_body().into_reader());
    let mut hints = stream.lines().map(Result::unwrap).filter_map(|line| {
        let data = line.strip_prefix("data:")?.trim().to_owned();
        serde_json::from_str::<serde_json::Value>(&data).ok()?["seq"].as_u64()
    });
    let start = hints.next().unwrap();

    let mut phone = Phone::of(&office, "ada");
    phone.sync();
    phone.set(job, "visit/arrived_at", 1_795_000_000_000);
    phone.sync();
    assert!(hints.next().unwrap() > start);
    let board = browser.get("/");
    assert!(board.says("id=\"stage-on_site\""), "the job is where the phone says");

    let edit = Edit::SetField { path: Path::new("intake/title"), value: "Pump silent".into() };
    office.desk_edit("dora", job, edit).unwrap();
    assert!(hints.next().unwrap() > start + 1);
    assert!(browser.get("/").says("Pump silent"));
}
