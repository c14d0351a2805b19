//! The disk as SQLite's C interface wants it (`sqlite3_vfs`, `sqlite3_io_methods`): pointers in,
//! result codes out. Everything is decided in [`super::shared`].
//!
//! The only unsafe code of the project, and only for tests. It stands on what SQLite promises
//! (<https://sqlite.org/c3ref/vfs.html>): a file object is opened once and closed once, its
//! memory has `szOsFile` bytes, buffers have the stated length, names end with a zero byte.
#![allow(unsafe_code, reason = "SQLite calls back through C function pointers")]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr::null_mut;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use rusqlite::ffi;

use super::locks::Level;
use super::platter::Semantics;
use super::shared::{Code, Handle, Memory, Shared};

const PATH_BYTES_MAX: c_int = 512;
/// What SQLite takes for the size of a sector, on Unix and in `sahpool`.
const SECTOR_BYTES: c_int = 4096;

/// A disk on SQLite's list.
pub(super) struct Registration {
    vfs: *mut ffi::sqlite3_vfs,
    name: *mut c_char,
}

// SAFETY: SQLite reads both behind its own mutex; we touch them once more, in `drop`.
unsafe impl Send for Registration {}
// SAFETY: as above.
unsafe impl Sync for Registration {}

/// Puts a disk on SQLite's list under its name.
pub(super) fn register(shared: Shared) -> Arc<Shared> {
    let shared = Arc::new(shared);
    let name = CString::new(shared.name()).unwrap_or_default().into_raw();
    let vfs = Box::into_raw(Box::new(ffi::sqlite3_vfs {
        iVersion: 1,
        szOsFile: size_of::<File>() as c_int,
        mxPathname: PATH_BYTES_MAX,
        pNext: null_mut(),
        zName: name,
        pAppData: Arc::as_ptr(&shared).cast_mut().cast(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: None,
        xCurrentTimeInt64: None,
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }));
    // SAFETY: the structure lives until `Registration` is dropped, which is when the last user of
    // `shared` has gone: every open file holds it.
    let code = unsafe { ffi::sqlite3_vfs_register(vfs, 0) };
    assert_eq!(code, ffi::SQLITE_OK, "SQLite takes one more file system");
    drop(shared.registration.set(Registration { vfs, name }));
    shared
}

impl Drop for Registration {
    fn drop(&mut self) {
        // SAFETY: made in `register` from a box and a string, and no file is open any more.
        unsafe {
            ffi::sqlite3_vfs_unregister(self.vfs);
            drop(Box::from_raw(self.vfs));
            drop(CString::from_raw(self.name));
        }
    }
}

/// What SQLite allocates for every open file. Ours begins behind SQLite's own part.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    open: *mut Open,
}

/// An open file.
struct Open {
    shared: Arc<Shared>,
    place: Place,
    memory: Option<Arc<Memory>>,
}

enum Place {
    /// On the disk.
    Disk(Handle),
    /// SQLite's own scratch file: of no use to anybody later, so in memory only.
    Scratch(Vec<u8>),
}

/// Borrows our part of a file object.
///
/// # Safety
/// `file` was opened by [`open`] and is not closed.
unsafe fn opened<'a>(file: *mut ffi::sqlite3_file) -> &'a mut Open {
    // SAFETY: the caller's promise; `open` has put a box there, which `close` takes out.
    unsafe { &mut *(*file.cast::<File>()).open }
}

/// # Safety
/// `vfs` is one of [`register`].
unsafe fn disk_of<'a>(vfs: *mut ffi::sqlite3_vfs) -> &'a Shared {
    // SAFETY: the caller's promise; whoever uses the file system holds its `Shared`.
    unsafe { &*(*vfs).pAppData.cast::<Shared>() }
}

/// # Safety
/// `name` ends with a zero byte.
unsafe fn text<'a>(name: *const c_char) -> std::borrow::Cow<'a, str> {
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(name) }.to_string_lossy()
}

fn code(result: Result<(), Code>) -> c_int {
    result.err().unwrap_or(ffi::SQLITE_OK)
}

