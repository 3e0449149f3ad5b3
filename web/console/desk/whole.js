/**
 * The whole of a list of which the screen has the first pages: what is missing is read when somebody wants a file or paper, and
 * does not enter the screen. A run that breaks off goes on where it stopped; one that is stopped leaves nothing behind.
 */
import { Stopped } from '../core/api.js';
import { signal } from '../core/html.js';
import { dropNames } from './naming.js';

/** @typedef {{ rows: any[], next: string | null, count: number | null }} Loaded what has been read of a list, and the cursor of what comes next */
/** @typedef {{ items: any[], next_cursor: string | null }} Page */
/** @typedef {(rows: any[], wanted: () => boolean) => unknown} Use what is done with all rows; `wanted` says whether it still is */
/** @typedef {{ act: string, read: number, of: number | null, error: unknown, tooMany: boolean, reading: boolean }} Run */
/** @typedef {ReturnType<typeof wholeOf>} Whole */

/**
 * @param {() => Loaded} loaded
 * @param {(cursor: string) => Promise<Page>} ask
 */
export function wholeOf(loaded, ask) {
  const run = signal(/** @type {Run | null} */ (null));
  const paper = signal(/** @type {any[] | null} */ (null));
  let has = /** @type {Loaded} */ ({ rows: [], next: null, count: null });
  /** What is asked of the present run. @type {{ use: Use, most: number }} */
  let wish = { use: () => {}, most: Infinity };
  /** The present run; the answers of another one are nobody's. */
  let turn = 0;

  /** @param {Partial<Run>} change */
  const tell = (change) => { if (run.peek()) run.value = { .../** @type {Run} */ (run.peek()), ...change }; };

  async function go() {
    const mine = ++turn;
    const wanted = () => mine === turn;
    tell({ error: null, reading: true });
    try {
      for (;;) {
        if (Math.max(has.rows.length, has.count ?? 0) > wish.most) return tell({ tooMany: true, reading: false });
        if (has.next === null) break;
        const page = await ask(has.next);
        if (!wanted()) return;
        has.rows.push(...page.items);
        has.next = page.next_cursor;
        tell({ read: has.rows.length });
      }
      tell({ reading: false });
      await wish.use(has.rows, wanted);
      if (wanted()) end();
    } catch (error) {
      if (!wanted()) return;
      paper.value = null;
      if (error instanceof Stopped) end();
      else tell({ error, reading: false });
    }
  }

  /** Nothing is kept of a run that is over. */
  function end() {
    turn++;
    run.value = null;
    paper.value = null;
    has = { rows: [], next: null, count: null };
  }

  return {
    /** The run that is under way, has failed, or was refused because of too many rows. */
    run,
    /** What is printed in place of the screen's rows, while it is. */
    paper,
    /** In which order the screen has the rows, where it sorts them itself. @type {((rows: any[]) => any[]) | null} */
    inOrder: null,
    /** Says what paper would say of rows, so that the names on it are asked for. @type {((rows: any[]) => unknown) | null} */
    onPaper: null,
    /**
     * Reads what is missing and hands everything to `use`, unless there are more than `most` rows.
     * @param {string} act @param {Use} use @param {number} [most]
     */
    begin(act, use, most = Infinity) {
      const { rows, next, count } = loaded();
      has = { rows: [...rows], next, count };
      wish = { use, most };
      run.value = { act, read: rows.length, of: count, error: null, tooMany: false, reading: true };
      return go();
    },
    /** Goes on where it broke off. */
    again: go,
    /** Stops, and says whether there was something to stop. */
    stop() {
      const under = run.peek();
      if (!under) return false;
      end();
      dropNames();
      return !under.tooMany;
    },
  };
}

/** Of rows that are all there. @param {() => any[]} rows */
export const wholeRows = (rows) => wholeOf(() => ({ rows: rows(), next: null, count: null }), () => Promise.reject(new Error('there is no more')));
