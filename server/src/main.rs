//! The command line: reads arguments and hands over to [`docket_server::commands`].

use std::io::{BufRead, stdin};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use docket_protocol::role::Role;
use docket_server::commands;
use docket_server::people::NewPerson;
use tracing_subscriber::EnvFilter;

/// Field-service records that work without coverage.
#[derive(Parser)]
#[command(name = "docket", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve API, console and phone app from one data folder
    Serve(Serve),
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
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()))
        .with_writer(std::io::stderr)
        .init();
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("docket: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Serve(Serve { data, listen }) => {
            commands::serve::run(&data, &listen, |_, url| println!("docket listening on {url}"))?;
        }
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
