//! A phone's database is copied, or put back from a backup, and both go on writing: both works
//! are kept, and nobody else notices.

use docket_client_core::Medium;
use docket_protocol::wire::{Item, Verdict};
use docket_tests::disk::Disk;
use docket_tests::pocket::Pocket;
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

/// FAULTS rows 33, 48: the office held a phone's work, was put back, and meanwhile has its twin's
/// work in that place. Whether the job is still on the phone or not: nothing is sent for ever,
/// and the person finds the edit, with the reason.
#[test]
fn held_work_whose_place_a_twin_has_taken_is_shown_as_not_accepted() {
    for leaves in [true, false] {
        let mut phone = Pocket::open(&Disk::new(1), Medium::File, 1).unwrap();
        phone.sign_in().unwrap();
        let job = phone.open_job("Pump is loud");
        phone.sync_all(Vec::new());
        phone.set(&job, "report/cause", "bearing");
        let left = leaves.then(|| Item::Leave(job.parse().unwrap()));
        let held = |_: &_, _| Verdict::Held("no-longer-assigned".into());
        phone.sync(left.into_iter().collect(), held).unwrap();
        phone.sync_rewound();
        let again = phone.sync(Vec::new(), |_, _| Verdict::Fork).unwrap();
        assert_eq!(again.pushes.len(), 1, "what was held is offered again");

        let status = phone.ok(&json!({"do": "status"}));
        assert_eq!((&status["held"], &status["unsent_edits"]), (&json!(0), &json!(0)), "{status}");
        let refused = phone.ok(&json!({"do": "refused"}));
        assert_eq!(refused[0]["code"], "place-taken", "{refused}");
        assert_eq!(refused[0]["edit"]["value"], "bearing");
        assert_eq!(refused[0]["here"], !leaves);
        assert_eq!(phone.sync_all(Vec::new()).pushes, Vec::new());
    }
}
