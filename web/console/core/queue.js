/**
 * What may be said about a queue of entries without sending any: which waits for which, what version a change will meet, what is
 * to be sent next, and what an answer makes of an entry. Nothing here keeps or sends anything.
 *
 * @typedef {'register_household' | 'log_assistance' | 'correct_assistance' | 'void_assistance'} Act
 * @typedef {{ code: string, received_at: string, object_id: string, object_version: number }} Receipt
 * @typedef {{ status: number, code: string, title: string, detail: string, errors: import('./api.js').Fault[] }} Refusal
 * @typedef {{
 *   id: string, act: Act, object_id: string, version?: number, content: Record<string, any>, after: string[],
 *   made_at: string, n: number, state: 'unsent' | 'sent' | 'refused', attempted: boolean,
 *   settled?: boolean, about?: string, receipt?: Receipt, problem?: Refusal,
 * }} Entry `n` is its place in the queue; `about` is the name to show it by, which is not sent; `settled` says that the cached rows
 *   have what was sent, so that its content is not needed
 * @typedef {{ id: string, outcome: 'done' | 'waiting' | 'refused', receipt: Receipt | null, problem: Record<string, any> | null }} Result
 */

/** One request takes no more. */
const MOST_ITEMS = 50;
/** A body has at most 256 KiB; some is left for what surrounds the items. */
const MOST_BYTES = 200_000;
const KEPT_DAYS = 30;

/** @param {Entry} e */
export const isOpen = (e) => e.state !== 'sent';

/** @param {Act} act */
export const isChange = (act) => act === 'correct_assistance' || act === 'void_assistance';

/**
 * What must have been received before a new entry. An older change that was refused is not among it: the new one may well be the
 * answer to it.
 * @param {Entry[]} queue
 * @param {Act} act
 * @param {string} object
 * @param {Record<string, any>} content
 */
export function before(queue, act, object, content) {
  const open = queue.filter(isOpen);
  const makers = open.filter((e) => !isChange(e.act) && [object, content.household_id].includes(e.object_id));
  const changes = open.filter((e) => isChange(act) && isChange(e.act) && e.state === 'unsent' && e.object_id === object);
  return [...makers, ...changes.slice(-1)].map((e) => e.id);
}

/**
 * The version that a change will meet, when the object is now seen in version `seen`: own changes in the queue come first.
 * @param {Entry[]} queue
 * @param {string} object
 * @param {number} seen
 */
export function versionMet(queue, object, seen) {
  const own = queue.filter((e) => isChange(e.act) && e.object_id === object && e.state !== 'refused');
  let version = seen;
  while (own.some((e) => e.version === version)) version += 1;
  return version;
}

/**
 * What waits for an entry, directly or not, in order.
 * @param {Entry[]} queue
 * @param {string} id
 */
export function hanging(queue, id) {
  const found = new Set([id]);
  const adds = (/** @type {Entry} */ e) => isOpen(e) && !found.has(e.id) && e.after.some((a) => found.has(a));
  for (let more = queue.filter(adds); more.length > 0; more = queue.filter(adds)) for (const e of more) found.add(e.id);
  return queue.filter((e) => e.id !== id && found.has(e.id));
}

/**
 * The refused entry that an entry waits for, directly or not.
 * @param {Entry[]} queue
 * @param {Entry} entry
 * @returns {Entry | undefined}
 */
export function heldBy(queue, entry) {
  for (const earlier of queue.filter((e) => isOpen(e) && entry.after.includes(e.id))) {
    const found = earlier.state === 'refused' ? earlier : heldBy(queue, earlier);
    if (found) return found;
  }
  return undefined;
}

/**
 * Whether an entry may be dropped with what waits for it: what may have arrived may not. What waits for a refused entry cannot
 * have arrived, however often it was sent.
 * @param {Entry[]} queue
 * @param {Entry} entry
 */
export function mayDrop(queue, entry) {
  const free = (/** @type {Entry} */ e) => e.state === 'refused' || !e.attempted || !!heldBy(queue, e);
  return isOpen(entry) && free(entry) && hanging(queue, entry.id).every(free);
}

