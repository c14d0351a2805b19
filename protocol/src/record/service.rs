//! Service levels (服务级别), typed: what a contract or the organisation promises by fault level,
//! and during which hours. The same shape stands in a dossier and in the catalog.

use serde::{Deserialize, Serialize};

use crate::clocks::ClockKind;

/// Service hours.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::DOSSIER_RULES`")]
pub struct Service {
    pub hours: String,
    pub days: String,
    pub opens: String,
    pub closes: String,
    pub zone: String,
    /// How often an inspection is promised; dossiers only.
    pub inspection_days: Option<i64>,
}

/// What is promised for one fault level; what is left out is the organisation's default.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::DOSSIER_RULES`")]
pub struct ServiceLevel {
    pub level: String,
    /// Calls from before keep what was promised then.
    pub since: Option<i64>,
    pub response_minutes: Option<i64>,
    pub on_site_minutes: Option<i64>,
    pub recovery_minutes: Option<i64>,
    pub removed: bool,
}

impl ServiceLevel {
    /// The promised time of a clock, in minutes.
    pub fn minutes(&self, kind: ClockKind) -> Option<i64> {
        match kind {
            ClockKind::Response => self.response_minutes,
            ClockKind::OnSite => self.on_site_minutes,
            ClockKind::Recovery => self.recovery_minutes,
        }
    }
}

/// Days without service, or worked instead of others (调休).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::CATALOG_RULES`")]
pub struct Holiday {
    pub name: String,
    pub from: String,
    /// The last day; the first one where nothing is written.
    pub until: String,
    pub worked: bool,
    pub removed: bool,
}
