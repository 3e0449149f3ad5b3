/** What is asked for when a point is opened, changed, paused, put to work or closed. */
import { html, useMemo, useState } from '../../core/html.js';
import { get, patch, post } from '../../core/api.js';
import { count, today } from '../../core/format.js';
import { label, t } from '../../core/i18n.js';
import { can } from '../../core/session.js';
import { Note } from '../../parts/state.js';
import { forget, useAnswer, useGet } from '../data.js';
import { Form } from '../parts/form.js';
import { refreshTree } from '../parts/tree.js';
import { isEnded, tierBelow } from './point-state.js';

/** @typedef {import('../parts/form-values.js').FormField} FormField */
/** @typedef {{ onDone: (point: any) => void, onCancel: () => void, onReload?: () => void }} Ends */

const DEGREES = /^-?\d{1,3}(\.\d{1,6})?$/;

/** What was kept of points is not so any more. @param {any} point */
export function changed(point) {
  forget('point/');
  forget('children/');
  forget('/service-points');
  forget('points/');
  refreshTree();
  return point;
}

/** @returns {FormField[]} */
const ownFields = () => {
  const degrees = (/** @type {string} */ name, /** @type {string} */ title, /** @type {number} */ most) => /** @type {FormField} */ ({
    name, label: title, type: 'text', max: 12, hint: t('admin.point.degrees'),
    check: (value) => (DEGREES.test(value) && Math.abs(Number(value)) <= most ? undefined : t('admin.point.bad_degrees', { most })),
  });
  return [
    { name: 'name', label: t('admin.point.name'), type: 'text', required: true, max: 100 },
    { name: 'region_code', label: t('admin.point.region_code'), type: 'text', max: 12, hint: t('admin.point.region_code_hint'),
      check: (value) => (/^\d{12}$/.test(value) ? undefined : t('admin.point.bad_region_code')) },
    { name: 'address', label: t('admin.point.address'), type: 'text', max: 200 },
    { name: 'contact_name', label: t('admin.point.contact_name'), type: 'text', max: 50 },
    { name: 'contact_phone', label: t('admin.point.contact_phone'), type: 'text', max: 20, hint: t('admin.point.contact_phone_hint') },
    degrees('longitude', t('admin.point.longitude'), 180),
    degrees('latitude', t('admin.point.latitude'), 90),
  ];
};

/** The degrees as the API writes them. @param {Record<string, any>} values */
function toApi({ longitude, latitude, ...others }) {
  const millionths = (/** @type {string | null} */ text) => (text === null ? null : Math.round(Number(text) * 1e6));
  return { ...others, longitude_e6: millionths(longitude), latitude_e6: millionths(latitude) };
}

/** @param {number | null} e6 */
const degreesOf = (e6) => (e6 === null ? null : (e6 / 1e6).toFixed(6).replace(/\.?0+$/, ''));

/** Opens a point below another one, which is chosen where it is not given. @param {Ends & { parent?: any }} props */
export function OpenForm({ parent, onDone, onCancel }) {
  const fields = useMemo(() => /** @type {FormField[]} */ ([
    { name: 'parent_id', label: t('admin.point.parent'), type: 'point', required: true, fixed: parent !== undefined, hint: parent ? undefined : t('admin.point.parent_hint') },
    ...ownFields(),
    { name: 'status', label: t('admin.point.status'), type: 'choice', required: true, options: ['active', 'planned'].map((code) => ({ code, label: label('service_point_status', code) })) },
    { name: 'opened_on', label: t('admin.point.opened_on'), type: 'day', required: true,
      check: (value, values) => (values.status === 'active' && value > today() ? t('admin.point.opens_later') : undefined) },
  ]), [parent?.id]);
  const submit = async (/** @type {Record<string, any>} */ values) => {
    const above = parent ?? await get(`/service-points/${values.parent_id}`);
    return post('/service-points', { ...toApi(values), tier: tierBelow(above.tier) ?? above.tier });
  };
  return html`<${Form} fields=${fields} values=${{ parent_id: parent?.id, status: 'active', opened_on: today() }} creates label=${t('admin.point.open')} submit=${submit}
    onDone=${(/** @type {any} */ p) => onDone(changed(p))} onCancel=${onCancel} />`;
}

