import { html, useState } from '../../core/html.js';
import { count } from '../../core/format.js';
import { entries, label, t } from '../../core/i18n.js';
import { go, replace } from '../../core/router.js';
import { can } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { pages, pointName } from '../data.js';
import { Dialog } from '../parts/dialog.js';
import { Sheet } from '../parts/sheet.js';
import { AdminPage } from './frame.js';
import { OpenForm } from './point-forms.js';
import { PointState } from './point-state.js';
import { Narrow, SearchField, withQuery } from './search.js';

/** All points in reach, to be found and opened. @param {{ query: URLSearchParams }} props */
export default function Points({ query }) {
  const said = { q: query.get('q') ?? '', tier: query.get('tier') ?? '', status: query.get('status') ?? '' };
  const [opening, setOpening] = useState(false);
  const asked = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== ''));
  const list = pages('/service-points', { ...asked, count: true }, { limit: 100 });
  const narrow = (/** @type {Partial<typeof said>} */ change) => replace(withQuery('/admin/points', { ...said, ...change }));
  const columns = [
    { key: 'name', label: t('admin.point.name'), href: (/** @type {any} */ p) => `#/admin/points/${p.id}` },
    { key: 'tier', label: t('admin.point.tier'), value: (/** @type {any} */ p) => label('tier', p.tier) },
    { key: 'parent_id', label: t('admin.point.parent'), value: (/** @type {any} */ p) => pointName(p.parent_id) },
    { key: 'region_code', label: t('admin.point.region_code'), cell: (/** @type {any} */ p) => html`<span class="code">${p.region_code}</span>` },
    { key: 'status', label: t('admin.point.status'), value: (/** @type {any} */ p) => label('service_point_status', p.status), cell: (/** @type {any} */ p) => html`<${PointState} point=${p} />` },
    { key: 'opened_on', label: t('admin.point.opened_on') },
    { key: 'closed_on', label: t('admin.point.closed_on') },
  ];
  const tools = can('service_points.manage') ? html`<button type="button" class="btn main" onClick=${() => setOpening(true)}><${Icon} name="plus" />${t('admin.point.open')}</button>` : null;
  const filters = html`<${SearchField} label=${t('admin.point.find')} value=${said.q} set=${(/** @type {string} */ q) => narrow({ q })} />
    <${Narrow} label=${t('admin.point.tier')} any=${t('admin.point.any_tier')} value=${said.tier} set=${(/** @type {string} */ tier) => narrow({ tier })} options=${entries('tier')} />
    <${Narrow} label=${t('admin.point.status')} any=${t('admin.point.any_status')} value=${said.status} set=${(/** @type {string} */ status) => narrow({ status })} options=${entries('service_point_status')} />`;
  return html`<${AdminPage} title=${t('admin.section.points')} section="points" tools=${tools} sub=${list.count === null ? null : t('admin.point.of', { n: count(list.count) })}
    after=${html`<${Dialog} wide title=${t('admin.point.open')} open=${opening} onClose=${() => setOpening(false)}>
      <${OpenForm} onDone=${(/** @type {any} */ p) => { setOpening(false); go(`/admin/points/${p.id}`); }} onCancel=${() => setOpening(false)} /><//>`}>
    <section class="panel stack grow">
      ${list.error && !list.rows.length ? html`<div class="pad"><div class="line sheettools">${filters}</div><${Failed} error=${list.error} retry=${list.reload} /></div>`
        : html`<${Sheet} caption=${t('admin.section.points')} columns=${columns} rows=${list.rows} csv=${t('admin.section.points')} more=${list.more} tools=${filters}
          empty=${list.loading ? html`<${Loading} />` : t('admin.point.none')} />`}
    </section>
  <//>`;
}
