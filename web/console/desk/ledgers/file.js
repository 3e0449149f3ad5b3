/** The file of a policy document: handed out to be saved, put there by those who keep the document. */
import { html, useRef, useState } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Problem, download, put } from '../../core/api.js';
import { toast } from '../../core/toast.js';
import { count } from '../../core/format.js';
import { faultText } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';

const MOST = 10 * 1024 * 1024;
const ENDINGS = /** @type {Record<string, string>} */ ({ 'application/pdf': 'pdf', 'image/png': 'png', 'image/jpeg': 'jpg' });

/** @param {{ row: any, may: boolean, onDone: () => void }} props */
export function File({ row, may, onDone }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [chosen, choose] = useState(/** @type {globalThis.File | null} */ (null));
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const save = () => download(`/policy-documents/${row.id}/file`, `${row.number}.${ENDINGS[row.file.media_type] ?? 'bin'}`).catch((error) => toast(faultText(error), 'error'));
  const pick = (/** @type {any} */ e) => {
    const file = /** @type {globalThis.File | undefined} */ (e.target.files[0]);
    setFault(!file ? '' : file.size > MOST ? t('book.file_too_large', { n: count(Math.ceil(file.size / 1024)) }) : ENDINGS[file.type] ? '' : t('book.file_kind'));
    choose(file ?? null);
  };
  const send = async () => {
    if (!chosen || fault) return;
    setBusy(true);
    try {
      await put(`/policy-documents/${row.id}/file`, chosen, { ifMatch: row.version });
      toast(t('book.file_kept'));
      choose(null);
      if (input.current) input.current.value = '';
      onDone();
    } catch (error) {
      setFault(error instanceof Problem && error.status === 412 ? t('form.stale') : faultText(error));
    } finally {
      setBusy(false);
    }
  };
  return html`<section class="panel"><header><h2>${t('book.file')}</h2></header><div class="pad stack">
    ${row.file ? html`<p><button type="button" class="btn" onClick=${save}><${Icon} name="save" />${t('book.file_save', { kind: (ENDINGS[row.file.media_type] ?? '').toUpperCase() })}</button></p><p class="dim tiny digest">SHA-256 ${row.file.digest}</p>` : html`<p class="dim">${t('book.file_none')}</p>`}
    ${may ? html`<div class="entry"><label for="policy-file">${t(row.file ? 'book.file_replace' : 'book.file_choose')}</label><input ref=${input} id="policy-file" type="file" accept="application/pdf,image/png,image/jpeg" onChange=${pick}
        aria-invalid=${fault ? 'true' : undefined} aria-describedby=${fault ? 'policy-file-fault' : undefined} />${fault ? html`<p class="fault" id="policy-file-fault"><${Icon} name="error" />${fault}</p>` : null}</div>
      <p><button type="button" class="btn main" disabled=${!chosen || Boolean(fault) || busy} onClick=${send}>${busy ? t('form.sending') : t('book.file_send', { name: chosen?.name ?? '' })}</button></p>` : null}
  </div></section>`;
}
