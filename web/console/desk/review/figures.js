/** A report's figures: as they were sent in, as they are now, as they were the month before; and the rows behind each. */
import { html, useState } from '../../core/html.js';
import { label, language, t, tn } from '../../core/i18n.js';
import { count, dayText, monthText, addMonths } from '../../core/format.js';
import { figureOf } from '../../parts/report-data.js';
import { Failed, Loading } from '../../parts/rows.js';
import { State } from '../../parts/state.js';
import { pages, pointName } from '../data.js';
import { TO_COME } from '../naming.js';
import { Dialog } from '../parts/dialog.js';
import { UnitToggle, amount, unitName } from '../parts/money.js';
import { Sheet } from '../parts/sheet.js';
import { useMetrics } from './data.js';

/** What a month is about; the others are a click away. */
const MAIN = ['assistance_count', 'households_assisted', 'assistance_amount', 'households_registered', 'households', 'persons'];

/** @param {{ zh: string, en: string } | undefined} names */
const say = (names) => (names ? (language.value === 'en' ? names.en : names.zh) : '');

/** @param {any[]} metrics @param {string} code */
export const metricName = (metrics, code) => say(metrics.find((m) => m.code === code)?.name) || (metrics.length ? code : TO_COME);

/** A value as people read it. @param {any} metric @param {number | null | undefined} value @param {number} [of] */
export function valueText(metric, value, of) {
  if (value == null) return t('review.nothing');
  if (metric?.unit.en === 'fen') return amount(value);
  return of === undefined ? count(value) : t('review.of', { n: count(value), of: count(of) });
}

/** How much it has moved, and whence. @param {any} metric @param {number} now @param {number | null | undefined} then */
export function moveText(metric, now, then) {
  if (then == null || then === now) return then == null ? t('review.nothing') : t('review.same');
  return t(now > then ? 'review.up' : 'review.down', { n: valueText(metric, Math.abs(now - then)) });
}

/**
 * @param {{ item: import('./data.js').Item, view: any, month: string, mayOpen: boolean, tools?: any }} props
 *   `view` is the report beside this moment, `mayOpen` whether the rows behind may be read
 */
