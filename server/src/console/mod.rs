//! The console: pages for the people at desks, rendered here. Every address stands in
//! [`routes`], which [`crate::router`] takes over together with who may call it.

use crate::router::Route;

/// The console's addresses.
pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}
