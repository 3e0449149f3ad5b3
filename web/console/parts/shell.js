import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { online } from '../core/api.js';
import { simulated } from '../core/session.js';
import { back } from '../core/router.js';
import { deskFrame } from '../core/settings.js';
import { Icon } from './icons.js';

/** The label of simulated data; nothing where data are real. @param {{ end?: boolean }} props */
export const Sim = ({ end }) => (simulated.value ? html`<span class="sim ${end ? 'end' : ''}">${t('shell.simulated')}</span>` : null);

const TABS = () => /** @type {const} */ ([
  ['home', 'home', t('shell.home')],
  ['households', 'people', t('shell.households')],
  ['log', 'pen', t('shell.log')],
  ['report', 'send', t('shell.report')],
  ['me', 'me', t('shell.me')],
]);

/** @param {{ current: string }} props */
const Tabs = ({ current }) => html`<nav class="tabs" aria-label=${t('shell.menu')}>
  ${TABS().map(([name, icon, word]) => html`<a key=${name}
    href="#/${name}" aria-current=${name === current ? 'page' : undefined}><${Icon} name=${icon} />${word}</a>`)}
</nav>`;

/**
 * The frame of a page: its head, whether there is a network, its content, the act that is always in reach, the five tabs.
 * With `onSubmit` the whole page is one form, so that the act in the dock sends it.
 * @param {{ title?: string, back?: string, head?: any, tab?: string, dock?: any, onSubmit?: () => void, children?: any, after?: any, class?: string }} props
 */
export function Shell({ title, back: up, head, tab, dock, onSubmit, children, after, class: more }) {
  const submit = onSubmit && ((/** @type {Event} */ e) => { e.preventDefault(); onSubmit(); });
  const Frame = deskFrame.value;
  if (Frame) return html`<${Frame} title=${title} head=${head} back=${up} dock=${dock} onSubmit=${submit}>${children}<//>${after}`;
  const goBack = (/** @type {Event} */ e) => { e.preventDefault(); back(up ?? '/home'); };
  return html`<${onSubmit ? 'form' : 'div'} class="phone ${more ?? ''}" onSubmit=${submit} noValidate=${onSubmit ? true : undefined}>
    ${head ?? html`<header class="back">
      ${up ? html`<a href="#${up}" onClick=${goBack}><${Icon} name="back" label=${t('shell.back')} /></a>` : null}
      <h1 tabindex="-1">${title}</h1><${Sim} end />
    </header>`}
    <div role="status">${online.value ? null : html`<p class="net"><${Icon} name="nonet" class="sm" /><span>${t('shell.offline')}</span></p>`}</div>
    <main>${children}</main>
    <footer class="foot">
      ${dock ? html`<div class="dock">${dock}</div>` : null}
      ${tab === undefined ? null : html`<${Tabs} current=${tab} />`}
    </footer>
  <//>${after}`;
}
