/** What the pages of inspections have in common. */
import { useEffect } from '../../core/html.js';
import { label, language, t } from '../../core/i18n.js';
import { count, money } from '../../core/format.js';

/** @param {string} state @returns {{ kind: import('../../parts/state.js').Kind, word: string }} */
export const stateOf = (state) => ({ kind: /** @type {const} */ ({ framed: 'none', seeded: 'wait', drawn: 'wait', closed: 'ok' })[state] ?? 'none', word: label('inspection_state', state) });

/** @param {string} state @returns {{ kind: import('../../parts/state.js').Kind, word: string }} */
export const resultOf = (state) => ({ kind: /** @type {const} */ ({ open: 'wait', confirmed: 'ok', amount_differs: 'changed', not_found: 'error', refused: 'none' })[state] ?? 'none', word: label('inspection_item_state', state) });

/** @param {string} state @returns {{ kind: import('../../parts/state.js').Kind, word: string }} */
export const findingOf = (state) => ({ kind: /** @type {const} */ ({ open: 'wait', accepted: 'return', dismissed: 'none' })[state] ?? 'none', word: label('finding_state', state) });

/** How much, and what it was worth where that was said: in yuan, because records are small. @param {number | null | undefined} quantity @param {number | null | undefined} fen */
export function muchText(quantity, fen) {
  const yuan = fen == null ? '' : t('doubts.yuan', { n: money(fen) });
  if (quantity == null) return yuan || t('review.nothing');
  return yuan ? t('kinds.both', { quantity: count(quantity), yuan }) : count(quantity);
}

/** @param {string[]} kinds */
export const kindsText = (kinds) => (kinds.length ? kinds.map((k) => label('assistance_kind', k)).join(t('review.join')) : t('inspect.all_kinds'));

/**
 * Hook: what is printed, told by what is shown to the page around it: paper stands beside the frame of the screen and not in it.
 * @param {(paper: Printed | null) => void} set @param {() => any} make @param {unknown} rows what it depends on
 * @param {Printed['more']} [more] the list that they are of
 */
export function usePaper(set, make, rows, more) {
  useEffect(() => {
    set({ make, more });
    return () => set(null);
  }, [rows, Boolean(more?.load), more?.whole, language.value]);
}

/** @typedef {{ make: () => any, more?: { loading: boolean, load: (() => void) | null, whole: import('../whole.js').Whole } }} Printed what a page prints */
