import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { addMonths, monthName, monthText, thisMonth } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { Loading } from '../../parts/rows.js';
import { Bars, Steps } from '../parts/chart.js';
import { useCodeNames } from './codes.js';
import { kindOf, lastMonth, periodText } from './periods.js';
import { behind, mayLookBehind, useStatistics } from './place.js';
import { figureText, nameOf, numberText, said, sizeOf, sizeText, unitOf } from './values.js';

/** Charts of the picked figure: month by month, by kind, by type, with what an authority has published. @param {any} context */
export function Aside(context) {
  const { id, metric, picked, point, place } = context;
  const kinds = useCodeNames(metric.kinds);
  const types = useCodeNames(metric.types);
  return html`<aside class="stack scroll" aria-label=${nameOf(metric)}>
    <${Months} ...${context} />
    <${Parts} title=${t('network.by_kind')} parts=${picked.by_kind} code="kind" names=${kinds} context=${context} note=${metric.by_kind && !metric.additive_over_kinds ? t('network.kinds_overlap') : ''} />
    <${Parts} title=${t('network.by_type')} parts=${picked.by_type} code="type" names=${types} context=${context} note="" />
    ${picked.reference ? html`<section class="panel"><header><h2>${t('network.reference')}</h2></header>
      <dl class="list facts pad"><dt>${t('network.published')}</dt><dd><b>${numberText(metric, picked.reference.value)}</b> ${unitOf(metric)}</dd>
      <dt>${t('network.here')}</dt><dd>${figureText(metric, { ...picked, value: picked.total })}</dd>
      <dt>${t('network.source')}</dt><dd class="small">${said(picked.reference.source)}</dd></dl></section>` : null}
    <section class="panel"><header><h2>${t('network.definition')}</h2></header><p class="pad small">${said(metric.definition)}</p></section>
    ${can('households.read', id) ? html`<section class="panel"><header><h2>${t('network.go_on')}</h2></header><ul class="pad golist">
      <li><a href=${`#/households/${id}`}>${t('network.households_of', { name: point.name })}</a></li>
      ${session.value.here?.id === id && can('assistance.log', id) ? html`<li><a href="#/log">${t('homes.log')}</a></li>` : null}
      ${session.value.here?.id === id && can('households.write', id) ? html`<li><a href="#/register">${t('homes.register')}</a></li>` : null}
      ${session.value.here?.id === id && can('reports.submit', id) ? html`<li><a href="#/report">${t('network.own_report')}</a></li>` : null}
      <li><a href=${behind(id, { metric: metric.code, period: place.period })}>${t('network.rows_of', { metric: nameOf(metric) })}</a></li>
    </ul></section>` : null}
  </aside>`;
}

/** Twelve months up to the period's last, and the same ones of the year before. @param {any} context */
function Months({ id, metric, place }) {
  const last = lastMonth(place.period) > thisMonth() ? thisMonth() : lastMonth(place.period);
  const months = Array.from({ length: 12 }, (_, n) => addMonths(last, n - 11));
  const year = Number(last.slice(0, 4));
  const whole = last.endsWith('-12');
  const answers = [
    useStatistics(id, String(year), [metric.code]), useStatistics(id, String(year - 1), [metric.code]),
    useStatistics(whole ? null : id, String(year - 2), [metric.code]),
  ];
  const told = new Map(answers.flatMap((a) => a.value?.items[0]?.by_month ?? []).map((m) => [m.month, m]));
  const size = (/** @type {string} */ month) => {
    const found = told.get(month);
    return found ? sizeOf(metric, { value: found.value, of: found.of }) : null;
  };
  const label = (/** @type {string} */ month, /** @type {number} */ n) => (n === 11 || n === 0 ? monthName(month) : String(Number(month.slice(5))));
  const now = months.map((month, n) => ({ key: month, label: label(month, n), value: size(month) }));
  const then = months.map((month) => ({ key: month, label: monthText(addMonths(month, -12)), value: size(addMonths(month, -12)) }));
  const any = now.some((s) => s.value !== null);
  const waits = answers.some((a) => a.loading && a.value === undefined);
  return html`<section class="panel"><header><h2>${nameOf(metric)}</h2><span class="end tiny dim">${t('network.months_note')}</span></header>
    <div class="pad">${waits ? html`<${Loading} />` : !any ? html`<p class="dim small">${t('network.no_months')}</p>`
      : html`<${Steps} label=${t('network.months_label', { metric: nameOf(metric), month: monthText(last), value: now[11]?.value == null ? t('figure.hidden') : sizeText(metric, /** @type {number} */ (now[11].value)) })}
        now=${now} then=${then.some((s) => s.value) ? then : undefined} format=${(/** @type {number} */ v) => sizeText(metric, v)} thenName=${t('network.year_before')} />`}</div></section>`;
}

/** @param {{ title: string, parts: any[], code: 'kind' | 'type', names: (code: string) => string, context: any, note: string }} props */
function Parts({ title, parts, code, names, context, note }) {
  const { id, metric, place } = context;
  if (!parts.length) return null;
  const may = mayLookBehind(id);
  const items = [...parts].sort((a, b) => b.value - a.value).map((part) => ({
    key: part[code], label: names(part[code]), value: sizeOf(metric, part), text: figureText(metric, part),
    href: may ? behind(id, { metric: metric.code, period: place.period, [code]: part[code] }) : undefined,
  }));
  return html`<section class="panel"><header><h2>${title}</h2><span class="end tiny dim">${kindOf(place.period) === 'all' ? '' : periodText(place.period)}</span></header>
    <div class="pad"><${Bars} items=${items} />${note ? html`<p class="dim tiny gap">${note}</p>` : null}</div></section>`;
}
