import { html } from '../core/html.js';

/**
 * Every picture of the console: states first, then places and acts, then kinds of assistance.
 * They are drawn in place, so that no page waits for a file.
 * @type {Record<string, () => any>}
 */
const SHAPES = {
  ok: () => html`<circle cx="12" cy="12" r="10.2" fill="currentColor" stroke="none" /><path class="g" stroke-width="2.6" d="m7.3 12.4 3.3 3.3 6.2-7" />`,
  wait: () => html`<circle cx="12" cy="12" r="9" stroke-width="2.5" /><path stroke-width="2.3" d="M12 7v5.2l3.4 2" />`,
  doubt: () => html`<path d="M12 2.6 22.6 21H1.4Z" fill="var(--doubt-fill)" stroke-width="1.7" /><path stroke="#3a2600" stroke-width="2.4" d="M12 9.2v5M12 17.7v.1" />`,
  error: () => html`<path d="M7.8 1.8h8.4l6 6v8.4l-6 6H7.8l-6-6V7.8Z" fill="currentColor" stroke="none" /><path class="g" stroke-width="2.6" d="M12 6.5v6.8M12 17v.1" />`,
  return: () => html`<rect x="2" y="2" width="20" height="20" rx="1.5" fill="currentColor" stroke="none" /><path class="g" stroke-width="2.4" d="M9.6 6.4 6.4 9.6l3.2 3.2M6.8 9.6h6.8a3.7 3.7 0 0 1 0 7.4h-4" />`,
  changed: () => html`<path d="m12 1.5 10.5 10.5L12 22.5 1.5 12Z" fill="currentColor" stroke="none" /><path class="g" stroke-width="2.4" d="M8 12h8" />`,
  none: () => html`<circle cx="12" cy="12" r="9" stroke-width="2.3" stroke-dasharray="4.2 3.3" />`,
  home: () => html`<path d="M4 11 12 4l8 7v9h-5.5v-6h-5v6H4Z" />`,
  people: () => html`<circle cx="9" cy="8" r="3.2" /><path d="M3 20v-1.5a6 6 0 0 1 12 0V20M15.5 5.2a3.2 3.2 0 0 1 0 5.6M17.5 13.5A6 6 0 0 1 21 19v1" />`,
  pen: () => html`<path d="M4 20h4.2L19.5 8.7l-4.2-4.2L4 15.8ZM12.8 7l4.2 4.2" />`,
  send: () => html`<path d="M5 3h10l4 4v14H5ZM12 17.5v-7M8.8 13.5l3.2-3.2 3.2 3.2" />`,
  me: () => html`<circle cx="12" cy="8" r="3.8" /><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0" />`,
  go: () => html`<path d="m9 5 7 7-7 7" />`,
  back: () => html`<path d="m15 5-7 7 7 7" />`,
  plus: () => html`<path d="M12 5v14M5 12h14" />`,
  minus: () => html`<path d="M5 12h14" />`,
  search: () => html`<circle cx="10.5" cy="10.5" r="6" /><path d="m15.2 15.2 5 5" />`,
  nonet: () => html`<path d="M4 20v-3M9 20v-6.5M14 20V10M19 20v-6M15.5 3.5l5 5m0-5-5 5" />`,
  bell: () => html`<path d="M5.5 17V11a6.5 6.5 0 0 1 13 0v6l1.5 1.5H4ZM10 21.5h4" />`,
  file: () => html`<path d="M6 3h8l4 4v14H6ZM14 3v4h4M9 12h6M9 16h6" />`,
  close: () => html`<path d="m6 6 12 12M18 6 6 18" />`,
  save: () => html`<path d="M12 4v11M7.5 11l4.5 4.5L16.5 11M4 20h16" />`,
  print: () => html`<path d="M7 8V3h10v5M7 17H3.5V8h17v9H17M7 14h10v7H7Z" />`,
  eye: () => html`<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z" /><circle cx="12" cy="12" r="2.8" />`,
  lock: () => html`<path d="M5 10.5h14V21H5ZM8 10.5V7a4 4 0 0 1 8 0v3.5M12 14.5v2.5" />`,
  key: () => html`<circle cx="8" cy="15" r="4.5" /><path d="M11.2 11.8 20 3M16 7l3 3M13.5 9.5l2 2" />`,
  link: () => html`<path d="M10 14a4 4 0 0 0 6 .5l3.5-3.5a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.5L4.5 13a4 4 0 0 0 5.7 5.7L12 17" />`,
  copy: () => html`<path d="M8 8h12v12H8ZM16 8V4H4v12h4" />`,
  move: () => html`<path d="M3.5 12h17M15.5 7l5 5-5 5" />`,
  'k-buy': () => html`<path d="M5 8h14l-1 12.5H6ZM9 8V7a3 3 0 0 1 6 0v1" />`,
  'k-sell': () => html`<path d="M3.5 3.5H12l8.5 8.5-8.5 8.5L3.5 12Z" /><circle cx="8.2" cy="8.2" r="1.3" />`,
  'k-pay': () => html`<path d="M6 3h12v18l-3-2-3 2-3-2-3 2ZM9 8h6M9 12h6" />`,
  'k-recv': () => html`<path d="M4 13v7.5h16V13M12 3v11.5M7.5 10.5 12 15l4.5-4.5" />`,
  'k-ship': () => html`<path d="M4 13v7.5h16V13M12 15.5V4M7.5 8 12 3.5 16.5 8" />`,
  'k-talk': () => html`<path d="M3.5 5h17v11.5H11l-4 4v-4H3.5ZM8 9.2h8M8 12.6h5" />`,
  'k-train': () => html`<path d="M3 4.5h18v12H3ZM12 16.5v4M8 20.5h8M7 8.5h6M7 12h9" />`,
  'k-truck': () => html`<path d="M4.5 17H2V6h12v11H8.5M14 10h4l4 3.5V17h-2.5M14 17h1.5" /><circle cx="6.5" cy="17.5" r="2" /><circle cx="17.5" cy="17.5" r="2" />`,
  'k-box': () => html`<path d="m12 3 8.5 4.5v9L12 21l-8.5-4.5v-9ZM3.5 7.5 12 12l8.5-4.5M12 12v9" />`,
  'k-fair': () => html`<path d="M4.5 11v9.5h15V11M3 10.5 5 4h14l2 6.5ZM9.5 20.5V15h5v5.5" />`,
  'k-grow': () => html`<path d="M12 21v-9M12 13.5C12 9 9 6.5 4 6.5c0 4.5 3 7 8 7ZM12 10.5C12 6.5 15 4 20 4c0 4.5-3 6.5-8 6.5Z" />`,
  'k-brand': () => html`<circle cx="12" cy="9" r="5.5" /><path d="M8.5 13.5 7 21l5-2.5L17 21l-1.5-7.5" />`,
};

/**
 * A picture. With a label it says something by itself; without, the word beside it does.
 * @param {{ name: string, label?: string, class?: string }} props
 */
export function Icon({ name, label, class: more }) {
  const shape = SHAPES[name] ?? SHAPES.none;
  const named = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' };
  return html`<svg class=${more ? `i ${more}` : 'i'} viewBox="0 0 24 24" ...${named}>${shape?.()}</svg>`;
}
