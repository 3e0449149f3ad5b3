// Who works on the phone, and that nothing but the server's word or the person ends it.
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Offline, Problem, get, renew } from '../../console/core/api.js';
import { Server, fresh, net, outbox, quiet, reload, remembered, session, signIn, store, until } from './support/phone.js';

let accounts = 0;
let account = '';
beforeEach(async () => {
  await fresh();
  account = `person-${++accounts}`;
});
const state = () => session.session.value.state;
const asked = (/** @type {string} */ path) => net.server.requests.filter((r) => r.path === path).length;

test('signing in tells who one is, where, and what one may do', async () => {
  await signIn(account);
  assert.equal(state(), 'signed_in');
  assert.equal(session.session.value.account?.username, account);
  assert.deepEqual([session.session.value.here?.id, session.session.value.here?.tier], ['point-1', 'village']);
  assert.equal(session.can('assistance.log', 'point-1'), true);
  assert.equal(session.can('assistance.log', 'point-2'), false);
  assert.equal(session.can('audit.read'), false);
});

test('a wrong password is refused with the words of the server, and a network that is gone is no refusal', async () => {
  await assert.rejects(session.signIn(account, 'wrong'), (e) => e instanceof Problem && e.code === 'auth.wrong_credentials');
  net.server.fate = () => 'lost';
  await assert.rejects(session.signIn(account, 'right'), Offline);
});

test('the device token is sent with the next sign-in, and no name is kept in clear', async () => {
  await signIn(account);
  await session.signOut();
  await signIn(account.toUpperCase());
  const sent = net.server.requests.filter((r) => r.path === '/auth/sign-in').map((r) => r.body.device_token);
  assert.deepEqual(sent, [undefined, `device of ${account}`]);
  assert.ok(![...remembered.keys(), ...remembered.values()].join().includes(`"${account}`));
});

test('requests that meet an ended token share one renewal', async () => {
  await signIn(account);
  await quiet();
  const before = asked('/auth/refresh');
  net.server.tokens.clear();
  await Promise.all([get('/code-lists'), get('/notices/unread'), get('/me')]);
  assert.equal(asked('/auth/refresh') - before, 1);
});

test('silence, a busy server and a sign-in page of the network end no session', async () => {
  await signIn(account);
  await quiet();
  for (const fate of /** @type {const} */ (['lost', 'unanswered', 'busy', 'portal'])) {
    net.server.tokens.clear();
    net.server.fate = (path) => (path === '/auth/refresh' ? fate : 'fine');
    await assert.rejects(get('/code-lists'));
    assert.equal(state(), 'signed_in', fate);
  }
  net.server.fate = () => 'fine';
  await get('/code-lists');
});

test('when the server ends it the phone is locked: no key, no data on the screen, entries still sealed', async () => {
  await signIn(account);
  net.server.fate = (path) => (path === '/batches' ? 'lost' : 'fine');
  await outbox.enqueue('register_household', { content: { members: [], service_point_id: 'point-1' } });
  await quiet();
  net.server.end(account);
  await assert.rejects(get('/code-lists'), Problem);
  await until(() => state() === 'locked');
  assert.equal(await store.keptDevice(), null);
  assert.equal(session.sealedUnsent.value, 1);
  await signIn(account);
  await until(() => outbox.outbox.value.length === 1);
});

test('after a reload without a network the phone knows its person, for seven days', async () => {
  await signIn(account);
  await quiet();
  net.server.fate = () => 'lost';
  await reload();
  assert.equal(state(), 'signed_in');
  assert.equal(session.session.value.account?.username, account);
  assert.equal(session.can('assistance.log', 'point-1'), true);
  const now = Date.now();
  mock.timers.enable({ apis: ['Date'], now: now + 8 * 86400e3 });
  await reload();
  mock.timers.reset();
  assert.equal(state(), 'locked');
  assert.equal(await store.keptDevice(), null);
});

test('after a reload with a network an ended session is found out, and a good one goes on without a question', async () => {
  await signIn(account);
  await quiet();
  await reload();
  assert.equal(state(), 'signed_in');
  await get('/code-lists');
  net.server.end(account);
  await reload();
  await until(() => state() === 'locked');
});

test('a sign-out without a network is told to the server before anybody else signs in', async () => {
  await signIn(account);
  await quiet();
  net.server.fate = () => 'lost';
  await session.signOut();
  assert.notEqual(state(), 'signed_in');
  assert.equal(net.server.cookie, account, 'the browser still has the cookie');
  await reload();
  assert.notEqual(state(), 'signed_in', 'nobody comes in by it');
  net.server.fate = () => 'fine';
  await session.signIn(`${account}-other`, 'right');
  assert.equal(net.server.cookie, `${account}-other`);
  const order = net.server.requests.map((r) => r.path).filter((p) => p.startsWith('/auth/sign'));
  assert.deepEqual(order, ['/auth/sign-in', '/auth/sign-out', '/auth/sign-in']);
  assert.equal(session.session.value.account?.username, `${account}-other`);
});

test('a renewal that answers after the sign-out brings nobody back', async () => {
  await signIn(account);
  await quiet();
  /** @type {(value?: unknown) => void} */
  let go = () => {};
  net.server.beforeAnswer = (path) => (path === '/auth/refresh' ? new Promise((done) => (go = done)) : undefined);
  const renewing = renew().catch((error) => error);
  await session.signOut();
  go();
  assert.equal((await renewing)?.name, 'Stopped');
  assert.equal(state(), 'signed_out');
});

test('on a first visit nothing is asked but what there is to try', async () => {
  net.server = new Server();
  await reload();
  assert.equal(state(), 'signed_out');
  await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual(net.server.requests.map((r) => r.path).filter((p) => p !== '/demo'), []);
});
