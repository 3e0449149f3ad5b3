/** Days, times, numbers and ids, as people read them and as the API writes them. Days are days in China, wherever the phone is. */
import { language, t } from './base.js';

const HOURS_AHEAD = 8 * 3600e3;
/** The API takes no larger amount. */
const MOST_FEN = 1_000_000_000_000;

/** The clock in China as if it were UTC. @param {number} time */
const inChina = (time) => new Date(time + HOURS_AHEAD);

/** @param {string} day */
const dayOf = (day) => new Date(`${day}T00:00:00Z`);

/** Today, "2026-11-23". */
export const today = () => inChina(Date.now()).toISOString().slice(0, 10);

/** This month, "2026-11". */
export const thisMonth = () => today().slice(0, 7);

/** @param {string} month @param {number} n */
export function addMonths(month, n) {
  const [y = 0, m = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(y, m - 1 + n, 1)).toISOString().slice(0, 7);
}

/** @param {Date} date @param {Intl.DateTimeFormatOptions} options */
const named = (date, options) => new Intl.DateTimeFormat(language.value, { timeZone: 'UTC', ...options }).format(date);

/** @param {Date} date */
const parts = (date) => ({
  year: date.getUTCFullYear(),
  month: language.value === 'en' ? named(date, { month: 'short' }) : date.getUTCMonth() + 1,
  day: date.getUTCDate(),
});

/** "10月30日 周五", "Fri 30 Oct", with the year when it is another one. @param {string} day */
export function dayText(day) {
  const date = dayOf(day);
  const key = day.slice(0, 4) === today().slice(0, 4) ? 'format.day' : 'format.day_year';
  return t(key, { ...parts(date), weekday: named(date, { weekday: 'short' }) });
}

/** "2026年10月", "October 2026". @param {string} month */
export function monthText(month) {
  const date = dayOf(`${month}-01`);
  const name = language.value === 'en' ? named(date, { month: 'long' }) : date.getUTCMonth() + 1;
  return t('format.month', { year: date.getUTCFullYear(), month: name });
}

/** "10月", "Oct". @param {string} month */
export function monthName(month) {
  return named(dayOf(`${month}-01`), { month: 'short' });
}

/** "9:12". @param {string} instant */
export function clock(instant) {
  const date = inChina(Date.parse(instant));
  return `${date.getUTCHours()}:${String(date.getUTCMinutes()).padStart(2, '0')}`;
}

/** "今天 16:20", "10月29日 9:12", with the year when it is another one. @param {string} instant */
export function whenText(instant) {
  const date = inChina(Date.parse(instant));
  const day = date.toISOString().slice(0, 10);
  if (day === today()) return t('format.today', { clock: clock(instant) });
  const key = day.slice(0, 4) === today().slice(0, 4) ? 'format.when' : 'format.when_year';
  return t(key, { ...parts(date), clock: clock(instant) });
}

/** @param {number | bigint} n */
const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** "6,420". @param {number} n */
export const count = (n) => (n < 0 ? `-${grouped(-n)}` : grouped(n));

/** "86.50". @param {number} fen */
export function money(fen) {
  const size = Math.abs(fen);
  return `${fen < 0 ? '-' : ''}${grouped(Math.floor(size / 100))}.${String(size % 100).padStart(2, '0')}`;
}

/**
 * The fen of an amount in yuan as people type it, or null when it is none.
 * @param {string} text
 */
export function fenOf(text) {
  const plain = text.normalize('NFKC').replace(/[,\s¥元]/g, '');
  const found = /^(\d{1,11})(?:\.(\d{0,2}))?$/.exec(plain);
  if (!found) return null;
  const fen = Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'));
  return fen <= MOST_FEN ? fen : null;
}

/** A new id (UUID version 7): ids that were made one after another lie side by side in the server's indexes. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setBigUint64(0, (BigInt(Date.now()) << 16n) | BigInt(((bytes[6] ?? 0) << 8) | (bytes[7] ?? 0)));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
