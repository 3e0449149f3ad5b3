/** What things are called that entries name by id alone, and how they are found by their names. */
import { get } from '../../core/api.js';
import { effect } from '../../core/html.js';
import { label, t } from '../../core/i18n.js';
import { addMonths, thisMonth, today } from '../../core/format.js';
import { lastDay } from './days.js';
import { session } from '../../core/session.js';
import { all, learn as learnPoints, pointName } from '../data.js';
import { TO_COME, lookup } from '../naming.js';

/** @typedef {import('../parts/form-values.js').Option} Option */
/** @typedef {'store' | 'organisation' | 'platform' | 'product' | 'campaign' | 'partner' | 'project' | 'site' | 'session' | 'household' | 'member' | 'membership' | 'link' | 'county' | 'account' | 'document'} Thing */

/** Where each lives, and the ledger that its page belongs to. @type {Record<Thing, { path: string, book?: string }>} */
const THINGS = {
  store: { path: '/stores', book: 'stores' },
  organisation: { path: '/organisations', book: 'organisations' },
  platform: { path: '/platforms', book: 'platforms' },
  product: { path: '/products', book: 'products' },
  campaign: { path: '/campaigns', book: 'campaigns' },
  partner: { path: '/partners', book: 'partners' },
  project: { path: '/projects', book: 'projects' },
  site: { path: '/logistics-sites', book: 'logistics-sites' },
  session: { path: '/training-sessions', book: 'training-sessions' },
  membership: { path: '/memberships', book: 'memberships' },
  link: { path: '/benefit-links', book: 'benefit-links' },
  document: { path: '/policy-documents', book: 'policy-documents' },
  household: { path: '/households' },
  member: { path: '/members' },
  county: { path: '/service-points' },
  account: { path: '/accounts' },
};

/** @param {string} key @returns {[Thing, string]} */
const parted = (key) => /** @type {[Thing, string]} */ ([key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)]);

/** @param {Thing} kind @param {string} id */
const readThing = async (kind, id) => (kind === 'county' ? (await get('/service-points', { q: id, tier: 'county', limit: 1 })).items[0] : get(`${THINGS[kind].path}/${id}`));

/** @param {string} id */
const missing = (id) => ({ id, region_code: id, missing: true });

/** Kinds that no list has as a whole: persons stand in their households, sessions in windows of days, counties among points. */
const UNLISTED = new Set(['member', 'session', 'county', 'account']);

const known = lookup({
  read: (key) => readThing(...parted(key)),
  lost: (key) => missing(parted(key)[1]),
  list: (key) => (UNLISTED.has(parted(key)[0]) ? undefined : THINGS[parted(key)[0]].path),
  keyOf: (row, path) => `${Object.entries(THINGS).find(([, thing]) => thing.path === path)?.[0]}:${row.id}`,
});
/** Lists that are short enough to be read whole, for a minute. @type {Map<string, { at: number, rows: Promise<any[]> }>} */
const lists = new Map();
let owner = /** @type {string | undefined} */ (undefined);
effect(() => {
  const account = session.value.account?.id;
  if (account === owner) return;
  owner = account;
  lists.clear();
});

/** @param {Thing} kind @param {any[]} rows */
export const learnThings = (kind, rows) => known.learn(rows.map((row) => [`${kind}:${kind === 'county' ? row.region_code : row.id}`, row]));

/** The thing whose rows a ledger has. @param {string} book @returns {Thing | undefined} */
export const thingOf = (book) => /** @type {Thing | undefined} */ (Object.entries(THINGS).find(([, thing]) => thing.book === book)?.[0]);

/** What a thing that was read is called. @param {Thing} kind @param {any} row @returns {string} */
function called(kind, row) {
  if (kind === 'household') return row.head_name ?? t('book.nameless');
  if (kind === 'member') return row.name ?? t('book.nameless');
  if (kind === 'account') return row.display_name;
  if (kind === 'session') return `${row.name ?? label('training_topic', row.topic)} ${row.starts_on}`;
  if (kind === 'membership') return [row.member_id && nameOf('member', row.member_id), row.organisation_id && nameOf('organisation', row.organisation_id)].filter(Boolean).join(' · ');
  if (kind === 'link') {
    const lifter = row.store_id ? nameOf('store', row.store_id) : row.organisation_id ? nameOf('organisation', row.organisation_id) : '';
    return [row.household_id && nameOf('household', row.household_id), lifter].filter(Boolean).join(' · ');
  }
  return row.name ?? row.id.slice(0, 8);
}

