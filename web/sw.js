/**
 * Keeps the console itself on the phone, so that it opens without a network. Answers of the API are not its business: they hold
 * names and numbers, and what is kept of them is kept sealed.
 *
 * A version lies in a cache of its own, and its page is put there last: a version is complete when its page is there. Whoever
 * opens the console gets the newest complete version; whoever has it open goes on with the files of theirs. So a new version
 * never comes in the middle of a form, and it does not matter which worker is at work.
 */
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const BASE = '{{base}}';
const CACHE = 'terrace-{{digest}}';
/** What a phone needs; the desk's pages are for offices, which have a network. @type {string[]} */
const FILES = JSON.parse('{{files}}').filter((/** @type {string} */ file) => !/\/desk\/|\/words\/desk-|\/style\/desk/.test(file));
const OUTSIDE = ['/manifest.webmanifest', '/icon.svg'];
/** So many versions are kept, for pages that have been open for long. */
const VERSIONS = 3;

async function fill() {
  const page = await fetch('/', { cache: 'reload' });
  // While the server is being renewed the page may be a newer one than this worker. Then the next attempt is right.
  if (!page.ok || !(await page.clone().text()).includes(`${BASE}/`)) throw new Error('the page is of another version');
  // The newest version is the one whose cache was made last.
  await caches.delete(CACHE);
  const cache = await caches.open(CACHE);
  await cache.addAll([...OUTSIDE, ...FILES]);
  await cache.put('/', page);
  for (const name of (await caches.keys()).slice(0, -VERSIONS)) await caches.delete(name);
}

/** The page of the newest complete version. */
async function newestPage() {
  for (const name of (await caches.keys()).reverse()) {
    const page = await (await caches.open(name)).match('/');
    if (page) return page;
  }
  return undefined;
}

/** @param {Request} request @param {string} path */
async function kept(request, path) {
  const found = path === '/' ? await newestPage() : await caches.match(path);
  return found ?? fetch(request);
}

worker.addEventListener('install', (event) => event.waitUntil(fill()));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const ours = pathname === '/' || pathname.startsWith('/console/') || OUTSIDE.includes(pathname);
  if (request.method === 'GET' && origin === worker.location.origin && ours) event.respondWith(kept(request, pathname));
});
