//! Seeded histories of jobs, and what the phone's core shows of them on this machine.
//!
//! Three people write one job at once, read each other now and then, and write on; values are
//! drawn from the one table of field rules. The whole arrives at a core as sync answers, half of
//! each history as a document and the rest as changes. `docket-histories` prints it as a tape
//! that `mobile/e2e` plays to the core in the browser.

use automerge::{ActorId, Automerge};
use data_encoding::BASE64;
use docket_client_core::{Client, Env, Medium};
use docket_protocol::automerge;
use docket_protocol::digest;
use docket_protocol::edit::{self, Author, Edit, NewEntry};
use docket_protocol::ids::{ChangeHash, ItemId, RecordId, Seq, TenantId, UserId};
use docket_protocol::record::path::Path;
use docket_protocol::record::read;
use docket_protocol::record::rules::{JOB_RULES, MergeKind, ValueRule};
use docket_protocol::record::value::FieldValue;
use docket_protocol::record::{self, RecordKind};
use docket_protocol::role::Role;
use docket_protocol::signoff::hex_digest;
use docket_protocol::wire::{
    self, ActorAuthor, CONTENT_TYPE, Cursor, Item, RecordChanges, RecordSnapshot, SyncResponse,
};
use serde_json::{Value as Json, json};

use crate::random::Random;

const NOW: i64 = 1_795_000_000_000;
const PEOPLE: u8 = 3;
/// Words with letters of one, two, three and four bytes.
const WORDS: [&str; 6] = ["pump", "Größe", "水泵异响", "🔧", "fitted, ", "\n"];

/// The tape of `count` histories: what arrives, what is asked, what is answered here.
pub fn tape(count: u64) -> Json {
    let tenant = TenantId::new(1, [9; 10]);
    let histories: Vec<History> = (0..count).map(History::drawn).collect();
    let heads = |history: &History| -> Vec<ChangeHash> {
        history.doc.get_heads().into_iter().map(Into::into).collect()
    };
    let digest = digest::sum(
        histories.iter().map(|history| digest::of_record(tenant, history.record, &heads(history))),
    );
    let documents = histories.iter().map(History::document).collect();
    let changes = histories.iter().map(History::changes).collect();
    let answers = vec![
        ("application/json", sign_in_answer(tenant).to_string().into_bytes()),
        (CONTENT_TYPE, answer(1, documents, None)),
        (CONTENT_TYPE, answer(2, changes, Some(digest))),
    ];
    let commands: Vec<Json> = histories.iter().flat_map(History::questions).collect();
    let sign_in = json!({"do": "sign_in", "login": "ada", "password": "x", "device_name": "A"});
    let views = played(&sign_in, &answers, &commands);
    let answers: Vec<Json> = answers
        .iter()
        .map(|(kind, body)| json!({"content_type": kind, "body": BASE64.encode(body)}))
        .collect();
    json!({
        "now": NOW, "sign_in": sign_in, "answers": answers, "commands": commands, "views": views,
    })
}

/// What a core on this machine answers.
fn played(sign_in: &Json, answers: &[(&str, Vec<u8>)], commands: &[Json]) -> Vec<String> {
    let mut random = Random::new(1);
    let mut env = Env { now: NOW, entropy: &mut random };
    let file = rusqlite::Connection::open_in_memory().expect("memory");
    let mut client = Client::open(file, Medium::File, &mut env).expect("an empty store");
    client.call(&mut env, &sign_in.to_string());
    for (content_type, body) in answers {
        let request = client.next_request(&mut env).expect("a store").expect("a request");
        let taken = client.respond(&mut env, request.id, 200, content_type, body);
        taken.expect("the answer is taken");
    }
    let asks = client.next_request(&mut env).expect("a store");
    assert!(asks.is_none(), "everything has arrived, and its digest is right");
    commands.iter().map(|command| client.call(&mut env, &command.to_string())).collect()
}

fn answer(seq: u64, items: Vec<Item>, digest: Option<[u8; 16]>) -> Vec<u8> {
    wire::pack(&SyncResponse {
        items,
        cursor: Cursor { seq: Seq(seq), tag: [seq as u8; 8] },
        more: digest.is_none(),
        server_time: NOW,
        digest,
        ..SyncResponse::default()
    })
}

fn sign_in_answer(tenant: TenantId) -> Json {
    json!({
        "access_token": "token", "access_expires_at": NOW + 600_000, "refresh_token": "again",
        "device": RecordId::new(1, [1; 10]),
        "person": {"id": person(0), "name": "Ada", "role": "engineer"},
        "organisation": {"id": tenant, "name": "Docket"},
        "server_key": "00", "server_time": NOW,
    })
}

fn person(number: u8) -> UserId {
    UserId::new(2, [number + 1; 10])
}

/// One job that several people have written.
struct History {
    record: RecordId,
    /// As it was when the phone first got it.
    early: Automerge,
    doc: Automerge,
}

