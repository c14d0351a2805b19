//! What the app asks about photos and files; part of [`crate::command::Command`].

use docket_protocol::ids::RecordId;
use serde::{Deserialize, Serialize};

use super::{dropped, not_needed, rule, send_now};
use crate::client::Client;
use crate::command::{Answer, nothing, status, to_json};
use crate::env::Env;
use crate::error::Result;
use crate::store::files;
use crate::store::pieces::{self, Piece};
use crate::view::{FileRow, FilesRule};

/// A command about photos and files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum FileCommand {
    /// These bytes are in this phone's keeping; the edit that names them comes next.
    KeepFile {
        /// Their hash, lower-case hex.
        sha256: String,
        /// How many.
        bytes: u64,
    },
    /// These bytes of a colleague's evacuation file are in this phone's keeping, under the name
    /// `piece-{parcel}-{place}`.
    KeepPiece {
        /// [`crate::view::ParcelRow::id`].
        parcel: i64,
        /// Which piece of the file, counted from 0.
        place: i64,
        /// How many.
        bytes: u64,
    },
    /// `[view::FileRow]`.
    Files {
        /// Of which job.
        record: RecordId,
    },
    /// A colleague's file was fetched from the office.
    FileFetched {
        /// Of which job.
        record: RecordId,
        /// Which.
        file: FileRow,
    },
    /// Names of copies that need not be kept any longer: hashes, and those of pieces.
    FilesNotNeeded,
    /// Such a copy is gone.
    FileDropped {
        /// Its name.
        name: String,
    },
    /// [`crate::view::FilesPlan`].
    FilesPlan,
    /// Chooses when files are sent; answers with the [`crate::view::FilesPlan`].
    SetFilesRule {
        /// When.
        rule: FilesRule,
    },
    /// Sends what waits, whatever the rule says; answers with the status.
    SendFilesNow,
}

/// Carries such a command out.
pub(crate) fn carry_out(
    client: &mut Client,
    env: &mut Env<'_>,
    command: FileCommand,
) -> Result<Answer> {
    match command {
        FileCommand::KeepFile { sha256, bytes } => {
            files::keep(client.store.read(), &sha256, bytes, env.now).and_then(nothing)
        }
        FileCommand::KeepPiece { parcel, place, bytes } => {
            pieces::keep(client.store.read(), Piece { parcel, place, bytes }).and_then(nothing)
        }
        FileCommand::Files { record } => to_json(&files::of_record(client.store.read(), record)?),
        FileCommand::FileFetched { record, file } => {
            files::fetched(client.store.read(), &file, record, env.now).and_then(nothing)
        }
        FileCommand::FilesNotNeeded => to_json(&not_needed(client, env)?),
        FileCommand::FileDropped { name } => dropped(client, &name).and_then(nothing),
        FileCommand::FilesPlan => to_json(&rule::plan(client, env)?),
        FileCommand::SetFilesRule { rule } => {
            rule::set(client, rule)?;
            to_json(&rule::plan(client, env)?)
        }
        FileCommand::SendFilesNow => {
            send_now(client)?;
            to_json(&status(client, env)?)
        }
    }
}
