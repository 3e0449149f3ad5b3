/** Figures as people read them: counts, amounts in the chosen unit, n of N, means, and what is hidden. */
import { html } from '../../core/html.js';
import { language, t } from '../../core/i18n.js';
import { count, money } from '../../core/format.js';
import { amount, unitName } from '../parts/money.js';

/**
 * @typedef {object} Metric as GET /metrics tells it
 * @property {string} code
 * @property {{ zh: string, en: string }} name
 * @property {{ zh: string, en: string }} unit
 * @property {{ zh: string, en: string }} definition
 * @property {'activity' | 'beneficiary'} view
 * @property {'flow' | 'stock'} nature
 * @property {boolean} is_share
 * @property {boolean} is_mean
 * @property {boolean} by_kind
 * @property {boolean} by_type
 * @property {boolean} additive_over_kinds
 * @property {boolean} personal
 * @property {{ code_list?: string, collection?: string } | null} [kinds]
 * @property {{ code_list?: string, collection?: string } | null} [types]
 * @property {string | null} [part_of]
 */
/** @typedef {{ value: number | null | undefined, of?: number | null, rate_bp?: number | null, mean_hundredths?: number | null }} Figure */

/** @param {{ zh: string, en: string }} label */
export const said = (label) => (language.value === 'en' ? label.en : label.zh);

/** @param {Metric} metric */
export const nameOf = (metric) => said(metric.name);

/** Whether it is an amount of money. @param {Metric} metric */
export const isMoney = (metric) => metric.unit.en === 'fen';

/** What one person earns is read in yuan, whatever the totals are shown in. @param {Metric} metric */
const small = (metric) => metric.is_mean || metric.personal;

/** @param {Metric} metric @param {number} fen */
const fenText = (metric, fen) => (small(metric) ? money(fen) : amount(fen));

/** @param {Metric} metric */
export const unitOf = (metric) => (isMoney(metric) ? (small(metric) ? t('money.yuan') : unitName()) : said(metric.unit));

/** A plain number of the metric, without its unit. @param {Metric} metric @param {number | null | undefined} value */
export const numberText = (metric, value) => (value === null || value === undefined ? t('figure.hidden') : isMoney(metric) ? fenText(metric, value) : count(value));

/** Hundredths as a decimal: "51.73". @param {number} hundredths */
const decimal = (hundredths) => `${count(Math.trunc(hundredths / 100))}.${String(Math.abs(hundredths) % 100).padStart(2, '0')}`;

/** Hundredths of a percent: "54.8%". @param {number} bp */
export const percent = (bp) => `${bp < 0 ? '−' : ''}${count(Math.floor(Math.round(Math.abs(bp) / 10) / 10))}.${Math.round(Math.abs(bp) / 10) % 10}%`;

/** A change with its sign: "+5.4%". @param {number} bp */
export const signed = (bp) => `${bp > 0 ? '+' : ''}${percent(bp)}`;

/** The mean that a part's sum and number make, in hundredths. @param {Figure} figure */
const meanOf = ({ value, of, mean_hundredths: mean }) => (mean !== undefined ? mean : value == null || !of ? null : Math.round((value * 100) / of));

/** The part of the whole, in hundredths of a percent. @param {Figure} figure */
export const rateOf = ({ value, of, rate_bp: rate }) => (rate !== undefined ? rate : value == null || !of ? null : Math.round((value * 10_000) / of));

/** @param {Metric} metric @param {number | null} mean in hundredths of the unit */
const meanText = (metric, mean) => (mean === null ? t('figure.none') : isMoney(metric) ? fenText(metric, Math.round(mean / 100)) : decimal(mean));

/** A figure in a cell: "11,641", "612 / 701", "51.73". @param {Metric} metric @param {Figure} figure */
export function figureText(metric, figure) {
  if (figure.value === null || figure.value === undefined) return t('figure.hidden');
  if (metric.is_mean) return meanText(metric, meanOf(figure));
  if (metric.is_share) return `${numberText(metric, figure.value)} / ${numberText(metric, figure.of ?? 0)}`;
  return numberText(metric, figure.value);
}

/** What it is sorted and drawn by. @param {Metric} metric @param {Figure} figure @returns {number | null} */
export function sizeOf(metric, figure) {
  if (figure.value === null || figure.value === undefined) return null;
  if (metric.is_mean) return meanOf(figure);
  return metric.is_share ? rateOf(figure) : figure.value;
}

/** A size of `sizeOf` in words. @param {Metric} metric @param {number} size */
export const sizeText = (metric, size) => (metric.is_mean ? meanText(metric, size) : metric.is_share ? percent(size) : numberText(metric, size));

/** For a file: the bare number. @param {Metric} metric @param {Figure} figure */
export function plain(metric, figure) {
  if (figure.value === null || figure.value === undefined) return '';
  if (metric.is_mean) return meanText(metric, meanOf(figure)).replaceAll(',', '');
  return isMoney(metric) ? fenText(metric, figure.value).replaceAll(',', '') : figure.value;
}

/** A headline: the number large, its unit and what it is part of small. @param {{ metric: Metric, figure: Figure }} props */
export function Big({ metric, figure }) {
  if (figure.value === null || figure.value === undefined) return html`<b class="dim">${t('figure.hidden')}</b>`;
  if (metric.is_share) {
    const rate = rateOf(figure);
    return html`<b>${rate === null ? t('figure.none') : percent(rate)}</b><small>${numberText(metric, figure.value)} / ${numberText(metric, figure.of ?? 0)}${isMoney(metric) ? ` ${unitName()}` : ''}</small>`;
  }
  if (metric.is_mean) return html`<b>${figureText(metric, figure)}</b><small>${unitOf(metric)} · ${t('figure.over', { n: count(figure.of ?? 0) })}</small>`;
  return html`<b>${numberText(metric, figure.value)}</b><small>${unitOf(metric)}</small>`;
}

/**
 * How a figure has moved from another: a sign, an amount, a part, and the base. Never a colour: a rise is not good and not bad.
 * @param {Metric} metric
 * @param {Figure} now
 * @param {(Figure & { change_bp?: number | null }) | null | undefined} then
 * @param {string} when the other period
 * @param {boolean} running whether this one has not ended
 */
export function changeText(metric, now, then, when, running) {
  if (!then) return '';
  const [a, b] = [sizeOf(metric, now), sizeOf(metric, then)];
  const base = b !== null ? sizeText(metric, b) : then.value == null ? t('figure.hidden') : t('figure.none');
  if (a === null || b === null || running) return t('figure.base', { when, base });
  const part = !then.change_bp ? '' : t('figure.part', { part: signed(then.change_bp) });
  return `${moved(metric, a - b)}${part}${t('figure.from', { when, base })}`;
}

/** "▲ 705", "▼ 8", "0". @param {Metric} metric @param {number} by */
export function moved(metric, by) {
  if (by === 0) return t('figure.same');
  const size = Math.abs(by);
  return `${by > 0 ? '▲' : '▼'} ${metric.is_share ? t('figure.points', { n: percent(size).replace('%', '') }) : sizeText(metric, size)}`;
}
