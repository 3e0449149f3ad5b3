/** How punctual everybody is, the days on which reports are due, and leave for late entries. */
import { html, useState } from '../../core/html.js';
import { post } from '../../core/api.js';
import { label, t, tn } from '../../core/i18n.js';
import { count, dayText, monthText, thisMonth, whenText } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { replace } from '../../core/router.js';
import { toast } from '../../core/toast.js';
import { Answer, Failed, Loading, ReadAt, faultText } from '../../parts/rows.js';
import { State } from '../../parts/state.js';
import { pages, pointName, useGet } from '../data.js';
import { Confirm, Dialog } from '../parts/dialog.js';
import { Form } from '../parts/form.js';
import { Desk, Stair, useStyle } from '../parts/frame.js';
import { Paper, PrintButton } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { holdsAt, monthOf, percent, useReach, useTimes } from './data.js';
import { MonthChooser, Pages } from './head.js';
import { minuteOf, signed } from './report-paper.js';

/** @typedef {import('./data.js').Times} Times */

/** @param {{ query: URLSearchParams }} props */
export default function TimesPage({ query }) {
  useStyle('desk-review');
  const point = query.get('point') ?? session.value.here?.id ?? '';
  const month = monthOf(query);
  const reads = Boolean(point) && can('reports.read');
  return reads ? html`<${Place} key=${`${point} ${month}`} point=${point} month=${month} query=${query} />`
    : html`<${Desk} class="rv" title=${t('times.title')} nav="admin" above=${html`<${Pages} at="times" month=${month} />`}><div class="column"><${DueDays} /></div><//>`;
}

/** @param {string} own */
const timelyKind = (own) => /** @type {const} */ ({ on_time: 'ok', late: 'doubt', missing: 'error', not_due: 'wait' })[own] ?? 'none';

