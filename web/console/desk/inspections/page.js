/** One inspection, from its frame to its end. */
import { html, useState } from '../../core/html.js';
import { post } from '../../core/api.js';
import { label, t, tn } from '../../core/i18n.js';
import { count, whenText } from '../../core/format.js';
import { can } from '../../core/session.js';
import { replace, route } from '../../core/router.js';
import { toast } from '../../core/toast.js';
import { Empty, Failed, Loading } from '../../parts/rows.js';
import { State } from '../../parts/state.js';
import { forget, pointName, useGet } from '../data.js';
import { Confirm, Dialog } from '../parts/dialog.js';
import { Form } from '../parts/form.js';
import { Desk, useStyle } from '../parts/frame.js';
import { PrintButton } from '../parts/paper.js';
import { decisionFault } from '../review/decide.js';
import { Tabs } from '../review/head.js';
import { kindsText } from './data.js';
import { Findings } from './findings.js';
import { Frame } from './frame.js';
import { Results } from './results.js';
import { WorkList } from './work.js';

const STEPS = /** @type {const} */ (['framed', 'seeded', 'drawn', 'closed']);

/** @param {{ id: string, query: URLSearchParams }} props */
export default function Inspection({ id, query }) {
  useStyle('desk-review');
  const answer = useGet(can('inspections.read') ? `/inspections/${id}` : null);
  const inspection = answer.value;
  const [paper, setPaper] = useState(/** @type {import('./data.js').Printed | null} */ (null));
  if (!can('inspections.read')) return html`<${Desk} class="rv" title=${t('inspect.title')} nav="inspections"><${Empty} text=${t('inspect.not_allowed')} /><//>`;
  if (!inspection) return html`<${Desk} class="rv" title=${t('inspect.title')} nav="inspections">${answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`}<//>`;
  const drawn = Boolean(inspection.drawn_at);
  const tabs = drawn ? ['work', 'results', 'findings', 'frame'] : ['frame'];
  const tab = tabs.find((x) => x === query.get('tab')) ?? tabs[0] ?? 'frame';
  async function done() {
    forget(`/inspections/${id}`);
    await answer.reload();
  }
  return html`<${Desk} class="rv" title=${inspection.name} nav="inspections" above=${html`<a href="#/inspections">${t('inspect.all')}</a>`} sub=${t('inspect.sub', { point: pointName(inspection.service_point_id), from: inspection.period_from, to: inspection.period_to, kinds: kindsText(inspection.kinds) })}
    tools=${html`<${Tabs} name="inspection" label=${t('inspect.pages')} value=${tab} set=${(/** @type {string} */ v) => replace(`/inspections/${route.value.id}?tab=${v}`)} options=${tabs.map((x) => [x, t(`inspect.page_${x}`)])} /><${PrintButton} more=${paper?.more} />`} after=${paper?.make()}>
    <${Progress} inspection=${inspection} done=${done} />
    ${tab === 'work' ? html`<${WorkList} inspection=${inspection} setPaper=${setPaper} />` : tab === 'results' ? html`<${Results} inspection=${inspection} setPaper=${setPaper} />`
      : tab === 'findings' ? html`<section class="panel stack grow"><${Findings} inspection=${id} /></section>` : html`<${Frame} inspection=${inspection} setPaper=${setPaper} />`}
  <//>`;
}

