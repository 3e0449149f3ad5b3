/**
 * Who works on this phone. The server ends a session, or the person does; silence never does.
 *
 * @typedef {{ id: string, username: string, display_name: string }} Account
 * @typedef {{ role: string, service_point_id: string | null }} Grant
 * @typedef {{ id: string, name: string, tier: 'bureau' | 'county' | 'township' | 'village', parent_name: string | null, above: string[] }} PointCard
 *   `above` are the ids of the points above it, as far as they are in reach
 * @typedef {{
 *   state: 'starting' | 'signed_out' | 'locked' | 'must_change_password' | 'signed_in',
 *   account?: Account, grants?: Grant[], permissions?: Map<string, string[]>, points?: PointCard[], here?: PointCard,
 * }} Session `locked`: nobody is signed in, and something is sealed on the phone for somebody
 * @typedef {{ tier: string, role: string, username: string, password: string, point: string }} DemoSignIn
 * @typedef {{ account: Account, grants: Grant[], permissions: [string, string[]][], points: PointCard[], here?: string, seen_at: string }} Kept
 */
import { Offline, Problem, begin, get, mustChange, onEnd, post, renew, stopWork, tokenLeft, workFor } from './api.js';
import { batch, computed, remember, remembered, setCodeLists, signal } from './base.js';

/** Without a word of the server for so long, what the phone keeps is sealed even from its owner. */
const KEPT_DAYS = 7;
/** The access token is renewed this long before its end. */
const AHEAD = 120_000;
const MOST_DEVICE_TOKENS = 5;
const MOST_POINTS = 20;
/** How long a sign-out waits for the network before it lets go. */
const PATIENCE = 3_000;

const current = signal(/** @type {Session} */ ({ state: 'starting' }));
export const session = computed(() => current.value);
/** The data are invented: the server has sign-ins to try it with. */
export const simulated = signal(remembered('simulated') === '1');
/** Entries that are not sent; the outbox counts them. */
export const unsentCount = signal(0);
export const unsent = () => unsentCount.value;
/** What is sealed on the phone for somebody who is not signed in: the number of entries that are not sent. */
export const sealedUnsent = signal(0);
/** What the console needs of the browser is missing: there is no seal on an insecure address. */
export const insecure = !(globalThis.isSecureContext ?? true) || !globalThis.crypto?.subtle;

// The phone's database is not needed for the first screen.
const storage = () => import('./store.js');
const channel = globalThis.BroadcastChannel ? new BroadcastChannel('terrace.session') : null;

// ---- beginning ----

/** Finds out who works here: from the phone if it knows, otherwise from the server. */
export async function start() {
  if (insecure) return void (current.value = { state: 'signed_out' });
  void demoSignIns().catch(() => {});
  if (remembered('signed_in') === null) {
    leaving = payOwed().catch(() => {});
    current.value = { state: 'signed_out' };
    // On a first visit there is nothing to look for.
    return remembered('device') === null ? undefined : rest();
  }
  const kept = await keptSession().catch(() => null);
  if (kept) return void signedIn(kept);
  try {
    await payOwed();
    await renew();
    await enter();
  } catch {
    await rest();
  }
}

/** What this phone knows of the person who works on it, if it was told so not too long ago. @returns {Promise<Kept | null>} */
async function keptSession() {
  if (remembered('sign_out_owed') !== null) return null;
  const store = await storage();
  const d = await store.keptDevice();
  const kept = /** @type {Kept | undefined} */ (await d?.get('meta', 'session'));
  // A clock that was set back proves nothing either.
  if (!d || !kept || Math.abs(Date.now() - Date.parse(kept.seen_at)) > KEPT_DAYS * 86400e3) return null;
  workFor(d.account);
  store.device.value = d;
  void refresh().catch(() => {});
  return kept;
}

/** Nobody works here. */
async function rest() {
  stopWork();
  let sealed = { any: false, unsent: 0 };
  try {
    const store = await storage();
    store.device.value = null;
    await store.dropKeys();
    sealed = await store.sealedHere();
  } catch {
    // Without storage there is nothing sealed.
  }
  batch(() => {
    sealedUnsent.value = sealed.unsent;
    current.value = { state: sealed.any ? 'locked' : 'signed_out' };
  });
}

/** @param {Kept} kept */
function signedIn(kept) {
  remember('signed_in', '1');
  const points = kept.points;
  current.value = {
    state: 'signed_in', account: kept.account, grants: kept.grants, permissions: new Map(kept.permissions), points,
    ...(points[0] && { here: points.find((p) => p.id === kept.here) ?? points[0] }),
  };
}

