/** What an action looks like in a timeline, and in which group it stands among the others. */

/**
 * @typedef {'record' | 'report' | 'network' | 'account' | 'disclosure' | 'inspection' | 'ledger' | 'system'} Group
 * @typedef {{ icon: string, tone: '' | 'ok' | 'wait' | 'doubt' | 'error' | 'changed' }} Mark
 */

/** Whole actions first, then what follows the dot. @type {Record<string, Mark>} */
const MARKS = {
  'household.show_identity': { icon: 'eye', tone: '' },
  'household.export': { icon: 'save', tone: '' },
  'household.duplicate_found': { icon: 'doubt', tone: 'doubt' },
  'household.register': { icon: 'people', tone: '' },
  'household.transfer': { icon: 'people', tone: '' },
  'session.token_reused': { icon: 'error', tone: 'error' },
  'session.begin': { icon: 'me', tone: '' },
  'session.end': { icon: 'me', tone: '' },
  'account.suspend': { icon: 'lock', tone: '' },
  'account.reset_password': { icon: 'key', tone: '' },
  'account.change_password': { icon: 'key', tone: '' },
  'statistics.repair': { icon: 'changed', tone: 'changed' },
  'identity.not_found': { icon: 'search', tone: '' },
};

/** @type {Record<string, Mark>} */
const ACTS = {
  approve: { icon: 'ok', tone: 'ok' }, accept: { icon: 'ok', tone: 'ok' }, activate: { icon: 'ok', tone: 'ok' },
  return: { icon: 'return', tone: 'error' }, refuse: { icon: 'return', tone: 'error' }, dismiss: { icon: 'return', tone: 'error' },
  reopen: { icon: 'changed', tone: 'changed' },
  void: { icon: 'error', tone: 'error' }, close: { icon: 'none', tone: '' }, erase: { icon: 'none', tone: '' }, suspend: { icon: 'none', tone: '' },
  submit: { icon: 'send', tone: '' }, withdraw: { icon: 'back', tone: '' }, send: { icon: 'bell', tone: '' }, read: { icon: 'bell', tone: '' },
  give: { icon: 'key', tone: '' }, revoke: { icon: 'key', tone: '' }, open: { icon: 'plus', tone: '' }, enter: { icon: 'plus', tone: '' },
  log: { icon: 'plus', tone: '' }, add: { icon: 'plus', tone: '' }, make: { icon: 'plus', tone: '' }, import: { icon: 'plus', tone: '' },
  frame: { icon: 'file', tone: '' }, seed: { icon: 'file', tone: '' }, draw: { icon: 'file', tone: '' }, check: { icon: 'file', tone: '' },
  file: { icon: 'file', tone: '' }, explain: { icon: 'doubt', tone: 'doubt' },
};

/** @param {string} action @returns {Mark} */
export const markOf = (action) => MARKS[action] ?? ACTS[action.split('.')[1] ?? ''] ?? { icon: 'pen', tone: '' };

/** @type {Record<string, Group>} */
const GROUPS = {
  session: 'account', account: 'account', grant: 'account',
  service_point: 'network', household: 'record', household_member: 'record', transfer_request: 'record', assistance_record: 'record',
  identity: 'disclosure', report: 'report', report_waiver: 'report', doubtful_item: 'report', doubtful_explanation: 'report',
  inspection: 'inspection', inspection_item: 'inspection', inspection_finding: 'inspection',
  reporting_rule: 'system', period_exception: 'system', notice: 'system', statistics: 'system', installation: 'system', verification: 'system',
};
const DISCLOSURES = new Set(['household.show_identity', 'household.export', 'household.erase', 'household.duplicate_found']);

/** Groups in the order in which they are offered. @type {Group[]} */
export const GROUP_ORDER = ['record', 'report', 'network', 'disclosure', 'account', 'inspection', 'ledger', 'system'];

/** @param {string} action @returns {Group} */
export function groupOf(action) {
  if (DISCLOSURES.has(action)) return 'disclosure';
  return GROUPS[action.split('.')[0] ?? ''] ?? 'ledger';
}

/** What deserves a second look, each an action of its own. */
export const WORTH_A_LOOK = ['household.show_identity', 'household.export', 'household.erase', 'report.reopen', 'assistance_record.void',
  'session.token_reused', 'statistics.repair'];

/** What those see who read sign-ins, accounts and grants alone. */
export const OF_ACCOUNTS = { objects: ['account', 'grant'], group: /** @type {Group} */ ('account') };
