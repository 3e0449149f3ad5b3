import { html } from '../../core/html.js';
import { count } from '../../core/format.js';
import { label, t, tn } from '../../core/i18n.js';
import { can } from '../../core/session.js';
import { Icon } from '../../parts/icons.js';
import { State } from '../../parts/state.js';
import { pointName, useGet, usePoint } from '../data.js';
import { Stair } from '../parts/frame.js';
import { hasTimeline } from './data.js';
import { MASK, fieldName, fours, momentText, shapeOf, valueText } from './fields.js';
import { addressOfObject } from './links.js';
import { actorText, shortId } from './names.js';

/** @typedef {import('./data.js').AuditEvent} AuditEvent */
/** @typedef {import('./data.js').Change} Change */

/** @param {{ field: string, value: unknown, event: AuditEvent }} props */
function Value({ field, value, event }) {
  const shape = shapeOf(field);
  if (value === MASK) return html`<span class="masked"><${Icon} name="lock" class="sm" />${valueText(field, value, event)}</span>`;
  if (value === null || value === '') return html`<span class="dim">${valueText(field, value, event)}</span>`;
  if (shape === 'point' && typeof value === 'string') return html`${pointName(value)}`;
  if (shape === 'account' && typeof value === 'string') return value === event.actor_id ? actorText(event) : html`<span class="code">${shortId(value)}</span>`;
  if (shape === 'hash' && typeof value === 'string') return html`<span class="code breaks">${fours(value)}</span>`;
  if (/^[0-9a-f-]{36}$/.test(String(value))) return html`<span class="code">${shortId(String(value))}</span>`;
  return html`${valueText(field, value, event)}`;
}

/** What a record still says after a correction; the versions of records are read by those who may read them. */
const STAYS = ['kind', 'subkind', 'given_on', 'quantity', 'unit', 'amount_fen'];

/** @param {AuditEvent} event @returns {Change[]} */
function useUnchanged(event) {
  const wanted = event.object_type === 'assistance_record' && (event.object_version ?? 1) > 1 && can('households.read');
  const answer = useGet(wanted ? `/assistance-records/${event.object_id}/versions` : null, { limit: 200 });
  const version = answer.value?.items?.find((/** @type {any} */ v) => v.version === event.object_version);
  if (!version) return [];
  const changed = new Set(event.changes.map((change) => change.field));
  return STAYS.filter((field) => !changed.has(field) && version[field] != null)
    .map((field) => ({ field, before: version[field], after: version[field] }));
}

/** @param {{ event: AuditEvent }} props */
function Changes({ event }) {
  const unchanged = useUnchanged(event);
  const version = event.object_version ?? 1;
  if (event.changes.length === 0) return html`<p class="small dim">${t(nothingSaid(event))}</p>`;
  return html`<table class="sheet diff edge">
    <caption class="sr">${t('audit.changes')}</caption>
    <thead><tr>
      <th scope="col">${t('audit.field')}</th>
      <th scope="col">${version > 1 ? t('audit.before_version', { n: version - 1 }) : t('audit.before')}</th>
      <th scope="col">${version > 1 ? t('audit.after_version', { n: version }) : t('audit.after')}</th>
    </tr></thead>
    <tbody>
      ${event.changes.map((change) => html`<tr key=${change.field}>
        <th scope="row">${fieldName(change.field)}</th>
        <td class=${change.before === null ? '' : 'was'}><${Value} field=${change.field} value=${change.before} event=${event} /></td>
        <td class="now"><${Value} field=${change.field} value=${change.after} event=${event} /></td>
      </tr>`)}
      ${unchanged.map((same) => html`<tr key=${same.field} class="dim">
        <th scope="row">${fieldName(same.field)}</th>
        <td><${Value} field=${same.field} value=${same.before} event=${event} /></td>
        <td><${Value} field=${same.field} value=${same.after} event=${event} /></td>
      </tr>`)}
    </tbody>
  </table>`;
}

/** Why no field is shown. @param {AuditEvent} event */
function nothingSaid(event) {
  if (event.content_hash === null) return 'audit.no_content';
  return (event.object_version ?? 1) > 1 ? 'audit.only_masked' : 'audit.created';
}

