//! What may be sent over which network: the person's own rule, and what counts against it.

use serde::{Deserialize, Serialize};

use crate::client::Client;
use crate::env::Env;
use crate::error::Result;
use crate::store::meta;
use crate::view::{FilesPlan, FilesRule};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Bytes sent in a month over networks that may cost money.
#[derive(Default, Serialize, Deserialize)]
struct Used {
    month: i64,
    bytes: u64,
}

fn used(client: &Client, env: &Env<'_>) -> Result<Used> {
    let used: Used = meta::get(client.store.read(), "files_used")?.unwrap_or_default();
    let month = month_of(env.now);
    Ok(if used.month == month { used } else { Used { month, bytes: 0 } })
}

pub(super) fn count_use(
    client: &Client,
    env: &Env<'_>,
    metered: Option<bool>,
    bytes: u64,
) -> Result<()> {
    if metered == Some(false) {
        return Ok(());
    }
    let used = used(client, env)?;
    let used = Used { bytes: used.bytes + bytes, ..used };
    meta::set(client.store.read(), "files_used", &used)
}

/// Why the person's own rule holds a piece back now.
pub(super) fn held_back(
    client: &Client,
    env: &Env<'_>,
    metered: Option<bool>,
    piece: u64,
) -> Result<Option<&'static str>> {
    if client.files.regardless || metered == Some(false) {
        return Ok(None);
    }
    Ok(match rule(client)? {
        FilesRule::Always => None,
        FilesRule::UnmeteredOnly => Some("network"),
        FilesRule::UpTo { megabytes } => {
            let most = megabytes.saturating_mul(1_000_000);
            (used(client, env)?.bytes + piece > most).then_some("budget")
        }
    })
}

fn rule(client: &Client) -> Result<FilesRule> {
    Ok(meta::get(client.store.read(), "files_rule")?.unwrap_or(FilesRule::Always))
}

/// How files are sent, and what waits.
pub(super) fn plan(client: &Client, env: &Env<'_>) -> Result<FilesPlan> {
    Ok(FilesPlan { rule: rule(client)?, used_bytes: used(client, env)?.bytes })
}

/// The person chooses how files are sent.
pub(super) fn set(client: &mut Client, rule: FilesRule) -> Result<()> {
    client.files.regardless = false;
    meta::set(client.store.read(), "files_rule", &rule)
}

/// Months since the year 0, by the calendar of UTC: each has its own allowance.
fn month_of(ms: i64) -> i64 {
    // Days to civil date, from the first of March of the year 0.
    let days = ms.div_euclid(DAY_MS) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    (era * 400 + year_of_era) * 12 + month_from_march + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_change_at_midnight_of_the_first() {
        let month = |year: i64, month: i64| year * 12 + month - 1;
        assert_eq!(month_of(0), month(1970, 1));
        assert_eq!(month_of(951_868_799_999), month(2000, 2));
        assert_eq!(month_of(951_868_800_000), month(2000, 3));
        assert_eq!(month_of(1_798_761_599_999), month(2026, 12));
        assert_eq!(month_of(1_798_761_600_000), month(2027, 1));
    }
}
