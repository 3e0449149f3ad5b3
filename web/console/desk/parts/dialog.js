import { html, useEffect, useId, useRef } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Icon } from '../../parts/icons.js';

/**
 * A dialog over the page. The focus goes into it, and back to where it was.
 * @param {{ title: any, open: boolean, onClose: () => void, wide?: boolean, children?: any }} props
 */
export function Dialog({ title, open, onClose, wide, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  useEffect(() => {
    const dialog = box.current;
    if (!open || !dialog) return;
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    dialog.showModal();
    // The close button comes first in the order and last in use.
    /** @type {HTMLElement | null} */ (dialog.querySelector('[data-first], .dialogbody input, .dialogbody textarea, .dialogbody select'))?.focus();
    return () => {
      dialog.close();
      // What was asked for may have taken the place away that one came from.
      if (before?.isConnected) before.focus();
      else document.querySelector('h1')?.focus();
    };
  }, [open]);
  if (!open) return null;
  const cancel = (/** @type {Event} */ e) => {
    e.preventDefault();
    onClose();
  };
  return html`<dialog class="pop dialog ${wide ? 'wide' : ''}" ref=${box} aria-labelledby=${id} onCancel=${cancel}>
    <header class="line"><h2 id=${id}>${title}</h2><button type="button" class="btn end quiet" onClick=${onClose} aria-label=${t('app.close')}><${Icon} name="close" /></button></header>
    <div class="dialogbody" tabindex="0" role="group" aria-label=${title}>${children}</div>
  </dialog>`;
}

/**
 * Asks once more before something is done; `act` says what, with its amount.
 * @param {{ title: any, open: boolean, onClose: () => void, act: any, onAct: () => void, busy?: boolean, warn?: boolean, disabled?: boolean, children?: any }} props
 */
export function Confirm({ title, open, onClose, act, onAct, busy, warn, disabled, children }) {
  return html`<${Dialog} title=${title} open=${open} onClose=${onClose}>
    <div class="stack">${children}
      <div class="line end"><button type="button" class="btn" data-first=${warn ? '' : undefined} onClick=${onClose}>${t('dialog.cancel')}</button>
      <button type="button" class="btn ${warn ? 'warn' : 'main'}" data-first=${warn ? undefined : ''} disabled=${busy || disabled} onClick=${onAct}>${act}</button></div>
    </div>
  <//>`;
}
