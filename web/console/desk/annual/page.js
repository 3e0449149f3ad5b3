/** The annual report: every headline of a point and a year with its definition, what it is compared with, and the rows behind it. */
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { thisMonth, today, whenText } from '../../core/format.js';
import { replace } from '../../core/router.js';
import { can, session } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { useGet } from '../data.js';
import { Bars } from '../parts/chart.js';
import { Desk, useStyle } from '../parts/frame.js';
import { Lookup, findPoints, namePoint } from '../parts/form-lookup.js';
import { UnitToggle } from '../parts/money.js';
import { Paper, PrintButton } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { Select } from '../../parts/fields.js';
import { behind } from '../network/place.js';
import { figureText, partSize, partText, percent, said, unitOf } from '../ledgers/figure-text.js';
import { Where, useScope, withQuery } from '../ledgers/scope.js';

/** The first year that may be asked for in the chooser. */
const FIRST = 2013;

/** The rows behind, as a page of the console. @param {string} url the API's own address of them */
function rowsPage(url) {
  const at = new URL(url, 'http://console');
  return behind(at.pathname.split('/')[4] ?? '', Object.fromEntries(at.searchParams));
}

/** A headline as a metric, for what writes figures. @param {any} h */
const asMetric = (h) => ({ code: h.metric, name: h.name, unit: h.unit, definition: h.definition, is_share: h.rate_bp !== undefined, is_mean: h.mean_hundredths !== undefined });

/** @param {any} h */
function nowText(h) {
  const { main, unit, aside } = figureText(asMetric(h), h);
  const figure = [main, unit].filter(Boolean).join(' ');
  return aside ? t('annual.with', { figure, aside }) : figure;
}

/** @param {any} h */
function thenText(h) {
  if (h.year_before === null || h.year_before === undefined) return '';
  const m = asMetric(h);
  const text = partText(m, { value: h.year_before, of: h.year_before_of });
  return m.is_share ? text : `${text} ${unitOf(m)}`;
}

/** @param {any} h */
const changeText = (h) => (h.change_bp === null || h.change_bp === undefined ? '' : `${h.change_bp > 0 ? '▲' : h.change_bp < 0 ? '▼' : '='} ${percent(Math.abs(h.change_bp))}`);

/** What an external indicator says: 5300 with two decimals is 53.00. @param {any} i */
function indicatorText(i) {
  const digits = String(Math.abs(i.value ?? 0)).padStart((i.decimals ?? 0) + 1, '0');
  const cut = digits.length - (i.decimals ?? 0);
  return `${(i.value ?? 0) < 0 ? '-' : ''}${digits.slice(0, cut)}${i.decimals ? `.${digits.slice(cut)}` : ''} ${i.unit ?? ''}`;
}

/** @param {{ report: any, breakdown: any }} props */
function Breakdown({ report, breakdown }) {
  const headline = report.headlines.find((/** @type {any} */ h) => h.metric === breakdown.metric);
  if (!headline) return null;
  const m = asMetric(headline);
  return html`<section class="panel"><header><h3>${t('annual.by', { name: said(headline.name), by: t(`book.by.${breakdown.by}`) })}</h3></header><div class="pad">
    <${Bars} most=${m.is_share && breakdown.parts.some((/** @type {any} */ p) => p.of !== undefined) ? 100 : undefined} items=${breakdown.parts.map((/** @type {any} */ p) => ({
      key: p.code, label: said(p), value: partSize(m, p), text: partText(m, p),
      ...(can('households.read') && { href: rowsPage(p.rows) }),
    }))} /></div></section>`;
}

