//! A working day on the phone, step by step: every kind of edit, every verdict, everything that
//! comes and goes. A step is what the app does in one go; when it returns, the person has seen
//! its outcome. A step that fails has changed nothing and can be taken again.

use docket_client_core::{ClientError, Medium};
use docket_protocol::ids::{ChangeHash, Seq};
use docket_protocol::record::path::Path;
use docket_protocol::wire::{Item, RecordPush, Verdict};
use docket_tests::disk::Disk;
use docket_tests::pocket::{OfficeJob, Pocket, ada};
use serde_json::{Value as Json, json};

/// Enough changes of one record to be folded into its base.
const MANY: usize = 100;

/// What the steps have to remember.
pub(crate) struct Day<'a> {
    disk: &'a Disk,
    medium: Medium,
    phone: Option<Pocket>,
    boiler: OfficeJob,
    gear: OfficeJob,
    entering: Vec<Item>,
    news: Item,
    pump: String,
    valve: String,
    fan: String,
    item: Json,
    held: Option<ChangeHash>,
}

/// A step with its name.
pub(crate) type Step = (&'static str, fn(&mut Day<'_>) -> Result<(), String>);

impl<'a> Day<'a> {
    /// The morning: the app is not open yet.
    pub(crate) fn new(disk: &'a Disk, medium: Medium) -> Self {
        let mut boiler = OfficeJob::new(7, "Boiler loses pressure");
        let mut meter = OfficeJob::new(8, "流量计读数偏高");
        let entering = vec![boiler.enters(), meter.enters()];
        for number in 0..MANY {
            meter.set("intake/symptom", &format!("Reading {number}"));
        }
        Self {
            disk,
            medium,
            phone: None,
            boiler,
            gear: OfficeJob::new(9, "Gearbox is hot"),
            entering,
            news: meter.changes(),
            pump: String::new(),
            valve: String::new(),
            fan: String::new(),
            item: Json::Null,
            held: None,
        }
    }

    fn phone(&mut self) -> &mut Pocket {
        self.phone.as_mut().expect("the app is open")
    }

    fn open(&mut self) -> Result<(), String> {
        let phone = Pocket::open(self.disk, self.medium, 1);
        self.phone = Some(phone.map_err(code)?);
        Ok(())
    }

    fn open_job(&mut self, title: &str) -> Result<String, String> {
        let entries = json!([{"collection": "checklist", "fields": {"text": "Power is off"}}]);
        let job = self.phone().attempt(
            &json!({"do": "open_job", "fields": {"intake/title": title}, "entries": entries}),
        )?;
        self.item =
            job["content"]["checklist"].as_object().expect("items").keys().next().cloned().into();
        Ok(job["record"].as_str().expect("an id").to_owned())
    }

    fn edit(&mut self, record: &str, edit: &Json) -> Result<(), String> {
        self.phone().attempt(&json!({"do": "edit", "record": record, "edit": edit})).map(drop)
    }

    fn set(&mut self, record: &str, path: &str, value: &str) -> Result<(), String> {
        self.edit(record, &json!({"edit": "set_field", "path": path, "value": value}))
    }

    fn sync(
        &mut self,
        items: Vec<Item>,
        judge: impl FnMut(&RecordPush, usize) -> Verdict,
    ) -> Result<(), String> {
        self.phone().sync(items, judge).map(drop).map_err(code)
    }
}

#[allow(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
fn code(error: ClientError) -> String {
    error.code.to_owned()
}

fn accepted(_: &RecordPush, _: usize) -> Verdict {
    Verdict::Accepted(Seq(1))
}

