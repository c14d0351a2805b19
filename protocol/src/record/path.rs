//! Where a value sits in a record: `steps/0193…/text`.
//!
//! Segments are map keys; entries of a collection are keyed by their [`ItemId`], which the
//! rules write as `*`.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::ItemId;

/// A path inside a record; the empty path is the root.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    Serialize,
    Deserialize,
    Encode,
    Decode
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct Path(#[n(0)] String);

impl Path {
    /// From text such as `report/cause`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The path of `key` below this one.
    pub fn child(&self, key: impl fmt::Display) -> Self {
        if self.0.is_empty() { Self(key.to_string()) } else { Self(format!("{}/{key}", self.0)) }
    }

    /// The map keys from the root down.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|segment| !segment.is_empty())
    }

    /// The path above, and the last key. `None` for the root.
    pub fn split_last(&self) -> Option<(Self, &str)> {
        if self.0.is_empty() {
            return None;
        }
        match self.0.rsplit_once('/') {
            Some((parent, key)) => Some((Self(parent.to_owned()), key)),
            None => Some((Self::default(), &self.0)),
        }
    }

    /// The same path with every item id written as `*`, which is how rules name it.
    pub fn pattern(&self) -> String {
        let mut pattern = String::with_capacity(self.0.len());
        for segment in self.segments() {
            if !pattern.is_empty() {
                pattern.push('/');
            }
            pattern.push_str(if segment.parse::<ItemId>().is_ok() { "*" } else { segment });
        }
        pattern
    }

    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<&str> for Path {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn item_ids_become_stars() {
        let item = ItemId::new(1, [3; 10]);
        let path = Path::new("steps").child(item).child("text");
        assert_eq!(path.pattern(), "steps/*/text");
        assert_eq!(path.split_last().unwrap().1, "text");
    }

    #[test]
    fn root_has_no_last_segment() {
        assert_eq!(Path::default().split_last(), None);
        assert_eq!(Path::default().child("report").as_str(), "report");
    }
}
