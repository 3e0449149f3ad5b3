// Twenty entries are made with the network gone; then it comes back and loses, repeats, splits and reorders what is sent.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mischief, tricks } from './support/mischief.js';
import { network } from './support/terrace.js';
import { Worker } from './support/worker.js';

/** @type {Awaited<ReturnType<typeof network>>} */
let net;

before(async () => {
  net = await network();
});
after(() => net?.terrace.stop());

test('twenty entries arrive once each, whatever the network does to them', async () => {
  const { worker, home, terrace } = net;
  const li = await worker.api.household(home, '李模拟');
  const ma = await worker.api.household(home, '马模拟');
  await worker.api.assistance(home, li.id, { quantity: 11 });
  await worker.api.assistance(home, ma.id, { quantity: 12 });

  const phone = await Worker.signedIn(terrace.origin, worker);
  await phone.ready();
  const { dropped, halfBackwards, laterHalfFirst, lost, backwards } = tricks;
  const sent = await mischief(phone.context, dropped, halfBackwards, laterHalfFirst, lost, backwards);
  await phone.offline();

  await phone.register('甲模拟');
  await phone.log('甲模拟', 'logistics', 101);
  await phone.log('甲模拟', 'guidance', 102);
  await phone.correct('甲模拟', 102, 103);
  await phone.void('甲模拟', 101);
  await phone.register('乙模拟');
  await phone.log('乙模拟', 'collect', 104);
  await phone.log('李模拟', 'logistics', 105);
  await phone.log('李模拟', 'logistics', 106);
  await phone.log('马模拟', 'send', 107);

  await phone.page.reload();
  await phone.settled();
  assert.equal(await phone.unsent(), 10);

  await phone.log('马模拟', 'logistics', 108);
  await phone.correct('李模拟', 11, 21);
  await phone.void('马模拟', 12);
  await phone.correct('马模拟', 108, 109);
  await phone.void('李模拟', 105);
  await phone.log('乙模拟', 'guidance', 110);
  await phone.register('丙模拟');
  await phone.log('丙模拟', 'logistics', 111);
  // Once more what has been corrected already, and that not even sent.
  await phone.correct('甲模拟', 103, 113);
  await phone.void('马模拟', 107);
  assert.equal(await phone.unsent(), 20);
  assert.deepEqual(await worker.api.heads(home), ['李模拟', '马模拟'].sort());

  // The network comes and goes; each time the next trick is played, once around a reload.
  for (let round = 1; round <= 5; round += 1) {
    await phone.online();
    await phone.until(`trick ${round}`, () => sent.length >= round);
    if (round === 3) {
      await phone.offline();
      await phone.page.reload();
      await phone.settled();
    }
    if (round < 5) {
      await phone.offline();
    }
  }
  await phone.until('everything has been received', async () => (await phone.unsent()) === 0);

  assert.deepEqual(await worker.api.heads(home), ['丙模拟', '乙模拟', '李模拟', '甲模拟', '马模拟'].sort());
  assert.deepEqual(
    await worker.api.records(home),
    [
      '甲模拟 logistics 101 voided v2',
      '甲模拟 guidance 113 active v3',
      '乙模拟 collect 104 active v1',
      '乙模拟 guidance 110 active v1',
      '丙模拟 logistics 111 active v1',
      '李模拟 logistics 21 active v2',
      '李模拟 logistics 105 voided v2',
      '李模拟 logistics 106 active v1',
      '马模拟 logistics 12 voided v2',
      '马模拟 send 107 voided v2',
      '马模拟 logistics 109 active v2',
    ].sort(),
  );

  // Whatever was sent again was sent as it was the first time.
  const first = new Map(sent.flat().reverse().map((item) => [item.id, item]));
  assert.equal(first.size, 20);
  for (const item of sent.flat()) {
    assert.deepEqual(item, first.get(item.id));
  }

  // The outbox shows what the server said, each with its receipt.
  await phone.visit('#/outbox');
  await phone.settled();
  assert.deepEqual(await phone.states(), { 已上传: 20 });
  const receipts = await phone.receipts();
  assert.equal(receipts.length, 20);
  assert.equal(new Set(receipts).size, 20);
  await phone.close();
});

test('without a service worker an open page works on, and a form that was left is there again', async () => {
  const { colleague, home, terrace } = net;
  const phone = await Worker.signedIn(terrace.origin, colleague, { serviceWorkers: 'block' });
  await phone.until('all pages have been loaded', () =>
    phone.page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/pages/help.js'))),
  );
  await phone.settled();
  await phone.offline();
  await phone.log('李模拟', 'logistics', 121);
  await phone.visit('#/register');
  await phone.page.getByLabel('户主姓名').fill('丁模拟');
  await phone.page.getByLabel('住址').fill('模拟地址');
  await phone.until('the form is kept', async () => (await phone.keeps()).includes('draft'));

  await phone.online();
  await phone.page.reload();
  await phone.until('the entry has been received', async () =>
    (await colleague.api.records(home)).includes('李模拟 logistics 121 active v1'),
  );
  await phone.settled();
  assert.equal(await phone.page.getByLabel('户主姓名').inputValue(), '丁模拟');
  assert.ok(!(await phone.keeps()).includes('丁模拟'));
  await phone.close();
});
