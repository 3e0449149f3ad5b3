/** Months, quarters, years and all of time, as the API writes them. */
import { t } from '../../core/i18n.js';
import { addMonths, monthName, monthText, thisMonth, today } from '../../core/format.js';

/** @typedef {'month' | 'quarter' | 'year' | 'all'} Kind */

/** @type {Kind[]} */
export const KINDS = ['month', 'quarter', 'year', 'all'];

/** @param {string} period @returns {Kind} */
export const kindOf = (period) => (period === 'all' ? 'all' : period.includes('Q') ? 'quarter' : period.length === 4 ? 'year' : 'month');

/** @param {string} month */
const quarterOf = (month) => `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5)) / 3)}`;

/** The last month of a period; this month for all of time. @param {string} period */
export function lastMonth(period) {
  const kind = kindOf(period);
  if (kind === 'all') return thisMonth();
  if (kind === 'year') return `${period}-12`;
  if (kind === 'month') return period;
  return `${period.slice(0, 4)}-${String(Number(period.at(-1)) * 3).padStart(2, '0')}`;
}

/** The period of another kind that one comes to from here; never one that has not begun. @param {string} period @param {Kind} kind */
export function turned(period, kind) {
  const month = lastMonth(period) > thisMonth() ? thisMonth() : lastMonth(period);
  return { month, quarter: quarterOf(month), year: month.slice(0, 4), all: 'all' }[kind];
}

/** So many periods on. @param {string} period @param {number} n */
export function shifted(period, n) {
  const kind = kindOf(period);
  if (kind === 'all') return 'all';
  if (kind === 'year') return String(Number(period) + n);
  return kind === 'month' ? addMonths(period, n) : quarterOf(addMonths(lastMonth(period), 3 * n));
}

/** The period that one is compared with. @param {string} period @param {'previous' | 'year_before'} vs */
export function compared(period, vs) {
  const kind = kindOf(period);
  if (kind === 'all') return null;
  return vs === 'previous' ? shifted(period, -1) : shifted(period, { month: -12, quarter: -4, year: -1 }[kind]);
}

/** Whether it has not ended yet. @param {string} period */
export const runs = (period) => lastMonth(period) >= thisMonth();

/** Whether there is one after it that has begun. @param {string} period */
export const hasNext = (period) => kindOf(period) !== 'all' && lastMonth(period) < thisMonth();

/** The month that people talk about: until it has been reported, the one that has ended. */
export const usual = () => (Number(today().slice(8)) <= 10 ? addMonths(thisMonth(), -1) : thisMonth());

/** "2026年10月", "2026年第4季度", "2026年", "累计". @param {string} period */
export function periodText(period) {
  const kind = kindOf(period);
  if (kind === 'month') return monthText(period);
  if (kind === 'quarter') return t('period.quarter_text', { year: period.slice(0, 4), quarter: period.slice(-1) });
  return kind === 'year' ? t('period.year_text', { year: period }) : t('period.all_text');
}

/** The same beside another period: without the year when it is the same month's or quarter's year. @param {string} period @param {string} beside */
export function shortText(period, beside) {
  if (kindOf(period) !== 'month') return periodText(period);
  const near = period.slice(0, 4) === beside.slice(0, 4) || shifted(beside, -1) === period;
  return near ? monthName(period) : periodText(period);
}

/** A period from an address, or the usual one. @param {string | null} text */
export const periodFrom = (text) => (text && /^((19|2\d)\d{2}(-(0[1-9]|1[0-2])|-Q[1-4])?|all)$/.test(text) ? text : usual());