/**
 * @param {string} username
 * @param {string} password
 */
export async function signIn(username, password) {
  // An unfinished sign-out would take the new cookie with it.
  await leaving;
  await payOwed();
  const name = username.trim().toLowerCase();
  const { nameFor } = await import('./seal.js');
  const tag = await nameFor(`terrace device ${name}`);
  const tokens = deviceTokens();
  const told = await begin({ username: username.trim(), password, cookie: true, ...(tokens[tag] && { device_token: tokens[tag] }) });
  if (told.device_token) {
    const { [tag]: _, ...others } = tokens;
    const latest = Object.entries(others).slice(1 - MOST_DEVICE_TOKENS);
    remember('device', JSON.stringify({ ...Object.fromEntries(latest), [tag]: told.device_token }));
  }
  remember('signed_in', '1');
  await enter();
  channel?.postMessage({ entered: told.account });
}

/** @returns {Record<string, string>} */
function deviceTokens() {
  try {
    return JSON.parse(remembered('device') ?? '{}');
  } catch {
    return {};
  }
}

/** Begins to work for whom the token is for. */
async function enter() {
  // Without a password of one's own nothing but this is answered.
  if (mustChange()) {
    const { id, username, display_name } = (await get('/me')).account;
    return void (current.value = { state: 'must_change_password', account: { id, username, display_name } });
  }
  void readCodeLists().catch(() => {});
  const [{ key }, kept] = await Promise.all([post('/auth/device-key'), get('/me').then(about)]);
  const { id } = kept.account;
  try {
    const store = await storage();
    const { keyOf } = await import('./seal.js');
    const d = await store.keepKey(id, await keyOf(key));
    const before = /** @type {Kept | undefined} */ (await d.get('meta', 'session'));
    if (before?.here) kept.here = before.here;
    await d.write([{ store: 'meta', id: 'session', value: kept }]);
    store.device.value = d;
    if (remembered('persist') === null) {
      // Asked once: some browsers ask the person.
      remember('persist', '1');
      void globalThis.navigator?.storage?.persist?.();
    }
  } catch (error) {
    // The phone can keep nothing: what needs no keeping works all the same, and the outbox says so when it is asked to.
    console.warn('nothing can be kept on this device', error);
  }
  signedIn(kept);
}

/** The words of the lists: those that the phone has at once, then those of the server. */
async function readCodeLists() {
  const store = await storage();
  const kept = await store.plain('code_lists').catch(() => null);
  if (kept) setCodeLists(kept);
  const { items } = await get('/code-lists');
  setCodeLists(items);
  await store.keepPlain('code_lists', items);
}

/** @param {any} me what GET /me says @returns {Promise<Kept>} */
async function about(me) {
  const { id, username, display_name } = me.account;
  /** @type {Grant[]} */
  const grants = me.grants;
  const ids = [...new Set(grants.flatMap((g) => g.service_point_id ?? []))].slice(0, MOST_POINTS);
  const points = await Promise.all(ids.map(async (point) => {
    const [own, ancestors] = await Promise.all([get(`/service-points/${point}`), get(`/service-points/${point}/ancestors`)]);
    const above = /** @type {any[]} */ (ancestors.items).filter((p) => p.id !== point);
    return { id: point, name: own.name, tier: own.tier, parent_name: above.at(-1)?.name ?? null, above: above.map((p) => p.id) };
  }));
  return {
    account: { id, username, display_name }, grants, points, seen_at: new Date().toISOString(),
    permissions: me.permissions.map((/** @type {any} */ p) => [p.permission, p.service_point_ids]),
  };
}

/** Asks anew who I am and what I may do, and which words there are. */
async function refresh() {
  const [kept] = await Promise.all([get('/me').then(about), readCodeLists()]);
  if (current.value.state !== 'signed_in' || current.value.account?.id !== kept.account.id) return;
  kept.here = current.value.here?.id;
  signedIn(kept);
  await (await storage()).device.value?.write([{ store: 'meta', id: 'session', value: kept }]);
}

// ---- while it lasts ----

/** @param {(kept: Kept) => Kept} edit */
async function rewrite(edit) {
  const d = (await storage()).device.value;
  const kept = /** @type {Kept | undefined} */ (await d?.get('meta', 'session'));
  if (d && kept) await d.write([{ store: 'meta', id: 'session', value: edit(kept) }]);
}

