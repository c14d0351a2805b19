//! Who sees what, and what becomes of work by someone who no longer does.

use docket_protocol::edit::Edit;
use docket_protocol::ids::Seq;
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::role::Role;
use docket_protocol::signoff::Purpose;
use docket_protocol::wire::{Cursor, Item, Verdict};
use docket_server::people;

use crate::support::{Office, Phone};

fn entered(items: &[Item], kind: RecordKind) -> usize {
    items.iter().filter(|item| matches!(item, Item::Enter(got) if got.kind == kind)).count()
}

#[test]
fn an_engineer_sees_the_catalog_and_the_jobs_they_work_on() {
    let office = Office::open();
    let mine = office.job_for("ada", "Mine");
    let other = office.job_for("ben", "Not mine");
    let mut ada = Phone::of(&office, "ada");
    let response = ada.sync();
    assert_eq!(entered(&response.items, RecordKind::Catalog), 1);
    assert_eq!(entered(&response.items, RecordKind::Job), 1);
    assert!(ada.records.contains_key(&mine) && !ada.records.contains_key(&other));
    let people = ada.records.values().find(|(kind, _)| *kind == RecordKind::Catalog).unwrap();
    let content = docket_protocol::record::read::content(&people.1, RecordKind::Catalog);
    assert_eq!(content["people"].as_object().unwrap().len(), 6);
}

/// FAULTS row 72: a job handed on leaves.
#[test]
fn a_job_comes_and_goes_with_its_assignment() {
    let office = Office::open();
    let (mut ada, mut ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    let job = office.job_for("ada", "Pump does not start");
    ada.sync();
    ben.sync();
    assert!(ada.records.contains_key(&job) && !ben.records.contains_key(&job));

    office.desk_edit("dora", job, Edit::Assign { lead: office.user("ben") }).unwrap();
    assert!(ada.sync().items.contains(&Item::Leave(job)));
    assert_eq!(entered(&ben.sync().items, RecordKind::Job), 1);
    assert_eq!(ada.sync().items, [], "it leaves once");

    let helper = Path::new(format!("assignment/helpers/{}", office.user("ada")));
    let edit = |active: bool| Edit::SetField { path: helper.clone(), value: active.into() };
    office.desk_edit("dora", job, edit(true)).unwrap();
    ada.sync();
    assert_eq!(ada.content(job), ben.records.get(&job).map(|_| ada.content(job)).unwrap());
    office.desk_edit("dora", job, edit(false)).unwrap();
    assert!(ada.sync().items.contains(&Item::Leave(job)));
}

/// Where there is no coverage nobody at the office can.
#[test]
fn whoever_works_on_a_job_brings_a_colleague_in() {
    let office = Office::open();
    let (mut ada, mut ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    let job = office.job_for("ada", "Boiler trips");
    ada.sync();
    ada.set(job, &format!("assignment/helpers/{}", office.user("ben")), true);
    ada.sync();
    assert_eq!(entered(&ben.sync().items, RecordKind::Job), 1);
    assert_eq!(ben.content(job), ada.content(job));
}

#[test]
fn whoever_opens_a_job_keeps_it_until_somebody_leads() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = ada.open_job("Found a leak on the way");
    ada.sync();
    ada.set(job, "intake/priority", "high");
    ada.sync();
    office.desk_edit("dora", job, Edit::Assign { lead: office.user("ben") }).unwrap();
    assert!(ada.sync().items.contains(&Item::Leave(job)));
}

#[test]
fn late_work_of_somebody_who_lost_the_job_is_held_for_a_decision() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = office.job_for("ada", "Boiler trips");
    ada.sync();
    ada.set(job, "visit/arrived_at", 5_000);
    office.desk_edit("dora", job, Edit::Assign { lead: office.user("ben") }).unwrap();
    let changes = "select count(*) from log where kind = 'change'";
    let before = office.count(changes);
    let change = ada.unsent[&job].clone();
    for _ in 0..2 {
        let verdicts = ada.push(job, change.clone());
        assert_eq!(verdicts, [Verdict::Held("no-longer-assigned".into())]);
    }
    assert_eq!(office.count("select count(*) from log where kind = 'hold'"), 1);
    assert_eq!(office.count(changes), before, "nothing of it is in the record yet");
    assert!(ada.sync().items.contains(&Item::Leave(job)));
}

