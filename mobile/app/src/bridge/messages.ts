// What the main thread and the worker say to each other. The worker owns the record; the page
// only asks. Every question carries an id and gets exactly one answer; news comes unasked.
import type { Command, Draft, Errand, Failure, Id, Status } from './types';

/** From the page to the worker. */
export type Question =
  | { id: number; command: Command }
  | { id: number; errand: Errand }
  | { id: number; lock: LockCommand };

/** About the lock of this phone; these are answered while it is locked, too. */
export type LockCommand =
  | { lock: 'open'; pin: string }
  /** By name and password, for those who forgot the PIN. */
  | { lock: 'open_by_office'; login: string; password: string }
  /** From the next start on; `null` for none. */
  | { lock: 'choose_pin'; pin: string | null };

/** How the lock stands. */
export interface LockState {
  pin: boolean;
  tries_left: number;
  next_try_at: number;
  /** Whether the office could open this phone. */
  office: boolean;
}

/** From the worker to the page. */
export type Answer =
  /** The core's own words, an `Outcome` as JSON: text crosses faster than what it says. */
  { kind: 'reply'; id: number; text: string }
  /** What the worker itself has brought: it may hold bytes, which are not text. */
  | { kind: 'brought'; id: number; outcome: Outcome }
  | News;

/** What a command came to. */
export type Outcome = { ok: unknown } | { error: Failure };

/** What the worker tells without being asked. */
export type News =
  /** Another tab holds the record; this one takes over when that one closes. */
  | { kind: 'waiting' }
  /** How the lock stands now. */
  | { kind: 'lock'; lock: LockState }
  /** The record stays closed until the lock is opened. */
  | { kind: 'locked'; lock: LockState }
  /** The record is open and questions are answered. */
  | { kind: 'ready'; status: Status; drafts: Draft[] }
  /** The record could not be opened, or the core gave up. Nothing saved is lost. */
  | { kind: 'broken'; code: string; detail: string }
  /** Something in the record changed; views should be asked for again. By an edit of the person's
      own only one record did, and its view was the answer. */
  | { kind: 'changed'; status: Status; edited: Id | null }
  /** Only the state of sending changed. */
  | { kind: 'status'; status: Status };
