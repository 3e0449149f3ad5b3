/** The bar that decides about one report: approve, send back with a reason, open again; remind and waive where none was sent in. */
import { html, useState } from '../../core/html.js';
import { post, Problem } from '../../core/api.js';
import { entries, t } from '../../core/i18n.js';
import { count, monthText, newId, thisMonth } from '../../core/format.js';
import { holdsPersonalNumber } from '../../parts/checks.js';
import { focusOn } from '../../parts/fields.js';
import { faultText } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { useGet } from '../data.js';
import { Confirm } from '../parts/dialog.js';
import { figure, holdsAt, isLate, standingOf, whyNotApprove } from './data.js';

/** What went wrong with a decision, in words; a version that is gone is another's doing. @param {unknown} error */
export const decisionFault = (error) => (error instanceof Problem && error.code === 'version.stale' ? t('report.changed_meanwhile') : faultText(error));

/**
 * Ready phrases that go into a text which can then be changed.
 * @param {{ list: string, text: string, set: (text: string) => void, label: string }} props
 */
export function Phrases({ list, text, set, label }) {
  const join = t('review.phrase_join');
  const toggle = (/** @type {string} */ phrase) => {
    const said = text.split(join).map((x) => x.trim()).filter(Boolean);
    set((said.includes(phrase) ? said.filter((x) => x !== phrase) : [...said, phrase]).join(join));
  };
  return html`<div class="phrases" role="group" aria-label=${label}>${entries(list).map((p) => html`<button type="button" key=${p.code}
    aria-pressed=${text.includes(p.label) ? 'true' : 'false'} onClick=${() => toggle(p.label)}>${p.label}</button>`)}</div>`;
}

/**
 * @param {{
 *   item: import('./data.js').Item, times?: import('./data.js').Times, view: any, month: string, point: string,
 *   may: (permission: string) => boolean, above: any, done: (said: string) => Promise<void>,
 * }} props
 */
