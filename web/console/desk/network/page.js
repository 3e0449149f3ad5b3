import { html, useEffect } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { replace } from '../../core/router.js';
import { can, session } from '../../core/session.js';
import { whenText } from '../../core/format.js';
import { Failed, Loading } from '../../parts/rows.js';
import { State } from '../../parts/state.js';
import { forget, learn, usePoint } from '../data.js';
import { Desk, Stair } from '../parts/frame.js';
import { UnitToggle } from '../parts/money.js';
import { PrintButton } from '../parts/paper.js';
import { Tree } from '../parts/tree.js';
import { Aside } from './aside.js';
import { Children, ChildrenPaper } from './children.js';
import { DefinitionsButton } from './definitions.js';
import { Headlines } from './headlines.js';
import { ChildrenMap } from './map.js';
import { MetricsTable } from './metrics.js';
import { Choice, PeriodChooser, VsChooser, address, along, firstPoint, placeOf, useMetrics, useStatistics } from './place.js';
import { useReports } from './reports.js';
import { nameOf } from './values.js';

/** The figures that may stand at the top of a point's page, the most asked for first. */
const HEADLINES = [
  'assistance_count', 'households_assisted_share', 'assistance_amount', 'households', 'villages_serving_share', 'sales_amount', 'stores', 'parcels',
  'training_attendances', 'villages_covered_share', 'benefit_amount',
];
const SHOWN = 5;
/** So many figures stand side by side in the table. */
const COLUMNS = 4;

/** Those in which there is something, and then the others. @param {Map<string, any>} figures */
function headlinesOf(figures) {
  const told = HEADLINES.filter((code) => figures.has(code));
  const filled = told.filter((code) => figures.get(code).total !== 0);
  return HEADLINES.filter((code) => [...filled, ...told.filter((c) => !filled.includes(c))].slice(0, SHOWN).includes(code));
}

/**
 * A point of the four tiers: its figures, its children side by side with its own work, and what is behind them.
 * @param {{ id?: string, query: URLSearchParams }} props
 */
