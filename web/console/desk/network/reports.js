/** How far the month of the children is: the states of their reports, and how much is doubtful, in one request each. */
import { get } from '../../core/api.js';
import { html, signal } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { can } from '../../core/session.js';
import { State } from '../../parts/state.js';
import { all, useAnswer } from '../data.js';
import { kindOf } from './periods.js';

/** To weigh every record of a county against the rules takes the server seconds: it is asked of a large point only when somebody wants it. */
const counted = signal(/** @type {ReadonlySet<string>} */ (new Set()));
const PATIENCE = 60_000;

/**
 * Hook: what is known of a month of a point's children.
 * @param {string | null} id @param {string} period @param {string} [tier]
 */
export function useReports(id, period, tier) {
  const month = kindOf(period) === 'month';
  const reports = useAnswer(id && month && can('reports.read', id) ? `reports/${id}/${period}` : '', () => all('/reports', { parent_id: id, month: period }));
  const key = `doubts/${id}/${period}`;
  const mayDoubt = id !== null && month && can('doubtful.read', id);
  const ask = mayDoubt && (tier === 'township' || counted.value.has(key));
  const doubts = useAnswer(ask ? key : '', () => get(`/service-points/${id}/doubtful-summary`, { month: period }, { time: PATIENCE }));
  /** @type {Map<string, string>} */
  const states = new Map((reports.value ?? []).map((/** @type {any} */ r) => [r.service_point_id, r.state]));
  /** @type {Map<string, number>} */
  const open = new Map();
  for (const part of doubts.value?.parts ?? []) open.set(part.service_point_id, (open.get(part.service_point_id) ?? 0) + part.open);
  return {
    states: reports.value ? states : null,
    doubts: doubts.value ? { of: open, total: doubts.value.open_errors + doubts.value.open_doubtful } : null,
    counting: ask && doubts.loading && !doubts.value,
    failed: ask && !doubts.loading && !doubts.value && doubts.error !== null,
    countDoubts: ask ? doubts.reload : mayDoubt ? () => (counted.value = new Set([...counted.peek(), key])) : null,
    reload: () => Promise.all([reports.reload(), doubts.reload()]),
  };
}

/** @type {Record<string, import('../../parts/state.js').Kind>} */
const KINDS = { submitted: 'wait', approved: 'ok', returned: 'return', open: 'none', missing: 'none' };

/** @param {{ state: string | undefined }} props */
export const ReportState = ({ state = 'missing' }) => html`<${State} kind=${KINDS[state] ?? 'none'} word=${reportWord(state)} />`;

/** @param {string | undefined} state */
export const reportWord = (state = 'missing') => t(`network.report_${state}`);
