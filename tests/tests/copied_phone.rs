//! A phone's database is copied, or put back from a backup, and both go on writing: both works
//! are kept, and nobody else notices.

use docket_tests::{Phone, Server};
use serde_json::{Value as Json, json};

fn steps(job: &Json) -> Vec<String> {
    let steps = job["content"]["steps"].as_object().unwrap_or_else(|| panic!("{job}"));
    let mut texts: Vec<_> =
        steps.values().map(|step| step["text"].as_str().unwrap().to_owned()).collect();
    texts.sort();
    texts
}

/// FAULTS rows 33, 48: the copy and its original write in two jobs and sync in every order.
#[test]
fn both_copies_keep_their_work_in_any_order() {
    // Who syncs when: the original (true) and the copy (false).
    let orders = [[true, false, true, false], [false, true, false, true]];
    for (number, order) in orders.into_iter().chain([[true, true, false, true]]).enumerate() {
        let server = Server::start();
        let desk = server.desk();
        let jobs = ["Flow meter reads high", "Valve leaks"].map(|title| {
            let job = desk.open_job(&json!({"intake/title": title}));
            desk.assign(&job, "Ada Novak");
            desk.add_helper(&job, "Lin Tao");
            job
        });
        let folder = tempfile::tempdir().unwrap();
        let mut lin = Phone::new(folder.path(), "lin", 9);
        lin.sign_in(&mut server.link(), "lin", server.password());
        let mut ada = Phone::new(folder.path(), "ada", 1);
        ada.sign_in(&mut server.link(), "ada", server.password());
        ada.add_step(&jobs[0], "before the copy");
        ada.sync(&mut server.link());
        ada.add_step(&jobs[0], "unsent when copied");
        let mut copy = ada.copied("copy", 2);

        ada.add_step(&jobs[0], "on the original");
        ada.add_step(&jobs[1], "on the original");
        copy.add_step(&jobs[0], "on the copy");
        copy.add_step(&jobs[1], "on the copy");
        lin.add_step(&jobs[0], "by somebody else");
        lin.sync(&mut server.link());
        for original in order {
            if original { &mut ada } else { &mut copy }.sync(&mut server.link());
        }
        // Both write on: no actor is shared any more.
        ada.add_step(&jobs[1], "later, on the original");
        copy.add_step(&jobs[1], "later, on the copy");
        for _ in 0..2 {
            copy.sync(&mut server.link());
            ada.sync(&mut server.link());
            lin.sync(&mut server.link());
        }
        let wanted = [
            vec!["before the copy", "by somebody else", "on the copy", "on the original"],
            vec!["later, on the copy", "later, on the original", "on the copy", "on the original"],
        ];
        for (job, mut wanted) in jobs.iter().zip(wanted) {
            if job == &jobs[0] {
                wanted.push("unsent when copied");
            }
            let office = desk.job(job);
            assert_eq!(steps(&office), wanted, "order {number}");
            for phone in [&mut ada, &mut copy, &mut lin] {
                assert_eq!(phone.job(job)["content"], office["content"], "order {number}");
                assert_eq!(phone.status()["unsent_edits"], 0, "order {number}");
                assert_eq!(phone.ok(&json!({"do": "refused"})), json!([]), "order {number}");
            }
        }
    }
}
