// The month in the village, from the first household to the report.
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

test('the month in the village', async () => {
  const { worker, home, township, terrace } = net;
  const month = addMonths(thisMonth(), -1);
  const li = await worker.api.household(home, '李模拟', { registered_on: `${month}-01` });
  await worker.api.assistance(home, li.id, { given_on: `${month}-10`, quantity: 71 });

  const phone = await Worker.signedIn(terrace.origin, worker);
  await phone.register('杨模拟', { phone: '13800006172' });
  await phone.until('the household has been received', async () => (await worker.api.heads(home)).includes('杨模拟'));

  // At most four taps and one number, from the first screen.
  await phone.visit('#/home');
  await phone.settled();
  phone.taps = 0;
  await phone.tap(phone.page.getByRole('main').getByRole('link', { name: /记一笔/ }));
  await phone.tap(phone.choice('杨模拟'));
  await phone.tap(phone.choice('物流'));
  await phone.page.getByLabel(/^数量/).fill('72');
  await phone.tap(phone.button('记下这一笔'));
  await phone.page.getByRole('heading', { name: '记下了' }).waitFor();
  assert.ok(phone.taps <= 4, `${phone.taps} taps`);
  // The next one begins where the last one ended.
  await phone.tab('记一笔');
  await phone.page.getByRole('searchbox', { name: '找农户' }).waitFor();
  await phone.log('杨模拟', 'collect', 73);
  await phone.log('李模拟', 'guidance', 74);

  // They are found by name, by the initials of its pinyin and by the end of the telephone number.
  for (const wanted of ['杨', 'ymn', '6172']) {
    assert.deepEqual(await phone.found(wanted), ['杨模拟'], wanted);
  }

  await phone.correct('杨模拟', 72, 75);
  await phone.void('李模拟', 74);
  const expected = ['李模拟 logistics 71 active v1', '李模拟 guidance 74 voided v2', '杨模拟 collect 73 active v1', '杨模拟 logistics 75 active v2'];
  await phone.until('all has been received', async () => {
    assert.deepEqual(await worker.api.records(home), expected.sort());
    return true;
  });

  // The screen says what the server says, at the village and at the township.
  const figures = await worker.api.figures(home, thisMonth());
  assert.deepEqual(figures, { assistance_count: 2, assistance_amount: 0, households_assisted: 1 });
  assert.deepEqual(await net.manager.api.figures(township, thisMonth()), figures);
  await phone.until('the figures on the screen are those of the server', async () => {
    assert.deepEqual(await phone.figures(), { 帮扶: '2', 帮到: '1', 金额: '0' });
    return true;
  });

  await phone.submit(month);
  const view = await worker.api.get(`/service-points/${home}/report`, { month });
  assert.equal(view.report.state, 'submitted');
  const counted = view.report.figures?.find((/** @type {{metric: string}} */ { metric }) => metric === 'assistance_count');
  assert.equal(counted?.total ?? counted?.value, 1);
  await phone.close();
});
