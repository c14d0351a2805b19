//! Full-text search over jobs: SQLite's trigram index, which needs no word boundaries and so
//! serves Chinese and English alike. Words shorter than three characters, common in Chinese,
//! are looked up by scanning the same text.

use docket_protocol::record::job::JobContent;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

/// Everything of a job that people search by.
pub(super) fn words_of(number: &str, lead_name: &str, job: &JobContent) -> String {
    let intake = &job.intake;
    let report = &job.report;
    let mut words = vec![
        number,
        lead_name,
        &intake.title,
        &intake.customer,
        &intake.site,
        &intake.equipment,
        &intake.caller,
        &intake.category,
        &intake.symptom,
        &report.cause,
        &report.treatment,
    ];
    words.extend(job.steps.values().map(|step| step.text.as_str()));
    words.extend(job.parts.values().flat_map(|part| [part.name.as_str(), part.serial.as_str()]));
    words.retain(|text| !text.is_empty());
    words.join("\n")
}

pub(super) fn replace(sql: &Connection, job: i64, words: &str) -> rusqlite::Result<()> {
    sql.prepare_cached("delete from job_search where rowid = ?1")?.execute([job])?;
    sql.prepare_cached("insert into job_search (rowid, words) values (?1, ?2)")?
        .execute(params![job, words])?;
    Ok(())
}

/// The conditions that a job `j` contains every word of what was typed, with their values.
pub(crate) fn conditions(typed: &str) -> impl Iterator<Item = (&'static str, Value)> {
    // Control characters mean nothing to people, and a NUL ends a pattern for SQLite.
    let apart = |letter: char| letter.is_whitespace() || letter.is_control();
    typed.split(apart).filter(|word| !word.is_empty()).map(condition)
}

/// The condition that a job contains this word, and the value it is bound to.
fn condition(word: &str) -> (&'static str, Value) {
    if word.chars().count() >= 3 {
        // Quoted, so that nothing a person types is taken for search syntax.
        let quoted = format!("\"{}\"", word.replace('"', "\"\""));
        ("j.id in (select s.rowid from job_search s where s.words match ?)", quoted.into())
    } else {
        let escaped: String = word
            .chars()
            .flat_map(|letter| {
                matches!(letter, '%' | '_' | '\\').then_some('\\').into_iter().chain([letter])
            })
            .collect();
        (
            r"j.id in (select s.rowid from job_search s where s.words like ? escape '\')",
            format!("%{escaped}%").into(),
        )
    }
}
