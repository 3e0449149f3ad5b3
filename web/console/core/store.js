/**
 * The database on the phone. Rows are `{account, id, iv, data}`; in the outbox `open` says in clear that an entry is not sent yet,
 * so that its number is known to whoever signs out or in. Everything else is sealed, see seal.js.
 *
 * Each sealing has an iv of its own, so the iv is also the mark of a row's version: a write names the iv that it has seen, and
 * nothing is written when another tab was quicker. This, and no lock, is what keeps two tabs from harming one another.
 *
 * @typedef {'meta' | 'households' | 'records' | 'outbox' | 'answers'} StoreName
 * @typedef {import('./seal.js').Sealed & { account: string, id: string, open?: 0 | 1 }} Row
 * @typedef {{ store: StoreName, id: string, value: unknown, open?: 0 | 1, seen?: Uint8Array | null }} Put `seen` null: it must be new
 * @typedef {{ store: StoreName, id: string, seen?: Uint8Array }} Drop
 */
import { openDB } from '../vendor/idb.js';
import { seal, unseal } from './seal.js';
import { signal } from './base.js';

/** The phone could not keep it: no room, or no storage at all. */
export class NotStored extends Error {
  /** @param {unknown} [cause] */
  constructor(cause) {
    super('not stored', { cause });
    this.name = 'NotStored';
  }
}

/** Another tab has written the row meanwhile, or has signed the account out. Nothing was written. */
export class Changed extends Error {}

const SEALED = /** @type {const} */ (['meta', 'households', 'records', 'outbox', 'answers']);
/** Kept under no account, in clear. */
const NOBODY = '';

/** @type {ReturnType<typeof openDB> | null} */
let opening = null;

function database() {
  opening ??= openDB('terrace', 1, {
    upgrade(db) {
      db.createObjectStore('keys');
      for (const name of SEALED) db.createObjectStore(name, { keyPath: ['account', 'id'] });
    },
    // A newer console in another tab must not wait for this one.
    blocking: (_from, _to, event) => /** @type {IDBDatabase} */ (event.target).close(),
    terminated: () => (opening = null),
  }).catch((error) => {
    opening = null;
    throw new NotStored(error);
  });
  return opening;
}

/** @param {string} account */
const rowsOf = (account) => IDBKeyRange.bound([account], [account, []]);

/** @param {Uint8Array | undefined} a @param {Uint8Array | undefined} b */
export const sameMark = (a, b) => a?.length === b?.length && !!a?.every((byte, at) => byte === b?.[at]);

/** What the phone keeps of one account. */
export class Device {
  /** @param {string} account @param {CryptoKey} key */
  constructor(account, key) {
    this.account = account;
    this.key = key;
  }

  /**
   * The rows of a store, still sealed.
   * @param {StoreName} store
   * @returns {Promise<Row[]>}
   */
  async sealed(store) {
    return (await database()).getAll(store, rowsOf(this.account));
  }

  /** @param {StoreName} store @param {Row} row @returns {Promise<any>} */
  open(store, row) {
    return unseal(this.key, [store, this.account, row.id], row);
  }

  /**
   * Everything in a store. What cannot be opened is left out, and left alone.
   * @param {StoreName} store
   * @returns {Promise<any[]>}
   */
  async all(store) {
    const opened = await Promise.allSettled((await this.sealed(store)).map((row) => this.open(store, row)));
    return opened.flatMap((x) => (x.status === 'fulfilled' ? [x.value] : []));
  }

  /** @param {StoreName} store @param {string} id @returns {Promise<any>} undefined when there is none that can be opened */
  async get(store, id) {
    const row = /** @type {Row | undefined} */ (await (await database()).get(store, [this.account, id]));
    return row && this.open(store, row).catch(() => undefined);
  }

