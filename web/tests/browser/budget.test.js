// What the console costs: bytes on the wire, whoever in the browser asks for them, and seconds on a slow network.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { countingProxy } from './support/counting-proxy.js';
import { Phone } from './support/phone.js';
import { demo } from './support/terrace.js';

const kilobyte = 1024;

/** @type {Awaited<ReturnType<typeof demo>>} */
let simulated;
/** @type {Awaited<ReturnType<typeof countingProxy>>} */
let wire;

before(async () => {
  simulated = await demo();
  wire = await countingProxy(simulated.terrace.origin);
});
after(async () => {
  await wire?.close();
  await simulated?.terrace.stop();
});

/** @typedef {import('./support/counting-proxy.js').Exchange} Exchange */

/** @param {Exchange} exchange */
const isFile = ({ path }) => !path.startsWith('/api/');

/** @param {Exchange[]} exchanges */
const bytesOf = (exchanges) => exchanges.reduce((sum, { bytes }) => sum + bytes, 0);

/** @param {number} bytes */
const kib = (bytes) => `${(bytes / kilobyte).toFixed(1)} KB`;

/** @type {[string, string, string][]} */
const table = [];

after(() => {
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => String(row[column]).length)));
  for (const row of [['budget', 'measured', 'allowed'], ...table]) {
    console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
  }
});

function worker() {
  const found = simulated.signIns.find(({ tier, role }) => tier === 'village' && role === 'worker');
  assert.ok(found);
  return found;
}

/** Every route that a worker's phone has a page for. */
const routes = ['home', 'households', 'register', 'log', 'outbox', 'report', 'notices', 'me', 'password', 'sessions', 'help'];

/** @param {Phone} phone */
async function everyPage(phone) {
  for (const name of routes) {
    await phone.visit(`#/${name}`);
    await phone.settled();
  }
}

test('the first load with everything behind the sign-in, and the loads after it', async () => {
  const { username, password } = worker();
  const phone = await Phone.open(wire.origin);
  wire.taken();
  await phone.visit();
  await phone.page.getByRole('button', { name: '登录', exact: true }).waitFor();
  const form = wire.taken();
  await phone.signIn(username, password);
  await phone.ready();
  await everyPage(phone);
  const rest = wire.taken();
  const files = [...form, ...rest].filter(isFile);
  assert.deepEqual(
    files.filter(({ bytes, encoding }) => bytes > kilobyte && encoding !== 'br').map(({ path }) => path),
    [],
    'files are sent compressed',
  );
  table.push(['files of the sign-in form', kib(bytesOf(form.filter(isFile))), '']);
  table.push(['files of the first load with every page', kib(bytesOf(files)), kib(100 * kilobyte)]);

  const answers = rest.filter((exchange) => !isFile(exchange) && exchange.method === 'GET');
  const largest = answers.reduce((one, other) => (other.bytes > one.bytes ? other : one));
  table.push(['the largest answer with a list', kib(largest.bytes), kib(15 * kilobyte)]);

  await phone.visit();
  await phone.page.reload();
  await everyPage(phone);
  const again = wire.taken().filter(isFile);
  table.push(['files of a repeated load', kib(bytesOf(again)), kib(0)]);
  await phone.close();

  assert.ok(bytesOf(files) <= 100 * kilobyte, `the first load takes ${bytesOf(files)} bytes`);
  assert.ok(largest.bytes <= 15 * kilobyte, `${largest.path.split('?')[0]} takes ${largest.bytes} bytes`);
  assert.equal(bytesOf(again), 0, again.map(({ path, bytes }) => `${path}: ${bytes}`).join(', '));
});

test('a repeated load without a service worker takes no file that has a digest', async () => {
  const { username, password } = worker();
  const phone = await Phone.open(wire.origin, { serviceWorkers: 'block' });
  await phone.visit();
  await phone.signIn(username, password);
  await everyPage(phone);
  // Pages of single things are read ahead of their use, one after the other.
  await phone.until('every page has come', () =>
    phone.page.evaluate(() => {
      const come = performance.getEntriesByType('resource').filter((file) => /** @type {PerformanceResourceTiming} */ (file).responseEnd > 0);
      return ['household', 'record', 'notice'].every((page) => come.some((file) => file.name.endsWith(`/pages/${page}.js`)));
    }),
  );
  wire.taken();
  await phone.page.reload();
  await everyPage(phone);
  const again = wire.taken().filter(({ path }) => path.startsWith('/console/'));
  assert.deepEqual(again, []);
  await phone.close();
});

test('the sign-in form can be used within 3 s on a slow network', async () => {
  const phone = await Phone.open(simulated.terrace.origin);
  const wires = await phone.context.newCDPSession(phone.page);
  const bytesEachSecond = (400 * 1000) / 8;
  await wires.send('Network.enable');
  await wires.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 400,
    downloadThroughput: bytesEachSecond,
    uploadThroughput: bytesEachSecond,
  });
  const start = performance.now();
  await phone.visit();
  const button = phone.page.getByRole('button', { name: '登录', exact: true });
  await button.waitFor();
  assert.ok(await button.isEnabled());
  const seconds = (performance.now() - start) / 1000;
  table.push(['sign-in form at 400 kbit/s and 400 ms', `${seconds.toFixed(2)} s`, '3.00 s']);
  const { username, password } = worker();
  const signedInAt = performance.now();
  await phone.signIn(username, password);
  await phone.settled();
  table.push(['from there to the home page', `${((performance.now() - signedInAt) / 1000).toFixed(2)} s`, '']);
  assert.ok(seconds <= 3, `${seconds} s`);
  await phone.close();
});
