//! Jobs that go from phone to phone as files, without the office; taken at once, late, twice or
//! never.

use std::collections::BTreeSet;

use docket_client_core::command::Command;
use docket_protocol::edit::Edit;
use docket_protocol::ids::{ChangeHash, RecordId, UserId};
use docket_protocol::record::path::Path;

use crate::sim::check;
use crate::sim::invariant::{Invariant, Violation};
use crate::sim::world::World;

/// A job in a file.
pub(crate) struct JobFile {
    to: UserId,
    record: RecordId,
    file: String,
    /// What the giver's phone had of it.
    changes: BTreeSet<ChangeHash>,
}

impl World {
    /// Somebody hands a job over, or takes one.
    pub(crate) fn phones_meet(&mut self) -> Result<(), Violation> {
        if self.random.chance(500) {
            self.somebody_hands_over()
        } else {
            self.somebody_takes_over()
        }
    }

    fn somebody_hands_over(&mut self) -> Result<(), Violation> {
        let number = self.random.position(self.phones.len()).unwrap_or(0);
        let jobs = self.jobs_on(number);
        let Some(record) = self.random.pick(&jobs).copied() else { return Ok(()) };
        let to = self.somebody_with_a_phone();
        let at = self.time.stamp(self.phones[number].skew);
        let given = self.phones[number].run(at, Command::HandOver { record, to });
        self.trace.note(self.time.now(), "hand over", || {
            let said = given.as_ref().map(|given| given["edits"].clone());
            format!("phone {number} {at} {record} to {to}: {said:?}")
        });
        let path = Path::new("assignment/helpers").child(to);
        let edit = Edit::SetField { path, value: true.into() };
        let died = self.phone_died(number)?;
        let Ok(given) = given else {
            return match died {
                true => check::perhaps_saved(self, number, at, Some(edit)),
                false => check::accounted(self, number, Invariant::I12),
            };
        };
        if given["edited"] == true {
            self.phones[number].kept.pending.insert(at, record);
            self.saved.insert(at, Some(edit));
        }
        let changes = check::changes_on(self, number, record);
        let file = given["file"].as_str().unwrap_or_default().to_owned();
        self.files.push(JobFile { to, record, file, changes });
        match died {
            true => check::recounted(self, number, Invariant::I1),
            false => check::accounted(self, number, Invariant::I12),
        }
    }

    fn somebody_takes_over(&mut self) -> Result<(), Violation> {
        let Some(which) = self.random.position(self.files.len()) else { return Ok(()) };
        let to = self.files[which].to;
        let theirs = |number: &usize| self.people[self.phones[*number].person].id == to;
        let phones: Vec<usize> = (0..self.phones.len()).filter(theirs).collect();
        let Some(number) = self.random.pick(&phones).copied() else { return Ok(()) };
        let now = self.phone_now(number);
        let file = self.files[which].file.clone();
        let taken = self.phones[number].run(now, Command::TakeOver { file });
        let record = self.files[which].record;
        self.trace.note(self.time.now(), "take over", || {
            format!("phone {number} {record}: {:?}", taken.as_ref().map(drop))
        });
        let died = self.phone_died(number)?;
        if taken.is_ok() {
            let shown = check::changes_on(self, number, record);
            let missing: Vec<_> = self.files[which].changes.difference(&shown).collect();
            Invariant::I1.hold(missing.is_empty(), || {
                format!("phone {number} has taken {record} over without {missing:?}")
            })?;
        }
        match died {
            true => check::recounted(self, number, Invariant::I1),
            false => check::accounted(self, number, Invariant::I12),
        }
    }
}
