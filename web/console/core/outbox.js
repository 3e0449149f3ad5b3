/**
 * The entries of this phone that are on their way to the server, or were lately. See queue.js for what waits for what.
 *
 * Three rules keep anything from being lost or done twice. An entry is on the phone before anybody is told that it was noted. It
 * is marked as attempted, on the phone, before the request that carries it begins, and from then on it never changes. And only
 * the server's receipt makes it sent; whatever has no answer is sent again as it is, under its id.
 *
 * @typedef {import('./queue.js').Entry} Entry
 * @typedef {import('./queue.js').Entry} OutboxEntry
 * @typedef {import('./queue.js').Act} Act
 * @typedef {import('./store.js').Device} Device
 * @typedef {{ put?: Entry[], drop?: string[] }} Edit
 */
import { Offline, Problem, Stopped, get, oneByOne, onceMore, online, post, sinceAnswer } from './api.js';
import { computed, effect, signal, t, toast } from './base.js';
import { newId, today } from './format.js';
import {
  answered, before, hanging, heldBy, isChange, isOld, isOpen, itemOf, mayDrop, next, refusalOf, replaced, settledForm, versionMet,
} from './queue.js';
import { unsentCount } from './session.js';
import { Changed, NotStored, device, sameMark } from './store.js';

const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 300_000;
/** A tab that meets another one again and again has met a fault and not a tab. */
const MOST_MEETINGS = 30;

const entries = signal(/** @type {Entry[]} */ ([]));
/** All entries, in the order in which they were made. */
export const outbox = computed(() => entries.value);
/** How many entries of the account cannot be opened on this phone. They are left where they are. */
export const unreadable = signal(0);
/** Why the server takes nothing at the moment, if it says so. */
export const trouble = signal(/** @type {Problem | null} */ (null));
/** Counts the times that something has arrived. */
export const received = signal(0);

// ---- reading and writing ----

/** What was read before; a row with the same mark need not be opened again. @typedef {Map<string, { mark: Uint8Array, entry: Entry }>} Known */
/** @type {WeakMap<Device, Known>} */
const knowledge = new WeakMap();

/** @param {Device} d @returns {Known} */
function knownOf(d) {
  const known = knowledge.get(d) ?? new Map();
  knowledge.set(d, known);
  return known;
}

/** Brings what is known of the store up to date. @param {Device} d @returns {Promise<Entry[]>} */
async function load(d) {
  const known = knownOf(d);
  let failures = 0;
  const rows = await d.sealed('outbox').catch((error) => {
    throw error instanceof NotStored ? error : new NotStored(error);
  });
  const ids = new Set(rows.map((row) => row.id));
  for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
  await Promise.all(rows.map(async (row) => {
    if (sameMark(known.get(row.id)?.mark, row.iv)) return;
    try {
      known.set(row.id, { mark: row.iv, entry: await d.open('outbox', row) });
    } catch {
      failures += 1;
    }
  }));
  const queue = [...known.values()].map((x) => x.entry).sort((a, b) => a.n - b.n || (a.id < b.id ? -1 : 1));
  if (device.value === d) {
    entries.value = queue;
    unreadable.value = failures;
  }
  return queue;
}

const channel = globalThis.BroadcastChannel ? new BroadcastChannel('terrace.outbox') : null;
channel?.addEventListener('message', () => {
  if (device.value) void change(device.value, () => null).catch(() => {});
});

/** @type {Promise<unknown>} */
let tail = Promise.resolve();

/**
 * Reads the queue, decides, and writes all of the decision or nothing; anew when another tab was quicker.
 * @param {Device} d
 * @param {(queue: Entry[]) => Edit | null} decide
 * @returns {Promise<Entry[]>} the queue after it
 */
function change(d, decide) {
  const work = tail.then(async () => {
    for (let meetings = 0; ; meetings++) {
      const queue = await load(d);
      const marks = new Map([...knownOf(d)].map(([id, { mark }]) => [id, mark]));
      const { put = [], drop = [] } = decide(queue) ?? {};
      if (put.length + drop.length === 0) return queue;
      try {
        await d.write(
          put.map((value) => ({
            store: 'outbox', id: value.id, value, open: isOpen(value) ? 1 : 0, seen: marks.get(value.id) ?? null,
          })),
          drop.flatMap((id) => (marks.has(id) ? [{ store: 'outbox', id, seen: marks.get(id) }] : [])),
        );
      } catch (error) {
        if (error instanceof Changed && meetings < MOST_MEETINGS) continue;
        throw error instanceof Changed ? new NotStored(error) : error;
      }
      channel?.postMessage('changed');
      return load(d);
    }
  });
  tail = work.catch(() => {});
  return work;
}

