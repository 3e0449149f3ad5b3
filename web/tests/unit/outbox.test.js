// Nothing is lost and nothing is double, whatever happens on the way.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { fresh, net, outbox, quiet, reload, session, signIn, store, sync, until, village } from './support/phone.js';
import { online } from '../../console/core/api.js';
import { toasts } from '../../console/core/toast.js';

/** @typedef {import('../../console/core/outbox.js').OutboxEntry} Entry */

beforeEach(async () => {
  await fresh();
  account = `worker-${++accounts}`;
});
let accounts = 0;
let account = '';

const household = (name = '杨模拟') => ({ service_point_id: 'point-1', address: '模拟', household_type: 'general', members: [{ name, relation: '02' }] });
/** @param {string} household_id @param {number} [quantity] */
const given = (household_id, quantity = 1) => ({ service_point_id: 'point-1', household_id, kind: 'logistics', given_on: '2026-10-30', quantity });
/** @param {string} id */
const entryOf = (id) => outbox.outbox.value.find((e) => e.id === id);
const batches = () => net.server.requests.filter((r) => r.path === '/batches');
const offline = () => {
  net.server.fate = () => 'lost';
  online.value = false;
};

test('an entry is noted at once, sent by itself, and shown as sent on its receipt alone', async () => {
  await signIn(account);
  const r = await outbox.enqueue('register_household', { content: household() });
  const l = await outbox.enqueue('log_assistance', { content: given(r.object_id, 3) });
  assert.deepEqual([r.state, l.state, l.after], ['unsent', 'unsent', [r.id]]);
  assert.equal(village.month('2026-10').unsent, 1);
  await until(() => entryOf(l.id)?.state === 'sent');
  assert.equal(entryOf(l.id)?.receipt?.code, 'AAAA-0001');
  assert.match(String(net.server.done[0]?.item.content.registered_on), /^\d{4}-\d\d-\d\d$/, 'the day of registration does not depend on the day of arrival');
  assert.deepEqual(village.month('2026-10'), { times: 1, households: 1, amount_fen: 0, sent: 1, unsent: 0 });
  await quiet();
  assert.equal(entryOf(r.id)?.settled, true);
  assert.deepEqual(entryOf(r.id)?.content, {}, 'no name stays in the queue');
  assert.equal(village.households.value.length, 1);
  assert.equal(village.records.value.length, 1);
});

test('an entry is marked as attempted on the phone before the request begins', async () => {
  await signIn(account);
  /** @type {Entry[]} */
  let onPhone = [];
  net.server.fate = (path) => (path === '/batches' ? 'unanswered' : 'fine');
  net.server.beforeAnswer = async (path) => {
    if (path === '/batches') onPhone = (await store.device.value?.all('outbox')) ?? [];
  };
  await outbox.enqueue('log_assistance', { content: given('h') });
  await until(() => onPhone.length > 0);
  assert.deepEqual(onPhone.map((e) => e.attempted), [true]);
});

test('without a network nothing is attempted, so that it can be taken back', async () => {
  await signIn(account);
  offline();
  const a = await outbox.enqueue('register_household', { content: household() });
  const b = await outbox.enqueue('log_assistance', { content: given(a.object_id) });
  await outbox.flush();
  assert.equal(entryOf(a.id)?.attempted, false);
  assert.equal(await outbox.discard(a.id), true);
  assert.deepEqual(outbox.outbox.value, [], `what waited for it (${b.id}) went along`);
});

test('a lost reply is asked for again with the same bytes, and nothing is done twice', async () => {
  await signIn(account);
  let lost = 0;
  net.server.fate = (path) => (path === '/batches' && lost++ < 2 ? 'unanswered' : 'fine');
  const r = await outbox.enqueue('register_household', { content: household() });
  await until(() => lost >= 1 && outbox.outbox.value[0]?.attempted);
  await outbox.flush();
  assert.equal(await outbox.discard(r.id), false, 'it may have arrived');
  await outbox.flush();
  await until(() => entryOf(r.id)?.state === 'sent');
  const sent = batches().map((b) => JSON.stringify(b.body));
  assert.ok(sent.length >= 3);
  assert.equal(new Set(sent).size, 1);
  assert.equal(net.server.done.length, 1);
});

