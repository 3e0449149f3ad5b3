/** Where a thing that an event is about is shown. Only for those who may see it there. */
import { can } from '../../core/session.js';

/** The ledgers and catalogues by the word before the dot of an action. @type {Record<string, string>} */
const BOOKS = {
  sale: 'sales', livestream: 'livestreams', training_session: 'training-sessions', attendance: 'attendances', parcel: 'parcels', wage: 'wages',
  benefit: 'benefits', payment: 'project-payments', partner: 'partners', agreement: 'agreements', platform: 'platforms', product: 'products',
  campaign: 'campaigns', opening_balance: 'opening-balances', organisation: 'organisations', store: 'stores', logistics_site: 'logistics-sites',
  coverage: 'coverages', infrastructure: 'village-infrastructure', membership: 'memberships', benefit_link: 'benefit-links',
  policy_document: 'policy-documents', project: 'projects', indicator: 'indicators',
};
const IN_BOOKS = new Set(['catalogue_item', 'organisation', 'store', 'register_item', 'ledger_entry']);

/**
 * @param {string} type a code of the list `audit_object`
 * @param {string} id
 * @param {string} [action] what was done to it: it tells the ledger
 * @returns {string | null}
 */
export function addressOfObject(type, id, action = '') {
  if (type === 'service_point') return `#/network/${id}`;
  if (type === 'household' && can('households.read')) return `#/household/${id}`;
  if (type === 'assistance_record' && can('households.read')) return `#/record/${id}`;
  if (type === 'account' && can('accounts.manage')) return `#/admin/accounts/${id}`;
  if (type === 'inspection' && can('inspections.read')) return `#/inspections/${id}`;
  const book = BOOKS[action.split('.')[0] ?? ''];
  if (book && IN_BOOKS.has(type) && can('households.read')) return `#/ledgers/${book}/${id}`;
  return null;
}
