/** Buttons for what needs the whole of a list: they read what is missing first, and say how far it has come. */
import { html, useEffect, useRef } from '../../core/html.js';
import { count } from '../../core/format.js';
import { t } from '../../core/i18n.js';
import { Icon } from '../../parts/icons.js';
import { faultText } from '../../parts/rows.js';
import { wantedNames } from '../naming.js';

/** How far it has come. @param {import('../whole.js').Run} run */
function progress({ read, of, reading }) {
  if (reading) return of === null ? t('whole.read', { n: count(read) }) : t('whole.read_of', { n: count(read), of: count(Math.max(read, of)) });
  return wantedNames.value > 0 ? t('whole.names', { n: count(wantedNames.value) }) : t('whole.making');
}

/**
 * @param {{
 *   whole: import('../whole.js').Whole, act: string, icon: string, word: any, use: import('../whole.js').Use, most?: number, disabled?: boolean, end?: boolean,
 * }} props `act` tells this button from others of the same list, `use` gets all rows; more than `most` of them are refused, and the
 *   words `whole.too_many.<act>` say what to do instead
 */
export function WholeButton(props) {
  const { whole } = props;
  const run = whole.run.value?.act === props.act ? whole.run.value : null;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  // What is pressed gives way to something else; who works by keyboard stays there.
  const here = box.current?.contains(document.activeElement);
  useEffect(() => {
    if (here && !box.current?.contains(document.activeElement)) box.current?.querySelector('button')?.focus();
  });
  return html`<span class="line wholeline ${props.end ? 'end' : ''}" ref=${box}>${run ? html`<${Under} ...${props} run=${run} />` : html`<${Begin} ...${props} />`}</span>`;
}

/** @param {any} props */
function Begin({ whole, act, icon, word, use, most, disabled }) {
  const other = whole.run.value;
  // A run that has come to nothing keeps nobody from another one.
  const busy = other !== null && !other.error && !other.tooMany;
  return html`<button type="button" class="btn" disabled=${disabled || busy} onClick=${() => whole.begin(act, use, most)}><${Icon} name=${icon} />${word}</button>`;
}

/** @param {any} props */
function Under({ whole, act, word, most, run }) {
  const close = html`<button type="button" class="btn" onClick=${whole.stop}>${t(run.error || run.tooMany ? 'whole.drop' : 'whole.stop')}</button>`;
  if (run.tooMany) return html`<span class="fault" role="alert">${t(`whole.too_many.${act}`, { n: count(Math.max(run.read, run.of ?? 0)), most: count(most ?? 0) })}</span>${close}`;
  if (run.error) {
    return html`<span class="fault" role="alert">${t(`whole.broke.${act}`, { n: count(run.read), why: faultText(run.error) })}</span>
      <button type="button" class="btn main" onClick=${whole.again}>${t('whole.again')}</button>${close}`;
  }
  return html`<span class="small" role="status">${progress(run)}</span>
    ${run.reading && run.of ? html`<progress max=${Math.max(run.of, run.read)} value=${run.read} aria-label=${word}></progress>` : null}${close}`;
}
