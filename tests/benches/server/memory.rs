//! The server's memory among 100,000 records of which 1,000 are in use: engineers' phones sync for
//! the first time, then every job on them is edited, again and again.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use docket_tests::process::{peak_mb, resident_mb};
use docket_tests::{Link, Phone, docket};
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

use crate::figure::{Budget, Figure};

const IN_USE: usize = 1_000;
const ROUNDS: usize = 6;
const MB_MAX: f64 = 150.0;
/// Of every account in the large organisation.
const PASSWORD: &str = "docket-demo";

/// Measures on a copy of the large organisation, which is made first when there is none.
pub(crate) fn measure(large: &Path) -> Vec<Figure> {
    if !large.join("docket.db").exists() {
        drop(Served::start(&["demo", "--scale", "large"], large));
    }
    let copy = copied(large);
    let (records, logins) = organisation(copy.path());
    let served = Served::start(&["serve"], copy.path());
    let process = served.process.id();
    let figure = |what: String, in_use: usize| {
        let (now, peak) = (resident_mb(process), peak_mb(process));
        Figure {
            bench: "memory",
            what,
            values: vec![
                ("records", records as f64),
                ("in_use", in_use as f64),
                ("now_mb", now),
                ("peak_mb", peak),
            ],
            budget: Some(Budget { says: "150 MB", met: peak <= MB_MAX }),
        }
    };
    let mut figures = vec![figure("just started".to_owned(), 0)];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut engineers = Vec::new();
    let mut in_use = 0;
    for (number, login) in logins.iter().enumerate() {
        let engineer =
            Engineer::sign_in(&served.url, folder.path(), login, number, IN_USE - in_use);
        in_use += engineer.records.len();
        engineers.push(engineer);
        if in_use == IN_USE {
            break;
        }
    }
    figures.push(figure(format!("{} phones synced first", engineers.len()), in_use));
    for round in 1..=ROUNDS {
        engineers.iter_mut().for_each(|engineer| engineer.edit_all(round));
        figures.push(figure(format!("every record edited, {round}"), in_use));
    }
    figures
}

/// One engineer's phone.
struct Engineer {
    phone: Phone,
    link: Link,
    records: Vec<String>,
}

impl Engineer {
    fn sign_in(url: &str, folder: &Path, login: &str, number: usize, most: usize) -> Self {
        let mut phone = Phone::new(folder, login, number as u64);
        let mut link = Link::new(url);
        phone.sign_in(&mut link, login, PASSWORD);
        let jobs = phone.ok(&json!({"do": "jobs"}));
        // One of two who share a job is enough.
        let me = phone.status()["person"]["id"].clone();
        let mine = jobs.as_array().into_iter().flatten().filter(|job| job["lead"] == me);
        let records = mine.filter_map(|job| job["record"].as_str().map(str::to_owned));
        let records = records.take(most).collect();
        Self { phone, link, records }
    }

    /// An edit in each of the jobs, sent together. Who called may be written at any stage.
    fn edit_all(&mut self, round: usize) {
        for record in &self.records {
            self.phone.set(record, "intake/caller", format!("Caller {round}"));
        }
        self.phone.sync(&mut self.link);
        let status = self.phone.status();
        assert_eq!(status["unsent_edits"], 0, "everything was taken: {status}");
    }
}

/// A copy that can be written to, beside the original; gone when dropped.
fn copied(large: &Path) -> TempDir {
    let beside = large.parent().expect("a folder that is not the root");
    let copy = tempfile::tempdir_in(beside).expect("a temporary folder");
    for file in std::fs::read_dir(large).expect("the data folder").flatten() {
        std::fs::copy(file.path(), copy.path().join(file.file_name())).expect("a file is copied");
    }
    copy
}

/// How many records there are, and the engineers, those with most jobs first.
fn organisation(data: &Path) -> (usize, Vec<String>) {
    let sql = Connection::open(data.join("docket.db")).expect("the database");
    let count = sql.query_row("select count(*) from records", [], |row| row.get(0));
    let logins = "select u.login from users u
                  join jobs j on j.lead = u.id
                  where u.role = 'engineer' group by u.id order by count(*) desc, u.login";
    let mut logins = sql.prepare(logins).expect("SQL");
    let logins = logins.query_map([], |row| row.get(0)).expect("engineers");
    (count.expect("a count"), logins.collect::<Result<_, _>>().expect("logins"))
}

/// A server on a folder that was there before.
struct Served {
    process: Child,
    url: String,
}

impl Served {
    fn start(what: &[&str], data: &Path) -> Self {
        let mut command = docket();
        command.args(what).args(["--listen", "127.0.0.1:0", "--data"]).arg(data);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("the docket process");
        let output = BufReader::new(process.stdout.take().expect("its output"));
        let mut lines = output.lines().map_while(Result::ok);
        let url = lines.find_map(|line| {
            line.find("http://").map(|at| line[at..].trim().trim_end_matches('/').to_owned())
        });
        Self { process, url: url.expect("docket says where it listens") }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
