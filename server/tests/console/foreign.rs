//! Somebody else's is nothing: whatever address of the console and of the API names a thing by its
//! id answers about what a person may not see exactly as about what does not exist, and does
//! nothing. The list of addresses comes from the table that builds the router.

use docket_protocol::signoff::Purpose;
use docket_server::router::{Route, Who, routes};

use crate::browser::Browser;
use crate::support::{Answer, Office, Phone, Photo};

/// Ids of things: Ada's, or nobody's.
struct Ids {
    record: String,
    signoff: String,
    attachment: String,
    sha256: String,
}

impl Ids {
    fn nobodys() -> Self {
        let id = "01900000-0000-7000-8000-000000000000".to_owned();
        Self { record: id.clone(), signoff: id.clone(), attachment: id, sha256: "ab".repeat(32) }
    }

    fn in_address(&self, path: &str) -> String {
        path.replace("/v1/docs/{record}", "/v1/docs/{record}.automerge")
            .replace(".automerge/signoffs", "/signoffs")
            .replace("{record}", &self.record)
            .replace("{signoff}", &self.signoff)
            .replace("{attachment}", &self.attachment)
            .replace("{sha256}", &self.sha256)
    }

    /// A page without the ids that its own address put there.
    fn out_of(&self, page: &str) -> String {
        let ids = [&self.record, &self.signoff, &self.attachment, &self.sha256];
        ids.iter().fold(page.to_owned(), |page, id| page.replace(*id, "id"))
    }
}

/// Ada's signed job with its photo.
fn adas(office: &Office) -> Ids {
    let job = office.job_for("ada", "Flow meter reads high");
    let mut ada = Phone::of(office, "ada");
    ada.sync();
    let photo = Photo::of(b"\xff\xd8\xff a photo".to_vec());
    photo.attach(&mut ada, job);
    let signoff = ada.sign_off(job, Purpose::Report);
    ada.sync();
    photo.bring(&ada);
    let content = ada.content(job);
    let attachment = content["attachments"].as_object().unwrap().keys().next().unwrap();
    Ids {
        record: job.to_string(),
        signoff: signoff.to_string(),
        attachment: attachment.clone(),
        sha256: photo.sha256,
    }
}

/// Everything that any form of the console asks for, so that none is turned away for want of it.
fn everything<'v>(lead: &'v str, change: &'v str) -> [(&'v str, &'v str); 18] {
    [
        ("section", "intake"),
        ("collection", "steps"),
        ("value:intake/title", "Mine now"),
        ("value:text", "Mine now"),
        ("lead", lead),
        ("helper", lead),
        ("archived", "true"),
        ("path", "intake/title"),
        ("change", change),
        ("changes", change),
        ("accepted", "true"),
        ("note", "Mine now"),
        ("reason", "Mine now"),
        ("result", "Mine now"),
        ("satisfaction", "5"),
        ("solved", "no"),
        ("entry", "backups/01900000-0000-7000-8000-000000000001"),
        ("role", "manager"),
    ]
}

/// Dossiers and articles are everybody's.
fn is_of_jobs(route: &Route) -> bool {
    let ids = ["{record}", "{signoff}", "{attachment}", "{sha256}"];
    let shared = route.path.starts_with("/dossiers") || route.path.starts_with("/articles");
    ids.iter().any(|id| route.path.contains(id)) && !shared
}

#[test]
fn every_page_and_form_says_of_a_foreign_id_what_it_says_of_none() {
    let office = Office::open();
    let (adas, nobodys) = (adas(&office), Ids::nobodys());
    let ben = Browser::signed_in(&office, "ben");
    let (lead, change) = (office.user("ben").to_string(), "ab".repeat(32));
    let fields = everything(&lead, &change);
    let mut asked = 0;
    for route in routes().into_iter().filter(|it| it.who == Who::Console && is_of_jobs(it)) {
        let say = |ids: &Ids| {
            let address = ids.in_address(route.path);
            let rows = office.log_rows();
            let page = match route.method.as_str() {
                "GET" => ben.get(&address),
                _ => ben.post(&address, &fields),
            };
            // A form that changed nothing leads back to its page, which is not there.
            let page = if page.status == 303 { ben.get(&page.location) } else { page };
            assert_eq!(office.log_rows(), rows, "{} {} does nothing", route.method, route.path);
            assert!(page.status >= 400, "{} {}: {}", route.method, route.path, page.status);
            (page.status, ids.out_of(&page.html()))
        };
        assert_eq!(say(&adas), say(&nobodys), "{} {}", route.method, route.path);
        asked += 1;
    }
    assert!(asked > 15, "only {asked} addresses were asked");
}

#[test]
fn every_address_of_the_api_says_of_a_foreign_id_what_it_says_of_none() {
    let office = Office::open();
    let (adas, nobodys) = (adas(&office), Ids::nobodys());
    let ben = Phone::of(&office, "ben");
    let token = Some(ben.access_token.as_str());
    let edit = serde_json::json!({"edit": "set_field", "path": "intake/title", "value": "Mine"});
    let api = [Who::Token, Who::Phone];
    let mut asked = 0;
    for route in routes().into_iter().filter(|it| api.contains(&it.who) && is_of_jobs(it)) {
        let say = |ids: &Ids| {
            let address = ids.in_address(route.path);
            let rows = office.log_rows();
            let answer: Answer = match route.method.as_str() {
                "GET" => office.get(&address, token),
                "POST" => office.post_json(&address, token, &edit),
                method => office.tus(method, &address, token, &[], &[]).0,
            };
            assert_eq!(office.log_rows(), rows, "{} {} does nothing", route.method, route.path);
            assert!(answer.status >= 400, "{} {}: {}", route.method, route.path, answer.status);
            (answer.status, ids.out_of(&String::from_utf8_lossy(&answer.body)))
        };
        assert_eq!(say(&adas), say(&nobodys), "{} {}", route.method, route.path);
        asked += 1;
    }
    assert!(asked >= 7, "only {asked} addresses were asked");
}
