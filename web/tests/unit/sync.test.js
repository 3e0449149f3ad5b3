// The phone has what the server told of its point, after any lost step, and nothing besides.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { fresh, net, outbox, quiet, reload, session, signIn, store, sync, until, village } from './support/phone.js';

let accounts = 0;
beforeEach(async () => {
  await fresh();
  await signIn(`syncing-${++accounts}`);
  await quiet();
});

/** @param {string} id @param {Record<string, any>} [some] */
function household(id, some) {
  net.server.households.set(id, { id, service_point_id: 'point-1', head_name: id, search_keys: [id], phone_tails: ['6172'], persons: 1, household_type: 'general', status: 'active', registered_on: '2026-01-01', version: 1, ...some });
  net.server.changed.push(id);
}
/** @param {string} id @param {Record<string, any>} [some] */
function record(id, some) {
  net.server.records.set(id, { id, service_point_id: 'point-1', household_id: 'yqy', kind: 'logistics', given_on: '2026-10-03', quantity: 1, state: 'active', version: 1, amount_fen: null, ...some });
  net.server.changed.push(id);
}
const ids = () => [...village.households.value.map((x) => x.id), ...village.records.value.map((x) => x.id)].sort();

test('steps follow one another until there is no more, and a lost one is made up for', async () => {
  for (let i = 0; i < 8; i++) household(`h${i}`);
  let steps = 0;
  net.server.fate = (path) => (path === '/changes' && ++steps === 3 ? 'unanswered' : 'fine');
  await sync.syncNow();
  assert.equal(ids().length, 6);
  await sync.syncNow();
  assert.equal(ids().length, 8);
  assert.ok(sync.upToDate.value);
});

test('what has gone elsewhere goes from the phone', async () => {
  household('yqy');
  record('r1');
  await sync.syncNow();
  assert.deepEqual(ids(), ['r1', 'yqy']);
  household('yqy', { service_point_id: 'point-2' });
  await sync.syncNow();
  assert.deepEqual(ids(), ['r1']);
  assert.equal((await store.device.value?.all('households'))?.length, 0);
});

test('a cursor that the server does not know begins anew, and what is not told of goes', async () => {
  for (const id of ['a', 'b', 'c', 'd', 'e']) household(id);
  await sync.syncNow();
  net.server.changed = [];
  net.server.households.clear();
  for (const id of ['a', 'x', 'y', 'z']) household(id);
  // The first pass is cut off in the middle: nothing is taken away before all is told.
  let steps = 0;
  net.server.fate = (path) => (path === '/changes' && ++steps === 3 ? 'lost' : 'fine');
  await sync.syncNow();
  assert.deepEqual(ids(), ['a', 'b', 'c', 'd', 'e', 'x', 'y']);
  net.server.fate = () => 'fine';
  await sync.syncNow();
  assert.deepEqual(ids(), ['a', 'x', 'y', 'z']);
});

test('a point that is not in reach any more is forgotten, and unsent entries are not', async () => {
  household('yqy');
  await sync.syncNow();
  const { answer } = net.server;
  net.server.answer = function (method, path, ...rest) {
    return path === '/changes' ? [404, { status: 404, code: 'resource.not_found' }] : answer.call(this, method, path, ...rest);
  };
  net.server.fate = (path) => (path === '/batches' ? 'lost' : 'fine');
  await outbox.enqueue('log_assistance', { content: { household_id: 'yqy', service_point_id: 'point-1', kind: 'logistics', quantity: 1, given_on: '2026-10-01' } });
  await sync.syncNow();
  assert.equal(village.households.value.length, 0);
  assert.equal(outbox.outbox.value.length, 1);
});

test('everything is there after a reload without a network', async () => {
  household('yqy');
  record('r1');
  await sync.syncNow();
  const at = sync.upToDate.value;
  net.server.fate = () => 'lost';
  await reload();
  await until(() => ids().length === 2);
  assert.equal(sync.upToDate.value, at);
});

test('households are found by name, initials and the end of a telephone number, the last helped first', async () => {
  household('yqy', { head_name: '杨巧云', search_keys: ['yangqiaoyun', 'yqy'] });
  household('lcf', { head_name: '李成福', search_keys: ['lichengfu', 'lcf'], phone_tails: ['3508'] });
  household('gone', { head_name: '杨走了', status: 'moved_away' });
  record('r1', { household_id: 'lcf' });
  await sync.syncNow();
  const found = (/** @type {string} */ q) => village.find(q).map((x) => x.id);
  assert.deepEqual(found(''), ['lcf', 'yqy']);
  assert.deepEqual(found('杨'), ['yqy']);
  assert.deepEqual(found('YQ'), ['yqy']);
  assert.deepEqual(found('qy'), []);
  assert.deepEqual(found('508'), ['lcf']);
  assert.deepEqual(found('13800006172'), ['yqy']);
  assert.deepEqual(found('8'), []);
});

test('a correction is laid over the row until the server tells of it, and never over another version', async () => {
  household('yqy');
  record('r1', { amount_fen: 100 });
  await sync.syncNow();
  net.server.fate = (path) => (path === '/batches' ? 'lost' : 'fine');
  await outbox.enqueue('correct_assistance', { object_id: 'r1', version: 1, content: { amount_fen: 250, reason: 'r' } });
  assert.deepEqual(village.month('2026-10'), { times: 1, households: 1, amount_fen: 250, sent: 1, unsent: 0 });
  // Somebody else corrects it at the same time, and is first.
  record('r1', { amount_fen: 700, version: 2 });
  await sync.syncNow();
  const [row] = village.records.value;
  assert.deepEqual([row?.amount_fen, row?.version, row?.pending?.state], [700, 2, 'unsent']);
  net.server.fate = () => 'fine';
  await quiet();
  const [after] = village.records.value;
  assert.deepEqual([after?.amount_fen, after?.pending?.state, after?.pending?.problem?.code], [700, 'refused', 'version.stale']);
});

test('an answer is kept for the time without a network, with when it was read', async () => {
  const fine = await sync.cached('k', async () => ({ n: 1 }));
  assert.deepEqual([fine.value, fine.stale], [{ n: 1 }, false]);
  const { Offline } = await import('../../console/core/api.js');
  const kept = await sync.cached('k', async () => { throw new Offline(); });
  assert.deepEqual([kept.value, kept.stale, kept.read_at], [{ n: 1 }, true, fine.read_at]);
  await assert.rejects(sync.cached('other', async () => { throw new Offline(); }), Offline);
});

test('an answer that comes after the sign-out brings no household back', async () => {
  household('yqy');
  /** @type {(value?: unknown) => void} */
  let go = () => {};
  let waiting = false;
  net.server.beforeAnswer = (path) => {
    if (path !== '/changes') return undefined;
    waiting = true;
    return new Promise((done) => (go = done));
  };
  const d = /** @type {import('../../console/core/store.js').Device} */ (store.device.value);
  const syncing = sync.syncNow();
  await until(() => waiting);
  await session.signOut();
  go();
  await syncing;
  assert.deepEqual([...(await d.sealed('households')), ...(await d.sealed('meta'))], []);
  assert.equal(village.households.value.length, 0);
});
