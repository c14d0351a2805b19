//! Copies of the database that are taken while phones push.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use docket_server::app::App;
use docket_server::clock::Clock;
use docket_server::log;
use docket_server::store::StoreError;
use rusqlite::{Connection, OpenFlags};

use crate::support::{Office, Phone};

const COPIES: usize = 25;

/// FAULTS row 11: every copy is one moment of the server: it opens, is intact, and its log is
/// gapless and chained; the pushes under way do not mind.
#[test]
fn a_copy_taken_while_phones_push_is_a_whole_server() {
    let office = Office::open();
    let copied = AtomicBool::new(false);
    let copies = tempfile::tempdir().expect("a temporary folder");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut ada = Phone::of(&office, "ada");
            let job = ada.open_job("Flow meter reads high");
            let mut number = 0;
            while !copied.load(Ordering::Relaxed) {
                number += 1;
                ada.set(job, "intake/caller", format!("Caller {number}").as_str());
                ada.sync();
            }
        });
        for number in 0..COPIES {
            copy(office.data(), &copies.path().join(number.to_string()));
        }
        copied.store(true, Ordering::Relaxed);
    });
    let mut rows = 0;
    for number in 0..COPIES {
        let app = App::open(&copies.path().join(number.to_string()), Clock::default());
        let app = app.expect("the copy opens");
        let tenant = office.tenant;
        let (intact, chain) = app
            .store
            .read_blocking(|sql| {
                let intact = sql.query_row("pragma integrity_check", [], |row| row.get(0))?;
                Ok::<(String, _), StoreError>((intact, log::verify(sql, tenant)?))
            })
            .expect("a store");
        assert_eq!(intact, "ok", "copy {number}");
        let logged = chain.expect("gapless and chained");
        assert!(logged >= rows, "copy {number} is older than the one before");
        rows = logged;
    }
}

/// Copies a data folder that is in use, as an operator would with SQLite's own means.
fn copy(data: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder for the copy");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(data.join("docket.db"), flags).expect("the database");
    let file = to.join("docket.db");
    source.execute("vacuum into ?1", [file.to_string_lossy()]).expect("a copy");
    for entry in fs::read_dir(data).expect("the data folder").flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "key") {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("a key");
        }
    }
}
