//! Notices to another system of the organisation: one signed POST each, after the rules of
//! *Standard Webhooks* (HMAC-SHA256 over id, time and body).

use anyhow::{Context, Result, ensure};
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::json;
use sha2::Sha256;

use super::outbox::Outgoing;
use crate::limits::NOTICE_TIMEOUT;

/// Shortest secret: what is guessed cannot sign.
const SECRET_BYTES_MIN: usize = 16;

/// Tells another system.
#[derive(Clone)]
pub struct Webhook {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    url: Uri,
    secret: Vec<u8>,
}

impl Webhook {
    /// Checks the settings; nothing is connected yet. A secret is the text as it is, or base64 of
    /// it after `whsec_`.
    pub fn new(url: &str, secret: &str) -> Result<Self> {
        let url: Uri = url.parse().context("the address of the webhook cannot be read")?;
        ensure!(
            matches!(url.scheme_str(), Some("https" | "http")),
            "the address of the webhook begins with https:// or http://"
        );
        let secret = match secret.strip_prefix("whsec_") {
            Some(encoded) => BASE64
                .decode(encoded.as_bytes())
                .context("the secret of the webhook is no base64")?,
            None => secret.as_bytes().to_vec(),
        };
        ensure!(
            secret.len() >= SECRET_BYTES_MIN,
            "DOCKET_WEBHOOK_SECRET has at least {SECRET_BYTES_MIN} bytes"
        );
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()
            .context("cannot read the certificates that this system trusts")?
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(Self { client, url, secret })
    }

    /// Sends one; the error says in one line why it was not taken.
    pub async fn send(&self, outgoing: &Outgoing, now: i64) -> Result<(), String> {
        let id = outgoing.notice.id.to_string();
        let seconds = (now / 1_000).to_string();
        let body = body(outgoing);
        let signature = signature(&self.secret, &id, &seconds, &body);
        let request = Request::post(self.url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signature)
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| error.to_string())?;
        let sent = tokio::time::timeout(NOTICE_TIMEOUT, self.client.request(request)).await;
        match sent {
            Ok(Ok(answer)) if answer.status().is_success() => Ok(()),
            Ok(Ok(answer)) => Err(format!("answered {}", answer.status())),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("no answer in time".to_owned()),
        }
    }
}

/// The header that proves who sent it: `v1,` and the MAC in base64.
fn signature(secret: &[u8], id: &str, seconds: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any key length");
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
}

fn body(outgoing: &Outgoing) -> String {
    let Outgoing { notice, organisation, customer, level, lead, .. } = outgoing;
    json!({
        "event": "clock_missed",
        "id": notice.id,
        "organisation": organisation,
        "job": {
            "record": notice.record,
            "number": notice.number,
            "title": notice.title,
            "customer": customer,
            "level": level,
            "lead": lead,
        },
        "clock": notice.clock.as_str(),
        "due_at": notice.due_at,
        "uncertain": notice.uncertain,
        "role": notice.role.as_str(),
        "told_at": notice.told_at,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn the_signature_is_that_of_standard_webhooks() {
        let secret = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let (id, seconds) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330");
        let signed = signature(&secret, id, seconds, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_short_secret_or_another_kind_of_address_is_refused() {
        let secret = "a secret of some length";
        assert!(Webhook::new("https://example.org/hook", "short").is_err());
        assert!(Webhook::new("ftp://example.org/hook", secret).is_err());
        assert!(Webhook::new("https://example.org/hook", "whsec_%%%").is_err());
        assert!(Webhook::new("https://example.org/hook", secret).is_ok());
    }
}
