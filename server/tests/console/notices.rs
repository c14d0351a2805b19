//! A4, E1: a missed clock is told to the manager, then to the executive, once, by every way that
//! was set up; what does not arrive is tried again, also after a restart.

use data_encoding::BASE64;
use docket_protocol::record::value::FieldValue;
use docket_server::app::App;
use docket_server::levels::courier::Courier;
use docket_server::levels::mail::{MailSettings, Mailer};
use docket_server::levels::webhook::Webhook;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value as Json;
use sha2::Sha256;
use tokio::runtime::Runtime;

use crate::browser::Browser;
use crate::levels::{HOUR, MINUTE, call, is_back, promise};
use crate::listeners::Listener;
use crate::records::{job, window};
use crate::support::{Office, Phone};

const SECRET: &str = "a secret that nobody guesses";

fn round(app: &App, courier: &Courier) {
    Runtime::new().expect("a runtime").block_on(courier.round(app)).expect("the store answers");
}

fn courier(mail: &Listener, posts: &Listener) -> Courier {
    let settings = MailSettings {
        url: format!("smtp://{}", mail.address),
        from: "Docket <docket@example.org>".to_owned(),
        credentials: None,
        console_url: "https://docket.example.org/".to_owned(),
    };
    Courier {
        mailer: Some(Mailer::new(&settings).expect("settings")),
        webhook: Some(Webhook::new(&format!("http://{}/hook", posts.address), SECRET).unwrap()),
    }
}

/// Where a person is told, and in which language.
fn reached(office: &Office, login: &str, mail: &str, language: &str) -> u16 {
    let browser = Browser::signed_in(office, login);
    let path = format!("/people/{}/contact", office.user(login));
    browser.post(&path, &[("mail", mail), ("language", language)]).status
}

/// The text of a mail, whichever way it was packed.
fn body(mail: &str) -> String {
    let (head, body) = mail.split_once("\n\n").expect("head and body");
    if head.contains("base64") {
        let packed: String = body.split_whitespace().collect();
        return String::from_utf8(BASE64.decode(packed.as_bytes()).unwrap()).unwrap();
    }
    body.replace("=\n", "")
}

#[test]
fn a4_a_call_with_nobody_is_told_to_the_manager_then_to_the_executive_and_each_once() {
    let office = Office::open();
    let nobody: [(&str, FieldValue); 2] =
        [("intake/title", "Pump drips".into()), ("intake/level", "normal".into())];
    let record = job(&office, &nobody);
    let courier = Courier::default();
    round(&office.app, &courier);
    assert_eq!(office.count("select count(*) from notices"), 0);
    office.app.clock.advance_ms(24 * HOUR);
    round(&office.app, &courier);
    round(&office.app, &courier);
    assert_eq!(office.count("select count(*) from notices"), 1, "the manager, once");
    let max = window(&office, "max");
    let page = max.get("/notices");
    assert!(page.says("Nobody has taken the call") && page.says("Pump drips") && page.says("New"));
    assert!(max.get("/").says("<span class=\"count\">1</span>"));
    assert!(!window(&office, "eve").get("/").says("class=\"count\""));
    assert_eq!(max.post("/notices/seen", &[]).status, 303);
    assert!(!max.get("/").says("class=\"count\"") && max.get("/notices").says("Seen"));
    office.app.clock.advance_ms(24 * HOUR);
    round(&office.app, &courier);
    assert_eq!(office.count("select count(*) from notices"), 2, "now the executive");
    let told = window(&office, "max").get(&format!("/jobs/{record}")).part("clocks");
    assert!(told.contains("2 notices") && told.contains("Eve Sato"), "{told}");
}

#[test]
fn a4_an_important_call_goes_to_both_at_once() {
    let office = Office::open();
    job(&office, &[("intake/level", "critical".into())]);
    round(&office.app, &Courier::default());
    assert_eq!(office.count("select count(distinct user) from notices"), 2);
}

#[test]
fn e1_a_clock_that_is_missed_again_is_told_again_and_one_that_was_kept_no_more() {
    let office = Office::open();
    let dora = window(&office, "dora");
    promise(&dora, "/levels", "normal", ["", "120", ""]);
    let job = call(&office, "normal", "", 0);
    let courier = Courier::default();
    let mut ada = Phone::of(&office, "ada");
    office.app.clock.advance_ms(2 * HOUR + MINUTE);
    round(&office.app, &courier);
    let told = || office.count("select count(*) from notices");
    assert_eq!((told(), office.count("select sum(uncertain) from notices")), (1, 1));
    assert!(window(&office, "max").get("/notices").says("it may know better"));
    // A pause that is written down afterwards gives another hour, which is missed as well.
    let from = office.app.clock.now_ms() - HOUR;
    let pause = docket_protocol::edit::NewEntry {
        collection: docket_protocol::record::path::Path::new("pauses"),
        id: docket_protocol::ids::ItemId::new(from, [1; 10]),
        fields: [("from".to_owned(), from.into()), ("until".to_owned(), (from + HOUR).into())]
            .into(),
    };
    office.desk_edit("dora", job, docket_protocol::edit::Edit::AddEntry(pause)).unwrap();
    round(&office.app, &courier);
    assert_eq!(told(), 1, "in time again");
    office.app.clock.advance_ms(HOUR);
    round(&office.app, &courier);
    assert_eq!(told(), 2, "another end is another cause");
    is_back(&mut ada);
    ada.set(job, "visit/arrived_at", from);
    ada.sync();
    office.app.clock.advance_ms(24 * HOUR);
    round(&office.app, &courier);
    assert_eq!(told(), 2, "the executive need not know");
}

