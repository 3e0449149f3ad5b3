import { html } from '../core/html.js';
import { get, online } from '../core/api.js';
import { label, t, tn } from '../core/i18n.js';
import { dayText, money, addMonths, thisMonth } from '../core/format.js';
import { can, session } from '../core/session.js';
import { useAnswer } from '../core/sync.js';
import { records } from '../core/village.js';
import { route } from '../core/router.js';
import { Shell } from '../parts/shell.js';
import { Note, State } from '../parts/state.js';
import { Answer, Empty, Loading, Row, Rows, Section, faultText } from '../parts/rows.js';
import { recordText } from '../parts/kinds.js';
import { aboutText, useHousehold } from '../parts/households.js';
import { RecordState } from '../parts/record-state.js';

/** One household: what is known of it, what was done for it, who lives there. */
export default function HouseholdPage() {
  const id = route.value.id ?? '';
  const { household, error } = useHousehold(id);
  const name = household?.head_name ?? t('households.nameless');
  const dock = household && can('assistance.log', session.value.here?.id)
    ? html`<a class="btn main" href="#/log?household=${id}">${t('household.log')}</a>` : null;
  if (!household) {
    return html`<${Shell} title=${t('household.title')} back="/households">
      ${error ? html`<${Note} kind="doubt" role="alert"><p>${faultText(error)}</p><//>` : html`<${Loading} />`}<//>`;
  }
  const card = /** @type {any} */ (household);
  return html`<${Shell} title=${name} back="/households" dock=${dock}>
    <div class="panel pad stackx">
      <p><b>${aboutText(household)}</b></p>
      <p class="small">${label('household_type', household.household_type)}${card.registered_on ? t('household.since', { day: card.registered_on }) : ''}</p>
      ${household.unsent ? html`<p><${State} kind="wait" word=${t('household.unsent')} /></p>` : null}
      ${household.elsewhere ? html`<p class="dim small">${t('household.elsewhere')}</p>` : null}
    </div>
    ${household.unsent ? html`<${Own} id=${id} />` : html`<${Told} key=${id} id=${id} />`}
  <//>`;
}

/** A household that the server knows: its file, its records by whomever, its members. @param {{ id: string }} props */
function Told({ id }) {
  const here = session.value.here?.id;
  const from = `${addMonths(thisMonth(), -11)}-01`;
  const given = useAnswer(`household-records:${id}`, () => get(`/households/${id}/records`, { from, limit: '100' }));
  const own = records.value.filter((row) => row.household_id === id);
  // What this phone has is shown as this phone has it: with what has not been received yet.
  const others = (given.value?.items ?? []).filter((/** @type {any} */ r) => r.service_point_id !== here && !own.some((row) => row.id === r.id));
  const older = (given.value?.items ?? []).filter((/** @type {any} */ r) => r.service_point_id === here && !own.some((row) => row.id === r.id)).map((/** @type {any} */ r) => ({ ...r, sent: 'sent' }));
  const all = [...own, ...older, ...others].sort((a, b) => b.given_on.localeCompare(a.given_on));
  return html`
    <${Section} title=${t('household.records')} aside=${all.length ? tn('household.count', all.length) : null}>
      ${all.length ? html`<${RecordRows} rows=${all} here=${here} />` : given.loading && online.value ? html`<${Loading} />` : html`<${Empty} icon="pen" text=${t('household.no_records')} />`}
      ${given.error || !given.value ? html`<p class="dim small gap read">${given.loading && online.value ? null : t('household.own_records_only')}</p>` : null}
    <//>
    <${Members} id=${id} />
    <${File} id=${id} />`;
}

/** @param {{ id: string }} props */
function Own({ id }) {
  const own = records.value.filter((row) => row.household_id === id);
  return own.length ? html`<${Section} title=${t('household.records')}><${RecordRows} rows=${own} here=${session.value.here?.id} /><//>` : null;
}

/** @param {{ rows: any[], here: string | undefined }} props */
const RecordRows = ({ rows, here }) => html`<${Rows}>${rows.map((row) => html`<${Row} key=${row.id} href="#/record/${row.id}"
  after=${row.sent ? html`<${RecordState} row=${row} />` : row.state === 'voided' ? html`<span class="small"><${State} kind="error" word=${t('state.voided')} chip /></span>` : null}>
  <b class=${row.state === 'voided' ? 'voided' : ''}>${recordText(row)}</b><br />
  <span class="dim tiny">${dayText(row.given_on)}${row.service_point_id === here ? '' : t('household.by_other')}</span>
<//>`)}<//>`;

/** @param {{ id: string }} props */
function Members({ id }) {
  const answer = useAnswer(`members:${id}`, () => get(`/households/${id}/members`));
  return html`<${Section} title=${t('household.members')}>
    <${Answer} answer=${answer}>${(/** @type {any} */ page) => html`<${Rows}>${page.items.filter((/** @type {any} */ m) => !m.left_on).map((/** @type {any} */ m) => html`<${Row} key=${m.id}>
      <b>${m.name ?? t('households.nameless')}</b> <span class="dim small">${label('relation', m.relation)}</span><br />
      <span class="dim tiny">${[label('sex', m.sex), m.birth_on, m.identity_masked ?? (m.no_identity_reason && label('no_identity_reason', m.no_identity_reason)), m.phone_masked].filter(Boolean).join(t('household.join'))}</span>
    <//>`)}<//>`}<//>
  <//>`;
}

/** @param {{ id: string }} props */
function File({ id }) {
  const answer = useAnswer(`household:${id}`, () => get(`/households/${id}`));
  return html`<${Section} title=${t('household.file')}>
    <${Answer} answer=${answer}>${(/** @type {any} */ h) => html`<dl class="panel pad list">
      <dt>${t('register.address')}</dt><dd>${h.address}</dd>
      <dt>${t('register.phone')}</dt><dd>${h.phone_masked ?? t('households.no_phone')}</dd>
      <dt>${t('register.type')}</dt><dd>${label('household_type', h.household_type)}</dd>
      ${h.monitoring_category ? html`<dt>${t('register.category')}</dt><dd>${label('monitoring_category', h.monitoring_category)}</dd>` : null}
      ${h.risk_causes.length ? html`<dt>${t('register.risks')}</dt><dd>${h.risk_causes.map((/** @type {string} */ c) => label('risk_cause', c)).join(t('household.join'))}</dd>` : null}
      ${h.external_number ? html`<dt>${t('register.external')}</dt><dd>${h.external_number}</dd>` : null}
      ${h.per_capita_income_fen == null ? null : html`<dt>${t('household.income', { year: h.income.year })}</dt><dd>${t('kinds.yuan', { n: money(h.per_capita_income_fen) })}</dd>`}
      <dt>${t('household.registered_on')}</dt><dd>${h.registered_on}</dd>
    </dl>`}<//>
  <//>`;
}
