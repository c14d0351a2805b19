// Carries requests for the core, strictly one at a time: the core says what, this says how it
// went. A request that finds no coverage is reported as failed; when to try again is the
// core's word (`next_attempt_at`), kept here as one timer.
import type { Command } from '../bridge/types';
import type { CoreHandle } from './core';

/** A phone at the edge of coverage can hang on one request for ever. */
const REQUEST_MS_MAX = 120_000;
const TIMER_MS_MAX = 2 ** 31 - 1;

type Request = NonNullable<ReturnType<CoreHandle['nextRequest']>>;

export class Carrier {
  #carrying = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly core: CoreHandle,
    private readonly tell: (news: 'changed' | 'status') => void,
  ) {}

  /** Gives the core a command of the worker's own, and carries what follows. */
  run(command: Command): void {
    this.core.call(command);
    this.pump();
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
    for (let next = this.core.nextRequest(); next; next = this.core.nextRequest()) {
      this.tell('status');
      const answer = await this.#send(next);
      if (answer) {
        this.core.respond(next.id, answer.status, answer.type, answer.body);
        this.tell('changed');
      } else {
        this.core.failed(next.id);
        this.tell('status');
      }
    }
  }

  /** The server's answer, or nothing where there is no coverage. */
  async #send({ method, path, headers_json, body }: Request) {
    try {
      const response = await fetch(path, {
        method,
        headers: JSON.parse(headers_json) as Record<string, string>,
        ...(body.length > 0 ? { body: body as BodyInit } : {}),
        cache: 'no-store',
        credentials: 'omit',
        signal: AbortSignal.timeout(REQUEST_MS_MAX),
      });
      const type = response.headers.get('content-type') ?? '';
      return { status: response.status, type, body: new Uint8Array(await response.arrayBuffer()) };
    } catch {
      return null;
    }
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const due = this.core.status().next_attempt_at;
    if (due === null) return;
    const wait = Math.min(Math.max(due - Date.now(), 0), TIMER_MS_MAX);
    this.#timer = setTimeout(() => this.pump(), wait);
  }
}
