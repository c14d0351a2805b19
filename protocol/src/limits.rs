//! Every bound of the contract, each with its reason.
//!
//! Phones check them before they store, the server before it believes. Raising one is safe;
//! lowering one can strand work on phones that still hold larger things.

/// Largest request body on the wire. A month of one engineer's edits (about 5,000) is 1 MB.
pub const REQUEST_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Largest request body once inflated; DEFLATE reaches 1000:1, so this is what memory sees.
pub const INFLATED_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Records pushed in one request; more go into the next one.
pub const PUSH_RECORDS_MAX: usize = 1_000;
/// Changes of one record in one request.
pub const PUSH_CHANGES_MAX: usize = 10_000;
/// Bytes of changes a phone puts into one request, well below `INFLATED_BYTES_MAX`.
pub const PUSH_BYTES_TARGET: usize = 4 * 1024 * 1024;
/// Largest single change: the largest prose field, plus a drawn signature.
pub const CHANGE_BYTES_MAX: usize = 512 * 1024;
/// Operations in one change. A pasted page of text is one operation per character.
pub const CHANGE_OPS_MAX: u64 = 60_000;
/// Parents of one change: more heads than this in a job means something is wrong.
pub const CHANGE_DEPS_MAX: u64 = 256;
/// Other actors a change refers to.
pub const CHANGE_ACTORS_MAX: u64 = 256;
/// Automerge keeps operation counters in 32 bits; half of it is out of reach of honest work.
pub const OP_COUNTER_MAX: u64 = 1 << 31;
/// Actor ids are 16 random bytes.
pub const ACTOR_BYTES: usize = 16;
/// Text of one short field, in characters.
pub const LINE_CHARS_MAX: usize = 300;
/// Text of one prose field, in characters: about twenty printed pages.
pub const PROSE_CHARS_MAX: usize = 50_000;
/// Entries of one kind (steps, parts, checklist items) in one record.
pub const ITEMS_MAX: usize = 2_000;
/// A drawn signature (PNG), in bytes.
pub const DRAWING_BYTES_MAX: usize = 200 * 1024;
/// A sign-off statement (canonical JSON), in bytes.
pub const STATEMENT_BYTES_MAX: usize = 32 * 1024;
/// Response bytes after which the server ends a page (`more` = true).
pub const PULL_BYTES_TARGET: usize = 2 * 1024 * 1024;
