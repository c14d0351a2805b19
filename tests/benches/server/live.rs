//! From an edit on one phone to the job as another phone shows it: the edit is stored and sent, the
//! server stores it and rings, the other phone hears that, asks, stores and shows.

use std::io::{BufRead, BufReader};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use docket_tests::{Link, Phone, Server, Workload};
use serde_json::json;

use crate::figure::{Budget, Figure, percentile_ms};

const JOBS: usize = 20;
const EDITS: usize = 400;
/// What is not counted, while everything is loaded for the first time.
const WARMING_UP: usize = 40;
const SEEN_MS_MAX: f64 = 10.0;

/// Two engineers on the same jobs, both connected.
struct Pair {
    server: Server,
    ada: Phone,
    lin: Phone,
    to_ada: Link,
    to_lin: Link,
    records: Vec<String>,
    _folder: tempfile::TempDir,
}

/// Measures many edits, one after the other.
pub(crate) fn measure(seed: u64) -> Figure {
    let mut pair = Pair::new(seed);
    let hints = pair.listen();
    let (mut to_hint, mut to_seen) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        let Pair { server: _, ada, lin, to_ada, to_lin, records, _folder } = &mut pair;
        let (show, shows) = channel();
        let (showing, shown) = channel();
        scope.spawn(move || watch(lin, to_lin, &hints, &shows, &showing));
        for number in 0..EDITS {
            let record = &records[number % records.len()];
            let words = format!("Caller {number}");
            show.send((record.clone(), words.clone())).expect("the other phone is there");
            let begun = Instant::now();
            ada.set(record, "intake/caller", words);
            ada.sync(to_ada);
            let (hint, seen): (Instant, Instant) = shown.recv().expect("it is seen");
            if number >= WARMING_UP {
                to_hint.push(hint - begun);
                to_seen.push(seen - begun);
            }
        }
    });
    figure(to_hint, to_seen)
}

fn figure(mut to_hint: Vec<Duration>, mut to_seen: Vec<Duration>) -> Figure {
    let p50_ms = percentile_ms(&mut to_seen, 50);
    Figure {
        bench: "live",
        what: "edit to seen by another phone".to_owned(),
        values: vec![
            ("edits", to_seen.len() as f64),
            ("p50_ms", p50_ms),
            ("p99_ms", percentile_ms(&mut to_seen, 99)),
            ("to_hint_p50_ms", percentile_ms(&mut to_hint, 50)),
            ("to_hint_p99_ms", percentile_ms(&mut to_hint, 99)),
        ],
        budget: Some(Budget { says: "10 ms median", met: p50_ms <= SEEN_MS_MAX }),
    }
}

/// The other phone: syncs at every hint, and looks at the job.
fn watch(
    phone: &mut Phone,
    link: &mut Link,
    hints: &Receiver<Instant>,
    shows: &Receiver<(String, String)>,
    showing: &Sender<(Instant, Instant)>,
) {
    for (record, words) in shows {
        let hint = hints.recv().expect("the server rings");
        phone.sync(link);
        let job = phone.job(&record);
        let seen = Instant::now();
        assert_eq!(job["content"]["intake"]["caller"], words.as_str(), "the edit is seen");
        showing.send((hint, seen)).expect("somebody waits");
    }
}

impl Pair {
    fn new(seed: u64) -> Self {
        let server = Server::start();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut work = Workload::new(seed);
        let phone = |login: &str, seed| {
            let mut phone = Phone::new(folder.path(), login, seed);
            let mut link = server.link();
            phone.sign_in(&mut link, login, Server::PASSWORD);
            (phone, link)
        };
        let ((mut ada, mut to_ada), (mut lin, mut to_lin)) = (phone("ada", 1), phone("lin", 2));
        let open = |at| ada.open_job(&work.job(&format!("Job {at}")));
        let records: Vec<_> = (0..JOBS).map(open).collect();
        ada.sync(&mut to_ada);
        let desk = server.desk();
        for record in &records {
            desk.assign(record, "Ada Novak");
            desk.add_helper(record, "Lin Tao");
        }
        ada.sync(&mut to_ada);
        lin.sync(&mut to_lin);
        assert_eq!(lin.jobs(), JOBS, "both have the jobs");
        Self { server, ada, lin, to_ada, to_lin, records, _folder: folder }
    }

    /// When Lin's phone hears that there is news.
    fn listen(&mut self) -> Receiver<Instant> {
        self.lin.ok(&json!({"do": "sync_now"}));
        let request = self.lin.next_request().expect("a sync");
        let token = request.authorization.clone().expect("a signed-in phone");
        self.lin.answered(&request, self.to_lin.carry(&request).as_ref());
        let live = ureq::get(format!("{}/v1/live", self.server.url()));
        let live = live.header("authorization", token).call().expect("a stream");
        let lines = BufReader::new(live.into_body().into_reader()).lines();
        let mut heard = lines.map_while(Result::ok).filter(|line| line.starts_with("data:"));
        assert!(heard.next().is_some(), "the first says where the log stands");
        let (hint, hints) = channel();
        // Ends with the server.
        thread::spawn(move || heard.try_for_each(|_| hint.send(Instant::now())));
        hints
    }
}
