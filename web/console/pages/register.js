import { html, useEffect, useRef, useState } from '../core/html.js';
import { entries, t, tn } from '../core/i18n.js';
import { can, session } from '../core/session.js';
import { draft as keep } from '../core/draft.js';
import { enqueue, outbox, replaceEntry } from '../core/outbox.js';
import { today } from '../core/format.js';
import { replace, route } from '../core/router.js';
import { Shell } from '../parts/shell.js';
import { Note, State } from '../parts/state.js';
import { Empty, Loading, Section, faultText, refusalText } from '../parts/rows.js';
import { Checks, Entry, Field, Fold, Seg, Select, focusOn, tied } from '../parts/fields.js';
import { FirstFields, MemberFold, MoreFields } from '../parts/member-fields.js';
import { INCOME_PARTS, contentOf, draftOf, faultsOf, newHousehold, newMember } from '../parts/register-data.js';

/** @typedef {import('../parts/register-data.js').HouseholdDraft} HouseholdDraft */

/** Registers a household: few fields first, all others folded away. Works without a network, and survives being left. */
export default function Register() {
  const mend = route.value.query.get('mend') ?? '';
  const [draft, setDraft] = useState(/** @type {HouseholdDraft | null} */ (null));
  const [kept, setKept] = useState(false);
  const done = route.value.query.get('done');
  const refused = mend ? outbox.value.find((e) => e.id === mend && e.state === 'refused') : undefined;
  useEffect(() => {
    let gone = false;
    if (done) return;
    if (refused) setDraft(draftOf(refused.content));
    else keep('register').load().then((found) => { if (!gone) { setKept(Boolean(found)); setDraft(found ?? newHousehold()); } });
    return () => { gone = true; };
  }, [mend, done]);
  const here = session.value.here;
  if (!here || !can('households.write', here.id)) return html`<${Shell} title=${t('households.register')} back="/households"><${Empty} text=${t('register.not_allowed')} /><//>`;
  // What was registered has an address of its own, so that every way to the form leads to a new one.
  if (done) return html`<${Done} id=${done} />`;
  if (!draft) return html`<${Shell} title=${t('households.register')} back="/households"><${Loading} /><//>`;
  const finish = (/** @type {string} */ id) => {
    setDraft(null);
    replace(`/register?done=${id}`);
  };
  return html`<${Form} key=${draft.id} ...${{ point: here.id, first: draft, refused, kept, done: finish }} />`;
}

/** @param {{ point: string, first: HouseholdDraft, refused: any, kept: boolean, done: (id: string) => void }} props */
function Form({ point, first, refused, kept, done }) {
  const [draft, setDraft] = useState(first);
  const [tried, setTried] = useState(false);
  const [failed, setFailed] = useState('');
  const [busy, setBusy] = useState(false);
  // After the first attempt a fault goes as soon as it is mended.
  const faults = tried ? faultsOf(draft) : {};
  const last = useRef(draft);
  // One after another: a late write would bring a draft back that was sent.
  const writing = useRef(Promise.resolve());
  const set = (/** @type {Partial<HouseholdDraft>} */ some) => {
    last.current = { ...last.current, ...some };
    setDraft(last.current);
    if (!refused) writing.current = writing.current.then(() => keep('register').save(last.current));
  };
  const setMember = (/** @type {number} */ n) => (/** @type {any} */ member) => set({ members: last.current.members.map((m, at) => (at === n ? member : m)) });
  const of = (/** @type {'phone' | 'address' | 'external' | 'type' | 'category' | 'consent_how'} */ field) => ({ id: field, value: draft[field], error: faults[field], set: (/** @type {string} */ value) => set({ [field]: value }) });

  async function save() {
    const wrong = faultsOf(draft);
    setTried(true);
    setFailed('');
    const bad = Object.keys(wrong)[0];
    if (bad) return focusOn(bad);
    if (busy) return;
    setBusy(true);
    try {
      const content = contentOf(draft, refused?.content.service_point_id ?? point);
      if (refused) await replaceEntry(refused.id, { object_id: draft.id, content });
      else {
        await enqueue('register_household', { object_id: draft.id, content });
        await writing.current.then(() => keep('register').clear());
      }
      done(draft.id);
    } catch (thrown) {
      setFailed(faultText(thrown));
      setBusy(false);
    }
  }

  const head = /** @type {import('../parts/register-data.js').MemberDraft} */ (draft.members[0]);
  const wrong = Object.keys(faults).length;
  const dock = html`<p class="small" role="status">${wrong ? tn('register.faults', wrong) : t('register.kept_here')}</p>
    ${failed ? html`<p class="fault" role="alert">${failed}</p>` : null}
    <button class="btn main" disabled=${busy}>${t('register.save')}</button>`;
  return html`<${Shell} title=${t('households.register')} back=${refused ? '/outbox' : '/households'} dock=${dock} onSubmit=${save}>
    ${refused ? html`<${Note} kind="return"><p><b>${t('log.refused_because')}</b>${refusalText(refused.problem)}</p><//>` : null}
    ${kept ? html`<${Note} kind="wait"><p>${t('register.continued')}</p><button type="button" class="btn gap"
      onClick=${() => { keep('register').clear(); last.current = newHousehold(); setDraft(last.current); setTried(false); }}>${t('register.start_anew')}</button><//>` : null}
    <div class="panel form pad">
      <${FirstFields} n=${0} member=${head} set=${setMember(0)} faults=${faults} />
      <${Field} ...${of('phone')} type="tel" inputmode="tel" label=${t('register.phone')} hint=${t('register.phone_hint')} />
      <${Seg} name="type" must legend=${t('register.type')} value=${draft.type} set=${of('type').set} options=${entries('household_type')}
        error=${faults.type} />
      ${draft.type === 'monitored' ? html`<${Select} ...${of('category')} label=${t('register.category')} none=${t('register.unsaid')}
        options=${entries('monitoring_category')} />` : null}
      <${Field} ...${of('address')} must label=${t('register.address')} maxlength="200" />
    </div>
    <${Section} title=${t('register.others')} aside=${tn('register.persons', draft.members.length)}>
      <div class="stackx">
        ${draft.members.slice(1).map((m, at) => html`<${MemberFold} key=${m.id} n=${at + 1} member=${m} set=${setMember(at + 1)} faults=${faults}
          drop=${() => set({ members: last.current.members.filter((x) => x.id !== m.id) })} />`)}
        ${draft.members.length < 30 ? html`<button type="button" class="btn"
          onClick=${() => { const n = draft.members.length; set({ members: [...draft.members, newMember('')] }); focusOn(`m${n}-name`); }}>${t('register.add_member')}</button>` : null}
      </div>
    <//>
    <${Section} title=${t('register.more')} aside=${t('register.more_hint')}>
      <div class="stackx">
        <${Fold} title=${t('register.of_head')} open=${Boolean(faults['m0-phone'] || faults['m0-grade']) || undefined}><div class="form pad"><${MoreFields} n=${0} member=${head} set=${setMember(0)} faults=${faults} /></div><//>
        <${Fold} title=${t('register.risks')} aside=${draft.risks.length || null}><div class="pad"><${Checks} legend=${t('register.risks_hint')}
          value=${draft.risks} set=${(/** @type {string[]} */ risks) => set({ risks })} options=${entries('risk_cause')} /></div><//>
        <${Income} ...${{ draft, set, faults }} />
        <${Fold} title=${t('register.consent')} open=${Boolean(faults.consent_on || faults.registered_on) || undefined}><div class="form pad">
          <${Select} ...${of('consent_how')} label=${t('register.consent_how')} none=${t('register.unsaid')} options=${entries('consent_form')}
            set=${(/** @type {string} */ how) => set({ consent_how: how, consent_on: how ? draft.consent_on || today() : '' })} />
          ${draft.consent_how ? html`<${DayField} id="consent_on" label=${t('register.consent_on')} value=${draft.consent_on}
            set=${(/** @type {string} */ v) => set({ consent_on: v })} error=${faults.consent_on} />` : null}
          <${Field} ...${of('external')} label=${t('register.external')} hint=${t('register.external_hint')} maxlength="32" />
          <${DayField} id="registered_on" label=${t('household.registered_on')} hint=${t('register.registered_hint')} value=${draft.registered_on}
            set=${(/** @type {string} */ v) => set({ registered_on: v })} error=${faults.registered_on} />
        </div><//>
      </div>
    <//>
  <//>`;
}

