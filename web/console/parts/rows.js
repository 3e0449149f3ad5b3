import { html, useEffect } from '../core/html.js';
import { t } from '../core/i18n.js';
import { whenText } from '../core/format.js';
import { Offline, Problem, online } from '../core/api.js';
import { Icon } from './icons.js';
import { Note } from './state.js';

/**
 * A part of a page, with its name and what belongs beside it.
 * @param {{ title: any, aside?: any, children?: any }} props
 */
export function Section({ title, aside, children }) {
  return html`<section>
    <h2 class="title"><b>${title}</b>${aside ? html`<span class="dim">${aside}</span>` : null}</h2>
    ${children}
  </section>`;
}

/** @param {{ children?: any }} props */
export const Rows = ({ children }) => html`<ul class="panel rows">${children}</ul>`;

/**
 * One row. With `href` or `onClick` all of it leads there.
 * @param {{ href?: string, onClick?: () => void, before?: any, after?: any, class?: string, children?: any }} props
 */
export function Row({ href, onClick, before, after, class: more, children }) {
  const inner = html`${before}<div>${children}</div>${after}`;
  if (href) return html`<li class="to ${more ?? ''}"><a href=${href}>${inner}<${Icon} name="go" class="go" /></a></li>`;
  if (onClick) return html`<li class="to ${more ?? ''}"><button type="button"
    onClick=${onClick}>${inner}<${Icon} name="go" class="go" /></button></li>`;
  return html`<li class=${more}>${inner}</li>`;
}

/** Something is being read. */
export const Loading = () => html`<div class="hold" role="status">
  <svg class="steps" viewBox="0 0 72 24" aria-hidden="true"><rect class="b4" x="54" width="18" height="6" /><rect class="b3" x="36" y="6" width="36" height="6" /><rect class="b2" x="18" y="12" width="54" height="6" /><rect class="b1" y="18" width="72" height="6" /></svg>
  <p>${t('rows.loading')}</p>
</div>`;

/**
 * Nothing is there yet: says so, and what can be done next.
 * @param {{ icon?: string, text: any, href?: string, act?: any }} props
 */
export const Empty = ({ icon = 'none', text, href, act }) => html`<div class="panel hold">
  <${Icon} name=${icon} /><p>${text}</p>${href ? html`<a class="btn" href=${href}>${act}</a>` : null}
</div>`;

/**
 * What a failure says to a person.
 * @param {unknown} error
 * @returns {string}
 */
export function faultText(error) {
  if (error instanceof Offline) return t('rows.offline');
  if (error instanceof Problem) return refusalText(error);
  return t('rows.failed');
}

/**
 * Why the server refused something: what is wrong with it before what to do about it.
 * @param {{ code: string, title: string, detail: string, errors: { pointer: string, message: string }[] } | undefined} problem
 */
export function refusalText(problem) {
  if (!problem) return '';
  if (problem.code === 'resource.not_found' && problem.errors.some((e) => e.pointer.endsWith('/household_id'))) return t('rows.household_gone');
  const wrong = problem.errors.map((e) => e.message).filter(Boolean);
  const said = wrong.length ? wrong : [problem.title, problem.detail];
  return said.filter(Boolean).map((text) => text.replace(/[。.]$/, '')).join(t('rows.join')) + t('rows.stop');
}

/**
 * Reading failed; it may be tried again.
 * @param {{ error: unknown, retry?: () => void }} props
 */
export function Failed({ error, retry }) {
  if (error instanceof Offline) {
    return html`<p class="panel pad small" role="status">${faultText(error)} ${retry ? html`<button type="button" class="link"
      onClick=${retry}>${t('rows.again')}</button>` : null}</p>`;
  }
  return html`<${Note} kind="error" role="alert">
    <p>${faultText(error)}</p>
    ${retry ? html`<button type="button" class="btn gap" onClick=${retry}>${t('rows.again')}</button>` : null}
  <//>`;
}

/**
 * An answer of the server as it is known: being read, failed, as it was when it was read last, or fresh.
 * @param {{ answer: any, children: (value: any) => any }} props
 */
export function Answer({ answer, children }) {
  const waits = online.value && answer.error instanceof Offline;
  useEffect(() => {
    if (waits && !answer.loading) answer.reload();
  }, [waits]);
  if (answer.value == null) {
    return answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`;
  }
  return html`${children(answer.value)}<${ReadAt} answer=${answer} />`;
}

/**
 * When what stands above was read, where it may have moved since.
 * @param {{ answer: any }} props
 */
export function ReadAt({ answer }) {
  if (!answer.stale || !answer.read_at) return null;
  return html`<p class="dim tiny read">${t('rows.read_at', { when: whenText(answer.read_at) })}</p>`;
}
