import { html } from '../core/html.js';
import { entries, t } from '../core/i18n.js';
import { count, money, monthText, today } from '../core/format.js';
import { session, simulated } from '../core/session.js';
import { figureOf, standing } from './report-data.js';

/**
 * The month as a sheet for the file cabinet: as it was sent in, or, before that, as a draft. Shown on paper alone.
 * @param {{ here: any, month: string, view: any, read_at: string | null }} props
 */
export function ReportPaper({ here, month, view, read_at }) {
  const state = standing(view);
  const sent = state === 'submitted' || state === 'approved';
  const { figures, children, digest } = sent ? view.report : { figures: view.figures, children: view.children, digest: null };
  const kinds = entries('assistance_kind');
  const below = children.filter((/** @type {any} */ c) => c.figures);
  const left = children.filter((/** @type {any} */ c) => !c.figures);
  // The point's own row is what the children do not add: distinct households add up over points too, because each has one home.
  const own = (/** @type {string} */ metric, /** @type {string} */ kind) => valueOf(figures, metric, kind) - below.reduce((/** @type {number} */ sum, /** @type {any} */ c) => sum + valueOf(c.figures, metric, kind), 0);
  const cells = (/** @type {(metric: string, kind?: string) => number} */ value) => html`
    ${kinds.map((k) => html`<td key=${k.code}>${count(value('assistance_count', k.code))}</td>`)}
    <td>${count(value('assistance_count'))}</td><td>${count(value('households_assisted'))}</td><td>${money(value('assistance_amount'))}</td><td>${count(value('households'))}</td>`;
  return html`<section class="paper">
    <h1>${t('paper.title', { point: here.name, month: monthText(month) })}</h1>
    <div class="line"><span>${t('paper.point', { name: here.name })}</span><span>${sent ? '' : t('paper.draft')}</span><span>${t('paper.units')}</span></div>
    <table>
      <thead>
        <tr><th scope="col" rowspan="2">${t('paper.who')}</th><th scope="colgroup" colspan=${kinds.length + 1}>${t('report.times')}</th><th scope="col" rowspan="2">${t('report.reached')}</th><th scope="col" rowspan="2">${t('report.amount')}</th><th scope="col" rowspan="2">${t('report.households')}</th></tr>
        <tr>${kinds.map((k) => html`<th scope="col" key=${k.code}>${k.label}</th>`)}<th scope="col">${t('paper.sum')}</th></tr>
      </thead>
      <tbody>
        ${below.length ? html`<tr><th scope="row">${t('paper.own')}</th>${cells((metric, kind = '') => own(metric, kind))}</tr>` : null}
        ${below.map((/** @type {any} */ c) => html`<tr key=${c.code}><th scope="row">${c.name}</th>${cells((metric, kind = '') => valueOf(c.figures, metric, kind))}</tr>`)}
        <tr class="total"><th scope="row">${below.length ? t('paper.total') : here.name}</th>${cells((metric, kind = '') => valueOf(figures, metric, kind))}</tr>
      </tbody>
    </table>
    <p class="fine">${t('paper.definition')}${left.length ? t('paper.left_out', { names: left.map((/** @type {any} */ c) => c.name).join(t('household.join')) }) : ''}</p>
    <p class="fine">${read_at ? t('paper.read', { when: minuteOf(read_at) }) : ''}${digest ? t('paper.digest', { digest: digest.slice(0, 12) }) : ''}${simulated.value ? t('paper.simulated') : ''}</p>
    <div class="sign"><p>${t('paper.unit')}${here.name}</p><p>${t('paper.reviewer')}</p><p>${t('paper.reporter')}${session.value.account?.display_name ?? ''}</p><p>${t('paper.date')}${today()}</p><div class="stamp">${t('paper.stamp')}</div></div>
  </section>`;
}

/** A sheet in a cabinet needs the year, and the minute in China. @param {string} instant */
const minuteOf = (instant) => new Date(Date.parse(instant) + 8 * 3600e3).toISOString().slice(0, 16).replace('T', ' ');

/** @param {any} figures @param {string} metric @param {string} [kind] @returns {number} */
function valueOf(figures, metric, kind) {
  const figure = figureOf(figures, metric);
  return (kind ? figure?.by_kind.find((/** @type {any} */ k) => k.code === kind)?.value : figure?.value) ?? 0;
}
