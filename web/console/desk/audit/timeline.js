import { html, useRef } from '../../core/html.js';
import { count } from '../../core/format.js';
import { label, t } from '../../core/i18n.js';
import { Icon } from '../../parts/icons.js';
import { dayName, dayOf, secondText } from './fields.js';
import { markOf } from './marks.js';
import { actorText } from './names.js';

/** @typedef {import('./data.js').AuditEvent} AuditEvent */

/** @param {{ event: AuditEvent, picked: boolean, first: boolean, onPick: (event: AuditEvent) => void }} props */
function Item({ event, picked, first, onPick }) {
  const mark = markOf(event.action);
  return html`<li class="item ${picked ? 'picked' : ''}" aria-current=${picked ? 'true' : undefined}>
    <button type="button" class="event" tabindex=${first ? 0 : -1} onClick=${() => onPick(event)}>
      <span class="dim">${secondText(event.at)}</span>
      <span class="state ${mark.tone}"><${Icon} name=${mark.icon} /></span>
      <span class="what"><b>${label('audit_action', event.action)}</b> <span>${actorText(event)}</span>${event.reason ? html`<span class="why">${t('audit.reason_is', { reason: event.reason })}</span>` : null}<span class="dim tiny where">${event.service_point_name}</span></span>
      <span class="code dim tiny">${event.seq === null ? t('audit.waits') : count(event.seq)}</span>
    </button>
  </li>`;
}

/**
 * Events by day, the newest first. Arrows go through them, and what is gone to is shown beside.
 * @param {{ events: AuditEvent[], picked?: string | undefined, onPick: (event: AuditEvent) => void, label: string }} props
 */
export function Timeline({ events, picked, onPick, label: name }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const stop = events.some((event) => event.id === picked) ? picked : events[0]?.id;
  const move = (/** @type {KeyboardEvent} */ e) => {
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -events.length, End: events.length });
    const step = steps[e.key];
    if (step === undefined) return;
    e.preventDefault();
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = Math.min(Math.max(at + step, 0), events.length - 1);
    const event = events[next];
    if (!event || next === at) return;
    onPick(event);
    buttons[next]?.focus();
  };
  return html`<ol class="events" aria-label=${name} ref=${list} onKeyDown=${move}>
    ${events.map((event, n) => {
      const day = dayOf(event.at);
      const before = events[n - 1];
      return html`${!before || dayOf(before.at) !== day ? html`<li class="day" key=${day}>${dayName(day)}</li>` : null}
        <${Item} key=${event.id} event=${event} picked=${event.id === picked} first=${event.id === stop} onPick=${onPick} />`;
    })}
  </ol>`;
}
