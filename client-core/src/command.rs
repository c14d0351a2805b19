//! Everything a screen can ask for, as one enum that is JSON on the bridge.
//!
//! `{"do": "edit", "record": "…", "edit": {"edit": "tick_item", …}}` is answered by
//! `{"ok": …}` or `{"error": {"code": …, "path": …}}`.

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{RecordId, Seq, UserId};
use docket_protocol::planted;
use docket_protocol::record::RecordKind;
use docket_protocol::record::rules::rules_of;
use docket_protocol::record::value::FieldValue;
use docket_protocol::signoff::{Outcome, Purpose, Signatory};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::client::Client;
use crate::env::Env;
use crate::error::{ClientError, Result};
use crate::files::command::FileCommand;
use crate::session::{Credentials, Session};
use crate::store::documents::DAMAGED;
use crate::store::{self, drafts, findable, held, lists, outbox, overruled, parcels, refused};
use crate::{conflicts, editing, evacuation, files, hand_over, retry, signing, sync, view};

/// A command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// [`view::Status`].
    Status,
    /// Starts a sign-in; the outcome shows in `Status`.
    SignIn {
        /// Account name.
        login: String,
        /// Password; kept in memory until the server answers.
        password: String,
        /// What people call this phone.
        device_name: String,
    },
    /// Ends the session and empties this phone. Refused while unsent work exists.
    SignOut,
    /// Ask the server at once, whatever the waiting time.
    SyncNow,
    /// The event stream said that the log has grown this far. Asks the server only if that is
    /// news: our own pushes ring the bell, too.
    Hint {
        /// Last row of the log.
        seq: Seq,
    },
    /// `[view::JobRow]`.
    Jobs,
    /// [`view::JobView`].
    Job {
        /// Which.
        record: RecordId,
    },
    /// `[view::HistoryEntry]`, newest first.
    History {
        /// Which job.
        record: RecordId,
    },
    /// Opens a job; answers with its [`view::JobView`].
    OpenJob {
        /// `Edit::Create`'s fields.
        fields: std::collections::BTreeMap<docket_protocol::record::path::Path, FieldValue>,
        /// First entries.
        #[serde(default)]
        entries: Vec<NewEntry>,
    },
    /// Edits a job or a customer's dossier; answers with its [`view::JobView`] or
    /// [`view::DossierView`] once the edit is on disk.
    Edit {
        /// Which.
        record: RecordId,
        /// What.
        edit: Edit,
    },
    /// [`view::SignoffDraft`]: what the customer is about to sign.
    PrepareSignoff {
        /// Which job.
        record: RecordId,
    },
    /// Signs; answers with the job's [`view::JobView`].
    Sign {
        /// Which job.
        record: RecordId,
        /// What is signed.
        signing: Box<Signing>,
    },
    /// `[view::Found]`, best first, over everything on this phone. An empty question finds nothing
    /// and makes ready for the next.
    Find {
        /// Words that must all occur; misspelt ones are forgiven where nothing else is found.
        query: String,
    },
    /// `[view::DossierRow]`.
    Dossiers,
    /// [`view::DossierView`].
    Dossier {
        /// Which.
        record: RecordId,
    },
    /// `[view::ArticleRow]` that may help with a job, the nearest first.
    ArticlesFor {
        /// Which job.
        record: RecordId,
    },
    /// [`view::ArticleView`].
    Article {
        /// Which.
        record: RecordId,
    },
    /// [`view::CatalogView`].
    Catalog,
    /// The table of field rules of a job, or of another kind of record.
    FieldRules {
        /// Which.
        #[serde(default = "job")]
        kind: RecordKind,
    },
    /// `[view::HeldEdit]`.
    Held,
    /// `[view::RefusedEdit]`.
    Refused,
    /// Makes a refused edit again on the record as it is now; answers as `Edit` does.
    RetryRefused {
        /// [`view::RefusedEdit::id`].
        id: i64,
    },
    /// The content of a file with what was not accepted.
    ExportRefused {
        /// [`view::RefusedEdit::id`]; all of them when left out.
        #[serde(default)]
        id: Option<i64>,
    },
    /// The person has dealt with a refused edit.
    ForgetRefused {
        /// [`view::RefusedEdit::id`].
        id: i64,
    },
    /// `[view::SettlementView]`, latest first.
    Settled {
        /// Which job.
        record: RecordId,
    },
    /// `[view::OverruledValue]`.
    Overruled,
    /// The person agrees that another value counts.
    Agree {
        /// [`view::OverruledValue::id`].
        id: i64,
    },
    /// Everything unsent as a signed file that anybody may carry to the office, and which photos
    /// and files belong behind it.
    Evacuate,
    /// Takes a colleague's file in; answers with its [`view::ParcelRow`].
    TakeParcel {
        /// The file, base64.
        file: String,
    },
    /// `[view::ParcelRow]`, latest first.
    Parcels,
    /// [`view::HandedOver`]: brings a colleague into a job and writes all of it into a file for
    /// their phone.
    HandOver {
        /// Which job.
        record: RecordId,
        /// The colleague.
        to: UserId,
    },
    /// Takes a job over from such a file; answers with its [`view::JobView`].
    TakeOver {
        /// The file, base64.
        file: String,
    },
    /// `[view::Draft]`.
    Drafts,
    /// Keeps what is being typed; nothing of it is part of a record. Null forgets it.
    KeepDraft(view::Draft),
    /// [`view::LiveChannel`], or null while signed out.
    Live,
    /// How much room this phone has, as the browser estimates it; for the office's board of phones.
    Room {
        /// Bytes.
        free_bytes: u64,
    },
    /// About photos and files.
    #[serde(untagged)]
    File(FileCommand),
}

