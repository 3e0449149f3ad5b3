/**
 * What is typed into a form and what the API is told: pure, so that it can be tested without a page.
 *
 * @typedef {{ id: string, label: string }} Option
 * @typedef {object} FormField
 * @property {string} name a field of the request; `a.b` is the field b of the object a
 * @property {string} label
 * @property {'text' | 'area' | 'integer' | 'decimal' | 'money' | 'day' | 'month' | 'code' | 'codes' | 'choice' | 'flag' | 'point' | 'lookup'} type
 * @property {string} [list] the code list of `code`, `codes` and `choice`
 * @property {{ code: string, label: string }[]} [options] instead of a code list
 * @property {(q: string, values: Record<string, any>) => Promise<Option[]>} [search] what `lookup` finds
 * @property {(id: string) => Promise<string>} [resolve] what a chosen id of `lookup` is called
 * @property {string} [tier] the only tier of a `point`
 * @property {boolean} [many] several points or things, as a list of ids
 * @property {boolean} [required]
 * @property {boolean} [fixed] shown, sent, and not to be changed
 * @property {string} [hint]
 * @property {number} [min] of a number, in fen for money
 * @property {number} [max] characters of a text, otherwise the largest number, in fen for money
 * @property {string[]} [phrases] ready words for `area`
 * @property {(values: Record<string, any>) => boolean} [when] asked for, and sent, only then
 * @property {(value: any, values: Record<string, any>) => string | undefined} [check] what else is wrong with it
 *
 * @typedef {Record<string, any>} Draft what is in the inputs, by name
 */
import { t } from '../../core/i18n.js';
import { count, money } from '../../core/format.js';
import { isDay } from '../../parts/checks.js';

const LARGEST = 1_000_000_000_000_000;

/** @param {Record<string, any> | undefined} values @param {string} name */
const at = (values, name) => name.split('.').reduce((/** @type {any} */ part, key) => part?.[key], values);

/** @param {string} text */
const plain = (text) => text.normalize('NFKC').trim();

/** What stands in an input for a value. @param {FormField} field @param {any} value */
function raw(field, value) {
  if (field.many || field.type === 'codes') return value ?? [];
  if (field.type === 'flag') return Boolean(value);
  if (value === null || value === undefined) return '';
  return field.type === 'money' ? money(value).replaceAll(',', '') : String(value);
}

/** @param {FormField[]} fields @param {Record<string, any>} [values] @returns {Draft} */
export const draftOf = (fields, values) => Object.fromEntries(fields.map((f) => [f.name, raw(f, at(values, f.name))]));

/** The fen of an amount in yuan: larger ones than those of one record, such as the sales of a city. @param {string} text */
export function fenOf(text) {
  const found = /^(\d{1,13})(?:\.(\d{0,2}))?$/.exec(plain(text).replace(/[,\s¥]/g, ''));
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null;
}

/** What an input says; null when it is empty, undefined when it cannot be read. @param {FormField} field @param {any} typed */
function read(field, typed) {
  if (field.many || field.type === 'codes' || field.type === 'flag') return typed;
  const text = typed.trim();
  if (text === '') return null;
  if (field.type === 'integer') return /^-?\d{1,16}$/.test(plain(text).replace(/[,\s]/g, '')) ? Number(plain(text).replace(/[,\s]/g, '')) : undefined;
  if (field.type === 'money') return fenOf(text) ?? undefined;
  if (field.type === 'decimal') return /^-?\d{1,15}(\.\d{1,6})?$/.test(plain(text).replace(/[,\s]/g, '')) ? plain(text).replace(/[,\s]/g, '') : undefined;
  if (field.type === 'day') return isDay(text) ? text : undefined;
  if (field.type === 'month') return /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? text : undefined;
  return text;
}

/** @param {FormField[]} fields @param {Draft} draft @returns {Record<string, any>} everything that can be read, by name */
function readable(fields, draft) {
  return Object.fromEntries(fields.map((f) => [f.name, read(f, draft[f.name])]));
}

/** The fields that are asked for, as things stand. @param {FormField[]} fields @param {Draft} draft */
export function asked(fields, draft) {
  const values = readable(fields, draft);
  return fields.filter((f) => f.when?.(values) ?? true);
}

/**
 * The values to send: null for what is empty, nothing for what is not asked for.
 * @param {FormField[]} fields
 * @param {Draft} draft
 */
export function valuesOf(fields, draft) {
  /** @type {Record<string, any>} */
  const values = {};
  for (const field of asked(fields, draft)) {
    const path = field.name.split('.');
    const last = /** @type {string} */ (path.pop());
    let part = values;
    for (const key of path) part = part[key] ??= {};
    part[last] = read(field, draft[field.name]);
  }
  return values;
}

/** @param {FormField} field @param {number} n */
const shown = (field, n) => (field.type === 'money' ? money(n) : count(n));

/** @param {FormField} field @param {any} typed @param {Record<string, any>} values @returns {string | undefined} */
function fault(field, typed, values) {
  const value = read(field, typed);
  if (value === undefined) return t(`form.unreadable.${field.type}`);
  const empty = value === null || (Array.isArray(value) && value.length === 0);
  if (empty) return field.required ? t('form.required') : undefined;
  if (field.type === 'text' || field.type === 'area') {
    const length = [...String(value)].length;
    if (field.max !== undefined && length > field.max) return t('form.too_long', { max: field.max, n: length });
  }
  if (field.type === 'integer' || field.type === 'money') {
    const least = field.min ?? 0;
    const most = field.max ?? LARGEST;
    if (value < least) return t('form.too_small', { min: shown(field, least) });
    if (value > most) return t('form.too_large', { max: shown(field, most) });
  }
  return field.check?.(value, values);
}

/**
 * What is wrong, by name of the field.
 * @param {FormField[]} fields
 * @param {Draft} draft
 * @returns {Record<string, string>}
 */
export function faultsOf(fields, draft) {
  const values = readable(fields, draft);
  /** @type {Record<string, string>} */
  const faults = {};
  for (const field of asked(fields, draft)) {
    const said = fault(field, draft[field.name], values);
    if (said) faults[field.name] = said;
  }
  return faults;
}

/**
 * The server's faults at their fields; `rest` has those that have no field here.
 * @param {{ pointer: string, message: string }[]} errors
 * @param {FormField[]} fields those that are shown
 */
export function placed(errors, fields) {
  const names = new Set(fields.map((f) => f.name));
  /** @type {Record<string, string>} */
  const faults = {};
  /** @type {string[]} */
  const rest = [];
  for (const { pointer, message } of errors) {
    const path = pointer.replace(/^\//, '').split('/');
    const name = [path.join('.'), path[0] ?? ''].find((n) => names.has(n));
    if (name === undefined) rest.push(message);
    else faults[name] = faults[name] ? `${faults[name]} ${message}` : message;
  }
  return { faults, rest };
}
