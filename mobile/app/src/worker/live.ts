// Listens for "there is something new": an event stream that only ever says how far the log has
// grown, and says it first of all when somebody starts to listen. Data always comes by the same
// pull, so a lost hint costs freshness and nothing else. Read with fetch, because EventSource
// cannot carry an authorization header.
import type { CoreHandle } from './core';

const AGAIN_MS_MIN = 2_000;
const AGAIN_MS_MAX = 60_000;

export class LiveChannelListener {
  #listening = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #againMs = AGAIN_MS_MIN;

  constructor(
    private readonly core: CoreHandle,
    private readonly onHint: (seq: number) => void,
    /** The token has run out: only a request of the core's own renews it. */
    private readonly onRefused: () => void,
  ) {}

  /** Starts listening when somebody is signed in and nobody listens yet. To be called when the
      server has just been reached; where it has not, trying would be in vain. */
  follow(): void {
    if (this.#listening) return;
    clearTimeout(this.#again);
    const channel = this.core.live();
    if (!channel) return;
    this.#listening = true;
    void this.#listen(channel.path, channel.authorization)
      .catch(() => {})
      .finally(() => {
        this.#listening = false;
        const wait_ms = this.#againMs * (0.75 + Math.random() / 2);
        this.#again = setTimeout(() => this.follow(), wait_ms);
        this.#againMs = Math.min(this.#againMs * 2, AGAIN_MS_MAX);
      });
  }

  async #listen(path: string, authorization: string): Promise<void> {
    const response = await fetch(path, {
      headers: { authorization, accept: 'text/event-stream' },
      cache: 'no-store',
      credentials: 'omit',
    });
    if (response.status === 401) return this.onRefused();
    if (!response.ok || !response.body) return;
    this.#againMs = AGAIN_MS_MIN;
    const text = response.body.pipeThrough(new TextDecoderStream());
    const reader = text.getReader();
    for (let rest = ''; ;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      const said = lines.filter((line) => line.startsWith('data:')).at(-1);
      if (said) this.onHint((JSON.parse(said.slice(5)) as { seq: number }).seq);
    }
  }
}
