//! Bounds that only the server has, each with its reason. What both sides must agree on is in
//! `docket_protocol::limits`; this file says how much one person or one peer may ask of us.

use std::time::Duration;

/// Access tokens are checked against the database anyway; short life bounds clock trouble.
pub const ACCESS_TOKEN_MS: i64 = 10 * 60 * 1_000;
/// Clock difference we forgive in a token, ours against ours after a restore or a jump.
pub const TOKEN_LEEWAY_MS: i64 = 60 * 1_000;
/// A phone that was silent this long signs in again: a season without coverage is not rare.
pub const PHONE_SESSION_MS: i64 = 180 * 24 * 3_600 * 1_000;
/// A console left alone this long signs itself out; one shift with its breaks fits.
pub const CONSOLE_SESSION_MS: i64 = 12 * 3_600 * 1_000;
/// How often `last_seen` is worth a write.
pub const LAST_SEEN_STEP_MS: i64 = 60 * 1_000;

/// Guesses per login name per minute; people mistype three times, programs a thousand.
pub const LOGIN_PER_ACCOUNT: u32 = 10;
/// Guesses per address per minute; a whole office may sit behind one address.
pub const LOGIN_PER_ADDRESS: u32 = 60;
/// Window of both.
pub const LOGIN_WINDOW_MS: i64 = 60 * 1_000;
/// Remembered names and addresses; beyond, the oldest are forgotten.
pub const LOGIN_REMEMBERED: usize = 10_000;
/// Password hashes at once: each takes 19 MiB and a core.
pub const PASSWORD_HASHES_AT_ONCE: usize = 2;
/// People waiting for one; the next is told to come back.
pub const PASSWORD_HASHES_WAITING: usize = 64;
/// Shortest password, in characters: long enough that guessing at our pace takes centuries. What it
/// is made of is its person's own affair.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// How long a password that was given for once can be used.
pub const ONE_TIME_MS: i64 = 3 * 24 * 3_600 * 1_000;
/// Two phones of one account that were heard of within this time are in use together.
pub const TOGETHER_MS: i64 = 10 * 60 * 1_000;
/// Longest password: beyond this nobody types.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

/// One piece of a photo or file: four times what phones send at once.
pub const PIECE_BYTES_MAX: usize = 1024 * 1024;
/// Files one person brings at the same time; phones bring one after the other.
pub const UPLOADS_PER_PERSON_MAX: u64 = 32;
/// How long the beginning of a file waits for its rest: longer than a phone is away.
pub const UPLOAD_KEPT_MS: i64 = 30 * 24 * 3_600 * 1_000;
/// JSON bodies: the longest prose field, escaped, fits many times.
pub const JSON_BYTES_MAX: usize = 512 * 1024;
/// A proof: content of one record, a statement, a drawing in base64.
pub const PROOF_BYTES_MAX: usize = 4 * 1024 * 1024;
/// A file with all unsent work of a phone, its photos included: a season's. It is read as it comes,
/// so it may be far longer than what is held in memory.
pub const EVACUATION_BYTES_MAX: usize = 1024 * 1024 * 1024;
/// A document with a proof in it, brought to be checked: the proof, its fonts, its pages.
pub const PDF_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Streams of packed objects in it; each may unpack to a quarter of [`PROOF_BYTES_MAX`].
pub const PACKED_OBJECTS_MAX: usize = 32;
/// Files of one name in it: a document that was saved again keeps the older ones.
pub const ATTACHED_FILES_MAX: usize = 8;
/// What a document says, as data: some two hundred pages, set within seconds.
pub const PAPER_BYTES_MAX: usize = 1024 * 1024;
/// Documents that wait to be set; the next is told to come back.
pub const PAPERS_WAITING: usize = 16;
/// Rows in one list answer.
pub const PAGE_ROWS_MAX: u32 = 500;
/// Rows in one list answer when the caller does not say.
pub const PAGE_ROWS: u32 = 100;

/// Open points in a report: beyond that it is the list of records that helps.
pub const OPEN_POINTS_MAX: u32 = 500;
/// Jobs of one stage that are counted; who reads the board needs no exact number beyond.
pub const COUNT_MAX: usize = 10_000;
/// Jobs that a search looks at, the newest that contain its words: more is no answer to anybody.
pub const HITS_MAX: usize = 2_000;
/// Jobs of each stage while the board shows all stages, and while it shows one.
pub const BOARD_STAGE_ROWS: usize = 25;
/// See [`BOARD_STAGE_ROWS`].
pub const BOARD_ROWS: usize = 100;

/// Entries of the audit log on one page.
pub const AUDIT_SHOWN: usize = 100;
/// Entries that one look searches; the next look goes on from there.
pub const AUDIT_SEARCHED_MAX: usize = 10_000;
/// Entries whose digests the page computes again; the command line computes all.
pub const AUDIT_CHECKED_MAX: i64 = 20_000;

/// Records in one exported table: some years of a large organisation, and a file that still opens.
pub const EXPORT_ROWS_MAX: u32 = 50_000;

