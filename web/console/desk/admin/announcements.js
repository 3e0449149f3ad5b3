import { html, useMemo, useState } from '../../core/html.js';
import { post } from '../../core/api.js';
import { whenText } from '../../core/format.js';
import { t } from '../../core/i18n.js';
import { go } from '../../core/router.js';
import { can, session } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { pages, pointName } from '../data.js';
import { Dialog } from '../parts/dialog.js';
import { Form } from '../parts/form.js';
import { Sheet } from '../parts/sheet.js';
import { AdminPage } from './frame.js';

/** Writes one to a point and everything below it. @param {{ onDone: (made: any) => void, onCancel: () => void }} props */
function Write({ onDone, onCancel }) {
  const here = session.value.here?.id;
  const fields = useMemo(() => /** @type {import('../parts/form-values.js').FormField[]} */ ([
    { name: 'service_point_id', label: t('admin.announcement.to'), type: 'point', required: true, hint: t('admin.announcement.to_hint') },
    { name: 'title', label: t('admin.announcement.title'), type: 'text', required: true, max: 100 },
    { name: 'body', label: t('admin.announcement.body'), type: 'area', required: true, max: 4000, hint: t('admin.announcement.body_hint') },
  ]), []);
  const label = (/** @type {Record<string, any>} */ values) => (values.service_point_id ? t('admin.announcement.send_to', { point: pointName(values.service_point_id) }) : t('admin.announcement.send'));
  return html`<${Form} fields=${fields} values=${{ service_point_id: here && can('notices.send', here) ? here : undefined }} creates label=${label} onCancel=${onCancel}
    submit=${(/** @type {any} */ values) => post('/announcements', values)} onDone=${onDone} />`;
}

/** What was announced within reach, and by whom it was read. */
export default function Announcements() {
  const list = pages(can('reports.read') ? '/announcements' : null, {}, { limit: 50 });
  const [writing, setWriting] = useState(false);
  const columns = [
    { key: 'title', label: t('admin.announcement.title'), href: (/** @type {any} */ a) => `#/admin/announcements/${a.id}` },
    { key: 'service_point_id', label: t('admin.announcement.to'), value: (/** @type {any} */ a) => pointName(a.service_point_id) },
    { key: 'created_at', label: t('admin.announcement.when'), cell: (/** @type {any} */ a) => whenText(a.created_at) },
    { key: 'policy_document_id', label: t('admin.announcement.document'), value: (/** @type {any} */ a) => (a.policy_document_id ? t('admin.announcement.with_document') : '') },
  ];
  const tools = can('notices.send') ? html`<button type="button" class="btn main" onClick=${() => setWriting(true)}><${Icon} name="plus" />${t('admin.announcement.write')}</button>` : null;
  return html`<${AdminPage} title=${t('admin.section.announcements')} section="announcements" may=${can('reports.read')} tools=${tools}
    after=${html`<${Dialog} wide title=${t('admin.announcement.write')} open=${writing} onClose=${() => setWriting(false)}>
      <${Write} onCancel=${() => setWriting(false)} onDone=${(/** @type {any} */ made) => { setWriting(false); go(`/admin/announcements/${made.id}`); }} /><//>`}>
    <section class="panel stack grow">${list.error && !list.rows.length ? html`<div class="pad"><${Failed} error=${list.error} retry=${list.reload} /></div>`
      : html`<${Sheet} caption=${t('admin.section.announcements')} columns=${columns} rows=${list.rows} csv=${t('admin.section.announcements')} more=${list.more}
        empty=${list.loading ? html`<${Loading} />` : t('admin.announcement.none')} />`}</section>
  <//>`;
}
