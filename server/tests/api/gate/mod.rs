//! Nothing hostile or broken reaches the log: one line an attack, with the word it gets.
//!
//! Every attack goes through the real server; afterwards the record must be as it was and an
//! honest change must still be accepted.

mod dossiers;
mod fields;
mod form;
mod growth;
mod hostile;
mod matrix;
mod people;
mod shape;

use automerge::transaction::Transaction;
use automerge::{ActorId, Automerge, ObjId};
use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record;
use docket_protocol::record::path::Path;
use docket_protocol::record::write::find;
use docket_protocol::wire::Verdict;
use docket_server::random::random;

use crate::support::{Office, Phone, change_with};

/// The refusal code and path of the only verdict.
fn refusal(verdicts: &[Verdict]) -> (String, String) {
    match verdicts {
        [Verdict::Refused(code, path)] => (code.clone(), path.to_string()),
        other => panic!("not refused: {other:?}"),
    }
}

/// A job on Ada's phone that the server knows, with one step and one ticked item.
struct Scene<'o> {
    office: &'o Office,
    ada: Phone<'o>,
    job: RecordId,
    step: ItemId,
}

impl<'o> Scene<'o> {
    fn open(office: &'o Office) -> Self {
        let mut ada = Phone::of(office, "ada");
        let job = ada.open_job("Flow meter reads high");
        let step = add(&mut ada, job, "steps", &[("text", "Cleaned the sensor")]);
        add(&mut ada, job, "checklist", &[("text", "Power is off")]);
        ada.sync();
        Self { office, ada, job, step }
    }

    fn doc(&self) -> Automerge {
        self.ada.records[&self.job].1.clone()
    }

    /// Pushes chunks of the job and checks that nothing was written.
    fn refused(&self, name: &str, chunks: Vec<Vec<u8>>) -> (String, String) {
        let rows = self.office.log_rows();
        let verdicts = self.ada.push(self.job, chunks);
        assert_eq!(self.office.log_rows(), rows, "{name} reached the log");
        refusal(&verdicts)
    }

    fn hack(&self, name: &str, act: impl FnOnce(&mut Transaction<'_>)) -> (String, String) {
        let mut doc = self.doc();
        self.refused(name, vec![change_with(&mut doc, act)])
    }

    /// The job still takes an honest change, and still loads.
    fn is_sound(&mut self) {
        self.ada.set(self.job, "intake/caller", "Mr Haas");
        let response = self.ada.sync();
        let verdicts = &response.verdicts[0].verdicts;
        assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{verdicts:?}");
        let path = format!("/v1/docs/{}.automerge", self.job);
        let saved = self.office.get(&path, Some(&self.ada.access_token)).body;
        let loaded = record::load(&saved, ActorId::from([0; 16])).unwrap();
        let mut heads = loaded.get_heads();
        let mut own = self.doc().get_heads();
        heads.sort_unstable();
        own.sort_unstable();
        assert_eq!(heads, own);
    }
}

fn add(phone: &mut Phone<'_>, job: RecordId, to: &str, fields: &[(&str, &str)]) -> ItemId {
    let id = ItemId::new(phone.clock_ms, random());
    let fields = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
    phone.edit(job, &Edit::AddEntry(NewEntry { collection: Path::new(to), id, fields }));
    id
}

fn object(tx: &Transaction<'_>, path: &str) -> ObjId {
    find(tx, &Path::new(path)).unwrap_or_else(|| panic!("{path} is there"))
}
