//! A phone: the real client core on a real SQLite file, driven like the app drives it.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use docket_client_core::{Client, Env, Medium, Request};
use serde_json::{Value as Json, json};

use crate::courier::Courier;
use crate::link::{Answer, Link};
use crate::random::Random;
use crate::workload::Job;

/// A drawn signature: the smallest valid PNG, one transparent pixel.
pub const DRAWING_PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk\
+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// One phone.
pub struct Phone {
    client: Client,
    random: Random,
    file: PathBuf,
    name: String,
}

impl Phone {
    /// A new phone with an empty store in `folder`; `name` must be unique there.
    pub fn new(folder: &Path, name: &str, seed: u64) -> Self {
        let file = folder.join(format!("{name}.db"));
        let mut random = Random::new(seed);
        let client = open(&file, &mut random);
        Self { client, random, file, name: name.to_owned() }
    }

    /// Dies without farewell and starts again from what is on disk.
    pub fn restart(&mut self) {
        self.away_from_file();
        self.client = open(&self.file, &mut self.random);
    }

    /// Closes the file; an in-memory stand-in takes its place.
    fn away_from_file(&mut self) {
        let mut random = self.random.clone();
        let nowhere = rusqlite::Connection::open_in_memory().expect("memory");
        let mut env = Env { now: now(), entropy: &mut random };
        self.client = Client::open(nowhere, Medium::File, &mut env).expect("an empty store");
    }

    /// Another phone with this one's database, as a copied or restored backup makes it.
    pub fn copied(&mut self, name: &str, seed: u64) -> Self {
        self.away_from_file();
        let file = self.file.with_file_name(format!("{name}.db"));
        for ending in ["", "-wal"] {
            let part = |file: &Path| PathBuf::from(format!("{}{ending}", file.display()));
            // A log that was folded in when the file was closed is not there.
            drop(std::fs::copy(part(&self.file), part(&file)));
        }
        self.client = open(&self.file, &mut self.random);
        let mut random = Random::new(seed);
        Self { client: open(&file, &mut random), random, file, name: name.to_owned() }
    }

    /// Carries out a command; panics with the error when it fails.
    pub fn ok(&mut self, command: &Json) -> Json {
        let answer = self.call(command);
        assert!(answer.get("ok").is_some(), "{} on {command}: {answer}", self.name);
        answer["ok"].clone()
    }

    /// Carries out a command that must fail, and returns the error's code.
    pub fn error(&mut self, command: &Json) -> String {
        let answer = self.call(command);
        let code = answer["error"]["code"].as_str();
        code.unwrap_or_else(|| panic!("{} on {command}: {answer}", self.name)).to_owned()
    }

    /// Signs in and pulls everything.
    pub fn sign_in(&mut self, link: &mut Link, login: &str, password: &str) {
        self.log_in(link, login, password);
        self.sync(link);
        assert_eq!(self.ok(&json!({"do": "status"}))["problem"], Json::Null, "{}", self.name);
    }

    /// Signs in and pulls nothing yet.
    pub fn log_in(&mut self, link: &mut Link, login: &str, password: &str) {
        let device_name = self.name.clone();
        self.ok(&json!({
            "do": "sign_in", "login": login, "password": password, "device_name": device_name,
        }));
        let request = self.next_request().expect("a sign-in");
        let answer = link.carry(&request);
        self.answered(&request, answer.as_ref());
    }

    /// Syncs at once until there is nothing more to say.
    pub fn sync(&mut self, link: &mut Link) {
        self.ok(&json!({"do": "sync_now"}));
        while let Some(request) = self.next_request() {
            let answer = link.carry(&request);
            self.answered(&request, answer.as_ref());
        }
    }

    /// The next request, if there is something to say.
    pub fn next_request(&mut self) -> Option<Request> {
        let mut env = Env { now: now(), entropy: &mut self.random };
        self.client.next_request(&mut env).expect("a request")
    }

    /// Hands in what came back. A refused or broken answer shows in `status`.
    pub fn answered(&mut self, request: &Request, answer: Option<&Answer>) {
        let mut env = Env { now: now(), entropy: &mut self.random };
        match answer {
            Some(Answer { status, content_type, body }) => {
                // The error is also in `status`, which is where the app looks.
                let _shown = self.client.respond(&mut env, request.id, *status, content_type, body);
            }
            None => self.client.failed(&mut env, request.id),
        }
    }

