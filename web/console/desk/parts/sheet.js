import { html, useEffect, useMemo, useRef, useState } from '../../core/html.js';
import { language, t, tn } from '../../core/i18n.js';
import { withNames } from '../naming.js';
import { wholeRows } from '../whole.js';
import { saveCsv } from './csv.js';
import { WholeButton } from './whole.js';

/**
 * @typedef {object} Column
 * @property {string} key
 * @property {any} label
 * @property {string} [name] the label for a file, where `label` is more than words
 * @property {boolean} [num] whether it is a number, at the right
 * @property {(row: any) => unknown} [value] what it is, for sorting and for a file; the row's own `key` when nothing is said
 * @property {(row: any) => unknown} [csv] what a file says, where it differs from `value`
 * @property {(row: any) => any} [cell] what is shown, where it differs from `value`
 * @property {(row: any) => string | null | undefined} [href] where its content leads
 * @property {boolean} [sort] false: cannot be sorted by
 * @property {boolean} [file] only in files, such as what a share is a part of
 * @property {boolean} [bar] a narrow column for a bar, without a head of its own and not in files
 * @property {boolean} [acts] a column of buttons, neither in files nor on paper
 */

/** What a column says of a row. @param {Column} column @param {any} row */
const raw = (column, row) => (column.value ? column.value(row) : row[column.key]);

/** How values are told apart; made once for all of them, because a file may have tens of thousands. */
function comparing() {
  const { compare } = new Intl.Collator(language.value, { numeric: true });
  return (/** @type {unknown} */ a, /** @type {unknown} */ b) => (typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b)));
}

/** @param {unknown} value */
const blank = (value) => value === null || value === undefined || value === '';

/** @param {any[]} rows @param {Column | undefined} column @param {boolean} down */
function sorted(rows, column, down) {
  if (!column) return rows;
  const keyed = rows.map((row) => ({ row, key: raw(column, row) }));
  const compare = comparing();
  // A row such as the own one of a point keeps its place above the others. What is not known goes last, whichever way.
  keyed.sort((a, b) => Number(Boolean(b.row.pinned)) - Number(Boolean(a.row.pinned)) || (blank(a.key) || blank(b.key) ? Number(blank(a.key)) - Number(blank(b.key)) : compare(a.key, b.key) * (down ? -1 : 1)));
  return keyed.map(({ row }) => row);
}

