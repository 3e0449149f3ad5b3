import { html, useMemo } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { count, today } from '../../core/format.js';
import { session } from '../../core/session.js';
import { State } from '../../parts/state.js';
import { Bar } from '../parts/chart.js';
import { unitName } from '../parts/money.js';
import { Paper } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { kindOf, periodText, runs, shortText } from './periods.js';
import { along, behind, mayLookBehind } from './place.js';
import { ReportState, reportWord } from './reports.js';
import { figureText, isMoney, moved, nameOf, plain, said, sizeOf, unitOf } from './values.js';

/** 武都区本级; a long name would push the figures away. @param {string} name */
export const ownName = (name) => (name.length > 8 ? t('network.own_short') : t('network.own', { name }));

/**
 * The own work as a row of its own, and one for each child: so the rows add up to the total.
 * @param {any} context what the page knows
 */
export function childRows({ id, point, figures, metric, then, reports, names }) {
  /** @type {any[]} */
  const rows = [{ id, own: true, pinned: true, name: ownName(point.name), figures: {}, was: { value: then?.own, of: then?.own_of } }];
  const at = new Map();
  const child = (/** @type {any} */ c) => {
    let row = at.get(c.service_point_id);
    if (!row) {
      row = { id: c.service_point_id, name: c.name, figures: {}, was: null, state: reports.states?.get(c.service_point_id), doubts: reports.doubts?.of.get(c.service_point_id) ?? 0 };
      at.set(c.service_point_id, row);
      rows.push(row);
    }
    return row;
  };
  for (const code of names) {
    const figure = figures.get(code);
    if (!figure) continue;
    rows[0].figures[code] = { value: figure.own, of: figure.own_of };
    for (const c of figure.by_child) child(c).figures[code] = { value: c.value, of: c.of };
  }
  for (const c of then?.by_child ?? []) if (at.has(c.service_point_id)) at.get(c.service_point_id).was = { value: c.value, of: c.of };
  rows[0].doubts = reports.doubts?.of.get(id) ?? 0;
  const size = (/** @type {any} */ row) => sizeOf(metric, row.figures[metric.code] ?? { value: null }) ?? -1;
  return [/** @type {any} */ (rows[0]), ...rows.slice(1).sort((a, b) => size(b) - size(a))];
}

/** @param {number[]} sizes */
function median(sizes) {
  const sorted = [...sizes].sort((a, b) => a - b);
  const mid = Math.floor(sorted.length / 2);
  return sorted.length === 0 ? null : sorted.length % 2 ? sorted[mid] ?? null : ((sorted[mid - 1] ?? 0) + (sorted[mid] ?? 0)) / 2;
}

/** @param {any} metric @param {any} row */
const figureIn = (metric, row) => row.figures[metric.code] ?? { value: null };

/**
 * @param {any} context what the page knows @param {any[]} rows
 * @returns {import('../parts/sheet.js').Column[]}
 */
export function columnsOf({ id, query, place, point, metrics, metric, figures, reports, names }, rows) {
  const may = mayLookBehind(id);
  const sizes = rows.map((row) => sizeOf(metric, figureIn(metric, row)));
  const most = Math.max(0, ...sizes.map((s) => s ?? 0));
  const mid = median(rows.filter((r) => !r.own).flatMap((r) => sizeOf(metric, figureIn(metric, r)) ?? []));
  const rowsOf = (/** @type {string} */ code) => (/** @type {any} */ row) => (may && row.figures[code] && row.figures[code].value !== null
    ? behind(row.id, { metric: code, period: place.period, ...(row.own && { part: 'own' }) }) : null);
  const number = (/** @type {any} */ m) => [plainColumn(m), ...(m.is_share ? [{ key: `${m.code}_of`, file: true, label: t('network.of', { metric: nameOf(m) }), num: true,
    value: (/** @type {any} */ row) => plain({ ...m, is_share: false }, { value: figureIn(m, row).of }) }] : [])];
  const plainColumn = (/** @type {any} */ m) => ({
    key: m.code, label: html`${nameOf(m)}${isMoney(m) ? html` <span class="dim">${unitOf(m)}</span>` : null}`, name: `${nameOf(m)} (${unitOf(m)})`, num: true,
    value: (/** @type {any} */ row) => sizeOf(m, figureIn(m, row)), csv: (/** @type {any} */ row) => plain(m, figureIn(m, row)),
    cell: (/** @type {any} */ row) => figureText(m, figureIn(m, row)), href: rowsOf(m.code),
  });
  const below = { bureau: 'county', county: 'township', township: 'village' }[/** @type {string} */ (point.tier)] ?? 'village';
  const change = (/** @type {any} */ row) => {
    const [a, b] = [sizeOf(metric, figureIn(metric, row)), row.was ? sizeOf(metric, row.was) : null];
    return a === null || b === null ? null : a - b;
  };
  return [
    { key: 'name', label: t(`network.tier_${below}`), cell: (row) => html`${row.name}`, value: (row) => row.name,
      href: (row) => (row.own ? (may ? behind(id, { metric: metric.code, period: place.period, part: 'own' }) : null) : `#/network/${row.id}${along(query)}`) },
    ...(reports.states && kindOf(place.period) === 'month' ? [{ key: 'state', label: t('network.report'), value: (/** @type {any} */ row) => (row.own ? '' : reportWord(row.state)),
      cell: (/** @type {any} */ row) => (row.own ? html`<span class="dim">—</span>` : html`<${ReportState} state=${row.state} />`), href: (/** @type {any} */ row) => (row.own ? null : `#/review?point=${id}&month=${place.period}&at=${row.id}`) }] : []),
    ...number(metric),
    { key: 'bar', label: t('network.bar', { metric: nameOf(metric) }), bar: true, cell: (row) => {
      const size = sizeOf(metric, figureIn(metric, row));
      return size === null || most === 0 ? null : html`<${Bar} size=${(size / most) * 100} median=${mid === null ? null : (mid / most) * 100} />`;
    } },
    ...(place.other && !runs(place.period) ? [{ key: 'change', label: t('network.than', { when: shortText(place.other, place.period) }), num: true, value: change, csv: (/** @type {any} */ row) => (row.was ? plain(metric, row.was) : ''),
      name: t('network.of_period', { when: periodText(place.other) }), cell: (/** @type {any} */ row) => { const by = change(row); return by === null ? '' : moved(metric, by); } }] : []),
    ...names.filter((/** @type {string} */ code) => code !== metric.code && figures.has(code)).flatMap((/** @type {string} */ code) => number(metrics.get(code))),
    ...(reports.doubts ? [{ key: 'doubts', label: t('desk.doubts'), num: true, value: (/** @type {any} */ row) => row.doubts,
      cell: (/** @type {any} */ row) => (row.doubts ? html`<${State} kind="doubt" word=${row.doubts} />` : html`<span class="dim">0</span>`),
      href: (/** @type {any} */ row) => (row.doubts ? `#/doubts?point=${row.id}&month=${place.period}` : null) }] : []),
  ];
}

