// Long invented histories of a phone: whatever the network, the tabs and the people do, each entry that was not taken back is
// carried out once, as the account that made it, and nothing else is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, net, outbox, quiet, reload, session, signIn, store, until } from './support/phone.js';

const HISTORIES = 25;
const STEPS = 30;

/** Numbers from a seed, the same each time. @param {number} seed */
function dice(seed) {
  let x = seed * 2654435761 + 1;
  return (/** @type {number} */ n) => {
    x = (Math.imul(x ^ (x >>> 15), 2246822519) + 0x9e3779b9) | 0;
    return ((x ^ (x >>> 13)) >>> 0) % n;
  };
}

/** @param {number} seed */
async function history(seed) {
  await fresh();
  const roll = dice(seed);
  const people = [`a-${seed}`, `b-${seed}`];
  /** Who made what; what was taken back is taken out. @type {Map<string, { account: string, act: string, object: string }>} */
  const made = new Map();
  let refusing = false;
  net.server.refuses = (item) => (refusing && item.content.address === 'bad' ? { code: 'request.invalid', status: 422 } : null);
  const fates = /** @type {const} */ (['fine', 'fine', 'lost', 'unanswered', 'portal', 'busy']);
  let mood = /** @type {readonly ('fine' | 'lost' | 'unanswered' | 'portal' | 'busy')[]} */ (['fine']);
  net.server.fate = (path) => (path === '/batches' || path === '/changes' ? mood[roll(mood.length)] ?? 'fine' : 'fine');
  const me = () => session.session.value.account?.id ?? '';
  /** @param {import('../../console/core/outbox.js').OutboxEntry} e */
  const noted = (e) => made.set(e.id, { account: me(), act: e.act, object: e.object_id });
  /** What was in the queue and is not there any more was taken back. @param {import('../../console/core/outbox.js').OutboxEntry[]} before */
  const forget = (before) => {
    const left = new Set(outbox.outbox.value.map((e) => e.id));
    for (const { id, state } of before) if (state !== 'sent' && !left.has(id)) made.delete(id);
  };
  await signIn(people[0] ?? '');

  for (let step = 0; step < STEPS; step++) {
    const mine = [...made.values()].filter((x) => x.account === me());
    const households = mine.filter((x) => x.act === 'register_household');
    const records = mine.filter((x) => x.act === 'log_assistance');
    const queue = outbox.outbox.value;
    switch (roll(12)) {
      case 0: case 1:
        noted(await outbox.enqueue('register_household', { content: { service_point_id: 'point-1', address: roll(4) ? 'good' : 'bad', members: [{ name: '模拟', relation: '02' }] } }));
        break;
      case 2: case 3: case 4: {
        const at = households[roll(households.length || 1)];
        if (at) noted(await outbox.enqueue('log_assistance', { content: { service_point_id: 'point-1', household_id: at.object, kind: 'logistics', given_on: '2026-10-01', quantity: 1 } }));
        break;
      }
      case 5: {
        const at = records[roll(records.length || 1)];
        if (at) noted(await outbox.enqueue('correct_assistance', { object_id: at.object, content: { quantity: 1 + roll(9), reason: 'r' } }));
        break;
      }
      case 6: {
        const open = queue.filter((e) => e.state !== 'sent');
        const at = open[roll(open.length || 1)];
        if (at && (await outbox.discard(at.id))) forget(queue);
        break;
      }
      case 7: {
        const at = queue.find((e) => e.state === 'refused');
        if (!at) break;
        const before = new Set(queue.map((e) => e.id));
        await outbox.replaceEntry(at.id, { content: { ...at.content, address: 'good' } });
        forget(queue);
        for (const e of outbox.outbox.value) if (!before.has(e.id)) noted(e);
        break;
      }
      case 8:
        mood = roll(2) ? ['fine'] : fates;
        refusing = roll(2) === 0;
        break;
      case 9:
        await reload();
        await outbox.flush();
        await until(() => store.device.value !== null);
        await outbox.flush();
        break;
      case 10:
        await session.signOut();
        await signIn(people[roll(2)] ?? '');
        await outbox.flush();
        break;
      default:
        await outbox.flush();
    }
  }

  mood = ['fine'];
  refusing = false;
  for (const person of people) {
    await session.signOut();
    await signIn(person);
    await quiet();
    for (const e of outbox.outbox.value) {
      // It is still there for its person to see, and to mend.
      const held = e.state === 'refused' || outbox.hangsOn(e)?.state === 'refused';
      assert.ok(e.state === 'sent' || held, `${seed}: ${e.act} of ${person} waits for ever`);
      if (held) made.delete(e.id);
    }
  }
  const carriedOut = net.server.done.map(({ account, item }) => `${account} ${item.id}`).sort();
  assert.deepEqual(carriedOut, [...made].map(([id, { account }]) => `${account} ${id}`).sort(), `seed ${seed}`);
}

for (let seed = 1; seed <= HISTORIES; seed++) test(`history ${seed}`, () => history(seed));
