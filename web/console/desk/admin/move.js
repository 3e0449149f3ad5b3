/**
 * Moving a point: what goes with it, and what both parents' figures are before and after. The API's figures are additive over the
 * tree, so what a parent loses is what the point has; after the move the figures are read again and held against that.
 */
import { html, useMemo, useState } from '../../core/html.js';
import { get, post } from '../../core/api.js';
import { count, thisMonth, whenText } from '../../core/format.js';
import { label, language, t, tn } from '../../core/i18n.js';
import { Failed, Loading } from '../../parts/rows.js';
import { Note, State } from '../../parts/state.js';
import { pointName, useAnswer, useGet } from '../data.js';
import { said } from '../network/values.js';
import { Lookup, findPoints, namePoint } from '../parts/form-lookup.js';
import { Form } from '../parts/form.js';
import { UnitToggle, amount, unitName } from '../parts/money.js';
import { changed } from './point-forms.js';
import { tierAbove, tierBelow } from './point-state.js';

/** @typedef {{ metric: string, moved: number, from: number, to: number }} Line */
/** @typedef {{ points: number, open: number, month: Line[], year: Line[], read_at: string }} Preview */

/** Headline figures, each additive over the tree; those that one may not read are not in the answer. */
const METRICS = ['assistance_count', 'assistance_amount', 'households', 'persons', 'households_assisted', 'villages'];

/** @param {string} id @param {string} period @returns {Promise<Map<string, number | null>>} */
async function figures(id, period) {
  const { items } = await get(`/service-points/${id}/statistics`, { period, metrics: METRICS.join(',') });
  return new Map(items.map((/** @type {any} */ item) => [item.metric, item.total]));
}

/** @param {string[]} ids of the point, its parent and the next one @param {string} period @returns {Promise<Line[]>} */
async function lines([id = '', from = '', to = ''], period) {
  const [own, old, next] = await Promise.all([figures(id, period), figures(from, period), figures(to, period)]);
  // What is hidden of one of them cannot be foretold.
  return METRICS.flatMap((metric) => {
    const [moved, before, after] = [own, old, next].map((figure) => figure.get(metric));
    return moved == null || before == null || after == null ? [] : [{ metric, moved, from: before, to: after }];
  });
}

/** How many points go along: the point, and those below it. @param {any} point */
async function size(point) {
  if (!tierBelow(point.tier)) return { points: 1, open: point.closed_on ? 0 : 1 };
  const [all, active] = await Promise.all([
    get('/service-points', { parent_id: point.id, count: true, limit: 1 }),
    get('/service-points', { parent_id: point.id, status: 'active', count: true, limit: 1 }),
  ]);
  return { points: 1 + all.count, open: active.count + (point.status === 'active' ? 1 : 0) };
}

/** @param {any} point @param {string} from @param {string} to @returns {Promise<Preview>} */
async function preview(point, from, to) {
  const month = thisMonth();
  const ids = [point.id, from, to];
  const [counted, ofMonth, ofYear] = await Promise.all([size(point), lines(ids, month), lines(ids, month.slice(0, 4))]);
  return { ...counted, month: ofMonth, year: ofYear, read_at: new Date().toISOString() };
}

/** @param {{ metric: string, value: number }} props */
const Amount = ({ metric, value }) => html`${metric.endsWith('_amount') ? amount(value) : count(value)}`;

/**
 * Both parents before and after, line by line.
 * @param {{ lines: Line[], names: Map<string, string>, title: string, from: string, to: string, over: boolean }} props `over`: the move is done
 */
function Lines({ lines: rows, names, title, from, to, over }) {
  const before = (/** @type {string} */ name) => t(over ? 'admin.move.was' : 'admin.move.before', { name });
  return html`<table class="sheet edge"><caption>${title}</caption>
    <thead><tr><th scope="col">${t('admin.move.figure')}</th><th scope="col" class="n">${t('admin.move.goes')}</th>
      <th scope="col" class="n">${before(from)}</th><th scope="col" class="n">${t('admin.move.after', { name: from })}</th>
      <th scope="col" class="n">${before(to)}</th><th scope="col" class="n">${t('admin.move.after', { name: to })}</th></tr></thead>
    <tbody>${rows.map(({ metric, moved, from: a, to: b }) => html`<tr key=${metric}><th scope="row">${names.get(metric) ?? metric}${metric.endsWith('_amount') ? html` <span class="dim">${unitName()}</span>` : null}</th>
      <td class="n"><b><${Amount} metric=${metric} value=${moved} /></b></td><td class="n"><${Amount} metric=${metric} value=${a} /></td><td class="n"><${Amount} metric=${metric} value=${a - moved} /></td>
      <td class="n"><${Amount} metric=${metric} value=${b} /></td><td class="n"><${Amount} metric=${metric} value=${b + moved} /></td></tr>`)}</tbody></table>`;
}

