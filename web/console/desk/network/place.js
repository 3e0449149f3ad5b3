/** What is looked at: point, period, metric, compared period. All of it stands in the address, so that it can be sent to somebody. */
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { replace } from '../../core/router.js';
import { can, session } from '../../core/session.js';
import { Icon } from '../../parts/icons.js';
import { useAnswer, useGet } from '../data.js';
import { get } from '../../core/api.js';
import { KINDS, compared, hasNext, kindOf, periodFrom, periodText, shifted, turned } from './periods.js';

/** @typedef {'previous' | 'year_before'} Vs */

/**
 * @param {URLSearchParams} query
 */
export function placeOf(query) {
  const period = periodFrom(query.get('period'));
  const vs = /** @type {Vs} */ (query.get('vs') === 'year_before' ? 'year_before' : 'previous');
  return { period, vs, other: compared(period, vs), metric: query.get('metric') ?? 'assistance_count', map: query.get('show') === 'map' };
}

/** An address with some of the query changed; `null` takes something out. @param {string} path @param {URLSearchParams} query @param {Record<string, string | null>} changes */
export function address(path, query, changes) {
  const next = new URLSearchParams(query);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) next.delete(key);
    else next.set(key, value);
  }
  const text = next.toString();
  return text ? `${path}?${text}` : path;
}

/** The query that goes along from point to point. @param {URLSearchParams} query */
export function along(query) {
  const kept = new URLSearchParams();
  for (const key of ['period', 'vs', 'metric', 'show']) {
    const value = query.get(key);
    if (value) kept.set(key, value);
  }
  const text = kept.toString();
  return text && `?${text}`;
}

/** The point that one begins with. */
export const firstPoint = () => session.value.here?.id ?? session.value.points?.[0]?.id ?? '';

/** Hook: the metrics by their codes, in the order of the API. @returns {Map<string, import('./values.js').Metric> | null} */
export function useMetrics() {
  const answer = useAnswer('metrics', async () => new Map((await get('/metrics')).items.map((/** @type {any} */ m) => [m.code, m])));
  return answer.value ?? null;
}

/** Hook: the statistics of a point; `null` asks nothing. @param {string | null} id @param {string | null} period @param {string[]} metrics @param {boolean} [compare] */
export const useStatistics = (id, period, metrics, compare) => useGet(
  id && period && metrics.length ? `/service-points/${id}/statistics` : null,
  { period, metrics: metrics.join(','), ...(compare && { compare: true }) },
);

/** Whether the rows behind figures may be looked at there. @param {string} id */
export const mayLookBehind = (id) => can('households.read', id);

/** The address of the rows behind a figure. @param {string} id @param {Record<string, string | undefined>} what */
export function behind(id, what) {
  const query = new URLSearchParams(Object.entries(what).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
  return `#/network/${id}/rows?${query}`;
}

/** Choices that all stay in sight. @param {{ name: string, label: string, value: string, set: (value: string) => void, options: [string, string][] }} props */
export const Choice = ({ name, label, value, set, options }) => html`<div class="seg" role="group" aria-label=${label}>
  ${options.map(([code, word]) => html`<label key=${code}><input type="radio" name=${name} checked=${value === code} onChange=${() => set(code)} /><span>${word}</span></label>`)}
</div>`;

/** 月 季 年 累计, and the one before and after. @param {{ path: string, query: URLSearchParams, all?: boolean }} props */
export function PeriodChooser({ path, query, all = true }) {
  const { period } = placeOf(query);
  const to = (/** @type {string} */ next) => replace(address(path, query, { period: next, cursor: null }));
  return html`<${Choice} name="period" label=${t('period.label')} value=${kindOf(period)} set=${(/** @type {any} */ kind) => to(turned(period, kind))}
      options=${KINDS.filter((k) => all || k !== 'all').map((k) => [k, t(`period.${k}`)])} />
    <span class="line small stepper">
      <button type="button" class="btn" disabled=${period === 'all'} onClick=${() => to(shifted(period, -1))}><${Icon} name="back" label=${t('period.back')} /></button>
      <b>${periodText(period)}</b>
      <button type="button" class="btn" disabled=${!hasNext(period)} onClick=${() => to(shifted(period, 1))}><${Icon} name="go" label=${t('period.on')} /></button>
    </span>`;
}

/** Compared with the period before, or the same one a year before. @param {{ path: string, query: URLSearchParams }} props */
export function VsChooser({ path, query }) {
  const { period, vs } = placeOf(query);
  // The year before a year is the same one both ways.
  if (kindOf(period) === 'all' || kindOf(period) === 'year') return null;
  return html`<${Choice} name="vs" label=${t('vs.label')} value=${vs} set=${(/** @type {string} */ v) => replace(address(path, query, { vs: v === 'previous' ? null : v }))}
    options=${[['previous', t(`vs.previous_${kindOf(period)}`)], ['year_before', t(`vs.year_before_${kindOf(period)}`)]]} />`;
}
