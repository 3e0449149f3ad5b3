import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { count, money, whenText } from '../../core/format.js';
import { can } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { pages, pointName, usePoint } from '../data.js';
import { bookBehind } from '../ledgers/behind.js';
import { Desk, Stair } from '../parts/frame.js';
import { UnitToggle } from '../parts/money.js';
import { Paper, PrintButton } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { Tree } from '../parts/tree.js';
import { useCodeNames } from './codes.js';
import { periodText } from './periods.js';
import { address, along, placeOf, useMetrics, useStatistics } from './place.js';
import { Big, isMoney, nameOf, said } from './values.js';

/** Where a row leads. @param {any} row @param {string} metric */
function leads(row, metric) {
  if (row.object_type === 'service_point') return `#/network/${row.id ?? row.service_point_id}`;
  if (!row.id) return null;
  if (row.object_type === 'assistance_record') return `#/record/${row.id}`;
  if (row.object_type === 'household') return `#/household/${row.id}`;
  const ledger = bookBehind(metric, row.object_type);
  return ledger ? `#/ledgers/${ledger}/${row.id}` : null;
}

/** The part of a statistic that the rows make. @param {any} figure @param {{ part: string | null, kind: string | null, type: string | null }} what */
function partOf(figure, { part, kind, type }) {
  if (kind !== null) return { ...figure.by_kind.find((/** @type {any} */ k) => k.kind === kind) };
  if (type !== null) return { ...figure.by_type.find((/** @type {any} */ k) => k.type === type) };
  if (part === 'own') return { value: figure.own, of: figure.own_of };
  return { ...figure, value: figure.total };
}

/** What is behind a figure: its rows, which add up to it. @param {{ id: string, query: URLSearchParams }} props */
export default function Rows({ id, query }) {
  const { period, metric: code } = placeOf(query);
  const what = { part: query.get('part'), kind: query.get('kind'), type: query.get('type') };
  const point = usePoint(id);
  const metrics = useMetrics();
  const metric = metrics?.get(code);
  const may = point.value && can('households.read', id);
  const figures = useStatistics(metric ? id : null, period, [code]);
  const list = pages(may && metric ? `/service-points/${id}/statistics/rows` : null, { metric: code, period, ...Object.fromEntries(Object.entries(what).filter(([, v]) => v !== null)) }, { limit: 100 });
  const kinds = useCodeNames(metric?.kinds);
  const types = useCodeNames(metric?.types);
  const figure = figures.value?.items[0];
  const part = figure && metric ? partOf(figure, what) : null;
  const of = [what.part === 'own' ? t('network.own_short') : '', what.kind ? kinds(what.kind) : '', what.type ? types(what.type) : ''].filter(Boolean).join(' · ');
  const title = metric ? t('rows_of.title', { metric: nameOf(metric) }) : t('rows_of.page');
  const points = point.value ? [...point.value.above, point.value] : [];
  const query2 = new URLSearchParams(Object.entries({ metric: code, period }).filter(([, v]) => v));
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = metric ? [
    { key: 'on', label: t('rows_of.on'), value: (row) => row.on ?? '', cell: (row) => row.on ?? (leads(row, code) ? t('rows_of.open') : ''), href: (row) => leads(row, code) },
    { key: 'what', label: t('rows_of.what'), value: (row) => t(`counted.${row.object_type}`), cell: (row) => (row.id || row.object_type === 'service_point' ? t(`counted.${row.object_type}`) : html`<span class="dim">${t('rows_of.out_of_reach')}</span>`), href: (row) => leads(row, code) },
    { key: 'point', label: t('rows_of.point'), value: (row) => pointName(row.service_point_id), href: (row) => `#/network/${row.service_point_id}${along(query2)}` },
    ...(metric.kinds || list.rows.some((r) => r.kind) ? [{ key: 'kind', label: t('rows_of.kind'), value: (/** @type {any} */ row) => kinds(row.kind) }] : []),
    ...(metric.types || list.rows.some((r) => r.type) ? [{ key: 'type', label: t('rows_of.type'), value: (/** @type {any} */ row) => types(row.type) }] : []),
    { key: 'value', label: html`${t('rows_of.value')}${isMoney(metric) ? html` <span class="dim">${t('money.yuan')}</span>` : null}`, name: t('rows_of.value'), num: true, value: (row) => row.value,
      // One entry is read in yuan, whatever the totals are shown in.
      csv: (row) => (isMoney(metric) ? money(row.value).replaceAll(',', '') : row.value), cell: (row) => (isMoney(metric) ? money(row.value) : count(row.value)) },
  ] : [];
  const name = `${point.value?.name ?? ''} ${metric ? nameOf(metric) : ''} ${period} ${of}`.trim();
  return html`<${Desk} title=${title} nav="network" sub=${html`${periodText(period)}${of ? ` · ${of}` : ''}`}
    side=${html`<${Tree} current=${id} href=${(/** @type {string} */ to) => `#${address(`/network/${to}/rows`, query, {})}`} />`}
    above=${html`<${Stair} points=${points} href=${(/** @type {string} */ to) => `#/network/${to}${along(query2)}`} /><a class="small" href=${`#/network/${id}${along(query2)}`}>${t('rows_of.back')}</a>
      ${list.read_at ? html`<span class="end small dim">${t('network.read_at', { when: whenText(list.read_at) })}</span>` : null}`}
    tools=${html`<${UnitToggle} /><${PrintButton} more=${list.more} />`}
    after=${metric && list.rows.length ? html`<${Paper} title=${title} unit=${point.value?.name ?? ''} code=${point.value?.region_code} right=${`${periodText(period)}${of ? ` · ${of}` : ''}`} columns=${columns} rows=${list.rows} more=${list.more}
      notes=${[said(metric.definition)]} />` : null}>
    ${part && metric ? html`<dl class="panel figures"><div class="figure"><dt>${nameOf(metric)}${of ? ` · ${of}` : ''}</dt><dd><${Big} metric=${metric} figure=${part} /></dd></div>
      <div class="figure wide"><dt>${t('network.definition')}</dt><dd class="small wrap">${said(metric.definition)}</dd></div></dl>` : null}
    ${point.value && !may ? html`<p class="panel gutter">${t('rows_of.may_not')}</p>` : point.error && !point.value ? html`<${Failed} error=${point.error} retry=${point.reload} />` : list.error && !list.rows.length ? html`<${Failed} error=${list.error} retry=${list.reload} />`
      : !metric || (list.loading && !list.rows.length) ? html`<${Loading} />`
      : html`<section class="panel stack grow"><${Sheet} caption=${name} columns=${columns} rows=${list.rows} id=${(/** @type {any} */ row) => `${row.object_type}/${row.id ?? ''}/${row.service_point_id}/${row.kind ?? ''}/${row.on ?? ''}`}
        csv=${name} empty=${t(figure?.hidden ? 'network.hidden_why' : 'network.nothing')} more=${list.more} note=${list.more.load ? t('rows_of.more_note') : t(metric.is_share ? 'rows_of.share_note' : 'rows_of.all_note')} /></section>`}
  <//>`;
}
Rows.stays = true;
