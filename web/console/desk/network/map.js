import { html, useEffect, useRef, useState } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { TreeMap } from '../parts/chart.js';
import { ownName } from './children.js';
import { periodText } from './periods.js';
import { along, behind, mayLookBehind } from './place.js';
import { figureText, nameOf, sizeText, unitOf } from './values.js';

/** The children as areas, as large as the picked figure. A share is drawn by what it counts. @param {any} context */
export function ChildrenMap({ id, query, place, point, metric, picked }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [size, setSize] = useState({ width: 720, height: 360 });
  useEffect(() => {
    if (!box.current) return;
    // Letters keep their size: the picture has as many units as there are pixels.
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: Math.max(200, Math.floor(entry.contentRect.width)), height: Math.max(200, Math.floor(entry.contentRect.height)) });
    });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const own = picked.own ? [{ id, label: ownName(point.name), value: picked.own, text: figureText(metric, { value: picked.own, of: picked.own_of }),
    href: mayLookBehind(id) ? behind(id, { metric: metric.code, period: place.period, part: 'own' }) : undefined }] : [];
  const items = [...own, ...picked.by_child.map((/** @type {any} */ c) => ({
    id: c.service_point_id, label: c.name, value: c.value, href: `#/network/${c.service_point_id}${along(query)}`,
    text: metric.is_share || metric.is_mean ? figureText(metric, { value: c.value, of: c.of }) : `${sizeText(metric, c.value)} ${unitOf(metric)}`,
  }))];
  return html`<div class="mapbox grow"><div class="grow" ref=${box}>
      ${items.some((item) => item.value > 0) ? html`<${TreeMap} items=${items} unit=${unitOf(metric)} ...${size}
        label=${t('network.map_label', { metric: nameOf(metric), period: periodText(place.period), name: point.name })} />`
        : html`<p class="dim">${picked.hidden ? t('network.hidden_why') : t('network.nothing')}</p>`}</div>
    <p class="dim tiny">${t(metric.is_share ? 'network.map_share' : 'network.map_note')}</p>
  </div>`;
}
