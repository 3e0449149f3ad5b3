/** The figures that belong to a ledger, for a point and a period: what they are, compared with what, and of what they are made. */
import { html, useState } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { whenText } from '../../core/format.js';
import { can } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { useGet } from '../data.js';
import { Bars, Steps } from '../parts/chart.js';
import { behind } from '../network/place.js';
import { kindOf, periodText } from '../network/periods.js';
import { Compared, figureText, numberText, partName, partSize, partText, said, unitOf, useMetrics } from './figure-text.js';

/** Hook: figures of a point. @param {string} point @param {string} period @param {string[]} metrics */
export function useFigures(point, period, metrics) {
  return useGet(point && metrics.length && can('statistics.read') ? `/service-points/${point}/statistics` : null, { period, metrics: metrics.join(','), compare: period === 'all' ? undefined : true });
}

/** What a month's step is as high as; nothing where a share or a mean is of nothing. @param {any} metric @param {{ value: number, of?: number }} month */
const monthSize = (metric, month) => (month.of === 0 ? null : partSize(metric, month));

/** @param {{ item: any, metric: any, point: string, period: string, toPoint: (id: string) => string }} props */
function Parts({ item, metric, point, period, toPoint }) {
  const rows = (/** @type {Record<string, string>} */ part) => behind(point, { metric: item.metric, period, ...part });
  const blocks = [
    { key: 'kind', parts: item.by_kind, name: (/** @type {any} */ p) => partName(metric.kinds, p.kind), href: (/** @type {any} */ p) => rows({ kind: p.kind }) },
    { key: 'type', parts: item.by_type, name: (/** @type {any} */ p) => partName(metric.types, p.type), href: (/** @type {any} */ p) => rows({ type: p.type }) },
    { key: 'child', parts: item.by_child, name: (/** @type {any} */ p) => html`<a href=${toPoint(p.service_point_id)}>${p.name}</a>`, href: (/** @type {any} */ p) => behind(p.service_point_id, { metric: item.metric, period }) },
  ].filter(({ parts }) => parts.length);
  const readsRows = can('households.read');
  return html`${item.by_month.length ? html`<section><h3 class="small">${t('book.by.month')}</h3><${Steps} label=${t('book.chart', { name: said(metric.name), period: periodText(period) })}
      now=${item.by_month.map((/** @type {any} */ m) => ({ key: m.month, label: String(Number(m.month.slice(5))), value: monthSize(metric, m) }))} format=${(/** @type {number} */ n) => (metric.is_share ? `${n.toFixed(1)}%` : numberText(metric, Math.round(n)))} /></section>` : null}
    ${blocks.map((block) => html`<section key=${block.key}><h3 class="small">${t(`book.by.${block.key}`)}</h3>
      <${Bars} most=${metric.is_share && block.parts.some((/** @type {any} */ p) => p.of !== undefined) ? 100 : undefined} items=${[
        ...block.parts.map((/** @type {any} */ p) => ({ key: p.kind ?? p.type ?? p.service_point_id, label: block.name(p), value: partSize(metric, p), text: partText(metric, p), ...(readsRows && { href: block.href(p) }) })),
        ...(block.key === 'child' && item.own ? [{ key: 'own', label: t('book.own'), value: partSize(metric, { value: item.own, of: item.own_of }), text: partText(metric, { value: item.own, of: item.own_of }), ...(readsRows && { href: rows({ part: 'own' }) }) }] : []),
      ]} /></section>`)}`;
}

/**
 * @param {{ point: string, period: string, metrics: string[], toPoint: (id: string) => string }} props `toPoint` is the address of the same page at a point below
 */
export function Figures({ point, period, metrics, toPoint }) {
  const [chosen, choose] = useState('');
  const known = useMetrics();
  const { value, error, reload, read_at } = useFigures(point, period, metrics);
  if (error && !value) return html`<${Failed} error=${error} retry=${reload} />`;
  if (!value || !known) return html`<${Loading} />`;
  const items = /** @type {any[]} */ (value.items).filter((i) => known.has(i.metric));
  const item = items.find((i) => i.metric === chosen) ?? items[0];
  const metric = item && known.get(item.metric);
  if (!item || !metric) return html`<p class="dim pad">${t('book.no_figures')}</p>`;
  return html`<div class="bookfigures">
    <ul class="picks">${items.map((i) => {
      const m = /** @type {any} */ (known.get(i.metric));
      const { main, unit, aside } = figureText(m, i);
      return html`<li key=${i.metric} class=${i === item ? 'picked' : undefined}><button type="button" aria-pressed=${i === item ? 'true' : 'false'} onClick=${() => choose(i.metric)}>
        <span>${said(m?.name)}</span><span class="value"><b>${main}</b>${unit ? html` <small>${unit}</small>` : null}${aside ? html`<small class="dim aside">${aside}</small>` : null}</span></button></li>`;
    })}</ul>
    <div class="pad figurebody">
      <p class="dim tiny">${said(metric.definition)}${metric.part_of ? ` ${t('book.part_of', { name: said(known.get(metric.part_of)?.name ?? metric.name) })}` : ''}</p>
      ${kindOf(period) === 'year' ? null : html`<${Compared} name=${t('book.previous')} metric=${metric} was=${item.previous} />`}
      <${Compared} name=${t('book.year_before')} metric=${metric} was=${item.year_before} />
      ${metric.nature === 'stock' && /_cumulative$/.test(item.metric) ? html`<p class="dim tiny">${t('book.rows_only')}</p>` : null}
      ${item.reference ? html`<p class="small">${t('book.reference', { n: numberText(metric, item.reference.value), source: said(item.reference.source), day: item.reference.as_of })}</p>` : null}
      ${can('households.read') && !item.hidden ? html`<p><a class="btn" href=${behind(point, { metric: item.metric, period })}>${t('book.rows_behind')}</a></p>` : null}
      <${Parts} item=${item} metric=${metric} point=${point} period=${period} toPoint=${toPoint} />
      <p class="dim tiny">${t('book.read_at', { when: read_at ? whenText(read_at) : '' })} ${t('book.in_unit', { unit: unitOf(metric) })}</p>
    </div>
  </div>`;
}
