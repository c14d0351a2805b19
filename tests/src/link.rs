//! Carries a phone's requests to a server and counts them.

use std::time::Duration;

use docket_client_core::Request;
use ureq::Agent;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `content-type`.
    pub content_type: String,
    /// Body.
    pub body: Vec<u8>,
}

/// The way to a server.
pub struct Link {
    agent: Agent,
    base: String,
    /// Requests carried since the link was made.
    pub requests: u64,
}

impl Link {
    /// To a server at `http://host:port`.
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)))
            .build();
        Self { agent: config.into(), base: base.to_owned(), requests: 0 }
    }

    /// Opens the connection, so that the next request need not wait for that.
    pub fn say_hello(&self) {
        let hello = self.agent.get(format!("{}/healthz", self.base)).call();
        drop(hello.and_then(|mut answer| answer.body_mut().read_to_vec()));
    }

    /// Carries one request; `None` when there is no answer.
    pub fn carry(&mut self, request: &Request) -> Option<Answer> {
        self.requests += 1;
        let mut post = self
            .agent
            .post(format!("{}{}", self.base, request.path))
            .content_type(request.content_type);
        if let Some(authorization) = &request.authorization {
            post = post.header("authorization", authorization);
        }
        // As a browser does it, below the app.
        post = post.header("accept-encoding", "zstd");
        let mut response = post.send(&request.body).ok()?;
        let header = |name| response.headers().get(name).and_then(|text| text.to_str().ok());
        let is_zstd = header("content-encoding") == Some("zstd");
        let content_type = header("content-type").unwrap_or_default().to_owned();
        let body = response.body_mut().with_config().limit(64 << 20).read_to_vec().ok()?;
        let body = if is_zstd { zstd::decode_all(&body[..]).ok()? } else { body };
        Some(Answer { status: response.status().as_u16(), content_type, body })
    }
}
