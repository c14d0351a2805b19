//! Who may call what: every address of the router's table for every kind of person.
//!
//! The list of addresses comes from the table that builds the router; one without a row here
//! fails, so that nobody adds an address without saying who may use it.

use std::collections::BTreeSet;

use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::signoff::Purpose;
use docket_server::router::{Who, routes};
use serde_json::{Value as Json, json};

use crate::support::{Answer, Office, Phone, Photo};

/// What happens, in the order of [`PERSONS`].
type Expected = [u16; 7];

/// Nobody; Ada, who leads the job; Ben, an engineer who has nothing to do with it; and one of
/// each other role.
const PERSONS: [&str; 7] = ["", "ada", "ben", "dora", "max", "eve", "adam"];

/// Everybody, and everybody with an account.
const ALL: Expected = [200; 7];
const SIGNED_IN: Expected = [401, 200, 200, 200, 200, 200, 200];
/// Reading one job: not the engineer who has nothing to do with it.
const READS_JOB: Expected = [401, 200, 404, 200, 200, 200, 200];
/// Opening and writing jobs.
const OPENS_JOB: Expected = [401, 201, 201, 201, 201, 403, 403];
/// Deciding on held work: there is none, which those who may decide are told.
const DECIDES: Expected = [401, 404, 404, 404, 404, 403, 403];
const WRITES_JOB: Expected = [401, 200, 404, 200, 200, 403, 403];

/// What the console does for those it lets in; without a session everybody is sent to the door.
struct Row {
    method: &'static str,
    path: &'static str,
    body: fn() -> Json,
    expected: Expected,
}

fn row(method: &'static str, path: &'static str, expected: Expected) -> Row {
    Row { method, path, body: || json!({}), expected }
}

fn rows() -> Vec<Row> {
    let priority = || json!({"edit": "set_field", "path": "intake/priority", "value": "urgent"});
    let decision = || json!({"changes": [], "accepted": true});
    let hashes = || json!({"hashes": []});
    let title = || json!({"fields": {"intake/title": "Valve leaks"}});
    vec![
        row("GET", "/healthz", ALL),
        row("GET", "/readyz", ALL),
        row("GET", "/openapi.json", ALL),
        row("POST", "/v1/login", [400; 7]),
        row("POST", "/v1/refresh", [400; 7]),
        row("POST", "/v1/verify", ALL),
        row("GET", "/v1/unlock", SIGNED_IN),
        row("POST", "/v1/unlock", [400; 7]),
        row("GET", "/v1/jobs", SIGNED_IN),
        row("GET", "/v1/people", SIGNED_IN),
        // A photo of Ada's job: for those who see the job, and nothing for anybody else.
        row("GET", "/v1/blobs/{sha256}", READS_JOB),
        row("HEAD", "/v1/blobs/{sha256}", READS_JOB),
        row("POST", "/v1/blobs", [401, 201, 404, 201, 201, 201, 201]),
        // It is here already: nobody brings it any more.
        row("PATCH", "/v1/blobs/{sha256}", [401, 404, 404, 404, 404, 404, 404]),
        Row { body: hashes, ..row("POST", "/v1/blobs/receipts", SIGNED_IN) },
        // Held work: seen by those who see all jobs, decided by desk and manager.
        row("GET", "/v1/held", [401, 403, 403, 200, 200, 200, 200]),
        Row { body: decision, ..row("POST", "/v1/held/{record}/decision", DECIDES) },
        row("GET", "/v1/live", SIGNED_IN),
        Row { body: title, ..row("POST", "/v1/jobs", OPENS_JOB) },
        row("GET", "/v1/jobs/{record}", READS_JOB),
        Row { body: priority, ..row("POST", "/v1/jobs/{record}/edits", WRITES_JOB) },
        row("GET", "/v1/docs/{record}", READS_JOB),
        // No document either, but those who may bring one get as far as being told so.
        row("POST", "/v1/docs", [401, 403, 403, 400, 400, 403, 403]),
        row("GET", "/v1/docs/{record}/signoffs/{signoff}/proof", READS_JOB),
        // Its body is no JSON; everybody with a phone gets as far as being told so.
        row("POST", "/v1/sync", [401, 415, 415, 415, 415, 415, 415]),
        row("POST", "/v1/reconcile", [401, 415, 415, 415, 415, 415, 415]),
        // Signed by a phone's key instead of a token; nobody's JSON is.
        row("POST", "/v1/hand-in", [415; 7]),
        // Anybody of the organisation may bring a colleague's file; this is none.
        row("POST", "/v1/parcels", [401, 415, 415, 415, 415, 415, 415]),
        row("POST", "/v1/pieces", [415; 7]),
        row("POST", "/v1/logout", SIGNED_IN),
    ]
}

