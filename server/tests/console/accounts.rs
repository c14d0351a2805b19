//! Accounts opened in the console, and accounts that several people seem to share.

use docket_server::limits::TOGETHER_MS;

use crate::browser::{Browser, Page};
use crate::support::{Office, Phone};

fn open(browser: &Browser<'_>, name: &str, login: &str) -> Page {
    let fields = [("name", name), ("login", login), ("role", "engineer"), ("phone", "0571 88")];
    browser.post("/people", &fields)
}

#[test]
fn the_administrator_opens_an_account_that_works_on_every_phone() {
    let office = Office::open();
    let adam = Browser::signed_in(&office, "adam");
    let opened = open(&adam, " Nia <b>Berg ", " nia ");
    assert_eq!(opened.status, 200);
    assert!(opened.says("Nia &#60;b&#62;Berg"), "{}", opened.html());
    let html = opened.html();
    let password = html.split("<code>").nth(1).unwrap().split('<').next().unwrap();
    assert_eq!(Browser::new(&office).sign_in("nia", password).status, 303);
    let mut ada = Phone::of(&office, "ada");
    let catalog = ada.sync();
    assert!(!catalog.items.is_empty());
    assert!(Browser::signed_in(&office, "dora").get("/people").says("0571 88"));
    assert_eq!(open(&adam, "Nia Two", "nia").location, "/people?notice=login-taken");
    assert_eq!(open(&adam, "Nia Two", " ").location, "/people?notice=bad-name");
    assert!(adam.get("/people?notice=login-taken").says("already an account"));
    let query = "select count(*) from audit where what = 'account-opened' and tool = 'browser'";
    assert_eq!(office.count(query), 1);
}

/// Minutes that two phones lie apart.
fn minutes(office: &Office, minutes: i64) {
    office.app.clock.advance_ms(minutes * 60_000);
}

fn together(office: &Office) -> i64 {
    office.count("select count(*) from audit where what = 'used-together'")
}

#[test]
fn two_phones_of_one_account_in_use_at_once_show_until_one_is_withdrawn() {
    let office = Office::open();
    let mut first = Phone::of(&office, "ada");
    minutes(&office, TOGETHER_MS / 60_000 + 1);
    let second = Phone::of(&office, "ada");
    assert_eq!(together(&office), 0, "a new phone instead of the old one is no news");
    minutes(&office, 2);
    let renewed = first.refresh_with(&first.refresh_token, &first.key).json();
    first.access_token = renewed["access_token"].as_str().unwrap().to_owned();
    assert_eq!(first.send(&first.request(Vec::new())).status, 200);
    assert_eq!(together(&office), 1, "the first one is in use again, beside the second");
    minutes(&office, 2);
    assert_eq!(second.send(&second.request(Vec::new())).status, 200);
    assert_eq!(together(&office), 1, "said once");

    let max = Browser::signed_in(&office, "max");
    let page = max.get("/people");
    assert!(page.part("shared").contains("Ada Novak"), "{}", page.html());
    assert!(max.get("/audit?kind=refused").says("Used at the same time as"));
    assert!(!Browser::signed_in(&office, "dora").get("/people").says("id=\"shared\""));
    max.post(&format!("/people/devices/{}", second.device), &[("on", "false")]);
    assert!(!max.get("/people").says("id=\"shared\""));
}

#[test]
fn a_phone_and_a_desk_are_one_persons_and_two_desks_are_not() {
    let office = Office::open();
    drop(Phone::of(&office, "ada"));
    let desk = Browser::signed_in(&office, "ada");
    drop(Browser::signed_in(&office, "ben"));
    assert_eq!(together(&office), 0);
    assert_eq!(desk.sign_in("ada", crate::support::PASSWORD).status, 303);
    assert_eq!(together(&office), 0, "the same browser again");
    let other = Browser::signed_in(&office, "ada");
    assert_eq!(together(&office), 1);

    let max = Browser::signed_in(&office, "max");
    let page = max.get("/people");
    assert!(page.part("shared").contains("in a browser not seen before"), "{}", page.html());
    let html = page.html();
    let path = format!("/people/{}/browsers/", office.user("ada"));
    let address = html.split(&path).nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(max.post(&format!("{path}{address}"), &[]).status, 303);
    let out = [&desk, &other].map(|browser| browser.get("/").location);
    assert_eq!(out.iter().filter(|to| *to == "/sign-in?reason=expired").count(), 1, "{out:?}");
    assert!(!max.get("/people").says("id=\"shared\""));
    assert!(max.get("/audit").says("Signed Ada Novak out in A browser"));
}
