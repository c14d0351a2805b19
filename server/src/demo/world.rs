//! The demo's texts, read from `world/*.json`: data, so that a story can be told anew without
//! touching code. Names in them (`zhang`, `hospital`) are keys of this world only.

use docket_protocol::role::Role;
use docket_protocol::signoff::Outcome;
use docket_protocol::stage::Stage;
use serde::Deserialize;

use super::DemoError;

/// Everything.
pub(super) struct World {
    pub(super) organisation: Organisation,
    pub(super) customers: Vec<Customer>,
    pub(super) articles: Vec<Article>,
    pub(super) stories: Vec<Story>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Organisation {
    pub(super) name: String,
    pub(super) people: Vec<Person>,
    pub(super) categories: Vec<String>,
    pub(super) checklists: Vec<Checklist>,
    /// Service hours where a contract says nothing.
    pub(super) service: Vec<(String, String)>,
    pub(super) levels: Vec<Level>,
    /// Name, first day, last day, worked instead.
    pub(super) holidays: Vec<(String, String, String, bool)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) key: String,
    pub(super) login: String,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) phone: String,
    /// What their phone is called; engineers have one.
    #[serde(default)]
    pub(super) device: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Checklist {
    pub(super) name: String,
    /// One line each.
    pub(super) items: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Customer {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) contract: String,
    pub(super) notes: String,
    pub(super) sites: Vec<Site>,
    pub(super) contacts: Vec<Contact>,
    pub(super) equipment: Vec<Equipment>,
    #[serde(default)]
    pub(super) backups: Vec<Backup>,
    #[serde(default)]
    pub(super) service: Vec<(String, String)>,
    #[serde(default)]
    pub(super) inspection_days: Option<i64>,
    #[serde(default)]
    pub(super) levels: Vec<Level>,
}

/// Fault level, and what is promised in minutes: response, on site, recovery.
pub(super) type Level = (String, [Option<i64>; 3]);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Backup {
    pub(super) system: String,
    pub(super) version: String,
    pub(super) medium: String,
    pub(super) place: String,
    /// Tested, and therefore approved.
    pub(super) tested: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Site {
    pub(super) name: String,
    pub(super) address: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contact {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) phone: String,
    pub(super) reports_to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Equipment {
    pub(super) name: String,
    pub(super) model: String,
    pub(super) serial: String,
    pub(super) site: String,
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) place: String,
    #[serde(default)]
    pub(super) versions: String,
    /// Days from the first one of the organisation to the end of its warranty.
    #[serde(default)]
    pub(super) warranty_days: Option<i64>,
}

/// What an earlier job taught.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Article {
    pub(super) title: String,
    pub(super) category: String,
    pub(super) equipment: String,
    pub(super) symptom: String,
    pub(super) cause: String,
    pub(super) solution: String,
}

/// One job, up to the stage it has reached.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Story {
    pub(super) customer: String,
    pub(super) opened_hours_ago: f64,
    pub(super) reach: Stage,
    pub(super) title: String,
    pub(super) symptom: String,
    #[serde(default)]
    pub(super) demand: String,
    pub(super) site: String,
    pub(super) equipment: String,
    pub(super) caller: String,
    pub(super) department: String,
    pub(super) category: String,
    pub(super) level: String,
    pub(super) priority: String,
    pub(super) mode: String,
    pub(super) due_in_hours: f64,
    #[serde(default)]
    pub(super) lead: Option<String>,
    #[serde(default)]
    pub(super) helper: Option<String>,
    /// It went to somebody else while the lead was at work without coverage.
    #[serde(default)]
    pub(super) handed_on: Option<HandedOn>,
    /// Which of the organisation's checklists the job starts with.
    #[serde(default)]
    pub(super) checklist: Option<usize>,
    #[serde(default)]
    pub(super) preparation: Option<Preparation>,
    /// For planned work: when it begins, from now.
    #[serde(default)]
    pub(super) plan_in_hours: Option<f64>,
    #[serde(default)]
    pub(super) safety: String,
    /// Text, minutes, risky.
    #[serde(default)]
    pub(super) plan: Vec<(String, i64, bool)>,
    #[serde(default)]
    pub(super) met: String,
    /// Text, minutes, risky.
    #[serde(default)]
    pub(super) steps: Vec<(String, i64, bool)>,
    /// Name, model, serial number, quantity, fitted or removed.
    #[serde(default)]
    pub(super) parts: Vec<(String, String, String, i64, String)>,
    #[serde(default)]
    pub(super) report: Option<Report>,
    #[serde(default)]
    pub(super) sign: Option<Sign>,
    #[serde(default)]
    pub(super) follow_up: Option<FollowUp>,
    /// Why the desk has paused the clocks.
    #[serde(default)]
    pub(super) pause: String,
    /// The field that desk and phone change at the same time.
    #[serde(default)]
    pub(super) conflict: Option<String>,
    /// Whether the helper's phone brings a step after the customer has signed.
    #[serde(default)]
    pub(super) late_step: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Preparation {
    pub(super) cause: String,
    pub(super) backup: String,
    pub(super) transport: String,
    pub(super) lodging: String,
    /// Whom the arrival was announced to.
    pub(super) told: String,
    /// Kind, text.
    pub(super) packing: Vec<(String, String)>,
    /// Whether the manager has approved it.
    pub(super) approved: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FollowUp {
    pub(super) result: String,
    pub(super) satisfaction: i64,
    #[serde(default)]
    pub(super) opportunity: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HandedOn {
    pub(super) to: String,
    /// What the former lead found, which arrived too late.
    pub(super) cause: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    pub(super) symptom: String,
    pub(super) cause: String,
    pub(super) treatment: String,
    pub(super) modifications: String,
    pub(super) advice: String,
    pub(super) outcome: String,
    #[serde(default)]
    pub(super) open_reason: String,
    #[serde(default)]
    pub(super) next_plan: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sign {
    /// Name of one of the customer's contacts.
    pub(super) contact: String,
    pub(super) outcome: Outcome,
    pub(super) satisfaction: u8,
    pub(super) remarks: String,
    #[serde(default)]
    pub(super) reservations: String,
    #[serde(default)]
    pub(super) deputy_reason: String,
}

impl World {
    /// Reads the texts that are compiled in.
    pub(super) fn read() -> Result<Self, DemoError> {
        let mut stories = Vec::new();
        for text in [
            include_str!("world/hospital.json"),
            include_str!("world/factory.json"),
            include_str!("world/park.json"),
        ] {
            stories.extend(parse::<Vec<Story>>(text)?);
        }
        Ok(Self {
            organisation: parse(include_str!("world/organisation.json"))?,
            customers: parse(include_str!("world/customers.json"))?,
            articles: parse(include_str!("world/articles.json"))?,
            stories,
        })
    }

    /// A customer by key.
    pub(super) fn customer(&self, key: &str) -> Result<&Customer, DemoError> {
        let found = self.customers.iter().find(|customer| customer.key == key);
        found.ok_or_else(|| DemoError::World(format!("no customer {key}")))
    }
}

fn parse<T: for<'text> Deserialize<'text>>(text: &str) -> Result<T, DemoError> {
    serde_json::from_str(text).map_err(|error| DemoError::World(error.to_string()))
}
