import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { runs, shortText } from './periods.js';
import { behind, mayLookBehind } from './place.js';
import { Big, changeText, nameOf } from './values.js';

/**
 * The large numbers, each with what it is compared with. The picked one drives table and charts.
 * @param {any} props what the page knows, with `headlines` and `pick`
 */
export function Headlines({ id, place, metrics, metric, figures, headlines, pick, reports, point }) {
  const shown = [...new Set([...headlines, metric.code])].filter((code) => figures.has(code));
  const may = mayLookBehind(id);
  const approved = reports.states ? [...reports.states.values()].filter((s) => s === 'approved').length : 0;
  const children = figures.get('assistance_count')?.by_child.length ?? 0;
  return html`<dl class="panel figures">
    ${shown.map((code) => {
      const [m, figure] = [metrics.get(code), figures.get(code)];
      const now = { ...figure, value: figure.total };
      const number = html`<${Big} metric=${m} figure=${now} />`;
      return html`<div key=${code} class="figure ${code === metric.code ? 'picked' : ''}">
        <dt><button type="button" class="pickname" aria-pressed=${code === metric.code ? 'true' : 'false'} onClick=${() => pick(code)}>${nameOf(m)}</button></dt>
        <dd>${may && figure.total !== null ? html`<a href=${behind(id, { metric: code, period: place.period })} title=${t('network.look_behind')}>${number}</a>` : number}</dd>
        <dd class="vs">${place.other ? changeText(m, now, figure[place.vs], shortText(place.other, place.period), runs(place.period)) : t('period.all_text')}</dd>
      </div>`;
    })}
    ${reports.states && point.tier !== 'village' && children > 0 ? html`<div class="figure">
      <dt>${t(`network.approved_${point.tier}`)}</dt><dd><b>${approved}</b><small>/ ${children}</small></dd>
      <dd class="vs">${t('network.report_counts', counts(reports.states, children))}</dd></div>` : null}
  </dl>`;
}

/** @param {Map<string, string>} states @param {number} children */
function counts(states, children) {
  const all = [...states.values()];
  const of = (/** @type {string} */ state) => all.filter((s) => s === state).length;
  const [wait, returned, approved] = [of('submitted'), of('returned'), of('approved')];
  return { wait, returned, missing: Math.max(0, children - wait - returned - approved) };
}
