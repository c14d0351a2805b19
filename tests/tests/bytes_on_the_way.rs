//! What it costs to come back to coverage, in requests and bytes: a fifth of the work that
//! `cargo xtask bench sync` measures. No busy machine changes these figures; only the wire does.

use std::time::Duration;

use docket_tests::{Backlog, Link, Phone, Proxy, Server};

const SEED: u64 = 20_261_123;

#[test]
fn coming_back_costs_one_request_and_few_bytes() {
    let mut backlog = Backlog::a_fifth(SEED);
    let proxy = Proxy::to(&backlog.server.url(), Duration::ZERO);
    let mut link = Link::new(&proxy.url());
    backlog.ada.sync(&mut link);
    let (up, down) = proxy.take();
    assert_eq!(backlog.ada.status()["unsent_edits"], 0, "everything was taken");
    assert_eq!(link.requests, 1);
    assert!(up <= 13_500, "400 edits on 20 jobs took {up} bytes up");
    assert!(down <= 6_000, "their verdicts took {down} bytes down");
    backlog.expect_everything_logged();

    let mut new = Phone::new(backlog.folder.path(), "new", 77);
    let mut link = Link::new(&proxy.url());
    new.log_in(&mut link, "ada", Server::PASSWORD);
    link.requests = 0;
    proxy.take();
    new.sync(&mut link);
    let (_, down) = proxy.take();
    assert_eq!((new.jobs(), link.requests), (Backlog::JOBS_OF_A_FIFTH, 1));
    assert!(down <= 88_000, "the first sync of 100 jobs took {down} bytes");

    backlog.ada.ok(&serde_json::json!({"do": "sync_now"}));
    let request = backlog.ada.next_request().expect("a question");
    let answer = link.carry(&request).expect("an answer");
    backlog.ada.answered(&request, Some(&answer));
    assert!(backlog.ada.next_request().is_none(), "nothing follows");
    let (asked, told) = (request.body.len(), answer.body.len());
    assert!(asked < 300 && told < 300, "nothing new took {asked} bytes up and {told} down");
}