/** Tells the person that it was not kept, and the caller too. @param {unknown} error @returns {never} */
function notKept(error) {
  if (error instanceof Changed) throw error;
  toast(t('outbox.not_stored'), 'error');
  throw error instanceof NotStored ? error : new NotStored(error);
}

/** The version of a record that the phone has cached; set by the village, which knows the rows. */
let cachedVersion = (/** @type {string} */ _object) => /** @type {number | undefined} */ (undefined);
/** @param {typeof cachedVersion} lookUp */
export function knowVersions(lookUp) {
  cachedVersion = lookUp;
}

/**
 * Notes something that is to be done. It is on the phone when this resolves, and is sent without being waited for.
 * @param {Act} act
 * @param {{ object_id?: string, version?: number, content: Record<string, any>, about?: string }} what
 *   `version` is the one that the person saw; `about` is the name to show it by, should its household go from this phone
 * @returns {Promise<Entry>}
 */
export async function enqueue(act, { object_id, version, content, about }) {
  const d = device.value;
  if (!d) return notKept(null);
  const given = JSON.parse(JSON.stringify(content));
  const object = object_id ?? given.id ?? newId();
  if (!isChange(act)) given.id = object;
  // Left out, the day of its arrival would count, and what was given before that day would be refused.
  if (act === 'register_household') given.registered_on ??= today();
  const id = newId();
  try {
    const queue = await change(d, (now) => {
      /** @type {Entry} */
      const entry = {
        id, act, object_id: object, content: given, after: before(now, act, object, given), made_at: new Date().toISOString(),
        n: Math.max(0, ...now.map((e) => e.n)) + 1, state: 'unsent', attempted: false, ...(about && { about }),
      };
      if (isChange(act)) entry.version = versionMet(now, object, version ?? cachedVersion(object) ?? 1);
      return { put: [entry] };
    });
    wake();
    return /** @type {Entry} */ (queue.find((e) => e.id === id));
  } catch (error) {
    return notKept(error);
  }
}

/**
 * Drops an entry with what waits for it, unless it may have arrived.
 * @param {string} id
 * @returns {Promise<boolean>} whether it was dropped
 */
export async function discard(id) {
  const d = device.value;
  if (!d) return false;
  let dropped = false;
  await change(d, (queue) => {
    const entry = queue.find((e) => e.id === id);
    dropped = !!entry && mayDrop(queue, entry);
    return dropped ? { drop: [id, ...hanging(queue, id).map((e) => e.id)] } : null;
  });
  return dropped;
}

/**
 * Puts a new entry in the place of a refused one.
 * @param {string} id
 * @param {{ object_id?: string, content: Record<string, any>, about?: string }} by
 * @returns {Promise<Entry>}
 */
export async function replaceEntry(id, by) {
  const d = device.value;
  if (!d) return notKept(null);
  const now = new Date().toISOString();
  let made = '';
  try {
    const queue = await change(d, (q) => {
      const entry = q.find((e) => e.id === id && e.state === 'refused');
      if (!entry) return null;
      const { id: _, ...content } = JSON.parse(JSON.stringify(by.content));
      const edit = replaced(q, entry, { ...by, content }, { newId, now, seen: (object) => cachedVersion(object) ?? 1 });
      made = edit.put[0]?.id ?? '';
      return edit;
    });
    wake();
    const entry = queue.find((e) => e.id === made);
    // Another tab has dealt with it.
    if (!entry) throw new Changed();
    return entry;
  } catch (error) {
    return notKept(error);
  }
}

/**
 * What an entry waits for on this phone: a refused entry before any other.
 * @param {Entry} entry
 * @returns {Entry | null}
 */
export function hangsOn(entry) {
  const queue = entries.value;
  return heldBy(queue, entry) ?? queue.find((e) => isOpen(e) && entry.after.includes(e.id)) ?? null;
}

/** Whether `discard` would drop it. @param {Entry} entry */
export const canDiscard = (entry) => mayDrop(entries.value, entry);

