import { html, useState } from '../../core/html.js';
import { count, today } from '../../core/format.js';
import { t } from '../../core/i18n.js';
import { session } from '../../core/session.js';
import { Empty, Failed, Loading } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { Note, State } from '../../parts/state.js';
import { Desk, useStyle } from '../parts/frame.js';
import { Paper, PrintButton } from '../parts/paper.js';
import { signsHeads, useHead } from './data.js';
import { fours, momentText } from './fields.js';
import { Signature } from './chain.js';
import { chosenHead, compareHeads, headFile } from './head-check.js';

/** @typedef {import('./data.js').Head} Head */
/** @typedef {import('./head-check.js').Compared} Compared */

/** What becomes of a comparison. @type {Record<Compared, import('../../parts/state.js').Kind>} */
const KINDS = { same: 'ok', grown: 'ok', cut: 'error', other_digest: 'error', other_key: 'error', bad: 'error', unable: 'none', no_head: 'error' };

/** Saves text as a file. @param {{ name: string, text: string }} file */
function save({ name, text }) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** What the head says, in the order in which one compares it. @param {Head} head @returns {{ key: string, name: string, value: any }[]} */
const facts = (head) => [
  { key: 'seq', name: t('audit.head.seq'), value: t('audit.nth', { n: count(head.seq) }) },
  { key: 'at', name: t('audit.head.at'), value: t('audit.head.both', { here: momentText(head.at), utc: head.at }) },
  { key: 'digest', name: t('audit.head.digest'), value: html`<span class="code">${fours(head.digest)}</span>` },
  { key: 'public_key', name: t('audit.head.public_key'), value: html`<span class="code">${fours(head.public_key)}</span>` },
  { key: 'signature', name: t('audit.head.signature'), value: html`<span class="code">${fours(head.signature)}</span>` },
  { key: 'format', name: t('audit.head.format'), value: html`<span class="code">${head.format}</span>` },
];

/** A head that was kept before, held against this one. @param {{ head: Head }} props */
function Kept({ head }) {
  const [found, setFound] = useState(/** @type {{ kept: Head | null, compared: Compared, name: string } | null} */ (null));
  const read = async (/** @type {Event} */ e) => {
    const chosen = await chosenHead(e);
    if (chosen) setFound({ kept: chosen.head, compared: await compareHeads(chosen.head, head), name: chosen.name });
  };
  return html`<section class="panel stack">
    <header><h2>${t('audit.kept')}</h2></header>
    <div class="pad stack">
      <p class="small">${t('audit.kept_hint')}</p>
      <p><label class="btn"><${Icon} name="file" />${t('audit.kept_choose')}<input type="file" class="sr" accept=".json,application/json" onChange=${read} /></label></p>
      <div role="status">${found ? html`<${Note} kind=${KINDS[found.compared]}>
        <p><b>${t(`audit.compared.${found.compared}`)}</b></p>
        <p class="small">${found.kept ? t('audit.kept_is', { name: found.name, n: count(found.kept.seq), when: momentText(found.kept.at) }) : found.name}</p>
        ${found.compared === 'grown' ? html`<p class="small">${t('audit.grown_hint')}</p>` : null}
      <//>` : null}</div>
    </div>
  </section>`;
}

/** The signed end of the chain, to print, to save, to keep elsewhere. */
export default function HeadPage() {
  useStyle('desk-audit');
  const answer = useHead();
  /** @type {Head | undefined} */
  const head = answer.value;
  const { account, here } = session.value;
  const tools = head ? html`<button type="button" class="btn" disabled=${answer.loading} onClick=${answer.reload}>${t('audit.draw_again')}</button>
    <button type="button" class="btn" onClick=${() => save(headFile(head))}><${Icon} name="save" />${t('audit.save_head')}</button><${PrintButton} />` : null;
  const steps = ['audit.offline.export', 'audit.offline.verify', 'audit.offline.key'].map((key) => t(key));
  const paper = head ? html`<${Paper} title=${t('audit.head.title')} unit=${here?.name ?? ''} columns=${[
    { key: 'name', label: t('audit.head.what') }, { key: 'value', label: t('audit.head.says') },
  ]} rows=${facts(head)} notes=${[t('audit.head.means', { n: count(head.seq) }), ...steps]} filler=${account?.display_name} date=${today()} />` : null;
  return html`<${Desk} title=${t('audit.head.title')} nav="audit" flow tools=${tools} above=${html`<a href="#/audit" class="line"><${Icon} name="back" class="sm" />${t('audit.to_all')}</a>`} after=${paper}>
    ${!signsHeads() ? html`<${Empty} icon="lock" text=${t('audit.not_signing')} href="#/audit" act=${t('audit.to_all')} />`
      : !head ? (answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`)
      : html`<section class="panel stack">
        <header><h2>${t('audit.head_at', { n: count(head.seq) })}</h2><${Signature} head=${head} /></header>
        <div class="pad stack">
          <dl class="list facts tallfacts">${facts(head).map(({ key, name, value }) => html`<dt key=${key}>${name}</dt><dd class="breaks">${value}</dd>`)}</dl>
          <${Note} kind="wait" icon="lock"><p>${t('audit.head.means', { n: count(head.seq) })}</p><p>${t('audit.head.keep')}</p><//>
        </div>
      </section>
      <section class="panel stack"><header><h2>${t('audit.offline')}</h2></header><div class="pad stack">
        <ol class="ways">${steps.map((step) => html`<li key=${step}>${step}</li>`)}</ol>
        <p class="small"><a href="#/audit/verify">${t('audit.how_verified')}</a></p></div></section>
      <${Kept} head=${head} />`}
    ${head && answer.error ? html`<p class="small"><${State} kind="error" word=${t('audit.not_drawn')} /></p>` : null}
  <//>`;
}
