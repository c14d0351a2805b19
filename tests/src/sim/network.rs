//! The way between phones and server: bytes arrive late, twice, cut, altered or never, and
//! sometimes a Wi-Fi's sign-in page answers instead.
//!
//! Knows nothing of what the bytes mean, except to tell the model what a request pushes.

use std::collections::BTreeMap;
use std::rc::Rc;

use docket_client_core::{Request, RequestKind};
use docket_protocol::change::read_head;
use docket_protocol::limits::INFLATED_BYTES_MAX;
use docket_protocol::wire::{self, Parcel, SyncRequest};

use crate::Answer;
use crate::sim::check;
use crate::sim::invariant::{Invariant, Violation};
use crate::sim::organisation::Organisation;
use crate::sim::phone::{Flight, Pushed};
use crate::sim::time::MINUTE;
use crate::sim::world::World;

/// Requests of one phone in a row that may be needed to come to rest.
const REQUESTS_TO_REST: usize = 40;

/// Something that happens when time has come.
#[derive(Debug)]
pub(crate) struct Event {
    /// When, true time.
    pub(crate) at: i64,
    what: What,
}

#[derive(Debug)]
enum What {
    /// A request reaches the server.
    Arrive { phone: usize, life: u32, flight: Rc<Flight>, body: Vec<u8> },
    /// An answer reaches the phone; the server it is from may have been put back since.
    Answer { phone: usize, life: u32, flight: Rc<Flight>, answer: Answer, since_restore: bool },
    /// The phone waits no longer.
    GiveUp { phone: usize, life: u32, request: u64 },
    /// Somebody starts the server again.
    ServerStarts,
}

/// What is on its way, by time.
#[derive(Debug, Default)]
pub(crate) struct Network {
    queue: BTreeMap<(i64, u64), What>,
    sent: u64,
}

impl Network {
    fn schedule(&mut self, at: i64, what: What) {
        self.sent += 1;
        self.queue.insert((at, self.sent), what);
    }

    /// The next event, if it is due by then.
    pub(crate) fn next_until(&mut self, until: i64) -> Option<Event> {
        let entry = self.queue.first_entry().filter(|entry| entry.key().0 <= until)?;
        let ((at, _), what) = entry.remove_entry();
        Some(Event { at, what })
    }

    /// Nothing that is on its way arrives.
    pub(crate) fn lose_everything(&mut self) {
        self.queue.clear();
    }

    /// Somebody will start the server then.
    pub(crate) fn start_server_at(&mut self, at: i64) {
        self.schedule(at, What::ServerStarts);
    }
}

impl World {
    /// The app asks its core whether there is something to send, as it does all the time.
    pub(crate) fn let_phone_ask(&mut self, number: usize) -> Result<(), Violation> {
        if !self.phones[number].covered || self.phones[number].flight.is_some() {
            return Ok(());
        }
        match self.take_request(number)? {
            Some(flight) => {
                self.send(number, flight);
                Ok(())
            }
            None => check::not_stuck(self, number),
        }
    }

    /// Takes the phone's next request, noting what it pushes.
    fn take_request(&mut self, number: usize) -> Result<Option<Rc<Flight>>, Violation> {
        let now = self.phone_now(number);
        let phone = &mut self.phones[number];
        // Where the disk fails, it has nothing to send for now.
        let Ok(Some(request)) = phone.next_request(now) else {
            return self.looked_after(number, Invariant::I1).map(|()| None);
        };
        let pushes = pushes_of(&request);
        let person = phone.person;
        for change in pushes.iter().flat_map(|(_, changes)| changes) {
            self.names.insert(change.hash, change.at);
        }
        self.trace.bytes(&request.body);
        self.trace.note(self.time.now(), "request", || {
            format!("phone {number} {:?} #{} {pushes:?}", request.kind, request.id)
        });
        if request.kind == RequestKind::Reconcile {
            self.trace.note(self.time.now(), "reconcile", || format!("phone {number}"));
            Invariant::I3.hold(self.may_differ, || {
                format!("phone {number} differs from the server, and nothing was put back")
            })?;
        }
        let flight = Rc::new(Flight { request, pushes, person });
        phone.flight = Some(Rc::clone(&flight));
        Ok(Some(flight))
    }

