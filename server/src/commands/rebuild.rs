//! `docket rebuild`: checks the log and makes everything that is derived from it again.

use std::path::Path;

use anyhow::{Result, bail};
use docket_protocol::ids::TenantId;

use super::terminal::{open, words};
use crate::log;
use crate::read_model::rebuild::rebuild;
use crate::store::StoreError;

/// Rebuilds, unless the log itself does not hold together.
pub fn run(data: &Path) -> Result<()> {
    let words = words();
    let app = open(words, data)?;
    let broken = app.store.read_blocking(|sql| {
        let tenants = sql
            .prepare("select id from tenants")?
            .query_map([], |row| row.get(0).map(TenantId))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        for tenant in tenants {
            if let Err(error) = log::verify(sql, tenant)? {
                return Ok(Some(error));
            }
        }
        Ok::<_, StoreError>(None)
    })?;
    if let Some(error) = broken {
        bail!(words.with("rebuild-log-broken", &[("reason", error.to_string().into())]));
    }
    let records = app.store.write_blocking(rebuild)?;
    println!("{}", words.count("rebuild-done", records));
    Ok(())
}
