/**
 * What the phone keeps of its service point: told by the server since a cursor. The rows of a step and the cursor after it are
 * written together, so a step may be lost or repeated without harm.
 *
 * @typedef {{
 *   id: string, service_point_id: string, head_name: string | null, search_keys: string[], phone_tails: string[], persons: number,
 *   household_type: string, status: string, registered_on: string, version: number,
 * }} CachedCard
 * @typedef {{
 *   id: string, service_point_id: string | null, household_id: string, member_id?: string | null, kind: string, subkind?: string | null,
 *   given_on: string, quantity: number, unit?: string | null, amount_fen?: number | null, note?: string | null,
 *   state: 'active' | 'voided', void_reason?: string | null, logged_by: string, version: number, created_at: string, updated_at: string,
 * }} CachedRecord
 * @typedef {{ cursor: string | null, at: string | null, told: string[] | null }} Place
 *   `told` are the ids of a first pass that is under way; what it did not tell of is gone
 * @typedef {{ value: any, read_at: string, stale: boolean }} Kept
 */
import { Offline, Problem, Stopped, get, oneByOne, onceMore } from './api.js';
import { computed, effect, signal, t, toast, untracked, useEffect, useMemo } from './base.js';
import { addMonths } from './format.js';
import { knowVersions, outbox, received, settle } from './outbox.js';
import { can, session } from './session.js';
import { Changed, NotStored, device } from './store.js';

const STEP = 100;
const AT_MOST_EVERY = 60_000;
const FIRST_PAUSE = 15_000;
const LONGEST_PAUSE = 300_000;
/** On PostgreSQL what was received shows among the changes a moment later. After so long it shows, or is gone again. */
const SHOWN_AFTER = 120_000;

/** The households whose home is a point of this phone, and the records given by it. */
export const cachedHouseholds = signal(/** @type {Map<string, CachedCard>} */ (new Map()));
export const cachedRecords = signal(/** @type {Map<string, CachedRecord>} */ (new Map()));
/** @type {import('./html.js').Signal<Record<string, string | null>>} */
const readAt = signal({});
/** When the phone last had everything of its point. */
export const upToDate = computed(() => readAt.value[session.value.here?.id ?? ''] ?? null);

knowVersions((object) => cachedRecords.value.get(object)?.version);

/** The answers of this page, see below. @type {Map<string, Kept>} */
const memory = new Map();

/** @param {string} point */
const placeId = (point) => `changes:${point}`;

const channel = globalThis.BroadcastChannel ? new BroadcastChannel('terrace.cache') : null;
channel?.addEventListener('message', () => void load().catch(() => {}));

/** Reads what the phone keeps. */
async function load() {
  const d = device.value;
  if (!d) return;
  const [households, records, places] = await Promise.all([d.all('households'), d.all('records'), d.all('meta')]);
  if (device.value !== d) return;
  cachedHouseholds.value = new Map(households.map((x) => [x.id, x]));
  cachedRecords.value = new Map(records.map((x) => [x.id, x]));
  readAt.value = Object.fromEntries(places.filter((x) => x.point).map((x) => [x.point, x.at]));
}

let begunAt = -Infinity;
let pause = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Brings the phone up to date. */
export const syncNow = onceMore(run);

async function run() {
  clearTimeout(timer);
  begunAt = performance.now();
  const d = device.value;
  const point = session.value.here?.id;
  if (!d || !point || !can('households.read', point)) return;
  try {
    await oneByOne('terrace.sync', () => pass(d, point));
    pause = 0;
  } catch (error) {
    if (error instanceof Stopped || error instanceof Changed || device.value !== d) return;
    if (error instanceof NotStored) toast(t('sync.not_stored'), 'error');
    else if (!(error instanceof Offline || error instanceof Problem)) throw error;
    // Somebody has to notice that the network is back: phones do not always tell.
    pause = Math.min(Math.max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE);
    timer = setTimeout(() => document.visibilityState === 'visible' && void syncNow(), pause);
  }
}

/** When an entry was first seen as sent on this page, by a clock that nobody sets. @type {Map<string, number>} */
const sentAt = new Map();

/** @param {import('./store.js').Device} d @param {string} point */
async function pass(d, point) {
  for (const e of outbox.value) if (e.state === 'sent' && !e.settled && !sentAt.has(e.id)) sentAt.set(e.id, performance.now());
  const begun = performance.now();
  for (let more = true; more;) {
    const place = /** @type {Place} */ ((await d.get('meta', placeId(point))) ?? { cursor: null, at: null, told: [] });
    let reply;
    try {
      reply = await get('/changes', { service_point_id: point, cursor: place.cursor, limit: STEP }, { as: d.account });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === 'request.bad_cursor' && place.cursor !== null) {
        await d.write([placed(point, { cursor: null, at: place.at, told: [] })]);
        continue;
      }
      if (error.status === 404 || error.status === 403) return forget(d, point);
      throw error;
    }
    more = reply.more;
    await apply(d, point, place, reply);
  }
  await settle((e) => {
    const version = e.receipt?.object_version ?? 1;
    const cached = cachedRecords.value.get(e.object_id) ?? cachedHouseholds.value.get(e.object_id);
    return (cached?.version ?? 0) >= version || begun - (sentAt.get(e.id) ?? begun) > SHOWN_AFTER;
  });
}

/** @param {string} point @param {Place} place @returns {import('./store.js').Put} */
const placed = (point, place) => ({ store: 'meta', id: placeId(point), value: { ...place, point } });

/**
 * @param {import('./store.js').Device} d
 * @param {string} point
 * @param {Place} place
 * @param {{ items: any[], next_cursor: string, more: boolean }} reply
 */
