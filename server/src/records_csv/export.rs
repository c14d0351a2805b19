//! Jobs become rows: the plain record of any period, for a spreadsheet.
//!
//! Written as UTF-8 with a mark, which is what spreadsheets need to see Chinese; cells that a
//! spreadsheet would run as formulas are guarded, and an import takes the guard off again.

use docket_protocol::record::job::JobContent;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::column::Column;
use super::file::guarded;
use super::mapping;
use crate::app::App;
use crate::auth::scope::Scope;
use crate::store::StoreError;
use crate::words::Language;

/// Which days; both ends included, open where not given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Period {
    fn contains(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

/// The jobs of a period as a CSV file, and how many there are. Oldest first; those of one day in
/// the order they came, so that a table comes back in its own order.
pub fn export_jobs(
    app: &App,
    scope: &Scope,
    period: Period,
    language: Language,
    zone: &TimeZone,
) -> Result<(Vec<u8>, usize), StoreError> {
    let jobs: Vec<(String, String)> = app.store.read_blocking(|sql| {
        let mut statement = sql.prepare(
            "select content, lead_name from jobs where tenant = ?1 order by opened_at, id",
        )?;
        let rows = statement.query_map([scope.tenant.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<rusqlite::Result<_>>().map_err(StoreError::from)
    })?;
    let rows: Vec<_> = jobs
        .iter()
        .filter_map(|(content, lead_name)| {
            let job: JobContent = serde_json::from_str(content).ok()?;
            mapping::row_of(&job, lead_name, zone)
        })
        .filter(|row| period.contains(row.date))
        .collect();
    let headings = Column::headings_in(language);
    let cells = rows.iter().map(|row| row.to_cells(language).map(guarded));
    Ok((to_csv([headings].into_iter().chain(cells)), rows.len()))
}

fn to_csv(records: impl Iterator<Item = [String; Column::ALL.len()]>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(b"\xef\xbb\xbf".to_vec());
    for record in records {
        // Writing into memory cannot fail, and every record has the same length.
        drop(writer.write_record(record));
    }
    writer.into_inner().unwrap_or_default()
}
