// What a desk shows is what the API says: headlines, each child, the own work, the total, the rows behind; in a file and on paper
// too. And how long one waits for it, with all the villages there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMonths, thisMonth } from './support/days.js';
import { Desk, counted, csvLines, yuan } from './support/desk.js';
import { demo } from './support/terrace.js';

/** @typedef {import('./support/api.js').Json} Json */
/** @typedef {{value: number, of?: number}} Value */

/** @type {Awaited<ReturnType<typeof demo>>} */
let simulated;
/** @type {Json[]} */
let metrics;

before(async () => {
  simulated = await demo();
  metrics = (await (await someone('bureau', 'manager')).api.get('/metrics')).items;
});
after(() => simulated?.terrace.stop());

const month = addMonths(thisMonth(), -1);

/** @param {string} tier @param {string} role */
async function someone(tier, role) {
  const found = simulated.signIns.find((one) => one.tier === tier && one.role === role);
  assert.ok(found);
  const api = await simulated.terrace.signIn(found.username, found.password);
  const point = /** @type {string} */ ((await api.get('/me')).grants[0].service_point_id);
  return { ...found, api, id: point };
}

/** @param {{username: string, password: string}} person */
async function opened(person) {
  const desk = await Desk.signedIn(simulated.terrace.origin, person);
  await desk.page.evaluate(() => localStorage.setItem('terrace.unit', 'yuan'));
  return desk;
}

/** The metric that words on the screen name. @param {string} words */
const named = (words) => metrics.filter(({ name }) => words === name.zh || words === `${name.zh} 元`)[0];

/** A figure of a row. @param {Json} metric @param {Value} figure */
function inCell(metric, { value, of = 0 }) {
  const say = metric.unit.en === 'fen' ? yuan : counted;
  return metric.is_share ? `${say(value)} / ${say(of)}` : say(value);
}

/** @param {Json} person @param {string} point @param {string} code @returns {Promise<Json>} */
const figureOf = async (person, point, code) => (await person.api.get(`/service-points/${point}/statistics`, { period: month, metrics: code })).items[0];

for (const [tier, role] of /** @type {const} */ ([['bureau', 'manager'], ['county', 'manager'], ['township', 'reviewer']])) {
  test(`the figures of a ${tier} are those of the API, and its rows make its total`, async () => {
    const person = await someone(tier, role);
    const desk = await opened(person);
    await desk.look(`#/network/${person.id}?period=${month}`);

    const headlines = await desk.page.locator('.figures .figure').evaluateAll((all) =>
      all.map((one) => ({
        name: /** @type {HTMLElement} */ (one.querySelector('dt')).innerText.trim(),
        number: /** @type {HTMLElement} */ (one.querySelector('dd b')).innerText.trim(),
        beside: /** @type {HTMLElement} */ (one.querySelector('dd small')).innerText.trim(),
      })),
    );
    let compared = 0;
    for (const { name, number, beside } of headlines) {
      const metric = named(name);
      if (metric) {
        const { total, of, rate_bp } = await figureOf(person, person.id, metric.code);
        const expected = metric.is_share ? `${(Math.round(rate_bp / 10) / 10).toFixed(1)}%` : inCell(metric, { value: total });
        assert.equal(number, expected, name);
        if (metric.is_share) {
          assert.ok(beside.startsWith(inCell(metric, { value: total, of })), `${name}: ${beside}`);
        }
        compared += 1;
      }
    }
    assert.ok(compared >= 5, `${compared} headlines`);

    const table = await desk.table(desk.page.locator('main table.sheet').first());
    const columns = table.head.map(named);
    assert.ok(columns.filter(Boolean).length >= 3, table.head.join(', '));
    for (const [column, metric] of columns.entries()) {
      if (!metric) continue;
      const figure = await figureOf(person, person.id, metric.code);
      /** @type {[string, Value][]} */
      const expected = figure.by_child.map((/** @type {Json} */ child) => [child.name, child]);
      const [own, ...children] = [...table.rows].sort((a, b) => Number(!a[0]?.includes('本级')) - Number(!b[0]?.includes('本级')));
      assert.equal(own?.[column], inCell(metric, { value: figure.own, of: figure.own_of }), `${metric.code}, own work`);
      assert.deepEqual(
        Object.fromEntries(children.map((row) => [row[0], row[column]])),
        Object.fromEntries(expected.map(([name, value]) => [name, inCell(metric, value)])),
        metric.code,
      );
      assert.equal(table.foot[column], inCell(metric, { value: figure.total, of: figure.of }), `${metric.code}, total`);
      const numbers = table.rows.map((row) => Number(row[column]?.replaceAll(',', '').split(' / ')[0]));
      const sum = numbers.reduce((a, b) => a + Math.round(b * 100), 0) / 100;
      assert.equal(sum, Number(table.foot[column]?.replaceAll(',', '').split(' / ')[0]), `${metric.code}, added up`);
    }
    await desk.close();
  });
}