/** @param {Ends & { point: any }} props */
export function EditForm({ point, onDone, onCancel, onReload }) {
  const fields = useMemo(ownFields, []);
  const values = { ...point, longitude: degreesOf(point.longitude_e6), latitude: degreesOf(point.latitude_e6) };
  return html`<${Form} fields=${fields} values=${values} label=${t('admin.save')} onReload=${onReload} onCancel=${onCancel}
    submit=${(/** @type {any} */ v, /** @type {any} */ options) => patch(`/service-points/${point.id}`, toApi(v), options)} onDone=${(/** @type {any} */ p) => onDone(changed(p))} />`;
}

/** Pauses a point or puts it to work. @param {Ends & { point: any, act: 'suspend' | 'activate' }} props */
export const StatusForm = ({ point, act, onDone, onCancel, onReload }) => html`<div class="stack">
  <p>${t(`admin.point.${act}_means`)}</p>
  ${act === 'activate' && point.status === 'planned' ? html`<p class="small dim">${t('admin.point.opens_now')}</p>` : null}
  <${Form} fields=${[]} values=${point} label=${t(`admin.point.${act}_act`, { name: point.name })} warn=${act === 'suspend'} onReload=${onReload} onCancel=${onCancel}
    submit=${(/** @type {any} */ _, /** @type {any} */ options) => post(`/service-points/${point.id}/${act}`, undefined, options)} onDone=${(/** @type {any} */ p) => onDone(changed(p))} />
</div>`;

/** How many points just below have not ended. @param {any} point @returns {number} */
function useOpenBelow(point) {
  const below = useAnswer(tierBelow(point.tier) ? `points/open/${point.id}` : '', async () => {
    const counts = await Promise.all(['active', 'planned', 'suspended'].map((status) => get('/service-points', { parent_id: point.id, status, count: true, limit: 1 })));
    return counts.reduce((sum, page) => sum + page.count, 0);
  });
  return below.value ?? 0;
}

/** What is in the way of closing, as far as it can be seen beforehand. @param {{ point: any, below: number }} props */
function InTheWay({ point, below }) {
  const homes = useGet(can('statistics.persons') ? `/service-points/${point.id}/statistics` : null, { period: 'all', metrics: 'households' });
  const households = homes.value?.items?.[0]?.own;
  return html`<div class="stack">
    ${point.tier === 'bureau' ? html`<${Note} kind="error"><p>${t('admin.close.bureau')}</p><//>` : null}
    ${below > 0 ? html`<${Note} kind="error"><p>${t('admin.close.children', { n: count(below) })}</p><//>` : null}
    ${households > 0 ? html`<${Note} kind="doubt"><p>${t('admin.close.households', { n: count(households) })}</p><//>` : null}
    <details class="small"><summary>${t('admin.close.when_refused')}</summary><ul class="ways gap">
      ${['children', 'records', 'period', 'bureau'].map((why) => html`<li key=${why}>${t(`admin.close.refused.${why}`)}</li>`)}</ul></details>
  </div>`;
}

/** Ends a point's life. @param {Ends & { point: any }} props */
export function CloseForm({ point, onDone, onCancel, onReload }) {
  const below = useOpenBelow(point);
  const [fields] = useState(() => /** @type {FormField[]} */ ([
    { name: 'closed_on', label: t('admin.close.last_day'), type: 'day', required: true, hint: t('admin.close.last_day_hint'),
      check: (value) => (value > today() ? t('admin.close.not_later') : value < point.opened_on ? t('admin.close.not_before', { day: point.opened_on }) : undefined) },
    { name: 'reason', label: t('admin.reason'), type: 'area', required: true, max: 200, hint: t('admin.reason_hint') },
  ]));
  return html`<div class="stack">
    <p>${t('admin.close.means')}</p>
    <${InTheWay} point=${point} below=${below} />
    <${Form} fields=${fields} values=${{ version: point.version, closed_on: today() }} label=${t('admin.close.act', { name: point.name })} warn disabled=${isEnded(point) || point.tier === 'bureau' || below > 0}
      onReload=${onReload} onCancel=${onCancel} submit=${(/** @type {any} */ v, /** @type {any} */ options) => post(`/service-points/${point.id}/close`, v, options)}
      onDone=${(/** @type {any} */ p) => onDone(changed(p))} />
  </div>`;
}
