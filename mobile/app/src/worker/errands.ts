// What the worker fetches or keeps besides the record: the bytes of photos and files.
import type { Outcome } from '../bridge/messages';
import type { Errand } from '../bridge/types';
import { attach, bytesOf, FileError } from './attach';
import { type CoreHandle, FailedError } from './core';
import { evacuate, takeIn } from './evacuation';
import { type Files, StorageError } from './files';

/** An errand, and what came of it; what is not one of our own failures ends the worker. */
export async function run(core: CoreHandle, files: Files, errand: Errand): Promise<Outcome> {
  try {
    return { ok: await bring(core, files, errand) };
  } catch (error) {
    if (error instanceof FileError || error instanceof FailedError) return { error: error.failure };
    if (error instanceof StorageError) return { error: { code: error.code, path: '', detail: '' } };
    throw error;
  }
}

/** What was added or taken in has to go; what was fetched is known here from now on. */
export function changes(errand: Errand): boolean {
  if (errand.errand === 'bytes') return errand.fetch;
  return errand.errand === 'attach' || errand.errand === 'take_evacuation';
}

/** Lets go of copies that nobody needs here: the office has them, or has seen them long ago. */
export async function sweep(core: CoreHandle, files: Files): Promise<void> {
  for (const name of core.ask<string[]>({ do: 'files_not_needed' })) {
    await files.drop(name);
    core.ask({ do: 'file_dropped', name });
  }
}

function bring(core: CoreHandle, files: Files, errand: Errand): Promise<unknown> {
  switch (errand.errand) {
    case 'attach':
      return attach(core, files, errand);
    case 'bytes':
      return bytesOf(core, files, errand.record, errand.file, errand.fetch);
    case 'small':
      return files.small(errand.sha256);
    case 'evacuate':
      return evacuate(core, files);
    case 'take_evacuation':
      return takeIn(core, files, errand.file);
  }
}
