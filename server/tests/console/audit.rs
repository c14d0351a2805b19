//! The audit log: every use is in it, nobody changes it unseen, and it can be read and kept.

use std::process::{Command, Output};

use docket_server::app::App;
use docket_server::audit::chain::{self, AuditError};
use docket_server::clock::Clock;
use docket_server::store::StoreError;
use rusqlite::Connection;
use serde_json::json;

use crate::browser::{Browser, Page};
use crate::support::{Office, PASSWORD, Phone, login_body};

/// The deeds in the log, oldest first: who, what, with what, the detail.
fn deeds(office: &Office) -> Vec<[String; 4]> {
    let read = |sql: &Connection| {
        sql.prepare(
            "select coalesce(u.login, ''), a.what, a.tool || ' ' || a.tool_name, a.detail
             from audit a left join users u on u.id = a.who
             where a.what <> 'account-opened' order by a.number",
        )?
        .query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?
        .collect::<rusqlite::Result<Vec<[String; 4]>>>()
    };
    office.app.store.read_blocking(|sql| read(sql).map_err(StoreError::from)).unwrap()
}

fn verify(office: &Office, most: i64) -> Result<i64, AuditError> {
    let tenant = office.tenant;
    let read = |sql: &Connection| chain::verify(sql, tenant, most).map_err(StoreError::from);
    office.app.store.read_blocking(read).unwrap().map(|whole| whole.to)
}

/// What only somebody with the database in their hands can do.
fn meddle(office: &Office, statement: &str) {
    let sql = Connection::open(office.data().join("docket.db")).unwrap();
    sql.execute_batch("drop trigger if exists audit_is_never_changed").unwrap();
    sql.execute_batch("drop trigger if exists audit_is_never_shortened").unwrap();
    sql.execute_batch(statement).unwrap();
}

fn audit(office: &Office, page: &str) -> Page {
    Browser::signed_in(office, "adam").get(page)
}

#[test]
fn every_use_is_written_down_with_person_tool_and_never_a_password() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    assert_eq!(Browser::new(&office).sign_in("ada", "not her password").status, 401);
    assert_eq!(Browser::new(&office).sign_in("no\nbody", PASSWORD).status, 401);
    let max = Browser::signed_in(&office, "max");
    assert_eq!(max.get("/records.csv?from=2026-07-01&to=2026-09-30").status, 200);
    max.post(&format!("/people/devices/{}", ada.device), &[("on", "false")]);
    assert_eq!(max.post("/sign-out", &[]).status, 303);
    let name = "ada's phone";
    let expected = [
        ["ada", "device-enrolled", &format!("phone {name}"), name],
        ["ada", "signed-in", &format!("phone {name}"), ""],
        ["", "sign-in-refused", "browser other", "ada"],
        ["", "sign-in-refused", "browser other", "no body"],
        ["max", "signed-in", "browser other", ""],
        ["max", "table-taken", "browser other", "records-2026-07-01-2026-09-30.csv"],
        ["max", "device-revoked", "browser other", name],
        ["max", "signed-out", "browser other", ""],
    ];
    assert_eq!(deeds(&office), expected.map(|deed| deed.map(str::to_owned)));
    let bytes = std::fs::read(office.data().join("docket.db-wal")).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains("not her password") && !text.contains(PASSWORD));
}

#[test]
fn a_copied_sign_in_that_comes_back_is_written_down_once() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let first = ada.refresh_token.clone();
    let second = ada.refresh_with(&first, &ada.key).json()["refresh_token"].clone();
    assert_eq!(ada.refresh_with(second.as_str().unwrap(), &ada.key).status, 200);
    assert_eq!(ada.refresh_with(&first, &ada.key).status, 401);
    assert_eq!(ada.refresh_with(&first, &ada.key).status, 401);
    assert_eq!(office.count("select count(*) from audit where what = 'sign-in-copied'"), 1);
}

