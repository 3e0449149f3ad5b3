import { html } from '../../core/html.js';
import { language, t } from '../../core/i18n.js';
import { replace } from '../../core/router.js';
import { Failed, Loading } from '../../parts/rows.js';
import { useGet } from '../data.js';
import { said } from '../network/values.js';
import { Sheet } from '../parts/sheet.js';
import { AdminPage } from './frame.js';

/** The code lists: what each is called, where its words come from, and the words. Read only. @param {{ query: URLSearchParams }} props */
export default function Codes({ query }) {
  const answer = useGet('/code-lists');
  /** @type {any[]} */
  const lists = answer.value?.items ?? [];
  const list = lists.find((one) => one.code === query.get('list')) ?? lists[0];
  const other = language.value === 'en' ? 'zh' : 'en';
  const index = [
    { key: 'name', label: t('admin.codes.list'), value: (/** @type {any} */ l) => said(l.name) },
    { key: 'code', label: t('admin.codes.code'), cell: (/** @type {any} */ l) => html`<span class="code">${l.code}</span>` },
    { key: 'count', label: t('admin.codes.count'), num: true, value: (/** @type {any} */ l) => l.entries.length },
    { key: 'standard', label: t('admin.codes.standard'), value: (/** @type {any} */ l) => l.standard ?? '' },
  ];
  const entries = [
    { key: 'code', label: t('admin.codes.code'), cell: (/** @type {any} */ e) => html`<span class="code">${e.code}</span>` },
    { key: 'label', label: t('admin.codes.word'), value: (/** @type {any} */ e) => said(e.label) },
    { key: 'other', label: t('admin.codes.other'), value: (/** @type {any} */ e) => e.label[other], cell: (/** @type {any} */ e) => html`<span lang=${other === 'zh' ? 'zh-CN' : 'en'}>${e.label[other]}</span>` },
    { key: 'valid_from', label: t('admin.codes.from'), cell: (/** @type {any} */ e) => e.valid_from ?? html`<span class="dim">${t('admin.codes.always')}</span>` },
    { key: 'valid_to', label: t('admin.codes.to'), cell: (/** @type {any} */ e) => e.valid_to ?? html`<span class="dim">${t('admin.codes.still')}</span>` },
  ];
  return html`<${AdminPage} title=${t('admin.section.codes')} section="codes" sub=${t('admin.codes.sub')}>
    ${!list ? (answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`)
      : html`<div class="split even-halves">
        <section class="panel stack"><${Sheet} caption=${t('admin.section.codes')} columns=${index} rows=${lists} id=${(/** @type {any} */ l) => l.code} picked=${list.code}
          onPick=${(/** @type {any} */ l) => replace(`/admin/codes?list=${l.code}`)} csv=${t('admin.section.codes')} /></section>
        <section class="panel stack" aria-live="polite"><${Sheet} key=${list.code} caption=${said(list.name)} columns=${entries} rows=${list.entries} id=${(/** @type {any} */ e) => e.code} csv=${said(list.name)}
          tools=${html`<h2>${said(list.name)}</h2><span class="code dim small">${list.code}</span>${list.standard ? html`<span class="small">${list.standard}</span>` : null}`} note=${t('admin.codes.note')} /></section>
      </div>`}
  <//>`;
}
