import { html, useEffect, useState } from '../core/html.js';
import { entries, label, t } from '../core/i18n.js';
import { today } from '../core/format.js';
import { Checks, Entry, Field, Fold, Select, tied } from './fields.js';
import { birthOf, identityFault, identityOf } from './checks.js';

/** @typedef {import('./register-data.js').MemberDraft} MemberDraft */
/** @typedef {{ n: number, member: MemberDraft, set: (member: MemberDraft) => void, faults: Record<string, string> }} Props */

/** Name and identity number: what nobody is registered without. @param {Props} props */
export function FirstFields({ n, member, set, faults }) {
  const of = (/** @type {keyof MemberDraft} */ field) => ({
    id: `m${n}-${field}`, value: /** @type {string} */ (member[field]), error: faults[`m${n}-${field}`],
    set: (/** @type {string} */ value) => set({ ...member, [field]: value }),
  });
  const number = identityOf(member.identity);
  const read = number.length === 18 && !identityFault(number, today()) ? t('register.identity_says', { day: birthOf(number), sex: label('sex', Number(number[16]) % 2 ? '1' : '2') }) : undefined;
  const without = member.no_identity !== '';
  return html`
    <${Field} ...${of('name')} label=${t(n ? 'register.name' : 'register.head_name')} must maxlength="50" />
    ${n ? html`<${Select} ...${of('relation')} must label=${t('register.relation')} none=${t('register.choose')}
      options=${entries('relation').filter((e) => e.code !== '02')} />` : null}
    ${without ? null : html`<${Field} ...${of('identity')} must label=${t('register.identity')} hint=${read ?? t('register.identity_hint')} maxlength="24" autocapitalize="characters" spellcheck="false" />`}
    <${Select} id="m${n}-no_identity" label=${t('register.no_identity')} none=${t('register.has_identity')} value=${member.no_identity}
      set=${(/** @type {string} */ v) => set({ ...member, no_identity: v })} options=${entries('no_identity_reason')} />
    ${without ? html`<${Day} n=${n} value=${member.birth_on} set=${(/** @type {string} */ v) => set({ ...member, birth_on: v })}
      error=${faults[`m${n}-birth_on`]} />
      <${Select} ...${of('sex')} label=${t('register.sex')} none=${t('register.unsaid')} options=${entries('sex')} />` : null}`;
}

/** @param {{ n: number, value: string, set: (value: string) => void, error?: string }} props */
const Day = ({ n, value, set, error }) => html`<${Entry} id="m${n}-birth_on" label=${t('register.birth_on')} error=${error}>
  <div class="field"><input type="date" max=${today()} ...${tied({ id: `m${n}-birth_on`, label: '', error })} value=${value}
    onInput=${(/** @type {any} */ e) => set(e.target.value)} /></div><//>`;

/** What else there is to know of a person. @param {Props} props */
export function MoreFields({ n, member, set, faults }) {
  const of = (/** @type {keyof MemberDraft} */ field) => ({
    id: `m${n}-${field}`, value: /** @type {string} */ (member[field]), error: faults[`m${n}-${field}`],
    set: (/** @type {string} */ value) => set({ ...member, [field]: value }),
  });
  const none = t('register.unsaid');
  return html`
    <${Field} ...${of('phone')} type="tel" inputmode="tel" label=${t(n ? 'register.phone_of_member' : 'register.phone_of_head')} />
    <${Select} ...${of('ethnicity')} label=${t('register.ethnicity')} none=${none} options=${entries('ethnicity')} />
    <${Select} ...${of('education')} label=${t('register.education')} none=${none} options=${entries('education')} />
    <${Select} ...${of('labour_skill')} label=${t('register.labour_skill')} none=${none} options=${entries('labour_skill')} />
    <${Checks} legend=${t('register.health')} value=${member.health} set=${(/** @type {string[]} */ health) => set({ ...member, health })}
      options=${entries('health')} />
    <${Select} ...${of('disability')} label=${t('register.disability')} none=${t('register.no_disability')}
      options=${entries('disability_category')} />
    ${member.disability ? html`<${Select} ...${of('grade')} must label=${t('register.grade')} none=${t('register.choose')}
      options=${entries('disability_grade')} />
      <${Field} ...${of('certificate')} label=${t('register.certificate')} maxlength="26" />` : null}`;
}

/** Another member of the household, folded away once it has a name. @param {Props & { drop: () => void }} props */
export function MemberFold({ n, member, set, faults, drop }) {
  const wrong = Object.keys(faults).some((id) => id.startsWith(`m${n}-`));
  const [open, setOpen] = useState(!member.name);
  useEffect(() => { if (wrong) setOpen(true); }, [wrong]);
  return html`<${Fold} title=${member.name || t('register.member_n', { n: n + 1 })} aside=${member.relation ? label('relation', member.relation) : null} open=${open} onToggle=${setOpen}>
    <div class="form pad">
      <${FirstFields} ...${{ n, member, set, faults }} />
      <${MoreFields} ...${{ n, member, set, faults }} />
      <button type="button" class="btn" onClick=${drop}>${t('register.drop_member')}</button>
    </div>
  <//>`;
}
