//! `docket rebuild`: checks the log and makes everything that is derived from it again.

use std::path::Path;

use anyhow::{Result, bail};

use super::audit;
use super::terminal::{open, words};
use crate::log;
use crate::read_model::rebuild::rebuild;
use crate::store::StoreError;

/// Rebuilds, unless the log itself does not hold together.
pub fn run(data: &Path) -> Result<()> {
    let words = words();
    let app = open(words, data)?;
    let broken = app.store.read_blocking(|sql| {
        for tenant in audit::tenants(sql)? {
            if let Err(error) = log::verify(sql, tenant)? {
                return Ok(Some(error));
            }
        }
        Ok::<_, StoreError>(None)
    })?;
    if let Some(error) = broken {
        bail!(words.with("rebuild-log-broken", &[("reason", error.to_string().into())]));
    }
    let tenants = app.store.read_blocking(|sql| audit::tenants(sql).map_err(StoreError::from))?;
    if let Some(error) = audit::first_broken(&app, &tenants)? {
        // What is derived has nothing to do with it, so it is made all the same.
        eprintln!("{}", audit::told(words, error));
    }
    let records = app.store.write_blocking(rebuild)?;
    println!("{}", words.count("rebuild-done", records));
    Ok(())
}
