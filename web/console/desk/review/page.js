/** The reports of the points below, side by side: what waits for a decision, and the one that is looked at. */
import { html, useEffect, useRef, useState } from '../../core/html.js';
import { t, tn } from '../../core/i18n.js';
import { dayText, monthText } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { replace } from '../../core/router.js';
import { toast } from '../../core/toast.js';
import { Empty, Failed, Loading, ReadAt } from '../../parts/rows.js';
import { State } from '../../parts/state.js';
import { forget } from '../data.js';
import { Desk, Stair, useStyle } from '../parts/frame.js';
import { holdsAt, isLate, monthOf, standingOf, useQueue, useReach, useReport, useTimes, whyNotTogether } from './data.js';
import { Detail } from './detail.js';
import { MonthChooser, Pages, Tabs } from './head.js';
import { Keys, useKeys } from './keys.js';
import { Chase } from './late.js';
import { Queue } from './list.js';
import { ReportPaper } from './report-paper.js';

/** @typedef {import('./data.js').Item} Item */
/** @typedef {import('./data.js').Standing} Standing */

const STANDINGS = /** @type {const} */ (['submitted', 'returned', 'none', 'approved', 'left']);
/** Somebody who walks through the list quickly does not want to read every one of them. */
const PAUSE = 120;

/** @param {{ query: URLSearchParams }} props */
export default function Review({ query }) {
  useStyle('desk-review');
  const here = session.value.here;
  const point = query.get('point') ?? here?.id ?? '';
  if (!point || !can('reports.read')) return html`<${Desk} class="rv" title=${t('review.title')} nav="review"><${Empty} text=${t('report.not_allowed')} /><//>`;
  return html`<${Place} key=${`${point} ${monthOf(query)}`} point=${point} month=${monthOf(query)} query=${query} />`;
}

