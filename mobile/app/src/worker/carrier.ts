// Carries requests for the core, strictly one at a time: the core says what, this says how it
// went. Photos and files go when there is nothing else to send, a piece at a time, and give way
// to everything else between two pieces. A request that finds no coverage is reported as failed;
// when to try again is the core's word (`next_attempt_at`), kept here as one timer.
import type { Command } from '../bridge/types';
import type { CoreHandle } from './core';
import type { Files } from './files';
import { metered } from './network';

/** A phone at the edge of coverage can hang on one request for ever. */
const REQUEST_MS_MAX = 120_000;
const TIMER_MS_MAX = 2 ** 31 - 1;
/** An attempt that is due waits until the person pauses this long, but not for ever. */
const PAUSE_MS = 700;
const PATIENCE_MS = 5_000;

type Request = NonNullable<ReturnType<CoreHandle['nextRequest']>>;
type FileRequest = NonNullable<ReturnType<CoreHandle['nextFileRequest']>>;

export class Carrier {
  #carrying = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedAt = 0;

  constructor(
    private readonly core: CoreHandle,
    private readonly files: Files,
    private readonly tell: (news: 'changed' | 'status') => void,
  ) {}

  /** Gives the core a command of the worker's own, and carries what follows. */
  run(command: Command): void {
    this.core.call(command);
    this.pump();
  }

  /** The person is doing something. What is written is tried to be sent at once; only trying
      again, which has just been in vain, can wait. */
  asked(): void {
    this.#askedAt = Date.now();
  }

  /** Carries until the core has nothing more to send. */
  pump(): void {
    if (this.#carrying) return;
    this.#carrying = true;
    void this.#carryAll().finally(() => {
      this.#carrying = false;
      this.#setTimer();
    });
  }

  async #carryAll(): Promise<void> {
    for (;;) {
      const next = this.core.nextRequest();
      if (next) await this.#carry(next);
      else if (!(await this.#carryFile())) {
        // Asking for a file may have made the core want something first: another access token.
        const first = this.core.nextRequest();
        if (!first) return;
        await this.#carry(first);
      }
    }
  }

  async #carry(next: Request): Promise<void> {
    this.tell('status');
    const answer = await this.#send(next.path, next.method, next.headers_json, next.body);
    if (answer) {
      this.core.respond(next.id, answer.status, answer.type, answer.body);
      this.tell('changed');
    } else {
      this.core.failed(next.id);
      this.tell('status');
    }
  }

  /** Whether something was carried; where nothing was, why is in `status.files_wait`. */
  async #carryFile(): Promise<boolean> {
    const next = this.core.nextFileRequest(metered());
    if (!next) return false;
    const body = next.piece_of ? await this.#pieceFor(next) : next.body;
    if (!body) {
      this.core.fileUnreadable(next.id);
      this.tell('changed');
      return true;
    }
    const answer = await this.#send(next.path, next.method, next.headers_json, body);
    if (answer) this.core.fileAnswered(next.id, answer.status, answer.offset, answer.body);
    else this.core.fileFailed(next.id);
    this.tell('changed');
    return true;
  }

  async #pieceFor({ piece_of, from, to, seal }: FileRequest): Promise<Uint8Array | null> {
    const file = await this.files.find(piece_of);
    const piece = file && file.size >= to ? await file.bytes(from, to) : null;
    return piece && seal ? this.core.sealedPiece(piece_of, from, piece) : piece;
  }

  /** The server's answer, or nothing where there is no coverage. */
  async #send(path: string, method: string, headers: string, body: Uint8Array) {
    try {
      const response = await fetch(path, {
        method,
        headers: JSON.parse(headers) as Record<string, string>,
        ...(body.length > 0 ? { body: body as BodyInit } : {}),
        cache: 'no-store',
        credentials: 'omit',
        signal: AbortSignal.timeout(REQUEST_MS_MAX),
      });
      const type = response.headers.get('content-type') ?? '';
      const said = response.headers.get('upload-offset');
      const offset = said === null ? undefined : Number(said);
      const answer = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, type, offset, body: answer };
    } catch {
      return null;
    }
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const due = this.core.status().next_attempt_at;
    if (due === null) return;
    const wait = Math.min(Math.max(due - Date.now(), 0), TIMER_MS_MAX);
    this.#timer = setTimeout(() => this.#attempt(due), wait);
  }

  #attempt(due: number): void {
    const now = Date.now();
    const pausing = now - this.#askedAt >= PAUSE_MS;
    if (pausing || now > due + PATIENCE_MS) return this.pump();
    this.#timer = setTimeout(() => this.#attempt(due), PAUSE_MS);
  }
}
