import { html, useState } from '../../core/html.js';
import { dayText, whenText } from '../../core/format.js';
import { label, t, tn } from '../../core/i18n.js';
import { can } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { pointName, useChildren, useGet, usePoint } from '../data.js';
import { Dialog } from '../parts/dialog.js';
import { Stair } from '../parts/frame.js';
import { Sheet } from '../parts/sheet.js';
import { addDays, hasTimeline } from '../audit/data.js';
import { AdminPage, Up } from './frame.js';
import { CloseForm, EditForm, OpenForm, StatusForm } from './point-forms.js';
import { Move } from './move.js';
import { PointState, isEnded, tierBelow } from './point-state.js';
import { mayManagePoint, mayOpenBelow } from './rights.js';

/** @typedef {'edit' | 'open' | 'suspend' | 'activate' | 'move' | 'close'} Act */

/** @param {{ point: any }} props */
const Facts = ({ point }) => html`<section class="panel stack">
  <header><h2>${t('admin.point.facts')}</h2><${PointState} point=${point} chip /></header>
  <dl class="list facts pad">
    <dt>${t('admin.point.tier')}</dt><dd>${label('tier', point.tier)}${point.village_kind ? html`, ${label('village_kind', point.village_kind)}` : null}</dd>
    <dt>${t('admin.point.region_code')}</dt><dd class="code">${point.region_code ?? t('admin.none')}</dd>
    <dt>${t('admin.point.opened_on')}</dt><dd>${dayText(point.opened_on)}</dd>
    ${point.closed_on ? html`<dt>${t('admin.point.closed_on')}</dt><dd>${dayText(point.closed_on)}</dd>` : null}
    <dt>${t('admin.point.address')}</dt><dd>${point.address ?? t('admin.none')}</dd>
    <dt>${t('admin.point.contact_name')}</dt><dd>${point.contact_name ?? t('admin.none')}${point.contact_phone ? html` <span class="code">${point.contact_phone}</span>` : null}</dd>
    <dt>${t('admin.point.position')}</dt><dd>${point.longitude_e6 === null || point.latitude_e6 === null ? t('admin.none') : html`<span class="code">${(point.longitude_e6 / 1e6).toFixed(6)}, ${(point.latitude_e6 / 1e6).toFixed(6)}</span>`}</dd>
    <dt>${t('admin.version')}</dt><dd>${t('admin.version_at', { n: point.version, when: whenText(point.updated_at) })}</dd>
  </dl>
</section>`;