impl History {
    fn drawn(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let actor = |number: u8| ActorId::from([0xa0 + number; 16]);
        let mut docs = vec![record::empty(actor(0))];
        let title = ("intake/title", format!("Job {seed} 工单"));
        let fields = [(Path::new(title.0), title.1.into())].into();
        write(&mut docs[0], 0, &Edit::Create { fields, entries: Vec::new() });
        for number in 1..PEOPLE {
            let copy = docs[0].clone().with_actor(actor(number));
            docs.push(copy);
        }
        let mut early = docs[0].clone();
        let steps = 8 + random.below(16);
        for step in 0..steps {
            let who = random.below(u64::from(PEOPLE)) as u8;
            let edit = drawn_edit(&docs[usize::from(who)], &mut random);
            write(&mut docs[usize::from(who)], who, &edit);
            if random.below(4) == 0 {
                let other = random.below(u64::from(PEOPLE)) as usize;
                let mut theirs = docs[other].clone();
                docs[usize::from(who)].merge(&mut theirs).expect("both fit");
            }
            if step == steps / 2 {
                early = docs[usize::from(who)].clone();
            }
        }
        let mut doc = docs.remove(0);
        docs.iter_mut().for_each(|other| drop(doc.merge(other).expect("all fit")));
        Self { record: RecordId::new(NOW + seed as i64, [seed as u8; 10]), early, doc }
    }

    fn document(&self) -> Item {
        Item::Enter(RecordSnapshot {
            record: self.record,
            kind: RecordKind::Job,
            document: self.early.save_nocompress().into(),
            authors: authors(),
            attest: None,
        })
    }

    fn changes(&self) -> Item {
        let new = self.doc.get_changes(&self.early.get_heads());
        Item::Changes(RecordChanges {
            record: self.record,
            changes: new.iter().map(|change| change.raw_bytes().to_vec().into()).collect(),
            authors: authors(),
            attest: None,
        })
    }

    /// The job's page, its history, and the digest that a signature would cover.
    fn questions(&self) -> [Json; 3] {
        ["job", "history", "prepare_signoff"].map(|ask| json!({"do": ask, "record": self.record}))
    }
}

fn authors() -> Vec<ActorAuthor> {
    let author = |number: u8| ActorAuthor {
        actor: vec![0xa0 + number; 16].into(),
        user: person(number),
        device: None,
    };
    (0..PEOPLE).map(author).collect()
}

/// Makes an edit; one that changes nothing, or is not allowed, makes nothing.
fn write(doc: &mut Automerge, who: u8, edit: &Edit) {
    let author = Author { user: person(who), role: Role::Manager, now: NOW };
    let _made = edit::apply(doc, RecordKind::Job, edit, &author);
}

fn drawn_edit(doc: &Automerge, random: &mut Random) -> Edit {
    let rule = &JOB_RULES[random.below(JOB_RULES.len() as u64) as usize];
    let Some((collection, field)) = rule.path.split_once("/*/") else {
        let path = Path::new(rule.path.replace('*', &person(random.below(3) as u8).to_string()));
        return Edit::SetField { path, value: drawn_value(rule.value, random) };
    };
    let content = read::content(doc, RecordKind::Job);
    let entries = content.pointer(&format!("/{collection}")).and_then(Json::as_object);
    let ids: Vec<ItemId> =
        entries.into_iter().flat_map(|all| all.keys()).filter_map(|id| id.parse().ok()).collect();
    if ids.is_empty() || random.below(3) == 0 {
        let id = ItemId::new(NOW, std::array::from_fn(|_| random.bits() as u8));
        let fields = [("text".to_owned(), prose(random))].into();
        return Edit::AddEntry(NewEntry { collection: Path::new(collection), id, fields });
    }
    let item = ids[random.below(ids.len() as u64) as usize];
    let collection = Path::new(collection);
    if rule.merge == MergeKind::Tick {
        return Edit::TickItem { collection, item, done: random.below(3) > 0 };
    }
    let path = collection.child(item).child(field);
    Edit::SetField { path, value: drawn_value(rule.value, random) }
}

fn drawn_value(rule: ValueRule, random: &mut Random) -> FieldValue {
    match rule {
        ValueRule::Count { max } => (random.below(max as u64 + 1) as i64).into(),
        ValueRule::Time => (NOW + random.below(1_000_000) as i64).into(),
        ValueRule::TimeOfDay => "08:30".into(),
        ValueRule::Date => "2026-10-01".into(),
        ValueRule::Zone => "Asia/Shanghai".into(),
        ValueRule::Bool => (random.below(2) == 0).into(),
        ValueRule::Choice { words } => words[random.below(words.len() as u64) as usize].into(),
        ValueRule::Person => person(random.below(3) as u8).to_string().into(),
        ValueRule::Record => RecordId::new(NOW, [1; 10]).to_string().into(),
        ValueRule::Digest => hex_digest(&random.bits().to_be_bytes()).into(),
        ValueRule::Prose => prose(random),
        ValueRule::Line | ValueRule::Phone | ValueRule::Bytes { .. } => {
            WORDS[random.below(5) as usize].repeat(1 + random.below(3) as usize).into()
        }
    }
}

fn prose(random: &mut Random) -> FieldValue {
    let words = 1 + random.below(5);
    let text: String = (0..words).map(|_| WORDS[random.below(6) as usize]).collect();
    text.into()
}
