//! The console: pages for the people at desks, rendered here. Every address stands in
//! [`routes`], which [`crate::router`] takes over together with who may call it.
//!
//! A page is read in one snapshot ([`reader`], then its own module), built into a template
//! struct, and rendered; a form is one typed edit through [`crate::desk`] and a redirect back
//! ([`edits`]). Pages work without scripts; `assets/console.js` only keeps them fresh.

mod accounts;
mod address;
mod amend;
mod articles;
mod asset_card;
mod asset_import;
mod assets;
mod attachment_card;
mod audit;
mod backups;
mod board;
mod chart;
mod clock_card;
mod conflict_card;
mod dossiers;
mod download;
mod duty;
mod edits;
pub(crate) mod field;
mod files;
mod fleet;
mod follow_ups;
mod hand_in;
mod held;
mod history;
pub(crate) mod icons;
mod issued;
mod job;
mod job_head;
mod levels;
pub(crate) mod moments;
pub(crate) mod new_job;
mod notices;
mod page;
mod paper_blocks;
mod paper_job;
mod paper_statistics;
mod papers;
mod password;
mod pauses;
mod people;
#[cfg(test)]
mod plans;
mod promise_card;
mod reader;
mod record_list;
mod records;
mod request;
mod section;
mod session;
mod signoff_card;
mod statistics;
mod statistics_words;
mod trouble;
mod unchanged;
mod verify;

use axum::middleware::from_fn;
use axum::routing::{MethodRouter, get, post};

use crate::app::App;
use crate::assets::console_file;
use crate::limits::{ASSET_IMPORT_BYTES_MAX, EVACUATION_BYTES_MAX, PDF_BYTES_MAX};
use crate::router::{Route, Who};

/// The console's addresses.
pub(crate) fn routes() -> Vec<Route> {
    use Who::{Anyone, Console};
    vec![
        Route::get("/assets/{file}", Anyone, get(console_file)),
        Route::get("/sign-in", Anyone, page(get(session::show_sign_in))),
        Route::post("/sign-in", Anyone, page(post(session::start_session))),
        Route::post("/sign-out", Anyone, page(post(session::end_session))),
        Route::post("/language", Anyone, page(post(session::choose_language))),
        Route::get("/verify", Anyone, page(get(verify::show))),
        Route::post("/verify", Anyone, page(post(verify::check))).body_max(PDF_BYTES_MAX),
        Route::get("/", Console, page(get(board::show))),
        Route::get("/live", Console, page(get(files::live))),
        Route::get("/held", Console, page(get(held::show))),
        Route::post("/held/{record}/decide", Console, page(post(held::decide))),
        Route::get("/notices", Console, page(get(notices::show))),
        Route::post("/notices/seen", Console, page(post(notices::seen))),
        Route::get("/levels", Console, page(get(levels::show))),
        Route::post("/levels/edit", Console, page(post(levels::save))),
        Route::post("/levels/add", Console, page(post(levels::add))),
        Route::get("/password", Console, page(get(password::show))),
        Route::post("/password", Console, page(post(password::change))),
        Route::get("/audit", Console, page(get(audit::show))),
        Route::get("/audit.csv", Console, page(get(audit::save))),
        Route::get("/audit.xlsx", Console, page(get(audit::save))),
        Route::get("/people", Console, page(get(people::show))),
        Route::post("/people", Console, page(post(accounts::open))),
        Route::post("/people/{person}/password", Console, page(post(accounts::give_password))),
        Route::post("/people/{person}/browsers/{browser}", Console, page(post(people::sign_out))),
        Route::post("/people/devices/{device}", Console, page(post(people::switch_device))),
        Route::post("/people/{person}/account", Console, page(post(people::switch_account))),
        Route::post("/people/{person}/role", Console, page(post(people::change_role))),
        Route::post("/people/{person}/contact", Console, page(post(people::change_contact))),
        Route::get("/duty", Console, page(get(duty::show))),
        Route::post("/duty/edit", Console, page(post(levels::save))),
        Route::post("/duty/add", Console, page(post(levels::add))),
        Route::get("/fleet", Console, page(get(fleet::show))),
        Route::get("/hand-in", Console, page(get(hand_in::show))),
        Route::post("/hand-in", Console, page(post(hand_in::take))).body_max(EVACUATION_BYTES_MAX),
        Route::get("/articles", Console, page(get(articles::list))),
        Route::post("/articles", Console, page(post(articles::open))),
        Route::get("/articles/{record}", Console, page(get(articles::show))),
        Route::post("/articles/{record}/edit", Console, page(post(edits::save_article))),
        Route::post("/jobs/{record}/article", Console, page(post(articles::open_from_job))),
        Route::get("/records", Console, page(get(records::show))),
        Route::get("/records.csv", Console, page(get(records::save))),
        Route::get("/records.xlsx", Console, page(get(records::save))),
        Route::get("/statistics", Console, page(get(statistics::show))),
        Route::get("/statistics.csv", Console, page(get(statistics::save))),
        Route::get("/statistics.xlsx", Console, page(get(statistics::save))),
        Route::get("/statistics.pdf", Console, page(get(paper_statistics::pdf))),
        Route::post("/statistics/issue", Console, page(post(issued::issue))),
        Route::get("/follow-ups", Console, page(get(follow_ups::show))),
        Route::post("/follow-ups/{record}", Console, page(post(follow_ups::record_call))),
        Route::post("/follow-ups/{record}/reopen", Console, page(post(follow_ups::reopen))),
        Route::get("/backups", Console, page(get(backups::show))),
        Route::post("/backups/{record}/tick", Console, page(post(backups::tick))),
        Route::post("/backups/{record}/approve", Console, page(post(backups::approve))),
    ]
    .into_iter()
    .chain(customer_routes())
    .chain(job_routes())
    .collect()
}

