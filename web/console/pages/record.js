import { html, useEffect, useState } from '../core/html.js';
import { get, online, Problem } from '../core/api.js';
import { t } from '../core/i18n.js';
import { dayText, whenText } from '../core/format.js';
import { can } from '../core/session.js';
import { useAnswer } from '../core/sync.js';
import { enqueue, outbox, replaceEntry } from '../core/outbox.js';
import { records } from '../core/village.js';
import { go, route } from '../core/router.js';
import { Shell } from '../parts/shell.js';
import { Note, State } from '../parts/state.js';
import { Answer, Empty, Failed, Loading, Row, Rows, Section, faultText, refusalText } from '../parts/rows.js';
import { Words, focusOn } from '../parts/fields.js';
import { recordText } from '../parts/kinds.js';
import { householdName, useHousehold } from '../parts/households.js';
import { changeOf, stateOf } from '../parts/record-state.js';
import { holdsPersonalNumber } from '../parts/checks.js';
import { RecordFields, contentOf, draftOf, faultsOf, inFold } from '../parts/record-form.js';

/** One record: what it says, what it said before, and how to set it right. */
export default function RecordPage() {
  const id = route.value.id ?? '';
  const own = records.value.find((row) => row.id === id);
  const told = useAnswer(own ? '' : `record:${id}`, () => get(`/assistance-records/${id}`));
  const row = own ?? told.value;
  const mend = outbox.value.find((e) => e.id === route.value.query.get('mend') && e.object_id === id && e.state === 'refused');
  const [act, setAct] = useState(/** @type {'' | 'correct' | 'void'} */ (mend ? (mend.act === 'void_assistance' ? 'void' : 'correct') : ''));
  if (!row) {
    const gone = told.error instanceof Problem && told.error.status === 404;
    return html`<${Shell} title=${t('record.title')} back="/households">
      ${gone ? html`<${Empty} text=${t('record.gone')} />` : told.error ? html`<${Failed}
        error=${told.error} retry=${told.reload} />` : html`<${Loading} />`}<//>`;
  }
  if (act) return html`<${Change} key=${act} act=${act} row=${row} mend=${mend} done=${() => (mend ? go('/outbox') : setAct(''))} />`;
  return html`<${Show} row=${row} choose=${setAct} />`;
}

/** Why a record cannot be changed now; nothing when it can. @param {any} row */
function blocked(row) {
  const change = changeOf(row);
  if (!row.service_point_id || !can('assistance.log', row.service_point_id)) return t('record.not_yours');
  if (row.sent === 'refused') return t('record.mend_in_outbox');
  if (change?.act === 'void_assistance') return t('record.change_waits');
  if (row.state === 'voided') return t('record.is_voided');
  return null;
}

