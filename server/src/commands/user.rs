//! `docket user add`: the first accounts, before there is anyone to open them in the console.

use std::path::Path;

use anyhow::{Context, Result};

use crate::app::App;
use crate::clock::Clock;
use crate::people::{self, NewPerson, PeopleError};

/// Adds an account, making the organisation when this is the first.
pub fn add(data: &Path, organisation: &str, person: NewPerson) -> Result<()> {
    let app = App::open(data, Clock::default())
        .with_context(|| format!("cannot open the data folder {}", data.display()))?;
    let organisation = organisation.to_owned();
    let (login, role) = (person.login.clone(), person.role);
    app.store.write_blocking(move |tx| {
        let tenant = people::organisation(tx, &organisation)?;
        people::add(tx, tenant, &person)?;
        Ok::<_, PeopleError>(())
    })?;
    println!("{login} can sign in now, as {}.", role.as_str());
    Ok(())
}
