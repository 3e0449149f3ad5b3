// Every page in both languages, plain and in elder mode: nothing for axe to find, nothing wider than a phone, nothing too
// small for a thumb, and no Chinese on an English page but names.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMonths, thisMonth } from './support/days.js';
import { Phone } from './support/phone.js';
import { network } from './support/terrace.js';
import { Worker } from './support/worker.js';

const said = {
  household: '杨模拟',
  reason: '模拟：请核对数量',
  title: '模拟通知',
  body: '五日以前报送，模拟内容',
};

/** @typedef {[name: string, route: string, act?: (phone: Phone) => Promise<void>]} Place where to look, and what to do there first */

/** @type {Awaited<ReturnType<typeof network>>} */
let net;
/** @type {Place[]} */
let places;
/** One for each run, to move away while its phone is without the network. @type {{id: string, head_name: string, version: number}[]} */
const movers = [];

/** The button that sends the form. @param {Phone} phone */
const send = (phone) => phone.tap(phone.page.locator('button.main'));

before(async () => {
  net = await network();
  const { worker, reviewer, manager, home, township } = net;
  const last = addMonths(thisMonth(), -1);
  const household = await worker.api.household(home, said.household, { registered_on: `${last}-01`, phone: '13800006172' });
  const record = await worker.api.assistance(home, household.id, { given_on: `${last}-02`, quantity: 3 });
  await worker.api.assistance(home, household.id);
  const report = await worker.api.post('/reports', { service_point_id: home, month: last });
  await reviewer.api.post(`/reports/${report.id}/return`, { reason: said.reason }, report.version);
  const announcement = await manager.api.post('/announcements', {
    service_point_id: township,
    title: said.title,
    body: said.body,
  });
  for (const name of ['赵模拟', '钱模拟', '孙模拟', '周模拟']) {
    movers.push(/** @type {any} */ (await worker.api.household(home, name)));
  }
  places = [
    ['home', '#/home'],
    ['households', '#/households'],
    ['household', `#/household/${household.id}`],
    ['register', '#/register'],
    ['register, with faults', '#/register', send],
    ['log', '#/log'],
    ['log, with faults', '#/log', send],
    ['record', `#/record/${record.id}`],
    ['record, to be voided', `#/record/${record.id}`, (phone) => phone.tap(phone.page.locator('.dock button').first())],
    ['record, to be corrected', `#/record/${record.id}`, (phone) => phone.tap(phone.page.locator('.dock button').last())],
    ['outbox', '#/outbox'],
    ['outbox, an entry to be dropped', '#/outbox', (phone) => phone.tap(phone.page.locator('main li button').first())],
    ['report', `#/report?month=${last}`],
    ['report of the month that runs', '#/report'],
    ['notices', '#/notices'],
    ['notice', `#/notice/${announcement.id}`],
    ['me', '#/me'],
    ['me, to sign out', '#/me', (phone) => phone.tap(phone.page.locator('main > button').last())],
    ['password', '#/password'],
    ['sessions', '#/sessions'],
    ['help', '#/help'],
  ];
});
after(() => net?.terrace.stop());

/** What people and places are called, and what people wrote, in whatever language. */
const data = () => [...Object.values(said), ...movers.map(({ head_name }) => head_name), '聂家沟村模拟服务点', '成家坝村模拟服务点', '模拟镇', '模拟县', '模拟市', '模拟worker', '模拟地址', '中文'];

/** @param {Phone} phone @param {string} name @param {'zh-CN' | 'en'} language */
async function check(phone, name, language) {
  await phone.settled();
  await phone.page.evaluate(() => document.querySelectorAll('details').forEach((fold) => (fold.open = true)));
  assert.deepEqual(await phone.accessibilityFaults(), [], `axe on ${name}`);
  assert.deepEqual(await phone.layoutFaults(), [], `layout of ${name}`);
  assert.equal(await phone.page.locator('html').getAttribute('lang'), language);
  if (language === 'en') {
    const text = data().reduce((rest, known) => rest.replaceAll(known, ''), await phone.words());
    assert.deepEqual(text.split('\n').filter((line) => /\p{Script=Han}/u.test(line)), [], `Chinese on ${name}`);
  }
}

/** A phone whose outbox has entries in each state. @param {number} run */
async function busyPhone(run) {
  const { worker, manager, neighbour, terrace } = net;
  const phone = await Worker.signedIn(terrace.origin, worker);
  await phone.ready();
  await phone.offline();
  const mover = movers[run];
  assert.ok(mover);
  await phone.log(mover.head_name, 'logistics', 2);
  await phone.log(said.household, 'logistics', 3);
  const move = { service_point_id: neighbour, reason: '模拟：迁居' };
  await manager.api.post(`/households/${mover.id}/transfer`, move, mover.version);
  await phone.online();
  await phone.until('each has its answer', async () => {
    const states = await phone.states();
    return states['被退回'] === 1 && states['已上传'] === 1;
  });
  return phone;
}

let run = 0;
for (const language of /** @type {const} */ (['zh-CN', 'en'])) {
  for (const elder of [false, true]) {
    const own = run++;
    test(`every page in ${language}${elder ? ' in elder mode' : ''}`, async (t) => {
      const front = await Phone.open(net.terrace.origin, { language, elder });
      await front.visit();
      await t.test('sign-in', () => check(front, 'sign-in', language));
      await t.test('sign-in, with faults', async () => {
        await send(front);
        await check(front, 'sign-in, with faults', language);
      });
      await front.close();

      const phone = await busyPhone(own);
      await phone.prefer(language, elder);
      for (const [name, route, act] of places) {
        await t.test(name, async () => {
          await phone.visit('#/help');
          await phone.visit(route);
          await phone.settled();
          await act?.(phone);
          await check(phone, name, language);
        });
      }
      await t.test('without the network', async () => {
        await phone.offline();
        await phone.visit('#/home');
        await check(phone, 'home without the network', language);
      });
      await phone.close();
    });
  }
}