fn job() -> RecordKind {
    RecordKind::Job
}

/// What the customer said and drew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signing {
    /// Plan or report.
    pub purpose: Purpose,
    /// Digest from [`view::SignoffDraft`]: signing fails if the record has changed since.
    pub content_digest: String,
    /// What the customer said.
    pub outcome: Outcome,
    /// What is not accepted.
    #[serde(default)]
    pub reservations: String,
    /// Who signs.
    pub signatory: Signatory,
    /// 1 to 5.
    #[serde(default)]
    pub satisfaction: Option<u8>,
    /// The customer's words.
    #[serde(default)]
    pub remarks: String,
    /// PNG, base64.
    pub drawing: String,
}

/// An answer as JSON: written at once, not built as a tree first.
pub(crate) type Answer = String;

/// Reads a command, runs it, writes the answer.
pub(crate) fn answer(client: &mut Client, env: &mut Env<'_>, command: &str) -> String {
    let result = serde_json::from_str(command)
        .map_err(|error| ClientError::with_detail("malformed", &error))
        .and_then(|command| run(client, env, command));
    match result {
        Ok(ok) => format!("{{\"ok\":{ok}}}"),
        Err(error) => json!({ "error": error }).to_string(),
    }
}

/// Carries out a command. A damaged record is made again at once where only this phone has it;
/// for any other the office is asked with the next sync.
pub(crate) fn run(client: &mut Client, env: &mut Env<'_>, command: Command) -> Result<Answer> {
    let done = carry_out(client, env, command.clone());
    if done.as_ref().is_err_and(|error| error.code == DAMAGED) {
        client.sync.want();
        if sync::mend::without_coverage(client, env)? {
            return carry_out(client, env, command);
        }
    }
    done
}

fn carry_out(client: &mut Client, env: &mut Env<'_>, command: Command) -> Result<Answer> {
    match command {
        Command::Status => to_json(&status(client, env)?),
        Command::SignIn { login, password, device_name } => {
            sign_in(client, env, Credentials { login, password, device_name })
        }
        Command::SignOut => sign_out(client, env),
        Command::SyncNow => sync_now(client, env),
        Command::Hint { seq } => {
            client.sync.hint(seq);
            to_json(&status(client, env)?)
        }
        Command::Jobs => to_json(&lists::jobs(client.store.read())?),
        Command::Job { record } => to_json(&editing::job_view(client, record)?),
        Command::History { record } => to_json(&editing::history(client, record)?),
        Command::OpenJob { fields, entries } => {
            let record = editing::open_job(client, env, Edit::Create { fields, entries })?;
            to_json(&editing::job_view(client, record)?)
        }
        Command::Edit { edit: Edit::SignOff { .. } | Edit::Create { .. }, .. } => {
            Err(ClientError::new("malformed"))
        }
        Command::Edit { record, edit } => {
            editing::edit(client, env, record, edit)?;
            record_view(client, record)
        }
        Command::PrepareSignoff { record } => to_json(&signing::draft(client, record)?),
        Command::Sign { record, signing } => {
            signing::sign(client, env, record, *signing)?;
            to_json(&editing::job_view(client, record)?)
        }
        Command::Find { query } => {
            let Client { store, documents, index, .. } = client;
            to_json(&findable::search(store.read(), documents, index, &query)?)
        }
        Command::Dossiers => to_json(&lists::dossiers(client.store.read())?),
        Command::Dossier { record } => to_json(&editing::dossier_view(client, record)?),
        Command::ArticlesFor { record } => to_json(&editing::articles_for(client, record)?),
        Command::Article { record } => to_json(&editing::article_view(client, record)?),
        Command::Catalog => to_json(&editing::catalog_view(client)?),
        Command::FieldRules { kind } => to_json(&rules_of(kind)),
        Command::Held => to_json(&held::list(client.store.read())?),
        Command::Refused => to_json(&refused::list(client.store.read())?),
        Command::RetryRefused { id } => {
            retry::retry(client, env, id).and_then(|record| record_view(client, record))
        }
        Command::ExportRefused { id } => to_json(&retry::export(client, env, id)?),
        Command::ForgetRefused { id } => retry::forget(client, id).and_then(nothing),
        Command::Settled { record } => to_json(&conflicts::settled(client, record)?),
        Command::Overruled => to_json(&conflicts::overruled(client)?),
        Command::Agree { id } => overruled::agree(client.store.read(), id).and_then(nothing),
        Command::Evacuate => to_json(&evacuation::export(client, env)?),
        Command::TakeParcel { file } => to_json(&evacuation::take(client, env, &file)?),
        Command::Parcels => to_json(&parcels::list(client.store.read())?),
        Command::HandOver { record, to } => to_json(&hand_over::give(client, env, record, to)?),
        Command::TakeOver { file } => to_json(&hand_over::take(client, env, &file)?),
        Command::File(command) => files::command::carry_out(client, env, command),
        Command::Drafts => to_json(&drafts::list(client.store.read())?),
        Command::KeepDraft(draft) => drafts::keep(client.store.read(), &draft).and_then(nothing),
        Command::Live => to_json(&sync::live_channel(client)),
        Command::Room { free_bytes } => {
            client.free_bytes = Some(free_bytes);
            nothing(())
        }
    }
}

