//! One job of the demo as a list of moments: who does what, how long after the call.
//!
//! Pure: texts in, moments out. The times are those of ordinary days, so that the board, the
//! clocks and the history look lived in; everything a job has not reached yet is left out.

use std::collections::BTreeMap;

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::ItemId;
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_protocol::stage::Stage;

use super::world::{Customer, FollowUp, HandedOn, Organisation, Preparation, Report, Story};
use crate::random::random;

const HOUR_MS: f64 = 3_600_000.0;

/// Something that happens to one job.
pub(super) struct Moment {
    /// Unix ms.
    pub(super) at: i64,
    /// Which job, by its place in the world.
    pub(super) story: usize,
    pub(super) act: Act,
}

/// What happens.
pub(super) enum Act {
    /// The desk opens the job.
    Open(Edit),
    /// The desk gives it to somebody.
    Assign(String),
    /// The desk adds a helper.
    Help(String),
    /// The desk, or the manager where `true`, writes a field.
    AtDesk { manager: bool, edit: Edit },
    /// The manager approves the preparation.
    Approve,
    /// Somebody writes on their phone; it stays there.
    OnPhone { who: String, edits: Vec<Edit> },
    /// That phone has coverage.
    Send(String),
    /// The customer signs on that phone.
    Sign(String),
}

/// Collects the moments of one job.
struct Script<'a> {
    opened_at: i64,
    now: i64,
    story: usize,
    told: &'a Story,
    checklist: Vec<NewEntry>,
    moments: Vec<Moment>,
}

/// The moments of one job, in order.
pub(super) fn moments(
    story: usize,
    told: &Story,
    customer: &Customer,
    organisation: &Organisation,
    now: i64,
) -> Vec<Moment> {
    let opened_at = now - ms(told.opened_hours_ago);
    let checklist = checklist(told, organisation, opened_at);
    let mut script = Script { opened_at, now, story, told, checklist, moments: Vec::new() };
    let open = script.open(customer);
    script.at(0.0, Act::Open(open));
    let Some(lead) = told.lead.clone() else {
        return script.moments;
    };
    script.at(0.3, Act::Assign(lead.clone()));
    if let Some(helper) = &told.helper {
        script.at(0.35, Act::Help(helper.clone()));
    }
    if let Some(handed_on) = &told.handed_on {
        script.hand_on(&lead, handed_on);
    }
    if told.reach >= Stage::Preparing {
        script.phone(0.8, &lead, vec![set("assignment/accepted_at", script.time(0.8))]);
    }
    if told.reach >= Stage::Planned && !told.plan.is_empty() {
        let plan = script.plan();
        script.phone(1.6, &lead, plan);
    }
    if !told.pause.is_empty() {
        script.pause();
    }
    if let Some(preparation) = &told.preparation {
        script.prepare(&lead, preparation);
    }
    if told.reach >= Stage::OnSite {
        script.work(&lead);
    }
    if let Some(follow_up) = &told.follow_up {
        script.call_back(follow_up);
    }
    script.moments
}

