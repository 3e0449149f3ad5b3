// A file or a sheet of paper has the whole list or is not made: in pages, broken off and gone on with, stopped, with all names.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { fresh, net, quiet, session, signIn } from './support/phone.js';

const { get } = await import('../../console/core/api.js');
const { lookup, withNames } = await import('../../console/desk/naming.js');
const { wholeOf } = await import('../../console/desk/whole.js');

/** @typedef {Record<string, any>} Json */

let accounts = 0;
/** What the server's list has. @type {Json[]} */
let things = [];
/** What was asked of it. @type {URLSearchParams[]} */
let asked = [];

beforeEach(async () => {
  await fresh();
  await signIn(`desk-${++accounts}`);
  await quiet();
  things = Array.from({ length: 1_050 }, (_, n) => ({ id: `t${n}`, point: `p${n % 300}` }));
  asked = [];
  const { server } = net;
  const answer = server.answer.bind(server);
  server.answer = (method, path, query, body, token) => {
    if (path !== '/things' && path !== '/points') return path.startsWith('/points/') ? [200, { id: path.slice(8), name: `point ${path.slice(8)}` }] : answer(method, path, query, body, token);
    asked.push(query);
    const all = path === '/things' ? things : Array.from({ length: 290 }, (_, n) => ({ id: `p${n}`, name: `point p${n}` }));
    const [from, limit] = [Number(query.get('cursor') ?? 0), Number(query.get('limit'))];
    return [200, { items: all.slice(from, from + limit), next_cursor: from + limit < all.length ? String(from + limit) : null }];
  };
});

/** A list of which the screen has the first hundred. @param {number | null} [count] */
function list(count = null) {
  const loaded = { rows: things.slice(0, 100), next: '100', count };
  return { loaded, whole: wholeOf(() => loaded, (cursor) => get('/things', { limit: 200, cursor })) };
}

/** What has been made of all rows. */
function maker() {
  /** @type {Json[][]} */
  const made = [];
  return { made, use: (/** @type {Json[]} */ rows) => void made.push([...rows]) };
}

test('what the screen has not is read in large pages, told of while it comes, and stays off the screen', async () => {
  const { whole, loaded } = list(1_050);
  const { made, use } = maker();
  /** @type {string[]} */
  const told = [];
  const end = whole.run.subscribe((run) => void (run && told.push(`${run.read} of ${run.of}`)));
  await whole.begin('csv', use);
  end();
  assert.deepEqual(made, [things]);
  assert.deepEqual([...new Set(told)], ['100 of 1050', '300 of 1050', '500 of 1050', '700 of 1050', '900 of 1050', '1050 of 1050']);
  assert.deepEqual(asked.map((q) => q.get('limit')), ['200', '200', '200', '200', '200']);
  assert.equal(loaded.rows.length, 100);
  assert.equal(whole.run.value, null);
});

test('what breaks off in the middle makes nothing, and goes on where it stopped', async () => {
  const { whole } = list();
  const { made, use } = maker();
  let requests = 0;
  net.server.fate = (path) => (path === '/things' && ++requests === 3 ? 'lost' : 'fine');
  await whole.begin('csv', use);
  assert.deepEqual(made, []);
  assert.equal(whole.run.value?.read, 500);
  assert.ok(whole.run.value?.error);
  await whole.again();
  assert.deepEqual(made, [things]);
  assert.deepEqual(asked.map((q) => q.get('cursor')), ['100', '300', '500', '700', '900']);
});

test('what cannot be made of the rows breaks off too, and reads none of them again', async () => {
  const { whole } = list();
  let times = 0;
  const use = () => { if (++times === 1) throw new TypeError('no'); };
  await whole.begin('csv', use);
  assert.ok(whole.run.value?.error);
  await whole.again();
  assert.deepEqual([times, asked.length, whole.run.value], [2, 5, null]);
});

test('what is stopped makes nothing, now or later, and leaves nothing behind', async () => {
  const { whole } = list();
  const { made, use } = maker();
  net.server.beforeAnswer = (path) => path === '/things' && asked.length === 2 && whole.stop();
  await whole.begin('csv', use);
  await quiet();
  assert.deepEqual([made, whole.run.value, asked.length], [[], null, 2]);
  net.server.beforeAnswer = () => {};
  await whole.begin('csv', use);
  assert.deepEqual(made, [things]);
  assert.equal(whole.stop(), false, 'there is nothing to stop');
});

test('what is asked for anew while it runs is made once', async () => {
  const { whole } = list();
  const [first, second] = [maker(), maker()];
  const before = whole.begin('csv', first.use);
  await whole.begin('print', second.use);
  await before;
  assert.deepEqual([first.made, second.made], [[], [things]]);
});

test('when nobody is signed in any more it ends without a word', async () => {
  const { whole } = list();
  const { made, use } = maker();
  net.server.beforeAnswer = (path) => (path === '/things' && asked.length === 2 ? session.signOut() : undefined);
  await whole.begin('csv', use);
  assert.deepEqual([made, whole.run.value], [[], null]);
});

test('too many rows for paper are refused: before anything is read where their number is known, otherwise as soon as it shows', async () => {
  const { made, use } = maker();
  const counted = list(1_050);
  await counted.whole.begin('print', use, 400);
  assert.equal(counted.whole.run.value?.tooMany, true);
  assert.equal(asked.length, 0);
  const uncounted = list();
  await uncounted.whole.begin('print', use, 400);
  assert.equal(uncounted.whole.run.value?.tooMany, true);
  assert.equal(asked.length, 2);
  assert.deepEqual(made, []);
});

const points = () => lookup({ read: (id) => get(`/points/${id}`), lost: () => 'nobody', list: () => '/points' });
const single = () => net.server.requests.filter(({ path }) => path.startsWith('/points/')).length;

test('no name is missing in what is made, and many names come by their list', async () => {
  const names = points();
  const made = await withNames(() => things.map((row) => names.see(row.point)?.name ?? '…'));
  assert.deepEqual(made, things.map((row) => `point ${row.point}`));
  // Ten are in no page of the list.
  assert.deepEqual([asked.length, single()], [2, 10]);
});

test('names that do not come make nothing, and are asked for again', async () => {
  const names = points();
  const make = () => things.slice(0, 20).map((row) => names.see(row.point)?.name);
  net.server.fate = (path) => (path === '/points/p7' ? 'lost' : 'fine');
  await assert.rejects(withNames(make));
  net.server.fate = () => 'fine';
  assert.equal((await withNames(make))[7], 'point p7');
  assert.equal(single(), 20);
});

test('names that nobody wants any more are not asked for', async () => {
  const names = points();
  let wanted = true;
  net.server.beforeAnswer = (path) => {
    if (wanted && path.startsWith('/points/')) {
      wanted = false;
      names.drop();
    }
  };
  await withNames(() => things.slice(0, 50).map((row) => names.see(row.point)), () => wanted);
  await quiet();
  assert.ok(single() <= 8, String(single()));
});