#[test]
fn a_sign_in_without_the_key_of_its_phone_is_written_down_and_soon_slowed_down() {
    let office = Office::open();
    let (ada, ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    let tries: Vec<_> =
        (0..20).map(|_| ben.refresh_with(&ada.refresh_token, &ben.key).status).collect();
    assert_eq!((tries[0], tries[19]), (403, 429));
    let last = deeds(&office).pop().unwrap();
    assert_eq!(last, ["", "sign-in-foreign", "program ", ""]);
    let written = office.count("select count(*) from audit where what = 'sign-in-foreign'");
    assert!(written < 20, "{written}");
    assert_eq!(ada.refresh_with(&ada.refresh_token, &ada.key).status, 200, "its owner goes on");
    assert!(audit(&office, "/audit").says("without the key of its phone"));
}

#[test]
fn what_strangers_send_is_kept_short() {
    let office = Office::open();
    let name = "long\n".repeat(10_000);
    let device = json!({ "public_key": "", "name": name, "signature": "" });
    let body = json!({ "login": name, "password": "x", "device": device });
    assert_eq!(office.post_json("/v1/login", None, &body).status, 401);
    let [_, what, tool, login] = deeds(&office).pop().unwrap();
    assert_eq!(what, "sign-in-refused");
    assert!(tool.len() < 140 && login.len() == 120 && !login.contains('\n'), "{tool}, {login}");
}

#[test]
fn a_withdrawn_phone_that_signs_in_with_the_right_password_is_written_down() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let max = Browser::signed_in(&office, "max");
    max.post(&format!("/people/devices/{}", ada.device), &[("on", "false")]);
    let again = office.post_json("/v1/login", None, &login_body("ada", PASSWORD, &ada.key));
    assert_eq!(again.code(), "device-revoked");
    let last = deeds(&office).pop().unwrap();
    assert_eq!(last, ["", "sign-in-refused", "phone ada's phone", "ada"]);
}

#[test]
fn documents_and_settings_are_written_down_too() {
    let office = Office::open();
    let job = office.job_for("ada", "Flow meter reads high");
    let ada = Phone::of(&office, "ada");
    let path = format!("/v1/docs/{job}.automerge");
    assert_eq!(office.get(&path, Some(&ada.access_token)).status, 200);
    assert_eq!(office.post_json("/v1/logout", Some(&ada.access_token), &json!({})).status, 200);
    let max = Browser::signed_in(&office, "max");
    let fields =
        [("target", "service"), ("was:service/opens", ""), ("value:service/opens", "08:30")];
    assert_eq!(max.post("/levels/edit", &fields).status, 303);
    let said = deeds(&office).into_iter().map(|[who, what, ..]| format!("{who} {what}"));
    let said: Vec<String> = said.collect();
    for deed in ["ada document-taken", "ada signed-out", "max settings-changed"] {
        assert!(said.iter().any(|said| said == deed), "{deed} in {said:?}");
    }
    assert!(max.get("/audit").says("Changed settings: Service hours"));
}

#[test]
fn whatever_is_altered_taken_out_or_slipped_in_shows_at_its_entry() {
    let alterations: [(&str, AuditError); 7] = [
        ("update audit set at = at + 1 where number = 3", AuditError::Altered(3)),
        ("update audit set who = zeroblob(16) where number = 7", AuditError::Altered(7)),
        ("update audit set detail = 'x' where number = 2", AuditError::Altered(2)),
        ("update audit set tool_name = 'x' where number = 7", AuditError::Altered(7)),
        ("delete from audit where number = 4", AuditError::Missing(4)),
        ("delete from audit where number > 6", AuditError::End(6, 7)),
        (
            "insert into audit (tenant, number, at, who, what, about, detail, chain)
             select tenant, 8, at, who, what, about, detail, chain from audit where number = 7",
            AuditError::Altered(8),
        ),
    ];
    for (statement, error) in alterations {
        let office = Office::open();
        drop(Browser::signed_in(&office, "max"));
        assert_eq!((verify(&office, 99), verify(&office, 2)), (Ok(7), Ok(7)));
        meddle(&office, statement);
        assert_eq!(verify(&office, 99), Err(error), "{statement}");
    }
}

#[test]
fn the_program_itself_cannot_change_what_was_written() {
    let office = Office::open();
    for statement in ["update audit set detail = ''", "delete from audit"] {
        let tried = office
            .app
            .store
            .write_blocking(move |tx| tx.sql.execute_batch(statement).map_err(StoreError::from));
        assert!(tried.unwrap_err().to_string().contains("only added to"), "{statement}");
    }
}

#[test]
fn entries_from_before_the_chain_are_chained_when_the_folder_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::open();
    for file in ["docket.db", "docket.db-wal"] {
        std::fs::copy(office.data().join(file), folder.path().join(file)).unwrap();
    }
    let sql = Connection::open(folder.path().join("docket.db")).unwrap();
    sql.execute_batch(
        "drop trigger audit_is_never_changed;
         update audit set number = null, chain = null;
         update tenants set audit_last = 0, audit_chain = zeroblob(32);",
    )
    .unwrap();
    drop(sql);
    let app = App::open(folder.path(), Clock::default()).unwrap();
    let tenant = office.tenant;
    let read = |sql: &Connection| chain::verify(sql, tenant, 99).map_err(StoreError::from);
    assert_eq!(app.store.read_blocking(read).unwrap().unwrap().to, 6, "six accounts");
}

