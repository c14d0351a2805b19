//! E4: the equipment of all customers is counted, found, saved as a table, and a table goes in:
//! first it is said what it would do, then just that is done, and twice is as good as once.

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_server::desk::{self, DeskError};

use crate::browser::{Browser, Page};
use crate::records::{job, window};
use crate::support::Office;

const DAY_MS: i64 = 86_400_000;

pub(crate) fn customer(office: &Office, name: &str) -> RecordId {
    let dora = office.scope("dora");
    let fields = [(Path::new("name"), name.into())].into();
    let create = Edit::Create { fields, entries: Vec::new() };
    let store = &office.app.store;
    let opened =
        store.write_blocking(move |tx| desk::create(tx, &dora, RecordKind::Dossier, &create));
    opened.map_err(|error: DeskError| error.to_string()).unwrap()
}

fn thing(office: &Office, dossier: RecordId, fields: &[(&str, FieldValue)]) -> ItemId {
    let number = office.log_rows().to_be_bytes();
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number);
    let id = ItemId::new(office.app.clock.now_ms(), random);
    let fields = fields.iter().map(|(field, value)| ((*field).to_owned(), value.clone()));
    let collection = Path::new("equipment");
    let entry = NewEntry { collection, id, fields: fields.collect() };
    office.desk_edit("dora", dossier, Edit::AddEntry(entry)).unwrap();
    id
}

/// A printer and a pump of one customer, a printer of another.
fn three_things(office: &Office) -> (RecordId, ItemId) {
    let now = office.app.clock.now_ms();
    let harbour = customer(office, "Harbour Water");
    let mill = customer(office, "River Mill");
    let printer = thing(
        office,
        harbour,
        &[
            ("name", "Label printer".into()),
            ("kind", "Printer".into()),
            ("model", "ZP-420".into()),
            ("serial", "ZP420-1".into()),
            ("site", "Dock 4".into()),
            ("warranty_until", (now + 30 * DAY_MS).into()),
        ],
    );
    thing(
        office,
        harbour,
        &[
            ("name", "Pump".into()),
            ("kind", "Pump".into()),
            ("warranty_until", (now - DAY_MS).into()),
        ],
    );
    thing(office, mill, &[("name", "Printer".into()), ("kind", "Printer".into())]);
    (harbour, printer)
}

/// The lines of the list.
fn listed(page: &Page) -> Vec<String> {
    let list = page.part("assets");
    let links = list.split("#entry-").skip(1);
    links
        .map(|rest| {
            let name = rest.split('>').nth(1).unwrap_or_default();
            name.split('<').next().unwrap_or_default().to_owned()
        })
        .collect()
}

#[test]
fn e4_equipment_is_counted_by_kind_and_found_by_what_is_on_its_label() {
    let office = Office::open();
    let (harbour, printer) = three_things(&office);
    let ada = Browser::signed_in(&office, "ada");
    let page = ada.get("/assets");
    assert_eq!(listed(&page), ["Label printer", "Pump", "Printer"]);
    assert!(page.says("3 pieces of equipment"));
    assert!(page.says("Printer <b>2</b>") && page.says("Pump <b>1</b>"), "{}", page.html());
    assert!(page.says(&format!("/dossiers/{harbour}?asset={printer}#entry-{printer}")));
    for (address, names) in [
        ("/assets?query=zp420-1", ["Label printer"].as_slice()),
        ("/assets?query=ZP-4+harbour", &["Label printer"]),
        ("/assets?query=p", &["Label printer", "Pump", "Printer"]),
        ("/assets?kind=Printer", &["Label printer", "Printer"]),
        ("/assets?customer=Harbour+Water&site=Dock+4", &["Label printer"]),
        ("/assets?customer=mill", &["Printer"]),
        ("/assets?warranty=soon", &["Label printer"]),
        ("/assets?warranty=over", &["Pump"]),
        ("/assets?kind=-", &[]),
    ] {
        let page = ada.get(address);
        let found = if names.is_empty() { Vec::new() } else { listed(&page) };
        assert_eq!(found, *names, "{address}");
    }
    let narrowed = ada.get("/assets?customer=Harbour+Water&kind=Pump");
    assert!(narrowed.says("Printer <b>1</b>"), "kinds are counted within the rest of the filter");
}

