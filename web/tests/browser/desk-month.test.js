// A month from the village's phone to the bureau: sent in, sent back, corrected, sent in again, approved from step to step.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMonths, thisMonth } from './support/days.js';
import { Desk } from './support/desk.js';
import { network } from './support/terrace.js';
import { Worker } from './support/worker.js';

/** @type {Awaited<ReturnType<typeof network>>} */
let net;

before(async () => {
  net = await network();
});
after(() => net?.terrace.stop());

const month = addMonths(thisMonth(), -1);
const [home, neighbour] = ['聂家沟村模拟服务点', '成家坝村模拟服务点'];

/** @param {string} point */
const standing = async (point) => (await net.manager.api.get(`/service-points/${point}/report`, { month })).report;

/** @param {{username: string, password: string}} person */
const desk = (person) => Desk.signedIn(net.terrace.origin, person);

test('a month goes from the village to the bureau', async () => {
  const { terrace, worker, other, reviewer, manager, person } = net;
  const li = await worker.api.household(net.home, '李模拟', { registered_on: `${month}-01` });
  await worker.api.assistance(net.home, li.id, { given_on: `${month}-10`, quantity: 61, amount_fen: 12_345 });
  const [clerk, examiner, head] = await Promise.all([
    person('clerk', 'worker', net.township),
    person('examiner', 'reviewer', net.county),
    person('head', 'manager', net.bureau),
  ]);

  // The village, on the phone; the one beside it has nothing to tell.
  const phone = await Worker.signedIn(terrace.origin, worker);
  await phone.submit(month);
  await other.api.post('/reports', { service_point_id: net.neighbour, month, nil: true });
  assert.equal((await standing(net.home)).state, 'submitted');

  // The township sends it back with a ready phrase, which the phone shows.
  const township = await desk(reviewer);
  await township.queue(month);
  const phrases = (await reviewer.api.get('/code-lists')).items.find((/** @type {{code: string}} */ { code }) => code === 'report_return_phrase').entries;
  const phrase = phrases[0].label.zh;
  await township.sendBack(home, phrase);
  assert.equal((await standing(net.home)).state, 'returned');
  await phone.visit('#/home');
  await phone.tap(phone.page.getByRole('link', { name: /月报.*退回|退回.*月报/ }));
  await phone.sees(phrase);
  await phone.correct('李模拟', 61, 62);
  await phone.until('the correction has been received', async () => (await worker.api.records(net.home)).some((line) => line.includes(' 62 active v2')));
  await phone.submit(month);
  await phone.close();

  // What has changed since is to be looked at; then one by one.
  await township.queue(month);
  await township.pick(home);
  await township.sees(phrase);
  await township.approve(home);
  await township.approve(neighbour);
  assert.deepEqual([(await standing(net.home)).state, (await standing(net.neighbour)).state], ['approved', 'approved']);
  await township.close();

  /** Who sends the month of a point in, and who approves it above. */
  const steps = /** @type {const} */ ([
    [clerk, net.township, '模拟镇', examiner],
    [manager, net.county, '模拟县', head],
  ]);
  for (const [sender, point, name, above] of steps) {
    const below = await desk(sender);
    await below.submit(month);
    assert.equal((await standing(point)).state, 'submitted', name);
    await below.close();
    const reviews = await desk(above);
    await reviews.queue(month);
    await reviews.approve(name);
    const { state, figures } = await standing(point);
    assert.equal(state, 'approved', name);
    const counted = figures.find((/** @type {{metric: string}} */ { metric }) => metric === 'assistance_amount');
    assert.equal(counted.total ?? counted.value, 12_345, name);
    await reviews.close();
  }
});

test('a month prints on one page of A4, with whom it is from and room to sign', async () => {
  const below = await desk(net.manager);
  await below.look(`#/report?month=${month}`);
  const words = await below.printed();
  for (const said of ['模拟县', '模拟镇', '123.45', '合计']) {
    assert.ok(words.includes(said), said);
  }
  await below.close();
});
