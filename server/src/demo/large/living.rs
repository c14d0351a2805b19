//! Lives through the courses of all jobs in the order of time. Each moment happens on the writer
//! under its own time; a few hundred share one commit.

use std::sync::Arc;

use automerge::ActorId;
use docket_protocol::edit::{self, Author, Edit};
use docket_protocol::ids::RecordId;
use docket_protocol::record::RecordKind;
use docket_protocol::wire::{RecordPush, Verdict};

use super::super::DemoError;
use super::super::drawing::signature;
use super::super::phone::Phone;
use super::super::telling::{Signing, statement};
use super::super::world::{Customer, Story};
use super::course::{Act, Course, MINUTE_MS};
use super::{Size, writing};
use crate::app::App;
use crate::auth::scope::Scope;
use crate::desk;
use crate::ingest::stages::Sender;
use crate::ingest::{decode_push, push};
use crate::random::random;
use crate::store::{StoreError, WriteTx};

/// Moments that share a commit.
const TOGETHER: usize = 400;

/// Everybody and everything that jobs are about.
pub(super) struct Cast {
    pub(super) size: Size,
    pub(super) now: i64,
    pub(super) desk: Scope,
    pub(super) manager: Scope,
    pub(super) engineers: Vec<Phone>,
    pub(super) customers: Vec<Client>,
    /// What can be told of a job, from call to report.
    pub(super) stories: Vec<Story>,
}

/// A customer with its dossier.
pub(super) struct Client {
    dossier: RecordId,
    customer: Customer,
    /// How the person in charge signs: drawn once, not for every job.
    signature: Vec<u8>,
}

impl Client {
    pub(super) fn new(dossier: RecordId, customer: Customer) -> Self {
        let signature = signature(&customer.contacts[0].name);
        Self { dossier, customer, signature }
    }
}

/// Something that happens to the job of a number: first the moment, so that they can be sorted.
type Moment = (i64, usize, Act);

/// Lives through all of it.
pub(super) fn live(app: &App, cast: Cast, mut told: impl FnMut(usize)) -> Result<(), DemoError> {
    let of_job = |number| cast.course(number).acts().map(move |(at, act)| (at, number, act));
    let mut moments: Vec<Moment> =
        (0..cast.size.jobs).flat_map(of_job).filter(|(at, ..)| *at < cast.now).collect();
    moments.sort_unstable();
    let cast = Arc::new(cast);
    for together in moments.chunks(TOGETHER) {
        let (cast, together) = (Arc::clone(&cast), together.to_vec());
        let begins = |act| matches!(act, Act::Open | Act::TakeOver);
        let opened = together.iter().filter(|(.., act)| begins(*act)).count();
        app.store.write_blocking(move |tx| {
            together.into_iter().try_for_each(|(at, number, act)| {
                tx.now = at;
                cast.happen(tx, &cast.course(number), act)
            })
        })?;
        told(opened);
    }
    Ok(())
}

impl Cast {
    fn course(&self, number: usize) -> Course {
        Course::of(&self.size, self.stories.len(), number, self.now)
    }

    fn happen(&self, tx: &mut WriteTx<'_>, course: &Course, act: Act) -> Result<(), DemoError> {
        match act {
            Act::Open => {
                let Client { dossier, customer, .. } = &self.customers[course.customer];
                let story = &self.stories[course.story];
                let fields = writing::opened(course, story, *dossier, customer);
                self.create(tx, course, &Edit::Create { fields, entries: Vec::new() })
            }
            Act::TakeOver => {
                let Client { dossier, customer, .. } = &self.customers[course.customer];
                let story = &self.stories[course.story];
                let mut fields = writing::opened(course, story, *dossier, customer);
                let lead = self.engineers[course.lead].scope.user;
                let (more, entries) = writing::taken_over(course, story, lead);
                fields.extend(more);
                self.create(tx, course, &Edit::Create { fields, entries })
            }
            Act::Assign => {
                let lead = self.engineers[course.lead].scope.user;
                self.at_desk(tx, course.record, &Edit::Assign { lead })
            }
            Act::Work => self.work(tx, course),
            Act::File => {
                for edit in writing::filed(course) {
                    self.at_desk(tx, course.record, &edit)?;
                }
                Ok(())
            }
        }
    }

