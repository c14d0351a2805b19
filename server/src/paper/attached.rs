//! Takes the files out of a PDF that somebody brings. It may be anything: what is read is
//! bounded before it is unpacked, and what cannot be read is no document of ours.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Dictionary, Document, LoadOptions, Object};

use crate::limits::{ATTACHED_FILES_MAX, PACKED_OBJECTS_MAX, PROOF_BYTES_MAX};

/// The proof of a sign-off, as exported.
pub const PROOF: &str = "proof.json";
/// What was signed, once more: so that a proof that was changed shows where.
pub const CONTENT: &str = "signed-content.json";

/// Whether a file calls itself a PDF; some programs put a few bytes before its name.
pub fn is_pdf(file: &[u8]) -> bool {
    file[..file.len().min(1_024)].windows(5).any(|window| window == b"%PDF-")
}

/// The file of that name in a PDF; none where there is none, or where the PDF is no good.
pub fn file(pdf: &[u8], name: &str) -> Option<Vec<u8>> {
    // Objects in packed streams unpack while it is loaded. Ours are not packed; programs that
    // save a PDF again pack a few.
    let packed = pdf.windows(7).filter(|window| window == b"/ObjStm").count();
    if packed > PACKED_OBJECTS_MAX {
        return None;
    }
    // A reader of hostile files may have a fault of its own; this request ends then, no more.
    catch_unwind(AssertUnwindSafe(|| read(pdf, name))).ok().flatten()
}

fn read(pdf: &[u8], name: &str) -> Option<Vec<u8>> {
    let options = LoadOptions::with_max_decompressed_size(PROOF_BYTES_MAX / 4);
    let document = Document::load_mem_with_options(pdf, options).ok()?;
    let specs = document.objects.values().filter_map(|object| object.as_dict().ok());
    let named = specs.filter(|spec| is_file_of(spec, name)).take(ATTACHED_FILES_MAX);
    named.filter_map(|spec| content(&document, spec)).last()
}

fn is_file_of(spec: &Dictionary, name: &str) -> bool {
    let says = |key: &[u8]| {
        let text = spec.get(key).ok().and_then(|value| lopdf::decode_text_string(value).ok());
        text.as_deref() == Some(name)
    };
    spec.has(b"EF") && (says(b"UF") || says(b"F"))
}

fn content(document: &Document, spec: &Dictionary) -> Option<Vec<u8>> {
    let files = at(document, spec.get(b"EF").ok()?)?.as_dict().ok()?;
    let stream = files.get(b"F").or_else(|_| files.get(b"UF")).ok()?;
    let stream = at(document, stream)?.as_stream().ok()?;
    stream.get_plain_content_with_limit(PROOF_BYTES_MAX).ok()
}

fn at<'d>(document: &'d Document, object: &'d Object) -> Option<&'d Object> {
    document.dereference(object).ok().map(|(_, object)| object)
}
