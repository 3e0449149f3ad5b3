/** The days of periods. Pure but for the clock. */
import { addMonths, today } from '../../core/format.js';
import { kindOf, lastMonth } from '../network/periods.js';

/** The last day of a month. @param {string} month */
export function lastDay(month) {
  const [year = 0, m = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, m, 0)).toISOString().slice(0, 10);
}

/** The days of a period up to today; of all time the last twelve months, because lists have no more at once. @param {string} period */
export function daysOf(period) {
  const last = lastMonth(period);
  const first = addMonths(last, -{ month: 0, quarter: 2, year: 11, all: 11 }[kindOf(period)]);
  const end = lastDay(last);
  return { from: `${first}-01`, to: end < today() ? end : today() };
}

/** The day on which a stock of the period stands. @param {string} period */
export const endOf = (period) => daysOf(period).to;