/// An office with a signed job of Ada's.
struct Scene<'o> {
    office: &'o Office,
    job: RecordId,
    signoff: ItemId,
    photo: Photo,
    tokens: Vec<String>,
}

impl<'o> Scene<'o> {
    fn open(office: &'o Office) -> Self {
        let job = office.job_for("ada", "Flow meter reads high");
        let mut ada = Phone::of(office, "ada");
        ada.sync();
        let photo = Photo::of(b"\xff\xd8\xff a photo".to_vec());
        photo.attach(&mut ada, job);
        let signoff = ada.sign_off(job, Purpose::Plan);
        ada.sync();
        photo.bring(&ada);
        let token = |login: &&str| match *login {
            "" => String::new(),
            login => Phone::of(office, login).access_token,
        };
        Self { office, job, signoff, photo, tokens: PERSONS.iter().map(token).collect() }
    }

    fn call(&self, row: &Row, person: usize) -> Answer {
        let document = row.path == "/v1/docs/{record}";
        let path = if document { "/v1/docs/{record}.automerge" } else { row.path };
        let path = path
            .replace("{record}", &self.job.to_string())
            .replace("{sha256}", &self.photo.sha256)
            .replace("{signoff}", &self.signoff.to_string());
        let token = self.tokens[person].as_str();
        let token = (!token.is_empty()).then_some(token);
        match (row.method, row.path) {
            ("GET", _) => self.office.get_head(&path, token),
            ("POST", "/v1/blobs") => self.photo.begin(self.office, token).0,
            ("HEAD", _) => self.office.tus("HEAD", &path, token, &[], &[]).0,
            ("PATCH", _) => self.photo.piece(self.office, token, 0, 5).0,
            _ => self.office.post_json(&path, token, &(row.body)()),
        }
    }
}

/// FAULTS row 69: every address, every role.
#[test]
fn everybody_may_do_just_what_the_table_says() {
    let office = Office::open();
    let scene = Scene::open(&office);
    for row in rows() {
        for (person, expected) in row.expected.iter().enumerate() {
            let answer = scene.call(&row, person);
            let who = PERSONS[person];
            assert_eq!(answer.status, *expected, "{} {} as {who:?}", row.method, row.path);
        }
    }
}

#[test]
fn every_address_of_the_api_has_its_row() {
    let wanted: BTreeSet<_> = routes()
        .into_iter()
        .filter(|route| route.who != Who::Console && !is_page(route.path))
        .map(|route| (route.method.to_string(), route.path.to_owned()))
        .collect();
    let tested: BTreeSet<_> =
        rows().into_iter().map(|row| (row.method.to_owned(), row.path.to_owned())).collect();
    assert_eq!(wanted, tested);
}

/// Pages and files for browsers, the same for everyone.
fn is_page(path: &str) -> bool {
    path.starts_with("/app")
        || path.starts_with("/assets/")
        || matches!(path, "/sign-in" | "/sign-out" | "/language" | "/verify")
}

#[test]
fn every_address_of_the_console_sends_strangers_to_the_door() {
    let office = Office::open();
    let scene = Scene::open(&office);
    let ada = Phone::of(&office, "ada");
    for route in routes().into_iter().filter(|route| route.who == Who::Console) {
        let path = route
            .path
            .replace("{record}", &scene.job.to_string())
            .replace("{signoff}", &scene.signoff.to_string());
        let rows = office.log_rows();
        // A phone's token opens no console page either.
        for token in [None, Some(ada.access_token.as_str())] {
            let answer = match route.method.as_str() {
                "GET" => office.get_head(&path, token),
                _ => office.post_form(&path, token),
            };
            assert_eq!(answer.status, 303, "{} {path}", route.method);
        }
        assert_eq!(office.log_rows(), rows, "{} {path}", route.method);
    }
}

#[test]
fn the_description_of_the_api_names_the_same_addresses() {
    let office = Office::open();
    let described = office.get("/openapi.json", None).json();
    let described: BTreeSet<_> = described["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods").keys();
            methods.map(move |method| (method.to_uppercase(), path.clone()))
        })
        .collect();
    // The wire and the event stream are not JSON; PROTOCOL.md describes them.
    let apart = [
        ["/v1/sync", "/v1/reconcile", "/v1/hand-in", "/v1/parcels", "/v1/pieces"].as_slice(),
        &["/v1/live", "/openapi.json"],
    ]
    .concat();
    let wanted: BTreeSet<_> = rows()
        .into_iter()
        .filter(|row| !apart.contains(&row.path))
        .map(|row| (row.method.to_owned(), row.path.to_owned()))
        .collect();
    assert_eq!(described, wanted);
}
