//! What a table would do: a pure comparison of its rows with what the dossiers have, the same for
//! a dry run and for the import itself.

use std::collections::{BTreeMap, HashMap};

use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::dossier::Equipment;
use docket_protocol::record::value::FieldValue;
use docket_protocol::signoff::hex_digest;
use jiff::Timestamp;
use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use rusqlite::{Connection, params};

use super::column::Column;
use super::file::ReadTable;
use super::row::{Fault, Problem, Row};
use crate::auth::scope::Scope;
use crate::read_model::assets;

/// A piece of equipment that no dossier has yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Addition {
    /// Line of the file.
    pub line: u64,
    /// Whose it is.
    pub dossier: RecordId,
    /// That customer's name.
    pub customer: String,
    /// What it is called.
    pub name: String,
    /// Its serial number.
    pub serial: String,
    /// Its fields.
    pub fields: BTreeMap<String, FieldValue>,
}

/// A piece of equipment that the table describes differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Alteration {
    /// Line of the file.
    pub line: u64,
    /// Whose it is.
    pub dossier: RecordId,
    /// That customer's name.
    pub customer: String,
    /// Its entry.
    pub item: ItemId,
    /// What it is called now.
    pub name: String,
    /// Each field that differs: what it is now and what it becomes, for people.
    pub texts: Vec<(Column, String, String)>,
    /// The same for the record.
    pub fields: BTreeMap<String, FieldValue>,
}

/// What a table would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// What is new.
    pub additions: Vec<Addition>,
    /// What changes.
    pub alterations: Vec<Alteration>,
    /// How many rows say what is there already.
    pub same: usize,
    /// Lines that cannot be used, in the file's order.
    pub faults: Vec<Fault>,
}

impl Plan {
    /// Names just this plan, so that what is done is what was shown.
    pub fn digest(&self) -> String {
        hex_digest(format!("{:?}{:?}", self.additions, self.alterations).as_bytes())
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.additions.is_empty() && self.alterations.is_empty()
    }
}

/// What a table would do now.
pub fn plan(
    sql: &Connection,
    scope: &Scope,
    table: ReadTable,
    zone: &TimeZone,
) -> rusqlite::Result<Plan> {
    let mut plan = Plan { faults: table.faults, ..Plan::default() };
    let mut customers: HashMap<String, Customer> = HashMap::new();
    for (line, row) in table.rows {
        if !customers.contains_key(&row.customer) {
            customers.insert(row.customer.clone(), Customer::load(sql, scope, &row.customer)?);
        }
        let Some(customer) = customers.get_mut(&row.customer) else { continue };
        if let Err((column, problem)) = customer.compare(line, &row, zone, &mut plan) {
            plan.faults.push(Fault { line, column: Some(column), problem });
        }
    }
    plan.faults.sort_by_key(|fault| fault.line);
    Ok(plan)
}

/// How equipment of one customer is told apart: by serial number, or by name where it has none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Serial(String),
    Name(String),
}

impl Key {
    fn of(serial: &str, name: &str) -> Self {
        let plain = |text: &str| text.trim().to_lowercase();
        match plain(serial) {
            serial if serial.is_empty() => Self::Name(plain(name)),
            serial => Self::Serial(serial),
        }
    }
}

/// A customer of the table.
struct Customer {
    dossiers: Vec<RecordId>,
    things: HashMap<Key, Vec<(ItemId, Equipment)>>,
    /// Which line has named a piece of equipment.
    named: HashMap<Key, u64>,
}