async function apply(d, point, place, reply) {
  const households = new Map(cachedHouseholds.value);
  const records = new Map(cachedRecords.value);
  /** @type {import('./store.js').Put[]} */
  const puts = [];
  /** @type {import('./store.js').Drop[]} */
  const drops = [];
  /** @param {'households' | 'records'} store @param {string} id */
  const drop = (store, id) => {
    drops.push({ store, id });
    (store === 'households' ? households : records).delete(id);
  };
  for (const item of reply.items) {
    const value = item.household ?? item.record;
    const store = item.object_type === 'household' ? 'households' : 'records';
    if (!value) {
      drop(store, item.id);
      continue;
    }
    puts.push({ store, id: item.id, value });
    if (store === 'households') households.set(item.id, value);
    else records.set(item.id, value);
  }
  const told = place.told && [...place.told, ...reply.items.map((item) => item.id)];
  if (!reply.more && told) {
    const kept = new Set(told);
    for (const x of [...households.values()]) if (x.service_point_id === point && !kept.has(x.id)) drop('households', x.id);
    for (const x of [...records.values()]) if (x.service_point_id === point && !kept.has(x.id)) drop('records', x.id);
  }
  if (!reply.more) {
    // As far back as a new phone would be told. The newest record says what month it is, whatever the phone's clock says.
    const newest = [...records.values()].reduce((day, x) => (x.given_on > day ? x.given_on : day), '1900-01');
    const from = addMonths(newest.slice(0, 7), -1);
    for (const x of [...records.values()]) if (x.given_on < from) drop('records', x.id);
  }
  const at = reply.more ? place.at : new Date().toISOString();
  await d.write([...puts, placed(point, { cursor: reply.next_cursor, at, told: reply.more ? told : null })], drops);
  if (device.value !== d) return;
  if (puts.length + drops.length > 0) {
    cachedHouseholds.value = households;
    cachedRecords.value = records;
    channel?.postMessage('changed');
  }
  readAt.value = { ...readAt.value, [point]: at };
}

/** The point is not in reach any more: nothing of it stays. @param {import('./store.js').Device} d @param {string} point */
async function forget(d, point) {
  const gone = (/** @type {{ service_point_id: string | null }} */ x) => x.service_point_id === point;
  await d.write([], [
    { store: 'meta', id: placeId(point) },
    ...[...cachedHouseholds.value.values()].filter(gone).map((x) => ({ store: /** @type {const} */ ('households'), id: x.id })),
    ...[...cachedRecords.value.values()].filter(gone).map((x) => ({ store: /** @type {const} */ ('records'), id: x.id })),
  ]);
  await load();
}

const here = computed(() => session.value.here?.id);
let loaded = /** @type {import('./store.js').Device | null} */ (null);
effect(() => {
  const [d, point] = [device.value, here.value];
  untracked(() => {
    if (d === loaded) return void (d && point && syncNow());
    loaded = d;
    cachedHouseholds.value = new Map();
    cachedRecords.value = new Map();
    readAt.value = {};
    sentAt.clear();
    memory.clear();
    if (d) void load().catch(() => {}).then(syncNow);
  });
});
effect(() => {
  if (received.value > 0) untracked(() => void syncNow());
});
globalThis.addEventListener?.('online', () => void syncNow());
globalThis.document?.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && performance.now() - begunAt > AT_MOST_EVERY) void syncNow();
});

// ---- small answers, kept so that they can be shown without a network ----

/** @param {string} key @returns {Promise<Kept | null>} */
async function kept(key) {
  const found = memory.get(key) ?? (await device.value?.get('answers', key).catch(() => undefined));
  return found ? { ...found, stale: true } : null;
}

/** @param {string} key @param {() => Promise<any>} ask @returns {Promise<Kept>} */
async function fresh(key, ask) {
  const d = device.value;
  const answer = { value: await ask(), read_at: new Date().toISOString(), stale: false };
  if (d && device.value === d) {
    memory.set(key, answer);
    // An answer that cannot be kept is shown all the same.
    void d.write([{ store: 'answers', id: key, value: answer }]).catch(() => {});
  }
  return answer;
}

/**
 * An answer of the server, or the last known one when there is no network.
 * @param {string} key
 * @param {() => Promise<any>} ask
 */
export async function cached(key, ask) {
  try {
    return await fresh(key, ask);
  } catch (error) {
    const last = error instanceof Offline ? await kept(key) : null;
    if (!last) throw error;
    return last;
  }
}

/**
 * Hook: the last known answer at once, then the present one. Under the key `''` nothing is asked.
 * @param {string} key
 * @param {() => Promise<any>} ask
 * @returns {{ value: any, read_at: string | null, stale: boolean, error: Error | null, loading: boolean, reload: () => Promise<void> }}
 */
export function useAnswer(key, ask) {
  const asked = useMemo(() => ({ ask }), []);
  asked.ask = ask;
  const state = useMemo(() => signal({
    value: /** @type {any} */ (undefined), read_at: /** @type {string | null} */ (null), stale: false,
    error: /** @type {Error | null} */ (null), loading: key !== '',
  }), [key]);
  const reload = useMemo(() => async () => {
    if (key === '') return;
    state.value = { ...state.peek(), loading: true };
    try {
      state.value = { ...(await fresh(key, () => asked.ask())), error: null, loading: false };
    } catch (error) {
      state.value = { ...state.peek(), stale: true, error: /** @type {Error} */ (error), loading: false };
    }
  }, [key]);
  useEffect(() => {
    if (key === '') return;
    void kept(key).then((last) => {
      // The present one may have been quicker; a failure may have been, too, and then this is what there is to show.
      if (last && state.peek().value === undefined) state.value = { ...state.peek(), value: last.value, read_at: last.read_at, stale: true };
    });
    void reload();
  }, [key]);
  return { ...state.value, reload };
}
