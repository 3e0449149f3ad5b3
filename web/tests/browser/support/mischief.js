// What a bad network does to the batches that a phone sends.

/** @typedef {{id: string}} Item */

/**
 * How the entries of one batch arrive: in which requests, one after the other. Without a reply the phone is none the wiser.
 * @typedef {{arrive: (items: Item[]) => Item[][], reply: boolean}} Trick
 */

/** @type {(items: Item[]) => Item[]} */
const backwards = (items) => [...items].reverse();

/** @satisfies {Record<string, Trick>} */
export const tricks = {
  /** Nothing arrives. */
  dropped: { arrive: () => [], reply: false },
  /** Every other entry arrives, the last one first. */
  halfBackwards: { arrive: (items) => [backwards(items.filter((_, index) => index % 2 === 0))], reply: false },
  /** The later half arrives in a request of its own before the earlier one. */
  laterHalfFirst: {
    arrive: (items) => {
      const middle = Math.ceil(items.length / 2);
      return [items.slice(middle), items.slice(0, middle)].filter((part) => part.length > 0);
    },
    reply: false,
  },
  /** Everything arrives, twice. */
  lost: { arrive: (items) => [items, items], reply: false },
  /** Everything arrives from last to first, and the phone hears of it. */
  backwards: { arrive: (items) => [backwards(items)], reply: true },
};

/**
 * Plays tricks on the next batches, one for each, then lets all through.
 * @param {import('playwright-core').BrowserContext} context
 * @param {...Trick} tricks
 * @returns what the phone has sent, batch by batch
 */
export async function mischief(context, ...tricks) {
  const sent = /** @type {Item[][]} */ ([]);
  await context.route('**/api/v1/batches', async (route) => {
    const { items } = /** @type {{items: Item[]}} */ (route.request().postDataJSON());
    const trick = tricks.shift() ?? { arrive: () => [items], reply: true };
    sent.push(items);
    const known = /** @type {Map<string, Item>} */ (new Map());
    let response;
    for (const part of trick.arrive(items)) {
      response = await route.fetch({ postData: { items: part } });
      if (!response.ok()) {
        break;
      }
      for (const item of /** @type {{items: Item[]}} */ (await response.json()).items) {
        known.set(item.id, item);
      }
    }
    if (!response || !trick.reply) {
      await route.abort('connectionreset');
    } else if (response.ok()) {
      await route.fulfill({ response, json: { items: items.map(({ id }) => known.get(id)) } });
    } else {
      await route.fulfill({ response });
    }
  });
  return sent;
}
