//! The frame around every page: who is here, in which language and time zone, and what the
//! header shows. Handlers take a [`Visitor`], or a [`super::session::SignedIn`] where an
//! account is needed.

use std::convert::Infallible;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;

use super::moments::Moments;
use super::session::SignedIn;
use crate::app::App;
use crate::audit;
use crate::auth::scope::Scope;
use crate::held::inbox;
use crate::words::{Language, Words};

/// Cookie with the language a person chose.
pub(crate) const LANGUAGE_COOKIE: &str = "docket_language";
/// Cookie with the browser's time zone, set by `console.js`.
const ZONE_COOKIE: &str = "docket_zone";

/// Somebody looking at a page, with or without an account.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) words: Words,
    pub(crate) moments: Moments,
    /// Path and query of this page, for the way back.
    pub(crate) address: String,
    /// Where this server is for the reader, such as `https://docket.example`; empty where the
    /// browser does not say.
    pub(crate) origin: String,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers, &parts.uri, app.clock.now_ms()))
    }
}

impl Visitor {
    /// Whoever sent this request.
    pub(crate) fn of(headers: &HeaderMap, address: &Uri, now_ms: i64) -> Self {
        let words = Words(language_of(headers));
        let moments = Moments::new(words, zone_of(headers), now_ms);
        let address = address.path_and_query().map_or("/", PathAndQuery::as_str).to_owned();
        Self { words, moments, address, origin: origin_of(headers) }
    }
}

fn language_of(headers: &HeaderMap) -> Language {
    cookie(headers, LANGUAGE_COOKIE).and_then(|tag| Language::parse(&tag)).unwrap_or_else(|| {
        let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Language::negotiate(asked.unwrap_or_default())
    })
}

fn zone_of(headers: &HeaderMap) -> TimeZone {
    let named = cookie(headers, ZONE_COOKIE).map(|name| name.replace("%2F", "/"));
    named.and_then(|name| TimeZone::get(&name).ok()).unwrap_or_else(TimeZone::system)
}

/// A proxy in front says what the reader sees; else a page of ours that the reader comes from
/// does; else it is plain where the server is on the reader's own machine.
fn origin_of(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text("host").filter(|host| is_authority(host)) else {
        return String::new();
    };
    let from_here = |scheme: &&str| {
        let referer = text("referer").and_then(|from| from.strip_prefix(*scheme));
        let referer = referer.and_then(|from| from.strip_prefix("://"));
        referer.and_then(|from| from.split('/').next()) == Some(host)
    };
    let forwarded = text("x-forwarded-proto");
    let known = ["https", "http"];
    let scheme = known.into_iter().find(|scheme| forwarded == Some(scheme));
    let scheme = scheme.or_else(|| known.into_iter().find(from_here));
    let own_machine = ["127.", "localhost", "[::1]"].iter().any(|name| host.starts_with(name));
    format!("{}://{host}", scheme.unwrap_or(if own_machine { "http" } else { "https" }))
}

/// A name or number with a port, and nothing that could lead elsewhere.
fn is_authority(host: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    !host.is_empty() && host.len() <= 255 && host.bytes().all(allowed)
}

/// A cookie's value.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|all| all.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

/// Which part of the console a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Board,
    Job,
    Held,
    Notices,
    Assets,
    Dossiers,
    Levels,
    Articles,
    Records,
    Statistics,
    FollowUps,
    Backups,
    People,
    Audit,
    Duty,
    Fleet,
    HandIn,
    Password,
    Verify,
    Door,
}

impl Place {
    /// The class of the page's content.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Board => "page-board",
            Self::Job => "page-job",
            Self::Held => "page-held",
            Self::Notices => "page-notices",
            Self::Assets => "page-assets",
            Self::Dossiers => "page-dossiers",
            Self::Levels => "page-levels",
            Self::Articles => "page-articles",
            Self::Records => "page-records",
            Self::Statistics => "page-statistics",
            Self::FollowUps => "page-follow-ups",
            Self::Backups => "page-backups",
            Self::People => "page-people",
            Self::Audit => "page-audit",
            Self::Duty => "page-duty",
            Self::Fleet => "page-fleet",
            Self::HandIn => "page-hand-in",
            Self::Password => "page-password",
            Self::Verify => "page-verify",
            Self::Door => "page-door",
        }
    }
}

