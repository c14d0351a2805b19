//! One run: the nodes, the network between them, the model, and the loop that lets people work
//! and things go wrong, step by step, all from one seed.
//!
//! Phase 1 is about safety: faults are on, and what must hold at every moment is checked at
//! every moment. Phase 2 is about liveness: everything is healed, and within three rounds of
//! syncing all must be equal. What people do stands in [`super::people`], what the network does
//! in [`super::network`], what breaks in [`super::faults`], what is checked in [`super::check`].

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use docket_protocol::edit::Edit;
use docket_protocol::ids::{ChangeHash, RecordId};
use docket_protocol::record::job::JobContent;

use crate::Random;
use crate::disk::Image;
use crate::sim::check;
use crate::sim::hand_over::JobFile;
use crate::sim::invariant::Violation;
use crate::sim::logbook::{Logbook, Roles};
use crate::sim::network::Network;
use crate::sim::organisation::{Organisation, Person};
use crate::sim::phone::PhoneNode;
use crate::sim::server::{Host, ServerNode};
use crate::sim::swarm::Swarm;
use crate::sim::time::Time;
use crate::sim::trace::Trace;

/// Everything of one run.
pub(crate) struct World {
    /// All that is drawn.
    pub(crate) random: Random,
    /// What may go wrong.
    pub(crate) swarm: Swarm,
    /// What happened.
    pub(crate) trace: Trace,
    /// The true clock.
    pub(crate) time: Time,
    /// The server.
    pub(crate) server: ServerNode,
    /// The server's clock is wrong by this, ms.
    pub(crate) server_skew: i64,
    /// The phones.
    pub(crate) phones: Vec<PhoneNode>,
    /// Requests and answers on their way.
    pub(crate) network: Network,
    /// Everybody, with their roles as they are now.
    pub(crate) people: Vec<Person>,
    /// What the server's log says.
    pub(crate) log: Logbook,
    /// Changes that the server said it has.
    pub(crate) acknowledged: BTreeSet<(RecordId, ChangeHash)>,
    /// Changes that the server refused.
    pub(crate) refused: BTreeSet<ChangeHash>,
    /// The edits that changes carry, by the changes' names.
    pub(crate) names: BTreeMap<ChangeHash, i64>,
    /// Every edit that a phone called saved, by its time; none for a sign-off.
    pub(crate) saved: BTreeMap<i64, Option<Edit>>,
    /// What customers saw when they signed, by the edit's time.
    pub(crate) signed: BTreeMap<i64, JobContent>,
    /// A backup of the server's database, until it is used.
    pub(crate) backup: Option<Image>,
    /// That backup has been put in the database's place.
    pub(crate) restored: bool,
    /// A store was put back or copied: until then, both sides always agree.
    pub(crate) may_differ: bool,
    /// Faults are on.
    pub(crate) hostile: bool,
    /// Jobs that left a phone as files.
    pub(crate) files: Vec<JobFile>,
    /// Texts written so far.
    pub(crate) texts: u64,
}

impl World {
    /// A working organisation, its phones signed in.
    pub(crate) fn new(host: &Rc<Host>, seed: u64, keeps_lines: bool) -> Result<Self, Violation> {
        let mut random = Random::new(seed);
        let swarm = Swarm::draw(&mut random);
        let mut world = Self {
            server: ServerNode::new(host, random.bits()),
            random,
            swarm,
            trace: Trace::new(keeps_lines),
            time: Time::default(),
            server_skew: 0,
            phones: Vec::new(),
            network: Network::default(),
            people: Organisation::get().people.clone(),
            log: Logbook::default(),
            acknowledged: BTreeSet::new(),
            refused: BTreeSet::new(),
            names: BTreeMap::new(),
            saved: BTreeMap::new(),
            signed: BTreeMap::new(),
            backup: None,
            restored: false,
            may_differ: false,
            hostile: false,
            files: Vec::new(),
            texts: 0,
        };
        world.trace.note(world.time.now(), "swarm", || format!("{:?}", world.swarm));
        world.read_log()?;
        for _ in 0..2 + world.random.below(3) {
            world.desk_opens_a_job()?;
        }
        for number in 0..world.swarm.phones {
            world.add_phone(number)?;
        }
        Ok(world)
    }

