//! Full-text search over jobs. SQLite's trigram index needs no word boundaries and so serves
//! Chinese and English alike; words shorter than three letters, common in Chinese, are found by
//! an index of pairs of letters beside it.

use std::collections::BTreeSet;

use docket_protocol::record::job::JobContent;
use docket_protocol::role::Role;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use crate::auth::scope::Scope;
use crate::store::{StoreError, WriteTx};

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

/// Writes what a job is found by. Most edits change nothing of it, and cost nothing here.
pub(super) fn replace(sql: &Connection, job: i64, words: &str) -> rusqlite::Result<()> {
    let known: Option<String> = sql
        .prepare_cached("select words from job_search where rowid = ?1")?
        .query_row([job], |row| row.get(0))
        .optional()?;
    if known.as_deref() == Some(words) {
        return Ok(());
    }
    sql.prepare_cached("delete from job_search where rowid = ?1")?.execute([job])?;
    sql.prepare_cached("insert into job_search (rowid, words) values (?1, ?2)")?
        .execute(params![job, words])?;
    sql.prepare_cached("delete from job_search_pairs where rowid = ?1")?.execute([job])?;
    insert_pairs(sql, job, words)
}

fn insert_pairs(sql: &Connection, job: i64, words: &str) -> rusqlite::Result<()> {
    sql.prepare_cached("insert into job_search_pairs (rowid, pairs) values (?1, ?2)")?
        .execute(params![job, pairs_of(words)])?;
    Ok(())
}

/// Whether this database is from before the pairs were there.
pub fn are_missing(sql: &Connection) -> Result<bool, StoreError> {
    let query =
        "select exists (select 1 from jobs) and not exists (select rowid from job_search_pairs)";
    Ok(sql.query_row(query, [], |row| row.get(0))?)
}

/// Fills in the pairs, from the words there are.
pub fn fill(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    let mut words = tx.sql.prepare("select rowid, words from job_search")?;
    let mut rows = words.query([])?;
    while let Some(row) = rows.next()? {
        insert_pairs(tx.sql, row.get(0)?, &row.get::<_, String>(1)?)?;
    }
    Ok(())
}

/// Each pair of letters that follow each other, and each letter that none follows.
fn pairs_of(words: &str) -> String {
    let mut pairs = BTreeSet::new();
    for word in words.split(is_apart) {
        let next = folded(word).skip(1).map(Some).chain([None]);
        pairs.extend(folded(word).zip(next));
    }
    let mut text = String::new();
    for (letter, next) in pairs {
        if !text.is_empty() {
            text.push(' ');
        }
        text.extend(indexed(letter).chain(next.into_iter().flat_map(indexed)));
    }
    text
}

fn folded(word: &str) -> impl Iterator<Item = char> {
    word.chars().flat_map(char::to_lowercase)
}

/// A letter as the index of pairs has it: six hexadecimal digits.
fn indexed(letter: char) -> impl Iterator<Item = char> {
    let digit = move |place: u32| char::from_digit((u32::from(letter) >> (4 * place)) & 0xf, 16);
    (0..6).rev().filter_map(digit)
}

/// Control characters mean nothing to people, and a NUL ends a pattern for SQLite.
fn is_apart(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control()
}

/// What was typed, as questions to the two indexes; none where no word needs one.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    words: Option<String>,
    pairs: Option<String>,
}

impl Asked {
    fn of(typed: &str) -> Self {
        let (mut words, mut pairs) = (Vec::new(), Vec::new());
        for word in typed.split(is_apart).filter(|word| !word.is_empty()) {
            match folded(word).collect::<Vec<_>>().as_slice() {
                [one] => pairs.push(indexed(*one).chain(['*']).collect()),
                [one, other] => pairs.push(indexed(*one).chain(indexed(*other)).collect()),
                // Quoted, so that nothing a person types is taken for search syntax.
                _ => words.push(format!("\"{}\"", word.replace('"', "\"\""))),
            }
        }
        let all = |asked: Vec<String>| (!asked.is_empty()).then(|| asked.join(" "));
        Self { words: all(words), pairs: all(pairs) }
    }
}

