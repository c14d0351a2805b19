//! Clocks decide nothing: the same work under wrong clocks merges to the same record.

use automerge::{ActorId, Automerge};
use docket_protocol::edit::{self, Author, Edit, NewEntry};
use docket_protocol::ids::{ItemId, UserId};
use docket_protocol::record::path::Path;
use docket_protocol::record::{self, RecordKind, read};
use docket_protocol::role::Role;
use serde_json::Value as Json;

const NOW: i64 = 1_795_000_000_000;
const TEN_YEARS_MS: i64 = 3_650 * 24 * 3_600 * 1_000;

/// FAULTS row 27: ten years ahead, behind, or jumping: the same values win, the same are kept.
#[test]
fn merged_content_does_not_depend_on_clocks() {
    let right = merged([0, 0, 0, 0]);
    for skews in [
        [TEN_YEARS_MS, -TEN_YEARS_MS, 0, 0],
        [-TEN_YEARS_MS, TEN_YEARS_MS, 0, 0],
        [TEN_YEARS_MS, 0, -TEN_YEARS_MS, TEN_YEARS_MS],
        [0, 0, TEN_YEARS_MS, -TEN_YEARS_MS],
    ] {
        assert_eq!(merged(skews), right, "skews {skews:?}");
    }
}

/// Two phones with these errors of their clocks write the same job; what both see at the end,
/// without the times that they wrote down themselves.
fn merged(skews: [i64; 4]) -> Json {
    let mut ada = record::empty(ActorId::from([0xa1; 16]));
    let write = |doc: &mut Automerge, who: u8, skew: i64, edit: &Edit| {
        let user = UserId::new(1, [who; 10]);
        let author = Author { user, role: Role::Engineer, now: NOW + skew };
        edit::apply(doc, RecordKind::Job, edit, &author).expect("allowed");
    };
    let set =
        |path: &str, value: &str| Edit::SetField { path: Path::new(path), value: value.into() };
    let item = ItemId::new(1, [3; 10]);
    let fields = [("text".to_owned(), "Power is off".into())].into();
    let added = Edit::AddEntry(NewEntry { collection: Path::new("checklist"), id: item, fields });
    write(&mut ada, 1, 0, &Edit::Create { fields: Default::default(), entries: Vec::new() });
    write(&mut ada, 1, 0, &added);
    let mut ben = ada.clone().with_actor(ActorId::from([0xb2; 16]));
    write(&mut ada, 1, skews[0], &set("intake/priority", "high"));
    write(&mut ben, 2, skews[1], &set("intake/priority", "urgent"));
    write(&mut ada, 1, skews[2], &set("intake/level", "minor"));
    write(&mut ben, 2, skews[3], &set("intake/level", "critical"));
    write(&mut ben, 2, skews[1], &set("report/cause", "Worn bearing"));
    write(&mut ada, 1, skews[2], &Edit::tick(item, true));
    ada.merge(&mut ben).expect("both fit");
    ben.merge(&mut ada).expect("both fit");
    let mut content = read::content(&ada, RecordKind::Job);
    assert_eq!(content, read::content(&ben, RecordKind::Job), "both see the same");
    forget_times(&mut content);
    content
}

fn forget_times(value: &mut Json) {
    if let Json::Object(fields) = value {
        fields.retain(|key, _| !key.ends_with("_at") && key != "at");
        fields.values_mut().for_each(forget_times);
    }
}
