import { Offline, Problem, online } from '../core/api.js';
import { html, language, elder, setLanguage, t, tn, useEffect, useState } from '../core/base.js';
import { demoSignIns, insecure, sealedUnsent, session, signIn } from '../core/session.js';

// The first screen draws its few pictures itself: another module is another round trip.
const NoNet = () => html`<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 20v-3M9 20v-6.5M14 20V10M19 20v-6M15.5 3.5l5 5m0-5-5 5" /></svg>`;
const Wait = () => html`<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9" stroke-width="2.5" /><path stroke-width="2.3" d="M12 7v5.2l3.4 2" /></svg>`;
const Wrong = () => html`<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M8 2h8l6 6v8l-6 6H8l-6-6V8Z" fill="currentColor" stroke="none" /><path class="g" stroke-width="2.4" d="M12 7v6M12 16.6v.1" /></svg>`;
const Bands = () => html`<svg class="terrace" viewBox="0 0 360 16" preserveAspectRatio="none" aria-hidden="true"><rect class="b4" x="262" width="98" height="4" /><rect class="b3" x="176" y="4" width="184" height="4" /><rect class="b2" x="84" y="8" width="276" height="4" /><rect class="b1" y="12" width="360" height="4" /></svg>`;

/** From the village up, and of each tier whoever works with it most. */
const TIERS = ['village', 'township', 'county', 'bureau'];
const WORKERS = ['worker', 'manager'];

/** @param {unknown} error */
function wordsOf(error) {
  if (error instanceof Offline) return t('sign_in.no_network');
  return error instanceof Problem ? `${error.title} ${error.detail}`.trim() : t('sign_in.failed');
}

/** Counts down to 0. @returns {[number, (seconds: number) => void]} */
function useCountdown() {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1_000);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, setLeft];
}

/** What of somebody lies sealed on this phone, and what can be done without a network. */
function Sealed() {
  const n = sealedUnsent.value;
  if (session.value.state !== 'locked') return null;
  return html`<div class="note wait"><${Wait} /><div><p>${n > 0 ? tn('sign_in.sealed_unsent', n) : t('sign_in.sealed')}</p></div></div>`;
}

/** The sign-ins of invented data. @param {{ onPick: (username: string, password: string) => void, busy: boolean }} props */
function Demo({ onPick, busy }) {
  const [items, setItems] = useState(/** @type {import('../core/session.js').DemoSignIn[]} */ ([]));
  useEffect(() => {
    demoSignIns().then(setItems, () => {});
  }, [online.value]);
  if (items.length === 0) return null;
  const first = TIERS.flatMap((tier) => items.find((x) => x.tier === tier && WORKERS.includes(x.role)) ?? items.find((x) => x.tier === tier) ?? []);
  const rest = items.filter((x) => !first.includes(x));
  const row = (/** @type {import('../core/session.js').DemoSignIn} */ x) => html`<li class="to" key=${x.username}>
    <button type="button" disabled=${busy} onClick=${() => onPick(x.username, x.password)}><div><b>${x.point}</b><br /><span class="dim tiny">${t(`tier.${x.tier}`)} · ${t(`role.${x.role}`)}</span></div></button>
  </li>`;
  return html`<section>
    <h2 class="title"><b>${t('sign_in.demo')}</b><span class="sim end">${t('sign_in.simulated')}</span></h2>
    <ul class="panel rows">${first.map(row)}</ul>
    ${rest.length > 0 ? html`<details class="gap"><summary class="link">${t('sign_in.demo_more')}</summary><ul class="panel rows">${rest.map(row)}</ul></details>` : null}
  </section>`;
}

export default function SignIn() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const [left, setLeft] = useCountdown();
  useEffect(() => {
    document.title = t('app.title', { page: t('sign_in.title') });
  }, [language.value]);

  /** @param {string} username @param {string} secret */
  async function enter(username, secret) {
    if (busy || left > 0) return;
    if (!username.trim() || !secret) return setFault(t('sign_in.missing'));
    setBusy(true);
    setFault('');
    try {
      await signIn(username, secret);
    } catch (error) {
      if (error instanceof Problem && error.status === 429 && error.retryAfter > 0) setLeft(error.retryAfter);
      else setFault(wordsOf(error));
    }
    setBusy(false);
  }
  const submit = (/** @type {Event} */ e) => {
    e.preventDefault();
    void enter(name, password);
  };
  const typed = (/** @type {(text: string) => void} */ set) => (/** @type {any} */ e) => set(e.target.value);
  const other = language.value === 'en' ? 'zh-CN' : 'en';
  const said = left > 0 ? tn('sign_in.too_many', left) : fault;

  return html`<div class="phone">
    <header class="place">
      <div class="line"><h1 tabindex="-1">${t('app.name')}</h1><button type="button" class="btn end" lang=${other} onClick=${() => setLanguage(other)}>${t('sign_in.language')}</button></div>
      <div class="line"><span class="dim small">${t('sign_in.about')}</span></div>
      <${Bands} />
    </header>
    <main>
      ${insecure ? html`<div class="note error" role="alert"><${Wrong} /><div><p>${t('sign_in.insecure')}</p></div></div>` : html`
      <div role="status">${online.value ? null : html`<div class="note wait"><${NoNet} /><div><p>${t('sign_in.no_network')}</p></div></div>`}</div>
      <${Sealed} />
      <form class="form" onSubmit=${submit} noValidate>
        <div class="entry"><label for="username">${t('sign_in.username')}</label>
          <div class="field"><input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck=${false} value=${name} onInput=${typed(setName)} aria-describedby=${said ? 'said' : undefined} /></div></div>
        <div class="entry"><label for="password">${t('sign_in.password')}</label>
          <div class="field"><input id="password" name="password" type=${shown ? 'text' : 'password'} autocomplete="current-password" autocapitalize="none" spellcheck=${false} value=${password} onInput=${typed(setPassword)} aria-describedby=${said ? 'said' : undefined} />
            <button type="button" class="link" aria-pressed=${shown ? 'true' : 'false'} onClick=${() => setShown(!shown)}>${t(shown ? 'sign_in.hide' : 'sign_in.show')}</button></div></div>
        <div role="alert" id="said">${said ? html`<div class="note error"><${Wrong} /><div><p>${said}</p></div></div>` : null}</div>
        <button class="btn main" disabled=${busy || left > 0}>${t(busy ? 'sign_in.busy' : 'sign_in.act')}</button>
      </form>
      <${Demo} busy=${busy} onPick=${enter} />`}
      <label class="check"><input type="checkbox" checked=${elder.value} onChange=${(/** @type {any} */ e) => (elder.value = e.target.checked)} /><span>${t('sign_in.elder')}</span></label>
      <p class="dim small line"><a class="link" href="/docs/">${t('sign_in.docs')}</a><a class="link" href="/openapi.yaml">openapi.yaml</a></p>
    </main>
  </div>`;
}
