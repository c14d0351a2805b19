//! Every hostile change we know, as a generator and as stored bytes, against the real gate.
//!
//! The generators are the reading matter; the stored bytes in `tests/vectors/crashers` are kept
//! for ever, whatever becomes of the generators. Both must agree as long as both exist.

mod base;
mod bytes;
mod chunk;
mod counters;
mod operations;
mod shape;

use std::time::{Duration, Instant};

use base::Base;
use docket_protocol::ids::RecordId;
use docket_protocol::wire::{RecordPush, Verdict};

use crate::support::{Office, Phone, vectors};

/// One hostile change.
struct Case {
    name: String,
    word: Word,
    chunk: Vec<u8>,
}

/// The word it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Refused(String),
    Need,
    Fork,
}

impl Word {
    fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Refused(code, _) => Self::Refused(code.clone()),
            Verdict::Need(_) => Self::Need,
            Verdict::Fork => Self::Fork,
            accepted => panic!("{accepted:?}"),
        }
    }
}

fn refused(name: impl Into<String>, code: &str, chunk: Vec<u8>) -> Case {
    Case { name: name.into(), word: Word::Refused(code.to_owned()), chunk }
}

fn cases(base: &Base) -> Vec<Case> {
    let mut cases = bytes::cases(base);
    cases.extend(counters::cases(base));
    cases.extend(operations::cases(base));
    cases.extend(shape::cases(base));
    cases
}

/// A slow machine takes a tenth of this; a bomb that goes off takes for ever.
const JUDGED_WITHIN: Duration = Duration::from_secs(5);

/// FAULTS rows 40, 41, 42, 43, 47, 48, 49: each hostile change gets its own word in bounded
/// time, the server stays, and the other record of the same batch is unharmed.
#[test]
fn every_known_attack_is_refused_and_harms_nobody_else() {
    let office = Office::open();
    let base = Base::load();
    let mut ada = Phone::of(&office, "ada");
    let begun = ada.push(base.record, base.changes.clone());
    assert!(begun.iter().all(|verdict| matches!(verdict, Verdict::Accepted(_))), "{begun:?}");
    let other = ada.open_job("Valve leaks");
    ada.sync();
    let mut wrong = Vec::new();
    for Case { name, word, chunk } in cases(&base) {
        let file = format!("crashers/{name}.change");
        let stored = vectors::kept(&file, || chunk.clone());
        assert!(stored == chunk, "{file} is not what its generator makes");
        let got = judged_beside_honest_work(&mut ada, &base, other, stored);
        if got != word {
            wrong.push(format!("{name}: {got:?} instead of {word:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let honest = ada.push(base.record, vec![base.good()]);
    assert!(matches!(honest[..], [Verdict::Accepted(_)]), "the job still takes work: {honest:?}");
}

/// Pushes a hostile change with an honest one of another record; returns the word it got.
fn judged_beside_honest_work(
    ada: &mut Phone<'_>,
    base: &Base,
    other: RecordId,
    hostile: Vec<u8>,
) -> Word {
    let rows = ada.office.log_rows();
    ada.clock_ms += 1;
    ada.set(other, "visit/arrived_at", ada.clock_ms);
    let honest = ada.unsent.remove(&other).expect("an honest change");
    let pushes = [(base.record, vec![hostile]), (other, honest)];
    let pushes = pushes.map(|(record, changes)| RecordPush {
        record,
        changes: changes.into_iter().map(Into::into).collect(),
    });
    let began = Instant::now();
    let response = ada.exchange(pushes.to_vec());
    assert!(began.elapsed() < JUDGED_WITHIN, "{:?}", began.elapsed());
    let [of_hostile, of_honest] = &response.verdicts[..] else { panic!("{response:?}") };
    assert!(matches!(of_honest.verdicts[..], [Verdict::Accepted(_)]), "{of_honest:?}");
    assert_eq!(ada.office.log_rows(), rows + 1, "only the honest change is in the log");
    Word::of(&of_hostile.verdicts[0])
}

/// FAULTS row 40: a stored crasher without a generator is refused as well.
#[test]
fn every_stored_crasher_is_still_refused() {
    let office = Office::open();
    let base = Base::load();
    let ada = Phone::of(&office, "ada");
    ada.push(base.record, base.changes.clone());
    let rows = office.log_rows();
    for name in vectors::names("crashers") {
        let crasher = vectors::kept(&name, || unreachable!("it is stored"));
        if name.ends_with(".change") {
            Word::of(&ada.push(base.record, vec![crasher])[0]);
        } else {
            let answer = ada.send_bytes(&crasher);
            assert!((400..500).contains(&answer.status), "{name}: {}", answer.status);
        }
    }
    assert_eq!(office.log_rows(), rows);
}
