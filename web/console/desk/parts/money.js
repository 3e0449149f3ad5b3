import { html, signal } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { money } from '../../core/format.js';
import { remember, remembered } from '../../core/base.js';

/** In what amounts are shown, everywhere at once. @type {import('../../core/html.js').Signal<'yuan' | 'wan'>} */
export const unit = signal(remembered('unit') === 'yuan' ? 'yuan' : 'wan');
unit.subscribe((u) => remember('unit', u === 'yuan' ? 'yuan' : null));

/** "元" or "万元". */
export const unitName = () => t(`money.${unit.value}`);

/**
 * Whole yuan with two decimals, or ten thousands of yuan with two, halves away from zero.
 * @param {number | null | undefined} fen
 */
export function amount(fen) {
  if (fen === null || fen === undefined) return '';
  return money(inUnit(fen));
}

/** The amount in hundredths of the unit. @param {number} fen */
const inUnit = (fen) => (unit.value === 'yuan' ? fen : Math.sign(fen) * Math.round(Math.abs(fen) / 10_000));

/** The choice between 元 and 万元. */
export function UnitToggle() {
  return html`<div class="seg" role="group" aria-label=${t('money.unit')}>
    ${/** @type {const} */ (['yuan', 'wan']).map((u) => html`<label key=${u}><input type="radio" name="money-unit" checked=${unit.value === u}
      onChange=${() => { unit.value = u; }} /><span>${t(`money.${u}`)}</span></label>`)}
  </div>`;
}
