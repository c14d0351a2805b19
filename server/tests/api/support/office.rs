//! An office: a data folder with its people, served over HTTP in this process.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path as FilePath;
use std::time::Duration;

use docket_protocol::edit::Edit;
use docket_protocol::ids::{RecordId, TenantId, UserId};
use docket_protocol::record::RecordKind;
use docket_protocol::record::path::Path;
use docket_protocol::role::Role;
use docket_server::app::App;
use docket_server::auth::scope::Scope;
use docket_server::clock::Clock;
use docket_server::desk::{self, DeskError};
use docket_server::people::{self, NewPerson, PeopleError};
use docket_server::router::router;
use serde_json::Value as Json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use ureq::Agent;

/// What a request of the upload protocol says of itself.
const TUS: (&str, &str) = ("tus-resumable", "1.0.0");

/// Everybody's.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Login, name, role.
const PEOPLE: [(&str, &str, Role); 6] = [
    ("ada", "Ada Novak", Role::Engineer),
    ("ben", "Ben Okafor", Role::Engineer),
    ("dora", "Dora Lin", Role::Desk),
    ("max", "Max Weber", Role::Manager),
    ("eve", "Eve Sato", Role::Executive),
    ("adam", "Adam Roy", Role::Administrator),
];

/// A running office; everything is gone when it is dropped.
pub(crate) struct Office {
    pub(crate) app: App,
    pub(crate) tenant: TenantId,
    url: String,
    agent: Agent,
    stop: Option<oneshot::Sender<()>>,
    runtime: Option<Runtime>,
    folder: TempDir,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or(Json::Null)
    }

    /// The code of an error answer.
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Office {
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let app = App::open(folder.path(), Clock::default()).expect("the data folder opens");
        let tenant = app
            .store
            .write_blocking(|tx| {
                let tenant = people::organisation(tx, "Northwind Instruments")?;
                for (login, name, role) in PEOPLE {
                    people::add(tx, tenant, &person(login, name, role))?;
                }
                Ok::<_, PeopleError>(tenant)
            })
            .expect("people get their accounts");
        let runtime = Runtime::new().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { drop(stopped.await) };
        runtime.spawn(docket_server::serve::serve(router(app.clone()), listener, stopped));
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(20)))
            .build();
        Self {
            app,
            tenant,
            url,
            agent: agent.into(),
            stop: Some(stop),
            runtime: Some(runtime),
            folder,
        }
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &FilePath {
        self.folder.path()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// A person as the server knows them.
    pub(crate) fn scope(&self, login: &str) -> Scope {
        let login = login.to_owned();
        let tenant = self.tenant;
        let found = self.app.store.read_blocking(|sql| {
            sql.query_row("select id, name, role from users where login = ?1", [login], |row| {
                let role: String = row.get(2)?;
                Ok(Scope {
                    tenant,
                    user: UserId(row.get(0)?),
                    role: Role::parse(&role).expect("a role"),
                    name: row.get(1)?,
                    device: None,
                    browser: None,
                })
            })
            .map_err(docket_server::store::StoreError::from)
        });
        found.expect("the account exists")
    }

    pub(crate) fn user(&self, login: &str) -> UserId {
        self.scope(login).user
    }

    /// Dora opens a job and hands it to somebody.
    pub(crate) fn job_for(&self, login: &str, title: &str) -> RecordId {
        let (dora, lead) = (self.scope("dora"), self.user(login));
        let fields = [("intake/title", title), ("intake/customer", "Harbour Water")];
        let fields =
            fields.into_iter().map(|(path, value)| (Path::new(path), value.into())).collect();
        self.app
            .store
            .write_blocking(move |tx| {
                let edit = Edit::Create { fields, entries: Vec::new() };
                let job = desk::create(tx, &dora, RecordKind::Job, &edit)?;
                desk::edit(tx, &dora, job, &Edit::Assign { lead })?;
                Ok::<_, DeskError>(job)
            })
            .expect("the job is opened")
    }

    /// An edit at the desk.
    pub(crate) fn desk_edit(
        &self,
        login: &str,
        job: RecordId,
        edit: Edit,
    ) -> Result<(), DeskError> {
        let scope = self.scope(login);
        self.app.store.write_blocking(move |tx| desk::edit(tx, &scope, job, &edit).map(drop))
    }

    /// Rows in the tenant's log.
    pub(crate) fn log_rows(&self) -> i64 {
        self.count("select count(*) from log")
    }

    /// A number from the database.
    pub(crate) fn count(&self, query: &str) -> i64 {
        let counted = self.app.store.read_blocking(|sql| {
            sql.query_row(query, [], |row| row.get(0))
                .map_err(docket_server::store::StoreError::from)
        });
        counted.expect("the query is right")
    }

    pub(crate) fn get(&self, path: &str, token: Option<&str>) -> Answer {
        let mut request = self.agent.get(self.url(path));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        answer(request.call())
    }

    /// Status and type only: event streams have no end to wait for.
    pub(crate) fn get_head(&self, path: &str, token: Option<&str>) -> Answer {
        let mut request = self.agent.get(self.url(path));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = request.call().expect("the server answers");
        Answer { status: response.status().as_u16(), content_type: String::new(), body: Vec::new() }
    }

    /// The headers of an answer.
    pub(crate) fn head_of(&self, path: &str, token: &str) -> BTreeMap<String, String> {
        let request = self.agent.get(self.url(path));
        let request = request.header("authorization", format!("Bearer {token}"));
        let response = request.call().expect("the server answers");
        let headers = response.headers().iter();
        headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
            .collect()
    }

    /// An event stream, line by line.
    pub(crate) fn listen(&self, token: &str) -> impl Iterator<Item = String> + use<> {
        let bearer = format!("Bearer {token}");
        let request = self.agent.get(self.url("/v1/live")).header("authorization", bearer);
        let response = request.call().expect("the server answers");
        assert_eq!(response.status(), 200);
        let reader = BufReader::new(response.into_body().into_reader());
        reader.lines().map(|line| line.expect("the stream ends in order"))
    }

    /// An empty form from a page of this server.
    pub(crate) fn post_form(&self, path: &str, token: Option<&str>) -> Answer {
        let mut request = self.agent.post(self.url(path)).header("origin", &self.url);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        answer(request.content_type("application/x-www-form-urlencoded").send(""))
    }

    pub(crate) fn post(
        &self,
        path: &str,
        token: Option<&str>,
        content_type: &str,
        body: &[u8],
    ) -> Answer {
        let mut request = self.agent.post(self.url(path)).content_type(content_type);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        answer(request.send(body))
    }

    /// With headers of its own; answers with the body and its encoding.
    pub(crate) fn post_with(
        &self,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> (Vec<u8>, Option<String>) {
        let mut request = self.agent.post(self.url(path));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send(body).expect("the server answers");
        let encoding = response.headers().get("content-encoding");
        let encoding = encoding.and_then(|name| Some(name.to_str().ok()?.to_owned()));
        (answer(Ok(response)).body, encoding)
    }

    /// A request of the upload protocol; answers with its `upload-offset`, too.
    pub(crate) fn tus(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> (Answer, Option<u64>) {
        let mut request =
            ureq::http::Request::builder().method(method).uri(self.url(path)).header(TUS.0, TUS.1);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sent = match body {
            [] => self.agent.run(request.body(()).expect("a request")),
            body => self.agent.run(request.body(body).expect("a request")),
        };
        let response = sent.expect("the server answers");
        let offset = response.headers().get("upload-offset");
        let offset = offset.and_then(|text| text.to_str().ok()?.parse().ok());
        (answer(Ok(response)), offset)
    }

    pub(crate) fn post_json(&self, path: &str, token: Option<&str>, body: &Json) -> Answer {
        self.post(path, token, "application/json", body.to_string().as_bytes())
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
    }
}

fn answer(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = response.expect("the server answers");
    let content_type = response.headers().get("content-type");
    Answer {
        status: response.status().as_u16(),
        content_type: content_type.and_then(|text| text.to_str().ok()).unwrap_or("").to_owned(),
        body: response.body_mut().with_config().limit(64 << 20).read_to_vec().expect("a body"),
    }
}

fn person(login: &str, name: &str, role: Role) -> NewPerson {
    NewPerson {
        login: login.to_owned(),
        name: name.to_owned(),
        role,
        phone: String::new(),
        password: PASSWORD.to_owned(),
    }
}
