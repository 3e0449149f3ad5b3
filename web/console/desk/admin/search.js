import { html, useEffect, useState } from '../../core/html.js';
import { Icon } from '../../parts/icons.js';

const PAUSE = 300;

/**
 * A field that narrows a list when somebody has stopped typing.
 * @param {{ label: string, value: string, set: (value: string) => void, max?: number }} props
 */
export function SearchField({ label, value, set, max = 50 }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => { if (typed.trim() !== value) setTyped(value); }, [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => set(typed.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  return html`<label class="field searchfield"><${Icon} name="search" /><span class="sr">${label}</span><input type="search" placeholder=${label} maxlength=${max} value=${typed}
    autocomplete="off" spellcheck=${false} onInput=${(/** @type {any} */ e) => setTyped(e.target.value)} /></label>`;
}

/**
 * A choice that narrows a list.
 * @param {{ label: string, any: string, value: string, set: (value: string) => void, options: { code: string, label: string }[] }} props
 */
export const Narrow = ({ label, any, value, set, options }) => html`<label class="field"><span class="sr">${label}</span><select value=${value} onChange=${(/** @type {any} */ e) => set(e.target.value)}>
  <option value="">${any}</option>${options.map((o) => html`<option key=${o.code} value=${o.code}>${o.label}</option>`)}</select></label>`;

/** The address with another answer to one question. @param {string} path @param {Record<string, string>} query */
export function withQuery(path, query) {
  const told = Object.entries(query).filter(([, value]) => value !== '');
  return told.length ? `${path}?${new URLSearchParams(told).toString()}` : path;
}
