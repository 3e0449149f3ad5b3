/** The beginning: who works here, which page is wanted, and what is said when something fails. */
import { Offline, Problem, Stopped, online } from './core/api.js';
import {
  addWords, applySettings, computed, dismiss, followAddress, html, phoneOnly, render, route, t, toast, toasts,
  useEffect, useErrorBoundary, useState, wide,
} from './core/base.js';
import { session, start } from './core/session.js';
import SignIn from './pages/sign-in.js';

/** @typedef {((props: any) => any) & { stays?: boolean }} Page one that `stays` is shown on with another id, and not made anew */
/** @typedef {{ key: string, load: () => Promise<Page>, props: Record<string, string> }} Found */

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
  return page.default;
}

/** Where there is room and more than a village to look after, the desk. */
const atDesk = computed(() => {
  const { state, here } = session.value;
  return state === 'signed_in' && wide.value && !phoneOnly.value && here !== undefined && here.tier !== 'village';
});

/** The page of the phone that an address is for. @param {string} name @param {string} [id] @returns {Found} */
function phonePage(name, id) {
  const known = Object.hasOwn(PAGES, name) ? name : 'home';
  return { key: known, load: () => load(known), props: id === undefined ? {} : { id } };
}

/** @type {typeof import('./desk/start.js') | null} */
let desk = null;

/** The page that an address is for, on the desk or on the phone. @param {import('./core/base.js').Route} place @returns {Found} */
function find({ name, id, sub }) {
  if (!atDesk.value) return phonePage(name, id);
  // Until the desk is there its own page is being fetched, whatever it will be.
  if (!desk) return { key: 'desk', load: () => openDesk().then(() => find({ name, id, sub, query: new URLSearchParams() }).load()), props: {} };
  return desk.find([name, id, sub]) ?? (Object.hasOwn(PAGES, name) && name !== 'home' ? phonePage(name, id) : desk.find(['network']) ?? phonePage('home'));
}

async function openDesk() {
  const start = await import('./desk/start.js');
  await start.open();
  desk = start;
  desk.show(atDesk.value);
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

/** @param {{ place: import('./core/base.js').Route }} props */
function Place({ place }) {
  const [, again] = useState(0);
  const [missing, setMissing] = useState('');
  const [broken, mend] = useErrorBoundary((error) => console.error(error));
  const { key: name, load: fetch, props } = find(place);
  const Page = loaded.get(name);
  const id = Page?.stays ? '' : Object.values(props).join('/');
  const fetchPage = () => {
    setMissing('');
    fetch().then((page) => {
      if (name !== 'desk') loaded.set(name, page);
      again((n) => n + 1);
    }, (error) => {
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
  return html`<${Page} key=${`${name}/${id}`} ...${props} query=${place.query} />`;
}

function Toasts() {
  return html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.value.map(({ id, text, kind }) => html`<div key=${id} class="note ${kind}"><p>${text}</p><button type="button" class="end" aria-label=${t('app.close')} onClick=${() => dismiss(id)}>×</button></div>`)}
  </div>`;
}

function Console() {
  const { state } = session.value;
  if (state === 'starting') return html`<${Splash} />`;
  if (state === 'must_change_password') return html`<${Place} key="first" place=${{ name: 'password', query: route.value.query }} />`;
  if (state === 'signed_in') return html`<${Place} key=${session.value.account?.id} place=${route.value} />`;
  return html`<${SignIn} />`;
}

/** Without a service worker the pages have to be here before the network goes. */
async function loadAll() {
  for (const name of Object.keys(PAGES)) await load(name).then((page) => loaded.set(name, page), () => {});
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
  atDesk.subscribe((on) => desk?.show(on));
  render(html`<${Console} /><${Toasts} />`, root);
  // What comes for later must not be in the way of the first screen.
  setTimeout(() => void watchForUpdates().catch(() => {}), 2_000);
  session.subscribe(({ state }) => {
    // While somebody types, the page that comes next comes already.
    if (state === 'signed_out' || state === 'locked') setTimeout(() => void load('home').then((page) => loaded.set('home', page), () => {}), 1_000);
    if (state === 'signed_in' && !navigator.serviceWorker?.controller && !atDesk.value) setTimeout(loadAll, 3_000);
  });
}

void begin();
