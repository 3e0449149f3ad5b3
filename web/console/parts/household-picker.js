import { html, useState } from '../core/html.js';
import { t } from '../core/i18n.js';
import { About, householdOf, useFound } from './households.js';
import { Fault } from './fields.js';
import { Icon } from './icons.js';

/**
 * For whom: the recent ones at once, all others by what is typed.
 * @param {{ value: string, set: (id: string) => void, error?: string }} props
 */
export function HouseholdPicker({ value, set, error }) {
  const [q, setQ] = useState('');
  const { found, asking, failed } = useFound(q.trim());
  const chosen = value ? householdOf(value) : undefined;
  // While nothing is typed the choice is small, and what is chosen is always among it.
  const first = found.slice(0, q ? 12 : 4);
  const cards = !chosen || first.some((card) => card.id === value) ? first : [chosen, ...first.slice(0, q ? 12 : 3)];
  return html`<fieldset aria-describedby=${error ? 'household-fault' : undefined}>
    <legend class="title"><b>${t('log.for_whom')}</b></legend>
    <${Search} q=${q} set=${setQ} />
    <div class="two gap">${cards.map((card) => html`<label class="pick" key=${card.id}>
      <input type="radio" name="household" checked=${card.id === value} onChange=${() => set(card.id)} />
      <span><span><${About} card=${card} /></span></span>
    </label>`)}</div>
    <p class="dim small gap" role="status">${foundText(q, cards.length, asking, failed)}</p>
    <${Fault} id="household" text=${error} />
  </fieldset>`;
}

/** What there is to say about what was found. @param {string} q @param {number} n @param {boolean} asking @param {'offline' | 'failed' | null} failed */
export function foundText(q, n, asking, failed) {
  if (asking) return t('households.asking');
  if (failed === 'offline') return t('households.not_asked');
  if (failed) return t('households.ask_failed');
  if (n > 0) return null;
  return q ? t('households.none_found') : t('households.none');
}

/** @param {{ q: string, set: (q: string) => void }} props */
export const Search = ({ q, set }) => html`<label class="field"><${Icon} name="search" /><span class="sr">${t('households.find')}</span>
  <input type="search" id="household" autocomplete="off" enterkeyhint="search" placeholder=${t('households.find_hint')} value=${q}
    onInput=${(/** @type {any} */ e) => set(e.target.value)} onKeyDown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Enter' && e.preventDefault()} /></label>`;
