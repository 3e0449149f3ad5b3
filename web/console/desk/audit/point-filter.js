import { html } from '../../core/html.js';
import { addWords, label, t } from '../../core/i18n.js';
import { get } from '../../core/api.js';
import { Lookup, namePoint } from '../parts/form-lookup.js';
import { useStyle } from '../parts/frame.js';

await addWords('desk-form');

/** Points that a text finds, those that have ended as well: what happened there stays. @param {string} q */
async function findAny(q) {
  const { items } = await get('/service-points', { q: q || undefined, limit: 12 });
  return Promise.all(items.map(async (/** @type {any} */ point) => {
    const above = point.parent_id ? await namePoint(point.parent_id).catch(() => '') : '';
    const ended = point.closed_on ? label('service_point_status', point.status) : '';
    return { id: point.id, label: [point.name, above, ended].filter(Boolean).join(' · ') };
  }));
}

/**
 * One subtree, found by name, pinyin, initials or code.
 * @param {{ chosen: string, choose: (id: string) => void }} props
 */
export function PointFilter({ chosen, choose }) {
  useStyle('desk-form');
  return html`<div class="filter"><${Lookup} id="audit-point" label=${t('audit.point')} hint=${chosen ? t('audit.with_below') : undefined} value=${chosen} set=${choose} search=${findAny} resolve=${namePoint} /></div>`;
}