#[test]
fn e4_the_list_follows_its_dossiers_and_a_rebuild_says_the_same() {
    let office = Office::open();
    let (harbour, printer) = three_things(&office);
    let set = |path: Path, value: FieldValue| {
        office.desk_edit("dora", harbour, Edit::SetField { path, value }).unwrap();
    };
    set(Path::new("name"), "Harbour & Sons".into());
    set(Path::new("equipment").child(printer).child("versions"), "Firmware 2.18".into());
    let max = Browser::signed_in(&office, "max");
    let before = max.get("/assets.csv").html();
    assert!(before.contains("Harbour & Sons,Printer,Label printer,ZP-420,ZP420-1,Dock 4,"));
    assert!(before.contains("Firmware 2.18") && !before.contains("Harbour Water"));
    office.app.store.write_blocking(docket_server::read_model::rebuild::rebuild).unwrap();
    assert_eq!(max.get("/assets.csv").html(), before);
}

#[test]
fn e4_the_list_comes_in_windows_that_miss_nothing() {
    let office = Office::open();
    let mill = customer(&office, "River Mill");
    for number in 0..205 {
        // Several of one name.
        let name = format!("Sensor {}", number % 40);
        thing(&office, mill, &[("name", name.into()), ("serial", format!("S-{number}").into())]);
    }
    let ada = Browser::signed_in(&office, "ada");
    let (mut address, mut seen, mut pages) = ("/assets".to_owned(), Vec::new(), 0);
    loop {
        let page = ada.get(&address);
        let html = page.html();
        seen.extend(
            html.split("\"figures\" data-label")
                .skip(1)
                .map(|rest| rest.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()),
        );
        pages += 1;
        let Some(next) = html.split("id=\"assets-next\" href=\"").nth(1) else { break };
        address = next.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    }
    assert_eq!((pages, seen.len()), (3, 205));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 205, "each once");
}

#[test]
fn e4_a_device_shows_what_became_of_it() {
    let office = Office::open();
    let (harbour, printer) = three_things(&office);
    let on_it = job(
        &office,
        &[
            ("intake/title", "Paper jam".into()),
            ("intake/dossier", harbour.to_string().into()),
            ("intake/equipment", "Label printer · ZP-420 · ZP420-1".into()),
        ],
    );
    job(
        &office,
        &[
            ("intake/title", "Pump noise".into()),
            ("intake/dossier", harbour.to_string().into()),
            ("intake/equipment", "Pump".into()),
        ],
    );
    let part = NewEntry {
        collection: Path::new("parts"),
        id: ItemId::new(1, [3; 10]),
        fields: [("name", "Roller"), ("serial", "R-77"), ("action", "fitted")]
            .map(|(field, text)| (field.to_owned(), text.into()))
            .into(),
    };
    let promise = NewEntry {
        collection: Path::new("promises"),
        id: ItemId::new(2, [4; 10]),
        fields: [("text".to_owned(), "Call back by noon".into())].into(),
    };
    office.desk_edit("dora", on_it, Edit::AddEntry(part)).unwrap();
    office.desk_edit("dora", on_it, Edit::AddEntry(promise)).unwrap();
    let page =
        Browser::signed_in(&office, "max").get(&format!("/dossiers/{harbour}?asset={printer}"));
    let history = page.part("asset");
    assert!(history.contains("Paper jam") && !history.contains("Pump noise"), "{history}");
    assert!(history.contains("Fitted · Roller · R-77"), "{history}");
    assert!(page.part("promises").contains("Call back by noon"));
}

const TABLE: &str = "Customer,Kind,Equipment,Model,Serial number,Site,Place,\
    Warranty until,Versions\r\n\
    Harbour Water,Printer,Label printer,ZP-421,ZP420-1,,,2027-01-31,\r\n\
    Harbour Water,Pump,pump,,,,,,\r\n\
    Harbour Water,Router,Dock router,R-9,R9-5,Dock 4,,,7.1\r\n\
    Somebody Else,Router,Router,,,,,,\r\n\
    Harbour Water,Router,Dock router,,r9-5,,,,\r\n\
    River Mill,Printer,Printer,,,,,someday,\r\n";

/// What the dry run wants to be sent back.
fn order(page: &Page) -> [(&'static str, String); 2] {
    ["file", "plan"].map(|name| (name, page.field(name).unwrap_or_default()))
}

fn send(browser: &Browser<'_>, order: &[(&'static str, String); 2]) -> Page {
    let fields = order.each_ref().map(|(name, value)| (*name, value.as_str()));
    browser.post("/assets/import", &fields)
}

