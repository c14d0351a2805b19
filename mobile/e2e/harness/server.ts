// The real server: the `docket` program as its own process on a data folder of its own. It can
// be stopped, killed in the middle of anything, and started again on the same address. People
// are made with the program's own command, as an operator would.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { fromRoot } from './tree';

const PROGRAM = process.env.DOCKET_SERVER ?? fromRoot('target/debug/docket');

export interface Account {
  login: string;
  name: string;
  role: 'engineer' | 'desk' | 'manager' | 'administrator';
}

/** Password of every account. */
export const PASSWORD = 'correct horse battery staple';

/** Password of everybody in the demo's organisation. */
export const DEMO_PASSWORD = 'docket-demo';

/** Who takes the calls there. */
export const DEMO_DESK = 'chenjing';

export const people = {
  desk: { login: 'desk', name: 'Mei Chen', role: 'desk' },
  manager: { login: 'manager', name: 'Jonas Weber', role: 'manager' },
  ada: { login: 'ada', name: 'Ada Novak', role: 'engineer' },
  lin: { login: 'lin', name: '林涛', role: 'engineer' },
} as const satisfies Record<string, Account>;

const running = new Set<ChildProcess>();
// A run that is broken off leaves no servers behind.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export class Server {
  #process: ChildProcess | null = null;
  #log: string[] = [];
  /** `host:port`, the same after every start. */
  address = '127.0.0.1:0';
  /** Whether it was filled with the demo's organisation. */
  isDemo = false;

  private constructor(readonly data: string) {}

  /** A running server with the people above. */
  static async start(): Promise<Server> {
    const server = await Server.onEmptyFolder();
    for (const account of Object.values(people)) await server.addUser(account);
    await server.run(['serve']);
    return server;
  }

  /** A server process over the believable organisation of `docket demo`. */
  static async demo(): Promise<Server> {
    const server = await Server.onEmptyFolder();
    server.isDemo = true;
    await server.run(['demo']);
    return server;
  }

  private static async onEmptyFolder(): Promise<Server> {
    return new Server(await mkdtemp(join(tmpdir(), 'docket-e2e-')));
  }

  get url(): string {
    return `http://${this.address}`;
  }

  /** Makes an account. */
  async addUser({ login, name, role }: Account): Promise<void> {
    const user = ['--login', login, '--name', name, '--role', role];
    await this.command(['user', 'add', ...user, '--password-stdin'], `${PASSWORD}\n`);
  }

  /** Starts the process again on the same data and address. */
  async restart(): Promise<void> {
    await this.run(['serve']);
  }

  /** SIGKILL: no farewell, whatever it was doing. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }

  /** Ends the process and takes its data away. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Runs a command on the data folder; answers with what it printed. */
  command(words: string[], input = ''): Promise<string> {
    return docket([...words, '--data', this.data], input);
  }

  private async run(words: string[]): Promise<void> {
    const child = spawn(PROGRAM, [...words, '--data', this.data, '--listen', this.address]);
    this.#process = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    child.stderr.on('data', (bytes: Buffer) => this.#log.push(bytes.toString()));
    this.address = await this.#addressOf(child);
  }

  /** The process says where it listens once it does. */
  async #addressOf(child: ChildProcess): Promise<string> {
    for await (const line of createInterface(child.stdout as Readable)) {
      this.#log.push(line);
      const said = /http:\/\/[^/\s]*:(\d+)/.exec(line);
      if (said) {
        child.stdout?.resume();
        return `127.0.0.1:${said[1]}`;
      }
    }
    throw new Error(`docket did not start:\n${this.#log.join('\n')}`);
  }
}

/** Runs the program without a data folder; throws with its words when it fails. */
export async function docket(words: string[], input = ''): Promise<string> {
  const child = spawn(PROGRAM, words);
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  // Most commands end without reading what nobody says.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [out, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await ended) !== 0) throw new Error(`docket ${words.join(' ')}:\n${out}${problems}`);
  return out;
}
