import { html, signal, useEffect, useState } from '../../core/html.js';
import { entries, label, t, tn } from '../../core/i18n.js';
import { count, whenText } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { Field, Select } from '../../parts/fields.js';
import { pages, pointName, usePoint } from '../data.js';
import { Desk, Stair } from '../parts/frame.js';
import { Paper, PrintButton } from '../parts/paper.js';
import { Sheet } from '../parts/sheet.js';
import { Tree } from '../parts/tree.js';
import { firstPoint } from './place.js';

const NONE = { q: '', phone_tail: '', household_type: '', monitoring_category: '', disability: '', status: 'active' };
/** What is looked for. It names people, so it stands in no address and is forgotten with the session. */
const filters = signal({ account: '', ...NONE });

/** @param {Partial<typeof NONE>} change */
const set = (change) => (filters.value = { ...filters.peek(), ...change });

/** The households of a point and of everything below it. @param {{ id?: string }} props */
export default function Households({ id: given }) {
  const id = given ?? firstPoint();
  const account = session.value.account?.id ?? '';
  if (filters.peek().account !== account) filters.value = { account, ...NONE };
  const { account: _, ...wanted } = filters.value;
  const point = usePoint(id);
  const may = point.value && can('households.read', id);
  const [typed, setTyped] = useState({ q: wanted.q, phone_tail: wanted.phone_tail });
  useEffect(() => {
    // While somebody types, only the last word is asked for.
    const tail = /^\d{4}$/.test(typed.phone_tail) ? typed.phone_tail : '';
    const timer = setTimeout(() => {
      if (typed.q.trim() !== filters.peek().q || tail !== filters.peek().phone_tail) set({ q: typed.q.trim(), phone_tail: tail });
    }, 300);
    return () => clearTimeout(timer);
  }, [typed]);
  const asked = Object.fromEntries(Object.entries(wanted).filter(([, v]) => v !== ''));
  const list = pages(may ? '/households' : null, { service_point_id: id, count: true, ...asked }, { limit: 100 });
  const points = point.value ? [...point.value.above, point.value] : [];
  const name = point.value?.name ?? '';
  /** @type {import('../parts/sheet.js').Column[]} */
  const columns = [
    { key: 'head_name', label: t('homes.head'), value: (h) => h.head_name ?? t('homes.nobody'), href: (h) => `#/household/${h.id}` },
    { key: 'point', label: t('homes.home'), value: (h) => pointName(h.service_point_id), href: (h) => `#/network/${h.service_point_id}` },
    { key: 'household_type', label: t('homes.type'), value: (h) => label('household_type', h.household_type) },
    { key: 'monitoring_category', label: t('homes.category'), value: (h) => (h.monitoring_category ? label('monitoring_category', h.monitoring_category) : '') },
    { key: 'persons', label: t('homes.persons'), num: true },
    { key: 'phone_masked', label: t('homes.phone'), sort: false, value: (h) => h.phone_masked ?? '' },
    { key: 'status', label: t('homes.status'), value: (h) => label('household_status', h.status) },
    { key: 'registered_on', label: t('homes.registered') },
  ];
  const bare = !Object.entries(asked).some(([key]) => key !== 'status');
  return html`<${Desk} title=${t('homes.title_of', { name })} nav="network"
    side=${html`<${Tree} current=${id} href=${(/** @type {string} */ to) => `#/households/${to}`} />`}
    sub=${list.count === null ? null : tn('homes.count', list.count, { count: count(list.count) })}
    above=${html`<${Stair} points=${points} href=${(/** @type {string} */ to) => `#/households/${to}`} /><a class="small" href=${`#/network/${id}`}>${t('homes.figures')}</a>
      ${list.read_at ? html`<span class="end small dim">${t('network.read_at', { when: whenText(list.read_at) })}</span>` : null}`}
    tools=${html`${can('households.write', session.value.here?.id) && session.value.here?.id === id ? html`<a class="btn" href="#/register">${t('homes.register')}</a>` : null}<${PrintButton} more=${list.more} />`}
    after=${list.rows.length ? html`<${Paper} title=${t('homes.paper')} unit=${name} code=${point.value?.region_code} columns=${columns} rows=${list.rows} more=${list.more} />` : null}>
    ${point.error && !point.value ? html`<${Failed} error=${point.error} retry=${point.reload} />` : point.value && !may ? html`<p class="panel gutter">${t('rows_of.may_not')}</p>` : html`
    <form class="panel filters gutter" role="search" aria-label=${t('homes.filters')} onSubmit=${(/** @type {Event} */ e) => e.preventDefault()}>
      <${Field} id="f-q" label=${t('homes.q')} value=${typed.q} set=${(/** @type {string} */ q) => setTyped({ ...typed, q })} placeholder=${t('homes.q_hint')} type="search" />
      <${Field} id="f-tail" label=${t('homes.tail')} value=${typed.phone_tail} set=${(/** @type {string} */ v) => setTyped({ ...typed, phone_tail: v.replaceAll(/\D/g, '').slice(0, 4) })} inputmode="numeric" maxlength="4" />
      ${/** @type {const} */ ([['household_type', 'household_type', 'type'], ['monitoring_category', 'monitoring_category', 'category'], ['disability', 'disability_category', 'disability'], ['status', 'household_status', 'status']]).map(([key, codes, word]) => html`<${Select} key=${key} id=${`f-${key}`}
        label=${t(`homes.${word}`)} value=${wanted[key]} set=${(/** @type {string} */ v) => set({ [key]: v })} none=${t('homes.any')} options=${entries(codes)} />`)}
      <button type="button" class="btn" disabled=${bare && wanted.status === 'active'} onClick=${() => { setTyped({ q: '', phone_tail: '' }); set(NONE); }}>${t('homes.clear')}</button>
    </form>
    ${list.error && !list.rows.length ? html`<${Failed} error=${list.error} retry=${list.reload} />` : !point.value || (list.loading && !list.rows.length) ? html`<${Loading} />`
      : html`<section class="panel stack grow"><${Sheet} caption=${t('homes.title_of', { name })} columns=${columns} rows=${list.rows} more=${list.more} csv=${t('homes.title_of', { name })}
        empty=${bare ? t('homes.none') : t('homes.none_found')} /></section>`}`}
  <//>`;
}
Households.stays = true;
