import { t, label } from '../core/i18n.js';
import { count, money } from '../core/format.js';
import { records } from '../core/village.js';

/**
 * What can be logged, as one flat list: the subkinds of convenience services stand beside the kinds, because a worker
 * thinks of 代收 and not of what it is a part of.
 * @typedef {object} Work
 * @property {string} code kind, or kind/subkind
 * @property {string} kind
 * @property {string | null} subkind
 * @property {string} icon
 * @property {string} unit the usual unit
 * @property {'none' | 'asked' | 'main'} money whether an amount is asked, or is the one number
 */

/** @type {(code: string, icon: string, unit: string, money?: Work['money']) => Work} */
const work = (code, icon, unit, money = 'none') => {
  const [kind = '', subkind = null] = code.split('/');
  return { code, kind, subkind, icon, unit, money };
};

/** @type {Work[]} */
export const WORKS = [
  work('convenience/collect', 'k-recv', 'piece'),
  work('convenience/pay', 'k-pay', 'order', 'main'),
  work('convenience/buy', 'k-buy', 'piece', 'asked'),
  work('convenience/sell', 'k-sell', 'kilogram', 'asked'),
  work('convenience/send', 'k-ship', 'piece'),
  work('guidance', 'k-talk', 'time'),
  work('logistics', 'k-truck', 'piece'),
  work('distribution', 'k-box', 'order'),
  work('training', 'k-train', 'person_time'),
  work('exhibition_sales', 'k-fair', 'order', 'asked'),
  work('incubation', 'k-grow', 'time'),
  work('brand_operation', 'k-brand', 'piece', 'asked'),
];

/** @param {{ kind: string, subkind?: string | null }} record */
export const codeOf = ({ kind, subkind }) => (subkind ? `${kind}/${subkind}` : kind);

/** @param {string} code @returns {Work | undefined} */
export const workOf = (code) => WORKS.find((w) => w.code === code);

/** @param {{ kind: string, subkind?: string | null }} record */
export const workText = ({ kind, subkind }) => (subkind ? label('assistance_subkind', subkind) : label('assistance_kind', kind));

/** All of them, what was logged most often here first. @returns {Work[]} */
export function worksInOrder() {
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const row of records.value) times.set(codeOf(row), (times.get(codeOf(row)) ?? 0) + 1);
  return [...WORKS].sort((a, b) => (times.get(b.code) ?? 0) - (times.get(a.code) ?? 0));
}

/**
 * How much of it: "3 件", "86.50 元", or both.
 * @param {{ kind: string, subkind?: string | null, quantity: number, unit?: string | null, amount_fen?: number | null }} record
 */
export function muchText(record) {
  // A label begins with a capital, what is counted does not.
  const unit = record.unit ? label('quantity_unit', record.unit).toLowerCase() : '';
  const quantity = t('kinds.quantity', { n: count(record.quantity), unit }).trim();
  if (record.amount_fen == null) return quantity;
  const yuan = t('kinds.yuan', { n: money(record.amount_fen) });
  return workOf(codeOf(record))?.money === 'main' && record.quantity === 1 ? yuan : t('kinds.both', { quantity, yuan });
}

/**
 * What was given, and how much: "代收 3 件".
 * @param {Parameters<typeof muchText>[0]} record
 */
export const recordText = (record) => t('kinds.given', { work: workText(record), much: muchText(record) });
