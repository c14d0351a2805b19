//! Photos and files: brought in pieces after the record that names them, handed out to whoever
//! sees it, and known for what they are by their bytes.

use docket_protocol::edit::Edit;
use docket_protocol::ids::RecordId;
use docket_protocol::signoff::hex_digest;
use docket_server::read_model::rebuild::rebuild;
use serde_json::{Value as Json, json};

use crate::support::{Office, Phone, Photo};

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 the pump, from the left";

/// Ada's job with a photo that has not come.
fn announced(office: &Office) -> (Phone<'_>, RecordId, Photo) {
    let job = office.job_for("ada", "Flow meter reads high");
    let mut ada = Phone::of(office, "ada");
    ada.sync();
    let photo = Photo::of(JPEG.to_vec());
    photo.attach(&mut ada, job);
    ada.sync();
    (ada, job, photo)
}

fn receipt(office: &Office, phone: &Phone<'_>, sha256: &str) -> Json {
    let question = json!({ "hashes": [sha256] });
    let answer = office.post_json("/v1/blobs/receipts", Some(&phone.access_token), &question);
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()["receipts"][0].clone()
}

/// FAULTS row 25, the server's side: the record is there first, and its photo comes.
#[test]
fn a_photo_comes_in_pieces_after_its_record() {
    let office = Office::open();
    let (ada, _, photo) = announced(&office);
    let token = Some(ada.access_token.as_str());
    assert_eq!(receipt(&office, &ada, &photo.sha256)["received_at"], Json::Null);
    assert_eq!(office.get(&photo.path(), token).status, 404);
    assert_eq!(photo.progress(&office, &ada.access_token).0, 404, "nothing was begun");

    let (begun, offset) = photo.begin(&office, token);
    assert_eq!((begun.status, offset), (201, Some(0)));
    assert_eq!(photo.piece(&office, token, 0, 9).1, Some(9));
    assert_eq!(photo.progress(&office, &ada.access_token), (200, Some(9)));
    let (elsewhere, offset) = photo.piece(&office, token, 3, 12);
    assert_eq!((elsewhere.status, offset), (409, Some(9)), "the answer says where it goes on");
    assert_eq!(photo.begin(&office, token).1, Some(9), "begun again, it goes on");
    let (done, _) = photo.piece(&office, token, 9, photo.bytes.len());
    assert_eq!(done.status, 204);

    let got = office.get(&photo.path(), token);
    assert_eq!((got.status, got.content_type.as_str(), got.body), (200, "image/jpeg", JPEG.into()));
    let told = receipt(&office, &ada, &photo.sha256);
    assert!(told["received_at"].is_i64() && told["seen_at"].is_null(), "{told}");
    assert_eq!(photo.begin(&office, token).1, Some(JPEG.len() as u64), "nothing is sent twice");
}

#[test]
fn another_file_under_this_name_is_thrown_away() {
    let office = Office::open();
    let (ada, _, photo) = announced(&office);
    let token = Some(ada.access_token.as_str());
    let mut other = Photo::of(vec![b'x'; photo.bytes.len()]);
    other.sha256.clone_from(&photo.sha256);
    other.begin(&office, token);
    let (refused, _) = other.piece(&office, token, 0, other.bytes.len());
    assert_eq!((refused.status, refused.code().as_str()), (422, "blob-differs"));
    assert_eq!(office.get(&photo.path(), token).status, 404);
    assert_eq!(photo.begin(&office, token).1, Some(0));
    photo.bring(&ada);
}

/// FAULTS row 71: knowing or guessing a hash opens nothing.
#[test]
fn a_file_that_no_record_in_sight_names_is_not_there() {
    let office = Office::open();
    let (ada, _, photo) = announced(&office);
    let ben = Phone::of(&office, "ben");
    let bens = Some(ben.access_token.as_str());
    let unknown = Photo::of(b"nobody names it".to_vec());
    for photo in [&photo, &unknown] {
        assert_eq!(photo.begin(&office, bens).0.status, 404);
        assert_eq!(photo.piece(&office, bens, 0, 3).0.status, 404);
    }
    // Neither longer nor shorter than the record says.
    let adas = Some(ada.access_token.as_str());
    for length in [photo.bytes.len() - 1, photo.bytes.len() + 1] {
        assert_eq!(photo.begin_as(&office, adas, length).0.status, 404);
    }
    assert_eq!(photo.begin_as(&office, adas, 1 << 40).0.code(), "too-large");
    photo.bring(&ada);
    let foreign = office.get(&photo.path(), bens);
    let nothing = office.get(&unknown.path(), bens);
    assert_eq!((foreign.status, &foreign.body), (404, &nothing.body));
    assert_eq!(photo.progress(&office, &ben.access_token).0, 404);
    let (foreign, nothing) =
        (receipt(&office, &ben, &photo.sha256), receipt(&office, &ben, &unknown.sha256));
    assert_eq!(foreign["received_at"], nothing["received_at"]);
}

#[test]
fn whoever_took_a_photo_may_still_bring_it_when_the_job_was_handed_on() {
    let office = Office::open();
    let (ada, job, photo) = announced(&office);
    let lead = office.user("ben");
    office.desk_edit("dora", job, Edit::Assign { lead }).expect("the job is Ben's");
    photo.bring(&ada);
    assert_eq!(office.get(&photo.path(), Some(&ada.access_token)).status, 404, "not hers to see");
    assert!(receipt(&office, &ada, &photo.sha256)["received_at"].is_i64());
    let ben = Phone::of(&office, "ben");
    assert_eq!(office.get(&photo.path(), Some(&ben.access_token)).status, 200);
}

