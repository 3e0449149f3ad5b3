/** The drawn records in their order, and what was found about each. */
import { html, useState } from '../../core/html.js';
import { post } from '../../core/api.js';
import { entries, label, t } from '../../core/i18n.js';
import { count, dayText, whenText } from '../../core/format.js';
import { can } from '../../core/session.js';
import { toast } from '../../core/toast.js';
import { Empty } from '../../parts/rows.js';
import { Note, State } from '../../parts/state.js';
import { pages, pointName, useGet } from '../data.js';
import { Form } from '../parts/form.js';
import { Paper } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { Tabs } from '../review/head.js';
import { signed } from '../review/report-paper.js';
import { findingOf, muchText, resultOf, usePaper } from './data.js';
import { Listed } from './list.js';

const STATES = /** @type {const} */ (['open', 'confirmed', 'amount_differs', 'not_found', 'refused']);

/** @param {{ inspection: any, setPaper: (paper: import('./data.js').Printed | null) => void }} props */
export function WorkList({ inspection, setPaper }) {
  const [state, setState] = useState('');
  const [id, setId] = useState('');
  const list = pages('/inspection-items', { inspection_id: inspection.id, state: state || undefined }, { limit: 100 });
  const picked = list.rows.find((i) => i.id === id) ?? list.rows[0];
  const title = t('inspect.work_title', { name: inspection.name });
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'number', label: t('inspect.number'), cell: (i) => count(i.number) },
    { key: 'point', label: t('inspect.point'), value: (i) => pointName(i.service_point_id) },
    { key: 'kind', label: t('inspect.kind'), value: (i) => label('assistance_kind', i.kind) },
    { key: 'given_on', label: t('inspect.given_on'), cell: (i) => dayText(i.given_on) },
    { key: 'recorded', label: t('inspect.recorded'), num: true, value: (i) => i.recorded_quantity, cell: (i) => muchText(i.recorded_quantity, i.recorded_amount_fen) },
    { key: 'state', label: t('inspect.result'), value: (i) => resultOf(i.state).word, cell: (i) => html`<${State} ...${resultOf(i.state)} />` },
  ];
  const chooser = html`<${Tabs} name="work" label=${t('inspect.result')} value=${state} set=${setState} options=${[['', t('doubts.all')], ...STATES.map((s) => [s, resultOf(s).word])]} />`;
  const printed = [...columns.map((c) => (c.key === 'given_on' || c.key === 'state' ? { ...c, cell: undefined } : c)), { key: 'found', label: t('inspect.found'), num: true, value: (/** @type {any} */ i) => i.found_quantity, cell: (/** @type {any} */ i) => (i.state === 'open' ? '' : muchText(i.found_quantity, i.found_amount_fen)) }, { key: 'note', label: t('inspect.note'), value: (/** @type {any} */ i) => i.note ?? '' }];
  usePaper(setPaper, () => html`<${Paper} title=${title} unit=${pointName(inspection.service_point_id)} columns=${printed} rows=${list.rows} more=${list.more} notes=${[t('inspect.paper_note', { digest: inspection.frame_digest, seed: inspection.seed ?? '', method: label('inspection_method', inspection.method) })]} ...${signed()} />`, list.rows, list.more);
  return html`<div class="split half">
    <section class="panel stack" aria-label=${title}><${Listed} list=${list}>
      <${Sheet} caption=${title} columns=${columns} rows=${list.rows} csv=${title} more=${list.more} tools=${chooser} empty=${t('inspect.nothing_there')} picked=${picked?.id ?? null} onPick=${(/** @type {any} */ i) => setId(i.id)} class="grow" /><//></section>
    ${picked ? html`<${One} key=${`${picked.id} ${picked.version}`} item=${picked} inspection=${inspection} done=${list.reload} />` : html`<div><${Empty} text=${t('inspect.nothing_there')} /></div>`}
  </div>`;
}

