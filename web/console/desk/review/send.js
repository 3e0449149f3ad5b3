/** What stands in the way of a report, and sending it in, taking it back, closing it at the bureau. */
import { html, useMemo, useState } from '../../core/html.js';
import { post } from '../../core/api.js';
import { t, tn } from '../../core/i18n.js';
import { monthText, newId, thisMonth } from '../../core/format.js';
import { can } from '../../core/session.js';
import { holdsPersonalNumber } from '../../parts/checks.js';
import { Check, Words, focusOn } from '../../parts/fields.js';
import { standing, upText } from '../../parts/report-data.js';
import { Note, State } from '../../parts/state.js';
import { Confirm } from '../parts/dialog.js';
import { Phrases, decisionFault } from './decide.js';
import { DoubtRows } from './doubt-rows.js';
import { holdsAt } from './data.js';

/**
 * @param {{
 *   here: any, month: string, view: any, manages: boolean, said: string, done: (said: string) => Promise<void>,
 *   doubts: { errors: number, doubtful: number, known: boolean, items: any[] },
 * }} props
 */
export function Send({ here, month, view, doubts, manages, said, done }) {
  const [note, setNote] = useState('');
  const [nil, setNil] = useState(false);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const [asks, setAsks] = useState(false);
  // One id for all attempts: an answer that was lost is asked for again and makes no second report.
  const id = useMemo(newId, []);
  const state = standing(view);
  const { report } = view;
  const names = { month: monthText(month), point: here.name };
  const waits = state !== 'submitted' && state !== 'approved';
  const may = can('reports.submit', here.id);
  // A child that is waived has not reported, and is not waited for.
  const missing = view.children.filter((/** @type {any} */ c) => c.state === null).length;
  const waived = view.children.filter((/** @type {any} */ c) => c.state === 'waived').length;
  const why = !view.is_expected ? t('report.not_expected') : month >= thisMonth() ? t('own.why_runs') : missing > 0 ? tn('own.why_missing', missing)
    : doubts.errors ? tn('report.errors_first', doubts.errors) : '';

  /** @param {() => Promise<unknown>} act @param {string} word */
  async function perform(act, word) {
    if (busy) return;
    setBusy(true);
    setFault('');
    try {
      await act();
      await done(word);
    } catch (error) {
      setFault(decisionFault(error));
      await done('');
    }
    setBusy(false);
  }

  function submit() {
    const wrong = view.nil && !nil ? ['nil', t('report.agree_nil_first')] : doubts.doubtful && !note.trim() ? ['note', t('report.note_needed')] : holdsPersonalNumber(note) ? ['note', t('fields.no_numbers')] : null;
    setFault(wrong?.[1] ?? '');
    if (wrong) return focusOn(wrong[0]);
    const body = { nil: Boolean(view.nil), ...(note.trim() ? { note: note.trim() } : {}) };
    void perform(() => (report ? post(`/reports/${report.id}/submit`, body, { ifMatch: report.version }) : post('/reports', { id, service_point_id: here.id, month, ...body })), t('report.sent_now', { up: upText() }));
  }

  function withReason(/** @type {string} */ way, /** @type {string} */ word) {
    const wrong = !note.trim() ? t('review.reason_needed') : holdsPersonalNumber(note) ? t('fields.no_numbers') : '';
    setFault(wrong);
    if (wrong) return focusOn('note');
    void perform(() => post(`/reports/${report.id}/${way}`, { reason: note.trim() }, { ifMatch: report.version }), word);
  }

  const check = (/** @type {boolean} */ good, /** @type {import('../../parts/state.js').Kind} */ bad, /** @type {string} */ yes, /** @type {string} */ no) => html`<li><${State} kind=${good ? 'ok' : bad} /><div>${good ? yes : no}</div></li>`;
  const top = here.tier === 'bureau';
  const closes = top && state === 'submitted' && holdsAt('reports.review', here.id);
  const reopens = top && state === 'approved' && manages;
  const word = view.nil ? t('report.submit_nil', names) : t(state === 'none' ? 'report.submit' : 'report.submit_again', names);
  return html`<section class="panel stack" aria-label=${t('own.send')}>
    <header class="line"><h2>${t(waits ? 'report.before' : 'own.sent')}</h2></header>
    <div class="scroll grow pad stack gutter-top" tabindex="0" role="group" aria-label=${t('own.send')}>
      <div role="status">${said ? html`<${Note} kind="ok"><p>${said}</p><//>` : null}</div>
      ${waits ? html`<ul class="panel rows slim plain">
        ${check(month < thisMonth(), 'wait', t('own.month_over'), t('own.why_runs'))}
        ${view.of.expected ? check(!missing, 'wait', t('own.children_there', { n: view.of.reported, all: view.of.expected, waived }), t('own.children_not_there', { n: view.of.reported, all: view.of.expected, waived, missing })) : null}
        ${check(!doubts.errors, 'error', t('report.no_errors'), tn('report.errors', doubts.errors))}
        ${check(!doubts.doubtful, 'doubt', t('report.no_doubts'), tn('report.doubts', doubts.doubtful))}
      </ul>
      ${view.nil ? html`<${Note} kind="none"><p>${t('report.nothing_happened')}</p><//>` : null}
      ${doubts.items.length ? html`<h3>${t('report.doubts_title')}</h3><${DoubtRows} items=${doubts.items} />` : null}` : html`
        ${report.note ? html`<dl class="list facts"><dt>${t('review.note')}</dt><dd>${t('review.quoted', { text: report.note })}</dd></dl>` : null}
        <p class="small">${t(state === 'approved' ? 'own.approved_means' : top ? 'own.waits_top' : 'own.waits', { up: upText() })}</p>`}
    </div>
    <div class="act tall">
      ${waits && may ? html`
        ${view.nil && !why ? html`<${Check} id="nil" label=${t('report.agree_nil', names)} value=${nil} set=${setNil} />` : null}
        ${why ? null : html`<${Words} id="note" label=${t('report.note')} hint=${doubts.doubtful ? t('report.note_for_doubts') : t('report.note_hint')} value=${note} set=${setNote} must=${doubts.doubtful > 0} />`}
        <p class="fault" role="alert">${fault}</p>
        <div class="line"><span class="small dim">${t('own.submit_means')}</span><button type="button" class="btn end ${why ? '' : 'main'}" disabled=${busy || Boolean(why) || !doubts.known} onClick=${submit}>${why || word}</button></div>` : null}
      ${waits && !may ? html`<span class="small dim">${t('own.not_yours')}</span>` : null}
      ${closes || reopens ? html`
        ${report.is_own ? null : html`${closes ? html`<${Phrases} list="report_return_phrase" text=${note} set=${setNote} label=${t('review.phrases')} />` : null}
          <${Words} id="note" label=${t(closes ? 'review.return_reason' : 'review.reopen_reason')} value=${note} set=${setNote} />`}
        <p class="fault" role="alert">${fault}</p>
        <div class="line"><span class="end line">${closes ? html`
          ${report.is_own ? null : html`<button type="button" class="btn warn" disabled=${busy} onClick=${() => withReason('return', t('review.returned_now', names))}>${t('review.return', names)}</button>`}
          <button type="button" class="btn ${report.is_own ? '' : 'main'}" disabled=${busy || report.is_own} onClick=${() => setAsks(true)}>${report.is_own ? t('review.why_own') : t('own.close', names)}</button>`
          : html`<button type="button" class="btn ${report.is_own ? '' : 'warn'}" disabled=${busy || report.is_own} onClick=${() => withReason('reopen', t('review.reopened_now', names))}>${report.is_own ? t('review.why_own') : t('review.reopen', names)}</button>`}</span></div>
        <${Confirm} title=${t('own.close_sure', names)} open=${asks} act=${t('own.close', names)} onClose=${() => setAsks(false)} onAct=${() => { setAsks(false); void perform(() => post(`/reports/${report.id}/approve`, { digest: report.digest }, { ifMatch: report.version }), t('own.closed_now', names)); }}>
          <p>${t('review.approval_means')}</p><//>` : null}
      ${state === 'submitted' && may ? html`${closes ? null : html`<p class="fault" role="alert">${fault}</p>`}<div class="line"><span class="small dim">${t('own.withdraw_means')}</span><button type="button" class="btn end" disabled=${busy}
        onClick=${() => perform(() => post(`/reports/${report.id}/withdraw`, undefined, { ifMatch: report.version }), t('report.withdrawn_now'))}>${t('own.withdraw', names)}</button></div>` : null}
    </div>
  </section>`;
}
