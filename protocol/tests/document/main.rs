//! PROTOCOL.md, SIGNOFF.md and the code say the same: every type that travels with each of its
//! fields, every code and every limit is in them, and their examples are what the code makes.
//!
//! Examples and limits are refreshed by `DOCKET_PROTOCOL=write cargo test -p docket-protocol
//! --test document`; tables are written by people, and compared.

#![allow(clippy::disallowed_methods, reason = "the document and the sources are files")]

mod codes;
mod examples;
mod limits;
mod notation;
mod page;
mod source;

use std::collections::{BTreeMap, BTreeSet};

use page::Page;
use source::Field;

/// Fails with the rule and everything that breaks it.
fn check(rule: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "\n{rule}\n  {}\n", offenders.join("\n  "));
}

#[test]
fn every_example_and_limit_in_the_document_is_what_the_code_makes() {
    let examples = examples::all();
    let made: BTreeMap<String, String> = examples.blocks.into_iter().chain(limits::all()).collect();
    let mut page = Page::read();
    if std::env::var("DOCKET_PROTOCOL").as_deref() == Ok("write") {
        page.write(&made);
        Page::write_files(&examples.files);
    }
    let said = page.made();
    let mut offenders: Vec<String> = made
        .keys()
        .filter(|name| !said.contains_key(*name))
        .map(|name| format!("{name} has no place: <!-- made: {name} --> and <!-- /made -->"))
        .collect();
    for (name, said) in &said {
        match made.get(name) {
            None => offenders.push(format!("nothing makes {name}")),
            Some(made) if made != said => {
                offenders.push(format!("{name} is now\n{made}\n  and the document says\n{said}"));
            }
            Some(_) => {}
        }
    }
    let (kept, files) = (Page::files(), examples.files);
    let names: BTreeSet<&String> = kept.keys().chain(files.keys()).collect();
    let differing = names.into_iter().filter(|name| kept.get(*name) != files.get(*name));
    offenders.extend(differing.map(|name| format!("protocol/examples/{name} is another now")));
    check("the document shows what the code makes (DOCKET_PROTOCOL=write refreshes):", &offenders);
}

#[test]
fn every_type_of_the_wire_is_in_the_document_field_by_field() {
    let (types, tables) = (source::types(), Page::read().tables());
    assert!(types.len() > 20, "{} types", types.len());
    let mut offenders = Vec::new();
    for (name, fields) in &types {
        match tables.get(name) {
            None => offenders.push(format!("{name} has no table")),
            Some(rows) => {
                let missing = fields.iter().filter(|field| !rows.contains(field));
                offenders.extend(missing.map(|field| format!("{name} lacks the row {field}")));
                let more = rows.iter().filter(|row| !fields.contains(row));
                offenders.extend(more.map(|row| format!("{name} has no such field: {row}")));
            }
        }
    }
    let unknown = tables.keys().filter(|name| !types.contains_key(*name));
    offenders.extend(unknown.map(|name| format!("{name} is no type of the wire")));
    check("there is a table for every type that travels, just as it is:", &offenders);
}

#[test]
fn every_type_that_a_table_names_is_explained() {
    let page = Page::read();
    let (types, explained) = (source::types(), page.explained());
    let named: BTreeSet<String> = types.values().flatten().flat_map(Field::types).collect();
    let is_known = |name: &String| types.contains_key(name) || explained.contains(name);
    let offenders: Vec<String> = named.into_iter().filter(|name| !is_known(name)).collect();
    check("what a table calls a type is a row or a table itself:", &offenders);
}

#[test]
fn every_type_and_variant_in_cbor_is_shown_in_an_example() {
    let shown = examples::all().shown;
    let mut offenders = Vec::new();
    for (name, fields) in source::types() {
        let in_cbor = fields[0].number.is_some();
        let is_enum = fields[0].name.starts_with(char::is_uppercase);
        if in_cbor && is_enum {
            offenders.extend(fields.iter().map(|variant| format!("{name}::{}", variant.name)));
        } else if in_cbor {
            offenders.push(name);
        }
    }
    offenders.retain(|name| !shown.contains(name));
    check("examples.rs shows one of every type and variant that travels as CBOR:", &offenders);
}

#[test]
fn every_code_that_is_answered_is_in_the_document() {
    let (codes, page) = (codes::all(), Page::read());
    assert!(codes.len() > 60, "{} codes", codes.len());
    let offenders: Vec<String> = codes.into_iter().filter(|code| !page.has_word(code)).collect();
    check("every code of an error, a refusal or held work is in a document:", &offenders);
}
