/** What the desk asks the API, kept while the page is open and nowhere else. */
import { get } from '../core/api.js';
import { effect, signal, useEffect, useMemo } from '../core/html.js';
import { t } from '../core/i18n.js';
import { noteAbove, session } from '../core/session.js';
import { toast } from '../core/toast.js';
import { TO_COME, lookup } from './naming.js';
import { wholeOf } from './whole.js';

/** @typedef {{ value: any, read_at: string | null, stale: boolean, error: Error | null, loading: boolean, reload: () => Promise<void> }} Answer */

/** So many answers are kept for a way back. */
const KEPT = 120;
/** @type {Map<string, { value: any, read_at: string }>} */
const memory = new Map();
/** @type {Map<string, Promise<any>>} */
const underWay = new Map();
let owner = /** @type {string | undefined} */ (undefined);
effect(() => {
  const account = session.value.account?.id;
  if (account === owner) return;
  owner = account;
  forget();
});

/** Forgets what was read, all of it or what begins so: after something was changed. @param {string} [beginning] */
export function forget(beginning = '') {
  for (const key of [...memory.keys()]) if (key.startsWith(beginning)) memory.delete(key);
}

/** @param {string} key @param {any} value */
function keep(key, value) {
  const answer = { value, read_at: new Date().toISOString() };
  memory.delete(key);
  memory.set(key, answer);
  for (const oldest of memory.keys()) {
    if (memory.size <= KEPT) break;
    memory.delete(oldest);
  }
  return answer;
}

/** One request for all who ask the same at the same time. @param {string} key @param {() => Promise<any>} ask */
function once(key, ask) {
  const present = underWay.get(key);
  if (present) return present;
  const asked = ask().finally(() => underWay.delete(key));
  underWay.set(key, asked);
  return asked;
}

/**
 * Hook: what was read last at once, then the present answer. Under the key `''` nothing is asked.
 * @param {string} key
 * @param {() => Promise<any>} ask
 * @returns {Answer}
 */
export function useAnswer(key, ask) {
  const asked = useMemo(() => ({ ask }), []);
  asked.ask = ask;
  const state = useMemo(() => {
    const last = key ? memory.get(key) : undefined;
    return signal({
      value: last?.value, read_at: last?.read_at ?? null, stale: last !== undefined, error: /** @type {Error | null} */ (null), loading: key !== '', round: 0,
    });
  }, [key]);
  const reload = useMemo(() => async () => {
    if (key === '') return;
    const round = state.peek().round + 1;
    state.value = { ...state.peek(), loading: true, round };
    const account = owner;
    try {
      const answer = keep(key, await asked.ask());
      // Somebody else signed in meanwhile, or it was asked again since.
      if (account !== owner) return forget();
      if (state.peek().round === round) state.value = { ...answer, stale: false, error: null, loading: false, round };
    } catch (error) {
      if (state.peek().round === round) state.value = { ...state.peek(), stale: true, error: /** @type {Error} */ (error), loading: false };
    }
  }, [key]);
  useEffect(() => void reload(), [key]);
  return { ...state.value, reload };
}

/**
 * Hook: GET of one path. `null` asks nothing.
 * @param {string | null} path
 * @param {Record<string, any>} [query]
 */
export function useGet(path, query) {
  const key = path === null ? '' : `${path}?${JSON.stringify(query ?? {})}`;
  return useAnswer(key, () => once(key, () => get(/** @type {string} */ (path), query)));
}

/** As many rows as the API puts on a page. */
const MOST = 200;

/**
 * Hook: a list that is read page by page, as far as somebody asks. `null` asks nothing. `more.whole` reads the rest of it for a
 * file or for paper, and stops when the list is another one, is read anew, or is left.
 * @param {string | null} path
 * @param {Record<string, any>} [query]
 * @param {{ limit?: number, learn?: (rows: any[]) => void }} [options] `learn` is told every page that was read
 * @returns {{ rows: any[], more: { loading: boolean, load: (() => void) | null, count: number, whole: import('./whole.js').Whole }, load: () => Promise<void>,
 *   loading: boolean, error: Error | null, count: number | null, read_at: string | null, reload: () => Promise<void> }}
 */
