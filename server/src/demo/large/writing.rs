//! What people write into a job on its course: the words of a told story, with the names of its
//! own customer and numbers of its own.

use std::collections::BTreeMap;

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId, UserId};
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_protocol::signoff::Outcome;
use docket_protocol::stage::Stage;

use super::super::story::{reported, set};
use super::super::world::{Customer, Sign, Story};
use super::course::{Course, MINUTE_MS};

/// The call.
pub(super) fn opened(
    course: &Course,
    story: &Story,
    dossier: RecordId,
    customer: &Customer,
) -> BTreeMap<Path, FieldValue> {
    let mut chance = course.chance.clone();
    let contact = chance.pick(&customer.contacts);
    let machine = chance.pick(&customer.equipment);
    let equipment = format!("{} · {} · {}", machine.name, machine.model, machine.serial);
    let texts = [
        ("title", format!("{} {}", machine.site, story.title)),
        ("customer", customer.name.clone()),
        ("site", machine.site.clone()),
        ("equipment", equipment),
        ("caller", contact.name.clone()),
        ("department", story.department.clone()),
        ("phone", contact.phone.clone()),
        ("symptom", story.symptom.clone()),
        ("demand", story.demand.clone()),
        ("category", story.category.clone()),
        ("level", course.level.to_owned()),
        ("priority", story.priority.clone()),
        ("mode", story.mode.clone()),
        ("dossier", dossier.to_string()),
    ];
    let filled = texts.into_iter().filter(|(_, text)| !text.is_empty());
    let intake = Path::new("intake");
    let texts = filled.map(|(field, text)| (intake.child(field), text.as_str().into()));
    let times = [("opened_at", course.opened_at), ("due_at", course.due_at)];
    let times = times.into_iter().map(|(field, at)| (intake.child(field), at.into()));
    texts.chain(times).collect()
}

/// Everything the engineer writes on the phone, as far as the job comes.
pub(super) fn worked(course: &Course, story: &Story) -> Vec<Edit> {
    let mut chance = course.chance.clone();
    let arrived_at = course.worked_at - 180 * MINUTE_MS;
    let mut edits = vec![set("assignment/accepted_at", (course.assigned_at + MINUTE_MS).into())];
    if course.disputed {
        edits.push(set("intake/priority", "low".into()));
    }
    if course.reach >= Stage::Planned {
        edits.push(set("plan/start_at", arrived_at.into()));
    }
    if course.reach >= Stage::OnSite {
        if story.mode == "on_site" {
            edits.push(set("visit/arrived_at", arrived_at.into()));
        }
        for ((text, minutes, risky), step) in story.steps.iter().zip(1_i64..) {
            let at = arrived_at + step * 20 * MINUTE_MS;
            let fields = [
                ("text", text.as_str().into()),
                ("minutes", (*minutes).into()),
                ("risky", (*risky).into()),
            ];
            edits.push(entry("steps", ItemId::new(at, chance.id()), fields));
        }
        for (name, model, _, quantity, action) in &story.parts {
            let serial = format!("{model}-{:06}", chance.below(1_000_000));
            let fields = [
                ("name", name.as_str().into()),
                ("model", model.as_str().into()),
                ("serial", serial.as_str().into()),
                ("quantity", (*quantity).into()),
                ("action", action.as_str().into()),
            ];
            edits.push(entry("parts", ItemId::new(course.worked_at, chance.id()), fields));
        }
    }
    if let (true, Some(report)) = (course.reach >= Stage::Reported, &story.report) {
        edits.extend(reported(report, course.worked_at.into()));
    }
    edits
}

/// The same as it stands in an older table, which the desk takes over as a whole.
pub(super) fn taken_over(
    course: &Course,
    story: &Story,
    lead: UserId,
) -> (BTreeMap<Path, FieldValue>, Vec<NewEntry>) {
    let mut fields = BTreeMap::from([
        (Path::new("assignment/lead"), lead.to_string().into()),
        (Path::new("assignment/assigned_at"), course.assigned_at.into()),
    ]);
    let mut entries = Vec::new();
    for edit in worked(course, story) {
        match edit {
            Edit::SetField { path, value } => drop(fields.insert(path, value)),
            Edit::AddEntry(entry) => entries.push(entry),
            _ => {}
        }
    }
    if course.reach == Stage::Archived {
        fields.insert(Path::new("archive/archived_at"), course.filed_at.into());
    }
    (fields, entries)
}

/// What the desk writes beside the phone.
pub(super) fn hurried() -> Edit {
    set("intake/priority", "urgent".into())
}

/// What the customer says when they sign.
pub(super) fn said(course: &Course, story: &Story, customer: &Customer) -> Sign {
    let told = story.sign.as_ref();
    Sign {
        contact: customer.contacts[0].name.clone(),
        outcome: told.map_or(Outcome::Accepted, |told| told.outcome),
        satisfaction: course.satisfaction,
        remarks: told.map(|told| told.remarks.clone()).unwrap_or_default(),
        reservations: told.map(|told| told.reservations.clone()).unwrap_or_default(),
        deputy_reason: String::new(),
    }
}

/// What the desk does at the end.
pub(super) fn filed(course: &Course) -> Vec<Edit> {
    let mut edits = Vec::new();
    if course.called {
        let fields = [
            ("result", "运行正常，用户满意。".into()),
            ("satisfaction", i64::from(course.satisfaction).into()),
            ("solved", true.into()),
        ];
        let id = ItemId::new(course.filed_at, course.chance.clone().id());
        edits.push(entry("follow_ups", id, fields));
    }
    edits.push(set("archive/archived_at", course.filed_at.into()));
    edits
}

fn entry<const N: usize>(collection: &str, id: ItemId, fields: [(&str, FieldValue); N]) -> Edit {
    let fields = fields.map(|(field, value)| (field.to_owned(), value)).into();
    Edit::AddEntry(NewEntry { collection: Path::new(collection), id, fields })
}
