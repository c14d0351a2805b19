//! The checkers: what must hold at every moment of a run, and at its end.
//!
//! They compare what people and nodes were told with what the log and the stores say. The model
//! they go by is their own ([`super::phone::Kept`], [`super::logbook`]), never a product table.

mod conflicts;
mod equal;
mod kept;
mod server;
mod signoffs;

pub(crate) use kept::{accounted, count, delivered, perhaps_saved, recounted};
pub(crate) use server::{answer, server_started};

use crate::sim::invariant::Violation;
use crate::sim::world::World;

/// Everything that must hold once all is healed.
pub(crate) fn at_the_end(world: &mut World) -> Result<(), Violation> {
    server::log_holds_together(world)?;
    server::read_model_follows(world)?;
    signoffs::stand(world)?;
    for number in 0..world.phones.len() {
        equal::phone_has_all(world, number)?;
    }
    Ok(())
}
