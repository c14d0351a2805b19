//! What became of one piece of equipment: the customer's jobs on it, and the parts that were fitted
//! and removed. A job names its equipment in words, so those count whose words contain the serial
//! number, or the name where there is none.

use docket_protocol::ids::RecordId;
use docket_protocol::record::dossier::Equipment;
use docket_protocol::record::job::Part;
use rusqlite::Connection;

use super::field::Reader;
use super::job_head::JobLine;
use crate::auth::scope::Scope;
use crate::read_model::jobs::{self, JobRow};

/// Jobs that are read for their parts: the newest, some years of one device.
const JOBS_SHOWN: usize = 20;

/// A device, with what was done to it.
pub(crate) struct AssetCard {
    pub(crate) title: String,
    pub(crate) jobs: Vec<AssetJob>,
}

/// A job on the device.
pub(crate) struct AssetJob {
    pub(crate) line: JobLine,
    /// Fitted or removed, what, with which serial number.
    pub(crate) parts: Vec<String>,
}

impl AssetCard {
    /// Reads it from the customer's jobs.
    pub(crate) fn load(
        sql: &Connection,
        scope: &Scope,
        reader: &Reader,
        thing: &Equipment,
        jobs: &[JobRow],
    ) -> rusqlite::Result<Self> {
        let on_it = jobs.iter().filter(|job| is_about(&job.equipment, thing)).take(JOBS_SHOWN);
        let card = |job: &JobRow| {
            let parts = parts(sql, scope, reader, job.record)?;
            Ok(AssetJob { line: JobLine::new(reader, job), parts })
        };
        let named = [&thing.name, &thing.model, &thing.serial];
        let named: Vec<&str> = named.into_iter().map(|text| text.trim()).collect();
        Ok(Self {
            title: named
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            jobs: on_it.map(card).collect::<rusqlite::Result<_>>()?,
        })
    }
}

/// Whether a job's words mean this device.
fn is_about(words: &str, thing: &Equipment) -> bool {
    let words = words.to_lowercase();
    let serial = thing.serial.trim().to_lowercase();
    let name = thing.name.trim().to_lowercase();
    match (serial.as_str(), name.as_str()) {
        ("", "") => false,
        ("", name) => words.contains(name),
        (serial, _) => words.contains(serial),
    }
}

fn parts(
    sql: &Connection,
    scope: &Scope,
    reader: &Reader,
    job: RecordId,
) -> rusqlite::Result<Vec<String>> {
    let Some((_, content)) = jobs::get(sql, scope, job)? else { return Ok(Vec::new()) };
    let mut parts: Vec<Part> = content.parts.into_values().filter(|part| !part.removed).collect();
    parts.sort_by_key(|part| part.at);
    let said = |part: Part| {
        let done = reader.words.of("action", &part.action);
        let named = [done, part.name, part.model, part.serial];
        named.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    Ok(parts.into_iter().map(said).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_about_the_device_whose_serial_number_or_name_it_says() {
        let thing = |name: &str, serial: &str| Equipment {
            name: name.to_owned(),
            serial: serial.to_owned(),
            ..Equipment::default()
        };
        let printer = thing("Printer", "ZP420-1");
        assert!(is_about("Printer · ZP-420 · zp420-1", &printer));
        assert!(!is_about("Printer · ZP-420 · ZP420-2", &printer));
        assert!(is_about("the printer", &thing("Printer", "")));
        assert!(!is_about("", &thing("", "")));
    }
}
