//! The stages of a pushed change, as types: each is made only from the one before.
//!
//! `RawChange -> DecodedChange -> AuthorisedChange -> ValidChange -> Merged -> LoggedChange`.
//! Skipping a check does not compile, because only the module of a stage makes its type.

use std::borrow::Cow;

use automerge::{Change, ExpandedChange};
use docket_protocol::change::ChangeHead;
use docket_protocol::ids::{ChangeHash, DeviceId, ItemId, RecordId, Seq};
use docket_protocol::record::path::Path;
use docket_protocol::role::Role;
use docket_protocol::signoff::{Signed, Statement};
use docket_protocol::wire::Verdict;
use ed25519_dalek::VerifyingKey;

use crate::auth::scope::Scope;
use crate::log::Logged;
use crate::merge::Authorship;
use crate::store::documents::Document;

/// Bytes that claim to be a change.
#[derive(Debug, Clone, Copy)]
pub struct RawChange<'a>(pub &'a [u8]);

/// Whose bytes they are: a person on a phone, both proved.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    /// The person.
    pub scope: &'a Scope,
    /// The phone.
    pub device: DeviceId,
    /// Public key of the phone.
    pub device_key: &'a VerifyingKey,
    /// The role the person had as far as this phone could know, when it is another one now.
    pub former_role: Option<Role>,
}

/// A well-formed change in canonical encoding. Made by [`super::decode`].
#[derive(Debug, Clone)]
pub struct DecodedChange {
    pub(super) head: ChangeHead,
    pub(super) change: Change,
    pub(super) expanded: ExpandedChange,
}

/// What one pushed change turned out to be.
pub(super) type Slot = Result<DecodedChange, Stopped>;

/// A change that goes no further than its form; it is still named by its hash where it has one.
#[derive(Debug)]
pub(super) struct Stopped {
    pub(super) hash: Option<ChangeHash>,
    pub(super) verdict: Verdict,
}

/// The changes pushed to one record, each well-formed or refused. Made by [`super::decode`].
#[derive(Debug)]
pub struct DecodedPush {
    /// The record.
    pub record: RecordId,
    pub(super) slots: Vec<Slot>,
}

impl DecodedPush {
    /// Bytes of the well-formed changes.
    pub fn bytes(&self) -> u64 {
        let whole = self.slots.iter().filter_map(|slot| slot.as_ref().ok());
        whole.map(|decoded| decoded.change.raw_bytes().len() as u64).sum()
    }

    /// Whether this push claims to bring its record into being.
    pub(super) fn begins(&self) -> bool {
        let first = self.slots.first().and_then(|slot| slot.as_ref().ok());
        first.is_none_or(|decoded| decoded.head.deps.is_empty())
    }
}

/// A change whose actor is its sender's and whose place in that actor's row is free. Made by
/// [`super::authorise`].
#[derive(Debug, Clone)]
pub struct AuthorisedChange {
    pub(super) decoded: DecodedChange,
    /// The same actor's change before this one.
    pub(super) previous: Option<ChangeHash>,
}

/// A change that does only what its author may do. Made by [`super::rules`], or by
/// [`ValidChange::from_desk`].
#[derive(Debug, Clone)]
pub struct ValidChange {
    pub(super) head: ChangeHead,
    pub(super) change: Change,
    pub(super) signed: Option<Box<VerifiedSignOff>>,
}

/// A sign-off whose signature and content digest hold.
#[derive(Debug, Clone)]
pub struct VerifiedSignOff {
    /// Its id in the record.
    pub signoff: ItemId,
    /// As stored.
    pub signed: Signed,
    /// What was signed.
    pub statement: Statement,
}

/// A record with new changes in it, in memory, proved to save and load. Made by
/// [`super::trial`].
pub struct Merged {
    pub(crate) document: Document,
    pub(crate) snapshot: Vec<u8>,
    pub(crate) changes: Vec<ValidChange>,
}

/// A change in the log. Made by [`crate::merge`].
#[derive(Debug, Clone)]
pub struct LoggedChange {
    valid: ValidChange,
    logged: Logged,
    author: Authorship,
}

impl ValidChange {
    /// A change that this server's own [`docket_protocol::edit`] has just written, under the
    /// same rules that the gate checks.
    pub(crate) fn from_desk(head: ChangeHead, change: Change) -> Self {
        Self { head, change, signed: None }
    }

    /// What its head says.
    pub fn head(&self) -> &ChangeHead {
        &self.head
    }

    /// The change.
    pub fn change(&self) -> &Change {
        &self.change
    }
}

impl LoggedChange {
    pub(crate) fn new(valid: ValidChange, logged: Logged, author: Authorship) -> Self {
        Self { valid, logged, author }
    }

    /// Whose it is.
    pub fn author(&self) -> &Authorship {
        &self.author
    }

    /// Its position in the log.
    pub fn seq(&self) -> Seq {
        self.logged.seq
    }

    /// Its chain hash.
    pub fn chain(&self) -> &[u8; 32] {
        &self.logged.chain
    }

    /// Its hash.
    pub fn hash(&self) -> ChangeHash {
        self.valid.head.hash
    }

    /// The change itself.
    pub fn change(&self) -> &Change {
        &self.valid.change
    }

    /// The sign-off it carries.
    pub fn signed(&self) -> Option<&VerifiedSignOff> {
        self.valid.signed.as_deref()
    }
}

/// Why a change goes no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, as a message id (`error-{code}`).
    pub code: Cow<'static, str>,
    /// Where.
    pub path: Path,
}

impl Refusal {
    /// A refusal that is about the change as a whole.
    pub fn whole(code: impl Into<Cow<'static, str>>) -> Self {
        Self { code: code.into(), path: Path::default() }
    }

    /// A refusal at a field.
    pub fn at(code: &'static str, path: &Path) -> Self {
        Self { code: code.into(), path: path.clone() }
    }
}

impl From<Refusal> for Verdict {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.code.into_owned(), refusal.path)
    }
}
