// The own account: the first password, other sessions, the language and the size of the letters; and what the point is told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { network, newPassword } from './support/terrace.js';
import { Worker } from './support/worker.js';

/** @type {Awaited<ReturnType<typeof network>>} */
let net;

before(async () => {
  net = await network();
});
after(() => net?.terrace.stop());

test('a first password is good for nothing but being changed', async () => {
  const { admin, home, terrace } = net;
  const { first_password: first } = await admin.post('/accounts', {
    username: 'newcomer',
    display_name: '模拟新人',
    grant: { role: 'worker', service_point_id: home },
  });
  const phone = await Worker.open(terrace.origin);
  await phone.visit();
  await phone.enter('newcomer', newPassword());
  await phone.sees(/用户名或密码/);
  await phone.enter('newcomer', first);
  await phone.page.getByRole('heading', { level: 1, name: '改密码' }).waitFor();
  await phone.page.goto(`${terrace.origin}/#/households`);
  assert.equal(await phone.page.getByRole('heading', { level: 1, name: '改密码' }).count(), 1);

  const password = newPassword();
  await phone.page.getByLabel('现在的密码').fill(first);
  await phone.page.getByLabel(/^新密码/).fill(password);
  await phone.page.getByLabel('再写一遍新密码').fill(password);
  await phone.tap(phone.button('换成新密码'));
  await phone.page.getByRole('navigation', { name: '主菜单' }).waitFor();
  await terrace.signIn('newcomer', password);
  await phone.close();
});

test('another session is ended from the phone', async () => {
  const { worker, terrace } = net;
  const elsewhere = await terrace.signIn(worker.username, worker.password);
  const phone = await Worker.signedIn(terrace.origin, worker);
  await phone.visit('#/sessions');
  await phone.settled();
  const ends = phone.button('让它退出');
  for (let others = await ends.count(); others > 0; others -= 1) {
    await phone.tap(ends.first());
    await phone.until('one less is shown', async () => (await ends.count()) === others - 1);
  }
  await assert.rejects(elsewhere.get('/me'), /401/);
  await phone.close();
  // With the one that asks for the tests.
  worker.api = await terrace.signIn(worker.username, worker.password);
});

test('the language and the size of the letters stay as they were chosen', async () => {
  const { worker, terrace } = net;
  const phone = await Worker.signedIn(terrace.origin, worker);
  await phone.visit('#/me');
  const ordinary = await phone.page.evaluate(() => getComputedStyle(document.body).fontSize);
  await phone.tap(phone.choice('大字'));
  await phone.tap(phone.choice('English'));
  await phone.page.getByRole('navigation', { name: 'Main menu' }).waitFor();
  await phone.page.reload();
  await phone.page.getByRole('navigation', { name: 'Main menu' }).waitFor();
  assert.equal(await phone.page.locator('html').getAttribute('lang'), 'en');
  assert.equal(await phone.page.evaluate(() => getComputedStyle(document.body).fontSize), '18px');
  assert.notEqual(ordinary, '18px');
  await phone.close();
});

test('an announcement is a to-do until it has been read', async () => {
  const { worker, manager, township, terrace } = net;
  await manager.api.post('/announcements', { service_point_id: township, title: '模拟通知', body: '请在五日前报送（模拟）' });
  const phone = await Worker.signedIn(terrace.origin, worker);
  await phone.tap(phone.page.getByRole('link', { name: '1 条通知没看' }));
  await phone.tap(phone.page.getByRole('link', { name: /模拟通知/ }));
  await phone.sees('请在五日前报送（模拟）');
  await phone.until('the server knows', async () => (await worker.api.get('/notices/unread')).unread === 0);
  await phone.visit('#/home');
  await phone.settled();
  await phone.until('nothing is to be read any more', async () => (await phone.page.getByRole('link', { name: /没看/ }).count()) === 0);
  await phone.close();
});
