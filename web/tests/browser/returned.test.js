// The township returns a month; the village reads why, corrects, and sends it in again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMonths, thisMonth } from './support/days.js';
import { network } from './support/terrace.js';
import { Worker } from './support/worker.js';

/** @type {Awaited<ReturnType<typeof network>>} */
let net;

before(async () => {
  net = await network();
});
after(() => net?.terrace.stop());

test('a return and a correction', async () => {
  const { worker, reviewer, home, terrace } = net;
  const month = addMonths(thisMonth(), -1);
  const reason = '模拟：物流件数与台账不符';
  const li = await worker.api.household(home, '李模拟', { registered_on: `${month}-01` });
  await worker.api.assistance(home, li.id, { given_on: `${month}-10`, quantity: 61 });
  const report = await worker.api.post('/reports', { service_point_id: home, month });
  await reviewer.api.post(`/reports/${report.id}/return`, { reason }, report.version);

  const phone = await Worker.signedIn(terrace.origin, worker);
  // The to-do on the first screen leads to the reason.
  await phone.tap(phone.page.getByRole('link', { name: /月报.*退回|退回.*月报/ }));
  await phone.sees(reason);

  await phone.correct('李模拟', 61, 62);
  await phone.until('the correction has been received', async () =>
    (await worker.api.records(home)).includes('李模拟 logistics 62 active v2'),
  );

  await phone.submit(month);
  const view = await worker.api.get(`/service-points/${home}/report`, { month });
  assert.equal(view.report.state, 'submitted');
  assert.equal(view.report.submission, 2);

  const { items } = await reviewer.api.get(`/reports/${report.id}/submissions`);
  assert.equal(items.length, 2);
  await phone.close();
});
