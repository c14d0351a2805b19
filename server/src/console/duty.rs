//! `GET /duty`: who is on call when (值班), and who is now. Turns are content of the catalog, so that
//! phones know them without coverage; they are edited in place, like the service levels.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use docket_protocol::ids::UserId;
use docket_protocol::record::catalog::{CatalogContent, Duty};
use rusqlite::Connection;

use super::job::{PageQuery, View};
use super::levels::source;
use super::moments::Moments;
use super::page::{Page, Place, html};
use super::reader;
use super::request::Asked;
use super::section::Table;
use super::session::SignedIn;
use super::trouble::Trouble;
use crate::app::App;
use crate::read_model::catalog;

/// Somebody on call.
pub(crate) struct OnCall {
    pub(crate) name: String,
    pub(crate) phone: String,
    /// Empty where the turn has no end.
    pub(crate) until: String,
    pub(crate) note: String,
}

impl OnCall {
    /// Everybody who is on call at the moment.
    pub(crate) fn now(catalog: &CatalogContent, moments: &Moments) -> Vec<Self> {
        let turn = |(user, turn): (UserId, &Duty)| {
            let person = catalog.people.get(&user)?;
            Some(Self {
                name: person.name.clone(),
                phone: person.phone.clone(),
                until: turn.until.map_or_else(String::new, |at| moments.short(at)),
                note: turn.note.clone(),
            })
        };
        catalog.on_call(moments.now_ms()).into_iter().filter_map(turn).collect()
    }
}

#[derive(Template)]
#[template(path = "duty.html")]
struct DutyPage {
    page: Page,
    address: &'static str,
    now: Vec<OnCall>,
    duty: Table,
}

/// Shows the page.
pub(crate) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Asked(query): Asked<PageQuery>,
) -> Result<Response, Trouble> {
    let notice = query.notice(signed_in.visitor.words);
    let view = View { editing: query.editing(), notice, ..View::default() };
    draw(&app, signed_in, view).await
}

/// Draws the page as `view` says; after a refused edit with what was typed.
pub(crate) async fn draw(app: &App, signed_in: SignedIn, view: View) -> Result<Response, Trouble> {
    let status = view.status;
    let template = app.store.try_read(move |sql| build(sql, &signed_in, view)).await?;
    Ok(html(status, &template))
}

fn build(sql: &Connection, signed_in: &SignedIn, view: View) -> Result<DutyPage, Trouble> {
    let SignedIn { scope, visitor, .. } = signed_in;
    let reader = reader::load(sql, scope, visitor)?;
    let words = reader.words;
    let catalog = catalog::get(sql, scope.tenant)?;
    let content = serde_json::to_value(&catalog).unwrap_or_default();
    Ok(DutyPage {
        address: "/duty",
        now: OnCall::now(&catalog, &visitor.moments),
        duty: source(&reader, &content, scope.role, &view).table("duty", words.get("section-duty")),
        page: Page::signed_in(signed_in, Place::Duty, words.get("duty-title"))
            .with_notice(view.notice)
            .live(),
    })
}
