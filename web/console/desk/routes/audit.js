/** The pages of the audit log. */
export default {
  audit: () => import('../audit/page.js'),
  'audit/head': () => import('../audit/head.js'),
  'audit/verify': () => import('../audit/verify.js'),
  'audit/:type/:id': () => import('../audit/thing.js'),
};