/** The name of a thing, or `…` until it is known. @param {Thing} kind @param {string | null | undefined} id @returns {string} */
export function nameOf(kind, id) {
  if (!id) return '';
  if (kind === 'account' && id === session.value.account?.id) return session.value.account.display_name;
  const row = known.see(`${kind}:${id}`);
  if (!row) return TO_COME;
  // Of a county out of reach its code is all that is told.
  if (row.missing) return kind === 'county' ? id : t('book.out_of_reach');
  return called(kind, row);
}

/** Where a thing has its page. @param {Thing} kind @param {string | null | undefined} id */
export function hrefOf(kind, id) {
  if (!id || kind === 'county' || kind === 'account') return null;
  if (kind === 'household') return `#/household/${id}`;
  if (kind === 'member') {
    const household = known.peek(`member:${id}`)?.household_id;
    return household ? `#/household/${household}` : null;
  }
  return `#/ledgers/${THINGS[kind].book}/${id}`;
}

/** The name of a thing, when it is there. @param {Thing} kind @param {string} id @returns {Promise<string>} */
export async function resolveThing(kind, id) {
  if (!known.has(`${kind}:${id}`)) learnThings(kind, [(await readThing(kind, id)) ?? missing(id)]);
  if (kind === 'membership' || kind === 'link') await resolveParts(known.peek(`${kind}:${id}`));
  return nameOf(kind, id);
}

/** @param {any} row */
async function resolveParts(row) {
  const parts = /** @type {[Thing, string | null][]} */ ([['member', row.member_id], ['organisation', row.organisation_id], ['household', row.household_id], ['store', row.store_id]]);
  await Promise.all(parts.map(([kind, id]) => (id ? resolveThing(kind, id).catch(() => '') : '')));
}

/** Whether the keeper of an item of a catalogue is in reach: those above lie outside of the scope, their items do not. @param {string | undefined} point */
export const inReach = (point) => (session.value.points ?? []).some((p) => p.id === point || p.tier === 'bureau');

/** @param {string} point */
export const keeperName = (point) => (inReach(point) ? pointName(point) : t('book.point_above'));

// ---- finding ----

const FRESH = 60_000;

/** @param {Thing} kind @returns {Promise<any[]>} */
function whole(kind) {
  const last = lists.get(kind);
  if (last && performance.now() - last.at < FRESH) return last.rows;
  const rows = all(THINGS[kind].path).then((found) => {
    learnThings(kind, found);
    return found;
  });
  lists.set(kind, { at: performance.now(), rows });
  rows.catch(() => lists.delete(kind));
  return rows;
}

/** A catalogue has changed. @param {string} book */
export function forgetThings(book) {
  const kind = thingOf(book);
  if (kind) lists.delete(kind);
}

/** @param {any} row */
const atPoint = (row) => `${row.name} · ${pointName(row.service_point_id)}`;

/** @param {string} q */
async function findHouseholds(q) {
  const { items } = await get('/households', { ...(q && (/^\d{4}$/.test(q) ? { phone_tail: q } : { q })), status: 'active', limit: 12 });
  learnThings('household', items);
  return /** @type {any[]} */ (items);
}

/** @param {string} q @returns {Promise<Option[]>} */
async function findMembers(q) {
  const households = (await findHouseholds(q)).slice(0, 8);
  const found = await Promise.all(households.map(async (household) => {
    const { items } = await get(`/households/${household.id}/members`);
    learnThings('member', items);
    return items.filter((/** @type {any} */ m) => m.left_on === null).map((/** @type {any} */ m) => ({ id: m.id, label: t('book.member_of', { name: m.name ?? t('book.nameless'), head: household.head_name ?? '' }) }));
  }));
  return found.flat();
}

/** As many stores as are looked through for a name: those of the largest county. */
const STORE_PAGES = 25;

/** The first stores in reach, kept for a minute. @returns {Promise<any[]>} */
function firstStores() {
  const last = lists.get('store');
  if (last && performance.now() - last.at < FRESH) return last.rows;
  const rows = (async () => {
    /** @type {any[]} */
    const found = [];
    let cursor;
    for (let page = 0; page < STORE_PAGES && cursor !== null; page++) {
      const { items, next_cursor } = await get('/stores', { limit: 200, cursor });
      found.push(...items);
      cursor = next_cursor;
    }
    return found;
  })();
  lists.set('store', { at: performance.now(), rows });
  rows.catch(() => lists.delete('store'));
  return rows;
}

