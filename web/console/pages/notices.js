import { html } from '../core/html.js';
import { get } from '../core/api.js';
import { t } from '../core/i18n.js';
import { whenText } from '../core/format.js';
import { useAnswer } from '../core/sync.js';
import { Shell } from '../parts/shell.js';
import { State } from '../parts/state.js';
import { Answer, Empty, Row, Rows } from '../parts/rows.js';
import { noticeKind, noticeTitle } from '../parts/notice-text.js';

/** What the point is told, unread first. */
export default function Notices() {
  const answer = useAnswer('notices', () => get('/notices', { limit: '100' }));
  return html`<${Shell} title=${t('notices.title')} back="/me">
    <${Answer} answer=${answer}>${(/** @type {any} */ page) => {
      const items = [...page.items].sort((a, b) => Number(Boolean(a.read_at)) - Number(Boolean(b.read_at)) || b.created_at.localeCompare(a.created_at));
      return items.length ? html`<${Rows}>${items.map((n) => html`<${Row} key=${n.id} href="#/notice/${n.id}" class=${n.read_at ? '' : 'unread'}
        before=${html`<${State} kind=${noticeKind(n.kind)} />`}>
        <b>${n.read_at ? null : html`<span class="sr">${t('notices.unread')}</span>`}${noticeTitle(n)}</b><br /><span class="dim tiny">${whenText(n.created_at)}</span>
      <//>`)}<//>` : html`<${Empty} icon="bell" text=${t('notices.none')} />`;
    }}<//>
  <//>`;
}