/** @param {{ row: any, choose: (act: 'correct' | 'void') => void }} props */
function Show({ row, choose }) {
  const why = blocked(row);
  const { household } = useHousehold(row.household_id);
  const { kind, word } = stateOf(row);
  const versions = useAnswer(row.sent === 'unsent' || row.sent === 'refused' ? '' : `versions:${row.id}`, () => get(`/assistance-records/${row.id}/versions`));
  const behind = row.sent === 'sent' && (versions.value?.items.at(-1)?.version ?? row.version) < row.version;
  useEffect(() => {
    if (behind && !versions.loading && !versions.error) versions.reload();
  }, [behind, versions.loading]);
  const dock = why ? null : html`<div class="two"><button type="button" class="btn warn"
    onClick=${() => choose('void')}>${t('record.void')}</button><button type="button" class="btn"
    onClick=${() => choose('correct')}>${t('record.correct')}</button></div>`;
  return html`<${Shell} title=${t('record.title')} back="/household/${row.household_id}" dock=${dock}>
    <div class="panel pad stackx">
      <p class="bigtext"><a href="#/household/${row.household_id}">${household?.head_name ?? householdName(row.household_id)}</a><br /><b class=${row.state === 'voided' ? 'voided' : ''}>${recordText(row)}</b></p>
      <p>${dayText(row.given_on)}</p>
      ${row.note ? html`<p class="text">${row.note}</p>` : null}
      <p role="status"><${State} kind=${kind} word=${word} /></p>
      ${row.void_reason ? html`<${Note} kind="error"><p><b>${t('record.void_reason')}</b>${row.void_reason}</p><//>` : null}
    </div>
    ${why ? html`<p class="dim small read">${why}${changeOf(row) || row.sent === 'refused' ? html` <a
      href="#/outbox">${t('log.to_outbox')}</a>` : null}</p>` : null}
    ${row.sent === 'unsent' || row.sent === 'refused' ? null : html`<${Section} title=${t('record.versions')}>
      ${versions.value || online.value ? html`<${Answer} answer=${versions}>${(/** @type {any} */ page) => html`<${Rows}>${[...page.items].reverse().map((/** @type {any} */ v) => html`<${Row} key=${v.version}>
        <b class=${v.state === 'voided' ? 'voided' : ''}>${recordText(v)}</b>, ${dayText(v.given_on)}<br />
        <span class="dim tiny">${t('record.version', { n: v.version, when: whenText(v.changed_at) })}${v.reason ? t('record.because', { reason: v.reason }) : ''}</span>
      <//>`)}<//>`}<//>` : html`<p class="dim small read">${t('record.versions_online')}</p>`}
    <//>`}
  <//>`;
}

/**
 * A correction or the voiding of a record; `mend` is one that was refused, whose place it takes.
 * @param {{ act: 'correct' | 'void', row: any, mend: any, done: () => void }} props
 */
function Change({ act, row, mend, done }) {
  const [draft, setDraft] = useState(() => draftOf({ ...row, ...mend?.content }));
  const [reason, setReason] = useState(mend?.content.reason ?? '');
  const [tried, setTried] = useState(false);
  const [failed, setFailed] = useState('');
  const [more, setMore] = useState(true);
  const [busy, setBusy] = useState(false);
  const correct = act === 'correct';
  const changes = correct ? changesOf(row, contentOf(draft)) : {};
  const wrong = correct ? faultsOf(draft) : {};
  if (correct && !Object.keys(wrong).length && !Object.keys(changes).length) wrong.work = t('record.nothing_changed');
  if (!reason.trim()) wrong.reason = t('record.reason_needed');
  else if (holdsPersonalNumber(reason)) wrong.reason = t('fields.no_numbers');
  const faults = tried ? wrong : {};

  async function save() {
    setTried(true);
    setFailed('');
    if (inFold(wrong)) setMore(true);
    const first = Object.keys(wrong)[0];
    if (first) return focusOn(first);
    if (busy) return;
    setBusy(true);
    try {
      const content = { ...changes, reason: reason.trim() };
      const about = householdName(row.household_id);
      if (mend) await replaceEntry(mend.id, { content, about });
      else await enqueue(correct ? 'correct_assistance' : 'void_assistance', { object_id: row.id, version: row.version, content, about });
      done();
    } catch (thrown) {
      setFailed(faultText(thrown));
      setBusy(false);
    }
  }

  const phrases = correct
    ? [t('record.reason_wrong_number'), t('record.reason_wrong_amount'), t('record.reason_wrong_kind'), t('record.reason_wrong_day')]
    : [t('record.reason_twice'), t('record.reason_wrong_household'), t('record.reason_not_done')];
  const dock = html`${failed ? html`<p class="fault" role="alert">${failed}</p>` : null}
    <div class="two"><button type="button" class="btn" onClick=${done}>${t('record.leave_it')}</button>
    <button class="btn ${correct ? 'main' : 'warn'}" disabled=${busy}>${t(correct ? 'record.save_correction' : 'record.save_void')}</button></div>`;
  return html`<${Shell} title=${t(correct ? 'record.correct' : 'record.void')} back="/record/${row.id}" dock=${dock} onSubmit=${save}>
    ${mend ? html`<${Note} kind="return"><p><b>${t('log.refused_because')}</b>${refusalText(mend.problem)}</p><//>` : null}
    <p class="bigtext">${t('log.of_household', { name: householdName(row.household_id) })}<b>${recordText(row)}</b></p>
    ${correct ? html`<${RecordFields} ...${{ draft, set: setDraft, faults, more, setMore }} />` : html`<${Note} kind="doubt"><p>${t('record.void_means')}</p><//>`}
    <div class="panel pad"><${Words} id="reason" must label=${t('record.reason')} phrases=${phrases} max=${200} value=${reason} set=${setReason}
      error=${faults.reason} /></div>
  <//>`;
}

/** What a correction says anew; what stays is left out. @param {any} row @param {Record<string, unknown>} after */
const changesOf = (row, after) => Object.fromEntries(Object.entries(after).filter(([field, value]) => (row[field] ?? null) !== value));
