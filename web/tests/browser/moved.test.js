// A household moves away while the phone that has an entry for it is without the network.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { network } from './support/terrace.js';
import { Worker } from './support/worker.js';

/** @type {Awaited<ReturnType<typeof network>>} */
let net;

before(async () => {
  net = await network();
});
after(() => net?.terrace.stop());

test('an entry for a household that moved away is refused, says why, and is mended to another household', async () => {
  const { worker, manager, other, home, neighbour, terrace } = net;
  const gone = await worker.api.household(home, '杨模拟');
  await worker.api.household(home, '李模拟');

  const phone = await Worker.signedIn(terrace.origin, worker);
  await phone.ready();
  await phone.offline();
  await phone.log('杨模拟', 'logistics', 31);
  await phone.log('李模拟', 'logistics', 32);
  await phone.log('杨模拟', 'guidance', 33);

  const move = { service_point_id: neighbour, reason: '模拟：迁居' };
  await manager.api.post(`/households/${gone.id}/transfer`, move, gone.version);

  await phone.online();
  await phone.visit('#/outbox');
  await phone.until('two entries are refused', async () => (await phone.states())['被退回'] === 2);
  assert.deepEqual(await phone.states(), { 被退回: 2, 已上传: 1 });
  assert.deepEqual(await worker.api.records(home), ['李模拟 logistics 32 active v1']);

  // The reason stands there, and still does after another load, with and without the network.
  const reasons = phone.page.getByText(/原因/);
  assert.equal(await reasons.count(), 2);
  await phone.page.reload();
  await phone.until('the refused ones are still there', async () => (await phone.states())['被退回'] === 2);
  assert.equal(await reasons.count(), 2);
  // Whose they are as well, although the household is not here any more.
  assert.match(await phone.entry(31).innerText(), /杨模拟/);
  assert.match(await phone.entry(33).innerText(), /杨模拟/);

  // One is given to another household, one is let go.
  await phone.mend(31, '李模拟');
  await phone.visit('#/outbox');
  await phone.until('it has been received', async () => (await phone.states())['已上传'] === 2);
  await phone.letGo(33);
  await phone.until('it is gone', async () => (await phone.states())['被退回'] === undefined);

  assert.deepEqual(await worker.api.records(home), ['李模拟 logistics 31 active v1', '李模拟 logistics 32 active v1']);
  assert.deepEqual(await other.api.records(neighbour), []);

  // What moved away is not on the phone any more.
  await phone.visit('#/households');
  await phone.settled();
  assert.equal(await phone.page.getByRole('link', { name: '李模拟' }).count(), 1);
  assert.equal(await phone.page.getByText('杨模拟').count(), 0);
  await phone.close();
});