/// The conditions that a job `j` contains every word of what was typed, with their values: the
/// jobs are gone through and looked up among those found. Without the `+` SQLite may look up all
/// that were found once for each job.
pub(crate) fn conditions(typed: &str) -> impl Iterator<Item = (&'static str, Value)> {
    let Asked { words, pairs } = Asked::of(typed);
    let words = words.map(|asked| {
        ("+j.id in (select s.rowid from job_search s where s.words match ?)", asked.into())
    });
    let pairs = pairs.map(|asked| {
        (
            "+j.id in (select p.rowid from job_search_pairs p where p.job_search_pairs match ?)",
            asked.into(),
        )
    });
    words.into_iter().chain(pairs)
}

/// The newest jobs that contain every word of what was typed and that this person may see, by
/// their place in `jobs`; at most so many. None where nothing was typed.
pub(super) fn hits(
    sql: &Connection,
    scope: &Scope,
    typed: &str,
    most: usize,
) -> rusqlite::Result<Option<Vec<i64>>> {
    let (query, mut values) = match (scope.role, Asked::of(typed)) {
        (_, Asked { words: None, pairs: None }) => return Ok(None),
        (Role::Engineer, _) => {
            let (conditions, values): (Vec<_>, Vec<_>) = conditions(typed).unzip();
            let mut all: Vec<Value> = vec![scope.user.0.into(), scope.tenant.0.into()];
            all.extend(values);
            let query = format!(
                "select j.id from visibility v
                 cross join jobs j on j.tenant = v.tenant and j.record = v.record
                 where v.user = ? and v.tenant = ? and v.left_seq is null and {}
                 order by j.id desc limit ?",
                conditions.join(" and ")
            );
            (query, all)
        }
        (_, Asked { words: Some(words), pairs }) => {
            let mut all: Vec<Value> = vec![words.into(), scope.tenant.0.into()];
            // The `+` keeps SQLite from asking the index of words once for each of them.
            let short = "and +s.rowid in (select p.rowid from job_search_pairs p
                                          where p.job_search_pairs match ?)";
            let short = pairs.map_or("", |pairs| {
                all.push(pairs.into());
                short
            });
            let query = format!(
                "select s.rowid from job_search s cross join jobs j on j.id = s.rowid
                 where s.words match ? and j.tenant = ? {short} order by s.rowid desc limit ?"
            );
            (query, all)
        }
        (_, Asked { words: None, pairs: Some(pairs) }) => {
            let query = "select p.rowid from job_search_pairs p cross join jobs j on j.id = p.rowid
                         where p.job_search_pairs match ? and j.tenant = ?
                         order by p.rowid desc limit ?";
            (query.to_owned(), vec![pairs.into(), scope.tenant.0.into()])
        }
    };
    values.push(i64::try_from(most).unwrap_or(i64::MAX).into());
    let mut statement = sql.prepare_cached(&query)?;
    let found = statement.query_map(params_from_iter(values), |row| row.get(0))?;
    found.collect::<rusqlite::Result<_>>().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_are_asked_as_pairs_and_long_ones_as_they_are() {
        let asked = Asked::of("水泵 Pump\u{0} 泵 \"x\"*");
        assert_eq!(asked.words.as_deref(), Some("\"Pump\" \"\"\"x\"\"*\""));
        assert_eq!(asked.pairs.as_deref(), Some("006c34006cf5 006cf5*"));
        assert_eq!(Asked::of(" \t"), Asked::default());
    }

    #[test]
    fn every_letter_begins_a_pair_or_stands_alone() {
        assert_eq!(pairs_of("Ab\na"), "000061 000061000062 000062");
        assert_eq!(pairs_of(""), "");
    }
}
