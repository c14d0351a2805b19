//! W1 back to coverage, W2 first sync, W3 nothing new, W5 disk and restart: one person's phones.

use std::time::{Duration, Instant};

use docket_tests::{Backlog, Link, Phone, Proxy, Server};

use crate::figure::{DOCKET, Figure};

/// How far away the server is in the second W1.
const FAR: Duration = Duration::from_millis(100);

/// One run of all of them.
pub(crate) fn measure(seed: u64) -> Vec<Figure> {
    let mut backlog = Backlog::new(seed);
    let mut figures = vec![back_to_coverage(&mut backlog)];
    figures.push(disk_and_restart(&mut backlog));
    figures.push(first_sync(&backlog));
    figures.extend(nothing_new(&mut backlog));
    figures.push(from_far(seed));
    figures
}

fn back_to_coverage(backlog: &mut Backlog) -> Figure {
    let proxy = Proxy::to(&backlog.server.url(), Duration::ZERO);
    let mut link = Link::new(&proxy.url());
    let figure = Figure::of("W1 back to coverage", &backlog.server, &proxy, || {
        backlog.ada.sync(&mut link);
        link.requests
    });
    assert_eq!(backlog.ada.status()["unsent_edits"], 0, "everything was taken");
    figure
}

fn from_far(seed: u64) -> Figure {
    let mut backlog = Backlog::new(seed);
    let proxy = Proxy::to(&backlog.server.url(), FAR);
    let mut link = Link::new(&proxy.url());
    // A phone back in coverage has opened its connection before it says anything.
    link.say_hello();
    Figure::of("W1 with 100 ms round trip", &backlog.server, &proxy, || {
        backlog.ada.sync(&mut link);
        link.requests
    })
}

fn disk_and_restart(backlog: &mut Backlog) -> Figure {
    backlog.server.kill();
    let disk_kb = backlog.server.disk_bytes() / 1_000;
    let begun = Instant::now();
    backlog.server.restart();
    let wall = begun.elapsed();
    backlog.expect_everything_logged();
    Figure {
        system: DOCKET,
        bench: "W5 restart after a kill",
        wall,
        bytes_up: 0,
        bytes_down: 0,
        requests: 0,
        server_cpu_s: 0.0,
        server_rss_mb: 0.0,
        disk_kb: Some(disk_kb),
    }
}

fn first_sync(backlog: &Backlog) -> Figure {
    let proxy = Proxy::to(&backlog.server.url(), Duration::ZERO);
    let mut link = Link::new(&proxy.url());
    let mut phone = Phone::new(backlog.folder.path(), "new", 77);
    phone.log_in(&mut link, "ada", Server::PASSWORD);
    link.requests = 0;
    let figure = Figure::of("W2 first sync of 500 jobs", &backlog.server, &proxy, || {
        phone.sync(&mut link);
        link.requests
    });
    assert_eq!(phone.jobs(), Backlog::JOBS, "all jobs are here");
    figure
}

fn nothing_new(backlog: &mut Backlog) -> Vec<Figure> {
    backlog.server.kill();
    backlog.server.restart();
    backlog.ada.restart();
    let proxy = Proxy::to(&backlog.server.url(), Duration::ZERO);
    let mut link = Link::new(&proxy.url());
    ["W3 nothing new, server just up", "W3 nothing new"]
        .map(|bench| {
            link.requests = 0;
            Figure::of(bench, &backlog.server, &proxy, || {
                backlog.ada.sync(&mut link);
                link.requests
            })
        })
        .into()
}
