/**
 * The common pattern of all ledgers: what a book says of itself, from which its list, its form, its history and its figures are made.
 *
 * @typedef {import('./names.js').Thing} Thing
 * @typedef {object} BookField
 * @property {string} name a field of the API; one that begins with `_` belongs to the form alone
 * @property {import('../parts/form-values.js').FormField['type']} type
 * @property {string} [word] the key of its label, when another field has the same name and means something else
 * @property {string} [list] a code list
 * @property {() => { code: string, label: string }[]} [options]
 * @property {Thing} [of] what a lookup finds
 * @property {string} [tier] of a point
 * @property {boolean} [many]
 * @property {boolean} [required]
 * @property {boolean} [stays] told when something is entered, and never changed
 * @property {boolean} [told] by the API, and never typed
 * @property {boolean} [column] false: not in the list
 * @property {string} [hint] the key of a hint
 * @property {number} [min]
 * @property {number} [max]
 * @property {(values: Record<string, any>) => boolean} [when]
 * @property {boolean} [keeps] it is the point that keeps an item of a catalogue, perhaps one above
 * @property {(row: any) => string} [say] what it says, where that is more than the value
 *
 * @typedef {{ name: string, type: 'code' | 'lookup' | 'flag', list?: string, options?: () => { code: string, label: string }[], of?: Thing, word?: string }} BookFilter
 *
 * @typedef {object} Book
 * @property {string} code the collection of the API
 * @property {'log' | 'register' | 'catalogue'} kind how it is kept: entries are logged, corrected and voided; the others are written anew
 * @property {string} group
 * @property {BookField[]} fields
 * @property {BookFilter[]} [filters]
 * @property {string} [standing] the filter for what stands on a day
 * @property {string[]} [metrics] its figures
 * @property {(row: any) => string} title
 * @property {(row: any) => Record<string, any>} [unfold] what a row says to the form's own fields
 * @property {(values: Record<string, any>) => Promise<Record<string, any>> | Record<string, any>} [fold] what the form says to the API
 * @property {{ book: string, by: string }[]} [below] ledgers whose entries name one of these
 * @property {boolean} [file] whether each may have a file
 */
import { label, t } from '../../core/i18n.js';
import { count, money } from '../../core/format.js';
import { pointName } from '../data.js';
import { findThings, hrefOf, inReach, keeperName, nameOf, resolveThing } from './names.js';

/** @param {Book} book */
export const readsWith = (book) => (book.kind === 'catalogue' ? 'catalogues.read' : 'households.read');

/** @param {Book} book */
export const writesWith = (book) => (book.kind === 'catalogue' ? 'catalogues.manage' : 'assistance.log');

/** @param {Book} book */
export const bookName = (book) => t(`book.name.${book.code}`);

/** @param {{ name: string, word?: string }} field */
export const fieldName = (field) => t(`book.field.${field.word ?? field.name.replace(/^_/, '')}`);

/** @param {BookField} field @param {any} value */
function one(field, value) {
  if (field.options) return field.options().find((o) => o.code === value)?.label ?? String(value);
  if (field.list) return label(field.list, value);
  if (field.keeps) return keeperName(value);
  if (field.type === 'point') return pointName(value);
  if (field.of) return nameOf(field.of, value);
  return String(value);
}

/** What a field of a row says, in words. It reads signals: names come when they are known. @param {BookField} field @param {any} row @returns {string} */
export function sayField(field, row) {
  if (field.say) return field.say(row);
  const value = row[field.name];
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.map((v) => one(field, v)).join(t('form.join'));
  if (field.type === 'money') return money(value);
  if (field.type === 'integer') return count(value);
  if (field.type === 'flag') return t(value ? 'form.yes' : 'form.no');
  return one(field, value);
}

/** Where what a field says has its page. @param {BookField} field @param {any} row @returns {string | null} */
export function hrefOfField(field, row) {
  const value = row[field.name];
  if (!value || field.many) return null;
  if (field.type === 'point') return field.keeps && !inReach(value) ? null : `#/network/${value}`;
  return field.of ? hrefOf(field.of, value) : null;
}

/** @param {BookField} field */
export const isNumber = (field) => ['money', 'integer', 'decimal'].includes(field.type) && !field.of;

/** The name of a column, with the unit where it has one. @param {BookField} field */
export const columnName = (field) => (field.type === 'money' ? t('book.in_yuan', { name: fieldName(field) }) : fieldName(field));

/**
 * The fields of the form.
 * @param {Book} book
 * @param {any} [row] what is changed; nothing when something is entered
 * @returns {import('../parts/form-values.js').FormField[]}
 */
export function formFields(book, row) {
  return book.fields.filter((f) => !f.told).map((f) => ({
    name: f.name, type: f.type, label: fieldName(f),
    ...(f.list !== undefined && { list: f.list }), ...(f.options && { options: f.options() }), ...(f.tier !== undefined && { tier: f.tier }),
    ...(f.many && { many: true }), ...(f.required && { required: true }), ...(f.min !== undefined && { min: f.min }), ...(f.max !== undefined && { max: f.max }),
    ...(f.when && { when: f.when }), ...(f.hint !== undefined && { hint: t(f.hint) }), ...(f.stays && row && { fixed: true }),
    ...(f.of && { search: (/** @type {string} */ q) => findThings(/** @type {Thing} */ (f.of), q), resolve: (/** @type {string} */ id) => resolveThing(/** @type {Thing} */ (f.of), id) }),
  }));
}

/** What the form says, as the API takes it: without the fields that belong to the form alone. @param {Book} book @param {Record<string, any>} values */
export async function bodyOf(book, values) {
  const body = book.fold ? await book.fold({ ...values }) : { ...values };
  return Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith('_')));
}

/** What stands in the form for a row. @param {Book} book @param {any} row */
export const valuesOfRow = (book, row) => ({ ...row, ...book.unfold?.(row) });

/** @param {string} name @param {Partial<BookField>} [more] @returns {BookField} */
export const day = (name, more) => ({ name, type: 'day', ...more });
/** @param {string} name @param {Partial<BookField>} [more] @returns {BookField} */
export const text = (name, more) => ({ name, type: 'text', max: 100, ...more });
/** @param {string} name @param {string} list @param {Partial<BookField>} [more] @returns {BookField} */
export const code = (name, list, more) => ({ name, type: 'code', list, ...more });
/** @param {string} name @param {Thing} of @param {Partial<BookField>} [more] @returns {BookField} */
export const thing = (name, of, more) => ({ name, type: 'lookup', of, ...more });
/** @param {Partial<BookField>} [more] @returns {BookField} */
export const note = (more) => ({ name: 'note', type: 'area', max: 500, column: false, hint: 'fields.no_numbers', ...more });
/** @param {Partial<BookField>} [more] @returns {BookField} */
export const point = (more) => ({ name: 'service_point_id', type: 'point', required: true, stays: true, ...more });
/** The county or the bureau that keeps an item of a catalogue. @param {Partial<BookField>} [more] */
export const keeper = (more) => point({ word: 'keeper', hint: 'book.hint.keeper', keeps: true, ...more });
/** @param {string} name @param {Partial<BookField>} [more] @returns {BookField} */
export const number = (name, more) => ({ name, type: 'integer', ...more });
/** @param {string} name @param {Partial<BookField>} [more] @returns {BookField} */
export const fen = (name, more) => ({ name, type: 'money', ...more });