impl Script<'_> {
    fn time(&self, hours: f64) -> FieldValue {
        (self.opened_at + ms(hours)).into()
    }

    fn at(&mut self, hours: f64, act: Act) {
        let at = self.opened_at + ms(hours);
        self.moments.push(Moment { at, story: self.story, act });
    }

    /// Written on a phone that has coverage.
    fn phone(&mut self, hours: f64, who: &str, edits: Vec<Edit>) {
        self.at(hours, Act::OnPhone { who: who.to_owned(), edits });
        self.at(hours + 0.02, Act::Send(who.to_owned()));
    }

    /// The lead has set out and written down what was found, without coverage; meanwhile the desk
    /// gives the job to somebody else. What was written waits for a decision.
    fn hand_on(&mut self, lead: &str, handed_on: &HandedOn) {
        let edits = vec![
            set("visit/departed_at", self.time(2.0)),
            set("report/cause", handed_on.cause.as_str().into()),
        ];
        self.at(2.2, Act::OnPhone { who: lead.to_owned(), edits });
        self.at(2.5, Act::Assign(handed_on.to.clone()));
        self.at(3.0, Act::Send(lead.to_owned()));
    }

    fn open(&self, customer: &Customer) -> Edit {
        let told = self.told;
        let contact = customer.contacts.iter().find(|contact| contact.name == told.caller);
        let phone = contact.map_or("", |contact| contact.phone.as_str());
        let texts = [
            ("title", told.title.as_str()),
            ("customer", &customer.name),
            ("site", &told.site),
            ("equipment", &told.equipment),
            ("caller", &told.caller),
            ("department", &told.department),
            ("phone", phone),
            ("symptom", &told.symptom),
            ("demand", &told.demand),
            ("category", &told.category),
            ("level", &told.level),
            ("priority", &told.priority),
            ("mode", &told.mode),
        ];
        let filled = texts.into_iter().filter(|(_, text)| !text.is_empty());
        let mut fields: BTreeMap<Path, FieldValue> =
            filled.map(|(field, text)| (Path::new("intake").child(field), text.into())).collect();
        fields.insert(Path::new("intake/due_at"), self.time(told.due_in_hours));
        Edit::Create { fields, entries: self.checklist.clone() }
    }

    fn plan(&self) -> Vec<Edit> {
        let told = self.told;
        // Work that has begun was planned for when it began.
        let start_at = match told.plan_in_hours {
            Some(hours) if told.reach == Stage::Planned => self.now + ms(hours),
            _ => self.opened_at + ms(4.0),
        };
        let minutes: i64 = told.plan.iter().map(|(_, minutes, _)| minutes).sum();
        let mut edits = vec![
            set("plan/start_at", start_at.into()),
            set("plan/end_at", (start_at + minutes * 60_000).into()),
        ];
        if !told.safety.is_empty() {
            edits.push(set("plan/safety", told.safety.as_str().into()));
        }
        for ((text, minutes, risky), position) in told.plan.iter().zip(1_i64..) {
            edits.push(Edit::AddEntry(entry(
                "plan/items",
                self.opened_at + ms(1.6) + position,
                [
                    ("text", text.as_str().into()),
                    ("minutes", (*minutes).into()),
                    ("risky", (*risky).into()),
                    ("position", position.into()),
                ],
            )));
        }
        edits
    }

    /// What to know and what to take along; approved before anybody sets out.
    fn prepare(&mut self, lead: &str, preparation: &Preparation) {
        let texts = [
            ("cause", &preparation.cause),
            ("backup", &preparation.backup),
            ("transport", &preparation.transport),
            ("lodging", &preparation.lodging),
        ];
        let filled = texts.into_iter().filter(|(_, text)| !text.is_empty());
        let written = |(field, text): (_, &String)| {
            let path = Path::new("preparation").child(field);
            Edit::SetField { path, value: text.as_str().into() }
        };
        let mut edits: Vec<Edit> = filled.map(written).collect();
        let packing: Vec<NewEntry> = preparation
            .packing
            .iter()
            .zip(1_i64..)
            .map(|((kind, text), position)| {
                let fields = [
                    ("kind", kind.as_str().into()),
                    ("text", text.as_str().into()),
                    ("position", position.into()),
                ];
                entry("packing", self.opened_at + ms(1.8) + position, fields)
            })
            .collect();
        // The first thing is still to be packed, so that the list has something to show and to do.
        let packed = packing.iter().skip(1).map(|entry| entry.id);
        let packed: Vec<Edit> = packed.map(|item| tick("packing", item)).collect();
        edits.extend(packing.into_iter().map(Edit::AddEntry));
        edits.push(set("preparation/asked_at", self.time(2.0)));
        self.phone(1.8, lead, edits);
        if preparation.approved {
            self.at(2.2, Act::Approve);
            let announced = vec![
                set("preparation/arrival_told_to", preparation.told.as_str().into()),
                set("preparation/arrival_told_at", self.time(2.4)),
            ];
            self.phone(2.4, lead, packed.into_iter().chain(announced).collect());
        }
    }

    /// A week after the signature somebody asks how it goes.
    /// The desk stops the clocks until somebody else has acted.
    fn pause(&mut self) {
        let hours = 1.4;
        let fields = [("from", self.time(hours)), ("reason", self.told.pause.as_str().into())];
        let paused = entry_of("pauses", self.opened_at + ms(hours), fields);
        self.at(hours, Act::AtDesk { manager: false, edit: Edit::AddEntry(paused) });
    }

    fn call_back(&mut self, follow_up: &FollowUp) {
        let mut fields = vec![
            ("result", follow_up.result.as_str().into()),
            ("satisfaction", follow_up.satisfaction.into()),
            ("solved", true.into()),
        ];
        if !follow_up.opportunity.is_empty() {
            fields.push(("opportunity", follow_up.opportunity.as_str().into()));
        }
        let hours = 7.0 * 24.0;
        let called = entry_of("follow_ups", self.opened_at + ms(hours), fields);
        self.at(hours, Act::AtDesk { manager: false, edit: Edit::AddEntry(called) });
    }

    fn work(&mut self, lead: &str) {
        let told = self.told;
        self.tick(lead);
        if told.mode == "on_site" {
            let arrival = vec![
                set("visit/departed_at", self.time(2.9)),
                set("visit/arrived_at", self.time(4.0)),
                set("visit/met", told.met.as_str().into()),
            ];
            self.phone(4.0, lead, arrival);
        }
        self.disagree(lead);
        let mut hours = 4.3;
        let steps = told.steps.clone();
        for (text, minutes, risky) in &steps {
            hours += *minutes as f64 / 60.0;
            let at = self.opened_at + ms(hours);
            self.phone(hours, lead, vec![step(at, text, *minutes, *risky)]);
        }
        for part in &told.parts {
            hours += 0.03;
            let at = self.opened_at + ms(hours);
            self.phone(hours, lead, vec![fitted(at, part)]);
        }
        let Some(report) = &told.report else {
            return;
        };
        // The helper works where there is no coverage, so this arrives after the signature.
        if let (true, Some(helper)) = (told.late_step, &told.helper) {
            let at = self.opened_at + ms(hours + 0.1);
            let edits = vec![step(at, "复查空调 A 的通信端子，同样有氧化，已紧固。", 15, false)];
            self.at(hours + 0.1, Act::OnPhone { who: helper.clone(), edits });
        }
        hours += 0.6;
        self.phone(hours, lead, reported(report, self.time(hours)));
        self.finish(lead, hours);
    }

    /// What was to be done before; a job in the middle of things has one item left.
    fn tick(&mut self, lead: &str) {
        let left = usize::from(self.told.reach == Stage::OnSite);
        let done = self.checklist.len().saturating_sub(left);
        let ticks = self.checklist.iter().take(done);
        let ticks = ticks.map(|entry| Edit::tick(entry.id, true)).collect();
        if done > 0 {
            self.phone(2.6, lead, ticks);
        }
    }

    fn finish(&mut self, lead: &str, hours: f64) {
        let told = self.told;
        if told.sign.is_some() {
            self.at(hours + 0.3, Act::Sign(lead.to_owned()));
            self.at(hours + 0.9, Act::Send(lead.to_owned()));
        }
        if let (true, Some(helper)) = (told.late_step, &told.helper) {
            self.at(hours + 2.4, Act::Send(helper.clone()));
        }
        if told.reach == Stage::Archived {
            let file = set("archive/archived_at", self.time(hours + 26.0));
            self.at(hours + 26.0, Act::AtDesk { manager: true, edit: file });
        }
    }

    /// Desk and phone change the same field, neither knowing of the other.
    fn disagree(&mut self, lead: &str) {
        let (field, on_phone, at_desk) = match self.told.conflict.as_deref() {
            Some("priority") => ("intake/priority", "normal", "urgent"),
            Some("level") => ("intake/level", "normal", "critical"),
            _ => return,
        };
        let edits = vec![set(field, on_phone.into())];
        self.at(4.1, Act::OnPhone { who: lead.to_owned(), edits });
        self.at(4.15, Act::AtDesk { manager: true, edit: set(field, at_desk.into()) });
        self.at(4.2, Act::Send(lead.to_owned()));
    }
}

