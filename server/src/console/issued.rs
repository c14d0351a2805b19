//! The versions of a quarter's report that were issued: which there are, what has changed since,
//! and the button that puts a name to the next one. `POST /statistics/issue`.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use docket_protocol::role::Role;
use serde::Deserialize;

use super::request::Form;
use super::session::SignedIn;
use super::statistics::Shown;
use super::statistics_words;
use super::trouble::Trouble;
use crate::app::App;
use crate::reports::issues::{self, IssueError, Report};
use crate::reports::period::Quarter;
use crate::words::Words;

/// What the page says of the versions.
pub(crate) struct IssuesCard {
    pub(crate) lines: Vec<IssueLine>,
    /// How what is shown relates to what was said before.
    pub(crate) standing: String,
    pub(crate) changes: Vec<Change>,
    /// The number of the version that this person may issue now.
    pub(crate) next: Option<u32>,
    /// The latest version, 0 for none.
    pub(crate) after: u32,
    /// The quarter has not ended, or nothing was issued of it.
    pub(crate) explained: Option<String>,
}

pub(crate) struct IssueLine {
    pub(crate) version: u32,
    pub(crate) text: String,
    pub(crate) here: bool,
}

/// One thing that two versions do not say alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) label: String,
    pub(crate) then: String,
    pub(crate) now: String,
}

/// The card of a page.
pub(crate) fn card(words: Words, role: Role, shown: &Shown) -> IssuesCard {
    let after = shown.issues.last().map_or(0, |issue| issue.version);
    let shown_version = shown.issue.as_ref().map(|issue| issue.version);
    let lines = shown.issues.iter().map(|issue| {
        let variables = [
            ("moment", shown.moments.exact(issue.issued_at).into()),
            ("name", issue.issued_by.as_str().into()),
            ("seq", issue.seq.0.to_string().into()),
        ];
        IssueLine {
            version: issue.version,
            text: words.with("issue-line", &variables),
            here: Some(issue.version) == shown_version,
        }
    });
    let report = &shown.report;
    let differs = shown.said.as_ref().is_none_or(|said| report.differs(said));
    let changes = shown.said.as_ref().map(|said| changes(said, report, words)).unwrap_or_default();
    let compared = shown_version.map_or(after, |version| version - 1);
    let may = shown_version.is_none() && !report.counted.running && differs;
    IssuesCard {
        lines: lines.collect(),
        standing: match compared {
            0 => String::new(),
            version => {
                let id = if differs { "issue-changed" } else { "issue-unchanged" };
                words.with(id, &[("version", version.into()), ("count", changes.len().into())])
            }
        },
        changes,
        next: (may && issues::may_issue(role)).then_some(after + 1),
        after,
        explained: match (report.counted.running, after) {
            (true, _) => Some(words.get("issue-running")),
            (false, 0) => Some(words.get("issue-none")),
            (false, _) => None,
        },
    }
}

/// What two reports of a quarter do not say alike, figure by figure.
pub(crate) fn changes(then: &Report, now: &Report, words: Words) -> Vec<Change> {
    let before = statistics_words::said(then, words);
    let after = statistics_words::said(now, words);
    let (then, now): (HashMap<_, _>, HashMap<_, _>) =
        (before.iter().cloned().collect(), after.iter().cloned().collect());
    let gone = before.iter().filter(|(label, _)| !now.contains_key(label));
    let value = |said: Option<&String>| {
        said.cloned().unwrap_or_else(|| statistics_words::NOTHING.to_owned())
    };
    let labels = after.iter().chain(gone).map(|(label, _)| label);
    labels
        .filter(|label| then.get(*label) != now.get(*label))
        .map(|label| Change {
            label: label.clone(),
            then: value(then.get(label)),
            now: value(now.get(label)),
        })
        .collect()
}

#[derive(Debug, Deserialize)]
pub(crate) struct IssueForm {
    quarter: String,
    /// The latest version on the page that was sent, 0 for none.
    after: u32,
}

/// Issues the next version of a quarter's report, in the reader's time zone.
pub(crate) async fn issue(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(form): Form<IssueForm>,
) -> Result<Response, Trouble> {
    let scope = signed_in.scope;
    if !scope.role.sees_all_jobs() {
        return Err(Trouble::NotFound);
    }
    let quarter = Quarter::parse(&form.quarter).ok_or(Trouble::Malformed)?;
    let zone = signed_in.visitor.moments.zone().clone();
    let issued =
        app.store.write(move |tx| issues::issue(tx, &scope, quarter, &zone, form.after)).await;
    let notice = match issued {
        Ok(_) => "issued",
        Err(IssueError::NothingNew) => "nothing-new",
        Err(IssueError::NotAllowed) => return Err(Trouble::Refused("not-allowed".to_owned())),
        Err(IssueError::Running) => return Err(Trouble::Malformed),
        Err(IssueError::Store(error)) => return Err(error.into()),
    };
    let address = format!("/statistics?quarter={quarter}&notice={notice}#issues");
    Ok(Redirect::to(&address).into_response())
}
