import { html, useState } from '../core/html.js';
import { language, setLanguage, t, tn } from '../core/i18n.js';
import { deskFrame, elder, phoneOnly, theme, wide } from '../core/settings.js';
import { can, chooseHere, session, signOut, unsent } from '../core/session.js';
import { upToDate, households, records } from '../core/village.js';
import { whenText } from '../core/format.js';
import { Shell } from '../parts/shell.js';
import { Note } from '../parts/state.js';
import { Row, Rows, Section } from '../parts/rows.js';
import { Check, Seg } from '../parts/fields.js';

/** Who works with this phone, where, how it is shown, and what the phone keeps. */
export default function Me() {
  const { account, grants = [], points = [], here } = session.value;
  const roles = (/** @type {string} */ id) => grants.filter((/** @type {any} */ g) => g.service_point_id === id).map((/** @type {any} */ g) => t(`role.${g.role}`)).join(t('household.join'));
  return html`<${Shell} title=${t('shell.me')} tab="me">
    <div class="panel pad stackx">
      <p class="bigtext"><b>${account?.display_name}</b></p>
      <p class="dim small">${account?.username}</p>
      ${here ? html`<p>${here.name}<br /><span class="dim small">${roles(here.id)}</span></p>` : html`<p>${t('home.no_point')}</p>`}
    </div>
    ${points.length > 1 ? html`<div class="panel pad"><fieldset class="stackx"><legend class="title"><b>${t('me.where')}</b></legend>
      ${points.map((/** @type {any} */ p) => html`<label class="pick" key=${p.id}><input type="radio" name="here" checked=${p.id === here?.id}
        onChange=${() => chooseHere(p.id)} /><span><span>${p.name}<br /><span class="dim tiny">${roles(p.id)}</span></span></span></label>`)}
    </fieldset></div>` : null}
    <${Rows}>
      ${can('notices.read') ? html`<${Row} href="#/notices">${t('notices.title')}<//>` : null}
      <${Row} href="#/outbox">${t('log.to_outbox')}<br /><span class="dim tiny">${unsent() ? tn('home.unsent', unsent()) : t('home.all_sent')}</span><//>
      <${Row} href="#/help">${t('help.title')}<//>
    <//>
    <${Section} title=${t('me.shown')}>
      <div class="panel form pad">
        <${Seg} name="language" legend=${t('me.language')} value=${language.value} set=${(/** @type {any} */ l) => setLanguage(l)}
          options=${[{ code: 'zh-CN', label: '中文' }, { code: 'en', label: 'English' }]} />
        <${Seg} name="theme" legend=${t('me.theme')} value=${theme.value} set=${(/** @type {any} */ v) => { theme.value = v; }}
          options=${[{ code: 'auto', label: t('me.theme_auto') }, { code: 'light', label: t('me.theme_light') }, { code: 'dark', label: t('me.theme_dark') }]} />
        ${wide.value && here && here.tier !== 'village' ? html`<${Seg} name="view" legend=${t('me.view')} value=${phoneOnly.value ? 'phone' : 'desk'} set=${(/** @type {any} */ v) => { phoneOnly.value = v === 'phone'; }}
          options=${[{ code: 'desk', label: t('me.view_desk') }, { code: 'phone', label: t('me.view_phone') }]} />` : null}
        <${Check} label=${t('me.elder')} value=${elder.value} set=${(/** @type {boolean} */ v) => { elder.value = v; }} />
      </div>
    <//>
    <${Section} title=${t('me.safety')}><${Rows}>
      <${Row} href="#/password">${t('me.password')}<//>
      <${Row} href="#/sessions">${t('sessions.title')}<br /><span class="dim tiny">${t('me.sessions_hint')}</span><//>
    <//><//>
    ${deskFrame.value ? null : html`<${Section} title=${t('me.on_phone')}>
      <div class="panel pad stackx small">
        <p>${t('me.keeps', { households: households.value.length, records: records.value.length })}</p>
        ${upToDate.value ? html`<p class="dim">${t('rows.read_at', { when: whenText(upToDate.value) })}</p>` : null}
        <p><a class="link" href="#/help">${t('me.why')}</a></p>
        ${matchMedia('(display-mode: standalone)').matches ? null : html`<p class="dim">${t('me.install')}</p>`}
      </div>
    <//>`}
    <${SignOut} />
  <//>`;
}

/** Signing out takes the households from this phone; what has not been sent stays, sealed to the account. */
function SignOut() {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const waiting = unsent();
  if (!asking) return html`<button type="button" class="btn" onClick=${() => setAsking(true)}>${t('me.sign_out')}</button>`;
  return html`<div class="stackx" role="group" aria-label=${t('me.sign_out')}>
    <${Note} kind=${waiting ? 'doubt' : 'none'}
      role="alert"><p>${waiting ? html`<b>${tn('me.unsent', waiting)}</b> ${t('me.unsent_stay')} ` : ''}${t('me.sign_out_means')}</p><//>
    <div class="two"><button type="button" class="btn" onClick=${() => setAsking(false)}>${t('me.stay')}</button>
    <button type="button" class="btn warn" disabled=${busy}
      onClick=${() => { setBusy(true); signOut().finally(() => setBusy(false)); }}>${t('me.sign_out')}</button></div>
  </div>`;
}
