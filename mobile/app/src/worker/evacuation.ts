// Everything unsent as one file, and such a file of a colleague's: a parcel of records, and behind
// it photos and files in pieces that only the office can open. Each part follows its length. A file
// may be longer than memory is large, so it is written and read a piece at a time.
import { fromBase64, toBase64 } from '../bridge/base64';
import type { Evacuated, ParcelRow, Replies } from '../bridge/types';
import { FileError } from './attach';
import type { CoreHandle } from './core';
import type { Files } from './files';
import type { Bytes } from './seal';

/** How such a file begins (`EVACUATION_MAGIC`). */
const MAGIC = new TextEncoder().encode('docket-evacuation-1\n');
const LENGTH_BYTES = 4;
/** The protocol's pieces (`ATTACHMENT_CHUNK_BYTES`). */
const PIECE_BYTES = 256 * 1024;
/** The longest part that anybody takes. */
const PART_BYTES_MAX = 8 * 1024 * 1024;

/** Writes everything unsent; a file whose bytes are not here any more is left out. */
export async function evacuate(core: CoreHandle, files: Files): Promise<Evacuated> {
  const unsent = core.ask<Replies['evacuate']>({ do: 'evacuate' });
  const parts: BlobPart[] = [MAGIC, ...framed(fromBase64(unsent.file))];
  let count = 0;
  for (const { sha256, bytes } of unsent.files) {
    const pieces = await sealed(core, files, sha256, bytes);
    if (pieces) count += 1;
    parts.push(...(pieces ?? []));
  }
  return { file: new Blob(parts), edits: unsent.edits, files: count };
}

/** A file of this phone in pieces that only the office can open; nothing when it is not here. */
async function sealed(core: CoreHandle, files: Files, sha256: string, bytes: number) {
  const kept = await files.find(sha256);
  if (kept?.size !== bytes) return null;
  const pieces: Blob[] = [];
  for (let from = 0; from < bytes; from += PIECE_BYTES) {
    const piece = await kept.bytes(from, Math.min(bytes, from + PIECE_BYTES));
    if (!piece) return null;
    // A blob of its own: the browser may put it on the disk.
    pieces.push(new Blob(framed(core.sealedPiece(sha256, from, piece))));
  }
  return pieces;
}

/** Keeps a colleague's file: the records first, because they matter most. */
export async function takeIn(core: CoreHandle, files: Files, file: File): Promise<ParcelRow> {
  const parts = partsOf(file);
  const first = await parts.next();
  if (first.done) throw notOne();
  const parcel = core.ask<ParcelRow>({ do: 'take_parcel', file: toBase64(first.value) });
  let place = 0;
  for await (const piece of parts) {
    await files.keep(`piece-${parcel.id}-${place}`, piece, null);
    core.ask({ do: 'keep_piece', parcel: parcel.id, place, bytes: piece.length });
    place += 1;
  }
  return parcel;
}

/** The parts of a file, the parcel first. One of nothing but a parcel is its own only part. */
async function* partsOf(file: Blob): AsyncGenerator<Bytes> {
  const begins = await bytesOf(file.slice(0, MAGIC.length));
  if (begins.length < MAGIC.length || !MAGIC.every((byte, at) => byte === begins[at])) {
    yield await bytesOf(file.slice(0, PART_BYTES_MAX));
    return;
  }
  let at = MAGIC.length;
  while (at < file.size) {
    const length = await bytesOf(file.slice(at, at + LENGTH_BYTES));
    if (length.length < LENGTH_BYTES) throw notOne();
    const bytes = new DataView(length.buffer).getUint32(0);
    at += LENGTH_BYTES;
    if (bytes > PART_BYTES_MAX || at + bytes > file.size) throw notOne();
    yield await bytesOf(file.slice(at, at + bytes));
    at += bytes;
  }
}

function framed(part: Bytes): [Bytes, Bytes] {
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, part.length);
  return [length, part];
}

async function bytesOf(part: Blob): Promise<Bytes> {
  return new Uint8Array(await part.arrayBuffer());
}

const notOne = () => new FileError({ code: 'not-a-parcel', path: '', detail: '' });