/** @param {{ point: string, month: string, query: URLSearchParams }} props */
function Place({ point, month, query }) {
  const reach = useReach(point);
  const queue = useQueue(point, month);
  const times = useTimes(point, month);
  // What may be opened again or waived depends on the report of the point itself.
  const above = useReport(holdsAt('reports.reopen', point) || holdsAt('reports.waive', point) ? point : '', month);
  const [ticked, setTicked] = useState(/** @type {Set<string>} */ (new Set()));
  const [help, setHelp] = useState(false);
  const [hint, setHint] = useState('');
  const lastAt = useRef(0);
  const goOn = useRef(() => {});
  const list = useRef(/** @type {HTMLElement | null} */ (null));

  const all = /** @type {Item[]} */ (queue.value?.items ?? []);
  /** @type {Record<Standing, Item[]>} */
  const by = { submitted: [], returned: [], none: [], approved: [], left: [] };
  for (const item of all) by[standingOf(item)].push(item);
  const asked = query.get('tab');
  const sought = all.find((i) => i.service_point_id === query.get('at'));
  const standing = STANDINGS.find((s) => s === asked) ?? (sought ? standingOf(sought) : STANDINGS.find((s) => by[s].length) ?? 'submitted');
  const items = by[standing];
  const at = items.findIndex((i) => i.service_point_id === query.get('at'));
  // One that was decided leaves the list, and the next one takes its place.
  if (at >= 0) lastAt.current = at;
  const picked = items[at >= 0 ? at : Math.min(lastAt.current, items.length - 1)];
  const id = picked?.service_point_id ?? '';
  const [shownId, setShownId] = useState(id);
  useEffect(() => {
    const timer = setTimeout(() => setShownId(id), PAUSE);
    return () => clearTimeout(timer);
  }, [id]);
  const shown = items.find((i) => i.service_point_id === shownId) ?? null;
  const view = useReport(shown?.service_point_id ?? '', month);
  const timesOf = new Map((times.value?.by_child ?? []).map((/** @type {any} */ c) => [c.service_point_id, c]));
  const late = all.filter((i) => isLate(i, timesOf.get(i.service_point_id)));

  /** @param {Record<string, string>} change */
  const address = (change) => {
    const next = new URLSearchParams({ ...(query.get('point') && { point }), month, tab: standing, ...(id && { at: id }), ...change });
    replace(`/review?${next}`);
  };
  // A link may name a point alone; from then on the list stays, also when the point has left it.
  useEffect(() => { if (!asked && sought) address({}); }, [asked, sought]);
  const pick = (/** @type {Item | undefined} */ item) => { if (item && item.service_point_id !== id) address({ at: item.service_point_id }); };
  const setMonth = (/** @type {string} */ m) => replace(`/review?${new URLSearchParams({ ...(query.get('point') && { point }), month: m })}`);
  async function done(/** @type {string} */ said) {
    if (said) toast(said);
    forget('/reports');
    await Promise.allSettled([queue.reload(), times.reload(), above.reload()]);
    setTicked(new Set());
    // What was decided took its row with it: the work goes on at the one that took its place.
    requestAnimationFrame(() => { if (document.activeElement === document.body) goOn.current(); });
  }

  const rowsOf = () => /** @type {HTMLElement[]} */ ([...(list.current?.querySelectorAll('tbody tr') ?? [])].filter((tr) => tr.querySelector('[data-item]')));
  const itemOf = (/** @type {Element | null} */ tr) => items.find((i) => i.service_point_id === tr?.querySelector('[data-item]')?.getAttribute('data-item'));
  const move = (/** @type {number} */ by_) => {
    setHint('');
    const rows = rowsOf();
    const now = rows.findIndex((tr) => itemOf(tr)?.service_point_id === id);
    rows[Math.max(0, Math.min(rows.length - 1, now + by_))]?.focus();
  };
  goOn.current = () => move(0);
  const press = (/** @type {string} */ button) => {
    const found = /** @type {HTMLButtonElement | null} */ (document.getElementById(button));
    if (shownId !== id) return;
    // Why it cannot be done stands on the button itself; who does not see it is told.
    if (!found || found.disabled) setHint(found?.textContent ?? t('review.why_not_waiting'));
    else found.click();
  };
  useKeys({
    next: () => move(1),
    last: () => move(-1),
    open: () => { setShownId(id); document.getElementById('detail-name')?.focus(); },
    approve: () => press('approve'),
    approveTicked: () => press('approve-ticked'),
    send: () => (document.getElementById('reason') ? document.getElementById('reason')?.focus() : setHint(t('review.no_return'))),
    tick: () => {
      if (!picked || standing !== 'submitted' || !holdsAt('reports.review', point)) return;
      const why = whyNotTogether(picked);
      if (why) return setHint(t('review.fault_of', { point: picked.name, fault: t('review.no_tick', { why }) }));
      const next = new Set(ticked);
      if (!next.delete(id)) next.add(id);
      setTicked(next);
    },
    close: () => move(0),
  }, () => setHelp(true));

  const due = times.value?.due_on;
  const title = reach.point?.name ?? here(point);
  const tier = reach.point?.tier ?? session.value.here?.tier ?? 'county';
  const line = [...(reach.point?.above ?? []), ...(reach.point ? [reach.point] : [])];
  const tabs = html`<${Tabs} name="queue" label=${t('review.list')} value=${standing} set=${(/** @type {string} */ s) => { lastAt.current = 0; setTicked(new Set()); replace(`/review?${new URLSearchParams({ ...(query.get('point') && { point }), month, tab: s })}`); }}
    options=${STANDINGS.filter((s) => s !== 'left' || by.left.length).map((s) => [s, tn(`review.tab_${s}`, by[s].length)])} />`;
  const tools = html`<${Shares} by=${by} />
    ${can('notices.send', point) && times.value ? html`<${Chase} late=${late} missing=${times.value.counts.missing} point=${point} month=${month} done=${done} />` : null}
    <${MonthChooser} month=${month} set=${setMonth} /><${Keys} open=${help} setOpen=${setHelp} />`;
  return html`<${Desk} class="rv" title=${t('review.title')} nav="review" sub=${due ? t('review.sub', { point: title, month: monthText(month), day: dayText(due) }) : t('review.sub_plain', { point: title, month: monthText(month) })}
    above=${html`${line.length > 1 ? html`<${Stair} points=${line} href=${(/** @type {string} */ p) => `#/review?point=${p}&month=${month}`} />` : null}<${Pages} at="review" month=${month} />`} tools=${tools}
    after=${shown && view.value ? html`<${ReportPaper} name=${shown.name} code=${shown.code} month=${month} view=${view.value} read_at=${view.read_at} />` : null}>
    ${!queue.value ? (queue.error ? html`<${Failed} error=${queue.error} retry=${queue.reload} />` : html`<${Loading} />`)
      : !all.length ? html`<${Empty} text=${t('review.nothing_below')} href=${`#/report?month=${month}`} act=${t('review.own_report')} />` : html`
      <div class="split even review">
        <div class="stack" ref=${list} onFocusIn=${(/** @type {any} */ e) => { if (e.target.tagName === 'TR') pick(itemOf(e.target)); }}
          onKeyDownCapture=${(/** @type {any} */ e) => { if (e.key === 'Enter' && e.target.tagName === 'TR') { e.preventDefault(); e.stopPropagation(); setShownId(id); requestAnimationFrame(() => document.getElementById('detail-name')?.focus()); } }}>
          <${Queue} ...${{ items, times: timesOf, month, tier, standing, picked: id, pick, point, tabs, ticked, setTicked, done, title: t('review.list_title', { point: title, month: monthText(month), tab: t(`review.name_${standing}`) }) }} />
          <p class="small hint" role="status">${hint}</p>
        </div>
        ${shown ? html`<${Detail} key=${shown.service_point_id} item=${shown} view=${view} times=${timesOf.get(shown.service_point_id)} month=${month} point=${point} tier=${tier}
          may=${(/** @type {string} */ permission) => can(permission, point)} above=${above.value} done=${done} />` : html`<div><${Empty} text=${t('review.pick_one')} /></div>`}
      </div>`}
    <${ReadAt} answer=${queue} />
  <//>`;
}

/** The name of an own point, before the server has told it. @param {string} point */
const here = (point) => session.value.points?.find((p) => p.id === point)?.name ?? '';

/** How the points below stand, as shares of a whole and in words. @param {{ by: Record<Standing, Item[]> }} props */
function Shares({ by }) {
  const parts = /** @type {const} */ ([['approved', 'ok', 'ok'], ['submitted', 'wait', 'wait'], ['returned', 'error', 'return'], ['none', 'none', 'none'], ['left', 'left', 'none']]);
  const all = parts.reduce((n, [s]) => n + by[s].length, 0);
  let x = 0;
  return html`<span class="line small"><svg width="140" height="10" viewBox="0 0 400 10" preserveAspectRatio="none" class="lad" aria-hidden="true">${all ? parts.map(([s, look]) => {
    const wide = (by[s].length / all) * 400;
    x += wide;
    return by[s].length ? html`<rect key=${s} class=${look} x=${(x - wide).toFixed(1)} width=${Math.max(1, wide - 1).toFixed(1)} height="10" />` : null;
  }) : null}</svg>${parts.filter(([s]) => s !== 'left' && by[s].length).map(([s, , kind]) => html`<${State} key=${s} kind=${kind} word=${tn(`review.tab_${s}`, by[s].length)} />`)}</span>`;
}
