// What a village worker does on the phone, by the words that stand there.
import assert from 'node:assert/strict';
import { Phone } from './phone.js';

/** A kind of assistance as the server names it, and its word on the screen. */
export const kinds = /** @type {const} */ ({ logistics: '物流', guidance: '咨询指导', collect: '代收', send: '代发' });

/** @typedef {keyof typeof kinds} Kind */

export class Worker extends Phone {
  /** @param {string} name of a tab */
  async tab(name) {
    await this.tap(this.page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name }));
    await this.settled();
  }

  /** @param {string} name */
  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /**
   * A choice among several, which is pressed by its label.
   * @param {string} words
   */
  choice(words) {
    return this.page.locator('label').filter({ hasText: words });
  }

  /** @param {string} head @param {{phone?: string}} [more] */
  async register(head, { phone = '' } = {}) {
    await this.visit('#/households');
    await this.tap(this.page.getByRole('link', { name: '登记一户' }));
    await this.page.getByLabel('户主姓名').fill(head);
    await this.page.getByLabel('没有身份证号的原因').selectOption({ index: 1 });
    await this.page.getByLabel('手机', { exact: true }).fill(phone);
    await this.tap(this.choice('一般农户'));
    await this.page.getByLabel('住址').fill('模拟地址');
    await this.tap(this.button('登记这一户'));
    await this.page.getByRole('heading', { name: '登记好了' }).waitFor();
  }

  /** @param {string} household @param {Kind} kind @param {number} quantity */
  async log(household, kind, quantity) {
    await this.visit('#/home');
    await this.tab('记一笔');
    await this.page.getByRole('searchbox', { name: '找农户' }).fill(household);
    await this.tap(this.choice(household));
    await this.tap(this.choice(kinds[kind]));
    await this.page.getByLabel(/^数量/).fill(String(quantity));
    await this.tap(this.button('记下这一笔'));
    await this.page.getByRole('heading', { name: '记下了' }).waitFor();
  }

  /** @param {string} household */
  async openHousehold(household) {
    await this.visit('#/households');
    await this.page.getByRole('searchbox', { name: '找农户' }).fill(household);
    await this.tap(this.page.getByRole('link', { name: household }));
    await this.page.getByRole('heading', { level: 1, name: household }).waitFor();
  }

  /** @param {string} household @param {number} quantity */
  async openRecord(household, quantity) {
    await this.openHousehold(household);
    await this.tap(this.page.getByRole('link', { name: new RegExp(` ${quantity}(?![\\d月])`) }));
    await this.page.getByRole('heading', { level: 1, name: '帮扶记录' }).waitFor();
  }

  /** @param {string} household @param {number} from @param {number} to */
  async correct(household, from, to) {
    await this.openRecord(household, from);
    await this.tap(this.button('更正'));
    await this.page.getByLabel(/^数量/).fill(String(to));
    await this.tap(this.button('数量写错了'));
    await this.tap(this.button('更正这一笔'));
    await this.page.getByRole('heading', { level: 1, name: '帮扶记录' }).waitFor();
  }

  /** @param {string} household @param {number} quantity */
  async void(household, quantity) {
    await this.openRecord(household, quantity);
    await this.tap(this.button('作废'));
    await this.tap(this.button('记重了'));
    await this.tap(this.button('作废这一笔'));
    await this.page.getByRole('heading', { level: 1, name: '帮扶记录' }).waitFor();
  }

  /**
   * Whom the page of the households finds.
   * @param {string} wanted
   */
  async found(wanted) {
    await this.visit('#/households');
    await this.page.getByRole('searchbox', { name: '找农户' }).fill(wanted);
    await this.settled();
    const links = await this.page.getByRole('main').getByRole('listitem').getByRole('link').allInnerTexts();
    return links.map((text) => text.split('\n')[0]?.trim());
  }

  /** The figures of the first screen by what stands above them. */
  async figures() {
    await this.visit('#/home');
    await this.settled();
    const terms = await this.page.locator('.figure dt').allInnerTexts();
    const values = await this.page.locator('.figure dd b').allInnerTexts();
    return Object.fromEntries(terms.map((term, index) => [term, values[index]]));
  }

  /** How many entries wait to be sent, as the own page says. */
  async unsent() {
    await this.visit('#/me');
    await this.settled();
    const words = await this.page.getByRole('link', { name: /发件箱/ }).innerText();
    return words.includes('都已上传') ? 0 : Number(/(\d+) 条未上传/.exec(words)?.[1]);
  }

  /**
   * How many entries the outbox shows in each state.
   * @returns {Promise<Record<string, number>>}
   */
  async states() {
    await this.visit('#/outbox');
    await this.settled();
    const rest = this.page.getByRole('button', { name: /^看其余/ });
    if (await rest.count()) {
      await rest.tap();
    }
    const counted = /** @type {Record<string, number>} */ ({});
    for (const word of await this.page.locator('main li .state').allInnerTexts()) {
      counted[word.trim()] = (counted[word.trim()] ?? 0) + 1;
    }
    return counted;
  }

  /** The receipts that the outbox shows. */
  async receipts() {
    const words = await this.page.getByRole('main').innerText();
    return words.match(/[0-9A-F]{4}-[0-9A-F]{4}/g) ?? [];
  }

  /**
   * The entry of the outbox with this quantity.
   * @param {number} quantity
   */
  entry(quantity) {
    return this.page.getByRole('listitem').filter({ hasText: new RegExp(` ${quantity} `) });
  }

  /** Gives a refused entry to another household. @param {number} quantity @param {string} household */
  async mend(quantity, household) {
    await this.visit('#/outbox');
    await this.tap(this.entry(quantity).getByRole('link', { name: '换一户' }));
    await this.page.getByRole('searchbox', { name: '找农户' }).fill(household);
    await this.tap(this.choice(household));
    await this.tap(this.button('改好了，再传'));
    await this.page.getByRole('heading', { name: '记下了' }).waitFor();
  }

  /** Lets a refused entry go. @param {number} quantity */
  async letGo(quantity) {
    await this.visit('#/outbox');
    await this.tap(this.entry(quantity).getByRole('button', { name: '不要这条' }));
    await this.tap(this.entry(quantity).getByRole('button', { name: '真的不要了' }));
  }

  /** Sends a month in. @param {string} month */
  async submit(month) {
    await this.visit(`#/report?month=${month}`);
    await this.settled();
    await this.tap(this.page.getByRole('button', { name: /^(再报|报送).*月报$/ }));
    await this.sees(/报出去了/);
  }

  /** @param {{unsent: number}} expected what the question says */
  async signOut({ unsent }) {
    await this.visit('#/me');
    await this.settled();
    await this.tap(this.button('退出登录'));
    const question = this.page.getByRole('group', { name: '退出登录' });
    const warning = await question.innerText();
    assert.equal(/还有 (\d+) 条没有上传/.exec(warning)?.[1] ?? '0', String(unsent));
    await this.tap(question.getByRole('button', { name: '退出登录' }));
    await this.page.getByRole('button', { name: '登录', exact: true }).waitFor();
  }
}
