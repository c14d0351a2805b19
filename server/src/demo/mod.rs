//! A believable organisation to look around in: people, customers, and thirty jobs in every
//! stage, signed ones included.
//!
//! The texts are data in `world/`; [`story`] turns each job into moments before now;
//! [`telling`] lives through them in order, with the server's clock moved back to each. Desk
//! work goes through the desk, phone work through the gate with real device keys ([`phone`]),
//! so that the demo holds what a real month would have left behind, proofs included.
//! Called by `docket demo`; seeded once, what people do afterwards stays.

mod drawing;
pub mod large;
mod office;
mod phone;
mod story;
mod telling;
mod world;

use crate::app::App;
use crate::desk::DeskError;
use crate::error::ApiError;
use crate::people::PeopleError;
use crate::store::StoreError;

/// Everybody's password.
pub const PASSWORD: &str = "docket-demo";

/// Why the demo could not be filled.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A text in `world/` cannot be read or names something that is not there.
    #[error("the demo's texts do not fit together: {0}")]
    World(String),
    /// The gate did not take what a demo phone sent.
    #[error("the gate did not take a change of {who}: {verdict}")]
    Gate {
        /// Whose phone.
        who: String,
        /// What the gate said.
        verdict: String,
    },
    /// An account could not be opened.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// A desk edit was refused.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// A phone could not be enrolled.
    #[error(transparent)]
    Phone(#[from] ApiError),
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An account of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What they type.
    pub login: String,
    /// Full name.
    pub name: String,
    /// Role, as stored.
    pub role: String,
}

/// Fills an empty data folder; true when it did, false when there are people already.
pub fn seed(app: &App) -> Result<bool, DemoError> {
    if has_people(app)? {
        return Ok(false);
    }
    let world = world::World::read()?;
    let now = app.clock.now_ms();
    telling::tell(app, &world, now)?;
    Ok(true)
}

fn has_people(app: &App) -> Result<bool, StoreError> {
    app.store.read_blocking(|sql| {
        let query = "select exists (select 1 from users)";
        sql.query_row(query, [], |row| row.get(0)).map_err(StoreError::from)
    })
}

/// The accounts, for the person who starts the demo; none where it is somebody's own data.
pub fn accounts() -> Result<Vec<Account>, DemoError> {
    let people = world::World::read()?.organisation.people.into_iter();
    let account = |person: world::Person| Account {
        login: person.login,
        name: person.name,
        role: person.role.as_str().to_owned(),
    };
    Ok(people.map(account).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use docket_protocol::signoff::verify_proof;
    use docket_protocol::stage::Stage;

    use super::*;
    use crate::auth::scope::Scope;
    use crate::clock::Clock;
    use crate::held::inbox;
    use crate::read_model::jobs::{self, JobFilter};
    use crate::read_model::signoffs;
    use crate::{log, proof};

    fn manager(app: &App) -> Scope {
        app.store
            .read_blocking(|sql| {
                let query = "select tenant, id, name from users where role = 'manager'";
                sql.query_row(query, [], |row| {
                    Ok(Scope {
                        tenant: docket_protocol::ids::TenantId(row.get(0)?),
                        user: docket_protocol::ids::UserId(row.get(1)?),
                        role: docket_protocol::role::Role::Manager,
                        name: row.get(2)?,
                        device: None,
                        browser: None,
                    })
                })
                .map_err(StoreError::from)
            })
            .unwrap()
    }

    #[test]
    fn thirty_jobs_stand_in_every_stage_and_every_proof_holds() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), Clock::default()).unwrap();
        let before = app.clock.now_ms();
        assert!(seed(&app).unwrap());
        assert!((app.clock.now_ms() - before).abs() < 120_000, "the clock is right again");
        assert!(!seed(&app).unwrap(), "a second start keeps what is there");
        let scope = manager(&app);
        app.store
            .read_blocking(|sql| {
                let filter = JobFilter { limit: Some(100), ..JobFilter::default() };
                let rows = jobs::list(sql, &scope, &filter)?;
                assert_eq!(rows.len(), 30);
                let stages: BTreeSet<Stage> = rows.iter().map(|row| row.stage).collect();
                assert_eq!(stages.len(), Stage::ALL.len());
                assert_eq!(rows.iter().filter(|row| row.open_conflicts > 0).count(), 1);
                let latest = rows.iter().map(|row| row.updated_at).max();
                assert!(latest.is_some_and(|latest| latest <= app.clock.now_ms()));
                let mut proofs = 0;
                for row in &rows {
                    for signed in signoffs::list(sql, &scope, row.record)? {
                        let file =
                            proof::export(sql, &scope, &app.keys, row.record, signed.signoff);
                        verify_proof(&file.unwrap()).unwrap();
                        proofs += 1;
                    }
                }
                assert_eq!(proofs, 9);
                assert_eq!(inbox::count_waiting(sql, &scope)?, 1);
                assert!(log::verify(sql, scope.tenant)?.is_ok());
                Ok::<_, StoreError>(())
            })
            .unwrap();
    }
}
