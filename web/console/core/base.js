/**
 * What every view needs, in one file because each request of the first screen costs a round trip: the view libraries, the words,
 * the person's settings, the place in the console, and short notices. Import them by their names: html.js, i18n.js,
 * settings.js, router.js, toast.js.
 *
 * @typedef {'zh-CN' | 'en'} Language
 * @typedef {'first' | 'pages' | `desk-${string}`} Phase the name of a file of words
 * @typedef {Record<string, string>} Words
 * @typedef {{ code: string, label: { zh: string, en: string }, valid_from?: string | null, valid_to?: string | null }} CodeEntry
 * @typedef {{ code: string, label: string }} CodeLabel
 * @typedef {'auto' | 'light' | 'dark'} Theme
 * @typedef {{ name: string, id?: string, sub?: string, query: URLSearchParams }} Route
 * @typedef {'ok' | 'wait' | 'doubt' | 'error'} Kind
 * @typedef {{ id: number, text: string, kind: Kind }} Toast
 */
import { Fragment, h, render } from '../vendor/preact.js';
import htm from '../vendor/htm.js';
import { batch, computed, effect, signal } from '../vendor/signals.js';

export const html = htm.bind(h);
export { Fragment, batch, computed, effect, h, render, signal };
export { untracked, useComputed, useSignal, useSignalEffect } from '../vendor/signals.js';
export { useCallback, useEffect, useErrorBoundary, useId, useMemo, useRef, useState } from '../vendor/hooks.js';

// ---- what is remembered in clear: settings and nothing about people ----

/** @param {string} key @returns {string | null} */
export function remembered(key) {
  try {
    return localStorage.getItem(`terrace.${key}`);
  } catch {
    return null; // Storage may be forbidden altogether.
  }
}

/** @param {string} key @param {string | null} value */
export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(`terrace.${key}`);
    else localStorage.setItem(`terrace.${key}`, value);
  } catch {
    // Not remembered, and nothing worse.
  }
}

// ---- words ----

const current = signal(/** @type {Language} */ (remembered('language') === 'en' ? 'en' : 'zh-CN'));
/** The language that is shown. */
export const language = computed(() => current.value);
const words = signal(/** @type {Words} */ ({}));
const phases = new Set(/** @type {Phase[]} */ ([]));

/** @param {Language} l @param {Phase} phase @returns {Promise<Words>} */
async function wordsOf(l, phase) {
  return (await import(`../words/${phase}.${l}.js`)).default;
}

/**
 * Loads the words of a phase, once.
 * @param {Phase} phase
 */
export async function addWords(phase) {
  if (phases.has(phase)) return;
  const l = current.value;
  const more = await wordsOf(l, phase);
  phases.add(phase);
  // The language was changed while they were on their way.
  if (l !== current.value) return setLanguage(current.value);
  words.value = { ...words.value, ...more };
}

/**
 * Shows everything in another language, as soon as all words in use are there.
 * @param {Language} l
 */
export async function setLanguage(l) {
  const all = await Promise.all([...phases].map((phase) => wordsOf(l, phase)));
  batch(() => {
    words.value = Object.assign({}, ...all);
    current.value = l;
  });
  if (globalThis.document) document.documentElement.lang = l;
  remember('language', l);
}

/**
 * The words for a key. It reads signals: what calls it while rendering is rendered anew in another language.
 * @param {string} key
 * @param {Record<string, string | number>} [params]
 * @returns {string}
 */
export function t(key, params) {
  const text = words.value[key] ?? key;
  return params ? text.replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole)) : text;
}

/**
 * The words for a number of things: `key.one` or `key.many`; `{n}` is the number.
 * @param {string} key
 * @param {number} n
 * @param {Record<string, string | number>} [params]
 */
export function tn(key, n, params) {
  return t(`${key}.${n === 1 ? 'one' : 'many'}`, { n, ...params });
}

const lists = signal(/** @type {Record<string, CodeEntry[]>} */ ({}));

/**
 * Takes the items of GET /code-lists, fresh or kept on the device.
 * @param {{ code: string, entries: CodeEntry[] }[]} items
 */
export function setCodeLists(items) {
  lists.value = Object.fromEntries(items.map((list) => [list.code, list.entries]));
}

/** @param {CodeEntry} entry */
const labelOf = (entry) => (current.value === 'en' ? entry.label.en : entry.label.zh);

/**
 * The label of a code, or the code itself where the list does not have it.
 * @param {string} list
 * @param {string} code
 */
