//! A person back from days without coverage: 500 jobs on the phone, 2,000 edits on 100 of them
//! unsent, and a colleague who meanwhile changed ten of the same jobs; or a fifth of all that.

use serde_json::json;
use tempfile::TempDir;

use crate::link::Link;
use crate::phone::Phone;
use crate::server::Server;
use crate::workload::Workload;

/// The moment before coverage is back.
pub struct Backlog {
    /// The office, with all jobs and the colleague's edits.
    pub server: Server,
    /// Where the phones' files are.
    pub folder: TempDir,
    /// The phone with unsent work.
    pub ada: Phone,
    /// Changes that must be in the log once Ada has synced.
    changes: usize,
}

/// How much has piled up.
#[derive(Debug, Clone, Copy)]
struct Size {
    jobs: usize,
    edited: usize,
    shared: usize,
}

impl Backlog {
    /// Jobs on the phone.
    pub const JOBS: usize = 500;
    /// Jobs on the phone where it is a fifth of everything.
    pub const JOBS_OF_A_FIFTH: usize = Self::JOBS / 5;
    const EDITS: usize = 20;

    /// Sets the scene, from a seed.
    ///
    /// # Panics
    /// When any part of it fails.
    pub fn new(seed: u64) -> Self {
        Self::of(seed, Size { jobs: Self::JOBS, edited: 100, shared: 10 })
    }

    /// A fifth of it, for tests that only count.
    ///
    /// # Panics
    /// When any part of it fails.
    pub fn a_fifth(seed: u64) -> Self {
        Self::of(seed, Size { jobs: Self::JOBS_OF_A_FIFTH, edited: 20, shared: 2 })
    }

    fn of(seed: u64, size: Size) -> Self {
        let server = Server::start();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut work = Workload::new(seed);
        let (mut first, mut link) = phone(&server, &folder, "ada", "first", 1);
        let jobs: Vec<_> = (0..size.jobs).map(|at| work.job(&format!("Job {at}"))).collect();
        let records: Vec<_> = jobs.iter().map(|job| first.open_job(job)).collect();
        first.sync(&mut link);
        let edited: Vec<usize> = (0..size.edited).map(|at| at * size.jobs / size.edited).collect();
        let shared = &edited[..size.shared];
        let desk = server.desk();
        for &at in shared {
            desk.assign(&records[at], "Ada Novak");
            desk.add_helper(&records[at], "Lin Tao");
        }
        let (mut ada, _) = phone(&server, &folder, "ada", "second", 2);
        let (mut lin, mut lin_link) = phone(&server, &folder, "lin", "lin", 3);
        let mut changes = server.logged_changes();
        for (&at, phone_of_lin) in edited.iter().zip((0..).map(|at| at < size.shared)) {
            for edit in work.edits(&jobs[at], Self::EDITS) {
                changes += usize::from(ada.edit_changed(&records[at], &edit));
            }
            for edit in
                phone_of_lin.then(|| work.edits(&jobs[at], Self::EDITS)).into_iter().flatten()
            {
                changes += usize::from(lin.edit_changed(&records[at], &edit));
            }
        }
        lin.sync(&mut lin_link);
        assert_eq!(lin.status()["unsent_edits"], json!(0), "the colleague's work is in the office");
        Self { server, folder, ada, changes }
    }

    /// The server's log holds every change that was ever made.
    ///
    /// # Panics
    /// When it does not.
    pub fn expect_everything_logged(&self) {
        assert_eq!(self.server.logged_changes(), self.changes, "the log has every change");
    }
}

fn phone(server: &Server, folder: &TempDir, login: &str, name: &str, seed: u64) -> (Phone, Link) {
    let mut phone = Phone::new(folder.path(), name, seed);
    let mut link = server.link();
    phone.sign_in(&mut link, login, Server::PASSWORD);
    (phone, link)
}
