//! What a row of the table means as a job, and back.
//!
//! A row that says it is solved, or says nothing but brings a solution, is a thing of the past:
//! its job is filed on arrival, so that the board shows only what still needs somebody.
//! A handler who has an account leads the job; any other name is kept in the description's
//! last line, from where an export takes it back.

use std::collections::BTreeMap;

use docket_protocol::edit::Edit;
use docket_protocol::ids::UserId;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use jiff::civil::{Date, time};
use jiff::tz::TimeZone;

use super::row::Row;

/// Longest title made from a description, in characters.
const TITLE_CHARS_MAX: usize = 60;
/// What stands before the name of a handler without an account.
const HANDLER_MARKS: [&str; 2] = ["处理人：", "Handler: "];
/// How `intake/source` starts for a job that came from a table; the row's fingerprint follows.
const SOURCE: &str = "csv:";

/// The edit that opens a job from a row; `lead` is the handler, where that is a person we know.
pub(super) fn edit_of(row: &Row, lead: Option<UserId>, zone: &TimeZone) -> Edit {
    let opened_at = moment(row.date, zone);
    let closed_at = row.solved_at.map_or(opened_at, |date| moment(date, zone));
    let mut fields: BTreeMap<Path, FieldValue> = BTreeMap::new();
    let mut set = |path: &str, value: FieldValue| {
        if value != FieldValue::Text(String::new()) {
            fields.insert(Path::new(path), value);
        }
    };
    set("intake/opened_at", opened_at.into());
    set("intake/source", format!("{SOURCE}{}", row.fingerprint()).into());
    set("intake/title", title_of(&row.description).into());
    set("intake/symptom", description_of(row, lead).into());
    set("intake/category", row.category.clone().into());
    set("report/treatment", row.solution.clone().into());
    set("report/open_reason", row.reason.clone().into());
    set("report/next_plan", row.next_plan.clone().into());
    if let Some(lead) = lead {
        set("assignment/lead", lead.to_string().into());
        set("assignment/assigned_at", opened_at.into());
    }
    if let Some(solved) = row.solved {
        set("report/outcome", if solved { "solved" } else { "unsolved" }.into());
    }
    if let Some(date) = row.solved_at {
        set("report/solved_at", moment(date, zone).into());
    }
    if row.solved.unwrap_or(!row.solution.is_empty()) {
        set("report/finished_at", closed_at.into());
        set("archive/archived_at", closed_at.into());
    }
    Edit::Create { fields, entries: Vec::new() }
}

/// A job as a row; `lead_name` is the name of the person who leads it.
pub(crate) fn row_of(job: &JobContent, lead_name: &str, zone: &TimeZone) -> Option<Row> {
    let description = if job.intake.symptom.is_empty() {
        (job.intake.title.as_str(), "")
    } else if lead_name.is_empty() {
        split_handler(&job.intake.symptom)
    } else {
        (job.intake.symptom.as_str(), "")
    };
    let (description, kept_handler) = description;
    let handler = if lead_name.is_empty() { kept_handler } else { lead_name };
    Some(Row {
        date: day(job.intake.opened_at?, zone)?,
        description: description.trim().to_owned(),
        category: job.intake.category.clone(),
        solution: job.report.treatment.trim().to_owned(),
        handler: handler.to_owned(),
        solved: match job.report.outcome.as_str() {
            "" => None,
            outcome => Some(outcome == "solved"),
        },
        solved_at: job.report.solved_at.and_then(|at| day(at, zone)),
        reason: job.report.open_reason.clone(),
        next_plan: job.report.next_plan.clone(),
    })
}

/// The fingerprint of the row a job came from, if it came from a table.
pub(super) fn fingerprint_of(job: &JobContent) -> Option<&str> {
    job.intake.source.strip_prefix(SOURCE)
}

/// Noon, so that the day stays the same day for readers in nearly every time zone.
pub(super) fn moment(date: Date, zone: &TimeZone) -> i64 {
    let noon = date.to_datetime(time(12, 0, 0, 0));
    zone.to_timestamp(noon).map_or(0, jiff::Timestamp::as_millisecond)
}

fn day(at: i64, zone: &TimeZone) -> Option<Date> {
    let timestamp = jiff::Timestamp::from_millisecond(at).ok()?;
    Some(zone.to_datetime(timestamp).date())
}

/// The first sentence of the description, short enough for a list.
fn title_of(description: &str) -> String {
    let line = description.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let end = line.find(['。', '；', '！', '？']).unwrap_or(line.len());
    let sentence: String = line[..end].chars().filter(|letter| !letter.is_control()).collect();
    if sentence.chars().count() <= TITLE_CHARS_MAX {
        return sentence;
    }
    sentence.chars().take(TITLE_CHARS_MAX - 1).chain(['…']).collect()
}

fn description_of(row: &Row, lead: Option<UserId>) -> String {
    if lead.is_some() || row.handler.is_empty() {
        return row.description.clone();
    }
    let mark = HANDLER_MARKS[usize::from(row.handler.is_ascii())];
    format!("{}\n{mark}{}", row.description, row.handler)
}

fn split_handler(description: &str) -> (&str, &str) {
    let Some((rest, last)) = description.trim_end().rsplit_once('\n') else {
        return (description, "");
    };
    let name = HANDLER_MARKS.into_iter().find_map(|mark| last.strip_prefix(mark));
    name.map_or((description, ""), |name| (rest, name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row() -> Row {
        Row {
            date: jiff::civil::date(2026, 11, 3),
            description: "打印机卡纸。重启无效".to_owned(),
            category: "打印机".to_owned(),
            solution: "清理进纸轮".to_owned(),
            handler: "王建国".to_owned(),
            solved: Some(true),
            solved_at: Some(jiff::civil::date(2026, 11, 4)),
            reason: String::new(),
            next_plan: String::new(),
        }
    }

    /// What the record would hold after the edit, without a record.
    fn content(edit: &Edit) -> JobContent {
        let Edit::Create { fields, .. } = edit else { panic!("opens a job") };
        let mut content = json!({});
        for (path, value) in fields {
            let (section, field) = path.as_str().split_once('/').unwrap();
            content[section][field] = serde_json::to_value(value).unwrap();
        }
        JobContent::from_json(content)
    }

    #[test]
    fn a_row_comes_back_as_it_went_in() {
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        for zone in [TimeZone::UTC, shanghai] {
            let stranger = content(&edit_of(&row(), None, &zone));
            assert_eq!(row_of(&stranger, "", &zone), Some(row()));
            let lead = Some(UserId::new(1, [1; 10]));
            let known = content(&edit_of(&row(), lead, &zone));
            assert_eq!(known.intake.symptom, row().description);
            assert_eq!(row_of(&known, "王建国", &zone), Some(row()));
            assert_eq!(fingerprint_of(&known), Some(row().fingerprint().as_str()));
        }
    }

    #[test]
    fn only_what_is_done_is_filed() {
        let filed = |solved, solution: &str| {
            let row = Row { solved, solution: solution.to_owned(), ..row() };
            content(&edit_of(&row, None, &TimeZone::UTC)).archive.archived_at.is_some()
        };
        assert!(filed(Some(true), "") && filed(None, "cleaned"));
        assert!(!filed(Some(false), "tried a restart") && !filed(None, ""));
    }

    #[test]
    fn titles_are_the_first_sentence() {
        assert_eq!(title_of("打印机卡纸。重启无效"), "打印机卡纸");
        assert_eq!(title_of("\n a \n b"), "a");
        assert_eq!(title_of(&"字".repeat(80)).chars().count(), TITLE_CHARS_MAX);
    }
}
