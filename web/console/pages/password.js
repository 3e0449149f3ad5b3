import { Offline, Problem } from '../core/api.js';
import { html, useState } from '../core/html.js';
import { t } from '../core/i18n.js';
import { back } from '../core/router.js';
import { changePassword, session, signOut } from '../core/session.js';
import { toast } from '../core/toast.js';
import { Field, focusOn } from '../parts/fields.js';
import { faultText } from '../parts/rows.js';
import { Shell } from '../parts/shell.js';
import { Note } from '../parts/state.js';

/** Where a rule that was broken belongs to. @type {Record<string, 'present' | 'next'>} */
const PLACES = { '/current_password': 'present', '/new_password': 'next' };

/** The own password: changed because one likes to, or because the first one has to be. */
export default function Password() {
  const must = session.value.state === 'must_change_password';
  const [values, setValues] = useState({ present: '', next: '', repeat: '' });
  const [faults, setFaults] = useState(/** @type {Record<string, string>} */ ({}));
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(false);

  /** @param {Record<string, string>} wrong */
  function refuse(wrong) {
    setFaults(wrong);
    const first = ['present', 'next', 'repeat'].find((key) => wrong[key]);
    if (first) focusOn(first);
  }

  async function save() {
    if (busy) return;
    /** @type {Record<string, string>} */
    const wrong = {};
    for (const [key, value] of Object.entries(values)) if (!value) wrong[key] = t('password.missing');
    if (!wrong.repeat && values.repeat !== values.next) wrong.repeat = t('password.differs');
    if (Object.keys(wrong).length > 0) return refuse(wrong);
    setBusy(true);
    setFaults({});
    try {
      await changePassword(values.present, values.next);
      toast(t('password.done'));
      if (!must) back('/me');
    } catch (error) {
      setBusy(false);
      if (error instanceof Problem && error.code === 'auth.wrong_credentials') return refuse({ present: error.detail || error.title });
      if (!(error instanceof Problem || error instanceof Offline)) throw error;
      const broken = error instanceof Problem ? error.errors.filter((e) => PLACES[e.pointer]) : [];
      refuse(broken.length > 0 ? Object.fromEntries(broken.map((e) => [PLACES[e.pointer], e.message])) : { all: faultText(error) });
    }
  }

  const field = (/** @type {'present' | 'next' | 'repeat'} */ key) => ({
    id: key, must: true, value: values[key], error: faults[key], label: t(`password.${key}`), type: shown ? 'text' : 'password',
    autocomplete: key === 'present' ? 'current-password' : 'new-password', autocapitalize: 'none', spellcheck: false,
    set: (/** @type {string} */ value) => setValues({ ...values, [key]: value }),
  });
  const dock = html`
    ${faults.all ? html`<p class="fault" role="alert">${faults.all}</p>` : null}
    <button class="btn main" disabled=${busy}>${t('password.act')}</button>`;
  return html`<${Shell} title=${t('password.title')} back=${must ? undefined : '/me'} dock=${dock} onSubmit=${save}>
    ${must ? html`<${Note} kind="wait"><p>${t('password.first')}</p><//>` : null}
    <div class="form">
      <input hidden type="text" autocomplete="username" readonly value=${session.value.account?.username ?? ''} />
      <${Field} ...${field('present')} />
      <${Field} ...${field('next')} hint=${t('password.rules')} />
      <${Field} ...${field('repeat')} />
      <div class="line"><button type="button" class="link" aria-pressed=${shown ? 'true' : 'false'} onClick=${() => setShown(!shown)}>${t(shown ? 'sign_in.hide' : 'sign_in.show')}</button>
        ${must ? html`<button type="button" class="link end" onClick=${() => signOut()}>${t('password.sign_out')}</button>` : null}</div>
    </div>
  <//>`;
}
