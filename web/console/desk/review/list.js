/** The queue's table, and approving several reports together. */
import { html, useState } from '../../core/html.js';
import { post, Problem } from '../../core/api.js';
import { label, t, tn } from '../../core/i18n.js';
import { addMonths, count, dayText, monthText, whenText } from '../../core/format.js';
import { Icon } from '../../parts/icons.js';
import { Note, State } from '../../parts/state.js';
import { faultText } from '../../parts/rows.js';
import { Confirm } from '../parts/dialog.js';
import { Sheet } from '../parts/sheet.js';
import { changesOf, figure, holdsAt, standingOf, stateOf, whyNotTogether } from './data.js';
import { moveText } from './figures.js';

/** @typedef {import('./data.js').Item} Item */

/** How much is doubtful, with its silhouettes. @param {{ item: Item }} props */
const Doubts = ({ item: { doubtful } }) => html`${doubtful.errors ? html`<${State} kind="error" word=${html`<span class="sr">${t('review.errors')}</span>${count(doubtful.errors)}`} /> ` : null}
  ${doubtful.unexplained ? html`<${State} kind="doubt" word=${html`<span class="sr">${t('review.unexplained')}</span>${count(doubtful.unexplained)}`} /> ` : null}
  ${doubtful.explained ? html`<${State} kind="ok" word=${html`<span class="sr">${t('review.explained')}</span>${count(doubtful.explained)}`} />` : null}
  ${doubtful.errors + doubtful.unexplained + doubtful.explained ? null : html`<span class="dim">${t('review.none_found')}</span>`}`;

/** What is to be known before one looks at it: why it is not the caller's, or what has changed. @param {{ item: Item }} props */
function Changes({ item }) {
  if (standingOf(item) === 'submitted' && item.report.is_own) return html`<span class="dim">${t('review.why_own')}</span>`;
  const n = changesOf(item);
  if (n) return html`<${State} kind="changed" word=${tn('review.altered', n)} />`;
  if (item.report && standingOf(item) === 'none') return html`<span class="dim">${t('review.open')}</span>`;
  if (standingOf(item) === 'left') return html`<span class="dim">${stateOf(item).word}</span>`;
  return html`<span class="dim">${t('review.nothing')}</span>`;
}

/**
 * @param {{
 *   items: Item[], times: Map<string, import('./data.js').Times>, month: string, tier: string, standing: import('./data.js').Standing,
 *   picked: string, pick: (item: Item) => void, point: string, title: string, tabs: any,
 *   ticked: Set<string>, setTicked: (ticked: Set<string>) => void, done: (said: string) => Promise<void>,
 * }} props
 */
export function Queue({ items, times, month, tier, standing, picked, pick, point, title, tabs, ticked, setTicked, done }) {
  const together = standing === 'submitted' && holdsAt('reports.review', point);
  const free = together ? items.filter((i) => !whyNotTogether(i)) : [];
  const before = addMonths(month, -1);
  const number = (/** @type {string} */ metric) => (/** @type {Item} */ i) => figure(i, metric)?.value ?? null;
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'name', label: t(`review.child_of_${tier}`), value: (i) => i.name, cell: (i) => html`<span data-item=${i.service_point_id} title=${together ? whyNotTogether(i) || undefined : undefined}>${i.name}</span>` },
    ...(standing === 'none' || standing === 'left' ? [
      { key: 'due', label: t('review.due'), value: (/** @type {Item} */ i) => times.get(i.service_point_id)?.due_on ?? '', cell: (/** @type {Item} */ i) => html`<span class="dim">${dueText(times.get(i.service_point_id))}</span>` },
    ] : [
      { key: 'sent', label: t('review.sent'), value: (/** @type {Item} */ i) => i.report?.submitted_at ?? '', cell: (/** @type {Item} */ i) => html`<span class="dim">${i.report ? whenText(i.report.submitted_at) : t('review.nothing')}</span>` },
    ]),
    ...(tier === 'township' ? [] : [{ key: 'below', label: t('review.below_sent'), num: true, value: (/** @type {Item} */ i) => times.get(i.service_point_id)?.sent ?? null, cell: (/** @type {Item} */ i) => belowText(times.get(i.service_point_id)) }]),
    { key: 'times', label: t('review.times'), num: true, value: number('assistance_count'), cell: (i) => count(figure(i, 'assistance_count')?.value ?? 0) },
    { key: 'move', label: t('review.than', { month: monthText(before) }), num: true, value: (i) => { const f = figure(i, 'assistance_count'); return f?.month_before == null ? null : f.value - f.month_before; },
      cell: (i) => { const f = figure(i, 'assistance_count'); return f ? moveText(null, f.value, f.month_before) : ''; } },
    { key: 'doubts', label: t('review.doubtful'), value: (i) => i.doubtful.errors * 1e6 + i.doubtful.unexplained * 1e3 + i.doubtful.explained,
      csv: (i) => i.doubtful.errors + i.doubtful.unexplained + i.doubtful.explained, cell: (i) => html`<${Doubts} item=${i} />` },
    { key: 'changes', label: t('review.change'), value: changesOf, csv: (i) => changesOf(i), cell: (i) => html`<${Changes} item=${i} />` },
  ];
  const tools = html`${tabs}${free.length ? html`<button type="button" class="btn" aria-pressed=${ticked.size === free.length ? 'true' : 'false'}
    onClick=${() => setTicked(ticked.size === free.length ? new Set() : new Set(free.map((i) => i.service_point_id)))}>${tn('review.tick_free', free.length)}</button>` : null}`;
  return html`<section class="panel stack" aria-label=${title}>
    <${Sheet} key=${standing} caption=${title} columns=${columns} rows=${items} id=${(/** @type {Item} */ i) => i.service_point_id} tall csv=${title} empty=${t(`review.empty_${standing}`)}
      picked=${picked} onPick=${pick} tools=${tools} class="grow"
      ...${together ? { ticked, onTick: setTicked, tickable: (/** @type {Item} */ i) => !whyNotTogether(i) } : {}} />
    ${together ? html`<${Together} items=${free.filter((i) => ticked.has(i.service_point_id))} all=${items} month=${month} done=${done} />` : null}
  </section>`;
}