#[test]
fn e1_notices_go_by_mail_in_the_readers_language_and_signed_to_another_system() {
    let office = Office::open();
    assert_eq!(reached(&office, "max", "max@example.org", "zh"), 303);
    assert_eq!(reached(&office, "eve", "eve@example.org", "en"), 303);
    assert_eq!(reached(&office, "max", "no address", "zh"), 403);
    let record =
        job(&office, &[("intake/title", "Pump drips".into()), ("intake/level", "critical".into())]);
    let (mail, posts) = (Listener::of_mail(), Listener::of_posts());
    let courier = courier(&mail, &posts);
    round(&office.app, &courier);
    round(&office.app, &courier);
    let mails = mail.heard();
    assert_eq!(mails.len(), 2);
    let to = |address: &str| {
        let found = mails.iter().find(|mail| mail.contains(&format!("<{address}>")));
        body(found.unwrap_or_else(|| panic!("no mail to {address} in {mails:?}")))
    };
    let (english, chinese) = (to("eve@example.org"), to("max@example.org"));
    assert!(english.contains("Nobody has taken the call") && english.contains("Pump drips"));
    assert!(english.contains(&format!("https://docket.example.org/jobs/{record}")), "{english}");
    assert!(chinese.contains("问题无人接手") && chinese.contains("特别严重"), "{chinese}");
    let posted = posts.heard();
    assert_eq!(posted.len(), 2, "one for each step");
    let (head, json) = posted[0].split_once("\n\n").expect("head and body");
    let header = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {head}")).trim().to_owned()
    };
    let (id, time) = (header("webhook-id"), header("webhook-timestamp"));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{id}.{time}.{json}").as_bytes());
    let expected = format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()));
    assert_eq!(header("webhook-signature"), expected);
    let told: Json = serde_json::from_str(json).unwrap();
    assert_eq!(
        (told["clock"].as_str(), told["job"]["title"].as_str()),
        (Some("hand_over"), Some("Pump drips"))
    );
    assert_eq!(told["id"], id);
}

#[test]
fn e1_what_is_not_taken_is_sent_again_under_the_same_id_also_after_a_restart() {
    let office = Office::open();
    reached(&office, "max", "max@example.org", "en");
    let record = job(&office, &[("intake/level", "normal".into())]);
    office.app.clock.advance_ms(25 * HOUR);
    let (mail, posts) = (Listener::of_mail(), Listener::of_posts());
    mail.refuses(&[451]);
    posts.refuses(&[500, 503]);
    let courier = courier(&mail, &posts);
    round(&office.app, &courier);
    assert_eq!((mail.heard().len(), posts.heard().len()), (1, 1));
    let page = window(&office, "max").get("/notices");
    assert!(page.says("Tried again") && page.says("answered 500"), "{}", page.html());
    round(&office.app, &courier);
    assert_eq!(posts.heard().len(), 1, "not before its pause is over");
    // Another process on the same data: what waits is on disk.
    office.app.clock.advance_ms(2 * MINUTE);
    let again = self::courier(&mail, &posts);
    round(&office.app, &again);
    office.app.clock.advance_ms(5 * MINUTE);
    round(&office.app, &again);
    office.app.clock.advance_ms(5 * MINUTE);
    round(&office.app, &again);
    let (mails, posted) = (mail.heard(), posts.heard());
    assert_eq!((mails.len(), posted.len()), (2, 3));
    let id = |text: &String| {
        let line = text.lines().find(|line| {
            let line = line.to_lowercase();
            line.starts_with("message-id") || line.starts_with("webhook-id")
        });
        line.map(str::to_owned)
    };
    assert_eq!(id(&mails[0]), id(&mails[1]));
    assert!(posted.iter().all(|post| id(post) == id(&posted[0]) && id(post).is_some()));
    let told = window(&office, "max").get(&format!("/jobs/{record}")).part("clocks");
    assert!(told.contains("E-mail") && told.contains("Webhook") && told.contains("Sent"), "{told}");
}

#[test]
fn a_password_for_mail_never_goes_in_the_open_and_never_stands_in_an_address() {
    let settings = |url: &str, credentials| MailSettings {
        url: url.to_owned(),
        from: "docket@example.org".to_owned(),
        credentials,
        console_url: String::new(),
    };
    let password = || Some(("docket".to_owned(), "secret".to_owned()));
    let refused = |url: &str, credentials| Mailer::new(&settings(url, credentials)).is_err();
    assert!(refused("smtp://mail.example.org", password()));
    assert!(refused("smtps://docket:secret@mail.example.org", None));
    assert!(!refused("smtps://mail.example.org", password()));
    assert!(!refused("smtp://mail.example.org:587?tls=required", password()));
    assert!(!refused("smtp://127.0.0.1:2525", None));
}

#[test]
fn only_oneself_and_the_administrator_say_where_notices_go() {
    let office = Office::open();
    let path = format!("/people/{}/contact", office.user("max"));
    let fields = [("mail", "max@example.org"), ("language", "zh")];
    for (login, status) in [("dora", 403), ("eve", 403), ("adam", 303), ("max", 303)] {
        let browser = Browser::signed_in(&office, login);
        assert_eq!(browser.post(&path, &fields).status, status, "{login}");
    }
    let unknown = format!("/people/{}/contact", docket_protocol::ids::UserId::new(1, [9; 10]));
    assert_eq!(Browser::signed_in(&office, "adam").post(&unknown, &fields).status, 404);
    assert_eq!(Browser::signed_in(&office, "ada").post("/notices/seen", &[]).status, 404);
}
