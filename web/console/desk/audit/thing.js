import { html, useState } from '../../core/html.js';
import { label, t, tn } from '../../core/i18n.js';
import { Empty, Failed, Loading } from '../../parts/rows.js';
import { pages } from '../data.js';
import { Desk, useStyle } from '../parts/frame.js';
import { hasTimeline, timelinePath, useHead } from './data.js';
import { Detail } from './detail.js';
import { addressOfObject } from './links.js';
import { shortId } from './names.js';
import { EventsPaper, SaveEvents } from './save.js';
import { Timeline } from './timeline.js';

/** Everything that happened to one thing, from now back to its beginning. @param {{ type: string, id: string }} props */
export default function Thing({ type, id }) {
  useStyle('desk-audit');
  const may = hasTimeline(type);
  const list = pages(may ? timelinePath(type, id) : null, {}, { limit: 100 });
  const head = useHead();
  /** @type {import('./data.js').AuditEvent[]} */
  const events = list.rows;
  const [picked, setPicked] = useState('');
  const event = events.find((one) => one.id === picked) ?? events[0];
  const link = addressOfObject(type, id);
  const title = may ? t(`audit.whole.${type}`) : t('audit.title');
  const tools = html`${link ? html`<a class="btn" href=${link}>${t('audit.open_object')}</a>` : null}<a class="btn" href="#/audit">${t('audit.to_all')}</a>`;
  return html`<${Desk} title=${title} nav="audit" tools=${tools} sub=${html`${label('audit_object', type)} <span class="code">${shortId(id)}</span>`}
    after=${events.length ? html`<${EventsPaper} list=${list} title=${title} span=${shortId(id)} />` : null}>
    ${!may ? html`<${Empty} icon="lock" text=${t('audit.no_timeline')} href="#/audit" act=${t('audit.to_all')} />`
      : list.error && !events.length ? html`<${Failed} error=${list.error} retry=${list.reload} />`
      : list.loading && !events.length ? html`<${Loading} />`
      : !event ? html`<${Empty} text=${t('audit.never')} href="#/audit" act=${t('audit.to_all')} />`
      : html`<div class="split half">
        <section class="panel stack" aria-label=${t('audit.events')}>
          <header><h2>${t('audit.events')}</h2><span class="dim small">${tn('audit.read', events.length)}${list.more.load ? '' : t('audit.that_is_all')}</span><${SaveEvents} list=${list} name=${`${title} ${id.slice(-12)}`} /></header>
          <div class="scroll grow" tabindex="-1">
            <${Timeline} events=${events} picked=${event.id} onPick=${(/** @type {any} */ e) => setPicked(e.id)} label=${t('audit.events')} />
            ${list.more.load ? html`<p class="moreline"><button type="button" class="btn" disabled=${list.loading} onClick=${list.load}>${list.loading ? t('rows.loading') : t('audit.earlier')}</button></p>` : null}
            ${list.error ? html`<div class="pad"><${Failed} error=${list.error} retry=${list.load} /></div>` : null}
          </div>
        </section>
        <${Detail} key=${event.id} event=${event} head=${head.value} />
      </div>`}
  <//>`;
}
