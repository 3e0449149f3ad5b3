// The ledgers of the desk: each opens with its list and its form; an entry is made, corrected and voided, and the figure beside it
// is the API's at every step.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMonths, thisMonth, today } from './support/days.js';
import { Desk, counted, yuan } from './support/desk.js';
import { network } from './support/terrace.js';

/** @typedef {import('./support/api.js').Json} Json */

/** @type {Awaited<ReturnType<typeof network>>} */
let net;
/** @type {Desk} */
let desk;

const began = `${addMonths(thisMonth(), -1)}-01`;

before(async () => {
  net = await network();
  for (const name of ['李模拟', '杨模拟']) {
    await net.worker.api.household(net.home, name, { registered_on: began });
  }
  desk = await Desk.signedIn(net.terrace.origin, net.manager);
  await desk.page.evaluate(() => localStorage.setItem('terrace.unit', 'yuan'));
});
after(() => net?.terrace.stop());

/** The latest of a collection. @param {string} ledger @returns {Promise<Json>} */
const last = async (ledger) => (await net.manager.api.get(`/${ledger}`)).items[0];

/**
 * What the page of a ledger says of a figure, once it says what the API says.
 * @param {string} ledger @param {string} metric @param {number} expected
 */
async function says(ledger, metric, expected) {
  const [{ name, unit }] = (await net.manager.api.get('/metrics')).items.filter((/** @type {Json} */ { code }) => code === metric);
  const [figure] = (await net.manager.api.get(`/service-points/${net.county}/statistics`, { period: thisMonth(), metrics: metric })).items;
  assert.equal(figure.total, expected, `${metric} of the API`);
  await desk.look(`#/ledgers/${ledger}?point=${net.county}&period=${thisMonth()}`);
  const shown = desk.page.getByRole('complementary', { name: '指标' }).getByRole('button').filter({ hasText: name.zh }).locator('b').first();
  assert.equal(await shown.innerText(), unit.en === 'fen' ? yuan(expected) : counted(expected), `${metric} on the screen`);
}

/** Waits until what was sent has been taken: its page is shown. @param {string | RegExp} title */
async function entered(title) {
  await desk.page.getByRole('heading', { level: 1, name: title }).waitFor();
  await desk.page.getByRole('heading', { level: 2, name: '内容' }).waitFor();
  await desk.settled();
}

/** Corrects or writes anew what is shown. @param {'更正' | '修改'} act @param {Record<string, string>} values */
async function change(act, values) {
  await desk.button(act).click();
  await desk.fill(values);
  await desk.send(act);
  await desk.page.getByRole('heading', { level: 2, name: '内容' }).waitFor();
  await desk.settled();
}

/** Voids what is shown. */
async function voided() {
  await desk.opens('作废');
  await desk.fill({ 理由: '模拟：记重了' });
  await desk.send(/^作废/);
  await desk.dialog().waitFor({ state: 'detached' });
  await desk.page.getByRole('main').getByText('模拟：记重了').first().waitFor();
  await desk.settled();
}

test('a store is entered, written anew, and closed', async () => {
  await desk.look('#/ledgers/platforms/new');
  await desk.fill({ 名称: '模拟平台', 类别: '' });
  await desk.send('登记平台');
  await entered('模拟平台');

  await says('stores', 'stores', 0);
  await desk.page.getByRole('main').getByRole('link', { name: '登记网店' }).click();
  await desk.fill({ 名称: '模拟网店', 开业日: began });
  await desk.find('平台', '模拟平台');
  await desk.find('机构', '聂家沟村');
  await desk.choose('店主', '农户');
  await desk.find('农户', '李模拟');
  await desk.send('登记网店');
  await entered('模拟网店');
  await says('stores', 'stores', 1);
  assert.equal((await last('stores')).name, '模拟网店');

  await desk.row('模拟网店').getByRole('link').first().click();
  await entered('模拟网店');
  await change('修改', { 名称: '模拟花椒网店' });
  await entered('模拟花椒网店');
  const { version, name } = await last('stores');
  assert.deepEqual({ version, name }, { version: 2, name: '模拟花椒网店' });
});