    fn add_phone(&mut self, number: usize) -> Result<(), Violation> {
        let skew = self.draw_skew();
        // Mostly one phone a person, now and then two.
        let person = if self.random.chance(850) { number % 6 } else { 0 };
        let (seed, now) = (self.random.bits(), self.time.now() + skew);
        let phone = PhoneNode::new(format!("phone {number}"), person, skew, now, seed);
        self.phones.push(phone);
        self.person_signs_in(number);
        self.talk(number)
    }

    /// Both phases, then everything that must hold at the end.
    pub(crate) fn run(&mut self) -> Result<(), Violation> {
        self.hostile = true;
        for _ in 0..self.swarm.steps {
            self.step()?;
        }
        self.hostile = false;
        self.heal()?;
        check::at_the_end(self)
    }

    fn step(&mut self) -> Result<(), Violation> {
        self.pass_time()?;
        self.something_breaks()?;
        match self.random.below(10) {
            0..=5 => self.somebody_edits()?,
            6 => self.somebody_syncs()?,
            7..=8 => self.desk_works()?,
            _ => self.somebody_deals_with_a_refused_edit()?,
        }
        if self.random.chance(self.swarm.hand_over) {
            self.phones_meet()?;
        }
        for number in 0..self.phones.len() {
            self.let_phone_ask(number)?;
        }
        Ok(())
    }

    /// Time goes on, and with it everything on its way.
    fn pass_time(&mut self) -> Result<(), Violation> {
        use super::time::{DAY, HOUR, MINUTE};
        let longest = match self.random.below(10) {
            _ if self.random.chance(self.swarm.leaps) => [HOUR, 3 * DAY, 90 * DAY]
                .get(self.random.below(3) as usize)
                .copied()
                .unwrap_or(HOUR),
            0..=6 => 20_000,
            7..=8 => 5 * MINUTE,
            _ => HOUR,
        };
        let until = self.time.now() + self.random.between(1, longest);
        while let Some(event) = self.network.next_until(until) {
            self.time.reach(event.at);
            self.happen(event)?;
        }
        self.time.reach(until);
        Ok(())
    }

    /// Sets the server's clock to its own idea of now.
    pub(crate) fn wind_server_clock(&mut self) {
        self.server.set_clock(self.time.now() + self.server_skew);
    }

    /// The phone's idea of now.
    pub(crate) fn phone_now(&self, number: usize) -> i64 {
        self.time.now() + self.phones[number].skew
    }

    /// A clock error within the run's bounds.
    pub(crate) fn draw_skew(&mut self) -> i64 {
        self.random.between(-self.swarm.skew_max, self.swarm.skew_max)
    }

    /// Everybody's role now.
    pub(crate) fn roles(&self) -> Roles {
        self.people.iter().map(|person| (person.id, person.role)).collect()
    }

    /// Reads what the server has added to its log, under the checks of [`Logbook`].
    pub(crate) fn read_log(&mut self) -> Result<(), Violation> {
        let roles = self.roles();
        let log = &mut self.log;
        self.server.read(|sql| Ok(log.read_on(sql, &roles))).unwrap_or(Ok(()))
    }

    /// Everything works again: three rounds, and all must be quiet and equal.
    fn heal(&mut self) -> Result<(), Violation> {
        self.trace.note(self.time.now(), "heal", String::new);
        self.network.lose_everything();
        self.server_died();
        self.server.mend();
        if !self.server.is_up() {
            self.server_starts()?;
        }
        for number in 0..self.phones.len() {
            self.phones[number].mend();
            self.phones[number].covered = true;
            self.give_up_waiting(number)?;
        }
        // Everything reaches the office, which decides on what waits for that.
        self.everybody_talks()?;
        self.office_decides_on_everything()?;
        for _ in 0..3 {
            self.everybody_talks()?;
        }
        Ok(())
    }

    fn everybody_talks(&mut self) -> Result<(), Violation> {
        (0..self.phones.len()).try_for_each(|number| self.talk(number))
    }
}
