//! Photos and files: bytes that records name by their hash, kept beside the database.
//!
//! The record goes first and says which file there is and how long it is; then the file may
//! come, in pieces, from whoever sees that record or has added it ([`catalog`] asks). A piece is
//! acknowledged when it is on the disk, and a file when its hash has been found right; so a
//! phone may let go of what it was told is here. This file knows the folder and nothing of
//! people; every name in it is made here, from an id or a hash.

pub mod catalog;
pub mod kind;
mod sweep;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use docket_protocol::ids::{TenantId, UserId};
use docket_protocol::record::rules::is_digest;
use sha2::{Digest, Sha256};

pub use sweep::sweep;

/// Bytes read at once while hashing and handing out.
const PIECE_BYTES: usize = 64 * 1024;

/// A file's SHA-256, lower-case hex: safe as a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobHash(String);

impl BlobHash {
    /// Reads one; none when it is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        is_digest(text).then(|| Self(text.to_owned()))
    }

    /// As it is written everywhere.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A file on its way. Everybody has one of their own, so that nobody's bytes get between
/// somebody else's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The organisation.
    pub tenant: TenantId,
    /// Who brings it.
    pub user: UserId,
    /// What it will be.
    pub hash: BlobHash,
    /// How long it will be.
    pub bytes: u64,
}

/// What became of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It is on the disk; this much is here.
    Upto(u64),
    /// It does not begin where the last one ended: here. Nothing was written.
    Elsewhere(u64),
    /// It was the last one, and the file is what it was to be.
    Whole,
    /// It was the last one, and the file is something else. All of it was thrown away.
    Differs,
}

/// The folder.
#[derive(Debug, Clone)]
pub struct Blobs {
    folder: Arc<PathBuf>,
    /// A connection that was cut may still be writing when the phone has come back.
    one_at_a_time: Arc<Mutex<()>>,
}

impl Blobs {
    /// The folder below the data folder. Made with the first file.
    pub fn of(data: &Path) -> Self {
        let folder = Arc::new(data.join("blobs"));
        Self { folder, one_at_a_time: Arc::default() }
    }