#[test]
fn e4_a_table_says_first_what_it_would_do_and_does_it_once() {
    let office = Office::open();
    three_things(&office);
    let dora = window(&office, "dora");
    let rows = office.log_rows();
    let dry = dora.upload("/assets/check", "table", TABLE.as_bytes());
    assert_eq!(dry.status, 200);
    assert_eq!(office.log_rows(), rows, "nothing is written before somebody says so");
    assert!(dry.says("1 new, 1 changed, 3 lines not usable."), "{}", dry.html());
    let changes = dry.part("alterations");
    assert!(changes.contains("<del>ZP-420</del> → <ins>ZP-421</ins>"), "{changes}");
    assert!(changes.contains("<ins>2027-01-31</ins>") && !changes.contains("Dock"), "{changes}");
    let faults = dry.part("faults");
    for said in ["Somebody Else", "stands in line 4", "“someday” is not a date", "Serial number"]
    {
        assert!(faults.contains(said), "{said} in {faults}");
    }

    let done = send(&dora, &order(&dry));
    assert!(done.says("1 added, 1 changed."), "{}", done.html());
    assert_eq!(office.log_rows(), rows + 3, "an entry, and two fields");
    let list = dora.get("/assets?customer=Harbour+Water");
    assert!(list.says("R9-5") && list.says("ZP-421") && list.says("Dock 4"));

    let again = dora.upload("/assets/check", "table", TABLE.as_bytes());
    assert!(again.says("There is nothing to change. 3 lines say"), "{}", again.html());
    assert!(!again.says("/assets/import\""));
    let stale = send(&dora, &order(&dry));
    assert!(stale.says("Nothing was imported"), "what was shown no longer holds");
    assert_eq!(office.log_rows(), rows + 3);
}

#[test]
fn e4_what_was_saved_goes_in_again_and_changes_nothing() {
    let office = Office::open();
    three_things(&office);
    for login in ["dora", "adam"] {
        let browser = window(&office, login);
        for address in ["/assets.csv", "/assets.xlsx"] {
            let file = browser.get(address).bytes;
            let dry = browser.upload("/assets/check", "table", &file);
            assert!(dry.says("There is nothing to change. 3 lines say"), "{address}");
        }
    }
    // In Chinese, and as a Chinese spreadsheet saves it.
    let chinese = window(&office, "dora").speaking("zh");
    let file = String::from_utf8(chinese.get("/assets.csv").bytes).unwrap();
    let (gb18030, _, _) = encoding_rs::GB18030.encode(file.trim_start_matches('\u{feff}'));
    let dry = chinese.upload("/assets/check", "table", &gb18030);
    assert!(dry.says("GB18030") && dry.says("3 行与现有内容一致"), "{}", dry.html());
}

#[test]
fn e4_only_who_may_edit_dossiers_imports_and_no_other_file_is_taken() {
    let office = Office::open();
    three_things(&office);
    let rows = office.log_rows();
    for reader in ["ada", "eve"] {
        let reader = window(&office, reader);
        assert!(!reader.get("/assets").says("/assets/check\""));
        assert_eq!(reader.upload("/assets/check", "table", TABLE.as_bytes()).status, 403);
        assert_eq!(reader.post("/assets/import", &[("file", ""), ("plan", "")]).status, 403);
    }
    let max = window(&office, "max");
    for (file, said) in [
        (b"".as_slice(), "The file is empty"),
        (b"date,description\n", "must name the columns"),
        (b"PK\x03\x04 broken", "damaged"),
    ] {
        let page = max.upload("/assets/check", "table", file);
        assert_eq!(page.status, 422);
        assert!(page.says(said), "{}", page.html());
    }
    assert_eq!(max.post("/assets/import", &[("file", "###"), ("plan", "x")]).status, 400);
    assert_eq!(office.log_rows(), rows);
}

#[test]
fn customers_are_found_by_typing_a_part_of_their_name() {
    let office = Office::open();
    for name in ["Harbour Water", "Harbour Cold Storage", "River Mill"] {
        customer(&office, name);
    }
    let dora = Browser::signed_in(&office, "dora");
    assert_eq!(
        dora.get("/dossiers/names?query=rbour").html(),
        r#"["Harbour Cold Storage","Harbour Water"]"#
    );
    let which = dora.get("/jobs/new?customer=harbour");
    let which = which.html();
    let which =
        &which[which.find("id=\"candidates\"").unwrap()..which.find("class=\"new-job\"").unwrap()];
    assert!(which.contains("Harbour Water") && !which.contains("River Mill"), "{which}");
    // The only one that fits, and the one that is just that.
    for typed in ["mill", "harbour water"] {
        let page = dora.get(&format!("/jobs/new?customer={}", typed.replace(' ', "+")));
        assert_ne!(page.field("dossier").unwrap_or_default(), "", "{typed}");
    }
    let nobody = dora.get("/jobs/new?customer=Mine");
    assert!(nobody.says("No customer is called that"));
    assert_eq!(nobody.field("value:intake/customer").as_deref(), Some("Mine"));
    let list = dora.get("/dossiers?query=harbour");
    assert!(list.says("2 customers") && !list.says("River Mill"));
    assert!(dora.get("/dossiers?from=2").says("River Mill"));
    assert!(!dora.get("/dossiers?from=2").says("Harbour Water"));
}