/// Pieces of equipment on one page.
pub const ASSET_PAGE_ROWS: usize = 100;
/// Customers on one page.
pub const DOSSIER_PAGE_ROWS: usize = 100;
/// Names offered while a customer is typed: what a person reads at a glance.
pub const CUSTOMERS_OFFERED: usize = 12;
/// A table of equipment that is imported: its bytes, its rows, and its columns, ours being nine.
pub const ASSET_FILE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// See [`ASSET_FILE_BYTES_MAX`].
pub const ASSET_ROWS_MAX: usize = 20_000;
/// See [`ASSET_FILE_BYTES_MAX`].
pub const ASSET_COLUMNS_MAX: usize = 100;
/// One part of an XLSX, inflated: 20,000 rows of nine columns are some 15 MB.
pub const ASSET_PART_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// The same file, sent back as text with the wish to do what was shown.
pub const ASSET_IMPORT_BYTES_MAX: usize = ASSET_FILE_BYTES_MAX / 3 * 4 + 4 * 1024;
/// Lines of a dry run that are listed of each kind; their number is said.
pub const ASSET_LINES_SHOWN: usize = 100;

/// Pieces of held work on one page of the inbox; what is decided makes room for the next.
pub const HELD_PIECES_SHOWN: usize = 50;
/// Letters of a decision's note: a reason, not an essay.
pub const DECISION_NOTE_CHARS_MAX: usize = 1_000;
/// Undecided work of one phone, in bytes: years of honest edits, and no way to fill the disk.
pub const HELD_BYTES_PER_DEVICE_MAX: u64 = 16 * 1024 * 1024;
/// How long after a phone was revoked, or its person has left, its work is still taken in.
pub const HAND_IN_WINDOW_MS: i64 = PHONE_SESSION_MS;
/// Hand-ins per phone per minute: one is enough, a flapping link needs a few.
pub const HAND_IN_PER_DEVICE: u32 = 10;
/// Pieces of files that come without a token, per address per minute: a gigabyte in seven minutes,
/// and opening each costs a fraction of a millisecond.
pub const PIECES_PER_ADDRESS: u32 = 600;

/// Comparisons of everything a phone holds, per minute: one page of repairs each. A phone that
/// needs more waits a minute; between two that agree there is none.
pub const RECONCILE_PER_DEVICE: u32 = 20;
/// Records in one comparison: ten times what a large organisation gives one person.
pub const RECONCILE_RECORDS_MAX: usize = 40_000;

/// Notices on their page: some months of a badly run service.
pub const NOTICES_SHOWN: usize = 200;
/// Notices sent in one round; the rest has the next one.
pub const NOTICES_SENT_AT_ONCE: usize = 20;
/// Attempts to send one: with pauses of up to an hour, a long weekend.
pub const NOTICE_ATTEMPTS_MAX: u32 = 72;
/// What is kept of why an attempt failed.
pub const NOTICE_FAILURE_CHARS_MAX: usize = 200;
/// Time for the other side to take a notice.
pub const NOTICE_TIMEOUT: Duration = Duration::from_secs(15);

/// Time for a client to send its request head.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Silence within a body: a phone on the edge of coverage pauses, an attacker waits.
pub const BODY_SILENCE: Duration = Duration::from_secs(30);
/// What is left of the body of a request that was answered early, and is read away so that the
/// peer gets its answer: a form or an export, not a flood.
pub const UNREAD_BYTES_MAX: usize = 256 * 1024;
/// How long that may take.
pub const UNREAD_TIMEOUT: Duration = Duration::from_secs(5);
/// Whole request: 8 MiB at 50 kbit/s would be longer, but phones send 60 kB after a day.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(300);
/// Open connections; each waiting one costs some 10 kB.
pub const CONNECTIONS_MAX: usize = 4_096;
/// Time for running requests to end when the server is told to stop.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// Stored bytes of one record after which it takes no new entries and no new prose, whatever
/// its operations count: long words and drawings weigh, too.
pub const RECORD_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Versions rebuilt from the whole record while one push to it is judged. An honest phone needs
/// one for each pull between its edits; a hostile one could keep the writer busy for hours.
pub const VERSIONS_REBUILT_MAX: u32 = 64;
/// Missing parents named in one `need`; a phone that has them all finds out with the next.
pub const NEEDED_NAMED_MAX: usize = 8;
/// Documents kept in memory, ready to merge into: about 30 kB each.
pub const DOCUMENTS_CACHED: usize = 1_024;
/// Changes of a record that travels as changes when it enters somebody's sight; with more, what was
/// overwritten and the phone's time outweigh what is saved on the way.
pub const ENTER_CHANGES_MAX: usize = 100;
/// Jobs joined into one disk commit; more only adds waiting.
pub const COMMIT_JOBS_MAX: usize = 128;
/// Writes waiting; beyond this, answering "busy" is kinder than a timeout.
pub const WRITES_WAITING_MAX: usize = 4_096;
/// Readers at once.
pub const READERS: usize = 4;
/// Things asked after for which another reader is worth its start.
pub const READ_EACH_MIN: usize = 4;
/// A record's snapshot is rewritten when the changes after it reach this share of its size …
pub const TAIL_SHARE: u64 = 2;
/// … and at least this many bytes, so that small records are not rewritten by every edit.
pub const TAIL_BYTES_MIN: u64 = 2_048;
