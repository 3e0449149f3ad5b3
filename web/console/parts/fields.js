import { html } from '../core/html.js';
import { t } from '../core/i18n.js';
import { Icon } from './icons.js';

/**
 * @typedef {object} Entry what every field has: an id, a label, a hint below it, what is wrong with it
 * @property {string} id
 * @property {any} label
 * @property {any} [hint]
 * @property {string} [error]
 * @property {boolean} [must] whether it has to be filled in
 */

/**
 * Label, field, hint and fault, tied together for readers.
 * @param {Entry & { children?: any }} props
 */
export function Entry({ id, label, hint, error, must, children }) {
  return html`<div class="entry">
    <label for=${id}>${label}${must ? html` <span class="must" aria-hidden="true">${'*'}</span>` : null}</label>
    ${children}
    ${hint ? html`<p class="dim tiny" id="${id}-hint">${hint}</p>` : null}
    <${Fault} id=${id} text=${error} />
  </div>`;
}

/** @param {{ id: string, text?: string }} props */
export const Fault = ({ id, text }) => (text ? html`<p class="fault" id="${id}-fault"><${Icon} name="error" />${text}</p>` : null);

/** The attributes that tie an input to its hint and its fault. @param {Entry} entry */
export const tied = ({ id, hint, error, must }) => ({
  id,
  'aria-invalid': error ? 'true' : undefined,
  'aria-required': must ? 'true' : undefined,
  'aria-describedby': [hint ? `${id}-hint` : '', error ? `${id}-fault` : ''].filter(Boolean).join(' ') || undefined,
});

/**
 * A line of text. What else is given goes to the input.
 * @param {Entry & { value: string, set: (value: string) => void, unit?: string, [attribute: string]: any }} props
 */
export function Field({ id, label, hint, error, must, value, set, unit, ...rest }) {
  const entry = { id, label, hint, error, must };
  return html`<${Entry} ...${entry}>
    <div class="field"><input type="text" autocomplete="off" ...${rest} ...${tied(entry)} value=${value}
      onInput=${(/** @type {any} */ e) => set(e.target.value)} />${unit ? html`<span>${unit}</span>` : null}</div>
  <//>`;
}

/**
 * One of many.
 * @param {Entry & { value: string, set: (value: string) => void, options: { code: string, label: string }[], none?: string }} props
 */
export function Select({ id, label, hint, error, must, value, set, options, none }) {
  const entry = { id, label, hint, error, must };
  return html`<${Entry} ...${entry}>
    <div class="field"><select ...${tied(entry)} value=${value} onChange=${(/** @type {any} */ e) => set(e.target.value)}>
      ${none === undefined ? null : html`<option value="">${none}</option>`}
      ${options.map((o) => html`<option key=${o.code} value=${o.code}>${o.label}</option>`)}
    </select></div>
  <//>`;
}

/**
 * A longer text, with phrases that fill it by a tap.
 * @param {Entry & { value: string, set: (value: string) => void, phrases?: string[], max?: number }} props
 */
export function Words({ id, label, hint, error, must, value, set, phrases, max = 500 }) {
  const entry = { id, label, hint, error, must };
  return html`<${Entry} ...${entry}>
    ${phrases ? html`<div class="phrases">${phrases.map((phrase) => html`<button type="button" key=${phrase} aria-pressed=${value === phrase ? 'true' : 'false'} onClick=${() => set(phrase)}>${phrase}</button>`)}</div>` : null}
    <textarea class="words" rows="2" maxlength=${max} ...${tied(entry)} value=${value}
      onInput=${(/** @type {any} */ e) => set(e.target.value)}></textarea>
  <//>`;
}

/**
 * One of few, all of them seen.
 * @param {{ name: string, legend: any, must?: boolean, value: string, set: (value: string) => void, options: { code: string, label: string }[], error?: string }} props
 */
export function Seg({ name, legend, must, value, set, options, error }) {
  return html`<fieldset class="entry ${error ? 'bad' : ''}" aria-describedby=${error ? `${name}-fault` : undefined}>
    <legend class="label small dim">${legend}${must ? html` <span class="must" aria-hidden="true">${'*'}</span>` : null}</legend>
    <div class="seg gap">${options.map((o, n) => html`<label key=${o.code}><input type="radio" id=${n ? undefined : name} name=${name} checked=${value === o.code} onChange=${() => set(o.code)} /><span>${o.label}</span></label>`)}</div>
    <${Fault} id=${name} text=${error} />
  </fieldset>`;
}

/**
 * Several of some.
 * @param {{ legend: any, value: string[], set: (value: string[]) => void, options: { code: string, label: string }[] }} props
 */
export function Checks({ legend, value, set, options }) {
  const toggle = (/** @type {string} */ code) => set(value.includes(code) ? value.filter((c) => c !== code) : [...value, code]);
  return html`<fieldset class="entry">
    <legend class="label small dim">${legend}</legend>
    <div class="two">${options.map((o) => html`<${Check} key=${o.code} label=${o.label} value=${value.includes(o.code)}
      set=${() => toggle(o.code)} />`)}</div>
  </fieldset>`;
}

/** @param {{ id?: string, label: any, value: boolean, set: (value: boolean) => void }} props */
export const Check = ({ id, label, value, set }) => html`<label class="check"><input type="checkbox" id=${id} checked=${value}
  onChange=${(/** @type {any} */ e) => set(e.target.checked)} /><span>${label}</span></label>`;

/** What is asked later. @param {{ title: any, aside?: any, open?: boolean, onToggle?: (open: boolean) => void, children?: any }} props */
export const Fold = ({ title, aside, open, onToggle, children }) => html`<details class="panel fold" open=${open}
  onToggle=${(/** @type {any} */ e) => onToggle?.(e.currentTarget.open)}>
  <summary><span>${title}</span>${aside ? html`<span class="dim small">${aside}</span>` : null}</summary>
  ${children}
</details>`;

/**
 * The one number, with a step down and a step up.
 * @param {{ id: string, label: string, unit: string, value: string, set: (value: string) => void, step?: number, least?: number, decimal?: boolean, error?: string }} props
 */
export function Count({ id, label, unit, value, set, step = 1, least = 1, decimal, error }) {
  const move = (/** @type {number} */ by) => {
    const next = Math.max(least, (Number(value) || 0) + by);
    set(String(decimal ? Math.round(next * 100) / 100 : Math.trunc(next)));
  };
  return html`<div>
    <div class="count ${error ? 'bad' : ''}">
      <button type="button" onClick=${() => move(-step)}><${Icon} name="minus" label=${t('fields.less', { n: step, unit }).trim()} /></button>
      <label><span class="sr">${label}</span><input id=${id} inputmode=${decimal ? 'decimal' : 'numeric'} autocomplete="off" maxlength="11"
        value=${value} aria-invalid=${error ? 'true' : undefined} aria-describedby=${error ? `${id}-fault` : undefined} onFocus=${(/** @type {any} */ e) => e.target.select()} onInput=${(/** @type {any} */ e) => set(e.target.value)} /><b>${unit}</b></label>
      <button type="button" onClick=${() => move(step)}><${Icon} name="plus" label=${t('fields.more', { n: step, unit }).trim()} /></button>
    </div>
    <${Fault} id=${id} text=${error} />
  </div>`;
}

/** Puts the focus on the first field with a fault, or on what stands for it. @param {string | undefined} id */
export function focusOn(id) {
  if (id) requestAnimationFrame(() => document.getElementById(id)?.focus());
}
