//! Photos and files on a job's page: said to be on the phone until they have come, shown from
//! then on, and known to have been seen by the office once the office has seen them.

use docket_protocol::record::path::Path;
use serde_json::{Value as Json, json};

use crate::browser::Browser;
use crate::support::{Office, Phone, Photo};

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 the pump, from the left";

fn seen_at(office: &Office, phone: &Phone<'_>, photo: &Photo) -> Json {
    let question = json!({ "hashes": [photo.sha256] });
    let answer = office.post_json("/v1/blobs/receipts", Some(&phone.access_token), &question);
    answer.json()["receipts"][0]["seen_at"].clone()
}

/// FAULTS row 25: never a broken picture.
#[test]
fn a_photo_that_has_not_come_is_said_to_be_on_its_phone() {
    let office = Office::open();
    let job = office.job_for("ada", "Flow meter reads high");
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    let photo = Photo::of(JPEG.to_vec());
    photo.attach(&mut ada, job);
    ada.sync();
    let address = format!("/jobs/{job}");
    let dora = Browser::signed_in(&office, "dora");
    let part = dora.get(&address).part("attachments");
    assert!(part.contains("Not yet received from the phone") && !part.contains("<img"), "{part}");

    photo.bring(&ada);
    // An engineer who looks is not the office.
    Browser::signed_in(&office, "ada").get(&address);
    assert_eq!(seen_at(&office, &ada, &photo), Json::Null);
    let part = dora.get(&address).part("attachments");
    assert!(part.contains("hash matched"), "{part}");
    assert!(seen_at(&office, &ada, &photo).is_i64());
    let source = part.split("<img src=\"").nth(1).and_then(|rest| rest.split('"').next());
    let shown = dora.get(source.expect("a picture"));
    assert_eq!((shown.status, shown.content_type.as_str()), (200, "image/jpeg"));
    assert_eq!(shown.bytes, JPEG);
    let ben = Browser::signed_in(&office, "ben");
    assert_eq!(ben.get(source.expect("a picture")).status, 404);
}

#[test]
fn the_office_writes_captions_and_takes_photos_out() {
    let office = Office::open();
    let job = office.job_for("ada", "Flow meter reads high");
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    Photo::of(JPEG.to_vec()).attach(&mut ada, job);
    ada.sync();
    let attachments = ada.content(job)["attachments"].clone();
    let id = attachments.as_object().and_then(|all| all.keys().next()).expect("one").clone();
    let entry = Path::new("attachments").child(&id).to_string();
    let dora = Browser::signed_in(&office, "dora");
    let open = dora.get(&format!("/jobs/{job}?edit={entry}"));
    assert!(open.part("attachments").contains(&format!("value:{entry}/caption")));
    let caption = format!("{entry}/caption");
    let fields = [
        ("target", entry.as_str()),
        (&format!("was:{caption}"), ""),
        (&format!("value:{caption}"), "The worn seal"),
        (&format!("was:{entry}/removed"), ""),
        (&format!("value:{entry}/removed"), "true"),
    ];
    assert_eq!(dora.post(&format!("/jobs/{job}/edit"), &fields).status, 303);
    let part = dora.get(&format!("/jobs/{job}")).part("attachments");
    assert!(part.contains("The worn seal") && part.contains("removed"), "{part}");
}
