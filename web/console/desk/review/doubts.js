/** What the rules find in a subtree: by child and rule, one by one, and a word that explains it. */
import { html, useMemo, useState } from '../../core/html.js';
import { post } from '../../core/api.js';
import { label, language, t, tn } from '../../core/i18n.js';
import { count, monthText, newId, whenText } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { replace } from '../../core/router.js';
import { toast } from '../../core/toast.js';
import { holdsPersonalNumber } from '../../parts/checks.js';
import { Words, focusOn } from '../../parts/fields.js';
import { ruleName } from '../../parts/report-data.js';
import { Answer, Empty, Failed, faultText } from '../../parts/rows.js';
import { State } from '../../parts/state.js';
import { pages, pointName, useGet } from '../data.js';
import { Dialog } from '../parts/dialog.js';
import { Desk, Stair, useStyle } from '../parts/frame.js';
import { PrintButton, Paper } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { monthOf, useReach } from './data.js';
import { Severity, elsewhereOf, opener, ruleText, valueOf } from './doubt-rows.js';
import { MonthChooser, Tabs } from './head.js';
import { signed } from './report-paper.js';

/** @param {{ query: URLSearchParams }} props */
export default function Doubts({ query }) {
  useStyle('desk-review');
  const point = query.get('point') ?? session.value.here?.id ?? '';
  if (!point || !can('doubtful.read')) return html`<${Desk} class="rv" title=${t('doubts.title')} nav="doubts"><${Empty} text=${t('doubts.not_allowed')} /><//>`;
  return html`<${Place} key=${point} point=${point} month=${monthOf(query)} query=${query} />`;
}

