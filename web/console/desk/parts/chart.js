import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { count } from '../../core/format.js';
import { squares } from './squares.js';

/** @typedef {{ key: string, label: string, value: number | null }} Step */

/** A round number at or above the largest, and how many steps of the scale lead there. @param {number} most */
function scale(most) {
  if (most <= 0) return { top: 1, ticks: [0] };
  const size = 10 ** Math.floor(Math.log10(most));
  const step = [0.2, 0.5, 1, 2, 2.5, 5].map((f) => f * size).find((s) => most / s <= 4) ?? size * 5;
  const whole = Math.max(step, 1);
  const n = Math.ceil(most / whole);
  return { top: n * whole, ticks: Array.from({ length: n + 1 }, (_, i) => i * whole) };
}

/**
 * Months as steps, because a month is a step; the compared period is dashed. Readers get the same as a table.
 * @param {{ label: string, now: Step[], then?: Step[], format?: (value: number) => string, nowName?: string, thenName?: string }} props
 */
export function Steps({ label, now, then, format = count, nowName, thenName }) {
  const [left, right, top, bottom, height] = [62, 316, 10, 126, 146];
  const { top: most, ticks } = scale(Math.max(0, ...now.map((s) => s.value ?? 0), ...(then ?? []).map((s) => s.value ?? 0)));
  const wide = (right - 4 - left) / Math.max(1, now.length);
  const y = (/** @type {number} */ v) => bottom - ((bottom - top) * Math.max(0, v)) / most;
  const line = (/** @type {Step[]} */ steps) => {
    let d = '';
    let pen = false;
    steps.forEach(({ value }, n) => {
      if (value === null) return void (pen = false);
      d += `${pen ? 'V' : `M${(left + n * wide).toFixed(1)} `}${y(value).toFixed(1)}H${(left + (n + 1) * wide).toFixed(1)}`;
      pen = true;
    });
    return d;
  };
  const last = now.at(-1);
  // The number of the last step stands clear of the one before.
  const peak = Math.max(last?.value ?? 0, now.at(-2)?.value ?? 0);
  return html`<figure class="chartbox">
    <svg class="chart" viewBox="0 0 ${right} ${height}" role="img" aria-label=${label}>
      ${ticks.map((v) => html`<path key=${v} class="grid" d="M${left} ${y(v).toFixed(1)}H${right - 4}" /><text x=${left - 5} y=${(y(v) + 4).toFixed(1)} text-anchor="end">${format(v)}</text>`)}
      ${now.filter((s) => s.value !== null).length ? html`<path class="fill" d="${now.map((s, n) => `M${left + n * wide} ${bottom}V${y(s.value ?? 0).toFixed(1)}h${wide}V${bottom}Z`).join('')}" />` : null}
      ${then ? html`<path class="then" d=${line(then.slice(0, now.length))} />` : null}
      <path class="now" d=${line(now)} />
      ${now.map((s, n) => html`<text key=${s.key} class=${n === now.length - 1 ? 'lab' : undefined} x=${(left + (n + 0.5) * wide).toFixed(1)} y="141" text-anchor="middle">${s.label}</text>`)}
      ${last && last.value !== null ? html`<text class="lab" x=${right - 5} y=${Math.max(9, y(peak) - 4).toFixed(1)} text-anchor="end">${format(last.value)}</text>` : null}
    </svg>
    <table class="sr"><caption>${label}</caption><thead><tr><th scope="col">${t('chart.month')}</th><th scope="col">${nowName ?? t('chart.now')}</th>${then ? html`<th scope="col">${thenName ?? t('chart.then')}</th>` : null}</tr></thead>
      <tbody>${now.map((s, n) => html`<tr key=${s.key}><th scope="row">${s.label}</th><td>${s.value === null ? '' : format(s.value)}</td>${then ? html`<td>${then[n]?.value == null ? '' : format(/** @type {number} */ (then[n]?.value))}</td>` : null}</tr>`)}</tbody></table>
  </figure>`;
}

