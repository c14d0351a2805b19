//! A browser without scripts: keeps cookies, follows nothing by itself, sends forms from the
//! server's own pages.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use ureq::Agent;

use crate::support::{Office, PASSWORD};

/// One window.
pub(crate) struct Browser<'o> {
    pub(crate) office: &'o Office,
    agent: Agent,
    cookies: RefCell<BTreeMap<String, String>>,
    language: &'static str,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    /// Where a redirect goes.
    pub(crate) location: String,
    pub(crate) content_type: String,
    pub(crate) set_cookies: Vec<String>,
    pub(crate) bytes: Vec<u8>,
}

impl Page {
    pub(crate) fn html(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.html().contains(text)
    }

    /// The part of the page with this id, up to the end of its element's line of siblings.
    pub(crate) fn part(&self, id: &str) -> String {
        let html = self.html();
        let from = html.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no part {id}"));
        let rest = &html[from..];
        let to = rest.find("</section>").unwrap_or(rest.len());
        rest[..to].to_owned()
    }

    /// The value of a form field.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let html = self.html();
        let from = html.find(&format!("name=\"{name}\""))?;
        let tag = &html[from..from + html[from..].find('>')?];
        let value = tag.split("value=\"").nth(1)?;
        Some(value[..value.find('"')?].to_owned())
    }
}

impl<'o> Browser<'o> {
    pub(crate) fn new(office: &'o Office) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(20)))
            .build();
        let cookies = RefCell::default();
        Self { office, agent: agent.into(), cookies, language: "en" }
    }

    pub(crate) fn speaking(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    /// A window in which this person has signed in.
    pub(crate) fn signed_in(office: &'o Office, login: &str) -> Self {
        let browser = Self::new(office);
        let page = browser.sign_in(login, PASSWORD);
        assert_eq!((page.status, page.location.as_str()), (303, "/"), "{}", page.html());
        browser
    }

    pub(crate) fn sign_in(&self, login: &str, password: &str) -> Page {
        self.post("/sign-in", &[("login", login), ("password", password)])
    }

    pub(crate) fn get(&self, path: &str) -> Page {
        let request =
            self.agent.get(self.office.url(path)).header("accept-language", self.language);
        let request = request.header("cookie", self.cookie_header());
        self.read(request.call())
    }

    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_from(&self.office.url(""), path, fields)
    }

    /// A form sent from a page of another place.
    pub(crate) fn post_from(&self, origin: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_urlencoded::to_string(fields).expect("plain text");
        self.send(origin, path, "application/x-www-form-urlencoded", body.as_bytes())
    }

    /// A form with one file.
    pub(crate) fn upload(&self, path: &str, name: &str, file: &[u8]) -> Page {
        let head = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"f\"\r\n\r\n"
        );
        let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
        self.send(&self.office.url(""), path, "multipart/form-data; boundary=edge", &body)
    }

    fn send(&self, origin: &str, path: &str, content_type: &str, body: &[u8]) -> Page {
        let request = self.agent.post(self.office.url(path)).content_type(content_type);
        let request = request
            .header("accept-language", self.language)
            .header("cookie", self.cookie_header())
            .header("origin", origin);
        self.read(request.send(body))
    }

    pub(crate) fn cookie_header(&self) -> String {
        let cookies = self.cookies.borrow();
        let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
    }

    fn read(&self, response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Page {
        let mut response = response.expect("the server answers");
        let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap_or("").to_owned();
        let headers = response.headers();
        let set_cookies: Vec<String> = headers.get_all("set-cookie").iter().map(text).collect();
        for cookie in &set_cookies {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.set_cookie(name, value);
            }
        }
        Page {
            status: response.status().as_u16(),
            location: headers.get("location").map(text).unwrap_or_default(),
            content_type: headers.get("content-type").map(text).unwrap_or_default(),
            set_cookies,
            bytes: response.body_mut().read_to_vec().expect("a body"),
        }
    }
}
