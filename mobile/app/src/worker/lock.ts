// Commands about the lock, answered beside those of the core: opening it, by PIN or by the office,
// and choosing it. Also sees to it that the office can open it once there is coverage.
import type { LockCommand, LockState, News } from '../bridge/messages';
import type { CoreHandle } from './core';
import type { Vault } from './vault';

const UNLOCK = '/v1/unlock';

interface UnlockAnswer {
  unlock_key?: string;
  error?: { code: string };
}

export class Lock {
  constructor(
    private readonly vault: Vault,
    private readonly say: (news: News) => void,
  ) {}

  get state(): LockState {
    return this.vault.state;
  }

  /** Carries a command out; answers with a code where it could not. */
  async run(command: LockCommand): Promise<string | null> {
    const problem = await this.#carryOut(command);
    this.say({ kind: 'lock', lock: this.state });
    return problem;
  }

  /** Asks the office for its key to this phone, once; without coverage the next time. */
  async letOfficeIn(core: CoreHandle): Promise<void> {
    const channel = core.live();
    if (!channel || this.vault.officeCanOpen) return;
    const { authorization } = channel;
    const asked = fetch(UNLOCK, { headers: { authorization }, cache: 'no-store' });
    const answer = await asked.catch(() => null);
    if (!answer?.ok) return;
    const { unlock_key } = (await answer.json()) as { unlock_key: string };
    await this.vault.sealForOffice(unlock_key);
    this.say({ kind: 'lock', lock: this.state });
  }

  /** Somebody signed out: the next person chooses for themselves. */
  async forgetPerson(): Promise<void> {
    await this.vault.forgetPerson();
    this.say({ kind: 'lock', lock: this.state });
  }

  async #carryOut(command: LockCommand): Promise<string | null> {
    switch (command.lock) {
      case 'open':
        return (await this.vault.unlock(command.pin, Date.now())) ? null : 'wrong-pin';
      case 'open_by_office':
        return this.#openByOffice(command.login, command.password);
      case 'choose_pin':
        await this.vault.setPin(command.pin);
        return null;
    }
  }

  async #openByOffice(login: string, password: string): Promise<string | null> {
    const answer = await fetch(UNLOCK, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login, password }),
    }).catch(() => null);
    if (!answer) return 'offline';
    const said = (await answer.json().catch(() => ({}))) as UnlockAnswer;
    if (!said.unlock_key) return said.error?.code ?? 'offline';
    try {
      await this.vault.unlockByOffice(said.unlock_key);
      return null;
    } catch {
      // The key of another person opens nothing here.
      return 'not-your-phone';
    }
  }
}
