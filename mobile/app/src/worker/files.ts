// The bytes of photos and files on this phone: one file each in the browser's own storage, sealed,
// and named by the hash of what is in it. Written and flushed before the core is told of it, and
// read back by name. Knows nothing of records and decides nothing; only the worker may use it,
// because only there are writes flushed.
import type { Bytes, Seal } from './seal';

/** What only workers have, and the page's types do not know. */
interface SyncFile extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<{
    truncate(size: number): void;
    write(bytes: Uint8Array, options: { at: number }): number;
    flush(): void;
    close(): void;
  }>;
}

/** A file that is here. */
export interface KeptFile {
  size: number;
  /** Its bytes, or some of them; nothing when they are not what was kept. */
  bytes(from?: number, to?: number): Promise<Bytes | null>;
}

const DIRECTORY = 'blobs';
const SMALL = '.small';

/** There is no room, or the storage does not answer; the code has words. */
export class StorageError extends Error {
  constructor(readonly code: 'storage-full' | 'storage-failed') {
    super(code);
  }
}

export class Files {
  constructor(private readonly seal: Seal) {}

  /** Writes bytes to the disk under their hash, with the small picture beside them. */
  async keep(name: string, bytes: Bytes, small: Blob | null): Promise<void> {
    try {
      await this.#write(name, bytes);
      if (small) await this.#write(name + SMALL, new Uint8Array(await small.arrayBuffer()));
    } catch (error) {
      await this.drop(name);
      const full = error instanceof DOMException && error.name === 'QuotaExceededError';
      throw new StorageError(full ? 'storage-full' : 'storage-failed');
    }
  }

  /** The file of a name; nothing when it is not here. */
  async find(name: string): Promise<KeptFile | null> {
    try {
      const folder = await directory();
      const file = await (await folder.getFileHandle(name)).getFile();
      const size = this.seal.sizeOf(file.size);
      return { size, bytes: (from = 0, to = size) => this.seal.open(name, file, from, to) };
    } catch {
      return null;
    }
  }

  /** The small picture of a name. It stays when the large one has gone. */
  async small(name: string): Promise<Blob | null> {
    const bytes = await (await this.find(name + SMALL))?.bytes();
    return bytes ? new Blob([bytes], { type: 'image/jpeg' }) : null;
  }

  /** Lets go of bytes; their small picture stays. */
  async drop(name: string): Promise<void> {
    // What is not there need not go, and a full storage may not even show its folder.
    await directory()
      .then((folder) => folder.removeEntry(name))
      .catch(() => {});
  }

  /** Lets go of everything: whoever was signed in has signed out. */
  async dropAll(): Promise<void> {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry(DIRECTORY, { recursive: true }).catch(() => {});
  }

  async #write(name: string, bytes: Bytes): Promise<void> {
    const sealed = await this.seal.close(name, bytes);
    const folder = await directory();
    const file = await folder.getFileHandle(name, { create: true });
    const access = await (file as SyncFile).createSyncAccessHandle();
    try {
      access.truncate(0);
      const written = access.write(sealed, { at: 0 });
      if (written !== sealed.length) throw new DOMException('short write', 'QuotaExceededError');
      access.flush();
    } finally {
      access.close();
    }
  }
}

async function directory(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(DIRECTORY, { create: true });
}
