/**
 * Requests to the API, and the access token that goes with them. The token is in this page's memory alone; what renews it is a
 * cookie that no script can read.
 *
 * @typedef {{ pointer: string, code: string, message: string }} Fault
 * @typedef {{ access_token: string, expires_in: number, must_change_password: boolean, device_token?: string | null }} Tokens
 * @typedef {{ query?: Record<string, string | number | boolean | null | undefined>, body?: unknown, ifMatch?: number,
 *   as?: string, open?: boolean, keepalive?: boolean, time?: number }} Options `time` in milliseconds, for what is known to take longer
 */
import { language, signal as makeSignal } from './base.js';

const ROOT = '/api/v1';
/** After so long without an answer there is no network, whatever the phone believes. */
const TIME_LIMIT = 20_000;
/** A file takes longer on its way. */
const FILE_LIMIT = 120_000;

/** What the server refuses. */
export class Problem extends Error {
  /** @param {number} status @param {Record<string, any>} body @param {number} [retryAfter] in seconds */
  constructor(status, body, retryAfter = 0) {
    super(String(body.title ?? ''));
    this.name = 'Problem';
    this.status = status;
    this.code = String(body.code ?? '');
    this.title = String(body.title ?? '');
    this.detail = String(body.detail ?? '');
    this.errors = /** @type {Fault[]} */ (Array.isArray(body.errors) ? body.errors : []);
    this.requestId = String(body.request_id ?? '');
    this.retryAfter = retryAfter;
    this.body = body;
  }
}

/** There was no answer, or one that is not the server's. What was sent may have arrived all the same. */
export class Offline extends Error {
  constructor() {
    super('offline');
    this.name = 'Offline';
  }
}

/** The account changed while a request was under way; whoever asked has nothing to say any more. */
export class Stopped extends Error {
  constructor() {
    super('stopped');
    this.name = 'Stopped';
  }
}

/** Whether the last request got an answer and the phone does not know better. */
export const online = makeSignal(globalThis.navigator?.onLine !== false);
/** When the last answer came, by a clock that nobody sets. */
let reachedAt = -Infinity;
globalThis.addEventListener?.('offline', () => (online.value = false));

/** Seconds since the last answer. */
export const sinceAnswer = () => (performance.now() - reachedAt) / 1000;

/** @type {{ value: string, until: number } | null} */
let access = null;
/** The account that this page works for. A token of another one is never used: the cookie belongs to all tabs. */
let owner = /** @type {string | null} */ (null);
let must = false;
/** @type {{ refused: () => void, stranger: () => void, passwordNeeded: () => void, renewed: () => void }} */
let handlers = { refused() {}, stranger() {}, passwordNeeded() {}, renewed() {} };

/** What the session does when its end shows in an answer. @param {typeof handlers} given */
export function onEnd(given) {
  handlers = given;
}

/** @param {string} token @returns {string} the account that a token is for */
function subject(token) {
  const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  return String(JSON.parse(atob(payload)).sub);
}

/**
 * Works with these tokens from now on.
 * @param {Tokens} tokens
 */
function adopt(tokens) {
  access = { value: tokens.access_token, until: performance.now() + tokens.expires_in * 1000 };
  owner = subject(tokens.access_token);
  must = tokens.must_change_password;
}

/** Whether the password must be changed before anything else, as of the last token. */
export const mustChange = () => must;

/** Works for an account whose token is still to be had. @param {string} account */
export function workFor(account) {
  owner = account;
}

/** Forgets the token; answers that are still to come are nobody's. */
export function stopWork() {
  access = null;
  owner = null;
}

/** Milliseconds until the token ends. */
export const tokenLeft = () => (access ? access.until - performance.now() : 0);

/** Gives up after a while. (AbortSignal.timeout is missing in the browsers of older phones.) @param {number} time */
function within(time) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), time);
  return { signal: stop.signal, done: () => clearTimeout(timer) };
}

