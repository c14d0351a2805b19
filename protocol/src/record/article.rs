//! 知识文章: the content of an article, typed.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::job::emptied;
use crate::ids::RecordId;

/// What was learnt from a solved problem, for whoever meets it next.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are the rows of `rules::ARTICLE_RULES`")]
pub struct ArticleContent {
    pub title: String,
    pub category: String,
    pub equipment: String,
    pub symptom: String,
    pub cause: String,
    pub solution: String,
    /// The job it was learnt from.
    #[serde(deserialize_with = "emptied")]
    pub job: Option<RecordId>,
    /// No longer right: not offered any more, and not deleted.
    pub withdrawn: bool,
}

impl ArticleContent {
    /// Reads the JSON of [`super::read::content`].
    pub fn from_json(content: Json) -> Self {
        serde_json::from_value(content).unwrap_or_default()
    }
}