/// A record as its page shows it.
fn record_view(client: &mut Client, record: RecordId) -> Result<Answer> {
    match editing::kind_of(client, record)? {
        RecordKind::Dossier => to_json(&editing::dossier_view(client, record)?),
        _ => to_json(&editing::job_view(client, record)?),
    }
}

pub(crate) fn status(client: &Client, env: &Env<'_>) -> Result<view::Status> {
    let sql = client.store.read();
    let unsent = outbox::unsent(sql)?;
    let files = store::files::waiting(sql)?;
    let signed_in = client.session.signed_in.as_ref();
    Ok(view::Status {
        person: signed_in.map(|session| session.person.clone()),
        organisation: signed_in.map(|session| session.organisation.clone()).unwrap_or_default(),
        unsent_edits: unsent.edits,
        unsent_jobs: unsent.jobs,
        oldest_unsent_at: unsent.oldest_at,
        files_waiting: files.files,
        files_waiting_bytes: files.bytes,
        files_wait: client.files.waits(),
        oldest_unsent_signature_at: unsent.oldest_signature_at,
        refused: refused::count(sql)?,
        held: held::count(sql)?,
        overruled: overruled::count(sql)?,
        withdrawn: client.session.withdrawn.clone(),
        complete: lists::pull_complete(sql)?,
        last_sync_at: sync::last_sync_at(sql)?,
        clock_offset_ms: sync::clock_offset_ms(sql, env.now)?,
        sync: client.sync.phase(&client.session),
        next_attempt_at: next_attempt_at(client),
        problem: client.sync.problem(),
    })
}

/// The next attempt of either queue.
fn next_attempt_at(client: &Client) -> Option<i64> {
    let phase = client.sync.phase(&client.session);
    let attempts = [client.sync.next_attempt_at(), client.files.next_attempt_at(phase)];
    attempts.into_iter().flatten().min()
}

fn sign_in(client: &mut Client, env: &Env<'_>, credentials: Credentials) -> Result<Answer> {
    client.session.pending = Some(credentials);
    client.sync.clear_problem();
    to_json(&status(client, env)?)
}

fn sync_now(client: &mut Client, env: &Env<'_>) -> Result<Answer> {
    // Whoever asks wants to know whether the office has changed its mind.
    sync::hand_in::forget(client)?;
    client.sync.want_now();
    client.files.hurry();
    to_json(&status(client, env)?)
}

fn sign_out(client: &mut Client, env: &mut Env<'_>) -> Result<Answer> {
    let carried = parcels::waiting(client.store.read())? > 0;
    let unsent = outbox::unsent(client.store.read())?.edits > 0;
    let photos = store::files::waiting(client.store.read())?.files > 0;
    if carried || photos || unsent && !planted::is("logout-deletes") {
        return Err(ClientError::new("unsent-work"));
    }
    if refused::count(client.store.read())? > 0 {
        return Err(ClientError::new("refused-work"));
    }
    let leaving = client.session.signed_in.clone();
    client.store.overwrite_deleted()?;
    // One transaction: whoever signs out in vain is still signed in.
    let sql = client.store.transaction()?;
    store::empty(&sql)?;
    let session = Session::load(&sql, env)?;
    sql.commit()?;
    client.documents.clear();
    client.index = findable::Index::default();
    client.session = Session { leaving, ..session };
    client.files = files::Bringing::default();
    client.sync = sync::Sync::new(false, sync::reconcile::Repair::default());
    to_json(&status(client, env)?)
}

pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<Answer> {
    serde_json::to_string(value).map_err(|error| ClientError::with_detail("malformed", &error))
}

/// The answer where there is nothing to say.
pub(crate) fn nothing((): ()) -> Result<Answer> {
    to_json(&())
}
