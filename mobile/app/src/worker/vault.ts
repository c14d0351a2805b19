// The key of the record at rest. It is made here, never leaves this phone in the open, and lies in
// the browser's database sealed by a key that the browser gives to nobody. With a PIN it is sealed
// once more inside, by what the PIN stands for: then the phone alone cannot open it. Besides, the
// office can: whoever forgets the PIN loses no work.
//
// The order is what keeps work safe: a key is on disk before anything is sealed with it.
import type { LockState } from '../bridge/messages';
import type { Bytes } from './seal';

/** What a PIN and its salt stand for, slow on purpose. */
export type Stretch = (pin: string, salt: Uint8Array) => Uint8Array;

interface Pin {
  salt: Bytes;
  /** Wrong ones since the last right one. */
  tries: number;
  next_try_at: number;
}

interface Kept {
  device: CryptoKey;
  /** The record's key, sealed by `device`, and inside by the PIN if there is one. */
  sealed: Bytes;
  pin: Pin | null;
  /** The record's key, sealed by the office's key for this person and by `device`. */
  office: Bytes | null;
}

const DATABASE = 'docket-vault';
const STORE = 'vault';
const ENTRY = 'key';

const TRIES_MAX = 10;
/** From this wrong PIN on, each makes the next one wait twice as long. */
const FREE_TRIES = 3;
const FIRST_WAIT_MS = 30_000;
const WAIT_MS_MAX = 60 * 60_000;

export class Vault {
  #key: Bytes | null = null;

  private constructor(
    private readonly database: IDBDatabase,
    private readonly stretch: Stretch,
    private kept: Kept,
  ) {}

  /** Opens while what stretches a PIN is still being loaded. */
  static async open(stretch: Promise<Stretch>): Promise<Vault> {
    const database = await connect();
    const kept = await get(database);
    const vault = new Vault(database, await stretch, kept ?? (await fresh()));
    if (!kept) await vault.#keep();
    return vault;
  }

  get hasPin(): boolean {
    return this.kept.pin !== null;
  }

  /** Whether the office could open this phone, were its PIN forgotten. */
  get officeCanOpen(): boolean {
    return this.kept.office !== null;
  }

  get state(): LockState {
    const { tries = 0, next_try_at = 0 } = this.kept.pin ?? {};
    const tries_left = TRIES_MAX - tries;
    return { pin: this.hasPin, tries_left, next_try_at, office: this.officeCanOpen };
  }

  /** The key of the record; only once nothing locks it. */
  async key(): Promise<Bytes> {
    this.#key ??= await unseal(this.kept.device, this.kept.sealed);
    return this.#key;
  }

  /** Whether this PIN opens. A wrong one is counted before it is tried, so that no trick with the
      power switch buys another. */
  async unlock(pin: string, now: number): Promise<boolean> {
    const kept = this.kept.pin;
    if (!kept) return true;
    if (now < kept.next_try_at || kept.tries >= TRIES_MAX) return false;
    kept.tries += 1;
    kept.next_try_at = kept.tries < FREE_TRIES ? 0 : now + waitAfter(kept.tries);
    await this.#keep();
    try {
      const inner = await unseal(this.kept.device, this.kept.sealed);
      this.#key = await unseal(await this.#keyOf(pin, kept.salt), inner);
    } catch {
      return false;
    }
    Object.assign(kept, { tries: 0, next_try_at: 0 });
    await this.#keep();
    return true;
  }

  /** Opens with the office's key and takes the forgotten PIN away. */
  async unlockByOffice(officeKey: string): Promise<void> {
    if (!this.kept.office) throw new Error('the office has no key to this phone');
    const inner = await unseal(this.kept.device, this.kept.office);
    this.#key = await unseal(await imported(fromHex(officeKey)), inner);
    await this.setPin(null);
  }

  /** Locks with this PIN from the next start on, or with none. */
  async setPin(pin: string | null): Promise<void> {
    const key = await this.key();
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const inner = pin === null ? key : await seal(await this.#keyOf(pin, salt), key);
    const sealed = await seal(this.kept.device, inner);
    const kept = pin === null ? null : { salt, tries: 0, next_try_at: 0 };
    await this.#keep({ ...this.kept, sealed, pin: kept });
  }

  /** Lets the office open this phone; its key is used and forgotten. */
  async sealForOffice(officeKey: string): Promise<void> {
    const inner = await seal(await imported(fromHex(officeKey)), await this.key());
    await this.#keep({ ...this.kept, office: await seal(this.kept.device, inner) });
  }

  /** The next person on this phone begins without a PIN, and with their own office key. */
  async forgetPerson(): Promise<void> {
    await this.setPin(null);
    await this.#keep({ ...this.kept, office: null });
  }

  async #keyOf(pin: string, salt: Bytes): Promise<CryptoKey> {
    return imported(Uint8Array.from(this.stretch(pin, salt)));
  }

  /** On disk when this resolves. */
  async #keep(kept = this.kept): Promise<void> {
    const transaction = this.database.transaction(STORE, 'readwrite', { durability: 'strict' });
    transaction.objectStore(STORE).put(kept, ENTRY);
    await done(transaction);
    this.kept = kept;
  }
}

function waitAfter(tries: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (tries - FREE_TRIES), WAIT_MS_MAX);
}

async function fresh(): Promise<Kept> {
  const algorithm = { name: 'AES-GCM', length: 256 };
  const device = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']);
  const key = crypto.getRandomValues(new Uint8Array(32));
  return { device, sealed: await seal(device, key), pin: null, office: null };
}

function imported(key: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

async function seal(key: CryptoKey, plain: Bytes): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain);
  return Uint8Array.from([...iv, ...new Uint8Array(sealed)]);
}

async function unseal(key: CryptoKey, sealed: Bytes): Promise<Bytes> {
  const algorithm = { name: 'AES-GCM', iv: sealed.slice(0, 12) };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.slice(12)));
}

function fromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function connect(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return answered(request);
}

function get(database: IDBDatabase): Promise<Kept | undefined> {
  return answered(database.transaction(STORE).objectStore(STORE).get(ENTRY) as IDBRequest<Kept>);
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the vault did not answer'));
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the vault is not written'));
  });
}
