// Administration on the desk: an account with its one-time password, a point that is opened, moved and closed; and the audit log
// tells all of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMonths, thisMonth, today } from './support/days.js';
import { Desk, counted } from './support/desk.js';
import { network } from './support/terrace.js';

/** @typedef {import('./support/api.js').Json} Json */

/** @type {Awaited<ReturnType<typeof network>>} */
let net;
/** @type {Desk} */
let desk;
/** @type {Awaited<ReturnType<(typeof net)['person']>>} */
let auditor;

before(async () => {
  net = await network();
  const { person, point, bureau, county } = net;
  const [head, auditing] = await Promise.all([person('head', 'manager', bureau), person('auditing', 'auditor', bureau)]);
  await point(county, 'township', '模拟乡');
  auditor = auditing;
  desk = await Desk.signedIn(net.terrace.origin, head);
});
after(() => net?.terrace.stop());

/** @param {string} name */
const points = async (name) => (await net.admin.get('/service-points', { q: name })).items;

test('an account is opened with a grant, its password is shown once, and it is suspended', async () => {
  await desk.look('#/admin/accounts');
  await desk.opens('开通账号');
  await desk.fill({ 用户名: 'newcomer', 姓名: '模拟新人', 角色: '业务员' });
  await desk.find('在哪里', '成家坝村');
  await desk.send('开通账号');
  const password = await desk.dialog().locator('output').innerText();
  assert.match(password, /^\S{10,}$/);
  const { must_change_password: mustChange } = await net.terrace.signIn('newcomer', password).then((api) => api.get('/me')).then(({ account }) => account);
  assert.equal(mustChange, true);
  await desk.dialog().getByRole('button', { name: '我已记下' }).click();

  // Gone for good, on the page and in everything that the browser keeps.
  await desk.page.getByRole('heading', { level: 1, name: '模拟新人' }).waitFor();
  await desk.settled();
  assert.equal(await desk.page.getByText(password).count(), 0);
  assert.ok(!(await desk.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]))).includes(password));
  const row = desk.row('业务员');
  assert.match(await row.innerText(), /成家坝村模拟服务点[^]*有效/);

  await desk.opens('停用账号');
  await desk.send(/^停用/);
  await desk.dialog().waitFor({ state: 'detached' });
  await desk.button('启用账号').waitFor();
  await assert.rejects(net.terrace.signIn('newcomer', password), /401/);
});

test('a village point is opened, moved with a preview, and closed', async () => {
  await desk.look('#/admin/points');
  await desk.opens('开设服务点');
  await desk.find('上级', '模拟镇');
  await desk.fill({ 名称: '模拟新村服务点', 设立日期: `${addMonths(thisMonth(), -1)}-01` });
  await desk.send('开设服务点');
  await desk.page.getByRole('heading', { level: 1, name: '模拟新村服务点' }).waitFor();
  await desk.settled();
  const [village] = await points('模拟新村');
  assert.equal(village.parent_id, net.township);
  assert.equal(village.tier, 'village');

  // What it will take along is what it has.
  const household = await net.manager.api.household(village.id, '新模拟', { registered_on: `${addMonths(thisMonth(), -1)}-01` });
  await net.manager.api.assistance(village.id, household.id, { quantity: 2 });
  await desk.look(`#/admin/points/${village.id}`);
  await desk.opens('移到别处');
  await desk.find('移到哪个乡镇服务站', '模拟乡');
  const [next] = await points('模拟乡');
  const preview = desk.dialog().getByRole('table').first();
  await preview.waitFor();
  const { rows } = await desk.table(preview);
  const times = rows.find(([name]) => name === '帮扶次数');
  const [before_] = (await net.manager.api.get(`/service-points/${net.township}/statistics`, { period: thisMonth(), metrics: 'assistance_count' })).items;
  assert.deepEqual(times?.slice(1), ['1', counted(before_.total), counted(before_.total - 1), '0', '1']);
  await desk.fill({ 理由: '模拟：区划调整' });
  await desk.send(/^移动 1 个点/);
  await desk.sees(/与预告的一字不差/);
  assert.equal((await net.admin.get(`/service-points/${village.id}`)).parent_id, next.id);
  const [after_] = (await net.manager.api.get(`/service-points/${next.id}/statistics`, { period: thisMonth(), metrics: 'assistance_count' })).items;
  assert.equal(after_.total, 1);
  await desk.dialog().getByRole('button', { name: /完成|关闭/ }).first().click();
  await desk.dialog().waitFor({ state: 'detached' });

  await desk.settled();
  await desk.opens('关闭');
  await desk.fill({ 最后一天: today(), 理由: '模拟：撤并' });
  await desk.send(/^关闭/);
  await desk.dialog().waitFor({ state: 'detached' });
  await desk.until('it is closed', async () => (await net.admin.get(`/service-points/${village.id}`)).status === 'closed');
  await desk.close();
});

test('the audit log tells what was done, with what was there before and after', async () => {
  const reader = await Desk.signedIn(net.terrace.origin, auditor);
  await reader.look('#/audit');
  const [village] = await points('模拟新村');
  const { items } = await auditor.api.get('/audit-events', { limit: '50' });
  const of = (/** @type {string} */ action, /** @type {string} */ id = village.id) => items.find((/** @type {Json} */ event) => event.action === action && event.object_id === id);
  const [{ id: account }] = (await net.admin.get('/accounts', { username: 'newcomer' })).items;
  for (const event of [of('account.open', account), of('account.suspend', account), of('service_point.open'), of('service_point.move'), of('service_point.close')]) {
    assert.ok(event);
    // Each stands there under its place in the chain.
    await reader.page.getByRole('main').getByRole('listitem').filter({ hasText: counted(event.seq) }).first().waitFor();
  }

  // The whole story of the point, and the move in words: from which township to which.
  await reader.look(`#/audit/service_point/${village.id}`);
  const story = reader.page.getByRole('main');
  for (const words of ['模拟：区划调整', '模拟：撤并']) {
    await story.getByText(words).first().waitFor();
  }
  await story.getByRole('listitem').filter({ hasText: '调整隶属' }).getByRole('button').click();
  const changed = story.locator('table.diff');
  await changed.waitFor();
  await reader.settled();
  assert.match(await changed.innerText(), /模拟镇[^]*模拟乡/);
  await reader.close();
});
