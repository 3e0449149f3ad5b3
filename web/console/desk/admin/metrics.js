import { html, useState } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Failed, Loading } from '../../parts/rows.js';
import { useGet } from '../data.js';
import { said } from '../network/values.js';
import { Sheet } from '../parts/sheet.js';
import { AdminPage } from './frame.js';
import { SearchField } from './search.js';

/** What a metric may be added over. @param {any} m */
const adds = (m) => t(m.additive_over_time ? (m.additive_over_kinds ? 'admin.metrics.adds_both' : 'admin.metrics.adds_time') : m.additive_over_kinds ? 'admin.metrics.adds_kinds' : 'admin.metrics.adds_none');

/** Every metric with its definition. Read only. */
export default function Metrics() {
  const answer = useGet('/metrics');
  const [q, setQ] = useState('');
  const wanted = q.toLowerCase();
  /** @type {any[]} */
  const rows = (answer.value?.items ?? []).filter((/** @type {any} */ m) => [m.code, said(m.name), said(m.definition)].some((text) => text.toLowerCase().includes(wanted)));
  const columns = [
    { key: 'name', label: t('admin.metrics.name'), value: (/** @type {any} */ m) => said(m.name) },
    { key: 'definition', label: t('admin.metrics.definition'), sort: false, value: (/** @type {any} */ m) => said(m.definition), cell: (/** @type {any} */ m) => html`<span class="definition">${said(m.definition)}</span>` },
    { key: 'unit', label: t('admin.metrics.unit'), value: (/** @type {any} */ m) => said(m.unit) },
    { key: 'view', label: t('admin.metrics.view'), value: (/** @type {any} */ m) => t(`admin.metrics.view.${m.view}`) },
    { key: 'nature', label: t('admin.metrics.nature'), value: (/** @type {any} */ m) => t(`admin.metrics.nature.${m.nature}`) },
    { key: 'adds', label: t('admin.metrics.adds'), value: (/** @type {any} */ m) => (m.is_share ? t('admin.metrics.share') : m.is_mean ? t('admin.metrics.mean') : adds(m)) },
    { key: 'personal', label: t('admin.metrics.personal'), value: (/** @type {any} */ m) => (m.personal ? t('admin.metrics.personal_yes') : '') },
    { key: 'code', label: t('admin.codes.code'), cell: (/** @type {any} */ m) => html`<span class="code">${m.code}</span>` },
  ];
  return html`<${AdminPage} title=${t('admin.section.metrics')} section="metrics" sub=${t('admin.metrics.sub')}>
    ${!answer.value ? (answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`)
      : html`<section class="panel stack grow"><${Sheet} tall caption=${t('admin.section.metrics')} columns=${columns} rows=${rows} id=${(/** @type {any} */ m) => m.code} csv=${t('admin.section.metrics')}
        tools=${html`<${SearchField} label=${t('admin.metrics.find')} value=${q} set=${setQ} />`} empty=${t('admin.metrics.none')} /></section>`}
  <//>`;
}
