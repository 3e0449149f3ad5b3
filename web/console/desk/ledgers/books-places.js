/** Logistics, what villages are equipped with, policies, projects, partners, and what stands beside the figures. */
import { get } from '../../core/api.js';
import { label, t } from '../../core/i18n.js';
import { count, money } from '../../core/format.js';
import { pointName } from '../data.js';
import { code, day, fen, keeper, note, number, point, text, thing } from './book.js';
import { keeperName, nameOf } from './names.js';

/** @typedef {import('./book.js').Book} Book */

/** @type {Book} */
const sites = {
  code: 'logistics-sites', kind: 'register', group: 'places', standing: 'on',
  title: (row) => row.name ?? row.opened_on,
  metrics: ['logistics_sites', 'villages_covered_share', 'parcels'],
  filters: [{ name: 'kind', type: 'code', list: 'logistics_site_kind' }, { name: 'partner_id', type: 'lookup', of: 'partner' }],
  fields: [
    text('name', { required: true }), code('kind', 'logistics_site_kind', { required: true }), thing('partner_id', 'partner', { required: true, word: 'operator' }),
    point(), day('opened_on', { required: true }), day('closed_on', { hint: 'book.hint.last_day' }),
  ],
  below: [{ book: 'coverages', by: 'site_id' }, { book: 'parcels', by: 'site_id' }],
};

/** @type {Book} */
const coverages = {
  code: 'coverages', kind: 'register', group: 'places', standing: 'on',
  title: (row) => t('book.title.by', { who: pointName(row.service_point_id), by: nameOf('site', row.site_id) }),
  metrics: ['villages_covered_share'],
  filters: [{ name: 'site_id', type: 'lookup', of: 'site' }],
  fields: [
    point({ tier: 'village', word: 'village' }), thing('site_id', 'site', { required: true, stays: true }), day('starts_on', { required: true }), day('ends_on', { hint: 'book.hint.last_day' }),
  ],
};

/** @type {Book} */
const infrastructure = {
  code: 'village-infrastructure', kind: 'register', group: 'places', standing: 'on',
  title: (row) => `${pointName(row.service_point_id)} · ${label('infrastructure_kind', row.kind)}`,
  metrics: ['villages_broadband_share', 'villages_mobile_network_share', 'villages_paved_road_share', 'villages_three_phase_power_share'],
  filters: [{ name: 'kind', type: 'code', list: 'infrastructure_kind' }],
  fields: [
    point({ tier: 'village', word: 'village' }), code('kind', 'infrastructure_kind', { required: true, stays: true }), day('starts_on', { required: true }),
    day('ends_on', { hint: 'book.hint.last_day' }), text('source', { max: 200 }),
  ],
};

/** @type {Book} */
const parcels = {
  code: 'parcels', kind: 'log', group: 'places',
  title: (row) => t('book.title.on', { what: nameOf('site', row.site_id), day: row.month }),
  metrics: ['parcels'],
  filters: [{ name: 'direction', type: 'code', list: 'parcel_direction' }, { name: 'site_id', type: 'lookup', of: 'site' }],
  fields: [
    { name: 'month', type: 'month', required: true, hint: 'book.hint.parcels' }, thing('site_id', 'site', { required: true, stays: true }), code('direction', 'parcel_direction', { required: true }),
    number('parcels', { required: true, max: 1e9 }), point({ told: true }),
  ],
};

/** @type {Book} */
const policies = {
  code: 'policy-documents', kind: 'catalogue', group: 'policy', standing: 'on', file: true,
  title: (row) => row.name,
  metrics: ['policy_documents', 'policy_documents_issued'],
  filters: [{ name: 'kind', type: 'code', list: 'policy_topic', word: 'topic' }],
  fields: [
    text('number', { required: true, word: 'document_number' }), text('name', { required: true, word: 'title' }), text('issuer', { required: true }), code('topic', 'policy_topic', { required: true }),
    day('issued_on', { required: true, hint: 'book.hint.issued' }), day('ends_on', { word: 'in_force_to' }), keeper(),
    { name: 'file', type: 'flag', told: true, say: (row) => (row.file ? t('book.file_there') : '') }, note(),
  ],
};

/** @type {Book} */
const projects = {
  code: 'projects', kind: 'catalogue', group: 'policy', standing: 'on',
  title: (row) => row.name,
  metrics: ['project_payments', 'project_paid_share'],
  filters: [{ name: 'kind', type: 'code', list: 'funding_source', word: 'funding_source' }],
  fields: [
    text('name', { required: true }), code('funding_source', 'funding_source', { required: true }), fen('budget_fen', { required: true, min: 1 }),
    fen('paid_fen', { told: true }), day('starts_on', { required: true, hint: 'book.hint.budget' }), day('ends_on', { hint: 'book.hint.last_day' }), keeper(),
    { name: 'village_ids', type: 'point', tier: 'village', many: true, column: false }, note(),
  ],
  below: [{ book: 'project-payments', by: 'project_id' }],
};

