//! Every bound of the contract, each with its reason.
//!
//! Phones check them before they store, the server before it believes. Raising one is safe;
//! lowering one can strand work on phones that still hold larger things.

/// Largest request body on the wire. A month of one engineer's edits (about 5,000) is 1 MB.
pub const REQUEST_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Largest request body once inflated; DEFLATE reaches 1000:1, so this is what memory sees.
pub const INFLATED_BYTES_MAX: usize = 32 * 1024 * 1024;
/// CBOR items in one request, counted before they are made: an empty one is a byte on the wire
/// and dozens in memory. A full batch of the smallest honest changes has 50,000.
pub const REQUEST_ITEMS_MAX: usize = 200_000;
/// Operations decoded in one request. A run of equal operations is a few bytes on the wire and
/// 200 bytes each in memory; what lies beyond comes again with the next request.
pub const PUSH_OPS_MAX: u64 = 250_000;
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
/// Values replaced by one change; where one edit settles many values they outnumber operations.
pub const CHANGE_PREDECESSORS_MAX: u64 = CHANGE_OPS_MAX * 4;
/// Device times a calendar can show, Unix ms: from the year 1 to the year 9999. Wrong clocks
/// are an ordinary thing and lose nobody's work; what lies outside is no clock.
pub const CHANGE_TIME_MS: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_207_200_000;
/// Longest map key: an entry's id has 36 bytes, the longest field name 13. A key in a run is
/// written once and made for every operation of the run.
pub const KEY_BYTES_MAX: usize = 64;
/// Maps inside maps: `plan/items/*/text` is the deepest field.
pub const PATH_DEPTH_MAX: usize = 8;
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
/// One photo or file: a long manual as PDF fits, and so does a program's backup; photos are shrunk
/// to a hundredth of it.
pub const ATTACHMENT_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Points of a picture that anybody draws: half as much again as the largest camera of a phone
/// makes, where a few bytes can claim any number.
pub const PICTURE_PIXELS_MAX: u64 = 300_000_000;
/// Bytes of a file in one request: what a cut link costs, and little enough for 2G.
pub const ATTACHMENT_CHUNK_BYTES: u64 = 256 * 1024;
/// Changes, and so actors, in a document that somebody brings as a file.
pub const DOCUMENT_CHANGES_MAX: u64 = 20_000;
/// Heads of such a document: that many people have never worked on one job at once.
pub const DOCUMENT_HEADS_MAX: u64 = 256;
/// Largest document file.
pub const DOCUMENT_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Operations in one record from which people are told that it is getting long: some fifty
/// printed pages. A usual job has 3,000.
pub const RECORD_OPS_SOFT: u64 = 100_000;
/// Operations in one record after which it takes no new entries and no new prose: what it
/// costs to load still fits a phone's patience. Fields, ticks and signatures still go in, so
/// that it can be finished, signed and closed.
pub const RECORD_OPS_MAX: u64 = 200_000;
/// Operations kept free above that for finishing; then only signatures and the archive remain.
pub const RECORD_OPS_RESERVE: u64 = 20_000;
/// Sign-offs in one record: every one is checked anew with every change.
pub const SIGNOFFS_MAX: usize = 64;
/// A drawn signature (PNG), in bytes.
pub const DRAWING_BYTES_MAX: usize = 200 * 1024;
/// A sign-off statement (canonical JSON), in bytes: it names every photo and file, and there may
/// be [`ITEMS_MAX`] of them.
pub const STATEMENT_BYTES_MAX: usize = 192 * 1024;
/// Response bytes after which the server ends a page (`more` = true).
pub const PULL_BYTES_TARGET: usize = 4 * 1024 * 1024;
