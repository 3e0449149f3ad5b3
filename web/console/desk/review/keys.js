/** A day's work without the mouse. Single keys are never taken while somebody types, and may be switched off altogether. */
import { html, signal, useEffect, useRef, useState } from '../../core/html.js';
import { remember, remembered } from '../../core/base.js';
import { t } from '../../core/i18n.js';
import { Check } from '../../parts/fields.js';
import { Dialog } from '../parts/dialog.js';

const active = signal(remembered('keys') !== '0');
active.subscribe((on) => remember('keys', on ? null : '0'));

/** Whether the keys belong to something that is being filled in, or to a dialog. @param {EventTarget | null} target */
function isTaken(target) {
  if (document.querySelector('dialog[open]')) return true;
  const el = /** @type {HTMLElement | null} */ (target);
  if (!el?.matches) return false;
  return el.isContentEditable || el.matches('textarea, select, input:not([type=checkbox]):not([type=button])');
}

/** @typedef {{ next: () => void, last: () => void, open: () => void, approve: () => void, approveTicked: () => void, send: () => void, tick: () => void, close: () => void }} Acts */

/**
 * Hook: the keys of the queue.
 * @param {Acts} acts @param {() => void} help
 */
export function useKeys(acts, help) {
  const now = useRef(acts);
  now.current = acts;
  useEffect(() => {
    const onKey = (/** @type {KeyboardEvent} */ e) => {
      if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey) return;
      const { next, last, open, approve, approveTicked, send, tick, close } = now.current;
      if (e.key === 'Escape' && !document.querySelector('dialog[open]')) return close();
      if (isTaken(e.target)) return;
      const el = /** @type {HTMLElement} */ (e.target);
      const onPage = el === document.body || el.tagName === 'H1' || el.tagName === 'TR';
      /** @type {Record<string, () => void>} */
      const arrows = onPage ? { ArrowDown: next, ArrowUp: last, Enter: open } : {};
      /** @type {Record<string, () => void>} */
      const letters = active.value ? { j: next, k: last, a: approve, A: approveTicked, r: send, x: tick, '?': help } : {};
      const act = arrows[e.key] ?? letters[e.key];
      if (!act) return;
      e.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

const LIST = /** @type {const} */ ([['j', '↓', 'keys.next'], ['k', '↑', 'keys.last'], ['Enter', '', 'keys.open'], ['a', '', 'keys.approve'], ['r', '', 'keys.return'], ['x', 'Space', 'keys.tick'], ['Shift A', '', 'keys.approve_ticked'], ['Esc', '', 'keys.close'], ['?', '', 'keys.help']]);

/** The button that lists the keys, and the list. @param {{ open: boolean, setOpen: (open: boolean) => void }} props */
export function Keys({ open, setOpen }) {
  const [, again] = useState(0);
  return html`<button type="button" class="btn" aria-label=${t('keys.title')} title=${t('keys.title')} onClick=${() => setOpen(true)}>?</button>
    <${Dialog} title=${t('keys.title')} open=${open} onClose=${() => setOpen(false)}>
      <dl class="list keys">${LIST.map(([key, or, what]) => html`<dt key=${key}><kbd>${key}</kbd>${or ? html` <kbd>${or}</kbd>` : null}</dt><dd>${t(what)}</dd>`)}</dl>
      <p class="small dim">${t('keys.not_typing')}</p>
      <${Check} label=${t('keys.on')} value=${active.value} set=${(/** @type {boolean} */ on) => { active.value = on; again((n) => n + 1); }} />
    <//>`;
}
