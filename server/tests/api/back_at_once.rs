//! Three days without coverage, and then everybody at the same moment.

use docket_protocol::record::RecordKind;
use docket_protocol::wire::Verdict;
use docket_server::log;
use docket_server::store::StoreError;

use crate::support::{Office, Phone};

const PHONES: usize = 12;
const EDITS: i64 = 15;
const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// FAULTS row 22: everything is merged, nobody is turned away, the log stays gapless.
#[test]
fn phones_that_come_back_all_at_once_are_all_merged() {
    let office = Office::open();
    let mut phones: Vec<_> = (0..PHONES)
        .map(|number| Phone::of(&office, if number % 2 == 0 { "ada" } else { "ben" }))
        .collect();
    for (number, phone) in phones.iter_mut().enumerate() {
        phone.clock_ms -= 3 * DAY_MS;
        let job = phone.open_job(&format!("Job of phone {number}"));
        for edit in 0..EDITS {
            phone.clock_ms += 3 * DAY_MS / EDITS;
            phone.set(job, "intake/caller", format!("Caller {edit}").as_str());
        }
    }
    std::thread::scope(|scope| {
        for phone in &mut phones {
            scope.spawn(|| {
                let verdicts = phone.sync().verdicts.remove(0).verdicts;
                assert_eq!(verdicts.len() as i64, EDITS + 1);
                let accepted = |word: &Verdict| matches!(word, Verdict::Accepted(_));
                assert!(verdicts.iter().all(accepted), "{verdicts:?}");
            });
        }
    });
    let tenant = office.tenant;
    let chain =
        office.app.store.read_blocking(|sql| Ok::<_, StoreError>(log::verify(sql, tenant)?));
    let rows = chain.expect("a store").expect("gapless and chained");
    assert!(rows >= PHONES as u64 * (EDITS as u64 + 1));
    for phone in &mut phones {
        phone.sync();
        let jobs = phone.records.iter().filter(|(_, (kind, _))| *kind == RecordKind::Job);
        let jobs: Vec<_> = jobs.map(|(record, _)| *record).collect();
        assert_eq!(jobs.len(), PHONES / 2, "everybody sees all jobs of theirs");
        for job in jobs {
            let caller = &phone.content(job)["intake"]["caller"];
            assert_eq!(*caller, format!("Caller {}", EDITS - 1));
        }
    }
}