export function pages(path, query, { limit = 50, learn: told } = {}) {
  const key = path === null ? '' : `${path}?${JSON.stringify(query ?? {})}&${limit}`;
  const state = useMemo(() => signal({
    rows: /** @type {any[]} */ ([]), next: /** @type {string | null} */ (null), loading: key !== '', error: /** @type {Error | null} */ (null),
    count: /** @type {number | null} */ (null), read_at: /** @type {string | null} */ (null), round: 0,
  }), [key]);
  const acts = useMemo(() => {
    const ask = async (/** @type {Record<string, any>} */ how) => {
      const page = await get(/** @type {string} */ (path), { ...query, ...how });
      told?.(page.items);
      return page;
    };
    // What is counted once need not be counted with every page.
    const whole = wholeOf(() => state.peek(), (cursor) => ask({ limit: MOST, cursor, count: undefined }));
    const stop = () => { if (whole.stop() && session.peek().state === 'signed_in') toast(t('whole.stopped'), 'doubt'); };
    const read = async (/** @type {boolean} */ anew) => {
      if (key === '' || path === null) return;
      if (anew) stop();
      const before = state.peek();
      const round = before.round + 1;
      state.value = { ...before, loading: true, error: null, round };
      try {
        const page = await ask({ limit, ...(!anew && before.next && { cursor: before.next }) });
        if (state.peek().round !== round) return;
        state.value = {
          rows: anew ? page.items : [...before.rows, ...page.items], next: page.next_cursor, loading: false, error: null,
          count: page.count ?? before.count, read_at: new Date().toISOString(), round,
        };
      } catch (error) {
        if (state.peek().round === round) state.value = { ...state.peek(), loading: false, error: /** @type {Error} */ (error) };
      }
    };
    return { whole, stop, load: () => read(false), reload: () => read(true) };
  }, [key]);
  useEffect(() => {
    void acts.reload();
    return acts.stop;
  }, [key]);
  const { rows, next, loading, error, count, read_at } = state.value;
  return { rows, more: { loading, load: next === null ? null : acts.load, count: limit, whole: acts.whole }, load: acts.load, loading, error, count, read_at, reload: acts.reload };
}

/** Everything of a list that is known to be short, such as the points just below one. @param {string} path @param {Record<string, any>} [query] */
export async function all(path, query) {
  /** @type {any[]} */
  const rows = [];
  for (let cursor = /** @type {string | null} */ (null), first = true; first || cursor !== null; first = false) {
    const page = await get(path, { ...query, limit: MOST, ...(cursor !== null && { cursor }) });
    rows.push(...page.items);
    cursor = page.next_cursor;
  }
  return rows;
}

/** Points, for lists that know their ids alone. */
const points = lookup({ read: (id) => get(`/service-points/${id}`), lost: (id) => ({ id, name: null }), list: () => '/service-points' });

/** @param {{ id: string, name: string }[]} met */
export const learn = (met) => points.learn(met.filter((p) => points.peek(p.id)?.name !== p.name).map((p) => [p.id, p]));

/** A point, and the points above it as far as they are in reach, from the top. @param {string} id */
export async function readPoint(id) {
  const [point, ancestors] = await Promise.all([get(`/service-points/${id}`), get(`/service-points/${id}/ancestors`)]);
  const above = /** @type {any[]} */ (ancestors.items).filter((p) => p.id !== id);
  noteAbove(id, above.map((p) => p.id));
  learn([point, ...above]);
  return { ...point, above };
}

/** Hook: a point with `above`, the points above it. @param {string | null | undefined} id */
export const usePoint = (id) => useAnswer(id ? `point/${id}` : '', () => once(`point/${id}`, () => readPoint(/** @type {string} */ (id))));

/** The points just below one. @param {string} id @returns {Promise<any[]>} */
export const readChildren = (id) => once(`children/${id}`, async () => {
  const points = await all(`/service-points/${id}/children`);
  learn(points);
  return points;
});

/** Hook: the points just below one. @param {string | null | undefined} id */
export const useChildren = (id) => useAnswer(id ? `children/${id}` : '', () => readChildren(/** @type {string} */ (id)));

/** A point's name, or `…` until it is known: it reads a signal. @param {string | null | undefined} id */
export function pointName(id) {
  if (!id) return '';
  const mine = points.has(id) ? undefined : session.value.points?.find((p) => p.id === id)?.name;
  if (mine) return mine;
  const point = points.see(id);
  return point ? point.name ?? t('desk.out_of_reach') : TO_COME;
}
