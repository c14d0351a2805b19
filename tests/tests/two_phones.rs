//! Two phones, no network, one job: it goes from one to the other as a file, and whoever reaches
//! the office first, everything is there once.

use docket_tests::{Link, Phone, Server};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

struct Site {
    server: Server,
    folder: TempDir,
    record: String,
}

/// Two phones that hold one job, and their ways to the server.
struct Pair {
    ada: (Phone, Link),
    lin: (Phone, Link),
}

impl Site {
    /// A job that Ada leads and nobody helps with.
    fn new() -> Self {
        let server = Server::start();
        let desk = server.desk();
        let record = desk.open_job(&json!({"intake/title": "Flow meter reads high"}));
        desk.assign(&record, "Ada Novak");
        Self { server, folder: tempfile::tempdir().unwrap(), record }
    }

    fn phone(&self, login: &str, seed: u64) -> (Phone, Link) {
        let mut phone = Phone::new(self.folder.path(), &format!("{login} {seed}"), seed);
        let mut link = self.server.link();
        phone.sign_in(&mut link, login, self.server.password());
        (phone, link)
    }

    /// Ada has written something that nobody has yet, and Lin has taken it over and gone on.
    fn handed_over(&self) -> Pair {
        let (mut ada, mut lin) = (self.phone("ada", 1), self.phone("lin", 2));
        ada.0.set(&self.record, "report/cause", "Worn bearing");
        ada.0.add_step(&self.record, "Opened the pump");
        let file = give(&mut ada.0, &self.record, &mut lin.0);
        let job = lin.0.ok(&json!({"do": "take_over", "file": file}));
        assert_eq!(job["content"], ada.0.job(&self.record)["content"]);
        assert_eq!((&job["sync"], &job["taken_from"]), (&json!("carried"), &json!("Ada Novak")));
        lin.0.add_step(&self.record, "换上新轴承");
        lin.0.set(&self.record, "report/treatment", "New bearing");
        lin.0.sign(&self.record, "王芳");
        assert_eq!(lin.0.job(&self.record)["sync"], "on_this_phone");
        Pair { ada, lin }
    }

    /// Both phones and the office hold the same, with the work of both in it once.
    fn all_are_equal(&self, pair: &mut Pair) {
        let office = self.server.desk().job(&self.record);
        let texts = |job: &Json| {
            let steps = job["content"]["steps"].as_object().unwrap();
            let mut texts: Vec<_> = steps.values().map(|step| step["text"].to_string()).collect();
            texts.sort();
            texts
        };
        assert_eq!(texts(&office), ["\"Opened the pump\"", "\"换上新轴承\""]);
        assert_eq!(office["content"]["report"]["cause"], "Worn bearing");
        assert_eq!(office["signoffs"][0]["receipt"]["engineer_name"], "Lin Tao");
        for phone in [&mut pair.ada.0, &mut pair.lin.0] {
            let job = phone.job(&self.record);
            assert_eq!(job["content"], office["content"]);
            assert_eq!((&job["sync"], &job["taken_from"]), (&json!("merged"), &Json::Null));
            assert_eq!(job["signoffs"][0]["valid"], true);
            let status = phone.status();
            let counts = ["unsent_edits", "held", "refused"].map(|count| status[count].clone());
            assert_eq!(counts, [json!(0), json!(0), json!(0)]);
            assert_eq!(status["problem"], Json::Null);
        }
    }
}

fn person(phone: &mut Phone) -> Json {
    phone.status()["person"]["id"].clone()
}

fn give(from: &mut Phone, record: &str, to: &mut Phone) -> String {
    let to = person(to);
    let given = from.ok(&json!({"do": "hand_over", "record": record, "to": to}));
    given["file"].as_str().unwrap().to_owned()
}

#[test]
fn whoever_took_the_job_over_reaches_the_office_first() {
    let site = Site::new();
    let mut pair = site.handed_over();
    pair.lin.0.sync(&mut pair.lin.1);
    assert_eq!(pair.ada.0.status()["unsent_edits"], 3, "a phone believes only its own sync");
    let logged = site.server.logged_changes();
    pair.ada.0.sync(&mut pair.ada.1);
    assert_eq!(site.server.logged_changes(), logged, "everything was there");
    site.all_are_equal(&mut pair);
}

#[test]
fn whoever_gave_the_job_away_reaches_the_office_first() {
    let site = Site::new();
    let mut pair = site.handed_over();
    pair.ada.0.sync(&mut pair.ada.1);
    pair.lin.0.sync(&mut pair.lin.1);
    pair.ada.0.sync(&mut pair.ada.1);
    site.all_are_equal(&mut pair);
}

#[test]
fn everybody_is_named_before_the_office_has_said_who_wrote_what() {
    let site = Site::new();
    let mut pair = site.handed_over();
    let history = pair.lin.0.ok(&json!({"do": "history", "record": site.record}));
    let by =
        |name: &str| history.as_array().unwrap().iter().filter(|it| it["author"] == name).count();
    // Two edits of Ada's and the one that brought Lin in; three of Lin's own.
    assert_eq!((by("Ada Novak"), by("Lin Tao")), (3, 3), "{history}");
}

