//! Notices by e-mail, over SMTP, in the recipient's language.

use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::outbox::Outgoing;
use crate::console::moments::Moments;
use crate::limits::NOTICE_TIMEOUT;
use crate::words::Words;

/// Where mail is handed in, and who it is from.
#[derive(Clone)]
pub struct MailSettings {
    /// `smtps://host`, or `smtp://host:port?tls=required`.
    pub url: String,
    /// The sender's address.
    pub from: String,
    /// User and password, where the server asks for them.
    pub credentials: Option<(String, String)>,
    /// Where people open the console; empty where nobody has said.
    pub console_url: String,
}

/// Sends mail.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    console_url: String,
}

impl Mailer {
    /// Checks the settings; nothing is connected yet. Passwords go over TLS or not at all.
    pub fn new(settings: &MailSettings) -> Result<Self> {
        let MailSettings { url, from, credentials, console_url } = settings;
        let address = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        ensure!(
            !address.contains('@'),
            "the address of the mail server has no user and password in it; they are read from \
             DOCKET_SMTP_USER and DOCKET_SMTP_PASSWORD"
        );
        let sealed = url.starts_with("smtps://") || url.ends_with("?tls=required");
        ensure!(
            sealed || credentials.is_none(),
            "a password for mail goes over TLS only: smtps://, or ?tls=required"
        );
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .context("the address of the mail server cannot be read")?
            .timeout(Some(NOTICE_TIMEOUT));
        let builder = match credentials {
            Some((user, password)) => {
                builder.credentials(Credentials::new(user.clone(), password.clone()))
            }
            None => builder,
        };
        let from = from.parse().context("the sender of mail is not an address")?;
        Ok(Self { transport: builder.build(), from, console_url: console_url.clone() })
    }

    /// Hands one in; the error says in one line why not.
    pub async fn send(&self, outgoing: &Outgoing) -> Result<(), String> {
        let message = self.message(outgoing).map_err(|error| format!("{error:#}"))?;
        self.transport.send(message).await.map(drop).map_err(|error| error.to_string())
    }

    fn message(&self, outgoing: &Outgoing) -> Result<Message> {
        let notice = &outgoing.notice;
        let told = Duration::from_millis(notice.told_at.try_into().unwrap_or_default());
        let to = Mailbox::new(
            Some(notice.name.clone()),
            outgoing.mail.parse().context("not an address")?,
        );
        let (subject, body) = text(outgoing, &self.console_url);
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .date(UNIX_EPOCH + told)
            // The same at each attempt: whoever gets it twice can tell.
            .message_id(Some(format!("<{}@docket>", notice.id)))
            .header(ContentType::TEXT_PLAIN)
            .body(body)
            .context("a message cannot be written")
    }
}

/// Subject and body.
fn text(outgoing: &Outgoing, console_url: &str) -> (String, String) {
    let Outgoing { notice, words, .. } = outgoing;
    let moments = Moments::new(*words, outgoing.zone.clone(), notice.told_at);
    let clock = words.of("clock", notice.clock.as_str());
    let subject = words.with(
        "notice-subject",
        &[("clock", clock.into()), ("number", notice.number.as_str().into())],
    );
    // A day by its date: nobody knows when this is read.
    let due = [("moment", moments.exact(notice.due_at).into())];
    let line = |label: &str, value: &str| {
        let value = if value.is_empty() { "–" } else { value };
        format!("{}: {value}", words.get(label))
    };
    let zone = words.with("times-shown-in", &[("zone", moments.zone_name().into())]);
    let mut lines = vec![
        words.with(&format!("notice-missed-{}", notice.clock.as_str().replace('_', "-")), &due),
        certainty(*words, notice.uncertain),
        String::new(),
        format!("{} {}", notice.number, notice.title),
        line("field-intake-customer", &outgoing.customer),
        line("field-intake-level", &words.of("level", &outgoing.level)),
        line("field-assignment-lead", &outgoing.lead),
    ];
    if !console_url.is_empty() {
        let url = console_url.trim_end_matches('/');
        lines.push(format!("{url}/jobs/{}", notice.record));
    }
    let foot = words.with(
        "notice-foot",
        &[
            ("organisation", outgoing.organisation.as_str().into()),
            ("role", words.of("role", notice.role.as_str()).into()),
        ],
    );
    lines.extend([String::new(), foot, zone]);
    (subject, lines.join("\n") + "\n")
}

/// How sure the office is of it.
fn certainty(words: Words, uncertain: bool) -> String {
    words.get(if uncertain { "notice-uncertain" } else { "notice-certain" })
}
