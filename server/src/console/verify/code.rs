//! What the code on a document leads to: whether a signature has reached this server.
//!
//! Whoever has the code has the document, and is told what a customer must know to trust it:
//! that the signature is here, when it was made, whether it still stands. Nothing of what was
//! signed, and no name: that takes the proof.

use docket_protocol::ids::ItemId;
use docket_protocol::number::job_number;
use docket_protocol::signoff::Outcome;
use rusqlite::Connection;
use subtle::ConstantTimeEq;

use crate::console::page::Visitor;
use crate::console::signoff_card::{Line, grouped};
use crate::read_model::beside;
use crate::read_model::signoffs::{self, SignOffRow, outcome_word, purpose_word};
use crate::store::{StoreError, documents};

/// So much of a digest as an address carries: nobody guesses it.
const SHORT_DIGEST: usize = 32;

/// The beginning of a digest, for an address.
pub(crate) fn short_digest(digest: &str) -> &str {
    digest.get(..SHORT_DIGEST).unwrap_or(digest)
}

/// A sign-off that is here.
pub(super) struct Known {
    row: SignOffRow,
    amended: bool,
}

/// Looks a code up. A wrong digest is answered like an unknown sign-off.
pub(super) fn known(
    sql: &Connection,
    signoff: ItemId,
    digest: &str,
) -> Result<Option<Known>, StoreError> {
    let Some((tenant, record)) = signoffs::place(sql, signoff)? else { return Ok(None) };
    let Some(row) = signoffs::of(sql, tenant, record, signoff)? else { return Ok(None) };
    let expected = short_digest(&row.statement.content_digest);
    if !bool::from(expected.as_bytes().ct_eq(digest.as_bytes())) {
        return Ok(None);
    }
    let document = documents::load(sql, tenant, record)?;
    let amended = document.is_some_and(|document| beside::is_amended(&document.automerge, signoff));
    Ok(Some(Known { row, amended }))
}

/// What is said of it.
pub(super) fn lines(visitor: &Visitor, known: &Known) -> Vec<Line> {
    let words = visitor.words;
    let (statement, receipt) = (&known.row.statement, &known.row.receipt);
    let plain = |id: &str, text: String| Line { label: words.get(id), text, figures: false };
    let standing = match (statement.outcome, known.amended) {
        (_, true) => words.get("verify-code-amended"),
        (Outcome::Refused, false) => words.get("verify-code-refused"),
        _ => words.get("verify-code-stands"),
    };
    vec![
        plain("field-organisation", receipt.organisation.clone()),
        plain("job", job_number(statement.record)),
        plain("field-signoff-purpose", words.of("purpose", purpose_word(statement.purpose))),
        plain("field-signoff-outcome", words.of("signoff", outcome_word(statement.outcome))),
        plain("proof-signed-at", visitor.moments.exact(statement.signed_at)),
        plain("proof-received-at", visitor.moments.exact(receipt.received_at)),
        plain("verify-code-standing", standing),
        Line {
            label: words.get("field-signoff-digest"),
            text: grouped(&statement.content_digest),
            figures: true,
        },
    ]
}
