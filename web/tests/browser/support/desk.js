// The console on a desk: a wide screen, a keyboard, and pages of which none may ask for what the person may not have.
import assert from 'node:assert/strict';
import { Console } from './console.js';

/** @typedef {import('./api.js').Json} Json */
/** @typedef {import('playwright-core').Locator} Locator */
/** @typedef {{head: string[], rows: string[][], foot: string[]}} Table what the cells of a table say */

/** @param {string} text as a cell shows it */
const plain = (text) => text.replaceAll(/\s+/g, ' ').trim();

/** The lines of a file that a spreadsheet opens, the head first. @param {string} text @returns {string[][]} */
export function csvLines(text) {
  assert.ok(text.startsWith('\uFEFF'), 'a spreadsheet is told that it is UTF-8');
  /** @type {string[][]} */
  const lines = [[]];
  for (const [, quoted, bare, end] of text.slice(1).matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    lines.at(-1)?.push(quoted === undefined ? String(bare) : quoted.replaceAll('""', '"'));
    if (end !== ',') lines.push([]);
  }
  return lines.slice(0, -1);
}

/** A number as people read it, worked out apart from the console. @param {number} n */
export const counted = (n) => n.toLocaleString('en-US');
/** Fen as yuan. @param {number} fen */
export const yuan = (fen) => (fen / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export class Desk extends Console {
  /** @override */
  static unwanted = (/** @type {number} */ status) => [401, 403, 404].includes(status) || status >= 500;

  /** @param {string} route of the console, which is read anew and whole */
  async look(route) {
    await this.visit(route);
    await this.page.reload();
    await this.settled();
  }

  /** The links of the main menu. */
  menu() {
    return this.page.getByRole('banner').getByRole('navigation').getByRole('link');
  }

  /** @param {string | RegExp} name */
  button(name) {
    return this.page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }

  /** The dialog that is open. */
  dialog() {
    return this.page.locator('dialog[open]');
  }

  /** Presses a button that opens a dialog. @param {string | RegExp} name */
  async opens(name) {
    await this.button(name).click();
    await this.dialog().waitFor();
  }

  /** Says all that is on the page in another language, without loading anything anew. @param {'zh-CN' | 'en'} language */
  async speak(language) {
    await this.page.locator('.top .seg label').filter({ hasText: language === 'en' ? 'EN' : '中文' }).click();
    await this.page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' });
    await this.settled();
  }

  /** @param {string} name of a row, which its first column says */
  row(name) {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name }) });
  }

  /** What a table says. @param {Locator} table @returns {Promise<Table>} */
  async table(table) {
    const cells = (/** @type {string} */ rows) =>
      table.locator(rows).evaluateAll((all) => all.map((row) => [...row.querySelectorAll('th, td')].map((cell) => /** @type {HTMLElement} */ (cell).innerText)));
    const [head, rows, foot] = [await cells('thead tr'), await cells('tbody tr'), await cells('tfoot tr')];
    return { head: (head[0] ?? []).map((words) => plain(words).replace(/ [↑↓]$/, '')), rows: rows.map((row) => row.map(plain)), foot: (foot[0] ?? []).map(plain) };
  }

  /**
   * Saves what a button saves.
   * @param {Locator} button
   * @returns {Promise<{name: string, text: string}>}
   */
  async saved(button) {
    const [download] = await Promise.all([this.page.waitForEvent('download'), button.click()]);
    const parts = [];
    for await (const part of await download.createReadStream()) {
      parts.push(part);
    }
    return { name: download.suggestedFilename(), text: Buffer.concat(parts).toString('utf8') };
  }

  /** What is printed instead of the page, which has to be one sheet of A4, lying, with all that belongs on it. */
  async printed() {
    await this.page.emulateMedia({ media: 'print' });
    const paper = this.page.locator('.paper');
    for (const word of ['单位', '填报人', '审核人', '日期']) {
      assert.ok(await paper.getByText(word).first().isVisible(), `${word} is printed`);
    }
    assert.equal(await this.page.getByRole('banner').isVisible(), false, 'the menu is not');
    const words = await paper.innerText();
    assert.deepEqual(await this.papers(), [[842, 595]]);
    await this.page.emulateMedia({ media: null });
    return words;
  }

  /** By how much the page is wider or longer than a small screen, in which its own parts scroll. @returns {Promise<string>} */
  async tooLarge() {
    const { screen } = this.kind.device;
    await this.page.setViewportSize({ width: 1366, height: 768 });
    const over = await this.page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const { scrollWidth, scrollHeight } = /** @type {Element} */ (document.scrollingElement);
      return Object.entries({ wide: scrollWidth - innerWidth, long: scrollHeight - innerHeight }).filter(([, px]) => px > 0);
    });
    await this.page.setViewportSize(screen);
    return over.map(([way, px]) => `${px} px too ${way}`).join(', ');
  }

  /** Parts of the top bar that lie over one another on a small screen. @returns {Promise<string[]>} */
  async overlapping() {
    const { screen } = this.kind.device;
    await this.page.setViewportSize({ width: 1366, height: 768 });
    const found = await this.page.locator('.top > :not(.skip, nav), .top > nav > *').evaluateAll((parts) => {
      const boxes = parts.filter((part) => part.checkVisibility()).map((part) => ({ said: part.textContent ?? '', box: part.getBoundingClientRect() }));
      return boxes.flatMap(({ said, box: a }, n) => boxes.slice(n + 1)
        .filter(({ box: b }) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1).map((other) => `${said} and ${other.said}`));
    });
    await this.page.setViewportSize(screen);
    return found;
  }

  /** Goes to something with the Tab key alone. @param {Locator} what @param {'Tab' | 'Shift+Tab'} [key] */
  async tabTo(what, key = 'Tab') {
    await what.waitFor();
    for (let pressed = 0; !(await what.evaluate((element) => element === document.activeElement)); pressed += 1) {
      assert.ok(pressed < 300, `not reached with ${key}: ${what}`);
      await this.page.keyboard.press(key);
    }
  }

  /** @param {Locator} what @param {'Tab' | 'Shift+Tab'} [key] */
  async enterAt(what, key) {
    await this.tabTo(what, key);
    await this.page.keyboard.press('Enter');
  }

  // ---- what a form is filled with, by its labels ----

  /** The part of the page that a form is in: the dialog, when there is one. */
  async form() {
    return (await this.dialog().count()) ? this.dialog() : this.page.getByRole('main');
  }

  /** @param {string} label */
  async field(label) {
    return (await this.form()).getByLabel(new RegExp(`^\\s*${label}\\s*\\*?\\s*$`)).and(this.page.locator('input:not([type=radio]), select, textarea'));
  }

  /** @param {Record<string, string>} values by label; a list takes the words of one of its lines */
  async fill(values) {
    for (const [label, value] of Object.entries(values)) {
      const field = await this.field(label);
      await (await field.evaluate((element) => element.tagName === 'SELECT') ? field.selectOption(value ? { label: value } : { index: 1 }) : field.fill(value));
    }
  }

  /** Chooses one of few. @param {string} legend @param {string} words */
  async choose(legend, words) {
    await (await this.form()).getByRole('group', { name: legend }).locator('label').filter({ hasText: words }).click();
  }

  /** Looks something up and takes it. @param {string} label @param {string} typed @param {string} [found] */
  async find(label, typed, found = typed) {
    const field = await this.field(label);
    await field.click();
    await field.fill(typed);
    await (await this.form()).getByRole('option', { name: found }).first().click();
  }

  /** Sends the form by the words of its button. @param {string | RegExp} words */
  async send(words) {
    await (await this.form()).locator('.formacts').getByRole('button', { name: words }).click();
  }

  // ---- what a reviewer does ----

  /** @param {string} month @param {string} [tab] */
  async queue(month, tab) {
    await this.look(`#/review?month=${month}${tab ? `&tab=${tab}` : ''}`);
  }

  /** Looks at the report of a point below. @param {string} point */
  async pick(point) {
    await this.row(point).locator('td').nth(1).click();
    await this.page.getByRole('heading', { level: 2, name: point }).waitFor();
    await this.settled();
  }

  /** @param {string} point */
  async approve(point) {
    await this.pick(point);
    await this.opens(/^审定/);
    await this.dialog().getByRole('button', { name: /^审定/ }).click();
    await this.sees(new RegExp(`${point}.*审定|审定.*${point}`));
    await this.settled();
  }

  /** Sends a report back with a ready phrase. @param {string} point @param {string} phrase */
  async sendBack(point, phrase) {
    await this.pick(point);
    await this.button(phrase).click();
    await this.button(/^退回/).click();
    await this.sees(new RegExp(`${point}.*退回|退回.*${point}`));
    await this.settled();
  }

  /** Sends the own month in. @param {string} month */
  async submit(month) {
    await this.look(`#/report?month=${month}`);
    await this.button(/^(再报|报送)/).click();
    await this.until('it has been sent in', async () => (await this.button(/^(再报|报送)/).count()) === 0);
    await this.settled();
  }
}