test('a sale is logged, corrected and voided', async () => {
  await desk.look('#/ledgers/sales/new');
  await desk.choose('怎样填报', '按日');
  await desk.fill({ 日期: today(), 金额: '1234.50', 订单数: '3', 渠道: '' });
  await desk.find('网店', '模拟花椒网店');
  await desk.send('记一笔销售');
  await entered(/模拟花椒网店/);
  await says('sales', 'sales_amount', 123_450);
  await says('sales', 'sales_orders', 3);

  const { id } = await last('sales');
  await desk.look(`#/ledgers/sales/${id}`);
  await change('更正', { 金额: '1300', 理由: '模拟：看错了' });
  await desk.sees('模拟：看错了');
  await says('sales', 'sales_amount', 130_000);

  await desk.look(`#/ledgers/sales/${id}`);
  await voided();
  const { state, version } = await net.manager.api.get(`/sales/${id}`);
  assert.deepEqual({ state, version }, { state: 'voided', version: 3 });
  await says('sales', 'sales_amount', 0);
});

test('a benefit is logged, corrected and voided', async () => {
  await desk.look('#/ledgers/benefit-links/new');
  await desk.find('被带动农户', '杨模拟');
  await desk.choose('由谁带动', '网店');
  await desk.find('网店', '模拟花椒网店');
  await desk.fill({ 带动方式: '', 开始日: began });
  await desk.send('登记带动关系');
  await entered(/杨模拟/);
  await says('benefit-links', 'households_lifted', 1);

  await desk.look('#/ledgers/benefits/new');
  await desk.fill({ 日期: today(), 金额: '86.50' });
  await desk.find('带动关系', '杨模拟');
  await desk.send('记一笔增收');
  await entered(/杨模拟/);
  await says('benefits', 'benefit_amount', 8650);

  const { id } = await last('benefits');
  await desk.look(`#/ledgers/benefits/${id}`);
  await change('更正', { 金额: '96.50', 理由: '模拟：看错了' });
  await says('benefits', 'benefit_amount', 9650);
  await desk.look(`#/ledgers/benefits/${id}`);
  await voided();
  await says('benefits', 'benefit_amount', 0);
});

test('a store is closed once it lifts nobody any more', async () => {
  const { id: link } = await last('benefit-links');
  await desk.look(`#/ledgers/benefit-links/${link}`);
  await change('修改', { 结束日: today() });
  const { id } = await last('stores');
  await desk.look(`#/ledgers/stores/${id}`);
  await change('修改', { 关闭日: today() });
  assert.equal((await last('stores')).closed_on, today());
  const [{ total }] = (await net.manager.api.get(`/service-points/${net.county}/statistics`, { period: thisMonth(), metrics: 'stores' })).items;
  await says('stores', 'stores', total);
});

test('every ledger opens with its list and its form', async () => {
  await desk.look('#/ledgers');
  const ledgers = await desk.page.getByRole('navigation', { name: '台账' }).getByRole('listitem').getByRole('link').evaluateAll((links) =>
    links.map((link) => [link.getAttribute('href') ?? '', link.textContent ?? '']),
  );
  assert.ok(ledgers.length >= 24, `${ledgers.length} ledgers`);
  for (const [address = '', name = ''] of ledgers) {
    await desk.visit(address);
    await desk.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
    await desk.settled();
    assert.equal(await desk.page.locator('main table.sheet').count(), 1, name);
    const enter = desk.page.getByRole('main').locator('a.btn.main');
    const words = (await enter.innerText()).trim();
    await enter.click();
    await desk.page.getByRole('heading', { level: 1, name: words }).waitFor();
    await desk.settled();
    assert.ok(await desk.page.locator('.formacts').getByRole('button', { name: words }).isEnabled(), words);
  }
  await desk.close();
});
