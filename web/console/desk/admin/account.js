import { html, useState } from '../../core/html.js';
import { dayText, today, whenText } from '../../core/format.js';
import { label, t } from '../../core/i18n.js';
import { can } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { Note, State } from '../../parts/state.js';
import { hasTimeline } from '../audit/data.js';
import { all, forget, pointName, useAnswer, useGet } from '../data.js';
import { Dialog } from '../parts/dialog.js';
import { Sheet } from '../parts/sheet.js';
import { AccountAct, AccountState, EditAccount, GiveGrant, RevokeGrant } from './account-forms.js';
import { AdminPage, Up } from './frame.js';
import { Password } from './password.js';
import { isMe, rolesToGive } from './rights.js';

/** @typedef {'edit' | 'suspend' | 'activate' | 'reset-password' | 'give' | 'revoke'} Act */

/** How a grant stands today. @param {any} grant @returns {{ kind: import('../../parts/state.js').Kind, key: string }} */
export function standing(grant) {
  if (grant.revoked_at) return { kind: 'none', key: 'admin.grant.revoked' };
  if (grant.valid_from > today()) return { kind: 'wait', key: 'admin.grant.to_come' };
  if (grant.valid_to && grant.valid_to < today()) return { kind: 'none', key: 'admin.grant.over' };
  return { kind: 'ok', key: 'admin.grant.in_force' };
}

/** @param {any} grant */
const words = (grant) => t('admin.grant.words', { role: label('role', grant.role), point: pointName(grant.service_point_id) });

/** The account's own facts. @param {{ account: any }} props */
const Facts = ({ account }) => html`<section class="panel stack">
  <header><h2>${t('admin.account.facts')}</h2><${AccountState} account=${account} chip /></header>
  <dl class="list facts pad">
    <dt>${t('admin.account.username')}</dt><dd class="code">${account.username}</dd>
    <dt>${t('admin.account.display_name')}</dt><dd>${account.display_name}</dd>
    <dt>${t('admin.account.phone')}</dt><dd>${account.phone_masked ? html`<span class="code">${account.phone_masked}</span>` : t('admin.none')}</dd>
    <dt>${t('admin.account.keeper')}</dt><dd>${account.service_point_id ? pointName(account.service_point_id) : t('admin.out_of_reach')}</dd>
    <dt>${t('admin.account.password')}</dt><dd>${account.must_change_password ? html`<${State} kind="wait" word=${t('admin.account.one_time')} />` : t('admin.account.own_password')}</dd>
    <dt>${t('admin.account.last_sign_in')}</dt><dd>${account.last_sign_in_at ? whenText(account.last_sign_in_at) : t('admin.account.never')}</dd>
    <dt>${t('admin.account.opened_at')}</dt><dd>${whenText(account.created_at)}</dd>
    <dt>${t('admin.version')}</dt><dd>${t('admin.version_at', { n: account.version, when: whenText(account.updated_at) })}</dd>
  </dl>
</section>`;

