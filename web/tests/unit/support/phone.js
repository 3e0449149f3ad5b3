// A phone without a screen: the console's own modules, a database in memory, and a server that can be made to misbehave.
import 'fake-indexeddb/auto';

/** @typedef {Record<string, any>} Json */

const kept = new Map();
Object.assign(globalThis, {
  localStorage: {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  },
  history: { replaceState() {}, state: null },
  location: { hash: '', reload() {} },
  // It would keep the test from ending.
  BroadcastChannel: undefined,
});
/** What the phone remembers in clear. */
export const remembered = kept;

const offline = () => new TypeError('Failed to fetch');

/** @param {string} account */
const tokenFor = (account, n = 0) => `x.${Buffer.from(JSON.stringify({ sub: account, n })).toString('base64url')}.x`;

/** What the server of a test does, with the semantics of the real one. */
export class Server {
  /** The account that the cookie belongs to. @type {string | null} */
  cookie = null;
  /** Access tokens that are good. */
  tokens = new Set();
  /** @type {Map<string, Json>} by account and item */
  receipts = new Map();
  /** What was carried out, in order. @type {{ account: string, item: Json }[]} */
  done = [];
  /** @type {Map<string, Json>} */
  records = new Map();
  /** @type {Map<string, Json>} */
  households = new Map();
  /** Objects in the order of their changes. @type {string[]} */
  changed = [];
  /** Every request that arrived: its path and what it brought. @type {{ path: string, body: any }[]} */
  requests = [];
  /** Refuses items that it returns a problem for. @type {(item: Json) => Json | null} */
  refuses = () => null;
  /** What happens to a request: `lost` never arrives, `unanswered` arrives and has no answer. @type {(path: string) => 'fine' | 'lost' | 'unanswered' | 'portal' | 'busy'} */
  fate = () => 'fine';
  /** Done just before an answer leaves. @type {(path: string) => unknown} */
  beforeAnswer = () => {};
  grants = [{ role: 'worker', service_point_id: 'point-1' }];
  serial = 0;

  /** @param {string} url @param {any} init */
  async fetch(url, init) {
    const { pathname, searchParams } = new URL(url, 'http://phone');
    const path = pathname.replace('/api/v1', '');
    const fate = this.fate(path);
    if (fate === 'lost') throw offline();
    // Something on the way that wants a sign-in of its own.
    if (fate === 'portal') return new Response('{}', { status: 401, headers: { 'content-type': 'application/json' } });
    const body = init.body ? JSON.parse(init.body) : undefined;
    this.requests.push({ path, body });
    const token = init.headers.authorization?.slice(7);
    const [status, answer] = fate === 'busy' ? [503, { code: 'server.busy', status: 503 }] : this.answer(init.method, path, searchParams, body, token);
    await this.beforeAnswer(path);
    if (fate === 'unanswered') throw offline();
    return new Response(answer === null ? null : JSON.stringify(answer), { status, headers: { 'x-request-id': 'r1', 'content-type': 'application/json' } });
  }

  /** @param {string} account */
  tokensFor(account) {
    const access_token = tokenFor(account, ++this.serial);
    this.tokens.add(access_token);
    return { access_token, token_type: 'Bearer', expires_in: 900, must_change_password: false };
  }

  /** @param {string} method @param {string} path @param {URLSearchParams} query @param {any} body @param {string} [token] @returns {[number, any]} */
  answer(method, path, query, body, token) {
    const refused = /** @type {[number, any]} */ ([401, { status: 401, code: 'auth.sign_in_required', title: 'sign in' }]);
    if (path === '/demo') return [200, { sign_ins: [] }];
    if (path === '/auth/sign-in') {
      if (body.password !== 'right') return [401, { status: 401, code: 'auth.wrong_credentials', title: 'wrong' }];
      this.cookie = body.username;
      return [200, { ...this.tokensFor(body.username), device_token: `device of ${body.username}` }];
    }
    if (path === '/auth/refresh') return this.cookie === null ? refused : [200, this.tokensFor(this.cookie)];
    if (!token || !this.tokens.has(token)) return refused;
    const account = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub;
    if (path === '/auth/sign-out') {
      this.end(account);
      return [204, null];
    }
    if (path === '/auth/device-key') return [200, { key: Buffer.alloc(32, account).toString('base64url') }];
    if (path === '/me') {
      const permissions = ['households.read', 'assistance.log', 'households.write'].map((permission) => ({ permission, service_point_ids: ['point-1'] }));
      return [200, { account: { id: account, username: account, display_name: account, must_change_password: false }, grants: this.grants, permissions }];
    }
    if (path === '/code-lists') return [200, { items: [] }];
    if (path.endsWith('/ancestors')) return [200, { items: [] }];
    if (path.startsWith('/service-points/')) return [200, { id: path.split('/')[2], name: '模拟村', tier: 'village' }];
    if (path === '/notices/unread') return [200, { unread: 0 }];
    if (path === '/batches') return [200, { items: this.batch(account, body.items) }];
    if (path === '/changes') return this.changes(query);
    return [404, { status: 404, code: 'route.unknown' }];
  }

