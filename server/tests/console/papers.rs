//! Documents of a job as PDF: what was signed stands in them with what came later beside it, they
//! carry their own proof, and whoever gets one can check it.

use std::io::Write;

use docket_protocol::edit::Edit;
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::path::Path;
use docket_protocol::signoff::Purpose;
use docket_server::limits::PDF_BYTES_MAX;
use docket_server::paper::attached::{self, CONTENT, PROOF};
use docket_server::paper::seal::{Seal, check};
use lopdf::{Document, Object, Stream, dictionary};

use crate::browser::{Browser, Page};
use crate::support::{Office, Phone};

/// A signed job of Ada's, with its sign-off.
fn signed<'o>(office: &'o Office, title: &str) -> (Phone<'o>, RecordId, ItemId) {
    let job = office.job_for("ada", title);
    let mut ada = Phone::of(office, "ada");
    ada.sync();
    ada.set(job, "report/cause", "Worn bearing");
    ada.set(job, "report/treatment", "Replaced it.\nRan it for an hour.");
    ada.set(job, "report/finished_at", ada.clock_ms);
    let signoff = ada.sign_off(job, Purpose::Report);
    ada.sync();
    (ada, job, signoff)
}

/// All words of a PDF, without the places where long ones may break.
pub(crate) fn text(pdf: &[u8]) -> String {
    let document = Document::load_mem(pdf).expect("a readable PDF");
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).expect("its words");
    text.replace('\u{200b}', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn printed(browser: &Browser<'_>, address: &str) -> Vec<u8> {
    let page = browser.get(address);
    assert_eq!((page.status, page.content_type.as_str()), (200, "application/pdf"), "{address}");
    page.bytes
}

#[test]
fn c8_a_signed_report_shows_what_was_signed_and_carries_its_proof() {
    let office = Office::open();
    let (_, job, signoff) = signed(&office, "Pump noise");
    let max = Browser::signed_in(&office, "max");
    let pdf = printed(&max, &format!("/jobs/{job}/report.pdf"));
    let words = text(&pdf);
    for said in [
        "Service report",
        "Northwind Instruments",
        "Pump noise",
        "Harbour Water",
        "Worn bearing",
        "Replaced it.",
        "Ran it for an hour.",
        "Accepted",
        "Wang Min",
        "★★★★★ Excellent",
        "Proof of the signature",
        "Page 1 of",
        "The drawn signature cannot be shown here",
    ] {
        assert!(words.contains(said), "{said} in {words}");
    }
    assert!(!words.contains("What came later") && !words.contains("Nobody has signed"));
    let proof = max.get(&format!("/jobs/{job}/signoffs/{signoff}/proof")).bytes;
    assert_eq!(attached::file(&pdf, PROOF), Some(proof));
    assert_eq!(check(&pdf, &office.app.keys.server_key()), Seal::Whole);
    assert_eq!(printed(&max, &format!("/jobs/{job}/report.pdf")), pdf, "the same file again");
    let address = format!("/jobs/{job}/signoffs/{signoff}/document.pdf");
    assert_eq!(printed(&max, &address), pdf, "it is this signature that stands");

    let chinese = Browser::signed_in(&office, "max").speaking("zh");
    let words = text(&printed(&chinese, &format!("/jobs/{job}/report.pdf")));
    for said in ["维修服务报告", "故障原因", "签字确认", "第 1 页"] {
        assert!(words.contains(said), "{said} in {words}");
    }
}

#[test]
fn a_report_that_nobody_has_signed_says_so() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let max = Browser::signed_in(&office, "max");
    let pdf = printed(&max, &format!("/jobs/{job}/report.pdf"));
    assert!(text(&pdf).contains("Not signed") && text(&pdf).contains("may still change"));
    assert_eq!(attached::file(&pdf, PROOF), None);
    let found = Browser::new(&office).upload("/verify", "proof", &pdf);
    assert!(found.says("This document is as it was printed. Nobody has signed it."));
}