impl Customer {
    fn load(sql: &Connection, scope: &Scope, name: &str) -> rusqlite::Result<Self> {
        let dossiers: Vec<RecordId> = sql
            .prepare_cached("select record from dossiers where tenant = ?1 and name = ?2")?
            .query_map(params![scope.tenant.0, name], |row| Ok(RecordId(row.get(0)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut things: HashMap<Key, Vec<_>> = HashMap::new();
        for dossier in &dossiers {
            for (item, row) in assets::of_dossier(sql, scope.tenant, *dossier)? {
                let key = Key::of(&row.thing.serial, &row.thing.name);
                things.entry(key).or_default().push((item, row.thing));
            }
        }
        Ok(Self { dossiers, things, named: HashMap::new() })
    }

    fn compare(
        &mut self,
        line: u64,
        row: &Row,
        zone: &TimeZone,
        plan: &mut Plan,
    ) -> Result<(), (Column, Problem)> {
        let name = || row.customer.clone();
        let dossier = match self.dossiers.as_slice() {
            [dossier] => *dossier,
            [] => return Err((Column::Customer, Problem::CustomerUnknown(name()))),
            _ => return Err((Column::Customer, Problem::CustomerTwice(name()))),
        };
        let (called, serial) = (row.text(Column::Name), row.text(Column::Serial));
        let key = Key::of(serial, called);
        let column = if serial.is_empty() { Column::Name } else { Column::Serial };
        if let Some(before) = self.named.insert(key.clone(), line) {
            self.named.insert(key, before);
            return Err((column, Problem::Again(before)));
        }
        match self.things.get(&key).map(Vec::as_slice) {
            None | Some([]) if called.is_empty() => Err((Column::Name, Problem::NameMissing)),
            None | Some([]) => {
                plan.additions.push(Addition {
                    line,
                    dossier,
                    customer: name(),
                    name: called.to_owned(),
                    serial: serial.to_owned(),
                    fields: fields(row, zone),
                });
                Ok(())
            }
            Some([(item, thing)]) => {
                let mut texts = differences(row, thing, zone);
                // What it is known by is not changed by writing it in other letters.
                texts.retain(|(one, ..)| *one != column);
                if texts.is_empty() {
                    plan.same += 1;
                    return Ok(());
                }
                let mut fields = fields(row, zone);
                fields.retain(|field, _| {
                    texts.iter().any(|(column, ..)| column.field() == Some(field.as_str()))
                });
                plan.alterations.push(Alteration {
                    line,
                    dossier,
                    customer: name(),
                    item: *item,
                    name: thing.name.clone(),
                    texts,
                    fields,
                });
                Ok(())
            }
            Some(_) => {
                let what = if serial.is_empty() { called } else { serial };
                Err((column, Problem::Ambiguous(what.to_owned())))
            }
        }
    }
}

/// What a row says, as the record has it.
fn fields(row: &Row, zone: &TimeZone) -> BTreeMap<String, FieldValue> {
    let texts = row
        .texts
        .iter()
        .filter_map(|(column, text)| Some((column.field()?.to_owned(), text.as_str().into())));
    let warranty = row.warranty.map(|day| ("warranty_until".to_owned(), last_of(day, zone).into()));
    texts.chain(warranty).collect()
}

/// The fields in which a row differs from what is there; what it does not say does not differ.
fn differences(row: &Row, thing: &Equipment, zone: &TimeZone) -> Vec<(Column, String, String)> {
    let known = Row {
        customer: String::new(),
        texts: texts_of(thing)
            .into_iter()
            .map(|(column, text)| (column, text.to_owned()))
            .collect(),
        warranty: thing.warranty_until.and_then(|until| day_of(until, zone)),
    };
    let texts = row
        .texts
        .iter()
        .map(|(column, text)| (*column, known.text(*column).trim().to_owned(), text.clone()));
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let warranty = row.warranty.map(|_| (Column::Warranty, day(known.warranty), day(row.warranty)));
    texts.chain(warranty).filter(|(_, is, becomes)| is != becomes).collect()
}

/// What is written of a piece of equipment, by column.
pub(super) fn texts_of(thing: &Equipment) -> [(Column, &str); 7] {
    [
        (Column::Kind, &thing.kind),
        (Column::Name, &thing.name),
        (Column::Model, &thing.model),
        (Column::Serial, &thing.serial),
        (Column::Site, &thing.site),
        (Column::Place, &thing.place),
        (Column::Versions, &thing.versions),
    ]
}

/// The day on which a moment lies.
pub(super) fn day_of(moment: i64, zone: &TimeZone) -> Option<Date> {
    let moment = Timestamp::from_millisecond(moment).ok()?;
    Some(zone.to_datetime(moment).date())
}

/// The last minute of a day: a warranty holds on the day it is written with.
fn last_of(day: Date, zone: &TimeZone) -> i64 {
    let evening = day.to_datetime(time(23, 59, 0, 0));
    zone.to_timestamp(evening).map_or(0, Timestamp::as_millisecond)
}
