//! What the pool of files does not say of itself: a torn write harms no byte beside it.
//!
//! SQLite takes that for granted of every ordinary file system, and the browser's files lie on
//! one. Told so, it ends a commit in the write-ahead log with the commit's own frame; otherwise it
//! fills the sector with copies behind it, and a storage that is full in that moment says *not
//! saved* of what a restart finds saved.

#![allow(unsafe_code, reason = "SQLite's list of file systems is C")]

use std::ffi::CString;
use std::os::raw::c_int;
use std::sync::OnceLock;

use rusqlite::ffi;

type Open = unsafe extern "C" fn(
    *mut ffi::sqlite3_vfs,
    ffi::sqlite3_filename,
    *mut ffi::sqlite3_file,
    c_int,
    *mut c_int,
) -> c_int;

/// How the pool opens a file, and what its files can do with this added.
static POOL_OPEN: OnceLock<Open> = OnceLock::new();
static METHODS: OnceLock<ffi::sqlite3_io_methods> = OnceLock::new();

/// Lets a registered pool say so of all files it opens from now on; once is enough.
pub(crate) fn safe_to_overwrite(vfs: &str) {
    let Ok(name) = CString::new(vfs) else { return };
    // SAFETY: SQLite keeps registered file systems for good, and a worker has no other thread.
    let Some(pool) = (unsafe { ffi::sqlite3_vfs_find(name.as_ptr()).as_mut() }) else { return };
    let Some(open_of_pool) = pool.xOpen else { return };
    if POOL_OPEN.set(open_of_pool).is_ok() {
        pool.xOpen = Some(open);
    }
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    let Some(open_of_pool) = POOL_OPEN.get() else { return ffi::SQLITE_CANTOPEN };
    // SAFETY: SQLite's own arguments, passed on; an opened file names methods that live for good,
    // the same for every file of the pool.
    unsafe {
        let code = open_of_pool(vfs, name, file, flags, flags_out);
        if let (ffi::SQLITE_OK, Some(pools)) = (code, (*file).pMethods.as_ref()) {
            let with_ours =
                || ffi::sqlite3_io_methods { xDeviceCharacteristics: Some(device), ..*pools };
            (*file).pMethods = METHODS.get_or_init(with_ours);
        }
        code
    }
}

/// As `sahpool` says, and what this file is about.
unsafe extern "C" fn device(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN | ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}
