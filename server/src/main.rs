//! The command line: reads arguments and hands over to [`docket_server::commands`].

use std::io::{BufRead, stdin};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use docket_protocol::role::Role;
use docket_server::allocator;
use docket_server::commands::demo::Scale;
use docket_server::commands::records::ExportPeriod;
use docket_server::commands::{self, records};
use docket_server::people::NewPerson;
use jiff::civil::Date;
use tracing_subscriber::EnvFilter;

/// Field-service records that work without coverage.
#[derive(Parser)]
#[command(name = "docket", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve API, console and phone app from one data folder
    Serve(Serve),
    /// Serve a believable organisation to look around in, made on the first start
    Demo(Demo),
    /// Take in records from a table
    #[command(subcommand)]
    Import(Import),
    /// Give records out as a table
    #[command(subcommand)]
    Export(Export),
    /// Check the proof of a sign-off; needs no server and no account
    Verify(Verify),
    /// After a restore: what was lost, what has come back, and which phones to wait for
    Recover(Recover),
    /// Check that nothing in the audit log was altered
    Audit(Audit),
    /// Make everything that is derived from the log again
    Rebuild(Rebuild),
    /// Accounts
    #[command(subcommand)]
    User(User),
}

#[derive(clap::Args)]
struct Serve {
    /// Data folder; made when missing
    #[arg(long, env = "DOCKET_DATA")]
    data: PathBuf,
    /// Address and port; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// Folder with the fonts that documents are printed in, Chinese among them; the system's
    /// when not given
    #[arg(long, env = "DOCKET_FONTS")]
    fonts: Option<PathBuf>,
    #[command(flatten)]
    telling: Telling,
}

/// Secrets are read from `DOCKET_SMTP_USER`, `DOCKET_SMTP_PASSWORD`, `DOCKET_WEBHOOK_SECRET`.
#[derive(clap::Args)]
struct Telling {
    /// Mail server for notices of missed clocks: smtps://host, or smtp://host:587?tls=required
    #[arg(long, env = "DOCKET_SMTP_URL", value_name = "URL")]
    smtp_url: Option<String>,
    /// Sender of these mails
    #[arg(long, env = "DOCKET_SMTP_FROM", value_name = "ADDRESS")]
    smtp_from: Option<String>,
    /// Where the same notices are posted to, signed after the rules of Standard Webhooks
    #[arg(long, env = "DOCKET_WEBHOOK_URL", value_name = "URL")]
    webhook_url: Option<String>,
    /// Where people open the console, for links in mails
    #[arg(long, env = "DOCKET_CONSOLE_URL", value_name = "URL", default_value = "")]
    console_url: String,
}

impl From<Telling> for commands::serve::Telling {
    fn from(telling: Telling) -> Self {
        let Telling { smtp_url, smtp_from, webhook_url, console_url } = telling;
        Self { smtp_url, smtp_from, webhook_url, console_url }
    }
}

#[derive(clap::Args)]
struct Demo {
    #[command(flatten)]
    serve: Serve,
    /// How large an organisation
    #[arg(long, value_enum, default_value_t = Scale::Small)]
    scale: Scale,
}

#[derive(Subcommand)]
enum Import {
    /// Jobs from a CSV file: date, description, category, solution, handler
    Jobs(ImportJobs),
    /// Equipment of customers from a CSV or XLSX file with the columns of the console's export
    Assets(ImportAssets),
    /// One record from an Automerge document, through the same checks as a phone's work
    Record(ImportRecord),
}

#[derive(clap::Args)]
struct ImportJobs {
    /// UTF-8 or GB18030, with headings in English or Chinese
    file: PathBuf,
    /// Data folder that no server is using
    #[arg(long, env = "DOCKET_DATA")]
    data: PathBuf,
    /// Login of the person in whose name; somebody at the service desk when not given
    #[arg(long = "as", value_name = "LOGIN")]
    login: Option<String>,
}

#[derive(clap::Args)]
struct ImportAssets {
    /// CSV (UTF-8 or GB18030) or XLSX, with headings in English or Chinese
    file: PathBuf,
    /// Data folder that no server is using
    #[arg(long, env = "DOCKET_DATA")]
    data: PathBuf,
    /// Only say what would be added and changed, and which lines cannot be used
    #[arg(long)]
    dry_run: bool,
    /// Login of the person in whose name; somebody at the service desk when not given
    #[arg(long = "as", value_name = "LOGIN")]
    login: Option<String>,
}

#[derive(clap::Args)]
struct ImportRecord {
    /// A document as `GET /v1/docs/{id}.automerge` gives it
    file: PathBuf,
    /// Data folder that no server is using
    #[arg(long, env = "DOCKET_DATA")]
    data: PathBuf,
    /// Login of the person in whose name; somebody at the service desk when not given
    #[arg(long = "as", value_name = "LOGIN")]
    login: Option<String>,
}

