//! The work that speed is measured on: what happens when phones that worked offline meet their
//! server again. Made from a seed; another seed gives other texts of the same kind and size.
//!
//! Jobs have about thirty fields, a checklist of twelve, some steps and parts and half a page of
//! prose. A person's edit is one of four kinds: a field (30 %), a tick (30 %), a step (25 %) or a
//! few words added to the prose (15 %). Used by the benchmarks and by the tests that hold the
//! wire to its size; never by the product.

mod prose;

use docket_protocol::ids::ItemId;
use serde_json::{Map, Value as Json, json};

use crate::random::Random;

/// Items on each checklist.
const TICKS: u64 = 12;
/// 2026-11-23, when the offline work begins, Unix ms.
const BEGIN_MS: i64 = 1_795_392_000_000;

/// A job as it is opened: the fields of the command `open_job`, and its first entries.
#[derive(Debug, Clone)]
pub struct Job {
    /// Values by path.
    pub fields: Map<String, Json>,
    /// Checklist, steps, parts and plan items.
    pub entries: Vec<Json>,
    /// Ids of the checklist.
    checklist: Vec<String>,
    /// The one part whose quantity is edited.
    part: String,
    /// The prose that notes go into.
    prose: String,
}

impl Job {
    /// The job as data, for other systems.
    pub fn json(&self) -> Json {
        json!({"fields": self.fields, "entries": self.entries})
    }
}

/// The seeded world.
pub struct Workload {
    random: Random,
}

impl Workload {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self { random: Random::new(seed) }
    }

    /// A job, about 2 kB as JSON.
    pub fn job(&mut self, title: &str) -> Job {
        let mut last = self.id();
        // Entries that a phone makes in one edit count on from the first.
        let mut next_id = || {
            let id = last.to_string();
            last = last.following();
            id
        };
        let checklist: Vec<_> = (0..TICKS).map(|_| next_id()).collect();
        let (steps, parts) = ([next_id(), next_id()], [next_id(), next_id(), next_id()]);
        let prose = self.text(500);
        let mut entries: Vec<_> = checklist
            .iter()
            .enumerate()
            .map(|(at, id)| entry("checklist", id, &json!({"position": at, "text": self.text(34)})))
            .collect();
        for id in &steps {
            entries.push(entry("steps", id, &json!({"text": self.text(120)})));
        }
        for id in &parts {
            let name = self.text(18);
            let serial = self.serial();
            let part = json!({"name": name, "serial": serial, "quantity": self.below(6) + 1,
                              "model": self.serial(), "action": "fitted"});
            entries.push(entry("parts", id, &part));
        }
        let [part, ..] = parts;
        Job { fields: self.fields(title, &prose), entries, checklist, part, prose }
    }

    fn fields(&mut self, title: &str, prose: &str) -> Map<String, Json> {
        let hours = 3_600_000;
        let fields = json!({
            "intake/title": title,
            "intake/customer": self.text(14),
            "intake/site": self.text(12),
            "intake/equipment": self.serial(),
            "intake/caller": self.text(6),
            "intake/department": self.text(8),
            "intake/phone": self.phone(),
            "intake/symptom": self.text(60),
            "intake/demand": self.text(24),
            "intake/category": self.text(10),
            "intake/level": self.one_of(&["minor", "normal", "major"]),
            "intake/priority": self.priority(),
            "intake/mode": "on_site",
            "intake/due_at": BEGIN_MS + self.below(96) * hours,
            "plan/start_at": BEGIN_MS + self.below(48) * hours,
            "plan/end_at": BEGIN_MS + self.below(72) * hours,
            "plan/safety": self.text(40),
            "visit/met": self.text(6),
            "report/open_reason": self.text(20),
            "report/next_plan": self.text(20),
            "report/treatment": prose,
        });
        fields.as_object().cloned().unwrap_or_default()
    }

    /// `count` edits of a person on a job, in the order they were made.
    pub fn edits(&mut self, job: &Job, count: usize) -> Vec<Json> {
        let mut prose: Vec<char> = job.prose.chars().collect();
        (0..count).map(|_| self.edit(job, &mut prose)).collect()
    }

    fn edit(&mut self, job: &Job, prose: &mut Vec<char>) -> Json {
        match self.below(100) {
            0..30 => self.set(job),
            30..60 => {
                let item = self.below(TICKS.cast_signed()).unsigned_abs();
                let item = &job.checklist[usize::try_from(item).unwrap_or_default()];
                json!({"edit": "tick_item", "item": item, "done": self.below(10) < 9})
            }
            60..85 => {
                let length = 90 + self.below(60);
                let text = self.text(usize::try_from(length).unwrap_or_default());
                let mut step = entry("steps", &self.id().to_string(), &json!({"text": text}));
                step["edit"] = "add_entry".into();
                step
            }
            _ => {
                let length = 15 + self.below(45);
                let words = format!(" {}", self.text(usize::try_from(length).unwrap_or_default()));
                let at = self.below(prose.len() as i64 + 1);
                let at = usize::try_from(at).unwrap_or_default();
                prose.splice(at..at, words.chars());
                set("report/treatment", prose.iter().collect::<String>())
            }
        }
    }

    fn set(&mut self, job: &Job) -> Json {
        let time = BEGIN_MS + self.below(72) * 3_600_000 + self.below(3_600_000);
        match self.below(14) {
            0 => set("intake/category", self.text(10)),
            1 => set("intake/priority", self.priority()),
            2 => set("report/outcome", self.one_of(&["solved", "partly_solved", "unsolved"])),
            3 => set("report/open_reason", self.text(60)),
            4 => set("intake/caller", self.text(6)),
            5 => set("visit/arrived_at", time),
            6 => set("plan/start_at", time),
            7 => set("plan/end_at", time),
            8 => set("intake/mode", self.one_of(&["phone", "remote", "on_site"])),
            9 => set(&format!("parts/{}/quantity", job.part), self.below(100_000)),
            10 => set("intake/equipment", self.serial()),
            11 => set("intake/department", self.text(8)),
            12 => set("intake/due_at", time),
            _ => set("intake/phone", self.phone()),
        }
    }

    fn priority(&mut self) -> &'static str {
        self.one_of(&["low", "normal", "high", "urgent"])
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        let at = self.random.below(words.len() as u64);
        words[usize::try_from(at).unwrap_or_default()]
    }

    fn below(&mut self, bound: i64) -> i64 {
        self.random.below(bound.unsigned_abs()).cast_signed()
    }

    fn serial(&mut self) -> String {
        format!("{:012X}", self.random.bits() >> 16)
    }

    fn phone(&mut self) -> String {
        format!("+86 1{} {:04} {:04}", 30 + self.below(70), self.below(10_000), self.below(10_000))
    }

    /// A UUIDv7 such as the phone itself would make.
    fn id(&mut self) -> ItemId {
        let mut bytes = [0; 10];
        docket_client_core::Entropy::fill(&mut self.random, &mut bytes);
        let at = BEGIN_MS + self.below(86_400_000);
        ItemId::new(at, bytes)
    }

    fn text(&mut self, chars: usize) -> String {
        prose::text(&mut self.random, chars)
    }
}

fn entry(collection: &str, id: &str, fields: &Json) -> Json {
    json!({"collection": collection, "id": id, "fields": fields})
}

fn set(path: &str, value: impl Into<Json>) -> Json {
    let value: Json = value.into();
    json!({"edit": "set_field", "path": path, "value": value})
}
