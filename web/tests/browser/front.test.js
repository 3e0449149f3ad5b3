// The page at `/` offers to sign in at each tier when, and only when, the database is a demo.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api } from './support/api.js';
import { Phone } from './support/phone.js';
import { demo, network } from './support/terrace.js';

test('a demo offers its sign-ins, and each of them works', async () => {
  const { terrace, signIns } = await demo();
  try {
    const offered = (await new Api(terrace.origin, '').get('/demo')).sign_ins;
    assert.deepEqual([...new Set(signIns.map(({ tier }) => tier))].sort(), [...new Set(offered.map((/** @type {{tier: string}} */ { tier }) => tier))].sort());
    for (const tier of ['村级服务点', '乡镇服务站', '县级服务中心', '市局']) {
      const phone = await Phone.open(terrace.origin);
      await phone.visit();
      const offers = phone.page.getByRole('button', { name: /业务员|审核员|负责人|审计员|系统管理员/ });
      await offers.first().waitFor();
      await phone.tap(offers.filter({ hasText: tier }).first());
      await phone.page.getByRole('navigation', { name: '主菜单' }).waitFor();
      await phone.settled();
      await phone.close();
    }
  } finally {
    await terrace.stop();
  }
});

test('a database that is no demo offers none', async () => {
  const { terrace } = await network();
  try {
    const phone = await Phone.open(terrace.origin);
    await phone.visit();
    await phone.page.getByRole('button', { name: '登录', exact: true }).waitFor();
    await phone.settled();
    assert.equal(await phone.page.getByText(/演示|模拟/).count(), 0);
    await phone.close();
  } finally {
    await terrace.stop();
  }
});
