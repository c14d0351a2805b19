//! The log has no gaps, every row follows from the one before, and tampering shows.

use docket_protocol::edit::Edit;
use docket_server::log::{LogError, verify};
use docket_server::store::StoreError;

use crate::support::{Office, Phone};

fn check(office: &Office) -> Result<u64, LogError> {
    let checked =
        office.app.store.read_blocking(|sql| Ok::<_, StoreError>(verify(sql, office.tenant)?));
    checked.expect("the log can be read")
}

fn tamper(office: &Office, with: &'static str) {
    let done = office.app.store.write_blocking(move |tx| {
        tx.sql.execute_batch(with)?;
        Ok::<_, StoreError>(())
    });
    done.expect("the statement is right");
}

#[test]
fn a_day_of_work_leaves_a_gapless_chain() {
    let office = Office::open();
    let (mut ada, mut ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    for round in 0..5 {
        let job = ada.open_job(&format!("Job {round}"));
        ada.set(job, "intake/priority", "high");
        ada.sync();
        office.desk_edit("dora", job, Edit::Assign { lead: office.user("ben") }).unwrap();
        ben.sync();
        ben.set(job, "visit/arrived_at", 1_000 + round);
        ben.sync();
        ada.sync();
    }
    let rows = check(&office).expect("the chain holds");
    assert_eq!(rows, office.log_rows().unsigned_abs());
    assert!(rows > 5 * 5);
}

#[test]
fn pushes_at_the_same_moment_keep_the_chain() {
    let office = Office::open();
    std::thread::scope(|threads| {
        for login in ["ada", "ben", "ada", "ben"] {
            threads.spawn(|| {
                let mut phone = Phone::of(&office, login);
                for number in 0..10 {
                    let job = phone.open_job(&format!("Job {number}"));
                    phone.sync();
                    phone.set(job, "intake/priority", "low");
                    phone.sync();
                }
            });
        }
    });
    assert_eq!(check(&office), Ok(office.log_rows().unsigned_abs()));
    assert_eq!(office.count("select count(*) from jobs"), 40);
}

#[test]
fn tampering_with_the_log_shows() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = ada.open_job("Flow meter reads high");
    ada.set(job, "intake/priority", "high");
    ada.sync();
    let rows = office.log_rows();
    assert_eq!(check(&office), Ok(rows.unsigned_abs()));

    let last = rows.unsigned_abs();
    tamper(
        &office,
        "update log set user = zeroblob(16) where actor_seq = 2 and device is not null",
    );
    assert!(matches!(check(&office), Err(LogError::Chain(_))), "another author");

    let office = Office::open();
    office.job_for("ada", "Valve leaks");
    tamper(&office, "update log set body = zeroblob(20) where seq = 2");
    assert_eq!(check(&office), Err(LogError::Body(2)));
    tamper(&office, "delete from log where seq = 2");
    assert_eq!(check(&office), Err(LogError::Gap(2)));

    let office = Office::open();
    let rows = office.log_rows();
    tamper(&office, "delete from log where seq = (select max(seq) from log)");
    let end = rows.unsigned_abs();
    assert_eq!(check(&office), Err(LogError::End(end - 1, end)));
    assert!(last > 0);
}
