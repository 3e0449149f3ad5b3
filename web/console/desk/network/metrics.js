import { html, useMemo } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { count, today, whenText } from '../../core/format.js';
import { session } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { usePoint } from '../data.js';
import { Desk, Stair } from '../parts/frame.js';
import { UnitToggle, unitName } from '../parts/money.js';
import { Paper, PrintButton } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { Tree } from '../parts/tree.js';
import { compared, kindOf, periodText, runs } from './periods.js';
import { PeriodChooser, address, along, behind, mayLookBehind, placeOf, useMetrics, useStatistics } from './place.js';
import { figureText, moved, nameOf, numberText, percent, plain, rateOf, said, signed, sizeOf, unitOf } from './values.js';

/** Hook: every metric of a point as a row. @param {any} context `id`, `place`, `metrics` */
function useRows({ id, place, metrics }) {
  const answer = useStatistics(metrics ? id : null, place.period, metrics ? [...metrics.keys()] : [], true);
  const rows = useMemo(() => (answer.value?.items ?? []).flatMap((/** @type {any} */ figure) => {
    const metric = metrics.get(figure.metric);
    return metric ? [{ id: metric.code, metric, figure, now: { ...figure, value: figure.total } }] : [];
  }), [answer.value, metrics]);
  return { answer, rows };
}

/** @param {any} context @returns {import('../parts/sheet.js').Column[]} */
function columnsOf({ id, place, query }) {
  const may = mayLookBehind(id);
  const other = (/** @type {'previous' | 'year_before'} */ vs) => {
    const period = compared(place.period, vs);
    if (!period) return [];
    const when = periodText(period);
    const change = (/** @type {any} */ row) => {
      const [a, b] = [sizeOf(row.metric, row.now), row.figure[vs] ? sizeOf(row.metric, row.figure[vs]) : null];
      return a === null || b === null || runs(place.period) ? null : a - b;
    };
    return [
      { key: vs, label: when, num: true, sort: false, value: (/** @type {any} */ row) => (row.figure[vs] ? plain(row.metric, row.figure[vs]) : ''), cell: (/** @type {any} */ row) => (row.figure[vs] ? figureText(row.metric, row.figure[vs]) : '') },
      ...(runs(place.period) ? [] : [{ key: `${vs}_by`, label: t(`vs.${vs}`), num: true, sort: false, value: (/** @type {any} */ row) => (row.figure[vs]?.change_bp == null ? '' : signed(row.figure[vs].change_bp)),
        cell: (/** @type {any} */ row) => { const by = change(row); return by === null ? '' : html`${moved(row.metric, by)}${!row.figure[vs].change_bp ? null : html` <span class="dim">${signed(row.figure[vs].change_bp)}</span>`}`; } }]),
    ];
  };
  return [
    { key: 'name', label: t('metrics.metric'), sort: false, value: (row) => nameOf(row.metric), cell: (row) => html`<span title=${said(row.metric.definition)}>${nameOf(row.metric)}</span>`,
      href: (row) => `#${address(`/network/${id}`, query, { metric: row.metric.code })}` },
    { key: 'total', label: periodText(place.period), num: true, sort: false, value: (row) => plain(row.metric, row.now), cell: (row) => figureText(row.metric, row.now),
      href: (row) => (may && row.figure.total ? behind(id, { metric: row.metric.code, period: place.period }) : null) },
    { key: 'of', file: true, label: t('metrics.of'), value: (row) => (row.metric.is_share || row.metric.is_mean ? plain({ ...row.metric, is_share: false, is_mean: false }, { value: row.figure.of }) : '') },
    { key: 'unit', label: t('metrics.unit'), sort: false, value: (row) => unitOf(row.metric) },
    { key: 'rate', label: t('metrics.rate'), num: true, sort: false, value: (row) => { const rate = row.metric.is_share ? rateOf(row.now) : null; return rate === null ? '' : percent(rate); } },
    { key: 'own', label: t('network.own_short'), num: true, sort: false, value: (row) => plain(row.metric, { value: row.figure.own, of: row.figure.own_of }), cell: (row) => figureText(row.metric, { value: row.figure.own, of: row.figure.own_of }),
      href: (row) => (may && row.figure.own ? behind(id, { metric: row.metric.code, period: place.period, part: 'own' }) : null) },
    ...other('previous'), ...(kindOf(place.period) === 'year' ? [] : other('year_before')),
    { key: 'reference', label: t('network.reference'), num: true, sort: false, value: (row) => row.figure.reference?.value ?? '', cell: (row) => (row.figure.reference ? html`<span title=${said(row.figure.reference.source)}>${numberText(row.metric, row.figure.reference.value)}</span>` : '') },
    { key: 'nature', label: t('metrics.nature'), sort: false, value: (row) => t(`metric.${row.metric.nature}`) },
  ];
}

/** All metrics of a point, one below the other. @param {any} context what the page knows */
export function MetricsTable(context) {
  const { answer, rows } = useRows(context);
  if (!answer.value) return answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`;
  return html`<${Sheet} caption=${t('network.all_metrics')} columns=${columnsOf(context)} rows=${rows} tools=${context.tools} csv=${`${context.point.name}-${context.place.period}-${t('network.all_metrics')}`}
    note=${t('metrics.note', { n: count(rows.length) })} />`;
}

/** The statistics table of a point, to be looked at and to be printed. @param {{ id: string, query: URLSearchParams }} props */
export default function Metrics({ id, query }) {
  const place = placeOf(query);
  const point = usePoint(id);
  const metrics = useMetrics();
  const path = `/network/${id}/metrics`;
  const context = { id, place, query, metrics, point: point.value };
  const { answer, rows } = useRows(context);
  const points = point.value ? [...point.value.above, point.value] : [];
  return html`<${Desk} title=${t('metrics.title', { name: point.value?.name ?? '' })} nav="network"
    side=${html`<${Tree} current=${id} href=${(/** @type {string} */ to) => `#/network/${to}/metrics${along(query)}`} />`}
    above=${html`<${Stair} points=${points} href=${(/** @type {string} */ to) => `#/network/${to}${along(query)}`} /><a class="small" href=${`#/network/${id}${along(query)}`}>${t('metrics.back')}</a>
      ${answer.read_at ? html`<span class="end small dim">${t('network.read_at', { when: whenText(answer.read_at) })}</span>` : null}`}
    tools=${html`<${PeriodChooser} path=${path} query=${query} /><${UnitToggle} /><${PrintButton} />`}
    after=${rows.length && point.value ? html`<${Paper} title=${t('metrics.paper', { period: periodText(place.period) })} unit=${point.value.name} code=${point.value.region_code} right=${t('network.paper_money', { unit: unitName() })}
      columns=${columnsOf(context).filter((c) => c.key !== 'nature' && (kindOf(place.period) !== 'all' || c.key !== 'rate'))} rows=${rows} filler=${session.value.account?.display_name} date=${today()} />` : null}>
    ${point.error && !point.value ? html`<${Failed} error=${point.error} retry=${point.reload} />` : metrics && point.value ? html`<section class="panel stack grow"><${MetricsTable} ...${context} /></section>` : html`<${Loading} />`}
  <//>`;
}
Metrics.stays = true;
