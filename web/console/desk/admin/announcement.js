import { html } from '../../core/html.js';
import { count, whenText } from '../../core/format.js';
import { t } from '../../core/i18n.js';
import { can } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { pages, pointName, useGet } from '../data.js';
import { Sheet } from '../parts/sheet.js';
import { AdminPage, Up } from './frame.js';

/** n of N as a bar beside the number. @param {{ read: number, of: number }} props */
const Bar = ({ read, of }) => html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width=${of ? (read / of) * 100 : 0} height="8" /></svg>`;

/** One announcement: its text, how far it has come, who has read it. @param {{ id: string }} props */
export default function Announcement({ id }) {
  const answer = useGet(can('reports.read') ? `/announcements/${id}` : null);
  const receipts = useGet(can('reports.read') ? `/announcements/${id}/receipts` : null);
  const readers = pages(can('reports.read') ? `/announcements/${id}/readers` : null, {}, { limit: 50 });
  const told = answer.value;
  const up = html`<${Up} href="#/admin/announcements" word=${t('admin.section.announcements')} />`;
  if (!told) {
    return html`<${AdminPage} title=${t('admin.section.announcements')} section="announcements" may=${can('reports.read')} above=${up}>${answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`}<//>`;
  }
  const children = [
    { key: 'name', label: t('admin.announcement.child'), href: (/** @type {any} */ c) => `#/network/${c.service_point_id}` },
    { key: 'read', label: t('admin.announcement.read'), num: true, cell: (/** @type {any} */ c) => count(c.read) },
    { key: 'of', label: t('admin.announcement.of'), num: true, cell: (/** @type {any} */ c) => count(c.of) },
    { key: 'left', label: t('admin.announcement.unread'), num: true, value: (/** @type {any} */ c) => c.of - c.read, cell: (/** @type {any} */ c) => count(c.of - c.read) },
    { key: 'bar', label: t('admin.announcement.share'), bar: true, cell: (/** @type {any} */ c) => html`<${Bar} ...${c} />` },
  ];
  const people = [
    { key: 'display_name', label: t('admin.announcement.reader') },
    { key: 'name', label: t('admin.announcement.reader_at') },
    { key: 'read_at', label: t('admin.announcement.read_at'), cell: (/** @type {any} */ r) => whenText(r.read_at) },
  ];
  const r = receipts.value;
  return html`<${AdminPage} title=${told.title} section="announcements" above=${up} sub=${t('admin.announcement.sent', { point: pointName(told.service_point_id), when: whenText(told.created_at) })}>
    <section class="panel pad lone"><p class="announced">${told.body}</p></section>
    <div class="split even-halves">
      <section class="panel stack">${!r ? (receipts.error ? html`<${Failed} error=${receipts.error} retry=${receipts.reload} />` : html`<${Loading} />`)
        : html`<${Sheet} caption=${t('admin.announcement.receipts')} columns=${children} rows=${r.by_child} id=${(/** @type {any} */ c) => c.service_point_id} csv=${told.title}
          foot=${{ name: t('admin.announcement.all'), read: count(r.read), of: count(r.of), left: count(r.of - r.read), bar: html`<${Bar} ...${r} />` }}
          footRow=${{ name: t('admin.announcement.all'), read: r.read, of: r.of, left: r.of - r.read }} tools=${html`<h2>${t('admin.announcement.receipts')}</h2>`}
          note=${t('admin.announcement.receipts_note')} empty=${t('admin.announcement.no_children')} />`}</section>
      <section class="panel stack">${readers.error && !readers.rows.length ? html`<${Failed} error=${readers.error} retry=${readers.reload} />`
        : html`<${Sheet} caption=${t('admin.announcement.readers')} columns=${people} rows=${readers.rows} id=${(/** @type {any} */ one) => `${one.service_point_id}/${one.display_name}/${one.read_at}`} csv=${t('admin.announcement.readers')}
          more=${readers.more} tools=${html`<h2>${t('admin.announcement.readers')}</h2>`} empty=${readers.loading ? html`<${Loading} />` : t('admin.announcement.nobody')} />`}</section>
    </div>
  <//>`;
}
