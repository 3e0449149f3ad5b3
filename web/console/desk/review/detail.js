/** One report as its reviewer sees it: what it says, what is doubtful, what has changed, and what may be done. */
import { html, useState } from '../../core/html.js';
import { label, t, tn } from '../../core/i18n.js';
import { dayText, whenText } from '../../core/format.js';
import { Answer, Failed, Loading, ReadAt } from '../../parts/rows.js';
import { recordText } from '../../parts/kinds.js';
import { State } from '../../parts/state.js';
import { stateWord } from '../../parts/report-data.js';
import { useGet } from '../data.js';
import { PrintButton } from '../parts/paper.js';
import { changesOf, shortDigest, standingOf, stateOf } from './data.js';
import { Decide } from './decide.js';
import { DoubtRows } from './doubt-rows.js';
import { Figures } from './figures.js';

/**
 * @param {{
 *   item: import('./data.js').Item, times?: import('./data.js').Times, month: string, point: string, tier: string, view: import('../data.js').Answer,
 *   may: (permission: string) => boolean, above: any, done: (said: string) => Promise<void>,
 * }} props `above` is the month of the point above, for what depends on it
 */
export function Detail({ item, view, times, month, point, tier, may, above, done }) {
  const { kind, word } = stateOf(item);
  const report = item.report;
  return html`<section class="panel stack" id="detail" aria-labelledby="detail-name">
    <header class="line"><h2 class="big" id="detail-name" tabindex="-1">${item.name}</h2><${State} chip kind=${kind} word=${word} />
      <span class="dim small">${report ? t(report.nil ? 'review.nth_nil' : 'review.nth', { n: report.submission, when: whenText(report.submitted_at) }) : ''}</span>
      ${report ? html`<span class="end tiny dim">${t('review.digest')} <span class="code" title=${report.digest}>${shortDigest(report.digest)}</span></span>` : null}</header>
    <div class="scroll grow pad stack gutter-top" tabindex="0" role="group" aria-label=${t('review.about', { point: item.name })}>
      <${Facts} item=${item} times=${times} view=${view.value} tier=${tier} month=${month} />
      ${view.value ? html`<${Figures} item=${item} view=${view.value} month=${month} mayOpen=${may('households.read')} tools=${html`<${PrintButton} />`} />` : view.error ? html`<${Failed} error=${view.error} retry=${view.reload} />` : html`<${Loading} />`}
      <${ReadAt} answer=${view} />
      <${Differences} key=${`c${report?.version}`} item=${item} view=${view.value} read=${may('households.read')} />
      ${may('doubtful.read') ? html`<${Doubtful} item=${item} month=${month} />` : null}
      <${Children} view=${view.value} tier=${tier} />
      <${Timeline} key=${`t${report?.version}`} item=${item} whole=${may('audit.read_whole')} />
    </div>
    <${Decide} key=${`${item.service_point_id} ${report?.version ?? 0}`} ...${{ item, times, view: view.value, month, point, may, above }}
      done=${async (/** @type {string} */ said) => { await Promise.allSettled([done(said), view.reload()]); }} />
  </section>`;
}

/** @param {{ item: import('./data.js').Item, times?: import('./data.js').Times, view: any, tier: string, month: string }} props */
function Facts({ item, times, view, tier, month }) {
  const of = view && standingOf(item) === 'submitted' ? view.report?.of : view?.of;
  return html`<dl class="list facts">
    ${of && of.expected ? html`<dt>${t('review.below')}</dt><dd>${t('review.below_told', { n: of.reported, all: of.expected })}${tier === 'township' ? null : html` · <a href="#/review?point=${item.service_point_id}&month=${month}">${t('review.open_below')}</a>`}</dd>` : null}
    ${times ? html`<dt>${t('review.punctual')}</dt><dd>${label('report_timeliness', times.own)}${t('review.due_on', { day: dayText(times.due_on) })}${times.sent_at ? t('review.first_sent', { when: whenText(times.sent_at) }) : ''}</dd>` : null}
    ${item.returned ? html`<dt>${t('review.sent_back')}</dt><dd>${t('review.quoted', { text: item.returned.reason ?? '' })}${item.returned.at ? html` <span class="dim">${whenText(item.returned.at)}</span>` : null}</dd>` : item.report?.reason ? html`<dt>${t('review.reason')}</dt><dd>${t('review.quoted', { text: item.report.reason })}</dd>` : null}
    ${item.note ? html`<dt>${t('review.note')}</dt><dd>${t('review.quoted', { text: item.note })}</dd>` : null}
  </dl>`;
}

