//! The server: stores every document in files, tells nobody of documents they did not ask for.

use anyhow::Result;
use samod::storage::TokioFilesystemStorage;
use samod::{Repo, ShareConfig};
use tokio::net::TcpListener;

use crate::wire;

/// Until the process is killed.
pub(crate) async fn serve(port: u16, folder: &str) -> Result<()> {
    let repo = Repo::build_tokio()
        .with_storage(TokioFilesystemStorage::new(folder))
        .with_share_policy(ShareConfig::read_write().with_announce(false))
        .load()
        .await;
    let acceptor = repo.make_acceptor(wire::url(port)?)?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("READY");
    loop {
        let (socket, _) = listener.accept().await?;
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let transport = wire::accepted(socket).await?;
            acceptor.accept(transport)?;
            anyhow::Ok(())
        });
    }
}
