//! What PROTOCOL.md says of signing in is what a real server does: it takes the request that is
//! written there, and its answers have just the fields that stand in the tables.

use std::collections::BTreeSet;
use std::path::Path;

use docket_tests::Server;
use serde_json::{Value as Json, json};
use ureq::Agent;

struct Caller {
    agent: Agent,
    url: String,
}

impl Caller {
    fn new(server: &Server) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).build();
        Self { agent: config.into(), url: server.url() }
    }

    fn post(&self, path: &str, body: &Json) -> (u16, Json) {
        let sent = self.agent.post(format!("{}{path}", self.url)).send_json(body);
        let mut answer = sent.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.body_mut().read_json().expect("JSON"))
    }
}

fn document() -> String {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../protocol/PROTOCOL.md");
    std::fs::read_to_string(place).expect("PROTOCOL.md")
}

/// The example of this name.
fn example(document: &str, name: &str) -> Json {
    let (_, rest) = document.split_once(&format!("<!-- made: {name} -->\n```json\n")).expect(name);
    let (json, _) = rest.split_once("```").expect("the end of the example");
    serde_json::from_str(json).expect("JSON")
}

/// The fields in the table of a type.
fn fields<'a>(document: &'a str, name: &str) -> BTreeSet<&'a str> {
    let (_, rest) = document.split_once(&format!("| **`{name}`** |")).expect(name);
    let rows = rest.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('`').nth(1).expect("a field")).collect()
}

fn has_fields(document: &str, name: &str, answer: &Json) {
    let found: BTreeSet<&str> = answer
        .as_object()
        .unwrap_or_else(|| panic!("{answer}"))
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(found, fields(document, name), "{name}: {answer}");
}

#[test]
fn a_real_server_takes_the_sign_in_that_is_written_down_and_answers_as_written() {
    let (server, document) = (Server::start(), document());
    let caller = Caller::new(&server);
    let written = example(&document, "LoginRequest");
    has_fields(&document, "LoginRequest", &written);
    has_fields(&document, "DeviceRequest", &written["device"]);

    let (status, answer) = caller.post("/v1/login", &written);
    assert_eq!(status, 200, "{answer}");
    has_fields(&document, "LoginAnswer", &answer);
    has_fields(&document, "PersonAnswer", &answer["person"]);
    has_fields(&document, "OrganisationAnswer", &answer["organisation"]);

    // A session that began without a phone needs no proof of one.
    let mut at_a_desk = written.clone();
    at_a_desk.as_object_mut().expect("an object").remove("device");
    let (_, answer) = caller.post("/v1/login", &at_a_desk);
    let (status, answer) =
        caller.post("/v1/refresh", &json!({"refresh_token": answer["refresh_token"]}));
    assert_eq!(status, 200, "{answer}");
    has_fields(&document, "RefreshAnswer", &answer);
}

#[test]
fn a_signature_over_anything_else_is_refused_and_the_error_is_as_written() {
    let (server, document) = (Server::start(), document());
    let mut written = example(&document, "LoginRequest");
    written["login"] = "lin".into();
    let (status, answer) = Caller::new(&server).post("/v1/login", &written);
    assert_eq!((status, &answer["error"]["code"]), (403, &json!("bad-signature")));
    has_fields(&document, "ErrorAnswer", &answer);
    let mut said = answer["error"].clone();
    // Only where it is about a field.
    said["path"] = Json::Null;
    has_fields(&document, "ErrorBody", &said);
    assert!(
        document.contains("| 403 | `unknown-device`, `bad-signature` |"),
        "the status is there"
    );
}
