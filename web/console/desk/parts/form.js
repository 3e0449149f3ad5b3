/**
 * The one form of the desk: fields by description, checks before sending, the server's faults at their fields. What was typed stays
 * until it is received, and a lost answer is asked for again with the same id.
 *
 * @typedef {import('./form-values.js').FormField} FormField
 */
import { html, useId, useMemo, useState } from '../../core/html.js';
import { entries, t } from '../../core/i18n.js';
import { Offline, Problem } from '../../core/api.js';
import { money, newId } from '../../core/format.js';
import { Check, Checks, Entry, Field, Seg, Select, Words, focusOn, tied } from '../../parts/fields.js';
import { faultText } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { Lookup, Settled, findPoints, namePoint } from './form-lookup.js';
import { asked, draftOf, faultsOf, fenOf, placed, valuesOf } from './form-values.js';
import { useStyle } from './style.js';

export { Lookup, findPoints, namePoint };
/** What `submit` throws when it will not send something, with the reason for the person. */
export class Declined extends Error {}

/** @param {FormField} field */
const optionsOf = (field) => field.options ?? entries(field.list ?? '');

/** The amount as it will be read, because 0 are easily lost. @param {string} typed */
function readOut(typed) {
  const fen = fenOf(typed);
  return fen !== null && fen >= 1_000_000 ? t('form.in_wan', { yuan: money(fen), wan: money(Math.round(fen / 10_000)) }) : undefined;
}

/** What a field that stays says. @param {FormField} field @param {any} value */
function settledText(field, value) {
  if (field.type === 'code' || field.type === 'choice' || field.type === 'codes') {
    const codes = Array.isArray(value) ? value : [value];
    return codes.map((code) => optionsOf(field).find((o) => o.code === code)?.label ?? code).join(t('form.join'));
  }
  if (field.type === 'flag') return t(value ? 'form.yes' : 'form.no');
  return value;
}

/**
 * One field of a form.
 * @param {{ field: FormField, id: string, value: any, set: (value: any) => void, error?: string, values: () => Record<string, any> }} props
 */
function Input({ field, id, value, set, error, values }) {
  const { type, label, hint, required: must, many } = field;
  const common = { id, label, hint, error, must, value, set };
  const isPoint = type === 'point';
  const resolve = isPoint ? namePoint : field.resolve;
  if (field.fixed) {
    const found = isPoint || type === 'lookup';
    return html`<${Settled} id=${id} label=${label} hint=${hint} error=${error} value=${value} many=${many} text=${settledText(field, value)} resolve=${found ? resolve : undefined} />`;
  }
  if (isPoint || type === 'lookup') {
    const search = isPoint ? (/** @type {string} */ q) => findPoints(q, field.tier) : (/** @type {string} */ q) => field.search?.(q, values()) ?? Promise.resolve([]);
    return html`<${Lookup} ...${common} many=${many} search=${search} resolve=${resolve} />`;
  }
  if (type === 'area') return html`<${Words} ...${common} phrases=${field.phrases} max=${field.max ?? 500} />`;
  if (type === 'code') return html`<${Select} ...${common} options=${optionsOf(field)} none=${must ? t('form.choose') : t('form.none')} />`;
  if (type === 'choice') return html`<${Seg} name=${id} legend=${label} must=${must} value=${value} set=${set} options=${optionsOf(field)} error=${error} />`;
  if (type === 'codes') return html`<${Checks} legend=${label} value=${value} set=${set} options=${optionsOf(field)} />`;
  if (type === 'flag') return html`<${Check} id=${id} label=${label} value=${value} set=${set} />`;
  if (type === 'day' || type === 'month') {
    return html`<${Entry} id=${id} label=${label} hint=${hint} error=${error} must=${must}><div class="field"><input type=${type === 'day' ? 'date' : 'month'} placeholder=${type === 'day' ? '2026-01-31' : '2026-01'}
      ...${tied({ id, label, hint, error, must })} value=${value} onInput=${(/** @type {any} */ e) => set(e.target.value)} /></div><//>`;
  }
  const unit = type === 'money' ? t('form.yuan') : undefined;
  const mode = type === 'integer' ? 'numeric' : type === 'text' ? undefined : 'decimal';
  return html`<${Field} ...${common} hint=${(type === 'money' && readOut(value)) || hint} unit=${unit} inputmode=${mode} maxlength=${type === 'text' ? field.max ?? 200 : 24} class=${mode ? 'n' : undefined} />`;
}