#[derive(Subcommand)]
enum Export {
    /// Jobs as a CSV file with the columns that an import takes
    Jobs(ExportJobs),
}

#[derive(clap::Args)]
struct ExportJobs {
    /// Data folder that no server is using
    #[arg(long, env = "DOCKET_DATA")]
    data: PathBuf,
    /// First day, such as 2026-07-01
    #[arg(long, value_parser = records::day)]
    from: Option<Date>,
    /// Last day
    #[arg(long, value_parser = records::day)]
    to: Option<Date>,
    /// File to write; standard output when not given
    #[arg(long)]
    output: Option<PathBuf>,
}

#[derive(clap::Args)]
struct Verify {
    /// The proof, as exported
    file: PathBuf,
    /// The server key that the organisation publishes, in hex
    #[arg(long, value_name = "HEX")]
    server_key: Option<String>,
}

#[derive(clap::Args)]
struct Audit {
    /// Data folder that no server is using
    #[arg(long, env = "DOCKET_DATA")]
    data: PathBuf,
    /// An entry's number and digest from an earlier export or page, such as 17:9f2c0e11
    #[arg(long, value_parser = commands::audit::kept)]
    kept: Option<commands::audit::Kept>,
}

#[derive(clap::Args)]
struct Rebuild {
    /// Data folder that no server is using
    #[arg(long, env = "DOCKET_DATA")]
    data: PathBuf,
}

#[derive(clap::Args)]
struct Recover {
    /// Data folder that no server is using
    #[arg(long, env = "DOCKET_DATA")]
    data: PathBuf,
    /// For programs
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum User {
    /// Open an account
    Add(AddUser),
}

#[derive(clap::Args)]
struct AddUser {
    /// Data folder; made when missing
    #[arg(long, env = "DOCKET_DATA")]
    data: PathBuf,
    /// What they type to sign in
    #[arg(long)]
    login: String,
    /// Full name
    #[arg(long)]
    name: String,
    /// engineer, desk, manager, executive or administrator
    #[arg(long, value_parser = role)]
    role: Role,
    /// Phone number
    #[arg(long, default_value = "")]
    phone: String,
    /// Name of the organisation, used when this is its first account
    #[arg(long, default_value = "Docket")]
    organisation: String,
    /// Read the password from standard input instead of asking for it
    #[arg(long)]
    password_stdin: bool,
}

fn main() -> ExitCode {
    allocator::give_back();
    log_to_stderr();
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("docket: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Lines for people, or JSON for machines that collect them when `DOCKET_LOG_JSON` is set.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match std::env::var_os("DOCKET_LOG_JSON") {
        Some(_) => log.json().init(),
        None => log.init(),
    }
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Serve(Serve { data, listen, fonts, telling }) => {
            let ready = |_: &_, url: &str| println!("docket listening on {url}");
            commands::serve::run(&data, &listen, fonts, &telling.into(), ready)?;
        }
        Command::Demo(Demo { serve: Serve { data, listen, fonts, telling }, scale }) => {
            commands::demo::run(&data, &listen, fonts, &telling.into(), scale)?;
        }
        Command::Import(Import::Jobs(ImportJobs { file, data, login })) => {
            records::import(&data, &file, login.as_deref())?;
        }
        Command::Import(Import::Assets(ImportAssets { file, data, dry_run, login })) => {
            commands::assets::import(&data, &file, login.as_deref(), dry_run)?;
        }
        Command::Import(Import::Record(ImportRecord { file, data, login })) => {
            commands::document::import(&data, &file, login.as_deref())?;
        }
        Command::Export(Export::Jobs(ExportJobs { data, from, to, output })) => {
            records::export(&data, &ExportPeriod { from, to }, output.as_deref())?;
        }
        Command::Verify(Verify { file, server_key }) => {
            return commands::verify::run(&file, server_key.as_deref());
        }
        Command::Recover(Recover { data, json }) => commands::recover::run(&data, json)?,
        Command::Audit(Audit { data, kept }) => {
            return commands::audit::run(&data, kept.as_ref());
        }
        Command::Rebuild(Rebuild { data }) => commands::rebuild::run(&data)?,
        Command::User(User::Add(user)) => add_user(user)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn add_user(user: AddUser) -> Result<()> {
    let AddUser { data, login, name, role, phone, organisation, password_stdin } = user;
    if !password_stdin {
        eprint!("Password for {login}: ");
    }
    let mut password = String::new();
    stdin().lock().read_line(&mut password).context("cannot read the password")?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    commands::user::add(&data, &organisation, NewPerson { login, name, role, phone, password })
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| {
        let words: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("one of {}", words.join(", "))
    })
}
