//! W4: fifty phones with twenty jobs of twenty edits each come back at once.

use std::thread;
use std::time::Duration;

use docket_tests::{Link, Phone, Proxy, Server, Workload};

use crate::figure::Figure;

const PHONES: usize = 50;
const JOBS: usize = 20;
const EDITS: usize = 20;

/// One run.
pub(crate) fn measure(seed: u64) -> Figure {
    let mut server = Server::with_engineers(PHONES);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut work = Workload::new(seed);
    // People with accounts stand in the catalog.
    let before = server.logged_changes();
    let ready = |number| offline_phone(&server, folder.path(), &mut work, number);
    let (mut phones, changed): (Vec<_>, Vec<usize>) = (0..PHONES).map(ready).unzip();
    let changes = before + PHONES * JOBS + changed.iter().sum::<usize>();
    server.kill();
    server.restart();
    let proxy = Proxy::to(&server.url(), Duration::ZERO);
    let figure = Figure::of("W4 fleet of 50 phones", &server, &proxy, || {
        thread::scope(|scope| {
            let syncing: Vec<_> = phones
                .iter_mut()
                .map(|phone| {
                    let mut link = Link::new(&proxy.url());
                    scope.spawn(move || {
                        phone.sync(&mut link);
                        link.requests
                    })
                })
                .collect();
            syncing.into_iter().map(|phone| phone.join().expect("a phone syncs")).sum()
        })
    });
    for phone in &mut phones {
        assert_eq!(phone.status()["unsent_edits"], 0, "everything was taken");
    }
    server.kill();
    server.restart();
    assert_eq!(server.logged_changes(), changes, "the log has every change");
    figure
}

/// A phone whose jobs are in the office, with a shift's work that is not; and how many changes that
/// is, because writing what is there already is none.
fn offline_phone(
    server: &Server,
    folder: &std::path::Path,
    work: &mut Workload,
    number: usize,
) -> (Phone, usize) {
    let mut phone = Phone::new(folder, &format!("phone-{number}"), number as u64);
    let mut link = server.link();
    phone.sign_in(&mut link, &Server::engineer(number), Server::PASSWORD);
    let jobs: Vec<_> = (0..JOBS).map(|job| work.job(&format!("Job {number}-{job}"))).collect();
    let records: Vec<_> = jobs.iter().map(|job| phone.open_job(job)).collect();
    phone.sync(&mut link);
    let mut changed = 0;
    for (job, record) in jobs.iter().zip(&records) {
        for edit in work.edits(job, EDITS) {
            changed += usize::from(phone.edit_changed(record, &edit));
        }
    }
    (phone, changed)
}
