import { html, useEffect, useRef, useState } from '../core/html.js';
import { get, online, post, Problem } from '../core/api.js';
import { t, tn } from '../core/i18n.js';
import { addMonths, dayText, monthText, newId, thisMonth, whenText } from '../core/format.js';
import { can, session } from '../core/session.js';
import { useAnswer } from '../core/sync.js';
import { replace, route } from '../core/router.js';
import { Shell } from '../parts/shell.js';
import { Note, State } from '../parts/state.js';
import { Answer, Empty, Failed, Loading, ReadAt, Row, Rows, Section, faultText } from '../parts/rows.js';
import { Check, Select, Words, focusOn } from '../parts/fields.js';
import { Figures } from '../parts/report-figures.js';
import { Doubts, useDoubts } from '../parts/report-doubts.js';
import { ReportPaper } from '../parts/report-paper.js';
import { ChildrenList } from '../parts/children.js';
import { holdsPersonalNumber } from '../parts/checks.js';
import { daysUntil, dueMonth, standing, stateWord, unsentOf, upText, useMonth } from '../parts/report-data.js';

/** The month's report of the point: what it says, what stands in its way, sending it in and taking it back. */
export default function Report() {
  const here = session.value.here;
  const asked = route.value.query.get('month') ?? '';
  const month = /^\d{4}-\d{2}$/.test(asked) ? asked : dueMonth();
  if (!here || !can('reports.read', here.id)) return html`<${Shell} title=${t('shell.report')} tab="report"><${Empty} icon="send" text=${t('report.not_allowed')} /><//>`;
  return html`<${Month} key=${`${here.id} ${month}`} here=${here} month=${month} />`;
}

