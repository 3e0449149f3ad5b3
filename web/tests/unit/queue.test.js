import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, before, hanging, heldBy, isOld, itemOf, mayDrop, next, replaced, settledForm, versionMet } from '../../console/core/queue.js';

/** @typedef {import('../../console/core/queue.js').Entry} Entry */

let n = 0;
/** @param {string} id @param {Partial<Entry>} some @returns {Entry} */
const entry = (id, some) => ({
  id, act: 'log_assistance', object_id: `o-${id}`, content: {}, after: [], made_at: '2026-10-30T01:00:00Z', n: ++n, state: 'unsent',
  attempted: false, ...some,
});
/** @param {string} id @param {string} household @param {Partial<Entry>} [some] */
const register = (id, household, some) => entry(id, { act: 'register_household', object_id: household, content: { id: household, members: [] }, ...some });
/** @param {string} id @param {string} household @param {Partial<Entry>} [some] */
const log = (id, household, some) => entry(id, { content: { id: `o-${id}`, household_id: household, kind: 'logistics', quantity: 1 }, ...some });
/** @param {string} id @param {string} object @param {number} version @param {Partial<Entry>} [some] */
const correct = (id, object, version, some) => entry(id, { act: 'correct_assistance', object_id: object, version, content: { quantity: 2, reason: 'r' }, ...some });

test('an entry waits for what makes its household and its object, and for the last change before it', () => {
  const queue = [register('r', 'h'), log('l', 'h', { after: ['r'] })];
  assert.deepEqual(before(queue, 'log_assistance', 'o-x', { household_id: 'h' }), ['r']);
  assert.deepEqual(before(queue, 'log_assistance', 'o-x', { household_id: 'elsewhere' }), []);
  assert.deepEqual(before(queue, 'correct_assistance', 'o-l', {}), ['l']);
  const changed = [...queue, correct('c', 'o-l', 1, { after: ['l'] }), correct('d', 'o-l', 2, { after: ['l', 'c'] })];
  assert.deepEqual(before(changed, 'void_assistance', 'o-l', {}), ['l', 'd']);
  const refused = changed.map((e) => (e.id === 'd' ? { ...e, state: /** @type {const} */ ('refused') } : e));
  assert.deepEqual(before(refused, 'void_assistance', 'o-l', {}), ['l', 'c'], 'not for a change that was refused');
  const sent = queue.map((e) => ({ ...e, state: /** @type {const} */ ('sent') }));
  assert.deepEqual(before(sent, 'correct_assistance', 'o-l', {}), []);
});

test('a change names the version that it will meet', () => {
  const queue = [correct('c', 'o', 1), correct('d', 'o', 2)];
  assert.equal(versionMet([], 'o', 1), 1);
  assert.equal(versionMet(queue, 'o', 1), 3);
  assert.equal(versionMet(queue, 'o', 3), 3, 'the version seen has them in it');
  assert.equal(versionMet(queue, 'o', 5), 5, 'somebody else was there, and is not written over unseen');
  assert.equal(versionMet([correct('c', 'o', 1, { state: 'refused' })], 'o', 1), 1);
});

test('what hangs on a refused entry is not asked for, and shows it', () => {
  const queue = [register('r', 'h', { state: 'refused' }), log('l', 'h', { after: ['r'] }), correct('c', 'o-l', 1, { after: ['l'] }), log('m', 'g')];
  assert.deepEqual(next(queue).map((e) => e.id), ['m']);
  assert.equal(heldBy(queue, /** @type {Entry} */ (queue[2]))?.id, 'r');
  assert.deepEqual(hanging(queue, 'r').map((e) => e.id), ['l', 'c']);
});

test('a request has at most 50 entries and 200 KB', () => {
  const many = Array.from({ length: 60 }, (_, i) => log(`l${i}`, 'h'));
  assert.equal(next(many).length, 50);
  const heavy = many.map((e) => ({ ...e, content: { ...e.content, note: 'x'.repeat(50_000) } }));
  assert.equal(next(heavy).length, 3);
  const one = [log('big', 'h', { content: { note: 'x'.repeat(300_000) } })];
  assert.equal(next(one).length, 1, 'one that is too large alone is sent alone, and refused');
});

test('what may have arrived cannot be dropped', () => {
  const attempted = log('l', 'h', { attempted: true });
  assert.equal(mayDrop([attempted], attempted), false);
  const fresh = log('l', 'h');
  assert.equal(mayDrop([fresh], fresh), true);
  const refused = { ...attempted, state: /** @type {const} */ ('refused') };
  assert.equal(mayDrop([refused], refused), true);
  const waits = correct('c', 'o-l', 1, { after: ['l'], attempted: true });
  assert.equal(mayDrop([refused, waits], waits), true, 'it cannot have arrived before what it waits for');
  assert.equal(mayDrop([attempted, waits], waits), false);
  assert.equal(mayDrop([fresh, waits], fresh), false);
  const sent = { ...attempted, state: /** @type {const} */ ('sent') };
  assert.equal(mayDrop([sent], sent), false);
});

