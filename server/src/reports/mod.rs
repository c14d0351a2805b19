//! What the office counts and lists over a span of time: the plain record of a period, and the
//! statistics of a quarter.
//!
//! [`period`] says which days, [`facts`] reads the narrow rows of jobs in them, [`records`] lists
//! and [`statistics`] counts; counting is pure functions of facts, so that it can be checked
//! against a calculation of somebody else's. [`completeness`] says what may be missing.
//! [`quarterly`] puts the report of a quarter together, [`issues`] keeps the ones given out.
//! [`follow_ups`], [`backups`] and [`fleet`] list what is due, what is lacking and what phones
//! said of themselves. [`sheet`] writes a table as a file. Pages are in the console; nothing here
//! knows of words on a screen except the headings of a file.

pub mod backups;
pub mod completeness;
pub mod facts;
pub mod fleet;
pub mod follow_ups;
pub mod issues;
pub mod period;
pub mod quarterly;
pub mod records;
pub mod sheet;
pub mod statistics;
