/** The pages of administration. */
export default {
  admin: () => import('../admin/page.js'),
  'admin/points': () => import('../admin/points.js'),
  'admin/points/:id': () => import('../admin/point.js'),
  'admin/accounts': () => import('../admin/accounts.js'),
  'admin/accounts/:id': () => import('../admin/account.js'),
  'admin/announcements': () => import('../admin/announcements.js'),
  'admin/announcements/:id': () => import('../admin/announcement.js'),
  'admin/codes': () => import('../admin/codes.js'),
  'admin/metrics': () => import('../admin/metrics.js'),
};
