import { html, useState } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { Dialog } from '../parts/dialog.js';
import { nameOf, said } from './values.js';

/** 口径: how each metric is counted. @param {{ open: boolean, onClose: () => void, metrics: Map<string, import('./values.js').Metric>, first: string[] }} props */
function Definitions({ open, onClose, metrics, first }) {
  const order = [...first, ...[...metrics.keys()].filter((code) => !first.includes(code))];
  return html`<${Dialog} title=${t('network.definitions_title')} open=${open} onClose=${onClose} wide>
    <dl class="defs">${order.map((code) => {
      const metric = metrics.get(code);
      return metric ? html`<div key=${code}><dt>${nameOf(metric)} <span class="dim small">${t(`metric.${metric.nature}`)} · ${t(`metric.${metric.view}`)}</span></dt><dd>${said(metric.definition)}</dd></div>` : null;
    })}</dl>
  <//>`;
}

/** @param {{ metrics: Map<string, import('./values.js').Metric>, first: string[] }} props */
export function DefinitionsButton({ metrics, first }) {
  const [open, setOpen] = useState(false);
  return html`<button type="button" class="btn" onClick=${() => setOpen(true)}>${t('network.definitions')}</button>
    <${Definitions} open=${open} onClose=${() => setOpen(false)} metrics=${metrics} first=${first} />`;
}
