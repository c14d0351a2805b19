//! One window of the console, signed in.

use ureq::Agent;

/// One window.
pub(crate) struct Window {
    agent: Agent,
    url: String,
    session: String,
}

impl Window {
    /// Signs in.
    pub(crate) fn sign_in(url: &str, login: &str, password: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent: Agent = config.build().into();
        let answer = agent
            .post(format!("{url}/sign-in"))
            .header("origin", url)
            .send_form([("login", login), ("password", password)])
            .expect("the server answers");
        let cookie = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        let session = cookie.and_then(|cookie| cookie.split(';').next()).expect("a session");
        Self { session: session.to_owned(), agent, url: url.to_owned() }
    }

    /// A page, as it is written.
    pub(crate) fn get(&self, address: &str) -> String {
        let request = self.agent.get(format!("{}{address}", self.url));
        let request = request.header("cookie", &self.session).header("accept-language", "zh");
        let mut answer = request.call().expect("the server answers");
        assert_eq!(answer.status().as_u16(), 200, "{address}");
        let body = answer.body_mut().with_config().limit(64 << 20);
        body.read_to_string().expect("text")
    }
}
