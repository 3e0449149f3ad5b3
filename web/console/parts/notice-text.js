import { t } from '../core/i18n.js';
import { monthText } from '../core/format.js';

/** @param {string} kind @returns {import('./state.js').Kind} */
export const noticeKind = (kind) => (kind === 'return' ? 'return' : kind === 'chase' ? 'wait' : kind === 'reopen' ? 'changed' : 'none');

/** @param {any} notice @returns {string} */
export function noticeTitle({ kind, title, month }) {
  const of = { month: month ? monthText(month) : '' };
  if (kind === 'chase') return t('notices.chase', of);
  if (kind === 'return') return t('notices.return', of);
  if (kind === 'reopen') return t('notices.reopen', of);
  return title ?? t('notices.announcement');
}
