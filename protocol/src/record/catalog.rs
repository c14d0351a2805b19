//! The organisation's catalog, typed: people, problem categories, checklists, and what it promises
//! where a contract says nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::service::{Holiday, Service, ServiceLevel};
use crate::ids::{ItemId, UserId};

/// What every phone of the organisation knows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::CATALOG_RULES`")]
pub struct CatalogContent {
    pub organisation: String,
    pub people: BTreeMap<UserId, Person>,
    pub categories: BTreeMap<ItemId, Category>,
    pub checklists: BTreeMap<ItemId, Checklist>,
    pub service: Service,
    pub levels: BTreeMap<ItemId, ServiceLevel>,
    pub holidays: BTreeMap<ItemId, Holiday>,
}

/// A colleague.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::CATALOG_RULES`")]
pub struct Person {
    pub name: String,
    pub role: String,
    pub phone: String,
}

/// 问题分类.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::CATALOG_RULES`")]
pub struct Category {
    pub name: String,
}

/// A checklist that new jobs start with; `items` has one line each.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::CATALOG_RULES`")]
pub struct Checklist {
    pub name: String,
    pub items: String,
}

impl CatalogContent {
    /// Reads the JSON of [`super::read::content`].
    pub fn from_json(content: Json) -> Self {
        serde_json::from_value(content).unwrap_or_default()
    }
}
