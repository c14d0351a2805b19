//! The real server: the `docket` binary as its own process on a data folder, which can be
//! stopped, killed in the middle of anything, and started again on the same address.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value as Json, json};
use tempfile::TempDir;
use ureq::Agent;

use crate::link::Link;

/// A server process with its data folder, both gone when this is dropped.
pub struct Server {
    data: TempDir,
    address: String,
    process: Option<Child>,
}

/// How much of a server a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backup {
    /// The database alone; the mark beside it stays as it is.
    Database,
    /// Keys and mark, too.
    Folder,
}

/// Files of a server at one moment.
pub struct Image {
    files: Vec<(String, Vec<u8>)>,
}

/// Accounts every test server has; the password of each is [`PASSWORD`].
const ACCOUNTS: [(&str, &str, &str); 4] = [
    ("desk", "Mei Chen", "desk"),
    ("manager", "Jonas Weber", "manager"),
    ("ada", "Ada Novak", "engineer"),
    ("lin", "Lin Tao", "engineer"),
];

impl Server {
    /// The password of every account.
    pub const PASSWORD: &str = "correct horse battery staple";

    /// A running server with a desk, a manager and the engineers `ada` and `lin`.
    pub fn start() -> Self {
        Self::with_engineers(0)
    }

    /// The same with as many more engineers; [`Server::engineer`] is their account's name.
    pub fn with_engineers(count: usize) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        for (login, name, role) in ACCOUNTS {
            add_user(data.path(), login, name, role);
        }
        for login in (0..count).map(Self::engineer) {
            add_user(data.path(), &login, &login, "engineer");
        }
        let mut server = Self { data, address: "127.0.0.1:0".to_owned(), process: None };
        server.restart();
        server
    }

    /// Account name of one of the numbered engineers.
    pub fn engineer(number: usize) -> String {
        format!("engineer-{number}")
    }

    /// Starts the process again on the same data and address.
    pub fn restart(&mut self) {
        assert!(self.process.is_none(), "the server is already running");
        let mut child = docket()
            .args(["serve", "--listen", &self.address, "--data"])
            .arg(self.data.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the docket process");
        let stdout = child.stdout.take().expect("its output");
        self.process = Some(child);
        let ready = BufReader::new(stdout)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("http://").map(|(_, rest)| rest.trim().to_owned()));
        self.address = ready.expect("docket says where it listens");
    }

    /// SIGKILL: no farewell, whatever it was doing.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("kill");
            process.wait().expect("wait");
        }
    }

    /// What a backup of the stopped server would hold.
    pub fn image(&self, what: Backup) -> Image {
        assert!(self.process.is_none(), "a running server is not copied file by file");
        let files = std::fs::read_dir(self.data.path()).expect("the data folder");
        let names =
            files.map(|file| file.expect("a file").file_name().into_string().expect("UTF-8"));
        let wanted = names.filter(|name| what == Backup::Folder || name.starts_with("docket.db"));
        let read = |name: String| {
            let bytes = std::fs::read(self.data.path().join(&name)).expect("a file");
            (name, bytes)
        };
        Image { files: wanted.map(read).collect() }
    }

    /// Puts a backup back in place of what the stopped server has.
    pub fn restore(&self, image: &Image) {
        assert!(self.process.is_none(), "a running server is not restored");
        for name in ["docket.db", "docket.db-wal", "docket.db-shm"] {
            // A write-ahead log that is not there needs no removing.
            drop(std::fs::remove_file(self.data.path().join(name)));
        }
        for (name, bytes) in &image.files {
            std::fs::write(self.data.path().join(name), bytes).expect("a file is put back");
        }
    }

    /// What `docket recover` says of the stopped server.
    pub fn recover(&self, arguments: &[&str]) -> String {
        let output = docket()
            .args(["recover", "--data"])
            .arg(self.data.path())
            .args(arguments)
            .env("LANG", "en_GB.UTF-8")
            .output()
            .expect("docket recover");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// `http://host:port`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A fresh way to this server.
    pub fn link(&self) -> Link {
        Link::new(&self.url())
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// The password of every account.
    pub fn password(&self) -> &'static str {
        Self::PASSWORD
    }

    /// Process id.
    pub fn process_id(&self) -> u32 {
        self.process.as_ref().expect("the server is running").id()
    }

    /// Changes in the log, read beside the running server.
    pub fn logged_changes(&self) -> usize {
        let sql = rusqlite::Connection::open(self.data().join("docket.db")).expect("the database");
        let count = "select count(*) from log where kind = 'change'";
        sql.query_row(count, [], |row| row.get(0)).expect("a count")
    }

    /// Size of everything in the data folder.
    pub fn disk_bytes(&self) -> u64 {
        let files = std::fs::read_dir(self.data()).expect("the data folder");
        files.filter_map(|file| Some(file.ok()?.metadata().ok()?.len())).sum()
    }

    /// The service desk, signed in to the JSON API.
    pub fn desk(&self) -> Desk {
        Desk::sign_in(&self.url(), "desk")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn add_user(data: &Path, login: &str, name: &str, role: &str) {
    let mut child = docket()
        .args(["user", "add", "--login", login, "--name", name, "--role", role])
        .args(["--password-stdin", "--data"])
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("docket user add");
    let mut stdin = child.stdin.take().expect("its input");
    writeln!(stdin, "{}", Server::PASSWORD).expect("the password is read");
    drop(stdin);
    assert!(child.wait().expect("wait").success(), "docket user add {login}");
}

/// The binary that was built beside this test or bench.
pub fn docket() -> Command {
    let mut folder = std::env::current_exe().expect("this test's path");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let binary: PathBuf = folder.join("docket");
    assert!(binary.exists(), "build it first: cargo build --package docket-server");
    Command::new(binary)
}

/// A person at a desk, using the JSON API.
pub struct Desk {
    agent: Agent,
    base: String,
    authorization: String,
}

impl Desk {
    /// Signs in.
    pub fn sign_in(base: &str, login: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).build();
        let agent: Agent = config.into();
        let answer: Json = agent
            .post(format!("{base}/v1/login"))
            .send_json(json!({"login": login, "password": Server::PASSWORD}))
            .and_then(|mut response| response.body_mut().read_json())
            .expect("an answer to the sign-in");
        let token = answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}"));
        let authorization = format!("Bearer {token}");
        Self { agent, base: base.to_owned(), authorization }
    }

    /// Opens a job and returns its id.
    pub fn open_job(&self, fields: &Json) -> String {
        let job = self.post("/v1/jobs", &json!({ "fields": fields }));
        job["record"].as_str().unwrap_or_else(|| panic!("{job}")).to_owned()
    }

    /// Edits a job.
    pub fn edit(&self, record: &str, edit: &Json) -> Json {
        self.post(&format!("/v1/jobs/{record}/edits"), edit)
    }

    /// Hands a job to an engineer, by name.
    pub fn assign(&self, record: &str, engineer: &str) {
        let lead = self.person(engineer);
        self.edit(record, &json!({"edit": "assign", "lead": lead}));
    }

    /// Puts a second engineer on a job, by name.
    pub fn add_helper(&self, record: &str, engineer: &str) {
        let path = format!("assignment/helpers/{}", self.person(engineer));
        self.edit(record, &json!({"edit": "set_field", "path": path, "value": true}));
    }

    /// A job with content, conflicts, sign-offs and timeline.
    pub fn job(&self, record: &str) -> Json {
        self.get(&format!("/v1/jobs/{record}"))
    }

    /// The exported proof of a sign-off, byte for byte.
    pub fn proof(&self, record: &str, signoff: &str) -> Vec<u8> {
        self.get_bytes(&format!("/v1/docs/{record}/signoffs/{signoff}/proof"))
    }

    /// The exact document.
    pub fn document(&self, record: &str) -> Vec<u8> {
        self.get_bytes(&format!("/v1/docs/{record}.automerge"))
    }

    /// A photo or file, byte for byte.
    pub fn file(&self, sha256: &str) -> Vec<u8> {
        self.get_bytes(&format!("/v1/blobs/{sha256}"))
    }

    /// Work that waits for a decision, piece by piece.
    pub fn held(&self) -> Json {
        self.get("/v1/held")["waiting"].clone()
    }

    /// Decides on a piece of held work.
    pub fn decide(&self, piece: &Json, accepted: bool, note: &str) {
        let entries = piece["changes"].as_array().into_iter().flatten();
        let changes: Vec<_> = entries.map(|entry| &entry["change"]).collect();
        let record = piece["record"].as_str().unwrap_or_default();
        let decision = json!({"changes": changes, "accepted": accepted, "note": note});
        self.post(&format!("/v1/held/{record}/decision"), &decision);
    }

    fn person(&self, name: &str) -> String {
        let people = self.get("/v1/people");
        let list = people["people"].as_array();
        let person = list.into_iter().flatten().find(|person| person["name"] == name);
        let id = person.and_then(|person| person["id"].as_str());
        id.unwrap_or_else(|| panic!("{name} in {people}")).to_owned()
    }

    fn get(&self, path: &str) -> Json {
        serde_json::from_slice(&self.get_bytes(path)).expect("JSON")
    }

    fn get_bytes(&self, path: &str) -> Vec<u8> {
        let request = self.agent.get(format!("{}{path}", self.base));
        let mut response =
            request.header("authorization", &self.authorization).call().expect("an answer");
        assert_eq!(response.status().as_u16(), 200, "{path}");
        response.body_mut().with_config().limit(64 << 20).read_to_vec().expect("a body")
    }

    fn post(&self, path: &str, body: &Json) -> Json {
        let request = self.agent.post(format!("{}{path}", self.base));
        let mut response =
            request.header("authorization", &self.authorization).send_json(body).expect("answer");
        let status = response.status().as_u16();
        let answer: Json = response.body_mut().read_json().unwrap_or_default();
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }
}
