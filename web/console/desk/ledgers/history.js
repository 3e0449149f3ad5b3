/** What an entry said in each of its versions, and why it was changed. What is written anew has its history in the audit log. */
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { addMonths, whenText } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { useGet } from '../data.js';
import { columnName, sayField } from './book.js';
import { nameOf } from './names.js';

/** @typedef {import('./book.js').Book} Book */

/** Its events in the audit log, in the year up to its last change: the log is read in windows of days. @param {any} row */
function auditOf(row) {
  const day = new Date(Date.parse(row.updated_at) + 8 * 3600e3).toISOString().slice(0, 10);
  return `#/audit?${new URLSearchParams({ id: row.id, from: `${addMonths(day.slice(0, 7), -11)}-01`, to: day })}`;
}

/** @param {{ book: Book, now: any, before: any }} props */
function Difference({ book, now, before }) {
  const fields = book.fields.filter((f) => !f.name.startsWith('_') && JSON.stringify(now[f.name] ?? null) !== JSON.stringify(before[f.name] ?? null));
  const voided = now.state !== before.state;
  return html`<dl class="list diff">${fields.map((f) => html`<dt key=${f.name}>${columnName(f)}</dt><dd><span class="was">${sayField(f, before) || t('form.none')}</span> → <span class="now">${sayField(f, now) || t('form.none')}</span></dd>`)}
    ${voided ? html`<dt>${t('book.field.state')}</dt><dd><span class="was">${t('book.counts')}</span> → <span class="now">${t('book.voided')}</span></dd>` : null}
    ${fields.length || voided ? null : html`<dt>${t('book.nothing_else')}</dt><dd></dd>`}</dl>`;
}

/** @param {{ book: Book, row: any }} props */
function Versions({ book, row }) {
  const { value, error, reload } = useGet(`/${book.code}/${row.id}/versions`, { limit: 200 });
  if (error && !value) return html`<${Failed} error=${error} retry=${reload} />`;
  if (!value) return html`<${Loading} />`;
  const versions = /** @type {any[]} */ (value.items);
  return html`<ol class="versions">${[...versions].reverse().map((v) => {
    const before = versions.find((x) => x.version === v.version - 1);
    const who = can('accounts.manage') || v.changed_by === session.value.account?.id ? nameOf('account', v.changed_by) : '';
    return html`<li key=${v.version}><p><b>${t('book.version', { n: v.version })}</b> <span class="dim small">${whenText(v.changed_at)} ${who}</span></p>
      ${v.reason ? html`<p class="small">${t('book.because', { reason: v.reason })}</p>` : null}
      ${before ? html`<${Difference} book=${book} now=${v.entry} before=${before.entry} />` : html`<p class="small dim">${t('book.first_entered')}</p>`}</li>`;
  })}</ol>`;
}

/** @param {{ book: Book, row: any }} props */
export function History({ book, row }) {
  if (book.kind === 'log') return html`<section class="panel"><header><h2>${t('book.history')}</h2></header><${Versions} book=${book} row=${row} /></section>`;
  return html`<section class="panel"><header><h2>${t('book.history')}</h2></header><div class="pad small"><p>${t('book.versions_many', { n: row.version, when: whenText(row.updated_at) })}</p>
    ${can('audit.read_whole') ? html`<p><a href=${auditOf(row)}>${t('book.in_audit')}</a></p>` : html`<p class="dim">${t('book.audit_elsewhere')}</p>`}</div></section>`;
}