#[test]
fn c3_c6_the_plan_and_the_analysis_are_documents_of_their_own() {
    let office = Office::open();
    let job = office.job_for("ada", "Pump noise");
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    let max = Browser::signed_in(&office, "max");
    let page = max.get(&format!("/jobs/{job}"));
    assert!(page.part("papers").contains("report.pdf") && !page.says("plan.pdf"));
    ada.set(job, "plan/safety", "Lock the valve first");
    ada.sign_off(job, Purpose::Plan);
    ada.set(job, "report/doubted", true);
    ada.set(job, "report/analysis", "The bearing ran dry");
    ada.sync();
    let page = max.get(&format!("/jobs/{job}"));
    assert!(page.part("papers").contains("plan.pdf") && page.says("analysis.pdf"));
    let plan = text(&printed(&max, &format!("/jobs/{job}/plan.pdf")));
    for said in ["Maintenance plan", "Lock the valve first", "Wang Min"] {
        assert!(plan.contains(said), "{said} in {plan}");
    }
    assert!(!plan.contains("ran dry"), "the plan knows nothing of what came after it");
    let analysis = text(&printed(&max, &format!("/jobs/{job}/analysis.pdf")));
    assert!(analysis.contains("Fault analysis") && analysis.contains("The bearing ran dry"));
}

#[test]
fn what_came_later_stands_beside_what_was_signed() {
    let office = Office::open();
    let job = office.job_for("ada", "Flow meter reads high");
    let path = Path::new("assignment/helpers").child(office.user("ben"));
    office.desk_edit("dora", job, Edit::SetField { path, value: true.into() }).unwrap();
    let (mut ada, mut ben) = (Phone::of(&office, "ada"), Phone::of(&office, "ben"));
    ada.sync();
    ben.sync();
    ada.set(job, "report/cause", "Sensor aged");
    ada.set(job, "report/finished_at", ada.clock_ms);
    let signoff = ada.sign_off(job, Purpose::Report);
    ben.set(job, "report/advice", "Clean it yearly");
    ada.sync();
    ben.sync();
    let max = Browser::signed_in(&office, "max");
    let words = text(&printed(&max, &format!("/jobs/{job}/report.pdf")));
    let later = words.find("What came later").expect("what came later is named");
    let late = words.find("Clean it yearly").expect("with its words");
    assert!(late > later && words.contains("Ben Okafor"), "{words}");

    let amended = max.post(&format!("/jobs/{job}/amend"), &[("reason", "Wrong serial number")]);
    assert_eq!(amended.status, 303);
    let cause = Path::new("report/cause");
    let edit = Edit::SetField { path: cause, value: "Sensor swapped".into() };
    office.desk_edit("dora", job, edit).unwrap();
    let draft = text(&printed(&max, &format!("/jobs/{job}/report.pdf")));
    assert!(draft.contains("Not signed") && draft.contains("Sensor swapped"), "{draft}");
    let was = text(&printed(&max, &format!("/jobs/{job}/signoffs/{signoff}/document.pdf")));
    for said in ["opened again since", "Sensor aged", "Wrong serial number", "Sensor swapped"] {
        assert!(was.contains(said), "{said} in {was}");
    }
}

/// FAULTS row 75, on paper: what people write is letters.
#[test]
fn nothing_that_people_write_is_run_and_nothing_runs_over_the_edge() {
    let office = Office::open();
    let written = "#read(\"/etc/passwd\") $x^2$ *b* @ref \\ // <a> `r` #panic() = H";
    let job = office.job_for("ada", written);
    let endless = "x".repeat(280);
    let cause = Edit::SetField { path: Path::new("report/cause"), value: endless.as_str().into() };
    office.desk_edit("dora", job, cause).unwrap();
    let max = Browser::signed_in(&office, "max");
    let words = text(&printed(&max, &format!("/jobs/{job}/report.pdf")));
    assert!(words.contains(written), "{words}");
    assert_eq!(words.matches('x').count(), endless.len() + written.matches('x').count(), "{words}");
}

