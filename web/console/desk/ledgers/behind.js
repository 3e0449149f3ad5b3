/** From a row behind a figure to the ledger that it stands in. */

/**
 * The ledger that a row behind a figure belongs to.
 * @param {string} metric
 * @param {string} type its `object_type`
 * @returns {string | null}
 */
export function bookBehind(metric, type) {
  if (type === 'store') return 'stores';
  if (type === 'register_item') return metric === 'logistics_sites' ? 'logistics-sites' : metric === 'villages_covered_share' ? 'coverages' : 'village-infrastructure';
  if (type === 'catalogue_item') return metric === 'partners' ? 'partners' : /^policy/.test(metric) ? 'policy-documents' : /^project/.test(metric) ? 'projects' : 'opening-balances';
  if (type !== 'ledger_entry') return null;
  if (/^livestream/.test(metric)) return 'livestreams';
  if (metric === 'training_sessions') return 'training-sessions';
  if (/^(training|persons_trained)/.test(metric)) return 'attendances';
  if (/^wage/.test(metric)) return 'wages';
  if (metric === 'benefit_amount') return 'benefits';
  if (/^project/.test(metric)) return 'project-payments';
  return metric === 'parcels' ? 'parcels' : 'sales';
}