/** @param {{ here: any, month: string }} props */
function Month({ here, month }) {
  const { view: answer, times } = useMonth(here.id, month);
  const doubts = useDoubts(here.id, month);
  const reports = useAnswer(`reports:${here.id}`, () => get('/reports', { service_point_id: here.id, limit: '100' }));
  const [note, setNote] = useState('');
  const [agreed, setAgreed] = useState({ unsent: false, nil: false });
  const [fault, setFault] = useState('');
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  // One id for all attempts: an answer that was lost is asked for again and makes no second report.
  const id = useRef(newId());
  useEffect(() => scrollTo(0, 0), []);
  const view = answer.value;
  const state = standing(view);
  const may = can('reports.submit', here.id);
  const unsent = unsentOf(month);
  const open = doubts.own;
  const errors = open.filter((/** @type {any} */ d) => d.severity === 'error').length;
  const runs = month >= thisMonth();
  // Those that are left out need not be waited for.
  const missing = view ? view.children.filter((/** @type {any} */ child) => child.state === null).length : 0;
  const sends = may && view?.is_expected && !runs && state !== 'submitted' && state !== 'approved';

  /** @param {() => Promise<unknown>} act @param {string} word */
  async function perform(act, word) {
    if (busy) return;
    setBusy(true);
    setFault('');
    setSaid('');
    try {
      await act();
      setSaid(word);
      scrollTo(0, 0);
    } catch (error) {
      setFault(error instanceof Problem && error.code === 'version.stale' ? t('report.changed_meanwhile') : faultText(error));
    }
    await Promise.allSettled([answer.reload(), times.reload(), doubts.reload(), reports.reload()]);
    setBusy(false);
  }

  function submit() {
    const why = unsent.length && !agreed.unsent ? ['unsent', t('report.agree_unsent_first')]
      : view.nil && !agreed.nil ? ['nil', t('report.agree_nil_first')]
        : open.length - errors && !note.trim() ? ['note', t('report.note_needed')]
          : holdsPersonalNumber(note) ? ['note', t('fields.no_numbers')] : null;
    setFault(why?.[1] ?? '');
    if (why) return focusOn(why[0]);
    const body = { nil: Boolean(view.nil), ...(note.trim() ? { note: note.trim() } : {}) };
    perform(() => (view.report
      ? post(`/reports/${view.report.id}/submit`, body, { ifMatch: view.report.version })
      : post('/reports', { id: id.current, service_point_id: here.id, month, ...body })), t('report.sent_now', { up: upText() }));
  }

  const withdraw = () => perform(() => post(`/reports/${view.report.id}/withdraw`, undefined, { ifMatch: view.report.version }), t('report.withdrawn_now'));
  const stops = !online.value ? t('report.needs_network') : missing ? tn('report.children_missing', missing) : errors ? tn('report.errors_first', errors) : '';
  const word = state === 'none' ? t('report.submit', { month: monthText(month) }) : t('report.submit_again', { month: monthText(month) });
  const dock = !view ? null : sends ? html`
      ${fault ? html`<p class="fault" role="alert">${fault}</p>` : stops ? html`<p class="small" role="status">${stops}</p>` : null}
      <button class="btn main" disabled=${busy || Boolean(stops)}>${view.nil ? t('report.submit_nil', { month: monthText(month) }) : word}</button>`
    : may && state === 'submitted' ? html`
      ${fault ? html`<p class="fault" role="alert">${fault}</p>` : online.value ? null : html`<p class="small">${t('report.needs_network')}</p>`}
      <button type="button" class="btn" disabled=${busy || !online.value} onClick=${withdraw}>${t('report.withdraw')}</button>` : null;

  return html`<${Shell} title=${t('shell.report')} tab="report" class="has-paper" dock=${dock} onSubmit=${sends ? submit : undefined}
    after=${view ? html`<${ReportPaper} here=${here} month=${month} view=${view} read_at=${answer.read_at} />` : null}>
    <${Select} id="month" label=${t('report.month')} value=${month}
      set=${(/** @type {string} */ m) => { replace(`/report?month=${m}`); focusOn('month'); }}
      options=${Array.from({ length: 13 }, (_, n) => addMonths(thisMonth(), -n)).concat(month < addMonths(thisMonth(), -12) ? [month] : []).map((m) => ({ code: m, label: monthText(m) }))} />
    <div role="status">${said ? html`<${Note} kind="ok"><p>${said}</p><//>` : null}</div>
    ${!view ? (answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`) : html`
      <${Standing} view=${view} times=${times.value} month=${month} />
      <${Figures} view=${view} month=${month} unsent=${unsent.length} />
      <${ReadAt} answer=${answer} />
      ${sends ? html`<${Ready} ...${{ view, unsent, errors, doubts: open.length - errors, missing, here }} />` : null}
      ${state === 'submitted' || state === 'approved' ? null : html`<${Doubts} items=${open} rules=${doubts.rules} answer=${doubts.answer} />`}
      ${sends ? html`<div class="panel form pad">
        ${unsent.length ? html`<${Check} id="unsent" label=${tn('report.agree_unsent', unsent.length)} value=${agreed.unsent}
          set=${(/** @type {boolean} */ v) => setAgreed({ ...agreed, unsent: v })} />` : null}
        ${view.nil ? html`<${Check} id="nil" label=${t('report.agree_nil', { month: monthText(month) })} value=${agreed.nil}
          set=${(/** @type {boolean} */ v) => setAgreed({ ...agreed, nil: v })} />` : null}
        <${Words} id="note" label=${t('report.note')} hint=${open.length - errors ? t('report.note_for_doubts') : t('report.note_hint')}
          value=${note} set=${setNote} must=${open.length - errors > 0} />
      </div>` : null}`}
    <${ChildrenList} here=${here} month=${month} />
    <${LastMonths} here=${here} answer=${reports} current=${month} />
    ${view ? html`<button type="button" class="btn" onClick=${() => print()}>${t('report.print')}</button>` : null}
  <//>`;
}

/** Where the report is, and what to do. A return comes first and large. @param {{ view: any, times: any, month: string }} props */
function Standing({ view, times, month }) {
  const state = standing(view);
  const { kind, word } = stateWord(state);
  const report = view.report;
  if (state === 'returned') {
    return html`<${Note} kind="return" big><p><b>${t('report.is_returned', { up: upText() })}</b></p><p class="text">${report.reason}</p><p class="small gap">${t('report.returned_what_now')}</p><//>`;
  }
  if (state === 'open' && report.reason) {
    return html`<${Note} kind="changed" big><p><b>${t('report.is_reopened')}</b></p><p class="text">${report.reason}</p><p class="small gap">${t('report.returned_what_now')}</p><//>`;
  }
  const due = times?.due_on;
  const left = due ? daysUntil(due) : 0;
  const when = report && state !== 'open' ? t(report.decided_at ? 'report.decided_at' : 'report.submitted_at', { when: whenText(report.decided_at ?? report.submitted_at) })
    : !view.is_expected ? t('report.not_expected')
      : month >= thisMonth() ? t('report.month_runs', { day: due ? dayText(due) : '', up: upText() })
        : due ? (left < 0 ? t('todo.late', { day: dayText(due), n: -left }) : left === 0 ? t('todo.due_today', { up: upText() }) : tn('todo.due', left, { day: dayText(due), up: upText() })) : '';
  return html`<div class="panel pad stackx"><p><${State} chip kind=${kind} word=${word} /></p><p class="small">${when}</p></div>`;
}

/** What would stand in the way. @param {{ view: any, unsent: any[], errors: number, doubts: number, missing: number, here: any }} props */
function Ready({ view, unsent, errors, doubts, missing, here }) {
  const row = (/** @type {boolean} */ good, /** @type {import('../parts/state.js').Kind} */ bad, /** @type {string} */ yes, /** @type {string} */ no, /** @type {string | undefined} */ href = undefined) => html`<${Row} before=${html`<${State} kind=${good ? 'ok' : bad} />`} href=${good ? undefined : href}>${good ? yes : no}<//>`;
  return html`<${Section} title=${t('report.before')}><${Rows}>
    ${row(!unsent.length, 'wait', t('report.all_sent'), tn('report.unsent', unsent.length), '#/outbox')}
    ${row(!errors, 'error', t('report.no_errors'), tn('report.errors', errors))}
    ${row(!doubts, 'doubt', t('report.no_doubts'), tn('report.doubts', doubts))}
    ${here.tier === 'village' ? null : row(!missing, 'wait', t('report.children_there', { n: view.of.reported, all: view.of.expected }), t('report.children_not_there', { n: view.of.reported, all: view.of.expected }))}
  <//><//>`;
}

/** The last six months, so that none is forgotten. @param {{ here: any, answer: any, current: string }} props */
function LastMonths({ here, answer, current }) {
  return html`<${Section} title=${t('report.last_months')}>
    <${Answer} answer=${answer}>${(/** @type {any} */ page) => html`<${Rows}>${Array.from({ length: 6 }, (_, n) => addMonths(thisMonth(), -n - 1)).map((m) => {
      const { kind, word } = stateWord(page.items.find((/** @type {any} */ r) => r.month === m && r.service_point_id === here.id)?.state ?? 'none');
      const inner = html`<span class="small"><${State} chip kind=${kind} word=${word} /></span>`;
      return html`<${Row} key=${m} href=${m === current ? undefined : `#/report?month=${m}`}
        after=${inner}>${monthText(m)}${m === current ? html` <span class="dim tiny">${t('report.shown')}</span>` : null}<//>`;
    })}<//>`}<//>
  <//>`;
}
