// Everybody walks through all pages of the desk that are shown to them, by the links that stand there: none asks for what the
// person may not have, and of each page axe finds nothing in either language, nothing is wider than a small screen, and what is
// said in English is English but for names and what people wrote.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { addMonths, thisMonth } from './support/days.js';
import { Desk } from './support/desk.js';
import { demo } from './support/terrace.js';

/** @typedef {import('./support/api.js').Json} Json */

const month = addMonths(thisMonth(), -1);

/** @type {Awaited<ReturnType<typeof demo>>} */
let simulated;
/** What the desk has pages for, such as `network/:id`. @type {string[]} */
let patterns;
/** Patterns that somebody has been to. @type {Set<string>} */
const met = new Set();
/** Kinds of pages that were looked at closely. @type {Set<string>} */
const checked = new Set();

before(async () => {
  simulated = await demo();
  await furnish();
  const routes = new URL('../../console/desk/routes/', import.meta.url);
  const files = await Promise.all((await readdir(routes)).map((file) => import(new URL(file, routes).href)));
  patterns = files.flatMap((file) => Object.keys(file.default));
});
after(() => simulated?.terrace.stop());

/** @param {string} tier @param {string} role */
async function someone(tier, role) {
  const person = simulated.signIns.find((one) => one.tier === tier && one.role === role);
  assert.ok(person);
  const api = await simulated.terrace.signIn(person.username, person.password);
  return { ...person, api, id: /** @type {string} */ ((await api.get('/me')).grants[0].service_point_id) };
}

/** Something of everything that a small demo has none of. */
async function furnish() {
  const [{ api: manager, id }, { api: auditor }] = [await someone('bureau', 'manager'), await someone('bureau', 'auditor')];
  const at = { service_point_id: id };
  const [first, last] = [`${month}-01`, `${addMonths(month, 1)}-01`];
  await manager.post('/announcements', { ...at, title: '模拟通知', body: '请在五日前报送（模拟）' });
  const platform = await manager.post('/platforms', { ...at, name: '模拟平台', kind: 'live' });
  const store = await manager.post('/stores', { ...at, platform_id: platform.id, name: '模拟网店', opened_on: first });
  await manager.post('/sales', { store_id: store.id, on: last, channel: 'online', orders: 3, amount_fen: 123_450 });
  await manager.post('/policy-documents', { ...at, name: '模拟文件', number: '模拟〔2026〕1号', issuer: '模拟单位', topic: 'development', issued_on: first });
  const frame = { ...at, name: '模拟抽查', period_from: first, period_to: last, method: 'equal', sample_size: 20 };
  const framed = await auditor.post('/inspections', frame);
  const seeded = await auditor.post(`/inspections/${framed.id}/seed`, {}, framed.version);
  await auditor.ask('POST', `/inspections/${framed.id}/draw`, undefined, seeded.version);
  const [checked, missed] = (await auditor.get('/inspection-items', { inspection_id: framed.id })).items;
  await auditor.post(`/inspection-items/${checked.id}/result`, { state: 'confirmed' }, checked.version);
  await auditor.post(`/inspection-items/${missed.id}/result`, { state: 'not_found', note: '模拟：查无此事' }, missed.version);
  await auditor.post('/inspection-findings', { item_id: missed.id, reason: '模拟：查无此事' });
  await auditor.post('/inspections', { ...frame, name: '模拟抽查，刚建' });
}

/** What may be pressed, but for what sorts a table, and for the pages of the phone, which have no dialogs. */
const pressable = 'main button:not(.sort, .dock *)';
/** What the buttons say that open a dialog. */
const openers = [
  /^快捷键/, /^口径$/, /^催报 \d/, /^审定/, /^定稿/, /^说明$/, /^设应报日/, /^准许补记/, /^看完整/, /^新建|^建立抽查|^发起抽查/, /^给种子|^定种子/, /^抽取/, /^结束/,
  /^开通账号/, /^开设/, /^改信息/, /^停用/, /^移到别处/, /^关闭/, /^重置密码/, /^授权/, /^撤销/, /^写公告/, /^作废$/, /，看是哪些记录$/,
];
/** Dialogs that were looked at. @type {Set<string>} */
const opened = new Set();

