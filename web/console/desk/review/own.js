/** The month of the own point: what would be sent in, what stands in its way, sending it in and taking it back. */
import { html, useState } from '../../core/html.js';
import { get } from '../../core/api.js';
import { t, tn } from '../../core/i18n.js';
import { addMonths, count, dayText, monthText, thisMonth, whenText } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { replace } from '../../core/router.js';
import { daysUntil, standing, stateWord } from '../../parts/report-data.js';
import { Empty, Failed, Loading, ReadAt } from '../../parts/rows.js';
import { Note, State } from '../../parts/state.js';
import { forget, useAnswer, useGet } from '../data.js';
import { Desk, useStyle } from '../parts/frame.js';
import { amount, unitName } from '../parts/money.js';
import { PrintButton } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { monthOf, shortDigest, useReach, useReport, useTimes } from './data.js';
import { Figures } from './figures.js';
import { MonthChooser, Pages } from './head.js';
import { ReportPaper, ownOf, paperOf, valueOf } from './report-paper.js';
import { Send } from './send.js';

/** What each of the points below is asked for. */
const METRICS = ['assistance_count', 'households_assisted', 'assistance_amount', 'households'];

/** @param {{ query: URLSearchParams }} props */
export default function OwnReport({ query }) {
  useStyle('desk-review');
  const here = session.value.here;
  const month = monthOf(query);
  if (!here || !can('reports.read', here.id)) return html`<${Desk} class="rv" title=${t('review.own_report')} nav="review"><${Empty} text=${t('report.not_allowed')} /><//>`;
  return html`<${Month} key=${`${here.id} ${month}`} here=${here} month=${month} />`;
}

/** @param {{ here: any, month: string }} props */
function Month({ here, month }) {
  const answer = useReport(here.id, month);
  const before = useReport(here.id, addMonths(month, -1));
  const times = useTimes(here.id, month);
  const { point, manages } = useReach(here.id);
  const reports = useGet(here.tier === 'village' ? null : '/reports', { parent_id: here.id, month, limit: 200 });
  const doubts = useDoubts(here.id, month);
  const [said, setSaid] = useState('');
  const view = answer.value;
  async function done(/** @type {string} */ word) {
    setSaid(word);
    forget('/service-points/');
    await Promise.allSettled([answer.reload(), times.reload(), doubts.reload(), reports.reload()]);
  }
  const state = standing(view);
  const { kind, word } = month >= thisMonth() && state === 'none' ? { kind: 'none', word: t('own.runs') } : stateWord(state);
  const due = times.value?.due_on;
  const left = due ? daysUntil(due) : 0;
  const waits = state !== 'submitted' && state !== 'approved';
  const sub = !due ? monthText(month) : t('review.sub', { point: here.name, month: monthText(month), day: dayText(due) });
  return html`<${Desk} class="rv" title=${t('review.own_report')} nav="review" sub=${sub} above=${html`<${Pages} at="report" month=${month} />`}
    tools=${html`<${MonthChooser} month=${month} set=${(/** @type {string} */ m) => replace(`/report?month=${m}`)} /><${PrintButton} />`}
    after=${view ? html`<${ReportPaper} name=${here.name} code=${point?.region_code} month=${month} view=${view} read_at=${answer.read_at} />` : null}>
    ${!view ? (answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`) : html`
    <div class="split half">
      <section class="panel stack">
        <header class="line"><h2 class="big">${monthText(month)}</h2><${State} chip kind=${kind} word=${word} />
          <span class="dim small">${view.report ? t(view.report.nil ? 'review.nth_nil' : 'review.nth', { n: view.report.submission, when: whenText(view.report.submitted_at) }) : !view.is_expected ? t('report.not_expected') : waits && due && left < 0 ? t('own.late', { n: -left }) : ''}</span>
          ${view.report ? html`<span class="end tiny dim">${t('review.digest')} <span class="code" title=${view.report.digest}>${shortDigest(view.report.digest)}</span></span>` : null}</header>
        <div class="scroll grow pad stack gutter-top" tabindex="0" role="group" aria-label=${t('own.figures')}>
          <${Reason} view=${view} state=${state} />
          <${Figures} item=${itemOf(here, view, before.value, month)} view=${view} month=${month} mayOpen=${can('households.read', here.id)} />
          ${view.differs && (view.differs.content || view.differs.figures || view.differs.children) && !waits ? html`<${Note} kind="changed"><p>${t('report.differs')}</p><//>` : null}
          <${Below} here=${here} view=${view} reports=${reports.value} month=${month} />
          <${ReadAt} answer=${answer} />
        </div>
      </section>
      <${Send} key=${view.report?.version ?? 0} ...${{ here, month, view, doubts, manages, said, done }} />
    </div>`}
  <//>`;
}

/** Why it has to be sent in again. @param {{ view: any, state: string }} props */
function Reason({ view, state }) {
  if (state === 'returned') return html`<${Note} kind="return"><p><b>${t('own.returned')}</b> ${t('review.quoted', { text: view.report.reason })}</p><p class="small">${t('report.returned_what_now')}</p><//>`;
  if (state === 'open' && view.report.reason) return html`<${Note} kind="changed"><p><b>${t('report.is_reopened')}</b> ${t('review.quoted', { text: view.report.reason })}</p><p class="small">${t('report.returned_what_now')}</p><//>`;
  return null;
}

