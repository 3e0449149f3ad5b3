import { html, useEffect, useState } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { post } from '../../core/api.js';
import { Words } from '../../parts/fields.js';
import { faultText } from '../../parts/rows.js';
import { Note } from '../../parts/state.js';
import { Dialog } from '../parts/dialog.js';

/** So long the numbers stay on the screen. */
const SHOWN = 120_000;

/**
 * Shows the numbers of a household whole, for a reason that is noted. They are nowhere but in this dialog.
 * @param {{ id: string, open: boolean, onClose: () => void, members: any[] }} props
 */
export function Identity({ id, open, onClose, members }) {
  const [reason, setReason] = useState('');
  const [shown, setShown] = useState(/** @type {any} */ (null));
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const close = () => {
    setShown(null);
    setReason('');
    setError('');
    onClose();
  };
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(close, SHOWN);
    return () => clearTimeout(timer);
  }, [shown]);
  const ask = async (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!reason.trim()) return setError(t('identity.reason_missing'));
    setBusy(true);
    setError('');
    try {
      setShown(await post(`/households/${id}/identity`, { reason: reason.trim() }));
    } catch (problem) {
      setError(faultText(problem));
    } finally {
      setBusy(false);
    }
  };
  const nameOf = (/** @type {string} */ member) => members.find((m) => m.id === member)?.name ?? '';
  return html`<${Dialog} title=${t('identity.title')} open=${open} onClose=${close}>
    ${shown ? html`<div class="stack">
      <dl class="list facts">${shown.members.map((/** @type {any} */ m) => html`<dt>${nameOf(m.member_id)}</dt><dd><span class="code">${m.identity_number ?? t('identity.none')}</span>${m.phone ? html` · <span class="code">${m.phone}</span>` : null}</dd>`)}
        ${shown.phone ? html`<dt>${t('identity.household_phone')}</dt><dd><span class="code">${shown.phone}</span></dd>` : null}</dl>
      <${Note} kind="wait"><p>${t('identity.noted')}</p><//>
      <button type="button" class="btn" onClick=${close}>${t('app.close')}</button>
    </div>` : html`<form class="stack" onSubmit=${ask} noValidate>
      <${Note} kind="doubt"><p>${t('identity.will_note')}</p><//>
      <${Words} id="identity-reason" label=${t('identity.reason')} must value=${reason} set=${setReason} error=${error} phrases=${[t('identity.phrase_verify'), t('identity.phrase_duplicate'), t('identity.phrase_household')]} max=${200} />
      <div class="line end"><button type="button" class="btn" onClick=${close}>${t('dialog.cancel')}</button><button type="submit" class="btn main" disabled=${busy}>${t('identity.show')}</button></div>
    </form>`}
  <//>`;
}