    fn send(&mut self, phone: usize, flight: Rc<Flight>) {
        let (now, life) = (self.time.now(), self.phones[phone].life);
        let patience = self.random.between(20_000, 2 * MINUTE);
        let request = flight.request.id;
        self.network.schedule(now + patience, What::GiveUp { phone, life, request });
        if self.random.chance(self.swarm.portal) {
            self.trace.note(now, "portal", String::new);
            let answer = portal();
            let at = now + self.way();
            let since_restore = self.restored;
            self.network.schedule(at, What::Answer { phone, life, flight, answer, since_restore });
            return;
        }
        let mut copies = u64::from(!self.random.chance(self.swarm.loss));
        while copies > 0 && copies < 5 && self.random.chance(self.swarm.duplicate) {
            copies += 1;
        }
        for _ in 0..copies {
            let body = self.spoil(flight.request.body.clone());
            let at = now + self.way();
            let flight = Rc::clone(&flight);
            self.network.schedule(at, What::Arrive { phone, life, flight, body });
        }
    }

    /// How long bytes take.
    fn way(&mut self) -> i64 {
        if self.random.chance(800) {
            self.random.between(5, 2_000.min(self.swarm.delay_max))
        } else {
            self.random.between(5, self.swarm.delay_max)
        }
    }

    /// Cuts or alters a request, sometimes.
    fn spoil(&mut self, mut body: Vec<u8>) -> Vec<u8> {
        if self.random.chance(self.swarm.cut) {
            self.trace.note(self.time.now(), "cut", String::new);
            body.truncate(self.random.position(body.len()).unwrap_or(0));
        } else if self.random.chance(self.swarm.flip)
            && let Some(at) = self.random.position(body.len())
        {
            self.trace.note(self.time.now(), "flip", String::new);
            body[at] ^= 1 << self.random.below(8);
        }
        body
    }

    /// Carries out an event.
    pub(crate) fn happen(&mut self, event: Event) -> Result<(), Violation> {
        match event.what {
            What::Arrive { phone, life, flight, body } => {
                if let Some(answer) = self.serve(phone, &flight, body)? {
                    self.send_back(phone, life, flight, answer);
                }
                Ok(())
            }
            What::Answer { phone, life, flight, answer, since_restore } => {
                if self.restored && !since_restore && self.phones[phone].life == life {
                    check::let_go(self, phone, &flight, &answer);
                }
                self.deliver(phone, life, &flight, &answer)
            }
            What::GiveUp { phone, life, request } => {
                let node = &self.phones[phone];
                let waits = node.flight.as_ref().is_some_and(|flight| flight.request.id == request);
                if node.life == life && waits { self.give_up_waiting(phone) } else { Ok(()) }
            }
            What::ServerStarts if self.server.is_up() => Ok(()),
            What::ServerStarts => self.server_starts(),
        }
    }

    /// The server answers, and everything it says is checked.
    fn serve(
        &mut self,
        phone: usize,
        flight: &Flight,
        body: Vec<u8>,
    ) -> Result<Option<Answer>, Violation> {
        self.wind_server_clock();
        let whole = body == flight.request.body;
        let from = u8::try_from(phone).unwrap_or(0);
        let Some(answer) = self.server.serve(&flight.request, body, from) else {
            return Ok(None);
        };
        if answer.status != 200 && self.server_died() {
            return Ok(None);
        }
        self.trace.bytes(&answer.body);
        self.trace.note(self.time.now(), "served", || {
            let said = check::summary(flight, &answer);
            format!("phone {phone} #{}: {} {said}", flight.request.id, answer.status)
        });
        self.read_log()?;
        check::answer(self, flight, &answer, whole)?;
        // An answer may still get out of a server that dies.
        self.server_died();
        Ok(Some(answer))
    }

    fn send_back(&mut self, phone: usize, life: u32, flight: Rc<Flight>, mut answer: Answer) {
        if self.random.chance(self.swarm.loss) {
            self.trace.note(self.time.now(), "answer lost", String::new);
            return;
        }
        if self.random.chance(self.swarm.cut) {
            self.trace.note(self.time.now(), "answer cut", String::new);
            let at = self.random.position(answer.body.len()).unwrap_or(0);
            answer.body.truncate(at);
        }
        let at = self.time.now() + self.way();
        let since_restore = self.restored;
        self.network.schedule(at, What::Answer { phone, life, flight, answer, since_restore });
    }