    /// Adds a photo or file whose bytes are somebody else's to keep.
    pub fn attach(&mut self, record: &str, sha256: &str, bytes: u64) {
        self.ok(&json!({"do": "keep_file", "sha256": sha256, "bytes": bytes}));
        let fields = json!({"name": "a.bin", "sha256": sha256, "bytes": bytes, "purpose": "work"});
        let edit = json!({"edit": "add_entry", "collection": "attachments", "fields": fields});
        self.edit(record, &edit);
    }

    /// Carries photos and files until there is nothing to send or the connection was cut.
    pub fn carry_files(&mut self, courier: &mut Courier, read: impl Fn(&str) -> Vec<u8>) {
        loop {
            let mut env = Env { now: now(), entropy: &mut self.random };
            let next = self.client.next_file_request(&mut env, None).expect("a request");
            let Some(request) = next else { return };
            match courier.carry(&request, &read) {
                Some(answer) => {
                    self.client.file_answered(&mut env, request.id, &answer).expect("it is kept");
                }
                None => return self.client.file_failed(&mut env, request.id),
            }
        }
    }

    /// Opens a job of the workload and returns its id.
    pub fn open_job(&mut self, job: &Job) -> String {
        let opened = self.ok(&json!({
            "do": "open_job", "fields": job.fields, "entries": job.entries,
        }));
        opened["record"].as_str().unwrap_or_else(|| panic!("{opened}")).to_owned()
    }

    /// How many jobs the list shows.
    pub fn jobs(&mut self) -> usize {
        self.ok(&json!({"do": "jobs"})).as_array().map_or(0, Vec::len)
    }

    /// Edits a job and says whether that changed anything: writing the value that is there
    /// already is no change.
    pub fn edit_changed(&mut self, record: &str, edit: &Json) -> bool {
        let before = self.status()["unsent_edits"].as_u64();
        self.edit(record, edit);
        self.status()["unsent_edits"].as_u64() != before
    }

    /// Edits a job.
    pub fn edit(&mut self, record: &str, edit: &Json) -> Json {
        self.ok(&json!({"do": "edit", "record": record, "edit": edit}))
    }

    /// Writes one field of a job.
    pub fn set(&mut self, record: &str, path: &str, value: impl Into<Json>) -> Json {
        let value: Json = value.into();
        self.edit(record, &json!({"edit": "set_field", "path": path, "value": value}))
    }

    /// Adds a work step to a job.
    pub fn add_step(&mut self, record: &str, text: &str) -> Json {
        let step = json!({"edit": "add_entry", "collection": "steps", "fields": {"text": text}});
        self.edit(record, &step)
    }

    /// A job as its page shows it.
    pub fn job(&mut self, record: &str) -> Json {
        self.ok(&json!({"do": "job", "record": record}))
    }

    /// The status line.
    pub fn status(&mut self) -> Json {
        self.ok(&json!({"do": "status"}))
    }

    /// Has the report signed as it stands.
    pub fn sign(&mut self, record: &str, signatory: &str) -> Json {
        let draft = self.ok(&json!({"do": "prepare_signoff", "record": record}));
        let signing = json!({
            "purpose": "report", "content_digest": draft["content_digest"],
            "outcome": "accepted", "satisfaction": 5,
            "signatory": {"name": signatory, "title": "厂长", "deputy_reason": ""},
            "drawing": DRAWING_PNG,
        });
        self.ok(&json!({"do": "sign", "record": record, "signing": signing}))
    }

    fn call(&mut self, command: &Json) -> Json {
        let mut env = Env { now: now(), entropy: &mut self.random };
        let answer = self.client.call(&mut env, &command.to_string());
        serde_json::from_str(&answer).expect("JSON")
    }
}

fn open(file: &Path, random: &mut Random) -> Client {
    let connection = rusqlite::Connection::open(file).expect("the phone's file");
    let mut env = Env { now: now(), entropy: random };
    Client::open(connection, Medium::File, &mut env).expect("the phone's store")
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    i64::try_from(since.as_millis()).expect("a clock before the year 292 million")
}
