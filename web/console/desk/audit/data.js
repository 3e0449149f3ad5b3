/**
 * What the audit pages read, and who may read how much of it.
 *
 * @typedef {{ field: string, before: unknown, after: unknown }} Change
 * @typedef {{
 *   id: string, seq: number | null, at: string, actor_kind: 'account' | 'operator' | 'nobody', actor_id: string | null,
 *   actor_username: string | null, action: string, object_type: string, object_id: string, object_version: number | null,
 *   service_point_id: string | null, service_point_name: string, reason: string | null, changes: Change[], content_hash: string | null,
 *   request_id: string, address: string | null,
 * }} AuditEvent
 * @typedef {{ format: string, at: string, seq: number, digest: string, public_key: string, signature: string }} Head
 * @typedef {{ from: string, to: string, point: string, actor: string, action: string, object: string, id: string }} Filters
 */
import { get } from '../../core/api.js';
import { addMonths, thisMonth, today } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { useAnswer } from '../data.js';

/** Whether everything may be read, or sign-ins, accounts and grants alone. */
export const readsWhole = () => can('audit.read_whole');
export const signsHeads = () => can('audit.sign_head');
/** Whether the whole network is mine to audit, and so everything to verify. */
export const verifiesAll = () => (session.value.points ?? []).some((p) => p.tier === 'bureau' && can('audit.sign_head', p.id));

/** Things that have a timeline of their own, with the path it is read at. @type {Record<string, string>} */
const TIMELINES = {
  household: 'households', assistance_record: 'assistance-records', report: 'reports', service_point: 'service-points', account: 'accounts',
};

/** Whether a thing's whole timeline may be read. @param {string} type */
export const hasTimeline = (type) => type in TIMELINES && (type === 'account' ? can('audit.read') : readsWhole());

/** @param {string} type @param {string} id */
export const timelinePath = (type, id) => `/${TIMELINES[type]}/${id}/timeline`;

/** The last day of a month. @param {string} month */
export const lastDay = (month) => new Date(Date.parse(`${addMonths(month, 1)}-01T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** @param {string} day @param {number} n */
export const addDays = (day, n) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);

/** What the address asks for; this month when it says nothing. @param {URLSearchParams} query @returns {Filters} */
export function filtersOf(query) {
  const said = (/** @type {string} */ name) => query.get(name) ?? '';
  const to = said('to') || today();
  const from = said('from') || `${to.slice(0, 7)}-01`;
  return { from, to, point: said('point'), actor: said('actor'), action: said('action'), object: said('object'), id: said('id') };
}

/** The address of these filters: ids alone, because an address is kept where names should not be. @param {Filters} filters @param {string} [event] */
export function addressOf(filters, event) {
  const { from, to, point, actor, action, object, id } = filters;
  const told = Object.entries({ from, to, point, actor, action, object, id, event: event ?? '' }).filter(([, value]) => value !== '');
  return `/audit?${new URLSearchParams(told).toString()}`;
}

/** What the API is asked for. @param {Filters} f @returns {Record<string, string>} */
export function asked(f) {
  const whole = {
    from: f.from, to: f.to, service_point_id: f.point, actor_id: f.actor, action: f.action, object_type: f.object, object_id: f.id,
  };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== ''));
}

/** Spans of days that are asked for often. @returns {{ code: string, from: string, to: string }[]} */
export function usualSpans() {
  const [day, month] = [today(), thisMonth()];
  const before = addMonths(month, -1);
  return [
    { code: 'today', from: day, to: day },
    { code: 'week', from: addDays(day, -6), to: day },
    { code: 'month', from: `${month}-01`, to: day },
    { code: 'before', from: `${before}-01`, to: lastDay(before) },
    { code: 'year', from: addDays(day, -365), to: day },
  ];
}

/** The signed end of the chain, as it is now. */
export const useHead = () => useAnswer(signsHeads() ? 'audit.head' : '', () => get('/audit-events/head'));
