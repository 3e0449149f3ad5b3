/**
 * Verifications: the server looks at everything it holds, and what it found is kept on the chain.
 *
 * @typedef {import('./fields.js').PartName} PartName
 * @typedef {{ looked_at: number, findings: number, lines: string[] }} Part
 * @typedef {{
 *   id: string, state: 'running' | 'finished' | 'failed' | 'lost', begun_at: string, begun_by: string | null, begun_by_username: string | null,
 *   head_seq: number | null, ended_at: string | null, findings: number | null, outcome: Record<PartName, Part> | null,
 * }} Verification
 */
import { get, post, Problem } from '../../core/api.js';
import { count, today } from '../../core/format.js';
import { html, useEffect, useState } from '../../core/html.js';
import { label, t, tn } from '../../core/i18n.js';
import { session } from '../../core/session.js';
import { faultText } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { Note, State } from '../../parts/state.js';
import { pages } from '../data.js';
import { Paper } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { PARTS, momentText } from './fields.js';
import { chosenHead } from './head-check.js';

/** How long it takes is minutes at most, and it is looked at so often. */
const EVERY_MS = 2_000;

/** @param {{ v: Verification }} props */
function StateOf({ v }) {
  if (v.state === 'running') return html`<${State} kind="wait" word=${label('verification_state', v.state)} />`;
  if (v.findings === null) return html`<${State} kind="error" word=${label('verification_state', v.state)} />`;
  return html`<${State} kind=${v.findings ? 'error' : 'ok'} word=${v.findings ? tn('audit.check.findings', v.findings, { count: count(v.findings) }) : t('audit.check.clean')} />`;
}

/** What one found, part by part. @param {Verification} v */
const partRows = (v) => PARTS.map((name) => ({ id: name, name: t(`audit.verify.${name}`), ...v.outcome?.[name] }));

/** @type {() => import('../parts/sheet.js').Column[]} */
const partColumns = () => [
  { key: 'name', label: t('audit.check.part') },
  { key: 'looked_at', label: t('audit.check.looked_at'), num: true, cell: (p) => count(p.looked_at) },
  { key: 'findings', label: t('audit.check.findings_column'), num: true, cell: (p) => count(p.findings) },
];

/** When, by whom, against which head. @param {Verification} v */
const facts = (v) => [
  t('audit.check.begun', { when: momentText(v.begun_at), who: v.begun_by_username ?? '' }),
  ...(v.ended_at ? [t('audit.check.ended', { when: momentText(v.ended_at) })] : []),
  ...(v.head_seq !== null ? [t('audit.check.against', { n: count(v.head_seq) })] : []),
];

/** @param {{ v: Verification }} props */
function Found({ v }) {
  if (!v.outcome) return html`<${Note} kind=${v.state === 'running' ? 'wait' : 'error'}><p>${t(`audit.check.${v.state}`)}</p><//>`;
  const lines = PARTS.flatMap((name) => v.outcome?.[name].lines.map((line) => ({ name, line })) ?? []);
  const more = (v.findings ?? 0) - lines.length;
  return html`<${Sheet} caption=${t('audit.check.found')} columns=${partColumns()} rows=${partRows(v)} />
    ${lines.length ? html`<ul class="ways" aria-label=${t('audit.check.lines')}>${lines.map(({ name, line }) => html`<li key=${line}><b>${t(`audit.verify.${name}`)}</b> <span class="code breaks" lang="en">${line}</span></li>`)}</ul>` : null}
    ${more > 0 ? html`<p class="small">${tn('audit.check.more', more, { count: count(more) })}</p>` : null}
    ${lines.length ? html`<${Note} kind="error"><p>${t('audit.finding.nothing_do')}</p><//>` : null}`;
}

/** The same on paper, to sign. @param {{ v: Verification, unit: string }} props */
export function VerificationPaper({ v, unit }) {
  const lines = PARTS.flatMap((name) => v.outcome?.[name].lines ?? []);
  return html`<${Paper} title=${t('audit.check.paper')} unit=${unit} columns=${partColumns()} rows=${partRows(v)}
    notes=${[...facts(v), v.findings ? tn('audit.check.findings', v.findings, { count: count(v.findings) }) : t('audit.check.clean'), ...lines]}
    filler=${session.value.account?.display_name} date=${today()} />`;
}

