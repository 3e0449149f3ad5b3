// A reviewer's day without a mouse: sign in, open the queue, walk it, approve one, send one back, approve the rest together, and
// remind who is late.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMonths, thisMonth } from './support/days.js';
import { Desk } from './support/desk.js';
import { network } from './support/terrace.js';

/** @typedef {import('./support/api.js').Json} Json */

/** @type {Awaited<ReturnType<typeof network>>} */
let net;

// The due day of this month has passed, whatever the day.
const month = addMonths(thisMonth(), -2);
const names = ['模拟甲村', '模拟乙村', '模拟丙村', '模拟丁村', '模拟戊村'];

before(async () => {
  net = await network();
  const { admin, worker, point: opened, township } = net;
  const { id: account } = (await worker.api.get('/me')).account;
  for (const [n, name] of names.entries()) {
    const point = await opened(township, 'village', name, month);
    await admin.post('/grants', { account_id: account, role: 'worker', service_point_id: point });
    const household = await worker.api.household(point, `${name.slice(2, 3)}模拟`, { registered_on: `${month}-01` });
    await worker.api.assistance(point, household.id, { given_on: `${month}-10`, quantity: n + 1 });
    // They were entered late, and somebody says why.
    for (const { rule, subject_id, month: of, fingerprint } of await worker.api.all('/doubtful-items', { service_point_id: point, month, state: 'open' })) {
      await worker.api.post('/doubtful-explanations', { rule, subject_id, month: of, fingerprint, note: '模拟：补录' });
    }
    if (name !== names.at(-1)) {
      await worker.api.post('/reports', { service_point_id: point, month });
    }
  }
});
after(() => net?.terrace.stop());

/** How the points below stand. @returns {Promise<Record<string, string | null>>} */
async function standings() {
  const { items } = await net.reviewer.api.get(`/service-points/${net.township}/review-queue`, { month });
  return Object.fromEntries(items.filter((/** @type {Json} */ { name }) => names.includes(name)).map((/** @type {Json} */ { name, report }) => [name, report?.state ?? null]));
}

test('a day by keyboard alone', async () => {
  const { terrace, reviewer } = net;
  const desk = await Desk.open(terrace.origin);
  const { keyboard } = desk.page;
  const looksAt = (/** @type {string} */ name) => desk.page.getByRole('heading', { level: 2, name }).waitFor();
  const standing = (/** @type {string} */ name, /** @type {string} */ state) => desk.until(`${name} is ${state}`, async () => (await standings())[name] === state);

  await desk.visit();
  await desk.tabTo(desk.page.getByLabel('用户名'));
  await keyboard.type(reviewer.username);
  await desk.tabTo(desk.page.getByLabel('密码', { exact: true }));
  await keyboard.type(reviewer.password);
  await keyboard.press('Enter');
  await desk.menu().first().waitFor();
  await desk.settled();

  await desk.enterAt(desk.menu().filter({ hasText: '审核' }));
  await desk.page.getByRole('heading', { level: 1, name: /审核/ }).waitFor();
  await desk.settled();
  await desk.enterAt(desk.button(/^上(个|一)月$/));
  await looksAt(names[0] ?? '');
  await desk.settled();

  // Down and up again, with letters and with arrows.
  await keyboard.press('j');
  await keyboard.press('ArrowDown');
  await looksAt(names[2] ?? '');
  await keyboard.press('k');
  await looksAt(names[1] ?? '');
  await keyboard.press('ArrowUp');
  await looksAt(names[0] ?? '');
  await desk.settled();
  await keyboard.press('?');
  await desk.dialog().waitFor();
  await keyboard.press('Escape');
  await desk.dialog().waitFor({ state: 'detached' });

  // One is approved; the next one takes its place, and is sent back.
  await keyboard.press('a');
  await desk.enterAt(desk.dialog().getByRole('button', { name: /^审定/ }));
  await standing(names[0] ?? '', 'approved');
  await looksAt(names[1] ?? '');
  await desk.settled();
  await keyboard.press('r');
  await desk.until('the reason is written', () => desk.page.locator('textarea').evaluate((element) => element === document.activeElement));
  const phrase = desk.page.locator('.phrases').getByRole('button').first();
  const reason = await phrase.innerText();
  await desk.tabTo(phrase, 'Shift+Tab');
  await keyboard.press('Space');
  await desk.enterAt(desk.button(/^退回/));
  await standing(names[1] ?? '', 'returned');
  const { items } = await reviewer.api.get(`/service-points/${net.township}/review-queue`, { month });
  assert.equal(items.find((/** @type {Json} */ { name }) => name === names[1]).returned.reason, reason);

  // The two that are left, together.
  await looksAt(names[2] ?? '');
  await desk.settled();
  await keyboard.press('j');
  await looksAt(names[3] ?? '');
  await desk.settled();
  await keyboard.press('x');
  await keyboard.press('k');
  await looksAt(names[2] ?? '');
  await desk.settled();
  await keyboard.press('x');
  await desk.button(/^审定 2 个/).waitFor();
  await keyboard.press('Shift+A');
  await desk.enterAt(desk.dialog().getByRole('button', { name: /^审定 2 个/ }));
  await standing(names[2] ?? '', 'approved');
  await standing(names[3] ?? '', 'approved');

  // Two have still to report: the one that was sent back, and the one that has sent nothing.
  await desk.settled();
  await desk.enterAt(desk.button(/^催报 2 个/));
  await desk.enterAt(desk.dialog().getByRole('button', { name: /^催报 2 个/ }));
  await desk.dialog().waitFor({ state: 'detached' });
  await desk.until('they have been reminded', async () => {
    const { items: notices } = await net.worker.api.get('/notices', { limit: '50' });
    return notices.filter((/** @type {Json} */ { kind }) => kind === 'chase').length === 2;
  });
  assert.deepEqual(await standings(), Object.fromEntries(names.map((name, n) => [name, ['approved', 'returned', 'approved', 'approved', null][n] ?? null])));
  await desk.close();
});