    /// How much of a file is here.
    pub fn offset(&self, upload: &Upload) -> io::Result<u64> {
        match fs::metadata(self.partial(upload)) {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Adds a piece that begins at `offset`, and finishes the file when it was the last one.
    pub fn append(&self, upload: &Upload, offset: u64, piece: &[u8]) -> io::Result<Appended> {
        let _alone = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.partial(upload);
        fs::create_dir_all(self.arriving())?;
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        let here = file.metadata()?.len();
        if here != offset {
            return Ok(Appended::Elsewhere(here));
        }
        if let Err(error) = file.write_all(piece).and_then(|()| file.sync_data()) {
            // A piece that is half here would be counted as here.
            drop(file.set_len(here));
            return Err(error);
        }
        match here + piece.len() as u64 {
            now if now < upload.bytes => Ok(Appended::Upto(now)),
            _ => self.finish(upload, &path),
        }
    }

    fn finish(&self, upload: &Upload, path: &Path) -> io::Result<Appended> {
        let (hash, bytes) = hash_of(path)?;
        if (hash.as_str(), bytes) != (upload.hash.as_str(), upload.bytes) {
            fs::remove_file(path)?;
            return Ok(Appended::Differs);
        }
        let folder = self.of_tenant(upload.tenant);
        fs::create_dir_all(&folder)?;
        fs::rename(path, folder.join(upload.hash.as_str()))?;
        // The name must survive a power cut as well as the bytes, and so must its folders'.
        for folder in [folder.as_path(), &self.folder, self.folder.parent().unwrap_or(&self.folder)]
        {
            File::open(folder)?.sync_all()?;
        }
        Ok(Appended::Whole)
    }

    /// Whether the whole file is here.
    pub fn holds(&self, tenant: TenantId, hash: &BlobHash, bytes: u64) -> bool {
        let found = fs::metadata(self.of_tenant(tenant).join(hash.as_str()));
        found.is_ok_and(|metadata| metadata.len() == bytes)
    }

    /// The file, to be read, with its first bytes; none when it is not here.
    pub fn open(&self, tenant: TenantId, hash: &BlobHash) -> io::Result<Option<(File, Vec<u8>)>> {
        let mut file = match File::open(self.of_tenant(tenant).join(hash.as_str())) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut first = Vec::new();
        (&mut file).take(kind::FIRST_BYTES).read_to_end(&mut first)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Some((file, first)))
    }

    /// Forgets what has arrived of a file that begins anew.
    pub fn begin_anew(&self, upload: &Upload) -> io::Result<()> {
        let _alone = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        match fs::remove_file(self.partial(upload)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn of_tenant(&self, tenant: TenantId) -> PathBuf {
        self.folder.join(tenant.to_string())
    }

    fn arriving(&self) -> PathBuf {
        self.folder.join("arriving")
    }

    fn partial(&self, upload: &Upload) -> PathBuf {
        self.arriving().join(partial_name(upload.tenant, upload.user, &upload.hash))
    }
}

fn partial_name(tenant: TenantId, user: UserId, hash: &BlobHash) -> String {
    format!("{tenant}.{user}.{}", hash.as_str())
}

fn hash_of(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok((data_encoding::HEXLOWER.encode(&hash.finalize()), bytes)),
            length => {
                hash.update(&piece[..length]);
                bytes += length as u64;
            }
        }
    }
}

/// A file's bytes as a body, read as fast as they are taken.
pub(crate) fn body(mut file: File) -> axum::body::Body {
    let (pieces, taken) = tokio::sync::mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        loop {
            let mut piece = vec![0; PIECE_BYTES];
            let read = file.read(&mut piece).map(|length| {
                piece.truncate(length);
                piece
            });
            let ended = read.as_ref().map_or(true, Vec::is_empty);
            // Whoever asked may be gone, and an error ends the body where it is.
            if pieces.blocking_send(read).is_err() || ended {
                return;
            }
        }
    });
    axum::body::Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(content: &[u8], user: u8) -> Upload {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(content));
        Upload {
            tenant: TenantId::new(1, [1; 10]),
            user: UserId::new(1, [user; 10]),
            hash: BlobHash::parse(&hash).unwrap(),
            bytes: content.len() as u64,
        }
    }

    fn blobs() -> (tempfile::TempDir, Blobs) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::of(folder.path());
        (folder, blobs)
    }

    #[test]
    fn a_file_is_here_once_its_last_piece_is() {
        let (_folder, blobs) = blobs();
        let photo = upload(b"a photo", 1);
        assert_eq!(blobs.append(&photo, 0, b"a ph").unwrap(), Appended::Upto(4));
        assert!(!blobs.holds(photo.tenant, &photo.hash, 7));
        assert_eq!(blobs.offset(&photo).unwrap(), 4);
        assert_eq!(blobs.append(&photo, 0, b"a ph").unwrap(), Appended::Elsewhere(4));
        assert_eq!(blobs.append(&photo, 4, b"oto").unwrap(), Appended::Whole);
        assert!(blobs.holds(photo.tenant, &photo.hash, 7));
        let (mut file, first) = blobs.open(photo.tenant, &photo.hash).unwrap().unwrap();
        let mut all = Vec::new();
        file.read_to_end(&mut all).unwrap();
        assert_eq!((all.as_slice(), first.as_slice()), (&b"a photo"[..], &b"a photo"[..]));
    }

    #[test]
    fn a_file_that_is_not_what_it_was_to_be_is_thrown_away() {
        let (_folder, blobs) = blobs();
        let photo = upload(b"a photo", 1);
        assert_eq!(blobs.append(&photo, 0, b"a ghost").unwrap(), Appended::Differs);
        assert_eq!(blobs.offset(&photo).unwrap(), 0);
        assert!(!blobs.holds(photo.tenant, &photo.hash, 7));
        assert_eq!(blobs.append(&photo, 0, b"a photo and more").unwrap(), Appended::Differs);
    }

    #[test]
    fn nobodys_bytes_get_between_somebody_elses() {
        let (_folder, blobs) = blobs();
        let (ada, ben) = (upload(b"a photo", 1), upload(b"a photo", 2));
        assert_eq!(blobs.append(&ada, 0, b"a ").unwrap(), Appended::Upto(2));
        assert_eq!(blobs.append(&ben, 0, b"X").unwrap(), Appended::Upto(1));
        assert_eq!(blobs.append(&ada, 2, b"photo").unwrap(), Appended::Whole);
    }

    /// FAULTS row 77: nothing but a hash is ever a name.
    #[test]
    fn nothing_but_a_hash_is_a_name() {
        for name in ["", "..", "../docket.db", "/etc/passwd", "con", "a\0b", &"A".repeat(64)] {
            assert_eq!(BlobHash::parse(name), None, "{name}");
        }
    }
}
