// A file and a sheet of paper have all that the API has of a list, however little of it is on the screen; what stops in the middle makes neither.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMonths, thisMonth } from './support/days.js';
import { Desk, csvLines } from './support/desk.js';
import { network } from './support/terrace.js';

/** @typedef {import('./support/api.js').Json} Json */

const MANY = 430;

/** @type {Awaited<ReturnType<typeof network>>} */
let net;
/** The households of the county, as the API lists them. @type {Json[]} */
let households;
/** The names of the points. @type {Map<string, string>} */
let names;

before(async () => {
  net = await network();
  const { admin, township, point, person } = net;
  const villages = await Promise.all(['甲', '乙', '丙'].map((name) => point(township, 'village', `${name}村模拟服务点`)));
  const workers = await Promise.all(villages.map((village, n) => person(`village-${n}`, 'worker', village)));
  for (let n = 0; n < MANY; n++) {
    const at = n % villages.length;
    // Half of them before what is looked for, so that no filter is at the beginning of the list.
    await workers[at]?.api.household(String(villages[at]), `模拟${String(MANY - n).padStart(4, '0')}`, { household_type: n % 2 ? 'general' : 'lifted' });
  }
  households = await net.manager.api.all('/households', { service_point_id: net.county, status: 'active' });
  assert.equal(households.length, MANY);
  names = new Map((await admin.all('/service-points', {})).map(({ id, name }) => [id, name]));
});
after(() => net?.terrace.stop());

/** A desk of the county with the first of its households. @param {import('./support/console.js').Choices} [choices] */
async function opened(choices) {
  const desk = await Desk.signedIn(net.terrace.origin, net.manager, choices);
  await desk.page.evaluate(() => {
    // What would be printed when the browser is asked to, until somebody has closed its dialog.
    window.print = () => document.body.toggleAttribute('data-printing', true);
  });
  await desk.visit(`#/households/${net.county}`);
  await desk.settled();
  return desk;
}

/** Holds the pages that come after the first, or loses them, until told otherwise. @param {Desk} desk @param {'held' | 'lost'} fate @param {number} [from] the first of them */
async function interrupted(desk, fate, from = 0) {
  let met = 0;
  let open = () => {};
  /** @type {Promise<void>} */
  const opening = new Promise((done) => (open = done));
  await desk.page.route(/\/households\?.*cursor=/, async (route) => {
    if (met++ < from) return route.continue();
    if (fate === 'lost') return route.abort();
    await opening;
    return route.continue().catch(() => {});
  });
  return async () => {
    open();
    await desk.page.unrouteAll({ behavior: 'wait' });
  };
}

/** Whether something is saved. @param {Desk} desk */
function watched(desk) {
  const saved = { any: false };
  desk.page.on('download', () => (saved.any = true));
  return saved;
}

const shownRows = (/** @type {Desk} */ desk) => desk.page.locator('main table.sheet tbody tr').count();
const csv = (/** @type {Desk} */ desk) => desk.button('导出 CSV');
/** What names a row: who, and where. @param {Json} household */
const told = (household) => [household.head_name, names.get(household.service_point_id)];

test('a file has every household of the API in its order, and the screen no more than before', async () => {
  const desk = await opened();
  assert.equal(await shownRows(desk), 100);
  const pages = /** @type {string[]} */ ([]);
  desk.page.on('request', (request) => request.url().includes('/households?') && pages.push(new URL(request.url()).search));
  const { text } = await desk.saved(csv(desk));
  const [head, ...rows] = csvLines(text);
  assert.deepEqual(head?.slice(0, 2), ['户主', '服务点']);
  assert.deepEqual(rows.map((row) => row.slice(0, 2)), households.map(told));
  assert.deepEqual(pages.map((search) => new URLSearchParams(search).get('limit')), ['200', '200']);
  assert.ok(pages.every((search) => !search.includes('count')), 'it is counted once');
  assert.equal(await shownRows(desk), 100);
  assert.ok(await csv(desk).isEnabled());
  await desk.close();
});

test('it keeps what is looked for and how the screen is sorted', async () => {
  const desk = await opened();
  await desk.page.getByLabel('类型', { exact: true }).selectOption('lifted');
  await desk.settled();
  await desk.page.locator('main table.sheet').getByRole('button', { name: '户主' }).click();
  const [, ...rows] = csvLines((await desk.saved(csv(desk))).text);
  const wanted = households.filter(({ household_type }) => household_type === 'lifted').map(told);
  assert.deepEqual(rows.map((row) => row.slice(0, 2)), wanted.sort(([a], [b]) => (a < b ? -1 : 1)));
  await desk.close();
});

test('what breaks off says so, saves nothing, and goes on where it stopped', async () => {
  const desk = await opened();
  const saved = watched(desk);
  const mend = await interrupted(desk, 'lost', 1);
  await csv(desk).click();
  await desk.page.getByRole('alert').filter({ hasText: '读了 300 行就断了' }).waitFor();
  assert.equal(saved.any, false);
  await mend();
  const pages = /** @type {string[]} */ ([]);
  desk.page.on('request', (request) => request.url().includes('/households?') && pages.push(request.url()));
  const [, ...rows] = csvLines((await desk.saved(desk.button('接着读'))).text);
  assert.deepEqual(rows.map((row) => row.slice(0, 2)), households.map(told));
  assert.equal(pages.length, 1, 'what was there is not read again');
  await desk.close();
});

