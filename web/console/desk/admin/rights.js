/** Who may administer what: the policy of the server, so that nothing is offered which it would refuse. */
import { can, session } from '../../core/session.js';

/** Roles in the order of the code list. */
const ROLES = ['worker', 'reviewer', 'manager', 'auditor', 'admin'];

/** @param {string} role @returns {string[]} the points of the own grants of that role */
const pointsAs = (role) => (session.value.grants ?? []).flatMap((g) => (g.role === role && g.service_point_id ? [g.service_point_id] : []));

/**
 * Whether the point itself may be changed, suspended, moved, closed. A manager's hand begins below the point of the grant.
 * @param {{ id: string, above: { id: string }[] }} point
 */
export function mayManagePoint({ id, above }) {
  const ids = above.map((p) => p.id);
  return [...ids, id].some((one) => pointsAs('admin').includes(one)) || ids.some((one) => pointsAs('manager').includes(one));
}

/** Whether a point may be opened below this one. @param {{ id: string, above: { id: string }[] }} point */
export const mayOpenBelow = ({ id, above }) => [...above.map((p) => p.id), id].some((one) => [...pointsAs('admin'), ...pointsAs('manager')].includes(one));

/** The roles that I may give: an administrator any, a manager those of workers and reviewers. */
export function rolesToGive() {
  if (pointsAs('admin').length) return ROLES;
  return pointsAs('manager').length ? ['worker', 'reviewer'] : [];
}

/** @param {string} id of an account */
export const isMe = (id) => session.value.account?.id === id;

/** The parts of administration, and who may use which. @returns {{ code: 'points' | 'accounts' | 'announcements' | 'times' | 'codes' | 'metrics', href: string }[]} */
export const sections = () => /** @type {const} */ ([
  { code: 'points', href: '#/admin/points', may: can('service_points.manage') },
  { code: 'accounts', href: '#/admin/accounts', may: can('accounts.manage') },
  { code: 'announcements', href: '#/admin/announcements', may: can('notices.send') },
  { code: 'times', href: '#/times', may: can('settings.manage') },
  { code: 'codes', href: '#/admin/codes', may: true },
  { code: 'metrics', href: '#/admin/metrics', may: true },
]).filter(({ may }) => may).map(({ code, href }) => ({ code, href }));
