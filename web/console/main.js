/** The beginning: who works here, which page is wanted, and what is said when something fails. */
import { Offline, Problem, Stopped, online } from './core/api.js';
import {
  addWords, applySettings, dismiss, followAddress, html, render, route, t, toast, toasts, useEffect, useErrorBoundary, useState,
} from './core/base.js';
import { session, start } from './core/session.js';
import SignIn from './pages/sign-in.js';

/** @typedef {(props: { id?: string, query: URLSearchParams }) => any} Page */

/** @type {Record<string, () => Promise<{ default: Page }>>} */
const PAGES = {
  home: () => import('./pages/home.js'),
  households: () => import('./pages/households.js'),
  household: () => import('./pages/household.js'),
  register: () => import('./pages/register.js'),
  log: () => import('./pages/log.js'),
  record: () => import('./pages/record.js'),
  outbox: () => import('./pages/outbox.js'),
  report: () => import('./pages/report.js'),
  notices: () => import('./pages/notices.js'),
  notice: () => import('./pages/notice.js'),
  me: () => import('./pages/me.js'),
  password: () => import('./pages/password.js'),
  sessions: () => import('./pages/sessions.js'),
  help: () => import('./pages/help.js'),
};

/** @type {Map<string, Page>} */
const loaded = new Map();

/** A page with what every page behind the sign-in needs. @param {string} name @returns {Promise<Page>} */
async function load(name) {
  const [page] = await Promise.all([PAGES[name]?.(), addWords('pages'), import('./core/sync.js')]);
  if (!page) throw new Error(name);
  loaded.set(name, page.default);
  return page.default;
}

const Splash = () => html`<div class="splash" role="status">
  <svg class="mark" viewBox="0 0 26 24" aria-hidden="true"><rect class="b4" x="19.5" width="6.5" height="6" /><rect class="b3" x="13" y="6" width="13" height="6" /><rect class="b2" x="6.5" y="12" width="19.5" height="6" /><rect class="b1" y="18" width="26" height="6" /></svg>
  <p>${t('app.loading')}</p>
</div>`;

/** @param {{ text: string, error?: unknown, act: string, onAct: () => void }} props */
const Failure = ({ text, error, act, onAct }) => html`<div class="splash" role="alert">
  <h1 tabindex="-1">${text}</h1>
  ${error instanceof Problem && error.requestId ? html`<p>${t('app.request', { id: error.requestId })}</p>` : null}
  <p><button type="button" class="btn main" onClick=${onAct}>${act}</button></p>
</div>`;

/** @param {{ name: string, id?: string, query: URLSearchParams }} props */
function Place({ name, id, query }) {
  const [, again] = useState(0);
  const [missing, setMissing] = useState('');
  const [broken, mend] = useErrorBoundary((error) => console.error(error));
  const Page = loaded.get(name);
  const fetchPage = () => {
    setMissing('');
    load(name).then(() => again((n) => n + 1), (error) => {
      console.error(error);
      setMissing(name);
    });
  };
  useEffect(() => {
    mend();
    if (!Page) fetchPage();
  }, [name, id]);
  useEffect(() => {
    if (!Page) return;
    scrollTo(0, 0);
    const head = document.querySelector('h1');
    head?.setAttribute('tabindex', '-1');
    head?.focus({ preventScroll: true });
    document.title = t('app.title', { page: head?.textContent ?? '' });
  }, [name, id, Page]);
  if (broken) return html`<${Failure} text=${t('app.failed')} error=${broken} act=${t('app.reload')} onAct=${() => location.reload()} />`;
  // With a network it is more likely that the server has a newer console, which has no more use for this one's files.
  if (missing === name) return html`<${Failure} text=${t('app.page_missing')} act=${t('app.again')} onAct=${() => (online.value ? location.reload() : fetchPage())} />`;
  if (!Page) return html`<${Splash} />`;
  return html`<${Page} key=${`${name}/${id ?? ''}`} id=${id} query=${query} />`;
}

function Toasts() {
  return html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.value.map(({ id, text, kind }) => html`<div key=${id} class="note ${kind}"><p>${text}</p><button type="button" class="end" aria-label=${t('app.close')} onClick=${() => dismiss(id)}>×</button></div>`)}
  </div>`;
}

function Console() {
  const { state } = session.value;
  const { name, id, query } = route.value;
  const known = Object.hasOwn(PAGES, name) ? name : 'home';
  if (state === 'starting') return html`<${Splash} />`;
  if (state === 'must_change_password') return html`<${Place} key="first" name="password" query=${query} />`;
  if (state === 'signed_in') return html`<${Place} key=${session.value.account?.id} name=${known} id=${id} query=${query} />`;
  return html`<${SignIn} />`;
}

/** Without a service worker the pages have to be here before the network goes. */
async function loadAll() {
  for (const name of Object.keys(PAGES)) await load(name).catch(() => {});
}

addEventListener('unhandledrejection', ({ reason }) => {
  if (reason instanceof Stopped || reason instanceof Offline) return;
  toast(reason instanceof Problem ? [reason.title, reason.detail].filter(Boolean).join(' ') : t('app.unexpected'), 'error');
});

async function watchForUpdates() {
  if (!navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.register('/sw.js');
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && navigator.serviceWorker.controller) toast(t('app.update'), 'wait');
    });
  });
}

async function begin() {
  applySettings();
  followAddress();
  const root = /** @type {HTMLElement} */ (document.getElementById('app'));
  // A rejected start leaves nobody signed in, and the sign-in page says what is the matter.
  await Promise.all([addWords('first'), start()]);
  root.textContent = '';
  render(html`<${Console} /><${Toasts} />`, root);
  // What comes for later must not be in the way of the first screen.
  setTimeout(() => void watchForUpdates().catch(() => {}), 2_000);
  session.subscribe(({ state }) => {
    // While somebody types, the page that comes next comes already.
    if (state === 'signed_out' || state === 'locked') setTimeout(() => void load('home').catch(() => {}), 1_000);
    if (state === 'signed_in' && !navigator.serviceWorker?.controller) setTimeout(loadAll, 3_000);
  });
}

void begin();
