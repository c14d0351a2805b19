//! Who keeps the database's bytes.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags};

const DATABASE: &str = "docket.db";
const LOG: &str = "docket.db-wal";

/// Who keeps the database's bytes.
#[derive(Debug, Clone, Default)]
pub enum Storage {
    /// The operating system's files.
    #[default]
    Files,
    /// Somebody else, such as a disk that loses its power in a test. Keys and the folder's lock
    /// stay the operating system's files.
    Other(Arc<dyn Disk>),
}

/// A file system that is registered with SQLite.
pub trait Disk: fmt::Debug + Send + Sync {
    /// Its name there.
    fn vfs(&self) -> &str;

    /// Writes a file anew, so that it is on the disk as a whole or is still the old one; does
    /// nothing when there is none.
    fn renew(&self, path: &Path) -> io::Result<()>;
}

impl Storage {
    pub(super) fn connect(&self, folder: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
        let file = folder.join(DATABASE);
        match self {
            Self::Files => Connection::open_with_flags(file, flags),
            Self::Other(disk) => Connection::open_with_flags_and_vfs(file, flags, disk.vfs()),
        }
    }

    /// Writes what a dead process left in the write-ahead log anew, before SQLite reads it.
    ///
    /// After a sync that failed, the system goes on showing bytes that never reached the disk and
    /// counts them as written: no later sync saves them. Whoever begins on them acknowledges work
    /// that is gone with the next power cut. Only for who holds the folder's lock.
    pub(super) fn renew_log(&self, folder: &Path) -> io::Result<()> {
        match self {
            Self::Files => renew(&folder.join(LOG)),
            Self::Other(disk) => disk.renew(&folder.join(LOG)),
        }
    }
}

fn renew(path: &Path) -> io::Result<()> {
    let mut old = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    let beside = path.with_extension("db-wal-new");
    let mut new = File::create(&beside)?;
    io::copy(&mut old, &mut new)?;
    new.sync_all()?;
    fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_left_behind_is_written_anew_with_every_byte() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join(LOG);
        Storage::Files.renew_log(folder.path()).unwrap();
        assert!(!log.exists());
        fs::write(&log, b"frames").unwrap();
        let before = File::open(&log).unwrap();
        Storage::Files.renew_log(folder.path()).unwrap();
        assert_eq!(fs::read(&log).unwrap(), b"frames");
        fs::write(&log, b"later").unwrap();
        assert_eq!(io::read_to_string(before).unwrap(), "frames", "it is another file");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
