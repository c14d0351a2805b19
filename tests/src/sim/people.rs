//! What people do: engineers write on their phones, have things signed, open jobs, sign in and
//! out; the desk opens, assigns and edits.

use std::collections::BTreeMap;

use docket_client_core::command::{Command, Signing};
use docket_protocol::edit::Edit;
use docket_protocol::ids::{ItemId, RecordId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::job::JobContent;
use docket_protocol::record::path::Path;
use docket_protocol::record::read::content;
use docket_protocol::role::Role;
use docket_protocol::signoff::{Outcome, Purpose, Signatory};
use docket_server::auth::scope::Scope;
use docket_server::desk::{self, DeskError};
use docket_server::held::decide::{self, DecideError, Decision};
use docket_server::held::inbox::{self, State};
use serde_json::Value as Json;

use crate::DRAWING_PNG;
use crate::sim::check::{self, count};
use crate::sim::edits::{Drawer, kind_of};
use crate::sim::invariant::{Invariant, Violation};
use crate::sim::organisation::{Organisation, PASSWORD};
use crate::sim::world::World;

/// Decisions that may be needed until none is.
const DECISIONS_TO_REST: usize = 100;

impl World {
    /// Somebody does something on a phone.
    pub(crate) fn somebody_edits(&mut self) -> Result<(), Violation> {
        let number = self.random.position(self.phones.len()).unwrap_or(0);
        if self.role_shown(number).is_none() {
            return Ok(());
        }
        let jobs = self.jobs_on(number);
        // Half of all work is on the oldest job, so that people meet there.
        let oldest = jobs.iter().min().copied().filter(|_| self.random.chance(500));
        let job = oldest.or_else(|| self.random.pick(&jobs).copied());
        match (job, self.random.below(20)) {
            (None, _) | (_, 0) => self.phone_opens_a_job(number),
            (_, 3) => self.phone_edits_a_dossier(number),
            (Some(record), 1 | 2) => self.customer_signs(number, record),
            (Some(record), _) => self.phone_edits(number, record),
        }
    }

    /// The jobs on a phone's list.
    pub(crate) fn jobs_on(&mut self, number: usize) -> Vec<RecordId> {
        let now = self.phone_now(number);
        let jobs = self.phones[number].run(now, Command::Jobs);
        let rows = jobs.unwrap_or_default();
        let ids = rows.as_array().into_iter().flatten().map(|row| row["record"].as_str());
        ids.filter_map(|id| id?.parse().ok()).collect()
    }

    fn phone_edits(&mut self, number: usize, record: RecordId) -> Result<(), Violation> {
        let now = self.phone_now(number);
        let Ok(view) = self.phones[number].run(now, Command::Job { record }) else {
            return Ok(());
        };
        let Some(role) = self.role_shown(number) else { return Ok(()) };
        let signed = signoffs_of(&view);
        let edit = if view["frozen"] == true && self.random.chance(300) {
            self.texts += 1;
            let reason = format!("Mistake {}", self.texts);
            Edit::Amend { amendment: ItemId::default(), signoffs: signed, reason }
        } else {
            self.draw(RecordKind::Job, Some(&view["content"]), role)
        };
        let command = Command::Edit { record, edit: edit.clone() };
        self.save(number, Some(record), Some(edit), command).map(drop)
    }

    /// An engineer enters a backup at a customer's; the office writes whatever it may.
    fn phone_edits_a_dossier(&mut self, number: usize) -> Result<(), Violation> {
        let now = self.phone_now(number);
        let rows = self.phones[number].run(now, Command::Dossiers).unwrap_or_default();
        let ids = rows.as_array().into_iter().flatten().map(|row| row["record"].as_str());
        let dossiers: Vec<RecordId> = ids.filter_map(|id| id?.parse().ok()).collect();
        let Some(record) = self.random.pick(&dossiers).copied() else { return Ok(()) };
        let Some(role) = self.role_shown(number) else { return Ok(()) };
        let Some(view) = self.page_of(number, record) else { return Ok(()) };
        let edit = self.draw(RecordKind::Dossier, Some(&view["content"]), role);
        let command = Command::Edit { record, edit: edit.clone() };
        self.save(number, Some(record), Some(edit), command).map(drop)
    }

    /// What a phone shows of a record, whatever kind it is.
    pub(crate) fn page_of(&mut self, number: usize, record: RecordId) -> Option<Json> {
        let now = self.phone_now(number);
        let pages = [Command::Job { record }, Command::Dossier { record }];
        pages.into_iter().find_map(|page| self.phones[number].run(now, page).ok())
    }

    fn phone_opens_a_job(&mut self, number: usize) -> Result<(), Violation> {
        let Some(role) = self.role_shown(number) else { return Ok(()) };
        let edit = self.draw(RecordKind::Job, None, role);
        let Edit::Create { fields, entries } = edit.clone() else { return Ok(()) };
        let command = Command::OpenJob { fields, entries };
        self.save(number, None, Some(edit), command).map(drop)
    }

    fn customer_signs(&mut self, number: usize, record: RecordId) -> Result<(), Violation> {
        let now = self.phone_now(number);
        let Ok(draft) = self.phones[number].run(now, Command::PrepareSignoff { record }) else {
            return Ok(());
        };
        let purposes = [Purpose::Plan, Purpose::Report];
        let outcomes = [Outcome::Accepted, Outcome::AcceptedWithReservations, Outcome::Refused];
        let signing = Signing {
            purpose: *self.random.pick(&purposes).unwrap_or(&Purpose::Plan),
            content_digest: draft["content_digest"].as_str().unwrap_or_default().to_owned(),
            outcome: *self.random.pick(&outcomes).unwrap_or(&Outcome::Accepted),
            reservations: String::new(),
            signatory: Signatory { name: "王芳".to_owned(), ..Signatory::default() },
            satisfaction: Some(5),
            remarks: String::new(),
            drawing: DRAWING_PNG.to_owned(),
        };
        let command = Command::Sign { record, signing: Box::new(signing) };
        if let Some(at) = self.save(number, Some(record), None, command)? {
            self.signed.insert(at, JobContent::from_json(draft["content"].clone()));
        }
        Ok(())
    }

    /// Carries out a command that writes, and remembers what the screen then says. Answers with
    /// the edit's time, unless it changed nothing.
    fn save(
        &mut self,
        number: usize,
        record: Option<RecordId>,
        edit: Option<Edit>,
        command: Command,
    ) -> Result<Option<i64>, Violation> {
        let at = self.time.stamp(self.phones[number].skew);
        let of_record = |kept: &BTreeMap<i64, RecordId>| {
            kept.values().filter(|of| Some(**of) == record).count()
        };
        let before = match record {
            Some(record) if self.restored => {
                count(&self.page_of(number, record).unwrap_or_default()["unsent_edits"])
            }
            _ => of_record(&self.phones[number].kept.pending),
        };
        let done = self.phones[number].run(at, command);
        let kind = edit.as_ref().map_or("sign_off", kind_of);
        self.trace.note(self.time.now(), "edit", || {
            let said = done.as_ref().map(|_| "saved").map_err(ToString::to_string);
            format!("phone {number} {at} {kind} in {record:?}: {said:?} {edit:?}")
        });
        let died = self.phone_died(number)?;
        let Ok(view) = done else {
            return match died {
                true => check::perhaps_saved(self, number, at, edit),
                false => check::accounted(self, number, Invariant::I12),
            }
            .map(|()| None);
        };
        let record = view["record"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
        // The page that said so shows the edit, unless it changed nothing.
        if count(&view["unsent_edits"]) == before {
            return Ok(None);
        }
        self.phones[number].kept.pending.insert(at, record);
        self.saved.insert(at, edit);
        match died {
            true => check::recounted(self, number, Invariant::I1)?,
            false => check::accounted(self, number, Invariant::I12)?,
        }
        Ok(Some(at))
    }

    /// An edit of a record with this content; one that opens a record where there is none yet.
    fn draw(&mut self, kind: RecordKind, content: Option<&Json>, role: Role) -> Edit {
        self.texts += 1;
        let people: Vec<UserId> = self.people[..6].iter().map(|person| person.id).collect();
        let (people, number) = (&people[..], self.texts);
        let drawer = Drawer { kind, content: content.unwrap_or(&Json::Null), role, people, number };
        let edit = match content {
            Some(_) => drawer.edit(&mut self.random),
            None => drawer.create(&mut self.random),
        };
        self.trace.bytes(kind_of(&edit).as_bytes());
        edit
    }

    /// Somebody pulls to refresh.
    pub(crate) fn somebody_syncs(&mut self) -> Result<(), Violation> {
        let number = self.random.position(self.phones.len()).unwrap_or(0);
        self.sign_in_if_needed(number)?;
        self.ask_to_sync(number)
    }

    /// A person asks to sync now.
    pub(crate) fn ask_to_sync(&mut self, number: usize) -> Result<(), Violation> {
        let now = self.phone_now(number);
        let _shown = self.phones[number].run(now, Command::SyncNow);
        self.looked_after(number, Invariant::I12)
    }

    /// What the status line of a phone says.
    pub(crate) fn status(&mut self, number: usize) -> Result<Json, Violation> {
        let now = self.phone_now(number);
        let shown = self.phones[number].run(now, Command::Status);
        if let Ok(shown) = shown {
            return Ok(shown);
        }
        // The disk may have failed just now, even under a reader that has to recover first.
        if !self.phone_died(number)? && self.phones[number].run(now, Command::Status).is_err() {
            // The store stays closed after some errors; the person starts the app again.
            self.phones[number].kill(crate::disk::Outcome::Kept);
            let opened = self.phones[number].open(now);
            Invariant::I1.hold(opened.is_ok(), || format!("phone {number} opens: {opened:?}"))?;
        }
        self.phones[number].run(now, Command::Status).or_else(|error| {
            Invariant::I1.broken(format!("phone {number} cannot read its store: {error}"))
        })
    }

    /// The role that the phone believes its person to have.
    fn role_shown(&mut self, number: usize) -> Option<Role> {
        let status = self.status(number).ok()?;
        status["person"]["role"].as_str().and_then(Role::parse)
    }

    /// Name and password are typed in.
    pub(crate) fn person_signs_in(&mut self, number: usize) {
        let now = self.phone_now(number);
        let phone = &mut self.phones[number];
        let login = self.people[phone.person].login.clone();
        let (password, device_name) = (PASSWORD.to_owned(), phone.name.clone());
        let asked = phone.run(now, Command::SignIn { login, password, device_name });
        self.trace.note(self.time.now(), "sign in", || format!("phone {number}: {asked:?}"));
    }

    /// The app asks its person to sign in, and the person does.
    pub(crate) fn sign_in_if_needed(&mut self, number: usize) -> Result<(), Violation> {
        let status = self.status(number)?;
        let asks = matches!(status["sync"].as_str(), Some("signed_out" | "sign_in_needed"));
        if asks && !self.phones[number].revoked {
            self.person_signs_in(number);
        }
        Ok(())
    }

    /// Somebody signs out, and somebody, perhaps another, will sign in.
    pub(crate) fn somebody_signs_out(&mut self) -> Result<(), Violation> {
        let number = self.random.position(self.phones.len()).unwrap_or(0);
        let now = self.phone_now(number);
        let out = self.phones[number].run(now, Command::SignOut);
        let kept = &self.phones[number].kept;
        let clean = kept.pending.is_empty() && kept.refused.is_empty();
        self.trace.note(self.time.now(), "sign out", || format!("phone {number}: {out:?}"));
        Invariant::I12.hold(clean || out.is_err(), || {
            format!("phone {number} signed out with {:?} on it", self.phones[number].kept)
        })?;
        if out.is_ok() {
            self.phones[number].kept.held.clear();
            self.phones[number].returns.clear();
        }
        if out.is_ok() && self.random.chance(300) {
            self.phones[number].person = self.random.below(6) as usize;
        }
        self.looked_after(number, Invariant::I12)
    }

    /// Somebody at the desk does something.
    pub(crate) fn desk_works(&mut self) -> Result<(), Violation> {
        match self.random.below(11) {
            0 => self.desk_opens_a_job(),
            1 => self.desk_edits_shared_records(),
            2..=4 => self.office_decides().map(drop),
            _ => self.desk_edits_a_job(),
        }
    }

    /// A call comes in.
    pub(crate) fn desk_opens_a_job(&mut self) -> Result<(), Violation> {
        let role = self.people[6].role;
        let edit = self.draw(RecordKind::Job, None, role);
        self.desk_writes(RecordKind::Job, None, &edit)?;
        // Most jobs are given to somebody at once, many to two.
        let jobs = self.log.records.iter().filter(|(_, it)| it.kind == RecordKind::Job);
        let Some(newest) = jobs.map(|(record, _)| *record).max() else { return Ok(()) };
        if self.random.chance(900) {
            self.desk_hands_over(newest)?;
        }
        if self.random.chance(600) { self.desk_sends_a_helper(newest) } else { Ok(()) }
    }

    fn desk_hands_over(&mut self, record: RecordId) -> Result<(), Violation> {
        let lead = self.somebody_with_a_phone();
        self.desk_writes(RecordKind::Job, Some(record), &Edit::Assign { lead })
    }

    fn desk_sends_a_helper(&mut self, record: RecordId) -> Result<(), Violation> {
        let helper = self.somebody_with_a_phone();
        let path = Path::new(format!("assignment/helpers/{helper}"));
        let edit = Edit::SetField { path, value: self.random.chance(800).into() };
        self.desk_writes(RecordKind::Job, Some(record), &edit)
    }

    /// Whoever may hold one of the run's phones.
    pub(crate) fn somebody_with_a_phone(&mut self) -> UserId {
        let phones = self.swarm.phones.clamp(1, 6);
        self.people[self.random.position(phones).unwrap_or(0)].id
    }

    /// Somebody at the desk decides on the work that waits longest; false when none does.
    fn office_decides(&mut self) -> Result<bool, Violation> {
        self.wind_server_clock();
        let scope = Organisation::get().scope(&self.people[6]);
        let accepted = self.random.chance(600);
        let mut decided = self.decide_on_oldest(&scope, accepted);
        // What the gate does not let in can only be set aside.
        if let Some(Err(DecideError::Refused(..))) = decided {
            decided = self.decide_on_oldest(&scope, false);
        }
        self.trace.note(self.time.now(), "decision", || format!("{accepted}: {decided:?}"));
        if self.server_died() {
            return Ok(true);
        }
        self.read_log()?;
        match decided {
            None => Ok(false),
            Some(Ok(some)) => Ok(some),
            Some(Err(_)) if self.hostile => Ok(true),
            Some(Err(error)) => Invariant::I9.broken(format!("no decision: {error}")),
        }
    }

    /// One decision, one transaction; false when there is nothing to decide.
    fn decide_on_oldest(
        &mut self,
        scope: &Scope,
        accepted: bool,
    ) -> Option<Result<bool, DecideError>> {
        let scope = scope.clone();
        self.server.write(move |tx| {
            let waiting = inbox::pieces(tx.sql, &scope, State::Waiting)?;
            let Some(piece) = waiting.into_iter().next() else { return Ok(false) };
            let changes = piece.changes.iter().map(|change| change.hash).collect();
            let (record, note) = (piece.record, "Why not".to_owned());
            decide::decide(tx, &scope, &Decision { record, changes, accepted, note })?;
            Ok(true)
        })
    }

    /// Nothing waits any more.
    pub(crate) fn office_decides_on_everything(&mut self) -> Result<(), Violation> {
        for _ in 0..DECISIONS_TO_REST {
            if !self.office_decides()? {
                return Ok(());
            }
        }
        Invariant::I9.broken("held work never ends")
    }

    /// Somebody deals with an edit that was not accepted: tries again, or lets go of it.
    pub(crate) fn somebody_deals_with_a_refused_edit(&mut self) -> Result<(), Violation> {
        let phones = self.phones.iter().enumerate();
        let phones: Vec<usize> = phones
            .filter(|(_, phone)| !phone.kept.refused.is_empty())
            .map(|(number, _)| number)
            .collect();
        let Some(number) = self.random.pick(&phones).copied() else { return Ok(()) };
        let at = self.time.stamp(self.phones[number].skew);
        let list = self.phones[number].run(at, Command::Refused).unwrap_or_default();
        let again = list.as_array().and_then(|list| list.iter().find(|it| it["retry"] == true));
        let first = again.unwrap_or(&list[0]);
        let (Some(id), Some(made_at)) = (first["id"].as_i64(), first["made_at"].as_i64()) else {
            return Ok(());
        };
        let record = first["record"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
        if first["retry"] == true && self.random.chance(500) {
            let done = self.phones[number].run(at, Command::RetryRefused { id });
            self.trace.note(self.time.now(), "try again", || {
                format!("phone {number} {made_at} as {at} in {record}: {done:?}")
            });
            self.phone_died(number)?;
            return check::tried_again(self, number, record, made_at, at);
        }
        let forgotten = self.phones[number].run(at, Command::ForgetRefused { id });
        let died = self.phone_died(number)?;
        if forgotten.is_ok() || (died && check::accounted(self, number, Invariant::I1).is_err()) {
            self.phones[number].kept.refused.remove(&made_at);
        }
        check::accounted(self, number, Invariant::I12)
    }

    fn desk_edits_a_job(&mut self) -> Result<(), Violation> {
        let jobs = self.log.records.iter().filter(|(_, it)| it.kind == RecordKind::Job);
        let jobs: Vec<RecordId> = jobs.map(|(record, _)| *record).collect();
        match (self.random.pick(&jobs).copied(), self.random.below(12)) {
            (Some(job), 0 | 1) => self.desk_hands_over(job),
            (Some(job), 2) => self.desk_sends_a_helper(job),
            _ => self.desk_edits(RecordKind::Job),
        }
    }

    fn desk_edits_shared_records(&mut self) -> Result<(), Violation> {
        let kinds = [RecordKind::Dossier, RecordKind::Catalog, RecordKind::Article];
        let kind = *self.random.pick(&kinds).unwrap_or(&RecordKind::Dossier);
        self.desk_edits(kind)
    }

    fn desk_edits(&mut self, kind: RecordKind) -> Result<(), Violation> {
        let records: BTreeMap<_, _> =
            self.log.records.iter().filter(|(_, built)| built.kind == kind).collect();
        let records: Vec<RecordId> = records.into_keys().copied().collect();
        let Some(record) = self.random.pick(&records).copied() else { return Ok(()) };
        let content = content(&self.log.records[&record].doc, kind);
        let role = self.people[6].role;
        let edit = self.draw(kind, Some(&content), role);
        self.desk_writes(kind, Some(record), &edit)
    }

    fn desk_writes(
        &mut self,
        kind: RecordKind,
        record: Option<RecordId>,
        edit: &Edit,
    ) -> Result<(), Violation> {
        let at = self.time.stamp(self.server_skew);
        self.server.set_clock(at);
        let who = self.people[6 + self.random.below(2) as usize].clone();
        let scope = Organisation::get().scope(&who);
        let meant = edit.clone();
        let Some(done) = self.server.write(move |tx| {
            let edit = desk::with_fresh_ids(meant, tx.now);
            match record {
                None => desk::create(tx, &scope, kind, &edit).map(drop),
                Some(record) => desk::edit(tx, &scope, record, &edit).map(drop),
            }
        }) else {
            return Ok(());
        };
        self.trace.note(self.time.now(), "desk", || {
            let said = done.as_ref().map_err(ToString::to_string);
            format!("{at} {} in {record:?}: {said:?} {edit:?}", kind_of(edit))
        });
        let failed = matches!(done, Err(DeskError::Store(_)));
        if failed && self.server_died() {
            return Ok(());
        }
        let known = matches!(done, Ok(()) | Err(DeskError::Refused(_))) || (failed && self.hostile);
        Invariant::I9.hold(known, || format!("the desk was told {done:?}"))?;
        self.read_log()?;
        self.server_died();
        Ok(())
    }
}

/// The sign-offs that a job's page shows.
fn signoffs_of(view: &Json) -> Vec<ItemId> {
    let shown = view["signoffs"].as_array().into_iter().flatten();
    shown.filter_map(|signoff| signoff["id"].as_str()?.parse().ok()).collect()
}