/** Whether the parents' figures are now what was foretold. @param {Preview} told @param {string[]} ids */
async function check(told, [from = '', to = '']) {
  const month = thisMonth();
  const spans = /** @type {[Line[], string][]} */ ([[told.month, month], [told.year, month.slice(0, 4)]]);
  const found = await Promise.all(spans.map(async ([rows, period]) => {
    const [old, next] = await Promise.all([figures(from, period), figures(to, period)]);
    return rows.every((row) => old.get(row.metric) === row.from - row.moved && next.get(row.metric) === row.to + row.moved);
  }));
  return found.every(Boolean);
}

/**
 * @param {{ point: any, onDone: (point: any) => void, onCancel: () => void, onReload: () => void }} props
 */
export function Move({ point, onDone, onCancel, onReload }) {
  const [to, setTo] = useState('');
  const [moved, setMoved] = useState(/** @type {{ agrees: boolean | null } | null} */ (null));
  const from = /** @type {string} */ (point.parent_id);
  const registry = useGet('/metrics').value;
  const names = useMemo(() => new Map((registry?.items ?? []).map((/** @type {any} */ m) => [m.code, said(m.name)])), [registry, language.value]);
  const told = useAnswer(to && !moved ? `move/${point.id}/${to}` : '', () => preview(point, from, to));
  const [kept, setKept] = useState(/** @type {Preview | null} */ (null));
  const shown = moved ? kept : told.value;
  const search = async (/** @type {string} */ q) => (await findPoints(q, tierAbove(point.tier) ?? undefined)).filter((o) => o.id !== from);
  const submit = async (/** @type {Record<string, any>} */ values, /** @type {{ ifMatch: number }} */ options) => {
    const before = told.value;
    const answer = await post(`/service-points/${point.id}/move`, { parent_id: to, reason: values.reason }, options);
    changed(answer);
    setKept(before);
    setMoved({ agrees: null });
    // The move stands whether or not the figures can be read again.
    void check(before, [from, to]).then((agrees) => setMoved({ agrees }), () => {});
    return answer;
  };
  if (!from) return html`<${Note} kind="none"><p>${t('admin.move.no_parent')}</p><//>`;
  const [oldName, newName] = [pointName(from), pointName(to)];
  return html`<div class="stack">
    ${moved ? html`<${Note} kind="ok"><p><b>${t('admin.move.done', { name: point.name, to: newName })}</b></p>
        <p role="status">${moved.agrees === null ? t('admin.move.checking') : moved.agrees ? t('admin.move.agrees') : t('admin.move.differs')}</p><//>`
      : html`<${Lookup} id="move-to" label=${t('admin.move.to', { tier: label('tier', tierAbove(point.tier) ?? '') })} must value=${to} set=${setTo} search=${search} resolve=${namePoint}
          hint=${t('admin.move.to_hint', { name: oldName })} />`}
    ${to && !shown ? (told.error ? html`<${Failed} error=${told.error} retry=${told.reload} />` : html`<${Loading} />`) : null}
    ${shown ? html`<section class="stack" aria-label=${t('admin.move.preview')}>
      <p class="line"><${State} kind="changed" word=${tn('admin.move.points', shown.points, { count: count(shown.points), open: count(shown.open) })} /><span class="end"><${UnitToggle} /></span></p>
      <div class="scroll"><${Lines} lines=${shown.month} names=${names} title=${t('admin.move.month')} from=${oldName} to=${newName} over=${moved !== null} /></div>
      <div class="scroll"><${Lines} lines=${shown.year} names=${names} title=${t('admin.move.year')} from=${oldName} to=${newName} over=${moved !== null} /></div>
      <p class="tiny dim">${t('admin.move.means', { when: whenText(shown.read_at) })}</p>
    </section>` : null}
    ${moved ? html`<p class="line"><button type="button" class="btn main end" onClick=${() => onDone(point)}>${t('admin.done')}</button></p>`
      : html`<${Form} fields=${[{ name: 'reason', label: t('admin.reason'), type: 'area', required: true, max: 200, hint: t('admin.reason_hint') }]} values=${{ version: point.version }}
        label=${shown ? tn('admin.move.act', shown.points, { to: newName }) : t('admin.move.title')} disabled=${!to || !told.value || told.loading} onReload=${onReload} onCancel=${onCancel} submit=${submit} onDone=${() => {}} />`}
  </div>`;
}