export function Figures({ item, view, month, mayOpen, tools }) {
  const metrics = useMetrics();
  const [all, setAll] = useState(false);
  const [shown, setShown] = useState(/** @type {{ code: string, path: string } | null} */ (null));
  // What was sent back last stands beside what would be sent in now; it would only be repeated as what was sent in.
  const sent = view?.report && ['submitted', 'approved'].includes(view.report.state) ? view.report.figures : null;
  const returned = item.figures.some((f) => f.when_returned != null);
  const others = item.figures.map((f) => f.metric).filter((code) => !MAIN.includes(code) && item.figures.some((f) => f.metric === code && (f.value || f.month_before)));
  const codes = [...MAIN.filter((code) => item.figures.some((f) => f.metric === code)), ...(all ? others : [])];
  return html`<div class="scroll"><table class="sheet edge">
    <thead><tr>
      <th scope="col">${t('review.figure')}</th><th scope="col" class="n">${monthText(addMonths(month, -1))}</th>
      ${returned ? html`<th scope="col" class="n">${t('review.when_returned')}</th>` : null}
      ${sent ? html`<th scope="col" class="n">${t('review.when_sent')}</th>` : null}
      <th scope="col" class="n">${t('review.now')}</th><th scope="col" class="n">${t('review.than_before')}</th>
    </tr></thead>
    <tbody>${codes.map((code) => {
      const metric = metrics.find((/** @type {any} */ m) => m.code === code);
      const told = /** @type {import('./data.js').Item['figures'][number]} */ (item.figures.find((f) => f.metric === code));
      const frozen = figureOf(sent, code);
      const now = view ? figureOf(view.figures, code) : null;
      const moved = frozen && now && frozen.value !== now.value;
      const looked = frozen ?? now ?? told;
      const open = (/** @type {any} */ f, /** @type {string} */ text) => (mayOpen && f.value ? html`<button type="button" class="link" onClick=${() => setShown({ code, path: told.rows })}
        aria-label=${t('review.rows_of', { what: metricName(metrics, code), n: text })}>${text}</button>` : text);
      return html`<tr key=${code}>
        <th scope="row" title=${say(metric?.definition)}>${metricName(metrics, code)} <span class="dim tiny">${!metric ? '' : metric.unit.en === 'fen' ? unitName() : say(metric.unit)}</span></th>
        <td class="n dim">${valueText(metric, told.month_before)}</td>
        ${returned ? html`<td class="n ${told.when_returned != null && told.when_returned !== looked.value ? 'was' : ''}">${valueText(metric, told.when_returned)}</td>` : null}
        ${sent ? html`<td class="n"><b>${frozen ? open(frozen, valueText(metric, frozen.value, frozen.of)) : t('review.nothing')}</b></td>` : null}
        <td class="n">${moved ? html`<${State} kind="changed" word=${html`<span class="sr">${t('review.moved')}</span>`} /> ` : null}${!now ? valueText(metric, told.value, told.of) : sent ? valueText(metric, now.value, now.of) : open(now, valueText(metric, now.value, now.of))}</td>
        <td class="n">${moveText(metric, looked.value, told.month_before)}</td>
      </tr>`;
    })}</tbody>
  </table></div>
  <div class="line small">${others.length ? html`<button type="button" class="link" aria-expanded=${all ? 'true' : 'false'}
    onClick=${() => setAll(!all)}>${all ? t('review.fewer_figures') : tn('review.more_figures', others.length)}</button>` : null}<span class="end line"><${UnitToggle} />${tools}</span></div>
  ${shown ? html`<${RowsDialog} key=${shown.path} path=${shown.path} title=${t('review.rows_title', { point: item.name, month: monthText(month), what: metricName(metrics, shown.code) })}
    metric=${metrics.find((/** @type {any} */ m) => m.code === shown.code)} onClose=${() => setShown(null)} />` : null}`;
}

/** Where a row of a figure leads. @param {string} type @param {string | null} id @returns {string | null} */
export function hrefOf(type, id) {
  if (!id) return null;
  if (type === 'assistance_record') return `#/record/${id}`;
  if (type === 'household') return `#/household/${id}`;
  if (type === 'service_point') return `#/network/${id}`;
  return null;
}

/** The rows that a figure counts. @param {{ path: string, title: string, metric: any, onClose: () => void }} props */
function RowsDialog({ path, title, metric, onClose }) {
  const url = new URL(path, location.origin);
  const list = pages(url.pathname.replace(/^\/api\/v1/, ''), Object.fromEntries(url.searchParams));
  const what = (/** @type {any} */ row) => (row.kind && row.object_type === 'assistance_record' ? label('assistance_kind', row.kind)
    : row.type && row.object_type === 'household' ? label('household_type', row.type) : t(`review.counted_${row.object_type}`));
  const columns = [
    { key: 'what', label: t('review.row_what'), value: what, href: (/** @type {any} */ row) => hrefOf(row.object_type, row.id) },
    { key: 'on', label: t('review.row_day'), cell: (/** @type {any} */ row) => (row.on ? dayText(row.on) : t('review.nothing')) },
    { key: 'point', label: t('review.row_point'), value: (/** @type {any} */ row) => pointName(row.service_point_id) },
    { key: 'value', label: t('review.row_adds'), num: true, cell: (/** @type {any} */ row) => valueText(metric, row.value) },
  ];
  const rows = list.rows.map((row, n) => ({ ...row, key: String(n) }));
  return html`<${Dialog} title=${title} open wide onClose=${onClose}>
    ${list.error ? html`<${Failed} error=${list.error} retry=${list.reload} />` : list.loading && !rows.length ? html`<${Loading} />`
      : html`<${Sheet} caption=${title} columns=${columns} rows=${rows} id=${(/** @type {any} */ row) => row.key} csv=${title} empty=${t('review.no_rows')} more=${list.more} />`}
  <//>`;
}
