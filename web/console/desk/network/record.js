import { html } from '../../core/html.js';
import { label, t } from '../../core/i18n.js';
import { money, whenText } from '../../core/format.js';
import { can } from '../../core/session.js';
import { Answer, Failed, Loading } from '../../parts/rows.js';
import { State } from '../../parts/state.js';
import { all, pointName, useAnswer, useGet, usePoint } from '../data.js';
import { Desk, Stair } from '../parts/frame.js';
import { PrintButton } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { Tree } from '../parts/tree.js';

/** One assistance record: what it says, and all that it has said. @param {{ id: string }} props */
export default function RecordPage({ id }) {
  const record = useGet(`/assistance-records/${id}`);
  const versions = useAnswer(`versions/${id}`, () => all(`/assistance-records/${id}/versions`));
  const r = record.value;
  const point = usePoint(r?.service_point_id);
  const household = useGet(r?.household_id ? `/households/${r.household_id}` : null);
  const what = r ? [label('assistance_kind', r.kind), r.subkind ? label('assistance_subkind', r.subkind) : ''].filter(Boolean).join(' · ') : '';
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'version', label: t('entry.version'), num: false },
    { key: 'changed_at', label: t('entry.at'), cell: (v) => whenText(v.changed_at) },
    { key: 'kind', label: t('entry.kind'), value: (v) => [label('assistance_kind', v.kind), v.subkind ? label('assistance_subkind', v.subkind) : ''].filter(Boolean).join(' · ') },
    { key: 'given_on', label: t('entry.given_on') },
    { key: 'quantity', label: t('entry.quantity'), num: true, cell: (v) => `${v.quantity} ${label('quantity_unit', v.unit)}` },
    { key: 'amount_fen', label: `${t('entry.amount')} (${t('money.yuan')})`, num: true, cell: (v) => (v.amount_fen === null ? '' : money(v.amount_fen)) },
    { key: 'state', label: t('homes.status'), value: (v) => label('record_state', v.state) },
    { key: 'reason', label: t('entry.reason'), value: (v) => v.reason ?? '' },
  ];
  return html`<${Desk} title=${r ? t('entry.title', { what }) : t('counted.assistance_record')} nav="network" flow class="bare" side=${html`<${Tree} current=${r?.service_point_id} />`}
    above=${point.value ? html`<${Stair} points=${[...point.value.above, point.value, { id: 'record', name: t('counted.assistance_record') }]} />` : null} sub=${r?.given_on}
    tools=${r ? html`${point.value && can('assistance.log', r.service_point_id) ? html`<a class="btn" href=${`#/record/${id}/mend`}>${t('entry.mend')}</a>` : null}
      ${point.value && can('audit.read_whole', r.service_point_id) ? html`<a class="btn" href=${`#/audit/assistance_record/${id}`}>${t('homes.timeline')}</a>` : null}<${PrintButton} />` : null}>
    ${!r ? (record.error ? html`<${Failed} error=${record.error} retry=${record.reload} />` : html`<${Loading} />`) : html`
    <section class="panel"><header><h2>${t('entry.now')}</h2><span class="end"><${State} kind=${r.state === 'voided' ? 'error' : 'ok'} word=${label('record_state', r.state)} /></span></header>
      <dl class="list facts pad">
        <dt>${t('entry.household')}</dt><dd><a href=${`#/household/${r.household_id}`}>${household.value?.head_name ?? (household.error ? t('entry.elsewhere') : '…')}</a></dd>
        <dt>${t('entry.kind')}</dt><dd>${what}</dd><dt>${t('entry.given_on')}</dt><dd>${r.given_on}</dd>
        <dt>${t('entry.quantity')}</dt><dd>${r.quantity} ${label('quantity_unit', r.unit)}</dd>
        ${r.amount_fen === null ? null : html`<dt>${t('entry.amount')}</dt><dd>${money(r.amount_fen)} ${t('money.yuan')}</dd>`}
        <dt>${t('entry.by')}</dt><dd><a href=${`#/network/${r.service_point_id}`}>${pointName(r.service_point_id)}</a></dd>
        ${r.note ? html`<dt>${t('entry.note')}</dt><dd class="text">${r.note}</dd>` : null}
        ${r.void_reason ? html`<dt>${t('entry.void_reason')}</dt><dd class="text">${r.void_reason}</dd>` : null}
        <dt>${t('entry.received')}</dt><dd>${whenText(r.created_at)}</dd></dl></section>
    <section class="panel stack"><${Answer} answer=${versions}>${(/** @type {any[]} */ rows) => html`<${Sheet} tools=${html`<h2>${t('entry.versions')}</h2>`} caption=${t('entry.versions')} columns=${columns} rows=${rows} id=${(/** @type {any} */ v) => String(v.version)} order=${{ key: 'version', down: true }} />`}<//></section>`}
  <//>`;
}
