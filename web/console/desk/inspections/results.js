/** What an inspection says of the whole: by stratum and in all, each share with its interval. */
import { html } from '../../core/html.js';
import { label, t } from '../../core/i18n.js';
import { count } from '../../core/format.js';
import { Answer } from '../../parts/rows.js';
import { pointName, useGet } from '../data.js';
import { Paper } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { percent } from '../review/data.js';
import { signed } from '../review/report-paper.js';
import { usePaper } from './data.js';

/** @param {{ inspection: any, setPaper: (paper: import('./data.js').Printed | null) => void }} props */
export function Results({ inspection, setPaper }) {
  const answer = useGet(`/inspections/${inspection.id}/results`);
  return html`<section class="panel stack grow" aria-label=${t('inspect.page_results')}><${Answer} answer=${answer}>${(/** @type {any} */ results) => html`<${Table} results=${results} inspection=${inspection} setPaper=${setPaper} />`}<//></section>`;
}

/** An interval as people read it. @param {any} r @param {string} [none] */
const interval = (r, none = t('inspect.unchecked')) => (r.rate_bp === null ? none : t('inspect.interval', { low: percent(r.low_bp), high: percent(r.high_bp) }));

/** @param {{ results: any, inspection: any, setPaper: (paper: import('./data.js').Printed | null) => void }} props */
function Table({ results, inspection, setPaper }) {
  const rows = results.strata.map((/** @type {any} */ s) => ({ id: s.service_point_id, name: s.name, ...s.result }));
  const total = results.total;
  const most = Math.max(100, ...[...rows, total].map((r) => r.high_bp ?? 0));
  const number = (/** @type {string} */ key) => ({ key, label: t(`inspect.n_${key}`), num: true, cell: (/** @type {any} */ r) => count(r[key]) });
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'name', label: t('inspect.stratum') },
    ...['frame_size', 'sample_size', 'open', 'checked', 'confirmed', 'amount_differs', 'not_found', 'refused', 'errors'].map(number),
    { key: 'rate_bp', label: t('inspect.share'), num: true, cell: (r) => html`<b>${percent(r.rate_bp)}</b>` },
    { key: 'interval', label: t('inspect.interval_95'), sort: false, csv: (r) => interval(r), cell: (r) => interval(r) },
    { key: 'drawn', label: t('inspect.interval_95'), bar: true, cell: (r) => html`<${Interval} result=${r} most=${most} />` },
  ];
  const foot = { name: t('inspect.in_all'), ...Object.fromEntries(['frame_size', 'sample_size', 'open', 'checked', 'confirmed', 'amount_differs', 'not_found', 'refused', 'errors'].map((k) => [k, count(total[k])])), rate_bp: percent(total.rate_bp), interval: interval(total, t('inspect.no_share')), drawn: html`<${Interval} result=${total} most=${most} />` };
  const title = t('inspect.results_title', { name: inspection.name });
  const notes = [t('inspect.results_mean'), t('inspect.paper_note', { digest: inspection.frame_digest, seed: inspection.seed ?? '', method: label('inspection_method', inspection.method) })];
  usePaper(setPaper, () => html`<${Paper} title=${title} unit=${pointName(inspection.service_point_id)} columns=${columns} rows=${rows} foot=${foot} notes=${notes} ...${signed()} />`, results);
  return html`<header class="line"><h2>${t('inspect.share_is')}</h2><span><b class="big">${percent(total.rate_bp)}</b> <span class="dim">${interval(total, t('inspect.no_share'))}</span></span>
      <span class="end small dim">${t('inspect.checked_told', { n: count(total.checked), all: count(total.sample_size), open: count(total.open), refused: count(total.refused) })}</span></header>
    <${Sheet} caption=${title} columns=${columns} rows=${rows} foot=${foot} csv=${title} note=${t('inspect.results_mean')} class="grow"
      footRow=${{ name: t('inspect.in_all'), ...total, interval: interval(total, t('inspect.no_share')) }} />`;
}

/** Where the share lies: the band is the interval, the stroke the share. @param {{ result: any, most: number }} props */
function Interval({ result, most }) {
  if (result.rate_bp === null) return null;
  const at = (/** @type {number} */ bp) => ((bp / most) * 100).toFixed(1);
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="b4" x=${at(result.low_bp)} width=${Math.max(1, Number(at(result.high_bp)) - Number(at(result.low_bp))).toFixed(1)} height="8" /><path class="mid" d="M${at(result.rate_bp)} 0V8" /></svg>`;
}
