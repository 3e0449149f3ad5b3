/** Events as a file and on paper. */
import { html } from '../../core/html.js';
import { today } from '../../core/format.js';
import { label, t } from '../../core/i18n.js';
import { session } from '../../core/session.js';
import { saveCsv } from '../parts/csv.js';
import { Paper, PrintButton } from '../parts/paper.js';
import { WholeButton } from '../parts/whole.js';
import { pointName } from '../data.js';
import { withNames } from '../naming.js';
import { MASK, fieldName, momentText, shapeOf, valueText } from './fields.js';
import { actorText } from './names.js';

/** @typedef {import('./data.js').AuditEvent} AuditEvent */

/** @param {string} field @param {unknown} value @param {AuditEvent} event */
const said = (field, value, event) => (shapeOf(field) === 'point' && typeof value === 'string' && value !== MASK ? pointName(value) : valueText(field, value, event));

/** What changed, in a sentence. @param {AuditEvent} event */
const changesText = (event) => event.changes
  .map(({ field, before, after }) => t('audit.change', { field: fieldName(field), before: said(field, before, event), after: said(field, after, event) })).join(t('audit.and'));

/** @type {{ key: string, name: string, say: (event: AuditEvent) => unknown, paper?: boolean }[]} */
const COLUMNS = [
  { key: 'seq', name: 'audit.place', say: (e) => e.seq ?? '', paper: true },
  { key: 'at', name: 'audit.when', say: (e) => momentText(e.at), paper: true },
  { key: 'action', name: 'audit.action', say: (e) => label('audit_action', e.action), paper: true },
  { key: 'actor', name: 'audit.who', say: actorText, paper: true },
  { key: 'point', name: 'audit.at_point', say: (e) => e.service_point_name, paper: true },
  { key: 'reason', name: 'audit.reason', say: (e) => e.reason ?? '', paper: true },
  { key: 'changes', name: 'audit.changes', say: changesText, paper: true },
  { key: 'object', name: 'audit.object', say: (e) => label('audit_object', e.object_type) },
  { key: 'object_id', name: 'audit.object_id', say: (e) => e.object_id },
  { key: 'version', name: 'audit.version_of', say: (e) => e.object_version ?? '' },
  { key: 'address', name: 'audit.address', say: (e) => e.address ?? '' },
  { key: 'request', name: 'audit.request', say: (e) => e.request_id },
  { key: 'hash', name: 'audit.content_hash', say: (e) => e.content_hash ?? '' },
  { key: 'id', name: 'audit.event_id', say: (e) => e.id },
];

/** @typedef {{ rows: AuditEvent[], more: { loading: boolean, load: (() => void) | null, whole: import('../whole.js').Whole } }} Events */

/** @param {{ list: Events, name: string }} props `name` is what the file is called */
export function SaveEvents({ list: { rows, more }, name }) {
  /** @type {import('../whole.js').Use} */
  const save = async (events, wanted) => {
    const lines = await withNames(() => [COLUMNS.map((c) => t(c.name)), ...events.map((event) => COLUMNS.map((c) => c.say(event)))], wanted);
    if (wanted()) saveCsv(name, lines);
  };
  return html`<span class="end line"><${WholeButton} whole=${more.whole} act="csv" icon="save" word=${t('sheet.csv')} use=${save} disabled=${!rows.length} /><${PrintButton} more=${more} /></span>`;
}

/** The events that are asked for, on paper. @param {{ list: Events, title: string, span?: string }} props */
export const EventsPaper = ({ list, title, span }) => html`<${Paper} title=${title} unit=${session.value.here?.name ?? ''} right=${span}
  columns=${COLUMNS.filter((c) => c.paper).map((c) => ({ key: c.key, label: t(c.name), value: c.say }))} rows=${list.rows} more=${list.more}
  notes=${[t('audit.paper_note')]} filler=${session.value.account?.display_name} date=${today()} />`;
