// The way from one phone to the server: a small proxy that counts what really arrives, also
// from workers, and that can have no coverage or answer like a captive portal. Each phone has
// its own, on an address that stays, so a phone never notices when the server is away for long.
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export type Coverage = 'full' | 'none' | 'portal';

const PORTAL_PAGE = '<!doctype html><title>Free Wi-Fi</title><p>Please accept our terms.';

export class Link {
  coverage: Coverage = 'full';
  /** Changes text on its way to the phone, by path. */
  rewrites: Record<string, (text: string) => string> = {};
  /** Requests whose connection breaks before they get through. */
  refuses: (path: string, method: string) => boolean = () => false;
  /** What arrived, as `POST /v1/sync`, in order. */
  readonly requests: string[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #proxy = createServer((request, response) => this.#carry(request, response));

  private constructor(private readonly upstream: () => string) {}

  /** Opens the way; `upstream` is asked for `host:port` at every request. */
  static async open(upstream: () => string): Promise<Link> {
    const link = new Link(upstream);
    link.#proxy.on('connection', (socket) => link.#connected(socket));
    await new Promise<void>((done) => link.#proxy.listen(0, '127.0.0.1', done));
    return link;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#proxy.address() as AddressInfo).port}`;
  }

  /** How many requests for this path have arrived since the last `forget`. */
  count(path: string): number {
    return this.requests.filter((line) => line.endsWith(` ${path}`)).length;
  }

  forget(): void {
    this.requests.length = 0;
  }

  /** Coverage goes: open streams break, new connections are refused. */
  cut(): void {
    this.coverage = 'none';
    this.#sockets.forEach((socket) => socket.destroy());
  }

  close(): void {
    this.cut();
    this.#proxy.close();
  }

  #connected(socket: Socket): void {
    if (this.coverage === 'none') return void socket.destroy();
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #carry(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    if (this.coverage === 'portal') {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/html' }).end(PORTAL_PAGE);
      return;
    }
    if (this.refuses(request.url ?? '', request.method ?? '')) return void request.destroy();
    const [host, port] = this.upstream().split(':');
    const { method, url, headers } = request;
    const rewrite = this.rewrites[url?.split('?')[0] ?? ''];
    if (rewrite) for (const name of ['accept-encoding', 'if-none-match']) delete headers[name];
    const onward = ask({ host, port, method, path: url, headers }, (answer) => {
      answer.on('error', () => response.destroy());
      if (rewrite) return void handOn(answer, response, rewrite);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    // A server that is away looks like no server: the connection breaks, nothing is invented.
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }
}

/** Hands a text on with changes. */
async function handOn(
  answer: IncomingMessage,
  response: ServerResponse,
  rewrite: (text: string) => string,
): Promise<void> {
  const { 'content-length': _length, etag: _tag, ...headers } = answer.headers;
  response.writeHead(answer.statusCode ?? 502, headers);
  response.end(rewrite(await text(answer)));
}