/** What the total row says, on the screen and in a file. @param {any} context */
function totals({ place, metrics, metric, figures, then, reports, names }) {
  /** @type {Record<string, any>} */
  const foot = {};
  /** @type {Record<string, any>} */
  const file = {};
  for (const code of [...names, metric.code]) {
    const figure = figures.get(code);
    if (!figure) continue;
    const whole = { ...figure, value: figure.total };
    foot[code] = figureText(metrics.get(code), whole);
    file[code] = plain(metrics.get(code), whole);
    if (metrics.get(code).is_share) file[`${code}_of`] = plain({ ...metrics.get(code), is_share: false }, { value: figure.of });
  }
  const whole = figures.get(metric.code);
  if (then && place.other && !runs(place.period)) {
    const [a, b] = [sizeOf(metric, { ...whole, value: whole.total }), sizeOf(metric, { ...then, value: then.total })];
    foot.change = a === null || b === null ? '' : moved(metric, a - b);
    file.change = plain(metric, { ...then, value: then.total });
  }
  if (reports.doubts) {
    foot.doubts = count(reports.doubts.total);
    file.doubts = reports.doubts.total;
  }
  if (reports.states) foot.state = `${[...reports.states.values()].filter((s) => s === 'approved').length} / ${whole.by_child.length}`;
  file.name = t('sheet.total');
  return { foot, file };
}

/** Whether the rows make the total, as they must. @param {any} figure */
const addsUp = (figure) => figure.total === null || figure.own === null || figure.by_child.length === 0
  || figure.own + figure.by_child.reduce((/** @type {number} */ sum, /** @type {any} */ c) => sum + c.value, 0) === figure.total;

/** What is said below the table. @param {any} context */
function notesOf({ metric, picked, place }) {
  return [
    picked.hidden || picked.total === null ? t('network.hidden_why') : null,
    metric.code === 'wage_median' ? null : picked.by_child.length && addsUp(picked) ? t('network.adds_up') : null,
    metric.code !== 'wage_median' && !addsUp(picked) ? t('network.adds_not') : null,
    runs(place.period) ? t('network.runs') : null,
  ].filter(Boolean);
}

/** The children side by side. @param {any} context */
export function Children(context) {
  const { metric, place, picked, point, tools, figures, then, reports } = context;
  const rows = useMemo(() => childRows(context), [figures, then, reports.states, reports.doubts, metric]);
  const { foot, file } = totals(context);
  return html`<${Sheet} key=${`${context.id}/${metric.code}`} caption=${t('network.caption', { name: point.name, period: periodText(place.period) })}
    columns=${columnsOf(context, rows)} rows=${rows} foot=${foot} footRow=${file} tools=${tools}
    csv=${`${point.name}-${place.period}`} order=${{ key: metric.code, down: true }} empty=${t('network.no_children')}
    note=${[...notesOf({ ...context, picked }), t('network.median')].join(' ')} />`;
}

/** The same on paper. @param {any} context */
export function ChildrenPaper(context) {
  const { point, place, metric } = context;
  const rows = childRows(context);
  const columns = columnsOf(context, rows).map((c) => (c.key === 'name' ? { ...c, cell: undefined } : c));
  return html`<${Paper} title=${t('network.paper_title', { period: periodText(place.period) })} unit=${point.name} code=${point.region_code} right=${t('network.paper_money', { unit: unitName() })}
    columns=${columns} rows=${rows} foot=${totals(context).foot} notes=${[t('network.paper_definition', { metric: nameOf(metric), definition: said(metric.definition) }), ...notesOf(context)]}
    filler=${session.value.account?.display_name} date=${today()} />`;
}