/** How far it has come, and the next step. @param {{ inspection: any, done: () => Promise<void> }} props */
function Progress({ inspection, done }) {
  const [open, setOpen] = useState(/** @type {'' | 'seed' | 'draw' | 'close'} */ (''));
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const at = STEPS.indexOf(inspection.state);
  const may = can('inspections.draw');
  const when = /** @type {Record<string, string | null>} */ ({ framed: inspection.framed_at, seeded: inspection.seeded_at, drawn: inspection.drawn_at, closed: inspection.closed_at });
  const close = () => { setOpen(''); setFault(''); };
  const finish = (/** @type {string} */ word) => async () => { close(); toast(word); await done(); };
  async function draw() {
    setBusy(true);
    setFault('');
    try {
      await post(`/inspections/${inspection.id}/draw`, undefined, { ifMatch: inspection.version });
      await finish(tn('inspect.drawn_now', inspection.sample_size))();
    } catch (error) {
      setFault(decisionFault(error));
    }
    setBusy(false);
  }
  return html`<section class="panel pad line steps-line" aria-label=${t('inspect.progress')}>
    <ol class="line">${STEPS.map((step, n) => html`<li key=${step} class=${n <= at && when[step] ? 'done' : undefined} aria-current=${n === at ? 'step' : undefined}><${State} kind=${when[step] ? 'ok' : 'none'} word=${label('inspection_state', step)} /> <span class="dim tiny">${when[step] ? whenText(/** @type {string} */ (when[step])) : ''}</span></li>`)}</ol>
    <span class="small">${t('inspect.of_frame', { n: count(inspection.sample_size), all: count(inspection.frame_size), method: label('inspection_method', inspection.method) })}</span>
    ${inspection.seed ? html`<span class="small">${t('inspect.seed')} <span class="code">${inspection.seed}</span> <span class="dim">${inspection.seed_source ?? t('inspect.seed_made')}</span></span>` : null}
    ${inspection.close_reason ? html`<span class="small">${t('review.quoted', { text: inspection.close_reason })}</span>` : null}
    ${may && inspection.state !== 'closed' ? html`<span class="end line">
      ${inspection.state === 'framed' ? html`<button type="button" class="btn main" onClick=${() => setOpen('seed')}>${t('inspect.give_seed')}</button>` : null}
      ${inspection.state === 'seeded' ? html`<button type="button" class="btn main" onClick=${() => setOpen('draw')}>${tn('inspect.draw', inspection.sample_size)}</button>` : null}
      <button type="button" class="btn" onClick=${() => setOpen('close')}>${t('inspect.close')}</button></span>` : null}
    <${Dialog} title=${t('inspect.give_seed')} open=${open === 'seed'} onClose=${close}><${Form} label=${t('inspect.give_seed')} creates=${false} values=${{ version: inspection.version }} onCancel=${close} onReload=${done}
      fields=${[{ name: 'seed', label: t('inspect.seed'), type: 'text', max: 200, hint: t('inspect.seed_hint') }, { name: 'source', label: t('inspect.seed_source'), type: 'text', max: 200, hint: t('inspect.source_hint') }]}
      submit=${(/** @type {any} */ values, /** @type {any} */ options) => post(`/inspections/${inspection.id}/seed`, values, options)} onDone=${finish(t('inspect.seed_given'))}><p class="small dim">${t('inspect.seed_once')}</p><//><//>
    <${Confirm} title=${t('inspect.draw_sure')} open=${open === 'draw'} act=${tn('inspect.draw', inspection.sample_size)} busy=${busy} onClose=${close} onAct=${draw}>
      <p>${t('inspect.draw_means', { n: count(inspection.sample_size), all: count(inspection.frame_size) })}</p>${fault ? html`<p class="fault" role="alert">${fault}</p>` : null}<//>
    <${Dialog} title=${t('inspect.close')} open=${open === 'close'} onClose=${close}><${Form} label=${t('inspect.close')} creates=${false} warn values=${{ version: inspection.version }} onCancel=${close} onReload=${done}
      fields=${[{ name: 'reason', label: t('inspect.close_reason'), type: 'area', required: true, max: 500 }]}
      submit=${(/** @type {any} */ values, /** @type {any} */ options) => post(`/inspections/${inspection.id}/close`, values, options)} onDone=${finish(t('inspect.closed_now'))}><p class="small dim">${t('inspect.close_means')}</p><//><//>
  </section>`;
}