/** The buttons of a page that open dialogs which nobody has looked at: by their places. @param {Desk} desk @param {string} kind */
async function openersOf(desk, kind) {
  const buttons = await desk.page.locator(pressable).evaluateAll((all) =>
    all.map((button) => (/** @type {HTMLButtonElement} */ (button).disabled || !button.checkVisibility() ? '' : (button.getAttribute('aria-label') ?? /** @type {HTMLElement} */ (button).innerText).trim())),
  );
  return openers.flatMap((words) => {
    const at = buttons.findIndex((said) => words.test(said));
    const dialog = `${kind.split(' ')[0]}: ${words}`;
    if (at < 0 || opened.has(dialog)) return [];
    opened.add(dialog);
    return [{ at, said: String(buttons[at]) }];
  });
}

/** Somebody who remembers what the server has told, in whatever language. */
class Reader extends Desk {
  /** @type {Set<string>} */
  told = new Set();
  /** What codes are called in Chinese. @type {Set<string>} */
  labels = new Set();

  /** @override @param {import('playwright-core').Page} page */
  watch(page) {
    super.watch(page);
    page.on('response', async (response) => {
      if (response.ok() && response.url().includes('/api/v1/') && response.headers()['content-type']?.includes('json')) {
        const answer = await response.json().catch(() => null);
        this.hear(answer);
        if (response.url().includes('/code-lists')) {
          answer?.items.forEach((/** @type {Json} */ list) => list.entries.forEach((/** @type {Json} */ entry) => this.labels.add(entry.label.zh)));
        }
      }
    });
  }

  /** @param {unknown} what */
  hear(what) {
    if (typeof what === 'string' && /\p{Script=Han}/u.test(what)) {
      what.split('\n').forEach((line) => this.told.add(line.trim()));
    } else if (what && typeof what === 'object') {
      // What is told in both languages is said in the one that is chosen.
      Object.entries(what).forEach(([key, value]) => key === 'zh' || this.hear(value));
    }
  }

  /** Chinese on the page that is not what the server told. @param {string} kind of page */
  async chinese(kind) {
    // One page shows what codes are called in both languages.
    const told = [...this.told, ...(kind.startsWith('admin/codes') ? this.labels : [])].sort((a, b) => b.length - a.length);
    const lines = [...new Set((await this.words()).split('\n'))].filter((line) => /\p{Script=Han}/u.test(line));
    return lines.filter((line) => {
      const rest = told.reduce((text, known) => text.replaceAll(known, ''), line.replaceAll('中文', ''));
      // A name that has no room is cut.
      return /\p{Script=Han}/u.test(rest.replaceAll(/([^\s]+)…/g, (whole, cut) => (told.some((known) => known.startsWith(cut)) ? '' : whole)));
    });
  }
}

/** The pattern that an address belongs to. @param {string} path */
function patternOf(path) {
  const parts = path.split('/');
  const fits = patterns.filter((pattern) => {
    const wanted = pattern.split('/');
    return wanted.length === parts.length && wanted.every((part, n) => part.startsWith(':') || part === parts[n]);
  });
  return fits.sort((a, b) => a.split(':').length - b.split(':').length)[0];
}