#[test]
fn another_organisation_does_not_exist() {
    let (here, there) = (Office::open(), Office::open());
    let job = there.job_for("ada", "Theirs");
    let mut ada = Phone::of(&here, "ada");
    let response = ada.sync();
    assert_eq!(entered(&response.items, RecordKind::Job), 0);
    let answer = here.get(&format!("/v1/jobs/{job}"), Some(&ada.access_token));
    assert_eq!(answer.status, 404);
}

/// FAULTS row 72: whoever loses a job loses every way to read it at once, and gets it whole when
/// it comes back.
#[test]
fn a_job_that_was_handed_on_is_gone_by_every_path_and_comes_back_whole() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = office.job_for("ada", "Boiler trips");
    ada.sync();
    ada.set(job, "report/cause", "Worn bearing");
    let signoff = ada.sign_off(job, Purpose::Plan);
    ada.sync();
    let paths = [
        format!("/v1/jobs/{job}"),
        format!("/v1/docs/{job}.automerge"),
        format!("/v1/docs/{job}/signoffs/{signoff}/proof"),
    ];
    let read = |path: &str| office.get(path, Some(&ada.access_token));
    let listed = |query: &str| read(query).json()["jobs"].as_array().unwrap().len();
    for path in &paths {
        assert_eq!(read(path).status, 200, "{path}");
    }
    assert_eq!((listed("/v1/jobs"), listed("/v1/jobs?query=boiler")), (1, 1));

    let assign = |login: &str| {
        let edit = Edit::Assign { lead: office.user(login) };
        office.desk_edit("dora", job, edit).unwrap();
    };
    assign("ben");
    let secret = Edit::SetField { path: "report/advice".into(), value: "Not for Ada".into() };
    office.desk_edit("dora", job, secret).unwrap();
    for path in &paths {
        let unknown = read(&path.replace(&job.to_string(), "0193e6b0-0000-7000-8000-000000000000"));
        let gone = read(path);
        assert_eq!((gone.status, gone.json()), (404, unknown.json()), "{path}");
    }
    assert_eq!((listed("/v1/jobs"), listed("/v1/jobs?query=boiler")), (0, 0));
    let edit = serde_json::json!({"edit": "set_field", "path": "report/cause", "value": "x"});
    let write = office.post_json(&format!("/v1/jobs/{job}/edits"), Some(&ada.access_token), &edit);
    assert_eq!(write.status, 404);
    assert_eq!(ada.sync().items, [Item::Leave(job)], "and nothing of what was written since");

    assign("ada");
    let back = ada.sync();
    assert_eq!(entered(&back.items, RecordKind::Job), 1);
    assert_eq!(ada.content(job)["report"]["advice"], "Not for Ada", "whole");
    assert_eq!(ada.content(job)["report"]["cause"], "Worn bearing");

    // Away and back between two syncs is one entering, whole.
    assign("ben");
    let more = Edit::SetField { path: "report/next_plan".into(), value: "Spring".into() };
    office.desk_edit("dora", job, more).unwrap();
    assign("ada");
    let back = ada.sync();
    assert_eq!(entered(&back.items, RecordKind::Job), 1);
    assert!(!back.items.contains(&Item::Leave(job)));
    assert_eq!(ada.content(job)["report"]["next_plan"], "Spring");
}

