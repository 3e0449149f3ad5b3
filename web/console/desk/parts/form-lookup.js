/** A field that is filled by searching: one types, the server finds, one chooses. All by keyboard. */
import { html, useEffect, useMemo, useRef, useState } from '../../core/html.js';
import { addWords, t } from '../../core/i18n.js';
import { get } from '../../core/api.js';
import { Entry, tied } from '../../parts/fields.js';
import { faultText } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { useStyle } from './style.js';

// It is used outside of forms as well.
await addWords('desk-form');

/** @typedef {import('./form-values.js').Option} Option */

const PAUSE = 250;

/** @type {Map<string, Promise<any>>} */
const points = new Map();

/** A point, asked for once while the console is open. @param {string} id @returns {Promise<any>} */
function pointOf(id) {
  const known = points.get(id);
  if (known) return known;
  const asked = get(`/service-points/${id}`);
  points.set(id, asked);
  asked.catch(() => points.delete(id));
  return asked;
}

/** A point with what it lies in, because names repeat: "马家沟村 · 汉王镇". @param {any} point */
async function pointLabel(point) {
  const above = point.parent_id ? await pointOf(point.parent_id).catch(() => null) : null;
  return above ? `${point.name} · ${above.name}` : point.name;
}

/** Points that a text finds, of one tier or of any. @param {string} q @param {string} [tier] @returns {Promise<Option[]>} */
export async function findPoints(q, tier) {
  const { items } = await get('/service-points', { q: q || undefined, tier, status: 'active', limit: 20 });
  for (const point of items) points.set(point.id, Promise.resolve(point));
  return Promise.all(items.map(async (/** @type {any} */ point) => ({ id: point.id, label: await pointLabel(point) })));
}

/** @param {string} id */
export const namePoint = (id) => pointOf(id).then(pointLabel);

/** What ids are called, each asked for once. @param {string[]} ids @param {((id: string) => Promise<string>) | undefined} resolve */
function useNames(ids, resolve) {
  const [names, setNames] = useState(/** @type {Record<string, string>} */ ({}));
  useEffect(() => {
    for (const id of ids) {
      if (id in names || !resolve) continue;
      void resolve(id).then((name) => setNames((known) => ({ ...known, [id]: name })), () => setNames((known) => ({ ...known, [id]: id.slice(0, 8) })));
    }
  }, [ids.join()]);
  return { names, learn: (/** @type {Option} */ o) => setNames((known) => ({ ...known, [o.id]: o.label })) };
}

/**
 * @param {{
 *   id: string, label: any, hint?: any, error?: string, must?: boolean, many?: boolean, disabled?: boolean,
 *   value: any, set: (value: any) => void, search: (q: string) => Promise<Option[]>, resolve?: (id: string) => Promise<string>,
 * }} props `value` is an id, or a list of them with `many`
 */