fn checklist(told: &Story, organisation: &Organisation, opened_at: i64) -> Vec<NewEntry> {
    let list = told.checklist.and_then(|at| organisation.checklists.get(at));
    let lines = list.map_or("", |list| list.items.as_str()).lines();
    lines
        .zip(1_i64..)
        .map(|(line, position)| {
            let fields = [("text", line.into()), ("position", position.into())];
            entry("checklist", opened_at + position, fields)
        })
        .collect()
}

/// The report, as it is written when the work is done.
pub(super) fn reported(report: &Report, finished_at: FieldValue) -> Vec<Edit> {
    let texts = [
        ("report/symptom", &report.symptom),
        ("report/cause", &report.cause),
        ("report/treatment", &report.treatment),
        ("report/modifications", &report.modifications),
        ("report/advice", &report.advice),
        ("report/outcome", &report.outcome),
        ("report/open_reason", &report.open_reason),
        ("report/next_plan", &report.next_plan),
    ];
    let filled = texts.into_iter().filter(|(_, text)| !text.is_empty());
    let mut edits: Vec<Edit> = filled.map(|(path, text)| set(path, text.as_str().into())).collect();
    if report.outcome == "solved" {
        edits.push(set("report/solved_at", finished_at.clone()));
    }
    edits.push(set("report/finished_at", finished_at));
    edits
}

fn step(at: i64, text: &str, minutes: i64, risky: bool) -> Edit {
    let fields = [("text", text.into()), ("minutes", minutes.into()), ("risky", risky.into())];
    Edit::AddEntry(entry("steps", at, fields))
}

fn fitted(
    at: i64,
    (name, model, serial, quantity, action): &(String, String, String, i64, String),
) -> Edit {
    Edit::AddEntry(entry(
        "parts",
        at,
        [
            ("name", name.as_str().into()),
            ("model", model.as_str().into()),
            ("serial", serial.as_str().into()),
            ("quantity", (*quantity).into()),
            ("action", action.as_str().into()),
        ],
    ))
}

/// An edit of one field.
pub(super) fn set(path: &str, value: FieldValue) -> Edit {
    Edit::SetField { path: Path::new(path), value }
}

fn tick(collection: &str, item: ItemId) -> Edit {
    Edit::TickItem { collection: Path::new(collection), item, done: true }
}

/// An entry of a collection under an id made at a moment.
pub(super) fn entry<const N: usize>(
    collection: &str,
    at: i64,
    fields: [(&str, FieldValue); N],
) -> NewEntry {
    entry_of(collection, at, fields)
}

pub(super) fn entry_of<'field>(
    collection: &str,
    at: i64,
    fields: impl IntoIterator<Item = (&'field str, FieldValue)>,
) -> NewEntry {
    let fields = fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
    NewEntry { collection: Path::new(collection), id: ItemId::new(at, random()), fields }
}

fn ms(hours: f64) -> i64 {
    (hours * HOUR_MS) as i64
}
