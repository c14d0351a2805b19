//! A signature covers the photos and files of the job by their hashes.

use std::collections::BTreeMap;

use docket_protocol::automerge::Automerge;
use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::record::job::JobContent;
use docket_protocol::record::late::late_edits;
use docket_protocol::record::path::Path;
use docket_protocol::record::{RecordKind, read};
use docket_protocol::signoff::{Purpose, hex_digest};

use crate::support::{edit, item, job, merge, phone, set, sign, statement};

fn photo(byte: u8) -> Edit {
    let fields = BTreeMap::from([
        ("name".to_owned(), "pump.jpg".into()),
        ("sha256".to_owned(), hex_digest(&[byte]).into()),
        ("bytes".to_owned(), 1.into()),
        ("purpose".to_owned(), "work".into()),
    ]);
    Edit::AddEntry(NewEntry { collection: Path::new("attachments"), id: item(byte), fields })
}

fn digests(doc: &Automerge) -> Vec<String> {
    JobContent::from_json(read::content(doc, RecordKind::Job)).attachment_digests()
}

#[test]
fn a_signature_names_every_photo_that_was_not_removed_once() {
    let mut doc = job();
    for byte in [21, 22, 23] {
        edit(&mut doc, 1, &photo(byte)).unwrap();
    }
    let removed = Path::new("attachments").child(item(22)).child("removed");
    edit(&mut doc, 1, &set(removed.as_str(), true)).unwrap();
    let mut expected = vec![hex_digest(&[21]), hex_digest(&[23])];
    expected.sort_unstable();
    assert_eq!(digests(&doc), expected);
}

#[test]
fn another_photo_is_another_content_and_goes_into_no_signed_report() {
    let mut doc = job();
    let before = statement(&doc, 1, Purpose::Report, item(30)).content_digest;
    edit(&mut doc, 1, &photo(21)).unwrap();
    assert_ne!(statement(&doc, 1, Purpose::Report, item(30)).content_digest, before);
    sign(&mut doc, 1, item(30));
    assert_eq!(edit(&mut doc, 1, &photo(22)).unwrap_err().code, "locked-by-signoff");
    let caption = Path::new("attachments").child(item(21)).child("caption");
    let late = edit(&mut doc, 1, &set(caption.as_str(), "Another pump"));
    assert_eq!(late.unwrap_err().code, "locked-by-signoff");
}

#[test]
fn a_photo_that_a_colleague_took_meanwhile_is_listed_beside_the_signature() {
    let mut doc = job();
    let mut colleague = phone(&doc, 2);
    edit(&mut colleague, 2, &photo(22)).unwrap();
    let signed = sign(&mut doc, 1, item(30));
    merge(&mut doc, &colleague);
    let late = late_edits(&doc, &signed).unwrap();
    let path = Path::new("attachments").child(item(22));
    let listed = |field: &str| late.iter().any(|late| late.path == path.child(field));
    assert!(listed("name") && listed("sha256") && !listed("bytes"), "{late:?}");
}
