/**
 * The desk: its routes, its style and its frame, fetched when there is room for it. Each area registers its pages under
 * patterns such as `report/:id` in a file of its own; its words come with its first page.
 */
import { addWords } from '../core/i18n.js';
import { deskFrame } from '../core/settings.js';
import { PhonePage } from './parts/frame.js';
import { enableStyles, loadStyle } from './parts/style.js';
import admin from './routes/admin.js';
import audit from './routes/audit.js';
import ledgers from './routes/ledgers.js';
import network from './routes/network.js';
import review from './routes/review.js';

/** @typedef {((props: any) => any) & { stays?: boolean }} Page */
/** @typedef {{ area: string, pattern: string, parts: string[], page: () => Promise<{ default: Page }> }} Entry */

/** @type {Record<string, Record<string, Entry['page']>>} */
const AREAS = { network, review, audit, admin, ledgers };

/** @type {Entry[]} */
const table = Object.entries(AREAS).flatMap(([area, routes]) => Object.entries(routes)
  .map(([pattern, page]) => ({ area, pattern, parts: pattern.split('/'), page })));

/** Fetches what every page of the desk needs. */
export async function open() {
  await Promise.all([addWords('pages'), addWords('desk-parts'), loadStyle('desk')]);
}

/** Puts the desk's look on, or takes it off. @param {boolean} on */
export function show(on) {
  document.documentElement.toggleAttribute('data-density', on);
  if (on) document.documentElement.setAttribute('data-density', 'desk');
  enableStyles(on);
  deskFrame.value = on ? PhonePage : null;
}

/**
 * The page for the segments of an address: a pattern that names more of them goes before one that takes anything.
 * @param {(string | undefined)[]} segments
 */
export function find(segments) {
  const given = segments.filter((s) => s !== undefined);
  const fits = table.filter(({ parts }) => parts.length === given.length && parts.every((part, n) => part.startsWith(':') || part === given[n]));
  const open = (/** @type {Entry} */ e) => e.parts.filter((part) => part.startsWith(':')).length;
  const best = fits.sort((a, b) => open(a) - open(b))[0];
  if (!best) return null;
  const props = Object.fromEntries(best.parts.flatMap((part, n) => (part.startsWith(':') ? [[part.slice(1), given[n] ?? '']] : [])));
  return {
    key: `${best.area}:${best.pattern}`,
    load: () => Promise.all([best.page(), addWords(`desk-${best.area}`)]).then(([page]) => page.default),
    props,
  };
}
