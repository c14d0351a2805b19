//! Whatever page is opened and whatever is written, SQLite finds its rows through an index: every
//! statement that the pages, the lists of the API, the desk and the phones' work run is heard
//! ([`heard`]) and explained. Judged by the plan, not by the clock, so that it says the same on
//! every machine.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use docket_protocol::ids::{TenantId, UserId};
use docket_protocol::role::Role;
use docket_protocol::stage::Stage;
use rusqlite::Connection;
use tower::ServiceExt;

use crate::app::App;
use crate::auth::scope::Scope;
use crate::auth::sessions::{self, SessionKind};
use crate::clock::Clock;
use crate::demo;
use crate::error::ApiError;
use crate::read_model::jobs::{self, JobFilter};
use crate::router::{Who, router, routes};
use crate::store::StoreError;
use crate::store::heard::{From, heard};

/// What may be gone through from one end to the other: it does not grow with the years.
const SMALL: [&str; 3] = ["tenants", "incarnations", "restores"];
/// Indexes whose every row of an organisation may be read: they hold its people, phones,
/// customers with what they have, and articles, or only what is open.
const NARROW: [&str; 13] = [
    "users_of_tenant",
    "devices_of_tenant",
    "dossiers_by_name",
    "dossiers_with_terms",
    // Some pieces of equipment a customer, in narrow rows.
    "assets_by_customer",
    "assets_by_kind",
    "SEARCH assets USING PRIMARY KEY",
    "jobs_at_work",
    "backups_lacking",
    "held_waiting",
    "records_of_catalog",
    "SEARCH articles USING PRIMARY KEY",
    // Held work is what a phone brings after its job was taken away: little, even in years.
    "SEARCH h USING PRIMARY KEY",
];

/// Filters beyond the bare pages: words long, short and both, and everything a board narrows by.
const FILTERS: [&str; 23] = [
    "/?query=pump",
    "/?query=%E6%89%93%E5%8D%B0",
    "/?query=%E7%94%B5",
    "/?query=%E6%89%93%E5%8D%B0%20printer",
    "/?stage=archived",
    "/?stage=archived&level=normal",
    "/?stage=on_site&after=2.9.9.9",
    "/?level=critical",
    "/?lead={lead}",
    "/?lead={lead}&level=normal&query=printer",
    "/?due=follow_up",
    "/records?query=printer",
    "/records?query=%E6%89%93%E5%8D%B0&open=yes",
    "/records?customer=x&category=y&lead={lead}",
    "/assets?query=ZP420",
    "/assets?customer=Northgate%20Logistics%20Park",
    "/assets?customer=%E4%B8%9C%E6%B9%96&query=a%20b",
    "/assets?kind=%E6%89%93%E5%8D%B0%E6%9C%BA&warranty=soon",
    "/assets?site=x&warranty=over",
    "/assets?after={asset}",
    "/assets?kind=-&after={asset}",
    "/dossiers?query=a&from=2",
    "/jobs/new?customer=%E5%85%AC",
];

struct Office {
    app: App,
    job: String,
    dossier: String,
    article: String,
    /// A piece of equipment, as a place among all.
    asset: String,
}

impl Office {
    fn open(folder: &Path) -> Self {
        let app = App::open(folder, Clock::default()).unwrap();
        demo::seed(&app).unwrap();
        let one = |query: &str| {
            let id: uuid::Uuid = app
                .store
                .read_blocking(|sql| {
                    sql.query_row(query, [], |row| row.get(0)).map_err(StoreError::from)
                })
                .unwrap();
            id.to_string()
        };
        Self {
            // One that has a bit of everything: signatures, late work, a settled conflict.
            job: one("select record from signoffs limit 1"),
            dossier: one("select record from dossiers limit 1"),
            article: one("select record from articles limit 1"),
            asset: ["dossier", "item"]
                .map(|id| one(&format!("select {id} from assets limit 1")))
                .join("."),
            app: app.clone(),
        }
    }

