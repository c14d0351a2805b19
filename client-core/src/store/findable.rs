//! What the one search box looks through, read from the lists: jobs as they stand there, and from
//! each dossier the customer with sites, contacts and equipment; and the knowledge base.

use docket_protocol::ids::RecordId;
use docket_protocol::record::dossier::DossierContent;
use docket_protocol::record::{RecordKind, read};
use docket_protocol::stage::Stage;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::documents::Documents;
use super::{articles, lists};
use crate::error::Result;
use crate::search::{Summary, find};
use crate::view::{Found, FoundKind, JobRow};

/// More than anybody reads; whoever sees so many types another word.
const FOUND_MAX: usize = 60;

/// Something that can be found, as `dossiers.findable` keeps it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Thing {
    kind: FoundKind,
    title: String,
    about: String,
    rest: String,
    phone: String,
    /// Its row in the list, which is not kept with anything.
    #[serde(skip)]
    job: Option<JobRow>,
}

/// All that can be found, kept until something is written: between two keys nothing is.
#[derive(Default)]
pub(crate) struct Index {
    /// The connection's count of written rows when this was read.
    written: Option<u64>,
    things: Vec<(RecordId, Thing)>,
    summaries: Vec<Summary>,
}

impl Index {
    fn bring_up_to_date(&mut self, sql: &Connection, documents: &mut Documents) -> Result<()> {
        if self.written == Some(sql.total_changes()) {
            return Ok(());
        }
        self.things = jobs(sql)?;
        self.things.extend(dossiers(sql, documents)?);
        self.things.extend(articles(sql)?);
        self.summaries = self.things.iter_mut().map(|(_, thing)| summary(thing)).collect();
        // Asked last: reading a damaged record writes that it is damaged.
        self.written = Some(sql.total_changes());
        Ok(())
    }
}

/// Takes the long text along, which nothing else needs.
fn summary(thing: &mut Thing) -> Summary {
    Summary::new(&thing.title, &thing.about, &std::mem::take(&mut thing.rest))
}

/// Everything on this phone that a question finds, best first.
pub(crate) fn search(
    sql: &Connection,
    documents: &mut Documents,
    index: &mut Index,
    question: &str,
) -> Result<Vec<Found>> {
    index.bring_up_to_date(sql, documents)?;
    let found = find(question, &index.summaries).into_iter().take(FOUND_MAX);
    Ok(found.map(|at| shown(&index.things[at])).collect())
}

fn shown((record, thing): &(RecordId, Thing)) -> Found {
    let Thing { kind, title, about, phone, job, .. } = thing.clone();
    Found { kind, record: *record, title, about, phone, job }
}

fn jobs(sql: &Connection) -> Result<Vec<(RecordId, Thing)>> {
    let mut statement =
        sql.prepare_cached(&format!("select haystack from jobs {}", lists::IN_ORDER))?;
    let haystacks = statement.query_map([], |row| row.get(0))?;
    let rows = lists::jobs(sql)?.into_iter().zip(haystacks);
    rows.map(|(row, haystack)| Ok((row.record, of_job(row, haystack?)))).collect()
}

fn of_job(row: JobRow, haystack: String) -> Thing {
    let past = matches!(row.stage, Stage::Signed | Stage::Archived);
    Thing {
        kind: if past { FoundKind::PastJob } else { FoundKind::Job },
        title: row.title.clone(),
        about: [row.customer.as_str(), &row.site].join(" · "),
        rest: haystack,
        phone: String::new(),
        job: Some(row),
    }
}

fn articles(sql: &Connection) -> Result<Vec<(RecordId, Thing)>> {
    let all = articles::findable(sql)?.into_iter().map(|(article, rest)| {
        let about = joined(&[&article.category], &article.equipment);
        let thing = Thing {
            kind: FoundKind::Article,
            title: article.title,
            about,
            rest,
            ..Thing::default()
        };
        (article.record, thing)
    });
    Ok(all.collect())
}

fn dossiers(sql: &Connection, documents: &mut Documents) -> Result<Vec<(RecordId, Thing)>> {
    let mut statement =
        sql.prepare_cached("select record, findable from dossiers order by name")?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Option<String>>(1)?)))?
        .collect::<std::result::Result<Vec<_>, _>>()?;
    let mut all = Vec::new();
    for (record, kept) in rows {
        let record = RecordId::from_bytes(&record).unwrap_or_default();
        let kept = kept.and_then(|json| serde_json::from_str::<Vec<Thing>>(&json).ok());
        let things = match kept {
            Some(things) => things,
            // Stored by an earlier version of the app. A damaged one is found again once the
            // office has sent it whole.
            None => documents.get(sql, record).map_or_else(
                |_| Vec::new(),
                |document| {
                    let content = read::content(&document.doc, RecordKind::Dossier);
                    things(&DossierContent::from_json(content))
                },
            ),
        };
        all.extend(things.into_iter().map(|thing| (record, thing)));
    }
    Ok(all)
}

/// Keeps what a dossier can be found by beside its row.
pub(super) fn remember(sql: &Connection, record: RecordId, dossier: &DossierContent) -> Result<()> {
    let json = serde_json::to_string(&things(dossier)).unwrap_or_default();
    sql.prepare_cached("update dossiers set findable = ? where record = ?")?
        .execute(params![json, record.as_bytes()])?;
    Ok(())
}

fn things(dossier: &DossierContent) -> Vec<Thing> {
    let customer = Thing {
        kind: FoundKind::Customer,
        title: dossier.name.clone(),
        about: dossier.address.clone(),
        rest: format!("{}\n{}", dossier.contract, dossier.notes).to_lowercase(),
        ..Thing::default()
    };
    let of_customer = |kind, title: &str, about: &[&str]| Thing {
        kind,
        title: title.to_owned(),
        about: joined(about, &dossier.name),
        ..Thing::default()
    };
    let contacts = dossier.contacts.values().map(|one| Thing {
        phone: one.phone.clone(),
        rest: one.phone.clone(),
        ..of_customer(FoundKind::Contact, &one.name, &[&one.title])
    });
    let sites =
        dossier.sites.values().map(|one| of_customer(FoundKind::Site, &one.name, &[&one.address]));
    let equipment = dossier.equipment.values().map(|one| {
        of_customer(FoundKind::Equipment, &one.name, &[&one.model, &one.serial, &one.site])
    });
    let good = dossier.newest_good();
    let backups = dossier.backups().into_iter().filter(|(id, _)| good.contains(id));
    let backups = backups.map(|(_, one)| {
        let about = [one.version.as_str(), &one.medium, &one.place];
        of_customer(FoundKind::Backup, &one.system, &about)
    });
    let all = std::iter::once(customer).chain(contacts).chain(sites).chain(equipment);
    all.chain(backups).collect()
}

fn joined(parts: &[&str], last: &str) -> String {
    let all = parts.iter().copied().chain([last]).filter(|part| !part.is_empty());
    all.collect::<Vec<_>>().join(" · ")
}