/// What the header needs.
pub(crate) struct Page {
    pub(crate) words: Words,
    pub(crate) title: String,
    pub(crate) section: Place,
    pub(crate) person: Option<Badge>,
    pub(crate) address: String,
    pub(crate) query: String,
    pub(crate) notice: Option<Notice>,
    pub(crate) zone: String,
    /// Whether the page follows the log.
    pub(crate) live: bool,
    /// Pieces of held work, for those who may see them.
    pub(crate) waiting: Option<usize>,
    /// Whether the reader may read the audit log.
    pub(crate) audits: bool,
    /// Notices that the reader has not seen.
    pub(crate) unseen: usize,
}

/// Who is signed in.
pub(crate) struct Badge {
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) organisation: String,
}

/// A link of the navigation.
pub(crate) struct Link {
    pub(crate) address: &'static str,
    pub(crate) label: String,
    /// What waits there; zero is not shown.
    pub(crate) count: usize,
    pub(crate) here: bool,
}

impl Link {
    fn new(address: &'static str, label: String, here: bool) -> Self {
        Self { address, label, count: 0, here }
    }
}

/// The pages under "To decide".
const TO_DECIDE: &[Place] = &[Place::Held, Place::Notices];

/// The pages under "Customers".
const CUSTOMERS: &[Place] = &[Place::Dossiers, Place::Assets, Place::Levels];

/// The pages under "Reports".
const REPORTS: &[Place] = &[Place::Records, Place::Statistics, Place::FollowUps, Place::Backups];

/// The pages under "People".
const PEOPLE: &[Place] = &[Place::People, Place::Duty, Place::Fleet, Place::HandIn, Place::Audit];

/// What just happened.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    pub(crate) text: String,
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
}

impl Notice {
    pub(crate) fn good(text: String) -> Self {
        Self { text, tone: "good", icon: "check" }
    }

    pub(crate) fn alarm(text: String) -> Self {
        Self { text, tone: "alarm", icon: "warning" }
    }
}

impl Page {
    /// A page for anybody.
    pub(crate) fn open(visitor: &Visitor, section: Place, title: String) -> Self {
        Self {
            words: visitor.words,
            title,
            section,
            person: None,
            address: visitor.address.clone(),
            query: String::new(),
            notice: None,
            zone: visitor.moments.zone_name().to_owned(),
            live: false,
            waiting: None,
            audits: false,
            unseen: 0,
        }
    }

    /// A page for somebody with an account.
    pub(crate) fn signed_in(signed_in: &SignedIn, section: Place, title: String) -> Self {
        let Scope { name, role, .. } = &signed_in.scope;
        let badge = Badge {
            name: name.clone(),
            role: signed_in.visitor.words.of("role", role.as_str()),
            organisation: signed_in.organisation.clone(),
        };
        let waiting = inbox::may_see(&signed_in.scope).then_some(signed_in.waiting);
        let unseen = signed_in.unseen;
        let open = Self::open(&signed_in.visitor, section, title);
        let audits = audit::may_read(*role);
        Self { person: Some(badge), waiting, audits, unseen, ..open }
    }

    pub(crate) fn with_notice(self, notice: Option<Notice>) -> Self {
        Self { notice, ..self }
    }

    pub(crate) fn live(self) -> Self {
        Self { live: true, ..self }
    }

    /// The navigation: few words; what belongs together is one of them, and [`Page::tabs`] has
    /// its pages.
    pub(crate) fn links(&self) -> Vec<Link> {
        let words = self.words;
        let here = |places: &[Place]| places.contains(&self.section);
        let link = |address, label, places: &[Place]| Link::new(address, label, here(places));
        let held = self.waiting.map(|waiting| {
            // Where there is only news, the word leads to the news.
            let address = if waiting == 0 && self.unseen > 0 { "/notices" } else { "/held" };
            let count = waiting + self.unseen;
            Link { count, ..link(address, words.get("nav-held"), TO_DECIDE) }
        });
        let mut links = vec![
            link("/", words.get("nav-board"), &[Place::Board, Place::Job]),
            link("/dossiers", words.get("nav-dossiers"), CUSTOMERS),
            link("/articles", words.get("nav-articles"), &[Place::Articles]),
            link("/records", words.get("nav-reports"), REPORTS),
            link("/people", words.get("nav-people"), PEOPLE),
            link("/verify", words.get("nav-verify"), &[Place::Verify]),
        ];
        if let Some(held) = held {
            links.insert(1, held);
        }
        links
    }

