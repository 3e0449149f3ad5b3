import { html, useEffect, useState } from '../core/html.js';
import { download, get, online, post } from '../core/api.js';
import { t } from '../core/i18n.js';
import { whenText } from '../core/format.js';
import { useAnswer } from '../core/sync.js';
import { route } from '../core/router.js';
import { Shell } from '../parts/shell.js';
import { State } from '../parts/state.js';
import { Answer, Empty, Section, faultText } from '../parts/rows.js';
import { Icon } from '../parts/icons.js';
import { noticeKind, noticeTitle } from '../parts/notice-text.js';

/** One notice. To show it is to read it; the server is told when there is a network. */
export default function Notice() {
  const id = route.value.id ?? '';
  const answer = useAnswer('notices', () => get('/notices', { limit: '100' }));
  const notice = answer.value?.items.find((/** @type {any} */ n) => n.id === id);
  const unread = notice && !notice.read_at;
  useEffect(() => {
    // What could not be told now is told the next time that it is opened.
    if (unread && online.value) post(`/notices/${id}/read`).then(() => answer.reload(), () => {});
  }, [id, Boolean(unread), online.value]);
  return html`<${Shell} title=${t('notices.title')} back="/notices">
    <${Answer} answer=${answer}>${() => (notice ? html`
      <article class="panel pad stackx">
        <h2 class="head2">${noticeTitle(notice)}</h2>
        <p class="dim small"><${State} kind=${noticeKind(notice.kind)} /> ${whenText(notice.created_at)}</p>
        ${notice.body ? html`<p class="text bigtext">${notice.body}</p>` : null}
        ${notice.month ? html`<a class="btn" href="#/report?month=${notice.month}">${t('notices.to_report')}</a>` : null}
      </article>
      ${notice.policy_document_id ? html`<${Policy} id=${notice.policy_document_id} />` : null}` : html`<${Empty} icon="bell" text=${t('notices.gone')} href="#/notices" act=${t('notices.title')} />`)}<//>
  <//>`;
}

const ENDINGS = /** @type {Record<string, string>} */ ({ 'application/pdf': '.pdf', 'image/jpeg': '.jpg', 'image/png': '.png' });

/** @param {{ id: string }} props */
function Policy({ id }) {
  const answer = useAnswer(`policy:${id}`, () => get(`/policy-documents/${id}`));
  const [fault, setFault] = useState('');
  return html`<${Section} title=${t('notices.document')}>
    <${Answer} answer=${answer}>${(/** @type {any} */ doc) => html`<div class="panel pad stackx">
      <p><b>${doc.name}</b></p>
      <p class="dim small">${[doc.number, doc.issuer, doc.issued_on].filter(Boolean).join(t('household.join'))}</p>
      ${doc.file ? html`<button type="button" class="btn" disabled=${!online.value}
        onClick=${() => { setFault(''); download(`/policy-documents/${id}/file`, doc.name + (ENDINGS[doc.file.media_type] ?? '')).catch((error) => setFault(faultText(error))); }}><${Icon} name="file" />${t('notices.download')}</button>` : html`<p class="dim small">${t('notices.no_file')}</p>`}
      ${fault ? html`<p class="fault" role="alert">${fault}</p>` : null}
    </div>`}<//>
  <//>`;
}