/** @param {{ point: string, month: string, query: URLSearchParams }} props */
function Place({ point, month, query }) {
  const { point: told } = useReach(point);
  const times = useTimes(point, month);
  const line = told ? [...told.above, told] : [];
  const name = told?.name ?? '';
  const title = t('times.file', { point: name, month: monthText(month) });
  // A table takes `own` for the point's own row.
  const children = /** @type {(Times & { stands: string })[]} */ ((times.value?.by_child ?? []).map((/** @type {Times} */ c) => ({ ...c, stands: c.own, own: undefined })));
  const number = (/** @type {string} */ key, /** @type {string} */ word) => ({ key, label: word, num: true, value: (/** @type {Times} */ c) => c.counts[key] ?? 0, cell: (/** @type {Times} */ c) => (c.counts[key] ? count(c.counts[key] ?? 0) : html`<span class="dim">0</span>`) });
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'name', label: t(`review.child_of_${told?.tier ?? 'county'}`), value: (c) => c.name, href: (c) => (told?.tier === 'township' ? null : `#/times?point=${c.service_point_id}&month=${month}`) },
    { key: 'stands', label: t('times.own'), value: (c) => label('report_timeliness', c.stands), cell: (c) => html`<${State} kind=${timelyKind(c.stands)} word=${label('report_timeliness', c.stands)} />` },
    { key: 'due_on', label: t('review.due'), cell: (c) => html`<span class="dim">${dayText(c.due_on)}</span>` },
    { key: 'sent_at', label: t('times.sent_at'), cell: (c) => html`<span class="dim">${c.sent_at ? whenText(c.sent_at) : t('review.nothing')}</span>` },
    { key: 'expected', label: t('times.expected'), num: true, cell: (c) => count(c.expected) },
    { key: 'sent', label: t('times.sent'), num: true, cell: (c) => count(c.sent) },
    number('on_time', t('times.on_time')), number('late', t('times.late')), number('missing', t('times.missing')), number('waived', t('review.waived')),
    { key: 'completeness_bp', label: t('times.completeness'), num: true, cell: (c) => percent(c.completeness_bp) },
    { key: 'on_time_bp', label: t('times.punctual'), num: true, cell: (c) => percent(c.on_time_bp) },
  ];
  // A sheet in a cabinet needs words without pictures, and the year.
  /** @type {Record<string, import('../parts/sheet.js').Column>} */
  const onPaper = Object.fromEntries(columns.slice(1, 4).map((c) => [c.key, { ...c, cell: c.key === 'stands' ? undefined : c.key === 'due_on' ? (r) => r.due_on : (r) => (r.sent_at ? minuteOf(r.sent_at) : t('review.nothing')) }]));
  const total = times.value && { name: t('times.whole', { point: name }), expected: count(times.value.expected), sent: count(times.value.sent), ...Object.fromEntries(['on_time', 'late', 'missing', 'waived'].map((k) => [k, count(times.value.counts[k])])), completeness_bp: percent(times.value.completeness_bp), on_time_bp: percent(times.value.on_time_bp) };
  return html`<${Desk} class="rv" title=${t('times.title')} nav="review" sub=${times.value ? t('times.sub', { point: name, month: monthText(month), own: label('report_timeliness', times.value.own), day: dayText(times.value.due_on) }) : monthText(month)}
    above=${html`${line.length > 1 ? html`<${Stair} points=${line} href=${(/** @type {string} */ p) => `#/times?point=${p}&month=${month}`} />` : null}<${Pages} at="times" month=${month} />`}
    tools=${html`<${MonthChooser} month=${month} set=${(/** @type {string} */ m) => replace(`/times?${new URLSearchParams({ ...(query.get('point') && { point }), month: m })}`)} /><${PrintButton} />`}
    after=${times.value ? html`<${Paper} title=${title} unit=${name} code=${told?.region_code ?? undefined} columns=${columns.map((c) => onPaper[c.key] ?? c)} rows=${children} foot=${total} notes=${[t('times.definition')]} ...${signed()} />` : null}>
    ${!times.value ? (times.error ? html`<${Failed} error=${times.error} retry=${times.reload} />` : html`<${Loading} />`) : html`<div class="split">
      <section class="panel stack" aria-label=${title}>
        <${Sheet} caption=${title} columns=${columns} rows=${children} id=${(/** @type {Times} */ c) => c.service_point_id} csv=${title} foot=${total} empty=${t('review.nothing_below')} note=${t('times.definition')} class="grow"
          footRow=${{ name: t('times.whole', { point: name }), expected: times.value.expected, sent: times.value.sent, ...times.value.counts, completeness_bp: times.value.completeness_bp, on_time_bp: times.value.on_time_bp }} />
      </section>
      <div class="stack scroll" tabindex="0" role="group" aria-label=${t('times.days')}><${DueDays} /><${Leave} point=${point} month=${month} children_=${children} /></div>
    </div>`}
    <${ReadAt} answer=${times} />
  <//>`;
}

/** When reports are due, by tier and since when. Only an administrator of the bureau sets other days. */
function DueDays() {
  const rules = useGet('/reporting-rules');
  const [open, setOpen] = useState(false);
  const may = can('settings.manage');
  /** @type {import('../parts/form-values.js').FormField[]} */
  const fields = [
    { name: 'tier', label: t('times.tier'), type: 'code', list: 'tier', required: true },
    { name: 'due_day', label: t('times.due_day'), type: 'integer', required: true, min: 1, max: 28, hint: t('times.due_day_hint') },
    { name: 'lock_day', label: t('times.lock_day'), type: 'integer', min: 1, max: 28, hint: t('times.lock_day_hint') },
    { name: 'valid_from', label: t('times.valid_from'), type: 'month', required: true, hint: t('times.valid_from_hint') },
  ];
  return html`<section class="panel" aria-label=${t('times.days')}>
    <header class="line"><h2>${t('times.days')}</h2>${may ? html`<button type="button" class="btn end" onClick=${() => setOpen(true)}>${t('times.set_days')}</button>` : null}</header>
    <${Answer} answer=${rules}>${(/** @type {any} */ page) => html`<div class="scroll" tabindex="0" role="group" aria-label=${t('times.days')}><table class="sheet"><thead><tr><th scope="col">${t('times.tier')}</th><th scope="col" class="n">${t('times.due_day')}</th><th scope="col" class="n">${t('times.lock_day')}</th></tr></thead>
      <tbody>${page.items.map((/** @type {any} */ r) => html`<tr key=${r.id ?? r.tier}><th scope="row">${label('tier', r.tier)}${r.valid_from ? html` <span class="dim tiny">${t('times.from_month', { month: monthText(r.valid_from) })}</span>` : null}</th><td class="n">${t('times.day', { n: r.due_day })}</td><td class="n">${r.lock_day ? t('times.day', { n: r.lock_day }) : html`<span class="dim">${t('times.no_lock')}</span>`}</td></tr>`)}</tbody></table></div>
      <p class="dim tiny pad">${t('times.days_mean')}</p>`}<//>
    <${Dialog} title=${t('times.set_days')} open=${open} onClose=${() => setOpen(false)}><${Form} fields=${fields} label=${t('times.set_days')} values=${{ valid_from: thisMonth() }}
      submit=${(/** @type {any} */ values) => post('/reporting-rules', values)} onCancel=${() => setOpen(false)} onDone=${() => { setOpen(false); toast(t('times.days_set')); void rules.reload(); }} /><//>
  </section>`;
}

