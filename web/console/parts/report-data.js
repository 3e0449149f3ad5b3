import { get } from '../core/api.js';
import { language, t } from '../core/i18n.js';
import { addMonths, thisMonth, today } from '../core/format.js';
import { outbox } from '../core/outbox.js';
import { session } from '../core/session.js';
import { useAnswer } from '../core/sync.js';

/** The month that a report is due for: the one that is over. */
export const dueMonth = () => addMonths(thisMonth(), -1);

/**
 * What is known of a point's month: its report beside its records, and when it is due.
 * @param {string} point @param {string} month @param {boolean} may
 */
export function useMonth(point, month, may = true) {
  const asks = may && Boolean(point);
  const view = useAnswer(asks ? `report:${point}:${month}` : '', () => get(`/service-points/${point}/report`, { month }));
  const times = useAnswer(asks ? `times:${point}:${month}` : '', () => get(`/service-points/${point}/timeliness`, { month }));
  return { view, times };
}

/**
 * Where a point's report is; `none` when it was never sent in.
 * @param {any} view
 * @returns {'none' | 'open' | 'submitted' | 'approved' | 'returned'}
 */
export const standing = (view) => view?.report?.state ?? 'none';

/** @param {string} state @returns {{ kind: import('./state.js').Kind, word: string }} */
export const stateWord = (state) => ({
  open: { kind: /** @type {const} */ ('wait'), word: t('report.open') },
  submitted: { kind: /** @type {const} */ ('wait'), word: t('report.submitted') },
  approved: { kind: /** @type {const} */ ('ok'), word: t('report.approved') },
  returned: { kind: /** @type {const} */ ('return'), word: t('report.returned') },
}[state] ?? { kind: /** @type {const} */ ('none'), word: t('report.none') });

/** Whole days from today to a day. @param {string} day */
export const daysUntil = (day) => Math.round((Date.parse(day) - Date.parse(today())) / 86_400_000);

/** Whom the point reports to, in a worker's words. */
export function upText() {
  const here = session.value.here;
  if (here?.parent_name) return here.parent_name;
  const words = { village: t('up.township'), township: t('up.county'), county: t('up.bureau'), bureau: t('up.above') };
  return here ? words[here.tier] : t('up.above');
}

/** @param {any} figures @param {string} metric */
export const figureOf = (figures, metric) => figures?.find((/** @type {any} */ f) => f.metric === metric);

/** The entries of the outbox that would still move a month's figures. @param {string} month */
export const unsentOf = (month) => outbox.value.filter((e) => {
  if (e.state === 'sent') return false;
  const day = e.content?.given_on ?? e.content?.registered_on;
  return day ? day.startsWith(month) : e.act === 'correct_assistance' || e.act === 'void_assistance';
});

/** The rules for doubtful items, for their names. @param {boolean} wanted */
export function useRules(wanted) {
  return useAnswer(wanted ? 'rules' : '', () => get('/doubtful-rules')).value;
}

/** @param {any} rules @param {string} code @returns {string} */
export function ruleName(rules, code) {
  const name = rules?.items?.find((/** @type {any} */ r) => r.code === code)?.name;
  return name ? (language.value === 'en' ? name.en : name.zh) : '';
}
