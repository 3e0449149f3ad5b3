/**
 * What this phone knows: the rows that the server has told of, and over them the queue of what is on its way. Nothing is copied
 * from the one to the other; an entry lies over the rows until they show what it did.
 *
 * @typedef {import('./queue.js').Entry} Entry
 * @typedef {import('./sync.js').CachedCard & { unsent?: true }} Card
 * @typedef {import('./sync.js').CachedRecord & { sent: 'sent' | 'unsent' | 'refused', pending?: Entry }} Row
 *   `sent` is about the record itself; `pending` is a change of it that was not received yet, or was refused
 */
import { computed } from './base.js';
import { isChange } from './queue.js';
import { outbox } from './outbox.js';
import { session } from './session.js';
import { cachedHouseholds, cachedRecords, upToDate } from './sync.js';

export { upToDate };

/** Entries whose effect the rows may not show yet. */
const lying = computed(() => outbox.value.filter((e) => !e.settled));

/** @param {Entry} e @returns {Card} */
function cardOf(e) {
  const c = e.content;
  const members = /** @type {any[]} */ (c.members ?? []);
  const phones = [c.phone, ...members.map((m) => m.phone)].filter(Boolean).map((phone) => String(phone).slice(-4));
  return {
    id: e.object_id, service_point_id: c.service_point_id, head_name: members.find((m) => m.relation === '02')?.name ?? null,
    search_keys: [], phone_tails: [...new Set(phones)], persons: members.length, household_type: c.household_type,
    status: 'active', registered_on: c.registered_on, version: 1, ...(e.state !== 'sent' && { unsent: true }),
  };
}

/** The households of the point at which the phone works. */
export const households = computed(() => {
  const here = session.value.here?.id;
  const cards = [...cachedHouseholds.value.values()].filter((card) => card.service_point_id === here);
  const made = lying.value.filter((e) => e.act === 'register_household' && e.content.service_point_id === here);
  const missing = made.filter((e) => !cachedHouseholds.value.has(e.object_id));
  return /** @type {Card[]} */ ([...cards, ...missing.map(cardOf)]);
});

/** @param {Entry} e @returns {Row} */
function rowOf(e) {
  const at = e.receipt?.received_at ?? e.made_at;
  return {
    .../** @type {any} */ (e.content), id: e.object_id, state: 'active', logged_by: session.value.account?.id ?? '', version: 1,
    created_at: at, updated_at: at, sent: e.state,
  };
}

/** @param {Row} row @param {Entry} e @returns {Row} the row with a change laid over it */
function changed(row, e) {
  /** @type {Row} */
  const base = { ...row, ...(e.state !== 'sent' && { pending: e }) };
  // In another version the server has the change already, or one from elsewhere: what it says holds.
  if (row.version !== e.version || e.state === 'refused') return base;
  const version = row.version + 1;
  if (e.act === 'void_assistance') return { ...base, version, state: 'voided', void_reason: e.content.reason };
  const { reason: _, ...fields } = e.content;
  return { ...base, version, ...fields };
}

/** The records given by the point at which the phone works, the newest first. */
export const records = computed(() => {
  const here = session.value.here?.id;
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const record of cachedRecords.value.values()) if (record.service_point_id === here) rows.set(record.id, { ...record, sent: 'sent' });
  for (const e of lying.value) {
    const row = rows.get(e.object_id);
    if (e.act === 'log_assistance') {
      if (e.content.service_point_id !== here) continue;
      // Told by the server although the receipt is still to come: its row, and the queue's word on what is sent.
      rows.set(e.object_id, row ? { ...row, sent: e.state } : rowOf(e));
    } else if (isChange(e.act) && row) rows.set(e.object_id, changed(row, e));
  }
  return [...rows.values()].sort((a, b) => (a.given_on === b.given_on ? (a.id < b.id ? 1 : -1) : a.given_on < b.given_on ? 1 : -1));
});

/** Active households, those that were helped last first, then by name. */
const inOrder = computed(() => {
  /** @type {Map<string, number>} */
  const last = new Map();
  records.value.forEach((row, at) => last.has(row.household_id) || last.set(row.household_id, at));
  const names = new Intl.Collator('zh-CN');
  const rank = (/** @type {Card} */ card) => last.get(card.id) ?? Infinity;
  const later = (/** @type {Card} */ a, /** @type {Card} */ b) => names.compare(a.head_name ?? '', b.head_name ?? '');
  return households.value.filter((card) => card.status === 'active')
    .sort((a, b) => (rank(a) === rank(b) ? later(a, b) : rank(a) - rank(b)));
});

/**
 * Active households by name, the beginning of its pinyin or initials, or the end of a telephone number; all when nothing is asked.
 * @param {string} q
 */
export function find(q) {
  const text = q.normalize('NFKC').trim().toLowerCase();
  if (text === '') return inOrder.value;
  const letters = text.replace(/[\s']/g, '');
  const tail = /^\d{2,}$/.test(letters) ? letters.slice(-4) : null;
  return inOrder.value.filter((card) =>
    card.head_name?.toLowerCase().includes(text)
    || card.search_keys.some((key) => key.startsWith(letters))
    || (tail !== null && card.phone_tails.some((t) => t.endsWith(tail))));
}

/** The households that were helped last. @param {number} n */
export const recent = (n) => inOrder.value.slice(0, n);

/**
 * What was given in a month as far as this phone knows: `sent` and `unsent` add up to `times`.
 * @param {string} m
 */
export function month(m) {
  const rows = records.value.filter((row) => row.given_on.startsWith(m) && row.state === 'active' && row.sent !== 'refused');
  const unsent = rows.filter((row) => row.sent === 'unsent').length;
  return {
    times: rows.length, households: new Set(rows.map((row) => row.household_id)).size,
    amount_fen: rows.reduce((sum, row) => sum + (row.amount_fen ?? 0), 0), sent: rows.length - unsent, unsent,
  };
}
