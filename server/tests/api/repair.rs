//! How two sides that differ come together again, as the server answers it. Whole stories with
//! real phones and real backups are in `tests/tests/restored_server.rs`.

use std::collections::BTreeMap;

use automerge::{ActorId, Automerge};
use docket_protocol::digest;
use docket_protocol::edit::{self, Author, Edit};
use docket_protocol::ids::{ChangeHash, RecordId, UserId};
use docket_protocol::record::path::Path;
use docket_protocol::record::{self, RecordKind};
use docket_protocol::role::Role;
use docket_protocol::wire::{ActorAuthor, HandBack, Item, RecordHeads, SyncResponse, Verdict};
use docket_server::attest::Version;
use docket_server::limits::RECONCILE_PER_DEVICE;
use docket_server::random::random;

use crate::support::{Office, Phone};

/// A job that the log has lost: the desk opened it, and gave it to Ada, who wrote in it.
struct Lost {
    record: RecordId,
    doc: Automerge,
    authors: Vec<ActorAuthor>,
}

impl Lost {
    fn new(office: &Office, ada: &Phone<'_>) -> Self {
        let record = RecordId::new(ada.clock_ms, random());
        let (at_desk, on_phone): ([u8; 16], [u8; 16]) = (random(), random());
        let dora = office.user("dora");
        let mut doc = record::empty(ActorId::from(at_desk));
        let fields = BTreeMap::from([(Path::new("intake/title"), "Valve leaks".into())]);
        write(&mut doc, dora, Role::Desk, &Edit::Create { fields, entries: Vec::new() });
        write(&mut doc, dora, Role::Desk, &Edit::Assign { lead: ada.user });
        doc.set_actor(ActorId::from(on_phone));
        let (path, value) = (Path::new("report/cause"), "Worn bearing".into());
        write(&mut doc, ada.user, Role::Engineer, &Edit::SetField { path, value });
        let author = |actor: [u8; 16], user, device| ActorAuthor {
            actor: actor.to_vec().into(),
            user,
            device,
        };
        let authors =
            vec![author(at_desk, dora, None), author(on_phone, ada.user, Some(ada.device))];
        Self { record, doc, authors }
    }

    fn heads(&self) -> Vec<ChangeHash> {
        self.doc.get_heads().into_iter().map(Into::into).collect()
    }

    fn changes(&self) -> Vec<Vec<u8>> {
        self.doc.get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec()).collect()
    }

    /// Everything, with the word the server gave when it had it.
    fn attested(&self, office: &Office) -> HandBack {
        let (record, heads, authors) = (self.record, self.heads(), self.authors.clone());
        let version = Version { tenant: office.tenant, record, heads, authors };
        let attest = Some(version.attest(&office.app.keys.attest));
        let Version { heads, authors, .. } = version;
        let changes = self.changes().into_iter().map(Into::into).collect();
        HandBack { record, changes, heads, authors, attest }
    }
}

fn write(doc: &mut Automerge, user: UserId, role: Role, edit: &Edit) {
    let author = Author { user, role, now: 1_795_000_000_000 };
    edit::apply(doc, RecordKind::Job, edit, &author).expect("allowed").expect("it changes");
}

fn hand_back(phone: &Phone<'_>, back: HandBack) -> Vec<Verdict> {
    let mut request = phone.request(Vec::new());
    request.hand_backs = vec![back];
    let answer = phone.send(&request);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let mut answer: SyncResponse =
        docket_protocol::wire::unpack(&answer.body, 1 << 20).expect("a readable answer");
    answer.handed_back.remove(0).verdicts
}

fn held(reason: &str) -> Verdict {
    Verdict::Held(reason.to_owned())
}

/// FAULTS row 32: other people's work comes back as theirs, and only once.
#[test]
fn what_the_server_vouched_for_comes_back_with_its_authors() {
    let office = Office::open();
    let (ada, ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    let lost = Lost::new(&office, &ada);
    // Ben's phone had it, too; it is his who is back first.
    let verdicts = hand_back(&ben, lost.attested(&office));
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Accepted(_))), "{verdicts:?}");
    let rows = office.log_rows();
    for phone in [&ada, &ben] {
        assert_eq!(hand_back(phone, lost.attested(&office)), vec![Verdict::Duplicate; 3]);
    }
    assert_eq!(office.log_rows(), rows);
    let path = format!("/v1/jobs/{}", lost.record);
    let job = office.get(&path, Some(&ada.access_token)).json();
    let mut authors: Vec<_> =
        job["timeline"].as_array().unwrap().iter().map(|entry| &entry["author"]).collect();
    authors.sort_by_key(ToString::to_string);
    assert_eq!(authors, ["Ada Novak", "Dora Lin", "Dora Lin"]);
    assert_eq!(office.get(&path, Some(&ben.access_token)).status, 404, "it never was Ben's");
}

/// FAULTS rows 32, 45: a word that does not fit puts nothing into the log and nobody's name on it.
#[test]
fn what_nobody_vouches_for_waits_for_a_decision() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let eve = office.user("eve");
    let forgeries: [fn(&mut HandBack, UserId); 4] = [
        |back, _| back.attest = None,
        |back, _| back.attest = Some([7; 16]),
        |back, eve| back.authors[0].user = eve,
        |back, _| drop(back.authors.pop()),
    ];
    for (number, forge) in forgeries.into_iter().enumerate() {
        let lost = Lost::new(&office, &ada);
        let mut back = lost.attested(&office);
        forge(&mut back, eve);
        let changes = office.count("select count(*) from log where kind = 'change'");
        let verdicts = hand_back(&ada, back);
        assert_eq!(verdicts[..2], [held("handed-back-unproved"), held("handed-back-unproved")]);
        assert!(matches!(verdicts[2], Verdict::Held(_)), "forgery {number}: {verdicts:?}");
        let now = office.count("select count(*) from log where kind = 'change'");
        assert_eq!(now, changes, "forgery {number}");
    }
}

