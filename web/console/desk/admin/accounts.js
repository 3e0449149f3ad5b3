import { html, useState } from '../../core/html.js';
import { whenText } from '../../core/format.js';
import { t } from '../../core/i18n.js';
import { go } from '../../core/router.js';
import { can } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { State } from '../../parts/state.js';
import { pages, pointName } from '../data.js';
import { Dialog } from '../parts/dialog.js';
import { Sheet } from '../parts/sheet.js';
import { AccountState, OpenAccount } from './account-forms.js';
import { AdminPage } from './frame.js';
import { Password } from './password.js';
import { SearchField } from './search.js';
import { isMe } from './rights.js';

/** The accounts in reach; one is found by its whole user name, which stays out of the address. */
export default function Accounts() {
  const [username, setUsername] = useState('');
  const list = pages(can('accounts.manage') ? '/accounts' : null, username ? { username: username.toLowerCase() } : {}, { limit: 100 });
  const [opening, setOpening] = useState(false);
  const [opened, setOpened] = useState(/** @type {{ account: any, first_password: string | null } | null} */ (null));
  const columns = [
    { key: 'username', label: t('admin.account.username'), href: (/** @type {any} */ a) => `#/admin/accounts/${a.id}`, cell: (/** @type {any} */ a) => html`<span class="code">${a.username}</span>` },
    { key: 'display_name', label: t('admin.account.display_name'), cell: (/** @type {any} */ a) => html`${a.display_name}${isMe(a.id) ? html` <span class="dim">${t('admin.account.me')}</span>` : null}` },
    { key: 'service_point_id', label: t('admin.account.keeper'), value: (/** @type {any} */ a) => pointName(a.service_point_id) },
    { key: 'status', label: t('admin.account.status'), value: (/** @type {any} */ a) => t(`admin.account_status.${a.status}`), cell: (/** @type {any} */ a) => html`<${AccountState} account=${a} />` },
    { key: 'phone_masked', label: t('admin.account.phone'), cell: (/** @type {any} */ a) => html`<span class="code">${a.phone_masked}</span>` },
    { key: 'last_sign_in_at', label: t('admin.account.last_sign_in'), cell: (/** @type {any} */ a) => (a.last_sign_in_at ? whenText(a.last_sign_in_at) : html`<span class="dim">${t('admin.account.never')}</span>`) },
    { key: 'must_change_password', label: t('admin.account.password'), value: (/** @type {any} */ a) => (a.must_change_password ? t('admin.account.one_time') : ''),
      cell: (/** @type {any} */ a) => (a.must_change_password ? html`<${State} kind="wait" word=${t('admin.account.one_time')} />` : null) },
  ];
  const tools = html`<button type="button" class="btn main" onClick=${() => setOpening(true)}><${Icon} name="plus" />${t('admin.account.open')}</button>`;
  const filter = html`<${SearchField} label=${t('admin.account.find')} max=${32} value=${username} set=${setUsername} />
    <span class="small dim">${t('admin.account.find_hint')}</span>`;
  return html`<${AdminPage} title=${t('admin.section.accounts')} section="accounts" may=${can('accounts.manage')} tools=${tools}
    after=${html`<${Dialog} wide title=${t('admin.account.open')} open=${opening} onClose=${() => setOpening(false)}>
        <${OpenAccount} onCancel=${() => setOpening(false)} onDone=${(/** @type {any} */ answer) => { setOpening(false); setOpened(answer); void list.reload(); }} /><//>
      <${Password} opened=${opened} onClose=${() => { const id = opened?.account.id; setOpened(null); if (id) go(`/admin/accounts/${id}`); }} />`}>
    <section class="panel stack grow">
      ${list.error && !list.rows.length ? html`<div class="pad"><div class="line sheettools">${filter}</div><${Failed} error=${list.error} retry=${list.reload} /></div>`
        : html`<${Sheet} caption=${t('admin.section.accounts')} columns=${columns} rows=${list.rows} csv=${t('admin.section.accounts')} more=${list.more} tools=${filter}
          empty=${list.loading ? html`<${Loading} />` : username ? t('admin.account.no_such', { name: username }) : t('admin.account.none')} />`}
    </section>
  <//>`;
}
