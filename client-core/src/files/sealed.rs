//! Pieces of files that go sealed to the office: those of a phone that may not sync any more, and
//! those that a colleague's evacuation file brought here. Neither needs a token: each piece says
//! itself, signed, from which phone it is.

use docket_protocol::limits::ATTACHMENT_CHUNK_BYTES;
use docket_protocol::wire::FilePiece;

use super::{DAY_MS, FileBody, FileRequest};
use crate::client::Client;
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::store::files;
use crate::store::pieces::{self, Piece};

/// Such a piece as a request; the bytes are sealed by whoever carries it where they are not yet.
pub(super) fn request(piece: FileBody) -> FileRequest {
    let headers = vec![("content-type", "application/octet-stream".to_owned())];
    FileRequest { id: 0, method: "POST", path: "/v1/pieces".to_owned(), headers, body: piece }
}

/// The body that a carried piece is.
pub(super) fn carried(piece: Piece) -> FileBody {
    let name = pieces::name_of(piece.parcel, piece.place);
    FileBody::Piece { name, from: 0, to: piece.bytes }
}

/// See [`Client::sealed_piece`].
pub(crate) fn seal(
    client: &Client,
    env: &mut Env<'_>,
    sha256: &str,
    from: u64,
    piece: &[u8],
) -> Result<Vec<u8>> {
    let signed_in = client.session.signed_in.as_ref();
    let signed_in = signed_in.ok_or(ClientError::new("not-signed-in"))?;
    if piece.len() as u64 > ATTACHMENT_CHUNK_BYTES {
        return Err(ClientError::new("too-large"));
    }
    let bytes = files::length(client.store.read(), sha256)?;
    let piece = FilePiece {
        device: signed_in.device,
        sha256: sha256.to_owned(),
        bytes: bytes.ok_or(ClientError::new("not-found"))?,
        from,
        piece: piece.to_vec().into(),
    };
    let phone = &client.session.device_key;
    let sealed = piece.seal(phone, &signed_in.office()?, &mut env.random());
    sealed.map_err(|_| ClientError::new("not-signed-in"))
}

/// The answer to a carried piece.
pub(super) fn brought(
    client: &mut Client,
    env: &mut Env<'_>,
    piece: Piece,
    status: u16,
) -> Result<()> {
    let sql = client.store.read();
    match status {
        204 => pieces::sent(sql, piece)?,
        // Its record is not in the log, or the piece before it is not: tomorrow that may be so.
        400..=428 => pieces::postpone(sql, piece, env.now + DAY_MS, "file-not-wanted")?,
        _ => {
            client.files.backoff.fail(env);
            return Ok(());
        }
    }
    client.files.backoff.reset();
    Ok(())
}
