import { html, useState } from '../../core/html.js';
import { get, Problem } from '../../core/api.js';
import { entries, label, t } from '../../core/i18n.js';
import { can, session } from '../../core/session.js';
import { Icon } from '../../parts/icons.js';
import { faultText } from '../../parts/rows.js';
import { PointFilter } from './point-filter.js';
import { readsWhole, usualSpans } from './data.js';
import { shortId } from './names.js';
import { GROUP_ORDER, OF_ACCOUNTS, WORTH_A_LOOK, groupOf, markOf } from './marks.js';

/** @typedef {import('./data.js').Filters} Filters */
/** @typedef {{ filters: Filters, narrow: (change: Partial<Filters>) => void, actor?: string | undefined }} Props `actor` is the user name of the chosen one, where it is known */

const ID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** The days between which events are shown. @param {Props} props */
function Days({ filters, narrow }) {
  const day = (/** @type {'from' | 'to'} */ name, /** @type {string} */ word) => html`<label class="field"><span class="sr">${word}</span>
    <input type="date" required value=${filters[name]} onChange=${(/** @type {any} */ e) => e.target.value && narrow({ [name]: e.target.value })} /></label>`;
  return html`<fieldset class="filter"><legend>${t('audit.days')}</legend>
    <div class="days">${day('from', t('audit.from'))}${day('to', t('audit.to'))}</div>
    <div class="phrases gap">${usualSpans().map(({ code, from, to }) => html`<button type="button" key=${code}
      aria-pressed=${filters.from === from && filters.to === to ? 'true' : 'false'} onClick=${() => narrow({ from, to })}>${t(`audit.span.${code}`)}</button>`)}</div>
  </fieldset>`;
}

/** @param {Props} props */
function What({ filters, narrow }) {
  const whole = readsWhole();
  const objects = entries('audit_object').filter(({ code }) => whole || OF_ACCOUNTS.objects.includes(code));
  const actions = entries('audit_action').filter(({ code }) => whole || groupOf(code) === OF_ACCOUNTS.group);
  const groups = GROUP_ORDER.map((group) => ({ group, of: actions.filter(({ code }) => groupOf(code) === group) })).filter(({ of }) => of.length);
  const chosen = (/** @type {'action' | 'object'} */ name) => (/** @type {any} */ e) => narrow({ [name]: e.target.value });
  return html`<fieldset class="filter"><legend>${t('audit.what')}</legend>
    <label class="field"><span class="sr">${t('audit.object_kind')}</span><select value=${filters.object} onChange=${chosen('object')}>
      <option value="">${t('audit.any_object')}</option>
      ${objects.map(({ code, label: name }) => html`<option key=${code} value=${code}>${name}</option>`)}
    </select></label>
    <label class="field gap"><span class="sr">${t('audit.action')}</span><select value=${filters.action} onChange=${chosen('action')}>
      <option value="">${t('audit.any_action')}</option>
      ${groups.map(({ group, of }) => html`<optgroup key=${group} label=${t(`audit.group.${group}`)}>
        ${of.map(({ code, label: name }) => html`<option key=${code} value=${code}>${name}</option>`)}</optgroup>`)}
    </select></label>
  </fieldset>`;
}