  /** Ends the sessions of an account. @param {string} account */
  end(account) {
    if (this.cookie === account) this.cookie = null;
    for (const token of [...this.tokens]) if (JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).sub === account) this.tokens.delete(token);
  }

  /** @param {string} account @param {Json[]} items */
  batch(account, items) {
    return items.map((item) => {
      const about = `${account} ${item.id}`;
      const same = JSON.stringify([item.act, item.object_id, item.version, item.content]);
      const refused = (/** @type {Json} */ problem) => ({ id: item.id, outcome: 'refused', receipt: null, problem: { status: 409, title: 'no', detail: '', errors: [], ...problem } });
      const known = this.receipts.get(about);
      if (known) return known.same === same ? { id: item.id, outcome: 'done', receipt: known.receipt, problem: null } : refused({ code: 'id.taken' });
      if (item.after.some((/** @type {string} */ id) => !this.receipts.has(`${account} ${id}`))) return { id: item.id, outcome: 'waiting', receipt: null, problem: null };
      const problem = this.refuses(item) ?? this.act(account, item);
      if (problem) return refused(problem);
      const object = item.object_id ?? item.content.id;
      const receipt = { code: 'AAAA-0001', received_at: new Date().toISOString(), object_id: object, object_version: (item.version ?? 0) + 1 };
      this.receipts.set(about, { same, receipt });
      this.done.push({ account, item });
      return { id: item.id, outcome: 'done', receipt, problem: null };
    });
  }

  /** @param {string} account @param {Json} item @returns {Json | null} why not */
  act(account, item) {
    const { act, content } = item;
    const object = item.object_id ?? content.id;
    if (act === 'register_household') {
      if (this.households.has(object)) return { code: 'id.taken' };
      const head = content.members[0].name;
      this.households.set(object, { id: object, service_point_id: content.service_point_id, head_name: head, search_keys: [head], phone_tails: [], persons: 1, household_type: 'general', status: 'active', registered_on: content.registered_on, version: 1 });
    } else if (act === 'log_assistance') {
      if (this.records.has(object)) return { code: 'id.taken' };
      if (!this.households.has(content.household_id)) return { status: 404, code: 'resource.not_found' };
      this.records.set(object, { ...content, state: 'active', logged_by: account, version: 1 });
    } else {
      const record = this.records.get(object);
      if (!record) return { status: 404, code: 'resource.not_found' };
      if (record.version !== item.version) return { status: 412, code: 'version.stale' };
      const { reason, ...fields } = content;
      const change = act === 'void_assistance' ? { state: 'voided', void_reason: reason } : fields;
      this.records.set(object, { ...record, ...change, version: record.version + 1 });
    }
    this.changed.push(object);
    return null;
  }

  /** @param {URLSearchParams} query @returns {[number, any]} */
  changes(query) {
    const point = query.get('service_point_id');
    const since = Number(query.get('cursor') ?? 0);
    if (since > this.changed.length) return [400, { status: 400, code: 'request.bad_cursor' }];
    const limit = 3;
    const step = this.changed.slice(since, since + limit);
    const items = [...new Set(step)].map((id) => {
      const record = this.records.get(id);
      if (record) return { object_type: 'assistance_record', id, record: record.service_point_id === point ? record : null };
      const household = this.households.get(id);
      return { object_type: 'household', id, household: household?.service_point_id === point ? household : null };
    });
    return [200, { items, next_cursor: String(since + step.length), more: since + step.length < this.changed.length }];
  }
}

/** The server that the phone reaches at the moment. */
export const net = { server: new Server() };
globalThis.fetch = /** @type {any} */ ((/** @type {string} */ url, /** @type {any} */ init) => net.server.fetch(url, init));

export const api = await import('../../../console/core/api.js');
export const session = await import('../../../console/core/session.js');
export const store = await import('../../../console/core/store.js');
export const outbox = await import('../../../console/core/outbox.js');
export const sync = await import('../../../console/core/sync.js');
export const village = await import('../../../console/core/village.js');

/** Waits until something holds. @param {() => unknown} holds @param {string} [what] */
export async function until(holds, what = String(holds)) {
  const end = Date.now() + 5_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 2));
  }
}

/** Waits until nothing is being sent or read. */
export async function quiet() {
  for (let i = 0; i < 3; i++) {
    await new Promise((done) => setTimeout(done, 1));
    await outbox.flush();
    await sync.syncNow();
  }
}

/** Signs in with the network there, whatever happens to requests otherwise. @param {string} username */
export async function signIn(username) {
  const { fate } = net.server;
  net.server.fate = () => 'fine';
  await session.signIn(username, 'right');
  net.server.fate = fate;
}

/** A phone out of the box, and a server that has seen nobody. */
export async function fresh() {
  net.server = new Server();
  await session.signOut().catch(() => {});
  kept.clear();
  const db = /** @type {IDBDatabase} */ (await new Promise((done, fail) => {
    const asked = indexedDB.open('terrace');
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  }));
  for (const name of db.objectStoreNames) {
    await new Promise((done) => (db.transaction(name, 'readwrite').objectStore(name).clear().onsuccess = done));
  }
  db.close();
}

/** Opens the console anew. */
export async function reload() {
  store.device.value = null;
  api.stopWork();
  await session.start();
}