/** @type {Book} */
const payments = {
  code: 'project-payments', kind: 'log', group: 'policy',
  title: (row) => t('book.title.on', { what: nameOf('project', row.project_id), day: row.on }),
  metrics: ['project_payments', 'project_paid_share'],
  filters: [{ name: 'funding_source', type: 'code', list: 'funding_source' }, { name: 'project_id', type: 'lookup', of: 'project' }],
  fields: [
    day('on', { required: true }), thing('project_id', 'project', { required: true, stays: true }), code('funding_source', 'funding_source', { told: true }),
    fen('amount_fen', { required: true, min: 1, hint: 'book.hint.payment' }), point({ told: true }), note(),
  ],
};

/** @type {Book} */
const partners = {
  code: 'partners', kind: 'catalogue', group: 'others',
  title: (row) => row.name,
  metrics: ['partners'],
  filters: [{ name: 'kind', type: 'code', list: 'partner_kind' }],
  fields: [text('name', { required: true }), code('kind', 'partner_kind', { required: true }), code('reach', 'partner_reach', { required: true }), keeper(), note()],
  below: [{ book: 'agreements', by: 'partner_id' }, { book: 'platforms', by: 'partner_id' }, { book: 'logistics-sites', by: 'partner_id' }],
};

/** @type {Book} */
const agreements = {
  code: 'agreements', kind: 'catalogue', group: 'others', standing: 'on',
  title: (row) => row.name,
  metrics: ['partners'],
  filters: [{ name: 'partner_id', type: 'lookup', of: 'partner' }],
  fields: [
    text('name', { required: true, word: 'agreed' }), thing('partner_id', 'partner', { required: true, stays: true }), day('starts_on', { required: true }),
    day('ends_on', { hint: 'book.hint.last_day' }), keeper({ told: true }), note(),
  ],
  fold: async (values) => ({ ...values, service_point_id: (await get(`/partners/${values.partner_id}`)).service_point_id }),
};

/** @param {number} value @param {number} decimals */
const decimal = (value, decimals) => {
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0');
  return `${value < 0 ? '-' : ''}${digits.slice(0, digits.length - decimals)}${decimals ? `.${digits.slice(-decimals)}` : ''}`;
};

/** @type {Book} */
const indicators = {
  code: 'indicators', kind: 'catalogue', group: 'others',
  title: (row) => row.name,
  fields: [
    text('name', { required: true }), { name: '_value', type: 'decimal', required: true, word: 'value', say: (row) => decimal(row.value, row.decimals) },
    text('unit', { required: true, max: 20 }), day('as_of', { required: true }), text('source', { required: true, max: 200, word: 'publisher' }),
    { name: 'definition', type: 'area', required: true, max: 500, column: false }, keeper({ word: 'about' }),
  ],
  unfold: (row) => (row.id ? { _value: decimal(row.value, row.decimals) } : {}),
  fold: (values) => {
    const [whole = '', part = ''] = String(values._value).split('.');
    return { ...values, value: Number(whole + part), decimals: part.length };
  },
};

const CUMULATIVE = ['sales_cumulative', 'persons_trained_cumulative'];
/** @param {any} values */
const inMoney = (values) => values.metric === 'sales_cumulative';

/** @type {Book} */
const balances = {
  code: 'opening-balances', kind: 'catalogue', group: 'others',
  title: (row) => t('book.title.by', { who: keeperName(row.service_point_id), by: t(`book.metric.${row.metric}`) }),
  metrics: CUMULATIVE,
  filters: [{ name: 'kind', type: 'code', word: 'metric', options: () => CUMULATIVE.map((c) => ({ code: c, label: t(`book.metric.${c}`) })) }],
  fields: [
    keeper({ word: 'about' }), { name: 'metric', type: 'code', required: true, stays: true, options: () => CUMULATIVE.map((c) => ({ code: c, label: t(`book.metric.${c}`) })) },
    { name: '_money', type: 'money', required: true, column: false, word: 'balance', max: 1_000_000_000_000_000, when: inMoney },
    { name: '_count', type: 'integer', required: true, column: false, word: 'balance', when: (v) => v.metric !== null && !inMoney(v) },
    { name: 'value', type: 'integer', told: true, word: 'balance', say: (row) => (inMoney(row) ? t('book.yuan', { n: money(row.value) }) : t('book.persons', { n: count(row.value) })) },
    day('as_of', { required: true, word: 'counts_from', hint: 'book.hint.counts_from' }), text('source', { required: true, max: 200 }),
  ],
  unfold: (row) => (row.id ? { _money: inMoney(row) ? row.value : null, _count: inMoney(row) ? null : row.value } : {}),
  fold: (values) => ({ ...values, value: inMoney(values) ? values._money : values._count }),
};

export default [sites, coverages, infrastructure, parcels, policies, projects, payments, partners, agreements, indicators, balances];
