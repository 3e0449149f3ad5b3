import { html, useState } from '../core/html.js';
import { get, online, post } from '../core/api.js';
import { t } from '../core/i18n.js';
import { whenText } from '../core/format.js';
import { useAnswer } from '../core/sync.js';
import { Shell } from '../parts/shell.js';
import { State } from '../parts/state.js';
import { Answer, Row, Rows, faultText } from '../parts/rows.js';

/** What a browser calls itself, in a word or two that its owner knows. @param {string} agent */
function deviceName(agent) {
  const system = /iPhone|iPad|Android|HarmonyOS|Windows|Macintosh|Linux/.exec(agent)?.[0];
  const browser = [['MicroMessenger', t('sessions.wechat')], ['Edg', 'Edge'], ['Firefox', 'Firefox'], ['Chrome', 'Chrome'], ['Safari', 'Safari']].find(([word]) => agent.includes(word ?? ''))?.[1];
  return [system, browser].filter(Boolean).join(' · ') || agent || t('sessions.unknown');
}

/** Where else the account is signed in, and how to end that. */
export default function Sessions() {
  const answer = useAnswer('sessions', () => get('/auth/sessions'));
  const [fault, setFault] = useState('');
  const [said, setSaid] = useState('');
  async function end(/** @type {string} */ id) {
    setFault('');
    try {
      await post(`/auth/sessions/${id}/revoke`);
      setSaid(t('sessions.ended'));
      await answer.reload();
    } catch (error) {
      setFault(faultText(error));
    }
  }
  return html`<${Shell} title=${t('sessions.title')} back="/me">
    <p class="dim small">${t('sessions.hint')}</p>
    <div role="status">${said}</div>
    ${fault ? html`<p class="fault" role="alert">${fault}</p>` : null}
    <${Answer} answer=${answer}>${(/** @type {any} */ page) => html`<${Rows}>${[...page.items].sort((a, b) => Number(b.current) - Number(a.current)).map((s) => html`<${Row} key=${s.id}>
      <b>${deviceName(s.device)}</b> ${s.current ? html`<${State} kind="ok" word=${t('sessions.this')} />` : null}<br />
      <span class="dim tiny">${t('sessions.since', { from: whenText(s.created_at), last: whenText(s.refreshed_at) })}${s.address ? t('sessions.address', { address: s.address }) : ''}</span>
      ${s.current ? null : html`<div class="gap"><button type="button" class="btn warn" disabled=${!online.value}
        onClick=${() => end(s.id)}>${t('sessions.end')}</button></div>`}
    <//>`)}<//>`}<//>
  <//>`;
}
