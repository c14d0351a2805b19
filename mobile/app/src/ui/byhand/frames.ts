// A file as frames that one phone shows as QR codes and another one reads, in any order and again
// and again until it has all (protocol/PROTOCOL.md, hand-overs). Letters of a QR code's own small
// alphabet, because readers give text and not bytes.

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const VERSION = 1;
const HEAD_BYTES = 9;
/** What one frame holds of the file: a code that a phone's camera reads from a phone's screen. */
const PART_BYTES = 400;
const FRAMES_MAX = 0xffff;

/** The texts of all frames of a file. */
export async function framesOf(file: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const session = await digestOf(file);
  const count = Math.ceil(file.length / PART_BYTES);
  if (count > FRAMES_MAX) throw new RangeError('a file of more frames than can be counted');
  return Array.from({ length: count }, (_, place) => {
    const part = file.subarray(place * PART_BYTES, (place + 1) * PART_BYTES);
    const frame = new Uint8Array(HEAD_BYTES + part.length);
    const head = new DataView(frame.buffer);
    frame[0] = VERSION;
    frame.set(session, 1);
    head.setUint16(5, place);
    head.setUint16(7, count);
    frame.set(part, HEAD_BYTES);
    return base45(frame);
  });
}

/** What has been read of one file so far. A frame of another file begins anew. */
export class Gathered {
  #session = '';
  #count = 0;
  readonly #parts = new Map<number, Uint8Array>();

  get read(): number {
    return this.#parts.size;
  }

  /** Frames of the file; 0 before the first. */
  get count(): number {
    return this.#count;
  }

  /** Takes what a code says; false when it is none of ours. */
  add(text: string): boolean {
    const frame = fromBase45(text);
    if (!frame || frame[0] !== VERSION || frame.length <= HEAD_BYTES) return false;
    const head = new DataView(frame.buffer);
    const [place, count] = [head.getUint16(5), head.getUint16(7)];
    if (place >= count) return false;
    const session = frame.subarray(1, 5).join();
    if (session !== this.#session || count !== this.#count) {
      this.#parts.clear();
      this.#session = session;
      this.#count = count;
    }
    this.#parts.set(place, frame.subarray(HEAD_BYTES));
    return true;
  }

  /** The whole file; null while frames are missing, or when they do not make one. */
  async file(): Promise<Uint8Array<ArrayBuffer> | null> {
    if (this.#count === 0 || this.read < this.#count) return null;
    const parts = Array.from({ length: this.#count }, (_, place) => this.#parts.get(place));
    const file = new Uint8Array(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
    let at = 0;
    for (const part of parts) {
      if (part) file.set(part, at);
      at += part?.length ?? 0;
    }
    if ((await digestOf(file)).join() === this.#session) return file;
    this.#parts.clear();
    return null;
  }
}

async function digestOf(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', file)).subarray(0, 4);
}

/** RFC 9285: two bytes are three letters, a last one is two; the least significant first. */
function base45(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = at + 1 < bytes.length;
    let number = pair ? (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0) : (bytes[at] ?? 0);
    for (let letter = 0; letter < (pair ? 3 : 2); letter += 1) {
      text += ALPHABET[number % 45];
      number = Math.floor(number / 45);
    }
  }
  return text;
}

function fromBase45(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const letters = [...text.slice(at, at + 3)].map((letter) => ALPHABET.indexOf(letter));
    if (letters.length < 2 || letters.includes(-1)) return null;
    const number = letters.reduceRight((sum, letter) => sum * 45 + letter, 0);
    if (number > (letters.length === 3 ? 0xffff : 0xff)) return null;
    if (letters.length === 3) bytes.push(number >> 8);
    bytes.push(number & 0xff);
  }
  return new Uint8Array(bytes);
}
