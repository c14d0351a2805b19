//! What an engineer's phone may write into a customer's dossier: backups, and nothing else.

use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::wire::Verdict;
use docket_server::desk::{self, DeskError};

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT};

use super::{add, object, refusal};
use crate::support::{Office, Phone, change_with};

fn open(office: &Office) -> RecordId {
    let dora = office.scope("dora");
    let fields = [(Path::new("name"), "River Mill".into())].into();
    let edit = Edit::Create { fields, entries: Vec::new() };
    let opened = office
        .app
        .store
        .write_blocking(move |tx| desk::create(tx, &dora, RecordKind::Dossier, &edit));
    opened.map_err(|error: DeskError| error.to_string()).expect("the dossier is opened")
}

#[test]
fn an_engineer_writes_backups_into_a_dossier_and_nothing_else() {
    let office = Office::open();
    let dossier = open(&office);
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    let backup = add(&mut ada, dossier, "backups", &[("system", "Press PLC")]);
    let verdicts = ada.sync().verdicts.remove(0).verdicts;
    assert!(matches!(verdicts[..], [Verdict::Accepted(_)]), "{verdicts:?}");

    let refused = |act: &dyn Fn(&mut automerge::transaction::Transaction<'_>)| {
        let mut doc = ada.records[&dossier].1.clone();
        refusal(&ada.push(dossier, vec![change_with(&mut doc, act)]))
    };
    let forbidden = |at: &str| ("not-allowed".to_owned(), at.to_owned());
    assert_eq!(refused(&|tx| tx.put(ROOT, "name", "Mine").unwrap()), forbidden("name"));
    assert_eq!(refused(&|tx| tx.put(ROOT, "fees", "none").unwrap()), forbidden("fees"));
    let approval = format!("backups/{backup}/approved_at");
    let approve = |tx: &mut automerge::transaction::Transaction<'_>| {
        let entry = object(tx, &format!("backups/{backup}"));
        tx.put(entry, "approved_at", 5_i64).unwrap();
    };
    assert_eq!(refused(&approve), forbidden(&approval));
    let (code, _) = refused(&|tx| {
        let sites = object(tx, "sites");
        let id = docket_protocol::ids::ItemId::new(1, [1; 10]);
        tx.put_object(sites, id.to_string(), ObjType::Map).unwrap();
    });
    assert_eq!(code, "not-allowed");
}

/// A dossier is no job: the address of jobs does not know it, whoever asks.
#[test]
fn a_dossier_cannot_be_written_through_the_address_of_jobs() {
    let office = Office::open();
    let dossier = open(&office);
    let rows = office.log_rows();
    for login in ["ada", "dora", "max"] {
        let phone = Phone::of(&office, login);
        let edit = serde_json::json!({"edit": "add_entry", "collection": "backups", "fields": {}});
        let path = format!("/v1/jobs/{dossier}/edits");
        let answer = office.post_json(&path, Some(&phone.access_token), &edit);
        assert_eq!(answer.status, 404, "{login}");
    }
    assert_eq!(office.log_rows(), rows);
}
