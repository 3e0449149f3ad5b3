import { html, useState } from '../core/html.js';
import { entries, t } from '../core/i18n.js';
import { dayText, fenOf, money, today } from '../core/format.js';
import { Count, Entry, Field, Fault, Fold, Select, Words, tied } from './fields.js';
import { Icon } from './icons.js';
import { codeOf, workOf, workText, worksInOrder } from './kinds.js';
import { holdsPersonalNumber, isDay } from './checks.js';

/**
 * What is typed about a record, as text, so that nothing typed is lost while it is wrong.
 * @typedef {object} RecordDraft
 * @property {string} work kind, or kind/subkind; empty until chosen
 * @property {string} quantity
 * @property {string} unit
 * @property {string} amount yuan
 * @property {string} given_on
 * @property {string} note
 */

/** @returns {RecordDraft} */
export const newRecord = () => ({ work: '', quantity: '1', unit: '', amount: '', given_on: today(), note: '' });

/** A record as a draft. @param {any} record @returns {RecordDraft} */
export const draftOf = (record) => ({
  work: codeOf(record),
  quantity: String(record.quantity),
  unit: record.unit ?? '',
  amount: record.amount_fen == null ? '' : money(record.amount_fen).replaceAll(',', ''),
  given_on: record.given_on,
  note: record.note ?? '',
});

/** Whether the amount is the one number of such a record. @param {RecordDraft} draft */
const byAmount = (draft) => workOf(draft.work)?.money === 'main' && Number(draft.quantity) === 1;

/**
 * The draft as the API takes it.
 * @param {RecordDraft} draft
 */
export function contentOf(draft) {
  const [kind = '', subkind = null] = draft.work.split('/');
  return {
    kind, subkind, given_on: draft.given_on, quantity: Number(draft.quantity), unit: draft.unit || null,
    amount_fen: draft.amount.trim() ? fenOf(draft.amount) : null, note: draft.note.trim() || null,
  };
}

/**
 * What is wrong with the draft, by the id of the field, in the order of the page.
 * @param {RecordDraft} draft
 * @returns {Record<string, string>}
 */
export function faultsOf(draft) {
  /** @type {Record<string, string>} */
  const faults = {};
  if (!draft.work) faults.work = t('record.choose_kind');
  const quantity = Number(draft.quantity);
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 1_000_000) faults.quantity = t('record.bad_quantity');
  const fen = draft.amount.trim() ? fenOf(draft.amount) : 0;
  if (fen === null || fen < 0 || fen > 1e12) faults.amount = t('record.bad_amount');
  if (draft.work && byAmount(draft) && !draft.amount.trim()) faults.amount = t('record.amount_needed');
  if (!isDay(draft.given_on)) faults.given_on = t('record.bad_day');
  else if (draft.given_on > today()) faults.given_on = t('record.future_day');
  if (holdsPersonalNumber(draft.note)) faults.note = t('fields.no_numbers');
  return faults;
}

/**
 * Everything about a record but the household.
 * @param {{ draft: RecordDraft, set: (draft: RecordDraft) => void, faults: Record<string, string>, more: boolean, setMore: (open: boolean) => void }} props
 */
export function RecordFields({ draft, set, faults, more, setMore }) {
  // The order is taken once: a grid that moves while somebody reaches for it is worse than one a little out of date.
  const [works] = useState(worksInOrder);
  const chosen = workOf(draft.work);
  const main = byAmount(draft);
  const shown = !draft.work || works.some((w) => w.code === draft.work) ? works : [...works, { code: draft.work, kind: draft.work, subkind: null, icon: 'none' }];
  const units = entries('quantity_unit');
  const unit = units.find((u) => u.code === draft.unit)?.label.toLowerCase() ?? '';
  const choose = (/** @type {string} */ code) => {
    const next = workOf(code);
    // The number that is asked next may lie below the edge of the screen.
    requestAnimationFrame(() => document.querySelector('.count')?.scrollIntoView({ block: 'nearest' }));
    set({ ...draft, work: code, unit: next?.unit ?? draft.unit, quantity: next?.money === 'main' ? '1' : draft.quantity });
  };
  return html`
    <fieldset aria-describedby=${faults.work ? 'work-fault' : undefined}>
      <legend class="title"><b>${t('record.kind')}</b><span class="dim">${t('record.usual_first')}</span></legend>
      <div class="three">${shown.map((w, n) => html`<label class="pick" key=${w.code}>
        <input type="radio" name="work" id=${n ? undefined : 'work'} checked=${draft.work === w.code} onChange=${() => choose(w.code)} />
        <span><${Icon} name=${w.icon} /><span>${workText(w)}</span></span>
      </label>`)}</div>
      <${Fault} id="work" text=${faults.work} />
    </fieldset>
    ${main
      ? html`<section><h2 class="title"><b>${t('record.how_much_money')}</b></h2>
          <${Count} id="amount" label=${t('record.amount_in_yuan')} unit=${t('record.yuan')} value=${draft.amount}
            set=${(/** @type {string} */ amount) => set({ ...draft, amount })} step=${10} least=${0} decimal error=${faults.amount} /></section>`
      : html`<section><h2 class="title"><b>${t('record.how_much')}</b></h2>
          <${Count} id="quantity" label=${t('record.quantity_in', { unit })} unit=${unit} value=${draft.quantity}
            set=${(/** @type {string} */ quantity) => set({ ...draft, quantity })} error=${faults.quantity} />
          ${(chosen?.money === 'asked' || draft.amount || faults.amount) && html`<div class="gap"><${Amount} ...${{ draft, set, faults }} /></div>`}</section>`}
    <${Fold} title=${t('record.day_and_note')} aside=${draft.given_on === today() ? t('record.today') : dayText(draft.given_on)} open=${more}
      onToggle=${setMore}>
      <div class="form pad">
        <${Entry} id="given_on" label=${t('record.day')} error=${faults.given_on}>
          <div class="field"><input type="date" max=${today()} ...${tied({ id: 'given_on', label: '', error: faults.given_on })}
            value=${draft.given_on} onInput=${(/** @type {any} */ e) => set({ ...draft, given_on: e.target.value })} /></div>
        <//>
        ${main ? html`<${Field} id="quantity" inputmode="numeric" label=${t('record.quantity')} value=${draft.quantity}
          set=${(/** @type {string} */ quantity) => set({ ...draft, quantity })} error=${faults.quantity} />` : null}
        ${main || chosen?.money === 'asked' || draft.amount ? null : html`<${Amount} ...${{ draft, set, faults }} />`}
        <${Select} id="unit" label=${t('record.unit')} none=${t('record.no_unit')} value=${draft.unit}
          set=${(/** @type {string} */ u) => set({ ...draft, unit: u })} options=${units} />
        <${Words} id="note" label=${t('record.note')} hint=${t('record.note_hint')} value=${draft.note}
          set=${(/** @type {string} */ note) => set({ ...draft, note })} error=${faults.note} />
      </div>
    <//>`;
}

/** @param {{ draft: RecordDraft, set: (draft: RecordDraft) => void, faults: Record<string, string> }} props */
const Amount = ({ draft, set, faults }) => html`<${Field} id="amount" inputmode="decimal" label=${t('record.amount')} unit=${t('record.yuan')}
  value=${draft.amount} set=${(/** @type {string} */ amount) => set({ ...draft, amount })} error=${faults.amount} />`;

/** The faults that hide in the fold. @param {Record<string, string>} faults */
export const inFold = (faults) => Boolean(faults.given_on || faults.note);
