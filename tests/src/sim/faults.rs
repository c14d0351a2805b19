//! What breaks besides the network: apps and the server are killed, clocks jump, phones leave
//! coverage, roles change, phones are revoked.

use docket_protocol::role::Role;
use docket_server::store::StoreError;

use crate::sim::check;
use crate::sim::invariant::{Invariant, Violation};
use crate::sim::time::MINUTE;
use crate::sim::world::World;

impl World {
    /// Draws what goes wrong in this step.
    pub(crate) fn something_breaks(&mut self) -> Result<(), Violation> {
        let number = self.random.position(self.phones.len()).unwrap_or(0);
        if self.random.chance(self.swarm.no_coverage) || !self.phones[number].covered {
            self.phones[number].covered = !self.phones[number].covered;
        }
        if self.random.chance(self.swarm.phone_kill) {
            self.phone_dies(number)?;
        }
        if self.random.chance(self.swarm.server_kill) {
            self.server_dies();
        }
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
        Ok(())
    }

    fn phone_dies(&mut self, number: usize) -> Result<(), Violation> {
        self.trace.note(self.time.now(), "phone dies", || format!("phone {number}"));
        let now = self.phone_now(number);
        self.phones[number].kill();
        let opened = self.phones[number].open(now);
        Invariant::I1.hold(opened.is_ok(), || format!("phone {number} opens: {opened:?}"))?;
        check::recounted(self, number, Invariant::I1)
    }

    fn server_dies(&mut self) {
        if self.server.is_up() {
            self.trace.note(self.time.now(), "server dies", String::new);
            self.server.kill();
            let at = self.time.now() + self.random.between(1_000, 10 * MINUTE);
            self.network.start_server_at(at);
        }
    }

    /// The server starts again; what it acknowledged must be there.
    pub(crate) fn server_starts(&mut self) -> Result<(), Violation> {
        self.trace.note(self.time.now(), "server starts", String::new);
        self.wind_server_clock();
        self.server.start();
        check::server_started(self)
    }

    fn role_changes(&mut self) -> Result<(), Violation> {
        let who = self.random.below(6) as usize;
        let roles = [Role::Engineer, Role::Manager, Role::Desk];
        let role = *self.random.pick(&roles).unwrap_or(&Role::Engineer);
        let id = self.people[who].id;
        let changed = self.server.write(move |tx| {
            let update = "update users set role = ?2 where id = ?1";
            tx.sql.execute(update, rusqlite::params![id.0, role.as_str()])?;
            Ok::<_, StoreError>(())
        });
        if changed.is_some() {
            self.people[who].role = role;
            self.trace.note(self.time.now(), "role change", || format!("{id} is {role:?}"));
        }
        self.read_log()
    }

    fn phone_is_revoked(&mut self, number: usize) -> Result<(), Violation> {
        let name = format!("phone {number}");
        let revoked = self.server.write(move |tx| {
            let update = "update devices set revoked_at = ?2 where name = ?1";
            tx.sql.execute(update, rusqlite::params![name, tx.now])?;
            Ok::<_, StoreError>(())
        });
        if revoked.is_some() {
            self.phones[number].revoked = true;
            self.trace.note(self.time.now(), "revoked", || format!("phone {number}"));
        }
        self.read_log()
    }
}