/** Moves between rows with the keyboard. @param {KeyboardEvent} e */
function walk(e) {
  const from = /** @type {HTMLElement} */ (e.target).closest('tr');
  const rows = /** @type {HTMLElement[]} */ ([...(from?.parentElement?.children ?? [])]);
  const at = from ? rows.indexOf(/** @type {HTMLElement} */ (from)) : -1;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[e.key];
  const next = to === undefined ? undefined : rows[to];
  if (!next) return;
  e.preventDefault();
  for (const row of rows) row.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

/**
 * The table Excel people know: head, first column and total stay in sight. Rows are reached by ↑ ↓ Home End; Enter follows a row's
 * first link or picks it, Space ticks it.
 *
 * @param {{
 *   caption: string, columns: Column[], rows: any[], foot?: Record<string, any> | null, footRow?: Record<string, unknown>,
 *   picked?: string | null, onPick?: (row: any) => void, ticked?: Set<string>, onTick?: (ticked: Set<string>) => void, tickable?: (row: any) => boolean,
 *   csv?: string, empty?: any, more?: { loading: boolean, load: (() => void) | null, count?: number, whole?: import('../whole.js').Whole } | null, id?: (row: any) => string,
 *   order?: { key: string, down?: boolean }, onOrder?: (key: string, down: boolean) => void, tools?: any, tall?: boolean, note?: any, class?: string,
 * }} props `foot` has what the total row shows, by column; `footRow` what a file says there. With `onOrder` the rows come in the
 *   order that is asked for; without, the table sorts what it has. A file (`csv` is its name) has all rows of the list (`more.whole`),
 *   also those that were not read yet, in the same order.
 */
export function Sheet(props) {
  const { caption, rows, foot, footRow, picked, onPick, ticked, onTick, tickable = () => true, csv, empty, more, order, onOrder, tall } = props;
  const columns = props.columns.filter((c) => !c.file);
  const idOf = props.id ?? ((/** @type {any} */ row) => row.id);
  const [chosen, choose] = useState(order ?? null);
  const now = onOrder ? order ?? null : chosen;
  const body = useRef(/** @type {HTMLElement | null} */ (null));
  const inOrder = (/** @type {any[]} */ all) => (onOrder || !now ? all : sorted(all, columns.find((c) => c.key === now.key), now.down ?? false));
  const shown = useMemo(
    () => inOrder(rows),
    [rows, props.columns, now, onOrder, language.value],
  );
  const sortBy = (/** @type {Column} */ c) => {
    // Numbers are looked at from the top first, words from the beginning.
    const down = now?.key === c.key ? !now.down : Boolean(c.num);
    if (onOrder) onOrder(c.key, down);
    else choose({ key: c.key, down });
  };
  const may = shown.filter(tickable);
  const all = ticked && may.length > 0 && may.every((row) => ticked.has(idOf(row)));
  const tick = (/** @type {string[]} */ ids, /** @type {boolean} */ on) => {
    const next = new Set(ticked);
    for (const id of ids) if (on) next.add(id); else next.delete(id);
    onTick?.(next);
  };
  const onKey = (/** @type {KeyboardEvent} */ e, /** @type {any} */ row) => {
    if (e.key === 'Enter' && e.target === e.currentTarget) {
      const link = /** @type {HTMLElement} */ (e.currentTarget).querySelector('a');
      if (onPick) onPick(row);
      else link?.click();
      e.preventDefault();
    } else if (e.key === ' ' && e.target === e.currentTarget && onTick && tickable(row)) {
      e.preventDefault();
      tick([idOf(row)], !ticked?.has(idOf(row)));
    }
  };
  const linesOf = (/** @type {any[]} */ all) => {
    const cols = props.columns.filter((c) => !c.bar && !c.acts);
    const lines = [cols.map((c) => c.name ?? c.label), ...inOrder(all).map((row) => cols.map((c) => (c.csv ?? ((r) => raw(c, r)))(row)))];
    if (footRow) lines.push(cols.map((c) => footRow[c.key] ?? ''));
    return lines;
  };
  // While the rest of a list is read the table may be sorted otherwise, or be in another language.
  const latest = useRef({ rows, linesOf, name: csv ?? caption });
  latest.current = { rows, linesOf, name: csv ?? caption };
  const own = useMemo(() => wholeRows(() => latest.current.rows), []);
  useEffect(() => () => void own.stop(), []);
  const whole = more?.whole ?? own;
  whole.inOrder = inOrder;
  /** @type {import('../whole.js').Use} */
  const save = async (all, wanted) => {
    const lines = await withNames(() => latest.current.linesOf(all), wanted);
    if (wanted()) saveCsv(latest.current.name, lines);
  };
  const head = (/** @type {Column} */ c) => {
    const on = now?.key === c.key;
    const sortable = c.sort !== false && !c.bar;
    return html`<th key=${c.key} scope="col" class=${c.num ? 'n' : c.bar ? 'b' : undefined} aria-sort=${on ? (now.down ? 'descending' : 'ascending') : undefined}>
      ${sortable ? html`<button type="button" class="sort" onClick=${() => sortBy(c)}>${c.label}${on ? html`<span aria-hidden="true">${now.down ? ' ↓' : ' ↑'}</span>` : null}</button>`
        : c.bar ? html`<span class="sr">${c.label}</span>` : c.label}</th>`;
  };
  const cellOf = (/** @type {Column} */ c, /** @type {any} */ row) => {
    const href = c.href?.(row);
    const content = c.cell ? c.cell(row) : raw(c, row);
    return href ? html`<a href=${href}>${content}</a>` : content;
  };
  const at = Math.max(0, shown.findIndex((row) => idOf(row) === picked));
  const wide = columns.length + (ticked ? 1 : 0);
  return html`<div class="sheetbox ${props.class ?? ''}">
    ${csv || props.tools ? html`<div class="line sheettools">${props.tools}${csv ? html`<${WholeButton} whole=${whole} act="csv" icon="save" word=${t('sheet.csv')} use=${save} disabled=${!rows.length} end />` : null}</div>` : null}
    <div class="scroll grow" tabindex="-1"><table class="sheet ${tall ? 'tall' : ''}" aria-rowcount=${more?.load ? -1 : undefined}>
      <caption class="sr">${caption}</caption>
      <thead><tr>${ticked ? html`<td class="tick"><input type="checkbox" aria-label=${t('sheet.tick_all')} checked=${all} disabled=${!may.length}
        onChange=${(/** @type {any} */ e) => tick(may.map(idOf), e.target.checked)} /></td>` : null}${columns.map(head)}</tr></thead>
      <tbody ref=${body} onKeyDown=${walk}>
        ${shown.map((row, n) => html`<tr key=${idOf(row)} tabindex=${n === at ? 0 : -1} class=${[idOf(row) === picked ? 'picked' : '', onPick ? 'pickable' : '', row.own ? 'own' : ''].join(' ').trim() || undefined}
          aria-current=${picked !== undefined && idOf(row) === picked ? 'true' : undefined} onKeyDown=${(/** @type {any} */ e) => onKey(e, row)}
          onClick=${onPick ? (/** @type {any} */ e) => { if (!e.target.closest('a,button,input,label')) onPick(row); } : undefined}>
          ${ticked ? html`<td class="tick"><input type="checkbox" tabindex="-1" aria-label=${t('sheet.tick', { what: String(raw(/** @type {Column} */ (columns[0]), row)) })} checked=${ticked.has(idOf(row))}
            disabled=${!tickable(row)} onChange=${(/** @type {any} */ e) => tick([idOf(row)], e.target.checked)} /></td>` : null}
          ${columns.map((c, i) => (i === 0 ? html`<th key=${c.key} scope="row">${cellOf(c, row)}</th>`
            : html`<td key=${c.key} class=${c.num ? 'n' : c.bar ? 'b' : undefined}>${cellOf(c, row)}</td>`))}
        </tr>`)}
        ${shown.length === 0 ? html`<tr><td colspan=${wide} class="hold">${empty ?? t('sheet.empty')}</td></tr>` : null}
      </tbody>
      ${foot ? html`<tfoot><tr>${ticked ? html`<td></td>` : null}${columns.map((c, i) => (i === 0 ? html`<th key=${c.key} scope="row">${foot[c.key] ?? t('sheet.total')}</th>`
        : html`<td key=${c.key} class=${c.num ? 'n' : c.bar ? 'b' : undefined}>${foot[c.key]}</td>`))}</tr></tfoot>` : null}
    </table></div>
    ${more?.load ? html`<p class="moreline"><button type="button" class="btn" disabled=${more.loading} onClick=${more.load}>${more.loading ? t('rows.loading') : tn('sheet.more', more.count ?? 50)}</button>
      <span class="dim small">${tn('sheet.shown', rows.length)}${now && !onOrder ? ` ${t('sheet.sorted_shown')}` : ''}</span></p>` : null}
    ${props.note ? html`<p class="dim tiny pad">${props.note}</p>` : null}
  </div>`;
}
