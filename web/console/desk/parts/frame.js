import { html, useEffect, useRef } from '../../core/html.js';
import { language, setLanguage, t } from '../../core/i18n.js';
import { online } from '../../core/api.js';
import { back } from '../../core/router.js';
import { can, session } from '../../core/session.js';
import { phoneOnly } from '../../core/settings.js';
import { Icon } from '../../parts/icons.js';
import { Sim } from '../../parts/shell.js';

export { useStyle } from './style.js';

/** The main menu, and who may use what. */
const NAV = () => /** @type {[string, string, boolean][]} */ ([
  ['network', t('desk.network'), can('statistics.read')],
  ['review', t('desk.review'), can('reports.read')],
  ['doubts', t('desk.doubts'), can('doubtful.read')],
  ['inspections', t('desk.inspections'), can('inspections.read')],
  ['ledgers', t('desk.ledgers'), can('households.read')],
  ['annual', t('desk.annual'), can('statistics.read')],
  ['audit', t('desk.audit'), can('audit.read')],
  ['admin', t('desk.admin'), can('accounts.manage') || can('service_points.manage') || can('settings.manage') || can('notices.send')],
  ['me', t('desk.me'), true],
]).filter(([, , may]) => may);

const Mark = () => html`<svg class="terrace mark" viewBox="0 0 26 24" aria-hidden="true"><rect class="b4" x="16" width="10" height="5" /><rect class="b3" x="11" y="6.3" width="15" height="5" /><rect class="b2" x="5.5" y="12.6" width="20.5" height="5" /><rect class="b1" y="19" width="26" height="5" /></svg>`;

/** @param {{ nav: string, skip: (e: Event) => void }} props */
function Top({ nav, skip }) {
  const { account, here, grants = [] } = session.value;
  const roles = [...new Set(grants.filter((g) => g.service_point_id === here?.id).map((g) => t(`role.${g.role}`)))].join(t('desk.join'));
  return html`<header class="top">
    <a class="skip" href="#content" onClick=${skip}>${t('desk.skip')}</a>
    <a class="brand" href="#/network"><${Mark} />${t('app.name')}</a>
    <nav aria-label=${t('desk.menu')}>${NAV().map(([name, word]) => html`<a key=${name} href="#/${name}"
      aria-current=${name === nav ? 'page' : undefined}>${word}</a>`)}</nav>
    <${Sim} end />
    <div class="seg tiny" role="group" aria-label=${t('desk.language')}>
      ${/** @type {const} */ (['zh-CN', 'en']).map((l) => html`<label key=${l}><input type="radio" name="desk-language" checked=${language.value === l}
        onChange=${() => setLanguage(l)} /><span lang=${l}>${l === 'en' ? 'EN' : '中文'}</span></label>`)}
    </div>
    <button type="button" class="btn quiet tiny" onClick=${() => { phoneOnly.value = true; }}>${t('me.view_phone')}</button>
    <a class="who" href="#/me" title=${here?.name}>${account?.display_name}<span class="dim">${roles}</span></a>
  </header>`;
}

/**
 * The frame of every page of the desk: main menu, what stands at the side, the page's head and its body.
 * @param {{
 *   title: string, nav: string, side?: any, above?: any, sub?: any, tools?: any, children?: any, after?: any, flow?: boolean, class?: string,
 * }} props `above` stands over the title (a stair), `sub` beside it, `tools` at its end; `after` outside the frame (paper, dialogs).
 *   With `flow` the body scrolls as a whole; otherwise it fills the window and its panels scroll.
 */
export function Desk({ title, nav, side, above, sub, tools, children, after, flow, class: more }) {
  const head = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    document.title = t('app.title', { page: title });
    // After a link the focus is nowhere, or on what is no more; in a tree or a field it stays where the person works.
    if (document.activeElement === document.body || document.activeElement === null) head.current?.focus({ preventScroll: true });
  }, [title, language.value]);
  const skip = (/** @type {Event} */ e) => {
    e.preventDefault();
    head.current?.focus();
  };
  return html`<div class="desk ${side ? 'with-side' : ''} ${more ?? ''}">
    <${Top} nav=${nav} skip=${skip} />
    ${side ? html`<aside class="side" aria-label=${t('desk.side')}>${side}</aside>` : null}
    <main id="content" tabindex="-1" class="body ${flow ? 'flow' : ''}">
      <div role="status">${online.value ? null : html`<p class="net"><${Icon} name="nonet" class="sm" /><span>${t('desk.offline')}</span></p>`}</div>
      ${above ? html`<div class="line">${above}</div>` : null}
      <div class="line head"><h1 tabindex="-1" ref=${head}>${title}</h1>${sub ? html`<span class="dim small">${sub}</span>` : null}
        ${tools ? html`<span class="end line tools">${tools}</span>` : null}</div>
      ${children}
    </main>
  </div>${after}`;
}

/**
 * Breadcrumbs that go down the terraces.
 * @param {{ points: { id: string, name: string }[], href?: (id: string) => string }} props the last one is where one stands
 */
export function Stair({ points, href = (id) => `#/network/${id}` }) {
  return html`<nav aria-label=${t('desk.where')}><ol class="stair">${points.map((p, n) => html`<li key=${p.id}
    class=${n === points.length - 1 ? 'here' : undefined} aria-current=${n === points.length - 1 ? 'page' : undefined}>
    ${n === points.length - 1 ? p.name : html`<a href=${href(p.id)}>${p.name}</a>`}</li>`)}</ol></nav>`;
}

/**
 * A page of the phone, on the desk: its own content in one column.
 * @param {{ title?: string, head?: any, back?: string, dock?: any, onSubmit?: (e: Event) => void, children?: any }} props
 */
export function PhonePage({ title, head, back: up, dock, onSubmit, children }) {
  const goBack = (/** @type {Event} */ e) => {
    e.preventDefault();
    back(up ?? '/network');
  };
  return html`<${Desk} title=${title ?? ''} nav="me" flow
    above=${up ? html`<a href="#${up}" onClick=${goBack} class="line"><${Icon} name="back" />${t('shell.back')}</a>` : null}>
    <${onSubmit ? 'form' : 'div'} class="column" onSubmit=${onSubmit} noValidate=${onSubmit ? true : undefined}>
      ${head}${children}
      ${dock ? html`<div class="dock">${dock}</div>` : null}
    <//>
  <//>`;
}