/** One account with its grants. @param {{ id: string }} props */
export default function AccountPage({ id }) {
  const answer = useGet(can('accounts.manage') ? `/accounts/${id}` : null);
  const held = useAnswer(can('accounts.manage') ? `grants/${id}` : '', () => all('/grants', { account_id: id }));
  const [act, setAct] = useState(/** @type {{ act: Act, grant?: any } | null} */ (null));
  const [opened, setOpened] = useState(/** @type {{ account: any, first_password: string | null } | null} */ (null));
  const account = answer.value;
  /** @type {any[]} */
  const grants = held.value ?? [];
  const up = html`<${Up} href="#/admin/accounts" word=${t('admin.section.accounts')} />`;
  if (!account) {
    return html`<${AdminPage} title=${t('admin.section.accounts')} section="accounts" may=${can('accounts.manage')} above=${up}>${answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`}<//>`;
  }
  const end = () => setAct(null);
  const reload = () => {
    setAct(null);
    forget('/accounts');
    void answer.reload();
    void held.reload();
  };
  const ends = { account, onCancel: end, onReload: reload, onDone: reload };
  const roles = rolesToGive();
  const mine = isMe(id);
  // Whoever could reset the password of somebody with more rights could become that person.
  const beyond = grants.some((g) => !g.revoked_at && !roles.includes(g.role));
  const may = !mine && !beyond;
  const button = (/** @type {Act} */ one, /** @type {string} */ word, more = '') => html`<button type="button" class="btn ${more}" onClick=${() => setAct({ act: one })}>${word}</button>`;
  const tools = may ? html`${button('edit', t('admin.account.edit'))}${button('reset-password', t('admin.account.reset-password'))}
    ${account.status === 'active' ? button('suspend', t('admin.account.suspend'), 'warn') : button('activate', t('admin.account.activate'))}` : null;
  const columns = [
    { key: 'role', label: t('admin.grant.role'), value: (/** @type {any} */ g) => label('role', g.role) },
    { key: 'service_point_id', label: t('admin.grant.point'), value: (/** @type {any} */ g) => pointName(g.service_point_id) },
    { key: 'valid_from', label: t('admin.grant.from') },
    { key: 'valid_to', label: t('admin.grant.to'), cell: (/** @type {any} */ g) => g.valid_to ?? html`<span class="dim">${t('admin.grant.open_end')}</span>` },
    { key: 'state', label: t('admin.grant.state'), value: (/** @type {any} */ g) => t(standing(g).key), cell: (/** @type {any} */ g) => html`<${State} kind=${standing(g).kind} word=${t(standing(g).key)} />${g.revoked_at ? html` <span class="dim">${whenText(g.revoked_at)}</span>` : null}` },
    { key: 'act', label: t('admin.grant.act'), sort: false, acts: true, value: () => '', cell: (/** @type {any} */ g) => (may && !g.revoked_at && roles.includes(g.role)
      ? html`<button type="button" class="btn warn" aria-label=${t('admin.grant.revoke_act', { what: words(g) })} onClick=${() => setAct({ act: 'revoke', grant: g })}>${t('admin.grant.revoke')}</button>` : null) },
  ];
  const forms = /** @type {Record<Act, () => any>} */ ({
    edit: () => html`<${EditAccount} ...${ends} />`,
    suspend: () => html`<${AccountAct} ...${ends} act="suspend" />`,
    activate: () => html`<${AccountAct} ...${ends} act="activate" />`,
    'reset-password': () => html`<${AccountAct} ...${ends} act="reset-password" onDone=${(/** @type {any} */ reset) => { reload(); setOpened(reset); }} />`,
    give: () => html`<${GiveGrant} ...${ends} />`,
    revoke: () => html`<${RevokeGrant} ...${ends} grant=${act?.grant} words=${words(act?.grant)} />`,
  });
  return html`<${AdminPage} title=${account.display_name} section="accounts" above=${up} sub=${html`<span class="code">${account.username}</span>`} tools=${tools}
    after=${html`<${Dialog} wide=${act?.act === 'give'} title=${act ? t(`admin.account.${act.act}`) : ''} open=${act !== null} onClose=${end}>${act ? forms[act.act]() : null}<//><${Password} opened=${opened} onClose=${() => setOpened(null)} />`}>
    ${mine ? html`<${Note} kind="none"><p>${t('admin.account.own')}</p><//>` : beyond ? html`<${Note} kind="none"><p>${t('admin.account.beyond')}</p><//>` : null}
    <div class="split">
      <section class="panel stack grow">
        ${!held.value && held.error ? html`<${Failed} error=${held.error} retry=${held.reload} />` : !held.value ? html`<${Loading} />`
          : html`<${Sheet} caption=${t('admin.grant.title')} columns=${columns} rows=${grants} csv=${account.username} empty=${t('admin.grant.none')} note=${t('admin.grant.note')}
            tools=${html`<h2>${t('admin.grant.title')}</h2>${may ? html`<button type="button" class="btn" onClick=${() => setAct({ act: 'give' })}><${Icon} name="plus" />${t('admin.account.give')}</button>` : null}`} />`}
      </section>
      <div class="stack scroll"><${Facts} account=${account} />
        ${hasTimeline('account') ? html`<p class="panel pad small lone"><a href="#/audit/account/${id}">${t('admin.account.timeline')}</a></p>` : null}</div>
    </div>
  <//>`;
}