/**
 * @param {{
 *   fields: FormField[], values?: Record<string, any>, label: string | ((values: Record<string, any>) => string),
 *   submit: (values: Record<string, any>, options: { ifMatch: number }) => Promise<any>, onDone: (answer: any) => void,
 *   onReload?: () => void, onCancel?: () => void, creates?: boolean, warn?: boolean, disabled?: boolean, children?: any,
 * }} props `values` is what stands now; with a `version` it is changed (`options.ifMatch`), without one something is made and
 *   `values.id` is there for it. `creates` says otherwise. `onReload` reads anew when somebody was quicker.
 */
export function Form({ fields, values, label, submit, onDone, onReload, onCancel, creates = values?.version === undefined, warn, disabled, children }) {
  useStyle('desk-form');
  const form = useId();
  const id = useMemo(newId, []);
  const [draft, setDraft] = useState(() => draftOf(fields, values));
  const [faults, setFaults] = useState(/** @type {Record<string, string>} */ ({}));
  const [trouble, setTrouble] = useState(/** @type {{ text: string[], stale?: boolean } | null} */ (null));
  const [busy, setBusy] = useState(false);
  // A field may come with what was chosen in another one.
  const whole = useMemo(() => ({ ...draftOf(fields, values), ...draft }), [fields, draft]);
  const here = asked(fields, whole);
  const inputId = (/** @type {string} */ name) => `${form}-${name}`;
  const set = (/** @type {string} */ name, /** @type {any} */ value) => {
    setDraft((now) => ({ ...now, [name]: value }));
    setFaults(({ [name]: _, ...others }) => others);
  };
  const tell = (/** @type {Record<string, string>} */ found) => {
    setFaults(found);
    const first = here.find((f) => f.name in found);
    if (first) focusOn(inputId(first.name));
  };
  const refused = (/** @type {unknown} */ error) => {
    if (error instanceof Problem && error.status === 412) return setTrouble({ text: [t('form.stale')], stale: true });
    if (error instanceof Offline) return setTrouble({ text: [t('form.offline')] });
    if (error instanceof Declined) return setTrouble({ text: [error.message] });
    if (!(error instanceof Problem)) {
      setTrouble({ text: [faultText(error)] });
      throw error;
    }
    const { faults: found, rest } = placed(error.errors, here);
    const said = Object.keys(found).length ? rest : rest.length ? rest : [error.title, error.detail].filter(Boolean);
    setTrouble({ text: [...said, ...(Object.keys(found).length ? [t('form.look')] : [])] });
    tell(found);
  };
  const send = async (/** @type {Event} */ e) => {
    e.preventDefault();
    if (busy || disabled) return;
    setTrouble(null);
    const wrong = faultsOf(fields, whole);
    if (Object.keys(wrong).length) return tell(wrong);
    setBusy(true);
    try {
      const answer = await submit({ ...valuesOf(fields, whole), ...(creates ? { id } : {}) }, { ifMatch: values?.version ?? 0 });
      setBusy(false);
      onDone(answer);
    } catch (error) {
      setBusy(false);
      refused(error);
    }
  };
  const act = typeof label === 'function' ? label(valuesOf(fields, whole)) : label;
  return html`<form class="form" onSubmit=${send} noValidate>
    <div class="formfields">${here.map((field) => html`<div key=${field.name} class=${field.type === 'area' || field.many || field.type === 'codes' ? 'span' : undefined}>
      <${Input} field=${field} id=${inputId(field.name)} value=${whole[field.name]} set=${(/** @type {any} */ v) => set(field.name, v)} error=${faults[field.name]} values=${() => valuesOf(fields, whole)} />
    </div>`)}</div>
    ${children}
    <div role="alert">${trouble ? html`<div class="note error"><${Icon} name="error" /><div>${trouble.text.map((line) => html`<p key=${line}>${line}</p>`)}
      ${trouble.stale && onReload ? html`<p><button type="button" class="btn" onClick=${onReload}>${t('form.reload')}</button></p>` : null}</div></div>` : null}</div>
    <div class="line formacts">
      ${onCancel ? html`<button type="button" class="btn" onClick=${onCancel}>${t('form.cancel')}</button>` : null}
      <button type="submit" class="btn ${warn ? 'warn' : 'main'}" disabled=${busy || disabled}>${busy ? t('form.sending') : act}</button>
    </div>
  </form>`;
}
