// A phone: one browser profile with one page, that is held to account for everything that goes wrong in it.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { join } from 'node:path';
import process from 'node:process';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { until } from './until.js';

/** @typedef {{language?: 'zh-CN' | 'en', elder?: boolean, serviceWorkers?: 'allow' | 'block'}} Choices */
/** @typedef {import('playwright-core').Locator} Locator */
/** @typedef {import('playwright-core').Page} Page */

const screen = { width: 360, height: 740 };

/** @type {Promise<import('playwright-core').Browser> | undefined} */
let launched;

function browser() {
  launched ??= chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      // The sandbox does not work for root, and tests in a container are root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return launched;
}

/** Phones that were not closed: their test failed. @type {Set<Phone>} */
const left = new Set();

after(async () => {
  for (const phone of left) {
    console.log(await phone.lastWords());
  }
  await (await launched)?.close();
});

export class Phone {
  /** @param {import('playwright-core').BrowserContext} context @param {Page} page @param {string} origin */
  constructor(context, page, origin) {
    this.context = context;
    this.page = page;
    this.origin = origin;
    /** Pages that threw, errors in the console, answers that no page of a worker may get. */
    this.troubles = /** @type {string[]} */ ([]);
    /** How often somebody touched the screen. */
    this.taps = 0;
    /** Questions to the server that have no answer yet. */
    this.open = 0;
  }

  /**
   * @template {typeof Phone} Kind
   * @this {Kind}
   * @param {string} origin @param {Choices} [choices]
   * @returns {Promise<InstanceType<Kind>>}
   */
  static async open(origin, choices) {
    const { language = 'zh-CN', elder = false, serviceWorkers = 'allow' } = choices ?? {};
    const context = await (await browser()).newContext({
      viewport: screen,
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
      locale: language,
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
      serviceWorkers,
    });
    context.setDefaultTimeout(15_000);
    await context.addInitScript(
      (chosen) => {
        for (const [name, value] of Object.entries(chosen)) {
          if (localStorage.getItem(name) === null) {
            localStorage.setItem(name, value);
          }
        }
      },
      { 'terrace.language': language, ...(elder ? { 'terrace.elder': '1' } : {}) },
    );
    const phone = new this(context, await context.newPage(), origin);
    phone.watch(phone.page);
    left.add(phone);
    return /** @type {InstanceType<Kind>} */ (phone);
  }

  /** @param {Page} page */
  watch(page) {
    page.on('pageerror', (error) => this.troubles.push(`thrown: ${error.stack ?? error}`));
    page.on('console', (message) => {
      // A request that fails is an error in the console too; whether it may is asked below.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.troubles.push(`console: ${message.text()}`);
      }
    });
    const asksServer = (/** @type {import('playwright-core').Request} */ request) => request.url().includes('/api/');
    page.on('request', (request) => (this.open += Number(asksServer(request))));
    page.on('requestfinished', (request) => (this.open -= Number(asksServer(request))));
    page.on('requestfailed', (request) => (this.open -= Number(asksServer(request))));
    page.on('response', (response) => {
      const status = response.status();
      if (status === 403 || status === 404 || status >= 500) {
        this.troubles.push(`${status}: ${response.request().method()} ${response.url()}`);
      }
    });
  }

  /** What stands on the screen after a failure; with TERRACE_SCREENSHOTS, a folder, as a picture too. */
  async lastWords() {
    const folder = process.env.TERRACE_SCREENSHOTS;
    if (folder) {
      await this.page.screenshot({ path: join(folder, `${process.pid}-${[...left].indexOf(this)}.png`), timeout: 5000 }).catch(() => {});
    }
    const text = await this.page.evaluate(() => document.body.innerText).catch(String);
    return `left at ${new URL(this.page.url()).hash}\n${text.replaceAll(/^/gm, '  | ')}\n${this.troubles.join('\n')}`;
  }

  /** Ends it; fails when something went wrong meanwhile. */
  async close() {
    left.delete(this);
    await this.context.close();
    assert.deepEqual(this.troubles, []);
  }

  /** @param {Locator} what */
  async tap(what) {
    this.taps += 1;
    await what.tap();
  }

  /** Begins anew in another language or size. @param {'zh-CN' | 'en'} language @param {boolean} elder */
  async prefer(language, elder) {
    await this.page.evaluate(
      ([spoken, large]) => {
        localStorage.setItem('terrace.language', String(spoken));
        localStorage.setItem('terrace.elder', large ? '1' : '0');
      },
      [language, elder],
    );
    await this.page.reload();
    await this.settled();
  }

  /** @param {string} [route] of the console, such as `#/home` */
  async visit(route = '') {
    await this.page.goto(`${this.origin}/${route}`);
  }

  /** Waits until a page has been drawn and nothing is being read any more. */
  async settled() {
    await until('the page is there and has read everything', async () => {
      const drawn = () =>
        this.page.evaluate(async () => {
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          return document.querySelector('h1') !== null && document.querySelector('.hold[role=status], .splash') === null;
        });
      // Twice: what has just been drawn may ask for something in the next moment.
      return this.open === 0 && (await drawn()) && this.open === 0 && (await drawn()) && this.open === 0;
    });
  }

  /** @param {string} username @param {string} password */
  async enter(username, password) {
    const { page } = this;
    await page.getByLabel(/^(用户名|User name)$/).fill(username);
    await page.getByLabel(/^(密码|Password)$/).fill(password);
    await this.tap(page.getByRole('button', { name: /^(登录|Sign in)$/ }));
  }

  /** @param {string} username @param {string} password */
  async signIn(username, password) {
    await this.enter(username, password);
    await this.page.getByLabel(/^(密码|Password)$/).waitFor({ state: 'detached' });
    await this.settled();
  }

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
   * What axe finds against WCAG 2.2 AA on the page as it is.
   * @returns {Promise<string[]>}
   */
  async accessibilityFaults() {
    // As high as the page: what lies half below the tabs at some moment of scrolling is not too small.
    await until('the screen is as high as the page', async () => {
      const { needed, given } = await this.page.evaluate(() => {
        const { scrollHeight, clientHeight } = document.documentElement;
        return { needed: scrollHeight, given: clientHeight };
      });
      if (needed > given) {
        await this.page.setViewportSize({ width: screen.width, height: needed });
      }
      return needed <= given;
    });
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate(() => {
      const { axe: checker } = /** @type {{axe: typeof import('axe-core')}} */ (/** @type {unknown} */ (window));
      return checker.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    });
    await this.page.setViewportSize(screen);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`);
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

  /** @param {string | RegExp} text */
  sees(text) {
    return this.page.getByText(text).first().waitFor();
  }

  /** @param {string} what @param {() => unknown} ask */
  until(what, ask) {
    return until(what, async () => ask());
  }
}
