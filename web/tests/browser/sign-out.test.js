// What a phone keeps, and what it keeps of whom: nothing in clear, nothing of an account that signed out but its sealed entries.
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

const secrets = ['杨模拟', '李模拟', '新模拟', 'yangmoni', 'ymn', '6172', '13800006172', '模拟worker', '模拟地址'];

/** @param {Worker} phone @param {string} when */
async function keepsNoSecret(phone, when) {
  const kept = await phone.keeps();
  assert.deepEqual(secrets.filter((secret) => kept.includes(secret)), [], when);
  assert.ok(!kept.includes('a key, extractable'), when);
  return kept;
}

test('unsent entries outlive a sign-out, sealed to their account; everything else of it goes', async () => {
  const { worker, colleague, other, home, terrace } = net;
  await worker.api.household(home, '杨模拟', { phone: '13800006172' });
  await worker.api.household(home, '李模拟');

  const phone = await Worker.signedIn(terrace.origin, worker);
  await phone.ready();
  await keepsNoSecret(phone, 'signed in');
  await phone.offline();
  await phone.register('新模拟', { phone: '13900000041' });
  await phone.log('新模拟', 'logistics', 41);
  await phone.log('杨模拟', 'logistics', 42);
  await keepsNoSecret(phone, 'with entries in the outbox');

  await phone.signOut({ unsent: 3 });
  const kept = await keepsNoSecret(phone, 'signed out');
  assert.match(kept, /\/households: \[\] \[\]/, 'no household is left');
  assert.match(kept, /\/records: \[\] \[\]/, 'no record is left');
  assert.match(kept, /\/keys: \[\] \[\]/, 'no key is left');

  // Somebody else of the same village, and somebody of another: nothing is seen, nothing is sent.
  for (const somebody of [colleague, other]) {
    await phone.online();
    await phone.signIn(somebody.username, somebody.password);
    await phone.settled();
    assert.equal(await phone.unsent(), 0);
    await phone.visit('#/outbox');
    await phone.settled();
    assert.deepEqual(await phone.states(), {});
    await phone.page.reload();
    await phone.settled();
    assert.deepEqual(await worker.api.records(home), []);
    await phone.signOut({ unsent: 0 });
  }

  await phone.signIn(worker.username, worker.password);
  await phone.visit('#/outbox');
  await phone.until('all have been received', async () => (await phone.states())['已上传'] === 3);
  assert.deepEqual(await worker.api.heads(home), ['新模拟', '李模拟', '杨模拟'].sort());
  assert.deepEqual(await worker.api.records(home), ['新模拟 logistics 41 active v1', '杨模拟 logistics 42 active v1'].sort());
  await keepsNoSecret(phone, 'after everything was sent');
  await phone.close();
});

test('a session that the server ended is locked: no household is shown until the same person signs in again', async () => {
  const { worker, home, terrace } = net;
  const phone = await Worker.signedIn(terrace.origin, worker);
  await phone.ready();
  await phone.offline();
  await phone.log('李模拟', 'logistics', 51);
  const sessions = await worker.api.get('/auth/sessions');
  for (const { id, current } of sessions.items) {
    if (!current) {
      await worker.api.post(`/auth/sessions/${id}/revoke`, {});
    }
  }
  await phone.online();
  await phone.page.getByRole('button', { name: '登录', exact: true }).waitFor();
  assert.equal(await phone.page.getByText('李模拟').count(), 0);
  assert.equal((await worker.api.records(home)).some((line) => line.includes(' 51 ')), false);
  await phone.signIn(worker.username, worker.password);
  await phone.until('the entry has been received', async () =>
    (await worker.api.records(home)).includes('李模拟 logistics 51 active v1'),
  );
  await phone.close();
});