  /**
   * Writes all of it or nothing.
   * @param {Put[]} puts
   * @param {Drop[]} [drops]
   */
  async write(puts, drops = []) {
    const { account } = this;
    const rows = await Promise.all(puts.map(async ({ store, id, value, open }) => {
      /** @type {Row} */
      const row = { account, id, ...(await seal(this.key, [store, account, id], value)) };
      if (open !== undefined) row.open = open;
      return row;
    }));
    const touched = [...new Set([...puts, ...drops].map((x) => x.store))];
    // What is not of the outbox goes with the sign-out: an answer that comes late must not bring it back.
    const cached = touched.some((name) => name !== 'outbox');
    try {
      const db = await database();
      const tx = db.transaction(cached ? [...touched, 'keys'] : touched, 'readwrite', { durability: 'strict' });
      const finished = tx.done.catch((error) => error);
      const fit = await Promise.all([
        cached ? tx.objectStore('keys').getKey(account).then((key) => key !== undefined) : true,
        ...[...puts, ...drops].map(async ({ store, id, seen }) => {
          if (seen === undefined) return true;
          const now = /** @type {Row | undefined} */ (await tx.objectStore(store).get([account, id]));
          return seen === null ? !now : sameMark(now?.iv, seen);
        }),
      ]);
      if (!fit.every(Boolean)) {
        tx.abort();
        await finished;
        throw new Changed();
      }
      puts.forEach(({ store }, at) => void tx.objectStore(store).put(rows[at]).catch(() => {}));
      drops.forEach(({ store, id }) => void tx.objectStore(store).delete([account, id]).catch(() => {}));
      const failed = await finished;
      if (failed) throw failed;
    } catch (error) {
      throw error instanceof Changed || error instanceof NotStored ? error : new NotStored(error);
    }
  }

  /** Takes the key and everything but the unsent entries off the phone. */
  async wipe() {
    await wipeAll(this.account);
  }
}

/** The device of the account that is signed in here; null when nobody is, or when the phone can keep nothing. */
export const device = signal(/** @type {Device | null} */ (null));

/** @param {string} account */
async function wipeAll(account) {
  const db = await database();
  const tx = db.transaction(['keys', ...SEALED], 'readwrite');
  void tx.objectStore('keys').delete(account);
  for (const name of SEALED) {
    const store = tx.objectStore(name);
    if (name !== 'outbox') void store.delete(rowsOf(account));
    else for (const row of await store.getAll(rowsOf(account))) if (!row.open) void store.delete([account, row.id]);
  }
  await tx.done;
}

/**
 * Keeps the key of the account that has signed in. Of all others the phone forgets everything but what is not sent.
 * @param {string} account
 * @param {CryptoKey} key
 */
export async function keepKey(account, key) {
  const others = new Set([...await accountsIn('meta'), ...await accountsIn('households'), ...await keys()]);
  others.delete(account);
  others.delete(NOBODY);
  for (const other of others) await wipeAll(other);
  await (await database()).put('keys', key, account);
  return new Device(account, key);
}

const keys = async () => /** @type {string[]} */ (await (await database()).getAllKeys('keys'));

/** Whoever was signed in on this phone last and did not sign out. */
export async function keptDevice() {
  const [account] = await keys();
  if (account === undefined) return null;
  return new Device(account, await (await database()).get('keys', account));
}

/** Takes all keys off the phone: what is sealed stays so until the next sign-in. */
export async function dropKeys() {
  await (await database()).clear('keys');
}

/** @param {StoreName} store */
async function accountsIn(store) {
  const found = /** @type {[string, string][]} */ (await (await database()).getAllKeys(store));
  return new Set(found.map(([account]) => account));
}

/** What lies on the phone for somebody who is not signed in: is there anything, and how many entries are not sent. */
export async function sealedHere() {
  const rows = /** @type {Row[]} */ (await (await database()).getAll('outbox'));
  const accounts = await accountsIn('meta');
  accounts.delete(NOBODY);
  const unsent = rows.filter((row) => row.open === 1).length;
  return { any: accounts.size > 0 || unsent > 0, unsent };
}

/** Keeps what is nobody's secret, such as the code lists. @param {string} id @param {unknown} data */
export async function keepPlain(id, data) {
  await (await database()).put('meta', { account: NOBODY, id, data });
}

/** @param {string} id @returns {Promise<any>} */
export async function plain(id) {
  return (await (await database()).get('meta', [NOBODY, id]))?.data;
}
