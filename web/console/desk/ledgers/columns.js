/** The columns of a ledger's list, on the screen, on paper and in a file. */
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { money } from '../../core/format.js';
import { Icon } from '../../parts/icons.js';
import { columnName, fieldName, hrefOfField, isNumber, sayField } from './book.js';

/** @param {{ state: string }} props */
export const StateMark = ({ state }) => (state === 'voided'
  ? html`<span class="state error"><${Icon} name="error" />${t('book.voided')}</span>`
  : html`<span class="state ok"><${Icon} name="ok" />${t('book.counts')}</span>`);

/** @param {import('./book.js').Book} book @returns {import('../parts/sheet.js').Column[]} */
export function columnsOf(book) {
  const fields = book.fields.filter((f) => f.column !== false && (!f.name.startsWith('_') || f.say));
  const columns = fields.map((f, n) => ({
    key: f.name, label: columnName(f), ...(isNumber(f) && { num: true }),
    // What is only a number in words sorts as a number.
    value: (/** @type {any} */ row) => (f.type === 'money' || f.type === 'integer' ? row[f.name] : sayField(f, row)),
    cell: (/** @type {any} */ row) => sayField(f, row) || (n === 0 ? row.id.slice(0, 8) : ''),
    csv: (/** @type {any} */ row) => (f.type === 'money' && row[f.name] != null ? money(row[f.name]).replaceAll(',', '') : f.type === 'integer' && !f.say ? row[f.name] : sayField(f, row)),
    href: (/** @type {any} */ row) => (n === 0 ? `#/ledgers/${book.code}/${row.id}` : hrefOfField(f, row)),
  }));
  if (book.kind === 'log') {
    columns.push({ key: 'state', label: fieldName({ name: 'state' }), value: (row) => t(row.state === 'voided' ? 'book.voided' : 'book.counts'), cell: (row) => html`<${StateMark} state=${row.state} />`, csv: (row) => t(row.state === 'voided' ? 'book.voided' : 'book.counts'), href: () => null });
  }
  return columns;
}