#[test]
fn what_was_signed_before_is_signed_on_the_other_phone_too() {
    let site = Site::new();
    let (mut ada, mut ada_link) = site.phone("ada", 1);
    let (mut lin, mut link) = site.phone("lin", 2);
    ada.set(&site.record, "report/cause", "Worn bearing");
    ada.sign(&site.record, "王芳");
    let file = give(&mut ada, &site.record, &mut lin);
    let job = lin.ok(&json!({"do": "take_over", "file": file}));
    let signoff = &job["signoffs"][0];
    assert_eq!((&signoff["valid"], &signoff["binds"]), (&json!(true), &json!(true)));
    let edit = json!({"edit": "set_field", "path": "report/cause", "value": "Silt"});
    let late = json!({"do": "edit", "record": site.record, "edit": edit});
    assert_eq!(lin.error(&late), "locked-by-signoff");
    lin.sync(&mut link);
    ada.sync(&mut ada_link);
    let office = site.server.desk().job(&site.record);
    assert_eq!(office["signoffs"].as_array().map(Vec::len), Some(1));
    assert_eq!(office["signoffs"][0]["receipt"]["engineer_name"], "Ada Novak");
}

#[test]
fn a_job_goes_on_to_a_third_phone_with_everything_on_it() {
    let site = Site::new();
    let (mut ada, mut ada_link) = site.phone("ada", 1);
    let (mut lin, _) = site.phone("lin", 2);
    let (mut second, mut link) = site.phone("ada", 3);
    ada.add_step(&site.record, "Opened the pump");
    let file = give(&mut ada, &site.record, &mut lin);
    lin.ok(&json!({"do": "take_over", "file": file}));
    lin.add_step(&site.record, "换上新轴承");
    let file = give(&mut lin, &site.record, &mut second);
    second.ok(&json!({"do": "take_over", "file": file}));
    second.add_step(&site.record, "Ran it for an hour");
    second.sync(&mut link);
    let steps = |job: &Json| job["content"]["steps"].as_object().unwrap().len();
    let office = site.server.desk().job(&site.record);
    assert_eq!(steps(&office), 3, "the last phone brings the work of all");
    ada.sync(&mut ada_link);
    assert_eq!(ada.job(&site.record)["content"], office["content"]);
    assert_eq!(site.server.desk().job(&site.record)["content"], office["content"]);
}

#[test]
fn a_job_that_the_office_has_never_heard_of_can_be_handed_over() {
    let site = Site::new();
    let (mut ada, _) = site.phone("ada", 1);
    let (mut lin, mut link) = site.phone("lin", 2);
    let fields = json!({"intake/title": "水泵异响"});
    let job = ada.ok(&json!({"do": "open_job", "fields": fields}));
    let record = job["record"].as_str().unwrap();
    let file = give(&mut ada, record, &mut lin);
    lin.ok(&json!({"do": "take_over", "file": file}));
    lin.add_step(record, "换上新轴承");
    lin.sync(&mut link);
    let office = site.server.desk().job(record);
    assert_eq!(office["content"]["intake"]["title"], "水泵异响");
    assert_eq!(lin.job(record)["sync"], "merged");
    assert_eq!(lin.job(record)["content"], office["content"]);
}

#[test]
fn what_the_office_does_not_let_in_waits_with_everything_that_stands_on_it() {
    let site = Site::new();
    let mut pair = site.handed_over();
    // The office has given the job to somebody else, which neither of the two could know.
    let desk = site.server.desk();
    desk.assign(&site.record, "Lin Tao");
    desk.edit(
        &site.record,
        &json!({"edit": "set_field", "path": "intake/caller", "value": "王芳"}),
    );
    desk.edit(
        &site.record,
        &json!({"edit": "set_field", "value": false,
        "path": format!("assignment/helpers/{}", person(&mut pair.lin.0).as_str().unwrap())}),
    );
    pair.lin.0.sync(&mut pair.lin.1);
    let status = pair.lin.0.status();
    assert_eq!((&status["unsent_edits"], &status["held"]), (&json!(0), &json!(3)), "{status}");
    pair.ada.0.sync(&mut pair.ada.1);
    assert_eq!(pair.ada.0.status()["held"], 3);
    while let Some(piece) = desk.held().as_array().and_then(|held| held.first().cloned()) {
        desk.decide(&piece, true, "");
    }
    pair.lin.0.sync(&mut pair.lin.1);
    let office = site.server.desk().job(&site.record);
    assert_eq!(pair.lin.0.job(&site.record)["content"], office["content"]);
    assert_eq!(office["content"]["steps"].as_object().unwrap().len(), 2);
    assert_eq!(pair.lin.0.status()["held"], 0);
}