test('what is not the server answers nothing: a sign-in page of the network is no receipt', async () => {
  await signIn(account);
  net.server.fate = (path) => (path === '/batches' ? 'portal' : 'fine');
  const r = await outbox.enqueue('register_household', { content: household() });
  await outbox.flush();
  assert.equal(entryOf(r.id)?.state, 'unsent');
  assert.equal(online.value, false);
  net.server.fate = () => 'fine';
  await outbox.flush();
  assert.equal(entryOf(r.id)?.state, 'sent');
});

test('a refused entry stays with its reason, what hangs on it waits, and mending it sends both once', async () => {
  await signIn(account);
  net.server.refuses = (item) => (item.content.address === '模拟' ? { code: 'household.duplicate_identity', title: '已登记' } : null);
  offline();
  const r = await outbox.enqueue('register_household', { content: household() });
  const l = await outbox.enqueue('log_assistance', { content: given(r.object_id) });
  net.server.fate = () => 'fine';
  await outbox.flush();
  assert.equal(entryOf(r.id)?.problem?.code, 'household.duplicate_identity');
  assert.equal(entryOf(l.id)?.state, 'unsent');
  assert.equal(outbox.hangsOn(/** @type {Entry} */ (entryOf(l.id)))?.id, r.id);
  await reload();
  await until(() => outbox.outbox.value.length === 2);
  const mended = await outbox.replaceEntry(r.id, { content: { ...household(), address: '改过的模拟' } });
  assert.notEqual(mended.object_id, r.object_id);
  await until(() => outbox.outbox.value.every((e) => e.state === 'sent'));
  assert.deepEqual(net.server.done.map(({ item }) => item.act), ['register_household', 'log_assistance']);
  assert.equal(net.server.records.size, 1);
  await assert.rejects(outbox.replaceEntry(r.id, { content: household() }), store.Changed, 'it is not there any more');
});

test('corrections of an unsent record follow it, version by version', async () => {
  await signIn(account);
  net.server.households.set('h', { id: 'h', service_point_id: 'point-1' });
  offline();
  const l = await outbox.enqueue('log_assistance', { content: given('h', 1) });
  await outbox.enqueue('correct_assistance', { object_id: l.object_id, version: 1, content: { quantity: 2, reason: 'r' } });
  const row = village.records.value[0];
  assert.deepEqual([row?.quantity, row?.version, row?.sent, row?.pending?.act], [2, 2, 'unsent', 'correct_assistance']);
  await outbox.enqueue('correct_assistance', { object_id: l.object_id, version: 2, content: { quantity: 3, reason: 'r' } });
  await outbox.enqueue('void_assistance', { object_id: l.object_id, content: { reason: 'r' } });
  assert.deepEqual(outbox.outbox.value.map((e) => e.version), [undefined, 1, 2, 3]);
  assert.equal(village.records.value[0]?.state, 'voided');
  net.server.fate = () => 'fine';
  await outbox.flush();
  assert.deepEqual(outbox.outbox.value.map((e) => e.state), ['sent', 'sent', 'sent', 'sent']);
  await quiet();
  assert.deepEqual([village.records.value[0]?.version, village.records.value[0]?.state, village.records.value[0]?.pending], [4, 'voided', undefined]);
});

test('an entry that spoils its request does not hold up the others', async () => {
  await signIn(account);
  net.server.households.set('h', { id: 'h', service_point_id: 'point-1' });
  const answer = net.server.answer.bind(net.server);
  net.server.answer = (method, path, query, body, token) =>
    path === '/batches' && body.items.some((/** @type {any} */ i) => i.content.quantity === 13)
      ? [422, { status: 422, code: 'request.invalid', title: '不对', errors: [] }]
      : answer(method, path, query, body, token);
  offline();
  for (const quantity of [1, 13, 2]) await outbox.enqueue('log_assistance', { content: given('h', quantity) });
  net.server.fate = () => 'fine';
  await outbox.flush();
  assert.deepEqual(outbox.outbox.value.map((e) => e.state), ['sent', 'refused', 'sent']);
});

test('a busy server is asked again later, and nothing is refused', async () => {
  await signIn(account);
  net.server.fate = (path) => (path === '/batches' ? 'busy' : 'fine');
  const r = await outbox.enqueue('register_household', { content: household() });
  await outbox.flush();
  assert.equal(entryOf(r.id)?.state, 'unsent');
  assert.equal(outbox.trouble.value?.code, 'server.busy');
  net.server.fate = () => 'fine';
  await outbox.flush();
  assert.deepEqual([entryOf(r.id)?.state, outbox.trouble.value], ['sent', null]);
});