/** One drawn record: what it said in the frame, what was found, and asking for a return. @param {{ item: any, inspection: any, done: () => Promise<void> }} props */
function One({ item, inspection, done }) {
  const record = useGet(can('households.read') ? `/assistance-records/${item.record_id}` : null);
  const findings = useGet('/inspection-findings', { inspection_id: inspection.id, service_point_id: item.service_point_id, limit: 200 });
  const finding = findings.value?.items.find((/** @type {any} */ f) => f.item_id === item.id && f.state !== 'dismissed') ?? findings.value?.items.find((/** @type {any} */ f) => f.item_id === item.id);
  const notes = can('inspections.draw') && inspection.state === 'drawn';
  const differs = (/** @type {any} */ v) => v.state === 'amount_differs';
  const wrong = item.state !== 'open' && item.state !== 'confirmed';
  /** @type {import('../parts/form-values.js').FormField[]} */
  const fields = [
    { name: 'state', label: t('inspect.result'), type: 'choice', options: entries('inspection_item_state').filter((e) => e.code !== 'open'), required: true },
    { name: 'found_quantity', label: t('inspect.found_quantity'), type: 'integer', when: differs, min: 0, hint: t('inspect.found_hint', { much: count(item.recorded_quantity) }) },
    { name: 'found_amount_fen', label: t('inspect.found_amount'), type: 'money', when: differs, min: 0 },
    { name: 'note', label: t('inspect.note'), type: 'area', max: 500, hint: t('inspect.note_hint'), check: (value, v) => (v.state !== 'confirmed' && !value ? t('inspect.note_needed') : undefined) },
  ];
  return html`<section class="panel stack" aria-label=${t('inspect.nth', { n: item.number })}>
    <header class="line"><h2>${t('inspect.nth', { n: item.number })}</h2><${State} chip ...${resultOf(item.state)} />${item.checked_at ? html`<span class="dim small">${whenText(item.checked_at)}</span>` : null}</header>
    <div class="scroll grow pad stack gutter-top" tabindex="0" role="group" aria-label=${t('inspect.nth', { n: item.number })}>
      <dl class="list facts">
        <dt>${t('inspect.point')}</dt><dd>${pointName(item.service_point_id)}</dd>
        <dt>${t('inspect.household')}</dt><dd><a href="#/household/${item.household_id}">${t('inspect.see_household')}</a></dd>
        <dt>${t('inspect.kind')}</dt><dd>${label('assistance_kind', item.kind)} · ${dayText(item.given_on)}</dd>
        <dt>${t('inspect.recorded')}</dt><dd>${muchText(item.recorded_quantity, item.recorded_amount_fen)} <span class="dim">${t('inspect.as_of_version', { n: item.record_version })}</span></dd>
        ${item.state === 'amount_differs' ? html`<dt>${t('inspect.found')}</dt><dd><b>${muchText(item.found_quantity, item.found_amount_fen)}</b></dd>` : null}
        ${item.note && !notes ? html`<dt>${t('inspect.note')}</dt><dd>${item.note}</dd>` : null}
        <dt>${t('inspect.weight')}</dt><dd>${item.weight}</dd>
      </dl>
      <p class="small"><a href="#/record/${item.record_id}">${t('inspect.see_record')}</a></p>
      ${record.value && record.value.version !== item.record_version ? html`<${Note} kind="changed"><p>${t('inspect.record_changed', { n: record.value.version })}</p><//>` : null}
      ${notes ? html`<${Form} fields=${fields} label=${t('inspect.note_result', { n: item.number })} creates=${false} values=${{ ...item, state: item.state === 'open' ? '' : item.state }} onReload=${done}
        submit=${(/** @type {any} */ values, /** @type {any} */ options) => post(`/inspection-items/${item.id}/result`, values, options)} onDone=${() => { toast(t('inspect.noted', { n: item.number })); void done(); }} />` : null}
      ${wrong || finding ? html`<h3>${t('inspect.finding')}</h3>` : null}
      ${finding ? html`<${Note} kind=${findingOf(finding.state).kind}><p><b>${findingOf(finding.state).word}</b> ${t('review.quoted', { text: finding.reason })}</p>${finding.decision_reason ? html`<p class="small">${t('review.quoted', { text: finding.decision_reason })}</p>` : null}<//>` : null}
      ${wrong && can('inspections.draw') && finding?.state !== 'open' && finding?.state !== 'accepted' && findings.value ? html`<${Form} label=${t('inspect.ask_return')} fields=${[{ name: 'reason', label: t('inspect.finding_reason'), type: 'area', required: true, max: 500, hint: t('inspect.finding_hint') }]}
        submit=${(/** @type {any} */ values) => post('/inspection-findings', { ...values, item_id: item.id })} onDone=${() => { toast(t('inspect.asked')); void findings.reload(); }} />` : null}
    </div>
  </section>`;
}