/** Works at another point of the own grants from now on. @param {string} id */
export async function chooseHere(id) {
  const here = current.value.points?.find((p) => p.id === id);
  if (!here) return;
  current.value = { ...current.value, here };
  await rewrite((kept) => ({ ...kept, here: id }));
}

/** @type {Map<string, string[]>} */
const lineage = new Map();

/** What lies above a point that was met on the way down, so that it is known what I may do there. @param {string} id @param {string[]} above */
export function noteAbove(id, above) {
  lineage.set(id, above);
}

/**
 * Whether I may do something, there or anywhere.
 * @param {string} permission
 * @param {string} [pointId]
 */
export function can(permission, pointId) {
  const tops = current.value.permissions?.get(permission) ?? [];
  if (pointId === undefined) return tops.length > 0;
  const above = current.value.points?.find((p) => p.id === pointId)?.above ?? lineage.get(pointId) ?? [];
  return [pointId, ...above].some((id) => tops.includes(id));
}

/**
 * Changes the own password; other sessions end.
 * @param {string} present
 * @param {string} next
 */
export async function changePassword(present, next) {
  await post('/auth/password', { current_password: present, new_password: next });
  if (current.value.state !== 'must_change_password') return;
  await renew();
  await enter();
}

function renewInTime() {
  const { state } = current.value;
  const due = state === 'signed_in' || state === 'must_change_password';
  if (due && document.visibilityState === 'visible' && tokenLeft() < AHEAD) void renew().catch(() => {});
}
if (globalThis.document) {
  setInterval(renewInTime, 30_000);
  document.addEventListener('visibilitychange', renewInTime);
}

// ---- ending ----

/** @type {Promise<void>} */
let leaving = Promise.resolve();

/**
 * Signs out: nothing but sealed unsent entries stays on the phone. Without a network the server is told later, before anybody
 * signs in here again.
 */
export async function signOut() {
  const account = current.value.account?.id;
  remember('sign_out_owed', '1');
  const told = post('/auth/sign-out', undefined, { keepalive: true }).then(paid, (error) => {
    if (error instanceof Problem && error.status === 401) paid();
  });
  leaving = told;
  const store = await storage().catch(() => null);
  await store?.device.value?.wipe().catch(() => store.dropKeys());
  remember('signed_in', null);
  channel?.postMessage({ left: account });
  // The request has its token already, unless it had to be renewed first.
  await Promise.race([told, new Promise((done) => setTimeout(done, PATIENCE))]);
  history.replaceState(null, '', '#/');
  await rest();
}

const paid = () => remember('sign_out_owed', null);

/** Ends at the server what was ended here without a network. */
async function payOwed() {
  if (remembered('sign_out_owed') === null) return;
  try {
    stopWork();
    await renew();
    await post('/auth/sign-out');
  } catch (error) {
    if (error instanceof Offline || (error instanceof Problem && error.status >= 429)) throw error;
  }
  stopWork();
  paid();
}

onEnd({
  refused() {
    // At the start nobody works here yet, and start() goes on by itself.
    if (current.value.state !== 'starting' && remembered('sign_out_owed') === null) void rest();
  },
  stranger() {
    // Another tab works for somebody else. This one begins anew with what the server says.
    void storage().then((store) => store.dropKeys()).catch(() => {}).finally(() => location.reload());
  },
  passwordNeeded() {
    const { account } = current.value;
    if (account && current.value.state === 'signed_in') current.value = { state: 'must_change_password', account };
  },
  renewed() {
    if (current.value.state === 'signed_in') {
      void rewrite((kept) => ({ ...kept, seen_at: new Date().toISOString() })).catch(() => {});
    }
  },
});

channel?.addEventListener('message', ({ data }) => {
  const account = current.value.account?.id;
  if (!account) return;
  if (data.left === account) void rest();
  else if (data.entered && data.entered !== account) location.reload();
});

/** @type {Promise<DemoSignIn[]> | null} */
let offered = null;

/** The sign-ins that the server offers to try it with: none unless its data are invented. @returns {Promise<DemoSignIn[]>} */
export function demoSignIns() {
  offered ??= get('/demo', undefined, { open: true }).then((demo) => {
    simulated.value = demo.simulated;
    remember('simulated', simulated.value ? '1' : null);
    return demo.sign_ins;
  });
  offered.catch(() => (offered = null));
  return offered;
}
