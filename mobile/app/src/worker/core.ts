// The wasm core with types: JSON in, JSON out, and the clock put in on every call. Opening is
// tried again while the storage is busy, because a tab that was just closed gives its files back
// late. The only file that imports the core.
import initialise, { Core, is_too_large, stretch } from '../core/docket_mobile_core.js';
import type { Outcome } from '../bridge/messages';
import type { Command, Draft, Failure, LiveChannel, Status } from '../bridge/types';
import { zoneOffsetMs } from './zones';
import type { Bytes } from './seal';

const OPEN_ATTEMPTS_MAX = 20;
const OPEN_AGAIN_MS = 150;

/** Commands that change nothing that screens show; a draft is on the screen already. */
const READING = new Set<Command['do']>([
  'status',
  'jobs',
  'job',
  'history',
  'find',
  'dossiers',
  'dossier',
  'articles_for',
  'article',
  'clocks',
  'catalog',
  'field_rules',
  'prepare_signoff',
  'held',
  'refused',
  'settled',
  'overruled',
  'export_refused',
  'evacuate',
  'parcels',
  'files',
  'files_plan',
  'files_not_needed',
  'drafts',
  'keep_draft',
  'live',
  'room',
]);

/** A command of the worker's own was not carried out. */
export class FailedError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.code);
  }
}

/** Whether a picture is too large to be drawn, by its first bytes. */
export const isTooLargeToDraw = is_too_large;

export type CoreHandle = Awaited<ReturnType<typeof coreOf>>;

/** Loads the core's code; answers with the part of it that a lock needs. */
export async function load(): Promise<typeof stretch> {
  await initialise();
  return stretch;
}

/** Opens the core over the database of this name, sealed by this key. */
export async function coreOf(database: string, key: Uint8Array) {
  const core = await opened(database, key);
  core.set_zones(zoneOffsetMs);
  const answer = (command: Command) => core.call(Date.now(), JSON.stringify(command));
  const call = (command: Command) => JSON.parse(answer(command)) as Outcome;

  /** A command of the worker's own; throws when it was not carried out. */
  const ask = <T>(command: Command): T => {
    const outcome = call(command);
    if ('error' in outcome) throw new FailedError(outcome.error);
    return outcome.ok as T;
  };

  return {
    answer,
    call,
    ask,
    writes: (command: Command) => !READING.has(command.do),
    status: () => valueOf<Status>(call({ do: 'status' })),
    drafts: () => valueOf<Draft[]>(call({ do: 'drafts' })),
    live: () => valueOf<LiveChannel | null>(call({ do: 'live' })),
    nextRequest: () => core.next_request(Date.now()),
    respond: (id: number, status: number, type: string, body: Uint8Array) =>
      unlessCoded(() => core.respond(Date.now(), id, status, type, body)),
    failed: (id: number) => core.failed(Date.now(), id),
    nextFileRequest: (metered: boolean | undefined) => core.next_file_request(Date.now(), metered),
    sealedPiece: (sha256: string, from: number, piece: Uint8Array) =>
      core.sealed_piece(Date.now(), sha256, from, piece) as Bytes,
    fileAnswered: (id: number, status: number, offset: number | undefined, body: Uint8Array) =>
      unlessCoded(() => core.file_answered(Date.now(), id, status, offset, body)),
    fileFailed: (id: number) => core.file_failed(Date.now(), id),
    fileUnreadable: (id: number) => unlessCoded(() => core.file_unreadable(Date.now(), id)),
  };
}

/** A coded error is an answer the core could not use: it is in `status.problem`, nothing of it was
 *  kept, and it will be asked for again. Anything else is a panic. */
function unlessCoded(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!codeOf(error)) throw error;
  }
}

async function opened(database: string, key: Uint8Array): Promise<Core> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await Core.open(database, key);
    } catch (error) {
      const busy = codeOf(error) === 'storage-busy';
      if (!busy || attempt === OPEN_ATTEMPTS_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, OPEN_AGAIN_MS));
    }
  }
}

function valueOf<T>(outcome: Outcome): T {
  if ('error' in outcome) throw new Error(`${outcome.error.code} ${outcome.error.detail}`);
  return outcome.ok as T;
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | null)?.code;
}
