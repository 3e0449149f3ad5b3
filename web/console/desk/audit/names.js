import { t } from '../../core/i18n.js';

/** Enough of an id to tell it from its neighbours: the last digits are the random ones. @param {string} id */
export const shortId = (id) => `…${id.slice(-12)}`;

/**
 * Who acted: a user name, a command on the server's machine, or somebody before a session stood.
 * @param {import('./data.js').AuditEvent} event
 */
export function actorText({ actor_kind: kind, actor_username: name, actor_id: id }) {
  if (name) return name;
  if (kind === 'account') return id ? shortId(id) : t('audit.actor.account');
  return t(`audit.actor.${kind}`);
}
