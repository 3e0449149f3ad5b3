import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Icon } from '../../parts/icons.js';

/**
 * The same as a sheet of A4, lying: shown by print alone, so that the screen's own parts stay on the screen.
 * Columns are as a Sheet's; `foot` has what the total row says, by column.
 * @param {{
 *   title: string, unit: string, code?: string, columns: import('./sheet.js').Column[], rows: any[], foot?: Record<string, any> | null, notes?: any[],
 *   reviewer?: string, filler?: string, head?: string, date?: string, right?: string, footLabel?: string, table?: any,
 * }} props `unit` is 单位, `right` what stands at the end of that line, such as the unit of amounts; `table` in place of columns and rows
 */
export function Paper({ title, unit, code, columns, rows, foot, notes, reviewer, filler, head, date, right, table }) {
  const cols = columns.filter((c) => !c.bar && !c.file);
  const say = (/** @type {import('./sheet.js').Column} */ c, /** @type {any} */ row) => (c.cell ? c.cell(row) : c.value ? c.value(row) : row[c.key]);
  return html`<section class="paper" aria-hidden="true">
    <h1>${title}</h1>
    <p class="line"><span>${t('a4.unit')}${unit}</span>${code ? html`<span>${t('a4.code')}${code}</span>` : null}${right ? html`<span>${right}</span>` : null}</p>
    ${table ?? html`<table><thead><tr>${cols.map((c) => html`<th key=${c.key} scope="col">${c.label}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr key=${row.id ?? row.key}>${cols.map((c, n) => (n === 0 ? html`<th key=${c.key} scope="row">${say(c, row)}</th>`
        : html`<td key=${c.key} class=${c.num ? undefined : 'word'}>${say(c, row)}</td>`))}</tr>`)}
        ${foot ? html`<tr class="total">${cols.map((c, n) => (n === 0 ? html`<th key=${c.key} scope="row">${foot[c.key] ?? t('sheet.total')}</th>` : html`<td key=${c.key} class=${c.num ? undefined : 'word'}>${foot[c.key]}</td>`))}</tr>` : null}</tbody></table>`}
    ${notes?.length ? html`<div class="fine">${notes.map((note, n) => html`<p key=${n}>${note}</p>`)}</div>` : null}
    <div class="sign"><p>${t('a4.head')}${head ?? ''}</p><p>${t('a4.reviewer')}${reviewer ?? ''}</p><p>${t('a4.filler')}${filler ?? ''}</p><p>${t('a4.date')}${date ?? ''}</p>
      <div class="stamp">${t('a4.stamp')}</div></div>
  </section>`;
}

/** Prints the page: its Paper where it has one. */
export const PrintButton = () => html`<button type="button" class="btn" onClick=${() => print()}><${Icon} name="print" />${t('a4.print')}</button>`;
