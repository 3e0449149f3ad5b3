/** What is asked for when an account is opened, changed, suspended, put to use again, or given a role. */
import { html, useMemo } from '../../core/html.js';
import { patch, post } from '../../core/api.js';
import { today } from '../../core/format.js';
import { label, t } from '../../core/i18n.js';
import { State } from '../../parts/state.js';
import { Form } from '../parts/form.js';
import { rolesToGive } from './rights.js';

/** @typedef {import('../parts/form-values.js').FormField} FormField */
/** @typedef {{ onDone: (answer: any) => void, onCancel: () => void, onReload?: () => void }} Ends */

const USERNAME = /^[A-Za-z][A-Za-z0-9._-]{2,31}$/;

/** @param {{ account: any, chip?: boolean }} props */
export const AccountState = ({ account, chip }) => html`<${State} kind=${account.status === 'active' ? 'ok' : 'none'} chip=${chip} word=${t(`admin.account_status.${account.status}`)} />`;

/** A role at a point, with its days; `at` is where it stands in the request. @param {string} at @returns {FormField[]} */
const grantFields = (at) => [
  { name: `${at}role`, label: t('admin.grant.role'), type: 'code', required: true, options: rolesToGive().map((code) => ({ code, label: label('role', code) })) },
  { name: `${at}service_point_id`, label: t('admin.grant.point'), type: 'point', required: true, hint: t('admin.grant.point_hint') },
  { name: `${at}valid_from`, label: t('admin.grant.from'), type: 'day', required: true },
  { name: `${at}valid_to`, label: t('admin.grant.to'), type: 'day', hint: t('admin.grant.to_hint'),
    check: (value, values) => {
      const from = at ? values.grant?.valid_from ?? values['grant.valid_from'] : values.valid_from;
      return from && value < from ? t('admin.grant.ends_before') : undefined;
    } },
];

/** @returns {FormField[]} */
const personFields = () => [
  { name: 'display_name', label: t('admin.account.display_name'), type: 'text', required: true, max: 50 },
  { name: 'phone', label: t('admin.account.phone'), type: 'text', max: 20 },
];

/** @param {Ends} props */
export function OpenAccount({ onDone, onCancel }) {
  const fields = useMemo(() => /** @type {FormField[]} */ ([
    { name: 'username', label: t('admin.account.username'), type: 'text', required: true, max: 32, hint: t('admin.account.username_hint'),
      check: (value) => (USERNAME.test(value) ? undefined : t('admin.account.bad_username')) },
    ...personFields(), ...grantFields('grant.'),
  ]), []);
  return html`<${Form} fields=${fields} values=${{ grant: { valid_from: today() } }} creates label=${t('admin.account.open')} onCancel=${onCancel}
    submit=${(/** @type {any} */ values) => post('/accounts', values)} onDone=${onDone} />`;
}

/**
 * Changes the name, or the phone: that is not shown whole, so it is sent only when it is typed anew.
 * @param {Ends & { account: any }} props
 */
export function EditAccount({ account, ...ends }) {
  const fields = useMemo(() => /** @type {FormField[]} */ ([
    { name: 'display_name', label: t('admin.account.display_name'), type: 'text', required: true, max: 50 },
    { name: 'phone_act', label: t('admin.account.phone'), type: 'choice', required: true,
      options: ['keep', 'replace', 'remove'].map((code) => ({ code, label: code === 'keep' ? t('admin.account.phone_keep', { phone: account.phone_masked ?? t('admin.none') }) : t(`admin.account.phone_${code}`) })) },
    { name: 'phone', label: t('admin.account.phone_new'), type: 'text', required: true, max: 20, when: (values) => values.phone_act === 'replace' },
  ]), [account.version]);
  const submit = (/** @type {any} */ { display_name, phone_act: act, phone }, /** @type {any} */ options) =>
    patch(`/accounts/${account.id}`, { display_name, ...(act !== 'keep' && { phone: act === 'remove' ? null : phone }) }, options);
  return html`<${Form} fields=${fields} values=${{ version: account.version, display_name: account.display_name, phone_act: 'keep' }} label=${t('admin.save')} submit=${submit} ...${ends} />`;
}

/** @param {Ends & { account: any, act: 'suspend' | 'activate' | 'reset-password' }} props */
export const AccountAct = ({ account, act, ...ends }) => html`<div class="stack">
  <p>${t(`admin.account.${act}_means`, { name: account.display_name })}</p>
  <${Form} fields=${[]} values=${account} label=${t(`admin.account.${act}_act`, { name: account.username })} warn=${act !== 'activate'} ...${ends}
    submit=${(/** @type {any} */ _, /** @type {any} */ options) => post(`/accounts/${account.id}/${act}`, undefined, options)} />
</div>`;

/** @param {Ends & { account: any }} props */
export function GiveGrant({ account, ...ends }) {
  const fields = useMemo(() => grantFields(''), []);
  return html`<${Form} fields=${fields} values=${{ valid_from: today() }} creates label=${t('admin.grant.give')} ...${ends}
    submit=${(/** @type {any} */ values) => post('/grants', { ...values, account_id: account.id })} />`;
}

/** @param {Ends & { grant: any, words: string }} props */
export const RevokeGrant = ({ grant, words, ...ends }) => html`<div class="stack">
  <p>${t('admin.grant.revoke_means', { what: words })}</p>
  <${Form} fields=${[]} values=${grant} label=${t('admin.grant.revoke_act', { what: words })} warn ...${ends}
    submit=${(/** @type {any} */ _, /** @type {any} */ options) => post(`/grants/${grant.id}/revoke`, undefined, options)} />
</div>`;