export function label(list, code) {
  const entry = lists.value[list]?.find((e) => e.code === code);
  return entry ? labelOf(entry) : code;
}

/**
 * What may be chosen today, in the list's order.
 * @param {string} list
 * @returns {CodeLabel[]}
 */
export function entries(list) {
  const day = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
  return (lists.value[list] ?? [])
    .filter((e) => (e.valid_from ?? day) <= day && day <= (e.valid_to ?? day))
    .map((e) => ({ code: e.code, label: labelOf(e) }));
}

// ---- settings ----

/** Larger text and larger targets. */
export const elder = signal(remembered('elder') === '1');
const themes = /** @type {const} */ (['auto', 'light', 'dark']);
export const theme = signal(/** @type {Theme} */ (themes.find((x) => x === remembered('theme')) ?? 'auto'));

/** On a wide screen the desk's pages, unless somebody asked for the phone's there. */
export const phoneOnly = signal(remembered('view') === 'phone');
const wideEnough = globalThis.matchMedia?.('(min-width: 1024px)');
export const wide = signal(wideEnough?.matches ?? false);
wideEnough?.addEventListener('change', () => {
  // Paper is narrower than the screen, and what is being printed must stay what it is.
  if (!matchMedia('print').matches) wide.value = wideEnough.matches;
});
/** The frame that the desk puts around a page of the phone, while the desk is open. */
export const deskFrame = signal(/** @type {((props: any) => any) | null} */ (null));

/** Puts the settings on the page and remembers each change. */
export function applySettings() {
  const root = document.documentElement;
  root.lang = current.value;
  effect(() => {
    root.toggleAttribute('data-elder', elder.value);
    remember('elder', elder.value ? '1' : null);
  });
  effect(() => remember('view', phoneOnly.value ? 'phone' : null));
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const paint = () => {
    const dark = theme.value === 'dark' || (theme.value === 'auto' && prefersDark.matches);
    root.setAttribute('data-theme', dark ? 'dark' : 'light');
  };
  effect(() => {
    paint();
    remember('theme', theme.value === 'auto' ? null : theme.value);
  });
  prefersDark.addEventListener('change', paint);
}

// ---- the place in the console ----

/**
 * @param {string} hash
 * @returns {Route}
 */
export function parseRoute(hash) {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [name = '', id, sub] = path.split('/');
  /** @type {Route} */
  const parsed = { name: name || 'home', query: new URLSearchParams(query) };
  try {
    if (id) parsed.id = decodeURIComponent(id);
    if (id && sub) parsed.sub = decodeURIComponent(sub);
  } catch {
    return { name: 'home', query: parsed.query };
  }
  return parsed;
}

const place = signal(parseRoute(globalThis.location?.hash ?? ''));
export const route = computed(() => place.value);
let depth = 0;

function arrive() {
  const kept = /** @type {{ depth?: number } | null} */ (history.state);
  if (kept?.depth === undefined) history.replaceState({ depth: ++depth }, '');
  else depth = kept.depth;
  place.value = parseRoute(location.hash);
}

/** Follows the address from now on. */
export function followAddress() {
  history.replaceState({ depth: /** @type {{ depth?: number } | null} */ (history.state)?.depth ?? 0 }, '');
  depth = history.state.depth;
  addEventListener('hashchange', arrive);
}

/** @param {string} path for example `/log?household=…` */
export function go(path) {
  location.hash = `#${path}`;
}

/** Goes there without a way back to here. @param {string} path */
export function replace(path) {
  history.replaceState({ depth }, '', `#${path}`);
  place.value = parseRoute(path);
}

/** Goes back where one came from inside the console, otherwise to `fallback`. @param {string} fallback */
export function back(fallback) {
  if (depth > 0) history.back();
  else replace(fallback);
}

// ---- short notices ----

/** What is shown at the moment, the oldest first. */
export const toasts = signal(/** @type {Toast[]} */ ([]));
let lastToast = 0;

/**
 * Shows a short notice, and has it read out.
 * @param {string} text
 * @param {Kind} [kind]
 */
export function toast(text, kind = 'ok') {
  const id = ++lastToast;
  // The same words twice would only cover the page.
  toasts.value = [...toasts.value.filter((x) => x.text !== text), { id, text, kind }].slice(-3);
  setTimeout(() => dismiss(id), kind === 'ok' ? 5_000 : 12_000);
}

/** @param {number} id */
export function dismiss(id) {
  toasts.value = toasts.value.filter((x) => x.id !== id);
}