/** A report is looked at in the queue of the point above, or among the own ones at the top. @param {AuditEvent} event */
function useReportAddress(event) {
  const wanted = event.object_type === 'report' && can('reports.read');
  const report = useGet(wanted ? `/reports/${event.object_id}` : null).value;
  const point = usePoint(wanted ? event.service_point_id : null).value;
  const above = point?.above.at(-1);
  if (!report || !point) return null;
  const place = new URLSearchParams({ point: above?.id ?? point.id, month: report.month, ...(above && { at: point.id }) });
  return `#/review?${place.toString()}`;
}

/** @param {{ event: AuditEvent, onlyActor?: ((event: AuditEvent) => void) | undefined }} props */
function Facts({ event, onlyActor }) {
  const report = useReportAddress(event);
  const link = report ?? addressOfObject(event.object_type, event.object_id, event.action);
  return html`<dl class="list facts">
    <dt>${t('audit.who')}</dt>
    <dd>${actorText(event)}${event.actor_id && onlyActor ? html` <button type="button" class="link" onClick=${() => onlyActor(event)}>${t('audit.only_actor')}</button>` : null}</dd>
    <dt>${t('audit.when')}</dt><dd>${momentText(event.at)}</dd>
    <dt>${t('audit.object')}</dt>
    <dd>${label('audit_object', event.object_type)} <span class="code dim">${shortId(event.object_id)}</span>${event.object_version ? html` <span class="dim">${t('audit.version', { n: event.object_version })}</span>` : null}${link ? html` <a href=${link}>${t('audit.open_object')}</a>` : null}</dd>
    ${event.reason ? html`<dt>${t('audit.reason')}</dt><dd>${event.reason}</dd>` : null}
    <dt>${t('audit.address')}</dt><dd>${event.address ?? t('audit.no_address')}</dd>
    <dt>${t('audit.request')}</dt><dd class="code">${event.request_id}</dd>
  </dl>`;
}

/** Where the event lies in the chain. @param {{ event: AuditEvent, head?: import('./data.js').Head | undefined }} props */
function Place({ event, head }) {
  const after = head && event.seq !== null ? head.seq - event.seq : null;
  return html`<h3>${t('audit.in_chain')}</h3>
    <dl class="list facts">
      <dt>${t('audit.place')}</dt>
      <dd>${event.seq === null ? html`<${State} kind="wait" word=${t('audit.sealing')} />` : t('audit.nth', { n: count(event.seq) })}</dd>
      ${after !== null && after >= 0 ? html`<dt>${t('audit.since')}</dt><dd>${tn('audit.sealed_since', after, { count: count(after) })}</dd>` : null}
      ${event.content_hash ? html`<dt>${t('audit.content_hash')}</dt><dd class="code breaks">${fours(event.content_hash)}</dd>` : null}
      <dt>${t('audit.event_id')}</dt><dd class="code breaks">${event.id}</dd>
    </dl>`;
}

/**
 * Everything about one event.
 * @param {{ event: AuditEvent, head?: import('./data.js').Head | undefined, onlyActor?: (event: AuditEvent) => void, alone?: boolean }} props
 *   `alone`: among others; otherwise it stands in the timeline of its object already
 */
export function Detail({ event, head, onlyActor, alone }) {
  const point = usePoint(event.service_point_id).value;
  const whole = alone && hasTimeline(event.object_type) && event.service_point_id !== null;
  return html`<section class="panel stack" aria-label=${t('audit.detail')}>
    <header><h2>${label('audit_action', event.action)}</h2><span class="end code small dim">${event.seq === null ? t('audit.waits') : t('audit.nth', { n: count(event.seq) })}</span></header>
    <div class="scroll grow pad stack" tabindex="0">
      ${point ? html`<${Stair} points=${[...point.above, point]} />` : html`<p class="small">${event.service_point_name}</p>`}
      <${Facts} event=${event} onlyActor=${onlyActor} />
      <${Changes} event=${event} />
      ${whole ? html`<p class="small"><a href="#/audit/${event.object_type}/${event.object_id}">${t(`audit.whole.${event.object_type}`)}</a></p>` : null}
      <${Place} event=${event} head=${head} />
    </div>
  </section>`;
}
