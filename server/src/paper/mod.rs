//! Documents on paper: PDFs that are handed to customers and put into files.
//!
//! A [`Sheet`] is what a document says, already in words: its head and a list of blocks. How it
//! looks is `documents/document.typ`, which reads it as data, so that nothing anybody wrote is
//! ever run as a program. The [`Press`] sets it, one at a time, away from the threads that
//! answer; the same sheet gives the same bytes. A sign-off's proof travels inside as a file
//! ([`attached`] takes it out again), and the [`seal`] shows whether any byte was changed since.
//!
//! What stands in a document is decided by whoever builds the sheet (`console::paper_job`,
//! `console::paper_statistics`); nothing here knows what a job is.

pub mod attached;
mod fonts;
mod legible;
mod press;
pub mod seal;
mod sheet;
mod world;

pub use press::{PaperError, Press};
pub use sheet::{Attachment, Block, Chart, Column, Field, Figure, Mark, Sheet, Signature, Tone};