/** @param {import('./data.js').Times | undefined} times */
const dueText = (times) => (times ? t('review.due_state', { state: label('report_timeliness', times.own), day: dayText(times.due_on) }) : t('review.nothing'));
/** @param {import('./data.js').Times | undefined} times */
const belowText = (times) => (times ? `${count(times.sent)}/${count(times.expected)}` : t('review.nothing'));

/** The bar that approves what is ticked: all of it or nothing, with every fault of every one. @param {{ items: Item[], all: Item[], month: string, done: (said: string) => Promise<void> }} props */
function Together({ items, all, month, done }) {
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState(/** @type {string[]} */ ([]));
  const n = items.length;
  // Nothing can be ticked because of what: the reason that most of them have.
  const why = all.map((i) => whyNotTogether(i)).filter(Boolean)[0];

  async function approve() {
    setAsks(false);
    setBusy(true);
    setFaults([]);
    try {
      await post('/reports/approve', { items: items.map(({ report }) => ({ report_id: report.id, digest: report.digest, version: report.version })) });
      await done(tn('review.approved_together', n));
    } catch (error) {
      // Each fault names its report by its place in what was sent.
      const told = error instanceof Problem ? error.errors.map((e) => ({ at: /^\/items\/(\d+)\//.exec(e.pointer)?.[1], message: e.message })) : [];
      setFaults(told.length ? told.map((e) => (e.at === undefined ? e.message : t('review.fault_of', { point: items[Number(e.at)]?.name ?? '', fault: e.message }))) : [faultText(error)]);
      await done('');
    }
    setBusy(false);
  }

  return html`<div class="act tall">
    ${faults.length ? html`<${Note} kind="error" role="alert"><p><b>${tn('review.none_approved', faults.length)}</b></p><ul>${faults.map((f) => html`<li key=${f}>${f}</li>`)}</ul><//>` : null}
    <div class="line"><span>${n ? tn('review.ticked', n) : html`<span class="dim small">${all.some((i) => !whyNotTogether(i)) ? t('review.tick_some') : why ? t('review.no_tick', { why }) : ''}</span>`}</span>
      <button type="button" class="btn end ${n ? 'main' : ''}" id="approve-ticked" disabled=${busy || !n} onClick=${() => setAsks(true)}>${n ? html`<${Icon} name="ok" />${tn('review.approve_n', n)}` : t('review.approve_none')}</button></div>
    <${Confirm} title=${tn('review.approve_n_sure', n, { month: monthText(month) })} open=${asks} act=${tn('review.approve_n', n)} busy=${busy} onClose=${() => setAsks(false)} onAct=${approve}>
      <ul class="names scroll">${items.map((i) => html`<li key=${i.service_point_id}>${t('review.one_of', { point: i.name, n: count(figure(i, 'assistance_count')?.value ?? 0), digest: i.report.digest.slice(0, 8) })}</li>`)}</ul>
      <p class="small dim">${t('review.approval_means')}</p>
    <//>
  </div>`;
}