    fn scope(&self, role: Role) -> Scope {
        let query = "select tenant, id, name from users where role = ?1";
        self.app
            .store
            .read_blocking(|sql| {
                sql.query_row(query, [role.as_str()], |row| {
                    let (tenant, user) = (TenantId(row.get(0)?), UserId(row.get(1)?));
                    Ok(Scope { tenant, user, role, name: row.get(2)?, device: None, browser: None })
                })
                .map_err(StoreError::from)
            })
            .unwrap()
    }

    /// Every page of the console, and its filters.
    fn addresses(&self, lead: UserId) -> Vec<String> {
        let pages = routes().into_iter().filter(|route| route.who == Who::Console);
        let pages = pages.filter(|route| route.method == "GET" && route.path != "/live");
        // What hangs on a job asks no more than the job's own page.
        let pages = pages
            .map(|route| route.path)
            .filter(|path| !path.contains("{signoff}") && !path.contains("{attachment}"));
        let fill = |path: &str| {
            let record = match path.split('/').nth(1) {
                Some("dossiers") => &self.dossier,
                Some("articles") => &self.article,
                _ => &self.job,
            };
            let path = path.replace("{record}", record).replace("{asset}", &self.asset);
            path.replace("{lead}", &lead.to_string())
        };
        let all: Vec<String> = pages.chain(FILTERS).map(fill).collect();
        let open: Vec<&String> = all.iter().filter(|path| path.contains('{')).collect();
        assert!(open.is_empty(), "say here what stands in {open:?}");
        all
    }

    async fn visit(&self, scope: Scope) {
        let role = scope.role;
        let now = self.app.clock.now_ms();
        let started = self.app.store.write({
            let scope = scope.clone();
            move |tx| {
                let started = sessions::start(tx.sql, tx.keys, scope, SessionKind::Console, now);
                started.map_err(ApiError::from)
            }
        });
        let (_, token) = started.await.unwrap();
        for address in self.addresses(scope.user) {
            let request = Request::get(&address)
                .header(header::COOKIE, format!("docket_session={token}"))
                .body(Body::empty())
                .unwrap();
            let answer = router(self.app.clone()).oneshot(request).await.unwrap();
            let status = answer.status();
            let hidden = role == Role::Engineer && status == StatusCode::NOT_FOUND;
            assert!(status == StatusCode::OK || hidden, "{address} as {role:?}: {status}");
        }
        self.ask_as_programs_do(scope).await;
    }

    async fn ask_as_programs_do(&self, scope: Scope) {
        let scope = Arc::new(scope);
        for filter in [
            JobFilter::default(),
            JobFilter { query: "printer 打印".to_owned(), ..JobFilter::default() },
            JobFilter { stage: Some(Stage::Archived), ..JobFilter::default() },
            JobFilter { lead: Some(scope.user), ..JobFilter::default() },
            JobFilter { level: Some("critical".to_owned()), ..JobFilter::default() },
        ] {
            let scope = Arc::clone(&scope);
            self.app.store.read(move |sql| jobs::list(sql, &scope, &filter)).await.unwrap();
        }
    }
}

/// What is wrong with how SQLite would find the rows of a statement; none where nothing is.
fn weakness(sql: &Connection, statement: &str) -> Option<String> {
    let mut explained = sql.prepare(&format!("explain query plan {statement}")).unwrap();
    let lines = explained.raw_query().mapped(|row| row.get::<_, String>("detail"));
    let plan: Vec<String> = lines.collect::<rusqlite::Result<_>>().unwrap();
    let sorts = plan.iter().any(|line| line.contains("TEMP B-TREE FOR ORDER BY"));
    // The first so many of an index are few, however long it is; not so where each has to be
    // asked something more.
    let asks_more = statement.rsplit(" where ").next().is_some_and(|it| it.contains(" and "));
    let first_only = statement.contains("limit") && !sorts && !asks_more;
    // Whatever is read of a part that has a name has its own lines.
    let part = |line: &String| {
        let name =
            line.strip_prefix("CO-ROUTINE ").or_else(|| line.strip_prefix("MATERIALIZE "))?;
        Some(format!("SCAN {name}"))
    };
    let parts: Vec<String> = plan.iter().filter_map(part).collect();
    let mut rows = plan.iter().filter(|line| !parts.contains(line));
    let weak = rows.find(|line| goes_through_all(line, first_only))?;
    Some(format!("{weak}\n    in {}", statement.split_whitespace().collect::<Vec<_>>().join(" ")))
}