/** What kind of page an address leads to: what it is about does not matter. @param {string} address @param {string} tier of the point that it is about */
function kindOf(address, tier) {
  const [path = '', search = ''] = address.replace(/^#\/?/, '').split('?');
  const query = new URLSearchParams(search);
  const told = ['tab', 'show', 'part'].flatMap((name) => query.get(name) ?? []);
  const pattern = patternOf(path);
  if (pattern) met.add(pattern);
  const parts = path.split('/');
  const name = pattern?.split('/').map((part, n) => ([':ledger', ':type'].includes(part) || parts[n] === 'new' ? parts[n] : part)).join('/') ?? parts.map((part, n) => (n ? ':id' : part)).join('/');
  // A county is another page than a village.
  return [name, name === 'network/:id' ? tier : '', ...told].filter(Boolean).join(' ');
}

/**
 * Looks closely at what is shown.
 * @param {Reader} desk @param {string} what @param {string} kind
 * @returns {Promise<string[]>} what is wrong with it
 */
async function faultsOf(desk, what, kind) {
  const faults = /** @type {string[]} */ ([]);
  const whole = !checked.has(kind);
  checked.add(kind);
  const dialogs = await openersOf(desk, kind);
  if (!whole && !dialogs.length) return faults;
  for (const language of /** @type {const} */ (['zh-CN', 'en'])) {
    if (language === 'en') await desk.speak('en');
    /** @param {string} seen @param {string} [within] */
    const look = async (seen, within) => {
      faults.push(...(await desk.accessibilityFaults(within)).map((fault) => `${seen} in ${language}: ${fault}`));
      if (language === 'en') faults.push(...(await desk.chinese(kind)).map((line) => `${seen}: Chinese in English: ${line}`));
    };
    if (whole) {
      await look(what);
      const over = await desk.tooLarge();
      if (over) faults.push(`${what} in ${language}: ${over}`);
    }
    for (const { at, said } of dialogs) {
      await desk.page.locator(pressable).nth(at).click();
      if (await desk.dialog().waitFor({ timeout: 2000 }).then(() => true, () => false)) {
        await desk.settled();
        await look(`${what}, after “${said}”`, 'dialog[open]');
        await desk.page.keyboard.press('Escape');
        await desk.dialog().waitFor({ state: 'detached' });
      } else {
        faults.push(`${what}: “${said}” opens no dialog`);
      }
    }
  }
  await desk.speak('zh-CN');
  return faults;
}

/** A point of each tier that somebody sees, from the top. @param {Json} api @param {string} top */
async function line(api, top) {
  const points = [await api.get(`/service-points/${top}`)];
  for (let below = points; points.at(-1)?.tier !== 'village'; ) {
    below = (await api.get(`/service-points/${points.at(-1)?.id}/children`)).items;
    points.push(below.find(({ name }) => ['两当县', '城关镇'].includes(name)) ?? below[0]);
  }
  return points;
}

const people = /** @type {const} */ ([
  ['bureau', 'manager'],
  ['bureau', 'auditor'],
  ['bureau', 'admin'],
  ['county', 'manager'],
  ['county', 'reviewer'],
  ['township', 'worker'],
  ['township', 'reviewer'],
]);

for (const [tier, role] of people) {
  test(`every page that a ${role} of a ${tier} is shown`, async () => {
    const person = await someone(tier, role);
    const points = await line(person.api, person.id);
    const tiers = new Map(points.map((point) => [point.id, point.tier]));
    const desk = await Reader.signedIn(simulated.terrace.origin, person);
    assert.equal(await desk.page.locator('.desk').count(), 1, 'the desk is there');

    const left = [...points.map(({ id }) => `#/network/${id}?period=${month}`)];
    /** How often each kind of page was seen. @type {Set<string>} */
    const seen = new Set();
    const faults = [];
    for (let address = left.shift(); address !== undefined; address = left.shift()) {
      const about = tiers.get(address.split(/[/?]/)[2] ?? '') ?? '';
      const kind = kindOf(address, about);
      if (seen.has(kind)) continue;
      seen.add(kind);
      const troubles = desk.troubles.length;
      await desk.visit(address);
      await desk.settled();
      const links = await desk.page.locator('a[href^="#/"]').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
      left.push(...new Set(links));
      faults.push(...(await faultsOf(desk, `${address} (${kind})`, kind)));
      faults.push(...desk.troubles.splice(troubles).map((trouble) => `${address} (${kind}): ${trouble}`));
    }
    await desk.close();
    assert.deepEqual(faults, []);
  });
}

test('with large text nothing lies over anything in the top bar, and pages are no longer than a small screen', async () => {
  const person = await someone('bureau', 'manager');
  const desk = await Desk.signedIn(simulated.terrace.origin, person, { elder: true });
  for (const language of /** @type {const} */ (['zh-CN', 'en'])) {
    await desk.speak(language);
    for (const address of ['#/network', '#/households', '#/review', '#/report', '#/doubts', '#/audit', '#/ledgers/sales', '#/admin/points']) {
      await desk.visit(address);
      await desk.settled();
      assert.deepEqual(await desk.overlapping(), [], `${address} in ${language}`);
      assert.equal(await desk.tooLarge(), '', `${address} in ${language}`);
    }
  }
  await desk.close();
});

test('there is no page of the desk that nobody is shown', () => {
  assert.deepEqual(patterns.filter((pattern) => !met.has(pattern)), []);
});

test('somebody of a village is not shown the desk', async () => {
  const person = simulated.signIns.find(({ tier }) => tier === 'village');
  assert.ok(person);
  const desk = await Desk.signedIn(simulated.terrace.origin, person);
  for (const address of ['', '#/network', '#/review', '#/audit', '#/admin', '#/ledgers']) {
    await desk.look(address);
    await desk.page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await desk.page.locator('.desk').count(), 0, address);
    assert.ok(!(await desk.page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/desk/')))), address);
  }
  await desk.close();
});
