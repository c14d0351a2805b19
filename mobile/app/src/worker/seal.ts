// Seals bytes at rest with a key that follows from the record's own, in pieces, so that one can be
// read without the others. A piece opens only in its own place of the file of its own name.

export type Bytes = Uint8Array<ArrayBuffer>;

const PIECE_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const SEALED_PIECE_BYTES = PIECE_BYTES + TAG_BYTES;
/** A file begins with a random number that no other file has; with a piece's place it makes the
    nonce, which must never come twice. */
const START_BYTES = 8;

export class Seal {
  private constructor(private readonly key: CryptoKey) {}

  static async under(recordKey: Bytes): Promise<Seal> {
    const from = await crypto.subtle.importKey('raw', recordKey, 'HKDF', false, ['deriveKey']);
    const info = new TextEncoder().encode('docket files');
    const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
    const kind = { name: 'AES-GCM', length: 256 };
    const uses: KeyUsage[] = ['encrypt', 'decrypt'];
    return new Seal(await crypto.subtle.deriveKey(how, from, kind, false, uses));
  }

  /** What a file of this name is written as. */
  async close(name: string, bytes: Bytes): Promise<Bytes> {
    const start = crypto.getRandomValues(new Uint8Array(START_BYTES));
    const pieces: Bytes[] = [start];
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const how = wayOf(name, start, at / PIECE_BYTES);
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      pieces.push(new Uint8Array(await crypto.subtle.encrypt(how, this.key, piece)));
    }
    return joined(pieces);
  }

  /** How many bytes are in a file that was written as this many. */
  sizeOf(written: number): number {
    const sealed = Math.max(0, written - START_BYTES);
    return sealed - Math.ceil(sealed / SEALED_PIECE_BYTES) * TAG_BYTES;
  }

  /** Bytes of a file; nothing when they are not what was sealed. */
  async open(name: string, file: Blob, from: number, to: number): Promise<Bytes | null> {
    const start = await bytesOf(file.slice(0, START_BYTES));
    const first = Math.floor(from / PIECE_BYTES);
    const pieces: Bytes[] = [];
    for (let place = first; place * PIECE_BYTES < to; place += 1) {
      const at = START_BYTES + place * SEALED_PIECE_BYTES;
      const sealed = await bytesOf(file.slice(at, at + SEALED_PIECE_BYTES));
      const how = wayOf(name, start, place);
      const opened = await crypto.subtle.decrypt(how, this.key, sealed).catch(() => null);
      if (!opened) return null;
      pieces.push(new Uint8Array(opened));
    }
    const skipped = first * PIECE_BYTES;
    return joined(pieces).subarray(from - skipped, to - skipped);
  }
}

function wayOf(name: string, start: Bytes, place: number): AesGcmParams {
  const iv = new Uint8Array(START_BYTES + 4);
  iv.set(start);
  new DataView(iv.buffer).setUint32(START_BYTES, place);
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(name) };
}

function joined(pieces: Bytes[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

async function bytesOf(part: Blob): Promise<Bytes> {
  return new Uint8Array(await part.arrayBuffer());
}