/// FAULTS row 78: what a file is called decides nothing; only pictures are ever shown.
#[test]
fn a_page_that_is_called_a_photo_is_only_ever_saved() {
    let office = Office::open();
    let (mut ada, job, _) = announced(&office);
    let page = Photo::of(b"<!doctype html><script>alert(1)</script>".to_vec());
    page.attach(&mut ada, job);
    ada.sync();
    page.bring(&ada);
    let got = office.head_of(&page.path(), &ada.access_token);
    let header = |name: &str| got.get(name).map(String::as_str).unwrap_or_default();
    assert_eq!(header("content-type"), "application/octet-stream");
    assert_eq!(header("content-disposition"), "attachment");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
}

#[test]
fn a_rebuild_leaves_files_alone() {
    let office = Office::open();
    let (ada, _, photo) = announced(&office);
    photo.bring(&ada);
    let told = receipt(&office, &ada, &photo.sha256);
    office.app.store.write_blocking(rebuild).expect("a rebuild");
    assert_eq!(receipt(&office, &ada, &photo.sha256), told);
    assert_eq!(office.get(&photo.path(), Some(&ada.access_token)).status, 200);
}

/// The database was put back beside files that are newer, or the other way round.
#[test]
fn what_database_and_folder_say_differently_is_brought_again() {
    let office = Office::open();
    let (ada, _, photo) = announced(&office);
    photo.bring(&ada);
    let token = Some(ada.access_token.as_str());
    let file = office.data().join("blobs").join(office.tenant.to_string()).join(&photo.sha256);
    assert_eq!(hex_digest(&std::fs::read(&file).expect("the file")), photo.sha256);
    std::fs::remove_file(&file).expect("the file goes");
    assert_eq!(receipt(&office, &ada, &photo.sha256)["received_at"], Json::Null);
    photo.bring(&ada);
    assert!(receipt(&office, &ada, &photo.sha256)["received_at"].is_i64());

    office
        .app
        .store
        .write_blocking(|tx| {
            tx.sql.execute("delete from blobs", []).map_err(docket_server::store::StoreError::from)
        })
        .expect("the rows go");
    assert_eq!(photo.begin(&office, token).1, Some(JPEG.len() as u64), "its bytes are here");
    assert!(receipt(&office, &ada, &photo.sha256)["received_at"].is_i64());
}

/// Killed between the last piece and the word that the file is here.
#[test]
fn a_file_whose_word_was_lost_is_not_brought_again() {
    let office = Office::open();
    let (ada, _, photo) = announced(&office);
    photo.bring(&ada);
    let token = Some(ada.access_token.as_str());
    let hash = photo.sha256.clone();
    let length = photo.bytes.len() as u64;
    office
        .app
        .store
        .write_blocking(move |tx| {
            tx.sql.execute("delete from blobs", [])?;
            tx.sql.execute(
                "insert into uploads (tenant, user, sha256, bytes, begun_at)
                 select tenant, id, ?1, ?2, 1 from users where login = 'ada'",
                (hash, length.cast_signed()),
            )?;
            Ok::<_, docket_server::store::StoreError>(())
        })
        .expect("as it was just before");
    let (again, offset) = photo.piece(&office, token, 9, photo.bytes.len());
    assert_eq!((again.status, offset), (409, Some(length)));
    assert_eq!(photo.progress(&office, &ada.access_token), (200, Some(length)));
    assert!(receipt(&office, &ada, &photo.sha256)["received_at"].is_i64());
}

#[test]
fn nobody_begins_files_without_end() {
    let office = Office::open();
    let (mut ada, job, _) = announced(&office);
    let photos: Vec<Photo> = (0..40_u8).map(|byte| Photo::of(vec![byte; 9])).collect();
    for photo in &photos {
        photo.attach(&mut ada, job);
    }
    ada.sync();
    let token = Some(ada.access_token.as_str());
    let begun: Vec<u16> = photos.iter().map(|photo| photo.begin(&office, token).0.status).collect();
    assert_eq!((begun[0], begun[31], begun[32]), (201, 201, 429));
    photos[0].piece(&office, token, 0, 9);
    assert_eq!(photos[32].begin(&office, token).0.status, 201, "one is there, another may come");
}

#[test]
fn uploads_that_nobody_finishes_are_swept_and_others_wait_through_a_restart() {
    let office = Office::open();
    let (mut ada, job, photo) = announced(&office);
    let other = Photo::of(b"half of it".to_vec());
    other.attach(&mut ada, job);
    ada.sync();
    let token = Some(ada.access_token.as_str());
    for photo in [&photo, &other] {
        photo.begin(&office, token);
        photo.piece(&office, token, 0, 4);
    }
    let old = other.sha256.clone();
    let blobs = office.app.blobs.clone();
    office
        .app
        .store
        .write_blocking(move |tx| {
            tx.sql.execute("update uploads set begun_at = 1 where sha256 = ?1", [&old])?;
            docket_server::blobs::sweep(&blobs, tx)
        })
        .expect("swept");
    assert_eq!(photo.progress(&office, &ada.access_token), (200, Some(4)));
    assert_eq!(other.progress(&office, &ada.access_token).0, 404);
    let arriving = std::fs::read_dir(office.data().join("blobs/arriving")).expect("the folder");
    assert_eq!(arriving.count(), 1);
}
