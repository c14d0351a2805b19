// What the main thread and the worker say to each other. The worker owns the record; the page
// only asks. Every question carries an id and gets exactly one answer; news comes unasked.
import type { Command, Errand, Failure, Status } from './types';

/** From the page to the worker. */
export type Question = { id: number; command: Command } | { id: number; errand: Errand };

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
  /** The record is open and questions are answered. */
  | { kind: 'ready'; status: Status }
  /** The record could not be opened, or the core gave up. Nothing saved is lost. */
  | { kind: 'broken'; code: string; detail: string }
  /** Something in the record changed; views should be asked for again. */
  | { kind: 'changed'; status: Status }
  /** Only the state of sending changed. */
  | { kind: 'status'; status: Status };