export function Lookup({ id, label, hint, error, must, many, disabled, value, set, search, resolve }) {
  useStyle('desk-form');
  const chosen = /** @type {string[]} */ (many ? value : value ? [value] : []);
  const { names, learn } = useNames(chosen, resolve);
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const [found, setFound] = useState(/** @type {Option[] | null} */ (null));
  const [failed, setFailed] = useState('');
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState(false);
  const turn = useRef(0);
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  const list = `${id}-list`;
  const entry = { id, label, hint, error, must };
  const ask = (/** @type {string} */ q, wait = PAUSE) => {
    clearTimeout(timer.current);
    const mine = ++turn.current;
    timer.current = setTimeout(() => search(q.trim()).then((options) => {
      // What was typed since has its own answer.
      if (mine !== turn.current) return;
      setFound(options);
      setFailed('');
      setAt(options.length && q.trim() ? 0 : -1);
    }, (problem) => { if (mine === turn.current) { setFound([]); setFailed(faultText(problem)); } }), wait);
  };
  useEffect(() => () => { clearTimeout(timer.current); turn.current++; }, []);
  const show = () => {
    if (open) return;
    setOpen(true);
    ask('', 0);
  };
  const close = () => {
    setOpen(false);
    setFound(null);
    setTyped(null);
    clearTimeout(timer.current);
    turn.current++;
  };
  const choose = (/** @type {Option} */ o) => {
    learn(o);
    set(many ? [...chosen.filter((x) => x !== o.id), o.id] : o.id);
    close();
  };
  const type = (/** @type {any} */ e) => {
    setTyped(e.target.value);
    setOpen(true);
    // An emptied field is an empty one; a half typed name keeps what was chosen until another is.
    if (!many && e.target.value === '' && value) set('');
    ask(e.target.value);
  };
  const key = (/** @type {KeyboardEvent} */ e) => {
    const n = found?.length ?? 0;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      if (!open) return show();
      if (n) setAt((at + (e.key === 'ArrowDown' ? 1 : at < 0 ? 0 : -1) + n) % n);
    } else if (e.key === 'Enter' && open) {
      e.preventDefault();
      const option = found?.[at];
      if (option) choose(option);
    } else if (e.key === 'Escape' && open) {
      e.preventDefault();
      e.stopPropagation();
      close();
    }
  };
  const text = typed ?? (many ? '' : chosen[0] ? names[chosen[0]] ?? '…' : '');
  return html`<${Entry} ...${entry}>
    ${many && chosen.length ? html`<ul class="chosen">${chosen.map((one) => html`<li key=${one}>${names[one] ?? '…'}<button type="button" disabled=${disabled}
      aria-label=${t('form.take_away', { what: names[one] ?? '' })} onClick=${() => set(chosen.filter((x) => x !== one))}><${Icon} name="close" /></button></li>`)}</ul>` : null}
    <div class="lookup">
      <div class="field"><${Icon} name="search" /><input type="text" autocomplete="off" role="combobox" aria-expanded=${open && found ? 'true' : 'false'} aria-controls=${list} aria-autocomplete="list"
        aria-activedescendant=${open && at >= 0 && found?.[at] ? `${list}-${at}` : undefined} ...${tied(entry)} disabled=${disabled} value=${text} placeholder=${t('form.search')}
        onFocus=${(/** @type {any} */ e) => e.target.select()} onClick=${show} onInput=${type} onKeyDown=${key} onBlur=${close} /></div>
      <ul id=${list} role="listbox" class="pop found" hidden=${!open || !found} aria-label=${String(label)}>
        ${(found ?? []).map((o, n) => html`<li key=${o.id} id="${list}-${n}" role="option" aria-selected=${n === at ? 'true' : 'false'}
          onMouseDown=${(/** @type {Event} */ e) => { e.preventDefault(); choose(o); }}>${o.label}</li>`)}
        ${found && !found.length ? html`<li role="option" aria-selected="false" aria-disabled="true" class="dim">${failed || t('form.nothing_found')}</li>` : null}
      </ul>
    </div>
  <//>`;
}

/** What is chosen, and not to be changed. @param {{ id: string, label: any, hint?: any, error?: string, text?: any, value?: any, many?: boolean, resolve?: (id: string) => Promise<string> }} props */
export function Settled({ id, label, hint, error, text, value, many, resolve }) {
  const ids = useMemo(() => (resolve ? (many ? value : value ? [value] : []) : []), [value]);
  const { names } = useNames(ids, resolve);
  const shown = resolve ? ids.map((/** @type {string} */ one) => names[one] ?? '…').join(t('form.join')) : text;
  return html`<div class="entry"><span class="label" id=${`${id}-label`}>${label}</span><p class="settled" id=${id} tabindex="-1" aria-labelledby=${`${id}-label`}>${shown || t('form.none')}</p>
    ${hint ? html`<p class="dim tiny">${hint}</p>` : null}${error ? html`<p class="fault"><${Icon} name="error" />${error}</p>` : null}</div>`;
}
