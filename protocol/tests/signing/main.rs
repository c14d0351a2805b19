//! What was signed, what is written beside and after it, and what becomes of concurrent values:
//! stories about one job on several phones. One file a subject; [`support`] has the people.

mod amendment;
mod attachments;
mod late;
mod settlement;
mod support;
