//! Photos and files as they come, whichever way: begun, continued where they were cut, finished
//! once their hash has been found right. Who may bring one is asked at each step
//! ([`crate::blobs::catalog`]).

use axum::body::Bytes;

use crate::app::App;
use crate::auth::scope::Scope;
use crate::blobs::catalog;
use crate::blobs::{Appended, BlobHash, Upload};
use crate::error::ApiError;
use crate::limits::UPLOADS_PER_PERSON_MAX;
use crate::store::StoreError;

/// What became of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Come {
    /// It is on the disk; this much of the file is here.
    Upto(u64),
    /// It does not begin where the file goes on: here. Nothing was written.
    Elsewhere(u64),
}

/// Notes that somebody brings this file; returns what comes, and how much of it is here.
pub(crate) async fn begun(
    app: &App,
    scope: Scope,
    hash: BlobHash,
    bytes: u64,
) -> Result<(Upload, u64), ApiError> {
    let blobs = app.blobs.clone();
    app.store
        .write(move |tx| {
            if !catalog::may_bring(tx.sql, &scope, &hash, bytes)? {
                return Err(ApiError::NotFound);
            }
            let before = catalog::upload(tx.sql, &scope, &hash)?;
            let (tenant, user) = (scope.tenant, scope.user);
            let upload = Upload { tenant, user, hash, bytes };
            if blobs.holds(upload.tenant, &upload.hash, bytes) {
                // Here already; the word about it may have been lost with the power.
                catalog::received(tx, &upload)?;
                return Ok((upload, bytes));
            }
            match before {
                Some(before) if before == upload => {}
                None if catalog::open_uploads(tx.sql, &scope)? >= UPLOADS_PER_PERSON_MAX => {
                    return Err(ApiError::TooManyRequests);
                }
                _ => {
                    blobs.begin_anew(&upload)?;
                    catalog::begin(tx, &upload)?;
                }
            }
            let here = blobs.offset(&upload)?;
            Ok((upload, here))
        })
        .await
}

/// Adds a piece that begins at `offset`.
pub(crate) async fn keep(
    app: &App,
    upload: Upload,
    offset: u64,
    piece: Bytes,
) -> Result<Come, ApiError> {
    if is_whole(app, &upload).await? {
        return Ok(Come::Elsewhere(upload.bytes));
    }
    let (blobs, brought) = (app.blobs.clone(), upload.clone());
    let appended = tokio::task::spawn_blocking(move || blobs.append(&brought, offset, &piece));
    match appended.await.map_err(|_| ApiError::Internal)?? {
        Appended::Upto(here) => Ok(Come::Upto(here)),
        Appended::Elsewhere(here) => Ok(Come::Elsewhere(here)),
        Appended::Whole => {
            let bytes = upload.bytes;
            received(app, upload).await?;
            Ok(Come::Upto(bytes))
        }
        Appended::Differs => {
            tracing::warn!(user = %upload.user, sha256 = upload.hash.as_str(), "another file came");
            app.store
                .write(move |tx| catalog::forget(tx, &upload).map_err(StoreError::from))
                .await?;
            Err(ApiError::BlobDiffers)
        }
    }
}

/// Whether the whole file is here although the word about it was lost with the power.
pub(crate) async fn is_whole(app: &App, upload: &Upload) -> Result<bool, ApiError> {
    let whole = app.blobs.holds(upload.tenant, &upload.hash, upload.bytes);
    if whole {
        received(app, upload.clone()).await?;
    }
    Ok(whole)
}

async fn received(app: &App, upload: Upload) -> Result<(), StoreError> {
    app.store.write(move |tx| catalog::received(tx, &upload).map_err(StoreError::from)).await
}