/**
 * The own month in the shape of the queue, for the same table.
 * @param {any} here @param {any} view @param {any} before @param {string} month
 * @returns {import('./data.js').Item}
 */
function itemOf(here, view, before, month) {
  const { sent, figures } = paperOf(view);
  const then = before && paperOf(before).figures;
  const rows = (/** @type {string} */ metric) => (sent ? `/api/v1/reports/${view.report.id}/rows?metric=${metric}` : `/api/v1/service-points/${here.id}/statistics/rows?period=${month}&metric=${metric}`);
  return {
    service_point_id: here.id, code: '', name: here.name, state: null, report: view.report, note: view.report?.note ?? null,
    figures: figures.map((/** @type {any} */ f) => ({ ...f, month_before: then ? valueOf(then, f.metric) : null, when_returned: null, rows: rows(f.metric) })),
    doubtful: { errors: 0, unexplained: 0, explained: 0 }, returned: null,
  };
}

/** What each of the points below adds. @param {{ here: any, view: any, reports: any, month: string }} props */
function Below({ here, view, reports, month }) {
  const { figures, children } = paperOf(view);
  if (!children.length) return null;
  const states = new Map((reports?.items ?? []).map((/** @type {any} */ r) => [r.service_point_id, r.state]));
  const below = children.filter((/** @type {any} */ c) => c.figures);
  const stateOf = (/** @type {any} */ c) => (c.state === 'waived' ? { kind: 'none', word: t('review.waived') } : c.state === 'absent' ? { kind: 'none', word: t('review.absent') } : stateWord(states.get(c.service_point_id) ?? c.state ?? 'none'));
  const rank = (/** @type {any} */ c) => ({ approved: 3, waived: 4, absent: 4 }[/** @type {string} */ (c.state)] ?? { returned: 0, none: 1, open: 1, submitted: 2 }[/** @type {string} */ (states.get(c.service_point_id) ?? 'none')] ?? 1);
  const own = { code: 'own', name: t('paper.own'), own: true, figures: METRICS.map((metric) => ({ metric, value: ownOf(figures, below, metric), by_kind: [], by_type: [] })) };
  const number = (/** @type {string} */ metric, /** @type {string} */ word, /** @type {(n: number) => string} */ say) => ({
    key: metric, label: word, num: true, value: (/** @type {any} */ c) => (c.figures ? valueOf(c.figures, metric) : null), cell: (/** @type {any} */ c) => (c.figures ? say(valueOf(c.figures, metric)) : t('review.nothing')),
  });
  const numbers = [number('assistance_count', t('review.times'), count), number('households_assisted', t('report.reached'), count), number('assistance_amount', t('own.amount_in', { unit: unitName() }), amount), number('households', t('report.households'), count)];
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'name', label: t(`review.child_of_${here.tier}`), href: (c) => (c.own ? null : `#/review?month=${month}&at=${c.service_point_id}`) },
    { key: 'state', label: t('own.state'), value: (c) => (c.own ? null : rank(c)), csv: (c) => (c.own ? '' : stateOf(c).word), cell: (c) => (c.own ? html`<span class="dim">${t('review.nothing')}</span>` : html`<${State} ...${stateOf(c)} />`) },
    ...numbers,
  ];
  const rows = [own, ...[...children].sort((a, b) => rank(a) - rank(b))];
  const foot = { name: t('paper.total'), ...Object.fromEntries(numbers.map((c) => [c.key, c.cell({ figures })])) };
  return html`<h3>${t('own.below')} <span class="dim">${t('own.below_told', { n: view.of.reported, all: view.of.expected })}</span></h3>
    <${Sheet} caption=${t('own.below')} columns=${columns} rows=${rows} id=${(/** @type {any} */ c) => c.code} csv=${t('own.below_file', { point: here.name, month: monthText(month) })}
      foot=${foot} footRow=${{ name: t('paper.total'), ...Object.fromEntries(numbers.map((c) => [c.key, valueOf(figures, c.key)])) }} />`;
}

/**
 * What the rules find at the point itself and nobody has explained: how many, and the first of them. Items come in the order of the
 * tree, the point's own before those below.
 * @param {string} id @param {string} month
 */
function useDoubts(id, month) {
  const wanted = can('doubtful.read', id);
  const summary = useGet(wanted ? `/service-points/${id}/doubtful-summary` : null, { month });
  const list = useAnswer(wanted ? `own-doubts/${id}/${month}` : '', () => get('/doubtful-items', { service_point_id: id, month, state: 'open', limit: 200 }));
  const parts = (summary.value?.parts ?? []).filter((/** @type {any} */ p) => p.service_point_id === id && p.open);
  const many = (/** @type {string} */ severity) => parts.filter((/** @type {any} */ p) => p.severity === severity).reduce((/** @type {number} */ n, /** @type {any} */ p) => n + p.open, 0);
  return {
    errors: many('error'), doubtful: many('doubtful'), known: Boolean(summary.value) || !wanted,
    items: (list.value?.items ?? []).filter((/** @type {any} */ d) => d.service_point_id === id),
    reload: () => Promise.allSettled([summary.reload(), list.reload()]),
  };
}
