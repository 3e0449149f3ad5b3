/** Stores and what they sell, and the catalogues that they name. */
import { t } from '../../core/i18n.js';
import { pointName } from '../data.js';
import { code, day, fen, keeper, note, number, point, text, thing } from './book.js';
import { nameOf } from './names.js';

/** @typedef {import('./book.js').Book} Book */

/** @param {string} name @param {string[]} codes @returns {import('./book.js').BookField} */
const choice = (name, codes) => ({ name, type: 'choice', required: true, column: false, options: () => codes.map((c) => ({ code: c, label: t(`book.choice.${c}`) })) });

/** @type {Book} */
const stores = {
  code: 'stores', kind: 'register', group: 'trade',
  title: (row) => row.name,
  metrics: ['stores', 'stores_opened', 'stores_active', 'stores_active_share'],
  standing: 'open_on',
  filters: [{ name: 'platform_id', type: 'lookup', of: 'platform' }, { name: 'household_id', type: 'lookup', of: 'household' }, { name: 'organisation_id', type: 'lookup', of: 'organisation' }],
  fields: [
    text('name', { required: true }), thing('platform_id', 'platform', { required: true, stays: true }), point(),
    choice('_owner', ['household', 'organisation', 'own']),
    thing('household_id', 'household', { required: true, when: (v) => v._owner === 'household' }),
    thing('organisation_id', 'organisation', { required: true, when: (v) => v._owner === 'organisation' }),
    day('opened_on', { required: true }), day('closed_on', { hint: 'book.hint.last_day' }), text('link', { max: 500, column: false }),
  ],
  unfold: (row) => ({ _owner: row.household_id ? 'household' : row.organisation_id ? 'organisation' : row.id ? 'own' : '' }),
  below: [{ book: 'sales', by: 'store_id' }, { book: 'livestreams', by: 'store_id' }, { book: 'benefit-links', by: 'store_id' }],
};

/** @type {Book} */
const sales = {
  code: 'sales', kind: 'log', group: 'trade',
  title: (row) => t('book.title.on', { what: row.store_id ? nameOf('store', row.store_id) : pointName(row.service_point_id), day: row.on ?? row.month }),
  metrics: ['sales_amount', 'sales_orders', 'orders_per_day', 'platform_sales', 'product_sales', 'campaign_sales', 'sales_cumulative'],
  filters: [
    { name: 'channel', type: 'code', list: 'sales_channel' }, { name: 'store_id', type: 'lookup', of: 'store' }, { name: 'platform_id', type: 'lookup', of: 'platform' },
    { name: 'product_id', type: 'lookup', of: 'product' }, { name: 'campaign_id', type: 'lookup', of: 'campaign' },
  ],
  fields: [
    { name: '_when', type: 'text', told: true, say: (row) => row.on ?? row.month },
    choice('_span', ['on', 'month']),
    day('on', { required: true, column: false, when: (v) => v._span === 'on' }),
    { name: 'month', type: 'month', required: true, column: false, hint: 'book.hint.month', when: (v) => v._span === 'month' },
    { ...choice('_seller', ['store', 'point']), stays: true },
    thing('store_id', 'store', { required: true, stays: true, hint: 'book.hint.store', when: (v) => v._seller === 'store' }),
    point({ when: (v) => v._seller === 'point' }),
    fen('amount_fen', { required: true, min: 1 }), number('orders', { required: true, max: 1e9 }),
    code('channel', 'sales_channel', { required: true }), thing('platform_id', 'platform', { told: true }),
    thing('product_id', 'product'), thing('campaign_id', 'campaign', { hint: 'book.hint.campaign' }), note(),
  ],
  unfold: (row) => ({ _span: row.month ? 'month' : 'on', _seller: row.id && !row.store_id ? 'point' : row.store_id || !row.service_point_id ? 'store' : 'point' }),
};

/** @type {Book} */
const livestreams = {
  code: 'livestreams', kind: 'log', group: 'trade',
  title: (row) => t('book.title.on', { what: nameOf('store', row.store_id), day: row.on }),
  metrics: ['livestream_sessions', 'livestream_sales'],
  filters: [{ name: 'store_id', type: 'lookup', of: 'store' }, { name: 'platform_id', type: 'lookup', of: 'platform' }, { name: 'host_member_id', type: 'lookup', of: 'member' }],
  fields: [
    day('on', { required: true }), thing('store_id', 'store', { required: true, stays: true, hint: 'book.hint.store' }), point({ told: true }), thing('platform_id', 'platform', { hint: 'book.hint.platform' }),
    thing('host_member_id', 'member'), number('minutes', { min: 1, max: 1440 }), number('viewers', { max: 1e9 }),
    number('orders', { required: true, max: 1e9 }), fen('amount_fen', { required: true, hint: 'book.hint.livestream' }), note(),
  ],
};

/** @type {Book} */
const platforms = {
  code: 'platforms', kind: 'catalogue', group: 'trade', standing: 'on',
  title: (row) => row.name,
  metrics: ['stores', 'platform_sales'],
  filters: [{ name: 'kind', type: 'code', list: 'platform_kind' }, { name: 'partner_id', type: 'lookup', of: 'partner' }],
  fields: [text('name', { required: true }), code('kind', 'platform_kind', { required: true }), thing('partner_id', 'partner'), day('ends_on', { hint: 'book.hint.last_day' }), keeper(), note()],
  below: [{ book: 'stores', by: 'platform_id' }, { book: 'sales', by: 'platform_id' }, { book: 'livestreams', by: 'platform_id' }],
};

/** @type {Book} */
const products = {
  code: 'products', kind: 'catalogue', group: 'trade', standing: 'on',
  title: (row) => row.name,
  metrics: ['product_sales'],
  filters: [{ name: 'kind', type: 'code', list: 'product_category', word: 'category' }],
  fields: [
    text('name', { required: true }), code('category', 'product_category', { required: true }), thing('origin_code', 'county'),
    text('geographical_indication'), day('ends_on', { hint: 'book.hint.last_day' }), keeper(), note(),
  ],
  below: [{ book: 'sales', by: 'product_id' }],
};

/** @type {Book} */
const campaigns = {
  code: 'campaigns', kind: 'catalogue', group: 'trade', standing: 'on',
  title: (row) => row.name,
  metrics: ['campaign_sales'],
  fields: [
    text('name', { required: true }), day('starts_on', { required: true }), day('ends_on', { required: true }), keeper(),
    thing('overlapping_ids', 'campaign', { told: true, many: true, hint: 'book.hint.overlap' }), note(),
  ],
  below: [{ book: 'sales', by: 'campaign_id' }],
};

export default [stores, sales, livestreams, platforms, products, campaigns];
export { choice };