/// The report of a signed job.
pub(crate) fn signed_pdf(office: &Office) -> Vec<u8> {
    let (_, job, _) = signed(office, "Pump noise");
    printed(&Browser::signed_in(office, "max"), &format!("/jobs/{job}/report.pdf"))
}

/// The PDF with one of its files changed, as somebody would who knows how.
pub(crate) fn with_file(pdf: &[u8], name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let was = attached::file(pdf, name).expect("the file is in it");
    let mut document = Document::load_mem(pdf).unwrap();
    let holds = |object: &Object| {
        let content = object.as_stream().ok().and_then(|it| it.get_plain_content().ok());
        content.is_some_and(|content| content == was)
    };
    let id = *document.objects.iter().find(|(_, object)| holds(object)).unwrap().0;
    let other = change(&String::from_utf8(was.clone()).unwrap()).into_bytes();
    assert_ne!(other, was);
    document.objects.insert(id, Stream::new(dictionary! {}, other).into());
    let mut changed = Vec::new();
    document.save_to(&mut changed).unwrap();
    changed
}

fn verified(office: &Office, pdf: &[u8]) -> Page {
    let page = Browser::new(office).upload("/verify", "proof", pdf);
    assert_eq!(page.status, 200);
    page
}

#[test]
fn whoever_has_the_pdf_sees_that_it_is_identical_or_what_was_changed() {
    let office = Office::open();
    let (_, job, _) = signed(&office, "Pump noise");
    let max = Browser::signed_in(&office, "max");
    let pdf = printed(&max, &format!("/jobs/{job}/report.pdf"));
    let page = verified(&office, &pdf);
    for said in ["Identical", "Countersigned by this server", "Worn bearing", "Wang Min"] {
        assert!(page.says(said), "{said}");
    }
    // The content that the proof carries, by one letter.
    let bearing = |content: &str| content.replace("Worn bearing", "Worn bearinG");
    let page = verified(&office, &with_file(&pdf, PROOF, bearing));
    for said in ["Changed: this is not", "These fields do not read", "<li>Cause</li>"] {
        assert!(page.says(said), "{said} in {}", page.html());
    }
    assert!(!page.says("Wang Min"), "nothing of a broken proof is shown as signed");
    // Both copies of it: only this server's own record can tell now.
    let both = with_file(&with_file(&pdf, PROOF, bearing), CONTENT, bearing);
    assert!(verified(&office, &both).says("<li>Cause</li>"));
    assert!(!verified(&Office::open(), &both).says("<li>"), "another server cannot know");
    // Anything else in the file: the pages may say anything.
    let mut pages = pdf.clone();
    let at = pages.len() / 2;
    pages[at] ^= 1;
    let page = verified(&office, &with_file(&pdf, CONTENT, |content| format!("{content} ")));
    assert!(page.says("so its pages may say anything") && page.says("Worn bearing"));
    assert!(!verified(&office, &pages).says("Identical"));
    // The proof of another job in its place.
    let (_, other, _) = signed(&office, "Valve leaks");
    let theirs = printed(&max, &format!("/jobs/{other}/report.pdf"));
    let foreign = String::from_utf8(attached::file(&theirs, PROOF).unwrap()).unwrap();
    let page = verified(&office, &with_file(&pdf, PROOF, |_| foreign.clone()));
    assert!(page.says("Changed: this is not") && page.says("Valve leaks"));
    assert!(verified(&office, &theirs).says("Valve leaks"), "it says itself whose it is");
}

#[test]
fn programs_are_told_the_same() {
    let office = Office::open();
    let pdf = signed_pdf(&office);
    let told = |file: &[u8]| office.post("/v1/verify", None, "application/pdf", file).json();
    let whole = told(&pdf);
    assert!(whole["valid"] == true && whole["ours"] == true && whole["printed"] == true);
    assert_eq!(whole["statement"]["signatory"]["name"], "Wang Min");
    let other = told(&with_file(&pdf, PROOF, |proof| proof.replace("Worn bearing", "Dirt")));
    assert!(other["valid"] == false && other["printed"] == false, "{other}");
    assert_eq!(other["changed"], serde_json::json!(["report/cause"]));
    assert!(other["statement"].is_null());
}

