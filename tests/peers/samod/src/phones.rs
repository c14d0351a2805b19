//! Phones that are told what to do a line of JSON at a time; each line is answered by one.

use std::collections::HashMap;
use std::fs;
use std::io::stdin;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use futures_util::future::try_join_all;
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

use crate::phone::Phone;

/// When the work begins, Unix ms; an edit is a second after the one before.
const BEGIN_MS: i64 = 1_795_392_000_000;

/// Until nobody says anything any more. Without a folder phones are in memory, as a fleet's are.
pub(crate) fn obey(runtime: &Runtime, folder: Option<&Path>) -> Result<()> {
    let mut phones = Phones { folder: folder.map(Path::to_owned), phones: HashMap::new() };
    println!("READY");
    for line in stdin().lines() {
        let task = serde_json::from_str(&line?)?;
        let answer = match runtime.block_on(phones.does(&task)) {
            Ok(answer) => json!({"ok": answer}),
            Err(error) => json!({"error": format!("{error:#}")}),
        };
        println!("{answer}");
    }
    Ok(())
}

struct Phones {
    folder: Option<PathBuf>,
    phones: HashMap<u64, Phone>,
}

impl Phones {
    async fn does(&mut self, task: &Json) -> Result<Json> {
        match task["do"].as_str().unwrap_or_default() {
            "create" => {
                let jobs = lines(task)?;
                let ids = self.phone(&task["phone"]).await?.create(&jobs, BEGIN_MS).await?;
                return Ok(ids.into());
            }
            "load" => self.each(task, async |phone, ids| phone.load(ids).await).await?,
            "edit" => self.edit(task).await?,
            "sync" => {
                let port = task["port"].as_u64().context("a port")?.try_into()?;
                self.each(task, async |phone, ids| phone.sync(port, ids).await).await?;
            }
            "offline" => {
                let offline = async |phone: &mut Phone, _: &[String]| {
                    phone.offline();
                    Ok(())
                };
                self.each(task, offline).await?;
            }
            "steps" => {
                let phone = self.phone(&task["phone"]).await?;
                let counts =
                    ids(task)?.iter().map(|id| phone.steps(id)).collect::<Result<Vec<_>>>();
                return Ok(counts?.iter().sum::<usize>().into());
            }
            other => bail!("unknown task {other}"),
        }
        Ok(true.into())
    }

    async fn edit(&mut self, task: &Json) -> Result<()> {
        let phone = self.phone(&task["phone"]).await?;
        for (line, now) in lines(task)?.iter().zip((BEGIN_MS..).step_by(1_000).skip(1)) {
            phone.edit(line["id"].as_str().context("an id")?, &line["edit"], now)?;
        }
        phone.stored().await;
        Ok(())
    }

    /// The phone of that number, opened when it is first spoken of.
    async fn phone(&mut self, number: &Json) -> Result<&mut Phone> {
        let number = number.as_u64().context("a phone's number")?;
        if !self.phones.contains_key(&number) {
            let folder = self.folder.as_ref().map(|folder| folder.join(number.to_string()));
            self.phones.insert(number, Phone::open(folder.as_deref()).await);
        }
        self.phones.get_mut(&number).context("just opened")
    }

    /// Has all the task's phones do something at once.
    async fn each(
        &mut self,
        task: &Json,
        what: impl AsyncFn(&mut Phone, &[String]) -> Result<()>,
    ) -> Result<()> {
        let mut whose = HashMap::new();
        for one in task["phones"].as_array().context("phones")? {
            self.phone(&one["phone"]).await?;
            whose.insert(one["phone"].as_u64(), ids(one)?);
        }
        let asked = self.phones.iter_mut().filter_map(|(number, phone)| {
            let ids = whose.get(&Some(*number))?;
            Some(what(phone, ids))
        });
        try_join_all(asked).await?;
        Ok(())
    }
}

/// The jobs that something is about; none are named where it is about the phone.
fn ids(task: &Json) -> Result<Vec<String>> {
    match &task["ids"] {
        Json::Null => Ok(Vec::new()),
        ids => Ok(serde_json::from_value(ids.clone())?),
    }
}

fn lines(task: &Json) -> Result<Vec<Json>> {
    let file = task["file"].as_str().context("a file")?;
    let text = fs::read_to_string(file).with_context(|| file.to_owned())?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}
