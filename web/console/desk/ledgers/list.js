/** A ledger: its entries for a point and a period, filtered, and its figures beside them. */
import { html, useState } from '../../core/html.js';
import { entries, label, t } from '../../core/i18n.js';
import { replace } from '../../core/router.js';
import { today, whenText } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { Check, Select } from '../../parts/fields.js';
import { pages } from '../data.js';
import { Desk, useStyle } from '../parts/frame.js';
import { Lookup } from '../parts/form-lookup.js';
import { Paper, PrintButton } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { bookName, fieldName, readsWith, writesWith } from './book.js';
import { bookOf } from './books.js';
import { columnsOf } from './columns.js';
import { periodText } from '../network/periods.js';
import { daysOf, endOf } from './days.js';
import { Figures } from './figures.js';
import { findThings, learnThings, nameOf, resolveThing, thingOf } from './names.js';
import { ScopeBar, Where, address, useScope, withQuery } from './scope.js';
import { Ledgers } from './side.js';

/** @typedef {import('./book.js').Book} Book */

/** @param {{ filter: import('./book.js').BookFilter, query: URLSearchParams }} props */
function Filter({ filter, query }) {
  const value = query.get(filter.name) ?? '';
  const set = (/** @type {string} */ to) => replace(withQuery({ [filter.name]: to }));
  const id = `filter-${filter.name}`;
  if (filter.type === 'lookup') {
    const of = /** @type {import('./names.js').Thing} */ (filter.of);
    return html`<div class="filter"><${Lookup} id=${id} label=${fieldName(filter)} value=${value} set=${set} search=${(/** @type {string} */ q) => findThings(of, q)} resolve=${(/** @type {string} */ one) => resolveThing(of, one)} /></div>`;
  }
  return html`<div class="filter"><${Select} id=${id} label=${fieldName(filter)} value=${value} set=${set} options=${filter.options?.() ?? entries(filter.list ?? '')} none=${t('book.any')} /></div>`;
}

/** @param {{ book: Book, query: URLSearchParams }} props */
function Filters({ book, query }) {
  const flag = (/** @type {string} */ name, /** @type {string} */ word) => html`<${Check} label=${t(word)} value=${query.get(name) === '1'}
    set=${(/** @type {boolean} */ on) => replace(withQuery({ [name]: on ? '1' : null }))} />`;
  return html`<div class="line filters" role="group" aria-label=${t('book.filters')}>
    ${(book.filters ?? []).map((filter) => html`<${Filter} key=${filter.name} filter=${filter} query=${query} />`)}
    ${book.kind === 'log' ? html`<${Filter} filter=${{ name: 'state', type: 'code', list: 'record_state' }} query=${query} />` : null}
    ${book.standing ? flag('standing', 'book.standing') : null}
    ${book.kind === 'catalogue' ? flag('kept', 'book.kept_here') : null}
  </div>`;
}

/** What the list is asked for. @param {Book} book @param {URLSearchParams} query @param {string} point @param {string} period */
function asking(book, query, point, period) {
  /** @type {Record<string, string | undefined>} */
  const ask = {};
  for (const filter of book.filters ?? []) ask[filter.name] = query.get(filter.name) ?? undefined;
  if (book.kind === 'log') Object.assign(ask, daysOf(period), { state: query.get('state') ?? undefined });
  if (book.standing && query.get('standing') === '1') ask[book.standing] = endOf(period);
  // Items of catalogues of the points above are seen from below, so the point is asked for only when somebody wants its own.
  if (book.kind !== 'catalogue' || query.get('kept') === '1') ask.service_point_id = point;
  return ask;
}

/** What is filtered by, in words, for paper. @param {Book} book @param {URLSearchParams} query */
function filtered(book, query) {
  const said = (book.filters ?? []).flatMap((f) => {
    const value = query.get(f.name);
    return value ? [`${fieldName(f)} ${f.of ? nameOf(f.of, value) : f.options?.().find((o) => o.code === value)?.label ?? label(f.list ?? '', value)}`] : [];
  });
  const state = query.get('state');
  return [...said, ...(state ? [label('record_state', state)] : []), ...(query.get('standing') === '1' ? [t('book.standing')] : [])].join(' · ');
}

/** @param {{ ledger: string, query: URLSearchParams }} props */
export default function List({ ledger, query }) {
  useStyle('desk-ledgers');
  const book = bookOf(ledger);
  const { point, period, where } = useScope(query);
  const [side, showSide] = useState(true);
  const may = book && can(readsWith(book));
  const ask = book && may && point ? asking(book, query, point, period) : {};
  const kind = book && thingOf(book.code);
  const { rows, more, loading, error, reload, read_at } = pages(book && may && point ? `/${book.code}` : null, ask, { limit: 100, learn: (page) => { if (kind) learnThings(kind, page); } });
  if (!book || !may) return html`<${Desk} title=${t('book.ledgers')} nav="ledgers" side=${html`<${Ledgers} />`}><p class="panel hold">${t('book.no_such')}</p><//>`;
  const columns = columnsOf(book);
  const name = bookName(book);
  const days = book.kind === 'log' ? daysOf(period) : null;
  const span = days ? t('book.days', days) : query.get('standing') === '1' ? t('book.on_day', { day: endOf(period) }) : t('book.all_items');
  const presets = Object.fromEntries((book.filters ?? []).filter((f) => f.type === 'lookup').map((f) => [f.name, query.get(f.name)]));
  const tools = html`<button type="button" class="btn" aria-pressed=${side ? 'true' : 'false'} onClick=${() => showSide(!side)}>${t('book.figures')}</button><${PrintButton} more=${more} />
    ${can(writesWith(book)) ? html`<a class="btn main" href=${address(`ledgers/${book.code}/new`, presets)}><${Icon} name="plus" />${t(`book.new.${book.code}`)}</a>` : null}`;
  const metrics = book.metrics ?? [];
  return html`<${Desk} title=${name} nav="ledgers" side=${html`<${Ledgers} current=${book.code} />`} above=${html`<${Where} where=${where} />`} sub=${span} tools=${tools}
    after=${html`<div class="ledgerpaper"><${Paper} title=${name} unit=${where.value?.name ?? ''} right=${span} columns=${columns} rows=${rows} more=${more} filler=${session.value.account?.display_name} date=${today()}
      notes=${[filtered(book, query)]} /></div>`}>
    <${ScopeBar} point=${point} period=${period} />
    <div class=${side && metrics.length ? 'split bookpage' : 'split bookpage alone'}>
      <section class="panel stack" aria-label=${name}>
        <${Filters} book=${book} query=${query} />
        ${error && !rows.length ? html`<${Failed} error=${error} retry=${reload} />` : loading && !rows.length ? html`<${Loading} />`
          : html`<${Sheet} caption=${`${name} ${span}`} columns=${columns} rows=${rows} more=${more} class="grow" csv=${`${name}-${where.value?.name ?? ''}-${days ? periodText(period) : today()}`}
            empty=${t(days ? 'book.none_in_days' : 'book.none')} note=${t('book.read_at', { when: read_at ? whenText(read_at) : '' })} />`}
      </section>
      ${side && metrics.length ? html`<aside class="panel stack scroll" aria-label=${t('book.figures')}><header><h2>${t('book.figures')}</h2><span class="dim small end">${periodText(period)}</span></header>
        <${Figures} point=${point} period=${period} metrics=${metrics} toPoint=${(/** @type {string} */ id) => `#${withQuery({ point: id })}`} /></aside>` : null}
    </div>
  <//>`;
}