    fn create(
        &self,
        tx: &mut WriteTx<'_>,
        course: &Course,
        create: &Edit,
    ) -> Result<(), DemoError> {
        desk::create_with_id(tx, &self.desk, course.record, RecordKind::Job, create)?;
        Ok(())
    }

    fn at_desk(
        &self,
        tx: &mut WriteTx<'_>,
        record: RecordId,
        edit: &Edit,
    ) -> Result<(), DemoError> {
        desk::edit(tx, &self.manager, record, edit)?;
        Ok(())
    }

    /// What the lead writes without coverage, and sends when it is back.
    fn work(&self, tx: &mut WriteTx<'_>, course: &Course) -> Result<(), DemoError> {
        let (record, phone) = (course.record, &self.engineers[course.lead]);
        let found = tx.documents.get(tx.sql, phone.scope.tenant, record)?;
        let found = found.ok_or(StoreError::Damaged(record))?;
        let mut doc = found.automerge.clone().with_actor(ActorId::from(random::<16>()));
        let before = doc.get_heads();
        let story = &self.stories[course.story];
        let write = |doc: &mut automerge::Automerge, edit: &Edit, now: i64| {
            let author = Author { user: phone.scope.user, role: phone.scope.role, now };
            let written = edit::apply(doc, RecordKind::Job, edit, &author);
            written.map(drop).map_err(|error| DemoError::World(error.to_string()))
        };
        let mut now = course.assigned_at + MINUTE_MS;
        for edit in writing::worked(course, story) {
            now += MINUTE_MS;
            write(&mut doc, &edit, now)?;
        }
        if course.is_signed(story) {
            let signed = self.signed(course, story, phone, &doc);
            write(&mut doc, &signed, course.worked_at)?;
        }
        let changes = doc.get_changes(&before);
        let changes = changes.iter().map(|change| change.raw_bytes().to_vec().into()).collect();
        self.meanwhile(tx, course)?;
        let key = phone.key.verifying_key();
        let sender = Sender {
            scope: &phone.scope,
            device: phone.device,
            device_key: &key,
            former_role: None,
        };
        let verdicts = push(tx, &sender, decode_push(&RecordPush { record, changes }))?;
        let taken = |verdict: &&Verdict| matches!(verdict, Verdict::Accepted(_) | Verdict::Held(_));
        match verdicts.iter().find(|verdict| !taken(verdict)) {
            None => Ok(()),
            Some(verdict) => {
                let (who, verdict) = (phone.scope.name.clone(), format!("{verdict:?}"));
                Err(DemoError::Gate { who, verdict })
            }
        }
    }

    /// What the desk does before the phone is heard of again.
    fn meanwhile(&self, tx: &mut WriteTx<'_>, course: &Course) -> Result<(), DemoError> {
        if course.disputed {
            self.at_desk(tx, course.record, &writing::hurried())?;
        }
        if course.handed_on {
            let next = &self.engineers[(course.lead + 1) % self.engineers.len()];
            self.at_desk(tx, course.record, &Edit::Assign { lead: next.scope.user })?;
        }
        Ok(())
    }

    /// The customer's signature under what stands in the record by now.
    fn signed(
        &self,
        course: &Course,
        story: &Story,
        phone: &Phone,
        doc: &automerge::Automerge,
    ) -> Edit {
        let Client { customer, signature, .. } = &self.customers[course.customer];
        let said = writing::said(course, story, customer);
        let signing = Signing {
            scope: &phone.scope,
            key: &phone.key,
            signed_at: course.worked_at,
            seen_at: course.assigned_at,
        };
        let statement = statement(doc, &signing, course.record, &said, customer, signature);
        let signed = statement.sign(&phone.key, signature.clone());
        Edit::SignOff { signoff: statement.signoff, signed }
    }
}
