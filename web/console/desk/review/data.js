/** What the pages of review read, and the rules of who may decide what. */
import { t, tn } from '../../core/i18n.js';
import { today } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { dueMonth } from '../../parts/report-data.js';
import { useGet, usePoint } from '../data.js';

/**
 * A point below in the review queue, as the API tells it.
 * @typedef {{
 *   service_point_id: string, code: string, name: string, state: 'approved' | 'waived' | 'absent' | null, report: any, note: string | null,
 *   figures: { metric: string, value: number, of?: number, month_before: number | null, when_returned: number | null, rows: string }[],
 *   doubtful: { errors: number, unexplained: number, explained: number },
 *   returned: { at: string | null, reason: string | null, added: number, changed: number, gone: number } | null,
 * }} Item
 * @typedef {'submitted' | 'returned' | 'none' | 'approved' | 'left'} Standing `left` is what is not waited for
 * @typedef {{ service_point_id: string, name: string, own: string, due_on: string, sent_at: string | null, expected: number, sent: number,
 *   completeness_bp: number | null, on_time_bp: number | null, counts: Record<string, number> }} Times
 */

/** The month that a page is asked for: the one that is due, unless the address says another. @param {URLSearchParams} query */
export function monthOf(query) {
  const asked = query.get('month') ?? '';
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(asked) ? asked : dueMonth();
}

/** Whether a grant at this very point allows something: deciding reaches the points just below alone. @param {string} permission @param {string} point */
export const holdsAt = (permission, point) => (session.value.permissions?.get(permission) ?? []).includes(point);

/**
 * Hook: a point with those above it, and what may be done there: also where it is none of the own grants' points.
 * @param {string} id
 */
export function useReach(id) {
  const answer = usePoint(id);
  const point = answer.value;
  const above = [id, ...(point?.above ?? []).map((/** @type {any} */ p) => p.id)];
  return {
    answer, point,
    may: (/** @type {string} */ permission) => can(permission, id),
    manages: (session.value.grants ?? []).some((g) => g.role === 'manager' && above.includes(g.service_point_id ?? '')),
  };
}

/** @param {string} point @param {string} month @param {boolean} [wanted] */
export const useQueue = (point, month, wanted = true) => useGet(wanted ? `/service-points/${point}/review-queue` : null, { month });

/** @param {string} point @param {string} month @param {boolean} [wanted] */
export const useTimes = (point, month, wanted = true) => useGet(wanted ? `/service-points/${point}/timeliness` : null, { month });

/** What a point sent in for a month beside what it would send in now. @param {string} point @param {string} month */
export const useReport = (point, month) => useGet(point ? `/service-points/${point}/report` : null, { month });

/** The metrics with their names, units and definitions. */
export const useMetrics = () => useGet('/metrics').value?.items ?? [];

/** @param {Item} item @returns {Standing} */
export function standingOf(item) {
  const state = item.report?.state;
  if (state === 'approved' || state === 'submitted') return state;
  if (item.state === 'waived' || item.state === 'absent') return 'left';
  return state === 'returned' ? 'returned' : 'none';
}

/** @param {Item} item @returns {{ kind: import('../../parts/state.js').Kind, word: string }} */
export function stateOf(item) {
  const standing = standingOf(item);
  if (standing === 'submitted') return { kind: 'wait', word: t('review.submitted') };
  if (standing === 'approved') return { kind: 'ok', word: t('review.approved') };
  if (standing === 'returned') return { kind: 'return', word: t('review.returned') };
  if (standing === 'left') return { kind: 'none', word: t(item.state === 'waived' ? 'review.waived' : 'review.absent') };
  return { kind: 'none', word: t(item.report ? 'review.open' : 'review.none') };
}

/** @param {Item} item @param {string} metric */
export const figure = (item, metric) => item.figures.find((f) => f.metric === metric);

/** How many of the own records have changed since it was sent back. @param {Item} item */
export const changesOf = (item) => (item.returned ? item.returned.added + item.returned.changed + item.returned.gone : 0);

/**
 * Why a report cannot be approved by whoever looks at it; nothing when it can.
 * @param {Item} item @param {any} [view] the report beside the records of this moment
 */
export function whyNotApprove(item, view) {
  if (!item.report || standingOf(item) !== 'submitted') return t('review.why_not_waiting');
  if (item.report.is_own) return t('review.why_own');
  if (item.doubtful.errors) return tn('review.why_errors', item.doubtful.errors);
  if (view?.differs?.content) return t('review.why_changed');
  return '';
}

/** Why a report may not be among those that are approved together: such ones have to be looked at. @param {Item} item */
export function whyNotTogether(item) {
  const why = whyNotApprove(item);
  if (why) return why;
  if (item.doubtful.unexplained) return tn('review.why_doubts', item.doubtful.unexplained);
  if (changesOf(item)) return tn('review.why_altered', changesOf(item));
  return '';
}

/**
 * Whether somebody has to be reminded: the report is due and not with the reviewer.
 * @param {Item} item @param {Times | undefined} times
 */
export function isLate(item, times) {
  const standing = standingOf(item);
  return Boolean(times && times.due_on < today() && (standing === 'none' || standing === 'returned'));
}

/** Twelve signs of a digest, in fours: enough to compare by eye. @param {string} digest */
export const shortDigest = (digest) => (digest.slice(0, 12).match(/.{4}/g) ?? []).join(' ');

/** Hundredths of a percent as people read them. @param {number | null | undefined} bp */
export const percent = (bp) => (bp == null ? t('review.nothing') : `${Math.floor(bp / 100)}.${String(bp % 100).padStart(2, '0')}%`);