fn position(offset: i64) -> usize {
    usize::try_from(offset).unwrap_or(0)
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite's promises, see the top; a null name asks for a scratch file.
    unsafe {
        (*file).pMethods = std::ptr::null();
        let disk = disk_of(vfs);
        let place = if name.is_null() {
            Place::Scratch(Vec::new())
        } else {
            let beside = flags & (ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_WAL) != 0;
            if beside && !main_file_alive(disk, name) {
                return ffi::SQLITE_CANTOPEN;
            }
            match disk.state().open(&text(name), flags & ffi::SQLITE_OPEN_CREATE != 0) {
                Ok(handle) => Place::Disk(handle),
                Err(code) => return code,
            }
        };
        let pointer: *const Shared = disk;
        Arc::increment_strong_count(pointer);
        let shared = Arc::from_raw(pointer);
        let methods = match shared.state().platter().semantics() {
            Semantics::File => &FILE_METHODS,
            Semantics::Opfs => &OPFS_METHODS,
        };
        (*file.cast::<File>()).open = Box::into_raw(Box::new(Open { shared, place, memory: None }));
        (*file).pMethods = methods;
        if !flags_out.is_null() {
            *flags_out = flags;
        }
    }
    ffi::SQLITE_OK
}

/// Whether the database that a journal belongs to was opened since the last power cut.
///
/// # Safety
/// `name` is the name of a journal as SQLite gave it to [`open`].
unsafe fn main_file_alive(disk: &Shared, name: *const c_char) -> bool {
    // SAFETY: the caller's promise is the one that this function of SQLite asks for.
    let main = unsafe { ffi::sqlite3_database_file_object(name) };
    // SAFETY: SQLite keeps the database's file open while its journal is in use.
    match unsafe { &opened(main).place } {
        Place::Disk(handle) => disk.state().alive(*handle),
        Place::Scratch(_) => true,
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes once what it has opened.
    let open = unsafe { Box::from_raw((*file.cast::<File>()).open) };
    if let Place::Disk(handle) = open.place {
        open.shared.state().close(handle);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_dir: c_int,
) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    let (disk, name) = unsafe { (disk_of(vfs), text(name)) };
    code(disk.state().delete(&name, sync_dir != 0))
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    unsafe { *out = c_int::from(disk_of(vfs).state().exists(&text(name))) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_pathname(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    size: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite's promises, see the top; the copy includes the zero byte and must fit.
    unsafe {
        let name = CStr::from_ptr(name).to_bytes_with_nul();
        if name.len() > position(size.into()) {
            return ffi::SQLITE_CANTOPEN;
        }
        std::ptr::copy_nonoverlapping(name.as_ptr().cast(), out, name.len());
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn randomness(_: *mut ffi::sqlite3_vfs, size: c_int, out: *mut c_char) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    unsafe { std::ptr::write_bytes(out, 7, position(size.into())) };
    size
}

unsafe extern "C" fn sleep(_: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    // Called to let the other side of a lock go on. SQLite counts what it has asked for, not what
    // has passed: were this shorter, it would give up while a busy machine keeps the other waiting.
    std::thread::sleep(Duration::from_micros(microseconds.unsigned_abs().into()));
    microseconds
}

unsafe extern "C" fn current_time(_: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    const SOME_DAY_IN_2026: f64 = 2_461_369.5;
    // SAFETY: SQLite's promises, see the top.
    unsafe { *out = SOME_DAY_IN_2026 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    out: *mut c_void,
    amount: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    let (open, into) = unsafe {
        (opened(file), std::slice::from_raw_parts_mut(out.cast::<u8>(), position(amount.into())))
    };
    let read = match &open.place {
        Place::Disk(handle) => open.shared.state().read(*handle, position(offset), into),
        Place::Scratch(bytes) => {
            let from = position(offset).min(bytes.len());
            let there = &bytes[from..bytes.len().min(from + into.len())];
            into[..there.len()].copy_from_slice(there);
            Ok(there.len())
        }
    };
    match read {
        Ok(read) if read == into.len() => ffi::SQLITE_OK,
        Ok(read) => {
            into[read..].fill(0);
            ffi::SQLITE_IOERR_SHORT_READ
        }
        Err(code) => code,
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    amount: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    let (open, bytes) = unsafe {
        (opened(file), std::slice::from_raw_parts(bytes.cast::<u8>(), position(amount.into())))
    };
    let offset = position(offset);
    match &mut open.place {
        Place::Disk(handle) => code(open.shared.state().write(*handle, offset, bytes)),
        Place::Scratch(scratch) => {
            let end = offset + bytes.len();
            scratch.resize(scratch.len().max(end), 0);
            scratch[offset..end].copy_from_slice(bytes);
            ffi::SQLITE_OK
        }
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    let open = unsafe { opened(file) };
    match &mut open.place {
        Place::Disk(handle) => code(open.shared.state().truncate(*handle, position(size))),
        Place::Scratch(scratch) => {
            scratch.resize(position(size), 0);
            ffi::SQLITE_OK
        }
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    let open = unsafe { opened(file) };
    match open.place {
        Place::Disk(handle) => code(open.shared.state().sync(handle)),
        Place::Scratch(_) => ffi::SQLITE_OK,
    }
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    let open = unsafe { opened(file) };
    let size = match &open.place {
        Place::Disk(handle) => open.shared.state().size(*handle),
        Place::Scratch(scratch) => Ok(scratch.len()),
    };
    code(size.map(|size| {
        // SAFETY: SQLite's promises, see the top.
        unsafe { *out = i64::try_from(size).unwrap_or(i64::MAX) };
    }))
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    let open = unsafe { opened(file) };
    let Place::Disk(handle) = open.place else { return ffi::SQLITE_OK };
    let mut state = open.shared.state();
    let raised =
        state.locks(handle).map(|locks| locks.raise(handle.holder, Level::from_sqlite(level)));
    match raised {
        Ok(true) => ffi::SQLITE_OK,
        Ok(false) => ffi::SQLITE_BUSY,
        Err(code) => code,
    }
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    let open = unsafe { opened(file) };
    let Place::Disk(handle) = open.place else { return ffi::SQLITE_OK };
    let mut state = open.shared.state();
    let level = Level::from_sqlite(level);
    code(state.locks(handle).map(|locks| locks.lower(handle.holder, level)))
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    let open = unsafe { opened(file) };
    let reserved = match open.place {
        Place::Disk(handle) => open.shared.state().locks(handle).map(|locks| locks.reserved()),
        Place::Scratch(_) => Ok(false),
    };
    code(reserved.map(|reserved| {
        // SAFETY: SQLite's promises, see the top.
        unsafe { *out = c_int::from(reserved) };
    }))
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    SECTOR_BYTES
}

/// As SQLite's own Unix files: a torn write harms no byte beside it.
unsafe extern "C" fn file_device(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

/// As the phone core says of its pool of files.
unsafe extern "C" fn opfs_device(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN | ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    let open = unsafe { opened(file) };
    let memory = match memory_of(open) {
        Ok(memory) => memory,
        Err(code) => return code,
    };
    let (region, size) = (position(region.into()), position(size.into()));
    let mut regions = memory.regions.lock().unwrap_or_else(PoisonError::into_inner);
    if extend != 0 {
        while regions.len() <= region {
            regions.push(vec![0; size / size_of::<u64>()].into_boxed_slice());
        }
    }
    // A region never moves: the boxes stay while the list of them grows.
    let start = regions.get_mut(region).map_or(null_mut(), |region| region.as_mut_ptr().cast());
    // SAFETY: SQLite's promises, see the top.
    unsafe { *out = start };
    ffi::SQLITE_OK
}

fn memory_of(open: &mut Open) -> Result<Arc<Memory>, Code> {
    let Place::Disk(handle) = open.place else { return Err(ffi::SQLITE_IOERR_SHMMAP) };
    if let Some(memory) = &open.memory {
        return Ok(Arc::clone(memory));
    }
    let memory = open.shared.state().memory(handle)?;
    open.memory = Some(Arc::clone(&memory));
    Ok(memory)
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    first: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    let open = unsafe { opened(file) };
    let Place::Disk(handle) = open.place else { return ffi::SQLITE_IOERR_SHMLOCK };
    let memory = match memory_of(open) {
        Ok(memory) if open.shared.state().alive(handle) => memory,
        Ok(_) => return ffi::SQLITE_IOERR_SHMLOCK,
        Err(code) => return code,
    };
    let mut locks = memory.locks.lock().unwrap_or_else(PoisonError::into_inner);
    let slots = position(first.into())..position((first + count).into());
    if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        locks.give(handle.holder, slots);
        return ffi::SQLITE_OK;
    }
    let exclusive = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
    if locks.take(handle.holder, slots, exclusive) { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
}

unsafe extern "C" fn shm_barrier(_: *mut ffi::sqlite3_file) {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: SQLite's promises, see the top.
    let open = unsafe { opened(file) };
    if let (Some(memory), Place::Disk(handle)) = (open.memory.take(), &open.place) {
        let mut locks = memory.locks.lock().unwrap_or_else(PoisonError::into_inner);
        locks.give(handle.holder, 0..usize::MAX);
    }
    ffi::SQLITE_OK
}

/// Files with shared memory.
static FILE_METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(file_device),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// Files without: version 1 of the interface, as `sahpool` has it.
static OPFS_METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xDeviceCharacteristics: Some(opfs_device),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    ..FILE_METHODS
};
