// Seeded histories and what the core shows of them natively, from `docket-histories`.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fromRoot } from './tree';

export interface Tape {
  now: number;
  sign_in: object;
  /** Answers to the requests that follow, in order; bodies in base64. */
  answers: { content_type: string; body: string }[];
  commands: object[];
  /** What the native core answers to each command. */
  views: string[];
}

export async function histories(count: number): Promise<Tape> {
  const program = process.env.DOCKET_HISTORIES ?? fromRoot('target/debug/docket-histories');
  const limits = { maxBuffer: 512 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(program, [String(count)], limits);
  return JSON.parse(stdout) as Tape;
}
