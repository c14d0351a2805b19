//! The office's half of Docket: one process that takes edits from phones and desks, proves
//! what happened, and shows it.
//!
//! The path of a pushed change, top to bottom:
//!
//! 1. [`router`] lists every route and who may call it; [`auth`] turns a token into a
//!    [`auth::scope::Scope`], without which nothing below can be called.
//! 2. [`sync`] unpacks one request; [`ingest`] is the gate: bounded reader, author, rules,
//!    trial. What fails gets a verdict, what passes is a [`ingest::stages::ValidChange`].
//! 3. [`merge`] writes it in one transaction: [`log`] (gapless, chained), document,
//!    [`read_model`], [`visibility`]. [`store`] answers only after the commit is on disk.
//! 4. [`pull`] collects what the caller lacks; [`live`] tells everyone else that there is news.
//!
//! What its author could not know to be no longer theirs waits in [`held`] for a decision; the
//! work of withdrawn phones comes in at [`hand_in`] and waits there, too.
//!
//! Photos and files come after the records that name them ([`blobs`]), also by hand and from
//! withdrawn phones ([`piece`]).
//!
//! Work done at the desk enters at [`desk`] and takes the same path from step 3.
//! [`levels`] knows what was promised, and tells people when it is not kept.
//! [`reports`] lists and counts by period what the read model holds.
//! [`proof`] reads sign-offs back for anyone to check; [`timeline`] says who wrote what.

pub mod allocator;
pub mod api;
pub mod app;
pub mod asset_table;
pub mod assets;
pub mod attest;
pub mod audit;
pub mod auth;
pub mod blobs;
mod bring;
pub mod clock;
pub mod commands;
pub mod console;
pub mod demo;
pub mod desk;
pub mod error;
pub mod hand_in;
pub mod held;
pub mod import;
pub mod ingest;
pub mod keys;
pub mod levels;
pub mod limits;
pub mod live;
pub mod log;
pub mod mark;
pub mod merge;
mod packed;
pub mod paper;
pub mod parcel;
pub mod people;
pub mod piece;
pub mod proof;
pub mod pull;
pub mod random;
pub mod read_model;
pub mod reconcile;
pub mod records_csv;
pub mod recover;
pub mod reports;
pub mod router;
pub mod serve;
pub mod store;
pub mod sync;
pub mod timeline;
mod unread;
pub mod verdict;
pub mod visibility;
pub mod words;