test('a phone without room says so, and keeps what it has', async () => {
  await signIn(account);
  offline();
  const kept = await outbox.enqueue('register_household', { content: household() });
  const d = /** @type {import('../../console/core/store.js').Device} */ (store.device.value);
  d.write = async () => { throw new store.NotStored(new DOMException('full', 'QuotaExceededError')); };
  await assert.rejects(outbox.enqueue('register_household', { content: household() }), store.NotStored);
  assert.equal(toasts.value.at(-1)?.kind, 'error');
  assert.deepEqual(outbox.outbox.value.map((e) => e.id), [kept.id]);
  net.server.fate = () => 'fine';
  await outbox.flush();
  assert.equal(batches().length, 0, 'what cannot be marked is not sent');
  await reload();
  await until(() => outbox.outbox.value[0]?.state === 'sent');
});

test('another tab that was quicker is not written over', async () => {
  await signIn(account);
  offline();
  const r = await outbox.enqueue('register_household', { content: household() });
  const mine = /** @type {import('../../console/core/store.js').Device} */ (store.device.value);
  const other = new store.Device(mine.account, mine.key);
  const [row] = await other.sealed('outbox');
  // The other tab sends it, in the moment in which this one drops it.
  const write = mine.write.bind(mine);
  mine.write = async (puts, drops) => {
    mine.write = write;
    await other.write([{ store: 'outbox', id: r.id, value: { ...r, attempted: true }, open: 1, ...(row && { seen: row.iv }) }]);
    return write(puts, drops);
  };
  assert.equal(await outbox.discard(r.id), false);
  assert.equal(entryOf(r.id)?.attempted, true);
  await assert.rejects(other.write([{ store: 'outbox', id: r.id, value: {}, open: 1, seen: null }]), store.Changed);
});

test('unsent entries outlive a sign-out, sealed; another account sees nothing of them and sends none', async () => {
  await signIn(account);
  net.server.households.set('h', { id: 'h', service_point_id: 'point-1', version: 1, head_name: '李模拟', search_keys: [], phone_tails: [], status: 'active' });
  net.server.changed.push('h');
  await sync.syncNow();
  assert.equal(village.households.value.length, 1);
  offline();
  const l = await outbox.enqueue('log_assistance', { content: given('h') });
  assert.equal(session.unsent(), 1);
  await session.signOut();
  assert.deepEqual([session.session.value.state, session.sealedUnsent.value, outbox.outbox.value.length, village.households.value.length], ['locked', 1, 0, 0]);
  assert.equal(await store.keptDevice(), null, 'the key is gone');

  const other = `${account}-other`;
  await signIn(other);
  net.server.fate = () => 'fine';
  await quiet();
  assert.deepEqual([session.session.value.account?.id, outbox.outbox.value.length, net.server.done.length], [other, 0, 0]);
  await session.signOut();

  await signIn(account);
  await until(() => entryOf(l.id)?.state === 'sent');
  assert.deepEqual(net.server.done.map((d) => d.account), [account]);
});

test('an answer that comes after the sign-out brings nothing back, and is not forgotten either', async () => {
  await signIn(account);
  net.server.households.set('h', { id: 'h', service_point_id: 'point-1' });
  /** @type {(value?: unknown) => void} */
  let go = () => {};
  let waiting = false;
  net.server.beforeAnswer = (path) => {
    if (path !== '/batches' || waiting) return undefined;
    waiting = true;
    return new Promise((done) => (go = done));
  };
  await outbox.enqueue('log_assistance', { content: given('h') });
  await until(() => waiting);
  await session.signOut();
  assert.equal(session.sealedUnsent.value, 1, 'its answer is still to come');
  await signIn(`${account}-other`);
  go();
  await quiet();
  assert.equal(outbox.outbox.value.length, 0);
  await session.signOut();
  await signIn(account);
  await quiet();
  assert.deepEqual(outbox.outbox.value.map((e) => e.state), ['sent']);
  assert.equal(net.server.done.length, 1);
});

test('a tab whose cookie now belongs to somebody else sends nothing as them', async () => {
  await signIn(account);
  net.server.households.set('h', { id: 'h', service_point_id: 'point-1' });
  offline();
  await outbox.enqueue('log_assistance', { content: given('h') });
  // In another tab the account signs out and somebody else signs in.
  net.server.end(account);
  net.server.cookie = 'somebody-else';
  net.server.fate = () => 'fine';
  await outbox.flush();
  await quiet();
  assert.equal(net.server.done.length, 0);
  net.server.cookie = null;
});
