//! 技术支持记录表: the plain table of technical-support records, in and out.
//!
//! One row is one job: date, problem, category, solution, handler, and optionally whether it
//! was solved, when, or why not and what comes next. The path in is
//! `file` (bytes -> rows, bad ones set aside) -> `row` (cells -> meaning) -> `mapping`
//! (row -> a job's fields) -> `import` (through the desk, like any other edit); `export` walks it
//! backwards. A file that went in comes out the same, and going in twice adds nothing.
//! Called by `docket import jobs` and `docket export jobs`; the console lists the same rows.

mod column;
mod date;
mod export;
mod file;
mod import;
mod mapping;
mod row;

pub(crate) use column::Column;
pub use date::parse_date;
pub use export::{Period, export_jobs};
pub use file::{CsvError, Encoding, ReadFile, read_file};
pub(crate) use file::{candidates_for, guarded, split, unguarded};
pub use import::{ImportReport, import_jobs};
pub(crate) use mapping::row_of;
pub use row::{BadRow, Row, RowProblem};