test('while it reads it says how far it is, and can be stopped', async () => {
  const desk = await opened();
  const saved = watched(desk);
  const release = await interrupted(desk, 'held', 1);
  await csv(desk).click();
  await desk.sees(`已读 300 行，共 ${MANY} 行`);
  assert.deepEqual(await desk.accessibilityFaults(), []);
  const focused = () => desk.page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).innerText.trim());
  assert.equal(await focused(), '停止', 'the keyboard stays where it was');
  await desk.page.keyboard.press('Enter');
  await csv(desk).waitFor();
  await desk.until('the keyboard stays where it was', async () => (await focused()) === '导出 CSV');
  await release();
  await desk.settled();
  assert.equal(saved.any, false);
  await desk.close();
});

test('another filter, or another page, stops it', async () => {
  const desk = await opened();
  const saved = watched(desk);
  for (const leave of [
    () => desk.page.getByLabel('类型', { exact: true }).selectOption('lifted'),
    () => desk.menu().filter({ hasText: '网络' }).click(),
  ]) {
    const release = await interrupted(desk, 'held');
    await csv(desk).click();
    await desk.sees(/^已读 100 行/);
    await leave();
    await desk.sees(/停在半路/);
    await release();
    await desk.settled();
  }
  assert.equal(saved.any, false);
  await desk.close();
});

test('paper has every household while it is printed, and the page before and after no more than the screen', async () => {
  const desk = await opened();
  const lines = () => desk.page.locator('.paper tbody tr').evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('th, td')].slice(0, 2).map((cell) => cell.textContent)));
  assert.equal((await lines()).length, 100);
  assert.match(await desk.page.locator('.paper .fine').innerHTML(), /只有已读到的 100 行/);
  await desk.button('打印').click();
  await desk.page.locator('body[data-printing]').waitFor();
  assert.deepEqual(await lines(), households.map(told));
  assert.equal(await desk.page.locator('.paper .fine').count(), 0);
  const papers = await desk.papers();
  assert.ok(papers.length > 10 && papers.every(([width, height]) => width === 842 && height === 595), JSON.stringify(papers));
  await desk.page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await desk.until('the paper is as short as the screen', async () => (await lines()).length === 100);
  await desk.close();
});

test('more rows than make sense on paper are not printed, and it is said what to do instead', async () => {
  const desk = await opened();
  await desk.page.route(/\/households\?.*count=true/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), count: 59_812 } });
  });
  await desk.look(`#/households/${net.county}`);
  await desk.button('打印').click();
  await desk.page.getByRole('alert').filter({ hasText: '59,812 行' }).filter({ hasText: 'CSV' }).waitFor();
  assert.ok(await csv(desk).isEnabled(), 'what is to be done instead can be done');
  await desk.button('不要了').click();
  assert.ok(await desk.button('打印').isEnabled());
  await desk.close();
});

test('the audit log is saved whole, with the names of the points in it', async () => {
  const auditor = await net.person('auditor', 'auditor', net.bureau);
  const desk = await Desk.signedIn(net.terrace.origin, auditor);
  await desk.look(`#/audit?action=household.register`);
  const [head = [], ...rows] = csvLines((await desk.saved(csv(desk))).text);
  const { from, to } = Object.fromEntries(new URLSearchParams(await desk.page.evaluate(() => location.hash.split('?')[1])));
  const events = await auditor.api.all('/audit-events', { action: 'household.register', ...(from && { from }), ...(to && { to }) });
  const id = head.indexOf('变动编号');
  assert.deepEqual(rows.map((row) => row[id]), events.map((event) => event.id));
  assert.equal(rows.length, MANY);
  assert.ok(rows.every((row) => !row.some((cell) => cell.includes('…：') || cell.endsWith('…'))));
  await desk.close();
});

test('so are the rows behind a figure', async () => {
  const desk = await opened();
  await desk.look(`#/network/${net.county}/rows?metric=households&period=${thisMonth()}`);
  const [head = [], ...rows] = csvLines((await desk.saved(csv(desk))).text);
  const at = head.indexOf('算在哪里');
  assert.deepEqual(rows.map((row) => row[at]).sort(), households.map((household) => names.get(household.service_point_id)).sort());
  await desk.close();
});

test('a ledger is saved whole, with the names of what its entries are about', async () => {
  const { api } = net.manager;
  const platform = await api.post('/platforms', { service_point_id: net.county, name: '模拟平台', kind: 'live' });
  for (let n = 0; n < 130; n++) {
    const store = await api.post('/stores', { service_point_id: net.county, platform_id: platform.id, name: `模拟网店${n}`, opened_on: `${addMonths(thisMonth(), -1)}-01` });
    await api.post('/sales', { store_id: store.id, on: `${thisMonth()}-01`, channel: 'online', orders: 1, amount_fen: 100 });
  }
  const desk = await opened();
  await desk.look(`#/ledgers/sales?point=${net.county}&period=${thisMonth()}`);
  assert.equal(await shownRows(desk), 100);
  const asked = /** @type {string[]} */ ([]);
  desk.page.on('request', (request) => request.url().includes('/stores') && asked.push(request.url()));
  const [head = [], ...rows] = csvLines((await desk.saved(csv(desk))).text);
  assert.deepEqual(rows.map((row) => row[head.indexOf('网店')]).sort(), Array.from({ length: 130 }, (_, n) => `模拟网店${n}`).sort());
  assert.ok(asked.length <= 30, `${asked.length} requests for names that the screen had not`);
  await desk.close();
});
