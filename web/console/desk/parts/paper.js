import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { namesCome, withNames } from '../naming.js';
import { Icon } from '../../parts/icons.js';
import { WholeButton } from './whole.js';

/** More rows than fit on some seventy sheets are nothing to read on paper. */
const MOST_ON_PAPER = 2_000;

/**
 * The same as a sheet of A4, lying: shown by print alone, so that the screen's own parts stay on the screen. Of a list (`more`) it
 * has the rows that the screen has, and all of them while it is printed by its button.
 * Columns are as a Sheet's; `foot` has what the total row says, by column.
 * @param {{
 *   title: string, unit: string, code?: string, columns: import('./sheet.js').Column[], rows: any[], foot?: Record<string, any> | null, notes?: any[],
 *   reviewer?: string, filler?: string, head?: string, date?: string, right?: string, footLabel?: string, table?: any,
 *   more?: { load: (() => void) | null, whole: import('../whole.js').Whole } | null,
 * }} props `unit` is 单位, `right` what stands at the end of that line, such as the unit of amounts; `table` in place of columns and rows
 */
export function Paper({ title, unit, code, columns, rows, foot, notes = [], reviewer, filler, head, date, right, table, more }) {
  const cols = columns.filter((c) => !c.bar && !c.file && !c.acts);
  const say = (/** @type {import('./sheet.js').Column} */ c, /** @type {any} */ row) => (c.cell ? c.cell(row) : c.value ? c.value(row) : row[c.key]);
  const all = more?.whole.paper.value;
  const shown = all ?? rows;
  const fine = [...notes, all || !more?.load ? '' : t('a4.not_all', { n: rows.length })].filter(Boolean);
  if (more) more.whole.onPaper = (lines) => lines.forEach((row) => cols.forEach((c) => say(c, row)));
  return html`<section class="paper" aria-hidden="true">
    <h1>${title}</h1>
    <p class="line"><span>${t('a4.unit')}${unit}</span>${code ? html`<span>${t('a4.code')}${code}</span>` : null}${right ? html`<span>${right}</span>` : null}</p>
    ${table ?? html`<table><thead><tr>${cols.map((c) => html`<th key=${c.key} scope="col">${c.label}</th>`)}</tr></thead>
      <tbody>${shown.map((row, at) => html`<tr key=${at}>${cols.map((c, n) => (n === 0 ? html`<th key=${c.key} scope="row">${say(c, row)}</th>`
        : html`<td key=${c.key} class=${c.num ? undefined : 'word'}>${say(c, row)}</td>`))}</tr>`)}
        ${foot ? html`<tr class="total">${cols.map((c, n) => (n === 0 ? html`<th key=${c.key} scope="row">${foot[c.key] ?? t('sheet.total')}</th>` : html`<td key=${c.key} class=${c.num ? undefined : 'word'}>${foot[c.key]}</td>`))}</tr>` : null}</tbody></table>`}
    ${fine.length ? html`<div class="fine">${fine.map((note, n) => html`<p key=${n}>${note}</p>`)}</div>` : null}
    <div class="sign"><p>${t('a4.head')}${head ?? ''}</p><p>${t('a4.reviewer')}${reviewer ?? ''}</p><p>${t('a4.filler')}${filler ?? ''}</p><p>${t('a4.date')}${date ?? ''}</p>
      <div class="stamp">${t('a4.stamp')}</div></div>
  </section>`;
}

/** Until what was changed stands on the page. */
const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

/** Puts all rows on the paper while it is printed. @param {import('../whole.js').Whole} whole @returns {import('../whole.js').Use} */
const printing = (whole) => async (rows, wanted) => {
  const lines = await withNames(() => whole.inOrder?.(rows) ?? rows, wanted);
  // The names come first: each one that came later would draw all rows anew.
  await withNames(() => whole.onPaper?.(lines), wanted);
  if (!wanted()) return;
  whole.paper.value = lines;
  await drawn();
  await namesCome();
  await drawn();
  if (!wanted()) return;
  const over = new Promise((done) => addEventListener('afterprint', done, { once: true }));
  print();
  await over;
};

/** Prints the page: its Paper where it has one, with all of the list that is `more`. @param {{ more?: { loading: boolean, load: (() => void) | null, whole: import('../whole.js').Whole } | null }} props */
export function PrintButton({ more }) {
  if (!more) return html`<button type="button" class="btn" onClick=${() => print()}><${Icon} name="print" />${t('a4.print')}</button>`;
  const { whole, loading, load } = more;
  return html`<${WholeButton} whole=${whole} act="print" icon="print" word=${t('a4.print')} most=${MOST_ON_PAPER} use=${printing(whole)} disabled=${loading && !load} />`;
}
