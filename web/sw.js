/**
 * Keeps the console itself on the phone, so that it opens without a network. Answers of the API are not its business: they hold
 * names and numbers, and what is kept of them is kept sealed.
 */
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const BASE = '{{base}}';
const CACHE = 'terrace-{{digest}}';
/** @type {string[]} */
const FILES = JSON.parse('{{files}}');
const OUTSIDE = ['/manifest.webmanifest', '/icon.svg'];
const KEPT = new Set(['/', ...OUTSIDE, ...FILES]);

async function fill() {
  const page = await fetch('/', { cache: 'reload' });
  // While the server is being renewed the page may be a newer one than this worker. Then the next attempt is right.
  if (!page.ok || !(await page.clone().text()).includes(`${BASE}/`)) throw new Error('the page is of another version');
  const cache = await caches.open(CACHE);
  await cache.addAll([...OUTSIDE, ...FILES]);
  await cache.put('/', page);
}

async function tidy() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await worker.clients.claim();
}

/** @param {Request} request @param {string} path */
async function kept(request, path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

/** A new version waits until the console is opened anew and nobody is in the middle of something in another tab. */
async function takeOver() {
  const tabs = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (tabs.length <= 1) await worker.skipWaiting();
}

worker.addEventListener('install', (event) => event.waitUntil(fill()));
worker.addEventListener('activate', (event) => event.waitUntil(tidy()));
worker.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(takeOver());
});
worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== worker.location.origin || !KEPT.has(url.pathname)) return;
  event.respondWith(kept(event.request, url.pathname));
});
