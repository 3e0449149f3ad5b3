/** Training, organisations, and the households that they lift. */
import { get } from '../../core/api.js';
import { t } from '../../core/i18n.js';
import { code, day, fen, note, number, point, text, thing } from './book.js';
import { choice } from './books-trade.js';
import { nameOf } from './names.js';

/** @typedef {import('./book.js').Book} Book */

/** @type {Book} */
const sessions = {
  code: 'training-sessions', kind: 'log', group: 'training',
  title: (row) => row.name ?? row.starts_on,
  metrics: ['training_sessions', 'training_attendances', 'persons_trained', 'persons_trained_cumulative', 'training_conversion_share'],
  filters: [{ name: 'topic', type: 'code', list: 'training_topic' }],
  fields: [
    text('name', { required: true }), code('topic', 'training_topic', { required: true }), day('starts_on', { required: true, hint: 'book.hint.session_month' }),
    day('ends_on'), point({ word: 'host' }), thing('partner_id', 'partner', { word: 'organiser' }), number('minutes', { min: 1, max: 100000, word: 'minutes_all' }), note(),
  ],
  below: [{ book: 'attendances', by: 'session_id' }],
};

/** @type {Book} */
const attendances = {
  code: 'attendances', kind: 'log', group: 'training',
  title: (row) => t('book.title.on', { what: row.member_id ? nameOf('member', row.member_id) : t('book.heads', { n: row.heads }), day: row.on }),
  metrics: ['training_attendances', 'persons_trained', 'persons_trained_cumulative'],
  filters: [{ name: 'session_id', type: 'lookup', of: 'session' }, { name: 'member_id', type: 'lookup', of: 'member' }],
  fields: [
    day('on', { told: true }), thing('session_id', 'session', { required: true, stays: true }), { ...choice('_who', ['member', 'heads']), stays: true },
    thing('member_id', 'member', { required: true, stays: true, when: (v) => v._who === 'member' }),
    number('heads', { required: true, min: 1, max: 100000, hint: 'book.hint.heads', when: (v) => v._who === 'heads' }),
    number('minutes', { min: 1, max: 100000 }), point({ told: true, word: 'host' }),
  ],
  unfold: (row) => ({ _who: row.id && !row.member_id ? 'heads' : 'member' }),
};

/** @type {Book} */
const organisations = {
  code: 'organisations', kind: 'register', group: 'people',
  title: (row) => row.name,
  metrics: ['members_disabled', 'wage_mean', 'households_lifted'],
  filters: [{ name: 'kind', type: 'code', list: 'organisation_kind' }],
  fields: [
    text('name', { required: true }), code('kind', 'organisation_kind', { required: true }), text('credit_code', { max: 18, hint: 'book.hint.credit_code' }),
    day('founded_on'), day('ended_on', { hint: 'book.hint.last_day' }), point(),
  ],
  below: [{ book: 'memberships', by: 'organisation_id' }, { book: 'benefit-links', by: 'organisation_id' }, { book: 'stores', by: 'organisation_id' }],
};

/** What belongs to an organisation or a store is kept by the point that looks after it. @param {Record<string, any>} values */
async function keptWith(values) {
  const path = values.store_id ? `/stores/${values.store_id}` : `/organisations/${values.organisation_id}`;
  return { ...values, service_point_id: (await get(path)).service_point_id };
}

/** @type {Book} */
const memberships = {
  code: 'memberships', kind: 'register', group: 'people', standing: 'on',
  title: (row) => t('book.title.in', { who: nameOf('member', row.member_id), where: nameOf('organisation', row.organisation_id) }),
  metrics: ['members_disabled', 'wage_mean', 'wage_median'],
  filters: [{ name: 'role', type: 'code', list: 'membership_role' }, { name: 'organisation_id', type: 'lookup', of: 'organisation' }, { name: 'member_id', type: 'lookup', of: 'member' }],
  fields: [
    thing('member_id', 'member', { required: true, stays: true, hint: 'book.hint.member' }), thing('organisation_id', 'organisation', { required: true, stays: true }),
    code('role', 'membership_role', { required: true }), day('starts_on', { required: true }), day('ends_on', { hint: 'book.hint.last_day' }), point({ told: true }),
  ],
  fold: keptWith,
  below: [{ book: 'wages', by: 'membership_id' }],
};

/** @type {Book} */
const wages = {
  code: 'wages', kind: 'log', group: 'people',
  title: (row) => t('book.title.on', { what: nameOf('member', row.member_id), day: row.month }),
  metrics: ['wage_mean', 'wage_median'],
  filters: [{ name: 'role', type: 'code', list: 'membership_role' }, { name: 'membership_id', type: 'lookup', of: 'membership' }, { name: 'member_id', type: 'lookup', of: 'member' }],
  fields: [
    { name: 'month', type: 'month', required: true }, thing('membership_id', 'membership', { required: true, stays: true, hint: 'book.hint.membership' }),
    code('role', 'membership_role', { told: true }), fen('amount_fen', { required: true, min: 1, max: 100_000_000, word: 'wage' }), point({ told: true }),
  ],
};

/** @type {Book} */
const links = {
  code: 'benefit-links', kind: 'register', group: 'people', standing: 'on',
  title: (row) => t('book.title.by', { who: nameOf('household', row.household_id), by: row.store_id ? nameOf('store', row.store_id) : nameOf('organisation', row.organisation_id) }),
  metrics: ['households_lifted', 'persons_lifted', 'benefit_amount'],
  filters: [
    { name: 'mode', type: 'code', list: 'benefit_mode' }, { name: 'household_id', type: 'lookup', of: 'household' },
    { name: 'store_id', type: 'lookup', of: 'store' }, { name: 'organisation_id', type: 'lookup', of: 'organisation' },
  ],
  fields: [
    thing('household_id', 'household', { required: true, stays: true, word: 'lifted' }), { ...choice('_lifter', ['organisation', 'store']), stays: true },
    thing('organisation_id', 'organisation', { required: true, stays: true, when: (v) => v._lifter === 'organisation' }),
    thing('store_id', 'store', { required: true, stays: true, hint: 'book.hint.store', when: (v) => v._lifter === 'store' }),
    code('mode', 'benefit_mode', { required: true }), day('starts_on', { required: true }), day('ends_on', { hint: 'book.hint.last_day' }), point({ told: true }),
  ],
  unfold: (row) => ({ _lifter: row.store_id ? 'store' : 'organisation' }),
  fold: keptWith,
  below: [{ book: 'benefits', by: 'link_id' }],
};

/** @type {Book} */
const benefits = {
  code: 'benefits', kind: 'log', group: 'people',
  title: (row) => t('book.title.on', { what: nameOf('link', row.link_id), day: row.on }),
  metrics: ['benefit_amount', 'households_lifted', 'persons_lifted'],
  filters: [{ name: 'mode', type: 'code', list: 'benefit_mode' }, { name: 'link_id', type: 'lookup', of: 'link' }],
  fields: [
    day('on', { required: true }), thing('link_id', 'link', { required: true, stays: true, hint: 'book.hint.link' }), code('mode', 'benefit_mode', { told: true }),
    fen('amount_fen', { required: true, min: 1, max: 1_000_000_000 }), point({ told: true }),
  ],
};

export default [sessions, attendances, organisations, memberships, wages, links, benefits];
