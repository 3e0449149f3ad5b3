/** Styles that only the desk loads. They are switched off while the phone's pages are shown. */
import { useEffect } from '../../core/html.js';

const root = new URL('../../style/', import.meta.url);
/** @type {Map<string, Promise<void>>} */
const loading = new Map();

/** Adds a style once. @param {string} name of the file in style/, without its end @returns {Promise<void>} when it is there */
export function loadStyle(name) {
  const begun = loading.get(name);
  if (begun) return begun;
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: new URL(`${name}.css`, root).href });
  link.dataset.desk = name;
  const done = /** @type {Promise<void>} */ (new Promise((resolve, reject) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      loading.delete(name);
      link.remove();
      reject(new Error(`style ${name}`));
    });
  }));
  document.head.insertBefore(link, document.head.querySelector('link[media="print"]'));
  loading.set(name, done);
  return done;
}

/** @param {boolean} on */
export function enableStyles(on) {
  for (const link of /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll('link[data-desk]'))) link.disabled = !on;
}

/** Hook: the page needs a style of its area. @param {string} name */
export function useStyle(name) {
  useEffect(() => void loadStyle(name).catch((error) => console.error(error)), [name]);
}