/** @param {import('../parts/fields.js').Entry & { value: string, set: (value: string) => void }} props */
const DayField = ({ value, set, ...entry }) => html`<${Entry} ...${entry}><div class="field"><input type="date" max=${today()} ...${tied(entry)}
  value=${value} onInput=${(/** @type {any} */ e) => set(e.target.value)} /></div><//>`;

/** @param {{ draft: HouseholdDraft, set: (some: Partial<HouseholdDraft>) => void, faults: Record<string, string> }} props */
function Income({ draft, set, faults }) {
  const words = { wages: t('register.wages'), business: t('register.business'), property: t('register.property'), transfers: t('register.transfers'), business_expenses: t('register.business_expenses') };
  const part = (/** @type {string} */ name) => (/** @type {string} */ value) => set({ income: { ...draft.income, [name]: value } });
  return html`<${Fold} title=${t('register.income')} open=${Boolean(faults.year || INCOME_PARTS.some((p) => faults[p])) || undefined}><div class="form pad">
    <${Field} id="year" inputmode="numeric" label=${t('register.year')} value=${draft.income.year ?? ''} set=${part('year')} error=${faults.year} />
    ${INCOME_PARTS.map((p) => html`<${Field} key=${p} id=${p} inputmode="decimal" label=${words[p]} unit=${t('record.yuan')}
      value=${draft.income[p] ?? ''} set=${part(p)} error=${faults[p]} />`)}
  </div><//>`;
}

/** @param {{ id: string }} props */
function Done({ id }) {
  const head = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => head.current?.focus(), []);
  const entry = outbox.value.find((e) => e.object_id === id && e.act === 'register_household');
  const state = entry?.state ?? 'unsent';
  return html`<${Shell} title=${t('households.register')} back="/households" tab="households">
    <h2 class="head2" tabindex="-1" ref=${head}>${t('register.done')}</h2>
    <div class="panel pad stackx" role="status">
      <${State} kind=${state === 'sent' ? 'ok' : state === 'refused' ? 'return' : 'wait'} word=${state === 'sent' ? t('state.sent') : state === 'refused' ? t('state.refused') : t('state.unsent')} />
      <p class="dim small">${state === 'sent' ? t('log.is_sent') : state === 'refused' ? t('log.is_refused') : t('log.is_unsent')}</p>
    </div>
    <a class="btn main" href="#/log?household=${id}">${t('household.log')}</a>
    <div class="two"><a class="btn" href="#/register">${t('register.another')}</a><a class="btn" href="#/home">${t('log.to_home')}</a></div>
  <//>`;
}