/** @param {{ query: URLSearchParams }} props */
export default function Annual({ query }) {
  useStyle('desk-ledgers');
  useStyle('desk-form');
  const { point, period, where } = useScope(query);
  const last = Number(thisMonth().slice(0, 4));
  // A year that is over is told whole; the one that runs may be chosen.
  const asked = Number(query.get('year') ?? (/^\d{4}$/.test(period) && query.has('period') ? period : ''));
  const year = asked >= 1900 && asked <= last ? asked : last - 1;
  const { value: report, error, reload, read_at } = useGet(point ? `/service-points/${point}/annual-report` : null, { year });
  const title = t('annual.title', { year });
  const headlines = /** @type {any[]} */ (report?.headlines ?? []);
  const columns = [
    { key: 'name', label: t('book.figure'), value: (/** @type {any} */ h) => said(h.name), sort: false },
    { key: 'now', label: t('annual.now'), num: true, sort: false, value: nowText, cell: (/** @type {any} */ h) => (h.value !== null && can('households.read') ? html`<a href=${rowsPage(h.rows)}>${nowText(h)}</a>` : nowText(h)) },
    { key: 'then', label: t('annual.then'), num: true, sort: false, value: thenText },
    { key: 'change', label: t('annual.change'), num: true, sort: false, value: changeText },
    { key: 'definition', label: t('book.definition'), sort: false, value: (/** @type {any} */ h) => [said(h.definition), h.rows_from ? t('annual.rows_from', { day: h.rows_from }) : '', h.part_of ? t('book.part_of', { name: partOf(h.part_of) }) : ''].filter(Boolean).join(' '),
      cell: (/** @type {any} */ h) => html`<span class="wrap">${said(h.definition)}${h.rows_from ? html` <b>${t('annual.rows_from', { day: h.rows_from })}</b>` : null}${h.part_of ? ` ${t('book.part_of', { name: partOf(h.part_of) })}` : ''}</span>` },
  ];
  /** @param {string} code */
  function partOf(code) {
    return said(headlines.find((h) => h.metric === code)?.name) || code;
  }
  const external = [
    { key: 'name', label: t('annual.indicator'), value: (/** @type {any} */ i) => i.name, href: (/** @type {any} */ i) => (can('catalogues.read') ? `#/ledgers/indicators/${i.id}` : null) },
    { key: 'value', label: t('book.value'), num: true, value: indicatorText }, { key: 'as_of', label: t('book.field.as_of') },
    { key: 'source', label: t('book.field.publisher'), cell: (/** @type {any} */ i) => html`<span class="wrap">${i.source}</span>` }, { key: 'definition', label: t('book.definition'), cell: (/** @type {any} */ i) => html`<span class="wrap">${i.definition}</span>` },
  ];
  const years = Array.from({ length: last - FIRST + 1 }, (_, n) => String(last - n));
  if (!years.includes(String(year))) years.push(String(year));
  const notes = [t('annual.note', { day: report?.as_of ?? '' }), ...(report?.simulated ? [t('shell.simulated')] : []),
    ...(report?.external_indicators ?? []).map((/** @type {any} */ i) => t('annual.external_line', { name: i.name, value: indicatorText(i), day: i.as_of, source: i.source }))];
  return html`<${Desk} title=${title} nav="annual" flow above=${html`<${Where} where=${where} />`} sub=${report ? t('annual.as_of', { name: report.name, day: report.as_of }) : ''} tools=${html`<${PrintButton} />`}
    after=${report ? html`<div class="ledgerpaper"><${Paper} title=${`${report.name}${title}`} unit=${report.name} right=${t('annual.data_to', { day: report.as_of })} columns=${columns.map(({ cell: _, ...c }) => c)} rows=${headlines}
      notes=${notes} filler=${session.value.account?.display_name} date=${today()} /></div>` : null}>
    <div class="line scopebar">
      <div class="where"><${Lookup} id="annual-point" label=${t('book.point')} value=${point} search=${(/** @type {string} */ q) => findPoints(q)} resolve=${namePoint}
        set=${(/** @type {string} */ id) => { if (id) replace(withQuery({ point: id })); }} /></div>
      <div class="years"><${Select} id="annual-year" label=${t('annual.year')} value=${String(year)} set=${(/** @type {string} */ y) => replace(withQuery({ year: y }))} options=${years.map((y) => ({ code: y, label: t('book.year', { year: y }) }))} /></div>
      <span class="end"><${UnitToggle} /></span>
    </div>
    ${error && !report ? html`<${Failed} error=${error} retry=${reload} />` : !report ? html`<${Loading} />` : html`
      ${report.as_of.slice(0, 4) === String(year) && report.as_of < `${year}-12-31` ? html`<p class="note wait">${t('annual.runs', { day: report.as_of })}</p>` : null}
      <section class="panel annual"><${Sheet} caption=${title} columns=${columns} rows=${headlines} id=${(/** @type {any} */ h) => h.metric} tall csv=${`${report.name}-${title}`}
        note=${t('book.read_at', { when: read_at ? whenText(read_at) : '' })} /></section>
      ${report.external_indicators.length ? html`<section class="panel annual"><header><h2>${t('annual.external')}</h2><span class="dim small end">${t('annual.external_note')}</span></header>
        <${Sheet} caption=${t('annual.external')} columns=${external} rows=${report.external_indicators} tall csv=${`${report.name}-${t('annual.external')}-${year}`} /></section>` : null}
      ${report.overlapping_campaigns.length ? html`<div class="note doubt"><div><p>${t('annual.overlap')}</p><ul>${report.overlapping_campaigns.map((/** @type {any} */ o) => html`<li key=${o.one + o.other}>${t('annual.two', { one: o.one, other: o.other })}</li>`)}</ul></div></div>` : null}
      <h2>${t('annual.parts')}</h2>
      <div class="breakdowns">${report.breakdowns.map((/** @type {any} */ b) => html`<${Breakdown} key=${`${b.metric}-${b.by}`} report=${report} breakdown=${b} />`)}</div>`}
  <//>`;
}
