import { online } from '../core/api.js';
import { whenText } from '../core/format.js';
import { html, useState } from '../core/html.js';
import { t, tn } from '../core/i18n.js';
import { canDiscard, discard, flush, hangsOn, outbox, trouble, unreadable } from '../core/outbox.js';
import { hanging } from '../core/queue.js';
import { toast } from '../core/toast.js';
import { records } from '../core/village.js';
import { householdName } from '../parts/households.js';
import { recordText } from '../parts/kinds.js';
import { Empty, Section, refusalText } from '../parts/rows.js';
import { Shell } from '../parts/shell.js';
import { Note, State } from '../parts/state.js';

/** @typedef {import('../core/outbox.js').OutboxEntry} Entry */

const FIRST_SHOWN = 6;

/** What an entry says, in one line. @param {Entry} e */
function whatText(e) {
  const { act, content, object_id } = e;
  if (act === 'log_assistance') {
    return t('outbox.what_log', { name: e.about ?? householdName(content.household_id), what: recordText(/** @type {any} */ (content)) });
  }
  if (act === 'register_household') {
    const head = content.members?.find((/** @type {any} */ m) => m.relation === '02')?.name;
    return head ? t('outbox.what_register', { name: head }) : t('outbox.what_register_sent');
  }
  const row = records.value.find((r) => r.id === object_id);
  const name = e.about ?? (row && householdName(row.household_id));
  const void_ = act === 'void_assistance';
  if (!name) return t(void_ ? 'outbox.what_void_sent' : 'outbox.what_correct_sent');
  return t(void_ ? 'outbox.what_void' : 'outbox.what_correct', { name });
}

/** Where a refused entry is mended. @param {Entry} e @returns {{ href: string, word: string }[]} */
function ways(e) {
  if (e.act === 'register_household') return [{ href: `#/register?mend=${e.id}`, word: t('outbox.mend') }];
  if (e.act === 'log_assistance') {
    return [{ href: `#/log?mend=${e.id}`, word: t('outbox.mend') }, { href: `#/log?mend=${e.id}&household=`, word: t('outbox.other_household') }];
  }
  return [{ href: `#/record/${e.object_id}?mend=${e.id}`, word: t('outbox.mend') }];
}

/** Drops an entry, after one has been asked. @param {{ entry: Entry, look: string }} props */
function Drop({ entry, look }) {
  const [asking, setAsking] = useState(false);
  const more = hanging(outbox.value, entry.id).length;
  async function drop() {
    const gone = await discard(entry.id);
    toast(t(gone ? 'outbox.dropped' : 'outbox.not_dropped'), gone ? 'ok' : 'wait');
  }
  if (!asking) return html`<button type="button" class=${look} onClick=${() => setAsking(true)}>${t('outbox.discard')}</button>`;
  return html`<div class="note doubt" role="alert"><div><p>${more > 0 ? tn('outbox.discard_hanging', more) : null}${t('outbox.discard_final')}</p>
    <div class="two gap"><button type="button" class="btn warn" onClick=${drop}>${t('outbox.discard_sure')}</button><button type="button" class="btn" onClick=${() => setAsking(false)}>${t('outbox.keep')}</button></div></div></div>`;
}

/** @param {{ entry: Entry }} props */
function Refused({ entry }) {
  const { problem, made_at } = entry;
  return html`<li><div>
    <div class="line"><b>${whatText(entry)}</b><span class="end small"><${State} kind="return" word=${t('outbox.refused')} chip /></span></div>
    <span class="dim tiny">${t('outbox.made', { when: whenText(made_at) })}</span>
    <div class="note error gap"><div><p><b>${t('outbox.reason')}</b>${refusalText(problem)}</p><p>${t('outbox.kept')}</p></div></div>
    <div class="two">${ways(entry).map(({ href, word }) => html`<a class="btn" key=${href} href=${href}>${word}</a>`)}<${Drop} entry=${entry} look="btn" /></div>
  </div></li>`;
}

/** @param {{ entry: Entry }} props */
function Unsent({ entry }) {
  const waits = hangsOn(entry);
  const droppable = canDiscard(entry);
  const why = waits ? t(waits.state === 'refused' ? 'outbox.waits_refused' : 'outbox.waits_own') : droppable ? '' : t('outbox.on_its_way');
  return html`<li><div>
    <div class="line"><b>${whatText(entry)}</b><span class="end small"><${State} kind="wait" word=${t('outbox.unsent')} chip /></span></div>
    <div class="line"><span class="dim tiny">${t('outbox.made', { when: whenText(entry.made_at) })}${why ? html`<br />${why}` : null}</span>
      ${droppable ? html`<${Drop} entry=${entry} look="link end small" />` : null}</div>
  </div></li>`;
}

/** @param {{ entry: Entry }} props */
const Sent = ({ entry }) => html`<li><div>
  <div class="line"><b>${whatText(entry)}</b><span class="end small"><${State} kind="ok" word=${t('outbox.sent')} chip /></span></div>
  <span class="dim tiny">${t('outbox.received', { when: whenText(entry.receipt?.received_at ?? entry.made_at), code: entry.receipt?.code ?? '' })}</span>
</div></li>`;

/** @param {{ name: 'refused' | 'unsent' | 'sent', entries: Entry[], of: any }} props */
function Group({ name, entries, of }) {
  const [all, setAll] = useState(name !== 'sent');
  if (entries.length === 0) return null;
  const shown = all ? entries : entries.slice(0, FIRST_SHOWN);
  const rest = entries.length - shown.length;
  return html`<${Section} title=${t(`outbox.${name}`)} aside=${tn(`outbox.${name}_count`, entries.length)}>
    <ul class="panel rows">
      ${shown.map((entry) => html`<${of} key=${entry.id} entry=${entry} />`)}
      ${rest > 0 ? html`<li class="to"><button type="button" onClick=${() => setAll(true)}><div>${tn('outbox.more', rest)}</div></button></li>` : null}
    </ul>
  <//>`;
}

/** What is on its way to the server, and what has arrived: the state shown is the server's receipt. */
export default function Outbox() {
  const entries = outbox.value;
  const by = (/** @type {Entry['state']} */ state) => entries.filter((e) => e.state === state);
  const unsent = by('unsent');
  const stuck = trouble.value;
  return html`<${Shell} title=${t('outbox.title')} back="/home" tab="home">
    ${online.value || unsent.length === 0 ? null : html`<${Note} kind="wait" icon="nonet"><p><b>${t('outbox.offline')}</b>${t('outbox.offline_more')}</p><//>`}
    ${online.value && stuck ? html`<${Note} kind="doubt"><p><b>${t('outbox.trouble')}</b>${stuck.title} ${stuck.detail}</p><p>${t('outbox.trouble_more')}</p><//>` : null}
    ${unreadable.value > 0 ? html`<${Note} kind="error"><p>${tn('outbox.unreadable', unreadable.value)}</p><//>` : null}
    <${Group} name="refused" entries=${by('refused')} of=${Refused} />
    <${Group} name="unsent" entries=${unsent} of=${Unsent} />
    ${online.value && unsent.length > 0 ? html`<button type="button" class="btn" onClick=${() => flush()}>${t('outbox.send_now')}</button>` : null}
    <${Group} name="sent" entries=${by('sent').reverse()} of=${Sent} />
    ${entries.length === 0 ? html`<${Empty} icon="send" text=${t('outbox.empty')} />` : null}
  <//>`;
}
