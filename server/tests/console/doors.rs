//! Nobody comes in without an account, and nobody is made to do anything from another site.

use crate::browser::Browser;
use crate::support::Office;

#[test]
fn every_page_of_the_console_asks_for_an_account() {
    let office = Office::open();
    let browser = Browser::new(&office);
    for path in [
        "/",
        "/held",
        "/people",
        "/dossiers",
        "/jobs/new",
        "/live",
        "/records",
        "/statistics",
        "/follow-ups",
        "/backups",
        "/hand-in",
        "/fleet",
        "/audit",
        "/password",
    ] {
        let page = browser.get(path);
        assert_eq!((page.status, page.location.as_str()), (303, "/sign-in?reason="), "{path}");
    }
    let job = office.job_for("ada", "Pump noise");
    assert_eq!(browser.get(&format!("/jobs/{job}")).status, 303);
    assert_eq!(browser.post(&format!("/jobs/{job}/archive"), &[("archived", "true")]).status, 303);
}

#[test]
fn signing_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use() {
    let office = Office::open();
    let browser = Browser::new(&office);
    let page = browser.sign_in("max", crate::support::PASSWORD);
    let cookie = page.set_cookies.join("\n");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let board = browser.get("/");
    assert_eq!(board.status, 200);
    assert!(board.says("Max Weber") && board.says("Northwind Instruments"));
}

#[test]
fn unknown_name_and_wrong_password_read_the_same_and_the_name_stays() {
    let office = Office::open();
    let browser = Browser::new(&office);
    let wrong = browser.sign_in("max", "not this one");
    let unknown = browser.sign_in("nobody", "not this one");
    assert_eq!((wrong.status, unknown.status), (401, 401));
    assert_eq!(wrong.html().replace("max", "X"), unknown.html().replace("nobody", "X"));
    assert_eq!(wrong.field("login").as_deref(), Some("max"));
    assert_eq!(browser.get("/").status, 303);
}

#[test]
fn signing_out_and_closing_an_account_end_the_session_at_once() {
    let office = Office::open();
    let browser = Browser::signed_in(&office, "max");
    let kept = browser.cookie_header();
    assert_eq!(browser.post("/sign-out", &[]).location, "/sign-in?reason=out");
    let thief = Browser::new(&office);
    let (name, value) = kept.split_once('=').unwrap();
    thief.set_cookie(name, value);
    assert_eq!(thief.get("/").location, "/sign-in?reason=expired");

    let dora = Browser::signed_in(&office, "dora");
    office
        .app
        .store
        .write_blocking(|tx| {
            tx.sql.execute("update users set active = 0 where login = 'dora'", [])?;
            Ok::<_, docket_server::store::StoreError>(())
        })
        .unwrap();
    assert_eq!(dora.get("/").location, "/sign-in?reason=expired");
}

/// FAULTS row 81: forms of other sites are not taken.
#[test]
fn forms_of_other_sites_are_not_taken() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let browser = Browser::signed_in(&office, "max");
    let archive = format!("/jobs/{job}/archive");
    for origin in ["https://evil.test", "null", "http://127.0.0.1:1"] {
        let page = browser.post_from(origin, &archive, &[("archived", "true")]);
        assert_eq!(page.status, 400, "{origin}");
        let page = browser.post_from(origin, "/sign-in", &[("login", "a"), ("password", "b")]);
        assert_eq!(page.status, 400, "{origin}");
    }
    assert_eq!(office.count("select count(*) from jobs where stage = 'archived'"), 0);
}

#[test]
fn the_language_is_the_browsers_until_somebody_chooses() {
    let office = Office::open();
    let chinese = Browser::new(&office).speaking("zh-CN,zh;q=0.9");
    assert!(chinese.get("/sign-in").says("登录控制台"));
    assert!(chinese.get("/sign-in").says("lang=\"zh-CN\""));
    let page = chinese.post("/language", &[("language", "en"), ("back", "/verify")]);
    assert_eq!((page.status, page.location.as_str()), (303, "/verify"));
    assert!(chinese.get("/sign-in").says("Sign in to the console"));
    for elsewhere in ["https://evil.test/", "//evil.test", "/\\evil.test", ""] {
        let page = chinese.post("/language", &[("language", "zh"), ("back", elsewhere)]);
        assert_eq!(page.location, "/", "{elsewhere}");
    }
    assert_eq!(chinese.post("/language", &[("language", "xx"), ("back", "/")]).status, 400);
}
