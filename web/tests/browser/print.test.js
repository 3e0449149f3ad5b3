// The report on paper: one A4 page, on its side.
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

test('the report prints on one page of A4, with whom it is from and room to sign', async () => {
  const { worker, home, terrace } = net;
  const month = addMonths(thisMonth(), -1);
  const li = await worker.api.household(home, '李模拟', { registered_on: `${month}-01` });
  await worker.api.assistance(home, li.id, { given_on: `${month}-10`, quantity: 81 });

  const phone = await Worker.signedIn(terrace.origin, worker);
  await phone.visit(`#/report?month=${month}`);
  await phone.settled();
  await phone.page.emulateMedia({ media: 'print' });
  for (const word of ['单位', '填报人', '审核人', '日期']) {
    assert.ok(await phone.page.getByText(word).first().isVisible(), `${word} is printed`);
  }
  assert.equal(await phone.page.getByRole('navigation').first().isVisible().catch(() => false), false, 'the tabs are not');
  assert.deepEqual(await phone.papers(), [[842, 595]]);
  await phone.close();
});
