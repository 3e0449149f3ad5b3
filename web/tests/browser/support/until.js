const limit = 15_000;

/**
 * Asks again until there is something. What goes wrong meanwhile counts as not yet, and is told in the end.
 * @template T
 * @param {string} what is waited for
 * @param {() => T | Promise<T>} ask
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, ask) {
  const end = Date.now() + limit;
  let last;
  for (;;) {
    try {
      last = await ask();
      if (last) {
        return /** @type {NonNullable<T>} */ (last);
      }
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain: ${what}`, { cause: last });
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}
