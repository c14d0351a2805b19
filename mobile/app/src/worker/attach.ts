// From a file that somebody chose to an entry in the record: shrunk, hashed, on the disk, and only
// then named. Whatever fails on the way leaves no entry behind. Also brings back what the record
// names: from this phone, or from the office.
import type { Attaching, Failure, FileRow, JobView, LiveChannel } from '../bridge/types';
import type { CoreHandle } from './core';
import type { Files } from './files';
import { isTooLarge, shrink, small } from './pictures';
import type { Bytes } from './seal';

/** The protocol's limit (`ATTACHMENT_BYTES_MAX`). */
const BYTES_MAX = 64 * 1024 * 1024;
const LINE_CHARS_MAX = 300;

/** Why nothing was added or found. */
export class FileError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.code);
  }
}

const failed = (code: string, detail = '') => new FileError({ code, path: '', detail });

/** Adds a photo or file to a job; answers with its view. */
export async function attach(
  core: CoreHandle,
  files: Files,
  asked: Attaching,
): Promise<JobView> {
  if (await isTooLarge(asked.file)) throw failed('picture-too-large');
  const picture = await shrink(asked.file);
  const kept = picture ?? asked.file;
  if (kept.size > BYTES_MAX) throw failed('file-too-large');
  if (kept.size === 0) throw failed('file-empty');
  const bytes = new Uint8Array(await kept.arrayBuffer());
  const sha256 = await hashOf(bytes);
  await onDisk(files, sha256, bytes, picture ? await small(picture) : null);
  core.ask({ do: 'keep_file', sha256, bytes: bytes.length });
  const fields = {
    name: nameOf(asked.file.name, picture !== null),
    sha256,
    bytes: bytes.length,
    media_type: kept.type || 'application/octet-stream',
    purpose: asked.purpose,
    step: asked.step || null,
    caption: asked.caption || null,
  };
  const stated = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  return core.ask<JobView>({
    do: 'edit',
    record: asked.record,
    edit: { edit: 'add_entry', collection: 'attachments', fields: stated },
  });
}

/** The bytes that a record names; fetched from the office when they are not here. */
export async function bytesOf(
  core: CoreHandle,
  files: Files,
  record: string,
  file: Pick<FileRow, 'sha256' | 'attachment' | 'bytes'>,
  mayFetch: boolean,
): Promise<Blob> {
  const here = await files.find(file.sha256);
  const kept = here?.size === file.bytes ? await here.bytes() : null;
  if (kept) return new Blob([kept]);
  const channel = core.live();
  if (!mayFetch || !channel) throw failed('file-not-here');
  const bytes = await fetched(file.sha256, channel);
  const picture = new Blob([bytes], { type: 'image/jpeg' });
  await onDisk(files, file.sha256, bytes, await small(picture));
  core.ask({ do: 'file_fetched', record, file });
  return new Blob([bytes]);
}

async function fetched(sha256: string, { authorization }: LiveChannel) {
  const path = `/v1/blobs/${sha256}`;
  const headers = { authorization };
  const answer = await fetch(path, { headers, cache: 'no-store', credentials: 'omit' }).catch(
    () => null,
  );
  if (!answer) throw failed('offline');
  if (answer.status === 404) throw failed('file-not-at-office');
  if (!answer.ok) throw failed('server-unavailable');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  // A captive portal's page is no photo, and nobody's word is taken for what a file is.
  if ((await hashOf(bytes)) !== sha256) throw failed('answer-damaged');
  return bytes;
}

async function onDisk(
  files: Files,
  sha256: string,
  bytes: Bytes,
  picture: Blob | null,
): Promise<void> {
  // Chosen again, it must not be written over itself: a full storage would take both away.
  if (await isKept(files, sha256, bytes.length)) return;
  await files.keep(sha256, bytes, picture);
}

async function isKept(files: Files, sha256: string, length: number): Promise<boolean> {
  const there = await files.find(sha256);
  const bytes = there?.size === length ? await there.bytes() : null;
  return bytes !== null && (await hashOf(bytes)) === sha256;
}

async function hashOf(bytes: Bytes): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What it is called: one line, with the ending of what it has become. */
function nameOf(name: string, isPicture: boolean): string {
  const line = name.replaceAll(/\p{Cc}/gu, ' ').trim();
  const stem = isPicture ? `${line.replace(/\.[^.]*$/, '') || 'photo'}.jpg` : line;
  return stem.slice(-LINE_CHARS_MAX);
}
