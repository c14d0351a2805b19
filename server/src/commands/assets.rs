//! `docket import assets`: a table of equipment, from a file into the dossiers.

use std::path::Path;

use anyhow::{Result, bail};
use jiff::tz::TimeZone;

use super::terminal::{clerk, open, table, words};
use crate::asset_table::{self, Fault, Plan};
use crate::limits::ASSET_FILE_BYTES_MAX;
use crate::words::Words;

/// Lines of each kind that are shown one by one; the count says how many there are.
const LINES_SHOWN: usize = 50;

/// Imports a file in the name of `login`, or of somebody at the service desk. What it does is said
/// first; with `dry_run` that is all.
pub fn import(data: &Path, file: &Path, login: Option<&str>, dry_run: bool) -> Result<()> {
    let words = words();
    let name = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| {
        let variables = [("file", name.as_str().into()), ("reason", error.to_string().into())];
        anyhow::anyhow!(words.with("file-unreadable", &variables))
    })?;
    if bytes.len() > ASSET_FILE_BYTES_MAX {
        bail!(words.get("asset-file-too-large"));
    }
    let read = match asset_table::read_table(&bytes) {
        Ok(read) => read,
        Err(error) => bail!(words.get(error.word())),
    };
    let app = open(words, data)?;
    let scope = clerk(words, &app, login)?;
    let head = [("file", name.into()), ("encoding", read.format.into())];
    println!("{}", words.with("import-read", &head));
    if !read.unknown_headings.is_empty() {
        let names = read.unknown_headings.join(", ");
        println!("{}", words.with("import-unknown-headings", &[("names", names.into())]));
    }
    let zone = TimeZone::system();
    let planned = scope.clone();
    let plan = app.store.read_blocking(move |sql| {
        asset_table::plan(sql, &planned, read, &zone).map_err(crate::store::StoreError::from)
    })?;
    print!("{}", told(words, &plan));
    if dry_run {
        return Ok(());
    }
    let planned = plan.faults.len();
    let runtime = tokio::runtime::Runtime::new()?;
    let done = runtime.block_on(asset_table::apply(&app.store, &scope, plan))?;
    if done.faults.len() > planned {
        print!("{}", faults(words, &done.faults));
    }
    let numbers = [("added", done.added.into()), ("changed", done.changed.into())];
    println!("{}", words.with("asset-import-done", &numbers));
    Ok(())
}

/// What would be done, line by line.
fn told(words: Words, plan: &Plan) -> String {
    let numbers = [
        ("added", plan.additions.len().into()),
        ("changed", plan.alterations.len().into()),
        ("faults", plan.faults.len().into()),
    ];
    let same = words.count("asset-import-same", plan.same);
    let would = words.with("asset-import-would", &numbers);
    let mut text = format!("{}\n", format!("{would} {same}").trim_end());
    let changes = plan.alterations.iter().take(LINES_SHOWN).flat_map(|other| {
        other.texts.iter().map(|(column, is, becomes)| {
            let column = column.heading(words.0).to_owned();
            let what = format!("{is} → {becomes}");
            vec![other.line.to_string(), other.name.clone(), column, what]
        })
    });
    let rows: Vec<_> = changes.collect();
    if !rows.is_empty() {
        text += &format!("\n{}\n{}", words.get("asset-import-changes"), table(&rows));
    }
    if !plan.faults.is_empty() {
        text += &faults(words, &plan.faults);
    }
    text
}

fn faults(words: Words, faults: &[Fault]) -> String {
    let heading = ["import-line", "asset-import-column", "import-reason"];
    let heading: Vec<String> = heading.into_iter().map(|id| words.get(id)).collect();
    let rows = faults.iter().take(LINES_SHOWN).map(|fault| {
        let column = fault.column.map_or("", |column| column.heading(words.0)).to_owned();
        vec![fault.line.to_string(), column, fault.problem.words(words)]
    });
    let rows: Vec<_> = [heading].into_iter().chain(rows).collect();
    format!("\n{}\n{}", words.get("asset-import-faults"), table(&rows))
}