/** @param {{ point: string, month: string, query: URLSearchParams }} props */
function Place({ point, month, query }) {
  const { point: told, manages } = useReach(point);
  const rules = useGet('/doubtful-rules');
  const summary = useGet(`/service-points/${point}/doubtful-summary`, { month });
  const [rule, severity, state] = [query.get('rule') ?? '', query.get('severity') ?? '', query.get('state') ?? 'open'];
  const list = pages('/doubtful-items', { service_point_id: point, month, rule: rule || undefined, severity: severity || undefined, state: state === 'all' ? undefined : state });
  const [explained, setExplained] = useState(/** @type {any} */ (null));
  const [fault, setFault] = useState('');
  const own = new Set((session.value.grants ?? []).filter((g) => g.role === 'worker').map((g) => g.service_point_id));
  const mayExplain = (/** @type {any} */ item) => can('doubtful.explain') && (manages || own.has(item.service_point_id));

  const address = (/** @type {Record<string, string>} */ change) => {
    const all = { ...(query.get('point') && { point }), month, rule, severity, state, ...change };
    replace(`/doubts?${new URLSearchParams(Object.entries(all).filter(([, value]) => value))}`);
  };
  const line = told ? [...told.above, told] : [];
  const name = told?.name ?? '';
  const title = t('doubts.file', { point: name, month: monthText(month) });
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'state', label: t('doubts.kind'), value: (i) => `${i.state}${i.severity}`, csv: (i) => label(i.state === 'explained' ? 'doubtful_state' : 'doubtful_severity', i.state === 'explained' ? 'explained' : i.severity), cell: (i) => html`<${Severity} item=${i} />` },
    { key: 'rule', label: t('doubts.rule'), value: (i) => ruleText(rules.value, i.rule), cell: (i) => html`<b title=${definition(rules.value, i.rule)}>${ruleText(rules.value, i.rule)}</b>` },
    { key: 'point', label: t('doubts.point'), value: (i) => pointName(i.service_point_id) },
    { key: 'value', label: t('doubts.value'), num: true, value: (i) => i.value, cell: (i) => valueOf(i, rules.value) },
    { key: 'elsewhere', label: t('doubts.elsewhere'), value: elsewhereOf },
    { key: 'note', label: t('doubts.explanation'), value: (i) => i.explanation?.note ?? '', cell: (i) => (i.explanation ? html`<span class="wrap" title=${whenText(i.explanation.created_at)}>${i.explanation.note}</span>` : html`<span class="dim">${i.severity === 'error' ? t('doubts.to_correct') : t('doubts.nothing_said')}</span>`) },
    { key: 'acts', label: t('doubts.acts'), sort: false, acts: true, cell: (i) => html`<${Acts} item=${i} mayExplain=${mayExplain(i)} explain=${setExplained} setFault=${setFault} />` },
  ];
  const printed = columns.map((c) => ({ ...c, cell: undefined, value: c.csv ?? c.value }));
  const filters = html`
    <label class="line small">${t('doubts.rule')} <select class="btn" value=${rule} onChange=${(/** @type {any} */ e) => address({ rule: e.target.value })}>
      <option value="" selected=${!rule}>${t('doubts.all_rules')}</option>${(rules.value?.items ?? []).filter((/** @type {any} */ r) => !severity || r.severity === severity).map((/** @type {any} */ r) => html`<option key=${r.code} value=${r.code} selected=${r.code === rule}>${ruleName(rules.value, r.code)}</option>`)}</select></label>
    <${Tabs} name="severity" label=${t('doubts.kind')} value=${severity} set=${(/** @type {string} */ v) => address({ severity: v, rule: '' })} options=${[['', t('doubts.both')], ['error', label('doubtful_severity', 'error')], ['doubtful', label('doubtful_severity', 'doubtful')]]} />
    <${Tabs} name="state" label=${t('doubts.state')} value=${state} set=${(/** @type {string} */ v) => address({ state: v })} options=${[['open', label('doubtful_state', 'open')], ['explained', label('doubtful_state', 'explained')], ['all', t('doubts.all')]]} />
    ${fault ? html`<span class="fault" role="alert">${fault}</span>` : null}`;
  return html`<${Desk} class="rv" title=${t('doubts.title')} nav="doubts" sub=${t('doubts.sub', { point: name, month: monthText(month) })}
    above=${line.length > 1 ? html`<${Stair} points=${line} href=${(/** @type {string} */ id) => `#/doubts?point=${id}&month=${month}`} />` : null}
    tools=${html`${summary.value ? html`<span class="line small"><${State} kind="error" word=${t('doubts.errors', { n: count(summary.value.open_errors) })} /><${State} kind="doubt" word=${t('doubts.open', { n: count(summary.value.open_doubtful) })} /><${State} kind="ok" word=${t('doubts.explained', { n: count(summary.value.explained) })} /></span>` : null}
      <${MonthChooser} month=${month} set=${(/** @type {string} */ m) => address({ month: m })} /><${PrintButton} more=${list.more} />`}
    after=${html`<${Paper} title=${title} unit=${name} columns=${printed} rows=${list.rows} more=${list.more} ...${signed()} />
      ${explained ? html`<${Explain} item=${explained} rules=${rules.value} close=${() => setExplained(null)} done=${async () => { setExplained(null); toast(t('doubts.explained_now')); await Promise.allSettled([list.reload(), summary.reload()]); }} />` : null}`}>
    ${told?.tier === 'village' ? null : html`<section class="panel stack summary" aria-label=${t('doubts.by_child')}><${Answer} answer=${summary}>${(/** @type {any} */ s) => html`<${Summary} summary=${s} rules=${rules.value} point=${point} name=${name} month=${month} />`}<//></section>`}
    <section class="panel stack grow" aria-label=${t('doubts.items')}>
      ${list.error ? html`<${Failed} error=${list.error} retry=${list.reload} />` : html`<${Sheet} caption=${title} columns=${columns} rows=${list.rows} id=${keyOf} csv=${rules.value || rules.error ? title : undefined} more=${list.more} tall tools=${filters} class="grow"
          empty=${t(list.loading ? 'rows.loading' : state === 'open' ? 'doubts.none_open' : 'doubts.none')} note=${rule ? definition(rules.value, rule) : undefined} />`}
    </section>
  <//>`;
}

/** @param {any} item */
const keyOf = (item) => `${item.rule} ${item.subject_id} ${item.month ?? ''}`;

/** When a rule finds something, in a sentence. @param {any} rules @param {string} code */
function definition(rules, code) {
  const said = rules?.items.find((/** @type {any} */ r) => r.code === code)?.definition;
  return said ? (language.value === 'en' ? said.en : said.zh) : undefined;
}