fn goes_through_all(line: &str, first_only: bool) -> bool {
    if let Some(scanned) = line.strip_prefix("SCAN ") {
        // A virtual table says with letters what it was asked; a pattern is tried on every row.
        let asked = scanned.split_once(" VIRTUAL TABLE INDEX ").and_then(|it| it.1.split_once(':'));
        let asked = asked.is_some_and(|(number, what)| {
            !(what.contains(['L', 'G']) || number == "0" && what.is_empty())
        });
        let inner = scanned.starts_with('(') || scanned.starts_with("CONSTANT ROW");
        let small = scanned.split(' ').next().is_some_and(|table| SMALL.contains(&table));
        return !(asked || inner || small);
    }
    let narrow = NARROW.iter().any(|index| line.contains(index));
    line.starts_with("SEARCH ") && line.ends_with("(tenant=?)") && !first_only && !narrow
}

#[test]
fn every_statement_of_every_page_finds_its_rows_through_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::open(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let people = [Role::Manager, Role::Engineer].map(|role| office.scope(role));
    // What opens the folder looks at all of it, once.
    let before = heard(From::Readers, folder.path());
    for scope in people {
        runtime.block_on(office.visit(scope));
    }
    let mut heard = heard(From::Readers, folder.path());
    heard.retain(|one| !before.contains(one));
    assert!(heard.len() > 60, "only {} statements were heard", heard.len());
    expect_indexed(folder.path(), &heard, &["select", "with"]);
}

#[test]
fn every_statement_of_every_change_finds_its_rows_through_an_index() {
    let folder = tempfile::tempdir().unwrap();
    // A whole organisation is written: at desks, on phones, signed, held, decided, filed.
    let office = Office::open(folder.path());
    let heard = heard(From::Writer, folder.path());
    assert!(heard.len() > 60, "only {} statements were heard", heard.len());
    expect_indexed(folder.path(), &heard, &["select", "with", "update", "delete"]);
    drop(office);
}

fn expect_indexed(folder: &Path, heard: &BTreeSet<String>, kinds: &[&str]) {
    let sql = Connection::open(folder.join("docket.db")).unwrap();
    let asked = heard.iter().filter(|one| kinds.iter().any(|word| one.trim().starts_with(word)));
    let weak: Vec<String> = asked.filter_map(|one| weakness(&sql, one)).collect();
    assert!(weak.is_empty(), "{}", weak.join("\n"));
}

#[test]
fn a_question_without_an_index_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    drop(App::open(folder.path(), Clock::default()).unwrap());
    let sql = Connection::open(folder.path().join("docket.db")).unwrap();
    for weak in [
        "select title from jobs where title = ?1",
        "select title from jobs where tenant = ?1 and title = ?2",
        "select title from jobs where tenant = ?1 order by title limit 10",
        "select title from jobs where tenant = ?1 and mode = ?2 order by updated_at desc limit 9",
        "select f.customer, count(*) from service_facts f where f.tenant = ?1 group by 1",
        "select rowid from job_search where words like '%a%'",
        "select d.name from devices d where d.name = ?1",
    ] {
        assert!(weakness(&sql, weak).is_some(), "{weak}");
    }
    for good in [
        "select title from jobs where tenant = ?1 and record = ?2",
        "select title from jobs where tenant = ?1 order by updated_at desc limit 10",
        "select rowid from job_search where words match ?1",
        "select name from users where tenant = ?1 order by name",
    ] {
        assert_eq!(weakness(&sql, good), None, "{good}");
    }
}
