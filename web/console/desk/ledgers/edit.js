/** Entering, correcting, writing anew, and voiding: one way for every ledger. */
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { get, patch, post, put } from '../../core/api.js';
import { go } from '../../core/router.js';
import { toast } from '../../core/toast.js';
import { session } from '../../core/session.js';
import { forget } from '../data.js';
import { Declined, Form } from '../parts/form.js';
import { bodyOf, formFields, valuesOfRow } from './book.js';
import { forgetThings, learnThings, thingOf } from './names.js';

/** @typedef {import('./book.js').Book} Book */

/** What was read before is not what there is now. @param {Book} book @param {any} row */
function changed(book, row) {
  forget();
  forgetThings(book.code);
  const kind = thingOf(book.code);
  if (kind && row.version !== undefined) learnThings(kind, [row]);
}

/** What a new entry begins with: what the address names, and the own point. @param {Book} book @param {URLSearchParams} query */
function beginning(book, query) {
  const { here } = session.value;
  /** @type {Record<string, any>} */
  const values = {};
  for (const field of book.fields) {
    const given = query.get(field.name);
    if (given !== null && !field.told) values[field.name] = given;
  }
  const own = book.fields.find((f) => f.name === 'service_point_id' && !f.told);
  const fits = own && !values.service_point_id && here && (own.tier === undefined || own.tier === here.tier) && (book.kind !== 'catalogue' || here.tier === 'bureau' || here.tier === 'county');
  return { ...book.unfold?.(values), ...values, ...(fits && { service_point_id: here.id }) };
}

/** @param {{ book: Book, query: URLSearchParams, onCancel: () => void }} props */
export function Enter({ book, query, onCancel }) {
  const submit = async (/** @type {Record<string, any>} */ values) => post(`/${book.code}`, await bodyOf(book, values));
  return html`<${Form} fields=${formFields(book)} values=${beginning(book, query)} label=${t(`book.new.${book.code}`)} submit=${submit} onCancel=${onCancel}
    onDone=${(/** @type {any} */ row) => { changed(book, row); toast(t('book.entered')); go(`/ledgers/${book.code}/${row.id}`); }} />`;
}

/** @param {any} a @param {any} b */
const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * Corrects an entry with a reason, or writes an item anew.
 * @param {{ book: Book, row: any, onDone: (row: any) => void, onReload: () => void, onCancel: () => void }} props
 */
export function Change({ book, row, onDone, onReload, onCancel }) {
  const log = book.kind === 'log';
  const reason = { name: '_reason', type: /** @type {const} */ ('area'), label: t('book.reason'), required: true, max: 500, hint: t('fields.no_numbers') };
  const fields = [...formFields(book, row), ...(log ? [reason] : [])];
  const submit = async (/** @type {Record<string, any>} */ values, /** @type {{ ifMatch: number }} */ options) => {
    const body = await bodyOf(book, values);
    if (!log) return put(`/${book.code}/${row.id}`, body, options);
    // What is left out stays; who and what an entry is about is not to be corrected.
    const stays = new Set(book.fields.filter((f) => f.stays).map((f) => f.name));
    const other = Object.fromEntries(Object.entries(body).filter(([name, value]) => !stays.has(name) && !same(value, row[name])));
    if (!Object.keys(other).length) throw new Declined(t('book.nothing_changed'));
    return patch(`/${book.code}/${row.id}`, { ...other, reason: values._reason }, options);
  };
  return html`<${Form} fields=${fields} values=${valuesOfRow(book, row)} label=${t(log ? 'book.correct' : 'book.rewrite')} submit=${submit} onReload=${onReload} onCancel=${onCancel}
    onDone=${(/** @type {any} */ next) => { changed(book, next); toast(t('book.changed')); onDone(next); }} />`;
}

/** @param {{ book: Book, row: any, what: string, onDone: (row: any) => void, onReload: () => void, onCancel: () => void }} props */
export function Void({ book, row, what, onDone, onReload, onCancel }) {
  const fields = [{ name: 'reason', type: /** @type {const} */ ('area'), label: t('book.reason'), required: true, max: 500, hint: t('fields.no_numbers') }];
  const submit = (/** @type {Record<string, any>} */ values, /** @type {{ ifMatch: number }} */ options) => post(`/${book.code}/${row.id}/void`, values, options);
  return html`<${Form} fields=${fields} values=${{ version: row.version }} label=${t('book.void_this', { what })} warn submit=${submit} onReload=${onReload} onCancel=${onCancel}
    onDone=${(/** @type {any} */ next) => { changed(book, next); toast(t('book.voided_now')); onDone(next); }}><p class="small">${t('book.void_what')}</p><//>`;
}

/** The newest version of a row. @param {Book} book @param {string} id */
export const readRow = (book, id) => get(`/${book.code}/${id}`);
