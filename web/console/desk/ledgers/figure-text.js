/** How a figure is written here: the number, its unit, and what stands small beside it. */
import { html } from '../../core/html.js';
import { addWords, label, t } from '../../core/i18n.js';
import { count, money } from '../../core/format.js';
import * as values from '../network/values.js';
import { nameOf } from './names.js';

export { percent, said } from '../network/values.js';
export { useMetrics } from '../network/place.js';

// Periods and figures are said in the same words on all pages that have them.
await addWords('desk-network');

/** What tells of one person's money is said in yuan always. @param {{ code: string }} metric */
const inYuan = (metric) => /^wage_/.test(metric.code);

/** @param {any} metric */
export const unitOf = (metric) => (inYuan(metric) ? t('money.yuan') : values.unitOf(metric));

/** @param {any} metric @param {number} n */
export const numberText = (metric, n) => (inYuan(metric) ? money(n) : values.numberText(metric, n));

/**
 * The figure itself, as large as it is shown, and what stands small beside it.
 * @param {any} metric
 * @param {{ total?: number | null, value?: number | null, of?: number | null, rate_bp?: number | null, mean_hundredths?: number | null }} item
 */
export function figureText(metric, item) {
  const n = item.total === undefined ? item.value : item.total;
  if (n === null || n === undefined) return { main: t('book.hidden'), unit: '', aside: t('book.hidden_why') };
  if (item.rate_bp !== undefined) {
    const aside = t('book.of', { n: numberText(metric, n), of: numberText(metric, item.of ?? 0), unit: unitOf(metric) });
    return { main: item.rate_bp === null ? t('figure.none') : values.percent(item.rate_bp), unit: '', aside };
  }
  if (item.mean_hundredths !== undefined) {
    const mean = item.mean_hundredths;
    const main = mean === null ? t('figure.none') : values.isMoney(metric) ? numberText(metric, Math.round(mean / 100)) : money(mean);
    return { main, unit: unitOf(metric), aside: t('book.mean_of', { n: count(item.of ?? 0) }) };
  }
  return { main: numberText(metric, n), unit: unitOf(metric), aside: '' };
}

/**
 * A part of a figure, or the figure of another period: a number, n of N, or a mean.
 * @param {any} metric
 * @param {{ value: number, of?: number | null }} part
 */
export function partText(metric, { value, of }) {
  if (metric.is_mean) return !of ? t('figure.none') : values.isMoney(metric) ? numberText(metric, Math.round(value / of)) : money(Math.round((value * 100) / of));
  return of === undefined || of === null ? numberText(metric, value) : t('book.n_of', { n: numberText(metric, value), of: numberText(metric, of) });
}

/** What its bar is as long as: a share's rate, a mean, or the number. @param {any} metric @param {{ value: number, of?: number | null }} part */
export function partSize(metric, { value, of }) {
  if (of === undefined || of === null) return value;
  return of ? (value / of) * (metric.is_mean ? 1 : 100) : 0;
}

/** What a part of a figure is called. @param {{ code_list?: string, collection?: string } | null | undefined} names @param {string} code */
export function partName(names, code) {
  if (names?.code_list) return label(names.code_list, code);
  const kind = /** @type {Record<string, import('./names.js').Thing>} */ ({ platforms: 'platform', products: 'product', campaigns: 'campaign' })[names?.collection ?? ''];
  return kind ? nameOf(kind, code) : code;
}

/** A change with its direction as a shape, and what it is a change from. @param {{ name: string, metric: any, was: any }} props */
export function Compared({ name, metric, was }) {
  if (!was || was.value === null || was.value === undefined) return null;
  const bp = was.change_bp;
  const text = partText(metric, was);
  return html`<p class="small dim vs">${name} ${text} ${bp === null || bp === undefined ? null : html`<b>${bp > 0 ? '▲' : bp < 0 ? '▼' : '='} ${values.percent(Math.abs(bp))}</b>`}</p>`;
}
