/** Inspections, what they have drawn in reach, and what they ask for; and making one. */
import { html, useState } from '../../core/html.js';
import { post } from '../../core/api.js';
import { label, t } from '../../core/i18n.js';
import { count, dayText, today, whenText } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { go, replace } from '../../core/router.js';
import { Empty, Failed, Loading } from '../../parts/rows.js';
import { State } from '../../parts/state.js';
import { pages, pointName } from '../data.js';
import { Dialog } from '../parts/dialog.js';
import { Form } from '../parts/form.js';
import { Desk, useStyle } from '../parts/frame.js';
import { Sheet } from '../parts/sheet.js';
import { Tabs } from '../review/head.js';
import { kindsText, muchText, resultOf, stateOf } from './data.js';
import { Findings } from './findings.js';

const TABS = /** @type {const} */ (['inspections', 'items', 'findings']);

/** @param {{ query: URLSearchParams }} props */
export default function Inspections({ query }) {
  useStyle('desk-review');
  const [open, setOpen] = useState(query.get('new') === '1');
  const tab = TABS.find((x) => x === query.get('tab')) ?? 'inspections';
  if (!can('inspections.read')) return html`<${Desk} class="rv" title=${t('inspect.title')} nav="inspections"><${Empty} text=${t('inspect.not_allowed')} /><//>`;
  const draws = can('inspections.draw');
  const show = (/** @type {string} */ v) => replace(`/inspections?tab=${v}`);
  return html`<${Desk} class="rv" title=${t('inspect.title')} nav="inspections" sub=${t('inspect.about')}
    tools=${html`<${Tabs} name="inspections" label=${t('inspect.pages')} value=${tab} set=${show} options=${TABS.map((x) => [x, t(`inspect.tab_${x}`)])} />
      ${draws ? html`<button type="button" class="btn main" onClick=${() => setOpen(true)}>${t('inspect.make')}</button>` : null}`}
    after=${draws ? html`<${Make} open=${open} close=${() => setOpen(false)} />` : null}>
    <section class="panel stack grow" aria-label=${t(`inspect.tab_${tab}`)}>${tab === 'inspections' ? html`<${List} />` : tab === 'items' ? html`<${Drawn} />` : html`<${Findings} all />`}</section>
  <//>`;
}

/** The inspections in reach. */
function List() {
  const list = pages('/inspections', {});
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'name', label: t('inspect.name'), href: (i) => `#/inspections/${i.id}` },
    { key: 'state', label: t('inspect.state'), value: (i) => label('inspection_state', i.state), cell: (i) => html`<${State} ...${stateOf(i.state)} />` },
    { key: 'point', label: t('inspect.point'), value: (i) => pointName(i.service_point_id) },
    { key: 'days', label: t('inspect.days'), value: (i) => i.period_from, csv: (i) => `${i.period_from} ${i.period_to}`, cell: (i) => t('inspect.from_to', { from: i.period_from, to: i.period_to }) },
    { key: 'kinds', label: t('inspect.kinds'), value: (i) => kindsText(i.kinds) },
    { key: 'method', label: t('inspect.method'), value: (i) => label('inspection_method', i.method) },
    { key: 'frame_size', label: t('inspect.frame_size'), num: true, cell: (i) => count(i.frame_size) },
    { key: 'sample_size', label: t('inspect.sample_size'), num: true, cell: (i) => count(i.sample_size) },
    { key: 'framed_at', label: t('inspect.framed_at'), cell: (i) => html`<span class="dim">${whenText(i.framed_at)}</span>` },
  ];
  return html`<${Listed} list=${list}><${Sheet} caption=${t('inspect.tab_inspections')} columns=${columns} rows=${list.rows} csv=${t('inspect.tab_inspections')} more=${list.more} empty=${t(can('inspections.draw') ? 'inspect.none_yet' : 'inspect.none')} class="grow" /><//>`;
}

