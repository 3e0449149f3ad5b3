/** What the pages of review have in common at their head: which page, which month. */
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { addMonths, monthText, thisMonth } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { Icon } from '../../parts/icons.js';

/** The pages of review, for those who may use them. @param {{ at: 'review' | 'report' | 'times', month: string }} props */
export function Pages({ at, month }) {
  const here = session.value.here;
  /** @type {[string, string, boolean][]} */
  const links = [
    ['review', t('review.queue'), can('reports.read')],
    ['report', t('review.own_report'), Boolean(here && can('reports.read', here.id))],
    ['times', t('review.times_page'), can('service_points.read')],
  ];
  const mine = links.filter(([, , may]) => may);
  return mine.length < 2 ? null : html`<nav class="line small subnav" aria-label=${t('review.pages')}>${mine.map(([name, word]) => html`<a key=${name} href="#/${name}?month=${month}"
    aria-current=${name === at ? 'page' : undefined}>${word}</a>`)}</nav>`;
}

/** @param {{ month: string, set: (month: string) => void, last?: string }} props `last` is the latest that may be chosen */
export function MonthChooser({ month, set, last = thisMonth() }) {
  const months = Array.from({ length: 24 }, (_, n) => addMonths(last, -n));
  if (!months.includes(month)) months.push(month);
  return html`<span class="line small months">
    <button type="button" class="btn" aria-label=${t('review.month_before')} onClick=${() => set(addMonths(month, -1))}><${Icon} name="back" /></button>
    <select class="btn" aria-label=${t('review.month')} value=${month} onChange=${(/** @type {any} */ e) => set(e.target.value)}>${months.map((m) => html`<option key=${m} value=${m} selected=${m === month}>${monthText(m)}</option>`)}</select>
    <button type="button" class="btn" aria-label=${t('review.month_after')} disabled=${month >= last} onClick=${() => set(addMonths(month, 1))}><${Icon} name="go" /></button>
  </span>`;
}

/** One of few, all of them seen. @param {{ name: string, label: string, value: string, set: (value: string) => void, options: [string, any][] }} props */
export const Tabs = ({ name, label, value, set, options }) => html`<div class="seg picks" role="group" aria-label=${label}>${options.map(([code, word]) => html`<label key=${code}><input type="radio" name=${name} checked=${value === code}
  onChange=${() => set(code)} /><span>${word}</span></label>`)}</div>`;
