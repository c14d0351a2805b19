//! What a record is: its kinds, its shape, and the one table that rules its fields.
//!
//! A record is one small Automerge document. Its shape is [`rules`]; [`read`] turns it into
//! plain JSON and typed content, [`glance`] does so from saved bytes; [`conflict`] lists what two
//! people wrote at once, [`settlement`] who chose among it, [`late`] what was written beside a
//! signature.

pub mod article;
pub mod catalog;
pub mod compare;
pub mod conflict;
pub mod dossier;
pub mod glance;
pub mod job;
pub mod late;
pub mod path;
pub mod read;
pub mod rules;
pub mod service;
pub mod settlement;
pub mod size;
pub mod twins;
pub mod value;
pub mod write;

use automerge::{ActorId, Automerge, LoadOptions, TextEncoding};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Shape version written into the root of every record this build creates.
pub const SCHEMA: u64 = 1;

/// What a record describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum RecordKind {
    /// 工单: one service request from call to archive.
    #[n(0)]
    Job,
    /// 用户档案: a customer with sites, contacts and equipment.
    #[n(1)]
    Dossier,
    /// The organisation's people, categories and checklists.
    #[n(2)]
    Catalog,
    /// 知识文章: what was learnt from a solved problem.
    #[n(3)]
    Article,
}

impl RecordKind {
    /// Every kind there is.
    pub const ALL: [Self; 4] = [Self::Job, Self::Dossier, Self::Catalog, Self::Article];

    /// The word used in the root of the document, in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Dossier => "dossier",
            Self::Catalog => "catalog",
            Self::Article => "article",
        }
    }

    /// Reads [`RecordKind::as_str`] back.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// An empty document with the text encoding every side uses.
///
/// Automerge counts text in UTF-8 bytes natively and UTF-16 units in wasm unless told; both
/// sides count code points, so that positions mean the same everywhere.
pub fn empty(actor: ActorId) -> Automerge {
    Automerge::new_with_encoding(TextEncoding::UnicodeCodePoint).with_actor(actor)
}

/// Loads a saved document; the actor must be set because loading picks a random one.
pub fn load(bytes: &[u8], actor: ActorId) -> Result<Automerge, automerge::AutomergeError> {
    let options = LoadOptions::new().text_encoding(TextEncoding::UnicodeCodePoint);
    Ok(Automerge::load_with_options(bytes, options)?.with_actor(actor))
}
