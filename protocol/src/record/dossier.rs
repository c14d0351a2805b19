//! 用户档案: the content of a customer's dossier, typed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::ids::ItemId;

/// One customer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::DOSSIER_RULES`")]
pub struct DossierContent {
    pub name: String,
    pub address: String,
    pub contract: String,
    pub notes: String,
    pub sites: BTreeMap<ItemId, Site>,
    pub contacts: BTreeMap<ItemId, Contact>,
    pub equipment: BTreeMap<ItemId, Equipment>,
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
    pub model: String,
    pub serial: String,
    pub site: String,
    pub warranty_until: Option<i64>,
}

impl DossierContent {
    /// Reads the JSON of [`super::read::content`].
    pub fn from_json(content: Json) -> Self {
        serde_json::from_value(content).unwrap_or_default()
    }
}