export function Decide({ item, times, view, month, point, may, above, done }) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const [asks, setAsks] = useState(false);
  const [id] = useState(newId);
  const standing = standingOf(item);
  const { report } = item;
  const names = { point: item.name, month: monthText(month) };
  const closed = ['submitted', 'approved'].includes(above?.report?.state);

  /** @param {() => Promise<any>} act @param {(answer: any) => string} said */
  async function perform(act, said) {
    if (busy) return;
    setBusy(true);
    setFault('');
    try {
      await done(said(await act()));
    } catch (error) {
      setFault(decisionFault(error));
      if (error instanceof Problem && (error.status === 412 || error.status === 409)) await done('');
    }
    setBusy(false);
  }

  /** With a reason, which is looked at first. @param {(reason: string) => Promise<any>} act @param {string} said */
  function withReason(act, said) {
    const why = !text.trim() ? t('review.reason_needed') : holdsPersonalNumber(text) ? t('fields.no_numbers') : '';
    setFault(why);
    if (why) return focusOn('reason');
    void perform(() => act(text.trim()), () => said);
  }

  const approve = () => perform(() => post(`/reports/${report.id}/approve`, { digest: report.digest }, { ifMatch: report.version }), () => t('review.approved_now', names));
  const send = (/** @type {string} */ way) => (/** @type {string} */ reason) => post(`/reports/${report.id}/${way}`, { reason }, { ifMatch: report.version });
  const reason = (/** @type {string} */ label, /** @type {boolean} */ phrases = false) => html`
    ${phrases ? html`<${Phrases} list="report_return_phrase" text=${text} set=${setText} label=${t('review.phrases')} />` : null}
    <label><span class="sr">${label}</span><textarea class="words" id="reason" rows="2" maxlength="500" placeholder=${label} value=${text}
      aria-describedby=${fault ? 'reason-fault' : undefined} onInput=${(/** @type {any} */ e) => setText(e.target.value)}></textarea></label>`;
  const said = html`<p class="fault" id="reason-fault" role="alert">${fault ? html`<${Icon} name="error" />${fault}` : null}</p>`;
  const reviews = holdsAt('reports.review', point);

  if (standing === 'submitted') {
    if (!reviews) return html`<div class="act"><span class="dim small">${t('review.not_yours')}</span></div>`;
    const why = whyNotApprove(item, view);
    const times_ = figure(item, 'assistance_count')?.value ?? 0;
    return html`<div class="act tall">
      ${report.is_own ? null : reason(t('review.return_reason'), true)}
      ${said}
      <div class="line"><span class="small dim">${t('review.approval_means')}</span><span class="end line">
        ${report.is_own ? null : html`<button type="button" class="btn warn" id="return" disabled=${busy} onClick=${() => withReason(send('return'), t('review.returned_now', names))}><${Icon} name="return" />${t('review.return', names)}</button>`}
        <button type="button" class="btn ${why ? '' : 'main'}" id="approve" disabled=${busy || Boolean(why)} onClick=${() => setAsks(true)}>${why || t('review.approve', names)}</button></span></div>
      <${Confirm} title=${t('review.approve_sure', names)} open=${asks} act=${t('review.approve_act', { ...names, n: count(times_) })} onClose=${() => setAsks(false)} onAct=${() => { setAsks(false); void approve(); }}>
        <p>${t('review.approve_what', { ...names, n: count(times_), digest: report.digest.slice(0, 12) })}</p>
        ${item.doubtful.unexplained ? html`<p>${t('review.approve_doubts', { n: item.doubtful.unexplained })}</p>` : null}
      <//>
    </div>`;
  }
  if (standing === 'approved') {
    if (!holdsAt('reports.reopen', point)) return null;
    const why = report.is_own ? t('review.why_own') : closed ? t('review.why_above_sent') : '';
    return html`<div class="act tall">${why ? null : reason(t('review.reopen_reason'))}${said}
      <div class="line"><span class="small dim">${t('review.reopen_means')}</span><span class="end"><button type="button" class="btn ${why ? '' : 'warn'}"
        disabled=${busy || Boolean(why)} onClick=${() => withReason(send('reopen'), t('review.reopened_now', names))}>${why || t('review.reopen', names)}</button></span></div></div>`;
  }
  const waives = holdsAt('reports.waive', point);
  if (item.state === 'waived') return html`<${Waived} ...${{ item, month, waives, closed, busy, perform, said, names }} />`;
  if (item.state === 'absent') return html`<div class="act"><span class="dim small">${t('review.absent_means')}</span></div>`;
  const late = isLate(item, times);
  const remind = () => perform(() => post('/reports/chase', { month, service_point_ids: [item.service_point_id] }), chasedText);
  const whyNoWaiver = month >= thisMonth() ? t('review.why_month_runs') : closed ? t('review.why_above_sent') : '';
  if (!waives && !may('notices.send')) return html`<div class="act"><span class="dim small">${t('review.nothing_sent')}</span></div>`;
  return html`<div class="act tall">
    ${waives && !whyNoWaiver ? reason(t('review.waive_reason')) : null}${said}
    <div class="line"><span class="small dim">${t(standing === 'returned' ? 'review.waits_again' : 'review.nothing_sent')}</span><span class="end line">
      ${waives ? html`<button type="button" class="btn" disabled=${busy || Boolean(whyNoWaiver)} onClick=${() => withReason((why) => post('/report-waivers', { id, service_point_id: item.service_point_id, month, reason: why }), t('review.waived_now', names))}>${whyNoWaiver ? t('review.no_waiver', { why: whyNoWaiver }) : t('review.waive', names)}</button>` : null}
      ${may('notices.send') ? html`<button type="button" class="btn ${late ? 'main' : ''}" disabled=${busy || !late} onClick=${remind}><${Icon} name="bell" />${late ? t('review.chase_one', names) : t('review.not_late')}</button>` : null}
    </span></div></div>`;
}

/** A child that is not waited for. @param {{ item: import('./data.js').Item, month: string, waives: boolean, closed: boolean, busy: boolean, perform: any, said: any, names: any }} props */
function Waived({ item, month, waives, closed, busy, perform, said, names }) {
  const answer = useGet('/report-waivers', { service_point_id: item.service_point_id, month, limit: 200 });
  const waiver = answer.value?.items.find((/** @type {any} */ w) => w.service_point_id === item.service_point_id && !w.revoked_at);
  return html`<div class="act tall">${said}<div class="line"><span class="small">${waiver ? t('review.waived_because', { reason: waiver.reason }) : ''}</span>
    ${waives && waiver ? html`<span class="end"><button type="button" class="btn" disabled=${busy || closed}
      onClick=${() => perform(() => post(`/report-waivers/${waiver.id}/revoke`, undefined, { ifMatch: waiver.version }), () => t('review.waiver_gone', names))}>${closed ? t('review.why_above_sent') : t('review.revoke_waiver', names)}</button></span>` : null}</div></div>`;
}

/** What a reminder has done. @param {{ new: number, before: number, not_due: number }} told */
export const chasedText = (told) => t('review.chased', { now: told.new, before: told.before, rest: told.not_due });
