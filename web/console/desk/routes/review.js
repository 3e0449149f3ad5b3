/** The pages of review: reports, doubtful items, inspections, and how punctual everybody is. */
export default {
  review: () => import('../review/page.js'),
  report: () => import('../review/own.js'),
  times: () => import('../review/times.js'),
  doubts: () => import('../review/doubts.js'),
  inspections: () => import('../inspections/list.js'),
  'inspections/:id': () => import('../inspections/page.js'),
};
