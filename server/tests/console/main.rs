//! The console from outside: real pages over real HTTP, as a browser without scripts sees them,
//! and the command line beside it. One file a promise; [`browser`] is the reader's end.

#[path = "../api/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "shared with the API's stories, which use it all")]
mod support;

mod accounts;
mod approving;
mod assets;
mod attachments;
mod audit;
mod backups;
mod board;
mod browser;
mod command_line;
mod deeds;
mod doors;
mod editing;
mod fleet;
mod follow_ups;
mod foreign;
mod hand_in;
mod held;
mod issues;
mod levels;
mod listeners;
mod live;
mod notices;
mod pages;
mod papers;
mod password;
mod permissions;
mod record_table;
mod records;
mod signed;
mod statistics;
mod verifying;
