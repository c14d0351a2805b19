//! `docket import jobs` and `docket export jobs`: the record table, from and to a file.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::terminal::{clerk, open, table, words};
use crate::audit::{self, Deed};
use crate::people;
use crate::records_csv::{
    CsvError, ImportReport, Period, ReadFile, export_jobs, import_jobs, parse_date, read_file,
};
use crate::store::StoreError;
use crate::words::Words;

/// Bad rows shown one by one; the count says how many there are.
const BAD_ROWS_SHOWN: usize = 50;

/// Imports a file in the name of `login`, or of somebody at the service desk.
pub fn import(data: &Path, file: &Path, login: Option<&str>) -> Result<()> {
    let words = words();
    let name = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| {
        let variables = [("file", name.as_str().into()), ("reason", error.to_string().into())];
        anyhow::anyhow!(words.with("file-unreadable", &variables))
    })?;
    let read = match read_file(&bytes) {
        Ok(read) => read,
        Err(CsvError::Empty) => bail!(words.get("csv-empty")),
        Err(CsvError::NoHeadings) => bail!(words.get("csv-no-headings")),
    };
    let app = open(words, data)?;
    let scope = clerk(words, &app, login)?;
    let head = head(words, &name, &read);
    let unknown_headings = read.unknown_headings.join(", ");
    let report = import_jobs(&app, &scope, read, &TimeZone::system())?;
    print!("{head}{}", body(words, &report, &unknown_headings));
    Ok(())
}

fn head(words: Words, name: &str, read: &ReadFile) -> String {
    let variables = [("file", name.into()), ("encoding", read.encoding.name().into())];
    let rows = read.rows.len() + read.bad_rows.len();
    let (file, rows) = (words.with("import-read", &variables), words.count("import-rows", rows));
    format!("{file}\n  {rows}\n")
}

fn body(words: Words, report: &ImportReport, unknown_headings: &str) -> String {
    let mut text = format!("  {}\n", words.count("import-added", report.added));
    if report.known > 0 {
        text += &format!("  {}\n", words.count("import-known", report.known));
    }
    if !report.bad_rows.is_empty() {
        text += &format!("  {}\n", words.count("import-bad", report.bad_rows.len()));
    }
    let names =
        |id: &str, names: &str| format!("\n{}\n", words.with(id, &[("names", names.into())]));
    if !unknown_headings.is_empty() {
        text += &names("import-unknown-headings", unknown_headings);
    }
    if !report.strangers.is_empty() {
        text += &names("import-strangers", &report.strangers.join(", "));
    }
    if !report.bad_rows.is_empty() {
        let heading = vec![words.get("import-line"), words.get("import-reason")];
        let bad = report.bad_rows.iter().take(BAD_ROWS_SHOWN);
        let bad = bad.map(|row| vec![row.line.to_string(), row.problem.words(words)]);
        let rows: Vec<_> = [heading].into_iter().chain(bad).collect();
        text += &format!("\n{}", table(&rows));
    }
    text
}

/// Which days, as they are typed.
#[derive(Debug, Default)]
pub struct ExportPeriod {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// Reads a day of the command line.
pub fn day(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| words().with("row-date-unclear", &[("text", text.into())]))
}

/// Exports to a file, or to standard output.
pub fn export(data: &Path, period: &ExportPeriod, output: Option<&Path>) -> Result<()> {
    let words = words();
    let app = open(words, data)?;
    let scope = clerk(words, &app, None)?;
    let period = Period { from: period.from, to: period.to };
    let (csv, count) = export_jobs(&app, &scope, period, words.0, &TimeZone::system())?;
    let name = output.map_or("-".into(), |path| path.display().to_string());
    let file = output.and_then(Path::file_name).map(|file| file.to_string_lossy().into_owned());
    let (tenant, taken) = (scope.tenant, file.unwrap_or_else(|| "jobs.csv".to_owned()));
    app.store.write_blocking(move |tx| {
        audit::note(tx, &people::founder(tenant), Deed::TableTaken, &taken)
            .map_err(StoreError::from)
    })?;
    let written = match output {
        Some(path) => std::fs::write(path, &csv),
        None => std::io::stdout().lock().write_all(&csv),
    };
    written.map_err(|error| {
        let variables = [("file", name.as_str().into()), ("reason", error.to_string().into())];
        anyhow::anyhow!(words.with("file-unwritable", &variables))
    })?;
    // Beside the table itself, a sentence would only be in the way.
    if output.is_some() {
        let variables = [("count", count.into()), ("file", name.into())];
        println!("{}", words.with("export-done", &variables));
    }
    Ok(())
}
