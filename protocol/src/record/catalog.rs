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
    pub duty: BTreeMap<ItemId, Duty>,
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

/// A turn on call (值班).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::CATALOG_RULES`")]
pub struct Duty {
    pub person: Option<UserId>,
    pub from: Option<i64>,
    pub until: Option<i64>,
    pub note: String,
    pub removed: bool,
}

impl Duty {
    /// Whether it is this turn's time; one without an end goes on.
    pub fn is_now(&self, now: i64) -> bool {
        let begun = self.from.is_some_and(|from| from <= now);
        !self.removed && begun && self.until.is_none_or(|until| now < until)
    }
}

impl CatalogContent {
    /// Reads the JSON of [`super::read::content`].
    pub fn from_json(content: Json) -> Self {
        serde_json::from_value(content).unwrap_or_default()
    }

    /// The turns of whoever is on call at a moment, the longest at it first.
    pub fn on_call(&self, now: i64) -> Vec<(UserId, &Duty)> {
        let turns = self.duty.values().filter(|turn| turn.is_now(now));
        let mut turns: Vec<_> =
            turns.filter_map(|turn| turn.person.map(|person| (person, turn))).collect();
        turns.sort_by_key(|(person, turn)| (turn.from, *person));
        turns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_on_call_follows_from_the_turns() {
        let person = |number| UserId::new(1, [number; 10]);
        let turn = |number, from, until, removed| {
            let duty =
                Duty { person: Some(person(number)), from, until, removed, ..Duty::default() };
            (ItemId::new(1, [number; 10]), duty)
        };
        let catalog = CatalogContent {
            duty: BTreeMap::from([
                turn(1, Some(10), Some(20), false),
                turn(2, Some(5), None, false),
                turn(3, Some(0), Some(30), true),
                turn(4, None, Some(30), false),
            ]),
            ..CatalogContent::default()
        };
        let at = |now| catalog.on_call(now).into_iter().map(|(one, _)| one).collect::<Vec<_>>();
        assert_eq!(at(4), []);
        assert_eq!(at(10), [person(2), person(1)]);
        assert_eq!(at(20), [person(2)], "a turn ends when the next one begins");
    }
}
