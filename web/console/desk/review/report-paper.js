/** A month's report as a sheet for the file cabinet: as it was sent in, or, before that, as a draft. */
import { html } from '../../core/html.js';
import { entries, t } from '../../core/i18n.js';
import { count, money, monthText, today } from '../../core/format.js';
import { session, simulated } from '../../core/session.js';
import { figureOf } from '../../parts/report-data.js';
import { Paper } from '../parts/paper.js';
import { shortDigest } from './data.js';

/** @param {any} figures @param {string} metric @param {string} [kind] @returns {number} */
export function valueOf(figures, metric, kind) {
  const figure = figureOf(figures, metric);
  return (kind ? figure?.by_kind.find((/** @type {any} */ k) => k.code === kind)?.value : figure?.value) ?? 0;
}

/**
 * What the children do not add is the point's own: so it is defined, for distinct households too, because each has one home.
 * @param {any} figures @param {any[]} below @param {string} metric @param {string} [kind]
 */
export const ownOf = (figures, below, metric, kind) => valueOf(figures, metric, kind) - below.reduce((sum, c) => sum + valueOf(c.figures, metric, kind), 0);

/** A sheet in a cabinet needs the year, and the minute in China. @param {string} instant */
export const minuteOf = (instant) => new Date(Date.parse(instant) + 8 * 3600e3).toISOString().slice(0, 16).replace('T', ' ');

/** Who has filled in a sheet, and when. @param {boolean} [own] whether it is the person who prints it */
export const signed = (own = true) => ({ filler: own ? session.value.account?.display_name ?? '' : '', date: today() });

/** What stands on paper: the last submission while it waits or is approved, otherwise this moment. @param {any} view */
export function paperOf(view) {
  const sent = ['submitted', 'approved'].includes(view.report?.state);
  return sent ? { sent, figures: view.report.figures, children: view.report.children, digest: view.report.digest } : { sent, figures: view.figures, children: view.children, digest: null };
}

/** @param {{ name: string, code: string | null | undefined, month: string, view: any, read_at: string | null }} props */
export function ReportPaper({ name, code, month, view, read_at }) {
  const { sent, figures, children, digest } = paperOf(view);
  const kinds = entries('assistance_kind');
  const below = children.filter((/** @type {any} */ c) => c.figures);
  const left = children.filter((/** @type {any} */ c) => !c.figures);
  const cells = (/** @type {(metric: string, kind?: string) => number} */ value) => html`
    ${kinds.map((k) => html`<td key=${k.code}>${count(value('assistance_count', k.code))}</td>`)}
    <td>${count(value('assistance_count'))}</td><td>${count(value('households_assisted'))}</td><td>${money(value('assistance_amount'))}</td><td>${count(value('households'))}</td>`;
  const table = html`<table>
    <thead>
      <tr><th scope="col" rowspan="2">${t('paper.who')}</th><th scope="colgroup" colspan=${kinds.length + 1}>${t('report.times')}</th><th scope="col" rowspan="2">${t('report.reached')}</th><th scope="col" rowspan="2">${t('report.amount')}</th><th scope="col" rowspan="2">${t('report.households')}</th></tr>
      <tr>${kinds.map((k) => html`<th scope="col" key=${k.code}>${k.label}</th>`)}<th scope="col">${t('paper.sum')}</th></tr>
    </thead>
    <tbody>
      ${below.length ? html`<tr><th scope="row">${t('paper.own')}</th>${cells((metric, kind) => ownOf(figures, below, metric, kind))}</tr>` : null}
      ${below.map((/** @type {any} */ c) => html`<tr key=${c.code}><th scope="row">${c.name}</th>${cells((metric, kind) => valueOf(c.figures, metric, kind))}</tr>`)}
      <tr class="total"><th scope="row">${below.length ? t('paper.total') : name}</th>${cells((metric, kind) => valueOf(figures, metric, kind))}</tr>
    </tbody>
  </table>`;
  const of = sent ? view.report.of : view.of;
  const notes = [
    [t('paper.definition'), left.length ? t('paper.left_out', { names: left.map((/** @type {any} */ c) => c.name).join(t('review.join')) }) : ''].join(''),
    [of?.expected ? t('review.paper_below', { n: of.reported, all: of.expected }) : '', read_at ? t('paper.read', { when: minuteOf(read_at) }) : '', digest ? t('paper.digest', { digest: shortDigest(digest) }) : '', simulated.value ? t('paper.simulated') : ''].join(''),
  ];
  return html`<${Paper} title=${t('paper.title', { point: name, month: monthText(month) })} unit=${name} code=${code ?? undefined} right=${`${sent ? '' : t('paper.draft')} ${t('paper.units')}`.trim()}
    columns=${[]} rows=${[]} table=${table} notes=${notes} ...${signed(!view.report || view.report.is_own)} />`;
}
