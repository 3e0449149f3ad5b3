import { html } from '../core/html.js';
import { get } from '../core/api.js';
import { t, tn } from '../core/i18n.js';
import { dayText, monthText } from '../core/format.js';
import { can } from '../core/session.js';
import { useAnswer } from '../core/sync.js';
import { State } from './state.js';
import { Answer, Row, Rows, Section } from './rows.js';
import { daysUntil, dueMonth, stateWord } from './report-data.js';

/**
 * How the points below stand with a month: their reports' states, and who is late.
 * @param {{ id: string, tier: string }} here @param {string} month
 */
export function useChildren(here, month) {
  const may = can('reports.read', here.id) && here.tier !== 'village';
  const times = useAnswer(may ? `times:${here.id}:${month}` : '', () => get(`/service-points/${here.id}/timeliness`, { month }));
  const reports = useAnswer(may ? `children:${here.id}:${month}` : '', () => get('/reports', { parent_id: here.id, month, limit: '200' }));
  return { may, times, reports };
}

/** @param {string} tier */
const titleOf = (tier) => t(tier === 'township' ? 'children.villages' : tier === 'county' ? 'children.townships' : 'children.counties');

/** @typedef {{ id: string, name: string, due_on: string, late: boolean, state: string, expected: boolean, waived: boolean }} Child */

/** @param {any} times @param {any} reports @returns {Child[]} */
function childrenOf(times, reports) {
  const states = new Map((reports?.items ?? []).map((/** @type {any} */ r) => [r.service_point_id, r.state]));
  return times.by_child.map((/** @type {any} */ c) => ({
    id: c.service_point_id, name: c.name, due_on: c.due_on, late: c.own === 'missing', state: states.get(c.service_point_id) ?? 'none',
    expected: c.own !== 'not_expected', waived: c.own === 'waived',
  }));
}

/** What needs a hand first. @param {Child} child */
const rank = (child) => (child.waived ? 5 : child.late && child.state === 'none' ? 0 : { returned: 1, submitted: 2, none: 3, open: 3, approved: 4 }[child.state] ?? 3);

/** On the first page: how many have reported, and who is late. @param {{ here: { id: string, tier: string } }} props */
export function ChildrenSummary({ here }) {
  const month = dueMonth();
  const { may, times, reports } = useChildren(here, month);
  if (!may) return null;
  return html`<${Section} title=${titleOf(here.tier)} aside=${monthText(month)}>
    <${Answer} answer=${times}>${(/** @type {any} */ view) => {
      const all = childrenOf(view, reports.value).filter((c) => c.expected && !c.waived);
      const sent = all.filter((c) => c.state === 'submitted' || c.state === 'approved').length;
      const late = all.filter((c) => c.late && c.state !== 'submitted' && c.state !== 'approved');
      const part = all.length ? (sent / all.length) * 100 : 0;
      const said = t('children.reported', { n: sent, all: all.length });
      const waiting = all.filter((c) => c.state === 'submitted').length;
      return html`<${Rows}>
        <${Row} href="#/report?month=${month}"><b>${said}</b>
          <svg class="bar gap" viewBox="0 0 100 8"
            preserveAspectRatio="none" aria-hidden="true"><rect class="b4" width="100" height="8" /><rect class="b2" width=${part.toFixed(2)} height="8" /></svg>
          <span class="dim tiny">${all[0] ? dueText(all[0].due_on) : ''}</span><//>
        ${late.length ? html`<${Row} href="#/report?month=${month}"
          before=${html`<${State} kind="doubt" />`}><b>${tn('children.late', late.length)}</b><br /><span class="dim tiny">${late.slice(0, 3).map((c) => c.name).join(t('household.join'))}${late.length > 3 ? t('children.and_more') : ''}</span><//>` : null}
        ${waiting ? html`<${Row} before=${html`<${State} kind="wait" />`}><b>${tn('children.waiting', waiting)}</b><br /><span class="dim tiny">${t('children.review_on_desk')}</span><//>` : null}
      <//>`;
    }}<//>
  <//>`;
}

/** @param {string} day */
function dueText(day) {
  const left = daysUntil(day);
  return left < 0 ? t('children.was_due', { day: dayText(day) }) : tn('children.due', left, { day: dayText(day) });
}

/** On the page of the report: each one, what needs a hand first. @param {{ here: { id: string, tier: string }, month: string }} props */
export function ChildrenList({ here, month }) {
  const { may, times, reports } = useChildren(here, month);
  if (!may) return null;
  return html`<${Section} title=${titleOf(here.tier)} aside=${times.value ? tn('children.points', times.value.by_child.length) : null}>
    <${Answer} answer=${times}>${(/** @type {any} */ view) => html`<${Rows}>
      ${childrenOf(view, reports.value).filter((c) => c.expected).sort((a, b) => rank(a) - rank(b)).map((c) => {
        const { kind, word } = c.waived ? { kind: /** @type {const} */ ('none'), word: t('children.waived') } : stateWord(c.state);
        return html`<${Row} key=${c.id} after=${html`<span class="small"><${State} chip kind=${kind} word=${word} /></span>`}>${c.name}${c.late && c.state === 'none' ? html`<br /><span class="dim tiny">${dueText(c.due_on)}</span>` : null}<//>`;
      })}
    <//>`}<//>
  <//>`;
}
