//! 用户档案: the content of a customer's dossier, typed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::job::emptied;
use super::service::{Service, ServiceLevel};
use crate::ids::{ItemId, RecordId, UserId};

/// One customer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::DOSSIER_RULES`")]
pub struct DossierContent {
    pub name: String,
    pub address: String,
    pub contract: String,
    pub contract_until: Option<i64>,
    pub fees: String,
    pub owed_parts: String,
    pub notes: String,
    pub sites: BTreeMap<ItemId, Site>,
    pub contacts: BTreeMap<ItemId, Contact>,
    pub equipment: BTreeMap<ItemId, Equipment>,
    pub service: Service,
    pub levels: BTreeMap<ItemId, ServiceLevel>,
    pub backups: BTreeMap<ItemId, Backup>,
}

/// A place of the customer's.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::DOSSIER_RULES`")]
pub struct Site {
    pub name: String,
    pub address: String,
}

/// A person at the customer's.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::DOSSIER_RULES`")]
pub struct Contact {
    pub name: String,
    pub title: String,
    pub phone: String,
    pub reports_to: String,
}

/// A thing that is looked after.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::DOSSIER_RULES`")]
pub struct Equipment {
    pub name: String,
    pub kind: String,
    pub model: String,
    pub serial: String,
    pub site: String,
    pub place: String,
    pub warranty_until: Option<i64>,
    pub versions: String,
}

/// 软件备份: one backup of one system.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::DOSSIER_RULES`")]
pub struct Backup {
    pub at: i64,
    #[serde(deserialize_with = "emptied")]
    pub by: Option<UserId>,
    #[serde(deserialize_with = "emptied")]
    pub job: Option<RecordId>,
    pub system: String,
    pub version: String,
    pub medium: String,
    pub place: String,
    pub checksum: String,
    pub tested: bool,
    pub removed: bool,
    pub approved_at: Option<i64>,
    #[serde(deserialize_with = "emptied")]
    pub approved_by: Option<UserId>,
}

impl DossierContent {
    /// The backups that stand, the newest first.
    pub fn backups(&self) -> Vec<(ItemId, &Backup)> {
        let standing = self.backups.iter().filter(|(_, backup)| !backup.removed);
        let mut all: Vec<_> = standing.map(|(id, backup)| (*id, backup)).collect();
        all.sort_by_key(|(id, backup)| std::cmp::Reverse((backup.at, *id)));
        all
    }

    /// The newest good backup of every system: one that was tested.
    pub fn newest_good(&self) -> BTreeSet<ItemId> {
        let mut systems = BTreeSet::new();
        let good = self.backups().into_iter().filter(|(_, backup)| backup.tested);
        good.filter(|(_, backup)| systems.insert(backup.system.trim().to_lowercase()))
            .map(|(id, _)| id)
            .collect()
    }

    /// Reads the JSON of [`super::read::content`].
    pub fn from_json(content: Json) -> Self {
        serde_json::from_value(content).unwrap_or_default()
    }
}