/** @param {Entry} e what is sent of an entry: for one entry the same each time */
export function itemOf(e) {
  const change = isChange(e.act);
  const about = { object_id: change ? e.object_id : null, version: change ? e.version : null };
  return { id: e.id, act: e.act, after: e.after, ...about, content: e.content };
}

/**
 * The entries of the next request. What hangs on a refused one is not asked for in vain.
 * @param {Entry[]} queue
 */
export function next(queue) {
  const chosen = [];
  let bytes = 0;
  for (const e of queue.filter((x) => x.state === 'unsent' && !heldBy(queue, x))) {
    bytes += new TextEncoder().encode(JSON.stringify(itemOf(e))).length;
    if (chosen.length === MOST_ITEMS || (chosen.length > 0 && bytes > MOST_BYTES)) break;
    chosen.push(e);
  }
  return chosen;
}

/** @param {Record<string, any>} problem @returns {Refusal} */
export function refusalOf(problem) {
  const { status = 0, code = '', title = '', detail = '', errors } = problem;
  return { status, code, title, detail, errors: Array.isArray(errors) ? errors : [] };
}

/**
 * What an answer makes of an entry; nothing when it stays as it is.
 * @param {Entry} entry
 * @param {Result} result
 * @returns {Entry | undefined}
 */
export function answered(entry, result) {
  if (result.outcome === 'done' && result.receipt && isOpen(entry)) {
    const { problem: _, ...rest } = entry;
    return { ...rest, state: 'sent', receipt: result.receipt };
  }
  if (result.outcome === 'refused' && entry.state === 'unsent') {
    return { ...entry, state: 'refused', problem: refusalOf(result.problem ?? {}) };
  }
  return undefined;
}

/**
 * A sent entry as it is kept for the list: nothing in it names anybody.
 * @param {Entry} e
 * @returns {Entry}
 */
export function settledForm(e) {
  const kept = ['household_id', 'kind', 'subkind', 'quantity', 'unit', 'amount_fen'].filter((key) => e.content[key] !== undefined);
  const { about: _, ...rest } = e;
  return { ...rest, settled: true, content: Object.fromEntries(kept.map((key) => [key, e.content[key]])) };
}

/** @param {Entry} e @param {number} now */
export const isOld = (e, now) => !!e.settled && now - Date.parse(e.receipt?.received_at ?? e.made_at) > KEPT_DAYS * 86400e3;

/**
 * New entries in the place of a refused one and of all that waits for it, with new ids throughout: the old ids are spent.
 * @param {Entry[]} queue
 * @param {Entry} refused
 * @param {{ object_id?: string, content: Record<string, any>, about?: string }} by
 * @param {{ newId: () => string, now: string, seen: (object: string) => number }} given
 * @returns {{ put: Entry[], drop: string[] }}
 */
export function replaced(queue, refused, by, { newId, now, seen }) {
  const old = [refused, ...hanging(queue, refused.id)];
  const names = new Map(old.map((e) => [e.id, newId()]));
  for (const e of old) if (!isChange(e.act)) names.set(e.object_id, newId());
  if (by.object_id) names.set(refused.object_id, by.object_id);
  const named = (/** @type {string} */ id) => names.get(id) ?? id;
  const rest = queue.filter((e) => !old.includes(e));
  /** @type {Entry[]} */
  const put = [];
  for (const e of old) {
    const first = e === refused;
    const object = named(e.object_id);
    const content = { ...(first ? by.content : e.content) };
    if (!isChange(e.act)) content.id = object;
    if (content.household_id) content.household_id = named(content.household_id);
    /** @type {Entry} */
    const made = { ...e, id: named(e.id), object_id: object, content, after: e.after.map(named), attempted: false };
    if (first) {
      delete made.problem;
      // Another household may have been chosen, and it may be one that is on its way itself.
      Object.assign(made, { state: 'unsent', made_at: now, after: before(rest, e.act, object, content) });
      // The old name would be a lie beside another household.
      made.about = by.about ?? (content.household_id === e.content.household_id ? e.about : undefined);
    }
    if (isChange(e.act)) {
      made.version = versionMet([...rest, ...put], object, object === e.object_id ? seen(object) : 1);
    }
    put.push(made);
  }
  return { put, drop: old.map((e) => e.id) };
}