/** Leave for entries of a locked month. @param {{ point: string, month: string, children_: Times[] }} props */
function Leave({ point, month, children_ }) {
  const list = pages('/period-exceptions', { service_point_id: point, month });
  const [open, setOpen] = useState(false);
  const [taken, setTaken] = useState(/** @type {any} */ (null));
  const [fault, setFault] = useState('');
  const may = holdsAt('periods.except', point);
  /** @type {import('../parts/form-values.js').FormField[]} */
  const fields = [
    { name: 'service_point_id', label: t('times.for_whom'), type: 'code', options: children_.map((c) => ({ code: c.service_point_id, label: c.name })), required: true, hint: t('times.for_whom_hint') },
    { name: 'until_day', label: t('times.until'), type: 'day', required: true },
    { name: 'reason', label: t('times.reason'), type: 'area', required: true, max: 500 },
  ];
  async function revoke() {
    setFault('');
    try {
      await post(`/period-exceptions/${taken.id}/revoke`, undefined, { ifMatch: taken.version });
      setTaken(null);
      toast(t('times.leave_gone'));
      await list.reload();
    } catch (error) {
      setFault(faultText(error));
    }
  }
  return html`<section class="panel" aria-label=${t('times.leave')}>
    <header class="line"><h2>${t('times.leave')}</h2><span class="dim small">${monthText(month)}</span>${may ? html`<button type="button" class="btn end" onClick=${() => setOpen(true)}>${t('times.give_leave')}</button>` : null}</header>
    ${list.error ? html`<${Failed} error=${list.error} retry=${list.reload} />` : html`<ul class="rows slim plain">${list.rows.map((e) => html`<li key=${e.id}><${State} kind=${e.revoked_at ? 'none' : 'wait'} />
      <div><b>${pointName(e.service_point_id)}</b> ${t('times.until_day', { day: dayText(e.until_day) })}<br /><span class="dim">${t('review.quoted', { text: e.reason })}${e.revoked_at ? t('times.taken_back', { when: whenText(e.revoked_at) }) : ''}</span></div>
      ${may && !e.revoked_at ? html`<button type="button" class="link" onClick=${() => setTaken(e)}>${t('times.take_back')}</button>` : null}</li>`)}
      ${list.rows.length ? null : html`<li><span class="dim">${list.loading ? t('rows.loading') : t('times.no_leave')}</span></li>`}</ul>
      ${list.more.load ? html`<p class="moreline"><button type="button" class="btn" disabled=${list.loading} onClick=${list.load}>${list.loading ? t('rows.loading') : tn('sheet.more', list.more.count)}</button></p>` : null}`}
    <p class="dim tiny pad">${t('times.leave_means')}</p>
    <${Dialog} title=${t('times.leave_title', { month: monthText(month) })} open=${open} onClose=${() => setOpen(false)}><${Form} fields=${fields} label=${t('times.give_leave')}
      submit=${(/** @type {any} */ values) => post('/period-exceptions', { ...values, month })} onCancel=${() => setOpen(false)} onDone=${() => { setOpen(false); toast(t('times.leave_given')); void list.reload(); }} /><//>
    <${Confirm} title=${t('times.take_back_sure', { point: pointName(taken?.service_point_id) })} open=${Boolean(taken)} act=${t('times.take_back_act')} warn onClose=${() => setTaken(null)} onAct=${revoke}>
      <p>${t('times.take_back_means')}</p>${fault ? html`<p class="fault" role="alert">${fault}</p>` : null}<//>
  </section>`;
}
