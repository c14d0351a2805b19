//! Pushes: phones with one edit each, one after the other, fifty at once, all five hundred at once.
//!
//! What phones say is prepared before the clock starts, and what they hear is handed to them after
//! it has stopped. A wait begins when all of a wave begin and ends with the last byte of the
//! answer, which comes after the commit is on disk.

use std::time::{Duration, Instant};

use docket_client_core::Request;
use docket_tests::process::cpu_s;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::crowd::{Crowd, Member};
use crate::figure::{Budget, Figure, percentile_ms};
use crate::line::{Heard, Line, written};

/// How many push at once, and in how many waves.
const WAVES: [(usize, usize); 3] = [(1, 500), (50, 40), (Crowd::PHONES, 6)];
const PER_S_MIN: f64 = 1_000.0;

/// Measures each kind of wave.
pub(crate) fn measure(runtime: &Runtime, crowd: &mut Crowd) -> Vec<Figure> {
    crowd.grow_to(Crowd::PHONES);
    let mut figures = Vec::new();
    for (at_once, waves) in WAVES {
        // What a server that has just started still has to load is loaded.
        Taken::default().add(runtime, crowd, at_once, 0);
        let mut taken = Taken::default();
        (1..=waves).for_each(|number| taken.add(runtime, crowd, at_once, number));
        figures.push(taken.figure(at_once));
    }
    figures
}

/// What some waves took.
#[derive(Default)]
struct Taken {
    waits: Vec<Duration>,
    wall: Duration,
    server_cpu_s: f64,
    clients_cpu_s: f64,
}

impl Taken {
    /// One wave, of the phones whose turn it is.
    fn add(&mut self, runtime: &Runtime, crowd: &mut Crowd, at_once: usize, number: usize) {
        let (server, clients) = (crowd.server.process_id(), std::process::id());
        let url = crowd.server.url();
        let first = number * at_once % crowd.members.len();
        let members = &mut crowd.members[first..first + at_once];
        let requests: Vec<Request> = members.iter_mut().map(Member::edit).collect();
        let ready = runtime.block_on(async {
            let mut ready = Vec::with_capacity(at_once);
            for request in &requests {
                ready.push((Line::open(&url).await, written(request, &url)));
            }
            ready
        });
        let cpu_before = (cpu_s(server), cpu_s(clients));
        let begun = Instant::now();
        let heard = runtime.block_on(wave(ready, begun));
        self.wall += begun.elapsed();
        self.server_cpu_s += cpu_s(server) - cpu_before.0;
        self.clients_cpu_s += cpu_s(clients) - cpu_before.1;
        for (place, wait, heard) in heard {
            self.waits.push(wait);
            members[place].answered(&requests[place], &heard.answer);
        }
    }

    fn figure(mut self, at_once: usize) -> Figure {
        let pushes = self.waits.len() as f64;
        let per_s = pushes / self.wall.as_secs_f64();
        // One phone alone waits for the disk and for itself; what a server can take shows in many.
        let budget = (at_once > 1)
            .then_some(Budget { says: "at least 1,000 a second", met: per_s >= PER_S_MIN });
        Figure {
            bench: "push",
            what: format!("{at_once} at once"),
            values: vec![
                ("pushes", pushes),
                ("per_second", per_s.round()),
                ("p50_ms", percentile_ms(&mut self.waits, 50)),
                ("p99_ms", percentile_ms(&mut self.waits, 99)),
                ("server_cpu_ms", self.server_cpu_s * 1_000.0 / pushes),
                ("clients_cpu_ms", self.clients_cpu_s * 1_000.0 / pushes),
            ],
            budget,
        }
    }
}

/// Everybody at once; each with its place, its wait and its answer.
async fn wave(ready: Vec<(Line, Vec<u8>)>, begun: Instant) -> Vec<(usize, Duration, Heard)> {
    let mut pushing = JoinSet::new();
    for (place, (mut line, request)) in ready.into_iter().enumerate() {
        pushing.spawn(async move {
            let heard = line.ask(&request).await;
            (place, begun.elapsed(), heard)
        });
    }
    pushing.join_all().await
}