#[test]
fn the_page_says_whether_the_chain_is_whole_and_which_entry_was_altered() {
    let office = Office::open();
    let page = audit(&office, "/audit");
    assert!(page.says("the chain is whole up to entry 7"), "{}", page.html());
    meddle(&office, "update audit set detail = 'desk' where number = 2");
    let page = audit(&office, "/audit");
    assert!(page.says("Entry 2 does not say what it said"), "{}", page.html());
}

#[test]
fn it_is_read_by_person_kind_day_and_words_in_windows() {
    let office = Office::open();
    let adam = Browser::signed_in(&office, "adam");
    drop(Browser::signed_in(&office, "max"));
    assert_eq!(Browser::new(&office).sign_in("max", "a wrong one").status, 401);
    let [ada, max] = ["ada", "max"].map(|login| office.user(login));
    let shown = |query: &str| adam.get(&format!("/audit?{query}")).part("entries");
    let of_max = shown(&format!("person={max}"));
    assert!(of_max.contains("Signed in") && of_max.contains("Was not let in with the name max"));
    assert!(!of_max.contains("Adam Roy") && !of_max.contains("Ada Novak"));
    assert!(shown(&format!("person={ada}")).contains("Opened an account for Ada Novak: Engineer"));
    assert!(!shown("kind=refused").contains("Signed in"));
    assert!(shown("kind=refused").contains("Nobody signed in"));
    assert!(shown("query=NOVAK+opened").contains("Ada Novak"));
    assert!(!shown("query=NOVAK+opened").contains("Ben Okafor"));
    assert!(shown("to=2020-01-01").contains("Nothing was found"));
    assert!(shown("from=2020-01-01").contains("Ada Novak"));
    let older = shown("before=3");
    assert!(older.contains("Ben Okafor") && !older.contains("Dora Lin"));
    for odd in ["person=x&tool=y&kind=z&from=q&before=w", "query=%3Cscript%3E", "before=-1"] {
        assert_eq!(adam.get(&format!("/audit?{odd}")).status, 200, "{odd}");
    }
}

#[test]
fn its_export_is_what_is_shown_with_the_digests_and_is_itself_written_down() {
    let office = Office::open();
    assert_eq!(Browser::new(&office).sign_in("=1+1", "a wrong one").status, 401);
    let adam = Browser::signed_in(&office, "adam");
    let csv = adam.get("/audit.csv?kind=refused").html();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 2, "{csv}");
    assert!(lines[0].ends_with("No.,When,Who,What,With,Digest"));
    assert!(lines[1].contains("Was not let in with the name =1+1,A browser,"), "{csv}");
    let whole = adam.get("/audit.csv").html();
    assert!(whole.lines().nth(1).unwrap().contains("Saved a table as a file: audit-"), "{whole}");
    let xlsx = adam.get("/audit.xlsx");
    assert!(xlsx.content_type.contains("spreadsheetml") && xlsx.bytes.starts_with(b"PK"));
}

fn docket(arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "en");
    let Output { status, stdout, stderr } = command.args(arguments).output().unwrap();
    let said = [stdout, stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    (status.success(), said)
}

#[test]
fn the_command_line_checks_all_of_it_and_a_digest_that_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let office = Office::open();
    for file in ["docket.db", "docket.db-wal"] {
        std::fs::copy(office.data().join(file), folder.path().join(file)).unwrap();
    }
    let (whole, said) = docket(&["audit", "--data", &data]);
    assert!(whole && said.contains("whole up to entry 6"), "{said}");
    let digest = said.split("digest ").nth(1).unwrap()[..16].to_owned();
    let check = |kept: &str| docket(&["audit", "--data", &data, "--kept", kept]);
    assert!(check(&format!("6:{digest}")).0);
    assert!(!check(&format!("5:{digest}")).0 && !check("6:00000000").0 && !check("x").0);
    // Whoever rewrites all of it is told by what was kept, and by nothing else.
    let meddle = |statement: &str| {
        let sql = Connection::open(folder.path().join("docket.db")).unwrap();
        sql.execute_batch(statement).unwrap();
    };
    meddle("drop trigger audit_is_never_changed; update audit set detail = 'desk'");
    let (whole, said) = docket(&["audit", "--data", &data]);
    assert!(!whole && said.contains("Entry 1 does not say what it said"), "{said}");
    meddle(
        "update audit set number = null, chain = null;
         update tenants set audit_last = 0, audit_chain = zeroblob(32);",
    );
    let (whole, said) = docket(&["audit", "--data", &data]);
    assert!(whole, "{said}");
    let (stands, said) = check(&format!("6:{digest}"));
    assert!(!stands && said.contains("another digest"), "{said}");
}
