//! Anyone can check a proof, without an account, and is told plainly what does not hold.

use docket_protocol::signoff::Purpose;
use docket_server::limits::{PDF_BYTES_MAX, UNREAD_BYTES_MAX};
use docket_server::proof;

use crate::browser::Browser;
use crate::support::{Office, Phone};

/// The proof of a signed job.
pub(crate) fn signed_proof(office: &Office) -> Vec<u8> {
    let job = office.job_for("ada", "Pump noise");
    let mut phone = Phone::of(office, "ada");
    phone.sync();
    phone.set(job, "report/cause", "Worn bearing");
    let signoff = phone.sign_off(job, Purpose::Report);
    phone.sync();
    let (scope, keys) = (office.scope("max"), std::sync::Arc::clone(&office.app.keys));
    let exported =
        office.app.store.read_blocking(|sql| proof::export(sql, &scope, &keys, job, signoff));
    exported.unwrap()
}

#[test]
fn a_valid_proof_shows_what_was_signed() {
    let office = Office::open();
    let file = signed_proof(&office);
    let stranger = Browser::new(&office);
    let page = stranger.upload("/verify", "proof", &file);
    assert_eq!(page.status, 200);
    for said in ["This proof is valid.", "Countersigned by this server", "Wang Min", "Worn bearing"]
    {
        assert!(page.says(said), "{said}");
    }
    assert!(!page.says("Somebody who has left"), "a stranger is not told of strangers");
    let chinese = Browser::new(&office).speaking("zh").upload("/verify", "proof", &file);
    assert!(chinese.says("这份证明有效。"));

    let elsewhere = Office::open();
    let page = Browser::new(&elsewhere).upload("/verify", "proof", &file);
    assert!(page.says("This proof is valid.") && page.says("by another server"));
}

#[test]
fn a_changed_byte_is_told_in_plain_words() {
    let office = Office::open();
    let file = signed_proof(&office);
    let stranger = Browser::new(&office);
    let text = String::from_utf8(file.clone()).unwrap();
    for (from, to, reason) in [
        ("Worn bearing", "Worn bearinG", "The content is not the one that was signed"),
        ("Wang Min", "Wang Mix", "signature does not fit the statement"),
        ("Northwind Instruments", "Southwind Instruments", "The server’s signature does not fit"),
    ] {
        let page = stranger.upload("/verify", "proof", text.replace(from, to).as_bytes());
        assert!(page.says("This proof does not hold.") && page.says(reason), "{reason}");
        assert!(!page.says("Wang Min"), "nothing of a broken proof is shown as signed");
    }
    for other in [b"{}".as_slice(), b"\x89PNG", &file[..file.len() - 1]] {
        let page = stranger.upload("/verify", "proof", other);
        assert!(page.says("The file is not a proof"));
    }
    let nothing = stranger.upload("/verify", "proof", b"");
    assert_eq!(nothing.status, 422);
    assert!(nothing.says("Choose a file first"));
    let wrong_form = stranger.post("/verify", &[("proof", "x")]);
    assert!((400..500).contains(&wrong_form.status));
    // So little too much that the rest is read away: beyond that the connection ends instead.
    let huge = vec![b'x'; PDF_BYTES_MAX + UNREAD_BYTES_MAX / 4];
    assert!((400..500).contains(&stranger.upload("/verify", "proof", &huge).status));
}
