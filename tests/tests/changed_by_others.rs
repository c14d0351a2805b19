//! Whoever's value lost is told, on their own phone, until they have dealt with it; what was
//! written beside a signature stands there on every phone. The real client core and server.

use docket_tests::{Link, Phone, Server};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

const CALLER: &str = "intake/caller";

/// A job that Ada leads and Lin helps with, on both phones.
struct Site {
    server: Server,
    record: String,
    ada: (Phone, Link),
    lin: (Phone, Link),
    _folder: TempDir,
}

impl Site {
    fn new() -> Self {
        let server = Server::start();
        let desk = server.desk();
        let record = desk.open_job(&json!({"intake/title": "Flow meter reads high"}));
        desk.assign(&record, "Ada Novak");
        desk.add_helper(&record, "Lin Tao");
        let folder = tempfile::tempdir().unwrap();
        let phone = |login: &str, seed: u64| {
            let mut phone = Phone::new(folder.path(), login, seed);
            let mut link = server.link();
            phone.sign_in(&mut link, login, server.password());
            (phone, link)
        };
        let (ada, lin) = (phone("ada", 1), phone("lin", 2));
        Self { server, record, ada, lin, _folder: folder }
    }

    /// Both phones write the caller without coverage, then both sync twice. Gives whoever lost
    /// first, then whoever's value counts.
    fn disputed(&mut self) -> ((&mut Phone, &mut Link), (&mut Phone, &mut Link)) {
        self.ada.0.set(&self.record, CALLER, "Ms Wang");
        self.lin.0.set(&self.record, CALLER, "Mr Li");
        for _ in 0..2 {
            self.ada.0.sync(&mut self.ada.1);
            self.lin.0.sync(&mut self.lin.1);
        }
        let ada = (&mut self.ada.0, &mut self.ada.1);
        let lin = (&mut self.lin.0, &mut self.lin.1);
        match self.server.desk().job(&self.record)["content"]["intake"]["caller"].as_str() {
            Some("Ms Wang") => (lin, ada),
            _ => (ada, lin),
        }
    }
}

fn waiting(phone: &mut Phone) -> Vec<Json> {
    let list = phone.ok(&json!({"do": "overruled"}));
    let list = list.as_array().unwrap().clone();
    assert_eq!(phone.status()["overruled"], list.len(), "the count is the list's");
    list
}

/// FAULTS row 53: both values are kept, one counts, and the one who lost sees it until they agree.
#[test]
fn whoever_lost_is_told_until_they_agree() {
    let mut site = Site::new();
    let record = site.record.clone();
    let ((loser, link), (winner, _)) = site.disputed();
    assert_eq!(waiting(winner), Vec::<Json>::new(), "nothing was taken from them");
    loser.restart();
    let told = waiting(loser);
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["path"], &told[0]["rule"]), (&json!(CALLER), &json!("register")));
    assert_eq!((&told[0]["record"], &told[0]["may_choose"]), (&json!(record), &json!(true)));
    assert_ne!(told[0]["mine"], told[0]["counts"]);
    assert!(told[0]["author"].as_str().is_some_and(|name| name.contains(' ')), "{told:?}");
    loser.ok(&json!({"do": "agree", "id": told[0]["id"]}));
    loser.restart();
    loser.sync(link);
    assert_eq!(waiting(loser), Vec::<Json>::new(), "agreed once, told no more");
    assert_eq!(loser.job(&record)["conflicts"].as_array().unwrap().len(), 1, "it is still open");
}

#[test]
fn whoever_lost_can_choose_their_own_value_again() {
    let mut site = Site::new();
    let record = site.record.clone();
    let ((loser, link), (winner, winner_link)) = site.disputed();
    let mine = waiting(loser)[0]["mine"].clone();
    loser.set(&record, CALLER, mine.clone());
    assert_eq!(waiting(loser), Vec::<Json>::new(), "their value counts again");
    loser.sync(link);
    winner.sync(winner_link);
    let told = waiting(winner);
    assert_eq!(told.len(), 1, "now it is the other one who is told");
    assert_eq!((&told[0]["rule"], &told[0]["counts"]), (&json!("person"), &mine));
    let settled = winner.ok(&json!({"do": "settled", "record": record}));
    assert_eq!((&settled[0]["value"], &settled[0]["mine"]), (&mine, &json!(false)));
    assert_eq!(settled[0]["values"].as_array().unwrap().len(), 2);
    assert_eq!(loser.job(&record)["conflicts"], json!([]));
}