/**
 * Shares of a whole, or sizes beside each other: word, bar, number.
 * @param {{ items: { key: string, label: any, value: number | null, text?: any, href?: string, band?: 1 | 2 | 3 | 4 }[], most?: number, running?: boolean }} props
 *   with `running` each bar begins where the one before ends, as parts of one whole
 */
export function Bars({ items, most, running }) {
  const sizes = items.map((item) => Math.max(0, item.value ?? 0));
  const whole = most ?? (running ? sizes.reduce((a, b) => a + b, 0) : Math.max(0, ...sizes));
  let at = 0;
  return html`<dl class="list wide bars">${items.map((item, n) => {
    const size = whole ? ((sizes[n] ?? 0) / whole) * 100 : 0;
    const x = running ? at : 0;
    at += size;
    const text = item.text ?? (item.value === null ? t('figure.hidden') : count(item.value));
    return html`<dt key=${`${item.key}-t`}>${item.label}</dt><dd key=${`${item.key}-b`}><${Bar} size=${size} from=${x} band=${item.band} /></dd>
      <dd key=${`${item.key}-n`}>${item.href ? html`<a href=${item.href}>${text}</a>` : text}</dd>`;
  })}</dl>`;
}

/**
 * A bar for a cell, in percent; the thin line is the median of the siblings.
 * @param {{ size: number, from?: number, median?: number | null, band?: 1 | 2 | 3 | 4 }} props
 */
export const Bar = ({ size, from = 0, median, band }) => html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
  <rect class=${band ? `b${band}` : undefined} x=${from.toFixed(2)} width=${Math.min(100, size).toFixed(2)} height="8" />
  ${median == null ? null : html`<path class="mid" d="M${median.toFixed(1)} -12V20" />`}
</svg>`;

/** The text where it fits, roughly: Chinese letters are twice as wide. The rest is told by the title. @param {string} text @param {number} width @param {number} size */
const fitting = (text, width, size) => ([...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e7f ? size : size * 0.58), 0) > width ? '' : text);

/**
 * Areas as large as their numbers.
 * @param {{ items: { id: string, label: string, value: number, text?: string, href?: string }[], unit?: string, label?: string, width?: number, height?: number }} props
 */
export function TreeMap({ items, unit = '', label, width = 720, height = 300 }) {
  const shown = items.filter((item) => item.value > 0).sort((a, b) => b.value - a.value);
  const places = squares(shown.map((item) => item.value), width, height);
  const word = (/** @type {typeof items[number]} */ item) => item.text ?? `${count(item.value)} ${unit}`.trim();
  return html`<figure class="chartbox">
    <svg class="treemap" viewBox="0 0 ${width} ${height}" role="group" aria-label=${label}>
      ${shown.map((item, n) => {
        const at = places[n];
        if (!at) return null;
        const name = at.h >= 20 ? fitting(item.label, at.w - 12, 14) : '';
        const number = at.h >= 40 ? fitting(word(item), at.w - 12, 13) : '';
        const inside = html`<title>${item.label} ${word(item)}</title><rect x=${at.x.toFixed(1)} y=${at.y.toFixed(1)} width=${Math.max(0, at.w - 2).toFixed(1)} height=${Math.max(0, at.h - 2).toFixed(1)} />
          ${name ? html`<text x=${(at.x + 6).toFixed(1)} y=${(at.y + 17).toFixed(1)}>${name}</text>` : null}
          ${number ? html`<text class="num" x=${(at.x + 6).toFixed(1)} y=${(at.y + 35).toFixed(1)}>${number}</text>` : null}`;
        return item.href ? html`<a key=${item.id} href=${item.href} aria-label="${item.label} ${word(item)}">${inside}</a>`
          : html`<g key=${item.id} role="img" aria-label="${item.label} ${word(item)}">${inside}</g>`;
      })}
    </svg>
  </figure>`;
}
