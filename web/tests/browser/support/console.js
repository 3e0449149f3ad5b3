// One page of the console in a browser profile of its own, that is held to account for everything that goes wrong in it.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { join } from 'node:path';
import process from 'node:process';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { until } from './until.js';

/** @typedef {{language?: 'zh-CN' | 'en', elder?: boolean, serviceWorkers?: 'allow' | 'block'}} Choices */
/** @typedef {{screen: {width: number, height: number}, deviceScaleFactor: number, isMobile: boolean, hasTouch: boolean}} Device */
/** @typedef {import('playwright-core').Locator} Locator */
/** @typedef {import('playwright-core').Page} Page */

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

/** Those that were not closed: their test failed. @type {Set<Console>} */
const left = new Set();

after(async () => {
  for (const one of left) {
    console.log(await one.lastWords());
  }
  await (await launched)?.close();
});

export class Console {
  /** On what it is shown. @type {Device} */
  static device = { screen: { width: 1440, height: 900 }, deviceScaleFactor: 1, isMobile: false, hasTouch: false };
  /** Answers that none of its pages may get. */
  static unwanted = (/** @type {number} */ status) => status === 403 || status === 404 || status >= 500;

  /** @param {import('playwright-core').BrowserContext} context @param {Page} page @param {string} origin */
  constructor(context, page, origin) {
    this.context = context;
    this.page = page;
    this.origin = origin;
    /** Pages that threw, errors in the console, answers that were not wanted. */
    this.troubles = /** @type {string[]} */ ([]);
    /** How often somebody pressed something. */
    this.taps = 0;
    /** Questions to the server that have no answer yet. */
    this.open = 0;
  }

  /** What this one is. @returns {typeof Console} */
  get kind() {
    return /** @type {typeof Console} */ (this.constructor);
  }

  /**
   * @template {typeof Console} Kind
   * @this {Kind}
   * @param {string} origin @param {Choices} [choices]
   * @returns {Promise<InstanceType<Kind>>}
   */
  static async open(origin, choices) {
    const { language = 'zh-CN', elder = false, serviceWorkers = 'allow' } = choices ?? {};
    const { screen, ...device } = this.device;
    const context = await (await browser()).newContext({
      viewport: screen,
      ...device,
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
    const opened = new this(context, await context.newPage(), origin);
    opened.watch(opened.page);
    left.add(opened);
    return /** @type {InstanceType<Kind>} */ (opened);
  }

  /**
   * @template {typeof Console} Kind
   * @this {Kind}
   * @param {string} origin @param {{username: string, password: string}} account
   * @param {Choices} [choices]
   * @returns {Promise<InstanceType<Kind>>}
   */
  static async signedIn(origin, account, choices) {
    const opened = await this.open(origin, choices);
    await opened.visit();
    await opened.signIn(account.username, account.password);
    return /** @type {InstanceType<Kind>} */ (opened);
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
      if (this.kind.unwanted(status)) {
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
    await (this.kind.device.hasTouch ? what.tap() : what.click());
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

  /**
   * What axe finds against WCAG 2.2 AA on the page as it is.
   * @param {string} [within] what of the page is looked at
   * @returns {Promise<string[]>}
   */
  async accessibilityFaults(within = 'html') {
    const { screen } = this.kind.device;
    // As high as the page and what scrolls within it: what lies half below something else at some moment of scrolling is not too small.
    let most = 0;
    await until('the screen is as high as the page', async () => {
      const { needed, given } = await this.page.evaluate(() => {
        const { scrollHeight, clientHeight } = document.documentElement;
        const hidden = [...document.querySelectorAll('.scroll, main, aside, dialog')].map((part) => part.scrollHeight - part.clientHeight);
        return { needed: Math.max(scrollHeight, clientHeight + Math.max(0, ...hidden)), given: clientHeight };
      });
      // A part that is no higher than it is on any screen stays so.
      if (needed <= Math.max(given, most) || given > 8000) {
        return true;
      }
      most = needed;
      await this.page.setViewportSize({ width: screen.width, height: needed });
      return false;
    });
    if (!(await this.page.evaluate(() => 'axe' in window))) {
      await this.page.evaluate(axe.source);
    }
    const { violations } = await this.page.evaluate((part) => {
      const { axe: checker } = /** @type {{axe: typeof import('axe-core')}} */ (/** @type {unknown} */ (window));
      return checker.run(part, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] });
    }, within);
    await this.page.setViewportSize(screen);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`);
  }

  /**
   * Everything that a page says, to the eye and to a screen reader.
   * @returns {Promise<string>}
   */
  words() {
    return this.page.evaluate(() => {
      const attributes = ['aria-label', 'placeholder', 'title', 'alt', 'aria-description'];
      const hidden = [...document.querySelectorAll(attributes.map((name) => `[${name}]`).join(', '))];
      return [
        document.title,
        document.body.innerText,
        ...hidden.flatMap((element) => attributes.map((name) => element.getAttribute(name) ?? '')),
      ].join('\n');
    });
  }

  /**
   * The pages of what is printed now, by their size in points.
   * @returns {Promise<[number, number][]>}
   */
  async papers() {
    const file = (await this.page.pdf({ preferCSSPageSize: true })).toString('latin1');
    return [...file.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)].map(([, width, height]) => [Math.round(Number(width)), Math.round(Number(height))]);
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
