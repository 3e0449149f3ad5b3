import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { State } from './state.js';

/**
 * The state of a record on this phone, by the server's receipt and never by hope.
 * @param {any} row
 * @returns {{ kind: import('./state.js').Kind, word: string }}
 */
export function stateOf(row) {
  const change = changeOf(row);
  if (change) {
    if (change.state === 'refused') return { kind: 'return', word: t('state.change_refused') };
    return { kind: 'wait', word: t(change.act === 'void_assistance' ? 'state.void_unsent' : 'state.change_unsent') };
  }
  if (row.sent === 'refused') return { kind: 'return', word: t('state.refused') };
  if (row.sent === 'unsent') return { kind: 'wait', word: t('state.unsent') };
  if (row.state === 'voided') return { kind: 'error', word: t('state.voided') };
  return { kind: 'ok', word: t('state.sent') };
}

/** The change of a record that is still in the queue. @param {any} row */
export const changeOf = (row) => (row.pending && row.pending.act !== 'log_assistance' ? row.pending : undefined);

/** @param {{ row: any }} props */
export function RecordState({ row }) {
  const { kind, word } = stateOf(row);
  return html`<span class="small"><${State} kind=${kind} word=${word} chip /></span>`;
}