/** What is another now than what was sent in. @param {{ item: import('./data.js').Item, view: any, read: boolean }} props */
function Differences({ item, view, read }) {
  const differs = view?.differs;
  const any = differs && (differs.content || differs.figures || differs.children);
  const list = useGet(differs?.content && item.report ? `/reports/${item.report.id}/differences` : null, { limit: 20 });
  if (!any && !changesOf(item)) return null;
  return html`<h3>${t(item.returned ? 'review.changed_since_return' : 'review.changed_since')}</h3>
    ${item.returned ? html`<p class="small">${t('review.changes', { added: item.returned.added, changed: item.returned.changed, gone: item.returned.gone })}</p>` : null}
    ${differs?.children ? html`<p class="small"><${State} kind="changed" word=${t('review.children_differ')} /></p>` : null}
    ${differs?.figures && !differs.content ? html`<p class="small"><${State} kind="changed" word=${t('review.figures_differ')} /></p>` : null}
    ${differs?.content ? html`<${Answer} answer=${list}>${(/** @type {any} */ page) => html`<ul class="panel rows slim">
      ${page.items.map((/** @type {any} */ d) => html`<li key=${d.record_id}><${State} kind="changed" word=${t(`review.change_${d.change}`)} /><div><${RecordLink} id=${d.record_id} read=${read} /></div></li>`)}
      ${page.items.length ? null : html`<li><${State} kind="changed" word=${t('review.households_differ')} /></li>`}
    </ul>${page.next_cursor ? html`<p class="dim tiny">${t('review.first_of', { n: page.items.length })}</p>` : null}`}<//>` : null}`;
}

/** What the rules find at the point and below it. @param {{ item: import('./data.js').Item, month: string }} props */
function Doubtful({ item, month }) {
  const { errors, unexplained, explained } = item.doubtful;
  const total = errors + unexplained + explained;
  const answer = useGet(total ? '/doubtful-items' : null, { service_point_id: item.service_point_id, month, limit: 20 });
  if (!total) return html`<h3>${t('review.doubtful')} <span class="dim">${t('review.no_doubts')}</span></h3>`;
  return html`<h3>${t('review.doubtful')} <span class="dim">${t('review.doubts_told', { errors, unexplained, explained })}</span></h3>
    <${Answer} answer=${answer}>${(/** @type {any} */ page) => html`<${DoubtRows} items=${page.items} />
      <p class="small"><a href="#/doubts?point=${item.service_point_id}&month=${month}">${t('review.all_doubts')}</a></p>`}<//>`;
}

/** A record by what it says, where that may be read. @param {{ id: string, read: boolean }} props */
function RecordLink({ id, read }) {
  const record = useGet(read ? `/assistance-records/${id}` : null).value;
  return html`<a href="#/record/${id}">${record ? recordText(record) : t('review.see_record')}</a>${record ? html` <span class="dim">${dayText(record.given_on)}</span>` : null}`;
}

/** How the points below it stand. @param {{ view: any, tier: string }} props */
function Children({ view, tier }) {
  const [open, setOpen] = useState(false);
  const children = view?.children ?? [];
  if (!children.length || tier === 'township') return null;
  const rank = (/** @type {any} */ c) => (c.state === null ? 0 : c.state === 'waived' ? 1 : c.state === 'absent' ? 2 : 3);
  const sorted = [...children].sort((a, b) => rank(a) - rank(b));
  const waiting = sorted.filter((c) => rank(c) < 3);
  const shown = open ? sorted : waiting.slice(0, 12);
  const stateOfChild = (/** @type {any} */ c) => (c.state === 'approved' ? stateWord('approved') : c.state === 'waived' ? { kind: 'none', word: t('review.waived') } : c.state === 'absent' ? { kind: 'none', word: t('review.absent') } : { kind: 'wait', word: t('review.not_there') });
  return html`<h3>${t('review.children')} <span class="dim">${tn('review.children_waiting', waiting.length)}</span></h3>
    ${shown.length ? html`<ul class="chips">${shown.map((c) => {
      const { kind, word } = stateOfChild(c);
      return html`<li key=${c.code}><${State} kind=${kind} word=${c.name} /> <span class="dim tiny">${word}</span></li>`;
    })}</ul>` : null}
    ${children.length > shown.length || open ? html`<p class="small"><button type="button" class="link" aria-expanded=${open ? 'true' : 'false'} onClick=${() => setOpen(!open)}>${open ? t('review.waiting_only') : tn('review.all_children', children.length)}</button></p>` : null}`;
}

/** What happened to the report: all of it for those who read audit events, otherwise what the report itself tells. @param {{ item: import('./data.js').Item, whole: boolean }} props */
function Timeline({ item, whole }) {
  const report = item.report;
  const answer = useGet(report && whole ? `/reports/${report.id}/timeline` : null, { limit: 50 });
  if (!report) return null;
  /** @type {{ at: string, text: string, by: string, reason: string | null }[]} */
  const told = whole
    ? (answer.value?.items ?? []).map((/** @type {any} */ e) => ({ at: e.at, text: label('audit_action', e.action), by: e.actor_username ?? '', reason: e.reason }))
    : [
      ...(report.decided_at ? [{ at: report.decided_at, text: stateWord(report.state).word, by: '', reason: report.reason }] : []),
      { at: report.submitted_at, text: t('review.nth_short', { n: report.submission }), by: '', reason: null },
      ...(item.returned?.at && item.returned.at < report.submitted_at ? [{ at: item.returned.at, text: t('review.returned'), by: '', reason: item.returned.reason }] : []),
    ];
  return html`<h3>${t('review.timeline')}</h3>
    ${whole && answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : null}
    <ol class="panel rows slim">${told.map((e) => html`<li key=${e.at + e.text}><span class="dim">${whenText(e.at)}</span><div><b>${e.text}</b> <span class="dim">${e.by}</span>${e.reason ? html`<br />${t('review.quoted', { text: e.reason })}` : null}</div></li>`)}</ol>`;
}
