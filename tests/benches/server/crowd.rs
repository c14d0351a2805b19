//! Up to 500 phones of 500 engineers, each with a job of its own, signed in to one server.

use docket_client_core::Request;
use docket_tests::{Answer, Phone, Server, Workload};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::backroom::Backroom;

/// Sign-ins between two starts of the server, which allows one address sixty a minute.
const SIGN_INS: usize = 50;
/// Edits kept ready for each phone; some change nothing and are passed over.
const EDITS: usize = 60;

/// The phones and their server.
pub(crate) struct Crowd {
    pub(crate) server: Server,
    folder: TempDir,
    pub(crate) members: Vec<Member>,
    work: Workload,
}

/// One phone with its job.
pub(crate) struct Member {
    phone: Phone,
    record: String,
    edits: std::vec::IntoIter<Json>,
}

impl Crowd {
    /// As many phones as there ever are.
    pub(crate) const PHONES: usize = 500;

    /// A server with everybody's account and nobody's phone.
    pub(crate) fn new(seed: u64) -> Self {
        let mut server = Server::start();
        Backroom::with(&mut server, "ada", |room| room.add_engineers(Self::PHONES));
        Self {
            server,
            folder: tempfile::tempdir().expect("a temporary folder"),
            members: Vec::new(),
            work: Workload::new(seed),
        }
    }

    /// Starts the server anew, which then has forgotten who signed in.
    pub(crate) fn restart(&mut self) {
        self.server.kill();
        self.server.restart();
    }

    /// Signs phones in until there are so many.
    pub(crate) fn grow_to(&mut self, count: usize) {
        while self.members.len() < count {
            let number = self.members.len();
            if number.is_multiple_of(SIGN_INS) {
                self.restart();
            }
            let name = format!("phone-{number}");
            let mut phone = Phone::new(self.folder.path(), &name, number as u64);
            let mut link = self.server.link();
            phone.sign_in(&mut link, &Server::engineer(number), Server::PASSWORD);
            let job = self.work.job(&format!("Job {number}"));
            let record = phone.open_job(&job);
            phone.sync(&mut link);
            let edits = self.work.edits(&job, EDITS).into_iter();
            self.members.push(Member { phone, record, edits });
        }
    }
}

impl Member {
    /// Makes one edit; what the phone has to say then.
    pub(crate) fn edit(&mut self) -> Request {
        loop {
            let edit = self.edits.next().expect("an edit is left");
            if self.phone.edit_changed(&self.record, &edit) {
                break;
            }
        }
        self.phone.ok(&json!({"do": "sync_now"}));
        self.phone.next_request().expect("an edit to send")
    }

    /// Hands in the answer, after which nothing is left to say.
    pub(crate) fn answered(&mut self, request: &Request, answer: &Answer) {
        self.phone.answered(request, Some(answer));
        let status = self.phone.status();
        assert_eq!(status["unsent_edits"], 0, "the edit was taken: {status}");
        assert!(self.phone.next_request().is_none(), "one request was enough");
    }
}