/** Under which parents it has hung. @param {{ id: string, version: number }} props */
function History({ id, version }) {
  const answer = useGet(`/service-points/${id}/history`, { });
  const spans = answer.value?.items;
  return html`<section class="panel stack" data-version=${version}>
    <header><h2>${t('admin.point.history')}</h2>${hasTimeline('service_point') ? html`<a class="end small" href="#/audit/service_point/${id}">${t('admin.whole_timeline')}</a>` : null}</header>
    <div class="pad">${!spans ? (answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`)
      : spans.length === 0 ? html`<p class="dim small">${t('admin.point.no_history')}</p>`
      : html`<ol class="spans">${[...spans].reverse().map((/** @type {any} */ span) => html`<li key=${span.valid_from}><b>${span.parent_id ? pointName(span.parent_id) : t('admin.out_of_reach')}</b>
        <span class="dim small">${span.valid_to ? t('admin.point.span', { from: dayText(span.valid_from), to: dayText(addDays(span.valid_to, -1)) }) : t('admin.point.span_open', { from: dayText(span.valid_from) })}</span></li>`)}</ol>`}</div>
  </section>`;
}

/** The points just below. @param {{ point: any, open: (() => void) | null }} props */
function Below({ point, open }) {
  const answer = useChildren(point.id);
  const below = tierBelow(point.tier);
  if (!below) return html`<section class="panel hold"><p class="dim small">${t('admin.point.lowest')}</p></section>`;
  const columns = [
    { key: 'name', label: label('tier', below), href: (/** @type {any} */ p) => `#/admin/points/${p.id}` },
    { key: 'region_code', label: t('admin.point.region_code'), cell: (/** @type {any} */ p) => html`<span class="code">${p.region_code}</span>` },
    { key: 'status', label: t('admin.point.status'), value: (/** @type {any} */ p) => label('service_point_status', p.status), cell: (/** @type {any} */ p) => html`<${PointState} point=${p} />` },
    { key: 'opened_on', label: t('admin.point.opened_on') },
  ];
  const tools = html`<h2>${t('admin.point.below')}</h2><span class="dim small">${answer.value ? tn('admin.point.count', answer.value.length) : null}</span>${open ? html`<button type="button" class="btn" onClick=${open}><${Icon} name="plus" />${t('admin.point.open_below', { tier: label('tier', below) })}</button>` : null}`;
  return html`<section class="panel stack grow">
    ${!answer.value ? (answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`)
      : html`<${Sheet} caption=${t('admin.point.below')} columns=${columns} rows=${answer.value} csv=${point.name} tools=${tools} empty=${t('admin.point.none_below')} />`}
  </section>`;
}

/** The acts that are possible as the point stands; to be moved it needs another parent in reach. @param {{ point: any, start: (act: Act) => void }} props */
function Acts({ point, start }) {
  if (!mayManagePoint(point)) return html`<span class="small dim">${t('admin.point.not_yours')}</span>`;
  if (isEnded(point)) return html`<span class="small dim">${t('admin.point.ended')}</span>`;
  const button = (/** @type {Act} */ act, /** @type {string} */ word, more = '') => html`<button type="button" class="btn ${more}" onClick=${() => start(act)}>${word}</button>`;
  return html`${button('edit', t('admin.point.edit'))}
    ${point.status === 'active' ? button('suspend', t('admin.point.suspend')) : button('activate', t('admin.point.activate'))}
    ${point.above.length >= 2 ? button('move', t('admin.move.title')) : null}
    ${point.tier === 'bureau' ? null : button('close', t('admin.point.close'), 'warn')}`;
}

/** One point, and what may be done with it. @param {{ id: string }} props */
export default function Point({ id }) {
  const answer = usePoint(id);
  const [act, setAct] = useState(/** @type {Act | null} */ (null));
  const point = answer.value;
  const end = () => setAct(null);
  // What lies below is read anew as well.
  const [round, setRound] = useState(0);
  const done = () => {
    setAct(null);
    setRound(round + 1);
    void answer.reload();
  };
  if (!point) {
    return html`<${AdminPage} title=${t('admin.section.points')} section="points" above=${html`<${Up} href="#/admin/points" word=${t('admin.section.points')} />`}>
      ${answer.error ? html`<${Failed} error=${answer.error} retry=${answer.reload} />` : html`<${Loading} />`}<//>`;
  }
  const ends = { point, onDone: done, onCancel: end, onReload: done };
  const forms = /** @type {Record<Act, () => any>} */ ({
    edit: () => html`<${EditForm} ...${ends} />`,
    open: () => html`<${OpenForm} parent=${point} onDone=${done} onCancel=${end} />`,
    suspend: () => html`<${StatusForm} ...${ends} act="suspend" />`,
    activate: () => html`<${StatusForm} ...${ends} act="activate" />`,
    move: () => html`<${Move} ...${ends} />`,
    close: () => html`<${CloseForm} ...${ends} />`,
  });
  const stair = html`<${Stair} points=${[...point.above, point]} href=${(/** @type {string} */ one) => `#/admin/points/${one}`} />`;
  return html`<${AdminPage} title=${point.name} section="points" above=${stair} sub=${label('tier', point.tier)}
    tools=${html`${can('statistics.read', id) ? html`<a class="btn" href="#/network/${id}">${t('admin.point.figures')}</a>` : null}<${Acts} point=${point} start=${setAct} />`}
    after=${html`<${Dialog} wide=${act === 'move' || act === 'edit' || act === 'open'} title=${act ? t(`admin.point.${act}_title`, { name: point.name }) : ''} open=${act !== null} onClose=${act === 'move' ? done : end}>${act ? forms[act]() : null}<//>`}>
    <div class="split">
      <${Below} key=${round} point=${point} open=${mayOpenBelow(point) && !isEnded(point) ? () => setAct('open') : null} />
      <div class="stack scroll"><${Facts} point=${point} /><${History} key=${point.version} id=${id} version=${point.version} /></div>
    </div>
  <//>`;
}