/// Those of the customers and what they have.
fn customer_routes() -> Vec<Route> {
    use Who::Console;
    vec![
        Route::get("/assets", Console, page(get(assets::show))),
        Route::get("/assets.csv", Console, page(get(assets::save))),
        Route::get("/assets.xlsx", Console, page(get(assets::save))),
        Route::post("/assets/check", Console, page(post(asset_import::check)))
            .body_max(ASSET_IMPORT_BYTES_MAX),
        Route::post("/assets/import", Console, page(post(asset_import::import)))
            .body_max(ASSET_IMPORT_BYTES_MAX),
        Route::get("/dossiers", Console, page(get(dossiers::list))),
        Route::get("/dossiers/names", Console, page(get(dossiers::names))),
        Route::post("/dossiers", Console, page(post(dossiers::open))),
        Route::get("/dossiers/{record}", Console, page(get(dossiers::show))),
        Route::post("/dossiers/{record}/edit", Console, page(post(edits::save_dossier))),
        Route::post("/dossiers/{record}/add", Console, page(post(edits::add_to_dossier))),
        Route::post("/dossiers/{record}/approve", Console, page(post(dossiers::approve))),
    ]
}

/// Those of one job.
fn job_routes() -> Vec<Route> {
    use Who::Console;
    vec![
        Route::get("/jobs/new", Console, page(get(new_job::show))),
        Route::post("/jobs/new", Console, page(post(new_job::open))),
        Route::get("/jobs/{record}", Console, page(get(job::show))),
        Route::post("/jobs/{record}/edit", Console, page(post(edits::save_job))),
        Route::post("/jobs/{record}/add", Console, page(post(edits::add_to_job))),
        Route::post("/jobs/{record}/choose", Console, page(post(edits::choose))),
        Route::post("/jobs/{record}/assign", Console, page(post(edits::assign))),
        Route::post("/jobs/{record}/helpers", Console, page(post(edits::switch_helper))),
        Route::post("/jobs/{record}/archive", Console, page(post(edits::archive))),
        Route::post("/jobs/{record}/approve", Console, page(post(edits::approve))),
        Route::post("/jobs/{record}/pause", Console, page(post(pauses::pause))),
        Route::post("/jobs/{record}/resume", Console, page(post(pauses::resume))),
        Route::post("/jobs/{record}/amend", Console, page(post(amend::amend))),
        Route::get(
            "/jobs/{record}/attachments/{attachment}",
            Console,
            page(get(attachment_card::file)),
        ),
        Route::get("/jobs/{record}/signoffs/{signoff}", Console, page(get(verify::signed))),
        Route::get("/jobs/{record}/report.pdf", Console, page(get(papers::report))),
        Route::get("/jobs/{record}/plan.pdf", Console, page(get(papers::plan))),
        Route::get("/jobs/{record}/analysis.pdf", Console, page(get(papers::analysis))),
        Route::get(
            "/jobs/{record}/signoffs/{signoff}/document.pdf",
            Console,
            page(get(papers::signed)),
        ),
        Route::get("/jobs/{record}/signoffs/{signoff}/proof", Console, page(get(files::proof))),
        Route::get(
            "/jobs/{record}/signoffs/{signoff}/drawing.png",
            Console,
            page(get(files::drawing)),
        ),
    ]
}

/// What every page shares: forms only from our own pages, trouble in the reader's language, and
/// nothing that the reader has already.
fn page(handler: MethodRouter<App>) -> MethodRouter<App> {
    handler
        .layer(from_fn(session::own_origin_only))
        .layer(from_fn(trouble::show))
        .layer(from_fn(unchanged::answer))
}
