//! `docket import record`: one record from an Automerge document, through the gate.

use std::path::Path;

use anyhow::{Result, anyhow, bail};
use docket_protocol::number::job_number;

use super::terminal::{clerk, open, table, words};
use crate::import::{self, ImportError, RefusedChange};
use crate::words::Words;

/// Takes the record in, in the name of `login`, or of somebody at the service desk.
pub fn import(data: &Path, file: &Path, login: Option<&str>) -> Result<()> {
    let words = words();
    let name = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| {
        let variables = [("file", name.as_str().into()), ("reason", error.to_string().into())];
        anyhow!(words.with("file-unreadable", &variables))
    })?;
    let no_record = || anyhow!(words.with("import-no-record", &[("file", name.as_str().into())]));
    let changes = import::read(&bytes).map_err(|_| no_record())?;
    let app = open(words, data)?;
    let scope = clerk(words, &app, login)?;
    match app.store.write_blocking(move |tx| import::take_in(tx, &scope, &changes)) {
        Ok(imported) => {
            let number = job_number(imported.record);
            let variables = [("number", number.into()), ("count", imported.changes.into())];
            println!("{}", words.with("import-record-done", &variables));
            Ok(())
        }
        Err(ImportError::Refused(refused)) => bail!(told(words, &refused)),
        Err(ImportError::NotADocument) => Err(no_record()),
        Err(ImportError::Store(error)) => Err(error.into()),
    }
}

/// What the gate says, change by change.
fn told(words: Words, refused: &[RefusedChange]) -> String {
    let heading = ["import-change", "import-field", "import-reason"].map(|id| words.get(id));
    let rows = refused.iter().map(|refused| {
        let reason = words.get(&format!("error-{}", refused.code));
        vec![refused.hash.to_string()[..12].to_owned(), refused.path.to_string(), reason]
    });
    let rows: Vec<_> = [heading.to_vec()].into_iter().chain(rows).collect();
    format!("{}\n\n{}", words.get("import-record-refused"), table(&rows))
}