/** The API finds no store by its name: so by who keeps it, by its point, and by name among the first. @param {string} q */
async function findStores(q) {
  const ask = async (/** @type {Record<string, any>} */ query) => /** @type {any[]} */ ((await get('/stores', query)).items);
  if (!q) return ask({ limit: 20 });
  const [households, organisations, points] = await Promise.all([findHouseholds(q), whole('organisation'), get('/service-points', { q, limit: 4 })]);
  const near = await Promise.all([
    ...organisations.filter((o) => o.name.includes(q)).slice(0, 4).map((o) => ask({ organisation_id: o.id, limit: 10 })),
    ...households.slice(0, 5).map((h) => ask({ household_id: h.id, limit: 5 })),
    ...points.items.map((/** @type {any} */ p) => ask({ service_point_id: p.id, limit: 10 })),
  ]);
  const found = near.flat();
  if (found.length < 10) found.push(...(await firstStores()).filter((row) => row.name.includes(q)));
  return [...new Map(found.map((row) => [row.id, row])).values()];
}

/** Sessions lie in windows of days: one year after another, back from today. @param {string} q */
async function findSessions(q) {
  /** @type {any[]} */
  const found = [];
  for (let year = 0; year < 7 && found.length < 15; year++) {
    const [first, last] = [addMonths(thisMonth(), -12 * year - 11), addMonths(thisMonth(), -12 * year)];
    const { items } = await get('/training-sessions', { from: `${first}-01`, to: year === 0 ? today() : lastDay(last), state: 'active', limit: 100 });
    found.push(...items.filter((/** @type {any} */ row) => called('session', row).includes(q)));
  }
  return found;
}

/** @param {Thing} kind @param {string} q */
async function findPaired(kind, q) {
  const path = THINGS[kind].path;
  const ask = async (/** @type {Record<string, any>} */ query) => /** @type {any[]} */ ((await get(path, query)).items);
  if (!q) return ask({ limit: 15 });
  const organisations = (await whole('organisation')).filter((row) => row.name.includes(q)).slice(0, 4).map((row) => ask({ organisation_id: row.id, limit: 15 }));
  const households = (await findHouseholds(q)).slice(0, 6);
  const others = kind === 'link' ? households.map((h) => ask({ household_id: h.id, limit: 5 }))
    : households.map(async (h) => {
      const { items } = await get(`/households/${h.id}/members`);
      return (await Promise.all(items.map((/** @type {any} */ m) => ask({ member_id: m.id, limit: 5 })))).flat();
    });
  const rows = (await Promise.all([...organisations, ...others])).flat();
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** Things that a text finds. @param {Thing} kind @param {string} q @returns {Promise<Option[]>} */
export async function findThings(kind, q) {
  if (kind === 'member') return findMembers(q);
  if (kind === 'household') {
    const rows = await findHouseholds(q);
    return rows.map((row) => ({ id: row.id, label: t('book.household', { name: row.head_name ?? t('book.nameless'), n: row.persons, place: pointName(row.service_point_id) }) }));
  }
  if (kind === 'county') {
    const { items } = await get('/service-points', { tier: 'county', q: q || undefined, limit: 20 });
    learnPoints(items);
    learnThings('county', items);
    return items.map((/** @type {any} */ p) => ({ id: p.region_code, label: p.name }));
  }
  if (kind === 'store' || kind === 'session') {
    const rows = kind === 'store' ? await findStores(q) : await findSessions(q);
    learnThings(kind, rows);
    return rows.slice(0, 30).map((row) => ({ id: row.id, label: kind === 'store' ? atPoint(row) : called('session', row) }));
  }
  if (kind === 'membership' || kind === 'link') {
    const rows = await findPaired(kind, q);
    learnThings(kind, rows);
    await Promise.all(rows.slice(0, 20).map(resolveParts));
    return rows.slice(0, 20).map((row) => ({ id: row.id, label: called(kind, row) }));
  }
  const near = kind === 'site' || kind === 'organisation';
  const rows = (await whole(kind)).filter((row) => !q || row.name.includes(q) || (near && pointName(row.service_point_id).includes(q)));
  return rows.slice(0, 30).map((row) => ({ id: row.id, label: near ? atPoint(row) : row.name }));
}
