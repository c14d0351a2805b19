//! One phone: a repository of documents, in a folder or in memory, and its way to the server.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use futures_util::future::try_join_all;
use samod::storage::TokioFilesystemStorage;
use samod::{BackoffConfig, DialerHandle, DocHandle, DocumentId, Repo};
use serde_json::Value as Json;

use crate::{document, job, wire};

pub(crate) struct Phone {
    folder: Option<PathBuf>,
    repo: Repo,
    documents: HashMap<String, DocHandle>,
    link: Option<DialerHandle<std::io::Error>>,
}

impl Phone {
    pub(crate) async fn open(folder: Option<&Path>) -> Self {
        let builder = Repo::build_tokio();
        let repo = match folder {
            Some(folder) => builder.with_storage(TokioFilesystemStorage::new(folder)).load().await,
            None => builder.load().await,
        };
        let folder = folder.map(Path::to_owned);
        Self { folder, repo, documents: HashMap::new(), link: None }
    }

    /// New jobs; their ids.
    pub(crate) async fn create(&mut self, jobs: &[Json], now: i64) -> Result<Vec<String>> {
        let mut ids = Vec::new();
        for job in jobs {
            let document = document::created(&job::tree(job), now)?;
            let document = self.repo.create(document).await?;
            let id = document.document_id().to_string();
            self.documents.insert(id.clone(), document);
            ids.push(id);
        }
        Ok(ids)
    }

    /// Takes jobs into memory, from the folder or else from the server.
    pub(crate) async fn load(&mut self, ids: &[String]) -> Result<()> {
        let missing = ids.iter().filter(|id| !self.documents.contains_key(*id));
        let found = try_join_all(missing.map(|id| self.found(id))).await?;
        self.documents.extend(found);
        Ok(())
    }

    async fn found(&self, id: &str) -> Result<(String, DocHandle)> {
        let document = self.repo.find(id.parse::<DocumentId>()?).await?;
        Ok((id.to_owned(), document.with_context(|| format!("{id} is nowhere"))?))
    }

    pub(crate) fn edit(&self, id: &str, edit: &Json, now: i64) -> Result<()> {
        let writes = job::writes(edit, now)?;
        let document = self.documents.get(id).with_context(|| format!("{id} is not loaded"))?;
        document.with_document(|document| document::edit(document, &writes, now))
    }

    /// Waits for the last write of a file. Only a repository that is stopped says when that was;
    /// so it is opened again.
    pub(crate) async fn stored(&mut self) {
        if let Some(folder) = self.folder.clone() {
            self.repo.stop().await;
            *self = Self::open(Some(&folder)).await;
        }
    }

    /// Connects, and gets the jobs that are not here; all others are synced on their own.
    pub(crate) async fn sync(&mut self, port: u16, ids: &[String]) -> Result<()> {
        self.offline();
        let link = self.repo.dial(BackoffConfig::default(), Arc::new(wire::Local::at(port)?))?;
        link.established().await?;
        self.link = Some(link);
        self.load(ids).await
    }

    pub(crate) fn offline(&mut self) {
        if let Some(link) = self.link.take() {
            link.close();
        }
    }

    pub(crate) fn steps(&self, id: &str) -> Result<usize> {
        let document = self.documents.get(id).with_context(|| format!("{id} is not loaded"))?;
        document.with_document(|document| document::count(document, "steps"))
    }
}
