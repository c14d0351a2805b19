//! The clocks of a job that have not ended, as this phone knows contract and catalog: until when
//! each runs. Asked for apart from the job's page, so that an edit does not wait for it.

use docket_protocol::calendar::Zone;
use docket_protocol::clocks::{Progress, Terms, clocks};
use docket_protocol::ids::RecordId;

use crate::client::{Client, ZoneOffset};
use crate::editing;
use crate::error::Result;
use crate::view::ClockView;

/// A time zone, as the world outside knows its rules.
struct Named<'a> {
    name: &'a str,
    offset: ZoneOffset,
}

impl Zone for Named<'_> {
    fn offset_ms(&self, at: i64) -> i64 {
        (self.offset)(self.name, at)
    }
}

/// The clocks of a job; of what is not on this phone nothing is promised.
pub(crate) fn running(client: &mut Client, record: RecordId) -> Result<Vec<ClockView>> {
    let catalog = editing::catalog_view(client)?.content;
    let (_, reading) = client.documents.get(client.store.read(), record)?.job();
    let Some(progress) = Progress::of(&reading.content) else { return Ok(Vec::new()) };
    let (level, dossier) = (reading.content.intake.level.clone(), reading.content.intake.dossier);
    let dossier = dossier.and_then(|it| editing::dossier_view(client, it).ok());
    let dossier = dossier.as_ref().map(|it| &it.content);
    let terms = Terms::of(&catalog, dossier, &level, progress.opened_at);
    let zone = Named { name: &terms.zone, offset: client.zone_offset };
    // Until when they run does not depend on what time it is; how urgent that is the page says.
    let all = clocks(&progress, &terms, &zone, progress.opened_at);
    let open = all.into_iter().filter(|clock| clock.met_at.is_none());
    Ok(open.map(|clock| ClockView { kind: clock.kind, due_at: clock.due_at }).collect())
}
