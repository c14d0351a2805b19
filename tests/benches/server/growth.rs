//! What the sync of a phone costs for which nothing is new, while the organisation grows: records,
//! changes of each record, phones, each ten and a hundred times as many.
//!
//! Somebody else has always just written something elsewhere, so the log has moved and the server
//! has to find out that nothing of it is for this phone. The phone's request is made once and
//! sent many times, which the server cannot tell from many phones: what is measured is the server.

use std::time::{Duration, Instant};

use docket_tests::process::cpu_s;
use docket_tests::{Job, Phone, Server, Workload};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::backroom::Backroom;
use crate::crowd::Crowd;
use crate::figure::{Budget, Figure, percentile_ms};
use crate::line::{Line, written};

/// Jobs on the phone.
const JOBS: usize = 100;
/// The same where each of them has a long history, which takes its time to be written.
const JOBS_OF_LONG_HISTORY: usize = 20;
const RECORDS: [usize; 3] = [200, 2_000, 20_000];
const CHANGES: [usize; 3] = [5, 50, 500];
const PHONES: [usize; 3] = [5, 50, 500];
const SYNCS: usize = 1_000;
const WARMING_UP: usize = 100;
const TIMES_MAX: f64 = 1.3;

/// One thing that grows.
pub(crate) struct Axis {
    /// As files are called.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) sizes: [usize; 3],
    pub(crate) costs: Vec<Cost>,
}

/// What one sync costs.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) requests: usize,
    pub(crate) bytes_up: usize,
    pub(crate) bytes_down: usize,
    pub(crate) server_cpu_ms: f64,
    pub(crate) wall_ms: f64,
}

impl Cost {
    /// What may grow, by name.
    pub(crate) fn measures(&self) -> [(&'static str, f64); 3] {
        let bytes = self.bytes_up + self.bytes_down;
        [("wall", self.wall_ms), ("server CPU", self.server_cpu_ms), ("bytes", bytes as f64)]
    }

    /// How many times the first cost, at most.
    pub(crate) fn times(&self, first: &Self) -> f64 {
        let pairs = self.measures().into_iter().zip(first.measures());
        pairs.map(|((_, now), (_, then))| now / then).fold(0.0, f64::max)
    }
}

impl Axis {
    pub(crate) fn figures(&self) -> Vec<Figure> {
        let rows = self.sizes.iter().zip(&self.costs);
        let figure = |(size, cost): (&usize, &Cost)| {
            let times = cost.times(&self.costs[0]);
            Figure {
                bench: "growth",
                what: format!("{size} {}", self.title),
                values: vec![
                    ("requests", cost.requests as f64),
                    ("bytes_up", cost.bytes_up as f64),
                    ("bytes_down", cost.bytes_down as f64),
                    ("server_cpu_ms", cost.server_cpu_ms),
                    ("wall_ms", cost.wall_ms),
                    ("times", times),
                ],
                budget: Some(Budget { says: "within 1.3 times", met: times <= TIMES_MAX }),
            }
        };
        rows.map(figure).collect()
    }
}

/// More and more jobs of somebody else.
pub(crate) fn records(runtime: &Runtime, seed: u64) -> Axis {
    let mut work = Workload::new(seed);
    let mut server = Server::start();
    let mut jobs = |count| -> Vec<Job> { (0..count).map(|_| work.job("Job")).collect() };
    let (ours, mut theirs) = (jobs(JOBS), JOBS);
    Backroom::with(&mut server, "ada", |room| room.open_jobs(&ours));
    let cost = |size: usize| {
        let more = jobs(size - theirs);
        theirs = size;
        Backroom::with(&mut server, "lin", |room| room.open_jobs(&more));
        unchanged(runtime, &server, &format!("ada-{size}"), JOBS)
    };
    let costs = RECORDS.into_iter().map(cost).collect();
    Axis { name: "records", title: "jobs in the organisation", sizes: RECORDS, costs }
}

/// More and more changes of each job on the phone.
pub(crate) fn history(runtime: &Runtime, seed: u64) -> Axis {
    let mut work = Workload::new(seed);
    let mut server = Server::start();
    let jobs: Vec<_> = (0..JOBS_OF_LONG_HISTORY).map(|_| work.job("Job")).collect();
    let records = Backroom::with(&mut server, "ada", |room| room.open_jobs(&jobs));
    let mut made = 1;
    let cost = |changes: usize| {
        let more = changes - made;
        made = changes;
        Backroom::with(&mut server, "ada", |room| {
            for (job, record) in jobs.iter().zip(&records) {
                // One in five changes nothing.
                room.edit(*record, &work.edits(job, 2 * more + 20), more);
            }
        });
        unchanged(runtime, &server, &format!("ada-{changes}"), records.len())
    };
    let costs = CHANGES.into_iter().map(cost).collect();
    Axis { name: "history", title: "changes of each job", sizes: CHANGES, costs }
}

/// More and more phones of other people.
pub(crate) fn phones(runtime: &Runtime, crowd: &mut Crowd, seed: u64) -> Axis {
    let mut work = Workload::new(seed);
    let jobs: Vec<_> = (0..JOBS).map(|_| work.job("Job")).collect();
    Backroom::with(&mut crowd.server, "ada", |room| room.open_jobs(&jobs));
    let cost = |count: usize| {
        crowd.grow_to(count);
        crowd.restart();
        unchanged(runtime, &crowd.server, &format!("ada-{count}"), JOBS)
    };
    let costs = PHONES.into_iter().map(cost).collect();
    Axis { name: "phones", title: "registered phones", sizes: PHONES, costs }
}

/// The cost of a sync of a new phone of Ada's that has everything, after somebody else's edit.
fn unchanged(runtime: &Runtime, server: &Server, name: &str, jobs: usize) -> Cost {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut phone = Phone::new(folder.path(), name, jobs as u64);
    phone.sign_in(&mut server.link(), "ada", Server::PASSWORD);
    assert_eq!(phone.jobs(), jobs, "the phone has its jobs");
    // Somebody else opens a job.
    server.desk().open_job(&json!({"intake/title": "Elsewhere"}));
    phone.ok(&json!({"do": "sync_now"}));
    let request = phone.next_request().expect("a sync");
    let bytes = written(&request, &server.url());
    let (waits, cpu, heard) = runtime.block_on(async {
        let mut line = Line::open(&server.url()).await;
        for _ in 0..WARMING_UP {
            line.ask(&bytes).await;
        }
        let before = cpu_s(server.process_id());
        let mut waits = Vec::with_capacity(SYNCS);
        let mut heard = line.ask(&bytes).await;
        for _ in 0..SYNCS {
            let begun = Instant::now();
            heard = line.ask(&bytes).await;
            waits.push(begun.elapsed());
        }
        (waits, cpu_s(server.process_id()) - before, heard)
    });
    phone.answered(&request, Some(&heard.answer));
    let more = std::iter::from_fn(|| phone.next_request()).count();
    cost(waits, cpu, 1 + more, bytes.len(), heard.bytes)
}

fn cost(
    mut waits: Vec<Duration>,
    cpu: f64,
    requests: usize,
    bytes_up: usize,
    bytes_down: usize,
) -> Cost {
    let wall_ms = percentile_ms(&mut waits, 50);
    let server_cpu_ms = cpu * 1_000.0 / waits.len() as f64;
    Cost { requests, bytes_up, bytes_down, server_cpu_ms, wall_ms }
}
