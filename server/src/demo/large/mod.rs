//! A large organisation, to see how the office bears it: by default 100,000 jobs of three years,
//! 200 engineers and 1,500 customers, ten thousand jobs of them still open.
//!
//! Everything follows from a seed ([`chance`]): people and customers ([`organisation`]), what
//! becomes of each job ([`course`]) and what is written into it ([`writing`]), all of it lived
//! through in the order of time ([`living`]). Every change goes the way of any other, desk work
//! through the desk and phone work through the gate; only the moments are told to the writer
//! instead of moving the server's clock, so that hundreds share a commit. Keys and Automerge actors
//! are new every time.

mod chance;
mod course;
mod living;
mod organisation;
mod writing;

use super::DemoError;
use super::office::{dossier, hire, roster, stock};
use super::telling::{Past, person, phones};
use crate::app::App;
use living::{Cast, Client};

const DAY_MS: i64 = 86_400_000;

/// How much there is of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Jobs.
    pub jobs: usize,
    /// Engineers, each with a phone.
    pub engineers: usize,
    /// Customers, each with a dossier.
    pub customers: usize,
    /// Days since the first job.
    pub days: i64,
    /// What everything follows from.
    pub seed: u64,
}

impl Size {
    /// Three years of a large organisation.
    pub const LARGE: Self =
        Self { jobs: 100_000, engineers: 200, customers: 1_500, days: 3 * 365, seed: 20_261_126 };
}

/// Fills an empty data folder; false when there are people already. `told` hears how many jobs
/// have been opened so far.
pub fn seed(app: &App, size: &Size, told: impl FnMut(usize)) -> Result<bool, DemoError> {
    if super::has_people(app)? {
        return Ok(false);
    }
    let world = organisation::world(size)?;
    let now = app.clock.now_ms();
    let mut past = Past::of(&app.clock);
    past.go_to(now - (size.days + 1) * DAY_MS);
    let people = hire(app, &world)?;
    let desk = person(&people, "desk")?;
    stock(app, desk, &world)?;
    roster(app, desk, &people, now)?;
    let mut phones = phones(app, &world, &people)?;
    let engineers = (0..size.engineers).filter_map(|one| phones.remove(&organisation::key_of(one)));
    let dossiers = world.customers.into_iter().map(|customer| {
        let opened = dossier(app, desk, &customer)?;
        Ok::<_, DemoError>(Client::new(opened, customer))
    });
    let cast = Cast {
        size: *size,
        now,
        desk: desk.clone(),
        manager: person(&people, "manager")?.clone(),
        engineers: engineers.collect(),
        customers: dossiers.collect::<Result<_, _>>()?,
        stories: world.stories.into_iter().filter(|told| told.report.is_some()).collect(),
    };
    drop(past);
    living::live(app, cast, told)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::scope::Scope;
    use crate::clock::Clock;
    use crate::log;
    use crate::read_model::jobs::{self, JobFilter};
    use crate::read_model::signoffs;
    use crate::store::StoreError;
    use docket_protocol::ids::{TenantId, UserId};
    use docket_protocol::role::Role;
    use docket_protocol::signoff::verify_proof;
    use docket_protocol::stage::Stage;
    use std::collections::BTreeSet;

    const SMALL: Size = Size { jobs: 240, engineers: 5, customers: 6, days: 400, seed: 7 };
    /// 2026-11-26.
    const NOW: i64 = 1_795_651_200_000;

    fn manager(app: &App) -> Scope {
        let query = "select tenant, id, name from users where role = 'manager' order by name";
        let read = app.store.read_blocking(|sql| {
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            sql.query_row(query, [], row).map_err(StoreError::from)
        });
        let (tenant, user, name) = read.unwrap();
        let (tenant, user) = (TenantId(tenant), UserId(user));
        Scope { tenant, user, role: Role::Manager, name, device: None, browser: None }
    }

    /// The office's list of a world, as text.
    fn told(size: &Size) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), Clock::standing_at(NOW)).unwrap();
        assert!(seed(&app, size, |_| ()).unwrap());
        assert!(!seed(&app, size, |_| ()).unwrap(), "a second start keeps what is there");
        let scope = manager(&app);
        app.store
            .read_blocking(|sql| {
                let filter = JobFilter { limit: Some(500), ..JobFilter::default() };
                let mut rows = jobs::list(sql, &scope, &filter)?;
                // The last ones may not be written down yet.
                assert!((size.jobs - 5..=size.jobs).contains(&rows.len()), "{}", rows.len());
                let stages: BTreeSet<Stage> = rows.iter().map(|row| row.stage).collect();
                assert!(stages.len() >= 7, "{stages:?}");
                assert!(rows.iter().all(|row| row.updated_at <= NOW));
                assert!(log::verify(sql, scope.tenant)?.is_ok());
                let signed = rows.iter().find(|row| row.stage == Stage::Signed).unwrap();
                for one in signoffs::list(sql, &scope, signed.record)? {
                    let proof =
                        crate::proof::export(sql, &scope, &app.keys, signed.record, one.signoff);
                    verify_proof(&proof.unwrap()).unwrap();
                }
                rows.iter_mut().for_each(|row| row.lead = None);
                Ok::<_, StoreError>(rows.iter().map(|row| format!("{row:?}")).collect())
            })
            .unwrap()
    }

    #[test]
    fn the_same_seed_makes_the_same_organisation_and_another_one_another() {
        let one = told(&SMALL);
        let strip = |rows: Vec<String>| -> Vec<String> {
            // Accounts and dossiers have ids of their own every time.
            rows.into_iter()
                .map(|row| row.split("dossier:").next().unwrap_or_default().to_owned())
                .collect()
        };
        let one = strip(one);
        assert_eq!(one, strip(told(&SMALL)));
        assert_ne!(one, strip(told(&Size { seed: 8, ..SMALL })));
    }
}