    /// The pages beside this one, where there are several under one word of the navigation. Some
    /// are only for those who see all jobs.
    pub(crate) fn tabs(&self) -> Vec<Link> {
        let words = self.words;
        let tab = |address, label, place| Link::new(address, label, place == self.section);
        let counted = |count, link: Link| Link { count, ..link };
        let mut tabs = Vec::new();
        if TO_DECIDE.contains(&self.section) {
            let held = tab("/held", words.get("held-title"), Place::Held);
            tabs.push(counted(self.waiting.unwrap_or(0), held));
            let notices = tab("/notices", words.get("notices-title"), Place::Notices);
            tabs.push(counted(self.unseen, notices));
        } else if CUSTOMERS.contains(&self.section) {
            tabs.push(tab("/dossiers", words.get("dossiers"), Place::Dossiers));
            tabs.push(tab("/assets", words.get("assets-title"), Place::Assets));
            tabs.push(tab("/levels", words.get("levels-title"), Place::Levels));
        } else if REPORTS.contains(&self.section) {
            tabs.push(tab("/records", words.get("records-title"), Place::Records));
            if self.waiting.is_some() {
                tabs.push(tab("/statistics", words.get("statistics-title"), Place::Statistics));
            }
            tabs.push(tab("/follow-ups", words.get("section-follow-ups"), Place::FollowUps));
            if self.waiting.is_some() {
                tabs.push(tab("/backups", words.get("backups-title"), Place::Backups));
            }
        } else if PEOPLE.contains(&self.section) {
            tabs.push(tab("/people", words.get("nav-people"), Place::People));
            tabs.push(tab("/duty", words.get("duty-title"), Place::Duty));
            if self.waiting.is_some() {
                tabs.push(tab("/fleet", words.get("fleet-title"), Place::Fleet));
            }
            tabs.push(tab("/hand-in", words.get("hand-in-title"), Place::HandIn));
            if self.audits {
                tabs.push(tab("/audit", words.get("audit-title"), Place::Audit));
            }
        }
        tabs
    }

    pub(crate) fn has_tabs(&self) -> bool {
        !self.tabs().is_empty()
    }

    pub(crate) fn languages(&self) -> [Language; 2] {
        Language::ALL
    }
}

/// A rendered page. Pages are made for one reader and are never stored by a browser.
pub(crate) fn html(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(body) => {
            let fresh = [(header::CACHE_CONTROL, "no-store")];
            (status, fresh, Html(body)).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn the_server_is_where_the_reader_sees_it() {
        let origin = |pairs: &[(&'static str, &'static str)]| {
            let pair = |(name, value): &(&'static str, &'static str)| {
                (HeaderName::from_static(name), HeaderValue::from_static(value))
            };
            origin_of(&pairs.iter().map(pair).collect())
        };
        let host = ("host", "docket.test:8443");
        assert_eq!(origin(&[host]), "https://docket.test:8443");
        assert_eq!(origin(&[host, ("x-forwarded-proto", "http")]), "http://docket.test:8443");
        let from_here = ("referer", "http://docket.test:8443/jobs/1");
        assert_eq!(origin(&[host, from_here]), "http://docket.test:8443");
        let elsewhere = ("referer", "http://evil.test/");
        assert_eq!(origin(&[host, elsewhere]), "https://docket.test:8443");
        assert_eq!(origin(&[("host", "127.0.0.1:8080")]), "http://127.0.0.1:8080");
        assert_eq!(origin(&[("host", "evil.test/a?b")]), "");
        assert_eq!(origin(&[]), "");
    }
}