export default function Network({ id: given, query }) {
  const id = given ?? firstPoint();
  const path = `/network/${id}`;
  const place = placeOf(query);
  const point = usePoint(id);
  const metrics = useMetrics();
  const code = metrics?.has(place.metric) ? place.metric : 'assistance_count';
  const codes = [...new Set([...HEADLINES, code])].filter((c) => !metrics?.get(c)?.personal || can('statistics.persons', id));
  const ready = metrics && point.value?.id === id;
  const now = useStatistics(ready ? id : null, place.period, codes, true);
  const then = useStatistics(ready && place.other ? id : null, place.other, [code]);
  const reports = useReports(ready && point.value.tier !== 'village' ? id : null, place.period, point.value?.tier);
  const figures = now.value && new Map(now.value.items.map((/** @type {any} */ s) => [s.metric, s]));
  useEffect(() => {
    const children = now.value?.items[0]?.by_child;
    if (children) learn(children.map((/** @type {any} */ c) => ({ id: c.service_point_id, name: c.name })));
  }, [now.value]);
  useEffect(() => {
    // What was read stays exact only until somebody writes: coming back to the window asks anew.
    const seen = () => {
      if (document.visibilityState === 'visible' && performance.now() - read > 30_000) void now.reload();
    };
    const read = performance.now();
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, [now.value]);
  const headlines = figures ? headlinesOf(figures) : [];
  const pick = (/** @type {string} */ metric) => replace(address(path, query, { metric }));
  const picked = figures?.get(code);
  const metric = metrics?.get(code);
  const frame = {
    title: point.value?.id === id ? point.value.name : session.value.points?.find((p) => p.id === id)?.name ?? t('desk.network'),
    nav: 'network',
    side: html`<${Tree} current=${id} href=${(/** @type {string} */ to) => `#/network/${to}${along(query)}`} />`,
  };
  if (point.error && !point.value) return html`<${Desk} ...${frame}><${Failed} error=${point.error} retry=${point.reload} /><//>`;
  const failed = now.error && !now.value ? now : null;
  const village = point.value?.tier === 'village';
  const context = { id, path, query, place, point: point.value, metrics, metric, picked, figures, then: then.value?.items[0], reports, names: [...new Set([code, ...headlines])].slice(0, COLUMNS) };
  const again = () => {
    forget();
    void now.reload();
    void then.reload();
    void reports.reload();
  };
  const more = html`<${OtherMetric} ...${context} pick=${pick} /><a class="btn" href=${`#/network/${id}/metrics${along(query)}`}>${t('network.all_metrics')}</a>
    ${reports.countDoubts && !reports.doubts ? html`<button type="button" class="btn" disabled=${reports.counting} onClick=${reports.countDoubts}>${t(reports.counting ? 'network.counting' : reports.failed ? 'network.count_again' : 'network.count_doubts')}</button>` : null}
    <${DefinitionsButton} metrics=${metrics} first=${[...new Set([code, ...headlines])]} />`;
  return html`<${Desk} ...${frame}
    above=${point.value ? html`<${Stair} points=${[...point.value.above, point.value]} href=${(/** @type {string} */ to) => `#/network/${to}${along(query)}`} />
      <span class="end small dim" role="status"><${State} kind=${now.error || now.stale ? 'wait' : 'ok'} word=${t(now.error ? 'network.not_read' : now.stale ? 'network.reading' : 'network.exact')} />
        ${now.read_at ? html` ${t('network.read_at', { when: whenText(now.read_at) })}` : null} <button type="button" class="link" onClick=${again}>${t('network.again')}</button></span>` : null}
    sub=${point.value ? html`${t(`tier.${point.value.tier}`)} <span class="code">${point.value.region_code}</span>${point.value.status === 'active' ? null : ` · ${t(`point_status.${point.value.status}`)}`}` : null}
    tools=${html`<${PeriodChooser} path=${path} query=${query} /><${VsChooser} path=${path} query=${query} /><${UnitToggle} /><${PrintButton} />`}
    after=${picked && metric && !village ? html`<${ChildrenPaper} ...${context} />` : null}>
    ${failed ? html`<${Failed} error=${failed.error} retry=${failed.reload} />` : !figures || !metric || !picked ? html`<${Loading} />` : html`
      <${Headlines} ...${context} headlines=${headlines} pick=${pick} />
      <div class="split">
        <section class="panel stack" aria-label=${t(village ? 'network.all_metrics' : 'network.children')}>
          ${village ? html`<${MetricsTable} ...${context} tools=${more} />` : place.map
            ? html`<div class="sheettools line"><${ViewChoice} path=${path} query=${query} map=${true} />${more}</div><${ChildrenMap} ...${context} />`
            : html`<${Children} ...${context} tools=${html`<${ViewChoice} path=${path} query=${query} map=${false} />${more}`} />`}
        </section>
        <${Aside} ...${context} />
      </div>`}
  <//>`;
}
/** The tree, the stair and the figures stay while one goes from point to point. */
Network.stays = true;

/** @param {{ path: string, query: URLSearchParams, map: boolean }} props */
const ViewChoice = ({ path, query, map }) => html`<${Choice} name="show" label=${t('network.show')} value=${map ? 'map' : 'table'}
  set=${(/** @type {string} */ v) => replace(address(path, query, { show: v === 'map' ? 'map' : null }))} options=${[['table', t('network.table')], ['map', t('network.map')]]} />`;

/** @param {{ metrics: Map<string, any>, metric: any, figures: Map<string, any>, pick: (code: string) => void, id: string }} props */
function OtherMetric({ metrics, metric, pick, id }) {
  const may = [...metrics.values()].filter((m) => !m.personal || can('statistics.persons', id));
  return html`<label class="field"><span class="sr">${t('network.metric')}</span><select value=${metric.code} onChange=${(/** @type {any} */ e) => pick(e.target.value)}>
    ${may.map((m) => html`<option key=${m.code} value=${m.code}>${nameOf(m)}</option>`)}</select></label>`;
}