/**
 * Takes the content out of sent entries whose effect the cached rows show, and drops what is old.
 * @param {(entry: Entry) => boolean} shown
 */
export async function settle(shown) {
  const d = device.value;
  if (!d) return;
  await change(d, (queue) => {
    const sent = queue.filter((e) => e.state === 'sent');
    const put = sent.filter((e) => !e.settled && shown(e)).map(settledForm);
    return { put, drop: sent.filter((e) => isOld(e, Date.now())).map((e) => e.id) };
  });
}

// ---- sending ----

let pause = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {number} [atLeast] in milliseconds */
function later(atLeast = 0) {
  pause = Math.min(Math.max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE);
  clearTimeout(timer);
  timer = setTimeout(() => void flush(), Math.max(atLeast, pause * (0.8 + Math.random() * 0.4)));
}

/** Sends soon, whatever the pause was. */
function wake() {
  pause = 0;
  void flush();
}

/** Sends what can be sent. */
export const flush = onceMore(run);

async function run() {
  clearTimeout(timer);
  const d = device.value;
  if (!d) return;
  try {
    // Together two tabs would send the same twice: that is right, and a waste.
    await oneByOne('terrace.outbox', async () => {
      const round = { alone: false };
      while (await send(d, round));
    });
  } catch (error) {
    if (error instanceof Stopped || device.value !== d) return;
    if (error instanceof NotStored) toast(t('outbox.not_stored_state'), 'error');
    else if (!(error instanceof Offline || error instanceof Problem)) throw error;
    if (error instanceof Problem) trouble.value = error.status === 401 ? null : error;
    later(error instanceof Problem ? error.retryAfter * 1000 : 0);
  }
}

/** Whether there is a way to the server. An entry that has not been attempted can still be taken back, so it is found out first. */
async function reach(/** @type {Device} */ d) {
  if (globalThis.navigator?.onLine === false) throw new Offline();
  if (online.value && sinceAnswer() < 30) return;
  await get('/notices/unread', undefined, { as: d.account }).catch((error) => {
    if (!(error instanceof Problem) || error.status === 401) throw error;
  });
}

/**
 * Sends one request.
 * @param {Device} d
 * @param {{ alone: boolean }} round whether entries go one by one, because one of them spoils the request
 * @returns {Promise<boolean>} whether to go on at once
 */
async function send(d, round) {
  if (device.value !== d || next(await load(d)).length === 0) return false;
  await reach(d);
  /** @type {string[]} */
  let ids = [];
  const queue = await change(d, (now) => {
    const chosen = round.alone ? next(now).slice(0, 1) : next(now);
    ids = chosen.map((e) => e.id);
    return { put: chosen.filter((e) => !e.attempted).map((e) => ({ ...e, attempted: true })) };
  });
  const items = queue.filter((e) => ids.includes(e.id)).map(itemOf);
  /** @type {import('./queue.js').Result[]} */
  let results;
  try {
    const reply = await post('/batches', { items }, { as: d.account });
    results = Array.isArray(reply?.items) ? reply.items : [];
  } catch (error) {
    if (!(error instanceof Problem) || ![400, 413, 422].includes(error.status)) throw error;
    // The request as a whole cannot be read. One bad entry must not hold up the others.
    if (items.length > 1) return (round.alone = true);
    results = ids.map((id) => ({ id, outcome: 'refused', receipt: null, problem: refusalOf(error.body) }));
  }
  let moved = 0;
  await change(d, (now) => {
    const put = now.flatMap((e) => {
      const result = ids.includes(e.id) ? results.find((r) => r.id === e.id) : undefined;
      return (result && answered(e, result)) ?? [];
    });
    moved = put.length;
    return { put };
  });
  trouble.value = null;
  if (results.some((r) => r.outcome === 'done')) received.value += 1;
  if (moved > 0) pause = 0;
  else later();
  return moved > 0;
}

effect(() => {
  const d = device.value;
  entries.value = [];
  unreadable.value = 0;
  trouble.value = null;
  clearTimeout(timer);
  pause = 0;
  // The store is read outside of this effect, which must not run again for what is read there.
  if (d) setTimeout(() => void load(d).then(wake).catch(() => later()), 0);
});
effect(() => {
  unsentCount.value = entries.value.filter(isOpen).length;
});
globalThis.addEventListener?.('online', wake);
globalThis.document?.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') wake();
});
