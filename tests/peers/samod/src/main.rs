//! samod beside Docket on the same work: one program that is the server or the phones.
//!
//! `samod-peer server PORT FOLDER` serves; `samod-peer phones FOLDER` is phones, told what to do a
//! line of JSON at a time. Both say READY first. See ../../README.md.

mod document;
mod job;
mod phone;
mod phones;
mod server;
mod wire;

use std::path::Path;

use anyhow::{Result, bail};
use tokio::runtime::Runtime;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = Runtime::new()?;
    match arguments[..] {
        ["server", port, folder] => runtime.block_on(server::serve(port.parse()?, folder)),
        ["phones", "-"] => phones::obey(&runtime, None),
        ["phones", folder] => phones::obey(&runtime, Some(Path::new(folder))),
        _ => bail!("say: server PORT FOLDER, or: phones FOLDER"),
    }
}
