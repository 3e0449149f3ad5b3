/** The frame: the list of all that may be drawn, as it was fixed before anybody knew the seed. */
import { html, useEffect, useMemo, useRef, useState } from '../../core/html.js';
import { get } from '../../core/api.js';
import { label, t, tn } from '../../core/i18n.js';
import { count, whenText } from '../../core/format.js';
import { Answer, faultText } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { pointName, useAnswer } from '../data.js';
import { Paper } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { wholeRows } from '../whole.js';
import { signed } from '../review/report-paper.js';
import { usePaper } from './data.js';

/** A frame of no more lines is shown as a whole. */
const AT_ONCE = 5_000;

/** @param {{ inspection: any, setPaper: (paper: import('./data.js').Printed | null) => void }} props */
export function Frame({ inspection, setPaper }) {
  const [part, setPart] = useState(1);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const whole = inspection.frame_size <= AT_ONCE;
  const read = async (/** @type {number[]} */ parts) => {
    /** @type {string[]} */
    const lines = [];
    for (const n of parts) lines.push(...(await get(`/inspections/${inspection.id}/frame`, { part: n })).lines);
    return lines;
  };
  const every = Array.from({ length: inspection.frame_parts }, (_, n) => n + 1);
  const answer = useAnswer(`frame/${inspection.id}/${whole ? 'all' : part}`, () => read(whole ? every : [part]));
  const title = t('inspect.frame_title', { name: inspection.name });

  /** All lines in one file, byte for byte what was digested. */
  async function save() {
    setBusy(true);
    setFault('');
    try {
      const lines = await read(every);
      const url = URL.createObjectURL(new Blob([lines.map((line) => `${line}\n`).join('')], { type: 'text/plain' }));
      Object.assign(document.createElement('a'), { href: url, download: `frame-${inspection.id}.txt` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      setFault(faultText(error));
    }
    setBusy(false);
  }

  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'at', label: t('inspect.line'), cell: (r) => count(r.at) },
    { key: 'stratum', label: t('inspect.stratum'), csv: (r) => r.stratum, value: (r) => pointName(r.stratum) },
    { key: 'record', label: t('inspect.record'), cell: (r) => html`<span class="code">${r.record}</span>`, href: (r) => `#/record/${r.record}` },
    { key: 'version', label: t('inspect.version'), num: true },
    { key: 'weight', label: t('inspect.weight'), num: true },
  ];
  return html`<section class="panel stack grow" aria-label=${title}>
    <header class="line"><h2>${tn('inspect.lines', inspection.frame_size, { n: count(inspection.frame_size) })}</h2><span class="small dim">${whenText(inspection.framed_at)}</span>
      <span class="small">SHA-256 <span class="code">${inspection.frame_digest}</span></span>
      ${whole ? null : html`<label class="line small end">${t('inspect.part')} <select class="btn" value=${part} onChange=${(/** @type {any} */ e) => setPart(Number(e.target.value))}>${every.map((n) => html`<option key=${n} value=${n} selected=${part === n}>${n}/${inspection.frame_parts}</option>`)}</select></label>`}
      <button type="button" class="btn ${whole ? 'end' : ''}" disabled=${busy} onClick=${save}><${Icon} name="save" />${t('inspect.save_frame')}</button></header>
    ${fault ? html`<p class="fault pad" role="alert">${fault}</p>` : null}
    <${Answer} answer=${answer}>${(/** @type {string[]} */ lines) => html`<${Lines} lines=${lines} part=${whole ? null : part} columns=${columns} title=${title} inspection=${inspection} setPaper=${setPaper} />`}<//>
  </section>`;
}

/** @param {{ lines: string[], part: number | null, columns: import('../parts/sheet.js').Column[], title: string, inspection: any, setPaper: (paper: import('./data.js').Printed | null) => void }} props */
function Lines({ lines, part, columns, title, inspection, setPaper }) {
  const rows = useMemo(() => lines.map((line, n) => {
    const [stratum, record, version, weight] = line.split(' ');
    return { id: record, at: n + 1, stratum, record, version: Number(version), weight: Number(weight) };
  }), [lines]);
  // Some thousands of rows at once would keep the page busy; the file has them all.
  const [many, setMany] = useState(500);
  const shown = useMemo(() => rows.slice(0, many), [rows, many]);
  const latest = useRef(rows);
  latest.current = rows;
  const whole = useMemo(() => wholeRows(() => latest.current), []);
  useEffect(() => () => void whole.stop(), [whole]);
  const more = { loading: false, count: 500, load: many < rows.length ? () => setMany(many + 500) : null, whole };
  usePaper(setPaper, () => html`<${Paper} title=${title} unit=${pointName(inspection.service_point_id)} right=${part === null ? undefined : t('inspect.part_of', { n: part, all: inspection.frame_parts })} columns=${columns} rows=${shown} more=${more}
      notes=${[t('inspect.paper_note', { digest: inspection.frame_digest, seed: inspection.seed ?? t('inspect.no_seed'), method: label('inspection_method', inspection.method) })]} ...${signed()} />`, shown, more);
  return html`<${Sheet} caption=${title} columns=${columns} rows=${shown} more=${more} note=${t('inspect.frame_means')} class="grow" />`;
}