/** @param {string} method @param {string} path @param {Options} options @param {string | null} token @param {AbortSignal} signal */
async function exchange(method, path, options, token, signal) {
  const query = Object.entries(options.query ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(query.map(([key, value]) => [key, String(value)])).toString();
  /** @type {Record<string, string>} */
  const headers = { 'accept-language': language.value };
  if (token) headers.authorization = `Bearer ${token}`;
  const file = options.body instanceof Blob;
  if (options.body !== undefined) headers['content-type'] = file ? 'application/octet-stream' : 'application/json';
  if (options.ifMatch !== undefined) headers['if-match'] = `"${options.ifMatch}"`;
  // no-store: the browser's own cache would keep names and numbers on the phone in clear.
  const reply = await fetch(`${ROOT}${path}${search && `?${search}`}`, {
    method, headers, cache: 'no-store', redirect: 'error', keepalive: options.keepalive ?? false,
    body: options.body === undefined ? null : file ? /** @type {Blob} */ (options.body) : JSON.stringify(options.body), signal,
  });
  // The server names every request. What does not comes from something on the way, such as a sign-in page of a hotel's network;
  // to take it for a receipt would lose an entry.
  if (!reply.headers.has('x-request-id')) throw new Offline();
  return reply;
}

/** @template T @param {(signal: AbortSignal) => Promise<T>} ask @param {number} [time] @returns {Promise<T>} */
async function noting(ask, time = TIME_LIMIT) {
  const limit = within(time);
  try {
    const answer = await ask(limit.signal);
    reachedAt = performance.now();
    online.value = true;
    return answer;
  } catch (error) {
    online.value = false;
    throw error instanceof Offline ? error : new Offline();
  } finally {
    limit.done();
  }
}

/** @param {string} method @param {string} path @param {Options} options @param {string | null} token @returns {Promise<any>} */
async function json(method, path, options, token) {
  const { reply, data } = await noting(async (signal) => {
    const got = await exchange(method, path, options, token, signal);
    return { reply: got, data: got.status === 204 ? null : await got.json() };
  }, options.time ?? (options.body instanceof Blob ? FILE_LIMIT : TIME_LIMIT));
  if (!reply.ok) throw new Problem(reply.status, data ?? {}, Number(reply.headers.get('retry-after')) || 0);
  return data;
}

/**
 * Does one thing after another in all tabs where the browser can do that; in this tab alone otherwise.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function oneByOne(name, work) {
  if (!globalThis.navigator?.locks) return work();
  let begun = false;
  // A tab that sleeps may hold the lock for ever. Nothing depends on it but the number of requests.
  const limit = within(30_000);
  try {
    return await navigator.locks.request(name, { signal: limit.signal }, () => {
      begun = true;
      return work();
    });
  } catch (error) {
    if (begun) throw error;
    return work();
  } finally {
    limit.done();
  }
}

/**
 * Work that runs once at a time on this page. Whoever asks for it while it runs has it look once more, and waits for that.
 * @param {() => Promise<void>} work
 * @returns {() => Promise<void>}
 */
export function onceMore(work) {
  /** @type {Promise<void> | null} */
  let running = null;
  let again = false;
  const rounds = async () => {
    while (again) {
      again = false;
      await work();
    }
  };
  return () => {
    again = true;
    running ??= rounds().finally(() => (running = null));
    return running;
  };
}

/** @type {Promise<void> | null} */
let renewal = null;

/**
 * Gets the next access token, once for all who ask at the same time.
 * @returns {Promise<void>}
 */
export function renew() {
  renewal ??= renewOnce().finally(() => (renewal = null));
  return renewal;
}

async function renewOnce() {
  const asked = owner;
  try {
    await oneByOne('terrace.renew', async () => {
      const tokens = /** @type {Tokens} */ (await json('POST', '/auth/refresh', { body: {} }, null));
      if (owner !== asked) throw new Stopped();
      if (asked !== null && subject(tokens.access_token) !== asked) {
        handlers.stranger();
        throw new Stopped();
      }
      adopt(tokens);
    });
    handlers.renewed();
  } catch (error) {
    // Only the server's word ends a session: neither silence nor a server that is busy.
    const refused = error instanceof Problem && [400, 401, 403, 422].includes(error.status);
    if (refused && owner === asked) handlers.refused();
    throw error;
  }
}

/** @template T @param {Options} options @param {(token: string | null) => Promise<T>} send @returns {Promise<T>} */
async function withToken(options, send) {
  if (options.open) return send(null);
  const asked = options.as ?? owner;
  const token = () => {
    if (owner !== asked || !access) throw new Stopped();
    return access.value;
  };
  if (owner === null || owner !== asked) throw new Stopped();
  if (tokenLeft() < 5_000) await renew();
  try {
    return await send(token());
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'auth.password_change_required' && owner === asked) handlers.passwordNeeded();
    if (error.code !== 'auth.sign_in_required') throw error;
    await renew();
    return send(token());
  }
}

/** @param {string} method @param {string} path @param {Options} options @returns {Promise<any>} */
const request = (method, path, options) => withToken(options, (token) => json(method, path, options, token));

/** @param {string} path @param {Options['query']} [query] @param {Options} [options] */
export const get = (path, query, options) => request('GET', path, { ...options, query });

/** @param {string} path @param {unknown} [body] @param {Options} [options] */
export const post = (path, body, options) => request('POST', path, { ...options, body });

/** @param {string} path @param {unknown} body @param {Options} options */
export const patch = (path, body, options) => request('PATCH', path, { ...options, body });

/** Writes something anew, the whole of it; a file is the body itself. @param {string} path @param {unknown} body @param {Options} options */
export const put = (path, body, options) => request('PUT', path, { ...options, body });

/**
 * Begins a session.
 * @param {Record<string, unknown>} body
 * @returns {Promise<Tokens & { account: string }>}
 */
export async function begin(body) {
  const tokens = /** @type {Tokens} */ (await json('POST', '/auth/sign-in', { body }, null));
  adopt(tokens);
  return { ...tokens, account: subject(tokens.access_token) };
}

/**
 * Saves an answer as a file.
 * @param {string} path
 * @param {string} name
 */
export async function download(path, name) {
  const blob = await withToken({}, async (token) => {
    const { reply, data } = await noting(async (signal) => {
      const got = await exchange('GET', path, {}, token, signal);
      return { reply: got, data: got.ok ? await got.blob() : await got.json() };
    });
    if (!reply.ok) throw new Problem(reply.status, data);
    return /** @type {Blob} */ (data);
  });
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
