/** Findings: that a report is to go back. Whoever reviews the point decides, with a reason, and nobody the own one. */
import { html, useState } from '../../core/html.js';
import { post } from '../../core/api.js';
import { t } from '../../core/i18n.js';
import { monthText, whenText } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { holdsPersonalNumber } from '../../parts/checks.js';
import { Words, focusOn } from '../../parts/fields.js';
import { State } from '../../parts/state.js';
import { pages, pointName, usePoint } from '../data.js';
import { Dialog } from '../parts/dialog.js';
import { Sheet } from '../parts/sheet.js';
import { decisionFault } from '../review/decide.js';
import { Tabs } from '../review/head.js';
import { findingOf } from './data.js';
import { Listed } from './list.js';

/** @param {{ inspection?: string, all?: boolean }} props of one inspection, or of all in reach */
export function Findings({ inspection, all }) {
  const [state, setState] = useState('');
  const [decided, setDecided] = useState(/** @type {any} */ (null));
  const list = pages('/inspection-findings', { inspection_id: inspection, state: state || undefined });
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'point', label: t('inspect.point'), value: (f) => pointName(f.service_point_id) },
    { key: 'period', label: t('review.month'), value: (f) => f.period, cell: (f) => (f.period ? monthText(f.period) : '') },
    { key: 'reason', label: t('inspect.finding'), sort: false, value: (f) => f.reason, cell: (f) => html`<span class="wrap">${f.reason}</span>` },
    { key: 'state', label: t('inspect.state'), value: (f) => findingOf(f.state).word, cell: (f) => html`<${State} ...${findingOf(f.state)} />` },
    { key: 'decision', label: t('inspect.decision'), sort: false, value: (f) => f.decision_reason, cell: (f) => (f.decision_reason ? html`<span class="wrap">${f.decision_reason} <span class="dim">${whenText(f.decided_at)}</span></span>` : '') },
    { key: 'made', label: t('inspect.made_at'), value: (f) => f.created_at, cell: (f) => html`<span class="dim">${whenText(f.created_at)}</span>` },
    { key: 'acts', label: t('doubts.acts'), sort: false, acts: true, cell: (f) => html`<${Acts} finding=${f} all=${all} decide=${setDecided} />` },
  ];
  const chooser = html`<${Tabs} name="findings" label=${t('inspect.state')} value=${state} set=${setState} options=${[['', t('doubts.all')], ...['open', 'accepted', 'dismissed'].map((s) => [s, findingOf(s).word])]} />`;
  return html`<${Listed} list=${list}><${Sheet} caption=${t('inspect.tab_findings')} columns=${columns} rows=${list.rows} csv=${t('inspect.tab_findings')} more=${list.more} tall
    empty=${t('inspect.no_findings')} tools=${chooser} class="grow" /><//>
    ${decided ? html`<${Decision} finding=${decided} close=${() => setDecided(null)} done=${async () => { setDecided(null); await list.reload(); }} />` : null}`;
}

/** @param {{ finding: any, all?: boolean, decide: (f: any) => void }} props */
function Acts({ finding, all, decide }) {
  const own = finding.made_by === session.value.account?.id;
  return html`<span class="line">${all && can('inspections.draw') ? html`<a href="#/inspections/${finding.inspection_id}">${t('inspect.see_inspection')}</a>` : null}
    ${finding.state !== 'open' || !can('inspections.decide') ? null : own ? html`<span class="dim">${t('inspect.own_finding')}</span>` : html`<button type="button" class="link" onClick=${() => decide(finding)}>${t('inspect.decide')}</button>`}
    ${finding.state === 'accepted' && finding.period ? html`<${ToReport} finding=${finding} />` : null}</span>`;
}

/** Accepting returns nothing by itself: the report is returned where it is reviewed. @param {{ finding: any }} props */
function ToReport({ finding }) {
  const point = usePoint(finding.service_point_id).value;
  return point?.parent_id && can('reports.review') ? html`<a href="#/review?point=${point.parent_id}&month=${finding.period}&at=${point.id}">${t('inspect.to_report')}</a>` : null;
}

/** @param {{ finding: any, close: () => void, done: () => Promise<void> }} props */
function Decision({ finding, close, done }) {
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  async function decide(/** @type {'accept' | 'dismiss'} */ way) {
    const wrong = !reason.trim() ? t('review.reason_needed') : holdsPersonalNumber(reason) ? t('fields.no_numbers') : '';
    setFault(wrong);
    if (wrong) return focusOn('decision');
    setBusy(true);
    try {
      await post(`/inspection-findings/${finding.id}/${way}`, { reason: reason.trim() }, { ifMatch: finding.version });
      await done();
    } catch (error) {
      setFault(decisionFault(error));
    }
    setBusy(false);
  }
  return html`<${Dialog} title=${t('inspect.decide_title', { point: pointName(finding.service_point_id) })} open onClose=${close}><div class="stack">
    <p>${t('review.quoted', { text: finding.reason })}</p><p class="small dim">${t('inspect.decide_means')}</p>
    <${Words} id="decision" label=${t('inspect.decision')} error=${fault} must value=${reason} set=${setReason} />
    <div class="line"><button type="button" class="btn end" disabled=${busy} onClick=${() => decide('dismiss')}>${t('inspect.dismiss')}</button><button type="button" class="btn main" disabled=${busy} onClick=${() => decide('accept')}>${t('inspect.accept')}</button></div>
  </div><//>`;
}
