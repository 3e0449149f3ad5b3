import { html, useEffect, useRef } from '../core/html.js';
import { get, online } from '../core/api.js';
import { t, tn } from '../core/i18n.js';
import { count, dayText, monthText, thisMonth, today, whenText } from '../core/format.js';
import { can, session } from '../core/session.js';
import { useAnswer } from '../core/sync.js';
import { outbox } from '../core/outbox.js';
import { households, month, recent } from '../core/village.js';
import { Shell, Sim } from '../parts/shell.js';
import { State } from '../parts/state.js';
import { Empty, Section } from '../parts/rows.js';
import { Icon } from '../parts/icons.js';
import { TodoList } from '../parts/todo.js';
import { ChildrenSummary } from '../parts/children.js';
import { yuan } from '../parts/figures.js';
import { upText } from '../parts/report-data.js';

/** The first page: note something down, what waits, how the month stands. */
export default function Home() {
  const here = session.value.here;
  if (!here) return html`<${Shell} title=${t('shell.home')} tab="home"><${Empty} icon="home" text=${t('home.no_point')} href="#/me"
    act=${t('shell.me')} /><//>`;
  const log = can('assistance.log', here.id);
  const fresh = here.tier === 'village' && !households.value.length;
  return html`<${Shell} head=${html`<${Place} here=${here} />`} tab="home">
    ${fresh && can('households.write', here.id) ? html`<${Empty} icon="people" text=${t('home.fresh')} href="#/register"
      act=${t('households.register')} />` : null}
    ${log && !fresh ? html`<a class="record"
      href="#/log"><${Icon} name="pen" /><span><b>${t('shell.log')}</b>${t('home.log_hint')}</span></a>` : null}
    ${log ? html`<${Recent} />` : null}
    <${TodoList} />
    <${Month} here=${here} />
    ${here.tier === 'village' ? null : html`<${ChildrenSummary} here=${here} />`}
  <//>`;
}

/** Where one stands: the dark band is here, the paler ones are the tiers above. @param {{ here: { name: string, parent_name: string | null } }} props */
function Place({ here }) {
  const waiting = outbox.value.filter((e) => e.state === 'unsent').length;
  const refused = outbox.value.some((e) => e.state === 'refused');
  const chip = refused ? { kind: /** @type {const} */ ('return'), word: t('state.refused') }
    : waiting ? { kind: /** @type {const} */ ('wait'), word: tn('home.unsent', waiting) } : { kind: /** @type {const} */ ('ok'), word: t('home.all_sent') };
  return html`<header class="place">
    <div class="line"><h1 tabindex="-1">${here.name}</h1><${Sim} end /></div>
    <div class="line"><span class="dim small">${[here.parent_name, dayText(today())].filter(Boolean).join(t('home.join'))}</span>
      <a class="link end" href="#/outbox"><${State} chip kind=${chip.kind} word=${chip.word} /></a></div>
    <svg class="terrace" viewBox="0 0 360 16"
      preserveAspectRatio="none" aria-hidden="true"><rect class="b4" x="262" width="98" height="4" /><rect class="b3" x="176" y="4" width="184" height="4" /><rect class="b2" x="84" y="8" width="276" height="4" /><rect class="b1" y="12" width="360" height="4" /></svg>
  </header>`;
}

/** The three households that were here last: one tap instead of a search. */
function Recent() {
  const cards = recent(3);
  if (!cards.length) return null;
  return html`<nav class="three" aria-label=${t('home.recent')}>
    ${cards.map((card) => html`<a class="pick" key=${card.id}
      href="#/log?household=${card.id}"><${Icon} name="plus" class="sm" /><span>${card.head_name}</span></a>`)}
  </nav>`;
}

const METRICS = 'assistance_count,households_assisted,assistance_amount';

/** This month: what this phone knows of a village; what the server counts for a point with others below. @param {{ here: { id: string, tier: string } }} props */
function Month({ here }) {
  const now = thisMonth();
  const may = can('statistics.read', here.id);
  const answer = useAnswer(may ? `statistics:${here.id}:${now}` : '', () => get(`/service-points/${here.id}/statistics`, { period: now, metrics: METRICS }));
  const own = month(now);
  // What was received since counts above as well.
  const readFor = useRef(own.sent);
  useEffect(() => {
    if (answer.loading || readFor.current === own.sent) return;
    readFor.current = own.sent;
    answer.reload();
  }, [own.sent, answer.loading]);
  const told = (/** @type {string} */ metric) => answer.value?.items.find((/** @type {any} */ i) => i.metric === metric)?.total;
  const village = here.tier === 'village';
  const shown = village
    ? [own.times, own.households, own.amount_fen]
    : [told('assistance_count'), told('households_assisted'), told('assistance_amount')];
  const [times, reached, fen] = shown;
  const n = (/** @type {number | null | undefined} */ value) => (value == null ? t('home.unknown') : count(value));
  return html`<${Section} title=${t('home.month')} aside=${monthText(now)}>
    <div class="panel">
      <dl class="figures">
        <div class="figure"><dt>${t('home.assisted')}</dt><dd><b>${n(times)}</b><small>${t('home.times')}</small></dd></div>
        <div class="figure"><dt>${t('home.reached')}</dt><dd><b>${n(reached)}</b><small>${t('home.households')}</small></dd></div>
        <div class="figure"><dt>${t('home.amount')}</dt><dd><b>${fen == null ? t('home.unknown') : yuan(fen)}</b><small>${t('record.yuan')}</small></dd></div>
      </dl>
      <div class="pad sum small">${village ? html`<${Sent} own=${own} told=${told('assistance_count')} /><br />` : null}
        ${answer.read_at ? html`<span class="dim">${t(online.value ? 'home.read_at' : 'home.read_at_offline', { when: whenText(answer.read_at) })}</span>` : html`<span class="dim">${t(answer.loading ? 'rows.loading' : 'home.not_read')}</span>`}
      </div>
    </div>
  <//>`;
}

/** So that a village and its township never argue over two numbers. @param {{ own: { sent: number, unsent: number }, told: number | undefined }} props */
function Sent({ own, told }) {
  const all = own.sent + own.unsent;
  const said = t('home.sent_and_not', { sent: count(own.sent), unsent: count(own.unsent) });
  const part = all ? (own.sent / all) * 100 : 0;
  return html`${all ? html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none"
    role="img" aria-label=${said}><rect class="b2" width=${part.toFixed(2)} height="8" />${own.unsent ? html`<rect class="todo" x=${Math.min(part + 0.6, 99).toFixed(2)} width=${Math.max(100 - part - 0.6, 1).toFixed(2)} height="8" />` : null}</svg>` : null}
    <span>${said}</span> ${told == null ? null : html`<span class="dim">${t('home.seen_above', { up: upText(), n: count(told) })}</span>`} `;
}