/// FAULTS row 32: an unproved change of the sender's own is judged as if it came for the first
/// time; one beyond what was vouched for waits alone.
#[test]
fn proof_covers_just_what_it_names() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let mut lost = Lost::new(&office, &ada);
    let mut back = lost.attested(&office);
    let (path, value) = (Path::new("report/advice"), "Check every quarter".into());
    write(&mut lost.doc, ada.user, Role::Engineer, &Edit::SetField { path, value });
    lost.doc.set_actor(ActorId::from(random::<16>()));
    let (path, value) = (Path::new("report/treatment"), "Replaced".into());
    write(&mut lost.doc, ada.user, Role::Engineer, &Edit::SetField { path, value });
    back.changes = lost.changes().into_iter().map(Into::into).collect();
    let verdicts = hand_back(&ada, back);
    // The fourth has Ada's actor, the fifth nobody's that the server knows.
    assert!(
        matches!(
            verdicts[..],
            [
                Verdict::Accepted(_),
                Verdict::Accepted(_),
                Verdict::Accepted(_),
                Verdict::Accepted(_),
                Verdict::Held(_)
            ]
        ),
        "{verdicts:?}"
    );
}

/// FAULTS rows 32, 48: meanwhile another change took the place of the one that comes back.
#[test]
fn a_change_whose_place_was_taken_is_kept_beside_the_log() {
    let office = Office::open();
    let ada = Phone::of(&office, "ada");
    let lost = Lost::new(&office, &ada);
    let [twin, other] = ["low", "high"].map(|value| {
        let mut doc = lost.doc.clone();
        let edit = Edit::SetField { path: Path::new("intake/priority"), value: value.into() };
        write(&mut doc, ada.user, Role::Engineer, &edit);
        Lost { record: lost.record, doc, authors: lost.authors.clone() }
    });
    let first = hand_back(&ada, twin.attested(&office));
    assert!(first.iter().all(|verdict| matches!(verdict, Verdict::Accepted(_))), "{first:?}");
    let second = hand_back(&ada, other.attested(&office));
    assert_eq!(second[..3], vec![Verdict::Duplicate; 3]);
    assert_eq!(second[3], held("handed-back-forked"));
}

#[test]
fn the_digest_is_over_what_the_person_sees_and_moves_with_it() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let sum = |ada: &Phone<'_>| {
        let of = |record: &RecordId| {
            digest::of_record(office.tenant, *record, &ada.held_version(*record).heads)
        };
        Some(digest::sum(ada.records.keys().map(of)))
    };
    let empty = ada.sync();
    assert_eq!(empty.digest, sum(&ada));
    let job = office.job_for("ada", "Flow meter reads high");
    let with_job = ada.sync();
    assert_eq!(with_job.digest, sum(&ada));
    office.job_for("ben", "None of Ada's business");
    assert_eq!(ada.sync().digest, with_job.digest);
    ada.set(job, "intake/priority", "high");
    assert_ne!(sum(&ada), with_job.digest, "what is unsent does not agree yet");
    assert_eq!(ada.sync().digest, sum(&ada));
}

#[test]
fn a_comparison_brings_what_differs_and_names_what_was_lost() {
    let office = Office::open();
    let mut ada = Phone::of(&office, "ada");
    let job = office.job_for("ada", "Flow meter reads high");
    ada.sync();
    let same: Vec<_> = ada.records.keys().map(|record| ada.held_version(*record)).collect();
    let agreed = ada.reconcile(same.clone());
    assert_eq!((agreed.items, agreed.lost, agreed.more), (Vec::new(), Vec::new(), false));

    // A record it lacks, and one it cannot read, come whole and vouched for.
    let others: Vec<_> = same.iter().filter(|held| held.record != job).cloned().collect();
    let damaged = RecordHeads { record: job, heads: Vec::new() };
    for held in [others.clone(), [others.clone(), vec![damaged]].concat()] {
        let answer = ada.reconcile(held);
        let [Item::Enter(entered), ..] = &answer.items[..] else { panic!("nothing came") };
        assert!(entered.record == job && entered.attest.is_some());
    }
    // A version the log has never seen: handed back, whoever may see the record now.
    let unknown = RecordHeads { record: job, heads: vec![ChangeHash([9; 32])] };
    let answer = ada.reconcile([others.clone(), vec![unknown]].concat());
    assert_eq!(answer.lost, [job]);
    // Somebody else's record leaves; one that nobody knows is not even denied.
    let bens = office.job_for("ben", "Valve leaks");
    let heads_of_bens = {
        let mut ben = Phone::of(&office, "ben");
        ben.sync();
        ben.held_version(bens)
    };
    let answer = ada.reconcile([same, vec![heads_of_bens]].concat());
    assert_eq!(answer.items, [Item::Leave(bens)]);
}

#[test]
fn comparing_without_end_is_slowed_down() {
    let office = Office::open();
    let (ada, ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    for _ in 0..RECONCILE_PER_DEVICE {
        assert_eq!(ada.send_reconcile(Vec::new()).status, 200);
    }
    let answer = ada.send_reconcile(Vec::new());
    assert_eq!((answer.status, answer.code().as_str()), (429, "too-many-requests"));
    assert_eq!(ben.send_reconcile(Vec::new()).status, 200, "others are not held up");
}
