/** For which point and which period: chosen once, for all ledgers, and written into the address. */
import { html, signal, useEffect } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { replace, route } from '../../core/router.js';
import { thisMonth } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { usePoint } from '../data.js';
import { periodFrom } from '../network/periods.js';
import { PeriodChooser } from '../network/place.js';
import { Lookup, findPoints, namePoint } from '../parts/form-lookup.js';
import { Stair } from '../parts/frame.js';
import { UnitToggle } from '../parts/money.js';

/** What was chosen last, for pages that are reached without saying so. */
const chosen = signal(/** @type {{ point?: string, period?: string, account?: string }} */ ({}));

/**
 * The point and the period that a page is about.
 * @param {URLSearchParams} query
 */
export function useScope(query) {
  const { here, account } = session.value;
  const mine = chosen.value.account === account?.id ? chosen.value : {};
  const asked = query.get('period');
  const period = asked === null ? mine.period ?? thisMonth().slice(0, 4) : periodFrom(asked);
  const point = query.get('point') ?? mine.point ?? here?.id ?? '';
  useEffect(() => {
    chosen.value = { point, period, account: account?.id };
  }, [point, period, account?.id]);
  return { point, period, where: usePoint(point || null) };
}

/** The same page with another query: null takes a part out of it. @param {Record<string, string | null>} changes */
export function withQuery(changes) {
  const { name, id, sub, query } = route.value;
  const next = new URLSearchParams(query);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(key);
    else next.set(key, value);
  }
  const path = [name, id, sub].filter((part) => part !== undefined).map((part) => encodeURIComponent(/** @type {string} */ (part))).join('/');
  const search = next.toString();
  return `/${path}${search && `?${search}`}`;
}

/** An address with the scope. @param {string} path @param {Record<string, string | null | undefined>} query */
export function address(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const search = new URLSearchParams(/** @type {[string, string][]} */ (given)).toString();
  return `#/${path}${search && `?${search}`}`;
}

/** Where the point lies, each step a link to the same page there. @param {{ where: { value: any } }} props */
export function Where({ where }) {
  const point = where.value;
  return point ? html`<${Stair} points=${[...point.above, point]} href=${(/** @type {string} */ id) => `#${withQuery({ point: id })}`} />` : null;
}

/** The bar that chooses: point, period, unit of money. @param {{ point: string, period: string, children?: any }} props */
export function ScopeBar({ point, period, children }) {
  const { name, id } = route.value;
  const path = id === undefined ? `/${name}` : `/${name}/${id}`;
  return html`<div class="line scopebar">
    <div class="where"><${Lookup} id="scope-point" label=${t('book.point')} value=${point} search=${(/** @type {string} */ q) => findPoints(q)} resolve=${namePoint}
      set=${(/** @type {string} */ id) => { if (id) replace(withQuery({ point: id })); }} /></div>
    <div class="line periods"><${PeriodChooser} path=${path} query=${new URLSearchParams({ ...Object.fromEntries(route.value.query), point, period })} /></div>${children}<span class="end"><${UnitToggle} /></span>
  </div>`;
}

/**
 * Whether something may be done at a point, once it is known what lies above it.
 * @param {string} permission
 * @param {string | null | undefined} point
 */
export function useMay(permission, point) {
  const anywhere = can(permission);
  const there = usePoint(anywhere && point ? point : null);
  return Boolean(point && anywhere && there.value && can(permission, point));
}
