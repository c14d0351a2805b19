//! Promise: nothing recorded is ever lost. The server is killed (SIGKILL) again and again while
//! phones push; at the end every acknowledged change is in its log, and none is there twice.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use docket_protocol::change::read_head;
use docket_protocol::limits::INFLATED_BYTES_MAX;
use docket_protocol::wire::{self, SyncEnvelope, SyncRequest, SyncResponse, Verdict};
use docket_tests::{Answer, Link, Phone, Random, Server};
use serde_json::json;

const KILLS: u64 = 60;
const SEED: u64 = 20_261_123;

/// Hashes the server said it has.
type Acknowledged = Arc<Mutex<BTreeSet<[u8; 32]>>>;

/// FAULTS row 2: killed sixty times in the middle of pushes.
#[test]
fn sixty_kills_in_the_middle_of_pushes_lose_and_double_nothing() {
    let mut server = Server::start();
    let desk = server.desk();
    let record = desk.open_job(&json!({"intake/title": "流量计读数偏高"}));
    desk.assign(&record, "Ada Novak");
    let folder = tempfile::tempdir().unwrap();
    let mut phone = Phone::new(folder.path(), "ada", SEED);
    phone.sign_in(&mut server.link(), "ada", server.password());

    let acknowledged = Acknowledged::default();
    let stop = Arc::new(AtomicBool::new(false));
    // Kills follow pushes, not the clock: the phone says when a push leaves.
    let (leaving, pushes) = mpsc::channel();
    let worker = Worker {
        phone,
        record: record.clone(),
        url: server.url(),
        acknowledged: Arc::clone(&acknowledged),
        stop: Arc::clone(&stop),
        leaving,
    };
    let working = std::thread::spawn(|| worker.work());
    kill_in_the_middle(&mut server, &pushes);
    stop.store(true, Ordering::SeqCst);
    let mut phone = working.join().expect("the phone's thread");

    phone.sync(&mut server.link());
    assert_eq!(phone.status()["unsent_edits"], 0, "seed {SEED}: {}", phone.status());
    let office = server.desk().job(&record);
    assert_eq!(office["content"]["steps"], phone.job(&record)["content"]["steps"], "seed {SEED}");
    server.kill();
    check_log(&server, &acknowledged);
}

fn kill_in_the_middle(server: &mut Server, pushes: &mpsc::Receiver<()>) {
    let mut random = Random::new(SEED);
    for _ in 0..KILLS {
        pushes.recv().expect("the phone goes on pushing");
        // A push takes some milliseconds from socket to disk; the kill falls anywhere in there.
        let wait = Duration::from_micros(random.below(6_000));
        let _nothing_or_next_push = pushes.recv_timeout(wait);
        server.kill();
        server.restart();
        while pushes.try_recv().is_ok() {}
    }
}

struct Worker {
    phone: Phone,
    record: String,
    url: String,
    acknowledged: Acknowledged,
    stop: Arc<AtomicBool>,
    leaving: mpsc::Sender<()>,
}

impl Worker {
    fn work(mut self) -> Phone {
        let mut link = Link::new(&self.url);
        let mut step = 0;
        while !self.stop.load(Ordering::SeqCst) {
            step += 1;
            self.phone.add_step(&self.record, &format!("step {step}: 更换轴承"));
            self.push(&mut link);
        }
        self.phone
    }

    /// One round trip, and a note of what the server acknowledged.
    fn push(&mut self, link: &mut Link) {
        self.phone.ok(&json!({"do": "sync_now"}));
        while let Some(request) = self.phone.next_request() {
            // The killer may be gone at the very end; the last pushes then just succeed.
            let _listening = self.leaving.send(());
            let answer = link.carry(&request);
            if let Some(answer) = answer.as_ref().filter(|_| request.path == "/v1/sync") {
                self.note(&request.body, answer);
            }
            self.phone.answered(&request, answer.as_ref());
        }
    }

    fn note(&self, body: &[u8], answer: &Answer) {
        if answer.status != 200 {
            return;
        }
        let envelope: SyncEnvelope = wire::unpack(body, INFLATED_BYTES_MAX).unwrap();
        let request: SyncRequest = wire::from_cbor(&envelope.body).unwrap();
        let response: SyncResponse = wire::unpack(&answer.body, INFLATED_BYTES_MAX).unwrap();
        let mut acknowledged = self.acknowledged.lock().unwrap();
        for (push, verdicts) in request.pushes.iter().zip(&response.verdicts) {
            for (change, verdict) in push.changes.iter().zip(&verdicts.verdicts) {
                assert!(
                    matches!(verdict, Verdict::Accepted(_) | Verdict::Duplicate),
                    "seed {SEED}: {verdict:?}"
                );
                acknowledged.insert(read_head(change).unwrap().hash.0);
            }
        }
    }
}

/// Everything acknowledged is in the log exactly once, and the log has no gap.
fn check_log(server: &Server, acknowledged: &Acknowledged) {
    let sql = rusqlite::Connection::open(server.data().join("docket.db")).unwrap();
    let mut statement = sql.prepare("select hash from log where kind = 'change'").unwrap();
    let hashes: Vec<Vec<u8>> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let once: BTreeSet<_> = hashes.iter().collect();
    assert_eq!(once.len(), hashes.len(), "seed {SEED}: a change is in the log twice");
    let acknowledged = acknowledged.lock().unwrap();
    assert!(acknowledged.len() > 20, "seed {SEED}: too little was pushed to prove anything");
    for hash in acknowledged.iter() {
        assert!(once.contains(&hash.to_vec()), "seed {SEED}: an acknowledged change is gone");
    }
    let (rows, last): (i64, i64) = sql
        .query_row("select count(*), max(seq) from log", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(rows, last, "seed {SEED}: the log has a gap");
}
