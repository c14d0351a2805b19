// A person at a desk who uses the JSON API: the quick way to bring a server into the state a
// story begins with. What a story is about is done on screen instead.
import { DEMO_DESK, DEMO_PASSWORD, PASSWORD, people, type Server } from './server';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = Record<string, Json>;
/** A job's content: its parts, and their fields or entries. */
/** A photo or file as a record names it. */
export interface NamedFile {
  sha256: string;
  bytes: number;
}

export type Content = Record<string, Record<string, Json>>;

export class Desk {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async signIn(server: Server): Promise<Desk> {
    const body = server.isDemo
      ? { login: DEMO_DESK, password: DEMO_PASSWORD }
      : { login: people.desk.login, password: PASSWORD };
    const { access_token } = await send(`${server.url}/v1/login`, {}, body);
    return new Desk(server.url, String(access_token));
  }

  /** Opens a job, hands it to its lead and helpers, and answers with its id. */
  async openJob(fields: Fields, lead: string, ...helpers: string[]): Promise<string> {
    const { record } = await this.#post('/v1/jobs', { fields });
    const job = String(record);
    await this.assign(job, lead);
    for (const helper of helpers) {
      const path = `assignment/helpers/${await this.#person(helper)}`;
      await this.edit(job, { edit: 'set_field', path, value: true });
    }
    return job;
  }

  /** Makes an edit as the desk. */
  async edit(job: string, edit: Fields): Promise<void> {
    await this.#post(`/v1/jobs/${job}/edits`, edit);
  }

  /** A job with content, conflicts, sign-offs and timeline. */
  async job(job: string): Promise<Record<string, Json>> {
    return this.#get(`/v1/jobs/${job}`);
  }

  /** A job's merged content. */
  async content(job: string): Promise<Json> {
    return (await this.job(job)).content ?? null;
  }

  /** Hands a job to an engineer, by name. */
  async assign(job: string, lead: string): Promise<void> {
    await this.edit(job, { edit: 'assign', lead: await this.#person(lead) });
  }

  /** A job as a document file. */
  async document(job: string): Promise<Uint8Array> {
    const response = await fetch(`${this.url}/v1/docs/${job}.automerge`, {
      headers: this.#headers(),
    });
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** The stage of a job. */
  async stage(job: string): Promise<Json> {
    return (await this.job(job)).stage ?? null;
  }

  /** A photo or file, byte for byte. */
  async file(sha256: string): Promise<Uint8Array> {
    const response = await fetch(`${this.url}/v1/blobs/${sha256}`, { headers: this.#headers() });
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** The first photo or file that a job names: what the record says of it, and its bytes. */
  async firstFile(job: string): Promise<{ named: NamedFile; bytes: Uint8Array }> {
    const content = (await this.content(job)) as Content;
    const [named] = Object.values(content.attachments ?? {}) as unknown as NamedFile[];
    if (!named) throw new Error(`${job} names no file`);
    return { named, bytes: await this.file(named.sha256) };
  }

  /** Takes a document file in as a new job; answers with its id. */
  async takeIn(file: Uint8Array): Promise<string> {
    const headers = { ...this.#headers(), 'content-type': 'application/octet-stream' };
    const body = Uint8Array.from(file);
    const response = await fetch(`${this.url}/v1/docs`, { method: 'POST', headers, body });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${answer}`);
    return (JSON.parse(answer) as { record: string }).record;
  }

  /** Brings an evacuation file. */
  async bring(file: Uint8Array): Promise<void> {
    const headers = { ...this.#headers(), 'content-type': 'application/vnd.docket.sync.v1+cbor' };
    const body = Uint8Array.from(file);
    const response = await fetch(`${this.url}/v1/parcels`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  }

  /** The titles of all jobs. */
  async titles(): Promise<string[]> {
    return (await this.#jobs()).map(({ title }) => title);
  }

  /** The merged content of the job with this title. */
  async contentOf(title: string): Promise<Content> {
    const found = (await this.#jobs()).find((job) => job.title === title);
    if (!found) throw new Error(`no job is called ${title}`);
    return (await this.content(found.record)) as Content;
  }

  async #jobs(): Promise<{ record: string; title: string }[]> {
    const { jobs } = await this.#get('/v1/jobs');
    return jobs as { record: string; title: string }[];
  }

  async #person(name: string): Promise<string> {
    const answer = await this.#get('/v1/people');
    const everyone = answer.people as { id: string; name: string }[];
    const found = everyone.find((person) => person.name === name);
    if (!found) throw new Error(`nobody is called ${name}`);
    return found.id;
  }

  #get(path: string) {
    return send(`${this.url}${path}`, this.#headers());
  }

  #post(path: string, body: Json) {
    return send(`${this.url}${path}`, this.#headers(), body);
  }

  #headers() {
    return { authorization: `Bearer ${this.token}` };
  }
}

async function send(url: string, headers: Record<string, string>, body?: Json) {
  const response = await fetch(url, {
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${answer}`);
  return JSON.parse(answer) as Record<string, Json>;
}
