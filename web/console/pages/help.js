import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Shell } from '../parts/shell.js';
import { State } from '../parts/state.js';
import { Row, Rows, Section } from '../parts/rows.js';

/** How it works without a network, what the states mean, what this phone holds. */
export default function Help() {
  /** @type {[import('../parts/state.js').Kind, string, string][]} */
  const states = [
    ['ok', t('state.sent'), t('help.sent')],
    ['wait', t('state.unsent'), t('help.unsent')],
    ['return', t('state.refused'), t('help.refused')],
    ['doubt', t('report.doubt'), t('help.doubt')],
    ['error', t('help.error_word'), t('help.error')],
    ['changed', t('help.changed_word'), t('help.changed')],
    ['none', t('report.none'), t('help.none')],
  ];
  return html`<${Shell} title=${t('help.title')} back="/me">
    <${Section} title=${t('help.offline')}><div class="panel pad stackx"><p>${t('help.offline_1')}</p><p>${t('help.offline_2')}</p><p>${t('help.offline_3')}</p></div><//>
    <${Section} title=${t('help.states')}><${Rows}>${states.map(([kind, word, text]) => html`<${Row} key=${kind}><${State} kind=${kind} word=${html`<b>${word}</b>`} /><br /><span class="small">${text}</span><//>`)}<//><//>
    <${Section} title=${t('help.phone')}><div class="panel pad stackx"><p>${t('help.phone_1')}</p><p>${t('help.phone_2')}</p><p>${t('help.phone_3')}</p></div><//>
  <//>`;
}
