import { html } from '../core/html.js';
import { Icon } from './icons.js';

/**
 * A state is read in this order: silhouette, word, colour. A returned thing has its own silhouette and the colour of an error.
 * @typedef {'ok' | 'wait' | 'doubt' | 'error' | 'return' | 'changed' | 'none'} Kind
 */

/** @param {Kind} kind */
const tone = (kind) => (kind === 'return' ? 'error' : kind === 'none' ? '' : kind);

/**
 * A state's silhouette with its word. Without a word it stands beside words that say it.
 * @param {{ kind: Kind, word?: any, chip?: boolean }} props
 */
export function State({ kind, word, chip }) {
  return html`<span class="state ${chip ? 'chip' : ''} ${tone(kind)}"><${Icon} name=${kind} />${word}</span>`;
}

/**
 * A reason or a consequence, in a sentence.
 * @param {{ kind: Kind, icon?: string, big?: boolean, role?: string, children?: any }} props
 */
export function Note({ kind, icon, big, role, children }) {
  return html`<div class="note ${tone(kind)} ${big ? 'bignote bigtext' : ''}"
    role=${role}><${Icon} name=${icon ?? kind} /><div>${children}</div></div>`;
}