test('only a receipt makes an entry sent', () => {
  const e = log('l', 'h', { attempted: true });
  const receipt = { code: '7C1E-92A4', received_at: '2026-10-30T02:00:00Z', object_id: 'o-l', object_version: 1 };
  assert.equal(answered(e, { id: 'l', outcome: 'waiting', receipt: null, problem: null }), undefined);
  assert.equal(answered(e, { id: 'l', outcome: 'done', receipt: null, problem: null }), undefined);
  assert.equal(answered(e, { id: 'l', outcome: 'done', receipt, problem: null })?.state, 'sent');
  const refused = answered(e, { id: 'l', outcome: 'refused', receipt: null, problem: { status: 409, code: 'household.not_active', title: 't', detail: 'd' } });
  assert.deepEqual([refused?.state, refused?.problem?.code, refused?.problem?.errors], ['refused', 'household.not_active', []]);
  const sent = { ...e, state: /** @type {const} */ ('sent') };
  assert.equal(answered(sent, { id: 'l', outcome: 'refused', receipt: null, problem: {} }), undefined, 'a late answer takes nothing back');
});

test('an item is the same each time, and names an object only where it changes one', () => {
  assert.deepEqual(itemOf(log('l', 'h', { after: ['r'] })), {
    id: 'l', act: 'log_assistance', after: ['r'], object_id: null, version: null, content: { id: 'o-l', household_id: 'h', kind: 'logistics', quantity: 1 },
  });
  assert.equal('about' in itemOf(log('l', 'h', { about: '杨模拟' })), false);
  const { object_id, version } = itemOf(correct('c', 'o', 3));
  assert.deepEqual([object_id, version], ['o', 3]);
});

test('a settled entry names nobody, and goes after 30 days', () => {
  const content = { household_id: 'h', kind: 'convenience', subkind: 'pay', quantity: 1, amount_fen: 5, note: '模拟', id: 'o-l' };
  const e = settledForm(log('l', 'h', { state: 'sent', about: '杨模拟', content }));
  assert.deepEqual(e.content, { household_id: 'h', kind: 'convenience', subkind: 'pay', quantity: 1, amount_fen: 5 });
  assert.equal('about' in e, false);
  assert.deepEqual(settledForm(register('r', 'h', { content: { members: [{ name: '模拟' }], phone: '1' } })).content, {});
  const now = Date.parse('2026-12-30T00:00:00Z');
  assert.equal(isOld(e, now), true);
  assert.equal(isOld({ ...e, settled: false }, now), false);
});

test('what takes the place of a refused registration takes along what waits for it, under new ids', () => {
  const queue = [
    register('r', 'h', { state: 'refused', attempted: true, problem: { status: 409, code: 'c', title: '', detail: '', errors: [] } }),
    log('l', 'h', { after: ['r'], attempted: true }), correct('c', 'o-l', 1, { after: ['l'] }), correct('d', 'o-l', 2, { after: ['l', 'c'] }), log('m', 'g'),
  ];
  let made = 0;
  const { put, drop } = replaced(queue, /** @type {Entry} */ (queue[0]), { content: { members: [1] } }, { newId: () => `new-${++made}`, now: 'now', seen: () => 1 });
  assert.deepEqual(drop, ['r', 'l', 'c', 'd']);
  assert.deepEqual(put.map((e) => e.state), ['unsent', 'unsent', 'unsent', 'unsent']);
  assert.ok(put.every((e) => !e.attempted && e.id.startsWith('new-') && e.object_id.startsWith('new-')));
  const [r, l, c, d] = /** @type {[Entry, Entry, Entry, Entry]} */ (put);
  assert.deepEqual([r.content.id, r.problem, r.n], [r.object_id, undefined, queue[0]?.n]);
  assert.deepEqual([l.content.household_id, l.content.id, l.after], [r.object_id, l.object_id, [r.id]]);
  assert.deepEqual([c.object_id, c.version, c.after], [l.object_id, 1, [l.id]]);
  assert.deepEqual([d.object_id, d.version, d.after], [l.object_id, 2, [l.id, c.id]]);
});

test('a correction that was refused meets the version that is there now', () => {
  const queue = [correct('c', 'o', 2, { state: 'refused', attempted: true }), correct('d', 'o', 3, { after: ['c'] })];
  let made = 0;
  const { put } = replaced(queue, /** @type {Entry} */ (queue[0]), { content: { quantity: 5, reason: 'r' } }, { newId: () => `new-${++made}`, now: 'now', seen: () => 6 });
  assert.deepEqual(put.map((e) => [e.object_id, e.version]), [['o', 6], ['o', 7]]);
});

test('a name stays with its household', () => {
  const refused = log('l', 'h', { state: 'refused', about: '杨模拟' });
  const by = (/** @type {string} */ household_id, /** @type {string} */ about = '') =>
    replaced([refused], refused, { content: { household_id }, ...(about && { about }) }, { newId: () => 'new', now: 'now', seen: () => 1 }).put[0]?.about;
  assert.deepEqual([by('h'), by('g'), by('g', '李模拟')], ['杨模拟', undefined, '李模拟']);
});
