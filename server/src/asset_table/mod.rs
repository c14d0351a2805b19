//! 资产表: the equipment of all customers as a table, in and out.
//!
//! One row is one piece of equipment. The path in is `file` (bytes of a CSV or of an XLSX, read by
//! `xlsx`, become cells) -> `row` (cells become meaning) -> `plan` (what would be added, changed
//! and left alone, and which lines cannot be used and why) -> `apply` (through the desk, like edits
//! by hand). Equipment is known by its customer and its serial number, or its name where it has
//! none; an empty cell changes nothing. So an export that was edited goes in as it is, and going in
//! twice changes nothing.
//! Called by the console's page of assets and by `docket import assets`.

mod apply;
mod column;
mod export;
mod file;
mod plan;
mod row;
mod xlsx;

pub use apply::{Done, apply};
pub use column::Column;
pub(crate) use export::sheet;
pub use file::{ReadTable, TableError, read_table};
pub use plan::{Addition, Alteration, Plan, plan};
pub use row::{Fault, Problem, Row};