/// FAULTS row 83: also what unpacks to more than it may, as a PDF that somebody brings.
#[test]
fn what_is_no_document_of_ours_is_said_to_be_none() {
    let office = Office::open();
    let pdf = signed_pdf(&office);
    for cut in [5, 100, pdf.len() / 2] {
        let page = verified(&office, &pdf[..cut]);
        assert!(!page.says("Identical") && page.says("verdict-card alarm"), "cut at {cut}");
    }
    let nested = [b"%PDF-1.7\n1 0 obj\n".to_vec(), b"[".repeat(500_000)].concat();
    for hostile in [nested, bomb(), circle()] {
        let page = verified(&office, &hostile);
        assert!(page.says("This PDF was not printed by Docket."), "{}", page.html());
    }
    let packed = [b"%PDF-1.7\n".to_vec(), b"1 0 obj <</Type /ObjStm>> endobj\n".repeat(5_000)];
    assert!(verified(&office, &packed.concat()).says("This PDF was not printed by Docket."));
    let huge = [b"%PDF-1.7\n".to_vec(), vec![b' '; PDF_BYTES_MAX]].concat();
    assert!((400..500).contains(&Browser::new(&office).upload("/verify", "proof", &huge).status));
}

/// A file of that name which unpacks to many times what a proof may be.
fn bomb() -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        packer.write_all(&vec![0; 1024 * 1024]).unwrap();
    }
    let filter = dictionary! { "Filter" => "FlateDecode" };
    carrying(Stream::new(filter, packer.finish().unwrap()).into())
}

/// A file that is where itself is.
fn circle() -> Vec<u8> {
    carrying(Object::Reference((1, 0)))
}

fn carrying(file: Object) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    document.objects.insert((1, 0), file);
    let name = Object::string_literal(PROOF);
    let files = dictionary! { "F" => Object::Reference((1, 0)) };
    document.add_object(dictionary! { "Type" => "Filespec", "F" => name, "EF" => files });
    document.max_id = 10;
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    pdf
}

#[test]
fn the_code_on_a_document_tells_only_that_the_signature_is_here() {
    let office = Office::open();
    let (_, job, signoff) = signed(&office, "Pump noise");
    let stranger = Browser::new(&office);
    let proof = Browser::signed_in(&office, "max")
        .get(&format!("/jobs/{job}/signoffs/{signoff}/proof"))
        .html();
    let digest = digest_in(&proof);
    let known = stranger.get(&format!("/verify?signoff={signoff}&digest={}", &digest[..32]));
    for said in ["This signature is known here.", "Northwind Instruments", "Accepted", "It stands"]
    {
        assert!(known.says(said), "{said} in {}", known.html());
    }
    for kept in ["Wang Min", "Worn bearing", "Pump noise", "Ada Novak"] {
        assert!(!known.says(kept), "{kept} is nothing a stranger is told");
    }
    let unknown = ItemId::new(1, [7; 10]);
    let answers =
        [(unknown, &digest[..32]), (signoff, &digest[1..33]), (signoff, ""), (unknown, "")]
            .map(|(id, digest)| stranger.get(&format!("/verify?signoff={id}&digest={digest}")));
    for answer in &answers {
        assert!(answer.says("There is no signature with this code here."));
        assert_eq!(answer.part("content"), answers[0].part("content"), "all are answered alike");
    }
    let refused = stranger.get("/verify?signoff=nonsense");
    assert!((400..500).contains(&refused.status));
}

fn digest_in(proof: &str) -> String {
    let proof: serde_json::Value = serde_json::from_str(proof).unwrap();
    proof["statement"]["content_digest"].as_str().unwrap().to_owned()
}
