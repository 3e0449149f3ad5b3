import { html, useEffect, useState } from '../../core/html.js';
import { dayText } from '../../core/format.js';
import { t, tn } from '../../core/i18n.js';
import { replace } from '../../core/router.js';
import { can } from '../../core/session.js';
import { Empty, Failed, Loading } from '../../parts/rows.js';
import { Desk, useStyle } from '../parts/frame.js';
import { pages } from '../data.js';
import { Chain } from './chain.js';
import { addressOf, asked, filtersOf, readsWhole, useHead } from './data.js';
import { Detail } from './detail.js';
import { FilterSide } from './filters.js';
import { EventsPaper, SaveEvents } from './save.js';
import { Timeline } from './timeline.js';

/** @typedef {import('./data.js').AuditEvent} AuditEvent */
/** @typedef {import('./data.js').Filters} Filters */

/** What happened, the newest first, and one event beside it. @param {{ query: URLSearchParams }} props */
export default function Audit({ query }) {
  useStyle('desk-audit');
  const filters = filtersOf(query);
  const list = pages(can('audit.read') ? '/audit-events' : null, asked(filters), { limit: 100 });
  const head = useHead();
  /** @type {AuditEvent[]} */
  const events = list.rows;
  const [picked, setPicked] = useState(query.get('event') ?? '');
  const event = events.find((one) => one.id === picked) ?? events[0];
  const narrow = (/** @type {Partial<Filters>} */ change) => replace(addressOf({ ...filters, ...change }));
  const pick = (/** @type {AuditEvent} */ one) => {
    setPicked(one.id);
    replace(addressOf(filters, one.id));
  };
  useEffect(() => { if (head.value && events[0]?.seq && events[0].seq > head.value.seq) void head.reload(); }, [events[0]?.seq]);
  const span = t('audit.between', { from: dayText(filters.from), to: dayText(filters.to) });
  const actor = events.find((one) => one.actor_id === filters.actor)?.actor_username ?? undefined;
  if (!can('audit.read')) return html`<${Desk} title=${t('audit.title')} nav="audit"><${Empty} icon="lock" text=${t('audit.not_yours')} href="#/network" act=${t('desk.network')} /><//>`;
  const waiting = events.filter((one) => one.seq === null).length;
  return html`<${Desk} title=${t('audit.title')} nav="audit" sub=${t(readsWhole() ? 'audit.sub' : 'audit.sub_accounts')} side=${html`<${FilterSide} filters=${filters} narrow=${narrow} actor=${actor} />`}
    after=${html`<${EventsPaper} list=${list} title=${t('audit.paper')} span=${span} />`}>
    <${Chain} answer=${head} waiting=${waiting} />
    <div class="split half">
      <section class="panel stack" aria-label=${t('audit.events')}>
        <header><h2>${t('audit.events')}</h2><span class="dim small">${span}${events.length ? t('audit.comma') + tn('audit.read', events.length) : ''}</span><${SaveEvents} list=${list} name=${`${t('audit.paper')} ${filters.from} ${filters.to}`} /></header>
        <div class="scroll grow" tabindex="-1">
          <${Listed} list=${list} picked=${event?.id} onPick=${pick} filters=${filters} />
        </div>
      </section>
      ${event ? html`<${Detail} key=${event.id} alone event=${event} head=${head.value} onlyActor=${(/** @type {AuditEvent} */ e) => narrow({ actor: e.actor_id ?? '' })} />`
        : html`<section class="panel hold"><p class="dim">${t('audit.pick')}</p></section>`}
    </div>
  <//>`;
}

/** @param {{ list: any, picked: string | undefined, onPick: (event: AuditEvent) => void, filters: Filters }} props */
function Listed({ list, picked, onPick, filters }) {
  if (list.error && !list.rows.length) return html`<div class="pad"><${Failed} error=${list.error} retry=${list.reload} /></div>`;
  if (list.loading && !list.rows.length) return html`<${Loading} />`;
  if (!list.rows.length) {
    return html`<${Empty} icon="search" text=${t('audit.none', { from: dayText(filters.from), to: dayText(filters.to) })} />`;
  }
  return html`<${Timeline} events=${list.rows} picked=${picked} onPick=${onPick} label=${t('audit.events')} />
    ${list.more.load ? html`<p class="moreline"><button type="button" class="btn" disabled=${list.loading} onClick=${list.load}>${list.loading ? t('rows.loading') : t('audit.earlier')}</button></p>` : null}
    ${list.error ? html`<div class="pad"><${Failed} error=${list.error} retry=${list.load} /></div>` : null}`;
}