    /// An answer reaches a phone, if the app that asked still runs.
    fn deliver(
        &mut self,
        phone: usize,
        life: u32,
        flight: &Rc<Flight>,
        answer: &Answer,
    ) -> Result<(), Violation> {
        if self.phones[phone].life != life {
            return Ok(());
        }
        let awaited = self.phones[phone].flight.take_if(|it| Rc::ptr_eq(it, flight)).is_some();
        let now = self.phone_now(phone);
        let taken = self.phones[phone].respond(now, flight.request.id, answer);
        self.trace.note(self.time.now(), "delivered", || {
            format!("phone {phone} #{}, awaited: {awaited}: {taken:?}", flight.request.id)
        });
        let died = self.phone_died(phone)?;
        if died && awaited && taken.is_err() && check::delivered(self, phone, flight, None).is_ok()
        {
            return Ok(());
        }
        let meant = awaited && (taken.is_ok() || died);
        check::delivered(self, phone, flight, meant.then_some(answer))
    }

    /// The phone waits no longer for its answer.
    pub(crate) fn give_up_waiting(&mut self, phone: usize) -> Result<(), Violation> {
        let now = self.phone_now(phone);
        if let Some(flight) = self.phones[phone].flight.take() {
            self.phones[phone].failed(now, flight.request.id);
            self.trace.note(self.time.now(), "gave up", || format!("phone {phone}"));
        }
        self.looked_after(phone, Invariant::I12)
    }

    /// After a call that was to change nothing about edits: none is missing, even if the app died
    /// of it.
    pub(crate) fn looked_after(&mut self, phone: usize, by: Invariant) -> Result<(), Violation> {
        match self.phone_died(phone)? {
            true => check::recounted(self, phone, Invariant::I1),
            false => check::accounted(self, phone, by),
        }
    }

    /// Phone and server talk without any fault until the phone has nothing more to say.
    pub(crate) fn talk(&mut self, phone: usize) -> Result<(), Violation> {
        self.ask_to_sync(phone)?;
        for _ in 0..REQUESTS_TO_REST {
            self.sign_in_if_needed(phone)?;
            let Some(flight) = self.take_request(phone)? else {
                return Ok(());
            };
            let answer = self.serve(phone, &flight, flight.request.body.clone())?;
            let life = self.phones[phone].life;
            match answer {
                Some(answer) => self.deliver(phone, life, &flight, &answer)?,
                None => self.give_up_waiting(phone)?,
            }
        }
        Invariant::I9.broken(format!("phone {phone} does not come to rest"))
    }
}

/// What a request pushes; nothing for those that are not about records.
fn pushes_of(request: &Request) -> Vec<(docket_protocol::ids::RecordId, Vec<Pushed>)> {
    if !matches!(request.kind, RequestKind::Sync | RequestKind::HandIn) {
        return Vec::new();
    }
    let envelopes = match request.path {
        "/v1/parcels" => {
            let parcel = Parcel::from_file(&request.body).expect("a colleague's");
            parcel.open(&Organisation::get().office).expect("sealed to the office").batches
        }
        _ => vec![wire::unpack(&request.body, INFLATED_BYTES_MAX).expect("ours")],
    };
    let pushes = envelopes.iter().flat_map(|envelope| {
        let request: SyncRequest = wire::from_cbor(&envelope.body).expect("a request");
        request.pushes
    });
    let pushed = |bytes: &[u8]| {
        let head = read_head(bytes).expect("the phone's own change");
        Pushed { hash: head.hash, at: head.time }
    };
    let changes = |push: wire::RecordPush| push.changes.iter().map(|it| pushed(it)).collect();
    pushes.map(|push| (push.record, changes(push))).collect()
}

/// What a Wi-Fi says before anybody has signed in to it.
fn portal() -> Answer {
    let body = b"<html><body>Welcome to our Wi-Fi</body></html>".to_vec();
    Answer { status: 200, content_type: "text/html".to_owned(), body }
}