/** Who acted: oneself, whoever an event on the page names, or a user name for those who may look accounts up. @param {Props} props */
function Who({ filters, narrow, actor }) {
  const [found, setFound] = useState(/** @type {{ id: string, username: string } | null} */ (null));
  const [name, setName] = useState('');
  const [fault, setFault] = useState('');
  const me = session.value.account;
  const known = filters.actor === found?.id ? found?.username : filters.actor === me?.id ? me?.username : actor;
  const find = async (/** @type {Event} */ e) => {
    e.preventDefault();
    setFault('');
    if (!name.trim()) return;
    try {
      const account = (await get('/accounts', { username: name.trim().toLowerCase() })).items[0];
      if (!account) return setFault(t('audit.no_such_name'));
      setFound(account);
      narrow({ actor: account.id });
      setName('');
    } catch (error) {
      setFault(error instanceof Problem && error.status === 422 ? t('audit.no_such_name') : faultText(error));
    }
  };
  return html`<fieldset class="filter"><legend>${t('audit.who')}</legend>
    ${filters.actor ? html`<p class="line"><span>${known ?? shortId(filters.actor)}</span><button type="button" class="link end" onClick=${() => narrow({ actor: '' })}>${t('audit.anybody')}</button></p>`
      : html`${can('accounts.manage') ? html`<form class="field" onSubmit=${find}><${Icon} name="search" /><input type="search" aria-label=${t('audit.username')} placeholder=${t('audit.username')} value=${name}
          aria-invalid=${fault ? 'true' : undefined} aria-describedby=${fault ? 'audit-who-fault' : undefined} onInput=${(/** @type {any} */ e) => setName(e.target.value)} /></form>`
        : html`<p class="tiny dim">${t('audit.who_hint')}</p>`}
        ${fault ? html`<p class="fault" id="audit-who-fault"><${Icon} name="error" />${fault}</p>` : null}
        ${me ? html`<div class="phrases gap"><button type="button" onClick=${() => narrow({ actor: me.id })}>${t('audit.myself')}</button></div>` : null}`}
  </fieldset>`;
}

/** One thing by its id. @param {Props} props */
function Which({ filters, narrow }) {
  const [text, setText] = useState(filters.id);
  const bad = text.trim() !== '' && !ID.test(text.trim());
  const send = (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!bad) narrow({ id: text.trim().toLowerCase() });
  };
  return html`<form class="filter" onSubmit=${send}>
    <label class="field"><${Icon} name="search" /><span class="sr">${t('audit.object_id')}</span>
      <input type="search" placeholder=${t('audit.object_id')} value=${text} maxlength="36" aria-invalid=${bad ? 'true' : undefined}
        aria-describedby=${bad ? 'audit-id-fault' : undefined} onInput=${(/** @type {any} */ e) => { setText(e.target.value); if (!e.target.value) narrow({ id: '' }); }} /></label>
    ${bad ? html`<p class="fault" id="audit-id-fault"><${Icon} name="error" />${t('audit.no_id')}</p>` : null}
  </form>`;
}

/** What deserves a second look: one tap for each. @param {Props} props */
const Looks = ({ filters, narrow }) => html`<fieldset class="filter"><legend>${t('audit.worth')}</legend>
  <div class="looks">${WORTH_A_LOOK.map((action) => html`<button type="button" key=${action} class="look" aria-pressed=${filters.action === action ? 'true' : 'false'}
    onClick=${() => narrow({ action: filters.action === action ? '' : action, object: '' })}><span class="state ${markOf(action).tone}"><${Icon} name=${markOf(action).icon} /></span>${label('audit_action', action)}</button>`)}</div>
</fieldset>`;

/** Everything that the list can be narrowed by. @param {Props} props */
export function FilterSide({ filters, narrow, actor }) {
  const set = { filters, narrow, actor };
  const narrowed = ['point', 'actor', 'action', 'object', 'id'].some((name) => filters[/** @type {keyof Filters} */ (name)] !== '');
  return html`<div class="scroll grow gutter stack" tabindex="-1">
    <${Which} key=${filters.id} ...${set} />
    <${PointFilter} chosen=${filters.point} choose=${(/** @type {string} */ point) => narrow({ point })} />
    <${Days} ...${set} />
    <${What} ...${set} />
    <${Who} ...${set} />
    ${readsWhole() ? html`<${Looks} ...${set} />` : html`<p class="tiny dim">${t('audit.accounts_only')}</p>`}
    ${narrowed ? html`<p><button type="button" class="btn" onClick=${() => narrow({ point: '', actor: '', action: '', object: '', id: '' })}>${t('audit.all')}</button></p>` : null}
  </div>`;
}
