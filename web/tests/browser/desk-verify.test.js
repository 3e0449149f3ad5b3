// The bureau's auditor has everything verified, compares with a head that was kept, and has the result on paper. Nobody else is offered it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk } from './support/desk.js';
import { demo } from './support/terrace.js';

/** @type {Awaited<ReturnType<typeof demo>>} */
let simulated;

before(async () => (simulated = await demo()));
after(() => simulated?.terrace.stop());

/** @param {string} tier @param {string} role */
const person = (tier, role) => /** @type {{username: string, password: string}} */ (simulated.signIns.find((one) => one.tier === tier && one.role === role));

test('an auditor of the bureau verifies everything, twice, and prints what was found', async () => {
  const auditor = person('bureau', 'auditor');
  const api = await simulated.terrace.signIn(auditor.username, auditor.password);
  const desk = await Desk.signedIn(simulated.terrace.origin, auditor);
  await desk.look('#/audit/verify');
  await desk.sees('还没有核对过');
  await desk.button('开始核对').click();
  await desk.page.getByRole('status').getByText('全部相符').waitFor();
  const found = await desk.table(desk.page.getByRole('table', { name: '核对结果' }));
  assert.deepEqual(found.rows.map(([name, , findings]) => [name, findings]), ['链', '数据', '数字', '月报'].map((name) => [name, '0']));
  const [first] = (await api.get('/verifications')).items;
  assert.deepEqual(found.rows.map(([, looked]) => Number(looked?.replaceAll(',', ''))), ['chain', 'rows', 'numbers', 'reports'].map((part) => first.outcome[part].looked_at));
  assert.match(await desk.printed(), /数据核对记录[^]*全部相符/);

  const head = await api.get('/audit-events/head');
  await desk.page.getByLabel('同留下的链头对照').setInputFiles({ name: 'head.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(head)) });
  await desk.sees(/head\.json/);
  await desk.button('开始核对').click();
  await desk.until('the second one has ended', async () => (await desk.table(desk.page.getByRole('table', { name: '历次核对' }))).rows.filter((row) => row.includes('全部相符')).length === 2);
  const list = await desk.table(desk.page.getByRole('table', { name: '历次核对' }));
  assert.ok(list.rows[0]?.some((cell) => cell.includes(head.seq.toLocaleString('en-US'))), 'with which head');
  await desk.speak('en');
  await desk.page.getByRole('status').getByText('Everything agrees').waitFor();

  await desk.look('#/audit?action=verification.end');
  await desk.page.getByText('Verification ended').locator('visible=true').first().waitFor();
  await desk.close();
});

test('what is wrong is named part by part, and what to do comes with it', async () => {
  // A service worker would ask past what is put in between.
  const desk = await Desk.signedIn(simulated.terrace.origin, person('bureau', 'auditor'), { serviceWorkers: 'block' });
  const part = (/** @type {string[]} */ ...lines) => ({ looked_at: 1_234, findings: lines.length, lines });
  const item = {
    id: '01a20bb5-e600-7001-8348-1716310f7df9', state: 'finished', begun_at: '2026-11-30T01:00:00.000000Z', begun_by: null, begun_by_username: 'auditor', head_seq: null,
    ended_at: '2026-11-30T01:00:09.000000Z', findings: 72, version: 2,
    outcome: { chain: part(), rows: part('the household X is not what its last event says'), numbers: { looked_at: 5, findings: 71, lines: ['cell of Y'] }, reports: part() },
  };
  await desk.page.route(/\/verifications\?/, async (route) => route.fulfill({ response: await route.fetch(), json: { items: [item], next_cursor: null } }));
  await desk.look('#/audit/verify');
  await desk.sees('72 处不符');
  await desk.sees('the household X is not what its last event says');
  await desk.sees(/另有 70 处/);
  await desk.sees(/什么都先不改/);
  await desk.close();
});

test('who does not audit the whole network is offered the explanation alone', async () => {
  const desk = await Desk.signedIn(simulated.terrace.origin, person('county', 'auditor') ?? person('bureau', 'manager'));
  await desk.look('#/audit/verify');
  await desk.sees('terrace verify');
  assert.equal(await desk.button('开始核对').count(), 0);
  await desk.close();
});