/** A head that was kept, to compare with; none is asked for. @param {{ head: any, name: string, choose: (head: any, name: string) => void, setFault: (words: string) => void }} props */
function KeptHead({ head, name, choose, setFault }) {
  const read = async (/** @type {Event} */ e) => {
    const chosen = await chosenHead(e);
    if (!chosen) return;
    setFault(chosen.head ? '' : t('audit.compared.no_head'));
    choose(chosen.head, chosen.head ? chosen.name : '');
  };
  return html`<label class="btn"><${Icon} name="file" />${t('audit.check.with_head')}<input type="file" class="sr" accept=".json,application/json" onChange=${read} /></label>
    ${head ? html`<span class="small">${t('audit.kept_is', { name, n: count(head.seq), when: momentText(head.at) })}
      <button type="button" class="btn quiet" onClick=${() => choose(null, '')} aria-label=${t('audit.check.without_head')}><${Icon} name="close" /></button></span>` : null}`;
}

/**
 * Begin one, wait for it, read it; and those before.
 * @param {{ shown: (v: Verification | null) => void }} props `shown` hears which one is looked at
 */
export function Verifications({ shown }) {
  const list = pages('/verifications', {}, { limit: 20 });
  const [picked, setPicked] = useState(/** @type {string | null} */ (null));
  const [kept, setKept] = useState({ head: /** @type {any} */ (null), name: '' });
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const running = list.rows.find((v) => v.state === 'running');
  /** @type {Verification | null} */
  const v = list.rows.find((one) => one.id === picked) ?? list.rows[0] ?? null;
  useEffect(() => shown(v?.outcome ? v : null), [v]);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => void get(`/verifications/${running.id}`).then((now) => (now.state === 'running' ? undefined : list.reload()), () => {}), EVERY_MS);
    return () => clearInterval(timer);
  }, [running?.id]);
  const begin = async () => {
    setBusy(true);
    setFault('');
    try {
      const made = await post('/verifications', kept.head ? { head: kept.head } : {});
      setPicked(made.id);
      await list.reload();
    } catch (error) {
      setFault(faultText(error));
      if (error instanceof Problem && error.code === 'verification.running') await list.reload();
    }
    setBusy(false);
  };
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'begun_at', label: t('audit.when'), value: (one) => momentText(one.begun_at) },
    { key: 'begun_by_username', label: t('audit.check.by') },
    { key: 'state', label: t('audit.check.result'), csv: (one) => one.findings ?? label('verification_state', one.state), cell: (one) => html`<${StateOf} v=${one} />` },
    { key: 'head_seq', label: t('audit.check.head'), num: true, cell: (one) => (one.head_seq === null ? '' : t('audit.nth', { n: count(one.head_seq) })), csv: (one) => one.head_seq ?? '' },
    { key: 'ended_at', label: t('audit.check.ended_column'), value: (one) => (one.ended_at ? momentText(one.ended_at) : '') },
  ];
  return html`<section class="panel stack"><header><h2>${t('audit.check.title')}</h2></header><div class="pad stack">
      <p class="small">${t('audit.check.what')}</p>
      <div class="line wrap"><button type="button" class="btn main" disabled=${busy || Boolean(running)} onClick=${begin}><${Icon} name="ok" />${t(running ? 'audit.check.under_way' : 'audit.check.begin')}</button>
        <${KeptHead} ...${kept} choose=${(/** @type {any} */ head, /** @type {string} */ name) => setKept({ head, name })} setFault=${setFault} /></div>
      <div role="status">${fault ? html`<${Note} kind="error"><p>${fault}</p><//>` : v ? html`<p><${StateOf} v=${v} /> <span class="small dim">${facts(v).join(t('audit.stop'))}</span></p>` : null}</div>
      ${v ? html`<${Found} v=${v} />` : null}</div></section>
    <section class="panel stack"><${Sheet} caption=${t('audit.check.list')} columns=${columns} rows=${list.rows} more=${list.more} csv=${t('audit.check.list')} tools=${html`<h2>${t('audit.check.list')}</h2>`}
      picked=${v?.id ?? null} onPick=${(/** @type {any} */ one) => setPicked(one.id)} empty=${list.loading ? t('app.loading') : list.error ? faultText(list.error) : t('audit.check.none')} /></section>`;
}
