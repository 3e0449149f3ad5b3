/** All ledgers, in their groups, each with its headline figures for a point and a period. */
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { today, whenText } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { Desk, useStyle } from '../parts/frame.js';
import { Paper, PrintButton } from '../parts/paper.js';
import { bookName, writesWith } from './book.js';
import { GROUPS } from './books.js';
import { periodText } from '../network/periods.js';
import { Compared, figureText, said, useMetrics } from './figure-text.js';
import { useFigures } from './figures.js';
import { behind } from '../network/place.js';
import { ScopeBar, Where, address, useScope } from './scope.js';
import { Ledgers, readable } from './side.js';

/** @typedef {import('./book.js').Book} Book */

/** @param {{ book: Book, items: any[], metrics: Map<string, any>, point: string, period: string }} props */
function Row({ book, items, metrics, point, period }) {
  return html`<li><div class="bookhead"><a href=${address(`ledgers/${book.code}`, { point, period })}>${bookName(book)}</a>
      ${can(writesWith(book)) ? html`<a class="btn quiet" href="#/ledgers/${book.code}/new" aria-label=${t(`book.new.${book.code}`)} title=${t(`book.new.${book.code}`)}><${Icon} name="plus" /></a>` : null}</div>
    <dl class="bookrow">${items.map((item) => {
      const metric = metrics.get(item.metric);
      const { main, unit, aside } = figureText(metric, item);
      return html`<div key=${item.metric}><dt>${said(metric?.name)}</dt><dd>${can('households.read') && !item.hidden ? html`<a href=${behind(point, { metric: item.metric, period })}><b>${main}</b></a>` : html`<b>${main}</b>`} <small>${unit}</small>
        ${aside ? html` <small class="dim">${aside}</small>` : null}${item.year_before?.change_bp == null ? null : html`<${Compared} name=${t('book.year_before')} metric=${metric} was=${item.year_before} />`}</dd></div>`;
    })}</dl></li>`;
}

/** @param {{ query: URLSearchParams }} props */
export default function Start({ query }) {
  useStyle('desk-ledgers');
  const { point, period, where } = useScope(query);
  const books = readable();
  const wanted = [...new Set(books.flatMap((book) => (book.metrics ?? []).slice(0, 3)))];
  const { value, error, reload, read_at } = useFigures(point, period, wanted);
  const metrics = useMetrics();
  const items = /** @type {any[]} */ (value?.items ?? []);
  const title = t('book.ledgers');
  // A figure that belongs to several ledgers is shown with the first of them.
  const shownWith = new Map(wanted.map((code) => [code, books.find((book) => book.metrics?.slice(0, 3).includes(code))?.code]));
  const figures = (/** @type {Book} */ book) => items.filter((item) => shownWith.get(item.metric) === book.code);
  const paper = items.map((item) => {
    const metric = metrics?.get(item.metric);
    if (!metric) return { key: item.metric };
    const { main, unit, aside } = figureText(metric, item);
    return { key: item.metric, name: said(metric?.name), value: `${main} ${unit} ${aside}`.trim(), definition: said(metric?.definition) };
  });
  return html`<${Desk} title=${title} nav="ledgers" flow side=${html`<${Ledgers} />`} above=${html`<${Where} where=${where} />`} sub=${`${where.value?.name ?? ''} ${periodText(period)}`} tools=${html`<${PrintButton} />`}
    after=${html`<div class="ledgerpaper"><${Paper} title=${t('book.overview_of', { period: periodText(period) })} unit=${where.value?.name ?? ''} right=${periodText(period)} rows=${paper} filler=${session.value.account?.display_name} date=${today()}
      columns=${[{ key: 'name', label: t('book.figure') }, { key: 'value', label: t('book.value') }, { key: 'definition', label: t('book.definition') }]} /></div>`}>
    <${ScopeBar} point=${point} period=${period} />
    ${error && !value ? html`<${Failed} error=${error} retry=${reload} />` : !value || !metrics ? html`<${Loading} />`
      : html`<div class="bookgroups">${GROUPS.map((group) => [group, books.filter((book) => book.group === group)]).filter(([, inside]) => inside?.length).map(([group, inside]) => html`<section key=${group} class="panel"><header><h2>${t(`book.group.${group}`)}</h2></header>
          <ul class="booklist">${/** @type {Book[]} */ (inside).map((book) => html`<${Row} key=${book.code} book=${book} items=${figures(book)} metrics=${metrics} point=${point} period=${period} />`)}</ul></section>`)}</div>
        <p class="dim tiny">${t('book.read_at', { when: read_at ? whenText(read_at) : '' })}</p>`}
  <//>`;
}
