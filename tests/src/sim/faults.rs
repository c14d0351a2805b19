//! What breaks besides the network: apps and the server are killed, clocks jump, phones leave
//! coverage, roles change, phones are revoked.

use std::collections::{BTreeMap, BTreeSet};

use docket_protocol::ids::DeviceId;
use docket_protocol::role::Role;
use docket_server::auth::devices;
use docket_server::error::ApiError;
use docket_server::people;

use crate::disk::{Fault, Outcome};
use crate::sim::check;
use crate::sim::invariant::{Invariant, Violation};
use crate::sim::organisation::Organisation;
use crate::sim::time::MINUTE;
use crate::sim::world::World;

impl World {
    /// Draws what goes wrong in this step.
    pub(crate) fn something_breaks(&mut self) -> Result<(), Violation> {
        let number = self.random.position(self.phones.len()).unwrap_or(0);
        if self.random.chance(self.swarm.no_coverage) || !self.phones[number].covered {
            self.phones[number].covered = !self.phones[number].covered;
        }
        if self.random.chance(self.swarm.second_tab) {
            self.app_is_opened_twice(number)?;
        }
        self.disks_fail(number);
        if self.swarm.skew_max > 0 && self.random.chance(20) {
            self.phones[number].skew = self.draw_skew();
            self.trace.note(self.time.now(), "clock jumps", || format!("phone {number}"));
        }
        if self.swarm.server_skew_max > 0 && self.random.chance(20) {
            let most = self.swarm.server_skew_max;
            self.server_skew = self.random.between(-most, most);
            self.trace.note(self.time.now(), "server clock jumps", String::new);
        }
        if self.random.chance(self.swarm.role_change) {
            self.role_changes()?;
        }
        if self.random.chance(self.swarm.revoke) {
            self.phone_is_revoked(number)?;
        }
        if self.random.chance(self.swarm.sign_out) {
            self.somebody_signs_out()?;
        }
        if self.random.chance(self.swarm.server_restore) {
            self.server_is_put_back()?;
        }
        if self.random.chance(self.swarm.phone_restore) {
            self.phone_is_put_back(number)?;
        }
        if self.random.chance(self.swarm.phone_copy) {
            self.swarm.phone_copy = 0;
            self.phone_is_copied(number)?;
        }
        Ok(())
    }

    /// The first time a backup is made, the second time it is put in the database's place.
    fn server_is_put_back(&mut self) -> Result<(), Violation> {
        if !self.server.is_up() {
            return Ok(());
        }
        let Some(image) = self.backup.take() else {
            self.trace.note(self.time.now(), "server backed up", String::new);
            self.backup = Some(self.server.back_up());
            return Ok(());
        };
        self.trace.note(self.time.now(), "server put back", String::new);
        self.swarm.server_restore = 0;
        self.restored = true;
        self.may_differ = true;
        self.wind_server_clock();
        let started = self.server.put_back(&image);
        Invariant::I2.hold(started, || "the server does not start on a backup".to_owned())?;
        self.read_accounts();
        check::server_restored(self)
    }

    /// Only the first gets at the store, and notices nothing.
    fn app_is_opened_twice(&mut self, number: usize) -> Result<(), Violation> {
        let now = self.phone_now(number);
        self.trace.note(self.time.now(), "second tab", || format!("phone {number}"));
        let both = self.phones[number].opens_twice(now);
        Invariant::I1.hold(!both, || format!("two apps write the store of phone {number}"))?;
        self.looked_after(number, Invariant::I12)
    }

    fn phone_is_put_back(&mut self, number: usize) -> Result<(), Violation> {
        let now = self.phone_now(number);
        if !self.phones[number].put_back() {
            self.trace.note(self.time.now(), "phone backed up", || format!("phone {number}"));
            self.phones[number].back_up();
            return Ok(());
        }
        self.trace.note(self.time.now(), "phone put back", || format!("phone {number}"));
        self.swarm.phone_restore = 0;
        self.may_differ = true;
        self.log.twins = true;
        let opened = self.phones[number].open(now);
        Invariant::I1.hold(opened.is_ok(), || format!("phone {number} opens: {opened:?}"))?;
        self.read_accounts();
        check::recounted(self, number, Invariant::I1)
    }

    fn phone_is_copied(&mut self, number: usize) -> Result<(), Violation> {
        let (now, seed) = (self.phone_now(number), self.random.bits());
        self.may_differ = true;
        self.log.twins = true;
        let to = self.phones.len();
        self.trace.note(self.time.now(), "phone copied", || format!("phone {number} to {to}"));
        match self.phones[number].copy(now, seed) {
            Ok(copy) => self.phones.push(copy),
            Err(error) => return Invariant::I1.broken(format!("the copy opens: {error}")),
        }
        check::recounted(self, to, Invariant::I1)
    }