/** @param {{ item: any, mayExplain: boolean, explain: (item: any) => void, setFault: (fault: string) => void }} props */
function Acts({ item, mayExplain, explain, setFault }) {
  const open = opener(item);
  return html`<span class="line">${open ? html`<button type="button" class="link" onClick=${() => { setFault(''); open().catch((error) => setFault(faultText(error))); }}>${t(`doubts.see_${item.subject}`)}</button>` : null}
    ${mayExplain && item.state === 'open' && item.severity !== 'error' ? html`<button type="button" class="link" onClick=${() => explain(item)}>${t('doubts.explain')}</button>` : null}</span>`;
}

/** How much each rule finds in each part; a number leads to its items. @param {{ summary: any, rules: any, point: string, name: string, month: string }} props */
function Summary({ summary, rules, point, name, month }) {
  const codes = (rules?.items ?? []).map((/** @type {any} */ r) => r.code).filter((/** @type {string} */ code) => summary.parts.some((/** @type {any} */ p) => p.rule === code));
  /** @type {Map<string, Record<string, any>>} */
  const rows = new Map();
  for (const part of summary.parts) {
    const row = rows.get(part.service_point_id) ?? { id: part.service_point_id, own: part.service_point_id === point };
    row[part.rule] = part;
    rows.set(part.service_point_id, row);
  }
  const columns = [
    { key: 'name', label: t('doubts.point'), value: (/** @type {any} */ r) => (r.own ? t('doubts.itself', { point: name }) : pointName(r.id)), href: (/** @type {any} */ r) => (r.own ? null : `#/doubts?point=${r.id}&month=${month}`) },
    ...codes.map((/** @type {string} */ code) => ({
      key: code, label: html`<span title=${definition(rules, code)}>${ruleName(rules, code)}</span>`, name: ruleName(rules, code), num: true, value: (/** @type {any} */ r) => r[code]?.open ?? null,
      cell: (/** @type {any} */ r) => (r[code] ? html`${count(r[code].open)}${r[code].explained ? html` <span class="dim tiny">${t('doubts.of_explained', { n: count(r[code].explained) })}</span>` : null}` : ''),
      href: (/** @type {any} */ r) => (r[code]?.open ? `#/doubts?point=${r.id}&month=${month}&rule=${code}` : null),
    })),
  ];
  return html`<${Sheet} caption=${t('doubts.by_child')} columns=${columns} rows=${[...rows.values()]} csv=${t('doubts.file', { point: name, month: monthText(month) })} empty=${t('doubts.none_open')} class="grow"
    tools=${html`<b>${t('doubts.by_child')}</b> <span class="dim small">${tn('doubts.parts', rows.size)}</span>`} />`;
}

/** A word about one item, bound to the facts that were seen. @param {{ item: any, rules: any, close: () => void, done: () => Promise<void> }} props */
function Explain({ item, rules, close, done }) {
  const [note, setNote] = useState('');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const id = useMemo(newId, []);
  async function send() {
    const wrong = !note.trim() ? t('doubts.note_needed') : holdsPersonalNumber(note) ? t('fields.no_numbers') : '';
    setFault(wrong);
    if (wrong) return focusOn('explanation');
    setBusy(true);
    try {
      await post('/doubtful-explanations', { id, rule: item.rule, subject_id: item.subject_id, ...(item.month && { month: item.month }), fingerprint: item.fingerprint, note: note.trim() });
      await done();
    } catch (error) {
      setFault(faultText(error));
    }
    setBusy(false);
  }
  return html`<${Dialog} title=${t('doubts.explain_title', { rule: ruleName(rules, item.rule), point: pointName(item.service_point_id) })} open onClose=${close}>
    <div class="stack"><p class="small dim">${definition(rules, item.rule)} ${valueOf(item, rules)}</p>
      <${Words} id="explanation" label=${t('doubts.explanation')} hint=${t('doubts.explain_means')} error=${fault} must value=${note} set=${setNote} />
      <div class="line"><button type="button" class="btn main end" disabled=${busy} onClick=${send}>${t('doubts.explain_one')}</button></div></div>
  <//>`;
}
