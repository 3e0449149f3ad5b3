import { html, useEffect, useState } from '../../core/html.js';
import { count } from '../../core/format.js';
import { t, tn } from '../../core/i18n.js';
import { Failed } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { State } from '../../parts/state.js';
import { signsHeads } from './data.js';
import { briefly, momentText } from './fields.js';
import { checkSignature } from './head-check.js';

/** @typedef {import('./head-check.js').Signed} Signed */

/** What a state of the signature looks like. @type {Record<Signed, import('../../parts/state.js').Kind>} */
const KINDS = { good: 'ok', bad: 'error', unable: 'none' };

/** Whether the signature of a head is its own, as this browser computes it. @param {{ head: import('./data.js').Head }} props */
export function Signature({ head }) {
  const [signed, setSigned] = useState(/** @type {Signed | null} */ (null));
  useEffect(() => {
    let stale = false;
    setSigned(null);
    void checkSignature(head).then((found) => stale || setSigned(found));
    return () => { stale = true; };
  }, [head]);
  return signed ? html`<${State} kind=${KINDS[signed]} chip word=${t(`audit.signature.${signed}`)} />`
    : html`<${State} kind="wait" chip word=${t('audit.signature.checking')} />`;
}

/**
 * The end of the chain: its place, its digest, when. What the whole chain is like only the command can tell.
 * @param {{ answer: any, waiting: number }} props `answer` is that of `useHead`
 */
export function Chain({ answer, waiting }) {
  const head = answer.value;
  const wait = waiting > 0 ? html` <${State} kind="wait" word=${tn('audit.waiting', waiting)} />` : null;
  if (!signsHeads()) {
    return html`<section class="panel chain plain" aria-label=${t('audit.chain')}>
      <${Icon} name="link" class="big" />
      <div><p><b>${t('audit.chained')}</b></p><p class="small dim">${t('audit.not_signing')}${wait}</p></div>
      <span class="end line"><a class="btn" href="#/audit/verify">${t('audit.how_verified')}</a></span>
    </section>`;
  }
  if (!head && answer.error) return html`<${Failed} error=${answer.error} retry=${answer.reload} />`;
  return html`<section class="panel chain" aria-label=${t('audit.chain')} aria-busy=${answer.loading}>
    <${Icon} name="link" class="big" />
    <div>
      <p class="line"><b class="headline">${head ? t('audit.head_at', { n: count(head.seq) }) : t('rows.loading')}</b>${head ? html`<${Signature} head=${head} />` : null}</p>
      ${head ? html`<p class="small dim">${t('audit.digest')} <span class="code">${briefly(head.digest)}</span>${t('audit.stop')}${t('audit.drawn', { when: momentText(head.at) })}${wait}</p>` : null}
      <p class="small dim">${t('audit.chain_says')}</p>
    </div>
    <span class="end line">
      <a class="btn" href="#/audit/verify">${t('audit.how_verified')}</a>
      <a class="btn" href="#/audit/head"><${Icon} name="print" />${t('audit.print_head')}</a>
      <button type="button" class="btn main" disabled=${answer.loading} onClick=${answer.reload}>${t('audit.draw_again')}</button>
    </span>
    <${Bands} />
  </section>`;
}

/** The terraces at the foot of the panel: the motif, and nothing that is counted. */
const Bands = () => html`<svg class="links" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
  ${Array.from({ length: 24 }, (_, n) => {
    const tall = 4 + n * 0.65;
    return html`<rect key=${n} class="b${4 - Math.floor(n / 6)}" x=${n * (100 / 24)} y=${20 - tall} width=${100 / 24 - 0.12} height=${tall} />`;
  })}
</svg>`;
