//! The board among many jobs: the most urgent first, a window at a time, found by words of any
//! length, and nothing sent twice.

use std::collections::BTreeSet;

use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_server::desk::{self, DeskError};

use crate::browser::{Browser, Page};
use crate::records::job;
use crate::support::Office;

/// So many jobs nobody has yet, every tenth of them critical, opened in one go.
fn calls(office: &Office, count: i64) -> Vec<RecordId> {
    let dora = office.scope("dora");
    let opened = office.app.store.write_blocking(move |tx| {
        let fields = |number: i64| {
            let level = if number % 10 == 7 { "critical" } else { "normal" };
            let title = format!("Call {number}");
            [
                (Path::new("intake/title"), FieldValue::from(title.as_str())),
                (Path::new("intake/level"), level.into()),
                (Path::new("intake/due_at"), (1_795_000_000_000 - number).into()),
            ]
        };
        let open = |number| {
            let create = Edit::Create { fields: fields(number).into(), entries: Vec::new() };
            desk::create(tx, &dora, RecordKind::Job, &create)
        };
        (0..count).map(open).collect::<Result<_, DeskError>>()
    });
    opened.unwrap()
}

/// The jobs on a page, in its order.
fn shown(page: &Page) -> Vec<String> {
    let html = page.html();
    html.split("<tr id=\"job-").skip(1).map(|row| row[..36].to_owned()).collect()
}

/// Where a link with these words leads.
fn link(page: &Page, words: &str) -> String {
    let html = page.html();
    let before = html.split(&format!(">{words}</a>")).next().unwrap();
    assert!(before.len() < html.len(), "no link {words}");
    let address = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
    address.replace("&#38;", "&").replace("&amp;", "&")
}

#[test]
fn the_most_urgent_stand_first_and_every_job_on_some_page() {
    let office = Office::open();
    let all = calls(&office, 130);
    let max = Browser::signed_in(&office, "max");
    let board = max.get("/");
    assert_eq!(shown(&board).len(), 25);
    assert!(board.says("130 jobs") && board.says(">All open <b>130</b>"), "{}", board.html());
    let first = max.get(&link(&board, "Show all 130"));
    let second = max.get(&link(&first, "Next 100"));
    assert_eq!((shown(&first).len(), shown(&second).len()), (100, 30));
    assert!(!second.says(">Next 100</a>"));
    assert_eq!(shown(&first)[..25], shown(&board), "the same order everywhere");
    assert_eq!(shown(&max.get(&link(&second, "Back to the most urgent"))), shown(&first));
    let pages = [shown(&first), shown(&second)].concat();
    let found: BTreeSet<&String> = pages.iter().collect();
    assert_eq!(found.len(), 130, "each once");
    // Critical ones first, and among equals the promised time: the last one opened here.
    let critical: Vec<String> = (0..13).rev().map(|ten| all[ten * 10 + 7].to_string()).collect();
    assert_eq!(pages[..13], critical);
    assert_eq!(pages[129], all[0].to_string());
    assert_eq!(shown(&max.get("/?level=critical")), critical);
}

#[test]
fn an_address_that_is_no_place_shows_the_beginning() {
    let office = Office::open();
    calls(&office, 3);
    let max = Browser::signed_in(&office, "max");
    let whole = shown(&max.get("/?stage=received"));
    for wrong in ["x", "1.2.3", "1.2.3.4.5", "%27%20or%201%3D1"] {
        assert_eq!(shown(&max.get(&format!("/?stage=received&after={wrong}"))), whole, "{wrong}");
    }
}

#[test]
fn words_of_any_length_find_the_jobs_of_whoever_asks() {
    let office = Office::open();
    let adas = job(&office, &[("intake/title", "二号水泵异响 Pump A1".into())]);
    office.desk_edit("dora", adas, Edit::Assign { lead: office.user("ada") }).unwrap();
    let bens = job(&office, &[("intake/title", "电梯停在三楼，水泵正常".into())]);
    office.desk_edit("dora", bens, Edit::Assign { lead: office.user("ben") }).unwrap();
    let ids = |all: &[RecordId]| all.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    let encoded = |words: &str| serde_urlencoded::to_string([("query", words)]).unwrap();
    for (words, of_all, of_ada) in [
        ("水泵", ids(&[adas, bens]), ids(&[adas])),
        ("泵", ids(&[adas, bens]), ids(&[adas])),
        ("响", ids(&[adas]), ids(&[adas])),
        ("水泵异", ids(&[adas]), ids(&[adas])),
        ("a1", ids(&[adas]), ids(&[adas])),
        ("泵 pump", ids(&[adas]), ids(&[adas])),
        ("电梯", ids(&[bens]), ids(&[])),
        ("泵水", ids(&[]), ids(&[])),
        ("\" *", ids(&[]), ids(&[])),
    ] {
        let seen = |login: &str| {
            let page = Browser::signed_in(&office, login).get(&format!("/?{}", encoded(words)));
            shown(&page).into_iter().collect::<BTreeSet<_>>()
        };
        assert_eq!((seen("max"), seen("ada")), (of_all, of_ada), "{words}");
    }
    let edit = Edit::SetField { path: Path::new("intake/title"), value: "风扇".into() };
    office.desk_edit("dora", adas, edit).unwrap();
    let max = Browser::signed_in(&office, "max");
    assert_eq!(shown(&max.get(&format!("/?{}", encoded("响")))).len(), 0, "what was said before");
    assert_eq!(shown(&max.get(&format!("/?{}", encoded("扇")))).len(), 1);
}

/// Every open page asks at every bell, and most bells are about jobs that do not stand on it.
#[test]
fn a_page_that_says_the_same_is_not_sent_again() {
    let office = Office::open();
    let jobs = calls(&office, 2);
    let max = Browser::signed_in(&office, "max");
    let ask = |known: &str| {
        let request = ureq::get(office.url("/")).header("cookie", max.cookie_header());
        let mut answer = request.header("if-none-match", known).call().unwrap();
        let tag = answer.headers().get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        (answer.status().as_u16(), tag.unwrap(), answer.body_mut().read_to_string().unwrap())
    };
    let (status, tag, page) = ask("\"\"");
    assert!(status == 200 && page.contains("Call 1"));
    assert_eq!(ask(&tag), (304, tag.clone(), String::new()));
    let edit = Edit::SetField { path: Path::new("intake/title"), value: "Renamed".into() };
    office.desk_edit("dora", jobs[0], edit).unwrap();
    let (status, _, page) = ask(&tag);
    assert!(status == 200 && page.contains("Renamed"));
}
