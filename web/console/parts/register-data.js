import { t } from '../core/i18n.js';
import { fenOf, newId, today } from '../core/format.js';
import { birthOf, identityFault, identityOf, isDay, isMobile, phoneOf } from './checks.js';

/**
 * What is typed about a member, as text.
 * @typedef {object} MemberDraft
 * @property {string} id
 * @property {string} name
 * @property {string} relation
 * @property {string} identity
 * @property {string} no_identity the reason for none
 * @property {string} phone
 * @property {string} birth_on
 * @property {string} sex
 * @property {string} ethnicity
 * @property {string} education
 * @property {string} labour_skill
 * @property {string[]} health
 * @property {string} disability
 * @property {string} grade
 * @property {string} certificate
 *
 * What is typed about a household. The head is the first of its members.
 * @typedef {object} HouseholdDraft
 * @property {string} id
 * @property {string} phone
 * @property {string} address
 * @property {string} type
 * @property {string} category
 * @property {string[]} risks
 * @property {string} external
 * @property {string} registered_on
 * @property {string} consent_how
 * @property {string} consent_on
 * @property {Record<string, string>} income yuan, and the year
 * @property {MemberDraft[]} members
 */

export const INCOME_PARTS = /** @type {const} */ (['wages', 'business', 'property', 'transfers', 'business_expenses']);

/** @param {string} relation @returns {MemberDraft} */
export const newMember = (relation) => ({
  id: newId(), name: '', relation, identity: '', no_identity: '', phone: '', birth_on: '', sex: '', ethnicity: '', education: '',
  labour_skill: '', health: [], disability: '', grade: '', certificate: '',
});

/** @returns {HouseholdDraft} */
export const newHousehold = () => ({
  id: newId(), phone: '', address: '', type: '', category: '', risks: [], external: '', registered_on: today(),
  consent_how: '', consent_on: '', income: {}, members: [newMember('02')],
});

/** What was refused, as a draft again. @param {any} content @returns {HouseholdDraft} */
export function draftOf(content) {
  /** @type {Record<string, string>} */
  const income = {};
  if (content.income) {
    income.year = String(content.income.year);
    for (const part of INCOME_PARTS) income[part] = String(content.income[`${part}_fen`] / 100);
  }
  return {
    ...newHousehold(), phone: content.phone ?? '', address: content.address, type: content.household_type, category: content.monitoring_category ?? '',
    risks: content.risk_causes ?? [], external: content.external_number ?? '', registered_on: content.registered_on ?? today(),
    consent_how: content.consent?.how ?? '', consent_on: content.consent?.given_on ?? '', income,
    members: content.members.map((/** @type {any} */ m) => ({
      ...newMember(m.relation), name: m.name, identity: m.identity_number ?? '', no_identity: m.no_identity_reason ?? '', phone: m.phone ?? '',
      birth_on: m.birth_on ?? '', sex: m.sex ?? '', ethnicity: m.ethnicity ?? '', education: m.education ?? '', labour_skill: m.labour_skill ?? '',
      health: m.health ?? [], disability: m.disability?.category ?? '', grade: m.disability?.grade ?? '', certificate: m.disability?.certificate ?? '',
    })),
  };
}

/** Whether an income was begun. @param {HouseholdDraft} draft */
export const hasIncome = (draft) => INCOME_PARTS.some((part) => draft.income[part]?.trim());

/** @param {MemberDraft} m @param {number} n @param {Record<string, string>} faults */
function checkMember(m, n, faults) {
  const at = (/** @type {string} */ field) => `m${n}-${field}`;
  if (!m.name.trim()) faults[at('name')] = t('register.name_needed');
  if (!m.relation) faults[at('relation')] = t('register.relation_needed');
  if (m.no_identity === '') {
    const number = identityOf(m.identity);
    const fault = number ? identityFault(number, today()) : 'none';
    if (fault) faults[at('identity')] = { none: t('register.identity_needed'), length: t('register.identity_length'), birth: t('register.identity_birth'), check: t('register.identity_check') }[fault];
  }
  if (m.phone.trim() && !isMobile(phoneOf(m.phone))) faults[at('phone')] = t('register.bad_phone');
  if (m.birth_on && (!isDay(m.birth_on) || m.birth_on > today())) faults[at('birth_on')] = t('register.bad_birth');
  if (m.disability && !m.grade) faults[at('grade')] = t('register.grade_needed');
}

/**
 * What is wrong, by the id of the field, in the order of the page.
 * @param {HouseholdDraft} draft
 * @returns {Record<string, string>}
 */
export function faultsOf(draft) {
  /** @type {Record<string, string>} */
  const faults = {};
  const [head, ...others] = draft.members;
  if (head) checkMember(head, 0, faults);
  if (draft.phone.trim() && !isMobile(phoneOf(draft.phone))) faults.phone = t('register.bad_phone');
  if (!draft.type) faults.type = t('register.type_needed');
  if (!draft.address.trim()) faults.address = t('register.address_needed');
  others.forEach((m, n) => checkMember(m, n + 1, faults));
  const numbers = draft.members.map((m) => (m.no_identity ? '' : identityOf(m.identity)));
  numbers.forEach((number, n) => { if (number && numbers.indexOf(number) < n) faults[`m${n}-identity`] = t('register.identity_twice'); });
  if (!isDay(draft.registered_on) || draft.registered_on > today()) faults.registered_on = t('record.bad_day');
  if (draft.consent_how && (!isDay(draft.consent_on) || draft.consent_on > today())) faults.consent_on = t('record.bad_day');
  if (hasIncome(draft)) {
    const year = Number(draft.income.year);
    if (!Number.isInteger(year) || year < 1990 || year > Number(today().slice(0, 4))) faults.year = t('register.bad_year');
    for (const part of INCOME_PARTS) if (draft.income[part]?.trim() && fenOf(draft.income[part] ?? '') === null) faults[part] = t('record.bad_amount');
  }
  return faults;
}

/** @param {MemberDraft} m */
function memberContent(m) {
  const number = m.no_identity ? null : identityOf(m.identity);
  return filled({
    id: m.id, name: m.name.trim(), relation: m.relation, identity_number: number, no_identity_reason: m.no_identity,
    phone: phoneOf(m.phone), birth_on: number ? birthOf(number) : m.birth_on, sex: number ? null : m.sex, ethnicity: m.ethnicity, education: m.education,
    labour_skill: m.labour_skill, health: m.health,
    disability: m.disability ? filled({ category: m.disability, grade: m.grade, certificate: identityOf(m.certificate) }) : null,
  });
}

/** Without what was left empty. @param {Record<string, any>} all */
const filled = (all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && !value.length)));

/**
 * The draft as the API takes it. The day of registration is always told: what is sent tomorrow was registered today.
 * @param {HouseholdDraft} draft @param {string} point its home
 */
export function contentOf(draft, point) {
  const income = hasIncome(draft)
    ? { year: Number(draft.income.year), ...Object.fromEntries(INCOME_PARTS.map((part) => [`${part}_fen`, fenOf(draft.income[part] || '0') ?? 0])) }
    : null;
  return filled({
    id: draft.id, service_point_id: point, address: draft.address.trim(), phone: phoneOf(draft.phone), household_type: draft.type,
    monitoring_category: draft.type === 'monitored' ? draft.category : null, risk_causes: draft.risks, external_number: draft.external.trim(),
    registered_on: draft.registered_on, consent: draft.consent_how ? { how: draft.consent_how, given_on: draft.consent_on } : null, income,
    members: draft.members.map(memberContent),
  });
}
