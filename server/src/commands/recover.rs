//! `docket recover`: after a restore, what was lost, what came back, and whom to wait for.

use std::path::Path;

use anyhow::Result;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::terminal::{open, table, words};
use crate::recover::{self, PhoneReport, Report, Restore};
use crate::store::StoreError;
use crate::words::Words;

/// Prints the report, for people or as JSON for programs.
pub fn run(data: &Path, json: bool) -> Result<()> {
    let words = words();
    let app = open(words, data)?;
    let report = app.store.read_blocking(|sql| recover::report(sql).map_err(StoreError::from))?;
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", text(words, &report));
    }
    Ok(())
}

fn text(words: Words, report: &Report) -> String {
    if report.restores.is_empty() {
        return format!("{}\n", words.get("recover-never"));
    }
    let mut text: String =
        report.restores.iter().map(|restore| restore_text(words, restore)).collect();
    text += &format!("\n{}\n", words.count("recover-returned", count(report.changes_returned)));
    if report.changes_returned > 0 {
        let records = words.count("recover-returned-records", count(report.records_returned));
        text += &format!("  {records}\n");
    }
    if report.waiting > 0 {
        text += &format!("  {}\n", words.count("recover-waiting", count(report.waiting)));
    }
    if !report.phones.is_empty() {
        text += &format!("\n{}", phones(words, &report.phones));
    }
    text + &format!("\n{}\n", words.get("recover-next"))
}

fn restore_text(words: Words, restore: &Restore) -> String {
    let at = moment(restore.noticed_at);
    let noticed = words.with("recover-noticed", &[("at", at.into())]);
    let lost = match restore.rows_lost() {
        Some(rows) => words.count("recover-lost", count(rows)),
        None => words.get("recover-lost-unknown"),
    };
    format!("{noticed}\n  {lost}\n")
}

fn phones(words: Words, phones: &[PhoneReport]) -> String {
    let heading = ["person", "phone", "last-seen", "brought", "since"]
        .map(|name| words.get(&format!("recover-{name}")))
        .to_vec();
    let rows = phones.iter().map(|phone| {
        let since = if phone.seen_since { "recover-seen" } else { "recover-not-seen" };
        vec![
            phone.person.clone(),
            phone.name.clone(),
            moment(phone.last_seen_at),
            phone.returned.to_string(),
            words.get(since),
        ]
    });
    table(&[heading].into_iter().chain(rows).collect::<Vec<_>>())
}

fn moment(at_ms: i64) -> String {
    let at = Timestamp::from_millisecond(at_ms).ok();
    at.map_or_else(String::new, |at| {
        at.to_zoned_datetime(TimeZone::system()).strftime("%F %T %Z").to_string()
    })
}

fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