    /// Plans what the disks of this phone and of the server will do in their next steps.
    fn disks_fail(&mut self, number: usize) {
        let (few, many) = (1 + self.random.below(12), 1 + self.random.below(60));
        let swarm = &self.swarm;
        if self.random.chance(swarm.phone_kill) {
            self.phones[number].dies_after(few);
        }
        if self.random.chance(swarm.phone_disk) {
            self.trace.note(self.time.now(), "phone disk error", || format!("phone {number}"));
            self.phones[number].disk_fails(1, Fault::Io);
        }
        if self.random.chance(swarm.phone_full) {
            self.trace.note(self.time.now(), "phone disk full", || format!("phone {number}"));
            self.phones[number].disk_fails(many, Fault::Full);
        }
        if self.random.chance(swarm.server_kill) {
            self.server.dies_after(few);
        }
        if self.random.chance(swarm.server_disk) {
            self.trace.note(self.time.now(), "server disk error", String::new);
            self.server.disk_fails(1, Fault::Io);
        }
        if self.random.chance(swarm.server_full) {
            self.trace.note(self.time.now(), "server disk full", String::new);
            self.server.disk_fails(many, Fault::Full);
        }
    }

    /// If the app has come to the step at which it dies: it starts again on what is on disk.
    /// True when it did; the caller then checks what must be there.
    pub(crate) fn phone_died(&mut self, number: usize) -> Result<bool, Violation> {
        if !self.phones[number].is_dying() {
            return Ok(false);
        }
        let outcome = *self.random.pick(&Outcome::ALL).unwrap_or(&Outcome::Dropped);
        self.trace.note(self.time.now(), "phone dies", || format!("phone {number}: {outcome:?}"));
        self.phones[number].kill(outcome);
        // Now and then it dies again while it starts.
        if self.random.chance(200) {
            let soon = 1 + self.random.below(6);
            self.phones[number].dies_after(soon);
        }
        let now = self.phone_now(number);
        let opened = self.phones[number].open(now);
        if self.phones[number].is_dying() {
            return self.phone_died(number);
        }
        self.phones[number].mend();
        Invariant::I1.hold(opened.is_ok(), || format!("phone {number} opens: {opened:?}"))?;
        Ok(true)
    }

    /// If the server has come to the step at which it dies, or cannot go on: it ends, and will be
    /// started again.
    pub(crate) fn server_died(&mut self) -> bool {
        if !self.server.is_up() || !self.server.is_dying() {
            return false;
        }
        let outcome = *self.random.pick(&Outcome::ALL).unwrap_or(&Outcome::Dropped);
        self.trace.note(self.time.now(), "server dies", || format!("{outcome:?}"));
        self.server.kill(outcome);
        let at = self.time.now() + self.random.between(1_000, 10 * MINUTE);
        self.network.start_server_at(at);
        true
    }

    /// The server starts again; what it acknowledged must be there.
    pub(crate) fn server_starts(&mut self) -> Result<(), Violation> {
        self.trace.note(self.time.now(), "server starts", String::new);
        self.wind_server_clock();
        if !self.server.start() {
            // Its disk failed just then; somebody tries again.
            self.server.mend();
            let started = self.server.start();
            Invariant::I2.hold(started, || "the server does not start".to_owned())?;
        }
        // Whether a write that got no answer is there is known only now.
        self.read_accounts();
        check::server_started(self)
    }

    fn role_changes(&mut self) -> Result<(), Violation> {
        let who = self.random.below(6) as usize;
        let roles = [Role::Engineer, Role::Manager, Role::Desk];
        let role = *self.random.pick(&roles).unwrap_or(&Role::Engineer);
        let id = self.people[who].id;
        self.trace.note(self.time.now(), "role change", || format!("{id} is {role:?}"));
        let scope = Organisation::get().scope(&self.people[8]);
        // It is an edit of the catalog, too.
        let at = self.time.stamp(self.server_skew);
        self.server.set_clock(at);
        let changed = self.server.write(move |tx| people::set_role(tx, &scope, id, role));
        self.account_written(changed.is_some_and(|changed| changed.is_ok()))
    }

    fn phone_is_revoked(&mut self, number: usize) -> Result<(), Violation> {
        let name = self.phones[number].name.clone();
        self.trace.note(self.time.now(), "revoked", || name.clone());
        let scope = Organisation::get().scope(&self.people[8]);
        self.wind_server_clock();
        let revoked = self.server.write(move |tx| {
            let mut devices = tx.sql.prepare("select id from devices where name = ?")?;
            let devices = devices.query_map([name], |row| row.get(0).map(DeviceId))?;
            for device in devices.collect::<Result<Vec<_>, _>>()? {
                devices::revoke(tx, &scope, device)?;
            }
            Ok::<_, ApiError>(())
        });
        self.account_written(revoked.is_some_and(|revoked| revoked.is_ok()))
    }

    fn account_written(&mut self, done: bool) -> Result<(), Violation> {
        if self.server_died() || !done {
            return Ok(());
        }
        self.read_accounts();
        self.read_log()
    }

    /// Who has which role, and which phones are revoked, as the server has it.
    fn read_accounts(&mut self) {
        let read = self.server.read(|sql| {
            let mut roles = sql.prepare("select id, role from users")?;
            let roles = roles
                .query_map([], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, String>(1)?)))?
                .collect::<Result<BTreeMap<_, _>, _>>()?;
            let mut revoked =
                sql.prepare("select name from devices where revoked_at is not null")?;
            let revoked = revoked.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok((roles, revoked))
        });
        let Some((roles, revoked)): Option<(_, BTreeSet<String>)> = read else { return };
        for person in &mut self.people {
            let role = roles.get(person.id.as_bytes()).and_then(|role| Role::parse(role));
            person.role = role.unwrap_or(person.role);
        }
        for phone in &mut self.phones {
            phone.revoked = revoked.contains(&phone.name);
        }
    }
}
