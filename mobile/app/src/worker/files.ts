// The bytes of photos and files on this phone: one file each in the browser's own storage, named
// by the hash of what is in it. Written and flushed before the core is told of it, and read back
// by name. Knows nothing of records and decides nothing; only the worker may call it, because
// only there are writes flushed.

/** What only workers have, and the page's types do not know. */
interface SyncFile extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<{
    truncate(size: number): void;
    write(bytes: Uint8Array, options: { at: number }): number;
    flush(): void;
    close(): void;
  }>;
}

const DIRECTORY = 'blobs';
const SMALL = '.small';

/** There is no room, or the storage does not answer; the code has words. */
export class StorageError extends Error {
  constructor(readonly code: 'storage-full' | 'storage-failed') {
    super(code);
  }
}

/** Writes bytes to the disk under their hash, with the small picture beside them. */
export async function keep(name: string, bytes: Uint8Array, small: Blob | null): Promise<void> {
  try {
    await write(name, bytes);
    if (small) await write(name + SMALL, new Uint8Array(await small.arrayBuffer()));
  } catch (error) {
    await drop(name);
    const full = error instanceof DOMException && error.name === 'QuotaExceededError';
    throw new StorageError(full ? 'storage-full' : 'storage-failed');
  }
}

/** The bytes of a name; nothing when they are not here. */
export async function find(name: string): Promise<File | null> {
  try {
    const folder = await directory();
    return await (await folder.getFileHandle(name)).getFile();
  } catch {
    return null;
  }
}

/** The small picture of a name. It stays when the large one has gone. */
export function findSmall(name: string): Promise<File | null> {
  return find(name + SMALL);
}

/** Lets go of bytes; their small picture stays. */
export async function drop(name: string): Promise<void> {
  // What is not there need not go, and a full storage may not even show its folder.
  await directory()
    .then((folder) => folder.removeEntry(name))
    .catch(() => {});
}

/** Lets go of everything: whoever was signed in has signed out. */
export async function dropAll(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(DIRECTORY, { recursive: true }).catch(() => {});
}

async function write(name: string, bytes: Uint8Array): Promise<void> {
  const folder = await directory();
  const file = await folder.getFileHandle(name, { create: true });
  const access = await (file as SyncFile).createSyncAccessHandle();
  try {
    access.truncate(0);
    const written = access.write(bytes, { at: 0 });
    if (written !== bytes.length) throw new DOMException('short write', 'QuotaExceededError');
    access.flush();
  } finally {
    access.close();
  }
}

async function directory(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(DIRECTORY, { create: true });
}
