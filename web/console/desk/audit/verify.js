import { html, useState } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Icon } from '../../parts/icons.js';
import { Note } from '../../parts/state.js';
import { session } from '../../core/session.js';
import { toast } from '../../core/toast.js';
import { Desk, useStyle } from '../parts/frame.js';
import { PrintButton } from '../parts/paper.js';
import { signsHeads, verifiesAll } from './data.js';
import { PARTS } from './fields.js';
import { VerificationPaper, Verifications } from './verifications.js';

/** The commands, each with the words for what it is for. */
const COMMANDS = /** @type {const} */ ([
  ['audit.command.verify', 'terrace verify'],
  ['audit.command.verify_head', 'terrace verify --head head-2026-11.json'],
  ['audit.command.export', 'terrace audit export > events-2026-11.jsonl'],
  ['audit.command.offline', 'terrace audit verify events-2026-11.jsonl head-2026-11.json'],
]);
const FINDINGS = /** @type {const} */ (['nothing', 'numbers', 'row', 'event', 'unsealed']);

/** @param {{ text: string }} props */
function Command({ text }) {
  const copy = () => navigator.clipboard.writeText(text).then(() => toast(t('audit.copied')), () => toast(t('audit.not_copied'), 'error'));
  return html`<span class="command"><code class="code">${text}</code><button type="button" class="btn" onClick=${copy}><${Icon} name="copy" />${t('audit.copy')}</button></span>`;
}

/** Whether anything was altered: verifications from here, and what proves it to somebody who does not trust the server. */
export default function Verify() {
  useStyle('desk-audit');
  const [found, setFound] = useState(/** @type {import('./verifications.js').Verification | null} */ (null));
  const tools = signsHeads() ? html`<a class="btn" href="#/audit/head">${t('audit.head.title')}</a>${found ? html`<${PrintButton} />` : null}` : null;
  return html`<${Desk} title=${t('audit.verify.title')} nav="audit" flow tools=${tools} above=${html`<a href="#/audit" class="line"><${Icon} name="back" class="sm" />${t('audit.to_all')}</a>`}
    after=${found ? html`<${VerificationPaper} v=${found} unit=${session.value.here?.name ?? ''} />` : null}>
    ${verifiesAll() ? html`<${Verifications} shown=${setFound} />` : null}
    <${Note} kind="wait"><p>${t('audit.verify.honest')}</p><//>
    <section class="panel stack"><header><h2>${t('audit.verify.commands')}</h2></header>
      <div class="pad"><table class="sheet tall wraps"><caption class="sr">${t('audit.verify.commands')}</caption>
        <thead><tr><th scope="col">${t('audit.verify.for')}</th><th scope="col">${t('audit.verify.command')}</th></tr></thead>
        <tbody>${COMMANDS.map(([key, text]) => html`<tr key=${key}><th scope="row">${t(key)}</th><td><${Command} text=${text} /></td></tr>`)}</tbody></table>
        <p class="dim small gap">${t('audit.verify.exit')}</p></div></section>
    <section class="panel stack"><header><h2>${t('audit.verify.looks')}</h2></header>
      <div class="pad"><ol class="ways">${PARTS.map((part) => html`<li key=${part}><b>${t(`audit.verify.${part}`)}</b><br />${t(`audit.verify.${part}_how`)}</li>`)}</ol></div></section>
    <section class="panel stack"><header><h2>${t('audit.verify.finds')}</h2></header>
      <div class="pad"><dl class="list facts">${FINDINGS.map((finding) => html`<dt key=${finding}>${t(`audit.finding.${finding}`)}</dt><dd>${t(`audit.finding.${finding}_do`)}</dd>`)}</dl></div></section>
    <section class="panel stack"><header><h2>${t('audit.verify.browser')}</h2></header>
      <div class="pad stack"><p>${t('audit.verify.browser_does')}</p><p class="small dim">${t('audit.verify.browser_not')}</p></div></section>
  <//>`;
}