/** What the rows behind a figure add up to, as the screen tells it, in its smallest unit. @param {Desk} desk */
async function addedUp(desk) {
  await desk.settled();
  for (const more = desk.button(/^再看/); await more.count(); ) {
    await more.click();
    await desk.settled();
  }
  const { rows } = await desk.table(desk.page.locator('main table.sheet'));
  return { rows: rows.length, sum: rows.reduce((sum, row) => sum + Math.round(Number(row.at(-1)?.replaceAll(',', '')) * 100), 0) };
}

test('the rows behind a figure add up to it', async () => {
  const person = await someone('county', 'manager');
  const figure = await figureOf(person, person.id, 'assistance_amount');
  const desk = await opened(person);
  const place = `#/network/${person.id}?period=${month}&metric=assistance_amount`;

  await desk.look(place);
  await desk.page.locator('.figure.picked dd a').click();
  const whole = await addedUp(desk);
  assert.equal(whole.sum, figure.total);
  assert.ok(whole.rows > 20);

  const busiest = figure.by_child.reduce((/** @type {Json} */ a, /** @type {Json} */ b) => (b.value > a.value ? b : a));
  await desk.look(place);
  await desk.row(busiest.name).getByRole('link', { name: yuan(busiest.value), exact: true }).click();
  assert.equal((await addedUp(desk)).sum, busiest.value);

  const kind = figure.by_kind[0];
  await desk.look(place);
  await desk.page.getByRole('complementary').getByRole('link', { name: yuan(kind.value), exact: true }).first().click();
  assert.equal((await addedUp(desk)).sum, kind.value);
  await desk.close();
});

test('the table as a file has the same numbers, and on paper it is one page of A4', async () => {
  const person = await someone('bureau', 'manager');
  const figure = await figureOf(person, person.id, 'assistance_count');
  const amount = await figureOf(person, person.id, 'assistance_amount');
  const desk = await opened(person);
  await desk.look(`#/network/${person.id}?period=${month}`);

  const { name, text } = await desk.saved(desk.button('导出 CSV'));
  assert.match(name, new RegExp(`${month}.*\\.csv$`));
  const [head = [], ...rows] = csvLines(text);
  const at = (/** @type {string} */ metric) => head.findIndex((cell) => cell.startsWith(metric));
  const own = rows.find(([first]) => first?.includes('本级'));
  assert.equal(own?.[at('帮扶次数')], String(figure.own));
  for (const child of figure.by_child) {
    const row = rows.find(([first]) => first === child.name);
    assert.equal(row?.[at('帮扶次数')], String(child.value), child.name);
    const paid = amount.by_child.find((/** @type {Json} */ one) => one.service_point_id === child.service_point_id);
    assert.equal(row?.[at('帮扶金额')], (paid.value / 100).toFixed(2), child.name);
  }
  assert.equal(rows.at(-1)?.[at('帮扶次数')], String(figure.total));
  assert.equal(rows.length, figure.by_child.length + 2);

  assert.ok((await desk.printed()).includes(counted(figure.total)));
  await desk.close();
});

test('how long one waits, with 3,290 villages there', async () => {
  const person = await someone('bureau', 'manager');
  const { items: below } = await person.api.get(`/service-points/${person.id}/children`);
  const [county] = below;
  /** @type {[string, number][]} */
  const table = [];
  /** @param {string} what @param {() => Promise<unknown>} act */
  const timed = async (what, act) => {
    const start = performance.now();
    await act();
    table.push([what, performance.now() - start]);
  };
  const desk = await opened(person);
  const figures = (/** @type {string} */ name) =>
    desk.page.getByRole('heading', { level: 1, name }).and(desk.page.locator('main:has(table.sheet tfoot) h1')).waitFor();
  await desk.visit('#/me');
  await timed('the bureau, everything anew', async () => {
    await desk.page.goto(`${desk.origin}/?again#/network/${person.id}?period=${month}`);
    await figures('陇南市');
  });
  await desk.settled();
  await timed('from the bureau to a county', async () => {
    await desk.row(county.name).getByRole('link').first().click();
    await figures(county.name);
  });
  await desk.settled();
  await timed('a year of it', async () => {
    await desk.page.locator('.seg label').filter({ hasText: '年' }).first().click();
    await desk.page.locator('main').getByText(month.slice(0, 4), { exact: false }).first().waitFor();
    await desk.settled();
  });
  const search = desk.page.getByRole('searchbox', { name: '找机构' });
  for (const [wanted, found] of [['ldx', '两当县'], ['城关', '城关镇'], ['东北街', '东北街居委会']]) {
    await timed(`points that begin with ${wanted}`, async () => {
      await search.fill(String(wanted));
      await desk.page.getByRole('region', { name: '找到的机构' }).getByRole('link', { name: String(found) }).first().waitFor();
    });
  }
  const widest = Math.max(...table.map(([what]) => what.length));
  for (const [what, spent] of table) {
    console.log(`${what.padEnd(widest)}  ${(spent / 1000).toFixed(2)} s`);
  }
  await desk.close();
});