/** @param {{ list: ReturnType<typeof pages>, children?: any }} props */
export const Listed = ({ list, children }) => (list.error ? html`<${Failed} error=${list.error} retry=${list.reload} />` : list.loading && !list.rows.length ? html`<${Loading} />` : children);

/** What inspections have drawn at the points in reach, whoever made them. */
function Drawn() {
  const here = session.value.here;
  const [state, setState] = useState('');
  const list = pages('/inspection-items', { service_point_id: here?.id, state: state || undefined });
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'point', label: t('inspect.point'), value: (i) => pointName(i.service_point_id) },
    { key: 'kind', label: t('inspect.kind'), value: (i) => label('assistance_kind', i.kind), href: (i) => `#/record/${i.record_id}` },
    { key: 'given_on', label: t('inspect.given_on'), cell: (i) => dayText(i.given_on) },
    { key: 'recorded', label: t('inspect.recorded'), num: true, value: (i) => i.recorded_quantity, cell: (i) => muchText(i.recorded_quantity, i.recorded_amount_fen) },
    { key: 'state', label: t('inspect.result'), value: (i) => resultOf(i.state).word, cell: (i) => html`<${State} ...${resultOf(i.state)} />` },
    { key: 'found', label: t('inspect.found'), num: true, value: (i) => i.found_quantity, cell: (i) => muchText(i.found_quantity, i.found_amount_fen) },
    { key: 'household', label: t('inspect.household'), sort: false, csv: (i) => i.household_id, cell: () => t('inspect.see_household'), href: (i) => `#/household/${i.household_id}` },
    { key: 'drawn', label: t('inspect.drawn_at'), value: (i) => i.created_at, cell: (i) => html`<span class="dim">${whenText(i.created_at)}</span>` },
  ];
  const chooser = html`<${Tabs} name="items" label=${t('inspect.result')} value=${state} set=${setState} options=${[['', t('doubts.all')], ...['open', 'confirmed', 'amount_differs', 'not_found', 'refused'].map((s) => [s, resultOf(s).word])]} />`;
  return html`<${Listed} list=${list}><${Sheet} caption=${t('inspect.tab_items')} columns=${columns} rows=${list.rows} csv=${t('inspect.tab_items')} more=${list.more} empty=${t('inspect.nothing_drawn')} tools=${chooser} class="grow" /><//>`;
}

/** The frame of a new inspection: its lines and their digest are kept before anybody knows the seed. @param {{ open: boolean, close: () => void }} props */
function Make({ open, close }) {
  const here = session.value.here;
  const day = today();
  /** @type {import('../parts/form-values.js').FormField[]} */
  const fields = [
    { name: 'name', label: t('inspect.name'), type: 'text', required: true, max: 100 },
    { name: 'service_point_id', label: t('inspect.point'), type: 'point', required: true, hint: t('inspect.point_hint') },
    { name: 'period_from', label: t('inspect.from'), type: 'day', required: true },
    { name: 'period_to', label: t('inspect.to'), type: 'day', required: true, hint: t('inspect.days_hint') },
    { name: 'kinds', label: t('inspect.kinds'), type: 'codes', list: 'assistance_kind' },
    { name: 'method', label: t('inspect.method'), type: 'choice', list: 'inspection_method', required: true },
    { name: 'sample_size', label: t('inspect.sample_size'), type: 'integer', required: true, min: 1 },
  ];
  return html`<${Dialog} title=${t('inspect.make')} open=${open} wide onClose=${close}><${Form} fields=${fields} label=${t('inspect.make_act')} onCancel=${close}
    values=${{ service_point_id: here?.id, method: 'proportional', period_to: day, period_from: `${day.slice(0, 8)}01` }}
    submit=${(/** @type {any} */ { kinds, ...values }) => post('/inspections', { ...values, ...(kinds?.length && { kinds }) })} onDone=${(/** @type {any} */ made) => go(`/inspections/${made.id}`)}>
    <p class="small dim">${t('inspect.make_means')}</p><//><//>`;
}
