//! One's own password, and one for once from the administrator.

use docket_server::limits::{LOGIN_PER_ACCOUNT, ONE_TIME_MS};
use docket_server::random::random;
use ed25519_dalek::SigningKey;

use crate::browser::{Browser, Page};
use crate::support::{Office, PASSWORD, Phone, login_body};

const NEW: &str = "a sentence of my own";

fn change(browser: &Browser<'_>, old: &str, new: &str, again: &str) -> Page {
    browser.post("/password", &[("old", old), ("new", new), ("again", again)])
}

/// FAULTS row 65: another password ends every other session at once.
#[test]
fn a_new_password_ends_every_other_session_and_no_work_is_lost() {
    let office = Office::open();
    let here = Browser::signed_in(&office, "ada");
    let there = Browser::signed_in(&office, "ada");
    let mut phone = Phone::of(&office, "ada");
    let job = phone.open_job("Written without coverage");
    let ben = Phone::of(&office, "ben");

    let done = change(&here, PASSWORD, NEW, NEW);
    assert_eq!((done.status, done.location.as_str()), (303, "/password?ended=2"));
    assert!(here.get(&done.location).says("2 other sign-ins have ended"));
    assert_eq!(here.get("/").status, 200, "this window goes on");
    assert_eq!(there.get("/").location, "/sign-in?reason=expired");
    assert_eq!(phone.send(&phone.request(Vec::new())).code(), "token-invalid");
    let refreshed = phone.refresh_with(&phone.refresh_token, &phone.key);
    assert_eq!(refreshed.code(), "token-invalid");
    assert_eq!(ben.send(&ben.request(Vec::new())).status, 200, "nobody else's");

    let sign_in =
        |password| office.post_json("/v1/login", None, &login_body("ada", password, &phone.key));
    assert_eq!(sign_in(PASSWORD).code(), "wrong-password");
    let again = sign_in(NEW).json();
    assert_eq!(again["device"], phone.device.to_string(), "the same phone as before");
    phone.access_token = again["access_token"].as_str().unwrap().to_owned();
    phone.sync();
    assert!(
        Browser::signed_in(&office, "max").get(&format!("/jobs/{job}")).says("Written without")
    );
    assert_eq!(office.count("select count(*) from audit where what = 'password-changed'"), 1);
}

#[test]
fn a_password_that_will_not_do_is_said_in_a_sentence() {
    let office = Office::open();
    let ada = Browser::signed_in(&office, "ada");
    for (old, new, again, status, said) in [
        (PASSWORD, NEW, "a sentence of my owm", 422, "not typed the same twice"),
        (PASSWORD, PASSWORD, PASSWORD, 422, "is the present one"),
        (PASSWORD, "nine lett", "nine lett", 422, "at least 10 characters"),
        ("not mine", NEW, NEW, 401, "present password is not right"),
    ] {
        let page = change(&ada, old, new, again);
        assert_eq!(page.status, status, "{said}");
        assert!(page.says(said), "{}", page.html());
        assert!(!page.says(new) && !page.says(old), "nothing typed comes back");
    }
    drop(Browser::signed_in(&office, "ada"));
    assert_eq!(office.count("select count(*) from audit where what = 'password-refused'"), 1);
}

#[test]
fn guessing_the_old_password_is_slowed_down_like_signing_in() {
    let office = Office::open();
    let ada = Browser::signed_in(&office, "ada");
    for _ in 1..LOGIN_PER_ACCOUNT {
        assert_eq!(change(&ada, "a guess", NEW, NEW).status, 401);
    }
    assert_eq!(change(&ada, PASSWORD, NEW, NEW).status, 429);
    office.app.clock.advance_ms(61_000);
    assert_eq!(change(&ada, PASSWORD, NEW, NEW).status, 303);
}

/// The password that the answer shows.
fn shown(page: &Page) -> String {
    let html = page.html();
    let from = html.find("<code>").expect("a password") + "<code>".len();
    html[from..from + html[from..].find('<').unwrap()].to_owned()
}

#[test]
fn a_password_for_once_leads_to_one_of_ones_own_and_nowhere_else() {
    let office = Office::open();
    let adam = Browser::signed_in(&office, "adam");
    let before = Browser::signed_in(&office, "ben");
    let given = adam.post(&format!("/people/{}/password", office.user("ben")), &[]);
    let once = shown(&given);
    assert_eq!((given.status, once.len()), (200, 14));
    assert_eq!(before.get("/").location, "/sign-in?reason=expired");
    assert!(adam.get("/people").says(">one-time password<"));

    let ben = Browser::new(&office);
    assert_eq!(ben.sign_in("ben", PASSWORD).status, 401);
    assert_eq!(ben.sign_in("ben", &once).status, 303);
    for page in ["/", "/people", "/jobs/new", "/records.csv"] {
        assert_eq!(ben.get(page).location, "/password", "{page}");
    }
    assert_eq!(ben.post("/dossiers", &[("name", "x")]).location, "/password");
    assert!(ben.get("/password").says("is a one-time password"));
    assert_eq!(change(&ben, &once, &once, &once).status, 422);
    assert_eq!(change(&ben, &once, NEW, NEW).status, 303);
    assert_eq!(ben.get("/").status, 200);
    assert_eq!(Browser::new(&office).sign_in("ben", &once).status, 401);
    assert!(!adam.get("/people").says(">one-time password<"));
}

#[test]
fn a_password_for_once_does_not_wait_for_ever_and_a_phone_takes_it_meanwhile() {
    let office = Office::open();
    let adam = Browser::signed_in(&office, "adam");
    let once = shown(&adam.post(&format!("/people/{}/password", office.user("ben")), &[]));
    let key = SigningKey::from_bytes(&random());
    let body = login_body("ben", &once, &key);
    assert_eq!(office.post_json("/v1/login", None, &body).status, 200);
    office.app.clock.advance_ms(ONE_TIME_MS + 1_000);
    assert_eq!(office.post_json("/v1/login", None, &body).code(), "wrong-password");
}
