/**
 * What things are called that lists know by their ids alone. A name is asked for when something first wants to say it, a few at a
 * time, and kept while somebody is signed in. Whoever makes a file or a sheet of paper waits until no name is missing in it.
 */
import { Problem, get } from '../core/api.js';
import { effect, signal } from '../core/html.js';
import { session } from '../core/session.js';

/** What stands for a name that is on its way. */
export const TO_COME = '…';
const AT_ONCE = 4;
/** From so many on it is quicker to read the list that the things stand in. */
const MANY = 100;
/** As many rows as the API puts on a page. */
const PAGE = 200;

/** @typedef {ReturnType<typeof lookup>} Lookup */

/** @type {{ drop: () => void, forget: () => void }[]} */
const lookups = [];
/** How many names are being asked for, or wait for it. */
export const wantedNames = signal(0);
/** How often a name was to be said that was not there. */
let missed = 0;
/** @type {unknown} */
let failure;
/** @type {{ resolve: () => void, reject: (reason: unknown) => void }[]} */
let waiting = [];

/** @param {number} by */
function changed(by) {
  wantedNames.value += by;
  if (wantedNames.peek() > 0) return;
  for (const one of waiting.splice(0)) {
    if (failure) one.reject(failure);
    else one.resolve();
  }
  failure = undefined;
}

let owner = /** @type {string | undefined} */ (undefined);
effect(() => {
  const account = session.value.account?.id;
  if (account === owner) return;
  owner = account;
  for (const one of lookups) one.forget();
});

/** Whether the answer is that there is none, such as of what is out of reach: that is no failure. @param {unknown} error */
const gone = (error) => error instanceof Problem && error.status < 500 && ![401, 429].includes(error.status);

/**
 * Things of some kind, by key.
 * @param {{
 *   read: (key: string) => Promise<any>, lost: (key: string) => any,
 *   list?: (key: string) => string | undefined, keyOf?: (row: any, path: string) => string,
 * }} how `lost` is what is kept of a thing that is not there or out of reach; `list` the path of a list that has this thing among
 *   others, `keyOf` the key of a row of it, where that is not its id
 */
export function lookup({ read, lost, list, keyOf }) {
  const known = signal(/** @type {ReadonlyMap<string, any>} */ (new Map()));
  /** @type {Set<string>} */
  let asked = new Set();
  /** @type {string[]} */
  let queue = [];
  let running = 0;
  let listing = false;
  /** Lists that were read to where it was worth it. @type {Set<string>} */
  let listed = new Set();
  let reign = {};

  /** @param {[string, any][]} pairs */
  function learn(pairs) {
    if (pairs.length) known.value = new Map([...known.peek(), ...pairs]);
  }

  /** Takes names out of the queue. @param {(key: string) => boolean} which */
  function unqueue(which) {
    const before = queue.length;
    queue = queue.filter((key) => !which(key));
    if (queue.length !== before) changed(queue.length - before);
  }

  /** @param {string} path */
  async function readList(path) {
    const mine = reign;
    const of = (/** @type {string} */ key) => list?.(key) === path;
    // A list of many more things than are wanted is not read to its end.
    const most = queue.filter(of).length / AT_ONCE;
    let cursor = /** @type {string | null} */ (null);
    listed.add(path);
    try {
      for (let pages = 0; pages < most && queue.some(of); pages++) {
        const page = await get(path, { limit: PAGE, ...(cursor !== null && { cursor }) });
        if (mine !== reign) return;
        learn(page.items.map((/** @type {any} */ row) => [keyOf?.(row, path) ?? row.id, row]));
        unqueue((key) => known.peek().has(key));
        cursor = page.next_cursor;
        if (cursor === null) return;
      }
    } catch (error) {
      // Where the list is not to be had its things are asked for one by one.
      if (mine !== reign || gone(error)) return;
      listed.delete(path);
      failure = error;
      for (const key of queue.filter(of)) asked.delete(key);
      unqueue(of);
    }
  }

  /** @param {string} key */
  async function readOne(key) {
    const mine = reign;
    try {
      const row = await read(key);
      if (mine === reign) learn([[key, row ?? lost(key)]]);
    } catch (error) {
      if (mine !== reign) return;
      // What is gone or out of reach stays so; what only failed is asked for when it is wanted again.
      if (gone(error)) learn([[key, lost(key)]]);
      else {
        asked.delete(key);
        failure = error;
      }
    }
  }

  function ask() {
    // While a list is being read nothing is asked for beside it.
    while (!listing && running < AT_ONCE && queue.length) {
      const path = list?.(/** @type {string} */ (queue[0]));
      listing = path !== undefined && !listed.has(path) && queue.filter((key) => list?.(key) === path).length >= MANY;
      const whole = listing;
      if (whole) changed(1);
      running++;
      (whole ? readList(/** @type {string} */ (path)) : readOne(/** @type {string} */ (queue.shift()))).finally(() => {
        if (whole) listing = false;
        running--;
        changed(-1);
        ask();
      });
    }
  }

  const self = {
    learn,
    has: (/** @type {string} */ key) => known.peek().has(key),
    peek: (/** @type {string} */ key) => known.peek().get(key),
    /** A thing, or nothing until it is known: it reads a signal. @param {string} key */
    see(key) {
      const row = known.value.get(key);
      if (row !== undefined) return row;
      missed++;
      if (!asked.has(key)) {
        asked.add(key);
        queue.push(key);
        changed(1);
        queueMicrotask(ask);
      }
      return undefined;
    },
    /** Asks for nothing more but what is still wanted on the screen. */
    drop() {
      for (const key of queue) asked.delete(key);
      unqueue(() => true);
      known.value = new Map(known.peek());
    },
    forget() {
      reign = {};
      asked = new Set();
      listed = new Set();
      unqueue(() => true);
      known.value = new Map();
    },
  };
  lookups.push(self);
  return self;
}

/** Asks for no more names but those on the screen. */
export function dropNames() {
  for (const one of lookups) one.drop();
}

/** Until all names that are wanted have come. @returns {Promise<void>} */
export const namesCome = () => (wantedNames.peek() === 0 ? Promise.resolve() : new Promise((resolve, reject) => waiting.push({ resolve, reject })));

/**
 * What something says once it misses no name.
 * @template T
 * @param {() => T} make says it; it may be called more than once
 * @param {() => boolean} [wanted] whether it still is
 * @returns {Promise<T>}
 * @throws when names could not be read
 */
export async function withNames(make, wanted = () => true) {
  for (;;) {
    const before = missed;
    const made = make();
    if (missed === before) return made;
    await namesCome();
    if (!wanted()) return made;
  }
}
