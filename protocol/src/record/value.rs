//! One scalar of a form field, as people and JSON write it.

use automerge::ScalarValue;
use serde::{Deserialize, Serialize};

/// A field's value in an edit: JSON null, boolean, integer or text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// Empties the field.
    Nothing,
    /// Yes or no.
    Bool(bool),
    /// A count, or a time in Unix ms.
    Int(i64),
    /// A line, a choice's word, or an id.
    Text(String),
}

impl FieldValue {
    /// The Automerge scalar that stores this value.
    pub fn to_scalar(&self) -> ScalarValue {
        match self {
            Self::Nothing => ScalarValue::Null,
            Self::Bool(yes) => ScalarValue::Boolean(*yes),
            Self::Int(number) => ScalarValue::Int(*number),
            Self::Text(text) => ScalarValue::Str(text.as_str().into()),
        }
    }

    /// Reads a stored scalar; kinds that no rule allows come back as nothing.
    pub fn from_scalar(scalar: &ScalarValue) -> Self {
        match scalar {
            ScalarValue::Boolean(yes) => Self::Bool(*yes),
            ScalarValue::Int(number) => Self::Int(*number),
            ScalarValue::Uint(number) => i64::try_from(*number).map_or(Self::Nothing, Self::Int),
            ScalarValue::Str(text) => Self::Text(text.to_string()),
            _ => Self::Nothing,
        }
    }
}

impl From<serde_json::Value> for FieldValue {
    /// Reads a value of [`super::read::content`]; what no field can hold comes back as nothing.
    fn from(json: serde_json::Value) -> Self {
        serde_json::from_value(json).unwrap_or(Self::Nothing)
    }
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for FieldValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for FieldValue {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for FieldValue {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}
