// A phone: the console under a thumb, sometimes without a network.
import { Console } from './console.js';

/** @typedef {import('./console.js').Choices} Choices */

export class Phone extends Console {
  /** @override */
  static device = { screen: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

  /** Waits until the files are kept by the service worker, so that the page opens without the network. */
  async ready() {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
  }

  async offline() {
    await this.context.setOffline(true);
  }

  async online() {
    await this.context.setOffline(false);
  }

  /**
   * What does not fit a thumb on a narrow screen: pages that scroll sideways, and controls lower or narrower than 44 px.
   * Links within a sentence are as high as their line.
   * @returns {Promise<string[]>}
   */
  layoutFaults() {
    return this.page.evaluate(() => {
      const faults = [];
      const { scrollWidth } = /** @type {Element} */ (document.scrollingElement);
      if (scrollWidth > 360) {
        faults.push(`the page is ${scrollWidth} px wide`);
      }
      const visible = (/** @type {Element} */ element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
      for (const control of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
        // Whatever is pressed to reach it counts: a label around a radio button is the button.
        const target = control.closest('label') ?? control;
        const { width, height } = target.getBoundingClientRect();
        const inSentence = control.matches('p a') && getComputedStyle(control).display === 'inline';
        if (visible(target) && !target.closest('[aria-hidden=true]') && width > 1 && !inSentence && (Math.round(width) < 44 || Math.round(height) < 44)) {
          faults.push(`${Math.round(width)} × ${Math.round(height)} px: ${target.outerHTML.slice(0, 160)}`);
        }
      }
      return faults;
    });
  }

  /**
   * Everything that this phone keeps: databases, local storage, caches; bytes as text too.
   * @returns {Promise<string>}
   */
  keeps() {
    return this.page.evaluate(async () => {
      const text = (/** @type {unknown} */ value) =>
        JSON.stringify(value, (_, held) => {
          if (held instanceof ArrayBuffer || ArrayBuffer.isView(held)) {
            const bytes = held instanceof ArrayBuffer ? new Uint8Array(held) : new Uint8Array(held.buffer);
            return ['utf-8', 'utf-16le'].map((encoding) => new TextDecoder(encoding).decode(bytes));
          }
          return held instanceof CryptoKey ? `a key, ${held.extractable ? '' : 'not '}extractable` : held;
        });
      const parts = [text({ ...localStorage }), text({ ...sessionStorage })];
      for (const { name = '' } of await indexedDB.databases()) {
        const database = await /** @type {Promise<IDBDatabase>} */ (
          new Promise((done, fail) => {
            const asked = indexedDB.open(name);
            asked.onsuccess = () => done(asked.result);
            asked.onerror = () => fail(asked.error);
          })
        );
        for (const store of database.objectStoreNames) {
          const asked = database.transaction(store).objectStore(store);
          const [keys, rows] = await Promise.all(
            [asked.getAllKeys(), asked.getAll()].map(
              (request) => new Promise((done) => (request.onsuccess = () => done(request.result))),
            ),
          );
          parts.push(`${name}/${store}: ${text(keys)} ${text(rows)}`);
        }
        database.close();
      }
      for (const cache of await caches.keys()) {
        for (const request of await (await caches.open(cache)).keys()) {
          parts.push(`${cache}: ${request.url}`);
        }
      }
      return parts.join('\n');
    });
  }
}