/// FAULTS row 70: whatever position a phone claims to stand at, true or made up, it is shown
/// nothing outside its person's sight.
#[test]
fn no_cursor_shows_a_record_outside_ones_sight() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let mine = office.job_for("ada", "Mine");
    let once = office.job_for("ada", "Mine once");
    let never = office.job_for("ben", "Never mine");
    ada.sync();
    office.desk_edit("dora", once, Edit::Assign { lead: office.user("ben") }).unwrap();
    for job in [mine, once, never] {
        let edit = Edit::SetField { path: "intake/priority".into(), value: "urgent".into() };
        office.desk_edit("dora", job, edit).unwrap();
    }
    let catalog = office.app.store.read_blocking(|sql| {
        docket_server::people::catalog_of(sql, office.tenant)
            .map_err(docket_server::store::StoreError::from)
    });
    let visible = [mine, catalog.unwrap()];
    let tags: Vec<(u64, [u8; 32])> = office
        .app
        .store
        .read_blocking(|sql| {
            let mut statement = sql.prepare("select seq, chain from log order by seq")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok::<_, docket_server::store::StoreError>(rows.collect::<Result<_, _>>()?)
        })
        .unwrap();
    let last = tags.len() as u64;
    let first_bytes = |chain: [u8; 32]| std::array::from_fn(|at| chain[at]);
    let known = tags.into_iter().map(|(seq, chain)| (seq, first_bytes(chain)));
    let made_up = (0..60).map(|number: u64| {
        let tag = (number.wrapping_mul(6_364_136_223_846_793_005)).to_be_bytes();
        (number * last / 40, tag)
    });
    for (seq, tag) in known.chain(made_up) {
        ada.cursor = Some(Cursor { seq: Seq(seq), tag });
        for item in ada.exchange(Vec::new()).items {
            let shown = match item {
                Item::Enter(entered) => entered.record,
                Item::Changes(changes) => changes.record,
                // That it left is no secret to whom it left.
                Item::Leave(record) => {
                    assert_eq!(record, once, "cursor {seq}");
                    continue;
                }
                Item::Decided { record, .. } => record,
            };
            assert!(visible.contains(&shown), "cursor {seq} shows {shown}");
        }
    }
}

#[test]
fn sight_follows_role_and_account() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let mine = office.job_for("ada", "Mine");
    ada.sync();
    let rows = |kind: &str| {
        let user = office.user("ada").to_string().replace('-', "");
        let query = format!(
            "select count(*) from log where kind = '{kind}' and lower(hex(user)) = '{user}'"
        );
        office.count(&query)
    };
    assert_eq!((rows("enter"), rows("leave")), (1, 0));
    let (adam, user) = (office.scope("adam"), office.user("ada"));
    let store = &office.app.store;
    let by = adam.clone();
    store.write_blocking(move |tx| people::close(tx, &by, user)).unwrap();
    assert_eq!((rows("enter"), rows("leave")), (1, 1), "a closed account sees nothing");
    // Changes meanwhile do not bring it back to nobody.
    let edit = Edit::SetField { path: "intake/priority".into(), value: "urgent".into() };
    office.desk_edit("dora", mine, edit).unwrap();
    assert_eq!((rows("enter"), rows("leave")), (1, 1));
    let by = adam.clone();
    store.write_blocking(move |tx| people::reopen(tx, &by, user)).unwrap();
    assert_eq!((rows("enter"), rows("leave")), (2, 1));
    let back = ada.sync();
    assert_eq!(entered(&back.items, RecordKind::Job), 1);
    assert_eq!(ada.content(mine)["intake"]["priority"], "urgent");

    // Everybody's phone learns of a new role from the catalog.
    store.write_blocking(move |tx| people::set_role(tx, &adam, user, Role::Desk)).unwrap();
    let renewed = ada.refresh_with(&ada.refresh_token, &ada.key).json();
    ada.access_token = renewed["access_token"].as_str().unwrap().to_owned();
    ada.sync();
    let (_, catalog) = ada.records.values().find(|(kind, _)| *kind == RecordKind::Catalog).unwrap();
    let content = docket_protocol::record::read::content(catalog, RecordKind::Catalog);
    assert_eq!(content["people"][user.to_string()]["role"], "desk");
}
