import { html, useState } from '../../core/html.js';
import { label, t, tn } from '../../core/i18n.js';
import { addMonths, money, thisMonth, today, whenText } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { Answer, Failed, Loading } from '../../parts/rows.js';
import { pages, pointName, useAnswer, useGet, usePoint, all } from '../data.js';
import { Desk, Stair } from '../parts/frame.js';
import { Paper, PrintButton } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { Tree } from '../parts/tree.js';
import { Identity } from './identity.js';

/** One household: what is known of it, who belongs to it, what was done for it, and how it came to be so. @param {{ id: string }} props */
export default function Household({ id }) {
  const household = useGet(`/households/${id}`);
  const point = usePoint(household.value?.service_point_id);
  const h = household.value;
  const title = h ? h.head_name ?? t('homes.nobody') : t('homes.one');
  const [asking, setAsking] = useState(false);
  const home = h?.service_point_id;
  const show = home && point.value && can('households.show_identity', home);
  const members = useAnswer(h ? `members/${id}` : '', () => all(`/households/${id}/members`));
  return html`<${Desk} title=${title} nav="network" flow
    side=${html`<${Tree} current=${home} href=${(/** @type {string} */ to) => `#/households/${to}`} />`}
    above=${point.value ? html`<${Stair} points=${[...point.value.above, point.value, { id: 'household', name: title }]} href=${(/** @type {string} */ to) => `#/households/${to}`} />
      ${household.read_at ? html`<span class="end small dim">${t('network.read_at', { when: whenText(household.read_at) })}</span>` : null}` : null}
    sub=${h ? html`${label('household_type', h.household_type)} · ${label('household_status', h.status)} · ${tn('homes.people', h.persons)}` : null}
    tools=${h ? html`${can('assistance.log', session.value.here?.id) && h.status === 'active' ? html`<a class="btn" href=${`#/log?household=${id}`}>${t('homes.log')}</a>` : null}
      ${show ? html`<button type="button" class="btn" onClick=${() => setAsking(true)}>${t('identity.show')}</button>` : null}
      ${point.value && can('audit.read_whole', home) ? html`<a class="btn" href=${`#/audit/household/${id}`}>${t('homes.timeline')}</a>` : null}<${PrintButton} />` : null}
    after=${h ? html`<${Paper} title=${t('homes.paper_one', { name: title })} unit=${pointName(home)} code=${h.external_number ?? ''} columns=${memberColumns()} rows=${members.value ?? []} date=${today()} />` : null}>
    ${!h ? (household.error ? html`<${Failed} error=${household.error} retry=${household.reload} />` : html`<${Loading} />`) : html`<div class="two-thirds">
      <div class="stack">
        <section class="panel stack"><${Answer} answer=${members}>${(/** @type {any[]} */ rows) => html`<${Sheet} tools=${html`<h2>${t('homes.members')}</h2>`} caption=${t('homes.members')} columns=${memberColumns()} rows=${rows} csv=${`${title}-${t('homes.members')}`} empty=${t('homes.no_members')} />`}<//></section>
        <${Records} id=${id} name=${title} />
        <${History} id=${id} />
      </div>
      <div class="stack"><${Facts} h=${h} /></div>
    </div>
    ${show ? html`<${Identity} id=${id} open=${asking} onClose=${() => setAsking(false)} members=${members.value ?? []} />` : null}`}
  <//>`;
}

/** @returns {import('../parts/sheet.js').Column[]} */
const memberColumns = () => [
  { key: 'name', label: t('members.name'), cell: (m) => html`${m.name ?? t('members.erased')}${m.left_on ? html` <span class="dim">${t('members.left', { day: m.left_on })}</span>` : null}`, value: (m) => m.name ?? '' },
  { key: 'relation', label: t('members.relation'), value: (m) => label('relation', m.relation) },
  { key: 'sex', label: t('members.sex'), value: (m) => (m.sex ? label('sex', m.sex) : '') },
  { key: 'birth_on', label: t('members.birth'), value: (m) => m.birth_on ?? '' },
  { key: 'identity', label: t('members.identity'), sort: false, value: (m) => m.identity_masked ?? (m.no_identity_reason ? label('no_identity_reason', m.no_identity_reason) : ''), cell: (m) => html`<span class="code">${m.identity_masked ?? (m.no_identity_reason ? label('no_identity_reason', m.no_identity_reason) : '')}</span>` },
  { key: 'health', label: t('members.health'), value: (m) => (m.health ?? []).map((/** @type {string} */ c) => label('health', c)).join(t('desk.join')) },
  { key: 'labour', label: t('members.labour'), value: (m) => (m.labour_skill ? label('labour_skill', m.labour_skill) : '') },
  { key: 'disability', label: t('members.disability'), value: (m) => (m.disability ? [label('disability_category', m.disability.category), label('disability_grade', m.disability.grade)].join(' ') : '') },
  { key: 'phone', label: t('homes.phone'), sort: false, value: (m) => m.phone_masked ?? '' },
];

/** @param {{ h: any }} props */
function Facts({ h }) {
  /** @type {[string, any][]} */
  const facts = [
    [t('homes.home'), html`<a href=${`#/network/${h.service_point_id}`}>${pointName(h.service_point_id)}</a>`], [t('homes.address'), h.address],
    [t('homes.phone'), h.phone_masked], [t('homes.number'), h.external_number], [t('homes.type'), label('household_type', h.household_type)],
    [t('homes.category'), h.monitoring_category && label('monitoring_category', h.monitoring_category)], [t('homes.causes'), h.risk_causes.map((/** @type {string} */ c) => label('risk_cause', c)).join(t('desk.join'))],
    [t('homes.registered'), h.registered_on], [t('homes.consent'), h.consent && `${label('consent_form', h.consent.how)} ${h.consent.given_on}`], [t('homes.erased'), h.erased_on],
  ];
  const yuan = (/** @type {number} */ fen) => `${money(fen)} ${t('money.yuan')}`;
  return html`<section class="panel"><header><h2>${t('homes.file')}</h2></header><dl class="list facts pad">${facts.filter(([, v]) => v).map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl></section>
    ${h.income ? html`<section class="panel"><header><h2>${t('homes.income', { year: h.income.year })}</h2></header><dl class="list facts pad">
      ${/** @type {const} */ (['wages', 'business', 'property', 'transfers', 'business_expenses']).map((part) => html`<dt>${t(`income.${part}`)}</dt><dd>${yuan(h.income[`${part}_fen`])}</dd>`)}
      ${h.per_capita_income_fen === null ? null : html`<dt>${t('income.per_capita')}</dt><dd><b>${yuan(h.per_capita_income_fen)}</b></dd>`}</dl></section>` : null}`;
}

/** @param {string} day */
const dayBefore = (day) => new Date(Date.parse(`${day}T00:00:00Z`) - 86400e3).toISOString().slice(0, 10);

/** @param {{ id: string, name: string }} props */
function Records({ id, name }) {
  const [back, setBack] = useState(0);
  // The API lists a year at a time.
  const to = back === 0 ? today() : dayBefore(`${addMonths(thisMonth(), -12 * back + 1)}-01`);
  const from = `${addMonths(thisMonth(), -12 * back - 11)}-01`;
  const list = pages(`/households/${id}/records`, { from, to }, { limit: 100 });
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'given_on', label: t('entry.given_on'), href: (r) => `#/record/${r.id}` },
    { key: 'kind', label: t('entry.kind'), value: (r) => [label('assistance_kind', r.kind), r.subkind ? label('assistance_subkind', r.subkind) : ''].filter(Boolean).join(' · ') },
    { key: 'quantity', label: t('entry.quantity'), num: true, cell: (r) => `${r.quantity} ${label('quantity_unit', r.unit)}`, csv: (r) => r.quantity },
    { key: 'amount_fen', label: `${t('entry.amount')} (${t('money.yuan')})`, num: true, csv: (r) => (r.amount_fen === null ? '' : money(r.amount_fen).replaceAll(',', '')), cell: (r) => (r.amount_fen === null ? '' : money(r.amount_fen)) },
    { key: 'point', label: t('entry.by'), value: (r) => (r.service_point_id ? pointName(r.service_point_id) : t('entry.elsewhere')) },
    { key: 'state', label: t('homes.status'), value: (r) => label('record_state', r.state) },
    { key: 'note', label: t('entry.note'), sort: false, value: (r) => r.note ?? '' },
  ];
  const tools = html`<h2>${t('homes.records')}</h2><span class="dim small">${t('homes.window', { from, to })}</span>
    <button type="button" class="btn" onClick=${() => setBack(back + 1)}>${t('homes.year_back')}</button>${back ? html`<button type="button" class="btn" onClick=${() => setBack(back - 1)}>${t('homes.year_on')}</button>` : null}`;
  return html`<section class="panel stack">${list.error ? html`<${Failed} error=${list.error} retry=${list.reload} />` : list.loading && !list.rows.length ? html`<${Loading} />`
    : html`<${Sheet} caption=${t('homes.records')} columns=${columns} rows=${list.rows} more=${list.more} tools=${tools} csv=${`${name}-${t('homes.records')}`} empty=${t('homes.no_records')} />`}</section>`;
}

/** Type, state and home hold from a day on. @param {{ id: string }} props */
function History({ id }) {
  const answer = useAnswer(`household-history/${id}`, () => all(`/households/${id}/history`));
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'valid_from', label: t('history.from') }, { key: 'valid_to', label: t('history.to'), value: (r) => r.valid_to ?? '' },
    { key: 'home', label: t('homes.home'), value: (r) => (r.service_point_id ? pointName(r.service_point_id) : t('entry.elsewhere')) },
    { key: 'type', label: t('homes.type'), value: (r) => label('household_type', r.household_type) },
    { key: 'status', label: t('homes.status'), value: (r) => label('household_status', r.status) },
  ];
  return html`<section class="panel stack"><${Answer} answer=${answer}>${(/** @type {any[]} */ rows) => html`<${Sheet} tools=${html`<h2>${t('history.title')}</h2>`} caption=${t('history.title')} columns=${columns} rows=${rows.map((row, n) => ({ ...row, id: String(n) }))} />`}<//></section>`;
}
