import { html, useRef } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { toast } from '../../core/toast.js';
import { Icon } from '../../parts/icons.js';
import { Note } from '../../parts/state.js';
import { Dialog } from '../parts/dialog.js';

/**
 * The one-time password, shown this once: it is neither kept nor to be had again.
 * @param {{ opened: { account: any, first_password: string | null } | null, onClose: () => void }} props
 */
export function Password({ opened, onClose }) {
  const shown = useRef(/** @type {HTMLElement | null} */ (null));
  const password = opened?.first_password;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(password ?? '');
      toast(t('admin.password.copied'));
    } catch {
      // Copying may be forbidden; then it is marked, so that the person can do it.
      if (shown.current) getSelection()?.selectAllChildren(shown.current);
      toast(t('admin.password.not_copied'), 'error');
    }
  };
  return html`<${Dialog} title=${t('admin.password.title')} open=${opened !== null} onClose=${onClose}>
    ${opened ? html`<div class="stack">
      <dl class="list facts"><dt>${t('admin.account.username')}</dt><dd class="code">${opened.account.username}</dd>
        <dt>${t('admin.account.display_name')}</dt><dd>${opened.account.display_name}</dd></dl>
      ${password ? html`<p class="line"><output class="onetime code" ref=${shown} aria-label=${t('admin.password.title')}>${password}</output>
          <button type="button" class="btn" onClick=${copy}><${Icon} name="copy" />${t('admin.password.copy')}</button></p>
        <${Note} kind="doubt"><p><b>${t('admin.password.once')}</b></p><p>${t('admin.password.hand_over')}</p><//>`
        : html`<${Note} kind="doubt"><p>${t('admin.password.shown_before')}</p><//>`}
      <p class="line"><button type="button" class="btn main end" onClick=${onClose}>${password ? t('admin.password.noted') : t('admin.done')}</button></p>
    </div>` : null}
  <//>`;
}
