/** The ledgers of the case study, and the annual report. */
export default {
  ledgers: () => import('../ledgers/start.js'),
  'ledgers/:ledger': () => import('../ledgers/list.js'),
  'ledgers/:ledger/:id': () => import('../ledgers/item.js'),
  annual: () => import('../annual/page.js'),
};
