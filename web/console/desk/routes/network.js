/** The four tiers with their figures, what is behind a figure, and the households. */
export default {
  network: () => import('../network/page.js'),
  'network/:id': () => import('../network/page.js'),
  'network/:id/rows': () => import('../network/rows.js'),
  'network/:id/metrics': () => import('../network/metrics.js'),
  households: () => import('../network/households.js'),
  'households/:id': () => import('../network/households.js'),
  'household/:id': () => import('../network/household.js'),
  'record/:id': () => import('../network/record.js'),
  // Correcting and voiding goes through the outbox, as on the phone.
  'record/:id/mend': () => import('../../pages/record.js'),
};