#[test]
fn a_third_value_from_the_desk_tells_both() {
    let mut site = Site::new();
    let record = site.record.clone();
    site.disputed();
    let third = json!({"edit": "set_field", "path": CALLER, "value": "Ms Wang or Mr Li"});
    site.server.desk().edit(&record, &third);
    for (phone, link) in [&mut site.ada, &mut site.lin] {
        phone.sync(link);
        let told = waiting(phone);
        assert_eq!(told.len(), 1, "one line a field, the latest news");
        assert_eq!(told[0]["counts"], "Ms Wang or Mr Li");
        assert_eq!((&told[0]["rule"], &told[0]["author"]), (&json!("person"), &json!("Mei Chen")));
    }
}

#[test]
fn an_edit_by_somebody_who_saw_the_value_is_no_loss() {
    let mut site = Site::new();
    site.ada.0.set(&site.record, CALLER, "Ms Wang");
    site.ada.0.sync(&mut site.ada.1);
    site.lin.0.sync(&mut site.lin.1);
    site.lin.0.set(&site.record, CALLER, "Mr Li");
    site.lin.0.sync(&mut site.lin.1);
    site.ada.0.sync(&mut site.ada.1);
    assert_eq!(waiting(&mut site.ada.0), Vec::<Json>::new());
    // The same words at once are no conflict either.
    site.ada.0.set(&site.record, CALLER, "Front desk");
    site.lin.0.set(&site.record, CALLER, "Front desk");
    for _ in 0..2 {
        site.ada.0.sync(&mut site.ada.1);
        site.lin.0.sync(&mut site.lin.1);
    }
    assert_eq!(waiting(&mut site.ada.0), Vec::<Json>::new());
    assert_eq!(waiting(&mut site.lin.0), Vec::<Json>::new());
}

/// FAULTS row 55: the phone shows it too; the amendment that follows opens the report again.
#[test]
fn a_late_edit_stands_beside_the_signature_on_the_phone() {
    let mut site = Site::new();
    let record = site.record.clone();
    let (ada, ada_link) = &mut site.ada;
    let (lin, lin_link) = &mut site.lin;
    ada.set(&record, "report/cause", "Worn bearing");
    let first = ada.sign(&record, "王芳")["signoffs"][0]["id"].clone();
    lin.set(&record, "report/advice", "Check every quarter");
    ada.sync(ada_link);
    lin.sync(lin_link);
    ada.sync(ada_link);
    for (phone, mine) in [(&mut *ada, false), (&mut *lin, true)] {
        let job = phone.job(&record);
        let late = &job["signoffs"][0]["late_edits"];
        assert_eq!(late.as_array().unwrap().len(), 1);
        assert_eq!(
            (&late[0]["later"], &late[0]["mine"]),
            (&json!("Check every quarter"), &json!(mine))
        );
        let rows = phone.ok(&json!({"do": "jobs"}));
        assert_eq!((&rows[0]["late_edits"], &rows[0]["stage"]), (&json!(1), &json!("signed")));
    }
    let amend = json!({"edit": "amend", "signoffs": [first], "reason": "The advice was missing"});
    let job = ada.edit(&record, &amend);
    assert_eq!((&job["frozen"], &job["signoffs"][0]["binds"]), (&json!(false), &json!(false)));
    ada.set(&record, "report/cause", "Worn bearing, dry");
    let job = ada.sign(&record, "王芳");
    assert_eq!((&job["stage"], &job["frozen"]), (&json!("signed"), &json!(true)));
    let second = &job["signoffs"][1];
    assert_eq!(second["late_edits"], json!([]), "the customer has seen all of it");
    assert_eq!(second["other_versions"][0]["signoff"], first);
    ada.sync(ada_link);
    lin.sync(lin_link);
    assert_eq!(
        lin.job(&record)["signoffs"],
        ada.job(&record)["signoffs"]
            .as_array()
            .map(|all| {
                let mut all = all.clone();
                all[0]["late_edits"][0]["mine"] = json!(true);
                Json::from(all)
            })
            .unwrap()
    );
    for signoff in site.server.desk().job(&record)["signoffs"].as_array().unwrap() {
        let id = signoff["statement"]["signoff"].as_str().unwrap();
        let proof = site.server.desk().proof(&record, id);
        docket_protocol::signoff::verify_proof(&proof).unwrap();
    }
}
