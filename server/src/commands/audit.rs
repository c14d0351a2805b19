//! `docket audit`: whether the audit log says what it said when it was written, all of it; and
//! whether a digest that somebody kept outside still stands at its entry.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use data_encoding::HEXLOWER;
use docket_protocol::ids::TenantId;
use rusqlite::Connection;

use super::terminal::{open, words};
use crate::audit::chain::{self, AuditError, Whole};
use crate::store::StoreError;
use crate::words::Words;

/// An entry's number and the beginning of its digest, as a page or an export showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    number: i64,
    digest: String,
}

/// Fewest letters of a digest that say anything.
const DIGEST_LETTERS_MIN: usize = 8;

/// Reads `17:9f2c…`.
pub fn kept(text: &str) -> Result<Kept, String> {
    let read = || {
        let (number, digest) = text.trim().split_once(':')?;
        let digest = digest.to_ascii_lowercase();
        let hex = digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let fits = hex && (DIGEST_LETTERS_MIN..=64).contains(&digest.len());
        Some(Kept { number: number.parse().ok()?, digest }).filter(|_| fits)
    };
    read().ok_or_else(|| "an entry's number and its digest, such as 17:9f2c0e11".to_owned())
}

/// Checks every organisation's log; the exit code says the outcome too.
pub fn run(data: &Path, kept: Option<&Kept>) -> Result<ExitCode> {
    let words = words();
    let app = open(words, data)?;
    let tenants = app.store.read_blocking(|sql| tenants(sql).map_err(StoreError::from))?;
    if let Some(error) = first_broken(&app, &tenants)? {
        bail!(told(words, error));
    }
    for tenant in &tenants {
        let checked = app
            .store
            .read_blocking(|sql| chain::verify(sql, *tenant, i64::MAX).map_err(StoreError::from))?;
        if let Ok(Whole { to, chain, .. }) = checked {
            let digest = HEXLOWER.encode(&chain);
            let variables = [("to", to.into()), ("digest", digest.into())];
            println!("{}", words.with("audit-check-whole", &variables));
        }
    }
    let Some(kept) = kept else { return Ok(ExitCode::SUCCESS) };
    let stands = app.store.read_blocking(|sql| {
        let mut stands = false;
        for tenant in &tenants {
            let digest = chain::digest(sql, *tenant, kept.number)?;
            let begins = |digest: [u8; 32]| HEXLOWER.encode(&digest).starts_with(&kept.digest);
            stands |= digest.is_some_and(begins);
        }
        Ok::<_, StoreError>(stands)
    })?;
    let variables = [("number", kept.number.into())];
    if !stands {
        bail!(words.with("audit-check-other", &variables));
    }
    println!("{}", words.with("audit-check-kept", &variables));
    Ok(ExitCode::SUCCESS)
}

/// The first fault of any organisation's log.
pub(super) fn first_broken(
    app: &crate::app::App,
    tenants: &[TenantId],
) -> Result<Option<AuditError>, StoreError> {
    app.store.read_blocking(|sql| {
        for tenant in tenants {
            if let Err(error) = chain::verify(sql, *tenant, i64::MAX)? {
                return Ok(Some(error));
            }
        }
        Ok(None)
    })
}

/// What is wrong, in words.
pub(super) fn told(words: Words, error: AuditError) -> String {
    let id = match error {
        AuditError::Missing(_) => "audit-missing",
        AuditError::Altered(_) => "audit-altered",
        AuditError::End(..) => "audit-cut",
    };
    words.with(id, &[("from", error.number().into()), ("to", error.number().into())])
}

/// Every organisation of the data folder.
pub(super) fn tenants(sql: &Connection) -> rusqlite::Result<Vec<TenantId>> {
    sql.prepare("select id from tenants")?.query_map([], |row| row.get(0).map(TenantId))?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_digest_is_a_number_and_enough_letters() {
        let read = kept("17:9F2C0E11").unwrap();
        assert_eq!((read.number, read.digest.as_str()), (17, "9f2c0e11"));
        for none in ["17", "17:9f2c", "x:9f2c0e11", "17:9f2c0e1z", ""] {
            assert!(kept(none).is_err(), "{none}");
        }
    }
}
