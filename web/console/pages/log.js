import { html, useEffect, useRef, useState } from '../core/html.js';
import { t } from '../core/i18n.js';
import { dayText, newId, today } from '../core/format.js';
import { can, session } from '../core/session.js';
import { enqueue, outbox, replaceEntry } from '../core/outbox.js';
import { go, replace, route } from '../core/router.js';
import { Shell } from '../parts/shell.js';
import { State, Note } from '../parts/state.js';
import { Empty, faultText, refusalText } from '../parts/rows.js';
import { focusOn } from '../parts/fields.js';
import { recordText } from '../parts/kinds.js';
import { householdName, useHousehold } from '../parts/households.js';
import { HouseholdPicker } from '../parts/household-picker.js';
import { RecordFields, contentOf, draftOf, faultsOf, inFold, newRecord } from '../parts/record-form.js';

/** 记一笔: for whom, what, how much. Also where a record that was refused is mended, before it takes its place in the queue again. */
export default function Log() {
  const { query } = route.value;
  const mend = query.get('mend') ?? '';
  const [done, setDone] = useState(/** @type {{ id: string, text: any } | null} */ (null));
  if (!can('assistance.log', session.value.here?.id)) {
    return html`<${Shell} title=${t('shell.log')} tab="log"><${Empty} icon="pen" text=${t('log.not_allowed')} /><//>`;
  }
  // What was noted down has an address of its own, so that the tab below leads from it to a new form.
  const shown = query.get('done');
  if (shown) return html`<${Done} id=${shown} text=${done?.id === shown ? done.text : null} />`;
  const finish = (/** @type {{ id: string, text: any }} */ what) => {
    setDone(what);
    replace(`/log?done=${what.id}`);
  };
  // Another address is another form.
  return html`<${Form} key=${`${mend} ${query.get('household')}`} mend=${mend} given=${query.get('household')} done=${finish} />`;
}

/** @param {{ mend: string, given: string | null, done: (what: { id: string, text: any }) => void }} props */
function Form({ mend, given, done }) {
  const refused = mend ? outbox.peek().find((e) => e.id === mend && e.state === 'refused' && e.act === 'log_assistance') : undefined;
  const [household, setHousehold] = useState(given ?? refused?.content.household_id ?? '');
  const [draft, setDraft] = useState(() => (refused ? draftOf(refused.content) : newRecord()));
  const [tried, setTried] = useState(false);
  const [failed, setFailed] = useState('');
  // What was refused for its day or note is in the fold.
  const [more, setMore] = useState(() => (refused?.problem?.errors ?? []).some((e) => /^\/(given_on|note|unit)/.test(e.pointer)));
  const [busy, setBusy] = useState(false);
  const { error } = useHousehold(household);
  /** @type {Record<string, string>} */
  const wrong = { ...(household ? {} : { household: t('log.choose_household') }), ...faultsOf(draft) };
  // After the first attempt a fault goes as soon as it is mended.
  const faults = tried ? wrong : {};
  const what = html`${t('log.of_household', { name: householdName(household) })}<b>${draft.work ? recordText(contentOf(draft)) : ''}</b>`;

  async function save() {
    setTried(true);
    setFailed('');
    if (inFold(wrong)) setMore(true);
    const first = Object.keys(wrong)[0];
    if (first) return focusOn(first);
    if (busy) return;
    setBusy(true);
    try {
      const id = newId();
      const content = { ...contentOf(draft), household_id: household, service_point_id: refused?.content.service_point_id ?? session.value.here?.id, id };
      const about = householdName(household);
      const entry = refused
        ? await replaceEntry(refused.id, { object_id: id, content })
        : await enqueue('log_assistance', { object_id: id, content, about });
      // Nothing took its place: it is not refused any more, so there is nothing to mend.
      if (entry) done({ id: entry.id, text: what });
      else go('/outbox');
    } catch (thrown) {
      setFailed(faultText(thrown));
      setBusy(false);
    }
  }

  const ready = household && draft.work;
  const sentence = ready
    ? html`${what}${t('log.on_day', { day: draft.given_on === today() ? t('record.today') : dayText(draft.given_on) })}`
    : t(household ? 'log.then_kind' : 'log.then_household');
  const dock = html`
    <div class="line"><span role="status">${sentence}</span>${more ? null : html`<button type="button" class="link end small"
      onClick=${() => { setMore(true); focusOn('given_on'); }}>${t('record.day_and_note')}</button>`}</div>
    ${failed ? html`<p class="fault" role="alert">${failed}</p>` : null}
    <button class="btn main" disabled=${busy}>${t(refused ? 'log.save_again' : 'log.save')}</button>`;
  return html`<${Shell} title=${t('shell.log')} back=${refused ? '/outbox' : '/home'} dock=${dock} onSubmit=${save}>
    ${refused ? html`<${Note} kind="return"><p><b>${t('log.refused_because')}</b>${refusalText(refused.problem)}</p><//>` : null}
    ${error ? html`<${Note} kind="doubt" role="alert"><p>${faultText(error)}</p><//>` : null}
    <${HouseholdPicker} value=${household} set=${setHousehold} error=${faults.household} />
    <${RecordFields} ...${{ draft, set: setDraft, faults, more, setMore }} />
  <//>`;
}

/** What was noted down, and where it is now. @param {{ id: string, text: any }} props */
function Done({ id, text }) {
  const head = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => head.current?.focus(), []);
  const entry = outbox.value.find((e) => e.id === id);
  const where = entry?.state === 'sent' ? 'sent' : entry?.state === 'refused' ? 'refused' : 'unsent';
  const said = {
    sent: { kind: /** @type {const} */ ('ok'), word: t('state.sent'), text: t('log.is_sent') },
    refused: { kind: /** @type {const} */ ('return'), word: t('state.refused'), text: t('log.is_refused') },
    unsent: { kind: /** @type {const} */ ('wait'), word: t('state.unsent'), text: t('log.is_unsent') },
  }[where];
  return html`<${Shell} title=${t('shell.log')} back="/home" tab="log">
    <h2 class="head2" tabindex="-1" ref=${head}>${t('log.noted')}</h2>
    <div class="panel pad stackx">${text ? html`<p class="bigtext">${text}</p>` : null}
      <div role="status" class="stackx"><${State} kind=${said.kind} word=${said.word} /><p class="dim small">${said.text}</p></div></div>
    <a class="btn main" href="#/log">${t('log.again')}</a>
    <div class="two"><a class="btn" href="#/home">${t('log.to_home')}</a><a class="btn" href="#/outbox">${t('log.to_outbox')}</a></div>
  <//>`;
}