/// The day.
pub(crate) const DAY: &[Step] = &[
    ("the app opens for the first time", |day| day.open()),
    ("sign-in", |day| day.phone().sign_in().map_err(code)),
    ("first pull", |day| day.sync(day.entering.clone(), accepted)),
    ("takes a job over by hand", |day| {
        let take = json!({"do": "take_over", "file": day.gear.handed_over()});
        day.phone().attempt(&take).map(drop)
    }),
    ("the office sends it, too", |day| {
        let gear = day.gear.enters();
        day.sync(vec![gear], accepted)
    }),
    ("opens a job", |day| {
        day.pump = day.open_job("Pump is loud")?;
        Ok(())
    }),
    ("writes prose", |day| day.set(&day.pump.clone(), "report/cause", "轴承磨损，已更换")),
    ("ticks", |day| {
        let edit = json!({"edit": "tick_item", "item": day.item, "done": true});
        day.edit(&day.pump.clone(), &edit)
    }),
    ("adds a part", |day| {
        let fields = json!({"name": "Bearing 6204", "quantity": 2});
        let edit = json!({"edit": "add_entry", "collection": "parts", "fields": fields});
        day.edit(&day.pump.clone(), &edit)
    }),
    ("hands over", |day| day.edit(&day.pump.clone(), &json!({"edit": "assign", "lead": ada()}))),
    ("writes in a job of the office", |day| {
        day.set(&day.boiler.record.to_string(), "report/treatment", "Replaced the tank")
    }),
    ("pushes, all accepted", |day| day.sync(Vec::new(), accepted)),
    ("news of a job, a hundred changes, folded", |day| day.sync(vec![day.news.clone()], accepted)),
    ("the customer signs", |day| {
        let pump = day.pump.clone();
        let signing = day.phone().signing(&pump);
        day.phone().attempt(&signing).map(drop)
    }),
    ("the signed report is amended", |day| {
        let pump = day.pump.clone();
        let signoff = day.phone().job(&pump)["signoffs"][0]["id"].clone();
        let edit = json!({"edit": "amend", "signoffs": [signoff], "reason": "Wrong part named"});
        day.edit(&pump, &edit)
    }),
    ("the app is closed and opened", |day| {
        day.phone = None;
        day.open()
    }),
    ("pushes the signature", |day| day.sync(Vec::new(), accepted)),
    ("opens a second job", |day| {
        day.valve = day.open_job("Valve leaks")?;
        Ok(())
    }),
    ("writes what will be refused", |day| {
        day.set(&day.valve.clone(), "report/cause", "refused words")
    }),
    ("writes more", |day| day.set(&day.valve.clone(), "report/treatment", "good words")),
    ("one edit is refused, one made again", |day| {
        let path = Path::new("report/cause");
        day.sync(Vec::new(), |_, at| match at {
            0 => Verdict::Accepted(Seq(1)),
            1 => Verdict::Refused("not-allowed".to_owned(), path.clone()),
            _ => Verdict::Refused("depends-on-refused".to_owned(), Path::default()),
        })
    }),
    ("pushes again", |day| day.sync(Vec::new(), accepted)),
    ("opens a third job", |day| {
        day.fan = day.open_job("Fan stands still")?;
        Ok(())
    }),
    ("this phone was copied", |day| day.sync(Vec::new(), |_, _| Verdict::Fork)),
    ("writes late", |day| day.set(&day.boiler.record.to_string(), "report/advice", "Mind it")),
    ("late work is held", |day| {
        let mut held = None;
        let boiler = day.boiler.record;
        day.sync(Vec::new(), |push, at| {
            if push.record != boiler {
                return Verdict::Accepted(Seq(1));
            }
            let head = docket_protocol::change::read_head(&push.changes[at]).expect("a change");
            held = Some(head.hash);
            Verdict::Held("no-longer-assigned".to_owned())
        })?;
        day.held = held;
        Ok(())
    }),
    ("the office sets it aside", |day| {
        let (record, hash) = (day.boiler.record, day.held.expect("held work"));
        let note = "Done by Lin already".to_owned();
        day.sync(vec![Item::Decided { record, hash, accepted: false, note }], accepted)
    }),
    ("a job leaves", |day| day.sync(vec![Item::Leave(day.boiler.record)], accepted)),
    ("what was refused is dealt with", |day| {
        let list = day.phone().attempt(&json!({"do": "refused"}))?;
        let id = list[0]["id"].clone();
        day.phone().attempt(&json!({"do": "forget_refused", "id": id})).map(drop)
    }),
    ("what was set aside, too", |day| {
        let list = day.phone().attempt(&json!({"do": "refused"}))?;
        let id = list[0]["id"].clone();
        day.phone().attempt(&json!({"do": "forget_refused", "id": id})).map(drop)
    }),
    ("sign-out", |day| day.phone().attempt(&json!({"do": "sign_out"})).map(drop)),
];
