/**
 * How a field of an audit event is read: its name in words, and its value by what it holds. What the server masks stays masked.
 *
 * @typedef {'day' | 'month' | 'instant' | 'fen' | 'degrees' | 'count' | 'flag' | 'point' | 'account' | 'household' | 'hash' | 'text'} Shape
 */
import { count, dayText, money, monthText } from '../../core/format.js';
import { label, t } from '../../core/i18n.js';

/** What a verification looks at. @typedef {'chain' | 'rows' | 'numbers' | 'reports'} PartName @type {readonly PartName[]} */
export const PARTS = ['chain', 'rows', 'numbers', 'reports'];

/** What stands in an event in place of a personal value, and of a point out of reach. */
export const MASK = '***';

/** @type {Record<string, Shape>} */
const SHAPES = {
  amount_fen: 'fen', found_amount_fen: 'fen', recorded_amount_fen: 'fen',
  quantity: 'count', found_quantity: 'count', recorded_quantity: 'count', sample_size: 'count', frame_size: 'count', viewers: 'count',
  minutes: 'count', submission: 'count', value: 'count',
  longitude_e6: 'degrees', latitude_e6: 'degrees',
  must_change_password: 'flag', present: 'flag', whole_month: 'flag',
  month: 'month', valid_from: 'day', valid_to: 'day',
  service_point_id: 'point', parent_id: 'point', merged_into: 'point',
  account_id: 'account', created_by: 'account', checked_by: 'account', decided_by: 'account', answered_by: 'account',
  household_id: 'household',
  digest: 'hash', frame_digest: 'hash', file_digest: 'hash', fingerprint: 'hash', seed: 'hash',
};

/** Fields whose value is a code, or several, of a code list. @type {Record<string, string>} */
const LISTS = {
  tier: 'tier', role: 'role', household_type: 'household_type', monitoring_category: 'monitoring_category', risk_causes: 'risk_cause',
  relation: 'relation', sex: 'sex', ethnicity: 'ethnicity', education: 'education', labour_skill: 'labour_skill',
  no_identity_reason: 'no_identity_reason', consent_form: 'consent_form', subkind: 'assistance_subkind', unit: 'quantity_unit',
  method: 'inspection_method', kinds: 'assistance_kind',
};

/** The same where it depends on the object. @type {Record<string, Record<string, string>>} */
const LISTS_OF = {
  state: {
    assistance_record: 'record_state', ledger_entry: 'record_state', inspection: 'inspection_state', inspection_item: 'inspection_item_state',
    inspection_finding: 'finding_state', transfer_request: 'transfer_state',
  },
  status: { service_point: 'service_point_status', household: 'household_status' },
  kind: { assistance_record: 'assistance_kind', inspection_item: 'assistance_kind', organisation: 'organisation_kind', notice: 'notice_kind' },
};

/** What `kind` is about in ledgers and catalogues, by the word before the dot of the action. @type {Record<string, string>} */
const KINDS = {
  sale: 'sales_channel', training_session: 'training_topic', parcel: 'parcel_direction', benefit: 'benefit_mode', benefit_link: 'benefit_mode',
  logistics_site: 'logistics_site_kind', coverage: 'logistics_site_kind', infrastructure: 'infrastructure_kind', membership: 'membership_role',
  partner: 'partner_kind', platform: 'platform_kind', product: 'product_category', policy_document: 'policy_topic', project: 'funding_source',
};

/** @param {string} field */
export const fieldName = (field) => {
  const key = `audit.field.${field}`;
  const said = t(key);
  return said === key ? field : said;
};

/** @param {string} field @param {{ object_type: string, action: string }} event */
function listOf(field, { object_type, action }) {
  if (field === 'kind') return LISTS_OF.kind?.[object_type] ?? KINDS[action.split('.')[0] ?? ''];
  return LISTS[field] ?? LISTS_OF[field]?.[object_type];
}

/** @param {string} field @returns {Shape} */
export function shapeOf(field) {
  const known = SHAPES[field];
  if (known) return known;
  if (field.endsWith('_at')) return 'instant';
  if (field.endsWith('_on') || field.endsWith('_day')) return 'day';
  return 'text';
}

/** The day and the second of an instant, in China. @param {string} instant */
export function momentText(instant) {
  const at = new Date(Date.parse(instant) + 8 * 3600e3).toISOString();
  return `${at.slice(0, 10)} ${at.slice(11, 19)}`;
}

/** The second of an instant, in China. @param {string} instant */
export const secondText = (instant) => momentText(instant).slice(11);

/** The day of an instant, in China. @param {string} instant */
export const dayOf = (instant) => momentText(instant).slice(0, 10);

/** A day with its year, except this year's. @param {string} day */
export const dayName = (day) => (/^\d{4}-\d\d-\d\d$/.test(day) ? dayText(day) : day);

/** Digits in fours, as eyes compare them. @param {string} hex */
export const fours = (hex) => hex.match(/.{1,4}/g)?.join(' ') ?? hex;

/** The first of them. @param {string} hex @param {number} [groups] */
export const briefly = (hex, groups = 4) => fours(hex.slice(0, groups * 4)) + (hex.length > groups * 4 ? ' …' : '');

/**
 * A value in words. Ids of points and accounts are for whoever shows it to look up.
 * @param {string} field
 * @param {unknown} value
 * @param {{ object_type: string, action: string }} event
 * @returns {string}
 */
export function valueText(field, value, event) {
  if (value === null || value === undefined || value === '') return t('audit.empty');
  if (value === MASK) return ['point'].includes(shapeOf(field)) ? t('audit.out_of_reach') : t('audit.masked');
  const list = listOf(field, event);
  if (Array.isArray(value)) {
    if (value.length === 0) return t('audit.empty');
    return value.map((one) => (list ? label(list, String(one)) : valueText('', one, event))).join(t('audit.and'));
  }
  if (typeof value === 'object') return event.action === 'verification.end' ? foundText(value) : JSON.stringify(value);
  if (list) return label(list, String(value));
  return scalarText(field, value, event.object_type);
}

/** What a verification found. @param {any} value */
function foundText({ outcome }) {
  if (!outcome) return t('audit.check.failed');
  const parts = PARTS.map((name) => t('audit.check.part_says', {
    name: t(`audit.verify.${name}`), looked_at: count(outcome[name].looked_at), findings: count(outcome[name].findings),
  }));
  return parts.join(t('audit.stop'));
}

/** @param {string} field @param {unknown} value @param {string} object */
function scalarText(field, value, object) {
  if (typeof value === 'boolean') return t(value ? 'audit.yes' : 'audit.no');
  const text = String(value);
  if (field === 'status' && object === 'account') return t(`audit.account_status.${text}`);
  if (field === 'state' && object === 'report') return t(`audit.report_state.${text}`);
  if (['register', 'ledger', 'catalogue'].includes(field)) return t(`audit.book.${text}`);
  const shape = shapeOf(field);
  if (shape === 'fen' && typeof value === 'number') return t('audit.yuan', { amount: money(value) });
  if (shape === 'count' && typeof value === 'number') return count(value);
  if (shape === 'degrees' && typeof value === 'number') return `${(value / 1e6).toFixed(6)}°`;
  if (shape === 'month' && /^\d{4}-\d\d$/.test(text)) return monthText(text);
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return momentText(text);
  return text;
}
