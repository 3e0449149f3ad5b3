import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { session } from '../../core/session.js';
import { Empty } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { Desk, useStyle } from '../parts/frame.js';
import { sections } from './rights.js';

/** @type {Record<string, string>} */
const ICONS = { points: 'home', accounts: 'people', announcements: 'bell', times: 'send', codes: 'file', metrics: 'k-train' };

/** @param {{ current: string }} props */
const Sections = ({ current }) => html`<nav class="scroll grow gutter" aria-label=${t('admin.sections')}>
  <ul class="sections">${sections().map(({ code, href }) => html`<li key=${code}><a href=${href} aria-current=${code === current ? 'page' : undefined}><${Icon} name=${ICONS[code] ?? 'file'} />${t(`admin.section.${code}`)}</a></li>`)}</ul>
  <p class="tiny dim gap"><a href="#/sessions">${t('admin.own_sessions')}</a></p>
  <p class="tiny dim">${t('admin.signed_in_as', { name: session.value.account?.username ?? '' })}</p>
</nav>`;

/**
 * The frame of a page of administration: its parts at the side.
 * @param {{ title: string, section: string, may?: boolean, above?: any, sub?: any, tools?: any, flow?: boolean, children?: any, after?: any }} props
 */
export function AdminPage({ title, section, may = true, above, sub, tools, flow, children, after }) {
  useStyle('desk-admin');
  return html`<${Desk} title=${title} nav="admin" side=${html`<${Sections} current=${section} />`} above=${above} sub=${sub} tools=${may ? tools : null} flow=${flow} after=${may ? after : null}>
    ${may ? children : html`<${Empty} icon="lock" text=${t('admin.not_yours')} href="#/admin" act=${t('admin.title')} />`}<//>`;
}

/** A way back to the list that something belongs to. @param {{ href: string, word: string }} props */
export const Up = ({ href, word }) => html`<a href=${href} class="line up"><${Icon} name="back" class="sm" />${word}</a>`;
