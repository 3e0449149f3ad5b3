import { html, signal, useEffect, useState } from '../core/html.js';
import { get, Offline, online } from '../core/api.js';
import { label, t, tn } from '../core/i18n.js';
import { session } from '../core/session.js';
import { outbox } from '../core/outbox.js';
import { find, households } from '../core/village.js';
import { State } from './state.js';

/**
 * A household as lists show it: one that this phone knows, or one that the server told.
 * @typedef {object} Found
 * @property {string} id
 * @property {string | null} head_name
 * @property {number} persons
 * @property {string[]} phone_tails
 * @property {string} household_type
 * @property {boolean} [unsent]
 * @property {boolean} [elsewhere] another point is its home
 */

/**
 * Households of other points that were seen since the page was opened. Never kept on the device.
 * @type {import('../core/html.js').Signal<Map<string, Found>>}
 */
const seen = signal(new Map());

/** @param {any} household as the API tells it @returns {Found} */
export function foundOf(household) {
  const tail = household.phone_masked?.slice(-4);
  return {
    id: household.id,
    head_name: household.head_name ?? null,
    persons: household.persons,
    phone_tails: tail ? [tail] : [],
    household_type: household.household_type,
    elsewhere: household.service_point_id !== session.value.here?.id,
  };
}

/** @param {Found[]} more */
function remember(more) {
  const all = new Map(seen.value);
  for (const one of more) all.set(one.id, one);
  seen.value = all;
}

/** @param {string} id @returns {Found | undefined} */
export const householdOf = (id) => households.value.find((card) => card.id === id) ?? seen.value.get(id);

/** The name of a household's head, wherever this phone has it from. @param {string} id */
export function householdName(id) {
  const known = householdOf(id)?.head_name;
  if (known) return known;
  const queued = outbox.value.find((e) => e.act === 'register_household' && e.object_id === id);
  /** @type {any[]} */
  const members = queued?.content?.members ?? [];
  return members.find((m) => m.relation === '02')?.name ?? t('households.nameless');
}

/** Reads one household of another point, so that it can be shown and chosen. @param {string} id */
export function useHousehold(id) {
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const known = id ? householdOf(id) : undefined;
  useEffect(() => {
    setError(null);
    if (!id || known) return;
    let gone = false;
    get(`/households/${id}`).then((h) => remember([foundOf(h)]), (e) => gone || setError(e));
    return () => { gone = true; };
  }, [id, known === undefined, online.value]);
  return { household: known, error };
}

/**
 * Finds households while somebody types: at once what this phone knows, then, above the villages, what the server knows.
 * @param {string} q
 * @returns {{ found: Found[], asking: boolean, failed: 'offline' | 'failed' | null }}
 */
export function useFound(q) {
  const here = session.value.here;
  const asks = here !== undefined && here.tier !== 'village' && q.length >= 2;
  const [told, setTold] = useState(/** @type {{ q: string, items: Found[], failed: 'offline' | 'failed' | null }} */ ({ q: '', items: [], failed: null }));
  useEffect(() => {
    if (!asks || !here) return;
    let gone = false;
    const wait = setTimeout(async () => {
      const by = /^\d{4}$/.test(q) ? { phone_tail: q } : { q };
      try {
        const page = await get('/households', { ...by, service_point_id: here.id, status: 'active', limit: '30' });
        if (gone) return;
        const items = page.items.map(foundOf);
        remember(items);
        setTold({ q, items, failed: null });
      } catch (error) {
        if (!gone) setTold({ q, items: [], failed: error instanceof Offline ? 'offline' : 'failed' });
      }
    }, 300);
    return () => { gone = true; clearTimeout(wait); };
  }, [q, asks, here?.id, online.value]);
  /** @type {Found[]} */
  const own = find(q);
  if (!asks) return { found: own, asking: false, failed: null };
  const fresh = told.q === q;
  const more = fresh ? told.items.filter((item) => !own.some((card) => card.id === item.id)) : [];
  return { found: [...own, ...more], asking: !fresh, failed: fresh ? told.failed : null };
}

/** What stands below a name: "4口 · 尾号 6172". @param {Found} card */
export function aboutText(card) {
  const tail = card.phone_tails[0];
  return t('households.about', {
    persons: tn('households.persons', card.persons),
    phone: tail ? t('households.tail', { tail }) : t('households.no_phone'),
  });
}

/** A household in a row or a pick. @param {{ card: Found }} props */
export const About = ({ card }) => html`${card.head_name ?? t('households.nameless')}<br /><span class="dim tiny">${aboutText(card)}</span>`;

/** What is special about a household: not sent yet, elsewhere at home. @param {{ card: Found }} props */
export function Marks({ card }) {
  if (card.unsent) return html`<${State} kind="wait" word=${t('state.unsent')} chip />`;
  return html`<span class="dim tiny side">${card.elsewhere ? t('households.elsewhere') : label('household_type', card.household_type)}</span>`;
}
